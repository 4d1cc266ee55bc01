//! Passwords forgotten and changed.

use chrono::TimeDelta;
use portail_grappes::web::chemins;
use portail_grappes::web::etat::Depart;
use sqlx::PgPool;

use super::{SOLIDE, dernier_lien, objets};
use crate::portail::{MAINTENANT, MOT_DE_PASSE, Portail, Qui};

const NOUVEAU: [(&str, &str); 1] = [("nouveau_mot_de_passe", SOLIDE)];

async fn oublier(portail: &Portail, courriel: &str) -> (u16, String) {
    let reponse = portail
        .anonyme()
        .envoyer_nu(chemins::OUBLI, &[("courriel", courriel)])
        .await;
    (reponse.statut, reponse.vers().to_owned())
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_sets_a_new_password_once_and_closes_every_session(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ouverte = portail.connecte(Qui::DepotA).await;
    oublier(&portail, &Qui::DepotA.courriel()).await;
    let lien = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    assert!(anonyme.page(&lien).await.tout().contains(&Qui::DepotA.courriel()));
    let faible = anonyme
        .envoyer_nu(&lien, &[("nouveau_mot_de_passe", "motdepasse1234")])
        .await;
    assert_eq!(faible.statut, 422);
    assert_eq!(
        anonyme.envoyer_nu(&lien, &NOUVEAU).await.texte("h1"),
        "Votre mot de passe est changé"
    );
    assert_eq!(anonyme.envoyer_nu(&lien, &NOUVEAU).await.statut, 404);
    assert_eq!(ouverte.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
    let mut navigateur = portail.anonyme();
    assert_eq!(
        navigateur
            .se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE)
            .await
            .statut,
        422
    );
    assert_eq!(
        navigateur.se_connecter(&Qui::DepotA.courriel(), SOLIDE).await.statut,
        303
    );
    assert_eq!(objets(&portail).await, ["mot_de_passe_oublie", "mot_de_passe_change"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_unknown_address_is_answered_alike(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let connue = oublier(&portail, &Qui::DepotA.courriel()).await;
    let inconnue = oublier(&portail, "personne@exemple.fr").await;
    assert_eq!(connue, inconnue);
    assert_eq!(objets(&portail).await, ["mot_de_passe_oublie"]);
    let refus = portail
        .anonyme()
        .envoyer_nu(chemins::OUBLI, &[("courriel", "abc")])
        .await;
    assert_eq!((refus.statut, refus.champ("courriel")), (422, vec!["abc".to_owned()]));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_dies_after_an_hour_or_when_another_replaces_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    oublier(&portail, &Qui::DepotA.courriel()).await;
    let premier = dernier_lien(&portail).await;
    oublier(&portail, &Qui::DepotA.courriel()).await;
    let second = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    assert_eq!(anonyme.envoyer_nu(&premier, &NOUVEAU).await.statut, 404);
    portail.avancer(TimeDelta::hours(1));
    assert_eq!(anonyme.lire(&second).await.statut, 404);
    assert_eq!(anonyme.envoyer_nu(&second, &NOUVEAU).await.statut, 404);
    portail.connecte(Qui::DepotA).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_used_twice_at_once_works_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    oublier(&portail, &Qui::DepotA.courriel()).await;
    let lien = dernier_lien(&portail).await;
    let anonyme = portail.anonyme();
    let (un, deux) = tokio::join!(anonyme.envoyer_nu(&lien, &NOUVEAU), anonyme.envoyer_nu(&lien, &NOUVEAU));
    let mut statuts = [un.statut, deux.statut];
    statuts.sort_unstable();
    assert_eq!(statuts, [200, 404]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn changing_it_asks_for_the_current_one_and_closes_the_other_sessions(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ici = portail.connecte(Qui::DepotA).await;
    let ailleurs = portail.connecte(Qui::DepotA).await;
    let faux = [("mot_de_passe", "faux"), ("nouveau_mot_de_passe", SOLIDE)];
    let refus = ici.envoyer(chemins::COMPTE_MOT_DE_PASSE, &faux).await;
    assert_eq!(refus.statut, 422);
    assert_eq!(
        refus.attributs(".govuk-error-summary__list a", "href"),
        ["#mot_de_passe"]
    );
    let juste = [("mot_de_passe", MOT_DE_PASSE), ("nouveau_mot_de_passe", SOLIDE)];
    assert_eq!(
        ici.enregistrer(chemins::COMPTE_MOT_DE_PASSE, &juste).await.vers_page(),
        chemins::COMPTE
    );
    assert_eq!(ici.lire(chemins::COMPTE).await.statut, 200);
    assert_eq!(ailleurs.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
    assert_eq!(objets(&portail).await, ["mot_de_passe_change"]);
    for _ in 0..5 {
        ici.envoyer(chemins::COMPTE_MOT_DE_PASSE, &faux).await;
    }
    assert_eq!(ici.envoyer(chemins::COMPTE_MOT_DE_PASSE, &faux).await.statut, 429);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_demonstration_shows_its_links_in_its_mailbox(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    oublier(&portail, &Qui::DepotA.courriel()).await;
    let lien = dernier_lien(&portail).await;
    let id = sqlx::query_scalar("select id from courriel")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let page = portail.anonyme().page(&chemins::boite_courriel(id)).await;
    assert!(page.tout().contains(&lien), "{}", page.tout());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_address_receives_ten_links_a_day_at_most(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let demander = async || {
        let champs = [("courriel", Qui::DepotA.courriel())];
        let champs = champs.each_ref().map(|(nom, valeur)| (*nom, valeur.as_str()));
        anonyme.envoyer_nu(chemins::OUBLI, &champs).await
    };
    for attendus in [3, 3, 3, 1, 0] {
        for _ in 0..attendus {
            assert_eq!(demander().await.statut, 303);
        }
        assert_eq!(demander().await.statut, 429);
        portail.avancer(TimeDelta::minutes(15));
    }
    // The first of them is an hour and a quarter old: a day less that remains.
    let refus = demander().await;
    assert_eq!(refus.champ("courriel"), [Qui::DepotA.courriel()]);
    let dit = "10 liens demandés pour cette adresse de courriel en 24 heures, c’est le maximum : gardez cette page ouverte, \
               et renvoyez-la dans 23 heures";
    assert_eq!(refus.erreurs(), [dit]);
    assert_eq!(refus.entete("retry-after"), (23 * 3600 - 15 * 60).to_string());
    portail.avancer(TimeDelta::days(1));
    assert_eq!(demander().await.statut, 303);
}
