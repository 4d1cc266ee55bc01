//! The ARS instructor's space: one file per page.

pub mod differences;
pub mod dossier;
pub mod liste;
pub mod modele;
pub mod proposer;
