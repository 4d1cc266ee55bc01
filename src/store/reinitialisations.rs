//! Links that set a new password.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes a link; the earlier ones of the account open nothing any more.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, cle: &[u8], compte: Uuid, expire_le: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("delete from reinitialisation where compte_id = $1", compte)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into reinitialisation (cle, compte_id, expire_le) values ($1, $2, $3)",
        cle,
        compte,
        expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose password a link sets.
#[derive(Debug, Clone)]
pub struct Titulaire {
    /// The account.
    pub compte: Uuid,
    /// Its name.
    pub nom: String,
    /// Its address.
    pub courriel: String,
}

/// Whose password the link of this key sets, unless it has expired.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, cle: &[u8], maintenant: DateTime<Utc>) -> sqlx::Result<Option<Titulaire>> {
    sqlx::query_as!(
        Titulaire,
        "select c.id as compte, c.nom, c.courriel from reinitialisation r join compte c on c.id = r.compte_id
         where r.cle = $1 and r.expire_le > $2 and c.etat <> 'retire'",
        cle,
        maintenant
    )
    .fetch_optional(conn)
    .await
}

/// Uses a link up. False when it was already.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<bool> {
    let otes = sqlx::query!("delete from reinitialisation where cle = $1", cle)
        .execute(conn)
        .await?;
    Ok(otes.rows_affected() == 1)
}

/// Takes away the link of an account, if it has one.
///
/// # Errors
/// The database's.
pub async fn delete_du_compte(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from reinitialisation where compte_id = $1", compte)
        .execute(conn)
        .await?;
    Ok(())
}
