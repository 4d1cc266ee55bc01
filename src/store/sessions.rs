//! Sessions: a random token in a cookie, its SHA-256 here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::comptes::LigneCompte;
use crate::domain::compte::Compte;

/// An open session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub compte: Compte,
    /// The token every form of this session carries, masked anew at each response.
    pub jeton_csrf: Vec<u8>,
    /// When it was last seen, at the grain of [`toucher`].
    pub vue_le: DateTime<Utc>,
}

/// The session of this key, unless it has expired or was idle since before `inactive_avant`.
///
/// # Errors
/// The database's.
pub async fn load(
    conn: &mut PgConnection,
    cle: &[u8],
    maintenant: DateTime<Utc>,
    inactive_avant: DateTime<Utc>,
) -> sqlx::Result<Option<Session>> {
    let ligne = sqlx::query!(
        "select c.id, c.courriel, c.nom, c.profil, c.og, c.role_og, c.regions, s.jeton_csrf, s.vue_le
         from session s join compte c on c.id = s.compte_id
         where s.cle = $1 and s.expire_le > $2 and s.vue_le > $3",
        cle,
        maintenant,
        inactive_avant
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(|l| {
        let compte = LigneCompte {
            id: l.id,
            courriel: l.courriel,
            nom: l.nom,
            profil: l.profil,
            og: l.og,
            role_og: l.role_og,
            regions: l.regions,
        }
        .compte()?;
        Some(Session {
            compte,
            jeton_csrf: l.jeton_csrf,
            vue_le: l.vue_le,
        })
    }))
}

/// Opens a session and sweeps the expired ones.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    cle: &[u8],
    compte: Uuid,
    jeton_csrf: &[u8],
    maintenant: DateTime<Utc>,
    expire_le: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with perimees as (delete from session where expire_le < $4)
         insert into session (cle, compte_id, jeton_csrf, cree_le, vue_le, expire_le) values ($1, $2, $3, $4, $4, $5)",
        cle,
        compte,
        jeton_csrf,
        maintenant,
        expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the session is in use.
///
/// # Errors
/// The database's.
pub async fn toucher(conn: &mut PgConnection, cle: &[u8], maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update session set vue_le = $2 where cle = $1", cle, maintenant)
        .execute(conn)
        .await?;
    Ok(())
}

/// Closes a session.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from session where cle = $1", cle)
        .execute(conn)
        .await?;
    Ok(())
}
