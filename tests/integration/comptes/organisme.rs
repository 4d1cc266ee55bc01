//! The people of an OG: invitations, roles, removals, and the signatory who stays.

use chrono::TimeDelta;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use super::{SOLIDE, dernier_lien, objets};
use crate::portail::dossier;
use crate::portail::{MOT_DE_PASSE, Portail, Qui};

const NOE: &str = "noe@exemple.fr";
const ACCEPTER: [(&str, &str); 3] = [
    ("nom", "Noé Traboule"),
    ("nouveau_mot_de_passe", SOLIDE),
    ("conditions", "oui"),
];

async fn id_de(portail: &Portail, qui: Qui) -> Uuid {
    sqlx::query_scalar("select id from compte where courriel = $1")
        .bind(qui.courriel())
        .fetch_one(&portail.pool)
        .await
        .unwrap()
}

async fn donner(portail: &Portail, qui: Qui, role: &str) {
    sqlx::query("update compte set role_og = $2 where courriel = $1")
        .bind(qui.courriel())
        .bind(role)
        .execute(&portail.pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_invited_colleague_opens_their_account_with_the_role_given(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    a.enregistrer(chemins::INVITATIONS, &[("courriel", NOE), ("role", "edition")])
        .await;
    assert_eq!(a.page(chemins::ORGANISME).await.compte("#invitations tbody tr"), 1);
    let lien = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    assert!(anonyme.page(&lien).await.tout().contains("Association Alpha"));
    let refus = anonyme.envoyer_nu(&lien, &[("nom", "Noé")]).await;
    assert_eq!((refus.statut, refus.champ("nom")), (422, vec!["Noé".to_owned()]));
    assert_eq!(
        anonyme.envoyer_nu(&lien, &ACCEPTER).await.texte("h1"),
        "Votre compte est ouvert"
    );
    assert_eq!(anonyme.envoyer_nu(&lien, &ACCEPTER).await.statut, 404, "once");
    let mut noe = portail.anonyme();
    assert_eq!(noe.se_connecter(NOE, SOLIDE).await.vers(), chemins::PORTEUR);
    assert_eq!(noe.lire(chemins::NOUVEAU).await.statut, 200);
    assert_eq!(noe.lire(chemins::JOURNAL_COMPTES).await.statut, 403);
    let journal = a.page(chemins::JOURNAL_COMPTES).await.tout();
    for dit in [
        "A invité noe@exemple.fr, rôle Édition",
        "A accepté l’invitation de OG A dépôt",
    ] {
        assert!(journal.contains(dit), "{journal}");
    }
    let b = portail.connecte(Qui::DepotB).await;
    assert!(
        !b.page(chemins::JOURNAL_COMPTES).await.tout().contains("noe@"),
        "another tenant’s journal"
    );
    assert!(!b.page(chemins::ORGANISME).await.tout().contains("noe@"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_invitation_is_sent_again_cancelled_or_too_old(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    a.enregistrer(chemins::INVITATIONS, &[("courriel", NOE), ("role", "edition")])
        .await;
    let premier = dernier_lien(&portail).await;
    let id = sqlx::query_scalar("select id from invitation")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let adresse = chemins::invitation(id);
    a.enregistrer(&adresse, &[("action", "renvoyer")]).await;
    let second = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    assert_eq!(
        anonyme.lire(&premier).await.statut,
        404,
        "the former link no longer works"
    );
    assert_eq!(anonyme.lire(&second).await.statut, 200);
    portail.avancer(TimeDelta::days(7));
    assert_eq!(anonyme.envoyer_nu(&second, &ACCEPTER).await.statut, 404);
    let a = portail.connecte(Qui::DepotA).await;
    assert!(a.page(chemins::ORGANISME).await.tout().contains("Expirée"));
    a.enregistrer(&adresse, &[("action", "renvoyer")]).await;
    let troisieme = dernier_lien(&portail).await;
    let b = portail.connecte(Qui::DepotB).await;
    assert_eq!(
        b.envoyer(&adresse, &[("action", "annuler")]).await.statut,
        404,
        "another tenant"
    );
    a.enregistrer(&adresse, &[("action", "annuler")]).await;
    assert_eq!(anonyme.envoyer_nu(&troisieme, &ACCEPTER).await.statut, 404);
    assert_eq!(a.envoyer(&adresse, &[("action", "annuler")]).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_address_that_has_an_account_is_told_so_clearly(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let deja = [
        ("courriel", &*Qui::EditionA.courriel().to_uppercase()),
        ("role", "lecture"),
    ]
    .map(|(n, v)| (n, v.to_owned()));
    let deja: Vec<(&str, &str)> = deja.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let refus = a.envoyer(chemins::INVITATIONS, &deja).await;
    assert_eq!(refus.statut, 422);
    assert!(refus.erreurs()[0].contains("a déjà un compte de votre organisme"));
    assert_eq!(refus.champ("courriel"), [Qui::EditionA.courriel().to_uppercase()]);
    assert_eq!(refus.champ("role"), ["lecture"]);
    // That an address is another OG's is told to its holder, not to who invites.
    let ailleurs = Qui::DepotB.courriel();
    a.enregistrer(chemins::INVITATIONS, &[("courriel", &ailleurs), ("role", "lecture")])
        .await;
    let lien = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    assert!(anonyme.page(&lien).await.tout().contains("n’est pas de cet organisme"));
    assert_eq!(anonyme.envoyer_nu(&lien, &ACCEPTER).await.statut, 409);
    portail.connecte(Qui::DepotB).await;
    assert_eq!(
        anonyme.lire(&lien).await.statut,
        200,
        "the link still works once the account is removed"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_signatories_manage_and_only_their_own(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let lecture = chemins::membre(id_de(&portail, Qui::LectureA).await);
    let retrait = chemins::retrait(id_de(&portail, Qui::LectureA).await);
    for (qui, statut) in [
        (Qui::LectureA, 403),
        (Qui::EditionA, 403),
        (Qui::DepotB, 404),
        (Qui::ArsIdf, 404),
        (Qui::Accompagnement, 404),
    ] {
        let navigateur = portail.connecte(qui).await;
        assert_eq!(navigateur.lire(&lecture).await.statut, statut, "{qui:?}");
        assert_eq!(
            navigateur.envoyer(&lecture, &[("role", "depot")]).await.statut,
            statut,
            "{qui:?}"
        );
        assert_eq!(navigateur.envoyer(&retrait, &[]).await.statut, statut, "{qui:?}");
    }
    assert_eq!(objets(&portail).await, [""; 0]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_change_of_role_is_written_to_the_person_and_closes_their_sessions(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let lecteur = portail.connecte(Qui::LectureA).await;
    let membre = chemins::membre(id_de(&portail, Qui::LectureA).await);
    assert_eq!(a.page(&membre).await.champ("role"), ["lecture"]);
    assert_eq!(a.envoyer(&membre, &[("role", "chef")]).await.statut, 422);
    a.enregistrer(&membre, &[("role", "lecture")]).await;
    assert_eq!(
        lecteur.lire(chemins::PORTEUR).await.statut,
        200,
        "the same role changes nothing"
    );
    a.enregistrer(&membre, &[("role", "edition")]).await;
    assert_eq!(lecteur.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
    let lecteur = portail.connecte(Qui::LectureA).await;
    assert_eq!(lecteur.lire(chemins::NOUVEAU).await.statut, 200);
    assert_eq!(objets(&portail).await, ["role_change"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_person_removed_is_out_at_once_and_what_they_did_keeps_their_name(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let redacteur = portail.connecte(Qui::EditionA).await;
    let id = dossier::ouvrir(&redacteur, "Grappe").await;
    let a = portail.connecte(Qui::DepotA).await;
    let retrait = chemins::retrait(id_de(&portail, Qui::EditionA).await);
    assert!(a.page(&retrait).await.texte("h1").contains("Retirer le compte de"));
    a.enregistrer(&retrait, &[]).await;
    assert_eq!(redacteur.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
    let mut navigateur = portail.anonyme();
    assert_eq!(
        navigateur
            .se_connecter(&Qui::EditionA.courriel(), MOT_DE_PASSE)
            .await
            .statut,
        422
    );
    assert_eq!(a.envoyer(&retrait, &[]).await.statut, 404);
    let journal = a.page(&chemins::journal(id)).await.tout();
    assert!(journal.contains("OG A édition (essai)"), "{journal}");
    // No link of before opens it either.
    portail
        .anonyme()
        .envoyer_nu(chemins::OUBLI, &[("courriel", &Qui::EditionA.courriel())])
        .await;
    assert_eq!(objets(&portail).await, ["retrait"]);
    // They may be invited again.
    a.enregistrer(
        chemins::INVITATIONS,
        &[("courriel", &Qui::EditionA.courriel()), ("role", "lecture")],
    )
    .await;
    let lien = dernier_lien(&portail).await;
    assert_eq!(portail.anonyme().envoyer_nu(&lien, &ACCEPTER).await.statut, 200);
    assert_eq!(
        navigateur.se_connecter(&Qui::EditionA.courriel(), SOLIDE).await.statut,
        303
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_address_receives_three_invitations_then_the_form_waits_as_it_was_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let champs = [("courriel", NOE), ("role", "edition")];
    for _ in 0..3 {
        a.enregistrer(chemins::INVITATIONS, &champs).await;
    }
    let refus = a.envoyer(chemins::INVITATIONS, &champs).await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "900"));
    assert!(refus.erreurs()[0].starts_with("3 invitations"), "{:?}", refus.erreurs());
    assert_eq!(
        (refus.champ("courriel"), refus.champ("role")),
        (vec![NOE.to_owned()], vec!["edition".to_owned()])
    );
    // Sent again from the list, there is nothing to keep: the page says how long to wait.
    let id: Uuid = sqlx::query_scalar("select id from invitation")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let refus = a.envoyer(&chemins::invitation(id), &[("action", "renvoyer")]).await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "900"));
    assert!(refus.tout().contains("Patientez 15 minutes"), "{}", refus.tout());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_last_signatory_stays(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let moi = id_de(&portail, Qui::DepotA).await;
    let refus = a.envoyer(&chemins::membre(moi), &[("role", "edition")]).await;
    assert_eq!((refus.statut, refus.champ("role")), (422, vec!["edition".to_owned()]));
    assert!(refus.erreurs()[0].contains("n’aurait plus de signataire"));
    let refus = a.envoyer(&chemins::retrait(moi), &[]).await;
    assert_eq!(refus.statut, 422);
    assert!(refus.tout().contains("n’aurait plus de signataire"));
    assert_eq!(a.lire(chemins::JOURNAL_COMPTES).await.statut, 200);
    // With another one, who stays, the first may leave.
    donner(&portail, Qui::EditionA, "depot").await;
    a.enregistrer(&chemins::retrait(moi), &[]).await;
    assert_eq!(a.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_signatories_who_demote_each_other_at_once_leave_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (Qui::DepotA, Qui::EditionA);
    for _ in 0..5 {
        donner(&portail, un, "depot").await;
        donner(&portail, deux, "depot").await;
        let (a, b) = (portail.connecte(un).await, portail.connecte(deux).await);
        let de_a = chemins::membre(id_de(&portail, un).await);
        let de_b = chemins::membre(id_de(&portail, deux).await);
        let edition = [("role", "edition")];
        let (ra, rb) = tokio::join!(a.envoyer(&de_b, &edition), b.envoyer(&de_a, &edition));
        assert!(ra.statut < 500 && rb.statut < 500, "{} {}", ra.resume(), rb.resume());
        assert_eq!(
            portail
                .nombre("select count(*) from compte where role_og = 'depot' and courriel in ('depota@exemple.fr', 'editiona@exemple.fr')")
                .await,
            1
        );
    }
}
