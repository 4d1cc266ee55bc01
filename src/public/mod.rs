//! Pages without an account.

pub mod aap;
pub mod accessibilite;
pub mod accueil;
pub mod aide;
pub mod boite;
pub mod conditions;
pub mod contact;
pub mod courriel;
pub mod simulateur;
pub mod sources;
pub mod verification;
