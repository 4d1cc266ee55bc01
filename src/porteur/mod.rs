//! The porteur's space: one file per page, and what pages share ([`atelier`], [`cadre`], [`vues`]).

pub mod abandon;
pub mod accuse;
pub mod atelier;
pub mod cadre;
pub mod collage;
pub mod comparaison;
pub mod composition;
pub mod constats;
pub mod depot;
pub mod envoi;
mod essai;
pub mod essms;
pub mod et_si;
pub mod etape;
pub mod grappe;
pub mod journal;
pub mod lignes;
pub mod nouveau;
pub mod pieces;
pub mod remede;
pub mod tableau;
pub mod taches;
pub mod vues;
