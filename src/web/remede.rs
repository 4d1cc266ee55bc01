//! The smallest set of changes that would make a grappe eligible, in words.

use super::page::Lien;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::reparation::{Issue, Remede};

/// What a page says of how the grappe could be made eligible.
pub struct Proposition {
    /// The action, such as « retirer 2 ESSMS et en ajouter 3 »; none when nothing was found.
    pub action: Option<String>,
    /// What it is made of: « Retirer », then each ESSMS by its name and number.
    pub details: Vec<(String, Vec<String>)>,
    /// How it is tried, filled in; none when there is nothing to fill in.
    pub essayer: Option<Essai>,
    /// What to know of it.
    pub notes: Vec<String>,
    /// The person's other dossiers that engage the same ESSMS.
    pub doubles: Vec<Lien>,
}

/// How changes are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Essai {
    /// At this address.
    Lien(String),
    /// By this form, whose fields are too many for an address.
    Formulaire {
        /// Where it goes.
        action: &'static str,
        /// Its fields.
        champs: Vec<(String, String)>,
    },
}

/// What was looked at to know which ESSMS may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vue {
    /// The registry and the dossiers: an ESSMS of another one is not free.
    AvecDossiers,
    /// The registry alone.
    RepertoireSeul,
}

impl Vue {
    fn convenables(self) -> &'static str {
        match self {
            Self::AvecDossiers => "ouverts, éligibles et libres",
            Self::RepertoireSeul => "ouverts et éligibles",
        }
    }
}

impl Proposition {
    /// What a search came to; `nom` names an ESSMS, `essayer` says how the changes are tried. `None` when there is nothing
    /// to mend.
    pub fn nouvelle(
        issue: &Issue,
        vue: Vue,
        nom: impl Fn(Finess) -> Option<String>,
        essayer: impl FnOnce(&Remede) -> Option<Essai>,
    ) -> Option<Self> {
        let nommer = |finess: Finess| nom(finess).map_or_else(|| finess.to_string(), |nom| format!("{nom} ({finess})"));
        match issue {
            Issue::Inutile => None,
            Issue::Trouvee { remede, eligibilite } => {
                let details = remede.details().into_iter();
                let essayer = essayer(remede);
                Some(Self {
                    action: Some(remede.phrase()),
                    details: details
                        .map(|(action, essms)| (action, essms.into_iter().map(nommer).collect()))
                        .collect(),
                    notes: notes(remede, *eligibilite, vue, essayer.is_some()),
                    essayer,
                    doubles: Vec::new(),
                })
            }
            Issue::Aucune { regles, interrompue } => {
                let codes: Vec<&str> = regles.iter().map(|r| r.code()).collect();
                let raison = if *interrompue {
                    "La recherche s’est arrêtée avant d’avoir tout essayé.".to_owned()
                } else {
                    format!(
                        "Aucun ajout, retrait ou changement de réponse ne suffit à remplir {}\u{a0}: le répertoire n’offre \
                         pas d’ESSMS {} qui conviennent.",
                        codes.join(", "),
                        vue.convenables()
                    )
                };
                Some(Self {
                    action: None,
                    details: Vec::new(),
                    essayer: None,
                    notes: vec![raison],
                    doubles: Vec::new(),
                })
            }
        }
    }
}

fn notes(remede: &Remede, eligibilite: Resultat, vue: Vue, essayable: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((nombre, _)) = remede.a_trouver {
        notes.push(format!(
            "Le répertoire n’offre pas assez d’ESSMS {} parmi vos organismes\u{a0}: {nombre} sont à trouver auprès \
             d’autres organismes.",
            vue.convenables()
        ));
        if essayable {
            notes.push("L’effet montré ne compte pas encore ceux qui restent à trouver.".to_owned());
        }
    }
    if vue == Vue::RepertoireSeul && !remede.ajouter.is_empty() {
        notes.push(
            "Sous réserve que les ESSMS ajoutés répondent comme les autres, et qu’aucun ne soit déjà engagé\u{a0}: le \
             simulateur ne lit aucun dossier."
                .to_owned(),
        );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nomenclature::GrandSecteur;

    fn et(rang: usize) -> Finess {
        Finess::depuis_racine(&format!("75{rang:06}")).unwrap()
    }

    fn proposee(remede: Remede, vue: Vue, essai: Option<Essai>) -> Proposition {
        let issue = Issue::Trouvee {
            remede: Box::new(remede),
            eligibilite: Resultat::Satisfait,
        };
        let nom = |finess| (finess == et(1)).then(|| "Tilleul".to_owned());
        Proposition::nouvelle(&issue, vue, nom, |_| essai).unwrap()
    }

    #[test]
    fn each_change_names_its_essms_and_the_dui() {
        let remede = Remede {
            retirer: vec![et(1)],
            ajouter: vec![et(2)],
            aligner: vec![et(3)],
            dui: (Some("Logis".into()), Some("2".into())),
            ..Remede::default()
        };
        let proposition = proposee(remede, Vue::AvecDossiers, None);
        assert_eq!(
            proposition.details,
            [
                ("Retirer".to_owned(), vec![format!("Tilleul ({})", et(1))]),
                ("Ajouter".to_owned(), vec![et(2).to_string()]),
                (
                    "Retenir la solution DUI «\u{a0}Logis\u{a0}» version 2".to_owned(),
                    vec![et(3).to_string()]
                ),
            ]
        );
    }

    #[test]
    fn who_reads_no_dossier_promises_no_free_essms() {
        let remede = Remede {
            ajouter: vec![et(1)],
            a_trouver: Some((2, GrandSecteur::Pa)),
            ..Remede::default()
        };
        let dites = |vue, essai| proposee(remede.clone(), vue, essai).notes.join(" ");
        let publique = dites(Vue::RepertoireSeul, Some(Essai::Lien(String::new())));
        assert!(
            publique.contains("Sous réserve") && !publique.contains("libres"),
            "{publique}"
        );
        assert!(publique.contains("ne compte pas encore"), "{publique}");
        let du_porteur = dites(Vue::AvecDossiers, None);
        assert!(
            du_porteur.contains("libres") && !du_porteur.contains("ne compte pas encore"),
            "{du_porteur}"
        );
    }
}
