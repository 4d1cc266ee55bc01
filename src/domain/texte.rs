//! Texts compared as people mean them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name without case, accents, nor any character but letters and digits: two names that a person
/// would call the same have the same key.
pub fn cle_de_comparaison(nom: &str) -> String {
    nom.nfkd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two names are the same one, as [`cle_de_comparaison`] means it.
pub fn memes_noms(un: &str, autre: &str) -> bool {
    un == autre || cle_de_comparaison(un) == cle_de_comparaison(autre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spaces_do_not_count() {
        assert_eq!(
            cle_de_comparaison(" Médi-Dossier  2 "),
            cle_de_comparaison("MEDI DOSSIER 2")
        );
        assert_ne!(cle_de_comparaison("Dossier A"), cle_de_comparaison("Dossier B"));
    }
}
