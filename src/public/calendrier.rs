//! The dates of an appel à projets, for a calendar (RFC 5545): each opening, each closing and each meeting, with its alarms.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike};

use crate::rules::edition::{Edition, Fenetre, Webinaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::pages::adresse_complete;

/// One is reminded of a closing a week and a day before, of an opening or a meeting the day before.
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

/// What is announced of an appel à projets, as a calendar. Instants are written in UTC, which every calendar shows at the hour of
/// its reader.
fn calendrier(edition: &Edition, adresse: &str, maintenant: DateTime<Utc>, demonstration: bool) -> String {
    let redaction = Redaction { edition, demonstration };
    let fenetres = (1..)
        .zip(&edition.fenetres)
        .flat_map(|(rang, f)| redaction.fenetre(f, rang));
    let reunions = (1..)
        .zip(&edition.webinaires)
        .map(|(rang, w)| redaction.reunion(w, rang));
    let mut calendrier = Calendar::new();
    calendrier.name(&edition.titre).timezone("Europe/Paris");
    for mut evenement in fenetres.chain(redaction.multiregional()).chain(reunions) {
        calendrier.push(evenement.url(adresse).timestamp(maintenant).done());
    }
    calendrier.done().to_string()
}

/// Writes the events of an edition. Their identifiers stay the same from one download to the next: a calendar that reads the file
/// again moves its events.
#[derive(Clone, Copy)]
struct Redaction<'a> {
    edition: &'a Edition,
    demonstration: bool,
}

impl Redaction<'_> {
    fn evenement(self, nom: &str, titre: &str, instant: DateTime<Utc>, note: &str, rappels: &[TimeDelta]) -> Event {
        let prefixe = if self.demonstration {
            "Démonstration, dates fictives\u{a0}: "
        } else {
            ""
        };
        let mut evenement = Event::new();
        let titre = format!("{prefixe}{titre} — {}", self.edition.titre);
        evenement
            .uid(&format!("{}-{nom}@portail-grappes", self.edition.code))
            .summary(&titre)
            .description(note)
            .starts(instant);
        for avant in rappels {
            evenement.alarm(Alarm::display(&titre, -*avant));
        }
        evenement.done()
    }

    /// The opening and the closing of a window: instants, without duration.
    fn fenetre(self, fenetre: &Fenetre, rang: usize) -> [Event; 2] {
        [
            self.evenement(
                &format!("fenetre-{rang}-ouverture"),
                "Ouverture du dépôt",
                fenetre.debut().to_utc(),
                "La fenêtre de dépôt ouvre à 0\u{a0}h, heure de Paris.",
                &RAPPELS_D_OUVERTURE,
            ),
            self.evenement(
                &format!("fenetre-{rang}-fermeture"),
                "Fin du dépôt",
                fenetre.fin().to_utc(),
                "Dernière seconde de la fenêtre de dépôt\u{a0}: 23\u{a0}h\u{a0}59, heure de Paris.",
                &RAPPELS_DE_FERMETURE,
            ),
        ]
    }

    /// The last instant for a project over several régions, when the text sets one.
    fn multiregional(self) -> Option<Event> {
        let limite = self.edition.limite_multiregionale()?;
        Some(self.evenement(
            "multiregional",
            "Fin du dépôt multirégional",
            limite.to_utc(),
            "Dernière seconde pour un projet qui réunit plusieurs régions\u{a0}: 23\u{a0}h\u{a0}59, heure de Paris.",
            &RAPPELS_DE_FERMETURE,
        ))
    }

    fn reunion(self, reunion: &Webinaire, rang: usize) -> Event {
        let [debut, fin] = reunion.instants();
        let titre = format!("Réunion d’information ({})", reunion.public);
        let note = "En visioconférence, sur inscription.";
        let mut evenement = self.evenement(
            &format!("reunion-{rang}"),
            &titre,
            debut.to_utc(),
            note,
            &RAPPELS_D_OUVERTURE,
        );
        evenement.ends(fin.to_utc()).done()
    }
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
            let multiregional = usize::from(edition.dernier_jour_multiregional.is_some());
            let autres = multiregional + edition.webinaires.len();
            assert_eq!(evenements.len(), 2 * edition.fenetres.len() + autres);
            for (paire, fenetre) in evenements.chunks(2).zip(&edition.fenetres) {
                assert_eq!(debut(&paire[0]), fenetre.debut().to_utc(), "{}", edition.code);
                assert_eq!(debut(&paire[1]), fenetre.fin().to_utc(), "{}", edition.code);
            }
        }
        let dernier = &lu(Edition::livree("idf-2024").unwrap(), false)[5];
        assert_eq!(debut(dernier), Utc.with_ymd_and_hms(2024, 9, 15, 21, 59, 59).unwrap());
    }

    #[test]
    fn the_last_day_of_projects_over_several_regions_and_the_meetings_are_there() {
        let evenements = lu(Edition::livree("idf-2024").unwrap(), false);
        let multiregional = &evenements[6];
        assert!(multiregional.get_summary().unwrap().contains("multirégional"));
        assert_eq!(
            debut(multiregional),
            Utc.with_ymd_and_hms(2024, 6, 1, 21, 59, 59).unwrap()
        );
        let reunions = &evenements[7..];
        assert_eq!(reunions.len(), 6);
        assert!(
            reunions[0]
                .get_summary()
                .unwrap()
                .contains("Établissements, tous secteurs")
        );
        assert_eq!(
            debut(&reunions[0]),
            Utc.with_ymd_and_hms(2024, 2, 22, 13, 0, 0).unwrap()
        );
        // Summer time by then.
        assert_eq!(debut(&reunions[5]), Utc.with_ymd_and_hms(2024, 4, 10, 8, 0, 0).unwrap());
        let fin = reunions[5].get_end();
        assert!(matches!(
            fin,
            Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(fin)))
                if fin == Utc.with_ymd_and_hms(2024, 4, 10, 9, 30, 0).unwrap()
        ));
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
        assert_eq!(uids().into_iter().collect::<std::collections::BTreeSet<_>>().len(), 13);
    }

    #[test]
    fn a_closing_is_announced_twice_and_an_opening_once() {
        let edition = Edition::livree("idf-2024").unwrap();
        let texte = calendrier(edition, "https://portail.exemple.fr/exemple", maintenant(), false);
        // Three windows, the closing of projects over several régions, six meetings.
        assert_eq!(texte.matches("BEGIN:VALARM").count(), 3 * 3 + 2 + 6);
        // A week and a day, in seconds.
        assert_eq!(texte.matches("TRIGGER:-PT604800S").count(), 3 + 1);
        assert_eq!(texte.matches("TRIGGER:-PT86400S").count(), 6 + 1 + 6);
    }

    #[test]
    fn a_demonstration_says_that_its_dates_are_invented() {
        let edition = Edition::livree("idf-2024").unwrap();
        let titre = |demonstration| lu(edition, demonstration)[0].get_summary().unwrap().to_owned();
        assert!(titre(true).starts_with("Démonstration"), "{}", titre(true));
        assert!(titre(false).starts_with("Ouverture du dépôt — "), "{}", titre(false));
    }
}
