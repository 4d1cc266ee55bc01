//! Pages without an account.

pub mod aap;
pub mod accessibilite;
pub mod accueil;
pub mod aide;
pub mod boite;
pub mod conditions;
pub mod contact;
pub mod contacts;
pub mod courriel;
pub mod desinscription;
pub mod faq;
pub mod glossaire;
pub mod question;
pub mod simulateur;
pub mod sources;
pub mod verification;
pub mod webinaire;
pub mod webinaires;
