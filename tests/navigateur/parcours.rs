//! The whole journey, from the porteur's log-in to the instructor's reading, on the product as it is
//! started: its own process, its private PostgreSQL, its demonstration data.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

async fn parcours(script: &str, nom: &str, mode: &str) {
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer(script, &portail.adresse, &[mode]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_deposits_and_an_instructor_reads() {
    parcours("parcours.mjs", "parcours", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_deposits_and_an_instructor_reads_without_javascript() {
    parcours("parcours.mjs", "parcours-sans-js", "sans-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_answers_once_in_mes_essms() {
    parcours("mes_essms.mjs", "mes-essms", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_answers_once_in_mes_essms_without_javascript() {
    parcours("mes_essms.mjs", "mes-essms-sans-js", "sans-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_takes_a_deposit_back_and_deposits_again() {
    parcours("depot.mjs", "depot", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_porteur_takes_a_deposit_back_and_deposits_again_without_javascript() {
    parcours("depot.mjs", "depot-sans-js", "sans-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_offered_agreed_to_and_started_from() {
    parcours("modeles.mjs", "modeles", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_offered_agreed_to_and_started_from_without_javascript() {
    parcours("modeles.mjs", "modeles-sans-js", "sans-js").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn anybody_reads_the_appels_and_their_rules() {
    let dossier = Dossier::neuf("public");
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("public.mjs", &portail.adresse, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_simulates_a_grappe_and_makes_a_draft_of_it() {
    parcours("simulateur.mjs", "simulateur", "avec-js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_simulates_a_grappe_and_makes_a_draft_of_it_without_javascript() {
    parcours("simulateur.mjs", "simulateur-sans-js", "sans-js").await;
}
