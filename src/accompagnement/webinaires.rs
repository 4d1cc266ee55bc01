//! The webinars of the accompagnement's régions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::store::acces::webinaire::Organisation;
use crate::store::webinaires;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue_webinaire::VueWebinaire;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/webinaires.html")]
pub struct Webinaires {
    habillage: Habillage,
    nouveau: &'static str,
    a_venir: Vec<VueWebinaire>,
    passes: Vec<VueWebinaire>,
}

/// Shows them.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: Organisation,
) -> Result<Page<Webinaires>, Echec> {
    let maintenant = etat.horloge.maintenant();
    let tous = webinaires::list(&mut *etat.pool.acquire().await?, &acces, maintenant).await?;
    let vue = |w| VueWebinaire::nouvelle(w, maintenant, chemins::webinaire_suivi);
    let (passes, a_venir): (Vec<_>, Vec<_>) = tous.iter().partition(|w| w.passe(maintenant));
    let page = Webinaires {
        habillage: habiller(&etat, &visiteur, "Webinaires de ma région"),
        nouveau: chemins::WEBINAIRE_NOUVEAU,
        a_venir: a_venir.into_iter().map(vue).collect(),
        passes: passes.into_iter().map(vue).collect(),
    };
    Ok(Page(StatusCode::OK, page))
}
