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

/// A size as people read it: « 350 ko », « 1,2 Mo », in thousands of octets.
pub fn taille(octets: u64) -> String {
    let kilos = octets.div_ceil(1_000);
    if kilos < 1_000 {
        return format!("{kilos}\u{a0}ko");
    }
    let dixiemes = octets.div_ceil(100_000);
    match dixiemes % 10 {
        0 => format!("{}\u{a0}Mo", dixiemes / 10),
        reste => format!("{},{reste}\u{a0}Mo", dixiemes / 10),
    }
}

/// A name as FINESS writes it on delivery lines: capitals, without accents, dashes nor apostrophes.
pub fn capitales_sans_accents(nom: &str) -> String {
    let lettres: String = nom
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_uppercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    lettres.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words too common in names of establishments to tell one from another.
const MOTS_VIDES: [&str; 14] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en", "un",
];

/// The words of a name as the registry's search compares them: without case nor accents, `E.H.P.A.D.`
/// read as one word, `ST` as `saint`, the words that tell nothing left out, each word once, in order.
/// Stored words and typed words go through this one function.
pub fn mots_de_recherche(texte: &str) -> Vec<String> {
    let mut mots = Vec::with_capacity(16);
    let mut lettres = String::new();
    for mot in bruts(texte).split_ascii_whitespace() {
        if mot.len() == 1 && mot.starts_with(|c: char| c.is_ascii_alphabetic()) {
            lettres.push_str(mot);
            continue;
        }
        retenir(&mut mots, &lettres);
        lettres.clear();
        retenir(&mut mots, mot);
    }
    retenir(&mut mots, &lettres);
    mots
}

/// Keeps a word once, unless it tells nothing.
fn retenir(mots: &mut Vec<String>, mot: &str) {
    let mot = match mot {
        "st" => "saint",
        "ste" => "sainte",
        _ => mot,
    };
    let une_lettre = mot.len() == 1 && !mot.starts_with(|c: char| c.is_ascii_digit());
    if !mot.is_empty() && !une_lettre && !MOTS_VIDES.contains(&mot) && !mots.iter().any(|deja| deja == mot) {
        mots.push(mot.to_owned());
    }
}

/// Letters and digits, in lower case and without accents, everything else as a space; only ASCII is
/// left. A national file has ten million characters, nearly all plain: only the others are decomposed.
fn bruts(texte: &str) -> String {
    let mut bruts = String::with_capacity(texte.len());
    let mut ajouter = |c: char| match c {
        'œ' | 'Œ' => bruts.push_str("oe"),
        'æ' | 'Æ' => bruts.push_str("ae"),
        _ if c.is_ascii_alphanumeric() => bruts.push(c.to_ascii_lowercase()),
        _ => bruts.push(' '),
    };
    for c in texte.chars() {
        if c.is_ascii() {
            ajouter(c);
        } else {
            std::iter::once(c)
                .nfkd()
                .filter(|c| !is_combining_mark(*c))
                .for_each(&mut ajouter);
        }
    }
    bruts
}

/// Whether two names are the same one, as [`cle_de_comparaison`] means it.
pub fn memes_noms(un: &str, autre: &str) -> bool {
    un == autre || cle_de_comparaison(un) == cle_de_comparaison(autre)
}

/// Octets in hexadecimal, two digits each.
pub fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write;
    octets
        .iter()
        .fold(String::with_capacity(octets.len() * 2), |mut texte, octet| {
            // Writing to a String cannot fail.
            let _ = write!(texte, "{octet:02x}");
            texte
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_read_in_thousands() {
        let lues = [
            1,
            1_000,
            1_001,
            999_000,
            999_001,
            1_200_000,
            2_000_000,
            10 * 1024 * 1024,
        ]
        .map(taille);
        let attendues = ["1 ko", "1 ko", "2 ko", "999 ko", "1 Mo", "1,2 Mo", "2 Mo", "10,5 Mo"];
        assert_eq!(lues, attendues.map(|t| t.replace(' ', "\u{a0}")));
    }

    #[test]
    fn octets_are_two_digits_each() {
        assert_eq!(hexadecimal(&[0, 9, 0xa0, 0xff]), "0009a0ff");
    }

    #[test]
    fn delivery_lines_have_capitals_only() {
        assert_eq!(capitales_sans_accents("Val-de-Marne"), "VAL DE MARNE");
        assert_eq!(capitales_sans_accents("L’Haÿ-les-Roses"), "L HAY LES ROSES");
    }

    #[test]
    fn words_are_compared_without_accents_dots_nor_small_words() {
        assert_eq!(
            mots_de_recherche("E.H.P.A.D. de l'Étang — Cœur de STE-Anne (75013), Étang"),
            ["ehpad", "etang", "coeur", "sainte", "anne", "75013"]
        );
        assert_eq!(mots_de_recherche("L.A.D.A.P.T"), ["ladapt"]);
        assert_eq!(mots_de_recherche(" 1 r. \u{1F600} "), ["1"]);
        assert!(mots_de_recherche("de la").is_empty());
    }

    #[test]
    fn case_accents_and_spaces_do_not_count() {
        assert_eq!(
            cle_de_comparaison(" Médi-Dossier  2 "),
            cle_de_comparaison("MEDI DOSSIER 2")
        );
        assert_ne!(cle_de_comparaison("Dossier A"), cle_de_comparaison("Dossier B"));
    }
}
