//! Questions: to the contacts of a subject, with the dossier they are about, a few at a time.

use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::ouvrir;
use crate::portail::puits::Puits;
use crate::portail::{Portail, Qui};

const CHAMPS: [(&str, &str); 6] = [
    ("sujet", "accompagnement"),
    ("edition", "idf-2024"),
    ("dossier", "IDF2024-7QX2M"),
    ("message", "Comment former une grappe ?"),
    ("nom", "Camille Martin"),
    ("courriel", "camille@exemple.fr"),
];

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_question_goes_to_each_contact_of_its_subject_who_answers_its_author(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let reponse = visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await;
    assert_eq!(reponse.statut, 303);
    assert!(
        visiteur
            .page(reponse.vers())
            .await
            .tout()
            .contains("Votre question est partie")
    );
    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let mut recus = Vec::new();
    for _ in 0..3 {
        recus.push(puits.courriel().await);
    }
    let pour = |adresse: &str| {
        recus
            .iter()
            .find(|c| c["pour"] == serde_json::json!([adresse]))
            .unwrap()
    };
    for contact in ["siesms@sesan.fr", "df-collectif-si@uriopss-idf.fr"] {
        let courriel = pour(contact);
        assert_eq!(courriel["entetes"]["reply-to"], "camille@exemple.fr");
        let texte = courriel["texte"].as_str().unwrap();
        assert!(
            texte.contains("IDF2024-7QX2M") && texte.contains("Comment former une grappe ?"),
            "{texte}"
        );
        assert!(texte.contains("Votre réponse ira à camille@exemple.fr"), "{texte}");
    }
    let recu = pour("camille@exemple.fr")["texte"].as_str().unwrap();
    assert!(recu.contains("SESAN, Collectif SI"), "{recu}");
    assert!(
        !recu.contains("Comment former"),
        "an address that anybody may type is told nothing that was typed"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_question_refused_keeps_what_was_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let refus = visiteur
        .envoyer_nu(chemins::CONTACT, &[("message", "Gardé"), ("courriel", "sans arobase")])
        .await;
    assert_eq!(refus.statut, 422);
    assert_eq!(
        (refus.champ("message"), refus.champ("courriel")),
        (vec!["Gardé".into()], vec!["sans arobase".into()])
    );
    assert_eq!(refus.erreurs().len(), 4, "{:?}", refus.erreurs());
    let long = "a".repeat(4_001);
    let mut champs = CHAMPS.to_vec();
    champs[3].1 = &long;
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &champs).await.statut, 422);
    assert_eq!(portail.nombre("select count(*) from courriel").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn questions_from_one_address_are_counted(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    for _ in 0..3 {
        assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await.statut, 303);
    }
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await.statut, 429);
    portail.avancer(chrono::TimeDelta::minutes(16));
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn from_a_dossier_its_reference_the_page_and_the_person_come_along(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Grappe").await;
    let grappe = a.page(&chemins::grappe(id)).await;
    let lien = grappe.attributs("aside a[href^='/aide/contact']", "href").remove(0);
    let page = a.page(&lien).await;
    let reference = portail.texte("select reference from dossier").await;
    assert_eq!(page.champ("dossier"), std::slice::from_ref(&reference));
    assert_eq!(
        (page.champ("page"), page.champ("courriel")),
        (vec!["Grappe".into()], vec![Qui::EditionA.courriel()])
    );
    let boites = page.attributs("a[href^='mailto:']", "href");
    let retour = chemins::grappe(id);
    assert_eq!(page.champ("retour"), std::slice::from_ref(&retour));
    let champs = CHAMPS.map(|c| {
        if c.0 == "dossier" {
            ("retour", retour.as_str())
        } else {
            c
        }
    });
    let envoi = a.enregistrer(chemins::CONTACT, &champs).await;
    let lien = format!("main a[href='{retour}']");
    assert!(
        a.page(envoi.vers()).await.compte(&lien) > 0,
        "one goes back to the dossier"
    );
    // Another site is no page to go back to.
    let ailleurs = chemins::avec_parametres(chemins::CONTACT, &[("retour", "//ailleurs.example/piege")]);
    assert!(!a.page(&ailleurs).await.tout().contains("Revenir au dossier"));
    assert!(boites.iter().all(|b| b.contains(&reference)), "{boites:?}");
    let mots = grappe.textes("#mots-de-la-page dt");
    assert!(
        mots.contains(&"FINESS".to_owned()) && mots.contains(&"DUI".to_owned()),
        "{mots:?}"
    );
}
