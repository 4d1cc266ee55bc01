//! Questions that an appel à projets answers, said again in the portal's words: data in `faq/*.toml`, each answer with the
//! section it comes from, the rules it sheds light on, and what other texts say otherwise.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::edition::{Edition, Sujet};
use super::exposition::Regle;
use crate::domain::texte::mots_de_recherche;

/// The questions of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// Code of the edition.
    pub edition: String,
    /// Short name of the text, among those of the edition.
    pub document: String,
    /// Its parts, in the order of the text.
    pub themes: Vec<Theme>,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Its title in the text.
    pub section: String,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable name, in its address.
    pub slug: String,
    /// The question.
    pub question: String,
    /// The answer; see [`blocs`].
    pub reponse: String,
    /// Where texts differ, or what this one leaves unsaid.
    #[serde(default)]
    pub nuance: Option<String>,
    /// Codes of the rules of the edition that it sheds light on, amounts and indicators included.
    #[serde(default)]
    pub regles: Vec<String>,
    /// Words of the glossary that it uses.
    #[serde(default)]
    pub mots: Vec<String>,
    /// Other words that people look for it by.
    #[serde(default)]
    pub synonymes: Vec<String>,
    /// Whom to write to about it.
    #[serde(default)]
    pub sujet: Option<Sujet>,
}

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bloc {
    /// A paragraph.
    Paragraphe(String),
    /// A list.
    Liste(Vec<String>),
}

/// A question found, with the part it is in.
pub type Trouvee<'a> = (&'a Theme, &'a Question);

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouvailles<'a> {
    /// The questions, those whose title holds the most words first.
    pub questions: Vec<Trouvee<'a>>,
    /// Whether each of them holds every word: otherwise, no question does and these hold the most.
    pub entieres: bool,
}

/// Words that ask without saying what about.
const MOTS_DE_QUESTION: [&str; 53] = [
    "qui", "que", "quoi", "quel", "quelle", "quels", "quelles", "comment", "combien", "ou", "quand", "pourquoi", "est",
    "sont", "etre", "ai", "as", "avons", "avez", "ont", "avoir", "peut", "peuvent", "pouvons", "pouvez", "puis",
    "dois", "doit", "devons", "doivent", "faut", "fait", "faire", "je", "nous", "vous", "on", "il", "elle", "ils",
    "mon", "ma", "mes", "notre", "nos", "votre", "vos", "une", "ce", "pour", "par", "dans", "avec",
];

static LIVREES: LazyLock<Vec<Faq>> = LazyLock::new(|| {
    [include_str!("../../faq/idf-2024.toml")]
        .into_iter()
        .filter_map(|texte| toml::from_str(texte).ok())
        .collect()
});

impl Faq {
    /// The shipped ones, the latest edition's first. A test reads each of them, so none is ever skipped.
    pub fn livrees() -> &'static [Self] {
        &LIVREES
    }

    /// Every question with its part, in the order of the text.
    pub fn questions(&self) -> impl Iterator<Item = Trouvee<'_>> {
        self.themes
            .iter()
            .flat_map(|theme| theme.questions.iter().map(move |q| (theme, q)))
    }

    /// The question of this name.
    pub fn question(&self, slug: &str) -> Option<Trouvee<'_>> {
        self.questions().find(|(_, q)| q.slug == slug)
    }

    /// The questions that hold every word of a text, whatever its case, its accents and its plurals; else those that hold the
    /// most. The words that only ask are left out, unless there is nothing else. None for a text without a word that tells
    /// something.
    pub fn chercher(&self, texte: &str) -> Trouvailles<'_> {
        let tapes = mots_de_recherche(texte);
        let (vides, pleins): (Vec<&String>, Vec<&String>) =
            tapes.iter().partition(|mot| MOTS_DE_QUESTION.contains(&mot.as_str()));
        let cherches: Vec<String> = if pleins.is_empty() { vides } else { pleins }
            .into_iter()
            .map(|mot| singulier(mot))
            .collect();
        // Among titles that hold as many of those, the one that asks in the same words.
        let dits: Vec<String> = tapes.iter().map(|mot| singulier(mot)).collect();
        let mut trouvees: Vec<(usize, [usize; 2], Trouvee<'_>)> = self
            .questions()
            .filter_map(|(theme, q)| {
                let (titre, corps) = (radicaux(&q.titre()), radicaux(&q.corps(theme)));
                let tient =
                    |mots: &[String], cherche: &String| mots.iter().any(|mot| mot.starts_with(cherche.as_str()));
                let du_titre = [&cherches, &dits].map(|mots| mots.iter().filter(|mot| tient(&titre, mot)).count());
                let tenus = cherches.iter().filter(|c| tient(&titre, c) || tient(&corps, c)).count();
                (tenus > 0).then_some((tenus, du_titre, (theme, q)))
            })
            .collect();
        let au_mieux = trouvees.iter().map(|(tenus, ..)| *tenus).max().unwrap_or_default();
        trouvees.retain(|(tenus, ..)| *tenus == au_mieux);
        trouvees.sort_by_key(|(_, du_titre, _)| std::cmp::Reverse(*du_titre));
        Trouvailles {
            questions: trouvees.into_iter().map(|(.., trouvee)| trouvee).collect(),
            entieres: au_mieux == cherches.len(),
        }
    }

    /// What is wrong with it, beside this edition: nothing for the shipped ones.
    pub fn fautes(&self, edition: &Edition) -> Vec<String> {
        let mut fautes = Vec::new();
        if !edition.textes.iter().any(|t| t.document == self.document) {
            fautes.push(format!("texte inconnu de l’édition\u{a0}: {}", self.document));
        }
        let mut vus = BTreeSet::new();
        for (_, q) in self.questions() {
            if !vus.insert(q.slug.as_str()) || q.slug.chars().any(|c| !c.is_ascii_alphanumeric() && c != '-') {
                fautes.push(format!("nom répété ou illisible\u{a0}: {}", q.slug));
            }
            if blocs(&q.reponse).is_empty() {
                fautes.push(format!("sans réponse\u{a0}: {}", q.slug));
            }
            let absentes = q.regles.iter().filter(|code| Regle::depuis(edition, code).is_none());
            fautes.extend(absentes.map(|code| format!("règle absente de l’édition\u{a0}: {code}, {}", q.slug)));
            if q.sujet.is_some_and(|s| edition.contacts(s).next().is_none()) {
                fautes.push(format!("sujet sans contact\u{a0}: {}", q.slug));
            }
        }
        fautes
    }
}

impl Question {
    /// What a search reads first: the title, and the other words people use for it.
    fn titre(&self) -> String {
        format!("{} {}", self.question, self.synonymes.join(" "))
    }

    /// Everything a search reads beside the title.
    fn corps(&self, theme: &Theme) -> String {
        let nuance = self.nuance.as_deref().unwrap_or_default();
        let mots = self.mots.join(" ");
        [theme.section.as_str(), &self.reponse, nuance, &mots].join(" ")
    }
}

/// The words of a text, each without the mark of its plural.
fn radicaux(texte: &str) -> Vec<String> {
    mots_de_recherche(texte).iter().map(|mot| singulier(mot)).collect()
}

/// A word without the mark of its plural: « hopital » of « hopitaux », « delai » of « delais ».
fn singulier(mot: &str) -> String {
    if mot.chars().count() <= 3 {
        return mot.to_owned();
    }
    match mot.strip_suffix("aux") {
        Some(debut) => format!("{debut}al"),
        None => mot.strip_suffix(['s', 'x']).unwrap_or(mot).to_owned(),
    }
}

/// The pieces of an answer: paragraphs between empty lines, lists of the lines that begin by « - ».
pub fn blocs(reponse: &str) -> Vec<Bloc> {
    let morceaux = reponse.trim().split("\n\n").filter(|m| !m.trim().is_empty());
    morceaux
        .map(|morceau| {
            let lignes: Option<Vec<String>> = morceau
                .trim()
                .lines()
                .map(|ligne| ligne.strip_prefix("- ").map(str::to_owned))
                .collect();
            lignes.map_or_else(|| Bloc::Paragraphe(morceau.trim().to_owned()), Bloc::Liste)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouvees(texte: &str) -> Vec<&'static str> {
        let trouvees = Faq::livrees()[0].chercher(texte).questions;
        trouvees.into_iter().map(|(_, q)| q.slug.as_str()).collect()
    }

    #[test]
    fn the_shipped_questions_fit_their_edition_and_hold_all_twenty_five_of_the_text() {
        assert_eq!(Faq::livrees().len(), 1);
        for faq in Faq::livrees() {
            let edition = Edition::livree(&faq.edition).unwrap();
            assert_eq!(faq.fautes(edition), Vec::<String>::new());
        }
        let nombres: Vec<usize> = Faq::livrees()[0].themes.iter().map(|t| t.questions.len()).collect();
        assert_eq!(nombres, [3, 4, 2, 3, 6, 4, 2, 1]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let mut faq = Faq::livrees()[0].clone();
        faq.document = "AUTRE".to_owned();
        let question = &mut faq.themes[0].questions[0];
        question.slug = "grappe mixte".to_owned();
        question.reponse = " \n\n".to_owned();
        question.regles = vec![
            "FIN-01".to_owned(),
            "USA-03".to_owned(),
            "ACH".to_owned(),
            "E21-01".to_owned(),
        ];
        let fautes = faq.fautes(Edition::livree("idf-2024").unwrap());
        assert_eq!(fautes.len(), 4, "{fautes:?}");
    }

    #[test]
    fn a_search_ignores_case_accents_and_plurals() {
        assert_eq!(trouvees("RESAH"), ["devis-par-le-resah"]);
        assert!(trouvees("usages").contains(&"delai-pour-les-usages"));
        assert!(trouvees("ELIGIBILITE hopital").contains(&"essms-d-un-hopital"));
        assert!(trouvees("zébulon").is_empty());
        assert!(trouvees("de la").is_empty());
    }

    #[test]
    fn ordinary_words_find_their_question() {
        for (tape, attendue) in [
            ("délai", "delai-pour-les-usages"),
            ("délais", "delai-pour-les-usages"),
            ("remboursement", "cibles-non-atteintes"),
            ("hôpitaux", "essms-d-un-hopital"),
            ("qui contacter", "a-qui-ecrire"),
            ("comment candidater", "un-seul-dossier"),
            ("date limite", "pieces-a-fournir"),
            ("quinze", "un-essms-seul"),
            ("budget", "financer-les-usages"),
            ("Combien d’ESSMS ?", "un-essms-seul"),
        ] {
            let trouvees = trouvees(tape);
            assert_eq!(trouvees.first(), Some(&attendue), "{tape}\u{a0}: {trouvees:?}");
        }
    }

    #[test]
    fn when_no_question_holds_every_word_those_that_hold_the_most_are_shown() {
        let faq = &Faq::livrees()[0];
        let partielles = faq.chercher("hopital csapa");
        assert!(!partielles.entieres);
        let slugs: Vec<&str> = partielles.questions.iter().map(|(_, q)| q.slug.as_str()).collect();
        assert_eq!(slugs, ["essms-d-un-hopital", "solution-pour-un-csapa"]);
        assert!(faq.chercher("hopital").entieres);
        assert!(faq.chercher("comment").questions[0].1.titre().contains("omment"));
    }

    #[test]
    fn a_title_comes_before_a_body() {
        let sons = trouvees("SONS");
        assert!(sons.iter().take(3).all(|slug| slug.starts_with("sons")), "{sons:?}");
        let seul = trouvees("un seul dossier");
        assert_eq!(seul.first(), Some(&"un-seul-dossier"), "{seul:?}");
    }

    #[test]
    fn an_answer_is_made_of_paragraphs_and_lists() {
        let liste = |l: &[&str]| Bloc::Liste(l.iter().map(|s| (*s).to_owned()).collect());
        assert_eq!(
            blocs("Un.\n\n- a\n- b\n\nDeux\nlignes.\n"),
            [
                Bloc::Paragraphe("Un.".into()),
                liste(&["a", "b"]),
                Bloc::Paragraphe("Deux\nlignes.".into())
            ]
        );
    }
}
