//! Lighthouse on the public pages of the product as it is started.

use portail_grappes::domain::dossier::esquisse::Esquisse;
use portail_grappes::domain::finess::Finess;
use portail_grappes::web::chemins as c;

use crate::jouer;
use crate::outils::{Dossier, Portail, commande};

/// A link to the result about a whole grappe of the demonstration's registry.
fn resultat(portail: &Portail) -> String {
    let trouves = portail.lire(&format!("{}?departement=75", c::API_ESSMS)).corps;
    let numeros: Vec<Finess> = trouves
        .split("\"finess\":\"")
        .skip(1)
        .filter_map(|suite| Finess::parse(suite.get(..9)?).ok())
        .take(15)
        .collect();
    assert_eq!(numeros.len(), 15, "{trouves}");
    let esquisse = Esquisse {
        edition: "idf-2024".to_owned(),
        numeros,
        ..Esquisse::default()
    };
    format!("{}?e={}", c::SIMULATEUR, esquisse.lien())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_pages_are_light_fast_and_accessible() {
    let dossier = Dossier::neuf("lighthouse");
    let portail = Portail::demarrer(commande(&dossier.0));
    let resultat = resultat(&portail);
    let regle = c::regle("idf-2024", "ELI-G01");
    let pages = [
        c::ACCUEIL,
        c::SIMULATEUR,
        &resultat,
        "/aap/idf-2024",
        &regle,
        c::FAQ,
        c::GLOSSAIRE,
        c::WEBINAIRES,
        c::API,
    ];
    jouer("lighthouse.mjs", &portail.adresse, &pages).await;
}
