//! How many SQL statements a list page issues: as many for ten dossiers as for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use portail_grappes::web::chemins;
use sqlx::PgPool;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::{Navigateur, Portail, Qui};

/// Counts the statements that sqlx logs. The server runs on the test's own thread: the count is its own.
#[derive(Clone, Default)]
struct Compteur(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Compteur {
    fn on_event(&self, evenement: &Event<'_>, _: Context<'_, S>) {
        if evenement.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn requetes(navigateur: &Navigateur, adresse: &str) -> usize {
    // The first time, each connection prepares what it had not yet.
    navigateur.page(adresse).await;
    let compteur = Compteur::default();
    let _garde = tracing::subscriber::set_default(tracing_subscriber::registry().with(compteur.clone()));
    navigateur.page(adresse).await;
    compteur.0.load(Ordering::Relaxed)
}

/// Nine more dossiers like those of this state.
async fn multiplier(pool: &PgPool, etat: &str) {
    sqlx::query(
        "with copie as (
            insert into dossier
            select gen_random_uuid(), reference || n, nom || n, edition, edition_version, region, porteur, etat, fictif,
                cree_le, modifie_le
            from dossier, generate_series(1, 9) n where etat = $1 returning id)
         insert into depot select gen_random_uuid(), c.id, p.rang, p.depose_le, p.depose_par, p.edition, p.edition_version,
            p.contenu, p.evaluation, p.sha256, p.precedent from copie c, depot p where $1 = 'depose'",
    )
    .bind(etat)
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn ten_dossiers_cost_as_many_statements_as_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let ars = portail.connecte(Qui::ArsIdf).await;
    let id = pret(&a, "Déposé", 1).await;
    deposer(&a, id).await;
    ouvrir(&a, "Brouillon").await;
    let un = (
        requetes(&a, chemins::PORTEUR).await,
        requetes(&ars, chemins::INSTRUCTION).await,
    );
    multiplier(&portail.pool, "depose").await;
    multiplier(&portail.pool, "brouillon").await;
    let dix = (
        requetes(&a, chemins::PORTEUR).await,
        requetes(&ars, chemins::INSTRUCTION).await,
    );
    assert_eq!(a.page(chemins::PORTEUR).await.compte(".portail-carte"), 20);
    assert_eq!(ars.page(chemins::INSTRUCTION).await.compte("#dossiers tbody tr"), 10);
    assert_eq!(un, dix);
    assert!((3..=10).contains(&un.0) && (3..=10).contains(&un.1), "{un:?}");
}

/// Statements that a remedy takes.
const REMEDE: usize = 5;

/// A grappe is judged with a fixed number of statements, whatever its size.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn sixteen_essms_cost_as_many_statements_as_one(pool: PgPool) {
    use crate::portail::dossier::coller;
    use crate::portail::registre::ehpads;
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Grandit").await;
    coller(&a, id, &ehpads(1..=1)).await;
    let pages = [
        chemins::dossier(id),
        chemins::grappe(id),
        chemins::essms(id),
        chemins::constats(id),
        chemins::depot(id),
    ];
    let mut avant = Vec::new();
    for page in &pages {
        avant.push(requetes(&a, page).await);
    }
    coller(&a, id, &ehpads(2..=16)).await;
    for (page, avant) in pages.iter().zip(avant) {
        assert!((5..=20).contains(&avant), "{page} : {avant}");
        // Too small a grappe also has the registry searched for what would mend it.
        let remede = if *page == chemins::grappe(id) { REMEDE } else { 0 };
        assert_eq!(requetes(&a, page).await, avant - remede, "{page}");
    }
}
