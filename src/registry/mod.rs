//! FINESS files and the referential of DUI solutions: read, imported, generated.
//!
//! A file is read in a thread of its own ([`lecture`]), as a stream: decompressed ([`source`]), cut
//! into lines ([`lignes`]) or into JSON entities ([`finess_plus`]), and parsed into records
//! ([`extrait`], [`enregistrement`]) that travel in batches to the transaction that stages and merges
//! them ([`import`]). Memory does not depend on the size of the file.

mod collecte;
pub mod commande;
pub mod enregistrement;
pub mod extrait;
mod fermetures;
pub mod fictif;
pub mod finess_plus;
pub mod geo;
pub mod import;
pub mod lecture;
pub mod lignes;
mod rangee;
pub mod rapport;
pub mod solutions;
pub mod source;
