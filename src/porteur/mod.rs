//! The porteur's space: one file per page, and what pages share ([`atelier`], [`cadre`], [`vues`]).

pub mod abandon;
pub mod accuse;
pub mod atelier;
pub mod cadre;
pub mod collage;
pub mod composition;
pub mod constats;
pub mod depot;
pub mod envoi;
pub mod essms;
pub mod etape;
pub mod grappe;
pub mod journal;
pub mod journal_comptes;
pub mod lignes;
pub mod membre;
pub mod nouveau;
pub mod organisme;
pub mod pieces;
pub mod retrait;
pub mod tableau;
pub mod taches;
pub mod vues;
