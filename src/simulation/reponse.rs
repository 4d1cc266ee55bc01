//! What the simulation answers: the evaluation, or every fault of the request.

use crate::rules::evaluation::Evaluation;

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Faute {
    /// Where, such as `essms[3].finess`; empty for the document itself.
    pub chemin: String,
    /// What is wrong.
    pub message: String,
}

/// Every fault of a request, in the order of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Erreurs {
    /// The faults.
    pub erreurs: Vec<Faute>,
}

impl Erreurs {
    /// A single fault.
    pub fn une(chemin: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            erreurs: vec![Faute {
                chemin: chemin.into(),
                message: message.into(),
            }],
        }
    }

    /// The request is longer than the contract allows.
    pub(super) fn trop_long() -> Self {
        Self::une("", "le document dépasse 1\u{a0}Mio")
    }

    /// The document sent with status 422, or printed with exit code 2.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|_| r#"{"erreurs":[]}"#.to_owned())
    }
}

/// Writes an evaluation as the contract says: its fields bear the contract's names.
pub(super) fn ecrire(evaluation: &Evaluation) -> Result<String, Erreurs> {
    serde_json::to_string_pretty(evaluation)
        .map_err(|erreur| Erreurs::une("", format!("la réponse n’a pas pu être écrite : {erreur}")))
}
