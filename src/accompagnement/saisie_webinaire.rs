//! The form of a webinar: what was typed becomes values, every fault collected; and back, to show what is stored.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;

use crate::domain::webinaire::Webinaire;
use crate::store::webinaires::Fiche;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::titulaire;

/// Longest title, name, and description; the database has the same.
const TITRE_AU_PLUS: usize = 120;
/// Longest description.
pub const DESCRIPTION_AU_PLUS: usize = 2_000;
/// Longest address of a page.
const LIEN_AU_PLUS: usize = 500;
/// Most people that a limit may say.
const CAPACITE_AU_PLUS: i32 = 5_000;

/// Reads the form; nothing when something was refused. `actuel`: the webinar it changes; its région stays, and its dates may, even
/// past.
pub fn lire(
    saisie: &mut Saisie,
    regions: &[String],
    actuel: Option<&Webinaire>,
    maintenant: DateTime<Utc>,
) -> Option<Fiche> {
    let titre = requis(saisie, "titre", "Titre", TITRE_AU_PLUS);
    let description = requis(saisie, "description", "Description", DESCRIPTION_AU_PLUS);
    let organisateur = requis(saisie, "organisateur", "Organisateur", TITRE_AU_PLUS);
    let destine_a = titulaire::texte(saisie, "destine_a", "Pour qui", TITRE_AU_PLUS);
    let dates = dates(saisie, actuel, maintenant);
    let capacite = capacite(saisie, actuel);
    let lien = requis(saisie, "lien", "Lien de connexion", LIEN_AU_PLUS);
    adresse(saisie, "lien", "Lien de connexion", &lien);
    let rediffusion = titulaire::texte(saisie, "rediffusion", "Lien de la rediffusion", LIEN_AU_PLUS);
    adresse(saisie, "rediffusion", "Lien de la rediffusion", &rediffusion);
    let region = actuel.map_or_else(|| region(saisie, regions), |w| w.region.clone());
    let (Some((debut, fin)), false) = (dates, saisie.en_erreur()) else {
        return None;
    };
    Some(Fiche {
        region,
        titre,
        description,
        destine_a,
        organisateur,
        debut,
        fin,
        capacite,
        lien,
        rediffusion: Some(rediffusion).filter(|r| !r.is_empty()),
    })
}

/// Shows what is stored.
pub fn montrer(w: &Webinaire, lien: &str) -> Saisie {
    let (debut, fin) = (w.debut.with_timezone(&Paris), w.fin.with_timezone(&Paris));
    let capacite = w.capacite.map(|c| c.to_string()).unwrap_or_default();
    Saisie::depuis_paires([
        ("titre", w.titre.clone()),
        ("description", w.description.clone()),
        ("destine_a", w.destine_a.clone()),
        ("organisateur", w.organisateur.clone()),
        ("jour-jour", debut.day().to_string()),
        ("jour-mois", debut.month().to_string()),
        ("jour-annee", debut.year().to_string()),
        ("debut", debut.format("%H:%M").to_string()),
        ("fin", fin.format("%H:%M").to_string()),
        ("capacite", capacite),
        ("lien", lien.to_owned()),
        ("rediffusion", w.rediffusion.clone().unwrap_or_default()),
        ("version", w.revision.to_string()),
    ])
}

fn requis(saisie: &mut Saisie, nom: &str, libelle: &str, maximum: usize) -> String {
    let texte = titulaire::texte(saisie, nom, libelle, maximum);
    if texte.is_empty() {
        saisie.refuser(nom, libelle, &ErreurChamp::Requis);
    }
    texte
}

fn refuser(saisie: &mut Saisie, nom: &str, libelle: &str, motif: &str) {
    saisie.refuser(nom, libelle, &ErreurChamp::Motif(motif.to_owned()));
}

/// A page of the web, and nothing that a browser would run.
fn adresse(saisie: &mut Saisie, nom: &str, libelle: &str, lien: &str) {
    let suite = lien.strip_prefix("https://");
    let lisible = suite.is_some_and(|s| s.contains('.') && !s.starts_with('.') && !s.contains(char::is_whitespace));
    if !lien.is_empty() && !lisible {
        refuser(
            saisie,
            nom,
            libelle,
            "donnez l’adresse entière, qui commence par https://",
        );
    }
}

fn region(saisie: &mut Saisie, regions: &[String]) -> String {
    if let [une] = regions {
        une.clone()
    } else {
        let choisie = saisie.valeur("region").to_owned();
        if !regions.contains(&choisie) {
            saisie.refuser("region", "Région", &ErreurChamp::ChoixRequis);
        }
        choisie
    }
}

fn capacite(saisie: &mut Saisie, actuel: Option<&Webinaire>) -> Option<i32> {
    let texte: String = saisie
        .valeur("capacite")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    if texte.is_empty() {
        return None;
    }
    let lue = texte.parse::<i32>().ok().filter(|c| (1..=CAPACITE_AU_PLUS).contains(c));
    let Some(capacite) = lue else {
        refuser(
            saisie,
            "capacite",
            "Nombre de places",
            "écrivez un nombre de 1 à 5 000, ou rien",
        );
        return None;
    };
    let inscrits = actuel.map_or(0, |w| w.inscrits);
    if i64::from(capacite) < inscrits {
        let motif = format!("{inscrits} personnes ont déjà une place\u{a0}: n’écrivez pas moins");
        refuser(saisie, "capacite", "Nombre de places", &motif);
    }
    Some(capacite)
}

fn dates(
    saisie: &mut Saisie,
    actuel: Option<&Webinaire>,
    maintenant: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let jour = match saisie.date("jour") {
        Ok(Some(jour)) => Some(jour),
        Ok(None) => {
            saisie.refuser("jour", "Jour", &ErreurChamp::Requis);
            None
        }
        Err(erreur) => {
            saisie.refuser("jour", "Jour", &erreur);
            None
        }
    };
    let debut = heure(saisie, "debut", "Heure de début");
    let fin = heure(saisie, "fin", "Heure de fin");
    let (jour, debut, fin) = (jour?, debut?, fin?);
    if fin <= debut {
        refuser(
            saisie,
            "fin",
            "Heure de fin",
            "elle vient après l’heure de début, le même jour",
        );
        return None;
    }
    let (Some(debut), Some(fin)) = (a_paris(jour, debut), a_paris(jour, fin)) else {
        refuser(
            saisie,
            "debut",
            "Heure de début",
            "cette heure n’existe pas ce jour-là (passage à l’heure d’été)",
        );
        return None;
    };
    let deplace = actuel.is_none_or(|w| (w.debut, w.fin) != (debut, fin));
    if deplace && actuel.is_some_and(|w| w.debut <= maintenant) {
        refuser(
            saisie,
            "jour",
            "Jour",
            "ce webinaire a déjà commencé\u{a0}: sa date ne change plus",
        );
    } else if deplace && debut <= maintenant {
        refuser(saisie, "jour", "Jour", "choisissez une date à venir");
    }
    Some((debut, fin))
}

fn a_paris(jour: NaiveDate, heure: NaiveTime) -> Option<DateTime<Utc>> {
    let instant = Paris.from_local_datetime(&jour.and_time(heure)).earliest()?;
    Some(instant.to_utc())
}

fn heure(saisie: &mut Saisie, nom: &str, libelle: &str) -> Option<NaiveTime> {
    let lue = lire_heure(saisie.valeur(nom));
    match (&lue, saisie.valeur(nom).trim().is_empty()) {
        (_, true) => saisie.refuser(nom, libelle, &ErreurChamp::Requis),
        (None, false) => refuser(saisie, nom, libelle, "écrivez une heure, comme 14:30 ou 14h30"),
        (Some(_), false) => {}
    }
    lue
}

/// « 14:30 », « 14h30 », « 14 h », « 9 ».
fn lire_heure(texte: &str) -> Option<NaiveTime> {
    let texte: String = texte.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let (heures, minutes) = texte.split_once([':', 'h']).unwrap_or((&texte, ""));
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    NaiveTime::from_hms_opt(heures.parse().ok()?, minutes, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_read_as_people_write_it() {
        let heure = |h, m| NaiveTime::from_hms_opt(h, m, 0);
        for (texte, attendu) in [
            ("14:30", heure(14, 30)),
            (" 14 h 30", heure(14, 30)),
            ("9H", heure(9, 0)),
            ("9", heure(9, 0)),
            ("24:00", None),
            ("14:60", None),
            ("midi", None),
            ("14:30:00", None),
            ("", None),
        ] {
            assert_eq!(lire_heure(texte), attendu, "{texte}");
        }
    }

    const FORMULAIRE: [(&str, &str); 9] = [
        ("titre", "Former une grappe"),
        ("description", "Une heure pour comprendre."),
        ("organisateur", "SESAN"),
        ("jour-jour", "31"),
        ("jour-mois", "3"),
        ("jour-annee", "2024"),
        ("debut", "14:00"),
        ("fin", "15:30"),
        ("lien", "https://visio.exemple.fr/a"),
    ];

    fn lu(changes: &[(&str, &str)], maintenant: &str) -> Result<Fiche, Vec<String>> {
        let mut saisie = Saisie::depuis_paires(FORMULAIRE);
        for (nom, valeur) in changes {
            saisie.fixer(*nom, *valeur);
        }
        let maintenant = DateTime::parse_from_rfc3339(maintenant).unwrap().to_utc();
        lire(&mut saisie, &["11".to_owned()], None, maintenant)
            .ok_or_else(|| saisie.erreurs().map(|(nom, _)| nom.to_owned()).collect())
    }

    #[test]
    fn times_are_those_of_paris_even_on_the_day_they_change() {
        let fiche = lu(&[], "2024-03-01T00:00:00Z").unwrap();
        assert_eq!(fiche.debut.to_rfc3339(), "2024-03-31T12:00:00+00:00");
        assert_eq!((fiche.capacite, fiche.rediffusion), (None, None));
        // Between two and three in the morning, that day has no hour.
        let nuit = [("debut", "2:30"), ("fin", "4:00")];
        assert_eq!(lu(&nuit, "2024-03-01T00:00:00Z").unwrap_err(), ["debut"]);
    }

    #[test]
    fn what_cannot_be_is_refused_field_by_field() {
        let avant = "2024-03-01T00:00:00Z";
        assert_eq!(lu(&[], "2024-03-31T12:00:00Z").unwrap_err(), ["jour"]);
        assert!(lu(&[], "2024-03-31T11:59:59Z").is_ok());
        for (champ, valeur) in [
            ("titre", " "),
            ("description", ""),
            ("organisateur", ""),
            ("fin", "14:00"),
            ("fin", "midi"),
            ("jour-mois", "13"),
            ("capacite", "0"),
            ("capacite", "5001"),
            ("capacite", "beaucoup"),
            ("lien", "http://visio.exemple.fr"),
            ("lien", "javascript:alert(1)"),
            ("lien", "https://visio exemple.fr"),
            ("rediffusion", "visio.exemple.fr"),
        ] {
            let attendu = champ.split('-').next().unwrap();
            assert_eq!(
                lu(&[(champ, valeur)], avant).unwrap_err(),
                [attendu],
                "{champ} {valeur}"
            );
        }
        for capacite in ["1", "5 000"] {
            assert!(lu(&[("capacite", capacite)], avant).is_ok(), "{capacite}");
        }
    }
}
