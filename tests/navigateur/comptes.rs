//! From sign-up to the first log-in of an invited colleague, on the product as it is
//! started: its own process, its private PostgreSQL, its demonstration data, its mailbox.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("comptes.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_og_opens_its_accounts() {
    parcours("comptes", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_og_opens_its_accounts_without_javascript() {
    parcours("comptes-sans-js", "sans-js").await;
}
