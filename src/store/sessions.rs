//! Sessions: a random token in a cookie, its SHA-256 here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::comptes::ligne_compte;
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
    /// Whether a second factor was shown when it was opened.
    pub forte: bool,
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
        "select c.id, c.courriel, c.nom, c.profil, c.og, c.role_og, c.regions, c.etat, s.jeton_csrf, s.vue_le, s.forte
         from session s join compte c on c.id = s.compte_id
         where s.cle = $1 and s.expire_le > $2 and s.vue_le > $3",
        cle,
        maintenant,
        inactive_avant
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(|l| {
        let compte = ligne_compte!(l).compte()?;
        Some(Session {
            compte,
            jeton_csrf: l.jeton_csrf,
            vue_le: l.vue_le,
            forte: l.forte,
        })
    }))
}

/// A session to open.
#[derive(Debug)]
pub struct NouvelleSession<'a> {
    /// SHA-256 of the cookie.
    pub cle: &'a [u8],
    /// Whose.
    pub compte: Uuid,
    /// Its anti-forgery token.
    pub jeton_csrf: &'a [u8],
    /// Family of the browser.
    pub navigateur: &'a str,
    /// Whether a second factor was shown.
    pub forte: bool,
    /// The provider's identity token, when it vouched for the log-in.
    pub jeton_identite: Option<&'a str>,
    /// When it ends, however busy.
    pub expire_le: DateTime<Utc>,
}

/// Opens a session and sweeps the expired ones.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, s: &NouvelleSession<'_>, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with perimees as (delete from session where expire_le < $4)
         insert into session (cle, compte_id, jeton_csrf, navigateur, forte, jeton_identite, cree_le, vue_le, expire_le)
         values ($1, $2, $3, $6, $7, $8, $4, $4, $5)",
        s.cle,
        s.compte,
        s.jeton_csrf,
        maintenant,
        s.expire_le,
        s.navigateur,
        s.forte,
        s.jeton_identite
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The provider's identity token of the session of this key, when it vouched for its log-in.
///
/// # Errors
/// The database's.
pub async fn load_jeton_identite(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<Option<String>> {
    let jeton = sqlx::query_scalar!("select jeton_identite from session where cle = $1", cle)
        .fetch_optional(conn)
        .await?;
    Ok(jeton.flatten())
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

/// A session in the list of its account.
#[derive(Debug)]
pub struct Ouverte {
    /// Its number.
    pub id: Uuid,
    /// Whether it is that of the key given.
    pub celle_ci: bool,
    /// Family of the browser; empty when it was not noted.
    pub navigateur: String,
    /// When it was opened.
    pub cree_le: DateTime<Utc>,
    /// When it was last seen, at the grain of [`toucher`].
    pub vue_le: DateTime<Utc>,
}

/// The sessions of an account that are still good, the last seen first.
///
/// # Errors
/// The database's.
pub async fn list(
    conn: &mut PgConnection,
    compte: Uuid,
    cle: &[u8],
    maintenant: DateTime<Utc>,
    inactive_avant: DateTime<Utc>,
) -> sqlx::Result<Vec<Ouverte>> {
    sqlx::query_as!(
        Ouverte,
        r#"select id, cle = $2 as "celle_ci!", navigateur, cree_le, vue_le from session
           where compte_id = $1 and expire_le > $3 and vue_le > $4 order by vue_le desc, id"#,
        compte,
        cle,
        maintenant,
        inactive_avant
    )
    .fetch_all(conn)
    .await
}

/// Closes a session of this account by its number; nothing when it is closed already, or another account's.
///
/// # Errors
/// The database's.
pub async fn delete_une(conn: &mut PgConnection, compte: Uuid, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from session where compte_id = $1 and id = $2", compte, id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Closes every session of an account but that of this key.
///
/// # Errors
/// The database's.
pub async fn delete_autres(conn: &mut PgConnection, compte: Uuid, sauf: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from session where compte_id = $1 and cle <> $2", compte, sauf)
        .execute(conn)
        .await?;
    Ok(())
}

/// Closes every session of an account.
///
/// # Errors
/// The database's.
pub async fn delete_toutes(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from session where compte_id = $1", compte)
        .execute(conn)
        .await?;
    Ok(())
}
