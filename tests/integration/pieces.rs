//! Pieces: sent, refused, downloaded, taken out, put back.

use chrono::TimeDelta;
use object_store::local::LocalFileSystem;
use portail_grappes::clock::Horloge;
use portail_grappes::web::chemins;
use portail_grappes::web::fichiers::balayer;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::navigateur::{Fichier, PDF, pdf};
use crate::portail::{Navigateur, Portail, Qui};

const PIECES: &str = "select count(*) from piece where retire_le is null";

async fn envoyer_devis(navigateur: &Navigateur, dossier: Uuid, nom: &str) -> Uuid {
    let champs = [("type_piece", "devis-editeur")];
    let envoi = navigateur.joindre(&chemins::pieces(dossier), &champs, pdf(nom)).await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let page = navigateur.page(envoi.vers()).await;
    let lien = page.attributs(".portail-piece a", "href").pop().unwrap();
    Uuid::parse_str(lien.rsplit('/').next().unwrap()).unwrap()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_file_that_cannot_be_the_piece_is_refused_with_why(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let trop = [PDF, &vec![b' '; 10 * 1024 * 1024]].concat();
    let fichier = |nom, octets| Fichier {
        champ: "fichier",
        nom,
        type_annonce: "application/pdf",
        octets,
    };
    let png = b"\x89PNG\r\n\x1a\n0000".as_slice();
    for (type_piece, envoye, attendu) in [
        (
            "devis-editeur",
            fichier("trop.pdf", trop.as_slice()),
            ("#fichier", "10 Mo"),
        ),
        (
            "devis-editeur",
            fichier("vide.pdf", b"".as_slice()),
            ("#fichier", "vide"),
        ),
        (
            "devis-editeur",
            fichier("page.pdf", b"<html><script>alert(1)</script>".as_slice()),
            ("#fichier", "PDF"),
        ),
        (
            "devis-editeur",
            fichier("programme.pdf", b"MZ\x90\0".as_slice()),
            ("#fichier", "PDF"),
        ),
        ("devis-editeur", fichier("image.pdf", png), ("#fichier", "PDF")),
        ("devis-editeur", fichier("", PDF), ("#fichier", "choisissez un fichier")),
        ("autre", fichier("devis.pdf", PDF), ("#type_piece", "")),
        ("", fichier("devis.pdf", PDF), ("#type_piece", "")),
    ] {
        let refus = a
            .joindre(&chemins::pieces(id), &[("type_piece", type_piece)], envoye)
            .await;
        assert_eq!(refus.statut, 422, "{} : {}", envoye.nom, refus.resume());
        assert_eq!(
            refus.attributs(".govuk-error-summary__list a", "href"),
            [attendu.0],
            "{}",
            envoye.nom
        );
        assert!(
            refus.erreurs()[0].contains(attendu.1),
            "{} : {:?}",
            envoye.nom,
            refus.erreurs()
        );
    }
    assert_eq!(portail.nombre("select count(*) from piece").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn more_than_the_portal_accepts_is_refused_before_it_is_read(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let requete = a
        .requete(reqwest::Method::POST, &chemins::pieces(id))
        .header("content-type", "multipart/form-data; boundary=x")
        .header("expect", "100-continue")
        .body(vec![0; 60 * 1024 * 1024 + 1]);
    // Refused on what it announces: the connection may close before all of it is sent.
    if let Ok(refus) = requete.send().await {
        assert_eq!(refus.status().as_u16(), 413);
    }
    assert_eq!(portail.nombre("select count(*) from piece").await, 0);
    a.page(&chemins::pieces(id)).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_piece_comes_back_octet_for_octet_as_an_attachment(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let nom = "../C:\\dossier\\Devis n° 1 « à jour ».pdf";
    let piece = envoyer_devis(&a, id, nom).await;
    let reponse = a.page(&chemins::piece(id, piece)).await;
    assert_eq!(reponse.corps, PDF);
    for (entete, attendu) in [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename*=UTF-8''Devis%20n%C2%B0%201%20%C2%AB%20%C3%A0%20jour%20%C2%BB.pdf",
        ),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
    ] {
        assert_eq!(reponse.entete(entete), attendu);
    }
    assert_eq!(reponse.entete("content-length"), PDF.len().to_string());
    let sha256: Vec<u8> = sqlx::query_scalar("select sha256 from piece")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    assert_eq!(sha256, Sha256::digest(PDF).to_vec());
    // Who may only read downloads it too.
    assert_eq!(
        portail
            .connecte(Qui::LectureA)
            .await
            .page(&chemins::piece(id, piece))
            .await
            .corps,
        PDF
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_piece_of_another_dossier_or_of_another_tenant_is_absent(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let (chez_a, autre_de_a) = (ouvrir(&a, "Un").await, ouvrir(&a, "Deux").await);
    let chez_b = ouvrir(&b, "Trois").await;
    let piece = envoyer_devis(&a, chez_a, "secret.pdf").await;
    for (navigateur, dossier) in [(&b, chez_a), (&b, chez_b), (&a, autre_de_a)] {
        for reponse in [
            navigateur.lire(&chemins::piece(dossier, piece)).await,
            navigateur.envoyer(&chemins::piece_retirer(dossier, piece), &[]).await,
            navigateur.envoyer(&chemins::piece_retablir(dossier, piece), &[]).await,
        ] {
            assert_eq!(reponse.statut, 404);
            assert!(!String::from_utf8_lossy(&reponse.corps).contains("secret.pdf"));
        }
    }
    let intrusion = b
        .joindre(
            &chemins::pieces(chez_a),
            &[("type_piece", "devis-editeur")],
            pdf("x.pdf"),
        )
        .await;
    assert_eq!(intrusion.statut, 404);
    assert_eq!(portail.nombre(PIECES).await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_piece_taken_out_is_put_back_from_the_page_that_follows(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let piece = envoyer_devis(&a, id, "devis.pdf").await;
    let retrait = a.enregistrer(&chemins::piece_retirer(id, piece), &[]).await;
    let page = a.page(retrait.vers()).await;
    assert_eq!(page.compte(".portail-piece"), 0);
    assert_eq!(a.lire(&chemins::piece(id, piece)).await.statut, 404);
    assert_eq!(
        a.envoyer(&chemins::piece_retirer(id, piece), &[]).await.statut,
        404,
        "once only"
    );
    let action = page.attributs(".govuk-notification-banner form", "action");
    assert_eq!(action, [chemins::piece_retablir(id, piece)]);
    let retour = a.enregistrer(&action[0], &[]).await;
    let page = a.page(retour.vers()).await;
    assert_eq!(page.texte(".portail-piece a"), "devis.pdf");
    assert_eq!(a.page(&chemins::piece(id, piece)).await.corps, PDF);
    assert_eq!(
        a.page(&chemins::journal(id)).await.textes(".portail-journal h2"),
        ["Pièce rétablie", "Pièce retirée", "Pièce envoyée", "Dossier ouvert"]
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_pieces_of_a_deposited_dossier_stay(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Déposé", 1).await;
    let page = a.page(&chemins::pieces(id)).await;
    let lien = page.attributs(".portail-piece a", "href").remove(0);
    deposer(&a, id).await;
    let page = a.page(&chemins::pieces(id)).await;
    assert_eq!((page.compte(".portail-piece"), page.compte("main form")), (3, 0));
    assert_eq!(a.envoyer(&format!("{lien}/retirer"), &[]).await.statut, 409);
    assert_eq!(portail.nombre(PIECES).await, 3);
}

/// A portal killed between the bytes and the row leaves bytes that nothing names; the next start removes
/// them, once no upload can still be going on.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn bytes_without_a_piece_are_swept_a_day_later_and_only_those(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Pièces").await;
    let piece = envoyer_devis(&a, id, "devis.pdf").await;
    let retiree = envoyer_devis(&a, id, "ancien.pdf").await;
    a.enregistrer(&chemins::piece_retirer(id, retiree), &[]).await;
    let orphelin = portail.pieces.join(format!("dossiers/{id}/{}", Uuid::from_u128(1)));
    // Of a dossier that this database does not have: another portal's, not ours to judge.
    let ailleurs = portail.pieces.join(format!("dossiers/{}/x", Uuid::from_u128(2)));
    std::fs::create_dir_all(ailleurs.parent().unwrap()).unwrap();
    std::fs::write(&orphelin, PDF).unwrap();
    std::fs::write(&ailleurs, PDF).unwrap();
    let fichiers = LocalFileSystem::new_with_prefix(&portail.pieces).unwrap();
    let maintenant = Horloge::systeme().maintenant();
    assert_eq!(balayer(&fichiers, &portail.pool, maintenant).await.unwrap(), 0);
    let demain = maintenant + TimeDelta::hours(25);
    assert_eq!(balayer(&fichiers, &portail.pool, demain).await.unwrap(), 1);
    assert!(!orphelin.exists() && ailleurs.exists());
    assert_eq!(a.page(&chemins::piece(id, piece)).await.corps, PDF);
    a.enregistrer(&chemins::piece_retablir(id, retiree), &[]).await;
    assert_eq!(a.page(&chemins::piece(id, retiree)).await.corps, PDF);
}
