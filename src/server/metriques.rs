//! Measures for Prometheus, on a listener of their own: they are not for the public.

use std::sync::OnceLock;

use anyhow::Context;
use axum::{Router, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::config::Config;

/// From a page without a query to the slowest document.
const SEUILS_SECONDES: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The recorder is the process's, whatever the number of servers in it.
static MESURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Listens where the configuration says, if it says so.
///
/// # Errors
/// When the address is taken. In a demonstration it is only said: pages matter more.
pub async fn ecouter(config: &Config, pool: &PgPool) -> anyhow::Result<JoinHandle<()>> {
    let Some(adresse) = config.http.metriques.0 else {
        return Ok(tokio::spawn(async {}));
    };
    let ecoute = match TcpListener::bind(adresse).await {
        Ok(ecoute) => ecoute,
        Err(erreur) if config.demonstration => {
            tracing::warn!(metriques.adresse = %adresse, cause = %erreur, "pas de mesures\u{a0}: adresse déjà prise");
            return Ok(tokio::spawn(async {}));
        }
        Err(erreur) => {
            let conseil =
                format!("impossible d’écouter les mesures sur {adresse} (PORTAIL_METRIQUES=non pour s’en passer)");
            return Err(erreur).context(conseil);
        }
    };
    let locale = ecoute.local_addr().context("adresse des mesures")?;
    tracing::info!(metriques.adresse = %locale, "mesures sur http://{locale}/metrics");
    let mesures = installer()?.clone();
    let pool = pool.clone();
    let routeur = Router::new().route(
        "/metrics",
        get(move || {
            let (mesures, pool) = (mesures.clone(), pool.clone());
            async move { rendre(&mesures, &pool) }
        }),
    );
    Ok(tokio::spawn(async move {
        if let Err(erreur) = axum::serve(ecoute, routeur).await {
            tracing::error!(cause = %erreur, "écoute des mesures interrompue");
        }
    }))
}

fn installer() -> anyhow::Result<&'static PrometheusHandle> {
    if let Some(mesures) = MESURES.get() {
        return Ok(mesures);
    }
    let mesures = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_secondes".to_owned()), &SEUILS_SECONDES)
        .and_then(PrometheusBuilder::install_recorder)
        .context("mesures")?;
    metrics::describe_counter!("portail_http_requetes_total", "Requêtes par méthode, route et statut");
    metrics::describe_histogram!("portail_http_duree_secondes", "Durée jusqu’à l’en-tête de réponse");
    metrics::describe_counter!(
        "portail_travaux_total",
        "Travaux (courriels, rappels, résumés) par genre et issue"
    );
    metrics::describe_gauge!("portail_base_connexions", "Connexions à la base, par état");
    metrics::gauge!("portail_version_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
    Ok(MESURES.get_or_init(|| mesures))
}

fn rendre(mesures: &PrometheusHandle, pool: &PgPool) -> impl IntoResponse + use<> {
    let libres = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    metrics::gauge!("portail_base_connexions", "etat" => "libre").set(libres);
    metrics::gauge!("portail_base_connexions", "etat" => "occupée").set(pool.size().saturating_sub(libres));
    mesures.run_upkeep();
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        mesures.render(),
    )
}
