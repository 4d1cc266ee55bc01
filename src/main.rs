//! The command line of the portal: wiring only.

use clap::{Parser, Subcommand};

/// Portail Grappes ESMS numérique.
#[derive(Parser)]
#[command(name = "portail", version)]
struct Arguments {
    #[command(subcommand)]
    commande: Commande,
}

/// What to do.
#[derive(Subcommand)]
enum Commande {}

fn main() {
    let Arguments { commande } = Arguments::parse();
    match commande {}
}
