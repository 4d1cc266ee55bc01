//! The drafts whose window closes soon, and whom to remind.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::acces::commencer_systeme;
use super::comptes::{LigneCompte, codes_depuis};
use crate::domain::compte::{Compte, RoleOg};

/// A draft and one of the persons who write it.
#[derive(Debug, Clone)]
pub struct ARappeler {
    /// The draft.
    pub dossier: Uuid,
    /// Code of its edition.
    pub edition: String,
    /// When it was opened.
    pub cree_le: DateTime<Utc>,
    /// An account of its porteur that may write it, and wants reminders.
    pub compte: Compte,
}

/// The drafts of these editions with each person to remind, draft by draft. What is neither a draft nor alive any
/// more is left out here, and nowhere else.
///
/// # Errors
/// The database's.
pub async fn list(pool: &PgPool, editions: &[String]) -> sqlx::Result<Vec<ARappeler>> {
    let mut tx = commencer_systeme(pool).await?;
    let lignes = sqlx::query!(
        "select d.id as dossier, d.edition, d.cree_le, c.id, c.courriel, c.nom, c.profil, c.og, c.role_og, c.regions, c.etat
         from dossier d join compte c on c.og = d.porteur and c.etat = 'actif' and c.role_og = any ($2)
         where d.etat = 'brouillon' and d.abandonne_le is null and d.edition = any ($1)
           and not exists (select from preference_courriel p
                           where p.compte_id = c.id and p.sorte = 'echeances' and p.rythme = 'jamais')
         order by d.id, c.id",
        editions,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let a_rappeler = lignes.into_iter().filter_map(|l| {
        let compte = LigneCompte {
            id: l.id,
            courriel: l.courriel,
            nom: l.nom,
            profil: l.profil,
            og: l.og,
            role_og: l.role_og,
            regions: l.regions,
            etat: l.etat,
        };
        Some(ARappeler {
            dossier: l.dossier,
            edition: l.edition,
            cree_le: l.cree_le,
            compte: compte.compte()?,
        })
    });
    Ok(a_rappeler.collect())
}
