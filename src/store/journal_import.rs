//! The reports of imports: stored with each import, listed for an administrator.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::nomenclature::{Liste, liste};

liste! {
    /// The two families of files.
    Famille {
        /// Legacy extract.
        Extrait = "extrait", "Extrait FINESS (ancien format)";
        /// FINESS+ JSON.
        FinessPlus = "finess_plus", "FINESS+";
    }
}

/// Report of one file imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RapportFichier {
    /// The attempt it was given in.
    pub envoi: Uuid,
    /// Name of the file.
    pub fichier: String,
    /// Family.
    pub famille: Famille,
    /// Name of the flow, or version of the schema.
    pub flux: String,
    /// Date of the data.
    pub date_donnees: NaiveDate,
    /// Generated for demonstration.
    pub fictif: bool,
    /// Lines or entities read.
    pub lus: i64,
    /// New in the registry.
    pub nouveaux: i64,
    /// Changed, reopened included.
    pub modifies: i64,
    /// Closed because the file no longer holds them.
    pub fermes: i64,
    /// Rejected lines, and coordinates rejected alone.
    pub rejetes: i64,
    /// Coordinates put right.
    pub corriges: i64,
    /// How its bytes were read.
    pub encodage: String,
    /// What deserves to be said: an older file, an extract.
    pub remarque: Option<String>,
    /// Milliseconds spent.
    pub duree_ms: i64,
    /// When it ended.
    pub termine_le: DateTime<Utc>,
    /// Who asked.
    pub par: String,
}

/// A line that was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejet {
    /// Name of the file.
    pub fichier: String,
    /// Line of the file; for FINESS+, rank of the entity in the document.
    pub ligne: i64,
    /// Why.
    pub motif: String,
    /// Its beginning.
    pub extrait: String,
}

/// What a file carried: establishments and legal entities answer to different dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objets {
    /// Establishments.
    pub etablissements: bool,
    /// Legal entities.
    pub entites: bool,
}

/// The date of the freshest data already imported about establishments, or about legal entities.
///
/// # Errors
/// The database's.
pub async fn derniere_date(
    conn: &mut PgConnection,
    objets: Objets,
    fictif: bool,
) -> Result<Option<NaiveDate>, sqlx::Error> {
    sqlx::query_scalar!(
        "select max(date_donnees) from import_finess
         where fictif = $1 and (avec_et and $2 or avec_ej and $3)",
        fictif,
        objets.etablissements,
        objets.entites && !objets.etablissements,
    )
    .fetch_one(conn)
    .await
}

/// Stores the report and the rejected lines; gives the report back with its end.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    conn: &mut PgConnection,
    rapport: RapportFichier,
    objets: Objets,
) -> Result<RapportFichier, sqlx::Error> {
    let cree = sqlx::query!(
        // now() is the beginning of the transaction, so of the import.
        "insert into import_finess (fichier, famille, flux, date_donnees, fictif, lus, nouveaux, modifies,
                                    fermes, rejetes, corriges, avec_et, avec_ej, encodage, remarque,
                                    commence_le, termine_le, duree_ms, par, envoi)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                 now(), clock_timestamp(), $16, $17, $18)
         returning termine_le",
        rapport.fichier,
        rapport.famille.code(),
        rapport.flux,
        rapport.date_donnees,
        rapport.fictif,
        rapport.lus,
        rapport.nouveaux,
        rapport.modifies,
        rapport.fermes,
        rapport.rejetes,
        rapport.corriges,
        objets.etablissements,
        objets.entites,
        rapport.encodage,
        rapport.remarque,
        rapport.duree_ms,
        rapport.par,
        rapport.envoi,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query(
        "insert into import_rejet (envoi, fichier, ligne, motif, extrait)
         select $1, $2, ligne, motif, extrait from pg_temp.import_rejet_lu",
    )
    .bind(rapport.envoi)
    .bind(&rapport.fichier)
    .execute(conn)
    .await?;
    Ok(RapportFichier {
        termine_le: cree.termine_le,
        ..rapport
    })
}

/// The reports of the files of these attempts, in the order read.
///
/// # Errors
/// The database's.
pub async fn lister_rapports(conn: &mut PgConnection, envois: &[Uuid]) -> Result<Vec<RapportFichier>, sqlx::Error> {
    let lignes = sqlx::query!(
        "select envoi, fichier, famille, flux, date_donnees, fictif, lus, nouveaux, modifies, fermes, rejetes,
                corriges, encodage, remarque, duree_ms, termine_le, par
         from import_finess where envoi = any ($1) order by termine_le",
        envois
    )
    .fetch_all(conn)
    .await?;
    let rapports = lignes.into_iter().map(|l| RapportFichier {
        envoi: l.envoi,
        fichier: l.fichier,
        famille: Famille::depuis(&l.famille).unwrap_or(Famille::Extrait),
        flux: l.flux,
        date_donnees: l.date_donnees,
        fictif: l.fictif,
        lus: l.lus,
        nouveaux: l.nouveaux,
        modifies: l.modifies,
        fermes: l.fermes,
        rejetes: l.rejetes,
        corriges: l.corriges,
        encodage: l.encodage,
        remarque: l.remarque,
        duree_ms: l.duree_ms,
        termine_le: l.termine_le,
        par: l.par,
    });
    Ok(rapports.collect())
}

/// Rejected lines kept of a refused import: enough to mend a file, whatever its size.
const REJETS_D_UN_REFUS: i64 = 10_000;

/// The lines rejected so far, before the transaction is rolled back.
///
/// # Errors
/// The database's; a transaction that it already aborted gives none.
pub async fn rejets_lus(conn: &mut PgConnection, fichier: &str) -> Result<Vec<Rejet>, sqlx::Error> {
    let lignes: Vec<(i64, String, String)> =
        sqlx::query_as("select ligne, motif, extrait from pg_temp.import_rejet_lu order by ligne limit $1")
            .bind(REJETS_D_UN_REFUS)
            .fetch_all(conn)
            .await?;
    let rejets = lignes.into_iter().map(|(ligne, motif, extrait)| Rejet {
        fichier: fichier.to_owned(),
        ligne,
        motif,
        extrait,
    });
    Ok(rejets.collect())
}

/// Lines rejected by an import, in order: the first page, or the one that follows `apres`.
///
/// # Errors
/// The database's.
pub async fn lister_rejets(
    conn: &mut PgConnection,
    envoi: Uuid,
    apres: Option<&Rejet>,
    limite: i64,
) -> Result<Vec<Rejet>, sqlx::Error> {
    sqlx::query_as!(
        Rejet,
        // A line may be rejected for two reasons: the page resumes after both.
        "select fichier, ligne, motif, extrait from import_rejet
         where envoi = $1 and ($2::text is null or (fichier, ligne, motif) > ($2, $3::bigint, $4::text))
         order by fichier, ligne, motif limit $5",
        envoi,
        apres.map(|rejet| rejet.fichier.as_str()),
        apres.map(|rejet| rejet.ligne),
        apres.map(|rejet| rejet.motif.as_str()),
        limite
    )
    .fetch_all(conn)
    .await
}
