//! Mentions légales: who operates the portal.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

const DESCRIPTION: &str = "Qui édite, publie et héberge ce portail.";

/// The page.
#[derive(Template)]
#[template(path = "public/mentions.html")]
pub struct PageMentions {
    habillage: Habillage,
    /// Empty in a demonstration that names nobody.
    lignes: Vec<Ligne>,
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] where nobody is named: nothing is invented.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Result<Page<PageMentions>, Echec> {
    if !etat.operateur.montre(etat.demonstration) {
        return Err(Echec::introuvable());
    }
    let lignes = etat.operateur.identite.as_ref().map(|m| {
        vec![
            Ligne::nouvelle("Éditeur", &m.editeur),
            Ligne::nouvelle("Responsable de la publication", &m.responsable),
            Ligne::nouvelle("Hébergeur", &m.hebergeur),
            Ligne::nouvelle("Données personnelles", &m.contact_donnees),
        ]
    });
    let habillage = habiller_publique(&etat, &visiteur, "Mentions légales", DESCRIPTION, chemins::MENTIONS);
    let page = PageMentions {
        habillage: habillage.retour(chemins::ACCUEIL, "Accueil"),
        lignes: lignes.unwrap_or_default(),
    };
    Ok(Page(StatusCode::OK, page))
}
