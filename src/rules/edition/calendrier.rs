//! When an edition is open. Days are those of Europe/Paris, the last one included.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::{Europe::Paris, Tz};

use super::{Edition, Fenetre, Webinaire};

/// What happens at a date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NatureEcheance {
    /// A window opens.
    Ouverture,
    /// The open window closes.
    Fermeture,
}

/// The next thing to happen in an edition's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echeance {
    /// What.
    pub nature: NatureEcheance,
    /// When: the first or the last second of the window.
    pub instant: DateTime<Tz>,
    /// Rank of the window, from 1.
    pub fenetre: usize,
}

/// An hour of a day in Paris; on the night clocks change, the earlier of two, or the same one in UTC when it does not exist.
fn a_paris(jour: NaiveDate, heure: NaiveTime) -> DateTime<Tz> {
    let instant = jour.and_time(heure);
    Paris
        .from_local_datetime(&instant)
        .earliest()
        .unwrap_or_else(|| Paris.from_utc_datetime(&instant))
}

/// First second of a day in Paris. Midnight exists and is unique on every day there since 1976:
/// clocks change at two and three in the morning.
fn premiere_seconde(jour: NaiveDate) -> DateTime<Tz> {
    a_paris(jour, NaiveTime::MIN)
}

/// Last second of a day in Paris.
fn derniere_seconde(jour: NaiveDate) -> DateTime<Tz> {
    premiere_seconde(jour.succ_opt().unwrap_or(jour)) - chrono::TimeDelta::seconds(1)
}

impl Fenetre {
    /// First second.
    pub fn debut(&self) -> DateTime<Tz> {
        premiere_seconde(self.ouverture)
    }

    /// Last second: 23:59:59 in Paris.
    pub fn fin(&self) -> DateTime<Tz> {
        derniere_seconde(self.fermeture)
    }

    /// Whether an instant falls in it, to the last second included.
    pub fn contient<Z: TimeZone>(&self, instant: &DateTime<Z>) -> bool {
        jour_en_france(instant) >= self.ouverture && jour_en_france(instant) <= self.fermeture
    }
}

impl Webinaire {
    /// When it begins and when it ends.
    pub fn instants(&self) -> [DateTime<Tz>; 2] {
        [a_paris(self.jour, self.debut), a_paris(self.jour, self.fin)]
    }
}

/// The day it is in Paris at an instant.
pub fn jour_en_france<Z: TimeZone>(instant: &DateTime<Z>) -> NaiveDate {
    instant.with_timezone(&Paris).date_naive()
}

impl Edition {
    /// The window open at an instant.
    pub fn fenetre_ouverte<Z: TimeZone>(&self, instant: &DateTime<Z>) -> Option<&Fenetre> {
        self.fenetres.iter().find(|fenetre| fenetre.contient(instant))
    }

    /// The next opening or closing after an instant; none once the last window is closed.
    pub fn prochaine_echeance<Z: TimeZone>(&self, instant: &DateTime<Z>) -> Option<Echeance> {
        let jour = jour_en_france(instant);
        let (rang, fenetre) = self.fenetres.iter().enumerate().find(|(_, f)| f.fermeture >= jour)?;
        let (nature, instant) = if fenetre.ouverture > jour {
            (NatureEcheance::Ouverture, fenetre.debut())
        } else {
            (NatureEcheance::Fermeture, fenetre.fin())
        };
        Some(Echeance {
            nature,
            instant,
            fenetre: rang + 1,
        })
    }

    /// The last day of the last window.
    pub fn derniere_fermeture(&self) -> Option<NaiveDate> {
        self.fenetres.iter().map(|fenetre| fenetre.fermeture).max()
    }

    /// The first window that is not closed yet at an instant, open or to come.
    pub fn prochaine_fermeture<Z: TimeZone>(&self, instant: &DateTime<Z>) -> Option<&Fenetre> {
        let jour = jour_en_france(instant);
        self.fenetres.iter().find(|f| f.fermeture >= jour)
    }

    /// Last second at which a project over several regions may be deposited, when the text sets one.
    pub fn limite_multiregionale(&self) -> Option<DateTime<Tz>> {
        self.dernier_jour_multiregional.map(derniere_seconde)
    }

    /// The same edition with every date moved by whole days: a past appel à projets replayed today,
    /// in demonstration mode. Dates that would leave the calendar stay where they are.
    #[must_use]
    pub fn decalee(&self, jours: i64) -> Self {
        let mut edition = self.clone();
        let deplacer = |jour: &mut NaiveDate| {
            let ecart = Days::new(jours.unsigned_abs());
            let deplace = if jours >= 0 {
                jour.checked_add_days(ecart)
            } else {
                jour.checked_sub_days(ecart)
            };
            *jour = deplace.unwrap_or(*jour);
        };
        for fenetre in &mut edition.fenetres {
            deplacer(&mut fenetre.ouverture);
            deplacer(&mut fenetre.fermeture);
        }
        edition.dernier_jour_multiregional.iter_mut().for_each(deplacer);
        edition
            .webinaires
            .iter_mut()
            .for_each(|webinaire| deplacer(&mut webinaire.jour));
        edition.decalage_jours += jours;
        edition
    }
}
