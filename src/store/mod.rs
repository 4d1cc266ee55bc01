//! SQL: free functions on `&mut PgConnection`, one file per aggregate.

pub mod chargement;
pub mod fermeture;
pub mod fusion;
pub mod import;
pub mod journal_import;
pub mod organisme;
pub mod recherche;
pub mod registre;
pub mod solution;

/// The migrations compiled in, applied at start-up and before each test against a database.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
