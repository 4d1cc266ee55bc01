//! How often a form sends mails to an address that somebody typed: each form counts its own, so that none closes another, nor the way back to a
//! lost password. Counted by the address written to and by the visitor's, as hashes.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::echec::Echec;
use super::erreur::Erreur;
use super::essais::cle;
use crate::store::comptes;

/// Long enough to stop a burst, short enough to wait for.
const QUART_D_HEURE: TimeDelta = TimeDelta::minutes(15);
/// What a patient machine is counted over.
const JOUR: TimeDelta = TimeDelta::days(1);

/// How many mails, over a quarter of an hour and over a day.
struct Limites {
    courriel: [i64; 2],
    adresse: [i64; 2],
}

/// A person asks, forgets or is invited now and then; an office shares one address.
const USUELLES: Limites = Limites {
    courriel: [3, 10],
    adresse: [50, 200],
};
/// A person registers for a few webinars; the colleagues of an office are fewer than the places of a webinar.
const DES_INSCRIPTIONS: Limites = Limites {
    courriel: [3, 10],
    adresse: [20, 60],
};

/// What is counted.
pub struct Envois {
    cles: Vec<Vec<u8>>,
    limites: [[i64; 2]; 2],
}

impl Envois {
    /// Questions asked in the name of this e-mail address, from this visitor's address.
    pub fn question(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux("contact", &USUELLES, courriel, adresse)
    }

    /// Registrations for webinars of this e-mail address, from this visitor's address.
    pub fn inscription(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux("webinaire", &DES_INSCRIPTIONS, courriel, adresse)
    }

    /// Links to choose another password asked for this e-mail address, from this visitor's address.
    pub fn oubli(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux("oubli", &USUELLES, courriel, adresse)
    }

    /// Sign-ups with this e-mail address, from this visitor's address.
    pub fn compte(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux("compte-ouvert", &USUELLES, courriel, adresse)
    }

    /// Invitations that porteurs and colleagues send to this e-mail address, from this visitor's address.
    pub fn invitation(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux("invitation", &USUELLES, courriel, adresse)
    }

    fn nouveaux(formulaire: &str, limites: &Limites, courriel: &str, adresse: IpAddr) -> Self {
        Self {
            cles: vec![
                cle(formulaire, &courriel.to_lowercase()),
                cle(&format!("{formulaire}-adresse"), &adresse.to_string()),
            ],
            limites: [limites.courriel, limites.adresse],
        }
    }

    /// Refuses when there were too many.
    ///
    /// # Errors
    /// [`Erreur::TropDeRequetes`]; the database's.
    pub async fn verifier(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<(), Echec> {
        for (rang, duree) in [QUART_D_HEURE, JOUR].into_iter().enumerate() {
            let nombres = comptes::compter_echecs(conn, &self.cles, maintenant - duree).await?;
            let mut comptes = nombres.iter().zip(&self.limites);
            if comptes.any(|(n, limites)| *n >= limites[rang]) {
                let attendre_s = u32::try_from(duree.num_seconds()).unwrap_or(u32::MAX);
                return Err(Erreur::TropDeRequetes { attendre_s }.into());
            }
        }
        Ok(())
    }

    /// Counts one more, unless there were too many.
    ///
    /// # Errors
    /// As [`Self::verifier`].
    pub async fn compter(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<(), Echec> {
        self.verifier(conn, maintenant).await?;
        Ok(comptes::noter_echec(conn, &self.cles, maintenant, maintenant - JOUR).await?)
    }
}
