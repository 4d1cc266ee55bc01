//! What things are: FINESS numbers, money, territories, sectors, dossiers and their states. Pure.

pub mod argent;
pub mod compte;
pub mod courriel;
pub mod courriel_compte;
pub mod courriel_grappe;
pub mod courriel_modele;
pub mod dossier;
pub mod finess;
pub mod masque;
pub mod modele;
pub mod nomenclature;
pub mod participation;
pub mod territoire;
pub mod texte;
pub mod webinaire;
