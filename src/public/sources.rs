//! The texts the rules come from, and the appels à projets that apply them.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::rules::edition::Texte;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/sources.html")]
pub struct Sources {
    habillage: Habillage,
    textes: Vec<Texte>,
    editions: Vec<Lien>,
}

/// Shows the texts, each once, the latest edition's first.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Sources> {
    let mut textes: Vec<Texte> = Vec::new();
    for texte in etat.editions.iter().rev().flat_map(|e| &e.textes) {
        if !textes.contains(texte) {
            textes.push(texte.clone());
        }
    }
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        "Textes et sources",
        "Les textes dont viennent les règles des appels à projets ESMS numérique.",
        chemins::SOURCES,
    )
    .retour(chemins::ACCUEIL, "Accueil");
    let editions = etat
        .editions
        .iter()
        .rev()
        .map(|e| Lien::nouveau(&e.titre, chemins::aap(&e.code)))
        .collect();
    Page(
        StatusCode::OK,
        Sources {
            habillage,
            textes,
            editions,
        },
    )
}
