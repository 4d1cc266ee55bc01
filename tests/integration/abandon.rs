//! A draft set aside: it frees its ESSMS, is written no more, and comes back as it was.

use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::{coller, deposer, ouvrir, pret};
use crate::portail::registre::{ehpad, ehpads};
use crate::portail::{Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_draft_is_abandoned_once_confirmed_and_taken_up_again_as_it_was(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "À laisser").await;
    coller(&a, id, &ehpads(1..=2)).await;
    let lien = a
        .page(&chemins::dossier(id))
        .await
        .attributs("main a[href$='/abandon']", "href");
    assert_eq!(lien, [chemins::abandon(id)]);
    let confirmation = a.page(&lien[0]).await;
    assert_eq!(confirmation.texte("h1"), "Abandonner ce brouillon ?");
    assert_eq!(
        portail.nombre("select count(abandonne_le) from dossier").await,
        0,
        "asked, not done"
    );

    a.enregistrer(&chemins::abandon(id), &[]).await;
    a.enregistrer(&chemins::abandon(id), &[]).await;
    let tableau = a.page(chemins::PORTEUR).await;
    assert_eq!(tableau.textes(".portail-carte .govuk-tag"), ["Abandonné"]);
    assert_eq!(
        tableau.attributs(".portail-carte form", "action"),
        [chemins::reprise(id)]
    );
    let lecture = portail.connecte(Qui::LectureA).await;
    let vu = lecture.page(chemins::PORTEUR).await;
    assert_eq!((vu.compte(".portail-carte"), vu.compte(".portail-carte form")), (1, 0));
    assert_eq!(lecture.envoyer(&chemins::reprise(id), &[]).await.statut, 403);

    a.enregistrer(&chemins::reprise(id), &[]).await;
    a.enregistrer(&chemins::reprise(id), &[]).await;
    let page = a.page(&chemins::grappe(id)).await;
    assert_eq!(page.compte("#composition tbody tr"), 2);
    let journal: Vec<String> = sqlx::query_scalar("select action from journal order by survenu_le, id")
        .fetch_all(&portail.pool)
        .await
        .unwrap();
    assert_eq!(
        journal[2..],
        ["Brouillon abandonné", "Brouillon repris"],
        "a second click does nothing"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_abandoned_draft_is_neither_written_nor_deposited(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "À laisser", 1).await;
    a.enregistrer(&chemins::abandon(id), &[]).await;
    for (adresse, champ, valeur) in [
        (chemins::grappe_coller(id), "numeros", ehpad(20)),
        (chemins::grappe_retirer(id), "finess", ehpad(1)),
        (chemins::essms(id), "version", "1".into()),
        (chemins::depot(id), "attestation", "oui".into()),
    ] {
        let refus = a.envoyer(&adresse, &[(champ, &valeur)]).await;
        assert_eq!(refus.statut, 409, "{adresse}");
        assert_eq!(refus.texte("h1"), "Ce brouillon est abandonné");
    }
    for adresse in [
        chemins::dossier(id),
        chemins::grappe(id),
        chemins::essms(id),
        chemins::depot(id),
    ] {
        let page = a.page(&adresse).await;
        assert_eq!(page.texte(".portail-dossier__etat .govuk-tag"), "Brouillon abandonné");
        let ecrire = page.attributs("main form[method=post]", "action");
        assert!(
            ecrire.iter().all(|action| *action == chemins::reprise(id)),
            "{ecrire:?}"
        );
    }
    assert_eq!(portail.nombre("select count(*) from depot").await, 0);
    a.enregistrer(&chemins::reprise(id), &[]).await;
    deposer(&a, id).await;
    // What is deposited is given up no more.
    assert_eq!(a.envoyer(&chemins::abandon(id), &[]).await.statut, 409);
    assert_eq!(portail.nombre("select count(abandonne_le) from dossier").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_abandoned_draft_engages_no_essms(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let (laisse, garde) = (ouvrir(&a, "Laissé").await, ouvrir(&a, "Gardé").await);
    coller(&a, laisse, &[ehpad(1)]).await;
    coller(&a, garde, &[ehpad(1)]).await;
    let engages = async || {
        let raisons = a.page(&chemins::grappe(garde)).await.textes("#composition li");
        raisons.iter().filter(|r| r.starts_with("ELI-E05")).count()
    };
    assert_eq!(engages().await, 1);
    a.enregistrer(&chemins::abandon(laisse), &[]).await;
    assert_eq!(engages().await, 0);
    a.enregistrer(&chemins::reprise(laisse), &[]).await;
    assert_eq!(engages().await, 1);
}
