//! The command line of the portal: wiring only.

use clap::{Parser, Subcommand};
use portail_grappes::registry::commande::{GenererFiness, Importer};

/// Portail Grappes ESMS numérique.
#[derive(Parser)]
#[command(name = "portail", version)]
struct Arguments {
    #[command(subcommand)]
    commande: Commande,
}

/// What to do.
#[derive(Subcommand)]
enum Commande {
    /// Importe un référentiel public : FINESS, solutions DUI
    #[command(subcommand)]
    Importer(Importer),
    /// Écrit un répertoire FINESS fictif, pour la charge et la démonstration
    GenererFiness(GenererFiness),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { commande } = Arguments::parse();
    match commande {
        Commande::Importer(importer) => importer.executer().await,
        Commande::GenererFiness(generer) => generer.executer(),
    }
}
