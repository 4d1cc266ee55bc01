//! The requests for an account that wait for the accompagnement.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::compte::Profil;
use crate::store::demandes::{self, Perimetre};
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::instant;

/// The page.
#[derive(Template)]
#[template(path = "comptes/demandes.html")]
pub struct Demandes {
    habillage: Habillage,
    attendues: Vec<Vue>,
    fait: String,
}

/// A request of the list.
struct Vue {
    nom: String,
    courriel: String,
    organisme: String,
    og: String,
    quand: String,
    href: String,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

/// Shows the list.
///
/// # Errors
/// [`Echec::introuvable`] for another profile; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Demandes>, Echec> {
    let Profil::Accompagnement { regions } = &compte.profil else {
        return Err(Echec::introuvable());
    };
    let mut conn = etat.pool.acquire().await?;
    let attendues = demandes::list(&mut conn, &Perimetre::Regions(regions, etat.horloge.maintenant())).await?;
    let vue = |d: demandes::Demande| Vue {
        nom: d.nom,
        courriel: d.courriel,
        organisme: d.organisme,
        og: d.og.to_string(),
        quand: instant(d.cree_le),
        href: chemins::demande(d.id),
    };
    let page = Demandes {
        habillage: habiller(&etat, &visiteur, "Demandes de compte").retour(chemins::ACCOMPAGNEMENT, "Mon espace"),
        attendues: attendues.into_iter().map(vue).collect(),
        fait: super::demande::dit(demande.fait.as_deref()).to_owned(),
    };
    Ok(Page(StatusCode::OK, page))
}
