//! What the portal keeps of people: what, why, how long, and whom to ask.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::webinaire::CONSERVATION_JOURS;
use crate::store::oublis::COURRIELS_JOURS;
use crate::web::chemins;
use crate::web::etat::{Etat, Mentions};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

const DESCRIPTION: &str =
    "Les données personnelles que garde le portail\u{a0}: lesquelles, pourquoi, combien de temps, vos droits.";

/// The page.
#[derive(Template)]
#[template(path = "public/confidentialite.html")]
pub struct Confidentialite {
    habillage: Habillage,
    /// What the operator says of it.
    mentions: Option<Mentions>,
    demonstration: bool,
    /// Where to write by the form; none when nobody said who answers.
    contact: Option<String>,
    assistance: Option<String>,
    courriels: &'static str,
}

/// Shows the page.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Confidentialite> {
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        "Données personnelles",
        DESCRIPTION,
        chemins::CONFIDENTIALITE,
    );
    let page = Confidentialite {
        habillage: habillage.retour(chemins::ACCUEIL, "Accueil"),
        mentions: etat.operateur.identite.clone(),
        demonstration: etat.demonstration,
        contact: etat
            .adresse_du_portail()
            .map(|_| chemins::question_au_portail("Données personnelles")),
        assistance: etat.assistance.clone(),
        courriels: chemins::COMPTE_COURRIELS,
    };
    Page(StatusCode::OK, page)
}
