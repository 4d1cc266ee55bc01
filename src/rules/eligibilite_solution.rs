//! Éligibilité of the grappe: one and the same DUI (ELI-G02).

use std::collections::BTreeMap;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::TypeProjet;
use crate::domain::texte::{cle_de_comparaison, memes_noms};
use crate::rules::constat::{ConstatEssms, Resultat};
use crate::rules::contexte::{Contexte, Verdict, citer};
use crate::rules::faits::Essms;
use crate::rules::francais::numeros;

/// ELI-G02 — « un même DUI »; « la version devra être la même sur l'ensemble de la grappe » for a mise en
/// conformité (MÉMO); « Est-ce que le DUI doit être le même au sein de la grappe ? Oui » (FAQ-2024).
pub(in crate::rules) fn eli_g02(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let visee = ctx.faits.solution.as_ref();
    let nom = visee
        .map(|s| s.nom.as_str())
        .filter(|nom| !nom.trim().is_empty())
        .or_else(|| plus_courant(ctx.retenus.iter().filter_map(|e| e.solution.as_deref())));
    let en_conformite = || {
        ctx.retenus
            .iter()
            .filter(|e| e.type_projet == Some(TypeProjet::MiseEnConformite))
    };
    let version = visee
        .and_then(|s| s.version.as_deref())
        .or_else(|| plus_courant(en_conformite().filter_map(|e| e.solution_version.as_deref())));
    let cites: Vec<ConstatEssms> = ctx
        .retenus
        .iter()
        .filter_map(|essms| ecart_de_solution(essms, nom, version))
        .collect();
    let ceux = |voulu| -> Vec<Finess> {
        let voulus = cites.iter().filter(|c| c.resultat == voulu);
        voulus.map(|c| c.finess).collect()
    };
    let (differents, inconnus) = (ceux(Resultat::NonSatisfait), ceux(Resultat::Inconnu));
    let commune = nom.unwrap_or_default();
    let verdict = if !differents.is_empty() {
        let tous: Vec<Finess> = cites.iter().map(|c| c.finess).collect();
        let precision = version
            .map(|v| format!(" (version {v} en mise en conformité)"))
            .unwrap_or_default();
        Verdict::non_satisfait(format!(
            "La grappe doit partager une même solution DUI. Diffèrent de « {commune} »{precision} : {}.",
            numeros(&differents)
        ))
        .reparer(
            format!("Retenir « {commune} »{precision} pour : {}.", numeros(&tous)),
            tous,
        )
    } else if !inconnus.is_empty() {
        Verdict::inconnu(format!(
            "Solution DUI à préciser pour {} ESSMS : {}.",
            inconnus.len(),
            numeros(&inconnus)
        ))
    } else {
        Verdict::satisfait(format!("Tous les ESSMS partagent la solution « {commune} »."))
    };
    let (nombre_differents, nombre_inconnus) = (differents.len(), inconnus.len());
    verdict
        .essms(cites)
        .valeur("solution", nom)
        .valeur("version", version)
        .valeur("differents", nombre_differents)
        .valeur("inconnus", nombre_inconnus)
}

/// The most common name, names alike counted together; ties go to the first in alphabetical order.
fn plus_courant<'a>(noms: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut comptes: BTreeMap<String, (usize, &'a str)> = BTreeMap::new();
    for nom in noms.filter(|nom| !nom.trim().is_empty()) {
        let entree = comptes.entry(cle_de_comparaison(nom)).or_insert((0, nom));
        entree.0 += 1;
        entree.1 = entree.1.min(nom);
    }
    let plus_grand = comptes.values().map(|(compte, _)| *compte).max()?;
    comptes
        .into_values()
        .find(|(compte, _)| *compte == plus_grand)
        .map(|(_, nom)| nom)
}

/// How an ESSMS's DUI departs from the reference, or what is unknown of it.
pub(in crate::rules) fn ecart_de_solution(
    essms: &Essms,
    nom: Option<&str>,
    version: Option<&str>,
) -> Option<ConstatEssms> {
    let inconnu = |quoi: &str| Some(citer(essms, Resultat::Inconnu, quoi));
    let Some(sienne) = essms.solution.as_deref().filter(|s| !s.trim().is_empty()) else {
        return inconnu("Indiquez la solution DUI qu’il utilisera.");
    };
    if let Some(nom) = nom
        && !memes_noms(sienne, nom)
    {
        return Some(citer(essms, Resultat::NonSatisfait, format!("Utilise « {sienne} ».")));
    }
    if essms.type_projet == Some(TypeProjet::Acquisition) {
        return None;
    }
    match (essms.solution_version.as_deref(), version) {
        (Some(sienne), Some(version)) if memes_noms(sienne, version) => None,
        (Some(sienne), Some(_)) if essms.type_projet.is_some() => Some(citer(
            essms,
            Resultat::NonSatisfait,
            format!("Est en version {sienne}."),
        )),
        (Some(_), Some(_)) => {
            inconnu("Indiquez son type de projet : sa version diffère, ce qui compte en mise en conformité.")
        }
        (None, _) => inconnu("Indiquez la version de son DUI."),
        (Some(_), None) => None,
    }
}
