//! Home: what the portal is for, the open appel à projets, where to log in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::rules::edition::{Edition, NatureEcheance};
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/accueil.html")]
pub struct Accueil {
    habillage: Habillage,
    editions: Vec<EditionVue>,
    entrer: &'static str,
    connecte: bool,
    aide: &'static str,
    inscription: &'static str,
}

/// An appel à projets, in the list.
struct EditionVue {
    titre: String,
    autorite: String,
    href: String,
    ouvert: bool,
    echeance: String,
}

fn vue(edition: &Edition, etat: &Etat) -> EditionVue {
    let maintenant = etat.horloge.maintenant();
    let echeance = match edition.prochaine_echeance(&maintenant) {
        Some(e) if e.nature == NatureEcheance::Fermeture => {
            format!(
                "Dépôt ouvert jusqu’au {} à 23\u{a0}h\u{a0}59",
                e.instant.format("%d/%m/%Y")
            )
        }
        Some(e) => format!("Dépôt à partir du {}", e.instant.format("%d/%m/%Y")),
        None => edition
            .derniere_fermeture()
            .map(|jour| format!("depuis le {}", jour.format("%d/%m/%Y")))
            .unwrap_or_default(),
    };
    EditionVue {
        titre: edition.titre.clone(),
        autorite: edition.autorite.clone(),
        href: chemins::aap(&edition.code),
        ouvert: edition.fenetre_ouverte(&maintenant).is_some(),
        echeance,
    }
}

/// Shows the home.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Accueil> {
    let page = Accueil {
        habillage: habiller(&etat, &visiteur, ""),
        editions: etat.editions.iter().rev().map(|e| vue(e, &etat)).collect(),
        entrer: visiteur.compte().map_or(chemins::CONNEXION, espace),
        connecte: visiteur.compte().is_some(),
        aide: chemins::AIDE,
        inscription: chemins::INSCRIPTION,
    };
    Page(StatusCode::OK, page)
}
