//! How often one may try a password or a code. Counted by what is tried and by the visitor's address, as hashes.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::echec::Echec;
use super::erreur::Erreur;
use crate::store::comptes;

/// Attempts are counted over this long.
const FENETRE: TimeDelta = TimeDelta::minutes(15);
/// The longest that anything is counted over, by any form: before that, nothing is kept.
const OUBLI: TimeDelta = TimeDelta::days(1);
/// Seconds to wait, said with a refusal.
const ATTENTE_S: u32 = 15 * 60;
/// A person who forgot tries a few; a machine tries more.
const ECHECS_PAR_COMPTE: i64 = 5;
/// From anywhere: whoever tries from elsewhere does not lock the account's owner out, unless from many places.
const ECHECS_PARTOUT: i64 = 50;
/// An office shares one address.
const PAR_ADRESSE: i64 = 50;

/// What is counted, each with its limit: first that of the account, last that of the visitor's address.
pub struct Essais {
    cles: Vec<Vec<u8>>,
    limites: Vec<i64>,
}

impl Essais {
    /// Passwords typed for this e-mail address, from this visitor's address.
    pub fn mot_de_passe(courriel: &str, adresse: IpAddr) -> Self {
        let d_ici = format!("{courriel} {adresse}");
        Self::nouveaux(
            &[
                ("compte-d-ici", &d_ici, ECHECS_PAR_COMPTE),
                ("compte", courriel, ECHECS_PARTOUT),
            ],
            ("adresse", adresse),
        )
    }

    /// Codes typed for the account of this e-mail address, from this visitor's address.
    pub fn code(courriel: &str, adresse: IpAddr) -> Self {
        Self::nouveaux(&[("code", courriel, ECHECS_PAR_COMPTE)], ("code-adresse", adresse))
    }

    fn nouveaux(du_compte: &[(&str, &str, i64)], de_l_adresse: (&str, IpAddr)) -> Self {
        let (mut cles, mut limites) = (Vec::new(), Vec::new());
        for (nature, valeur, limite) in du_compte {
            cles.push(cle(nature, &valeur.to_lowercase()));
            limites.push(*limite);
        }
        cles.push(cle(de_l_adresse.0, &de_l_adresse.1.to_string()));
        limites.push(PAR_ADRESSE);
        Self { cles, limites }
    }

    /// Refuses when there were too many.
    ///
    /// # Errors
    /// [`Erreur::TropDeRequetes`]; the database's.
    pub async fn verifier(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<(), Echec> {
        let nombres = comptes::compter_echecs(conn, &self.cles, maintenant - FENETRE).await?;
        if nombres.iter().zip(&self.limites).any(|(n, limite)| n >= limite) {
            return Err(Erreur::TropDeRequetes { attendre_s: ATTENTE_S }.into());
        }
        Ok(())
    }

    /// Counts one.
    ///
    /// # Errors
    /// The database's.
    pub async fn noter(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<(), Echec> {
        Ok(comptes::noter_echec(conn, &self.cles, maintenant, maintenant - OUBLI).await?)
    }

    /// Forgets those of the account from here; those from elsewhere and from the visitor's address stay.
    ///
    /// # Errors
    /// The database's.
    pub async fn oublier(&self, conn: &mut PgConnection) -> Result<(), Echec> {
        Ok(comptes::oublier_echecs(conn, &self.cles[0]).await?)
    }
}

/// What is kept of a value counted: its hash, with what it is counted for.
pub(super) fn cle(nature: &str, valeur: &str) -> Vec<u8> {
    Sha256::digest(format!("{nature}:{valeur}").as_bytes()).to_vec()
}
