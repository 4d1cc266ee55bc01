//! What a rule returns: never a bare boolean.

use crate::domain::finess::Finess;
use crate::domain::nomenclature::liste;

liste! {
    /// Outcome of a rule.
    Resultat {
        /// The text's condition holds.
        Satisfait = "satisfait", "Satisfait";
        /// It does not hold.
        NonSatisfait = "non_satisfait", "Non satisfait";
        /// A fact is missing.
        Inconnu = "inconnu", "À compléter";
        /// The text leaves it to the authority.
        AppreciationArs = "appreciation_ars", "À apprécier par l’ARS";
        /// The rule does not apply to this project.
        SansObjet = "sans_objet", "Sans objet";
    }
}

liste! {
    /// What a rule that is not satisfied entails, by edition.
    Gravite {
        /// Blocks.
        Bloquant = "bloquant", "Bloquant";
        /// Warns.
        Alerte = "alerte", "Alerte";
        /// Informs.
        Information = "information", "Information";
    }
}

liste! {
    /// What a constat is about.
    Portee {
        /// The project.
        Projet = "projet", "Le projet";
        /// Some ESSMS.
        CertainsEssms = "certains_essms", "Certains ESSMS";
        /// Every ESSMS.
        TousEssms = "tous_essms", "Tous les ESSMS";
    }
}

/// A passage of a source text.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Source {
    /// Short name, such as `MÉMO`.
    pub document: String,
    /// Title to display.
    pub titre: String,
    /// Section of the text.
    pub section: String,
}

/// One ESSMS a constat names.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ConstatEssms {
    /// Which.
    pub finess: Finess,
    /// Its own outcome.
    pub resultat: Resultat,
    /// Why.
    pub message: String,
}

/// The smallest change that would satisfy the rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Reparation {
    /// The sentence, such as « Ajouter 3 ESSMS éligibles ».
    pub message: String,
    /// The ESSMS to act on, when the change is about some of them.
    pub essms: Vec<Finess>,
}

/// Values and thresholds compared, by name.
pub type Valeurs = std::collections::BTreeMap<String, serde_json::Value>;

/// One verdict of one rule, explained.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Constat {
    /// Stable code, such as `ELI-G01`.
    pub code: String,
    /// Outcome.
    pub resultat: Resultat,
    /// What an unfavourable outcome entails in this edition.
    pub gravite: Gravite,
    /// What it is about.
    pub portee: Portee,
    /// The ESSMS at fault, or in question.
    pub essms: Vec<ConstatEssms>,
    /// The explanation, in French.
    pub message: String,
    /// Values and thresholds it compared.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub valeurs: Valeurs,
    /// The passage it applies.
    pub source: Source,
    /// Other passages, when the texts must be read together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub autres_sources: Vec<Source>,
    /// How the portal reads the text, where it had to interpret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpretation: Option<String>,
    /// The smallest change that would satisfy it, when there is one.
    pub reparation: Option<Reparation>,
}
