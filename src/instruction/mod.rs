//! The ARS instructor's space: one file per page.

pub mod dossier;
pub mod liste;
