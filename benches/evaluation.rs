//! How long a grappe of 49 ESSMS takes to be judged: it is on every save. Goal: under 50 µs.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::evaluer;
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

criterion_group!(bancs, evaluation);
criterion_main!(bancs);
