//! A sketched grappe as a form: from an address or from fields, to its answers.

use std::collections::HashSet;

use super::formulaire::{ErreurChamp, Saisie};
use super::questions::{OptionsVue, refuser};
use crate::domain::dossier::champ::Options;
use crate::domain::dossier::esquisse::{
    Deplie, EDITION, Esquisse, NUMEROS, PROJET, TOUS, champs_d_un_essms, champs_du_projet, deplier,
};
use crate::domain::dossier::saisie_finess::{Colle, lire_colle};
use crate::domain::finess::Finess;

/// Name of the parameter, or of the hidden field, that holds a whole sketch.
pub const LIEN: &str = "e";
/// Browsers, proxies and mail programs carry an address of this length whole.
pub const LIEN_AU_PLUS: usize = 2_000;
/// ESSMS in a sketch: as many as in a request of the contract.
pub const ESSMS_AU_PLUS: usize = 500;

/// Lines of a pasted text: beyond, it is no list of ESSMS.
pub const LIGNES_AU_PLUS: usize = 2_000;
/// Numbers of a pasted text, those of OGs beside those of ESSMS: what the registry is asked at once.
const NUMEROS_AU_PLUS: usize = 2_000;
/// Octets of a pasted text: each ESSMS with some four hundred letters beside its number.
const OCTETS_AU_PLUS: usize = 200_000;

/// As much of a pasted text as is read.
pub struct Borne<'t> {
    /// Whole lines, from the first.
    pub texte: &'t str,
    /// Why the rest is not, when there is one.
    pub refus: Option<String>,
}

/// Cuts a pasted text, before any of it is read, where no list of ESSMS goes.
pub fn borner(texte: &str) -> Borne<'_> {
    let mut fin = 0;
    let mut lues = 0;
    for ligne in texte.split_inclusive('\n').take(LIGNES_AU_PLUS) {
        if fin + ligne.len() > OCTETS_AU_PLUS {
            break;
        }
        fin += ligne.len();
        lues += 1;
    }
    let (debut, reste) = texte.split_at(fin);
    let refus = (!reste.trim().is_empty()).then(|| {
        let lignes = texte.lines().count();
        if lues == LIGNES_AU_PLUS {
            format!(
                "{lignes} lignes, au plus {LIGNES_AU_PLUS}\u{a0}; {} ne sont pas lues",
                lignes - lues
            )
        } else {
            format!(
                "{}\u{a0}ko de texte, au plus {}\u{a0}; {} lignes sur {lignes} ne sont pas lues\u{a0}: ne gardez que les numéros",
                texte.len().div_ceil(1_000),
                OCTETS_AU_PLUS / 1_000,
                lignes - lues
            )
        }
    });
    Borne { texte: debut, refus }
}

/// The form that a link fills, and whether the link was whole.
pub fn saisie_du_lien(lien: &str) -> (Saisie, bool) {
    let Deplie { champs, entier } = deplier(lien);
    (Saisie::depuis_paires(champs), entier)
}

/// Numbers that a lost zero would make, each once, that are not there whole.
pub fn zeros_perdus(colle: &Colle) -> Vec<Finess> {
    let mut vus: HashSet<Finess> = colle.numeros.iter().copied().collect();
    colle.zeros_perdus().filter(|n| vus.insert(*n)).collect()
}

/// Reads a form; what cannot be read is refused in it. The last numbers are those that [`zeros_perdus`] supposes. Those of OGs
/// are still among them: [`compter`] bounds what is left once the registry has told them apart.
pub fn lire(saisie: &mut Saisie, options: &OptionsVue, editions: &[&str]) -> Esquisse {
    let saisi = saisie.valeurs(NUMEROS).join("\n");
    let Borne { texte, refus } = borner(&saisi);
    if let Some(motif) = refus {
        saisie.refuser(NUMEROS, "Numéros FINESS", &ErreurChamp::Motif(motif));
    }
    let colle = lire_colle(texte);
    let mut numeros = colle.numeros.clone();
    // Those that a spreadsheet shortened wait for the registry to know them.
    numeros.extend(zeros_perdus(&colle));
    refuser_au_dela(saisie, &mut numeros, NUMEROS_AU_PLUS, "numéros");
    let permis = |quoi: Options, valeur: &str| match quoi {
        Options::Solutions => options.permet(quoi, valeur),
        // The OGs of the grappe are known once it is read: any number will do.
        Options::EssmsDeLaGrappe => Finess::parse(valeur).is_ok(),
    };
    let (esquisse, fautes) = Esquisse::lire(saisie, numeros, &permis);
    refuser(saisie, &fautes, libelle);
    if !editions.contains(&esquisse.edition.as_str()) {
        saisie.refuser(EDITION, "Appel à projets", &ErreurChamp::ChoixRequis);
    }
    esquisse
}

/// Refuses a sketch of more ESSMS than one may have, and keeps the first of them.
pub fn compter(saisie: &mut Saisie, esquisse: &mut Esquisse) {
    refuser_au_dela(saisie, &mut esquisse.numeros, ESSMS_AU_PLUS, "ESSMS");
}

fn refuser_au_dela(saisie: &mut Saisie, numeros: &mut Vec<Finess>, au_plus: usize, quoi: &str) {
    if numeros.len() > au_plus {
        let motif = format!(
            "{} {quoi}, au plus {au_plus}\u{a0}; retirez-en, ou simulez en plusieurs fois",
            numeros.len()
        );
        saisie.refuser(NUMEROS, "Numéros FINESS", &ErreurChamp::Motif(motif));
        numeros.truncate(au_plus);
    }
}

/// What a field is called.
fn libelle(nom: &str) -> String {
    let Some((prefixe, champ)) = nom.split_once('-') else {
        return nom.to_owned();
    };
    let champs = if prefixe == PROJET {
        champs_du_projet()
    } else {
        champs_d_un_essms()
    };
    let question = champs.iter().find(|c| c.nom == champ).map_or(champ, |c| c.libelle);
    match prefixe {
        PROJET | TOUS => question.to_owned(),
        finess => format!("{finess}\u{a0}: {question}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_after_its_last_line_that_is_read() {
        let juste = "Total\n".repeat(LIGNES_AU_PLUS);
        assert!(borner(&juste).refus.is_none());
        assert!(borner(&format!("{juste}\n \n")).refus.is_none(), "nothing is lost");
        let trop = format!("{juste}750000127\nfin");
        let borne = borner(&trop);
        assert_eq!(borne.texte, juste);
        assert_eq!(
            borne.refus.unwrap(),
            "2002 lignes, au plus 2000\u{a0}; 2 ne sont pas lues"
        );
        let large = format!(
            "{}\n{}\n",
            "é".repeat(OCTETS_AU_PLUS / 4),
            "é".repeat(OCTETS_AU_PLUS / 3)
        );
        assert_eq!(borner(&large).texte.lines().count(), 1);
        let seule = "é".repeat(OCTETS_AU_PLUS);
        let borne = borner(&seule);
        assert_eq!(borne.texte, "");
        assert!(borne.refus.unwrap().starts_with("400\u{a0}ko de texte, au plus 200"));
    }
}
