//! The whole verdict on a project: constats, purchase, money. Frozen as evidence at the deposit.

use chrono::{DateTime, FixedOffset};

use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::liste;
use crate::rules::constat::{Constat, Gravite, Resultat, Source};

liste! {
    /// A project's type, from that of its ESSMS.
    TypeDuProjet {
        /// All in acquisition.
        Acquisition = "acquisition", "Acquisition";
        /// All in mise en conformité.
        MiseEnConformite = "mise_en_conformite", "Mise en conformité";
        /// Both.
        Mixte = "mixte", "Mixte";
    }
}

liste! {
    /// Where an ESSMS stands, from the rules on ESSMS alone.
    StatutEssms {
        /// No reserve.
        Eligible = "eligible", "Éligible";
        /// A fact is missing, or the authority decides.
        EnQuestion = "en_question", "En question";
        /// A rule excludes it: it leaves the count.
        Exclu = "exclu", "Exclu";
    }
}

liste! {
    /// How the DUI is to be bought.
    Procedure {
        /// Without the SAD.
        SansSad = "sans_sad", "Sans passage par le SAD";
        /// Through the SAD.
        SadObligatoire = "sad_obligatoire", "Passage obligatoire par le SAD";
        /// With the running public contract.
        MarcheExistant = "marche_existant", "Marché public en cours utilisable";
        /// Freely, a solution Ségur or SAD.
        LibreSegurOuSad = "libre_segur_ou_sad", "Achat libre d’une solution Ségur ou SAD";
        /// The ARS says.
        AApprecier = "a_apprecier", "À apprécier par l’ARS";
        /// A fact is missing.
        Inconnu = "inconnu", "À compléter";
    }
}

/// How many ESSMS, by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Decompte {
    /// Listed.
    pub total: usize,
    /// Eligible.
    pub eligibles: usize,
    /// In question.
    pub en_question: usize,
    /// Excluded.
    pub exclus: usize,
}

/// The status of one ESSMS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct StatutDe {
    /// Which.
    pub finess: Finess,
    /// Where it stands.
    pub statut: StatutEssms,
}

/// The purchase procedure.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = AchatPrevu)]
pub struct Achat {
    /// Which.
    pub procedure: Procedure,
    /// Why.
    pub message: String,
    /// The text.
    pub source: Source,
    /// Other texts to read with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub autres_sources: Vec<Source>,
}

/// One line of the grant: `nombre × taux = maximum`, `nombre_certain × taux = certain`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Ligne {
    /// Family of the amount.
    pub code: String,
    /// What it pays, and for whom.
    pub libelle: String,
    /// How many in `maximum`.
    pub nombre: i64,
    /// How many in `certain`.
    pub nombre_certain: i64,
    /// Rate, prorated when the ESSMS is.
    #[serde(rename = "taux_centimes")]
    pub taux: Centimes,
    /// What is established.
    #[serde(rename = "certain_centimes")]
    pub certain: Centimes,
    /// If every open question turns out well.
    #[serde(rename = "maximum_centimes")]
    pub maximum: Centimes,
    /// The text.
    pub source: Source,
    /// Other texts to read with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub autres_sources: Vec<Source>,
    /// What the portal had to interpret, or what the ARS decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An instalment of the grant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct VersementPrevu {
    /// Order, from 1.
    pub rang: usize,
    /// Share, in percent.
    pub part_pour_cent: u8,
    /// What is established.
    #[serde(rename = "certain_centimes")]
    pub certain: Centimes,
    /// If every open question turns out well.
    #[serde(rename = "maximum_centimes")]
    pub maximum: Centimes,
    /// What it is paid on.
    pub condition: String,
    /// The text.
    pub source: Source,
}

/// A region's share of the grant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct PartRegion {
    /// INSEE code; none for the ESSMS whose département is unknown.
    pub region: Option<String>,
    /// Its ESSMS not excluded.
    pub nombre_essms: usize,
    /// What is established.
    #[serde(rename = "certain_centimes")]
    pub certain: Centimes,
    /// If every open question turns out well.
    #[serde(rename = "maximum_centimes")]
    pub maximum: Centimes,
}

/// The grant, as an interval.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Financement {
    /// What is established.
    #[serde(rename = "certain_centimes")]
    pub certain: Centimes,
    /// If every open question turns out well.
    #[serde(rename = "maximum_centimes")]
    pub maximum: Centimes,
    /// Line by line.
    pub lignes: Vec<Ligne>,
    /// Instalment by instalment.
    pub versements: Vec<VersementPrevu>,
    /// Region by region.
    pub par_region: Vec<PartRegion>,
}

/// The whole verdict.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Evaluation {
    /// Code of the edition.
    pub edition: String,
    /// Its version.
    pub version_edition: u32,
    /// The instant the project was judged at.
    pub date: Option<DateTime<FixedOffset>>,
    /// Whether the grappe is eligible.
    pub eligibilite: Resultat,
    /// Whether the dossier is admissible.
    pub recevabilite: Resultat,
    /// The project's type; none while some ESSMS's is unknown and it matters.
    pub type_projet: Option<TypeDuProjet>,
    /// ESSMS by status.
    #[serde(rename = "essms")]
    pub decompte: Decompte,
    /// Status of each ESSMS, in the order given.
    pub statuts: Vec<StatutDe>,
    /// One per rule of the edition, in the order of the texts.
    pub constats: Vec<Constat>,
    /// Purchase.
    pub achat: Achat,
    /// Money.
    pub financement: Financement,
}

impl Evaluation {
    /// The constat of this code, when the edition has the rule.
    pub fn constat(&self, code: &str) -> Option<&Constat> {
        self.constats.iter().find(|constat| constat.code == code)
    }

    /// What blocks: unfavourable constats of blocking gravity.
    pub fn blocages(&self) -> impl Iterator<Item = &Constat> {
        self.constats
            .iter()
            .filter(|c| c.gravite == Gravite::Bloquant && c.resultat == Resultat::NonSatisfait)
    }

    /// What the money is said under, as long as the project is not established as eligible: the amounts are those of the ESSMS.
    pub fn reserve(&self) -> Option<&'static str> {
        (self.eligibilite != Resultat::Satisfait).then_some("Sous réserve de l’éligibilité du projet.")
    }

    /// Status of an ESSMS of the grappe.
    pub fn statut(&self, finess: Finess) -> Option<StatutEssms> {
        self.statuts.iter().find(|s| s.finess == finess).map(|s| s.statut)
    }
}
