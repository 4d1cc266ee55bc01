//! Portail Grappes ESMS numérique.

pub mod domain;
pub mod registry;
pub mod rules;
pub mod store;
