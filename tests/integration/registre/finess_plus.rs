//! The FINESS+ family.

use portail_grappes::domain::nomenclature::Etat;
use portail_grappes::registry::rapport::{Famille, Fermetures, ImportErreur};
use portail_grappes::store::journal_import::lister_rejets;
use portail_grappes::store::reconnaissance::{Reconnaissance, reconnaitre};
use portail_grappes::store::registre::charger_organismes;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{accepter, bilan, charger, importer, numero};

fn ege(racine: &str, coordonnees: &Value) -> Value {
    json!({
        "informationsGeneralesEGE": {
            "numFinessEge": numero(racine).as_str(), "nomEgeCourt": format!("EHPAD {racine}"),
            "nomEgeLong": "Établissement d’hébergement (fictif)", "siret": "00000000000001",
            "dateOuverture": "2001-02-03", "dateFermeture": null
        },
        "categorieentiteGeographiqueExercice": "500",
        "adresse": [
            {"usageAdresse": "01", "cogCommune": "13055"},
            {"usageAdresse": "03", "numeroVoie": "1", "typeVoie": "R", "libelleVoie": "DES TESTS", "codePostal": "75013",
             "ligneAcheminement": "PARIS CEDEX 13", "cogCommune": "75113", "coordonneesGeographique": coordonnees}
        ],
        "etatObjet": "A",
        "dateDerniereMaj": "2026-09-01T10:00:00Z"
    })
}

fn document(date: &str, ege: &[Value]) -> Vec<u8> {
    json!({
        "schemaVersion": "v1.0", "gcc": [{"role": "S"}],
        "pmej": [{
            "informationsGeneralesPMEJ": {
                "numFinessPm": numero("75999999").as_str(), "denominationPm": "OG FICTIF",
                "denominationLonguePmSmsse": "ORGANISME FICTIF", "siren": 123_456_789, "statutJuridique": {"code": "60"},
                "dateCreation": "1990-01-01"
            },
            "adresse": [], "ege": ege
        }],
        "generatedAt": format!("{date}T03:00:00.000Z")
    })
    .to_string()
    .into_bytes()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_document_is_read_with_its_closed_structures(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let ouvert = ege(
        "75900001",
        &json!({"directionLatitude": "48.83", "directionLongitude": "2.36"}),
    );
    let mut ferme = ege("75900002", &Value::Null);
    ferme["informationsGeneralesEGE"]["dateFermeture"] = json!("2020-06-30");
    let mut inactif = ege("75900003", &Value::Null);
    inactif["etatObjet"] = json!("I");
    inactif["adresse"] = json!([]);
    let octets = document("2026-09-11", &[ouvert, ferme, inactif]);
    let rapport = accepter(&mut conn, octets.clone()).await;
    assert_eq!((rapport.famille, rapport.lus), (Famille::FinessPlus, 4));
    assert_eq!(
        (bilan(&rapport), rapport.date_donnees.to_string().as_str()),
        ((4, 0, 0, 0), "2026-09-11")
    );

    let ouvert = charger(&mut conn, numero("75900001").as_str()).await;
    assert_eq!(
        (ouvert.commune_insee.as_str(), ouvert.commune.as_str()),
        ("75113", "PARIS")
    );
    assert_eq!(ouvert.position, Some((2.36, 48.83)));
    assert_eq!(ouvert.organisme_nom.as_deref(), Some("OG FICTIF"));
    assert_eq!(
        (ouvert.nombre_essms, ouvert.maj.unwrap().to_string().as_str()),
        (1, "2026-09-01")
    );
    let ferme = charger(&mut conn, numero("75900002").as_str()).await;
    assert_eq!(
        (ferme.etat, ferme.ferme_le.unwrap().to_string().as_str()),
        (Etat::Ferme, "2020-06-30")
    );
    let inactif = charger(&mut conn, numero("75900003").as_str()).await;
    assert_eq!(
        (inactif.etat, inactif.ferme_le.unwrap().to_string().as_str()),
        (Etat::Ferme, "2026-09-11")
    );
    let og = charger_organismes(&mut conn, &[numero("75999999")]).await.unwrap();
    assert_eq!(
        (og[0].siren.as_deref(), og[0].statut_juridique.as_deref()),
        (Some("123456789"), Some("60"))
    );
    assert_eq!(bilan(&accepter(&mut conn, octets).await), (0, 0, 0, 0));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_undated_closure_keeps_its_first_date(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let mut inactif = ege("75900001", &Value::Null);
    inactif["etatObjet"] = json!("I");
    let autre = ege("75900002", &Value::Null);
    accepter(&mut conn, document("2026-09-11", &[inactif.clone(), autre.clone()])).await;
    assert_eq!(
        bilan(&accepter(&mut conn, document("2026-09-12", &[inactif.clone(), autre])).await),
        (0, 0, 0, 0)
    );
    assert_eq!(
        bilan(&accepter(&mut conn, document("2026-09-13", &[inactif])).await),
        (0, 0, 1, 0)
    );
    let ferme = charger(&mut conn, numero("75900001").as_str()).await;
    assert_eq!(ferme.ferme_le.unwrap().to_string(), "2026-09-11");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn coordinates_are_read_whichever_way_they_come(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let cas = [
        json!({"coordonneeX": "6862047.0", "coordonneeY": "652381.0", "directionLatitude": "48.83", "directionLongitude": "2.36"}),
        json!({"coordonneeX": "2.36", "coordonneeY": "48.83", "directionLatitude": "6862047.0", "directionLongitude": "652381.0"}),
        json!({"directionLatitude": "2.36", "directionLongitude": "48.83"}),
        json!({"directionLatitude": 48.83, "directionLongitude": 2.36}),
    ];
    let liste: Vec<Value> = cas
        .iter()
        .enumerate()
        .map(|(rang, c)| ege(&format!("7590000{rang}"), c))
        .collect();
    let rapport = accepter(&mut conn, document("2026-09-11", &liste)).await;
    assert_eq!((rapport.rejetes, rapport.corriges), (0, 1));
    for rang in 0..4 {
        let lu = charger(&mut conn, numero(&format!("7590000{rang}")).as_str()).await;
        assert_eq!(lu.position, Some((2.36, 48.83)), "{rang}");
    }
    let abroad = ege(
        "75900009",
        &json!({"directionLatitude": "0.0", "directionLongitude": "0.0"}),
    );
    let rapport = importer(
        &mut conn,
        Fermetures::Aucune,
        vec![("f", document("2026-09-12", &[abroad]))],
    )
    .await
    .unwrap();
    assert_eq!(bilan(&rapport[0]), (1, 0, 0, 1));
    let rejets = lister_rejets(&mut conn, rapport[0].envoi, None, 5).await.unwrap();
    assert!(rejets[0].motif.starts_with("coordonnées hors de France"));
    assert_eq!(charger(&mut conn, numero("75900009").as_str()).await.position, None);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_faulty_structure_is_rejected_alone_and_broken_json_altogether(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let mut mauvais = ege("75900001", &Value::Null);
    mauvais["informationsGeneralesEGE"]["numFinessEge"] = json!("750000000");
    let mut sans_commune = ege("75900002", &Value::Null);
    sans_commune["adresse"] = json!([]);
    let liste = [mauvais, sans_commune, json!("bizarre"), ege("75900003", &Value::Null)];
    let rapport = accepter(&mut conn, document("2026-09-11", &liste)).await;
    assert_eq!((rapport.lus, bilan(&rapport)), (5, (2, 0, 0, 3)));
    let mut coupe = document("2026-09-12", &liste);
    coupe.truncate(coupe.len() - 10);
    let echec = importer(&mut conn, Fermetures::Prudentes, vec![("f", coupe)]).await;
    assert!(matches!(echec, Err(ImportErreur::Json { .. })), "{echec:?}");
    let sans_date = br#"{"pmej": []}"#.to_vec();
    let echec = importer(&mut conn, Fermetures::Prudentes, vec![("f", sans_date)]).await;
    assert!(matches!(echec, Err(ImportErreur::SansDate { .. })), "{echec:?}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_closing_announced_for_later_closes_on_its_day(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let mut bientot = ege("75900001", &Value::Null);
    bientot["informationsGeneralesEGE"]["dateFermeture"] = json!("2026-10-01");
    let finess = numero("75900001");
    accepter(&mut conn, document("2026-09-30", &[bientot.clone()])).await;
    assert_eq!(charger(&mut conn, finess.as_str()).await.etat, Etat::Ouvert);
    assert_eq!(
        reconnaitre(&mut conn, &[finess]).await.unwrap(),
        [(finess, Reconnaissance::EssmsOuvert)]
    );
    accepter(&mut conn, document("2026-10-01", &[bientot])).await;
    assert_eq!(charger(&mut conn, finess.as_str()).await.etat, Etat::Ferme);
    assert_eq!(
        reconnaitre(&mut conn, &[finess]).await.unwrap(),
        [(finess, Reconnaissance::EssmsFerme("2026-10-01".parse().unwrap()))]
    );
}
