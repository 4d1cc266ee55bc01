//! Terms of use.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/conditions.html")]
pub struct Conditions {
    habillage: Habillage,
    confidentialite: &'static str,
}

/// Shows the terms.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Conditions> {
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        "Conditions d’utilisation",
        "À quoi engage un compte du portail, ce que le portail fait et ce qu’il ne fait pas.",
        chemins::CONDITIONS,
    )
    .retour(chemins::ACCUEIL, "Accueil");
    let confidentialite = chemins::CONFIDENTIALITE;
    Page(
        StatusCode::OK,
        Conditions {
            habillage,
            confidentialite,
        },
    )
}
