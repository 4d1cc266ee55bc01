//! What the components of `templates/composants/` show: plain data, already worded.

use serde_json::Value;

use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Gravite, Resultat, Source};

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

    /// The tag of an outcome; what is not satisfied blocks, warns or informs by its gravity.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "askama passes references")]
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

/// One verdict of one rule, worded for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueConstat {
    /// Stable code of the rule.
    pub code: String,
    /// Tag of the outcome.
    pub etiquette: Etiquette,
    /// CSS modifier of the card.
    pub variante: &'static str,
    /// The sentence.
    pub phrase: String,
    /// Values and thresholds compared: name, value.
    pub valeurs: Vec<(String, String)>,
    /// Titles and sections of the texts.
    pub sources: Vec<String>,
    /// How the portal reads the text, where it had to interpret.
    pub interpretation: Option<String>,
    /// The smallest change that would satisfy it.
    pub reparation: Option<String>,
    /// Where to make it; none: no link.
    pub correction: Option<super::page::Lien>,
    /// The ESSMS it names.
    pub essms: Vec<VueEssms>,
}

/// One ESSMS a verdict names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueEssms {
    /// FINESS number.
    pub finess: String,
    /// Name, when the page knows it; empty otherwise.
    pub nom: String,
    /// Tag of its own outcome.
    pub etiquette: Etiquette,
    /// Why.
    pub message: String,
}

impl From<&Constat> for VueConstat {
    fn from(constat: &Constat) -> Self {
        let source = |s: &Source| match s.section.as_str() {
            "" => s.titre.clone(),
            section => format!("{}, {section}", s.titre),
        };
        Self {
            code: constat.code.clone(),
            etiquette: Etiquette::resultat(&constat.resultat, &constat.gravite),
            variante: variante(constat.resultat, constat.gravite),
            phrase: constat.message.clone(),
            valeurs: constat
                .valeurs
                .iter()
                .map(|(nom, valeur)| (nom_lisible(nom), lisible(valeur)))
                .collect(),
            sources: std::iter::once(&constat.source)
                .chain(&constat.autres_sources)
                .map(source)
                .collect(),
            interpretation: constat.interpretation.clone(),
            reparation: constat.reparation.as_ref().map(|r| r.message.clone()),
            correction: None,
            essms: constat
                .essms
                .iter()
                .map(|e| VueEssms {
                    finess: e.finess.to_string(),
                    nom: String::new(),
                    etiquette: Etiquette::resultat(&e.resultat, &constat.gravite),
                    message: e.message.clone(),
                })
                .collect(),
        }
    }
}

impl VueConstat {
    /// Gives the ESSMS their names.
    #[must_use]
    pub fn nommer(mut self, nom: impl Fn(&str) -> Option<String>) -> Self {
        for essms in &mut self.essms {
            essms.nom = nom(&essms.finess).unwrap_or_default();
        }
        self
    }

    /// Says where to repair.
    #[must_use]
    pub fn corriger(mut self, href: impl Into<String>, libelle: impl Into<String>) -> Self {
        self.correction = Some(super::page::Lien::nouveau(libelle, href));
        self
    }
}

/// CSS modifier of the card of an outcome.
fn variante(resultat: Resultat, gravite: Gravite) -> &'static str {
    match (resultat, gravite) {
        (Resultat::Satisfait, _) => "portail-constat--satisfait",
        (Resultat::NonSatisfait, Gravite::Bloquant) => "portail-constat--bloquant",
        (Resultat::NonSatisfait, Gravite::Alerte) => "portail-constat--alerte",
        (Resultat::AppreciationArs, _) => "portail-constat--appreciation",
        (Resultat::NonSatisfait, Gravite::Information) | (Resultat::Inconnu | Resultat::SansObjet, _) => {
            "portail-constat--neutre"
        }
    }
}

/// `nombre_eligibles` → « Nombre eligibles ».
fn nom_lisible(nom: &str) -> String {
    let nom = nom.replace('_', " ");
    let mut lettres = nom.chars();
    lettres
        .next()
        .map_or_else(String::new, |premiere| premiere.to_uppercase().chain(lettres).collect())
}

/// A JSON value as people read it.
fn lisible(valeur: &Value) -> String {
    match valeur {
        Value::Null => "non renseigné".into(),
        Value::Bool(vrai) => if *vrai { "oui" } else { "non" }.into(),
        Value::Number(nombre) => nombre.to_string().replace('.', ","),
        Value::String(texte) => texte.clone(),
        Value::Array(elements) => elements.iter().map(lisible).collect::<Vec<_>>().join(", "),
        Value::Object(champs) => champs
            .iter()
            .map(|(nom, valeur)| format!("{}\u{a0}: {}", nom.replace('_', " "), lisible(valeur)))
            .collect::<Vec<_>>()
            .join("\u{a0}; "),
    }
}

/// Wording of a value of a closed list, for templates.
pub fn libelle<L: Liste>(valeur: &L) -> &'static str {
    valeur.libelle()
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

    #[test]
    fn values_are_read_by_people() {
        assert_eq!(
            lisible(&serde_json::json!({"min": 15, "ids": ["a", true]})),
            "ids\u{a0}: a, oui\u{a0}; min\u{a0}: 15"
        );
        assert_eq!(nom_lisible("taille_max"), "Taille max");
        assert_eq!(libelle(&Gravite::Alerte), "Alerte");
    }
}
