//! The staging tables of an import.
//!
//! The staging tables are temporary, so these statements are not checked at compile time; tests run
//! every one of them.

use sqlx::PgConnection;

/// The staging tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brouillon {
    /// Establishments.
    Et,
    /// Legal entities.
    Ej,
    /// Places.
    Lieux,
    /// Words.
    Mots,
    /// Rejected lines.
    Rejets,
    /// Numbers of rejected establishments.
    Vus,
}

impl Brouillon {
    fn copie(self) -> &'static str {
        match self {
            Self::Et => "copy pg_temp.import_et from stdin",
            Self::Ej => "copy pg_temp.import_ej from stdin",
            Self::Lieux => "copy pg_temp.import_lieu from stdin",
            Self::Mots => "copy pg_temp.import_mot from stdin",
            Self::Rejets => "copy pg_temp.import_rejet_lu from stdin",
            Self::Vus => "copy pg_temp.import_vu from stdin",
        }
    }
}

/// Any number does: it only has to be the same for every import.
const VERROU: i64 = 0x00F1_4E55;

/// Waits for any other import to end, then makes the staging tables.
///
/// # Errors
/// The database's.
pub async fn preparer(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", VERROU)
        .execute(&mut *conn)
        .await?;
    for instruction in [
        "set local work_mem = '64MB'",
        // A small sample is enough to choose between joining and looking up; autovacuum measures the
        // registry in full afterwards.
        "set local default_statistics_target = 10",
        "create temporary table import_et (
             ligne bigint, finess text collate \"C\", organisme text collate \"C\", nom text, nom_long text,
             adresse text, code_postal text, commune_insee text, commune text, departement text,
             categorie text, categorie_libelle text, siret text, date_ouverture date,
             date_autorisation date, ferme boolean, ferme_le date, longitude double precision,
             latitude double precision, maj date, mots text) on commit drop",
        "create temporary table import_ej (
             ligne bigint, finess text collate \"C\", raison_sociale text, raison_longue text, siren text,
             statut_juridique text, statut_libelle text, adresse text, code_postal text, commune text,
             departement text, date_creation date, ferme boolean, ferme_le date, mots text) on commit drop",
        "create temporary table import_lieu (
             ligne bigint, finess text collate \"C\", longitude double precision, latitude double precision)
             on commit drop",
        "create temporary table import_mot (mot text collate \"C\") on commit drop",
        "create temporary table import_rejet_lu (ligne bigint, motif text, extrait text) on commit drop",
        "create temporary table import_vu (finess text collate \"C\") on commit drop",
    ] {
        sqlx::query(instruction).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Appends rows in COPY text format to a staging table.
///
/// # Errors
/// The database's.
pub async fn copier(conn: &mut PgConnection, table: Brouillon, octets: Vec<u8>) -> Result<(), sqlx::Error> {
    if octets.is_empty() {
        return Ok(());
    }
    let mut copie = conn.copy_in_raw(table.copie()).await?;
    if let Err(erreur) = copie.send(octets).await {
        copie.abort("copie interrompue").await?;
        return Err(erreur);
    }
    copie.finish().await.map(drop)
}

/// Tells the planner what the staging tables hold: nothing else does, for temporary tables.
///
/// # Errors
/// The database's.
pub async fn mesurer(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("analyze pg_temp.import_et, pg_temp.import_ej, pg_temp.import_lieu, pg_temp.import_mot")
        .execute(conn)
        .await
        .map(drop)
}

/// Empties the staging tables before the next file.
///
/// # Errors
/// The database's.
pub async fn vider(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "truncate pg_temp.import_et, pg_temp.import_ej, pg_temp.import_lieu, pg_temp.import_mot,
                  pg_temp.import_rejet_lu, pg_temp.import_vu",
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Refreshes what the planner knows, before the import is committed.
///
/// # Errors
/// The database's.
pub async fn analyser(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("analyze essms, organisme, mot")
        .execute(conn)
        .await
        .map(drop)
}
