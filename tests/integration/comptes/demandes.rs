//! Requests for an account: who decides, what the person learns.

use chrono::TimeDelta;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use super::{SOLIDE, demande_de, inscrire, objets, og_c};
use crate::portail::registre::{og_a, og_b};
use crate::portail::{Portail, Qui};

const NOE: &str = "noe@exemple.fr";
const APPROUVER: [(&str, &str); 2] = [("decision", "approuver"), ("role", "depot")];

/// The accompagnement of the tests works in Île-de-France, where the OG C does not: it is moved there.
async fn rapprocher(portail: &Portail) {
    sqlx::query("update essms set departement = '75' where organisme = $1")
        .bind(og_c())
        .execute(&portail.pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_first_account_of_an_og_is_let_in_by_the_accompagnement_of_its_region(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_c(), NOE).await;
    let demande = demande_de(&portail, NOE).await;
    let sesan = portail.connecte(Qui::Accompagnement).await;
    assert_eq!(
        sesan.page(chemins::DEMANDES).await.compte("#demandes"),
        0,
        "another région’s"
    );
    assert_eq!(sesan.lire(&demande).await.statut, 404);
    assert_eq!(sesan.envoyer(&demande, &APPROUVER).await.statut, 404);

    rapprocher(&portail).await;
    assert!(
        sesan
            .page(chemins::ACCOMPAGNEMENT)
            .await
            .tout()
            .contains("1 demande de compte")
    );
    assert_eq!(sesan.page(chemins::DEMANDES).await.compte("#demandes tbody tr"), 1);
    let page = sesan.page(&demande).await;
    assert_eq!(page.champ("role"), ["depot"], "the first account signs");
    let fait = sesan.enregistrer(&demande, &APPROUVER).await;
    assert_eq!(fait.vers_page(), chemins::DEMANDES);
    assert_eq!(sesan.page(fait.vers()).await.compte("#demandes"), 0);
    assert_eq!(objets(&portail).await, ["confirmation", "demande_acceptee"]);
    let mut noe = portail.anonyme();
    assert_eq!(noe.se_connecter(NOE, SOLIDE).await.vers(), chemins::PORTEUR);
    assert!(
        noe.page(chemins::JOURNAL_COMPTES)
            .await
            .tout()
            .contains("A ouvert le compte de Noé Traboule")
    );
    assert_eq!(noe.lire(chemins::ATTENTE).await.vers(), chemins::PORTEUR);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn where_somebody_signs_the_signatories_decide_and_nobody_else(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_a().to_string(), NOE).await;
    let demande = demande_de(&portail, NOE).await;
    assert_eq!(objets(&portail).await, ["confirmation", "demande_recue"]);
    for (qui, statut) in [
        (Qui::Accompagnement, 404),
        (Qui::DepotB, 404),
        (Qui::ArsIdf, 404),
        (Qui::Administration, 404),
        (Qui::EditionA, 403),
        (Qui::LectureA, 403),
    ] {
        let autre = portail.connecte(qui).await;
        assert_eq!(autre.lire(&demande).await.statut, statut, "{qui:?}");
        assert_eq!(autre.envoyer(&demande, &APPROUVER).await.statut, statut, "{qui:?}");
    }
    let a = portail.connecte(Qui::DepotA).await;
    let lien = a.page(chemins::ORGANISME).await.attributs("#membres a", "href");
    assert!(lien.contains(&demande));
    let fait = a
        .enregistrer(&demande, &[("decision", "approuver"), ("role", "lecture")])
        .await;
    assert_eq!(fait.vers_page(), chemins::ORGANISME);
    assert_eq!(
        portail
            .texte("select role_og from compte where courriel = 'noe@exemple.fr'")
            .await,
        "lecture"
    );
    assert_eq!(a.envoyer(&demande, &APPROUVER).await.statut, 404, "decided once");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_refusal_says_why_to_the_person_who_may_ask_again_elsewhere(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_a().to_string(), NOE).await;
    let demande = demande_de(&portail, NOE).await;
    let a = portail.connecte(Qui::DepotA).await;
    for (champs, champ) in [
        (vec![], "#decision"),
        (vec![("decision", "refuser")], "#motif"),
        (vec![("decision", "approuver"), ("role", "chef")], "#role"),
    ] {
        let refus = a.envoyer(&demande, &champs).await;
        assert_eq!(refus.statut, 422);
        assert_eq!(refus.attributs(".govuk-error-summary__list a", "href"), [champ]);
    }
    let long = "x".repeat(1001);
    let refus = a.envoyer(&demande, &[("decision", "refuser"), ("motif", &long)]).await;
    assert_eq!(refus.champ("motif")[0].trim(), long, "what was typed is kept");
    a.enregistrer(
        &demande,
        &[("decision", "refuser"), ("motif", "Inconnu de nos services")],
    )
    .await;
    let motif =
        portail.texte("select evenement ->> 'motif' from courriel where evenement ->> 'objet' = 'demande_refusee'");
    assert_eq!(motif.await, "Inconnu de nos services");
    let mut noe = portail.anonyme();
    assert_eq!(noe.se_connecter(NOE, SOLIDE).await.statut, 422);
    // The same address signs up again, for another OG: an account of its own, nothing of the former one.
    inscrire(&portail, &og_b().to_string(), NOE).await;
    assert_eq!(
        portail
            .texte("select og from compte where courriel = 'noe@exemple.fr' and etat <> 'retire'")
            .await,
        og_b().to_string()
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_answers_at_once_make_one_decision(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_a().to_string(), NOE).await;
    let demande = demande_de(&portail, NOE).await;
    let a = portail.connecte(Qui::DepotA).await;
    let refus = [("decision", "refuser"), ("motif", "non")];
    let (un, deux) = tokio::join!(a.envoyer(&demande, &APPROUVER), a.envoyer(&demande, &refus));
    let reussis = [&un, &deux].iter().filter(|r| r.statut == 303).count();
    assert_eq!(reussis, 1, "{} {}", un.resume(), deux.resume());
    assert_eq!(portail.nombre("select count(*) from journal_compte").await, 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_accompagnement_of_the_region_is_told_of_the_first_request(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    rapprocher(&portail).await;
    inscrire(&portail, &og_c(), NOE).await;
    assert_eq!(objets(&portail).await, ["confirmation", "demande_recue"]);
    let destinataire = portail
        .texte("select c.courriel from courriel m join compte c on c.id = m.compte_id where m.evenement ->> 'objet' = 'demande_recue'")
        .await;
    assert_eq!(destinataire, Qui::Accompagnement.courriel());
}

/// The only signatory may have left: the accompagnement takes over what nobody answers.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_request_that_signatories_leave_unanswered_comes_to_the_accompagnement(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_a().to_string(), NOE).await;
    let demande = demande_de(&portail, NOE).await;
    portail.avancer(TimeDelta::days(7) - TimeDelta::seconds(1));
    let sesan = portail.connecte(Qui::Accompagnement).await;
    assert_eq!(sesan.page(chemins::DEMANDES).await.compte("#demandes"), 0);
    assert_eq!(sesan.envoyer(&demande, &APPROUVER).await.statut, 404);
    portail.avancer(TimeDelta::seconds(1));
    assert_eq!(sesan.page(chemins::DEMANDES).await.compte("#demandes tbody tr"), 1);
    sesan.enregistrer(&demande, &APPROUVER).await;
    let mut noe = portail.anonyme();
    assert_eq!(noe.se_connecter(NOE, SOLIDE).await.vers(), chemins::PORTEUR);
}
