//! Terms of use.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/conditions.html")]
pub struct Conditions {
    habillage: Habillage,
}

/// Shows the terms.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Conditions> {
    let habillage = habiller(&etat, &visiteur, "Conditions d’utilisation").retour(chemins::ACCUEIL, "Accueil");
    Page(StatusCode::OK, Conditions { habillage })
}
