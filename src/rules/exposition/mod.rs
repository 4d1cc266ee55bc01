//! What an edition asks, told to people: each rule as a [`Fiche`] with its provision in plain words and the values the edition
//! sets, [examples](exemples()) that the engine judges on the spot, and what [differs](differences()) from one edition to another.

mod differences;
mod exemples;
mod montants;
mod parametres;
mod projet;
mod recettes;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use differences::{Ecart, Tableau, differences};
pub use exemples::{Exemple, Issue, Reponse, exemples};
pub use parametres::{Parametre, en_toutes_lettres, fenetres, seuils};

use crate::domain::nomenclature::{Liste, liste};
use crate::rules::constat::{Gravite, Source};
use crate::rules::edition::{CodeForfait, CodeIndicateur, Critere, Edition, Nature};
use crate::rules::regle::CodeRegle;

liste! {
    /// The families rules are shown under.
    Famille {
        /// Who may be funded.
        Eligibilite = "eligibilite", "Éligibilité";
        /// Whether the dossier is examined.
        Recevabilite = "recevabilite", "Recevabilité";
        /// How it ranks.
        Priorisation = "priorisation", "Priorisation";
        /// How the DUI is bought.
        Achat = "achat", "Procédure d’achat";
        /// The money.
        Financement = "financement", "Financement";
        /// What is measured at the end.
        Usage = "usage", "Usage";
    }
}

/// Anything of an edition that has a code of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regle {
    /// A criterion.
    Critere(CodeRegle),
    /// The purchase procedure.
    Achat,
    /// A family of amounts.
    Forfait(CodeForfait),
    /// The share of eligible hours.
    Prorata,
    /// A usage indicator.
    Indicateur(CodeIndicateur),
}

static DISPOSITIONS: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../../../referentiels/dispositions.toml")).unwrap_or_default());

impl Regle {
    /// Every rule of an edition, each once, in the order of the texts.
    pub fn toutes(edition: &Edition) -> Vec<Self> {
        let criteres = edition.criteres.iter().map(|c| Self::Critere(c.code));
        let forfaits = CodeForfait::TOUTES
            .iter()
            .filter(|code| edition.forfaits.iter().any(|f| f.code == **code));
        let prorata = edition.prorata_heures.iter().map(|_| Self::Prorata);
        criteres
            .chain([Self::Achat])
            .chain(forfaits.map(|code| Self::Forfait(*code)))
            .chain(prorata)
            .chain(edition.indicateurs.iter().map(|i| Self::Indicateur(i.code)))
            .collect()
    }

    /// The rule of this code, when the edition has it.
    pub fn depuis(edition: &Edition, code: &str) -> Option<Self> {
        Self::toutes(edition).into_iter().find(|regle| regle.code() == code)
    }

    /// Its stable code, such as `ELI-G01`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Critere(code) => code.code(),
            Self::Achat => "ACH",
            Self::Forfait(code) => code.code(),
            Self::Prorata => "FIN-06",
            Self::Indicateur(code) => code.code(),
        }
    }

    /// Its short title.
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Critere(code) => code.libelle(),
            Self::Achat => "Procédure d’achat du DUI",
            Self::Forfait(code) => code.libelle(),
            Self::Prorata => "Prorata des heures éligibles",
            Self::Indicateur(code) => code.libelle(),
        }
    }

    /// What it asks, in plain words; a test reads it for each rule of each edition.
    pub fn disposition(self) -> &'static str {
        DISPOSITIONS.get(self.code()).map_or("", String::as_str)
    }

    fn famille(self, critere: Option<&Critere>) -> Famille {
        match self {
            Self::Critere(_) => match critere.map(|c| c.nature) {
                Some(Nature::Eligibilite) => Famille::Eligibilite,
                Some(Nature::Priorisation) => Famille::Priorisation,
                Some(Nature::Recevabilite) | None => Famille::Recevabilite,
            },
            Self::Achat => Famille::Achat,
            Self::Forfait(_) | Self::Prorata => Famille::Financement,
            Self::Indicateur(_) => Famille::Usage,
        }
    }

    /// The passages it comes from, the first that it applies, and how the portal reads them.
    fn textes(self, edition: &Edition) -> (Vec<Source>, Vec<String>) {
        let (mut sources, mut lectures) = (Vec::new(), Vec::new());
        let mut citer = |source: Source, lecture: Option<&String>| {
            if !sources.contains(&source) {
                sources.push(source);
            }
            if let Some(lecture) = lecture.filter(|l| !lectures.contains(*l)) {
                lectures.push(lecture.clone());
            }
        };
        match self {
            Self::Critere(code) => {
                for critere in edition.criteres.iter().filter(|c| c.code == code) {
                    citer(edition.source_critere(critere), critere.interpretation.as_ref());
                    for passage in &critere.autres_sources {
                        citer(edition.source(passage), None);
                    }
                }
            }
            Self::Achat => {
                citer(edition.source(&edition.achat.source), None);
                if let Some(passage) = &edition.achat.source_commande_publique {
                    citer(edition.source(passage), None);
                }
            }
            Self::Forfait(code) => {
                for forfait in edition.forfaits.iter().filter(|f| f.code == code) {
                    citer(edition.source(&forfait.source), forfait.interpretation.as_ref());
                }
            }
            Self::Prorata => {
                if let Some(passage) = &edition.prorata_heures {
                    citer(edition.source(passage), None);
                }
            }
            Self::Indicateur(code) => {
                for indicateur in edition.indicateurs.iter().filter(|i| i.code == code) {
                    citer(edition.source(&indicateur.source), indicateur.interpretation.as_ref());
                    for passage in &indicateur.autres_sources {
                        citer(edition.source(passage), None);
                    }
                }
            }
        }
        (sources, lectures)
    }
}

/// A rule as an edition holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fiche {
    /// Which.
    pub regle: Regle,
    /// What it is shown under.
    pub famille: Famille,
    /// What failing it entails; none for what is neither passed nor failed.
    pub gravite: Option<Gravite>,
    /// Values that the edition sets.
    pub parametres: Vec<Parametre>,
    /// Passages, the one it applies first.
    pub sources: Vec<Source>,
    /// How the portal reads them.
    pub lectures: Vec<String>,
}

impl Fiche {
    /// The rule as this edition holds it.
    pub fn de(edition: &Edition, regle: Regle) -> Self {
        let critere = edition.criteres.iter().find(|c| Regle::Critere(c.code) == regle);
        let (sources, lectures) = regle.textes(edition);
        Self {
            regle,
            famille: regle.famille(critere),
            gravite: critere.map(|c| c.gravite),
            parametres: parametres::de(edition, regle),
            sources,
            lectures,
        }
    }

    /// Every rule of an edition.
    pub fn toutes(edition: &Edition) -> Vec<Self> {
        Regle::toutes(edition)
            .into_iter()
            .map(|regle| Self::de(edition, regle))
            .collect()
    }
}
