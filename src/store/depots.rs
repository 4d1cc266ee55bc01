//! Deposits: evidence, only ever added.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::{DossierDeposable, Lecture};
use crate::rules::evaluation::Evaluation;

/// A deposit as it was frozen.
#[derive(Debug, Clone)]
pub struct Depot {
    /// Its identifier.
    pub id: Uuid,
    /// 1 for the first deposit of the dossier.
    pub rang: i32,
    /// Instant of arrival, by the server's clock.
    pub depose_le: DateTime<Utc>,
    /// Name of the signatory.
    pub depose_par: String,
    /// Version of the edition under which it was judged.
    pub edition_version: i32,
    /// The frozen document, exactly the bytes that were hashed.
    pub contenu: String,
    /// The frozen evaluation.
    pub evaluation: Evaluation,
    /// SHA-256 of `contenu`.
    pub sha256: Vec<u8>,
}

/// What a deposit freezes.
#[derive(Debug)]
pub struct AFiger<'a> {
    /// Its identifier.
    pub id: Uuid,
    /// Code of the edition.
    pub edition: &'a str,
    /// Its version.
    pub edition_version: i32,
    /// The document to freeze.
    pub contenu: &'a str,
    /// The evaluation to freeze.
    pub evaluation: &'a Evaluation,
    /// SHA-256 of `contenu`.
    pub sha256: &'a [u8],
    /// Hash of the previous deposit.
    pub precedent: Option<&'a [u8]>,
    /// 1 for the first deposit.
    pub rang: i32,
}

/// Freezes a deposit and moves the dossier to deposited.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    acces: &DossierDeposable,
    depot: &AFiger<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with passe as (update dossier set etat = 'depose', modifie_le = $4 where id = $2)
         insert into depot (id, dossier_id, rang, depose_le, depose_par, edition, edition_version, contenu, evaluation, sha256, precedent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        depot.id,
        acces.dossier(),
        depot.rang,
        maintenant,
        acces.compte().id,
        depot.edition,
        depot.edition_version,
        depot.contenu,
        Json(depot.evaluation) as _,
        depot.sha256,
        depot.precedent
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The dossier's last deposit.
///
/// # Errors
/// The database's.
pub async fn load_dernier(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Option<Depot>> {
    let ligne = sqlx::query!(
        r#"select p.id, p.rang, p.depose_le, nom_de_compte(p.depose_par) as "depose_par!", p.edition_version, p.contenu,
            p.evaluation as "evaluation: Json<Evaluation>", p.sha256
           from depot p where p.dossier_id = $1 order by p.rang desc limit 1"#,
        acces.dossier()
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.map(|l| Depot {
        id: l.id,
        rang: l.rang,
        depose_le: l.depose_le,
        depose_par: l.depose_par,
        edition_version: l.edition_version,
        contenu: l.contenu,
        evaluation: l.evaluation.0,
        sha256: l.sha256,
    }))
}
