//! From a rule to the help about it.

use super::chemins;
use super::page::Lien;
use crate::rules::faq::Faq;

/// A card stays short: the rest is in the page of the questions.
const AU_PLUS: usize = 2;

/// The frequent questions of an edition that are first of all about this rule.
pub fn liens(edition: &str, code: &str) -> Vec<Lien> {
    let du_texte = Faq::livrees().iter().filter(|faq| faq.edition == edition);
    du_texte
        .flat_map(Faq::questions)
        .filter(|(_, q)| q.regles.first().is_some_and(|regle| regle == code))
        .take(AU_PLUS)
        .map(|(_, q)| Lien::nouveau(&q.question, chemins::question(&q.slug)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_leads_to_its_questions_in_the_edition_they_speak_of() {
        let liens_de = |edition, code| liens(edition, code).into_iter().map(|l| l.href).collect::<Vec<_>>();
        assert_eq!(liens_de("idf-2024", "ELI-G02"), ["/faq/meme-dui-pour-tous"]);
        assert_eq!(liens_de("idf-2024", "REC-02").len(), AU_PLUS);
        assert!(liens_de("idf-2024", "PRI-04").is_empty());
        assert!(liens_de("ara-2022", "ELI-G02").is_empty());
    }
}
