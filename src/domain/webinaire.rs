//! Webinars: what is announced, and what happens to those who register.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::nomenclature::liste;

/// Days after a webinar when its registrations are erased: long enough to send what was promised there.
pub const CONSERVATION_JOURS: i64 = 30;

/// A webinar, as anybody may read it: without the link of its meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webinaire {
    /// Its number.
    pub id: Uuid,
    /// INSEE code of its région.
    pub region: String,
    /// Title.
    pub titre: String,
    /// What it is about.
    pub description: String,
    /// Whom it is for; empty: everybody.
    pub destine_a: String,
    /// Who holds it.
    pub organisateur: String,
    /// When it begins.
    pub debut: DateTime<Utc>,
    /// When it ends.
    pub fin: DateTime<Utc>,
    /// Most people; none: no limit.
    pub capacite: Option<i32>,
    /// Where it can be seen again.
    pub rediffusion: Option<String>,
    /// When it was cancelled.
    pub annule_le: Option<DateTime<Utc>>,
    /// Changes since it was announced.
    pub revision: i32,
    /// When its registrations were erased.
    pub efface_le: Option<DateTime<Utc>>,
    /// Whether it belongs to a demonstration.
    pub fictif: bool,
    /// People who have a place; once erased, who had one.
    pub inscrits: i64,
}

impl Webinaire {
    /// Whether people may still register.
    pub fn ouvert(&self, maintenant: DateTime<Utc>) -> bool {
        self.annule_le.is_none() && maintenant < self.debut
    }

    /// Whether it has begun, unless cancelled: somebody may have come.
    pub fn commence(&self, maintenant: DateTime<Utc>) -> bool {
        self.annule_le.is_none() && self.debut <= maintenant
    }

    /// Whether it is over.
    pub fn passe(&self, maintenant: DateTime<Utc>) -> bool {
        self.fin <= maintenant
    }

    /// Places left; none: no limit.
    pub fn places(&self) -> Option<i64> {
        self.capacite
            .map(|capacite| (i64::from(capacite) - self.inscrits).max(0))
    }

    /// Whether who registers now waits for a place.
    pub fn complet(&self) -> bool {
        self.places() == Some(0)
    }
}

/// « 27/03/2024, de 14 h 00 à 15 h 30 (heure de Paris) ».
pub fn horaire(debut: DateTime<Utc>, fin: DateTime<Utc>) -> String {
    let (debut, fin) = (debut.with_timezone(&Paris), fin.with_timezone(&Paris));
    let heure = "%H\u{a0}h\u{a0}%M";
    format!(
        "{}, de {} à {} (heure de Paris)",
        debut.format("%d/%m/%Y"),
        debut.format(heure),
        fin.format(heure)
    )
}

liste! {
    /// What a registration is worth.
    EtatInscription {
        /// Has a place.
        Inscrit = "inscrit", "Inscrit";
        /// Waits for one.
        Attente = "attente", "Liste d’attente";
    }
}

liste! {
    /// What a mail tells of a registration.
    Objet {
        /// It has a place.
        Inscription = "inscription", "Inscription";
        /// It waits for one.
        Attente = "attente", "Liste d’attente";
        /// It was there before this one.
        Deja = "deja", "Déjà inscrit";
        /// It has one after waiting.
        Place = "place", "Place libérée";
        /// The webinar is tomorrow.
        Rappel = "rappel", "Rappel";
        /// Its date, its time or its link changed.
        Changement = "changement", "Changement";
        /// It does not take place.
        Annulation = "annulation", "Annulation";
    }
}

/// A mail about a registration. It names nobody: the address may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvenementWebinaire {
    /// What it tells.
    pub objet: Objet,
    /// The webinar.
    pub webinaire: Uuid,
    /// Its title.
    pub titre: String,
    /// Who holds it.
    pub organisateur: String,
    /// When it begins.
    pub debut: DateTime<Utc>,
    /// When it ends.
    pub fin: DateTime<Utc>,
    /// Of the meeting, for who has a place.
    pub lien: Option<String>,
    /// Changes since it was announced.
    pub revision: i32,
    /// Why it is cancelled, as its organiser says; empty otherwise.
    pub motif: String,
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn webinaire(capacite: Option<i32>, inscrits: i64) -> Webinaire {
        let debut = Utc.with_ymd_and_hms(2024, 3, 31, 12, 0, 0).unwrap();
        Webinaire {
            id: Uuid::nil(),
            region: "11".into(),
            titre: String::new(),
            description: String::new(),
            destine_a: String::new(),
            organisateur: String::new(),
            debut,
            fin: debut + TimeDelta::minutes(90),
            capacite,
            rediffusion: None,
            annule_le: None,
            revision: 0,
            efface_le: None,
            fictif: false,
            inscrits,
        }
    }

    #[test]
    fn one_registers_until_it_begins_unless_it_is_cancelled() {
        let mut w = webinaire(None, 0);
        let seconde = TimeDelta::seconds(1);
        assert!(w.ouvert(w.debut - seconde) && !w.ouvert(w.debut));
        assert!(!w.commence(w.debut - seconde) && w.commence(w.debut));
        assert!(!w.passe(w.fin - seconde) && w.passe(w.fin));
        w.annule_le = Some(w.debut - seconde);
        assert!(!w.ouvert(w.debut - seconde) && !w.commence(w.debut));
    }

    #[test]
    fn places_are_counted_when_there_is_a_limit() {
        assert_eq!(
            (webinaire(None, 9).places(), webinaire(None, 9).complet()),
            (None, false)
        );
        assert_eq!(
            (webinaire(Some(3), 2).places(), webinaire(Some(3), 2).complet()),
            (Some(1), false)
        );
        assert_eq!(
            (webinaire(Some(3), 4).places(), webinaire(Some(3), 4).complet()),
            (Some(0), true)
        );
    }

    #[test]
    fn times_are_those_of_paris() {
        let w = webinaire(None, 0);
        assert_eq!(
            horaire(w.debut, w.fin),
            "31/03/2024, de 14\u{a0}h\u{a0}00 à 15\u{a0}h\u{a0}30 (heure de Paris)"
        );
    }
}
