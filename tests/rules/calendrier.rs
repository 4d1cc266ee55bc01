//! When an edition is open, to the second, and what shifting its dates does.

use chrono::{DateTime, NaiveDate, TimeDelta};
use portail_grappes::rules::edition::{Edition, Fenetre, NatureEcheance, jour_en_france};

use crate::outils;

fn instant(texte: &str) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(texte).unwrap()
}

#[test]
fn a_window_closes_at_the_last_second_of_its_last_day_in_paris() {
    let edition = outils::edition("idf-2024");
    let ouvre = |texte: &str| {
        edition
            .fenetre_ouverte(&instant(texte))
            .map(|f: &Fenetre| f.ouverture.to_string())
    };
    assert_eq!(ouvre("2024-02-18T22:59:59Z"), None);
    assert_eq!(ouvre("2024-02-18T23:00:00Z").as_deref(), Some("2024-02-19"));
    assert_eq!(ouvre("2024-03-22T22:59:59Z").as_deref(), Some("2024-02-19"));
    assert_eq!(ouvre("2024-03-22T23:00:00Z").as_deref(), Some("2024-03-23"));
    assert_eq!(ouvre("2024-09-15T21:59:59Z").as_deref(), Some("2024-06-02"));
    assert_eq!(ouvre("2024-09-15T22:00:00Z"), None);
    let derniere = edition.fenetres.last().unwrap();
    assert_eq!(derniere.fin().to_rfc3339(), "2024-09-15T23:59:59+02:00");
    assert_eq!(derniere.debut().to_rfc3339(), "2024-06-02T00:00:00+02:00");
    assert_eq!(
        edition.limite_multiregionale().unwrap().to_rfc3339(),
        "2024-06-01T23:59:59+02:00"
    );
}

#[test]
fn the_next_deadline_is_a_closing_then_an_opening_then_nothing() {
    let edition = outils::edition("idf-2021-t2");
    let prochaine = |texte: &str| {
        let echeance = edition.prochaine_echeance(&instant(texte));
        echeance.map(|e| (e.nature, e.instant.to_rfc3339(), e.fenetre))
    };
    let voulue = |nature, date: &str, rang| Some((nature, date.to_owned(), rang));
    let (ouverture, fermeture) = (NatureEcheance::Ouverture, NatureEcheance::Fermeture);
    assert_eq!(
        prochaine("2021-07-01T08:00:00Z"),
        voulue(ouverture, "2021-07-12T00:00:00+02:00", 1)
    );
    assert_eq!(
        prochaine("2021-07-12T08:00:00Z"),
        voulue(fermeture, "2021-08-30T23:59:59+02:00", 1)
    );
    assert_eq!(
        prochaine("2021-08-31T08:00:00Z"),
        voulue(ouverture, "2021-09-01T00:00:00+02:00", 2)
    );
    assert_eq!(
        prochaine("2021-10-15T21:59:59Z"),
        voulue(fermeture, "2021-10-15T23:59:59+02:00", 3)
    );
    assert_eq!(prochaine("2021-10-15T22:00:00Z"), None);
}

#[test]
fn a_shifted_edition_keeps_its_shape() {
    let edition = outils::edition("idf-2024");
    let decalee = edition.decalee(900);
    assert_eq!(decalee.decalage_jours, 900);
    assert_eq!(decalee.fautes(), Vec::<String>::new());
    for (avant, apres) in edition.fenetres.iter().zip(&decalee.fenetres) {
        assert_eq!(apres.ouverture - avant.ouverture, TimeDelta::days(900));
        assert_eq!(apres.fermeture - avant.fermeture, TimeDelta::days(900));
    }
    assert_eq!(
        decalee.webinaires[0].jour - edition.webinaires[0].jour,
        TimeDelta::days(900)
    );
    let limite = |e: &Edition| e.dernier_jour_multiregional.unwrap();
    assert_eq!(limite(&decalee) - limite(edition), TimeDelta::days(900));
    assert_eq!(decalee.decalee(-900).fenetres, edition.fenetres);
    assert_eq!(decalee.decalee(-900).decalage_jours, 0);
}

#[test]
fn the_day_is_that_of_paris() {
    let jour = |texte: &str| jour_en_france(&instant(texte));
    assert_eq!(
        jour("2024-12-31T23:30:00Z"),
        NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
    );
}
