//! What an import says: while it runs, when it is done, when it fails.

pub use crate::store::envoi_import::Progression;
pub use crate::store::journal_import::{Famille, RapportFichier, Rejet};

/// What to do of the establishments that a file no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fermetures {
    /// Close them, as far as the file is evidently complete; refuse a suspicious mass.
    #[default]
    Prudentes,
    /// Close none: the file is an extract.
    Aucune,
    /// Close them all, whatever their number.
    Toutes,
}

/// How to import.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who asks: an account's e-mail, or « ligne de commande ».
    pub par: String,
    /// What to do of the establishments that disappeared.
    pub fermetures: Fermetures,
}

/// Report of an import: one per file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rapport {
    /// In the order read.
    pub fichiers: Vec<RapportFichier>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportErreur {
    /// The file cannot be read to its end.
    #[error("{fichier}\u{a0}: lecture impossible ({cause})")]
    Lecture {
        /// Name of the file.
        fichier: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A broken archive.
    #[error("{fichier}\u{a0}: archive zip illisible ({cause})")]
    Archive {
        /// Name of the file.
        fichier: String,
        /// What is wrong.
        cause: zip::result::ZipError,
    },
    /// Neither family.
    #[error(
        "{fichier}\u{a0}: ni un extrait FINESS (première ligne «\u{a0}finess;etalab;… ;AAAA-MM-JJ\u{a0}»), ni un fichier FINESS+"
    )]
    NonReconnu {
        /// Name of the file.
        fichier: String,
    },
    /// A JSON document that is broken or not of the right shape.
    #[error("{fichier}\u{a0}: JSON illisible ({cause})")]
    Json {
        /// Name of the file.
        fichier: String,
        /// What is wrong and where.
        cause: serde_json::Error,
    },
    /// A JSON document without its date.
    #[error("{fichier}\u{a0}: date «\u{a0}generatedAt\u{a0}» absente ou illisible")]
    SansDate {
        /// Name of the file.
        fichier: String,
    },
    /// Not one line could be used.
    #[error("{fichier}\u{a0}: aucune ligne exploitable sur {lus}\u{a0}; première raison\u{a0}: {motif}")]
    RienDExploitable {
        /// Name of the file.
        fichier: String,
        /// Lines read.
        lus: i64,
        /// Why the first one was rejected.
        motif: String,
    },
    /// Too many establishments would close.
    #[error(
        "{fichier}\u{a0}: {fermetures} établissements ouverts sur {ouverts} seraient fermés, car absents du fichier. \
         S’il s’agit d’un extrait partiel, demandez « aucune » fermeture ; sinon, confirmez par « toutes »"
    )]
    FermetureMassive {
        /// Name of the file.
        fichier: String,
        /// Establishments that would close.
        fermetures: i64,
        /// Among how many.
        ouverts: i64,
    },
    /// More numbers than any registry of France can hold.
    #[error("plus d’un million de numéros\u{a0}: ce n’est pas un fichier FINESS")]
    TropDeNumeros,
    /// The reading thread stopped without saying why.
    #[error("lecture interrompue")]
    Interrompue,
    /// The database's.
    #[error("base de données\u{a0}: {0}")]
    Base(#[from] sqlx::Error),
}
