//! The database the portal lives on: a given server, or its private PostgreSQL.

use std::{
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::Context;
use secrecy::ExposeSecret;
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    config,
    postgres::{PostgresPrive, Reglages},
    store::MIGRATIONS,
};

/// A connection unused for that long is closed.
const REPOS: Duration = Duration::from_mins(10);
/// A connection unused for that long is tried before it serves: the server may have left meanwhile. One used
/// more recently was tried when it came back, and trying it again would be one more exchange per request.
const SANS_NOUVELLES: Duration = Duration::from_secs(1);

/// A database that starts with the portal, or moves to another machine, is there within a minute.
const PATIENCE: Duration = Duration::from_mins(1);
/// Wait before the second attempt; it doubles at each.
const PREMIERE_PAUSE: Duration = Duration::from_millis(250);
/// Longest wait between two attempts.
const PAUSE_AU_PLUS: Duration = Duration::from_secs(5);

/// Where the database is, kept alive as long as this value when it is ours.
#[derive(Debug)]
pub struct Base {
    options: PgConnectOptions,
    prive: Option<PostgresPrive>,
}

impl Base {
    /// Takes the given server, else starts the private one. Call it before the asynchronous runtime starts.
    ///
    /// # Errors
    /// When the address cannot be read (it is not repeated: it may hold a password), or PostgreSQL does not start.
    pub fn ouvrir(config: &config::Base) -> anyhow::Result<Self> {
        // An empty variable is how compose files say "none".
        let url = config
            .database_url
            .as_ref()
            .filter(|url| !url.expose_secret().is_empty());
        let (options, prive) = if let Some(url) = url {
            let options = PgConnectOptions::from_str(url.expose_secret()).context("DATABASE_URL illisible")?;
            (options, None)
        } else {
            let prive = PostgresPrive::demarrer(
                &config.var.join("pg"),
                config.programmes.pg_bin.as_deref(),
                Reglages::Durables,
            )?;
            (prive.options(), Some(prive))
        };
        let options = options
            .application_name("portail")
            .log_statements(tracing::log::LevelFilter::Debug)
            .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
        Ok(Self { options, prive })
    }

    /// The pool of connections. It connects when first used.
    pub fn reservoir(&self, config: &config::Base) -> PgPool {
        let requete_ms = config.requete.as_millis().to_string();
        PgPoolOptions::new()
            .max_connections(config.connexions)
            .acquire_timeout(config.attente)
            .idle_timeout(REPOS)
            .test_before_acquire(false)
            .before_acquire(|connexion, etat| {
                Box::pin(async move {
                    if etat.idle_for >= SANS_NOUVELLES {
                        connexion.ping().await?;
                    }
                    Ok(true)
                })
            })
            // A query rather than a start-up option: pgbouncer refuses the latter.
            .after_connect(move |connexion, _| {
                let delai = sqlx::query("select set_config('statement_timeout', $1, false)").bind(requete_ms.clone());
                Box::pin(async move { delai.execute(connexion).await.map(drop) })
            })
            .connect_lazy_with(self.options.clone())
    }

    /// Stops the private server, if any. Close the pool first.
    pub fn fermer(self) {
        if let Some(prive) = self.prive {
            prive.arreter();
        }
    }
}

/// Applies the migrations that the database has not seen, one portal at a time. A database that starts
/// meanwhile is waited for.
///
/// # Errors
/// When the database is out of reach, a migration fails, or the database is newer than this portal.
pub async fn migrer(pool: &PgPool) -> anyhow::Result<()> {
    // A connection of its own: a migration may last longer than a page's query is allowed to.
    let mut connexion = connecter(pool).await.context("connexion à la base")?;
    MIGRATIONS.run(&mut connexion).await.context("migrations de la base")?;
    sqlx::Connection::close(connexion).await.context("connexion à la base")
}

/// Waits for a database that starts meanwhile.
///
/// # Errors
/// When it is out of reach.
pub async fn attendre(pool: &PgPool) -> anyhow::Result<()> {
    let connexion = connecter(pool).await.context("connexion à la base")?;
    sqlx::Connection::close(connexion).await.context("connexion à la base")
}

/// Connects, again and again as long as nobody answers or the server says that it is starting.
async fn connecter(pool: &PgPool) -> sqlx::Result<PgConnection> {
    let limite = Instant::now() + PATIENCE;
    let mut pause = PREMIERE_PAUSE;
    loop {
        match pool.connect_options().connect().await {
            Err(erreur) if est_passagere(&erreur) && Instant::now() + pause < limite => {
                tracing::warn!(cause = %erreur, pause_ms = pause.as_millis(), "la base ne répond pas encore");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_AU_PLUS);
            }
            fin => return fin,
        }
    }
}

/// Nobody there yet, or PostgreSQL's `cannot_connect_now`. A refused password is not mended by waiting.
fn est_passagere(erreur: &sqlx::Error) -> bool {
    match erreur {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(erreur) => erreur.code().as_deref() == Some("57P03"),
        _ => false,
    }
}
