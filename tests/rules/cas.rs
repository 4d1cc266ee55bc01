//! Runs the cases of `cas/*.yaml`.

use std::fmt::Write;

use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::rules::evaluation::Evaluation;
use portail_grappes::rules::evaluer;

use crate::lecteur::{Cas, euros};
use crate::outils;

/// Every case of every file.
pub fn tous() -> Vec<Cas> {
    let dossier = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules/cas");
    let mut fichiers: Vec<_> = std::fs::read_dir(dossier).unwrap().map(|f| f.unwrap().path()).collect();
    fichiers.sort();
    let mut cas: Vec<Cas> = Vec::new();
    for fichier in fichiers.iter().filter(|f| f.extension().is_some_and(|e| e == "yaml")) {
        let texte = std::fs::read_to_string(fichier).unwrap();
        let lus: Vec<Cas> =
            serde_norway::from_str(&texte).unwrap_or_else(|erreur| panic!("{} : {erreur}", fichier.display()));
        cas.extend(lus);
    }
    cas
}

/// The evaluation of a case.
pub fn evaluation(cas: &Cas) -> Evaluation {
    evaluer(outils::edition(&cas.edition), &cas.faits())
}

struct Ecarts(String);

impl Ecarts {
    fn comparer(&mut self, quoi: &str, obtenu: &str, attendu: &str) {
        if obtenu != attendu {
            writeln!(self.0, "  {quoi} : {obtenu}, attendu {attendu}").unwrap();
        }
    }

    fn contenir(&mut self, quoi: &str, texte: &str, attendu: &str) {
        let plat = |t: &str| t.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
        if !plat(texte).contains(&plat(attendu)) {
            writeln!(self.0, "  {quoi} : « {texte} » ne contient pas « {attendu} »").unwrap();
        }
    }
}

fn verifier(cas: &Cas, ecarts: &mut Ecarts) {
    let evaluation = evaluation(cas);
    let attendu = &cas.attendu;
    let code = |r: Option<&str>| r.unwrap_or("inconnu").to_owned();
    if let Some(voulu) = &attendu.eligibilite {
        ecarts.comparer("éligibilité", evaluation.eligibilite.code(), voulu);
    }
    if let Some(voulu) = &attendu.recevabilite {
        ecarts.comparer("recevabilité", evaluation.recevabilite.code(), voulu);
    }
    if let Some(voulu) = &attendu.type_projet {
        ecarts.comparer("type", &code(evaluation.type_projet.map(Liste::code)), voulu);
    }
    if let Some(voulu) = attendu.decompte {
        let d = evaluation.decompte;
        let obtenu = (d.eligibles, d.en_question, d.exclus);
        ecarts.comparer("décompte", &format!("{obtenu:?}"), &format!("{voulu:?}"));
    }
    if let Some(voulu) = &attendu.achat {
        ecarts.comparer("achat", evaluation.achat.procedure.code(), voulu);
    }
    verifier_constats(cas, &evaluation, ecarts);
    verifier_montants(cas, &evaluation, ecarts);
}

fn verifier_constats(cas: &Cas, evaluation: &Evaluation, ecarts: &mut Ecarts) {
    let attendu = &cas.attendu;
    let absent = |code: &str| panic!("{} : pas de constat {code}", cas.nom);
    for (code, voulu) in &attendu.constats {
        ecarts.comparer(code, outils::resultat(evaluation, code), voulu);
    }
    for (code, voulu) in &attendu.gravites {
        let constat = evaluation.constat(code).unwrap_or_else(|| absent(code));
        ecarts.comparer(&format!("gravité {code}"), constat.gravite.code(), voulu);
    }
    for (code, voulu) in &attendu.portees {
        let constat = evaluation.constat(code).unwrap_or_else(|| absent(code));
        ecarts.comparer(&format!("portée {code}"), constat.portee.code(), voulu);
    }
    for (code, voulu) in &attendu.messages {
        let constat = evaluation.constat(code).unwrap_or_else(|| absent(code));
        let essms: Vec<&str> = constat.essms.iter().map(|c| c.message.as_str()).collect();
        ecarts.contenir(code, &format!("{} {}", constat.message, essms.join(" ")), voulu);
    }
    for (code, voulu) in &attendu.reparations {
        let constat = evaluation.constat(code).unwrap_or_else(|| absent(code));
        let reparation = constat.reparation.as_ref().map_or("aucune", |r| r.message.as_str());
        ecarts.contenir(&format!("réparation {code}"), reparation, voulu);
    }
    for (code, voulu) in &attendu.cites {
        let constat = evaluation.constat(code).unwrap_or_else(|| absent(code));
        ecarts.comparer(
            &format!("cités {code}"),
            &constat.essms.len().to_string(),
            &voulu.to_string(),
        );
    }
}

fn verifier_montants(cas: &Cas, evaluation: &Evaluation, ecarts: &mut Ecarts) {
    let (attendu, argent) = (&cas.attendu, &evaluation.financement);
    if let Some(voulu) = &attendu.certain {
        ecarts.comparer("certain", &argent.certain.to_string(), &euros(voulu).to_string());
    }
    if let Some(voulu) = &attendu.maximum {
        ecarts.comparer("maximum", &argent.maximum.to_string(), &euros(voulu).to_string());
    }
    if let Some(voulus) = &attendu.versements {
        let obtenus: Vec<String> = argent.versements.iter().map(|v| v.maximum.to_string()).collect();
        let voulus: Vec<String> = voulus.iter().map(|v| euros(v).to_string()).collect();
        ecarts.comparer("versements", &format!("{obtenus:?}"), &format!("{voulus:?}"));
    }
    for (code, voulues) in &attendu.lignes {
        let obtenues: Vec<String> = argent
            .lignes
            .iter()
            .filter(|ligne| ligne.code == *code)
            .map(|ligne| format!("{} x {}", ligne.nombre, ligne.taux.saisie()))
            .collect();
        ecarts.comparer(&format!("lignes {code}"), &obtenues.join(", "), &voulues.join(", "));
    }
    for (region, voulu) in &attendu.regions {
        let part = argent
            .par_region
            .iter()
            .find(|p| p.region.as_deref().unwrap_or("inconnue") == region);
        let obtenu = part.map_or("aucune".to_owned(), |p| p.maximum.to_string());
        ecarts.comparer(&format!("région {region}"), &obtenu, &euros(voulu).to_string());
    }
}

#[test]
fn every_case_is_judged_as_expected() {
    let mut rapport = String::new();
    for cas in tous() {
        let mut ecarts = Ecarts(String::new());
        verifier(&cas, &mut ecarts);
        if !ecarts.0.is_empty() {
            writeln!(rapport, "{} ({})\n{}", cas.nom, cas.source, ecarts.0).unwrap();
        }
    }
    assert!(rapport.is_empty(), "\n{rapport}");
}

#[test]
fn cases_are_many_named_once_and_sourced() {
    let cas = tous();
    assert!(cas.len() >= 60, "{} cas", cas.len());
    let noms: std::collections::BTreeSet<&str> = cas.iter().map(|c| c.nom.as_str()).collect();
    assert_eq!(noms.len(), cas.len(), "deux cas portent le même nom");
    for cas in &cas {
        let document = cas.source.split(',').next().unwrap();
        assert!(
            ["MÉMO", "FAQ-2024", "IDF-2024", "IDF-2021", "ARA-2022"].contains(&document),
            "{} : source {}",
            cas.nom,
            cas.source
        );
    }
}

#[test]
fn messages_keep_french_typography() {
    for cas in tous() {
        let evaluation = evaluation(&cas);
        let json = serde_json::to_string(&evaluation).unwrap();
        for constat in &evaluation.constats {
            for texte in std::iter::once(&constat.message).chain(constat.reparation.as_ref().map(|r| &r.message)) {
                for mauvais in [" :", " ;", " !", " ?", " %", "« ", " »", "  ", "..", "'"] {
                    assert!(!texte.contains(mauvais), "{} {} : « {texte} »", cas.nom, constat.code);
                }
                assert!(texte.ends_with(['.', '?']), "{texte}");
            }
            assert!(!constat.source.titre.is_empty() && !constat.source.section.is_empty());
        }
        let relue: Evaluation = serde_json::from_str(&json).unwrap();
        assert_eq!(relue, evaluation, "{}", cas.nom);
    }
}
