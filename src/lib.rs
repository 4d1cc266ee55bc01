//! Portail Grappes ESMS numérique.

pub mod accounts;
pub mod domain;
pub mod porteur;
pub mod registry;
pub mod rules;
pub mod store;
pub mod web;
