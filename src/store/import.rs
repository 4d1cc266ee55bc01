//! The tables an import copies rows into.
//!
//! The staging tables are temporary, so these statements are not checked at compile time; tests run
//! every one of them.

use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;

/// The tables an import copies rows into: the staging ones, or the registry itself while it is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Establishments, straight into the registry.
    Essms,
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

impl Table {
    fn copie(self) -> &'static str {
        match self {
            Self::Essms => {
                "copy essms (finess, organisme, nom, nom_long, adresse, code_postal, commune_insee, commune,
                             departement, categorie, categorie_libelle, siret, date_ouverture,
                             date_autorisation, etat, ferme_le, longitude, latitude, maj, mots, recherche,
                             fictif, date_donnees) from stdin (format binary)"
            }
            Self::Et => "copy pg_temp.import_et from stdin (format binary)",
            Self::Ej => "copy pg_temp.import_ej from stdin (format binary)",
            Self::Lieux => "copy pg_temp.import_lieu from stdin (format binary)",
            Self::Mots => "copy pg_temp.import_mot from stdin (format binary)",
            Self::Rejets => "copy pg_temp.import_rejet_lu from stdin (format binary)",
            Self::Vus => "copy pg_temp.import_vu from stdin (format binary)",
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

/// Begins to append rows, in binary format, to a table.
///
/// # Errors
/// The database's.
pub async fn ouvrir(conn: &mut PgConnection, table: Table) -> Result<PgCopyIn<&mut PgConnection>, sqlx::Error> {
    let mut copie = conn.copy_in_raw(table.copie()).await?;
    match copie.send(EN_TETE_COPY).await {
        Ok(_) => Ok(copie),
        Err(erreur) => {
            copie.abort("copie interrompue").await?;
            Err(erreur)
        }
    }
}

/// What a COPY in binary format begins with: signature, no flag, no extension.
const EN_TETE_COPY: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

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
