//! Attempts to import: each has its row from its beginning, so that a refused or interrupted one is in
//! the history, and any portal that serves the database can say where it stands.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::journal_import::{RapportFichier, Rejet, lister_rapports};

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EtatEnvoi {
    /// Its transaction is open.
    EnCours,
    /// Committed.
    Reussi,
    /// Nothing was changed, for this reason.
    Refuse(String),
    /// The portal that led it stopped: nothing was changed.
    Interrompu,
}

/// What was read so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progression {
    /// File at hand.
    pub fichier: String,
    /// Lines, or entities, read of it so far.
    pub lus: i64,
    /// Lines rejected so far.
    pub rejetes: i64,
    /// Bytes of the file read so far, as it is on disk.
    pub octets: i64,
    /// Size of the file on disk.
    pub octets_total: i64,
    /// Reading is over; the registry is being changed.
    pub fusion: bool,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envoi {
    /// Its identifier.
    pub id: Uuid,
    /// Who asked.
    pub par: String,
    /// Names of the files given.
    pub fichiers: Vec<String>,
    /// When it began.
    pub commence_le: DateTime<Utc>,
    /// Where it stands.
    pub etat: EtatEnvoi,
    /// What was read.
    pub progression: Progression,
    /// Reports of the files imported: none as long as it has not succeeded.
    pub rapports: Vec<RapportFichier>,
}

/// Any number does: with the attempt's, it makes the lock that its transaction holds.
const VERROU: i32 = 0x0F1_4E56;

/// Begins an attempt.
///
/// # Errors
/// The database's.
pub async fn ouvrir(conn: &mut PgConnection, par: &str, fichiers: &[String]) -> Result<Uuid, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into import_envoi (id, par, fichiers) values (gen_random_uuid(), $1, $2) returning id",
        par,
        fichiers
    )
    .fetch_one(conn)
    .await
}

/// Says, until the transaction ends, that the attempt is going on: the lock leaves with the connection,
/// however the portal stops.
///
/// # Errors
/// The database's.
pub async fn tenir(conn: &mut PgConnection, envoi: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock($1, hashtext($2))",
        VERROU,
        envoi.to_string()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Notes where an attempt stands, unless it is over.
///
/// # Errors
/// The database's.
pub async fn avancer(conn: &mut PgConnection, envoi: Uuid, p: &Progression) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update import_envoi set fichier = $2, lus = $3, rejetes = $4, octets = $5, octets_total = $6, fusion = $7
         where id = $1 and termine_le is null",
        envoi,
        p.fichier,
        p.lus,
        p.rejetes,
        p.octets,
        p.octets_total,
        p.fusion
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Ends an attempt that succeeded, in its own transaction.
///
/// # Errors
/// The database's.
pub async fn terminer(conn: &mut PgConnection, envoi: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update import_envoi set termine_le = clock_timestamp() where id = $1",
        envoi
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Ends an attempt that changed nothing, with the reason and the lines rejected before it.
///
/// # Errors
/// The database's.
pub async fn refuser(
    conn: &mut PgConnection,
    envoi: Uuid,
    motif: &str,
    progression: &Progression,
    rejets: &[Rejet],
) -> Result<(), sqlx::Error> {
    avancer(conn, envoi, progression).await?;
    let lignes: Vec<i64> = rejets.iter().map(|r| r.ligne).collect();
    let motifs: Vec<String> = rejets.iter().map(|r| r.motif.clone()).collect();
    let extraits: Vec<String> = rejets.iter().map(|r| r.extrait.clone()).collect();
    sqlx::query!(
        "with fin as (update import_envoi set termine_le = clock_timestamp(), refus = $2 where id = $1)
         insert into import_rejet (envoi, fichier, ligne, motif, extrait)
         select $1, $3, r.ligne, r.motif, r.extrait
         from unnest($4::bigint[], $5::text[], $6::text[]) as r (ligne, motif, extrait)",
        envoi,
        motif,
        progression.fichier,
        &lignes,
        &motifs,
        &extraits
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The last attempts, the latest first.
///
/// # Errors
/// The database's.
pub async fn lister(conn: &mut PgConnection, limite: i64) -> Result<Vec<Envoi>, sqlx::Error> {
    charger(conn, None, limite).await
}

/// One attempt.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, envoi: Uuid) -> Result<Option<Envoi>, sqlx::Error> {
    Ok(charger(conn, Some(envoi), 1).await?.pop())
}

async fn charger(conn: &mut PgConnection, envoi: Option<Uuid>, limite: i64) -> Result<Vec<Envoi>, sqlx::Error> {
    let lignes = sqlx::query!(
        // A lock that can be had is held by no transaction. An attempt that just began may not hold it yet.
        r#"select id, par, fichiers, commence_le, termine_le, refus, fichier, lus, rejetes, octets, octets_total,
                  fusion,
                  case when termine_le is null and commence_le < now() - interval '10 seconds'
                       then pg_try_advisory_xact_lock_shared($3, hashtext(id::text)) else false end as "libre!"
           from import_envoi where $1::uuid is null or id = $1 order by commence_le desc, id limit $2"#,
        envoi,
        limite,
        VERROU
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = lignes.iter().map(|l| l.id).collect();
    let mut rapports = lister_rapports(conn, &ids).await?;
    let envois = lignes.into_iter().map(|l| Envoi {
        id: l.id,
        par: l.par,
        fichiers: l.fichiers,
        commence_le: l.commence_le,
        etat: match (l.termine_le, l.refus, l.libre) {
            (_, Some(motif), _) => EtatEnvoi::Refuse(motif),
            (Some(_), None, _) => EtatEnvoi::Reussi,
            (None, None, true) => EtatEnvoi::Interrompu,
            (None, None, false) => EtatEnvoi::EnCours,
        },
        progression: Progression {
            fichier: l.fichier,
            lus: l.lus,
            rejetes: l.rejetes,
            octets: l.octets,
            octets_total: l.octets_total,
            fusion: l.fusion,
        },
        rapports: rapports.extract_if(.., |r| r.envoi == l.id).collect(),
    });
    Ok(envois.collect())
}
