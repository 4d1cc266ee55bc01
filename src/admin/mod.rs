//! The administrator's space: one file per page.

pub mod accueil;
pub mod courriels;
pub mod import;
pub mod imports;
pub mod rejets;
