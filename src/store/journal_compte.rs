//! Who did what to whom among the accounts of an OG.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::OrganismeGere;
use crate::domain::finess::Finess;

/// An entry.
#[derive(Debug)]
pub struct Entree {
    /// When.
    pub survenu_le: DateTime<Utc>,
    /// Name of the person, as it was.
    pub auteur: String,
    /// What was done, in words people read.
    pub action: String,
}

/// Writes an entry. In the same transaction as what it tells.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, id: Uuid, og: Finess, entree: &Entree) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into journal_compte (id, og, survenu_le, auteur, action) values ($1, $2, $3, $4, $5)",
        id,
        og.as_str(),
        entree.survenu_le,
        entree.auteur,
        entree.action
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Entries of a page.
pub const PAR_PAGE: i64 = 50;

/// A page of entries (from 0), the last first, and how many there are.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &OrganismeGere, page: i64) -> sqlx::Result<(Vec<Entree>, i64)> {
    let og = acces.og();
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!" from journal_compte where og = $1"#,
        og.as_str()
    )
    .fetch_one(&mut *conn)
    .await?;
    let entrees = sqlx::query_as!(
        Entree,
        "select survenu_le, auteur, action from journal_compte where og = $1
         order by survenu_le desc, id desc limit $2 offset $3",
        og.as_str(),
        PAR_PAGE,
        page.min((total - 1).max(0) / PAR_PAGE) * PAR_PAGE
    )
    .fetch_all(conn)
    .await?;
    Ok((entrees, total))
}
