//! The API: the simulation contract, the appels à projets and the registry, without an account. Its failures are
//! [problem details](crate::web::probleme), its quotas [`crate::web::debit`], its document [`openapi`].

pub mod aap;
pub mod documentation;
pub mod essms;
mod mots;
pub mod openapi;
pub mod simulations;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tower_http::cors::{Any, CorsLayer};

use crate::web::debit;
use crate::web::echec::Echec;
use crate::web::probleme::Probleme;

/// A failure of a handler of the API: one of its own, or one that any page may have.
#[derive(Debug)]
pub enum Refus {
    /// Its own.
    Probleme(Probleme),
    /// Any page's; it becomes a [`Probleme`] in the layer that makes pages of the others.
    Echec(Echec),
}

impl From<Probleme> for Refus {
    fn from(probleme: Probleme) -> Self {
        Self::Probleme(probleme)
    }
}

impl From<sqlx::Error> for Refus {
    fn from(erreur: sqlx::Error) -> Self {
        Self::Echec(erreur.into())
    }
}

impl IntoResponse for Refus {
    fn into_response(self) -> Response {
        match self {
            Self::Probleme(probleme) => probleme.into_response(),
            Self::Echec(echec) => echec.into_response(),
        }
    }
}

/// Pages of anybody may read the answers: nothing in them depends on who asks, and no cookie is wanted.
pub fn ouverture() -> CorsLayer {
    let montres: Vec<HeaderName> = debit::ENTETES.into_iter().chain([header::RETRY_AFTER]).collect();
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([axum::http::Method::GET, axum::http::Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .expose_headers(montres)
        .max_age(std::time::Duration::from_hours(24))
}

/// JSON that pages of other sites may embed.
fn json(octets: impl Into<axum::body::Body>) -> Response {
    let entetes = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    (entetes, octets.into()).into_response()
}

/// The same from a value.
fn json_de(valeur: &impl serde::Serialize) -> Result<Response, Refus> {
    serde_json::to_vec(valeur)
        .map(json)
        .map_err(|e| Refus::Echec(Echec::interne(e)))
}
