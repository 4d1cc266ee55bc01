//! Deposits: evidence, only ever added.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::acces::{DossierDeposable, DossierRetirable, Lecture, commencer, commencer_systeme};
use crate::domain::compte::Perimetre;
use crate::domain::dossier::fige::Contenu;
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
    /// Made of fictitious data.
    pub fictif: bool,
    /// When it was taken back.
    pub retire_le: Option<DateTime<Utc>>,
}

impl Depot {
    /// The frozen document, read again.
    ///
    /// # Errors
    /// When it is not what [`create`] froze.
    pub fn lire(&self) -> serde_json::Result<Contenu> {
        serde_json::from_str(&self.contenu)
    }
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

/// The dossier's last deposit, withdrawn or not.
///
/// # Errors
/// The database's.
pub async fn load_dernier(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Option<Depot>> {
    charger(conn, acces.dossier(), None).await
}

/// The dossier's deposit of this rank.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &impl Lecture, rang: i32) -> sqlx::Result<Option<Depot>> {
    charger(conn, acces.dossier(), Some(rang)).await
}

/// The same for the portal's own work, which answers nobody: the mail that holds its accusé.
///
/// # Errors
/// The database's.
pub async fn load_pour_courriel(pool: &PgPool, dossier: Uuid, rang: i32) -> sqlx::Result<Option<Depot>> {
    let mut tx = commencer_systeme(pool).await?;
    let depot = charger(&mut tx, dossier, Some(rang)).await?;
    tx.commit().await?;
    Ok(depot)
}

async fn charger(conn: &mut PgConnection, dossier: Uuid, rang: Option<i32>) -> sqlx::Result<Option<Depot>> {
    let ligne = sqlx::query!(
        r#"select p.id, p.rang, p.depose_le, p.contenu::jsonb ->> 'depose_par' as "depose_par!", p.edition_version, p.contenu,
            p.evaluation as "evaluation: Json<Evaluation>", p.sha256, d.fictif, r.retire_le as "retire_le?"
           from depot p join dossier d on d.id = p.dossier_id left join retrait r on r.depot_id = p.id
           where p.dossier_id = $1 and ($2::int is null or p.rang = $2) order by p.rang desc limit 1"#,
        dossier,
        rang
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
        fictif: l.fictif,
        retire_le: l.retire_le,
    }))
}

/// A deposit in a list.
#[derive(Debug, Clone)]
pub struct Resume {
    /// 1 for the first deposit of the dossier.
    pub rang: i32,
    /// Instant of arrival.
    pub depose_le: DateTime<Utc>,
    /// Name of the signatory.
    pub depose_par: String,
    /// When it was taken back, and by whom.
    pub retrait: Option<(DateTime<Utc>, String)>,
}

/// The deposits of a dossier, the last first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Vec<Resume>> {
    let lignes = sqlx::query!(
        r#"select p.rang, p.depose_le, p.contenu::jsonb ->> 'depose_par' as "depose_par!", r.retire_le as "retire_le?",
            nom_de_compte(r.retire_par) as retire_par
           from depot p left join retrait r on r.depot_id = p.id where p.dossier_id = $1 order by p.rang desc"#,
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    Ok(lignes
        .into_iter()
        .map(|l| Resume {
            rang: l.rang,
            depose_le: l.depose_le,
            depose_par: l.depose_par,
            retrait: l.retire_le.zip(l.retire_par),
        })
        .collect())
}

/// Takes the deposit back: it stays, as evidence, and the dossier becomes a draft again. The caller holds the lock.
///
/// # Errors
/// The database's.
pub async fn retirer(
    conn: &mut PgConnection,
    acces: &DossierRetirable,
    depot: Uuid,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into retrait (depot_id, dossier_id, retire_le, retire_par) values ($1, $2, $3, $4)",
        depot,
        acces.dossier(),
        maintenant,
        acces.compte().id
    )
    .execute(&mut *conn)
    .await?;
    // Apart: the database lets a deposited dossier change once it sees the withdrawal.
    sqlx::query!(
        "update dossier set etat = 'brouillon', modifie_le = $2 where id = $1",
        acces.dossier(),
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What whoever holds the hash of a deposit may learn of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifie {
    /// Reference of the dossier.
    pub reference: String,
    /// Code of its edition.
    pub edition: String,
    /// 1 for the first deposit.
    pub rang: i32,
    /// Instant of arrival.
    pub depose_le: DateTime<Utc>,
    /// When it was taken back.
    pub retire_le: Option<DateTime<Utc>>,
    /// When the next one replaced it.
    pub remplace_le: Option<DateTime<Utc>>,
    /// Made of fictitious data.
    pub fictif: bool,
    /// Whether its hash and those of the chain before it, computed anew, are the ones kept.
    pub intact: bool,
}

/// The deposit of this SHA-256, of whatever porteur.
///
/// # Errors
/// The database's.
pub async fn verifier(pool: &PgPool, sha256: &[u8]) -> sqlx::Result<Option<Verifie>> {
    let mut tx = commencer(pool, &Perimetre::default()).await?;
    let verifie = sqlx::query_as!(
        Verifie,
        r#"select reference as "reference!", edition as "edition!", rang as "rang!", depose_le as "depose_le!", retire_le,
            remplace_le, fictif as "fictif!", intact as "intact!" from depot_verifie($1)"#,
        sha256
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(verifie)
}
