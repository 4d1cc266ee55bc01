//! The smallest set of changes that would make a grappe eligible, in words.

use super::page::Lien;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::reparation::{Issue, Remede};

/// What a page says of how the grappe could be made eligible.
pub struct Proposition {
    /// The action, such as « retirer 2 ESSMS et en ajouter 3 »; none when nothing was found.
    pub action: Option<String>,
    /// Where it is tried, filled in; none when there is nothing to fill in.
    pub essayer: Option<String>,
    /// What to know of it.
    pub notes: Vec<String>,
    /// The person's other dossiers that engage the same ESSMS.
    pub doubles: Vec<Lien>,
}

impl Proposition {
    /// What a search came to; `essayer` gives the address where the changes are tried. `None` when there is nothing to mend.
    pub fn nouvelle(issue: &Issue, essayer: impl FnOnce(&Remede) -> Option<String>) -> Option<Self> {
        match issue {
            Issue::Inutile => None,
            Issue::Trouvee { remede, eligibilite } => Some(Self {
                action: Some(remede.phrase()),
                essayer: essayer(remede),
                notes: notes(remede, *eligibilite),
                doubles: Vec::new(),
            }),
            Issue::Aucune { regles, interrompue } => {
                let codes: Vec<&str> = regles.iter().map(|r| r.code()).collect();
                let raison = if *interrompue {
                    "La recherche s’est arrêtée avant d’avoir tout essayé.".to_owned()
                } else {
                    format!(
                        "Aucun ajout, retrait ou changement de réponse ne suffit à remplir {}\u{a0}: le répertoire n’offre \
                         pas d’ESSMS ouvert, éligible et libre qui convienne.",
                        codes.join(", ")
                    )
                };
                Some(Self {
                    action: None,
                    essayer: None,
                    notes: vec![raison],
                    doubles: Vec::new(),
                })
            }
        }
    }
}

fn notes(remede: &Remede, eligibilite: Resultat) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((nombre, _)) = remede.a_trouver {
        notes.push(format!(
            "Le répertoire n’offre pas assez d’ESSMS ouverts, éligibles et libres parmi vos organismes\u{a0}: {nombre} \
             sont à trouver auprès d’autres organismes."
        ));
    }
    match eligibilite {
        Resultat::Inconnu => notes.push(
            "Plus rien ne bloquera la grappe, mais des réponses resteront à donner\u{a0}: son éligibilité en dépend."
                .to_owned(),
        ),
        Resultat::AppreciationArs => notes.push("L’ARS appréciera l’éligibilité de la grappe.".to_owned()),
        Resultat::Satisfait | Resultat::SansObjet | Resultat::NonSatisfait => {}
    }
    if remede.minimal {
        notes.push("Aucun ensemble plus petit de changements ne suffit.".to_owned());
    } else {
        notes.push(
            "La recherche s’est arrêtée avant d’avoir tout essayé\u{a0}: moins de changements suffisent peut-être."
                .to_owned(),
        );
    }
    notes
}
