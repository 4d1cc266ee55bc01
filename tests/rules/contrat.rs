//! The simulation contract, to the letter.

use portail_grappes::rules::edition::Edition;
use portail_grappes::simulation::{simuler, simuler_octets};
use serde_json::{Value, json};

use crate::outils::{ej, et};

fn essms(rang: usize) -> Value {
    json!({
        "finess": et(rang), "organisme": ej('A'), "categorie": "500", "etat": "ouvert", "departement": "75",
        "type_projet": "acquisition", "hebergement": "saas",
        "solution": {"nom": "Exemple DUI", "version": "5.2"},
        "deja_finance": false, "sons": {"beneficie": true, "logiciel": "Exemple DUI"},
        "entite_nationale": "aucune", "rattache_ght": false, "activites_confort": false,
        "part_heures_eligibles": null, "engage_ailleurs": false, "medicalise": true, "ror_complet": true,
        "autodiagnostic": "si_esms"
    })
}

fn demande(nombre: usize) -> Value {
    json!({
        "edition": "idf-2024",
        "date": "2024-05-01T10:00:00+02:00",
        "projet": {
            "porteur": {"organisme": ej('A'), "soumis_ccp": true, "marche_public_identique": false},
            "solution": {
                "nom": "Exemple DUI", "version": "5.2", "segur": true, "sad": false, "couloirs": ["PA", "PH"],
                "referentiels": ["SERAFIN-PH", "AGGIR-PATHOS"], "services_socles": ["MSSANTE", "DMP"],
                "plateforme_eparcours": false
            },
            "etude_ecart_jointe": null,
            "cibles_atteignables_declarees": null,
            "plan_financement": {
                "depenses_centimes": 34_250_000, "autofinancement_centimes": 2_000_000,
                "autres_ressources_centimes": 0
            }
        },
        "organismes": [{"finess": ej('A'), "nombre_essms": 30}],
        "essms": (1..=nombre).map(essms).collect::<Vec<_>>()
    })
}

fn reponse(demande: &Value) -> Value {
    let texte = simuler(&demande.to_string(), Edition::livrees()).unwrap_or_else(|e| panic!("{}", e.json()));
    serde_json::from_str(&texte).unwrap()
}

/// Paths at fault, in order.
fn chemins(texte: &str) -> Vec<String> {
    let erreurs = simuler(texte, Edition::livrees()).expect_err("la demande devait être refusée");
    let document: Value = serde_json::from_str(&erreurs.json()).unwrap();
    let fautes = document["erreurs"].as_array().unwrap();
    fautes
        .iter()
        .map(|f| f["chemin"].as_str().unwrap().to_owned())
        .collect()
}

fn refuse(changer: impl FnOnce(&mut Value), attendus: &[&str]) {
    let mut demande = demande(2);
    changer(&mut demande);
    assert_eq!(chemins(&demande.to_string()), attendus, "{demande}");
}

#[test]
fn the_answer_has_the_names_of_the_contract() {
    let obtenue = reponse(&demande(15));
    assert_eq!(obtenue["edition"], "idf-2024");
    assert_eq!(obtenue["version_edition"], 1);
    assert_eq!(obtenue["date"], "2024-05-01T10:00:00+02:00");
    assert_eq!(obtenue["eligibilite"], "satisfait");
    assert_eq!(obtenue["recevabilite"], "inconnu");
    assert_eq!(obtenue["type_projet"], "acquisition");
    assert_eq!(
        obtenue["essms"],
        json!({"total": 15, "eligibles": 15, "en_question": 0, "exclus": 0})
    );
    assert_eq!(obtenue["achat"]["procedure"], "sad_obligatoire");
    assert_eq!(obtenue["financement"]["certain_centimes"], 32_250_000);
    assert_eq!(obtenue["financement"]["maximum_centimes"], 32_250_000);
    assert_eq!(obtenue["financement"]["lignes"][0]["taux_centimes"], 700_000);
    assert_eq!(obtenue["financement"]["versements"][0]["part_pour_cent"], 50);
    assert_eq!(obtenue["financement"]["par_region"][0]["region"], "11");
    for constat in obtenue["constats"].as_array().unwrap() {
        for champ in [
            "code",
            "resultat",
            "gravite",
            "portee",
            "essms",
            "message",
            "valeurs",
            "source",
            "reparation",
        ] {
            assert!(constat.get(champ).is_some(), "{constat} : {champ}");
        }
    }
}

#[test]
fn the_whole_answer_is_the_one_reviewed() {
    let mut demande = demande(3);
    demande["essms"][1]["etat"] = json!("ferme");
    demande["essms"][2]["rattache_ght"] = json!(null);
    insta::assert_json_snapshot!("reponse", reponse(&demande));
}

#[test]
fn what_is_absent_or_null_is_unknown() {
    let vide = reponse(&json!({"edition": "idf-2024"}));
    assert_eq!(vide["essms"]["total"], 0);
    assert_eq!(vide["date"], Value::Null);
    assert_eq!(vide["type_projet"], Value::Null);
    assert_eq!(vide["achat"]["procedure"], "inconnu");
    let nue =
        reponse(&json!({"edition": "idf-2024", "projet": null, "organismes": null, "essms": [{"finess": et(1)}]}));
    assert_eq!(
        nue["essms"],
        json!({"total": 1, "eligibles": 0, "en_question": 1, "exclus": 0})
    );
    assert_eq!(nue["financement"]["certain_centimes"], 0);
    assert_eq!(
        nue["financement"]["maximum_centimes"],
        2_150_000 + 2_000_000 + 1_500_000 + 10_000_000
    );
    assert_eq!(nue["financement"]["par_region"][0]["region"], Value::Null);
}

#[test]
fn unknown_fields_are_refused_with_their_path() {
    refuse(|d| d["editon"] = json!("x"), &["editon"]);
    refuse(|d| d["projet"]["budget"] = json!(1), &["projet.budget"]);
    refuse(|d| d["projet"]["porteur"]["nom"] = json!("x"), &["projet.porteur.nom"]);
    refuse(
        |d| d["projet"]["solution"]["prix"] = json!(1),
        &["projet.solution.prix"],
    );
    refuse(|d| d["organismes"][0]["nom"] = json!("x"), &["organismes[0].nom"]);
    refuse(|d| d["essms"][1]["nom"] = json!("x"), &["essms[1].nom"]);
    refuse(|d| d["essms"][1]["sons"]["date"] = json!("x"), &["essms[1].sons.date"]);
    refuse(
        |d| d["essms"][0]["solution"]["segur"] = json!(true),
        &["essms[0].solution.segur"],
    );
}

#[test]
fn impossible_values_are_refused_with_their_path() {
    let sur = |champ: &'static str, valeur: Value| {
        refuse(|d| d["essms"][1][champ] = valeur, &[&format!("essms[1].{champ}")]);
    };
    sur("finess", json!("750000011"));
    sur("finess", json!(null));
    sur("finess", json!(750_000_016));
    sur("organisme", json!("12"));
    sur("categorie", json!("50"));
    sur("categorie", json!("5OO"));
    sur("departement", json!("99"));
    sur("type_projet", json!("achat"));
    sur("hebergement", json!("SaaS"));
    sur("etat", json!("ouverte"));
    sur("entite_nationale", json!(true));
    sur("deja_finance", json!("non"));
    sur("part_heures_eligibles", json!("100,01"));
    sur("part_heures_eligibles", json!(12.345));
    sur("part_heures_eligibles", json!(-1));
    sur("part_heures_eligibles", json!([]));
    sur("sons", json!(true));
    sur("solution", json!("Exemple DUI"));
    sur("autodiagnostic", json!("anap"));
    let plan = |champ: &'static str, valeur: Value| {
        refuse(
            |d| d["projet"]["plan_financement"][champ] = valeur,
            &[&format!("projet.plan_financement.{champ}")],
        );
    };
    plan("depenses_centimes", json!(-1));
    plan("depenses_centimes", json!(100_000_000_001_i64));
    plan("depenses_centimes", json!(12.5));
    plan("autofinancement_centimes", json!("2000"));
    refuse(|d| d["date"] = json!("2024-05-01"), &["date"]);
    refuse(|d| d["edition"] = json!("idf-2030"), &["edition"]);
    refuse(|d| d["edition"] = Value::Null, &["edition"]);
    refuse(
        |d| d["organismes"][0]["nombre_essms"] = json!(-1),
        &["organismes[0].nombre_essms"],
    );
    refuse(
        |d| d["projet"]["solution"]["couloirs"] = json!(["PA", "XX"]),
        &["projet.solution.couloirs[1]"],
    );
    refuse(|d| d["essms"] = json!({}), &["essms"]);
    refuse(|d| d["projet"] = json!([]), &["projet"]);
    refuse(|d| d["essms"][0] = json!("x"), &["essms[0]"]);
}

#[test]
fn every_fault_is_reported_at_once() {
    refuse(
        |d| {
            d["edition"] = json!("idf-2030");
            d["date"] = json!("hier");
            d["projet"]["porteur"]["organisme"] = json!("1");
            d["essms"][0]["finess"] = json!("750000011");
            d["essms"][0]["etat"] = json!("fermé");
            d["essms"][1]["inconnu"] = json!(1);
        },
        &[
            "edition",
            "date",
            "projet.porteur.organisme",
            "essms[0].finess",
            "essms[0].etat",
            "essms[1].inconnu",
        ],
    );
}

#[test]
fn a_number_is_listed_once() {
    refuse(|d| d["essms"][1]["finess"] = json!(et(1)), &["essms[1].finess"]);
    refuse(
        |d| d["organismes"] = json!([{"finess": ej('A')}, {"finess": ej('B')}, {"finess": ej('A')}]),
        &["organismes[2].finess"],
    );
}

#[test]
fn five_hundred_essms_and_one_mebibyte_are_the_limits() {
    assert_eq!(reponse(&demande(500))["essms"]["total"], 500);
    assert_eq!(chemins(&demande(501).to_string()), ["essms"]);
    let mut juste = demande(1).to_string();
    juste.push_str(&" ".repeat((1 << 20) - juste.len()));
    assert!(simuler(&juste, Edition::livrees()).is_ok());
    juste.push(' ');
    assert_eq!(chemins(&juste), [""]);
    assert!(simuler_octets(juste.as_bytes(), Edition::livrees()).is_err());
}

#[test]
fn malformed_json_is_refused_as_a_document() {
    for texte in ["", "{", "[1,]", "null", "12", "{\"edition\": }"] {
        let chemins = chemins(texte);
        assert_eq!(chemins, [""], "{texte}");
    }
    assert!(simuler_octets(b"{\"edition\": \"\xff\"}", Edition::livrees()).is_err());
}

#[test]
fn shares_are_read_as_text_or_number() {
    for part in [json!("62,5"), json!("62.50"), json!(62.5)] {
        let mut demande = demande(1);
        demande["essms"][0]["activites_confort"] = json!(true);
        demande["essms"][0]["part_heures_eligibles"] = part;
        assert_eq!(reponse(&demande)["financement"]["maximum_centimes"], 437_500 + 906_250);
    }
}
