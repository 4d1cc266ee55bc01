//! The simulation contract: one JSON document in, one out, the same for the API and the command line.
//!
//! [`demande`] reads the request and collects every fault with its path; [`reponse`] writes the answer. The
//! verdict itself is [`crate::rules::evaluer`].

pub mod commande;
pub mod demande;
mod essms;
mod lecture;
pub mod reponse;

pub use demande::{Demande, ESSMS_MAXIMUM, OCTETS_MAXIMUM};
pub use reponse::{Erreurs, Faute};

use crate::rules::edition::Edition;
use crate::rules::evaluer;

/// Judges a request: JSON in, JSON out.
///
/// # Errors
/// [`Erreurs`]: every fault of the request, each with its path.
pub fn simuler(texte: &str, editions: &[Edition]) -> Result<String, Erreurs> {
    let demande = Demande::lire(texte, editions)?;
    let edition = demande.edition(editions)?;
    reponse::ecrire(&evaluer(edition, &demande.faits))
}

/// Judges a request as received, before it is known to be text.
///
/// # Errors
/// [`Erreurs`]: not UTF-8, or every fault of the request.
pub fn simuler_octets(octets: &[u8], editions: &[Edition]) -> Result<String, Erreurs> {
    if octets.len() > OCTETS_MAXIMUM {
        return Err(Erreurs::trop_long());
    }
    let texte =
        std::str::from_utf8(octets).map_err(|_| Erreurs::une("", "JSON mal formé : le texte n’est pas en UTF-8"))?;
    simuler(texte, editions)
}
