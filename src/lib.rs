//! Portail Grappes ESMS numérique.

pub mod domain;
pub mod rules;
pub mod simulation;
