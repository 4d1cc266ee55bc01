//! The accusé as PDF, and the page where anybody who holds it verifies the deposit.

use portail_grappes::domain::texte::hexadecimal;
use portail_grappes::web::chemins;
use portail_grappes::web::etat::Depart;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{deposer, pret};
use crate::portail::puits::Puits;
use crate::portail::{ADRESSE_PUBLIQUE, MAINTENANT, Navigateur, Portail, Qui};

async fn depose(portail: &Portail) -> (Navigateur, Uuid, String) {
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe secrète", 1).await;
    deposer(&a, id).await;
    let sha256: Vec<u8> = sqlx::query_scalar("select sha256 from depot")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    (a, id, hexadecimal(&sha256))
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn anybody_verifies_a_deposit_and_learns_neither_its_porteur_nor_its_essms(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id, empreinte) = depose(&portail).await;
    let visiteur = portail.anonyme();
    let page = visiteur.page(&chemins::verification(&empreinte)).await;
    assert!(
        page.texte(".govuk-notification-banner__heading")
            .ends_with("En vigueur."),
        "{}",
        page.tout()
    );
    let valeurs = page.textes(".govuk-summary-list__value");
    assert!(
        valeurs.contains(&"01/05/2024 à 10:00:00 (heure de Paris)".to_owned()),
        "{valeurs:?}"
    );
    for secret in ["Grappe secrète", "Association Alpha", "EHPAD", "Projet Tilleul", "OG A"] {
        assert!(!page.tout().contains(secret), "{secret}");
    }
    // By the form, with the address that the accusé shows.
    let adresse = format!("{ADRESSE_PUBLIQUE}{}", chemins::verification(&empreinte));
    let accuse = a.page(&chemins::accuse(id)).await;
    assert_eq!(accuse.compte(&format!("a[href='{adresse}']")), 1);
    let envoi = chemins::avec_parametres(chemins::VERIFICATION, &[("empreinte", &adresse)]);
    let renvoi = visiteur.lire(&envoi).await;
    assert_eq!(
        (renvoi.statut, renvoi.vers()),
        (303, chemins::verification(&empreinte).as_str())
    );

    a.enregistrer(&chemins::retrait_depot(id), &[("confirmation", "oui")])
        .await;
    let page = visiteur.page(&chemins::verification(&empreinte)).await;
    assert!(page.texte(".govuk-notification-banner__heading").ends_with("Retiré."));
    portail.avancer(chrono::TimeDelta::hours(1));
    deposer(&a, id).await;
    let page = visiteur.page(&chemins::verification(&empreinte)).await;
    assert!(page.texte(".govuk-notification-banner__heading").ends_with("Remplacé."));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_unknown_hash_is_a_404_and_what_is_no_hash_keeps_what_was_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let inconnue = visiteur.lire(&chemins::verification(&"0".repeat(64))).await;
    assert_eq!(inconnue.statut, 404);
    assert!(
        inconnue
            .texte(".govuk-inset-text")
            .starts_with("Aucun dépôt de ce portail")
    );
    let vide = visiteur.lire("/verification?empreinte=12ab").await;
    assert_eq!((vide.statut, vide.champ("empreinte")), (422, vec!["12ab".to_owned()]));
    assert_eq!(visiteur.lire("/verification/12ab").await.statut, 422);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_tampered_with_or_whose_chain_is_broken_is_said_not_to_match(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id, premiere) = depose(&portail).await;
    a.enregistrer(&chemins::retrait_depot(id), &[("confirmation", "oui")])
        .await;
    portail.avancer(chrono::TimeDelta::hours(1));
    deposer(&a, id).await;
    let seconde: Vec<u8> = sqlx::query_scalar("select sha256 from depot where rang = 2")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let seconde = hexadecimal(&seconde);
    let visiteur = portail.anonyme();
    let intact = async |empreinte: &str| {
        let page = visiteur.page(&chemins::verification(empreinte)).await;
        page.compte(".govuk-warning-text") == 0
    };
    assert!(intact(&premiere).await && intact(&seconde).await);
    sqlx::query("update depot set contenu = replace(contenu, 'Camille Martin', 'Autre') where rang = 1")
        .execute(&portail.pool)
        .await
        .unwrap();
    assert!(!intact(&premiere).await);
    assert!(!intact(&seconde).await, "the chain before it is broken");
    // The first is hashed again after it was rewritten: the second still says the former hash.
    sqlx::query("update depot set sha256 = sha256(convert_to(contenu, 'UTF8')) where rang = 1")
        .execute(&portail.pool)
        .await
        .unwrap();
    assert!(!intact(&seconde).await);
    assert_eq!(visiteur.lire(&chemins::verification(&premiere)).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_pdf_is_the_same_each_time_and_only_for_who_may_read_the_dossier(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id, _) = depose(&portail).await;
    let adresse = chemins::accuse_pdf(id);
    let pdf = a.page(&adresse).await;
    assert_eq!(pdf.entete("content-type"), "application/pdf");
    assert!(
        pdf.entete("content-disposition")
            .starts_with("attachment; filename=\"accuse-IDF2024-")
    );
    assert!(pdf.corps.starts_with(b"%PDF-"));
    portail.avancer(chrono::TimeDelta::hours(1));
    assert_eq!(a.page(&chemins::du_depot(&adresse, 1)).await.corps, pdf.corps);
    assert_eq!(a.lire(&chemins::du_depot(&adresse, 2)).await.statut, 404);
    for qui in [Qui::DepotB, Qui::ArsIdf] {
        assert_eq!(portail.connecte(qui).await.lire(&adresse).await.statut, 404, "{qui:?}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_mail_of_a_deposit_carries_its_accuse(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::Smtp).await;
    let (_, _, empreinte) = depose(&portail).await;
    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let courriel = puits.courriel().await;
    let jointe = &courriel["jointes"][0];
    assert_eq!(
        (&jointe["type"], &jointe["debut"]),
        (&"application/pdf".into(), &"%PDF-".into())
    );
    assert!(
        jointe["nom"].as_str().unwrap().starts_with("accuse-IDF2024-"),
        "{jointe}"
    );
    let texte = courriel["texte"].as_str().unwrap();
    assert!(
        texte.contains(&format!("{ADRESSE_PUBLIQUE}{}", chemins::verification(&empreinte))),
        "{texte}"
    );
}
