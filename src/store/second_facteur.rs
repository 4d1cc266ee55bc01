//! Second factors, their recovery codes, and log-ins that wait for a code.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The second factor of an account.
#[derive(Debug, Clone)]
pub struct SecondFacteur {
    /// What its application computes codes from, 160 bits.
    pub secret: Vec<u8>,
    /// When the person showed that its application computes them; none: not in use yet.
    pub active_le: Option<DateTime<Utc>>,
    /// Recovery codes left.
    pub codes: i64,
}

/// The second factor of an account, in use or being set up.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<Option<SecondFacteur>> {
    sqlx::query_as!(
        SecondFacteur,
        r#"select secret, active_le, (select count(*) from code_secours c where c.compte_id = f.compte_id) as "codes!"
           from second_facteur f where compte_id = $1"#,
        compte
    )
    .fetch_optional(conn)
    .await
}

/// Begins to set one up with this secret; one in use stays as it is.
///
/// # Errors
/// The database's.
pub async fn preparer(conn: &mut PgConnection, compte: Uuid, secret: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into second_facteur (compte_id, secret) values ($1, $2)
         on conflict (compte_id) do update set secret = excluded.secret where second_facteur.active_le is null",
        compte,
        secret
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts it in use. False when it was already.
///
/// # Errors
/// The database's.
pub async fn activer(conn: &mut PgConnection, compte: Uuid, maintenant: DateTime<Utc>) -> sqlx::Result<bool> {
    let fait = sqlx::query!(
        "update second_facteur set active_le = $2 where compte_id = $1 and active_le is null",
        compte,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(fait.rows_affected() == 1)
}

/// Takes it off, with its recovery codes. False when there was none.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<bool> {
    sqlx::query!("delete from code_secours where compte_id = $1", compte)
        .execute(&mut *conn)
        .await?;
    let ote = sqlx::query!("delete from second_facteur where compte_id = $1", compte)
        .execute(conn)
        .await?;
    Ok(ote.rows_affected() == 1)
}

/// Uses a step of 30 s up. False when it, or a later one, was used already: of two who send one code, one gets in.
///
/// # Errors
/// The database's.
pub async fn user_pas(conn: &mut PgConnection, compte: Uuid, pas: i64) -> sqlx::Result<bool> {
    let fait = sqlx::query!(
        "update second_facteur set dernier_pas = $2 where compte_id = $1 and dernier_pas < $2",
        compte,
        pas
    )
    .execute(conn)
    .await?;
    Ok(fait.rows_affected() == 1)
}

/// Replaces the recovery codes.
///
/// # Errors
/// The database's.
pub async fn save_codes(conn: &mut PgConnection, compte: Uuid, cles: &[Vec<u8>]) -> sqlx::Result<()> {
    sqlx::query!("delete from code_secours where compte_id = $1", compte)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into code_secours (compte_id, cle) select $1, c from unnest($2::bytea[]) c",
        compte,
        cles
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a recovery code up. False when it is none of them.
///
/// # Errors
/// The database's.
pub async fn user_code(conn: &mut PgConnection, compte: Uuid, cle: &[u8]) -> sqlx::Result<bool> {
    let fait = sqlx::query!(
        "delete from code_secours where compte_id = $1 and cle = $2",
        compte,
        cle
    )
    .execute(conn)
    .await?;
    Ok(fait.rows_affected() == 1)
}

/// Keeps a log-in that waits for its code, and sweeps the expired ones.
///
/// # Errors
/// The database's.
pub async fn create_defi(
    conn: &mut PgConnection,
    cle: &[u8],
    compte: Uuid,
    jeton_identite: Option<&str>,
    maintenant: DateTime<Utc>,
    expire_le: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with perimes as (delete from defi where expire_le < $4)
         insert into defi (cle, compte_id, jeton_identite, expire_le) values ($1, $2, $3, $5)",
        cle,
        compte,
        jeton_identite,
        maintenant,
        expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A log-in that waits for its code.
#[derive(Debug)]
pub struct Defi {
    /// Whose.
    pub compte: Uuid,
    /// The provider's identity token, when one vouched for the first factor.
    pub jeton_identite: Option<String>,
}

/// The log-in of this key that waits for its code.
///
/// # Errors
/// The database's.
pub async fn load_defi(conn: &mut PgConnection, cle: &[u8], maintenant: DateTime<Utc>) -> sqlx::Result<Option<Defi>> {
    sqlx::query_as!(
        Defi,
        "select compte_id as compte, jeton_identite from defi where cle = $1 and expire_le > $2",
        cle,
        maintenant
    )
    .fetch_optional(conn)
    .await
}

/// Ends it. False when it was ended already.
///
/// # Errors
/// The database's.
pub async fn delete_defi(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<bool> {
    let ote = sqlx::query!("delete from defi where cle = $1", cle)
        .execute(conn)
        .await?;
    Ok(ote.rows_affected() == 1)
}
