//! Pages without an account.

pub mod aap;
pub mod aaps;
pub mod accessibilite;
pub mod accueil;
pub mod aide;
pub mod boite;
pub mod calendrier;
pub mod cartes;
pub mod comparaison;
pub mod conditions;
pub mod confidentialite;
pub mod contact;
pub mod courriel;
pub mod mentions;
pub mod plan;
pub mod regle;
pub mod regles;
pub mod regles_aap;
pub mod robots;
pub mod securite;
pub mod sources;
pub mod verification;
