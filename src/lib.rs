//! Portail Grappes ESMS numérique.

pub mod accompagnement;
pub mod accounts;
pub mod admin;
pub mod base;
pub mod clock;
pub mod config;
pub mod demonstration;
pub mod domain;
pub mod instruction;
pub mod portail;
pub mod porteur;
pub mod postgres;
pub mod public;
pub mod registry;
pub mod routes;
pub mod rules;
pub mod server;
pub mod simulation;
pub mod store;
pub mod traces;
pub mod web;
