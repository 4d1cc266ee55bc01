//! A draft set aside, once confirmed, and taken up again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

use super::atelier::Atelier;
use super::cadre::Cadre;
use super::courrier;
use crate::domain::courriel_grappe::Quoi;
use crate::domain::dossier::EtatDossier;
use crate::store::acces::{DossierNonDepose, Lecture};
use crate::store::dossiers;
use crate::store::journal::{self, Entree};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page that asks for confirmation.
#[derive(Template)]
#[template(path = "porteur/abandon.html")]
pub struct Abandon {
    habillage: Habillage,
    cadre: Cadre,
    action: String,
    retour: String,
}

/// Shows the page, unless the draft is abandoned already.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierNonDepose,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    tx.commit().await?;
    let retour = chemins::dossier(acces.dossier());
    if atelier.dossier.etat != EtatDossier::Brouillon {
        return Ok(Redirect::to(&retour).into_response());
    }
    let action = chemins::abandon(acces.dossier());
    let page = Abandon {
        habillage: habiller(&etat, &visiteur, "Abandonner ce brouillon").retour(retour.clone(), "Étapes du dossier"),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        action,
        retour,
    };
    Ok(Page(StatusCode::OK, page).into_response())
}

/// Sets the draft aside.
///
/// # Errors
/// The database's.
pub async fn abandonner(State(etat): State<Etat>, acces: DossierNonDepose, _: Formulaire) -> Result<Redirect, Echec> {
    let maintenant = etat.horloge.maintenant();
    ecrire(&etat, &acces, Some(maintenant), "Brouillon abandonné", &Quoi::Abandon).await?;
    Ok(Redirect::to(chemins::PORTEUR))
}

/// Takes it up again.
///
/// # Errors
/// The database's.
pub async fn reprendre(State(etat): State<Etat>, acces: DossierNonDepose, _: Formulaire) -> Result<Redirect, Echec> {
    ecrire(&etat, &acces, None, "Brouillon repris", &Quoi::Reprise).await?;
    Ok(Redirect::to(&chemins::dossier(acces.dossier())))
}

/// Writes, journals and tells the membres, if there is anything to change: a second click does nothing.
async fn ecrire(
    etat: &Etat,
    acces: &DossierNonDepose,
    abandonne_le: Option<DateTime<Utc>>,
    action: &str,
    quoi: &Quoi,
) -> Result<(), Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    if dossiers::save_abandon(&mut tx, acces, abandonne_le).await? {
        let entree = Entree {
            id: etat.horloge.nouvel_id(),
            compte: acces.compte().id,
            action,
            etape: None,
            champs: &[],
            effets: &[],
        };
        journal::create(&mut tx, acces.dossier(), &entree, etat.horloge.maintenant()).await?;
        let dossier = dossiers::load(&mut tx, acces).await?;
        courrier::prevenir_les_membres(&mut tx, etat, acces, &dossier, quoi).await?;
    }
    tx.commit().await?;
    Ok(())
}
