//! The windows of an appel à projets, for a calendar (RFC 5545): an event for each opening and each closing, with its alarms.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike};

use crate::rules::edition::{Edition, Fenetre};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::pages::adresse_complete;

/// One is reminded of a closing a week and a day before, of an opening the day before.
const RAPPELS_DE_FERMETURE: [TimeDelta; 2] = [TimeDelta::days(7), TimeDelta::days(1)];
const RAPPELS_D_OUVERTURE: [TimeDelta; 1] = [TimeDelta::days(1)];

/// Answers the file.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown code.
pub async fn telecharger(State(etat): State<Etat>, Path(code): Path<String>) -> Result<Response, Echec> {
    let edition = etat.edition(&code).ok_or_else(Echec::introuvable)?;
    let adresse = adresse_complete(&etat, &chemins::aap(&edition.code));
    let fichier = calendrier(edition, &adresse, etat.horloge.maintenant(), etat.demonstration);
    let entetes = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.ics\"", edition.code),
        ),
    ];
    Ok((entetes, fichier).into_response())
}

/// The windows as a calendar. Instants are written in UTC, which every calendar shows at the hour of its reader.
fn calendrier(edition: &Edition, adresse: &str, maintenant: DateTime<Utc>, demonstration: bool) -> String {
    let mut calendrier = Calendar::new();
    calendrier.name(&edition.titre).timezone("Europe/Paris");
    for (rang, fenetre) in (1..).zip(&edition.fenetres) {
        for mut evenement in evenements(edition, fenetre, rang, demonstration) {
            calendrier.push(evenement.url(adresse).timestamp(maintenant).done());
        }
    }
    calendrier.done().to_string()
}

/// The opening and the closing of a window: instants, without duration. Their identifiers stay the same from one download to the next: a calendar that
/// reads the file again moves its events.
fn evenements(edition: &Edition, fenetre: &Fenetre, rang: usize, demonstration: bool) -> [Event; 2] {
    let (debut, fin) = (fenetre.debut().to_utc(), fenetre.fin().to_utc());
    let prefixe = if demonstration {
        "Démonstration, dates fictives\u{a0}: "
    } else {
        ""
    };
    let evenement = |quoi: &str, titre: &str, instant: DateTime<Utc>, note: &str, rappels: &[TimeDelta]| {
        let mut evenement = Event::new();
        let titre = format!("{prefixe}{titre} — {}", edition.titre);
        evenement
            .uid(&format!("{}-fenetre-{rang}-{quoi}@portail-grappes", edition.code))
            .summary(&titre)
            .description(note)
            .starts(instant);
        for avant in rappels {
            evenement.alarm(Alarm::display(&titre, -*avant));
        }
        evenement.done()
    };
    [
        evenement(
            "ouverture",
            "Ouverture du dépôt",
            debut,
            "La fenêtre de dépôt ouvre à 0\u{a0}h, heure de Paris.",
            &RAPPELS_D_OUVERTURE,
        ),
        evenement(
            "fermeture",
            "Fin du dépôt",
            fin,
            "Dernière seconde de la fenêtre de dépôt\u{a0}: 23\u{a0}h\u{a0}59, heure de Paris.",
            &RAPPELS_DE_FERMETURE,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use icalendar::{CalendarComponent, CalendarDateTime, DatePerhapsTime};

    use super::*;

    fn maintenant() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2024, 5, 1, 8, 0, 0).unwrap()
    }

    fn lu(edition: &Edition, demonstration: bool) -> Vec<Event> {
        let texte = calendrier(
            edition,
            "https://portail.exemple.fr/exemple",
            maintenant(),
            demonstration,
        );
        assert!(texte.lines().all(|ligne| ligne.len() <= 75), "{texte}");
        let calendrier: Calendar = texte.parse().unwrap();
        let evenements = calendrier.components.into_iter().filter_map(|c| match c {
            CalendarComponent::Event(evenement) => Some(evenement),
            _ => None,
        });
        evenements.collect()
    }

    fn debut(evenement: &Event) -> DateTime<Utc> {
        match evenement.get_start() {
            Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(instant))) => instant,
            autre => panic!("{autre:?}"),
        }
    }

    #[test]
    fn each_window_opens_and_closes_at_the_instants_of_the_text() {
        for edition in Edition::livrees() {
            let evenements = lu(edition, false);
            assert_eq!(evenements.len(), 2 * edition.fenetres.len());
            for (paire, fenetre) in evenements.chunks(2).zip(&edition.fenetres) {
                assert_eq!(debut(&paire[0]), fenetre.debut().to_utc(), "{}", edition.code);
                assert_eq!(debut(&paire[1]), fenetre.fin().to_utc(), "{}", edition.code);
            }
        }
        let dernier = lu(Edition::livree("idf-2024").unwrap(), false).pop().unwrap();
        assert_eq!(debut(&dernier), Utc.with_ymd_and_hms(2024, 9, 15, 21, 59, 59).unwrap());
    }

    #[test]
    fn identifiers_are_stable_and_each_is_used_once() {
        let edition = Edition::livree("idf-2024").unwrap();
        let uids = || -> Vec<String> {
            lu(edition, false)
                .iter()
                .map(|e| e.get_uid().unwrap().to_owned())
                .collect()
        };
        assert_eq!(uids(), uids());
        assert_eq!(uids()[3], "idf-2024-fenetre-2-fermeture@portail-grappes");
        assert_eq!(uids().into_iter().collect::<std::collections::BTreeSet<_>>().len(), 6);
    }

    #[test]
    fn a_closing_is_announced_twice_and_an_opening_once() {
        let edition = Edition::livree("idf-2024").unwrap();
        let texte = calendrier(edition, "https://portail.exemple.fr/exemple", maintenant(), false);
        assert_eq!(texte.matches("BEGIN:VALARM").count(), 3 * 3);
        // A week and a day, in seconds.
        assert_eq!(texte.matches("TRIGGER:-PT604800S").count(), 3);
        assert_eq!(texte.matches("TRIGGER:-PT86400S").count(), 6);
    }

    #[test]
    fn a_demonstration_says_that_its_dates_are_invented() {
        let edition = Edition::livree("idf-2024").unwrap();
        let titre = |demonstration| lu(edition, demonstration)[0].get_summary().unwrap().to_owned();
        assert!(titre(true).starts_with("Démonstration"), "{}", titre(true));
        assert!(titre(false).starts_with("Ouverture du dépôt — "), "{}", titre(false));
    }
}
