//! HTTP plumbing that knows no business: forms, page chrome, components' data, error pages.

pub mod champ;
pub mod constat;
pub mod erreur;
pub mod exemples;
pub mod formulaire;
pub mod galerie;
pub mod gantt;
pub mod page;
pub mod ressources;
pub mod vue;
