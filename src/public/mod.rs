//! Pages without an account.

pub mod aap;
pub mod accueil;
pub mod textes;
