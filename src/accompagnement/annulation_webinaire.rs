//! Cancels a webinar: those registered are told, and their calendars too.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;

use crate::domain::webinaire::Objet;
use crate::store::acces::webinaire::{SurWebinaire, WebinaireGere};
use crate::store::{inscriptions_webinaire, webinaires};
use crate::web::acces::Formulaire;
use crate::web::avis_webinaire::{Avis, prevenir};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue_webinaire::VueWebinaire;

/// A reason is one or two sentences.
const MOTIF_AU_PLUS: usize = 500;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/annulation_webinaire.html")]
pub struct Annulation {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    vue: VueWebinaire,
    /// False: it has begun, or is cancelled already.
    possible: bool,
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &WebinaireGere, saisie: Saisie) -> Annulation {
    let w = acces.webinaire();
    let maintenant = etat.horloge.maintenant();
    Annulation {
        habillage: habiller(etat, visiteur, "Annuler le webinaire")
            .rubrique(chemins::ORGANISATION)
            .retour(chemins::webinaire_suivi(w.id), &w.titre)
            .erreurs(&saisie),
        saisie,
        action: chemins::webinaire_annuler(w.id),
        vue: VueWebinaire::nouvelle(w, maintenant, chemins::webinaire_suivi),
        possible: w.ouvert(maintenant),
    }
}

/// Asks for a confirmation.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, acces: WebinaireGere) -> Page<Annulation> {
    let page = page(&etat, &visiteur, &acces, Saisie::vide());
    Page(StatusCode::OK, page)
}

/// Cancels it. Once it has begun or is cancelled, the page says so and nothing is done.
///
/// # Errors
/// The database's.
pub async fn annuler(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let motif = titulaire::texte(&mut saisie, "motif", "Motif", MOTIF_AU_PLUS);
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, &acces, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let maintenant = etat.horloge.maintenant();
    let id = acces.webinaire().id;
    let mut tx = acces.commencer(&etat.pool).await?;
    let annule = webinaires::annuler(&mut tx, &acces, maintenant).await?;
    let actuel = webinaires::load(&mut tx, id).await?;
    let (true, Some(w)) = (annule, actuel) else {
        let page = page(&etat, &visiteur, &acces, saisie);
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    };
    let avis = Avis {
        webinaire: &w,
        lien: "",
        objet: Objet::Annulation,
        motif: &motif,
    };
    let tous = maintenant + TimeDelta::seconds(1);
    for inscrite in inscriptions_webinaire::list_a_prevenir(&mut tx, &acces, tous).await? {
        prevenir(&mut tx, &etat, avis, &inscrite, None).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(&chemins::webinaire_suivi(id), "annulation")).into_response())
}
