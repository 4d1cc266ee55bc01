//! The accusé de réception of a deposit, as PDF.

use chrono::{DateTime, Utc};

use super::pdf::{self, Faute, imprimable};

/// What it says, in words already.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Accuse {
    /// Reference of the dossier.
    pub reference: String,
    /// Titled values, in order.
    pub lignes: Vec<(String, String)>,
    /// SHA-256 of the deposit, in hexadecimal.
    pub empreinte: String,
    /// SHA-256 of the one before.
    pub precedent: Option<String>,
    /// Pieces: what they are, name of the file, SHA-256.
    pub pieces: Vec<(String, String, String)>,
    /// Where anybody verifies it.
    pub verification: String,
    /// Made of fictitious data.
    pub fictif: bool,
    /// Instant of arrival: the date of the document.
    #[serde(skip)]
    pub depose_le: DateTime<Utc>,
}

impl Accuse {
    /// The same, with letters that the fonts have.
    fn imprimable(&self) -> Self {
        Self {
            reference: imprimable(&self.reference),
            lignes: self
                .lignes
                .iter()
                .map(|(cle, valeur)| (imprimable(cle), imprimable(valeur)))
                .collect(),
            pieces: self
                .pieces
                .iter()
                .map(|(quoi, nom, sha256)| (imprimable(quoi), imprimable(nom), sha256.clone()))
                .collect(),
            ..self.clone()
        }
    }
}

/// The octets of the PDF.
///
/// # Errors
/// As [`pdf::rendre`].
pub fn ecrire(accuse: &Accuse) -> Result<Vec<u8>, Faute> {
    let gabarit = include_str!("../../templates/documents/accuse.typ");
    pdf::rendre(gabarit, &accuse.imprimable(), accuse.depose_le)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accuse() -> Accuse {
        Accuse {
            reference: "IDF2024-7QX2M".into(),
            lignes: vec![
                ("Dossier".into(), "Grappe *du* #Val — $x$ @a <b> 日本".into()),
                ("Porteur".into(), String::new()),
            ],
            empreinte: "ab".repeat(32),
            precedent: Some("cd".repeat(32)),
            pieces: vec![("Devis".into(), "devis_éditeur.pdf".into(), "ef".repeat(32)); 60],
            verification: "https://portail.exemple.fr/verification/ab".into(),
            fictif: true,
            depose_le: DateTime::from_timestamp(1_714_550_400, 0).unwrap(),
        }
    }

    #[test]
    fn the_same_deposit_gives_the_same_octets() {
        let octets = ecrire(&accuse()).unwrap();
        assert!(octets.starts_with(b"%PDF-1."));
        assert_eq!(octets, ecrire(&accuse()).unwrap());
        let autre = Accuse {
            empreinte: "00".repeat(32),
            ..accuse()
        };
        assert_ne!(octets, ecrire(&autre).unwrap());
    }

    #[test]
    fn it_says_that_it_conforms_to_pdf_ua() {
        let octets = ecrire(&Accuse {
            pieces: Vec::new(),
            precedent: None,
            fictif: false,
            ..accuse()
        })
        .unwrap();
        let texte = String::from_utf8_lossy(&octets);
        assert!(texte.contains("pdfuaid:part"), "PDF/UA mark in its metadata");
        assert!(texte.contains("/Lang"));
    }
}
