//! Is the portal alive, and can it serve? For supervisors and load balancers, which need no session.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use sqlx::PgPool;

use super::requete::Cause;

/// Where `vivant` answers.
pub const VIVANT: &str = "/sante/vivant";
/// Where `pret` answers.
pub const PRET: &str = "/sante/pret";
/// A database slower than that does not let a page answer in time either.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the health pages say, in JSON.
#[derive(Serialize)]
struct Sante {
    etat: &'static str,
}

/// `/sante/vivant`: the process answers. `/sante/pret`: the database answers a real query, else 503.
pub fn routes<S: Clone + Send + Sync + 'static>(pool: PgPool) -> Router<S> {
    Router::new()
        .route(VIVANT, get(vivant))
        .route(PRET, get(pret))
        .with_state(pool)
}

async fn vivant() -> Json<Sante> {
    Json(Sante { etat: "vivant" })
}

async fn pret(State(pool): State<PgPool>) -> Response {
    let requete = sqlx::query_scalar::<_, i32>("select 1").fetch_one(&pool);
    let cause = match tokio::time::timeout(PATIENCE, requete).await {
        Ok(Ok(_)) => return Json(Sante { etat: "pret" }).into_response(),
        Ok(Err(erreur)) => erreur.to_string(),
        Err(_) => format!("pas de réponse de la base en {} s", PATIENCE.as_secs()),
    };
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Cause(cause),
        Json(Sante {
            etat: "base indisponible",
        }),
    )
        .into_response()
}
