//! The appels à projets: open, to come, closed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::cartes::Carte;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

const DESCRIPTION: &str =
    "Les appels à projets ESMS numérique\u{a0}: fenêtres de dépôt, seuils, montants, pièces et critères de chacun.";

/// The page.
#[derive(Template)]
#[template(path = "public/aaps.html")]
pub struct Aaps {
    habillage: Habillage,
    cartes: Vec<Carte>,
    differences: &'static str,
    demonstration: bool,
}

/// Shows the appels à projets.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Aaps> {
    let habillage = habiller_publique(&etat, &visiteur, "Appels à projets", DESCRIPTION, chemins::AAPS);
    let page = Aaps {
        habillage,
        cartes: Carte::rangees(etat.editions.iter(), etat.horloge.maintenant()),
        differences: chemins::REGLES_DIFFERENCES,
        demonstration: etat.demonstration,
    };
    Page(StatusCode::OK, page)
}
