//! SQL: free functions on `&mut PgConnection`, one file per aggregate.

pub mod fusion;
pub mod import;
pub mod recherche;
pub mod registre;
pub mod solution;

/// The migrations compiled in, applied at start-up and before each test against a database.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
