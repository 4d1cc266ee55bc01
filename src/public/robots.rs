//! What robots may read (RFC 9309): the public pages, and where they are listed.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::pages::adresse_complete;

/// Spaces that only accounts enter, and pages made for one person.
const INTERDITS: [&str; 8] = [
    chemins::PORTEUR,
    chemins::INSTRUCTION,
    chemins::ACCOMPAGNEMENT,
    chemins::ADMINISTRATION,
    chemins::COMPTE,
    chemins::DEMANDES,
    chemins::BOITE,
    chemins::VERIFICATION,
];

/// Answers the file.
pub async fn afficher(State(etat): State<Etat>) -> impl IntoResponse {
    let interdits = INTERDITS.map(|chemin| format!("Disallow: {chemin}")).join("\n");
    let plan = adresse_complete(&etat, chemins::PLAN);
    let texte = format!("User-agent: *\n{interdits}\n\nSitemap: {plan}\n");
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], texte)
}
