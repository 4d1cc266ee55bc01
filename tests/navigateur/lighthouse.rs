//! Lighthouse on the public pages of the product as it is started.

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

/// What a person who discovers the programme reads first.
const PAGES: &[&str] = &["/", "/aap/idf-2024", "/sources"];

#[tokio::test(flavor = "multi_thread")]
async fn the_public_pages_are_light_fast_and_accessible() {
    let dossier = Dossier::neuf("lighthouse");
    let portail = Portail::demarrer(commande(&dossier.0));
    jouer("lighthouse.mjs", &portail.adresse, PAGES).await;
}
