//! What a request carries from the outermost layer to its handler, and back: its reference, and what its log line says.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::response::{IntoResponseParts, ResponseParts};

/// Crockford's alphabet: no letter that a person reading aloud could take for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of a request, in its log line and on its error page: 60 random bits as `7K3Q-92MP-D7AB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// A new one.
    pub fn nouvelle() -> Self {
        let mut octets = [0_u8; 12];
        if let Err(erreur) = getrandom::fill(&mut octets) {
            // A reference is a convenience, not a secret: the request goes on.
            tracing::error!(cause = %erreur, "pas d’aléa pour la référence d’une requête");
        }
        let mut texte = String::with_capacity(14);
        for (rang, octet) in octets.into_iter().enumerate() {
            if rang > 0 && rang % 4 == 0 {
                texte.push('-');
            }
            texte.push(char::from(ALPHABET[usize::from(octet & 31)]));
        }
        Self(texte)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a handler adds to the line of its request. Take it as an `Extension<Details>`.
///
/// Only what names nobody: identifiers, roles, counts. Never an address, a name, a text that was typed.
#[derive(Clone, Debug, Default)]
pub struct Details(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Details {
    /// Adds `nom=valeur`; the name is dotted and ends with its unit: `sql.requetes`, `import.lignes`, `pdf.duree_ms`.
    pub fn ajouter(&self, nom: &'static str, valeur: impl fmt::Display) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((nom, valeur.to_string()));
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (rang, (nom, valeur)) in details.iter().enumerate() {
            let espace = if rang == 0 { "" } else { " " };
            write!(f, "{espace}{nom}={valeur}")?;
        }
        Ok(())
    }
}

/// Why a response is a failure: put it in the response, it goes to the log line and never to the page.
#[derive(Clone, Debug)]
pub struct Cause(pub String);

impl IntoResponseParts for Cause {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut reponse: ResponseParts) -> Result<ResponseParts, Self::Error> {
        reponse.extensions_mut().insert(self);
        Ok(reponse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_can_be_read_aloud_and_does_not_repeat() {
        let references: std::collections::BTreeSet<String> =
            (0..1_000).map(|_| Reference::nouvelle().as_str().to_owned()).collect();
        assert_eq!(references.len(), 1_000);
        for reference in references {
            assert_eq!(reference.len(), 14);
            assert!(
                reference
                    .bytes()
                    .all(|octet| octet == b'-' || ALPHABET.contains(&octet)),
                "{reference}"
            );
        }
    }

    #[test]
    fn details_are_dotted_pairs() {
        let details = Details::default();
        details.clone().ajouter("sql.requetes", 3);
        details.ajouter("compte.role", "porteur");
        assert_eq!(details.to_string(), "sql.requetes=3 compte.role=porteur");
    }
}
