//! Colleagues who write one dossier together, on the product as it is started: its own process, its private PostgreSQL,
//! its demonstration data.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("ecrire.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_write_together_and_lose_nothing() {
    parcours("ecrire", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_write_together_without_javascript() {
    parcours("ecrire-sans-js", "sans-js").await;
}
