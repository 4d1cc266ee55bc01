//! Accessibility statement.

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
#[template(path = "public/accessibilite.html")]
pub struct Accessibilite {
    habillage: Habillage,
    contact: String,
}

/// Shows the statement.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Accessibilite> {
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        "Déclaration d’accessibilité",
        "Ce qui est vérifié de l’accessibilité du portail, ce qui ne l’est pas, et comment signaler un défaut.",
        chemins::ACCESSIBILITE,
    );
    let page = Accessibilite {
        habillage: habillage.retour(chemins::ACCUEIL, "Accueil"),
        contact: chemins::avec_parametres(chemins::CONTACT, &[("page", "Accessibilité")]),
    };
    Page(StatusCode::OK, page)
}
