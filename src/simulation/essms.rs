//! The part of the request that describes each ESSMS.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{EssmsSimule, SolutionEmployee, SonsSimule};
use super::lecture::{Journal, Objet};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat, categorie_livree};
use crate::domain::territoire::departement;
use crate::rules::faits::{CategorieLue, Essms};

/// Notes a number met before.
pub(super) fn refuser_doublon(
    vus: &mut HashMap<Finess, usize>,
    finess: Finess,
    liste: &str,
    rang: usize,
    journal: &mut Journal,
) {
    if let Some(premier) = vus.insert(finess, rang) {
        journal.noter(
            &format!("{liste}[{rang}].finess"),
            format!("le numéro {finess} figure déjà en {liste}[{premier}]"),
        );
        vus.insert(finess, premier);
    }
}

pub(super) fn finess_obligatoire(objet: &Objet, journal: &mut Journal) -> Option<Finess> {
    if objet.valeur("finess").is_none() {
        journal.noter(&objet.chemin("finess"), "ce champ est obligatoire");
    }
    objet.finess("finess", journal)
}

pub(super) fn lire_tous_les_essms(valeurs: &[Value], journal: &mut Journal) -> Vec<Essms> {
    let mut vus = HashMap::new();
    let mut essms = Vec::with_capacity(valeurs.len());
    for (rang, valeur) in valeurs.iter().enumerate() {
        if let Some(lu) = lire_essms(valeur, &format!("essms[{rang}]"), journal) {
            refuser_doublon(&mut vus, lu.finess, "essms", rang, journal);
            essms.push(lu);
        }
    }
    essms
}

fn lire_essms(valeur: &Value, chemin: &str, journal: &mut Journal) -> Option<Essms> {
    let objet = Objet::lire(valeur, chemin, EssmsSimule::CHAMPS, journal)?;
    let finess = finess_obligatoire(&objet, journal);
    let (solution, solution_version) = lire_solution_essms(&objet, journal);
    let (sons, sons_logiciel) = lire_sons(&objet, journal);
    // The number comes last: without it nothing is returned, but every other fault has been noted.
    Some(Essms {
        organisme: objet.finess("organisme", journal),
        categorie: objet.analyse("categorie", journal, lire_categorie).unwrap_or_default(),
        etat: objet.choix("etat", journal).unwrap_or(Etat::Inconnu),
        departement: objet.analyse("departement", journal, |code| {
            departement(code).ok_or_else(|| format!("département inconnu « {code} »"))
        }),
        type_projet: objet.choix("type_projet", journal),
        hebergement: objet.choix("hebergement", journal),
        solution,
        solution_version,
        deja_finance: objet.booleen("deja_finance", journal),
        sons,
        sons_logiciel,
        entite_nationale: objet.choix("entite_nationale", journal),
        rattache_ght: objet.booleen("rattache_ght", journal),
        activites_confort: objet.booleen("activites_confort", journal),
        part_heures_eligibles: objet.part("part_heures_eligibles", journal),
        engage_ailleurs: objet.booleen("engage_ailleurs", journal),
        medicalise: objet.booleen("medicalise", journal),
        ror_complet: objet.booleen("ror_complet", journal),
        autodiagnostic: objet.choix("autodiagnostic", journal),
        finess: finess?,
    })
}

fn lire_categorie(code: &str) -> Result<CategorieLue, String> {
    if code.len() != 3 || !code.bytes().all(|c| c.is_ascii_digit()) {
        return Err(format!("une catégorie FINESS compte trois chiffres, et non « {code} »"));
    }
    Ok(match categorie_livree(code) {
        Some(categorie) => CategorieLue::Connue(categorie.clone()),
        None => CategorieLue::HorsTable(code.to_owned()),
    })
}

fn lire_solution_essms(essms: &Objet, journal: &mut Journal) -> (Option<String>, Option<String>) {
    let Some(valeur) = essms.valeur("solution") else {
        return (None, None);
    };
    match Objet::lire(valeur, &essms.chemin("solution"), SolutionEmployee::CHAMPS, journal) {
        Some(solution) => (solution.texte("nom", journal), solution.texte("version", journal)),
        None => (None, None),
    }
}

fn lire_sons(essms: &Objet, journal: &mut Journal) -> (Option<bool>, Option<String>) {
    let Some(valeur) = essms.valeur("sons") else {
        return (None, None);
    };
    match Objet::lire(valeur, &essms.chemin("sons"), SonsSimule::CHAMPS, journal) {
        Some(sons) => (sons.booleen("beneficie", journal), sons.texte("logiciel", journal)),
        None => (None, None),
    }
}
