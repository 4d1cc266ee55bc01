//! The spreadsheet of an account between its check and its confirmation.
//!
//! It waits here rather than in the page: a page that carries five thousand rows back is slow on a phone, and a
//! check that the browser could rewrite would prove nothing.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::EspaceOg;

/// A spreadsheet is checked and confirmed in one sitting, or on the next morning.
const DUREE: TimeDelta = TimeDelta::days(1);

/// A spreadsheet that waits. `T` is the table as `documents` reads it: SQL does not look into it.
#[derive(Debug, Clone)]
pub struct Attente<T> {
    /// Changes at each upload and each correction.
    pub id: Uuid,
    /// Name of the file.
    pub nom: String,
    /// Its cells.
    pub tableau: T,
    /// What each column holds, as a code; empty when nobody knows.
    pub colonnes: Vec<String>,
    /// Every column is known, or a person confirmed.
    pub confirme: bool,
}

/// The account's spreadsheet, unless it expired.
///
/// # Errors
/// The database's.
pub async fn load<T: serde::de::DeserializeOwned + Send>(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Attente<T>>> {
    let ligne = sqlx::query!(
        r#"select id, nom, tableau as "tableau: Json<serde_json::Value>", colonnes, confirme from import_essms
           where compte_id = $1 and og = $2 and expire_le > $3 for update"#,
        espace.compte().id,
        espace.og().as_str(),
        maintenant
    )
    .fetch_optional(conn)
    .await?;
    ligne
        .map(|l| {
            Ok(Attente {
                id: l.id,
                nom: l.nom,
                tableau: serde_json::from_value(l.tableau.0).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
                colonnes: l.colonnes,
                confirme: l.confirme,
            })
        })
        .transpose()
}

/// Keeps this spreadsheet in place of the account's previous one.
///
/// # Errors
/// The database's.
pub async fn save<T: serde::Serialize + Sync>(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    attente: &Attente<T>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into import_essms (compte_id, og, id, nom, tableau, colonnes, confirme, expire_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (compte_id) do update set og = excluded.og, id = excluded.id, nom = excluded.nom,
             tableau = excluded.tableau, colonnes = excluded.colonnes, confirme = excluded.confirme,
             expire_le = excluded.expire_le",
        espace.compte().id,
        espace.og().as_str(),
        attente.id,
        attente.nom,
        Json(&attente.tableau) as _,
        &attente.colonnes,
        attente.confirme,
        maintenant + DUREE
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets the account's spreadsheet.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, espace: &EspaceOg) -> sqlx::Result<()> {
    sqlx::query!("delete from import_essms where compte_id = $1", espace.compte().id)
        .execute(conn)
        .await
        .map(drop)
}
