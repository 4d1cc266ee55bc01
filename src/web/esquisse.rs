//! A sketched grappe as a form: from an address or from fields, to its answers.

use super::formulaire::{ErreurChamp, Saisie};
use super::questions::{OptionsVue, refuser};
use crate::domain::dossier::champ::Options;
use crate::domain::dossier::esquisse::{
    Deplie, EDITION, Esquisse, NUMEROS, PROJET, TOUS, champs_d_un_essms, champs_du_projet, deplier,
};
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::finess::Finess;

/// Name of the parameter, or of the hidden field, that holds a whole sketch.
pub const LIEN: &str = "e";
/// Browsers, proxies and mail programs carry an address of this length whole.
pub const LIEN_AU_PLUS: usize = 2_000;
/// ESSMS in a sketch: as many as in a request of the contract.
pub const ESSMS_AU_PLUS: usize = 500;

/// The form that a link fills, and whether the link was whole.
pub fn saisie_du_lien(lien: &str) -> (Saisie, bool) {
    let Deplie { champs, entier } = deplier(lien);
    (Saisie::depuis_paires(champs), entier)
}

/// Reads a form; what cannot be read is refused in it.
pub fn lire(saisie: &mut Saisie, options: &OptionsVue, editions: &[&str]) -> Esquisse {
    let mut numeros = lire_colle(&saisie.valeurs(NUMEROS).join("\n")).numeros;
    if numeros.len() > ESSMS_AU_PLUS {
        let motif = format!(
            "{} numéros, au plus {ESSMS_AU_PLUS}\u{a0}; retirez-en, ou simulez en plusieurs fois",
            numeros.len()
        );
        saisie.refuser(NUMEROS, "Numéros FINESS", &ErreurChamp::Motif(motif));
        numeros.truncate(ESSMS_AU_PLUS);
    }
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
