//! My name, my sessions.

use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::{Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn i_see_my_sessions_and_close_the_one_i_do_not_know(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ici = portail.connecte(Qui::DepotA).await;
    let ailleurs = portail.connecte(Qui::DepotA).await;
    let voisin = portail.connecte(Qui::DepotB).await;
    let page = ici.page(chemins::COMPTE_SESSIONS).await;
    assert_eq!(page.compte("#sessions tbody tr"), 2);
    assert_eq!(page.compte("#sessions .govuk-tag"), 1);
    let autre = page.valeur("#sessions button[name=session]");
    // Another account cannot close it.
    voisin
        .enregistrer(chemins::COMPTE_SESSIONS, &[("session", &autre)])
        .await;
    assert_eq!(ailleurs.lire(chemins::COMPTE).await.statut, 200);
    for _ in 0..2 {
        ici.enregistrer(chemins::COMPTE_SESSIONS, &[("session", &autre)]).await;
    }
    assert_eq!(ailleurs.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
    assert_eq!(ici.page(chemins::COMPTE_SESSIONS).await.compte("#sessions tbody tr"), 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn i_close_all_the_others_at_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ici = portail.connecte(Qui::DepotA).await;
    let (un, deux) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotA).await);
    let voisin = portail.connecte(Qui::DepotB).await;
    let fait = ici
        .enregistrer(chemins::COMPTE_SESSIONS, &[("session", "autres")])
        .await;
    assert!(
        ici.page(fait.vers())
            .await
            .tout()
            .contains("Les autres sessions sont fermées.")
    );
    for ferme in [un, deux] {
        assert_eq!(ferme.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
    }
    for ouvert in [ici, voisin] {
        assert_eq!(ouvert.lire(chemins::COMPTE).await.statut, 200);
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn i_change_my_name(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::LectureA).await;
    let long = "x".repeat(121);
    for faux in ["", "  ", &long] {
        let refus = a.envoyer(chemins::COMPTE, &[("nom", faux)]).await;
        assert_eq!((refus.statut, refus.champ("nom")), (422, vec![faux.to_owned()]));
    }
    a.enregistrer(chemins::COMPTE, &[("nom", " Camille  Nouveau ")]).await;
    assert_eq!(
        a.page(chemins::COMPTE).await.texte(".portail-compte a"),
        "Camille Nouveau"
    );
}
