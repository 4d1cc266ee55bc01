//! Accessibility statement.

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
#[template(path = "public/accessibilite.html")]
pub struct Accessibilite {
    habillage: Habillage,
}

/// Shows the statement.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Accessibilite> {
    let habillage = habiller(&etat, &visiteur, "Accessibilité").retour(chemins::ACCUEIL, "Accueil");
    Page(StatusCode::OK, Accessibilite { habillage })
}
