//! What an instructor sees: what was deposited in its région, with the evidence, and no draft.

use portail_grappes::domain::texte::hexadecimal;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::navigateur::PDF;
use crate::portail::{Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_draft_is_seen_by_no_instructor(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Brouillon discret", 1).await;
    for qui in [Qui::ArsIdf, Qui::ArsAra] {
        let ars = portail.connecte(qui).await;
        let liste = ars.page(chemins::INSTRUCTION).await;
        assert_eq!(liste.compte("#dossiers"), 0);
        assert!(!liste.tout().contains("discret"));
        assert_eq!(ars.lire(&chemins::instruction_dossier(id)).await.statut, 404);
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposited_dossier_is_listed_and_opens_on_its_verdicts_and_evidence(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe Tilleul", 1).await;
    deposer(&a, id).await;
    ouvrir(&a, "Brouillon discret").await;

    let ars = portail.connecte(Qui::ArsIdf).await;
    let liste = ars.page(chemins::INSTRUCTION).await;
    assert_eq!(liste.textes("#dossiers tbody a"), ["Grappe Tilleul"]);
    assert_eq!(
        liste.attributs("#dossiers tbody a", "href"),
        [chemins::instruction_dossier(id)]
    );
    let cellules = liste.textes("#dossiers tbody td");
    assert_eq!(cellules[..3], ["Association Alpha", "16", "01/05/2024 10:00"]);

    let page = ars.page(&chemins::instruction_dossier(id)).await;
    assert_eq!(page.texte("h1"), "Grappe Tilleul");
    assert_eq!(
        page.textes("main section > h2"),
        ["Recevabilité", "Éligibilité", "Priorisation"]
    );
    let preuves = page.textes(".govuk-summary-list__value");
    for preuve in ["Projet Tilleul", "Aurore 1.0 (Éditeur)", "46 000,50 €"] {
        assert!(
            preuves.iter().any(|p| p.replace(['\u{a0}', '\u{202f}'], " ") == preuve),
            "{preuve} : {preuves:?}"
        );
    }
    let sha256: Vec<u8> = sqlx::query_scalar("select sha256 from depot")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    assert_eq!(page.texte("code.portail-empreinte"), hexadecimal(&sha256));
    assert_eq!(page.compte("main form"), 0, "nothing to change yet");

    let pieces = page.attributs("main li a[href*=pieces]", "href");
    assert_eq!(pieces.len(), 3);
    let piece = ars.page(&pieces[0]).await;
    assert_eq!(
        (piece.corps.as_slice(), piece.entete("x-content-type-options")),
        (PDF, "nosniff")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_instructor_of_another_region_finds_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe Tilleul", 1).await;
    let piece = a
        .page(&chemins::pieces(id))
        .await
        .attributs(".portail-piece a", "href")
        .remove(0);
    let piece = uuid::Uuid::parse_str(piece.rsplit('/').next().unwrap()).unwrap();
    deposer(&a, id).await;
    let ailleurs = portail.connecte(Qui::ArsAra).await;
    assert_eq!(ailleurs.page(chemins::INSTRUCTION).await.compte("#dossiers"), 0);
    for adresse in [
        chemins::instruction_dossier(id),
        chemins::instruction_piece(id, piece),
        chemins::dossier(id),
        chemins::accuse(id),
        chemins::piece(id, piece),
    ] {
        let reponse = ailleurs.lire(&adresse).await;
        assert_eq!(reponse.statut, 404, "{adresse}");
        assert!(!reponse.tout().contains("Tilleul"));
    }
    // Nor does the porteur enter the instructor's space, even for its own dossier.
    assert_eq!(a.lire(&chemins::instruction_dossier(id)).await.statut, 404);
    // Instructors do not enter the porteur's.
    let ars = portail.connecte(Qui::ArsIdf).await;
    assert_eq!(ars.lire(&chemins::dossier(id)).await.statut, 404);
    assert_eq!(ars.lire(&chemins::journal(id)).await.statut, 404);
}
