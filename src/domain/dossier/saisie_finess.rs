//! FINESS numbers pasted from anywhere: spreadsheets, mails, lists with names beside them.

use std::collections::HashSet;

use crate::domain::finess::{Finess, FinessErreur};

/// What a pasted text holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Colle {
    /// Numbers read, in order, each once.
    pub numeros: Vec<Finess>,
    /// Pieces that look like a number but are none, with what is wrong.
    pub fautes: Vec<(String, FinessErreur)>,
    /// Numbers given more than once.
    pub doublons: Vec<Finess>,
}

impl Colle {
    /// Numbers that a lost zero would make, which only the registry can tell from other eight digits.
    pub fn zeros_perdus(&self) -> impl Iterator<Item = Finess> {
        self.fautes.iter().filter_map(|(_, erreur)| match erreur {
            FinessErreur::ZeroPerdu(numero) => Some(*numero),
            FinessErreur::Longueur(_) | FinessErreur::Caractere | FinessErreur::Cle => None,
        })
    }
}

/// Reads a pasted text. Numbers may be parted by anything (new lines, commas, semicolons, tabs, bars,
/// quotes, spaces) and hold spaces themselves (`75 000 001 2`). What cannot be meant as a FINESS number
/// is passed over, such as what a spreadsheet has beside it: names, postcodes, dates, telephones,
/// SIRET. Anything that looks like a number gone wrong is answered.
pub fn lire_colle(texte: &str) -> Colle {
    let mut colle = Colle::default();
    let mut vus = HashSet::new();
    for segment in texte.split(['\n', '\r', ',', ';', '\t', '|', '"', '\'', '/', '«', '»', '(', ')', ':']) {
        lire_segment(segment, &mut colle, &mut vus);
    }
    colle
}

/// One line of a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneCollee {
    /// Its number, from 1.
    pub rang: usize,
    /// As it was pasted.
    pub texte: String,
    /// What it holds.
    pub colle: Colle,
}

/// The lines of a pasted text that hold something, each read by itself.
pub fn lire_lignes(texte: &str) -> Vec<LigneCollee> {
    let lignes = (1..).zip(texte.lines()).filter(|(_, ligne)| !ligne.trim().is_empty());
    lignes
        .map(|(rang, ligne)| LigneCollee {
            rang,
            texte: ligne.trim().to_owned(),
            colle: lire_colle(ligne),
        })
        .collect()
}

/// Digits of a postcode: fewer than a mangled FINESS number has.
const CHIFFRES_D_UN_CODE_POSTAL: usize = 5;
/// Digits of a SIRET.
const CHIFFRES_D_UN_SIRET: usize = 14;

/// Whether a piece that is no number was meant as one.
fn plausible(morceau: &str) -> bool {
    let chiffres = morceau.chars().filter(char::is_ascii_digit).count();
    let telephone = chiffres == 10 && morceau.starts_with('0');
    chiffres > CHIFFRES_D_UN_CODE_POSTAL && chiffres != CHIFFRES_D_UN_SIRET && !telephone
}

/// The number that these eight digits would be with a zero before them.
fn zero_perdu(morceau: &str) -> Option<Finess> {
    let chiffres = morceau.len() == 8 && morceau.bytes().all(|c| c.is_ascii_digit());
    chiffres.then(|| Finess::parse(&format!("0{morceau}")).ok()).flatten()
}

fn lire_segment(segment: &str, colle: &mut Colle, vus: &mut HashSet<Finess>) {
    let mots: Vec<&str> = segment
        .split_whitespace()
        .filter(|mot| mot.chars().any(|c| c.is_ascii_digit()))
        .collect();
    let mut debut = 0;
    while debut < mots.len() {
        let (prochain, lu) = assembler(&mots, debut);
        let morceau = mots[debut..prochain].join(" ");
        match lu {
            Ok(numero) if vus.insert(numero) => colle.numeros.push(numero),
            Ok(numero) => colle.doublons.push(numero),
            Err(erreur) if plausible(&morceau) => {
                let erreur = zero_perdu(&morceau).map_or(erreur, FinessErreur::ZeroPerdu);
                colle.fautes.push((morceau, erreur));
            }
            Err(_) => {}
        }
        debut = prochain;
    }
}

/// A number in groups, or what stands before one: the number of a line must not be taken for its first digits
/// (`3 75 000 001 0`).
fn assembler(mots: &[&str], debut: usize) -> (usize, Result<Finess, FinessErreur>) {
    let (fin, lu) = reunir(mots, debut);
    if fin == debut + 1 {
        return (fin, lu);
    }
    let (fin_suivante, suivante) = reunir(mots, debut + 1);
    let rang = match lu {
        Err(_) => suivante.is_ok(),
        // Both can be read: a group of one digit before larger ones is the number of a line when all else is used up.
        Ok(_) => suivante.is_ok() && fin_suivante == mots.len() && mots[debut].len() == 1 && mots[debut + 1].len() > 1,
    };
    if rang {
        (debut + 1, Finess::parse(mots[debut]))
    } else {
        (fin, lu)
    }
}

/// One word is a number, or short words follow one another up to nine characters.
fn reunir(mots: &[&str], debut: usize) -> (usize, Result<Finess, FinessErreur>) {
    let premier = Finess::parse(mots[debut]);
    let court = mots[debut].len() < 9;
    if !court {
        return (debut + 1, premier);
    }
    let mut longueur = 0;
    for (rang, mot) in mots.iter().enumerate().skip(debut) {
        longueur += mot.len();
        if longueur >= 9 {
            if longueur == 9 {
                return (rang + 1, Finess::parse(&mots[debut..=rang].concat()));
            }
            break;
        }
    }
    (debut + 1, premier)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lus(texte: &str) -> Vec<String> {
        lire_colle(texte).numeros.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn any_separator_will_do() {
        let attendu = ["010000024", "750719361", "2A0000253"];
        for texte in [
            "010000024\n750719361\r\n2a0000253",
            "010000024,750719361;2A0000253",
            "010000024\t750719361 2A0000253",
            "  \"010000024\" | 750719361 / 2A0000253  ",
            "01 000 002 4\n750 719 361\n2A 0000 253",
            "010.000.024 ; 75-0719-361 ; 2A0000253",
        ] {
            assert_eq!(lus(texte), attendu, "{texte}");
        }
    }

    #[test]
    fn names_beside_the_numbers_are_passed_over() {
        assert_eq!(
            lus("EHPAD Les Tilleuls 010000024\nSAVS du Parc : 750719361"),
            ["010000024", "750719361"]
        );
    }

    #[test]
    fn rows_of_a_spreadsheet_are_read_for_their_numbers_alone() {
        let colle =
            lire_colle("1. 010000024;EHPAD;45 places;01 23 45 67 89;75014 PARIS;12/03/2019;0123456789;26010004500012");
        assert_eq!((colle.numeros.len(), colle.fautes), (1, Vec::new()));
    }

    #[test]
    fn each_fault_is_named_and_nothing_is_lost() {
        let colle = lire_colle("010000025\n7507193\n750719361\n123456789012");
        assert_eq!(colle.numeros.len(), 1);
        assert_eq!(
            colle.fautes,
            [
                ("010000025".to_owned(), FinessErreur::Cle),
                ("7507193".to_owned(), FinessErreur::Longueur(7)),
                ("123456789012".to_owned(), FinessErreur::Longueur(12)),
            ]
        );
    }

    #[test]
    fn eight_digits_that_lost_their_zero_say_which_number_they_may_be() {
        let colle = lire_colle("10000024;10000025;20240115 750719361");
        assert_eq!(colle.numeros.len(), 1);
        let zeros: Vec<String> = colle.zeros_perdus().map(|n| n.to_string()).collect();
        assert_eq!(zeros[0], "010000024");
        assert_eq!(colle.fautes[1].1, FinessErreur::Longueur(8));
    }

    #[test]
    fn a_number_given_twice_is_kept_once_and_said() {
        let colle = lire_colle("010000024 010000024");
        assert_eq!((colle.numeros.len(), colle.doublons.len()), (1, 1));
    }

    #[test]
    fn the_number_of_a_line_is_no_part_of_a_number_in_groups() {
        let attendu = ["750000010"];
        for texte in [
            "3 75 000 001 0",
            "9 75 000 001 0",
            "12 75 000 001 0",
            "3. 75 000 001 0",
            "3 750000010",
            "7 5 0 0 0 0 0 1 0",
        ] {
            assert_eq!(lus(texte), attendu, "{texte}");
        }
        assert!(Finess::parse("975000001").is_ok(), "which hides the second case");
        assert_eq!(lus("75 000 001 0 3"), attendu, "a digit after it changes nothing");
        let colle = lire_colle("3 75 000 001 1");
        assert_eq!(colle.numeros, []);
        assert_eq!(colle.fautes.len(), 1, "a wrong key is still told: {:?}", colle.fautes);
    }

    #[test]
    fn two_numbers_on_a_line_stay_two() {
        assert_eq!(lus("750719361 010000024 2A0000253").len(), 3);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(texte in "\\PC{0,200}") {
            let _ = lire_colle(&texte);
        }
    }
}
