//! How long a grappe of 49 ESSMS takes to be judged, on every save (goal: under 50 µs), and to be mended, on the
//! pages of a grappe that is not eligible (goal: under 10 ms).

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use portail_grappes::domain::nomenclature::{Hebergement, Liste, TypeProjet, categorie_livree};
use portail_grappes::domain::territoire::departement;
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::evaluer;
use portail_grappes::rules::faits::CategorieLue;
use portail_grappes::rules::reparation::{Vivier, reparer};
use portail_grappes::simulation::Demande;

/// A request of `nombre` ESSMS, one in `doutes` of which has an open question.
fn demande(nombre: usize, doutes: usize) -> String {
    let essms: Vec<String> = (0..nombre)
        .map(|rang| {
            let finess = portail_grappes::domain::finess::Finess::depuis_racine(&format!("75{rang:06}"))
                .map(|f| f.to_string())
                .unwrap_or_default();
            let ght = if rang % doutes == 1 { "null" } else { "false" };
            format!(
                r#"{{"finess":"{finess}","organisme":"010000024","categorie":"500","etat":"ouvert","departement":"75",
                "type_projet":"acquisition","hebergement":"saas","solution":{{"nom":"Exemple DUI","version":"5.2"}},
                "deja_finance":false,"sons":{{"beneficie":true,"logiciel":"Exemple DUI"}},"entite_nationale":"aucune",
                "rattache_ght":{ght},"activites_confort":false,"engage_ailleurs":false,"ror_complet":true,
                "autodiagnostic":"si_esms"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"edition":"idf-2024","date":"2024-05-01T10:00:00+02:00","projet":{{"porteur":{{"organisme":"010000024",
        "soumis_ccp":true,"marche_public_identique":false}},"solution":{{"nom":"Exemple DUI","version":"5.2",
        "segur":true,"sad":false,"couloirs":["PA"],"referentiels":["AGGIR-PATHOS"],
        "services_socles":["MSSANTE","DMP"]}},"plan_financement":{{"depenses_centimes":100000000,
        "autofinancement_centimes":1000000,"autres_ressources_centimes":0}}}},
        "organismes":[{{"finess":"010000024","nombre_essms":60}}],"essms":[{}]}}"#,
        essms.join(",")
    )
}

fn evaluation(c: &mut Criterion) {
    let editions = Edition::livrees();
    let Some(edition) = Edition::livree("idf-2024") else {
        return;
    };
    for (nom, doutes) in [
        ("49 ESSMS, tout est connu", usize::MAX),
        ("49 ESSMS, un sur cinq en question", 5),
    ] {
        let Ok(demande) = Demande::lire(&demande(49, doutes), editions) else {
            return;
        };
        c.bench_function(nom, |b| {
            b.iter(|| evaluer(black_box(edition), black_box(&demande.faits)));
        });
    }
}

/// The same grappe in two sectors, three hostings and two regions after the last day for those.
fn reparation(c: &mut Criterion) {
    let editions = Edition::livrees();
    let Some(edition) = Edition::livree("idf-2024") else {
        return;
    };
    let Ok(mut demande) = Demande::lire(&demande(49, 5), editions) else {
        return;
    };
    demande.faits.date = chrono::DateTime::parse_from_rfc3339("2024-07-01T10:00:00+02:00").ok();
    let categories = ["500", "183", "354", "177"].map(|code| {
        categorie_livree(code).map_or(CategorieLue::Inconnue, |categorie| {
            CategorieLue::Connue(categorie.clone())
        })
    });
    let vivier = Vivier {
        essms: demande.faits.essms.split_off(40),
        solutions: Vec::new(),
    };
    for (secteurs, nom) in [
        (2, "réparer 40 ESSMS de 2 secteurs"),
        (4, "réparer 40 ESSMS de 4 secteurs"),
    ] {
        let mut faits = demande.faits.clone();
        for (rang, essms) in faits.essms.iter_mut().enumerate() {
            essms.categorie = categories[rang % secteurs].clone();
            essms.hebergement = Hebergement::TOUTES.get(rang % 3).copied();
            essms.type_projet = TypeProjet::TOUTES.get(rang / 2 % 2).copied();
            essms.departement = departement(if rang % 10 == 9 { "69" } else { "75" });
        }
        c.bench_function(nom, |b| {
            b.iter(|| reparer(black_box(edition), black_box(&faits), black_box(&vivier)));
        });
    }
}

criterion_group!(bancs, evaluation, reparation);
criterion_main!(bancs);
