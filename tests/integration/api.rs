//! The API: the contract with the registry's facts, the lists, its failures, its quotas, who may call it from where.

use portail_grappes::api::openapi::document;
use portail_grappes::domain::finess::Finess;
use portail_grappes::routes;
use portail_grappes::rules::edition::Edition;
use portail_grappes::simulation::document as contrat;
use portail_grappes::simulation::simuler;
use portail_grappes::web::chemins as c;
use portail_grappes::web::probleme;
use reqwest::header::{CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::portail::dossier::{deposer, pret};
use crate::portail::registre::{ehpad, ferme, hopital, og_a, og_c};
use crate::portail::{EDITION, MAINTENANT, Navigateur, Portail, Qui, Reponse};

const EXEMPLE: &str = include_str!("../../docs/simulation.json");

fn poster(navigateur: &Navigateur, corps: impl Into<reqwest::Body>) -> RequestBuilder {
    let requete = navigateur.requete(Method::POST, c::API_SIMULATIONS);
    requete.header(CONTENT_TYPE, "application/json").body(corps)
}

async fn simulation(navigateur: &Navigateur, corps: impl Into<reqwest::Body>) -> Reponse {
    Reponse::de(poster(navigateur, corps)).await
}

fn lu(reponse: &Reponse) -> Value {
    serde_json::from_slice(&reponse.corps).unwrap()
}

/// A failure is a document with its status, its words, and the headers that let any page read it.
fn probleme_de(reponse: &Reponse, statut: u16) -> Value {
    assert_eq!(reponse.statut, statut, "{}", String::from_utf8_lossy(&reponse.corps));
    assert_eq!(reponse.entete("content-type"), probleme::TYPE);
    let origines: Vec<_> = reponse.entetes.get_all("access-control-allow-origin").iter().collect();
    assert_eq!(origines, ["*"], "a browser refuses it twice");
    let document = lu(reponse);
    assert_eq!(document["status"], statut);
    assert_eq!(document["type"], "about:blank");
    assert!(!document["title"].as_str().unwrap().is_empty() && !document["detail"].as_str().unwrap().is_empty());
    document
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_example_is_answered_as_by_the_command_line(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let reponse = simulation(&portail.anonyme(), EXEMPLE).await;
    assert_eq!(reponse.statut, 200);
    assert_eq!(reponse.entete("content-type"), "application/json");
    // Everything in the example is said: the registry has nothing to add.
    let attendue = simuler(EXEMPLE, Edition::livrees()).unwrap();
    assert_eq!(String::from_utf8(reponse.corps).unwrap(), attendue);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_not_said_comes_from_the_registry_and_what_is_said_stays(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let demande = json!({ "edition": EDITION, "date": MAINTENANT, "essms": [
        { "finess": ehpad(1) }, { "finess": ehpad(2), "etat": "ferme" }, { "finess": ferme() }, { "finess": hopital() },
    ]});
    let reponse = lu(&simulation(&anonyme, demande.to_string()).await);
    let constat = |code: &str| {
        let constats = reponse["constats"].as_array().unwrap();
        constats.iter().find(|c| c["code"] == code).unwrap().clone()
    };
    let numeros = |constat: &Value| -> Vec<String> {
        let essms = constat["essms"].as_array().unwrap().iter();
        essms.map(|e| e["finess"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        numeros(&constat("ELI-E01")),
        [ehpad(2), ferme()],
        "one says it is closed, the registry the other"
    );
    assert_eq!(numeros(&constat("ELI-E02")), [hopital()]);
    let meme = json!({ "edition": EDITION, "date": MAINTENANT, "essms": [
        { "finess": ehpad(1), "categorie": "500", "etat": "ouvert", "departement": "75", "organisme": og_a() },
    ], "organismes": [{ "finess": og_a(), "nombre_essms": 34 }] });
    let seul = json!({ "edition": EDITION, "date": MAINTENANT, "essms": [{ "finess": ehpad(1) }] });
    assert_eq!(
        simulation(&anonyme, seul.to_string()).await.corps,
        simulation(&anonyme, meme.to_string()).await.corps
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_size_of_an_og_comes_from_the_registry_whoever_names_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let petit = async |demande: Value| -> Option<u64> {
        let reponse = lu(&simulation(&anonyme, demande.to_string()).await);
        let lignes = reponse["financement"]["lignes"].as_array().unwrap().iter();
        let mut aides = lignes.filter(|l| l["code"] == "FIN-03");
        aides.next().map(|l| l["nombre_certain"].as_u64().unwrap())
    };
    let essms = |organisme: Finess| {
        json!({ "finess": numero("98000001"), "organisme": organisme, "categorie": "500", "etat": "ouvert",
            "departement": "75", "type_projet": "acquisition", "deja_finance": false, "sons": { "beneficie": false },
            "entite_nationale": "aucune", "rattache_ght": false, "activites_confort": false, "engage_ailleurs": false })
    };
    let demande = |organisme| json!({ "edition": EDITION, "date": MAINTENANT, "essms": [essms(organisme)] });
    assert_eq!(
        petit(demande(og_a())).await,
        None,
        "34 in the registry, though none is sent"
    );
    let mut nomme = demande(og_a());
    nomme["organismes"] = json!([{ "finess": og_a() }]);
    assert_eq!(petit(nomme).await, None);
    assert_eq!(petit(demande(og_c())).await, Some(1), "6 in the registry");
    assert_eq!(petit(demande(numero("98000009"))).await, Some(0), "unknown");
    for (combien, attendu) in [(8, Some(1)), (1, Some(0))] {
        ajouter_a_verifier(&portail, combien).await;
        assert_eq!(petit(demande(og_c())).await, attendu, "6 and those to look at, of 15");
    }
    let mut dit = demande(og_c());
    dit["organismes"] = json!([{ "finess": og_c(), "nombre_essms": 14 }]);
    assert_eq!(petit(dit.clone()).await, Some(1), "what is said stays");
    dit["organismes"][0]["nombre_essms_a_verifier"] = 1.into();
    assert_eq!(petit(dit).await, Some(0));
}

fn numero(racine: &str) -> Finess {
    Finess::depuis_racine(racine).unwrap()
}

/// So many more ESSMS of the OG C, of a category that the authority has to look at.
async fn ajouter_a_verifier(portail: &Portail, combien: u32) {
    sqlx::query(
        "insert into essms (finess, organisme, nom, commune_insee, commune, departement, categorie, etat, date_donnees, mots,
            recherche)
         select '69049' || lpad((n + (select count(*) from essms))::text, 4, '0'), $1, 'LVA', '69001', 'VILLE', '69', '462',
            'ouvert', '2024-04-01', 'lva', to_tsvector('simple', 'lva') from generate_series(1, $2) n",
    )
    .bind(og_c().to_string())
    .bind(i32::try_from(combien).unwrap())
    .execute(&portail.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_number_of_an_og_and_the_name_of_a_solution_are_recognised_as_in_the_pages(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let constat = async |demande: Value, code: &str| {
        let reponse = lu(&simulation(&anonyme, demande.to_string()).await);
        let mut constats = reponse["constats"].as_array().unwrap().iter();
        constats.find(|c| c["code"] == code).unwrap().clone()
    };
    let egare = json!({ "edition": EDITION, "date": MAINTENANT, "essms": [{ "finess": og_a() }] });
    let e01 = constat(egare, "ELI-E01").await;
    assert_eq!(e01["resultat"], "inconnu");
    let dit = e01["essms"][0]["message"].as_str().unwrap();
    assert!(dit.contains("entité juridique (EJ)"), "{dit}");
    let nom = portail.texte("select nom from solution_dui order by id limit 1").await;
    let visee = async |nom: String| {
        let demande = json!({ "edition": EDITION, "date": MAINTENANT, "projet": { "solution": { "nom": nom } },
            "essms": [{ "finess": ehpad(1), "type_projet": "acquisition" }] });
        constat(demande, "REC-02").await["resultat"].clone()
    };
    let attendu = visee(nom.clone()).await;
    assert_ne!(attendu, "inconnu");
    assert_eq!(
        visee(format!(" {} ", nom.to_uppercase().replace('E', "É"))).await,
        attendu
    );
    assert_eq!(visee("Une autre".to_owned()).await, "inconnu");
}

/// The portal knows that these ESSMS are in a dossier, a draft or a deposit: nobody learns it here.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_engaged_in_a_dossier_is_answered_byte_for_byte_as_a_free_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let demande = json!({ "edition": EDITION, "date": MAINTENANT,
        "essms": (1..=20).map(|n| json!({ "finess": ehpad(n) })).collect::<Vec<_>>() });
    let (libre, chercher) = (
        simulation(&anonyme, demande.to_string()).await,
        format!("{}?q={}", c::API_ESSMS, ehpad(1)),
    );
    let trouve = anonyme.lire(&chercher).await;
    let porteur = portail.connecte(Qui::DepotA).await;
    let depose = pret(&porteur, "Grappe secrète", 1).await;
    deposer(&porteur, depose).await;
    let engage = simulation(&anonyme, demande.to_string()).await;
    assert_eq!(libre.corps, engage.corps);
    assert_eq!(anonyme.lire(&chercher).await.corps, trouve.corps);
    let e05 = lu(&engage);
    let e05 = e05["constats"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["code"] == "ELI-E05")
        .unwrap()
        .clone();
    assert_eq!(e05["resultat"], "inconnu", "nobody said, and the portal does not tell");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_failure_is_a_problem_document(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let fautes = r#"{ "edition": "idf-1999", "essms": [{ "finess": "750000128", "couleur": 1 }] }"#;
    let document = probleme_de(&simulation(&anonyme, fautes).await, 422);
    let chemins: Vec<&str> = document["erreurs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["chemin"].as_str().unwrap())
        .collect();
    assert_eq!(chemins, ["edition", "essms[0].couleur", "essms[0].finess"]);
    for illisible in ["", "{", "[]", "{\"edition\": \"\u{0}\"}"] {
        probleme_de(&simulation(&anonyme, illisible).await, 422);
    }
    probleme_de(&simulation(&anonyme, vec![0xff, 0xfe]).await, 422);
    let trop = json!({ "edition": EDITION, "essms": vec![json!({ "finess": ehpad(1) }); 501] });
    let document = probleme_de(&simulation(&anonyme, trop.to_string()).await, 422);
    assert_eq!(document["erreurs"][0]["chemin"], "essms");
    for octets in [(1 << 20) + 1, 3 << 20] {
        let document = probleme_de(&simulation(&anonyme, " ".repeat(octets)).await, 413);
        assert_eq!(
            document["erreurs"],
            json!([{ "chemin": "", "message": "le document dépasse 1\u{a0}Mio" }])
        );
    }
    let sans_type = anonyme.requete(Method::POST, c::API_SIMULATIONS).body("{}");
    probleme_de(&Reponse::de(sans_type).await, 415);
    for inconnue in ["/api/rien", "/api/aap/idf-1999", "/api/"] {
        probleme_de(&anonyme.lire(inconnue).await, 404);
    }
    let methode = Reponse::de(anonyme.requete(Method::DELETE, c::API_AAP)).await;
    probleme_de(&methode, 405);
    assert!(methode.entete("allow").contains("GET"), "{}", methode.entete("allow"));
    let document = probleme_de(&anonyme.lire("/api/essms?departement=0&page=x&autre=1").await, 422);
    assert_eq!(document["erreurs"].as_array().unwrap().len(), 3);
    sqlx::query("alter table essms rename to essms_absents")
        .execute(&portail.pool)
        .await
        .unwrap();
    let panne = probleme_de(&anonyme.lire(c::API_ESSMS).await, 500);
    assert!(!panne["reference"].as_str().unwrap().is_empty());
    assert!(!panne.to_string().contains("relation"), "the cause is for the log");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn each_fault_is_told_of_as_many_as_anybody_corrects(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let chemins = async |corps: String| -> Vec<String> {
        let document = probleme_de(&simulation(&anonyme, corps).await, 422);
        let fautes = document["erreurs"].as_array().unwrap().iter();
        fautes.map(|f| f["chemin"].as_str().unwrap().to_owned()).collect()
    };
    let deux = format!(
        r#"{{ "edition": "x", "edition": "{EDITION}", "essms": [{{ "finess": "1", "finess": "{}" }}] }}"#,
        ehpad(1)
    );
    assert_eq!(
        chemins(deux).await,
        ["edition", "essms[0].finess"],
        "which of the two was meant?"
    );
    let organismes = json!({ "edition": EDITION, "organismes": vec![json!({ "finess": 1, "x": 2 }); 501] });
    assert_eq!(chemins(organismes.to_string()).await, ["organismes"]);
    let couloirs = json!({ "edition": EDITION, "projet": { "solution": { "couloirs": ["PA", "PH", "PA"] } } });
    assert_eq!(chemins(couloirs.to_string()).await, ["projet.solution.couloirs[2]"]);
    let champs: Vec<String> = (0..50_000).map(|n| format!("\"champ{n}\": 1")).collect();
    let inconnus = chemins(format!("{{ \"edition\": \"{EDITION}\", {} }}", champs.join(","))).await;
    assert_eq!(
        (inconnus.len(), inconnus.last().map(String::as_str)),
        (10_001, Some(""))
    );
    let essms: Vec<Value> = (0..500).map(|n| json!({ "finess": format!("faux{n}") })).collect();
    let fautifs = chemins(json!({ "edition": EDITION, "essms": essms }).to_string()).await;
    let attendus: Vec<String> = (0..500).map(|n| format!("essms[{n}].finess")).collect();
    assert_eq!(fautifs, attendus);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_search_by_number_is_narrowed_too_and_a_postcode_comes_first(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let total = async |requete: &str| lu(&anonyme.page(&format!("{}?{requete}", c::API_ESSMS)).await)["total"].clone();
    assert_eq!(total("q=7501").await, 34, "neither those that closed nor the hospital");
    assert_eq!(total("q=7501&departement=69").await, 0);
    assert_eq!(total("q=7501&categorie=183").await, 0);
    assert_eq!(total(&format!("q={}", og_a())).await, 34);
    for fini in [ferme(), hopital()] {
        assert_eq!(
            total(&format!("q={fini}")).await,
            1,
            "a whole number is told what became of it"
        );
        assert_eq!(total(&format!("q={fini}&departement=69")).await, 0);
    }
    assert_eq!(total("q=75010").await, 34, "the beginning of numbers");
    sqlx::query(
        "update essms set recherche = to_tsvector('simple', '75010'), mots = '75010' where nom = 'IME Marronnier 1'",
    )
    .execute(&portail.pool)
    .await
    .unwrap();
    assert_eq!(total("q=75010").await, 1, "a postcode");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_lists_say_what_the_pages_say(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let aap = lu(&anonyme.page(c::API_AAP).await);
    let ouvert = aap
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["code"] == EDITION)
        .unwrap()
        .clone();
    assert_eq!((&ouvert["ouvert"], &ouvert["ouverture"]), (&json!(true), &Value::Null));
    let entier = lu(&anonyme.page(ouvert["href"].as_str().unwrap()).await);
    let edition = Edition::livree(EDITION).unwrap();
    assert_eq!(entier, serde_json::to_value(edition).unwrap());
    let page = lu(&anonyme.page("/api/essms?q=tilleul&departement=75&categorie=500").await);
    assert_eq!((page["total"].as_u64(), page["pages"].as_u64()), (Some(34), Some(1)));
    let premier = &page["essms"][0];
    assert_eq!(premier["organisme"]["nom"], "Association Alpha");
    assert_eq!((&premier["region"], &premier["etat"]), (&json!("11"), &json!("ouvert")));
    let tous = lu(&anonyme.page("/api/essms?page=2").await);
    assert_eq!((&tous["page"], tous["essms"].as_array().unwrap().len()), (&json!(2), 8));
    let au_dela = lu(&anonyme.page("/api/essms?page=1000&q=").await);
    assert_eq!(au_dela["page"], 2, "the last page");
    assert_eq!(lu(&anonyme.page("/api/essms?q=zzzz").await)["total"], 0);
    for hostile in ["%00", "%27%3B--", "%F0%9F%98%80", "a%20%26%20!b"] {
        assert_eq!(
            anonyme.lire(&format!("/api/essms?q={hostile}")).await.statut,
            200,
            "{hostile}"
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_page_of_another_site_may_read_and_simulate_but_learns_nothing_of_an_account(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let porteur = portail.connecte(Qui::DepotA).await;
    let anonyme = portail.anonyme();
    let ailleurs = |requete: RequestBuilder| {
        requete
            .header(ORIGIN, "https://ailleurs.example")
            .header("sec-fetch-site", "cross-site")
    };
    let dite = Reponse::de(ailleurs(poster(&anonyme, EXEMPLE))).await;
    assert_eq!((dite.statut, dite.entete("access-control-allow-origin")), (200, "*"));
    assert!(dite.entete("access-control-expose-headers").contains("ratelimit"));
    assert_eq!(dite.entete("access-control-allow-credentials"), "");
    assert_eq!(dite.entete("cross-origin-resource-policy"), "cross-origin");
    let connectee = Reponse::de(ailleurs(poster(&porteur, EXEMPLE))).await;
    assert_eq!(connectee.corps, dite.corps);
    assert_eq!(connectee.entete("set-cookie"), "");
    let vol = ailleurs(anonyme.requete(Method::OPTIONS, c::API_SIMULATIONS))
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let permise = Reponse::de(vol).await;
    assert_eq!(permise.statut, 200);
    assert!(permise.entete("access-control-allow-methods").contains("POST"));
    assert_eq!(permise.entete("access-control-allow-headers"), "content-type");
    let page = Reponse::de(ailleurs(porteur.requete(Method::POST, c::SIMULATEUR_CONTINUER))).await;
    assert_eq!(page.statut, 403, "only the API is open");
    assert_eq!(
        porteur.lire(c::SIMULATEUR).await.entete("access-control-allow-origin"),
        ""
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn quotas_are_told_and_kept(pool: PgPool) {
    let portail = Portail::ouvrir_serre(pool, 2, 3).await;
    let anonyme = portail.anonyme();
    for reste in [1, 0] {
        let reponse = simulation(&anonyme, EXEMPLE).await;
        assert_eq!(reponse.statut, 200);
        assert_eq!(reponse.entete("ratelimit-policy"), "\"calculs\";q=2;w=60");
        assert!(
            reponse
                .entete("ratelimit")
                .starts_with(&format!("\"calculs\";r={reste};t="))
        );
    }
    let refus = simulation(&anonyme, EXEMPLE).await;
    probleme_de(&refus, 429);
    assert!(refus.entete("access-control-expose-headers").contains("retry-after"));
    let attente: u32 = refus.entete("retry-after").parse().unwrap();
    assert!((1..=30).contains(&attente), "{attente}");
    assert!(refus.entete("ratelimit").starts_with("\"calculs\";r=0;t="));
    let page = anonyme
        .envoyer_nu(c::SIMULATEUR, &[("edition", EDITION), ("numeros", &ehpad(1))])
        .await;
    assert_eq!(
        (page.statut, page.texte("h1").as_str()),
        (429, "Vous avez fait trop de tentatives")
    );
    assert!(!page.entete("retry-after").is_empty() && !page.entete("ratelimit").is_empty());
    assert_eq!(
        anonyme.lire(c::SIMULATEUR).await.statut,
        200,
        "the form itself costs nothing"
    );
    for _ in 0..3 {
        assert_eq!(
            anonyme.lire(c::API_AAP).await.entete("ratelimit-policy"),
            "\"lectures\";q=3;w=60"
        );
    }
    probleme_de(&anonyme.lire(c::API_AAP).await, 429);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_document_describes_every_route_and_people_read_it_too(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let publie = lu(&anonyme.page(c::API_OPENAPI).await);
    assert_eq!(&publie, document());
    assert_eq!(publie["openapi"], "3.1.0");
    let mut servies: Vec<(String, String)> = routes::table()
        .iter()
        .filter(|r| c::dans_l_api(r.chemin) && r.chemin != c::API_OPENAPI)
        .map(|r| (r.chemin.to_owned(), r.methode.as_str().to_lowercase()))
        .collect();
    let mut decrites: Vec<(String, String)> = publie["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(chemin, m)| m.as_object().unwrap().keys().map(|m| (chemin.clone(), m.clone())))
        .collect();
    for (chemin, methode) in &decrites {
        let reponses = &publie["paths"][chemin][methode]["responses"];
        for statut in ["200", "429"] {
            assert!(
                reponses[statut]["headers"]["RateLimit"].is_object(),
                "{methode} {chemin} {statut}"
            );
        }
        assert!(
            reponses["429"]["headers"]["Retry-After"].is_object(),
            "{methode} {chemin}"
        );
        for statut in ["500", "503"] {
            assert!(
                reponses[statut]["content"]["application/problem+json"].is_object(),
                "{methode} {chemin} {statut}"
            );
        }
    }
    servies.sort();
    decrites.sort();
    assert_eq!(decrites, servies);
    let page = anonyme.page(c::API).await;
    assert_eq!(page.compte("section[id^=operation-]"), 4);
    assert!(page.tout().contains("POST /api/simulations"));
}

/// The names that the reader knows are those of the document, and each has its words.
#[test]
fn the_request_of_the_document_is_the_one_that_is_read() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    for (nom, champs) in [
        ("DemandeSimulation", contrat::DemandeSimulation::CHAMPS),
        ("ProjetSimule", contrat::ProjetSimule::CHAMPS),
        ("PorteurSimule", contrat::PorteurSimule::CHAMPS),
        ("SolutionVisee", contrat::SolutionVisee::CHAMPS),
        ("PlanSimule", contrat::PlanSimule::CHAMPS),
        ("OrganismeSimule", contrat::OrganismeSimule::CHAMPS),
        ("EssmsSimule", contrat::EssmsSimule::CHAMPS),
        ("SolutionEmployee", contrat::SolutionEmployee::CHAMPS),
        ("SonsSimule", contrat::SonsSimule::CHAMPS),
    ] {
        let decrits: Vec<&String> = schemas[nom]["properties"].as_object().unwrap().keys().collect();
        assert_eq!(decrits.len(), champs.len(), "{nom}");
        assert!(champs.iter().all(|champ| decrits.iter().any(|d| d == champ)), "{nom}");
        assert_eq!(schemas[nom]["additionalProperties"], false, "{nom}");
    }
    // What programs meet first is described field by field, in French.
    for nom in [
        "DemandeSimulation",
        "EssmsSimule",
        "Evaluation",
        "Constat",
        "Financement",
        "Probleme",
        "PageEssms",
    ] {
        for (champ, decrit) in schemas[nom]["properties"].as_object().unwrap() {
            assert!(decrit["description"].is_string(), "{nom}.{champ}");
        }
    }
}
