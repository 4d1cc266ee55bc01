//! What the components of `templates/composants/` show: plain data, already worded.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;

use crate::domain::courriel::EtatCourriel;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Gravite, Resultat};

pub use super::constat::{VueConstat, VueEssms};

/// A coloured word: a state never rests on its colour alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etiquette {
    /// The word.
    pub libelle: String,
    /// Its colour.
    pub ton: Ton,
}

/// Colours of a tag, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ton {
    /// Done, satisfied, favourable.
    Succes,
    /// Blocks, refused.
    Bloquant,
    /// Warns.
    Alerte,
    /// Someone has to act or decide.
    Information,
    /// In progress.
    EnCours,
    /// Nothing yet, unknown, not applicable.
    Neutre,
}

impl Ton {
    /// CSS class of the tag.
    pub fn classe(&self) -> &'static str {
        match self {
            Self::Succes => "govuk-tag--green",
            Self::Bloquant => "govuk-tag--red",
            Self::Alerte => "govuk-tag--orange",
            Self::Information => "govuk-tag--blue",
            Self::EnCours => "govuk-tag--yellow",
            Self::Neutre => "govuk-tag--grey",
        }
    }
}

impl Etiquette {
    /// A word in a colour.
    pub fn nouvelle(libelle: impl Into<String>, ton: Ton) -> Self {
        Self {
            libelle: libelle.into(),
            ton,
        }
    }

    /// The tag of a mail.
    pub fn courriel(etat: EtatCourriel) -> Self {
        let ton = match etat {
            EtatCourriel::Attente => Ton::EnCours,
            EtatCourriel::AResumer => Ton::Neutre,
            EtatCourriel::Envoye | EtatCourriel::Resume => Ton::Succes,
            EtatCourriel::Abandonne => Ton::Bloquant,
        };
        Self::nouvelle(etat.libelle(), ton)
    }

    /// The tag of an outcome; what is not satisfied blocks, warns or informs by its gravity.
    pub fn resultat(resultat: &Resultat, gravite: &Gravite) -> Self {
        let (libelle, ton) = match (resultat, gravite) {
            (Resultat::Satisfait, _) => ("Satisfait", Ton::Succes),
            (Resultat::NonSatisfait, Gravite::Bloquant) => ("Non satisfait", Ton::Bloquant),
            (Resultat::NonSatisfait, Gravite::Alerte) => ("Non satisfait, sans bloquer", Ton::Alerte),
            (Resultat::NonSatisfait, Gravite::Information) => ("Non satisfait, pour information", Ton::Neutre),
            (Resultat::Inconnu, _) => ("À compléter", Ton::Neutre),
            (Resultat::AppreciationArs, _) => ("À apprécier par l’ARS", Ton::Information),
            (Resultat::SansObjet, _) => ("Sans objet", Ton::Neutre),
        };
        Self::nouvelle(libelle, ton)
    }
}

/// State of a step of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatEtape {
    /// Nothing typed yet.
    AFaire,
    /// Begun.
    EnCours,
    /// Nothing is missing.
    Complet,
    /// A correction was asked.
    ACorriger,
    /// The step does not apply to this project.
    SansObjet,
}

impl EtatEtape {
    /// Its tag.
    pub fn etiquette(&self) -> Etiquette {
        let (libelle, ton) = match self {
            Self::AFaire => ("À faire", Ton::Information),
            Self::EnCours => ("En cours", Ton::EnCours),
            Self::Complet => ("Complet", Ton::Succes),
            Self::ACorriger => ("À corriger", Ton::Bloquant),
            Self::SansObjet => ("Sans objet", Ton::Neutre),
        };
        Etiquette::nouvelle(libelle, ton)
    }
}

/// One line of a task list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tache {
    /// Wording.
    pub libelle: String,
    /// Address; none: the step cannot be opened.
    pub href: Option<String>,
    /// Hint; empty when there is none.
    pub aide: String,
    /// State.
    pub etat: EtatEtape,
}

/// One line of a summary list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ligne {
    /// What it is.
    pub cle: String,
    /// The answer; empty: « Non renseigné ».
    pub valeur: String,
    /// Links to act on it.
    pub actions: Vec<Action>,
}

/// A link that acts on a line; read aloud with what it acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Verb, such as « Modifier ».
    pub libelle: String,
    /// Address.
    pub href: String,
    /// What it acts on, for screen readers, such as « le nom du projet ».
    pub precision: String,
}

impl Ligne {
    /// A line without action.
    pub fn nouvelle(cle: impl Into<String>, valeur: impl Into<String>) -> Self {
        Self {
            cle: cle.into(),
            valeur: valeur.into(),
            actions: Vec::new(),
        }
    }

    /// The same with « Modifier ».
    #[must_use]
    pub fn modifiable(self, href: impl Into<String>, precision: impl Into<String>) -> Self {
        self.action("Modifier", href, precision)
    }

    /// The same with one more action.
    #[must_use]
    pub fn action(mut self, libelle: impl Into<String>, href: impl Into<String>, precision: impl Into<String>) -> Self {
        self.actions.push(Action {
            libelle: libelle.into(),
            href: href.into(),
            precision: precision.into(),
        });
        self
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colonne {
    /// Heading.
    pub libelle: String,
    /// Whether it holds numbers, aligned to the right.
    pub nombre: bool,
}

impl Colonne {
    /// A column of texts.
    pub fn texte(libelle: impl Into<String>) -> Self {
        Self {
            libelle: libelle.into(),
            nombre: false,
        }
    }

    /// A column of numbers.
    pub fn nombre(libelle: impl Into<String>) -> Self {
        Self {
            libelle: libelle.into(),
            nombre: true,
        }
    }
}

/// Links to the pages of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pagination {
    /// Address of the page before.
    pub precedente: Option<String>,
    /// Address of the page after.
    pub suivante: Option<String>,
    /// Pages shown; an empty address is a gap.
    pub pages: Vec<Rang>,
}

/// One page number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rang {
    /// Number, from 1.
    pub numero: u32,
    /// Address; empty: a gap in the numbers.
    pub href: String,
    /// Whether one is on it.
    pub courant: bool,
}

impl Pagination {
    /// The first page, the last, the current one and its neighbours; nothing when there is only one page.
    pub fn nouvelle(courante: u32, derniere: u32, adresse: impl Fn(u32) -> String) -> Self {
        if derniere < 2 {
            return Self::default();
        }
        let courante = courante.clamp(1, derniere);
        let mut pages: Vec<Rang> = Vec::new();
        for numero in 1..=derniere {
            if numero == 1 || numero == derniere || numero.abs_diff(courante) <= 1 {
                pages.push(Rang {
                    numero,
                    href: adresse(numero),
                    courant: numero == courante,
                });
            } else if pages.last().is_some_and(|rang| !rang.href.is_empty()) {
                pages.push(Rang {
                    numero,
                    href: String::new(),
                    courant: false,
                });
            }
        }
        Self {
            precedente: (courante > 1).then(|| adresse(courante - 1)),
            suivante: (courante < derniere).then(|| adresse(courante + 1)),
            pages,
        }
    }
}

/// An instant as people read it, in Paris.
pub fn instant(quand: DateTime<Utc>) -> String {
    quand
        .with_timezone(&Paris)
        .format("%d/%m/%Y à %H\u{a0}h\u{a0}%M")
        .to_string()
}

/// The time of an instant as people read it, in Paris.
pub fn heure(quand: DateTime<Utc>) -> String {
    quand.with_timezone(&Paris).format("%H\u{a0}h\u{a0}%M").to_string()
}

/// The text with its first letter in upper case.
pub fn majuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    lettres
        .next()
        .map_or_else(String::new, |premiere| premiere.to_uppercase().chain(lettres).collect())
}

/// Wording of a value of a closed list, for templates.
pub fn libelle<L: Liste>(valeur: &L) -> &'static str {
    valeur.libelle()
}

/// Name of a région, for the shares of a project over several.
pub fn nom_region(code: &Option<String>) -> String {
    match code {
        Some(code) => crate::domain::territoire::region(code).map_or_else(|| code.clone(), |r| r.nom.clone()),
        None => "Région inconnue".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blocks_is_red_and_what_is_unknown_is_never_red() {
        let ton = |r, g| Etiquette::resultat(&r, &g).ton;
        assert_eq!(ton(Resultat::Satisfait, Gravite::Bloquant), Ton::Succes);
        assert_eq!(ton(Resultat::NonSatisfait, Gravite::Bloquant), Ton::Bloquant);
        assert_eq!(ton(Resultat::NonSatisfait, Gravite::Alerte), Ton::Alerte);
        assert_eq!(ton(Resultat::NonSatisfait, Gravite::Information), Ton::Neutre);
        assert_eq!(ton(Resultat::Inconnu, Gravite::Bloquant), Ton::Neutre);
        assert_eq!(ton(Resultat::AppreciationArs, Gravite::Bloquant), Ton::Information);
    }

    #[test]
    fn pages_far_from_the_current_one_become_one_gap() {
        let pages = |courante, derniere| {
            let pagination = Pagination::nouvelle(courante, derniere, |n| format!("?page={n}"));
            pagination
                .pages
                .iter()
                .map(|p| {
                    if p.href.is_empty() {
                        "…".to_owned()
                    } else {
                        p.numero.to_string()
                    }
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(pages(1, 1), "");
        assert_eq!(pages(1, 2), "1 2");
        assert_eq!(pages(5, 9), "1 … 4 5 6 … 9");
        assert_eq!(pages(99, 4), "1 … 3 4");
        let premiere = Pagination::nouvelle(1, 3, |n| n.to_string());
        assert_eq!((premiere.precedente, premiere.suivante), (None, Some("2".to_owned())));
    }
}
