//! The gallery of components and the error pages.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use portail_grappes::web::erreur::{Erreur, PageErreur};
use portail_grappes::web::exemples::saisie_refusee;
use portail_grappes::web::formulaire::Saisie;
use portail_grappes::web::galerie::Galerie;
use portail_grappes::web::page::{Habillage, Page, Ressources};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use super::{CSP, jouer};

/// One fault of each kind: a harness that does not see them fails.
const FAUTIVE: &str = r#"<!DOCTYPE html><html lang="fr"><head><title>Fautive</title><link rel="stylesheet" href="/absente.css"></head>
<body><main><h1>Fautive</h1><p style="color: red">Style</p><table width="2000"><tr><td>Large</td></tr></table><img src="data:,"></main></body></html>"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_components_are_accessible_with_and_without_javascript() {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/dist");
    let ressources = match Ressources::charger(&dossier) {
        Ok(ressources) => Arc::new(ressources),
        Err(erreur) => panic!("{erreur}"),
    };
    let galerie = |saisie: fn() -> Saisie| {
        let ressources = Arc::clone(&ressources);
        get(move || async move { Page(StatusCode::OK, Galerie::exemple(ressources, saisie())) })
    };
    let routes = Router::new()
        .route("/galerie", galerie(Saisie::vide))
        .route("/galerie-refusee", galerie(saisie_refusee))
        .route(
            "/erreur",
            get({
                let ressources = Arc::clone(&ressources);
                move || async move {
                    let habillage = Habillage::nouveau(ressources, "");
                    PageErreur::nouvelle(
                        habillage,
                        Erreur::Interne {
                            reference: "01J9-4K7".into(),
                        },
                    )
                }
            }),
        )
        .route("/fautive", get(|| async { Html(FAUTIVE) }))
        .nest_service(
            "/static",
            ServeDir::new(&dossier).precompressed_br().precompressed_gzip(),
        )
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CSP),
        ));
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let adresse = ecoute.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(ecoute, routes).await });
    jouer("galerie.mjs", adresse, &[]).await;
}
