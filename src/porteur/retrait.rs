//! Takes a colleague out of the OG, once confirmed. What they saved stays under their name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::affectation;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::acces::organisme::MembreGere;
use crate::store::courriels::Destinataire;
use crate::store::membres::{self, RefusMembre};
use crate::web::acces::Formulaire;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;

/// The page that asks for confirmation.
#[derive(Template)]
#[template(path = "porteur/retrait.html")]
pub struct Retrait {
    habillage: Habillage,
    nom: String,
    courriel: String,
    action: String,
    retour: String,
    moi: bool,
    /// Whether it was refused: the OG would have no signatory any more.
    dernier: bool,
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &MembreGere, dernier: bool) -> Retrait {
    let membre = acces.membre();
    let retour = chemins::membre(membre.id);
    Retrait {
        habillage: habiller(etat, visiteur, "Retirer ce compte").retour(retour.clone(), membre.nom.clone()),
        nom: membre.nom.clone(),
        courriel: membre.courriel.clone(),
        action: chemins::retrait(membre.id),
        retour,
        moi: membre.id == acces.compte().id,
        dernier,
    }
}

/// Asks for confirmation.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, acces: MembreGere) -> Page<Retrait> {
    Page(StatusCode::OK, page(&etat, &visiteur, &acces, false))
}

/// Takes the person out.
///
/// # Errors
/// [`Erreur::Conflit`] when the account changed meanwhile; the database's.
pub async fn retirer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: MembreGere,
    Formulaire(_): Formulaire,
) -> Result<Response, Echec> {
    let membre = acces.membre();
    let mut tx = acces.commencer(&etat.pool).await?;
    match membres::retirer(&mut tx, &acces).await {
        Ok(()) => {}
        Err(RefusMembre::DernierSignataire) => {
            let page = page(&etat, &visiteur, &acces, true);
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(RefusMembre::Change) => return Err(Erreur::Conflit.into()),
        Err(RefusMembre::Base(erreur)) => return Err(erreur.into()),
    }
    affectation::reprendre(&mut tx, &etat, &acces).await?;
    let action = format!("A retiré le compte de {} ({})", membre.nom, membre.courriel);
    let par = acces.compte().nom.clone();
    avis::noter(&mut tx, &etat, acces.og(), &par, action).await?;
    let organisme = titulaire::organisme(&mut tx, acces.og()).await?;
    let evenement = EvenementCompte::Retrait { organisme, par };
    avis::prevenir(&mut tx, &etat, Destinataire::Compte(membre.id), evenement, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::ORGANISME, "retrait")).into_response())
}
