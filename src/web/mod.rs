//! HTTP plumbing that knows no business: forms, page chrome, components' data, error pages.

pub mod erreur;
pub mod formulaire;
pub mod galerie;
pub mod gantt;
pub mod page;
pub mod vue;
