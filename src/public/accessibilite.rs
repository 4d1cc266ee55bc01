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
    /// None: nobody said where to write.
    contact: Option<String>,
    contacts: &'static str,
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
        contact: etat
            .adresse_du_portail()
            .map(|_| chemins::question_au_portail("Accessibilité")),
        contacts: chemins::CONTACTS,
    };
    Page(StatusCode::OK, page)
}
