//! Capability on a model: an instructor follows what its région offered, whatever became of the dossier since.

use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{Lecture, Refus, commencer};
use crate::domain::compte::{Compte, Profil};

/// An instructor of its région follows this model.
#[derive(Debug, Clone)]
pub struct ModeleInstruit {
    modele: Uuid,
    dossier: Uuid,
    compte: Compte,
}

impl ModeleInstruit {
    /// The model.
    pub fn modele(&self) -> Uuid {
        self.modele
    }

    /// A transaction with the account's scope.
    ///
    /// # Errors
    /// The database's.
    pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
        commencer(pool, &self.compte.perimetre()).await
    }
}

impl Lecture for ModeleInstruit {
    fn dossier(&self) -> Uuid {
        self.dossier
    }

    fn compte(&self) -> &Compte {
        &self.compte
    }
}

/// # Errors
/// [`Refus::Absent`] unless the account is an instructor and the model is of its région.
pub async fn instruit(pool: &PgPool, compte: &Compte, modele: Uuid) -> Result<ModeleInstruit, Refus> {
    if !matches!(compte.profil, Profil::Ars { .. }) {
        return Err(Refus::Absent);
    }
    let mut tx = commencer(pool, &compte.perimetre()).await?;
    let dossier = sqlx::query_scalar!("select dossier_id from modele where id = $1", modele)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(ModeleInstruit {
        modele,
        dossier: dossier.ok_or(Refus::Absent)?,
        compte: compte.clone(),
    })
}
