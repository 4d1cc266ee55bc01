//! Why a field is refused, in one wording each, and the answers a field offers.

use std::borrow::Cow;
use std::fmt;

use crate::domain::nomenclature::Liste;

/// What the text of a field should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendu {
    /// An amount in euros.
    Montant,
    /// A day, a month and a year that exist.
    Date,
}

/// Why a field is refused. The wording of every kind is here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErreurChamp {
    /// Nothing was typed.
    Requis,
    /// No answer was chosen.
    ChoixRequis,
    /// Fewer characters than the minimum.
    TropCourt {
        /// Fewest characters.
        min: usize,
    },
    /// More characters than the maximum.
    TropLong {
        /// Most characters.
        max: usize,
    },
    /// Not what the field asks for.
    Illisible(Attendu),
    /// Not one of the answers offered.
    HorsListe,
    /// The file has no content.
    FichierVide,
    /// The file is too big.
    FichierTropGros {
        /// Most megabytes.
        max_mo: u64,
    },
    /// The file is not of an accepted kind.
    FichierType {
        /// Accepted kinds, as shown.
        acceptes: String,
    },
    /// A value object says why in its own French words (without final full stop).
    Motif(String),
}

impl fmt::Display for ErreurChamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requis => f.write_str("renseignez ce champ"),
            Self::ChoixRequis => f.write_str("choisissez une réponse"),
            Self::TropCourt { min } => write!(f, "écrivez au moins {min} caractères"),
            Self::TropLong { max } => write!(f, "écrivez au plus {max} caractères"),
            Self::Illisible(attendu) => f.write_str(match attendu {
                Attendu::Montant => "écrivez un montant en chiffres, par exemple 12\u{202f}500 ou 12\u{202f}500,50",
                Attendu::Date => "écrivez une date qui existe\u{a0}: jour, mois et année, par exemple 27 3 2024",
            }),
            Self::HorsListe => f.write_str("choisissez une des réponses proposées"),
            Self::FichierVide => f.write_str("ce fichier est vide"),
            Self::FichierTropGros { max_mo } => write!(f, "ce fichier dépasse {max_mo} Mo"),
            Self::FichierType { acceptes } => {
                write!(
                    f,
                    "ce fichier n’est pas accepté\u{a0}; formats possibles\u{a0}: {acceptes}"
                )
            }
            Self::Motif(phrase) => f.write_str(phrase),
        }
    }
}

impl ErreurChamp {
    /// The sentence with French non-breaking spaces.
    pub fn phrase(&self) -> String {
        self.to_string().replace(" :", "\u{a0}:").replace(" ;", "\u{a0};")
    }
}

/// One answer offered by radios, checkboxes or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choix {
    /// Value sent.
    pub valeur: Cow<'static, str>,
    /// Wording.
    pub libelle: Cow<'static, str>,
    /// Hint under the wording; empty when there is none.
    pub aide: Cow<'static, str>,
    /// Whether it calls for more questions, shown under it.
    pub suite: bool,
}

impl Choix {
    /// An answer without hint.
    pub fn nouveau(valeur: impl Into<Cow<'static, str>>, libelle: impl Into<Cow<'static, str>>) -> Self {
        Self {
            valeur: valeur.into(),
            libelle: libelle.into(),
            aide: Cow::Borrowed(""),
            suite: false,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn aide(mut self, aide: impl Into<Cow<'static, str>>) -> Self {
        self.aide = aide.into();
        self
    }

    /// Every value of a closed list, in its order.
    pub fn liste<L: Liste>() -> Vec<Self> {
        L::TOUTES
            .iter()
            .map(|valeur| Self::nouveau(valeur.code(), valeur.libelle()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nomenclature::Hebergement;

    #[test]
    fn every_wording_is_a_french_sentence_part() {
        for erreur in [
            ErreurChamp::ChoixRequis,
            ErreurChamp::TropCourt { min: 12 },
            ErreurChamp::TropLong { max: 80 },
            ErreurChamp::HorsListe,
            ErreurChamp::FichierVide,
            ErreurChamp::FichierTropGros { max_mo: 20 },
            ErreurChamp::FichierType { acceptes: "PDF".into() },
            ErreurChamp::Motif("ce numéro est celui d’une entité juridique".into()),
        ] {
            let phrase = erreur.phrase();
            assert!(
                phrase.starts_with(char::is_lowercase) && !phrase.ends_with('.'),
                "{phrase}"
            );
            assert!(!phrase.contains(" :") && !phrase.contains(" ;"), "{phrase}");
        }
    }

    #[test]
    fn a_closed_list_becomes_answers() {
        let choix = Choix::liste::<Hebergement>();
        assert_eq!(choix[0], Choix::nouveau("saas", "SaaS"));
        assert_eq!(choix.len(), 3);
    }
}
