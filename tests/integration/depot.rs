//! The deposit: who, when, with what; and the evidence it leaves.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::domain::texte::hexadecimal;
use portail_grappes::porteur::depot::ATTESTATION;
use portail_grappes::web::chemins;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::portail::dossier::{attestation, emprunter, ouvrir, pret, reponses, tenter_le_depot as deposer};
use crate::portail::registre::{ehpad, ehpads};
use crate::portail::{Portail, Qui};

/// Rank, hash, hash of the one before, content.
type DepotLu = (i32, Vec<u8>, Option<Vec<u8>>, String);

const DEPOTS: &str = "select count(*) from depot";

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn without_the_attestation_nothing_is_deposited(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    for champs in [vec![], vec![("attestation", "")], vec![("attestation", "on")]] {
        let refus = a.envoyer(&chemins::depot(id), &champs).await;
        assert_eq!(refus.statut, 422);
        assert_eq!(
            refus.attributs(".govuk-error-summary__list a", "href"),
            ["#attestation"]
        );
        assert_eq!(refus.texte(".portail-dossier .govuk-tag"), "Brouillon, non déposé");
    }
    assert_eq!(portail.nombre(DEPOTS).await, 0);
    assert_eq!(a.lire(&chemins::accuse(id)).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_incomplete_dossier_is_refused_with_every_blocking_constat(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Vide").await;
    let page = a.page(&chemins::depot(id)).await;
    assert_eq!(
        page.compte("input[name=attestation]"),
        0,
        "nothing to tick while something blocks"
    );
    let refus = deposer(&a, id).await;
    assert_eq!(refus.statut, 422);
    let erreurs = refus.erreurs();
    for code in ["ELI-G01", "REC-01", "REC-05"] {
        assert!(
            erreurs.iter().any(|e| e.starts_with(&format!("{code} : "))),
            "{code} : {erreurs:?}"
        );
    }
    // One answer taken away from a dossier that was ready is enough.
    let pret = pret(&a, "Presque", 1).await;
    let champs = [("objectifs", ""), ("organisation", "Un comité"), ("version", "1")];
    a.enregistrer(&chemins::etape(pret, Etape::Motivations), &champs).await;
    let refus = deposer(&a, pret).await;
    assert_eq!(refus.statut, 422);
    assert!(
        refus.erreurs().iter().any(|e| e.starts_with("REC-05 : ")),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(portail.nombre(DEPOTS).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_a_signatory_of_the_porteur_deposits(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    for (qui, statut) in [
        (Qui::LectureA, 403),
        (Qui::EditionA, 403),
        (Qui::DepotB, 404),
        (Qui::ArsIdf, 404),
        (Qui::Administration, 404),
    ] {
        let navigateur = portail.connecte(qui).await;
        assert_eq!(deposer(&navigateur, id).await.statut, statut, "{qui:?}");
    }
    let edition = portail.connecte(Qui::EditionA).await.page(&chemins::depot(id)).await;
    assert_eq!(edition.compte("input[name=attestation]"), 0);
    assert_eq!(portail.nombre(DEPOTS).await, 0);
    assert_eq!(deposer(&a, id).await.statut, 303);
}

/// Paris decides, to the second: 22:59:59 UTC the day before is still the eve in winter.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_first_window_opens_at_midnight_in_paris(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-02-18T23:59:59+01:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    let refus = deposer(&a, id).await;
    assert_eq!(refus.statut, 422);
    let erreurs = refus.erreurs();
    assert_eq!(erreurs.len(), 1, "{erreurs:?}");
    assert!(
        erreurs[0].starts_with("REC-08 : ") && erreurs[0].contains("19 février 2024"),
        "{erreurs:?}"
    );
    portail.avancer(TimeDelta::seconds(1));
    assert_eq!(deposer(&a, id).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_last_window_closes_at_the_end_of_its_last_second(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-09-15T23:59:59+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let (a_temps, trop_tard) = (pret(&a, "À temps", 1).await, pret(&a, "Trop tard", 17).await);
    assert_eq!(deposer(&a, a_temps).await.statut, 303);
    portail.avancer(TimeDelta::seconds(1));
    let refus = deposer(&a, trop_tard).await;
    assert_eq!(refus.statut, 422);
    assert!(refus.erreurs()[0].starts_with("REC-08 : "), "{:?}", refus.erreurs());
    assert_eq!(portail.nombre(DEPOTS).await, 1);
    let tableau = a.page(chemins::PORTEUR).await;
    assert!(
        tableau
            .textes(".portail-carte")
            .iter()
            .any(|c| c.contains("clos depuis le")),
        "the draft says it is too late"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_was_deposited_is_frozen_hashed_and_journaled(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    let depot = deposer(&a, id).await;
    assert_eq!((depot.statut, depot.vers()), (303, chemins::accuse(id).as_str()));

    let (contenu, sha256, precedent, rang): (String, Vec<u8>, Option<Vec<u8>>, i32) =
        sqlx::query_as("select contenu, sha256, precedent, rang from depot where dossier_id = $1")
            .bind(id)
            .fetch_one(&portail.pool)
            .await
            .unwrap();
    assert_eq!(sha256, Sha256::digest(contenu.as_bytes()).to_vec());
    assert_eq!((precedent, rang), (None, 1));
    let fige: serde_json::Value = serde_json::from_str(&contenu).unwrap();
    assert_eq!(fige["nom"], "Prêt");
    assert_eq!(fige["depose_le"], "2024-05-01T08:00:00Z");
    assert_eq!(fige["depose_par"], "OG A dépôt (essai)");
    assert_eq!(fige["attestation"], ATTESTATION);
    assert_eq!(fige["precedent"], serde_json::Value::Null);
    let essms: Vec<&str> = fige["essms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e[0].as_str().unwrap())
        .collect();
    assert_eq!(essms, ehpads(1..=16));
    assert_eq!(fige["etapes"].as_array().unwrap().len(), 8);
    assert_eq!(fige["pieces"].as_array().unwrap().len(), 3);
    assert_eq!(
        fige["pieces"][0]["sha256"],
        hexadecimal(&Sha256::digest(crate::portail::navigateur::PDF))
    );
    let evaluation: serde_json::Value = sqlx::query_scalar("select evaluation from depot")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    assert_eq!(fige["evaluation"], evaluation);
    assert!(!contenu.contains("mot_de_passe"));

    let accuse = a.page(&chemins::accuse(id)).await;
    assert_eq!(accuse.texte(".portail-empreinte code"), hexadecimal(&sha256));
    assert_eq!(accuse.texte(".portail-dossier .govuk-tag"), "Déposé");
    let empreintes: Vec<String> = sqlx::query_scalar("select encode(sha256, 'hex') from piece order by depose_le")
        .fetch_all(&portail.pool)
        .await
        .unwrap();
    assert_eq!(accuse.textes("#pieces-deposees td:last-child"), empreintes);
    for adresse in [chemins::dossier(id), chemins::PORTEUR.to_owned()] {
        let lien = format!("main a[href='{}']", chemins::accuse(id));
        assert_eq!(a.page(&adresse).await.compte(&lien), 1, "{adresse}");
    }
    assert!(
        accuse
            .texte(".portail-papier")
            .starts_with("État au 01/05/2024 à 10 h 00, dossier IDF2024-")
    );
    assert!(
        accuse
            .textes(".govuk-summary-list__value")
            .contains(&"01/05/2024 à 10:00:00 (heure de Paris)".to_owned())
    );
    let journal = a.page(&chemins::journal(id)).await;
    assert_eq!(journal.textes(".portail-journal h2")[0], "Dossier déposé");
    assert!(journal.textes(".portail-journal p")[0].starts_with("OG A dépôt (essai), le 01/05/2024"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_second_deposit_is_refused_and_every_page_says_it_is_deposited(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    deposer(&a, id).await;
    let encore = deposer(&a, id).await;
    assert_eq!((encore.statut, encore.vers()), (303, chemins::accuse(id).as_str()));
    assert_eq!(portail.nombre(DEPOTS).await, 1);
    let mut pages = vec![
        chemins::dossier(id),
        chemins::grappe(id),
        chemins::constats(id),
        chemins::depot(id),
        chemins::journal(id),
    ];
    pages.extend(Etape::TOUTES.iter().map(|e| chemins::etape(id, *e)));
    for adresse in pages {
        let page = a.page(&adresse).await;
        assert_eq!(page.texte(".portail-dossier .govuk-tag"), "Déposé", "{adresse}");
        let ecritures = page.attributs("main form[method=post]", "action");
        assert!(ecritures.is_empty(), "{adresse} : {ecritures:?}");
    }
}

/// What is signed is what was read: a colleague's change in between is read first.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_changed_since_the_page_was_read_is_read_again_before_it_is_signed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, collegue) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = pret(&a, "Prêt", 1).await;
    let lue = attestation(&a, id).await;
    let mut champs = reponses(Etape::Motivations, "");
    champs.retain(|(nom, _)| nom != "objectifs");
    champs.extend([("objectifs", "Autre chose"), ("version", "1")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    collegue
        .enregistrer(&chemins::etape(id, Etape::Motivations), &emprunter(&champs))
        .await;
    let refus = a.envoyer(&chemins::depot(id), &emprunter(&lue)).await;
    assert_eq!(refus.statut, 409);
    assert!(
        refus.erreurs()[0].starts_with("Le dossier a changé depuis que vous avez ouvert cette page"),
        "{:?}",
        refus.erreurs()
    );
    assert!(refus.tout().contains("Autre chose"), "the page shows what is there now");
    assert_eq!(refus.compte("input[name=attestation][checked]"), 0);
    let sans_l_avoir_lue = a.envoyer(&chemins::depot(id), &[("attestation", "oui")]).await;
    assert_eq!(sans_l_avoir_lue.statut, 409);
    assert_eq!(portail.nombre(DEPOTS).await, 0);
    let relue = [
        ("attestation", "oui"),
        ("empreinte", &refus.valeur("input[name=empreinte]")),
    ];
    assert_eq!(a.envoyer(&chemins::depot(id), &relue).await.statut, 303);
}

/// A later deposit carries the hash of the one before, within what is hashed.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_reopened_chains_to_the_one_before(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    deposer(&a, id).await;
    sqlx::query("update dossier set etat = 'brouillon'")
        .execute(&portail.pool)
        .await
        .unwrap();
    portail.avancer(TimeDelta::hours(1));
    assert_eq!(deposer(&a, id).await.statut, 303);
    let lignes: Vec<DepotLu> = sqlx::query_as("select rang, sha256, precedent, contenu from depot order by rang")
        .fetch_all(&portail.pool)
        .await
        .unwrap();
    assert_eq!(lignes.iter().map(|l| l.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(lignes[1].2.as_ref(), Some(&lignes[0].1));
    let fige: serde_json::Value = serde_json::from_str(&lignes[1].3).unwrap();
    assert_eq!(fige["precedent"], hexadecimal(&lignes[0].1));
    assert_eq!(lignes[1].1, Sha256::digest(lignes[1].3.as_bytes()).to_vec());
}

/// ESSMS that a colleague's dossier took since the page was drawn leave the count, which is then too low.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_deposit_is_judged_again_at_the_instant_it_arrives(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Prêt", 1).await;
    assert_eq!(a.page(&chemins::depot(id)).await.compte("input[name=attestation]"), 1);
    let collegue = portail.connecte(Qui::EditionA).await;
    let autre = ouvrir(&collegue, "Autre").await;
    crate::portail::dossier::coller(&collegue, autre, &[ehpad(3), ehpad(4)]).await;
    let refus = deposer(&a, id).await;
    assert_eq!(refus.statut, 422, "fourteen are left, below fifteen");
    assert!(
        refus.erreurs().iter().any(|e| e.starts_with("ELI-G01 : ")),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(portail.nombre(DEPOTS).await, 0);
}
