//! Portail Grappes ESMS numérique.

pub mod base;
pub mod clock;
pub mod config;
pub mod domain;
pub mod postgres;
pub mod rules;
pub mod server;
pub mod traces;
pub mod web;
