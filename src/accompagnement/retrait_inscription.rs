//! Takes a person out of a webinar: nothing of them is left, and the place goes to who waits for it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;

use crate::domain::webinaire::Objet;
use crate::store::acces::webinaire::{SurWebinaire, WebinaireGere};
use crate::store::inscriptions_webinaire::{self, Nouvelle};
use crate::store::webinaires;
use crate::web::acces::{Formulaire, NumeroDInscription};
use crate::web::avis_webinaire::{Avis, prevenir};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/retrait_inscription.html")]
pub struct Retrait {
    habillage: Habillage,
    action: String,
    retour: String,
    titre: String,
    personne: Nouvelle,
}

/// Asks for a confirmation.
///
/// # Errors
/// [`Echec::introuvable`] when nobody of this number is registered; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
    NumeroDInscription(inscription): NumeroDInscription,
) -> Result<Page<Retrait>, Echec> {
    let w = acces.webinaire();
    let mut tx = acces.commencer(&etat.pool).await?;
    let personne = inscriptions_webinaire::load(&mut tx, &acces, inscription).await?;
    tx.commit().await?;
    let page = Retrait {
        habillage: habiller(&etat, &visiteur, "Retirer une inscription")
            .rubrique(chemins::ORGANISATION)
            .retour(chemins::webinaire_suivi(w.id), &w.titre),
        action: chemins::webinaire_retirer(w.id, inscription),
        retour: chemins::webinaire_suivi(w.id),
        titre: w.titre.clone(),
        personne: personne.ok_or_else(Echec::introuvable)?,
    };
    Ok(Page(StatusCode::OK, page))
}

/// Takes the person out, and tells whoever gets the place.
///
/// # Errors
/// [`Echec::introuvable`] when nobody of this number is registered; the database's.
pub async fn retirer(
    State(etat): State<Etat>,
    acces: WebinaireGere,
    NumeroDInscription(inscription): NumeroDInscription,
    _formulaire: Formulaire,
) -> Result<Redirect, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    if !inscriptions_webinaire::retirer(&mut tx, &acces, inscription).await? {
        return Err(Echec::introuvable());
    }
    let avis = Avis {
        webinaire: acces.webinaire(),
        lien: &webinaires::load_lien(&mut tx, &acces).await?,
        objet: Objet::Place,
        motif: "",
    };
    for promue in inscriptions_webinaire::promouvoir(&mut tx, &acces, etat.horloge.maintenant()).await? {
        prevenir(&mut tx, &etat, avis, &promue, None).await?;
    }
    tx.commit().await?;
    let suivi = chemins::webinaire_suivi(acces.webinaire().id);
    Ok(Redirect::to(&chemins::fait(&suivi, "retrait")))
}
