//! The whole journey, from the porteur's log-in to the instructor's reading, on the product as it is
//! started: its own process, its private PostgreSQL, its demonstration data.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("parcours.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_deposits_and_an_instructor_reads() {
    parcours("parcours", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_deposits_and_an_instructor_reads_without_javascript() {
    parcours("parcours-sans-js", "sans-js").await;
}

async fn et_si(nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("et-si.mjs", &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_tries_changes_and_applies_them() {
    et_si("et-si", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_tries_changes_and_applies_them_without_javascript() {
    et_si("et-si-sans-js", "sans-js").await;
}
