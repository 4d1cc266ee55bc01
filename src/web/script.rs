//! What the page's own script is answered, where a form would be answered with a page: JSON.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::erreur::Erreur;

/// Whether the page's script sent the request: it accepts JSON, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParScript(pub bool);

impl ParScript {
    /// As the headers of a request tell.
    pub fn de(entetes: &HeaderMap) -> Self {
        let accepte = entetes.get(header::ACCEPT).map(axum::http::HeaderValue::as_bytes);
        Self(accepte == Some(b"application/json"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ParScript {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::de(&parts.headers))
    }
}

/// JSON under this status, that no cache keeps.
pub fn json(statut: StatusCode, valeur: &impl serde::Serialize) -> Response {
    let entetes = [(header::CACHE_CONTROL, "no-store")];
    (statut, entetes, axum::Json(valeur)).into_response()
}

/// A form that came when its session had ended: sent again as a page would, it is kept while one logs in.
pub fn session_finie() -> Response {
    json(StatusCode::UNAUTHORIZED, &serde_json::json!({ "etat": "session" }))
}

/// What a page of error would say.
pub fn refus(erreur: &Erreur) -> Response {
    let message = format!("{}. {}", erreur.titre(), erreur.paragraphes().join(" "));
    let corps = serde_json::json!({ "etat": "refus", "message": message.trim() });
    json(erreur.statut(), &corps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_follows_a_form_is_no_script() {
        let accepte = |valeur: &str| {
            let entetes = HeaderMap::from_iter([(header::ACCEPT, valeur.parse().unwrap())]);
            ParScript::de(&entetes).0
        };
        assert!(accepte("application/json"));
        assert!(!accepte("text/html,application/json;q=0.9,*/*;q=0.8"));
        assert_eq!(ParScript::de(&HeaderMap::new()), ParScript(false));
    }
}
