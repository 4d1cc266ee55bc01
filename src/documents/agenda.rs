//! An entry of a calendar (iCalendar, RFC 5545): times in UTC, which every calendar shows in its own.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// What becomes of the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methode {
    /// It is there.
    Publier,
    /// It is no longer.
    Annuler,
}

impl Methode {
    /// As the format writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Publier => "PUBLISH",
            Self::Annuler => "CANCEL",
        }
    }
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Rendez {
    /// The same in every version of the entry: calendars recognise it.
    pub uid: String,
    /// Rank of this version.
    pub revision: i32,
    /// When this version was written.
    pub ecrit_le: DateTime<Utc>,
    /// When it begins.
    pub debut: DateTime<Utc>,
    /// When it ends.
    pub fin: DateTime<Utc>,
    /// Title.
    pub titre: String,
    /// What it is about.
    pub description: String,
    /// Who publishes it: a name and an address to write to. A method (RFC 5546) is only said with it.
    pub organisateur: Option<Organisateur>,
    /// Where it takes place; empty: not said.
    pub lieu: String,
    /// Page about it.
    pub page: String,
}

/// Who publishes an entry.
#[derive(Debug, Clone)]
pub struct Organisateur {
    /// As people read it.
    pub nom: String,
    /// Where to write.
    pub courriel: String,
}

impl Organisateur {
    /// This organiser, at the address of the portal's support; none without one.
    pub fn joignable(nom: &str, assistance: Option<&str>) -> Option<Self> {
        let courriel = assistance?.to_owned();
        let nom = nom.to_owned();
        Some(Self { nom, courriel })
    }
}

/// The octets of the file.
pub fn ecrire(rendez: &Rendez, methode: Methode) -> Vec<u8> {
    let statut = match methode {
        Methode::Publier => EventStatus::Confirmed,
        Methode::Annuler => EventStatus::Cancelled,
    };
    let mut entree = Event::new();
    entree
        .uid(&rendez.uid)
        .sequence(u32::try_from(rendez.revision).unwrap_or(0))
        .timestamp(rendez.ecrit_le)
        .starts(rendez.debut)
        .ends(rendez.fin)
        .summary(&rendez.titre)
        .description(&rendez.description)
        .url(&rendez.page)
        .status(statut);
    if !rendez.lieu.is_empty() {
        entree.location(&rendez.lieu);
    }
    if let Some(organisateur) = &rendez.organisateur {
        let adresse = format!("mailto:{}", organisateur.courriel);
        // A quoted parameter holds no quote.
        let nom = format!("\"{}\"", organisateur.nom.replace(['"', '\r', '\n'], " "));
        let propriete = Property::new("ORGANIZER", adresse).add_parameter("CN", &nom).done();
        entree.append_property(propriete);
    }
    let mut agenda = Calendar::empty();
    agenda
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Portail Grappes ESMS//FR"))
        .append_property(("CALSCALE", "GREGORIAN"));
    if rendez.organisateur.is_some() {
        agenda.append_property(("METHOD", methode.code()));
    }
    agenda.push(entree.done());
    agenda.done().to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn an_entry_keeps_its_name_its_rank_and_escapes_what_would_end_a_line() {
        let rendez = Rendez {
            uid: "1@portail.exemple.fr".into(),
            revision: 3,
            ecrit_le: Utc.with_ymd_and_hms(2024, 5, 1, 8, 0, 0).unwrap(),
            debut: Utc.with_ymd_and_hms(2024, 5, 10, 12, 0, 0).unwrap(),
            fin: Utc.with_ymd_and_hms(2024, 5, 10, 13, 30, 0).unwrap(),
            titre: "Grappes, mode d’emploi ; suite".into(),
            description: "Une ligne\nEND:VEVENT".into(),
            organisateur: Some(Organisateur {
                nom: "SESAN \"et\" autres".into(),
                courriel: "aide@exemple.fr".into(),
            }),
            lieu: "https://visio.exemple.fr/a".into(),
            page: "https://portail.exemple.fr/webinaires/1".into(),
        };
        let texte = String::from_utf8(ecrire(&rendez, Methode::Annuler)).unwrap();
        for attendu in [
            "UID:1@portail.exemple.fr\r\n",
            "SEQUENCE:3\r\n",
            "DTSTAMP:20240501T080000Z\r\n",
            "DTSTART:20240510T120000Z\r\n",
            "DTEND:20240510T133000Z\r\n",
            "SUMMARY:Grappes\\, mode d’emploi \\; suite\r\n",
            "DESCRIPTION:Une ligne\\nEND:VEVENT\r\n",
            "STATUS:CANCELLED\r\n",
            "METHOD:CANCEL\r\n",
            "ORGANIZER;CN=\"SESAN  et  autres\":mailto:aide@exemple.fr\r\n",
        ] {
            assert!(texte.contains(attendu), "{attendu}\n{texte}");
        }
        assert_eq!(texte.lines().filter(|ligne| *ligne == "END:VEVENT").count(), 1);
        let sans = Rendez {
            organisateur: None,
            ..rendez
        };
        let texte = String::from_utf8(ecrire(&sans, Methode::Annuler)).unwrap();
        assert!(!texte.contains("METHOD") && !texte.contains("ORGANIZER") && texte.contains("STATUS:CANCELLED"));
    }
}
