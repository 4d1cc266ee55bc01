//! Tests against a real PostgreSQL, one database each: `DATABASE_URL` says which server.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at what it did not expect, helpers included"
)]

mod abandon;
mod administration;
mod antivirus;
mod api;
mod brouillon;
mod cloison;
mod collegues;
mod comptes;
mod concurrence;
mod connexion;
mod contact;
mod coupures;
mod courriels;
mod depot;
mod derniere_minute;
mod droits;
mod engagement;
mod essms;
mod et_si;
mod etapes;
mod faq;
mod grappe;
mod grappe_fichier;
mod html;
mod import_essms;
mod instruction;
mod jetons;
mod mes_essms;
mod modeles;
mod partage;
mod pieces;
mod portail;
mod preferences;
mod public;
mod rappels;
mod registre;
mod repertoire_change;
mod reprise;
mod reprise_essms;
mod requetes;
mod retrait;
mod robustesse;
mod schemathesis;
mod simulateur;
mod verification;
mod webinaires;
