//! Help and webinars, on the product as it is started: its own process, its private PostgreSQL, its demonstration data, its
//! mailbox.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("webinaires.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_finds_help_and_comes_to_a_webinar() {
    parcours("webinaires", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_finds_help_and_comes_to_a_webinar_without_javascript() {
    parcours("webinaires-sans-js", "sans-js").await;
}
