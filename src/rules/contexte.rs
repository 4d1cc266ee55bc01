//! What every rule is given, and what it gives back.

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::TypeProjet;
use crate::rules::constat::{ConstatEssms, Gravite, Portee, Reparation, Resultat, Valeurs};
use crate::rules::edition::Edition;
use crate::rules::evaluation::{Decompte, Financement, StatutEssms, TypeDuProjet};
use crate::rules::faits::{Essms, Faits};

/// The edition, the facts, and what the rules on ESSMS already said.
pub(in crate::rules) struct Contexte<'a> {
    pub edition: &'a Edition,
    pub faits: &'a Faits,
    /// Status of each ESSMS, in the order of the facts.
    pub statuts: Vec<StatutEssms>,
    /// ESSMS that no rule excludes.
    pub retenus: Vec<&'a Essms>,
    pub decompte: Decompte,
    pub type_projet: Option<TypeDuProjet>,
    pub financement: Financement,
    /// Aggregate of the ELI-* rules, and the codes it comes from.
    pub eligibilite: Resultat,
    pub codes_eligibilite: Vec<&'static str>,
    pub reparations_eligibilite: Vec<Reparation>,
}

impl<'a> Contexte<'a> {
    /// The ESSMS and their statuses, once the rules on ESSMS have spoken.
    pub fn nouveau(edition: &'a Edition, faits: &'a Faits, statuts: Vec<StatutEssms>) -> Self {
        let retenus: Vec<&Essms> = faits
            .essms
            .iter()
            .zip(&statuts)
            .filter(|(_, statut)| **statut != StatutEssms::Exclu)
            .map(|(essms, _)| essms)
            .collect();
        let compte = |voulu| statuts.iter().filter(|statut| **statut == voulu).count();
        let decompte = Decompte {
            total: statuts.len(),
            eligibles: compte(StatutEssms::Eligible),
            en_question: compte(StatutEssms::EnQuestion),
            exclus: compte(StatutEssms::Exclu),
        };
        let type_projet = type_du_projet(&retenus);
        Self {
            edition,
            faits,
            statuts,
            retenus,
            decompte,
            type_projet,
            financement: Financement::default(),
            eligibilite: Resultat::Inconnu,
            codes_eligibilite: Vec::new(),
            reparations_eligibilite: Vec::new(),
        }
    }

    /// Some ESSMS asks for an acquisition; `None` while an unknown type could.
    pub fn comporte_acquisition(&self) -> Option<bool> {
        au_moins_un(
            self.retenus
                .iter()
                .map(|essms| essms.type_projet.map(|t| t == TypeProjet::Acquisition)),
        )
    }

    /// Some ESSMS asks for a mise en conformité; `None` while an unknown type could.
    pub fn comporte_conformite(&self) -> Option<bool> {
        au_moins_un(
            self.retenus
                .iter()
                .map(|essms| essms.type_projet.map(|t| t == TypeProjet::MiseEnConformite)),
        )
    }
}

/// All acquisition, all mise en conformité, else mixte, over the ESSMS not excluded.
fn type_du_projet(retenus: &[&Essms]) -> Option<TypeDuProjet> {
    let a = |voulu| retenus.iter().any(|essms| essms.type_projet == Some(voulu));
    let (acquisition, conformite) = (a(TypeProjet::Acquisition), a(TypeProjet::MiseEnConformite));
    let inconnu = retenus.iter().any(|essms| essms.type_projet.is_none());
    match (acquisition, conformite) {
        (true, true) => Some(TypeDuProjet::Mixte),
        (true, false) if !inconnu => Some(TypeDuProjet::Acquisition),
        (false, true) if !inconnu => Some(TypeDuProjet::MiseEnConformite),
        _ => None,
    }
}

/// Three-valued « some »: an unknown counts only while no known one settles it.
pub(in crate::rules) fn au_moins_un(valeurs: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut inconnu = false;
    for valeur in valeurs {
        match valeur {
            Some(true) => return Some(true),
            Some(false) => {}
            None => inconnu = true,
        }
    }
    if inconnu { None } else { Some(false) }
}

/// What a rule concludes, before the edition says how it weighs and where it comes from.
pub(in crate::rules) struct Verdict {
    pub resultat: Resultat,
    pub message: Cow<'static, str>,
    pub portee: Portee,
    pub essms: Vec<ConstatEssms>,
    pub valeurs: Valeurs,
    pub reparation: Option<Reparation>,
    /// When it depends on which bound is at stake.
    pub gravite: Option<Gravite>,
}

impl Verdict {
    pub fn nouveau(resultat: Resultat, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            resultat,
            message: message.into(),
            portee: Portee::Projet,
            essms: Vec::new(),
            valeurs: Valeurs::new(),
            reparation: None,
            gravite: None,
        }
    }

    pub fn satisfait(message: impl Into<Cow<'static, str>>) -> Self {
        Self::nouveau(Resultat::Satisfait, message)
    }

    pub fn non_satisfait(message: impl Into<Cow<'static, str>>) -> Self {
        Self::nouveau(Resultat::NonSatisfait, message)
    }

    pub fn inconnu(message: impl Into<Cow<'static, str>>) -> Self {
        Self::nouveau(Resultat::Inconnu, message)
    }

    pub fn sans_objet(message: impl Into<Cow<'static, str>>) -> Self {
        Self::nouveau(Resultat::SansObjet, message)
    }

    /// No ESSMS is left to judge.
    pub fn sans_essms() -> Self {
        Self::inconnu("Aucun ESSMS retenu dans la grappe : ajoutez-en d’abord.")
    }

    pub fn valeur(mut self, nom: &str, valeur: impl Into<Value>) -> Self {
        self.valeurs.insert(nom.to_owned(), valeur.into());
        self
    }

    pub fn essms(mut self, essms: Vec<ConstatEssms>) -> Self {
        self.essms = essms;
        self
    }

    pub fn reparer(mut self, message: impl Into<String>, essms: Vec<Finess>) -> Self {
        self.reparation = Some(Reparation {
            message: message.into(),
            essms,
        });
        self
    }
}

/// An ESSMS named by a constat about the project.
pub(in crate::rules) fn citer(essms: &Essms, resultat: Resultat, message: impl Into<String>) -> ConstatEssms {
    ConstatEssms {
        finess: essms.finess,
        resultat,
        message: message.into(),
    }
}
