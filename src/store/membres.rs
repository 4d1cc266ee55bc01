//! The accounts of an OG. What would leave it without signatory is refused, under a lock that every change of role and every
//! removal takes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::MembreGere;
use super::sessions;
use crate::domain::compte::{EtatCompte, RoleOg};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// An account of an OG.
#[derive(Debug, Clone)]
pub struct Membre {
    /// Its number.
    pub id: Uuid,
    /// The person's name.
    pub nom: String,
    /// Its address.
    pub courriel: String,
    /// What it may do; nothing yet while it waits.
    pub role: RoleOg,
    /// Where it stands.
    pub etat: EtatCompte,
    /// When one of its open sessions was last seen.
    pub vu_le: Option<DateTime<Utc>>,
}

/// Why an account is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum RefusMembre {
    /// The OG would have no signatory any more.
    #[error("l’organisme n’aurait plus de signataire")]
    DernierSignataire,
    /// It is no longer in use, or who asks no longer signs.
    #[error("le compte ou le rôle a changé entre-temps")]
    Change,
    /// The database's.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// The accounts of an OG, in use or waiting for an approval, by name.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, og: Finess) -> sqlx::Result<Vec<Membre>> {
    chercher(conn, og, None).await
}

/// One of them, in use.
///
/// # Errors
/// The database's.
pub(super) async fn load(conn: &mut PgConnection, og: Finess, id: Uuid) -> sqlx::Result<Option<Membre>> {
    let membre = chercher(conn, og, Some(id)).await?.pop();
    Ok(membre.filter(|m| m.etat == EtatCompte::Actif))
}

async fn chercher(conn: &mut PgConnection, og: Finess, id: Option<Uuid>) -> sqlx::Result<Vec<Membre>> {
    let lignes = sqlx::query!(
        r#"select c.id, c.nom, c.courriel, c.role_og as "role!", c.etat,
               (select max(s.vue_le) from session s where s.compte_id = c.id) as vu_le
           from compte c where c.og = $1 and c.etat <> 'retire' and ($2::uuid is null or c.id = $2)
           order by lower(c.nom), c.id"#,
        og.as_str(),
        id
    )
    .fetch_all(conn)
    .await?;
    let membres = lignes.into_iter().filter_map(|l| {
        Some(Membre {
            id: l.id,
            nom: l.nom,
            courriel: l.courriel,
            role: RoleOg::depuis(&l.role)?,
            etat: EtatCompte::depuis(&l.etat)?,
            vu_le: l.vu_le,
        })
    });
    Ok(membres.collect())
}

/// Locks the accounts of the OG, so that two signatories who demote each other at the same moment do it one after the other.
/// Then checks again what the capability rested on.
async fn verrouiller(conn: &mut PgConnection, acces: &MembreGere, reste: bool) -> Result<(), RefusMembre> {
    let og = acces.og();
    let actifs = sqlx::query!(
        r#"select id, role_og = 'depot' as "signe!" from compte where og = $1 and etat = 'actif'
           order by id for no key update"#,
        og.as_str()
    )
    .fetch_all(conn)
    .await?;
    let vise = acces.membre().id;
    let present = actifs.iter().any(|c| c.id == vise);
    let autorise = actifs.iter().any(|c| c.id == acces.compte().id && c.signe);
    if !present || !autorise {
        return Err(RefusMembre::Change);
    }
    if !reste && !actifs.iter().any(|c| c.signe && c.id != vise) {
        return Err(RefusMembre::DernierSignataire);
    }
    Ok(())
}

/// Changes what an account may do, and closes its sessions: a token never survives a change of rights.
///
/// # Errors
/// [`RefusMembre`].
pub async fn changer_role(conn: &mut PgConnection, acces: &MembreGere, role: RoleOg) -> Result<(), RefusMembre> {
    let og = acces.og();
    verrouiller(conn, acces, role == RoleOg::Depot).await?;
    sqlx::query!(
        "update compte set role_og = $3 where id = $1 and og = $2",
        acces.membre().id,
        og.as_str(),
        role.code()
    )
    .execute(&mut *conn)
    .await?;
    sessions::delete_toutes(conn, acces.membre().id).await?;
    Ok(())
}

/// Takes an account out of the OG, and closes its sessions.
///
/// # Errors
/// [`RefusMembre`].
pub async fn retirer(conn: &mut PgConnection, acces: &MembreGere) -> Result<(), RefusMembre> {
    let og = acces.og();
    verrouiller(conn, acces, false).await?;
    sqlx::query!(
        "update compte set etat = 'retire' where id = $1 and og = $2",
        acces.membre().id,
        og.as_str()
    )
    .execute(&mut *conn)
    .await?;
    sessions::delete_toutes(conn, acces.membre().id).await?;
    Ok(())
}
