//! Imports of the registry through the page: followed to their end, refused whole, changing nothing then.

use std::time::{Duration, Instant};

use portail_grappes::store::envoi_import;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::navigateur::Fichier;
use crate::portail::{Navigateur, Portail, Qui, Reponse};
use crate::registre::{ej, et, extrait};

/// Everything an import may change, in one number.
const REGISTRE: &str = "select md5(string_agg(t, '' order by t)) from
    (select e::text from essms e union all select o::text from organisme o union all select i::text from import_finess i) as tout (t)";

fn csv<'a>(nom: &'a str, octets: &'a [u8]) -> Fichier<'a> {
    Fichier {
        champ: "fichiers",
        nom,
        type_annonce: "text/csv",
        octets,
    }
}

fn nouveaux() -> Vec<u8> {
    extrait(
        "2024-04-15",
        &[
            ej("75777777", "Association Delta"),
            et("75030001", "75777777", "EHPAD Platane", "75020 PARIS", "75", "500"),
            et("75030002", "75777777", "SSIAD Platane", "75020 PARIS", "75", "354"),
        ],
    )
}

/// Looks at the page of an import, as it refreshes itself, until the import is over.
async fn suivre(navigateur: &Navigateur, adresse: &str) -> Reponse {
    let limite = Instant::now() + Duration::from_secs(30);
    loop {
        let page = navigateur.page(adresse).await;
        if page.texte("h1") != "Import en cours" {
            assert_eq!(page.entete("refresh"), "", "a page that is done stays");
            return page;
        }
        assert_eq!(page.entete("refresh"), "2");
        assert!(Instant::now() < limite, "the import never ends");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_extract_is_imported_followed_and_reported(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let fichier = nouveaux();
    let champs = [("fermetures", "aucune")];
    let envoi = admin
        .joindre(chemins::IMPORTS, &champs, csv("etalab.csv", &fichier))
        .await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let page = suivre(&admin, envoi.vers()).await;
    assert_eq!(page.texte("h1"), "Import terminé");
    let cellules = page.textes("#rapport tbody td, #rapport tbody th");
    assert_eq!(cellules[1..6], ["15/04/2024", "3", "3", "0", "0"], "{cellules:?}");
    assert_eq!(cellules.last().unwrap(), "administration@exemple.fr");
    // What was imported is found, by who searches and by who composes.
    let accompagnement = portail.connecte(Qui::Accompagnement).await;
    let trouves = accompagnement.page("/accompagnement?q=platane").await;
    assert_eq!(trouves.compte("main tbody tr"), 2);
    assert!(trouves.textes("main td").contains(&"Association Delta".to_owned()));
    // Nothing that the extract does not hold was closed.
    assert_eq!(
        portail.nombre("select count(*) from essms where etat = 'ferme'").await,
        2
    );
    let imports = admin.page(chemins::IMPORTS).await;
    assert_eq!(imports.compte("#imports tbody tr"), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_broken_file_is_refused_and_nothing_changed_even_by_the_good_one_beside_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let avant = portail.texte(REGISTRE).await;
    let bon = nouveaux();
    let mut tronque = bon.clone();
    tronque.truncate(20);
    for octets in [
        b"ceci n'est pas un extrait".to_vec(),
        vec![0xff; 5_000],
        b"PK\x03\x04".to_vec(),
        tronque,
    ] {
        let envoi = admin
            .joindre(chemins::IMPORTS, &[("fermetures", "toutes")], csv("faux.csv", &octets))
            .await;
        let page = suivre(&admin, envoi.vers()).await;
        assert_eq!(page.texte("h1"), "Import refusé");
        assert!(!page.texte(".govuk-warning-text__text").is_empty());
        assert_eq!(portail.texte(REGISTRE).await, avant);
        // The page says it again, to whoever comes back to it.
        assert_eq!(admin.page(envoi.vers()).await.texte("h1"), "Import refusé");
    }
    let part = |octets: &[u8]| reqwest::multipart::Part::bytes(octets.to_vec()).file_name("f.csv");
    let formulaire = reqwest::multipart::Form::new()
        .text("csrf", admin.jeton.clone())
        .text("fermetures", "aucune")
        .part("fichiers", part(&bon))
        .part("fichiers", part(b"pas un extrait"));
    let envoi = admin.joindre_nu(chemins::IMPORTS, formulaire).await;
    assert_eq!(suivre(&admin, envoi.vers()).await.texte("h1"), "Import refusé");
    assert_eq!(portail.texte(REGISTRE).await, avant);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_import_needs_a_file_and_a_choice(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let avant = portail.texte(REGISTRE).await;
    for (champs, octets, attendus) in [
        (vec![("fermetures", "prudentes")], b"".to_vec(), vec!["#fichiers"]),
        (vec![], nouveaux(), vec!["#fermetures"]),
        (
            vec![("fermetures", "parfois")],
            b"".to_vec(),
            vec!["#fichiers", "#fermetures"],
        ),
    ] {
        let refus = admin.joindre(chemins::IMPORTS, &champs, csv("f.csv", &octets)).await;
        assert_eq!(refus.statut, 422);
        assert_eq!(refus.attributs(".govuk-error-summary__list a", "href"), attendus);
    }
    assert_eq!(portail.texte(REGISTRE).await, avant);
}

/// A file that would close most of the registry is refused, unless the administrator says it is meant.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn closings_follow_the_choice_that_was_made(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let ouverts = "select count(*) from essms where etat = 'ouvert'";
    let fichier = nouveaux();
    let envoi = admin
        .joindre(chemins::IMPORTS, &[("fermetures", "toutes")], csv("f.csv", &fichier))
        .await;
    assert_eq!(suivre(&admin, envoi.vers()).await.texte("h1"), "Import terminé");
    assert_eq!(portail.nombre(ouverts).await, 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_else_imports_nor_follows(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let fichier = nouveaux();
    let envoi = admin
        .joindre(chemins::IMPORTS, &[("fermetures", "aucune")], csv("f.csv", &fichier))
        .await;
    suivre(&admin, envoi.vers()).await;
    let avant = portail.texte(REGISTRE).await;
    for qui in [Qui::DepotA, Qui::ArsIdf, Qui::Accompagnement] {
        let autre = portail.connecte(qui).await;
        let refus = autre
            .joindre(chemins::IMPORTS, &[("fermetures", "toutes")], csv("f.csv", &fichier))
            .await;
        assert_eq!(refus.statut, 404, "{qui:?}");
        assert_eq!(autre.lire(envoi.vers()).await.statut, 404, "{qui:?}");
    }
    assert_eq!(portail.texte(REGISTRE).await, avant);
}

/// The history holds what was refused, with its reason, its real name and its rejected lines.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_refused_import_is_in_the_history_with_its_rejected_lines(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let mauvaises = extrait("2024-04-15", &["equipement;1;2".to_owned(), "structureet;x".to_owned()]);
    let nom = "Répertoire d’avril.csv";
    let envoi = admin
        .joindre(chemins::IMPORTS, &[("fermetures", "aucune")], csv(nom, &mauvaises))
        .await;
    let page = suivre(&admin, envoi.vers()).await;
    assert_eq!(page.texte("h1"), "Import refusé");
    assert_eq!(page.compte("#rejets tbody tr"), 2);
    let historique = admin.page(chemins::IMPORTS).await;
    let premiere = historique.textes("#imports tbody tr:first-child td, #imports tbody tr:first-child th");
    assert_eq!(premiere[0], nom);
    assert_eq!(premiere[2], "administration@exemple.fr");
    assert!(
        premiere[3].starts_with("Refusé") && premiere[3].contains("aucune ligne exploitable"),
        "{premiere:?}"
    );
    let lien = page.attributs("main a[download]", "href").remove(0);
    let fichier = admin.page(&lien).await;
    assert_eq!(fichier.entete("content-type"), "text/csv; charset=utf-8");
    let texte = String::from_utf8(fichier.corps).unwrap();
    let lignes: Vec<&str> = texte.lines().collect();
    assert_eq!(lignes.len(), 3, "{texte}");
    assert!(
        lignes[1].starts_with(&format!("\"{nom}\";\"2\";\"type d’enregistrement inconnu")),
        "{texte}"
    );
}

/// A portal killed during an import: the attempt is nobody's, and the page says so.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_attempt_that_nobody_leads_any_more_is_shown_as_interrupted(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let admin = portail.connecte(Qui::Administration).await;
    let id = Uuid::from_u128(7);
    sqlx::query(
        "insert into import_envoi (id, par, fichiers, commence_le, fichier, lus, octets, octets_total)
         values ($1, 'essai', '{etalab.csv}', now() - interval '1 minute', 'etalab.csv', 12, 340, 900)",
    )
    .bind(id)
    .execute(&portail.pool)
    .await
    .unwrap();
    let mut tx = portail.pool.begin().await.unwrap();
    envoi_import::tenir(&mut tx, id).await.unwrap();
    let page = admin.page(&chemins::import(id)).await;
    assert_eq!(page.texte("h1"), "Import en cours");
    assert_eq!(page.attributs("progress", "value"), ["340"]);
    assert_eq!(page.entete("refresh"), "2");
    tx.rollback().await.unwrap();
    let page = admin.page(&chemins::import(id)).await;
    assert_eq!(
        (page.texte("h1").as_str(), page.entete("refresh")),
        ("Import interrompu", "")
    );
    assert!(
        admin
            .page(chemins::IMPORTS)
            .await
            .textes("#imports td")
            .contains(&"Interrompu".to_owned())
    );
}
