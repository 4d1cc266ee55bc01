//! Load: saves and pages of 49-ESSMS dossiers over HTTP, beside the bare SQL transactions of the same writes.
//! `benches/charge/README.md` says how to run it and how to read the table.
#![expect(clippy::unwrap_used, reason = "a benchmark stops at what it did not expect")]
#![expect(clippy::float_arithmetic, reason = "rates and ratios, never money")]

mod client;
mod nu;
mod semis;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::serve::ListenerExt;
use clap::Parser;
use object_store::memory::InMemory;
use portail_grappes::base::Base;
use portail_grappes::clock::Horloge;
use portail_grappes::config::Config;
use portail_grappes::portail::page_erreur;
use portail_grappes::web::debit::Debits;
use portail_grappes::web::entames::Entames;
use portail_grappes::web::etat::{Courrier, Depart, Etat, Operateur, Portail};
use portail_grappes::web::page::Ressources;
use portail_grappes::{demonstration, routes, server, store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor, PgPool};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use client::Porteur;
use semis::Semis;

#[global_allocator]
static ALLOCATION: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many dossiers, and porteurs, as connections at most: no two connections write one dossier.
const DOSSIERS: usize = 64;
/// Long enough for every connection of the pool to have planned every statement for good.
const ECHAUFFEMENT: Duration = Duration::from_secs(2);
/// Database of the bench, made anew at each run.
const BASE: &str = "banc_charge";

#[derive(Parser)]
struct Arguments {
    /// Serveur PostgreSQL : une base y est créée, puis supprimée
    #[arg(long, env = "DATABASE_URL")]
    database_url: PgConnectOptions,
    /// Durée de chaque mesure, en secondes
    #[arg(long, default_value_t = 3.0)]
    secondes: f64,
    /// Passages sur toutes les mesures
    #[arg(long, default_value_t = 3)]
    tours: usize,
    /// Connexions simultanées
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64])]
    connexions: Vec<usize>,
    /// Lettres des mesures voulues ; toutes par défaut
    #[arg(long, default_value = "aebfcgd")]
    mesures: String,
    /// Passed by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// The settings of a portal that serves.
#[derive(Parser)]
struct Ligne {
    #[command(flatten)]
    config: Config,
}

/// What one connection does again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mesure {
    SauverEssms,
    NuEssms,
    SauverProjet,
    NuProjet,
    LireEssms,
    LireEssmsCompresse,
    LireTaches,
}

impl Mesure {
    const TOUTES: [(char, Self, &'static str); 7] = [
        ('a', Self::SauverEssms, "POST essms, 49 lignes"),
        ('e', Self::NuEssms, "  SQL nu des mêmes écritures"),
        ('b', Self::SauverProjet, "POST projet"),
        ('f', Self::NuProjet, "  SQL nu des mêmes écritures"),
        ('c', Self::LireEssms, "GET essms"),
        ('g', Self::LireEssmsCompresse, "GET essms, gzip et br admis"),
        ('d', Self::LireTaches, "GET liste des tâches"),
    ];

    /// The bare transaction that a save is compared with.
    fn nu(self) -> Option<Self> {
        match self {
            Self::SauverEssms => Some(Self::NuEssms),
            Self::SauverProjet => Some(Self::NuProjet),
            _ => None,
        }
    }

    async fn faire(self, porteur: &mut Porteur, pool: &PgPool) {
        match self {
            Self::SauverEssms => porteur.sauver_essms().await,
            Self::SauverProjet => porteur.sauver_projet().await,
            Self::LireEssms => porteur.lire_essms(false).await,
            Self::LireEssmsCompresse => porteur.lire_essms(true).await,
            Self::LireTaches => porteur.lire_taches().await,
            Self::NuEssms => nu::essms(pool, &mut porteur.semis).await,
            Self::NuProjet => nu::projet(pool, &mut porteur.semis).await,
        }
    }
}

/// What was measured at one number of connections, over all rounds.
#[derive(Default)]
struct Releve {
    durees: Vec<Duration>,
    /// Requests per second, round by round.
    debits: Vec<f64>,
}

fn main() {
    let arguments = Arguments::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The lines are made as a real portal makes them, then thrown away.
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(std::io::sink)
        .init();
    let options = arguments.database_url.clone();
    let url = options.clone().database(BASE).to_url_lossy();
    let config = Ligne::parse_from([
        "portail",
        "--cookies-surs=non",
        "--metriques=127.0.0.1:0",
        "--database-url",
        url.as_str(),
    ])
    .config;
    // Two runtimes, as two programs would have: the load does not run in the server's tasks.
    let serveur = tokio::runtime::Runtime::new().unwrap();
    let charge = tokio::runtime::Runtime::new().unwrap();
    charge.block_on(refaire_la_base(&options));
    let base = Base::ouvrir(&config.base).unwrap();
    let pool = serveur.block_on(async { base.reservoir(&config.base) });
    let horloge = Horloge::systeme();
    let semis = serveur.block_on(semer(&pool, &horloge));
    let adresse = serveur.block_on(servir(&config, &pool, horloge));
    charge.block_on(async {
        let nu = base.reservoir(&config.base);
        let mut porteurs = Vec::new();
        for semis in semis {
            porteurs.push(Porteur::connecter(&adresse, semis).await);
        }
        mesurer(&arguments, porteurs, &nu).await;
        nu.close().await;
    });
    serveur.block_on(pool.close());
    serveur.shutdown_background();
    charge.block_on(supprimer_la_base(&options));
}

async fn refaire_la_base(options: &PgConnectOptions) {
    supprimer_la_base(options).await;
    let mut conn = options.clone().database("postgres").connect().await.unwrap();
    conn.execute("create database banc_charge").await.unwrap();
}

async fn supprimer_la_base(options: &PgConnectOptions) {
    let mut conn = options.clone().database("postgres").connect().await.unwrap();
    conn.execute("drop database if exists banc_charge with (force)")
        .await
        .unwrap();
}

async fn semer(pool: &PgPool, horloge: &Horloge) -> Vec<Semis> {
    store::MIGRATIONS.run(pool).await.unwrap();
    demonstration::peupler(pool, horloge).await.unwrap();
    let semis = semis::semer(pool, horloge, DOSSIERS).await;
    pool.execute("vacuum analyze").await.unwrap();
    semis
}

/// The real portal on a free port, with every layer.
async fn servir(config: &Config, pool: &PgPool, horloge: Horloge) -> String {
    drop(server::metriques::ecouter(config, pool).await.unwrap());
    let ressources = Arc::new(Ressources::exemple());
    let etat = Etat::nouveau(Portail {
        pool: pool.clone(),
        editions: demonstration::editions(&horloge),
        horloge,
        fichiers: Arc::new(InMemory::new()),
        antivirus: None,
        ressources: ressources.clone(),
        cookies_surs: false,
        mandataires: 0,
        demonstration: true,
        comptes_montres: Vec::new(),
        assistance: None,
        courrier: Courrier {
            adresse_publique: String::new(),
            depart: Depart::Aucun,
        },
        operateur: Operateur::default(),
        identite: None,
        debits: Debits::par_minute(NonZeroU32::MAX, NonZeroU32::MAX),
        entames: Entames::default(),
        hachages: Semaphore::new(2),
    });
    let page =
        Arc::new(move |statut, reference: &_, depot: Option<&str>| page_erreur(&ressources, statut, reference, depot));
    let service = server::habiller(config, routes::router(&etat), page);
    let ecoute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let adresse = format!("http://{}", ecoute.local_addr().unwrap());
    let ecoute = ecoute.tap_io(|connexion| connexion.set_nodelay(true).unwrap());
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(ecoute, service).await.unwrap() });
    adresse
}

/// Each round takes a save and its bare transaction one after the other: what else the machine does
/// weighs on both, and the ratio stays.
async fn mesurer(arguments: &Arguments, mut porteurs: Vec<Porteur>, pool: &PgPool) {
    let duree = Duration::from_secs_f64(arguments.secondes);
    let voulues: Vec<_> = Mesure::TOUTES
        .into_iter()
        .filter(|(lettre, ..)| arguments.mesures.contains(*lettre))
        .collect();
    println!(
        "{:30} {:>6} {:>9} {:>10} {:>10} {:>10} {:>9}",
        "", "conn.", "par s", "p50", "p95", "p99", "rapport"
    );
    for connexions in arguments.connexions.iter().copied().map(|n| n.clamp(1, DOSSIERS)) {
        let mut releves: Vec<Releve> = voulues.iter().map(|_| Releve::default()).collect();
        // New connections prepare and plan: they do it now, not in what is measured.
        for (_, mesure, _) in &voulues {
            porteurs = lancer(
                *mesure,
                connexions,
                ECHAUFFEMENT,
                porteurs,
                pool,
                &mut Releve::default(),
            )
            .await;
        }
        for _ in 0..arguments.tours {
            for ((_, mesure, _), releve) in voulues.iter().zip(&mut releves) {
                porteurs = lancer(*mesure, connexions, duree, porteurs, pool, releve).await;
            }
        }
        for ((_, mesure, nom), releve) in voulues.iter().zip(&releves) {
            let nu = mesure
                .nu()
                .and_then(|nu| voulues.iter().position(|(_, autre, _)| *autre == nu))
                .map(|rang| &releves[rang]);
            afficher(nom, connexions, releve, nu);
        }
    }
}

async fn lancer(
    mesure: Mesure,
    connexions: usize,
    duree: Duration,
    mut porteurs: Vec<Porteur>,
    pool: &PgPool,
    releve: &mut Releve,
) -> Vec<Porteur> {
    for porteur in porteurs.iter_mut().take(connexions) {
        porteur.relire_version(pool).await;
    }
    let mut taches = JoinSet::new();
    let debut = Instant::now();
    for mut porteur in porteurs.drain(..connexions) {
        let pool = pool.clone();
        taches.spawn(async move {
            let mut durees = Vec::new();
            while debut.elapsed() < duree {
                let depart = Instant::now();
                mesure.faire(&mut porteur, &pool).await;
                durees.push(depart.elapsed());
            }
            (porteur, durees)
        });
    }
    let mut faites = 0u32;
    while let Some(fini) = taches.join_next().await {
        let (porteur, durees) = fini.unwrap();
        faites += u32::try_from(durees.len()).unwrap();
        releve.durees.extend(durees);
        porteurs.push(porteur);
    }
    releve.debits.push(f64::from(faites) / debut.elapsed().as_secs_f64());
    porteurs
}

fn afficher(nom: &str, connexions: usize, releve: &Releve, nu: Option<&Releve>) {
    let mut durees = releve.durees.clone();
    durees.sort_unstable();
    let rang = |pour_cent: usize| durees[(durees.len() - 1) * pour_cent / 100];
    // The time of one write, server busy: the inverse of the rate, round by round.
    let rapport = nu.map(|nu| {
        let rapports = releve.debits.iter().zip(&nu.debits).map(|(save, nu)| nu / save);
        format!("{:.2}", mediane(rapports.collect()))
    });
    println!(
        "{nom:30} {connexions:>6} {:>9.0} {:>10.2?} {:>10.2?} {:>10.2?} {:>9}",
        mediane(releve.debits.clone()),
        rang(50),
        rang(95),
        rang(99),
        rapport.unwrap_or_default()
    );
}

fn mediane(mut valeurs: Vec<f64>) -> f64 {
    valeurs.sort_by(f64::total_cmp);
    valeurs[valeurs.len() / 2]
}
