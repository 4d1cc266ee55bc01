//! The porteur's space: one file per page.

pub mod accuse;
pub mod atelier;
pub mod constats;
pub mod depot;
pub mod essms;
pub mod etape;
pub mod grappe;
pub mod journal;
pub mod nouveau;
pub mod pieces;
pub mod tableau;
pub mod taches;
pub mod vues;
