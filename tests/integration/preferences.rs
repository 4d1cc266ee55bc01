//! How often a person wants mails: at once, in a daily digest, never; and the link that stops them.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::puits::Puits;
use crate::portail::{ADRESSE_PUBLIQUE, Navigateur, Portail, Qui, instant};

const COURRIELS: &str = "select count(*) from courriel";

/// A colleague writes this beside a step of a draft of A.
async fn ecrire(portail: &Portail, a: &Navigateur, textes: &[&str]) {
    let collegue = portail.connecte(Qui::EditionA).await;
    let echanges = chemins::echanges(ouvrir(a, "Grappe").await, Etape::Motivations);
    // Those who take part in a conversation are told what comes next.
    a.enregistrer(&echanges, &[("texte", "Pour commencer")]).await;
    for texte in textes {
        collegue.enregistrer(&echanges, &[("texte", texte)]).await;
    }
}

async fn choisir(navigateur: &Navigateur, echeances: &str, activite: &str) {
    let champs = [("echeances", echeances), ("activite", activite), ("echanges", activite)];
    navigateur.enregistrer(chemins::COMPTE_COURRIELS, &champs).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn choices_are_shown_saved_and_refused_when_they_make_no_sense(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let page = a.page(chemins::COMPTE_COURRIELS).await;
    assert_eq!(
        (page.champ("echeances"), page.champ("activite")),
        (vec!["immediat".into()], vec!["immediat".into()])
    );
    choisir(&a, "quotidien", "jamais").await;
    let page = a.page(&format!("{}?enregistre=oui", chemins::COMPTE_COURRIELS)).await;
    assert_eq!(
        (page.champ("echeances"), page.champ("activite")),
        (vec!["quotidien".into()], vec!["jamais".into()])
    );
    assert_eq!(
        page.texte(".govuk-notification-banner__heading"),
        "Vos choix sont enregistrés."
    );
    let refus = a
        .envoyer(
            chemins::COMPTE_COURRIELS,
            &[
                ("echeances", "souvent"),
                ("activite", "immediat"),
                ("echanges", "jamais"),
            ],
        )
        .await;
    assert_eq!(refus.statut, 422);
    assert_eq!(refus.erreurs().len(), 1);
    assert_eq!(refus.champ("activite"), ["immediat"]);
    // Nothing of a refused form is saved, and another's choices are his own.
    assert_eq!(a.page(chemins::COMPTE_COURRIELS).await.champ("activite"), ["jamais"]);
    let voisin = portail
        .connecte(Qui::DepotB)
        .await
        .page(chemins::COMPTE_COURRIELS)
        .await;
    assert_eq!(voisin.champ("echeances"), ["immediat"]);
    let sans_jeton = a
        .envoyer_nu(
            chemins::COMPTE_COURRIELS,
            &[("echeances", "jamais"), ("activite", "jamais"), ("echanges", "jamais")],
        )
        .await;
    assert_eq!(sans_jeton.statut, 403);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_digest_gathers_what_waited_and_is_silent_when_nothing_did(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    choisir(&a, "quotidien", "quotidien").await;
    let mut puits = Puits::ouvrir().await;
    let ouvrier = portail.ouvrier(&puits.url);
    ouvrier.planifier().await.unwrap();
    ecrire(&portail, &a, &["Premier mot", "Second mot"]).await;
    ouvrier.epuiser().await.unwrap();
    let page = a.page(chemins::COMPTE_COURRIELS).await;
    assert_eq!(page.textes("#recus .govuk-tag"), ["Attend le résumé quotidien"; 2]);
    portail.avancer(instant("2024-05-02T06:59:59+02:00") - portail.horloge.maintenant());
    ouvrier.epuiser().await.unwrap();
    assert_eq!(portail.nombre("select count(*) from tentative").await, 0);
    portail.avancer(TimeDelta::seconds(1));
    ouvrier.epuiser().await.unwrap();
    let resume = puits.courriel().await;
    assert_eq!(resume["sujet"], "Résumé quotidien\u{a0}: 2 nouvelles");
    for version in ["texte", "html"] {
        let contenu = resume[version].as_str().unwrap();
        for attendu in ["Premier mot", "Second mot", ADRESSE_PUBLIQUE] {
            assert!(contenu.contains(attendu), "{version} : {contenu}");
        }
    }
    let page = portail
        .connecte(Qui::DepotA)
        .await
        .page(chemins::COMPTE_COURRIELS)
        .await;
    assert_eq!(
        page.textes("#recus .govuk-tag"),
        ["Envoyé", "Envoyé dans un résumé", "Envoyé dans un résumé"]
    );
    portail.avancer(TimeDelta::days(1));
    ouvrier.epuiser().await.unwrap();
    assert_eq!(puits.fermer().await.len(), 0, "nothing waited");
    assert_eq!(portail.nombre(COURRIELS).await, 3);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_never_wanted_is_not_written_nor_left_in_the_digest(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    choisir(&a, "immediat", "quotidien").await;
    ecrire(&portail, &a, &["Un mot"]).await;
    assert_eq!(portail.nombre(COURRIELS).await, 1);
    choisir(&a, "immediat", "jamais").await;
    assert_eq!(portail.nombre(COURRIELS).await, 0);
    ecrire(&portail, &a, &["Un autre"]).await;
    assert_eq!(portail.nombre(COURRIELS).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_proof_of_deposit_leaves_at_once_whatever_was_chosen(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    choisir(&a, "jamais", "jamais").await;
    deposer(&a, pret(&a, "Grappe", 1).await).await;
    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let accuse = puits.courriel().await;
    assert_eq!(accuse["jointes"][0]["type"], "application/pdf", "{accuse}");
    assert!(accuse["entetes"]["list-unsubscribe"].is_null());
    assert_eq!(puits.fermer().await.len(), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn comments_are_silenced_without_silencing_the_grappe(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let champs = [
        ("echeances", "immediat"),
        ("activite", "immediat"),
        ("echanges", "jamais"),
    ];
    a.enregistrer(chemins::COMPTE_COURRIELS, &champs).await;
    ecrire(&portail, &a, &["Un mot"]).await;
    assert_eq!(portail.nombre(COURRIELS).await, 0);
    let page = a.page(chemins::COMPTE_COURRIELS).await;
    assert_eq!(page.champ("activite"), ["immediat"]);
    assert_eq!(page.champ("echanges"), ["jamais"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_stops_mails_of_its_kind_without_logging_in(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    ecrire(&portail, &a, &["Un mot"]).await;
    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let recu = puits.courriel().await;
    assert_eq!(recu["entetes"]["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    let entete = recu["entetes"]["list-unsubscribe"].as_str().unwrap().to_owned();
    let lien = entete
        .trim_matches(['<', '>'])
        .strip_prefix(ADRESSE_PUBLIQUE)
        .unwrap()
        .to_owned();

    // Reading the link changes nothing.
    let anonyme = portail.anonyme();
    let page = anonyme.page(&lien).await;
    assert_eq!(page.textes("main li"), ["Commentaires et tâches de mes collègues"]);
    assert!(!page.tout().contains(&Qui::DepotA.courriel()));
    assert_eq!(a.page(chemins::COMPTE_COURRIELS).await.champ("echanges"), ["immediat"]);
    // As mail services post by themselves (RFC 8058).
    let fait = anonyme.envoyer_nu(&lien, &[("List-Unsubscribe", "One-Click")]).await;
    assert_eq!((fait.statut, fait.texte("h1").as_str()), (200, "C’est noté"));
    let choix = a.page(chemins::COMPTE_COURRIELS).await;
    assert_eq!(
        (choix.champ("echanges"), choix.champ("activite")),
        (vec!["jamais".into()], vec!["immediat".into()])
    );
    // Twice is once.
    assert_eq!(anonyme.envoyer_nu(&lien, &[]).await.statut, 200);
    for faux in ["00000000-0000-0000-0000-000000000000", "rien"] {
        let faux = format!("/courriels/desabonnement/{faux}");
        assert_eq!(anonyme.lire(&faux).await.statut, 404);
        assert_eq!(anonyme.envoyer_nu(&faux, &[]).await.statut, 404);
    }
}

/// Who has left reads no more of what its former OG does, but that it was removed.
async fn partir(pool: PgPool, rythme: &str) {
    let portail = Portail::ouvrir(pool).await;
    let (a, parti) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    choisir(&parti, "immediat", rythme).await;
    let id = ouvrir(&a, "Grappe").await;
    let echanges = chemins::echanges(id, Etape::Motivations);
    for qui in [&parti, &a] {
        qui.enregistrer(&echanges, &[("texte", "Entre nous")]).await;
    }
    let courriel = Qui::EditionA.courriel();
    let compte: uuid::Uuid =
        sqlx::query_scalar("select c.id from compte c join courriel m on m.compte_id = c.id where c.courriel = $1")
            .bind(&courriel)
            .fetch_one(&portail.pool)
            .await
            .unwrap();
    a.enregistrer(&chemins::retrait(compte), &[]).await;
    let puits = Puits::ouvrir().await;
    let ouvrier = portail.ouvrier(&puits.url);
    ouvrier.planifier().await.unwrap();
    ouvrier.epuiser().await.unwrap();
    portail.avancer(TimeDelta::days(1));
    ouvrier.epuiser().await.unwrap();
    let recus = puits.fermer().await;
    assert_eq!(recus.len(), 1, "{recus:?}");
    assert_eq!(recus[0]["pour"][0], courriel.as_str());
    assert!(!recus[0]["texte"].as_str().unwrap().contains("Entre nous"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_digest_of_who_was_removed_is_not_sent(pool: PgPool) {
    partir(pool, "quotidien").await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_had_not_left_yet_is_not_sent_to_who_was_removed(pool: PgPool) {
    partir(pool, "immediat").await;
}
