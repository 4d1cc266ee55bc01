//! HTTP plumbing that knows no business: sessions, forms, page chrome, components' data, error pages, health.

pub mod acces;
pub mod adresse;
pub mod agent;
pub mod avis;
pub mod champ;
pub mod chemins;
pub mod constat;
pub mod echec;
pub mod erreur;
pub mod etat;
pub mod exemples;
pub mod fichiers;
pub mod formulaire;
pub mod galerie;
pub mod gantt;
pub mod page;
pub mod pages;
pub mod parametres;
pub mod recherche;
pub mod reprise;
pub mod requete;
pub mod ressources;
pub mod sante;
pub mod session;
pub mod titulaire;
pub mod vue;
