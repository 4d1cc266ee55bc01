//! When an import of the registry closes, moves or reclassifies an ESSMS, its OG is told and verdicts follow.

use portail_grappes::registry::rapport::Fermetures;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::mes_essms::{fiche, repondre};
use crate::portail::dossier::avec_trois_essms;
use crate::portail::registre::{ehpad, ime};
use crate::portail::{Portail, Qui};
use crate::registre::{et, extrait, importer};

async fn lire(portail: &Portail, date: &str, fermetures: Fermetures, lignes: &[String]) {
    let mut conn = portail.pool.acquire().await.unwrap();
    importer(&mut conn, fermetures, vec![("f", extrait(date, lignes))])
        .await
        .unwrap();
}

fn ehpad_chez(rang: usize, og: &str, categorie: &str) -> String {
    let racine = format!("7501{rang:04}");
    et(
        &racine,
        og,
        &format!("EHPAD Tilleul {rang}"),
        "75001 PARIS",
        "75",
        categorie,
    )
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_og_is_told_what_the_registry_changed_until_it_says_it_knows(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    repondre(&a, &ehpad(2), &[("equipement", "Postes")]).await;
    assert_eq!(a.page(chemins::MES_ESSMS).await.compte("#titre-nouveautes"), 0);
    // One moves to the OG B, one changes its category, one is only renamed.
    let lignes = [
        ehpad_chez(1, "75000001", "183"),
        ehpad_chez(2, "75000002", "500"),
        ehpad_chez(3, "75000001", "500").replace("Tilleul 3", "Tilleul trois"),
    ];
    lire(&portail, "2024-04-20", Fermetures::Aucune, &lignes).await;
    // All but these three disappear: closed.
    lire(&portail, "2024-04-25", Fermetures::Toutes, &lignes).await;
    let page = a.page(chemins::MES_ESSMS).await;
    let dits = page.texte("section[aria-labelledby=titre-nouveautes]");
    for attendu in [
        format!(
            "EHPAD Tilleul 2 ({}) est passé de votre organisme à Fondation Bêta (données du 20/04/2024)",
            ehpad(2)
        ),
        format!("EHPAD Tilleul 1 ({}) a changé de catégorie", ehpad(1)),
        format!(
            "EHPAD Tilleul 4 ({}) est fermé au répertoire FINESS (données du 25/04/2024)",
            ehpad(4)
        ),
    ] {
        assert!(dits.contains(&attendu), "{attendu} : {dits}");
    }
    assert!(!dits.contains("Tilleul trois") && !dits.contains(&ime(1)));
    assert!(
        a.page(chemins::PORTEUR)
            .await
            .tout()
            .contains("changements dont prendre connaissance")
    );
    // It left with its answers read only, and the table knows.
    assert_eq!(page.compte("#mes-essms tbody tr"), 2);
    assert_eq!(a.page(&fiche(&ehpad(2))).await.compte("main form"), 0);
    // The OG that takes it is told too, and does not see what the first one answered.
    let b = portail.connecte(Qui::DepotB).await;
    let chez_b = b.page(chemins::MES_ESSMS).await;
    assert!(
        chez_b
            .tout()
            .contains("est passé de Association Alpha à votre organisme"),
        "{}",
        chez_b.tout()
    );
    assert!(!b.page(&fiche(&ehpad(2))).await.tout().contains("Postes"));
    // The verdicts of the draft follow at the next display.
    let grappe = a.page(&chemins::grappe(id)).await.texte("#composition tbody");
    assert!(grappe.contains("Fondation Bêta"), "{grappe}");
    // Known: said no more, to this OG only. Another OG's is not touched by forging its number.
    let vus = page.attributs("input[name=vu]", "value");
    let champs: Vec<(&str, &str)> = vus.iter().map(|v| ("vu", v.as_str())).collect();
    let lecture = portail.connecte(Qui::LectureA).await;
    assert_eq!(
        lecture.envoyer(chemins::MES_ESSMS_CHANGEMENTS, &champs).await.statut,
        403
    );
    b.enregistrer(chemins::MES_ESSMS_CHANGEMENTS, &champs).await;
    assert_eq!(a.page(chemins::MES_ESSMS).await.compte("#titre-nouveautes"), 1);
    a.enregistrer(chemins::MES_ESSMS_CHANGEMENTS, &champs).await;
    assert_eq!(a.page(chemins::MES_ESSMS).await.compte("#titre-nouveautes"), 0);
    assert_eq!(b.page(chemins::MES_ESSMS).await.compte("#titre-nouveautes"), 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_closing_changes_the_verdict_of_drafts_and_concerns_nobody_else(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let statut = async || a.page(&chemins::grappe(id)).await.textes("#composition tbody tr");
    assert!(!statut().await[2].contains("Exclu"));
    let lignes: Vec<String> = (1..=2).map(|rang| ehpad_chez(rang, "75000001", "500")).collect();
    lire(&portail, "2024-04-20", Fermetures::Toutes, &lignes).await;
    let apres = statut().await;
    assert!(apres[2].contains("Exclu") && !apres[0].contains("Exclu"), "{apres:?}");
    // The OG C has no account: nothing is kept for it. The same file twice tells nothing twice.
    let combien = "select count(*) from evenement_essms";
    let avant = portail.nombre(combien).await;
    assert_eq!(avant, 32 + 1 + 18, "those of A with the hospital, those of B");
    lire(&portail, "2024-04-20", Fermetures::Toutes, &lignes).await;
    assert_eq!(portail.nombre(combien).await, avant);
}
