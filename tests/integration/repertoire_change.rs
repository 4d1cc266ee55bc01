//! When an import of the registry closes, moves or reclassifies an ESSMS, its OG is told and verdicts follow.

use portail_grappes::registry::rapport::Fermetures;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::mes_essms::{fiche, repondre};
use crate::portail::dossier::{avec_trois_essms, coller};
use crate::portail::puits::Puits;
use crate::portail::registre::{ehpad, ime};
use crate::portail::{Portail, Qui};
use crate::rappels::passer;
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

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_an_import_changed_is_told_by_one_mail_to_each_og_it_concerns(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    coller(&a, id, &[ime(1)]).await;
    // One moves to Lyon, one of the OG B changes its category, one is new.
    let demenage = et("75010002", "75000001", "EHPAD Tilleul 2", "69001 LYON", "69", "500");
    let reclasse = et("75020001", "75000002", "IME Marronnier 1", "75001 PARIS", "75", "186");
    let nouveau = ehpad_chez(99, "75000001", "500");
    let lignes = [demenage, reclasse, nouveau];
    lire(&portail, "2024-04-20", Fermetures::Aucune, &lignes).await;
    let dits = a
        .page(chemins::MES_ESSMS)
        .await
        .texte("section[aria-labelledby=titre-nouveautes]");
    let demenagement = format!(
        "EHPAD Tilleul 2 ({}) a changé de département : Rhône (69), Auvergne-Rhône-Alpes, au lieu de Paris (75), Île-de-France \
         (données du 20/04/2024).",
        ehpad(2)
    );
    assert!(dits.contains(&demenagement), "{dits}");
    let puits = Puits::ouvrir().await;
    for quand in ["2024-05-02T05:00:00+02:00", "2024-05-02T10:00:00+02:00"] {
        passer(&portail, &puits.url, quand).await;
    }
    // The same file again changes nothing, and what was told is told no more.
    lire(&portail, "2024-04-20", Fermetures::Aucune, &lignes).await;
    passer(&portail, &puits.url, "2024-05-02T11:00:00+02:00").await;
    let mut recus: Vec<(String, String)> = puits
        .fermer()
        .await
        .iter()
        .map(|c| (c["pour"][0].to_string(), c["texte"].to_string()))
        .collect();
    recus.sort();
    let a_qui: Vec<&str> = recus.iter().map(|(qui, _)| qui.trim_matches('"')).collect();
    assert_eq!(
        a_qui,
        [Qui::DepotA.courriel(), Qui::DepotB.courriel(), Qui::EditionA.courriel()],
        "those who fill dossiers"
    );
    for (qui, texte) in &recus {
        let de_b = qui.contains(&Qui::DepotB.courriel());
        assert_eq!(texte.contains("a changé de département"), !de_b, "{texte}");
        assert!(
            texte.contains("IME Marronnier 1") && !texte.contains("Tilleul 99"),
            "{texte}"
        );
        assert!(texte.contains(chemins::MES_ESSMS), "{texte}");
    }
}
