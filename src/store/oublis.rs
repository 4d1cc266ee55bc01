//! What is kept of people who have no account is erased when it has served, whether or not anybody comes.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use super::acces::commencer_systeme;

/// Days that a mail to somebody without account is kept once it left, or was given up: long enough to answer who asks what became
/// of a question.
pub const COURRIELS_JOURS: i64 = 90;

/// Erases the sign-ups that nobody confirmed, the uploads that nobody confirmed, and the old mails to people without account.
///
/// # Errors
/// The database's.
pub async fn effacer(pool: &PgPool, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = commencer_systeme(pool).await?;
    sqlx::query!("delete from inscription where expire_le < $1", maintenant)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from import_essms where expire_le < $1", maintenant)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "with partis as (
            delete from courriel m using travail t
            where t.id = m.travail_id and m.adresse is not null and m.cree_le < $1 and t.etat <> 'attente' and t.fini_le < $1
            returning m.travail_id)
         delete from travail where id in (select travail_id from partis)",
        maintenant - TimeDelta::days(COURRIELS_JOURS)
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
