//! The simulation contract: one JSON document in, one out, the same for the API and the command line.
//!
//! [`document`] names what a request holds; [`demande`] reads it and collects every fault with its path; [`reponse`]
//! writes the answer. The verdict itself is [`crate::rules::evaluer`].

mod analyse;
pub mod commande;
pub mod demande;
pub mod document;
pub mod ecarts;
mod essms;
mod lecture;
pub mod reponse;

pub use demande::{Demande, ESSMS_MAXIMUM, OCTETS_MAXIMUM};
pub use reponse::{Erreurs, Faute};

use crate::rules::edition::Edition;
use crate::rules::evaluer;
use crate::rules::faits::Faits;

/// Judges a request: JSON in, JSON out.
///
/// # Errors
/// [`Erreurs`]: every fault of the request, each with its path.
pub fn simuler(texte: &str, editions: &[Edition]) -> Result<String, Erreurs> {
    let demande = Demande::lire(texte, editions)?;
    let edition = demande.edition(editions)?;
    repondre(edition, &demande.faits)
}

/// The answer about these facts.
///
/// # Errors
/// [`Erreurs`]: an answer that could not be written.
pub fn repondre(edition: &Edition, faits: &Faits) -> Result<String, Erreurs> {
    reponse::ecrire(&evaluer(edition, faits))
}

/// Judges a request as received, before it is known to be text.
///
/// # Errors
/// [`Erreurs`]: not UTF-8, or every fault of the request.
pub fn simuler_octets(octets: &[u8], editions: &[Edition]) -> Result<String, Erreurs> {
    simuler(en_texte(octets)?, editions)
}

/// A request as received, as text.
///
/// # Errors
/// [`Erreurs`]: longer than the contract allows, or not UTF-8.
pub fn en_texte(octets: &[u8]) -> Result<&str, Erreurs> {
    if octets.len() > OCTETS_MAXIMUM {
        return Err(Erreurs::trop_long());
    }
    std::str::from_utf8(octets).map_err(|_| Erreurs::une("", "JSON mal formé : le texte n’est pas en UTF-8"))
}
