//! The command line of the portal: wiring only.

use std::{
    ffi::OsString,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::Context;
use clap::{Parser, Subcommand};
use portail_grappes::{
    accounts::commande::CommandeCompte,
    base::{self, Base},
    clock::Horloge,
    config::{self, Config},
    portail,
    postgres::{self, PostgresPrive, Reglages},
    registry::commande::{GenererFiness, Importer},
    server, simulation, traces,
};

#[global_allocator]
static ALLOCATION: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The layout of `--help`, in French.
const AIDE: &str = "{about}\n\nUsage\u{a0}: {usage}\n\n{all-args}";

/// Portail Grappes ESMS numérique : constituer une grappe, déposer un dossier, l’instruire
#[derive(Parser)]
#[command(name = "portail", version, help_template = AIDE, subcommand_help_heading = "Commandes",
          subcommand_value_name = "COMMANDE", next_help_heading = "Options", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    commande: Commande,
}

/// What to do.
#[derive(Subcommand)]
enum Commande {
    /// Servir le portail
    #[command(help_template = AIDE)]
    Servir(Box<Config>),
    /// Appliquer les migrations de la base, puis s’arrêter
    #[command(help_template = AIDE)]
    Migrer {
        #[command(flatten)]
        base: config::Base,
        #[command(flatten)]
        traces: config::Traces,
    },
    /// Juger un projet décrit en JSON, sans base de données
    #[command(help_template = AIDE)]
    Simuler {
        /// La demande ; « - » lit l’entrée standard
        fichier: PathBuf,
    },
    /// Importer un référentiel public : FINESS, solutions DUI
    #[command(help_template = AIDE)]
    Importer {
        #[command(flatten)]
        base: config::Base,
        #[command(flatten)]
        traces: config::Traces,
        #[command(subcommand)]
        quoi: Importer,
    },
    /// Ouvrir un compte d’agent, ou rendre l’accès à qui a perdu son second facteur
    #[command(help_template = AIDE)]
    Compte {
        #[command(flatten)]
        base: config::Base,
        #[command(flatten)]
        traces: config::Traces,
        /// Adresse publique du portail, par laquelle commence le lien affiché
        #[arg(
            long = "url-publique",
            env = "PORTAIL_URL_PUBLIQUE",
            default_value = "",
            value_name = "https://…",
            global = true
        )]
        url_publique: String,
        #[command(subcommand)]
        quoi: CommandeCompte,
    },
    /// Écrire un répertoire FINESS fictif, pour la charge et la démonstration
    #[command(help_template = AIDE)]
    GenererFiness(GenererFiness),
    /// Exécuter une commande avec un PostgreSQL privé, à l’adresse donnée par la variable `DATABASE_URL`
    #[command(help_template = AIDE)]
    AvecPostgres(AvecPostgres),
}

/// A private PostgreSQL for the time of a command.
#[derive(clap::Args)]
struct AvecPostgres {
    /// Dossier des données, créé au besoin et gardé ensuite
    #[arg(long, default_value = "var/test", value_name = "DOSSIER")]
    dossier: PathBuf,
    /// Soin apporté aux données
    #[arg(long, default_value = "durables", value_name = "SOIN")]
    reglages: Reglages,
    #[command(flatten)]
    programmes: config::Programmes,
    /// La commande et ses arguments
    #[arg(last = true, required = true, value_name = "COMMANDE")]
    commande: Vec<OsString>,
}

fn main() -> ExitCode {
    if config::traces_de_pile_des_erreurs() {
        return sans_traces_de_pile();
    }
    let Arguments { commande } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(reponse) => return aider(&reponse),
    };
    let fin = match commande {
        Commande::Servir(config) => servir(&config),
        Commande::Migrer { base, traces } => migrer(&base, &traces),
        Commande::Simuler { fichier } => Ok(simulation::commande::executer(&fichier)),
        Commande::Importer { base, traces, quoi } => importer(&base, &traces, &quoi),
        Commande::Compte {
            base,
            traces,
            url_publique,
            quoi,
        } => compte(&base, &traces, &url_publique, &quoi),
        Commande::GenererFiness(generer) => generer.executer().map(|()| ExitCode::SUCCESS),
        Commande::AvecPostgres(arguments) => avec_postgres(&arguments),
    };
    fin.unwrap_or_else(|erreur| {
        eprintln!("portail : {erreur:#}");
        ExitCode::FAILURE
    })
}

/// Prints what the command line's reader answers: the help, in French down to its marks, or what is wrong.
fn aider(reponse: &clap::Error) -> ExitCode {
    if reponse.use_stderr() {
        reponse.exit();
    }
    let marques = [
        ("[default: ", "[par défaut\u{a0}: "),
        ("[env: ", "[variable\u{a0}: "),
        ("[possible values: ", "[valeurs possibles\u{a0}: "),
        ("Possible values:", "Valeurs possibles:"),
        (
            "Print help (see a summary with '-h')",
            "Afficher cette aide (en résumé avec -h)",
        ),
        (
            "Print help (see more with '--help')",
            "Afficher cette aide (en détail avec --help)",
        ),
        ("Print help", "Afficher cette aide"),
        ("Print version", "Afficher la version"),
        ("Commands:", "Commandes:"),
        ("Usage: ", "Usage\u{a0}: "),
        ("<COMMAND>", "<COMMANDE>"),
    ];
    let aide = marques.iter().fold(reponse.to_string(), |aide, (anglais, francais)| {
        aide.replace(anglais, francais)
    });
    for ligne in aide.lines() {
        match ligne.strip_suffix(':').filter(|titre| !titre.ends_with('\u{a0}')) {
            Some(titre) => println!("{titre}\u{a0}:"),
            None => println!("{ligne}"),
        }
    }
    ExitCode::SUCCESS
}

/// Starts this program again with the backtraces of errors turned off: a running program cannot safely change its environment.
fn sans_traces_de_pile() -> ExitCode {
    let erreur = Command::new("/proc/self/exe")
        .arg0("portail")
        .args(std::env::args_os().skip(1))
        .env("RUST_LIB_BACKTRACE", "0")
        .exec();
    eprintln!("portail\u{a0}: nouveau départ impossible\u{a0}: {erreur}");
    ExitCode::FAILURE
}

fn servir(config: &Config) -> anyhow::Result<ExitCode> {
    preparer(&config.traces)?;
    avec_base(&config.base, async |base: &Base| {
        let pool = base.reservoir(&config.base);
        let fin = portail::servir(config, &pool, server::signal_arret()).await;
        pool.close().await;
        fin
    })
}

fn importer(base: &config::Base, traces: &config::Traces, quoi: &Importer) -> anyhow::Result<ExitCode> {
    preparer(traces)?;
    avec_base(base, async |ouverte: &Base| {
        let pool = ouverte.reservoir(base);
        base::migrer(&pool).await?;
        let fin = quoi.executer(&mut *pool.acquire().await?).await;
        pool.close().await;
        fin
    })
}

fn compte(
    base: &config::Base,
    traces: &config::Traces,
    url_publique: &str,
    quoi: &CommandeCompte,
) -> anyhow::Result<ExitCode> {
    preparer(traces)?;
    let horloge = Horloge::systeme();
    avec_base(base, async |ouverte: &Base| {
        let pool = ouverte.reservoir(base);
        base::migrer(&pool).await?;
        let fait = quoi
            .executer(&pool, url_publique, horloge.nouvel_id(), horloge.maintenant())
            .await;
        pool.close().await;
        println!("{}", fait?);
        Ok(())
    })
}

fn migrer(base: &config::Base, traces: &config::Traces) -> anyhow::Result<ExitCode> {
    preparer(traces)?;
    avec_base(base, async |ouverte: &Base| {
        let pool = ouverte.reservoir(base);
        let fin = base::migrer(&pool).await;
        pool.close().await;
        fin
    })
}

fn avec_postgres(arguments: &AvecPostgres) -> anyhow::Result<ExitCode> {
    let pg_bin = arguments.programmes.pg_bin.as_deref();
    let prive = PostgresPrive::demarrer(&arguments.dossier, pg_bin, arguments.reglages)?;
    let code = runtime()?.block_on(postgres::executer(&prive, &arguments.commande));
    prive.arreter();
    code
}

/// Opens the database before the runtime starts and closes it after the runtime is gone.
fn avec_base(
    config: &config::Base,
    travail: impl AsyncFnOnce(&Base) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let base = Base::ouvrir(config)?;
    let runtime = runtime()?;
    let fin = runtime.block_on(travail(&base));
    runtime.shutdown_timeout(Duration::from_secs(1));
    base.fermer();
    fin.map(|()| ExitCode::SUCCESS)
}

fn preparer(traces: &config::Traces) -> anyhow::Result<()> {
    traces::installer(traces)?;
    let installe = rustls::crypto::ring::default_provider().install_default();
    installe.map_err(|_| anyhow::anyhow!("fournisseur TLS déjà installé"))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("démarrage de tokio")
}
