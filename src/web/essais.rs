//! How often one may try a password or a code. Counted by what is tried and by the visitor's address, as hashes.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::echec::Echec;
use super::quota::{self, Limite, Trop};
use crate::store::comptes;

/// Attempts are counted over this long.
const FENETRE: TimeDelta = TimeDelta::minutes(15);
/// The longest that anything is counted over, by any form: before that, nothing is kept.
const OUBLI: TimeDelta = TimeDelta::days(1);
/// A person who forgot tries a few; a machine tries more.
const ECHECS_PAR_COMPTE: i64 = 5;
/// From anywhere: whoever tries from elsewhere does not lock the account's owner out, unless from many places.
const ECHECS_PARTOUT: i64 = 50;
/// An office shares one address.
const PAR_ADRESSE: i64 = 50;

/// What is counted: first for the account, last from the visitor's address.
pub struct Essais(Vec<Limite>);

impl Essais {
    /// Passwords typed for this e-mail address, from this visitor's address.
    pub fn mot_de_passe(courriel: &str, adresse: IpAddr) -> Self {
        const DU_COMPTE: &str = "mots de passe incorrects pour cette adresse de courriel";
        let courriel = courriel.to_lowercase();
        let d_ici = format!("{courriel} {adresse}");
        Self(vec![
            limite("compte-d-ici", &d_ici, ECHECS_PAR_COMPTE, DU_COMPTE),
            limite("compte", &courriel, ECHECS_PARTOUT, DU_COMPTE),
            limite(
                "adresse",
                &adresse.to_string(),
                PAR_ADRESSE,
                "mots de passe incorrects depuis votre connexion internet",
            ),
        ])
    }

    /// Codes typed for the account of this e-mail address, from this visitor's address.
    pub fn code(courriel: &str, adresse: IpAddr) -> Self {
        Self(vec![
            limite(
                "code",
                &courriel.to_lowercase(),
                ECHECS_PAR_COMPTE,
                "codes incorrects pour ce compte",
            ),
            limite(
                "code-adresse",
                &adresse.to_string(),
                PAR_ADRESSE,
                "codes incorrects depuis votre connexion internet",
            ),
        ])
    }

    /// Whether one more may be tried.
    ///
    /// # Errors
    /// The database's; within, what there were too many of.
    pub async fn verifier(
        &self,
        conn: &mut PgConnection,
        maintenant: DateTime<Utc>,
    ) -> Result<Result<(), Trop>, Echec> {
        quota::verifier(conn, &self.0, maintenant).await
    }

    /// Counts one.
    ///
    /// # Errors
    /// The database's.
    pub async fn noter(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<(), Echec> {
        let cles: Vec<Vec<u8>> = self.0.iter().map(|l| l.cle.clone()).collect();
        Ok(comptes::noter_echec(conn, &cles, maintenant, maintenant - OUBLI).await?)
    }

    /// Forgets those of the account from here; those from elsewhere and from the visitor's address stay.
    ///
    /// # Errors
    /// The database's.
    pub async fn oublier(&self, conn: &mut PgConnection) -> Result<(), Echec> {
        Ok(comptes::oublier_echecs(conn, &self.0[0].cle).await?)
    }
}

fn limite(nature: &str, valeur: &str, nombre: i64, quoi: &'static str) -> Limite {
    Limite {
        cle: cle(nature, valeur),
        nombre,
        duree: FENETRE,
        quoi,
    }
}

/// What is kept of a value counted: its hash, with what it is counted for.
pub(super) fn cle(nature: &str, valeur: &str) -> Vec<u8> {
    Sha256::digest(format!("{nature}:{valeur}").as_bytes()).to_vec()
}
