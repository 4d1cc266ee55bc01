//! What changed from one text to another, word by word.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// A text shorter than this is read at a glance: both are shown whole.
const COURT: usize = 60;
/// Beyond, what is left is given as replaced whole.
const DELAI: Duration = Duration::from_millis(50);

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// There before and after.
    Garde,
    /// There no more.
    Retire,
    /// New.
    Ajoute,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Morceau {
    /// What became of it.
    pub sort: Sort,
    /// The words.
    pub texte: String,
}

impl Morceau {
    /// Whether it was taken out.
    pub fn retire(&self) -> bool {
        self.sort == Sort::Retire
    }

    /// Whether it was added.
    pub fn ajoute(&self) -> bool {
        self.sort == Sort::Ajoute
    }
}

/// The words kept, taken out and added, in reading order; nothing when both texts are short, or one is empty.
pub fn mots(avant: &str, apres: &str) -> Vec<Morceau> {
    let long = avant.chars().count().max(apres.chars().count()) > COURT;
    if avant.is_empty() || apres.is_empty() || !long {
        return Vec::new();
    }
    let difference = TextDiff::configure().timeout(DELAI).diff_words(avant, apres);
    let mut morceaux: Vec<Morceau> = Vec::new();
    for change in difference.iter_all_changes() {
        let sort = match change.tag() {
            ChangeTag::Equal => Sort::Garde,
            ChangeTag::Delete => Sort::Retire,
            ChangeTag::Insert => Sort::Ajoute,
        };
        match morceaux.last_mut() {
            Some(dernier) if dernier.sort == sort => dernier.texte.push_str(change.value()),
            _ => morceaux.push(Morceau {
                sort,
                texte: change.value().to_owned(),
            }),
        }
    }
    morceaux
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_taken_out_and_added_in_reading_order() {
        let avant = "Équiper nos établissements d’un même dossier usager informatisé, en deux ans.";
        let apres = "Équiper nos établissements d’un même dossier usager informatisé, en trois ans.";
        let sorts: Vec<(Sort, String)> = mots(avant, apres).into_iter().map(|m| (m.sort, m.texte)).collect();
        assert_eq!(sorts.len(), 4);
        assert_eq!(sorts[1], (Sort::Retire, "deux".to_owned()));
        assert_eq!(sorts[2], (Sort::Ajoute, "trois".to_owned()));
        assert_eq!(sorts[3], (Sort::Garde, " ans.".to_owned()));
    }

    #[test]
    fn short_and_empty_texts_are_shown_whole() {
        assert_eq!(mots("Oui", "Non"), []);
        assert_eq!(mots("", &"long ".repeat(40)), []);
    }
}
