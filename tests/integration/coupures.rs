//! A request dropped in its middle: a browser that goes elsewhere, a delay that ends.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use portail_grappes::domain::compte::Perimetre;
use portail_grappes::store::acces;
use sqlx::postgres::PgPoolOptions;
use sqlx::{PgPool, Row};

use crate::portail::registre::og_a;

/// Polls a future this many times, then drops it. Whether it had ended.
async fn couper<F: Future>(futur: F, reprises: usize) -> bool {
    let mut futur = pin!(futur);
    let mut restantes = reprises;
    poll_fn(|cx| {
        if futur.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        restantes -= 1;
        if restantes == 0 {
            Poll::Ready(false)
        } else {
            Poll::Pending
        }
    })
    .await
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_transaction_left_while_it_begins_leaves_nothing_to_the_next_request(pool: PgPool) {
    let perimetre = Perimetre {
        og: Some(og_a()),
        regions: Vec::new(),
    };
    let une_connexion = PgPoolOptions::new()
        .max_connections(1)
        .connect_with((*pool.connect_options()).clone())
        .await
        .unwrap();
    for reprises in 1.. {
        let fini = couper(acces::commencer(&une_connexion, &perimetre), reprises).await;
        // The only connection: what the next request gets.
        let ligne = sqlx::raw_sql("select now() = statement_timestamp(), current_user = session_user")
            .fetch_one(&une_connexion)
            .await
            .unwrap();
        let (libre, lui_meme): (bool, bool) = (ligne.get(0), ligne.get(1));
        assert!(libre, "inside the transaction of another, left after {reprises} polls");
        assert!(lui_meme, "under the role of another, left after {reprises} polls");
        if fini {
            break;
        }
    }
}
