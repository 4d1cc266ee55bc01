//! The rules, without a database: cases a business person can read, bounds, properties, editions, contract.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod bornes;
mod calendrier;
mod cas;
mod contrat;
mod editions;
mod exposition;
mod lecteur;
mod ligne_de_commande;
mod outils;
mod proprietes;
mod remedes;
mod reparateur;
mod reparations;
mod suites;
