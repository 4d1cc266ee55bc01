//! Webinars: to come, and past with where to see them again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::store::webinaires;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue_webinaire::VueWebinaire;

const DESCRIPTION: &str = "Les webinaires sur les appels à projets ESMS numérique\u{a0}: dates, publics, inscription.";

/// The page.
#[derive(Template)]
#[template(path = "public/webinaires.html")]
pub struct Webinaires {
    habillage: Habillage,
    a_venir: Vec<VueWebinaire>,
    passes: Vec<VueWebinaire>,
}

/// Shows the webinars.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Result<Page<Webinaires>, Echec> {
    let maintenant = etat.horloge.maintenant();
    let tous = webinaires::list_publics(&mut *etat.pool.acquire().await?, maintenant).await?;
    let vue = |w| VueWebinaire::nouvelle(w, maintenant, chemins::webinaire);
    let (passes, a_venir): (Vec<_>, Vec<_>) = tous.iter().partition(|w| w.passe(maintenant));
    let page = Webinaires {
        habillage: habiller_publique(&etat, &visiteur, "Webinaires", DESCRIPTION, chemins::WEBINAIRES)
            .retour(chemins::ACCUEIL, "Accueil"),
        a_venir: a_venir.into_iter().map(vue).collect(),
        passes: passes.into_iter().filter(|w| w.annule_le.is_none()).map(vue).collect(),
    };
    Ok(Page(StatusCode::OK, page))
}
