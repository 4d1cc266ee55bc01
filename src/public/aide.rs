//! Help: where answers are, what an account, a deposit and a number are.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

const DESCRIPTION: &str = "Créer un compte, déposer, trouver un numéro FINESS\u{a0}: l’aide du portail.";

/// The page.
#[derive(Template)]
#[template(path = "public/aide.html")]
pub struct Aide {
    habillage: Habillage,
    inscription: &'static str,
    oubli: &'static str,
    contact: &'static str,
    verification: &'static str,
}

/// Shows the help.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Aide> {
    Page(
        StatusCode::OK,
        Aide {
            habillage: habiller_publique(&etat, &visiteur, "Aide", DESCRIPTION, chemins::AIDE)
                .retour(chemins::ACCUEIL, "Accueil"),
            inscription: chemins::INSCRIPTION,
            oubli: chemins::OUBLI,
            contact: chemins::CONTACT,
            verification: chemins::VERIFICATION,
        },
    )
}
