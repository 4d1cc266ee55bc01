//! Who did what, when, before and after.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::Lecture;

/// A field that changed, in words people read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChampChange {
    /// Name of the field in the form.
    pub champ: String,
    /// Its label.
    pub libelle: String,
    /// What it said; empty for nothing.
    pub avant: String,
    /// What it says.
    pub apres: String,
}

/// An entry to write.
#[derive(Debug)]
pub struct Entree<'a> {
    /// Its identifier: the page after the save quotes it to say what changed.
    pub id: Uuid,
    /// Who.
    pub compte: Uuid,
    /// What was done, in words people read.
    pub action: &'a str,
    /// Code of the step, when it was one.
    pub etape: Option<&'a str>,
    /// The fields that changed.
    pub champs: &'a [ChampChange],
    /// Sentences on what the save changed in the verdicts and the money.
    pub effets: &'a [String],
}

/// Writes an entry. In the same transaction as what it tells.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    dossier: Uuid,
    e: &Entree<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into journal (id, dossier_id, survenu_le, compte_id, action, etape, champs, effets)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        e.id,
        dossier,
        maintenant,
        e.compte,
        e.action,
        e.etape,
        Json(e.champs) as _,
        Json(e.effets) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An entry as it is read.
#[derive(Debug)]
pub struct Ecrit {
    /// Its identifier.
    pub id: Uuid,
    /// When.
    pub survenu_le: DateTime<Utc>,
    /// Name of the person.
    pub auteur: String,
    /// What was done.
    pub action: String,
    /// The fields that changed.
    pub champs: Vec<ChampChange>,
    /// What the save changed in the verdicts and the money.
    pub effets: Vec<String>,
}

/// How many entries a page of the journal shows: a year's work of one dossier is a few pages.
pub const PAR_PAGE: i64 = 50;

/// The dossier's entries, last first: those of the page `page` (from 0), or of the last when it is beyond.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture, page: i64) -> sqlx::Result<(Vec<Ecrit>, i64)> {
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!" from journal where dossier_id = $1"#,
        acces.dossier()
    )
    .fetch_one(&mut *conn)
    .await?;
    let page = page.min((total - 1).max(0) / PAR_PAGE);
    let lignes = sqlx::query!(
        r#"select j.id, j.survenu_le, nom_de_compte(j.compte_id) as "auteur!", j.action, j.champs as "champs: Json<Vec<ChampChange>>",
            j.effets as "effets: Json<Vec<String>>"
           from journal j where j.dossier_id = $1 order by j.survenu_le desc, j.id desc limit $2 offset $3"#,
        acces.dossier(),
        PAR_PAGE,
        page * PAR_PAGE
    )
    .fetch_all(conn)
    .await?;
    let entrees = lignes
        .into_iter()
        .map(|l| Ecrit {
            id: l.id,
            survenu_le: l.survenu_le,
            auteur: l.auteur,
            action: l.action,
            champs: l.champs.0,
            effets: l.effets.0,
        })
        .collect();
    Ok((entrees, total))
}

/// What the save of this number changed, for the page that follows it; with what the same person’s saves of the same step
/// changed since that of the number `depuis`.
///
/// # Errors
/// The database's.
pub async fn load_effets(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    id: Uuid,
    depuis: Option<Uuid>,
) -> sqlx::Result<Option<(String, Vec<String>)>> {
    let lignes = sqlx::query!(
        r#"select j.action, j.effets as "effets: Json<Vec<String>>"
           from journal j, journal d
           where d.id = $1 and d.dossier_id = $2 and j.dossier_id = $2
             and (j.id = $1
                  or (j.compte_id = d.compte_id and j.etape = d.etape and j.survenu_le <= d.survenu_le
                      and j.survenu_le >= (select p.survenu_le from journal p where p.id = $3 and p.dossier_id = $2)))
           order by j.survenu_le desc, j.id desc"#,
        id,
        acces.dossier(),
        depuis
    )
    .fetch_all(conn)
    .await?;
    let action = lignes.first().map(|l| l.action.clone());
    let effets = lignes.into_iter().rev().flat_map(|l| l.effets.0).collect();
    Ok(action.map(|action| (action, effets)))
}

/// The fields that the save of this number changed; none when the dossier has no such save.
///
/// # Errors
/// The database's.
pub async fn load_champs(conn: &mut PgConnection, acces: &impl Lecture, id: Uuid) -> sqlx::Result<Vec<ChampChange>> {
    let champs = sqlx::query_scalar!(
        r#"select champs as "champs: Json<Vec<ChampChange>>" from journal where id = $1 and dossier_id = $2"#,
        id,
        acces.dossier()
    )
    .fetch_optional(conn)
    .await?;
    Ok(champs.map(|c| c.0).unwrap_or_default())
}
