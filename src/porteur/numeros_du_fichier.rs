//! The FINESS numbers of a spreadsheet, as one would paste them, with the row of each: a fault is named where it stands in the file.

use std::collections::{HashMap, VecDeque};

use crate::documents::lecture::{self, Ligne};
use crate::domain::dossier::saisie_finess::{Colle, lire_colle};
use crate::domain::dossier::tableau_essms::{Destination, lire_numero, reconnaitre};
use crate::web::formulaire::{ErreurChamp, Saisie};

/// What a file may weigh, in megabytes, as [`lecture::OCTETS_AU_PLUS`].
pub const OCTETS_AU_PLUS_MO: u64 = 5;
/// What is read goes in the box of the page to be corrected: as many rows as a grappe has ESSMS, with a name beside each.
const TEXTE_AU_PLUS: usize = 100_000;
/// Rows without number named one by one.
const RANGS_DITS: usize = 20;

/// A row that holds a number, or something meant as one.
struct Rangee {
    /// Its rank in the file, from 1.
    rang: usize,
    texte: String,
}

/// The numbers of a file.
#[derive(Default)]
pub struct NumerosDuFichier {
    rangees: Vec<Rangee>,
    /// Rows below the headings that hold no number.
    vides: Vec<usize>,
}

impl NumerosDuFichier {
    /// Reads the column whose heading is that of the FINESS numbers; without such a heading, or with several, the whole rows.
    ///
    /// # Errors
    /// A file that cannot be read, or without number.
    pub fn lire(octets: &[u8]) -> Result<Self, ErreurChamp> {
        let lignes = lecture::rangees(octets).map_err(|illisible| ErreurChamp::Motif(illisible.to_string()))?;
        let entetes = lecture::rang_des_entetes(&lignes, des_numeros);
        let colonne = entetes.and_then(|rang| seule_colonne(&lignes[rang]));
        let texte = |ligne: &Ligne| match colonne {
            Some(rang) => numero(ligne.cellules.get(rang).map_or("", String::as_str)),
            None => toute(ligne),
        };
        let mut lu = Self::default();
        for ligne in lignes.iter().skip(entetes.map_or(0, |rang| rang + 1)) {
            let texte = texte(ligne);
            if lire_colle(&texte) != Colle::default() {
                lu.rangees.push(Rangee {
                    rang: ligne.numero,
                    texte,
                });
            // Above the first number without headings, there are titles.
            } else if entetes.is_some() || !lu.rangees.is_empty() {
                lu.vides.push(ligne.numero);
            }
        }
        lu.borner()
    }

    fn borner(self) -> Result<Self, ErreurChamp> {
        let motif = if self.rangees.is_empty() {
            "ce fichier ne contient aucun numéro FINESS de 9\u{a0}caractères"
        } else if self.texte().len() > TEXTE_AU_PLUS {
            "ce fichier contient trop de texte pour une grappe\u{a0}; n’y laissez que ses ESSMS, et la colonne de leurs numéros \
             sous l’en-tête «\u{a0}Numéro FINESS\u{a0}»"
        } else {
            return Ok(self);
        };
        Err(ErreurChamp::Motif(motif.to_owned()))
    }

    /// What the box of the page holds of it, a line for each row.
    pub fn texte(&self) -> String {
        let textes: Vec<&str> = self.rangees.iter().map(|r| r.texte.as_str()).collect();
        textes.join("\n")
    }

    /// Refuses the rows that hold no number; gives where the numbers stand.
    pub fn refuser_les_vides(&self, saisie: &mut Saisie) -> Rangs {
        if !self.vides.is_empty() {
            saisie.refuser("fichier", "Tableau", &ErreurChamp::Motif(sans_numero(&self.vides)));
        }
        let mut rangs = Rangs::default();
        for Rangee { rang, texte } in &self.rangees {
            let colle = lire_colle(texte);
            let numeros = colle.numeros.iter().map(ToString::to_string);
            for lu in numeros.chain(colle.fautes.iter().map(|(texte, _)| texte.clone())) {
                rangs.0.entry(lu).or_default().push_back(*rang);
            }
        }
        rangs
    }
}

/// The rows where each number, or what stands in its place, was read.
#[derive(Default)]
pub struct Rangs(HashMap<String, VecDeque<usize>>);

impl Rangs {
    /// « Ligne 7 », the next row that holds this; empty when none does.
    pub fn prendre(&mut self, texte: &str) -> String {
        let rang = self.0.get_mut(texte).and_then(VecDeque::pop_front);
        rang.map(|rang| format!("Ligne\u{a0}{rang}")).unwrap_or_default()
    }
}

fn des_numeros(entete: &str) -> bool {
    matches!(reconnaitre(entete), Some(Destination::Finess))
}

fn seule_colonne(entetes: &Ligne) -> Option<usize> {
    let mut rangs = (0..entetes.cellules.len()).filter(|rang| des_numeros(&entetes.cellules[*rang]));
    let premier = rangs.next()?;
    rangs.next().is_none().then_some(premier)
}

/// A cell meant as a number: the zero that a spreadsheet dropped is put back.
fn numero(cellule: &str) -> String {
    lire_numero(cellule).map_or_else(|_| cellule.to_owned(), |numero| numero.to_string())
}

fn toute(ligne: &Ligne) -> String {
    let pleines: Vec<&str> = ligne
        .cellules
        .iter()
        .map(String::as_str)
        .filter(|c| !c.is_empty())
        .collect();
    pleines.join("\u{a0}; ")
}

/// « aucun numéro FINESS aux lignes 7, 9 et 12 »
fn sans_numero(rangs: &[usize]) -> String {
    let dits: Vec<String> = rangs.iter().take(RANGS_DITS).map(ToString::to_string).collect();
    let lignes = match (dits.as_slice(), rangs.len() - dits.len()) {
        ([seule], _) => return format!("aucun numéro FINESS à la ligne\u{a0}{seule}"),
        ([debut @ .., derniere], 0) => format!("{} et {derniere}", debut.join(", ")),
        (_, 1) => format!("{} et une autre", dits.join(", ")),
        (_, autres) => format!("{} et {autres}\u{a0}autres", dits.join(", ")),
    };
    format!("aucun numéro FINESS aux lignes\u{a0}{lignes}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finess::Finess;

    fn et(rang: usize) -> String {
        Finess::depuis_racine(&format!("75{rang:06}")).unwrap().to_string()
    }

    fn lire(texte: &str) -> NumerosDuFichier {
        NumerosDuFichier::lire(texte.as_bytes()).unwrap_or_else(|erreur| panic!("{erreur}"))
    }

    fn motif(texte: &str) -> String {
        NumerosDuFichier::lire(texte.as_bytes()).err().unwrap().to_string()
    }

    #[test]
    fn the_column_of_the_numbers_alone_is_read_wherever_it_is() {
        let texte = format!(
            "Liste du 12/03\n\nFINESS EJ;Nom;N° FINESS (ET);DUI\n{};Tilleul;{};oui\n{};Ain;10000024;non\n;Total;;2\n",
            et(9),
            et(1),
            et(9)
        );
        let lu = lire(&texte);
        assert_eq!(lu.texte(), format!("{}\n010000024", et(1)));
        assert_eq!(lu.vides, [6]);
    }

    #[test]
    fn without_its_heading_the_rows_are_read_as_pasted() {
        let texte = format!(
            "Mes établissements\nNom,Code\nTilleul,{}\nÀ venir,\nParc,{} {}\n",
            et(1),
            et(2),
            et(3)
        );
        let lu = lire(&texte);
        assert_eq!(lire_colle(&lu.texte()).numeros.len(), 3);
        assert_eq!(lu.vides, [4], "titles above are no rows");
        assert_eq!(lire(&et(1)).texte(), et(1), "one number alone");
        let deux = format!("FINESS;Numéro FINESS\n{};{}\n", et(1), et(2));
        assert_eq!(lire_colle(&lire(&deux).texte()).numeros.len(), 2);
    }

    #[test]
    fn each_fault_keeps_its_row() {
        let lu = lire(&format!("FINESS\n7507193\n{}\nnéant\n7507193\n", et(1)));
        let mut saisie = Saisie::vide();
        let mut rangs = lu.refuser_les_vides(&mut saisie);
        assert_eq!(saisie.erreur("fichier"), Some("Aucun numéro FINESS à la ligne\u{a0}4"));
        let dites = ["7507193", "7507193", &et(1), "7507193"].map(|texte| rangs.prendre(texte));
        assert_eq!(dites, ["Ligne\u{a0}2", "Ligne\u{a0}5", "Ligne\u{a0}3", ""]);
    }

    #[test]
    fn rows_without_number_are_named_up_to_a_point() {
        assert!(sans_numero(&[7, 9, 12]).ends_with("aux lignes\u{a0}7, 9 et 12"));
        let beaucoup: Vec<usize> = (1..=RANGS_DITS + 3).collect();
        assert!(sans_numero(&beaucoup).ends_with(", 20 et 3\u{a0}autres"));
    }

    #[test]
    fn what_holds_no_number_or_too_much_is_refused() {
        assert!(motif("FINESS;Nom\n;Tilleul\n").contains("aucun numéro FINESS"));
        assert!(motif("\n\n").contains("aucun numéro FINESS"));
        let longue = format!("{};{}\n", et(1), "a".repeat(4_000));
        assert!(motif(&longue.repeat(26)).contains("trop de texte"));
        assert!(motif("%PDF-1.7").contains("ce format n’est pas lu"));
    }
}
