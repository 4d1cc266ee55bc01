//! The deposit.
use crate::portail::{Portail, Qui, dossier};
use portail_grappes::web::chemins;
use sqlx::PgPool;

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn premier(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = dossier::pret(&a, "Grappe", 1).await;
    let page = a.page(&chemins::depot(id)).await;
    println!("{:?}", page.textes("main li, main h2, main h3"));
    dossier::deposer(&a, id).await;
}
