//! The referential of DUI solutions.

use portail_grappes::registry::solutions::{SolutionsErreur, importer_solutions};
use portail_grappes::store::solution::{charger_solutions, lister_solutions};
use sqlx::PgPool;

const LIVREES: &str = include_str!("../../../referentiels/solutions_fictives.csv");

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_referential_is_replaced_and_what_left_it_can_still_be_cited(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let bilan = importer_solutions(&mut conn, LIVREES.as_bytes()).await.unwrap();
    assert_eq!(
        (bilan.lues, bilan.nouvelles, bilan.modifiees, bilan.retirees),
        (13, 13, 0, 0)
    );
    let bilan = importer_solutions(&mut conn, LIVREES.as_bytes()).await.unwrap();
    assert_eq!(
        (bilan.lues, bilan.nouvelles, bilan.modifiees, bilan.retirees),
        (13, 0, 0, 0)
    );

    let toutes = lister_solutions(&mut conn).await.unwrap();
    let lagune = toutes.iter().find(|s| s.nom == "Lagune (fictif)").unwrap().id;
    let (de, a) = ("fictif);2.1;PH,PDE;oui;non", "fictif);2.1;PH;oui;non");
    let restantes: Vec<&str> = LIVREES.lines().filter(|l| !l.starts_with("Lagune")).collect();
    let moins = restantes.join("\n").replace(de, a);
    let bilan = importer_solutions(&mut conn, moins.as_bytes()).await.unwrap();
    assert_eq!(
        (bilan.lues, bilan.nouvelles, bilan.modifiees, bilan.retirees),
        (12, 0, 1, 1)
    );
    assert_eq!(lister_solutions(&mut conn).await.unwrap().len(), 12);
    let citee = charger_solutions(&mut conn, &[lagune]).await.unwrap();
    assert!(citee[0].retiree_le.is_some());
    let retour = importer_solutions(&mut conn, LIVREES.as_bytes()).await.unwrap();
    assert_eq!((retour.nouvelles, retour.modifiees), (0, 2));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_faulty_file_changes_nothing(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let faux = format!("{LIVREES}X;Y;1;PA;peut-être;non;;;;;;oui\n");
    let echec = importer_solutions(&mut conn, faux.as_bytes()).await;
    let Err(SolutionsErreur::Cellules(erreurs)) = echec else {
        panic!()
    };
    assert_eq!((erreurs[0].ligne, erreurs[0].colonne), (15, "segur"));
    assert!(lister_solutions(&mut conn).await.unwrap().is_empty());
}
