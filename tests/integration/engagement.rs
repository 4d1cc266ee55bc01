//! An ESSMS in two dossiers (ELI-E05): said on each where it counts, without naming anyone.

use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{coller, ouvrir};
use crate::portail::registre::ehpad;
use crate::portail::{Navigateur, Portail, Qui};

/// How many ESSMS of the grappe are said to stand in another dossier.
async fn engages(navigateur: &Navigateur, dossier: Uuid) -> usize {
    let page = navigateur.page(&chemins::grappe(dossier)).await;
    let raisons = page.textes("#composition li");
    raisons.iter().filter(|r| r.starts_with("ELI-E05")).count()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_in_two_dossiers_of_its_og_is_said_on_both(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let (premier, second) = (ouvrir(&un, "Premier").await, ouvrir(&deux, "Second").await);
    coller(&un, premier, &[ehpad(1), ehpad(2)]).await;
    assert_eq!(engages(&un, premier).await, 0, "one dossier only");
    coller(&deux, second, &[ehpad(1)]).await;
    assert_eq!((engages(&un, premier).await, engages(&deux, second).await), (1, 1));
    // Taken out of one, it is free again in the other.
    deux.enregistrer(&chemins::grappe_retirer(second), &[("finess", &ehpad(1))])
        .await;
    assert_eq!(engages(&un, premier).await, 0);
}

/// Anybody can paste anybody's numbers: a stranger's draft excludes nothing from the dossier of the
/// ESSMS's own OG. A deposit does, and whose it is is never said.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_in_the_dossiers_of_two_ogs_is_said_without_naming_anyone(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let (chez_a, chez_b) = (ouvrir(&a, "Discrète de A").await, ouvrir(&b, "Discrète de B").await);
    coller(&b, chez_b, &[ehpad(1)]).await;
    assert_eq!(engages(&b, chez_b).await, 0);
    coller(&a, chez_a, &[ehpad(1), ehpad(2)]).await;
    assert_eq!((engages(&a, chez_a).await, engages(&b, chez_b).await), (0, 1));
    sqlx::query("update dossier set etat = 'depose' where id = $1")
        .bind(chez_b)
        .execute(&portail.pool)
        .await
        .unwrap();
    assert_eq!(engages(&a, chez_a).await, 1);

    for (navigateur, id, autre) in [(&a, chez_a, chez_b), (&b, chez_b, chez_a)] {
        let secrets: (String, String) = sqlx::query_as("select nom, reference from dossier where id = $1")
            .bind(autre)
            .fetch_one(&portail.pool)
            .await
            .unwrap();
        for adresse in [chemins::grappe(id), chemins::constats(id), chemins::journal(id)] {
            let tout = navigateur.page(&adresse).await.tout();
            assert!(!tout.contains(&secrets.0) && !tout.contains(&secrets.1), "{adresse}");
        }
    }
    let tout = a.page(&chemins::constats(chez_a)).await.tout();
    assert!(!tout.contains("Fondation Bêta"));
}
