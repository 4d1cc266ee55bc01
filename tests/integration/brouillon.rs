//! Saving while one types: the same forms, answered in JSON, each state with what the script needs to go on.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{avec_trois_essms, deposer, ouvrir, pret};
use crate::portail::registre::ehpad;
use crate::portail::{Navigateur, Portail, Qui, Reponse};

/// Sends a form as the script does.
pub async fn ecrire(navigateur: &Navigateur, chemin: &str, champs: &[(&str, &str)]) -> (u16, Value) {
    let mut corps = form_urlencoded::Serializer::new(String::new());
    corps.append_pair("csrf", &navigateur.jeton).extend_pairs(champs);
    let requete = navigateur
        .requete(Method::POST, chemin)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(corps.finish());
    let reponse = Reponse::de(requete).await;
    assert_eq!(
        reponse.entete("content-type"),
        "application/json",
        "{}",
        reponse.resume()
    );
    (reponse.statut, serde_json::from_slice(&reponse.corps).unwrap())
}

fn motivations(dossier: Uuid) -> String {
    chemins::etape(dossier, Etape::Motivations)
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn each_answer_gives_the_next_form_its_version_and_its_base(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Brouillon").await;
    let page = motivations(id);
    let (statut, un) = ecrire(&a, &page, &[("objectifs", " Mieux "), ("version", "0"), ("base", "{}")]).await;
    assert_eq!(
        (statut, &un["etat"], &un["heure"]),
        (200, &json!("enregistre"), &json!("10\u{a0}h\u{a0}00"))
    );
    assert_eq!(
        (&un["version"], &un["base"]),
        (&json!(1), &json!({ "objectifs": ["Mieux"] }))
    );
    assert_eq!((&un["autres"], &un["actualiser"]), (&json!([]), &json!(true)));

    // The same request again, whose answer was lost: nothing is written twice.
    let (statut, encore) = ecrire(&a, &page, &[("objectifs", " Mieux "), ("version", "0"), ("base", "{}")]).await;
    assert_eq!(
        (statut, &encore["version"], &encore["enregistrement"]),
        (200, &json!(1), &Value::Null)
    );
    assert_eq!(
        portail
            .nombre("select count(*) from journal where etape = 'motivations'")
            .await,
        1
    );

    // The plain save that follows tells what was saved while one typed.
    let depuis = un["enregistrement"].as_str().unwrap();
    let champs = [
        ("objectifs", "Mieux"),
        ("version", "1"),
        ("depuis", depuis),
        ("dernier", depuis),
    ];
    let suite = a.enregistrer(&page, &champs).await;
    let suite = a.page(suite.vers()).await;
    assert_eq!(suite.texte("#bandeau-bilan"), "Enregistré");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_a_colleague_changed_comes_back_and_is_never_undone(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (
        portail.connecte(Qui::EditionA).await,
        portail.connecte(Qui::DepotA).await,
    );
    let id = ouvrir(&a, "À deux").await;
    let page = motivations(id);
    ecrire(
        &b,
        &page,
        &[("organisation", "Un comité"), ("version", "0"), ("base", "{}")],
    )
    .await;
    let (statut, recu) = ecrire(&a, &page, &[("objectifs", "Mieux"), ("version", "0"), ("base", "{}")]).await;
    assert_eq!(statut, 200);
    assert_eq!(recu["par"], "OG A dépôt (essai), le 01/05/2024 à 10\u{a0}h\u{a0}00");
    assert_eq!(recu["autres"][0]["saisie"], json!({ "organisation": ["Un comité"] }));
    assert_eq!(recu["autres"][0]["chemin"], json!(["organisation"]));
    assert_eq!(
        recu["base"],
        json!({ "objectifs": ["Mieux"] }),
        "the base is what the page shows"
    );

    // A page that does not show it keeps its version: its own next answer undoes nothing.
    let base = recu["base"].to_string();
    let (statut, _) = ecrire(
        &a,
        &page,
        &[("objectifs", "Encore mieux"), ("version", "0"), ("base", &base)],
    )
    .await;
    assert_eq!(statut, 200);
    let relue = a.page(&page).await;
    assert_eq!(
        (relue.champ("objectifs"), relue.champ("organisation")),
        (vec!["Encore mieux".to_owned()], vec!["Un comité".to_owned()])
    );

    // The same answer, otherwise: both are kept apart, nothing is written.
    let (statut, conflit) = ecrire(
        &b,
        &page,
        &[
            ("objectifs", "Autrement"),
            ("organisation", "Un comité"),
            ("version", "1"),
            ("base", "{\"organisation\":[\"Un comité\"]}"),
        ],
    )
    .await;
    assert_eq!((statut, &conflit["etat"]), (409, &json!("conflit")));
    assert_eq!(conflit["questions"].as_array().unwrap().len(), 1);
    assert!(
        conflit["par"].as_str().unwrap().starts_with("OG A édition"),
        "{conflit}"
    );
    assert_eq!(a.page(&page).await.champ("objectifs"), ["Encore mieux"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn rows_renumbered_are_never_shown_in_the_wrong_place(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (
        portail.connecte(Qui::EditionA).await,
        portail.connecte(Qui::DepotA).await,
    );
    let id = ouvrir(&a, "Lignes").await;
    let page = chemins::etape(id, Etape::Equipe);
    ecrire(
        &b,
        &page,
        &[("membre-0-role", "Référente"), ("version", "0"), ("base", "{}")],
    )
    .await;
    let (_, recu) = ecrire(
        &a,
        &page,
        &[("comitologie", "Mensuelle"), ("version", "0"), ("base", "{}")],
    )
    .await;
    assert_eq!(recu["autres"][0]["saisie"], json!({ "membre-0-role": ["Référente"] }));
    // The second row alone is filled in this page: what it is stored as is the first.
    let champs = [
        ("membre-0-role", ""),
        ("membre-1-role", "Référente"),
        ("membre-1-nombre", "2"),
        ("version", "0"),
        ("base", "{}"),
    ];
    ecrire(
        &b,
        &page,
        &[
            ("membre-0-role", "Référente"),
            ("membre-0-etp", "0,5"),
            ("version", "2"),
            (
                "base",
                "{\"membre-0-role\":[\"Référente\"],\"comitologie\":[\"Mensuelle\"]}",
            ),
        ],
    )
    .await;
    let (statut, recu) = ecrire(&a, &page, &champs).await;
    assert_eq!(statut, 200, "{recu}");
    let etp = recu["autres"]
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["chemin"] == json!(["membre-0-etp"]))
        .unwrap();
    assert_eq!(etp["saisie"], json!({}));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_read_is_named_and_nothing_is_saved(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let projet = chemins::etape(id, Etape::Projet);
    let (statut, refus) = ecrire(
        &a,
        &projet,
        &[
            ("nom_projet", "Tilleul"),
            ("contact_courriel", "camille"),
            ("version", "0"),
        ],
    )
    .await;
    assert_eq!((statut, &refus["etat"]), (422, &json!("illisible")));
    assert_eq!(refus["erreurs"][0]["nom"], "contact_courriel");
    assert!(
        refus["erreurs"][0]["resume"]
            .as_str()
            .unwrap()
            .contains("adresse de courriel complète")
    );
    assert_eq!(a.page(&projet).await.champ("nom_projet"), [""]);

    let nombre = format!("{}-personnes_accompagnees", ehpad(1));
    let (essms, un) = (chemins::essms(id), ehpad(1));
    let (statut, refus) = ecrire(&a, &essms, &[("essms", &un), (&nombre, "beaucoup"), ("version", "0")]).await;
    assert_eq!((statut, &refus["erreurs"][0]["nom"]), (422, &json!(nombre)));
    let (statut, recu) = ecrire(
        &a,
        &essms,
        &[("essms", &un), (&nombre, "80"), ("version", "0"), ("base", "{}")],
    )
    .await;
    assert_eq!(statut, 200);
    assert_eq!(recu["base"][&un]["personnes_accompagnees"], json!(["80"]));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn colleagues_answer_for_different_essms_and_for_the_same_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let b = portail.connecte(Qui::DepotA).await;
    let page = chemins::essms(id);
    let (un, deux) = (ehpad(1), ehpad(2));
    let (nombre_un, nombre_deux) = (
        format!("{un}-personnes_accompagnees"),
        format!("{deux}-personnes_accompagnees"),
    );
    let tous = [
        ("essms", un.as_str()),
        ("essms", deux.as_str()),
        ("version", "0"),
        ("base", "{}"),
    ];
    ecrire(&b, &page, &[&tous[..], &[(&nombre_deux, "20")]].concat()).await;
    let (statut, recu) = ecrire(&a, &page, &[&tous[..], &[(&nombre_un, "10")]].concat()).await;
    assert_eq!(statut, 200);
    assert_eq!(recu["autres"][0]["chemin"], json!([deux, "personnes_accompagnees"]));
    assert_eq!(recu["autres"][0]["saisie"], json!({ nombre_deux.clone(): ["20"] }));
    let (statut, conflit) = ecrire(
        &a,
        &page,
        &[&tous[..], &[(&nombre_un, "10"), (&nombre_deux, "30")]].concat(),
    )
    .await;
    assert_eq!((statut, &conflit["etat"]), (409, &json!("conflit")));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_may_not_write_is_told_why_in_json(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Droits", 1).await;
    let page = motivations(id);
    let champs = [("objectifs", "Autre chose"), ("version", "1")];
    let (statut, session) = ecrire(&portail.anonyme(), &page, &champs).await;
    assert_eq!((statut, session), (401, json!({ "etat": "session" })));
    let mut perime = a.clone();
    perime.jeton = "autre".to_owned();
    let (statut, session) = ecrire(&perime, &page, &champs).await;
    assert_eq!((statut, &session["etat"]), (401, &json!("session")));
    for (qui, attendu) in [(Qui::LectureA, 403), (Qui::DepotB, 404), (Qui::ArsIdf, 404)] {
        let (statut, refus) = ecrire(&portail.connecte(qui).await, &page, &champs).await;
        assert_eq!((statut, &refus["etat"]), (attendu, &json!("refus")), "{qui:?}");
    }
    deposer(&a, id).await;
    let (statut, refus) = ecrire(&a, &page, &champs).await;
    assert_eq!(statut, 409);
    assert!(
        refus["message"].as_str().unwrap().starts_with("Ce dossier est déposé"),
        "{refus}"
    );
}
