//! The one way into a transaction.

use sqlx::{PgPool, Postgres, SqlSafeStr, Transaction};
use tracing::Instrument;

/// Begins a transaction.
///
/// # Errors
/// The database's.
pub async fn commencer(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    commencer_par(pool, "begin").await
}

/// Begins a transaction by these statements, of which `begin` is the first.
///
/// Whoever waits for it may leave (a browser that goes elsewhere drops its request), but the beginning goes on to its end
/// without them, and is rolled back. Left in its middle, sqlx 0.9.0 would give the connection to the next request inside
/// that transaction: under the role of another one, and what it wrote would never be committed.
///
/// # Errors
/// The database's.
pub(super) async fn commencer_par(
    pool: &PgPool,
    ouverture: impl SqlSafeStr,
) -> sqlx::Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let ouverture = ouverture.into_sql_str();
    let debut = async move { pool.begin_with(ouverture).await };
    match tokio::spawn(debut.in_current_span()).await {
        Ok(transaction) => transaction,
        Err(fin) if fin.is_panic() => std::panic::resume_unwind(fin.into_panic()),
        // The portal stops.
        Err(_) => Err(sqlx::Error::PoolClosed),
    }
}
