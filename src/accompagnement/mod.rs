//! The accompagnement's space (SESAN, Collectif SI): the registry of its régions, the webinars it holds.

pub mod annulation_webinaire;
pub mod fiche_webinaire;
pub mod presences;
pub mod repertoire;
pub mod retrait_inscription;
mod saisie_webinaire;
pub mod suivi_webinaire;
pub mod webinaires;
