//! Static files, prepared and compressed by `script/habiller.mjs` under a path that holds a hash of their content.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::{Next, from_fn},
    response::Response,
};
use tower_http::services::ServeDir;

/// Where they are served.
pub const PREFIXE: &str = "/static";
/// A changed file has another path: what was read once is never asked again.
const IMMUABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Serves the folder, with the `.br` and `.gz` files that stand beside the originals.
pub fn service(dossier: &Path) -> Router {
    if !dossier.is_dir() {
        tracing::warn!(statiques.dossier = %dossier.display(), "pas de fichiers statiques\u{a0}: lancez script/server ou node script/habiller.mjs");
    }
    let fichiers = ServeDir::new(dossier)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    Router::new().fallback_service(fichiers).layer(from_fn(garder))
}

async fn garder(requete: Request, suite: Next) -> Response {
    let mut reponse = suite.run(requete).await;
    if reponse.status().is_success() || reponse.status() == axum::http::StatusCode::NOT_MODIFIED {
        reponse.headers_mut().insert(CACHE_CONTROL, IMMUABLE);
    }
    reponse
}
