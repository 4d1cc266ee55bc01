//! What an account that may do nothing yet waits for.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::compte::Profil;
use crate::store::comptes;
use crate::web::acces::Connecte;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::session::Visiteur;
use crate::web::titulaire;

/// The page.
#[derive(Template)]
#[template(path = "comptes/attente.html")]
pub struct Attente {
    habillage: Habillage,
    organisme: String,
    /// Whether colleagues decide; otherwise the accompagnement does.
    signataires: bool,
    courriel: String,
}

/// Shows the page, or leads an account that works to its space.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
) -> Result<Response, Echec> {
    let Profil::EnAttente { og } = compte.profil else {
        return Ok(Redirect::to(espace(&compte)).into_response());
    };
    let mut conn = etat.pool.acquire().await?;
    let page = Attente {
        habillage: habiller(&etat, &visiteur, "Votre compte attend une approbation"),
        organisme: titulaire::organisme(&mut conn, og).await?,
        signataires: comptes::a_un_signataire(&mut conn, og).await?,
        courriel: compte.courriel,
    };
    Ok(Page(StatusCode::OK, page).into_response())
}
