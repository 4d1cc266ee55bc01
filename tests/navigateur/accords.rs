//! Two OGs on one grappe at once, on the product as it is started: its own process, its private PostgreSQL, its
//! demonstration data, its mailbox.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("accords.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ogs_share_a_grappe() {
    parcours("accords", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ogs_share_a_grappe_without_javascript() {
    parcours("accords-sans-js", "sans-js").await;
}
