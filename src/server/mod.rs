//! The HTTP server: layers in order, listeners, graceful stop. It knows no page.
//!
//! From the outermost layer to the handler:
//! 1. reference of the request, its one log line and its measures ([`canonique`]);
//! 2. security headers: outside of what follows, so that error pages carry them too ([`entetes`]);
//! 3. error pages: an error without a page of its own receives one ([`erreurs`]);
//! 4. panic catcher;
//! 5. time and size allowed ([`limites`]);
//! 6. cross-site requests refused by `Origin` and `Sec-Fetch-Site`, a second barrier beside the form's token; not for the API,
//!    which knows nobody and keeps nothing;
//! 7. compression of pages; static files are already compressed ([`statiques`]).

pub mod canonique;
pub mod entetes;
pub mod erreurs;
pub mod limites;
pub mod metriques;
pub mod statiques;

use std::{any::Any, future::Future, net::SocketAddr};

use anyhow::Context;
use axum::{
    Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    serve::ListenerExt,
};
use sqlx::PgPool;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time::timeout,
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer,
    limit::RequestBodyLimitLayer,
};

pub use self::erreurs::PageErreur;
use crate::{
    config::Config,
    web::{chemins, requete::Cause},
};

/// Serves `router` until `arret`, then lets requests in flight finish within the configured delay.
///
/// # Errors
/// When an address cannot be listened to.
pub async fn servir(
    config: &Config,
    router: Router,
    page_erreur: PageErreur,
    pool: &PgPool,
    arret: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let adresse = config.http.adresse;
    let ecoute = TcpListener::bind(adresse).await.with_context(|| {
        format!("impossible d’écouter sur {adresse} (autre adresse\u{a0}: PORTAIL_ADRESSE=127.0.0.1:8081)")
    })?;
    let mesures = metriques::ecouter(config, pool).await?;
    let locale = ecoute.local_addr().context("adresse d’écoute")?;
    tracing::info!(http.adresse = %locale, http.cookies_surs = config.cookies_surs(), "le portail écoute sur http://{locale}");

    // Nagle's algorithm holds back the end of each response: 44 ms instead of 1.8 ms on a small file.
    let ecoute = ecoute.tap_io(|connexion| {
        if let Err(erreur) = connexion.set_nodelay(true) {
            tracing::debug!(cause = %erreur, "TCP_NODELAY refusé");
        }
    });
    let service = habiller(config, router, page_erreur).into_make_service_with_connect_info::<SocketAddr>();
    let (demande, demandee) = oneshot::channel();
    let serveur = axum::serve(ecoute, service).with_graceful_shutdown(async move {
        arret.await;
        tracing::info!("arrêt demandé\u{a0}: les requêtes en cours se terminent");
        // The receiver lives as long as the server.
        let _ = demande.send(());
    });
    let delai = config.http.delai_arret;
    tokio::select! {
        fin = serveur.into_future() => fin.context("serveur HTTP")?,
        () = expiration(demandee, delai) => tracing::warn!("des requêtes en cours sont interrompues"),
    }
    mesures.abort();
    Ok(())
}

/// Ends when the stop was asked for and either the delay has passed or it is asked for again.
async fn expiration(demandee: oneshot::Receiver<()>, delai: std::time::Duration) {
    match demandee.await {
        Ok(()) => drop(timeout(delai, signal_arret()).await),
        Err(_) => std::future::pending().await,
    }
}

/// Puts the layers around a router, in the order this module states, and adds the static files.
pub fn habiller(config: &Config, router: Router, page_erreur: PageErreur) -> Router {
    let limites = limites::Limites::de(&config.http);
    let compression = CompressionLayer::new().quality(CompressionLevel::Precise(4));
    let couches = ServiceBuilder::new()
        .layer(from_fn(canonique::journaliser))
        .layer(from_fn_with_state(config.cookies_surs(), entetes::securiser))
        .layer(from_fn_with_state(page_erreur, erreurs::presenter))
        .layer(CatchPanicLayer::custom(panique))
        .layer(from_fn_with_state(limites, limites::limiter))
        .layer(CsrfLayer::new().with_insecure_bypass(|_, adresse| chemins::dans_l_api(adresse.path())));
    router
        .layer(compression)
        .nest_service(statiques::PREFIXE, statiques::service(&config.http.statiques))
        .layer(RequestBodyLimitLayer::new(config.http.taille_envoi))
        .layer(couches)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that the layer calls")]
fn panique(panique: Box<dyn Any + Send + 'static>) -> Response {
    let texte = panique.downcast_ref::<String>().map(String::as_str);
    let texte = texte
        .or_else(|| panique.downcast_ref::<&str>().copied())
        .unwrap_or("sans message");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        Cause(format!("panique : {texte}")),
        (),
    )
        .into_response()
}

/// Resolves when the process is asked to stop: `SIGTERM` from a supervisor, `SIGINT` from a terminal.
pub async fn signal_arret() {
    let attendre = async |sorte| match signal(sorte) {
        Ok(mut signaux) => drop(signaux.recv().await),
        Err(erreur) => {
            tracing::error!(cause = %erreur, "signal d’arrêt indisponible");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = attendre(SignalKind::terminate()) => {}
        () = attendre(SignalKind::interrupt()) => {}
    }
}
