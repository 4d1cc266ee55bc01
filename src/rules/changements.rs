//! What a change of the facts changed in the verdict: said after each save, and by « et si… ».

use crate::domain::argent::Centimes;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::evaluation::{Evaluation, Financement};
use crate::rules::regle::CodeRegle;

/// Code of the change of the grant.
pub const CODE_FINANCEMENT: &str = "FIN";

/// The two ends of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Intervalle {
    /// What is established.
    #[serde(rename = "certain_centimes")]
    pub certain: Centimes,
    /// If every open question turns out well.
    #[serde(rename = "maximum_centimes")]
    pub maximum: Centimes,
}

impl From<&Financement> for Intervalle {
    fn from(financement: &Financement) -> Self {
        Self {
            certain: financement.certain,
            maximum: financement.maximum,
        }
    }
}

/// One thing that changed between two evaluations.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Changement {
    /// Code of the rule, or [`CODE_FINANCEMENT`].
    pub code: String,
    /// Outcome before; none when the rule did not exist, or for money.
    pub avant: Option<Resultat>,
    /// Outcome after.
    pub apres: Option<Resultat>,
    /// Money before and after, for the grant.
    pub montants: Option<(Intervalle, Intervalle)>,
    /// The sentence, such as « REC-04 est maintenant satisfait. »
    pub message: String,
}

/// Rules whose outcome changed, in the order of the texts, then the grant when it changed.
pub fn changements(avant: &Evaluation, apres: &Evaluation) -> Vec<Changement> {
    let mut changements: Vec<Changement> = Vec::new();
    for constat in &apres.constats {
        let ancien = avant.constat(&constat.code).map(|c| c.resultat);
        if ancien != Some(constat.resultat) {
            changements.push(Changement {
                code: constat.code.clone(),
                avant: ancien,
                apres: Some(constat.resultat),
                montants: None,
                message: format!(
                    "{} {}{}.",
                    constat.code,
                    titre(&constat.code),
                    desormais(ancien, constat.resultat)
                ),
            });
        }
    }
    for constat in avant.constats.iter().filter(|c| apres.constat(&c.code).is_none()) {
        changements.push(Changement {
            code: constat.code.clone(),
            avant: Some(constat.resultat),
            apres: None,
            montants: None,
            message: format!("{} n’est plus examiné.", constat.code),
        });
    }
    let (ancien, nouveau) = (
        Intervalle::from(&avant.financement),
        Intervalle::from(&apres.financement),
    );
    if ancien != nouveau {
        changements.push(Changement {
            code: CODE_FINANCEMENT.to_owned(),
            avant: None,
            apres: None,
            montants: Some((ancien, nouveau)),
            message: format!("Le financement passe de {} à {}.", montant(ancien), montant(nouveau)),
        });
    }
    changements
}

/// « (Part d’autofinancement) », for a rule of the catalogue.
fn titre(code: &str) -> String {
    CodeRegle::depuis(code)
        .map(|regle| format!("({}) ", regle.libelle()))
        .unwrap_or_default()
}

fn desormais(ancien: Option<Resultat>, nouveau: Resultat) -> String {
    match nouveau {
        Resultat::Satisfait => "est maintenant satisfait".to_owned(),
        Resultat::NonSatisfait if ancien == Some(Resultat::Satisfait) => "n’est plus satisfait".to_owned(),
        Resultat::NonSatisfait => "n’est pas satisfait".to_owned(),
        Resultat::Inconnu | Resultat::AppreciationArs | Resultat::SansObjet => {
            format!("est maintenant\u{a0}: {}", nouveau.libelle().to_lowercase())
        }
    }
}

fn montant(intervalle: Intervalle) -> String {
    if intervalle.certain == intervalle.maximum {
        intervalle.certain.to_string()
    } else {
        format!("[{} ; {}]", intervalle.certain, intervalle.maximum)
    }
}
