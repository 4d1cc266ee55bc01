//! Frequent questions, glossary, contacts: found, linked to one another, and from a dossier.

use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::avec_trois_essms;
use crate::portail::{EDITION, Portail};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn questions_are_listed_by_theme_and_found_by_their_words(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let toutes = visiteur.page(chemins::FAQ).await;
    assert_eq!((toutes.compte("main section"), toutes.compte("main details")), (8, 25));
    assert_eq!(toutes.compte("#meme-dui-pour-tous"), 1);
    let trouvees = visiteur.page("/faq?q=H%C3%94PITAL").await;
    assert_eq!(trouvees.texte("#resultats"), "1 question trouvée pour « HÔPITAL »");
    let lien = trouvees.attributs("#contenu li a", "href");
    assert_eq!(lien, ["/faq/essms-d-un-hopital"]);
    assert_eq!(trouvees.valeur("#q"), "HÔPITAL");
    let aucune = visiteur.page("/faq?q=%3Cb%3Ez%C3%A9bulon").await;
    assert_eq!(aucune.texte("#resultats"), "Aucune question pour « <b>zébulon »");
    assert_eq!(aucune.attributs("#contenu ul a", "href").len(), 4);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_question_has_its_rules_its_source_its_words_and_whom_to_write_to(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let page = visiteur.page(&chemins::question("trouver-une-grappe")).await;
    let texte = page.tout();
    for dit in [
        "df-collectif-si@uriopss-idf.fr",
        "idf-collectif-si@uriopss-idf.fr",
        "ELI-G01, Taille de la grappe",
        "« Constituer une grappe »",
    ] {
        assert!(texte.contains(dit), "{dit}");
    }
    let formulaire = chemins::question_sur(EDITION, "accompagnement");
    assert!(page.attributs("main a", "href").contains(&formulaire));
    assert_eq!(visiteur.page(&formulaire).await.champ("sujet"), ["accompagnement"]);
    let mots = page.attributs("main dt a", "href");
    let glossaire = visiteur.page(chemins::GLOSSAIRE).await;
    assert_eq!(mots.len(), 3);
    for mot in mots {
        assert_eq!(glossaire.compte(mot.strip_prefix("/glossaire").unwrap()), 1, "{mot}");
    }
    assert_eq!(visiteur.lire(&chemins::question("inconnue")).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn contacts_are_given_by_subject_with_the_doubt_about_one_address(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let page = portail.anonyme().page(chemins::CONTACTS).await;
    let section = format!("section[aria-labelledby='{EDITION}']");
    let adresses = page.attributs(&format!("{section} a[href^='mailto:']"), "href");
    let attendues = [
        "siesms@sesan.fr",
        "df-collectif-si@uriopss-idf.fr",
        "ars-idf-si-esms@ars.sante.fr",
        "ars-idf-si-esms@ars.sante.fr",
        "idf-collectif-si@uriopss-idf.fr",
        "siesms@sesan.fr",
        "ars-idf-si-esms@ars.sante.fr",
    ];
    assert_eq!(adresses, attendues.map(|a| format!("mailto:{a}")));
    assert!(
        page.texte(&format!("{section} .govuk-inset-text"))
            .contains("faute de frappe")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_verdict_leads_to_the_questions_about_its_rule(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (navigateur, id) = avec_trois_essms(&portail).await;
    let constats = navigateur.page(&chemins::constats(id)).await;
    let liens = constats.attributs("#constat-ELI-G01 a", "href");
    assert!(liens.contains(&chemins::question("un-essms-seul")), "{liens:?}");
    navigateur.page(&chemins::question("un-essms-seul")).await;
}
