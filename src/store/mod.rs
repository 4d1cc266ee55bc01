//! SQL: free functions on `&mut PgConnection`, one file per aggregate. [`acces`] alone builds
//! capabilities.

pub mod acces;
pub mod affectations;
pub mod chargement;
pub mod commentaires;
pub mod comptes;
pub mod consentements;
pub mod courriels;
pub mod demandes;
pub mod depots;
pub mod dossiers;
pub mod entourage;
pub mod envoi_import;
pub mod esquisse;
pub mod evaluation;
pub mod evenements;
pub mod fermeture;
pub mod fusion;
pub mod identites;
pub mod import;
pub mod import_essms;
pub mod inscriptions;
pub mod inscriptions_webinaire;
pub mod invitations;
pub mod journal;
pub mod journal_compte;
pub mod journal_import;
pub mod membres;
pub mod mes_essms;
pub mod modeles;
pub mod organisme;
pub mod oublis;
pub mod participations;
pub mod pieces;
pub mod portages;
pub mod rappels;
pub mod recherche;
pub mod reconnaissance;
pub mod recues;
pub mod registre;
pub mod reinitialisations;
pub mod second_facteur;
pub mod sessions;
pub mod simulation;
pub mod solution;
pub mod transaction;
pub mod travaux;
pub mod webinaires;

/// The migrations compiled in, applied at start-up and before each test against a database.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
