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
    portail.avancer(chrono::TimeDelta::minutes(3));
    let refus = visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "720"));
    assert_eq!(
        refus.erreurs(),
        [
            "3 questions posées au nom de cette adresse de courriel en 15 minutes, c’est le maximum : gardez cette page \
          ouverte, et renvoyez-la dans 12 minutes"
        ]
    );
    for (nom, valeur) in CHAMPS {
        assert_eq!(refus.champ(nom), [valeur], "nothing typed is lost");
    }
    portail.avancer(chrono::TimeDelta::minutes(12));
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_patient_machine_is_stopped_for_the_day_and_the_way_back_to_a_password_stays_open(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let demander = || visiteur.envoyer_nu(chemins::CONTACT, &CHAMPS);
    for n in 0..10 {
        if n > 0 && n % 3 == 0 {
            portail.avancer(chrono::TimeDelta::minutes(16));
        }
        assert_eq!(demander().await.statut, 303, "{n}");
    }
    portail.avancer(chrono::TimeDelta::minutes(16));
    assert_eq!(demander().await.statut, 429);
    let oubli = visiteur
        .envoyer_nu(chemins::OUBLI, &[("courriel", "camille@exemple.fr")])
        .await;
    assert_eq!(oubli.statut, 303);
    portail.avancer(chrono::TimeDelta::days(1));
    assert_eq!(demander().await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_question_about_the_portal_goes_to_its_support_and_needs_no_appel(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let accessibilite = visiteur.page(chemins::ACCESSIBILITE).await;
    let lien = accessibilite
        .attributs("main a[href^='/aide/contact']", "href")
        .remove(0);
    assert_eq!(visiteur.page(&lien).await.champ("sujet"), ["portail"]);
    let champs = [
        ("sujet", "portail"),
        ("page", "Accessibilité"),
        ("message", "Le tableau ne se lit pas."),
        ("nom", "Camille Martin"),
        ("courriel", "camille@exemple.fr"),
    ];
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &champs).await.statut, 303);
    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let recus = [puits.courriel().await, puits.courriel().await];
    let pour = |adresse: &str| {
        recus
            .iter()
            .find(|c| c["pour"] == serde_json::json!([adresse]))
            .unwrap()
    };
    let texte = pour("assistance@exemple.fr")["texte"].as_str().unwrap();
    assert!(
        texte.contains("Le tableau ne se lit pas.") && !texte.contains("Appel à projets"),
        "{texte}"
    );
    assert!(
        pour("camille@exemple.fr")["texte"]
            .as_str()
            .unwrap()
            .contains("l’assistance du portail")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_portal_of_which_nobody_said_whom_to_write_to_says_so(pool: PgPool) {
    let portail = Portail::ouvrir_muet(pool).await;
    let visiteur = portail.anonyme();
    let contact = visiteur.page(chemins::CONTACT).await;
    assert_eq!(contact.compte("input[name=sujet][value=portail]"), 0);
    assert!(contact.tout().contains("n’a pas encore dit à qui écrire"));
    for page in [chemins::ACCESSIBILITE, chemins::CONFIDENTIALITE] {
        let page = visiteur.page(page).await;
        assert_eq!(page.compte("main a[href^='/aide/contact']"), 0);
        assert!(page.tout().contains("L’exploitant"), "{}", page.tout());
    }
    let champs = CHAMPS.map(|c| if c.0 == "sujet" { ("sujet", "portail") } else { c });
    assert_eq!(visiteur.envoyer_nu(chemins::CONTACT, &champs).await.statut, 422);
}

/// The hourly look erases what was promised to be, whether or not anybody comes.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_kept_of_people_without_account_is_erased_in_time(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    portail.anonyme().envoyer_nu(chemins::CONTACT, &CHAMPS).await;
    let puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    assert_eq!(puits.fermer().await.len(), 3);
    for sql in [
        "insert into inscription (cle, courriel, nom, mot_de_passe, og, cree_le, expire_le)
         select '\\x01', 'a@exemple.fr', 'A', '', finess, '2024-05-01', '2024-05-02' from organisme limit 1",
        "insert into import_essms (compte_id, og, id, nom, tableau, colonnes, confirme, expire_le)
         select id, og, gen_random_uuid(), 'a.csv', '{}', '{}', false, '2024-05-02' from compte where og is not null limit 1",
    ] {
        sqlx::query(sql).execute(&portail.pool).await.unwrap();
    }
    let restent = async |apres: chrono::TimeDelta| {
        portail.avancer(apres);
        portail_grappes::store::oublis::effacer(&portail.pool, portail.horloge.maintenant())
            .await
            .unwrap();
        [
            portail.nombre("select count(*) from inscription").await,
            portail.nombre("select count(*) from import_essms").await,
            portail.nombre("select count(*) from courriel").await,
            portail
                .nombre("select count(*) from travail where genre = 'courriel'")
                .await,
        ]
    };
    assert_eq!(restent(chrono::TimeDelta::minutes(1)).await, [1, 1, 3, 3]);
    assert_eq!(restent(chrono::TimeDelta::days(2)).await, [0, 0, 3, 3]);
    // One that still waits to leave stays, however old.
    portail.anonyme().envoyer_nu(chemins::CONTACT, &CHAMPS).await;
    assert_eq!(restent(chrono::TimeDelta::days(89)).await, [0, 0, 3, 3]);
    assert_eq!(restent(chrono::TimeDelta::days(89)).await, [0, 0, 3, 3]);
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
