//! When one may deposit, to the second, as the deposit page says it.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;

use crate::rules::edition::{Edition, Fenetre};
use crate::web::vue::instant_exact;

/// What the page says of the window, at this instant by the server's clock.
pub fn precise(edition: &Edition, maintenant: DateTime<Utc>) -> Vec<String> {
    let mut phrases = Vec::new();
    if let Some(fenetre) = edition.fenetre_ouverte(&maintenant) {
        phrases.push(format!(
            "La fenêtre de dépôt se ferme le {}, cette seconde comprise.",
            exact(&fenetre.fin())
        ));
        phrases.push(
            "C’est l’instant où votre envoi atteint le serveur qui compte\u{a0}: arrivé à temps, il est pris même si la réponse \
             tarde. Arrivé après, il est refusé, et tout ce que vous avez saisi reste dans votre brouillon."
                .to_owned(),
        );
    } else if let Some(close) = derniere_close(edition, maintenant) {
        phrases.push(format!(
            "La fenêtre de dépôt s’est fermée le {}. Tout ce que vous avez saisi reste dans votre brouillon.",
            exact(&close.fin())
        ));
    }
    let suivante = edition.fenetres.iter().find(|f| f.debut() > maintenant);
    match suivante {
        Some(f) => phrases.push(format!(
            "La prochaine fenêtre ouvre le {} et se ferme le {}.",
            exact(&f.debut()),
            exact(&f.fin())
        )),
        None => phrases.push("Aucune autre fenêtre n’est prévue ensuite.".to_owned()),
    }
    if let Some(limite) = edition.limite_multiregionale() {
        phrases.push(format!(
            "Un projet qui réunit plusieurs régions se dépose au plus tard le {}.",
            exact(&limite)
        ));
    }
    phrases.push(format!(
        "À l’affichage de cette page, il était au serveur\u{a0}: {}.",
        instant_exact(maintenant)
    ));
    phrases
}

/// The window that a deposit arrived in, if it is still open: until its end, that deposit may be taken back.
pub fn retrait_possible(edition: &Edition, depose_le: DateTime<Utc>, arrivee: DateTime<Utc>) -> Option<&Fenetre> {
    edition.fenetre_ouverte(&depose_le).filter(|f| f.contient(&arrivee))
}

/// The last second of the window that a deposit arrived in, in words.
pub fn fin_de_fenetre(edition: &Edition, depose_le: DateTime<Utc>) -> String {
    let fenetre = edition.fenetre_ouverte(&depose_le);
    fenetre.map(|f| exact(&f.fin())).unwrap_or_default()
}

fn derniere_close(edition: &Edition, maintenant: DateTime<Utc>) -> Option<&Fenetre> {
    edition
        .fenetres
        .iter()
        .filter(|f| f.fin() < maintenant)
        .max_by_key(|f| f.fermeture)
}

fn exact<Z: TimeZone>(instant: &DateTime<Z>) -> String {
    instant_exact(instant.with_timezone(&Paris).to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a(instant: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(instant).unwrap().to_utc()
    }

    fn edition() -> &'static Edition {
        Edition::livree("idf-2024").unwrap()
    }

    #[test]
    fn the_last_second_of_a_window_is_within_it_and_the_next_is_not() {
        for (instant, ouverte) in [
            ("2024-06-01T23:59:58+02:00", true),
            ("2024-06-01T23:59:59.999+02:00", true),
            ("2024-09-15T23:59:59.999+02:00", true),
            ("2024-09-16T00:00:00+02:00", false),
        ] {
            let dit = precise(edition(), a(instant))[0].starts_with("La fenêtre de dépôt se ferme");
            assert_eq!(dit, ouverte, "{instant}");
        }
    }

    #[test]
    fn before_between_and_after_the_windows_the_page_says_what_comes_next() {
        let avant = precise(edition(), a("2024-01-01T00:00:00Z"));
        assert!(
            avant[0].starts_with("La prochaine fenêtre ouvre le 19/02/2024 à 00:00:00"),
            "{avant:?}"
        );
        let apres = precise(edition(), a("2024-09-15T22:00:00Z"));
        assert!(apres[0].contains("s’est fermée le 15/09/2024 à 23:59:59"), "{apres:?}");
        assert!(apres[1].starts_with("Aucune autre fenêtre"), "{apres:?}");
    }

    #[test]
    fn a_deposit_is_taken_back_within_its_own_window_only() {
        let depose = a("2024-05-31T10:00:00Z");
        for (arrivee, permis) in [
            ("2024-06-01T23:59:59+02:00", true),
            ("2024-06-02T00:00:00+02:00", false),
            ("2024-07-01T00:00:00+02:00", false),
        ] {
            assert_eq!(
                retrait_possible(edition(), depose, a(arrivee)).is_some(),
                permis,
                "{arrivee}"
            );
        }
    }

    /// Clocks change on 31 March 2024 at two in the morning: the window that spans it still ends at midnight in Paris.
    #[test]
    fn clocks_that_change_move_no_deadline() {
        let mut edition = edition().clone();
        let jour = |texte: &str| texte.parse().unwrap();
        for (dernier, fin) in [
            ("2024-03-31", "2024-03-31T21:59:59Z"),
            ("2024-10-27", "2024-10-27T22:59:59Z"),
        ] {
            edition.fenetres.truncate(1);
            edition.fenetres[0].ouverture = jour("2024-02-19");
            edition.fenetres[0].fermeture = jour(dernier);
            let fenetre = &edition.fenetres[0];
            assert_eq!(fenetre.fin().to_utc(), a(fin));
            assert!(fenetre.contient(&a(fin)));
            assert!(!fenetre.contient(&(a(fin) + chrono::TimeDelta::seconds(1))));
        }
    }
}
