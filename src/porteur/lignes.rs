//! An ESSMS as a row of the page of the grappe.

use super::atelier::Atelier;
use super::doubles::precision;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat, Liste};
use crate::rules::evaluation::StatutEssms;
use crate::store::registre::EssmsRegistre;
use crate::web::vue::{Etiquette, Ton};

/// An ESSMS of the grappe, or found by a search.
pub struct LigneEssms {
    /// Its number.
    pub finess: String,
    /// Its name.
    pub nom: String,
    /// Its OG.
    pub og: String,
    /// Postcode and commune.
    pub lieu: String,
    /// Its category.
    pub categorie: String,
    /// Where it stands in the grappe or in the registry.
    pub statut: Etiquette,
    /// Why, rule by rule.
    pub pourquoi: Vec<String>,
    /// Whether it is in the grappe.
    pub present: bool,
}

/// Open or closed, as the registry says.
pub fn etat_au_registre(e: &EssmsRegistre) -> Etiquette {
    match (e.etat, e.ferme_le) {
        (Etat::Ferme, Some(jour)) => {
            Etiquette::nouvelle(format!("Fermé le {}", jour.format("%d/%m/%Y")), Ton::Bloquant)
        }
        (Etat::Ferme, None) => Etiquette::nouvelle("Fermé", Ton::Bloquant),
        (Etat::Ouvert, _) => Etiquette::nouvelle("Ouvert", Ton::Succes),
        (Etat::Inconnu, _) => Etiquette::nouvelle("Inconnu du répertoire", Ton::Neutre),
    }
}

/// An ESSMS of the grappe, with what the rules on each ESSMS say.
pub fn ligne_de_la_grappe(atelier: &Atelier<'_>, finess: Finess) -> LigneEssms {
    let statut = atelier.evaluation.statut(finess).unwrap_or(StatutEssms::EnQuestion);
    let ton = match statut {
        StatutEssms::Eligible => Ton::Succes,
        StatutEssms::EnQuestion => Ton::Neutre,
        StatutEssms::Exclu => Ton::Bloquant,
    };
    let pourquoi = atelier
        .evaluation
        .constats
        .iter()
        .filter(|c| c.code.starts_with("ELI-E"))
        .flat_map(|c| {
            c.essms
                .iter()
                .filter(|e| e.finess == finess)
                .map(move |e| format!("{}\u{a0}: {}", c.code, e.message))
        })
        .chain(precision(&atelier.contexte.doubles, finess))
        .collect();
    ligne(
        atelier.contexte.registre.get(&finess),
        finess,
        Etiquette::nouvelle(statut.libelle(), ton),
        pourquoi,
    )
}

/// The row of an ESSMS, known to the registry or not.
pub fn ligne(connu: Option<&EssmsRegistre>, finess: Finess, statut: Etiquette, pourquoi: Vec<String>) -> LigneEssms {
    LigneEssms {
        finess: finess.to_string(),
        nom: connu.map_or_else(|| "ESSMS inconnu du répertoire".to_owned(), nom_affiche),
        og: connu.map(EssmsRegistre::organisme_affiche).unwrap_or_default(),
        lieu: connu
            .map(|c| {
                [c.code_postal.as_deref().unwrap_or_default(), &c.commune]
                    .join(" ")
                    .trim()
                    .to_owned()
            })
            .unwrap_or_default(),
        categorie: connu.map(EssmsRegistre::categorie_affichee).unwrap_or_default(),
        present: true,
        statut,
        pourquoi,
    }
}

/// A fictitious ESSMS says so, unless its very name does.
fn nom_affiche(connu: &EssmsRegistre) -> String {
    let dit = connu.nom.to_lowercase().contains("fictif");
    if connu.fictif && !dit {
        format!("{} (fictif)", connu.nom)
    } else {
        connu.nom.clone()
    }
}
