//! Log-ins by an identity provider: visitors on their way, and whom the provider's subjects are here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A visitor sent to the identity provider.
#[derive(Debug)]
pub struct Voyage {
    /// What its identity token has to repeat.
    pub nonce: String,
    /// PKCE: what proves that who comes back is who left.
    pub verificateur: String,
    /// Page asked for before the log-in; may be empty.
    pub retour: String,
}

/// Keeps a visitor on its way, and sweeps those who never came back.
///
/// # Errors
/// The database's.
pub async fn create_voyage(
    conn: &mut PgConnection,
    cle: &[u8],
    voyage: &Voyage,
    maintenant: DateTime<Utc>,
    expire_le: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with perimes as (delete from connexion_deleguee where expire_le < $5)
         insert into connexion_deleguee (cle, nonce, verificateur, retour, expire_le) values ($1, $2, $3, $4, $6)",
        cle,
        voyage.nonce,
        voyage.verificateur,
        voyage.retour,
        maintenant,
        expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The visitor of this key, who comes back once.
///
/// # Errors
/// The database's.
pub async fn take_voyage(
    conn: &mut PgConnection,
    cle: &[u8],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Voyage>> {
    sqlx::query_as!(
        Voyage,
        "delete from connexion_deleguee where cle = $1 and expire_le > $2 returning nonce, verificateur, retour",
        cle,
        maintenant
    )
    .fetch_optional(conn)
    .await
}

/// The account of a provider's subject.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, emetteur: &str, sujet: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select compte_id from identite where emetteur = $1 and sujet = $2",
        emetteur,
        sujet
    )
    .fetch_optional(conn)
    .await
}

/// Says whom a provider's subject is. False when it was said already.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    emetteur: &str,
    sujet: &str,
    compte: Uuid,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let fait = sqlx::query!(
        "insert into identite (emetteur, sujet, compte_id, liee_le) values ($1, $2, $3, $4) on conflict do nothing",
        emetteur,
        sujet,
        compte,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(fait.rows_affected() == 1)
}
