//! Announces a webinar, or changes it: those registered are told of another date, time or link.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use sqlx::PgConnection;

use super::saisie_webinaire::{DESCRIPTION_AU_PLUS, lire, montrer};
use crate::domain::territoire;
use crate::domain::webinaire::{Objet, Webinaire};
use crate::store::acces::webinaire::{Organisation, SurWebinaire, WebinaireGere};
use crate::store::webinaires::Fiche;
use crate::store::{inscriptions_webinaire, webinaires};
use crate::web::acces::Formulaire;
use crate::web::avis_webinaire::{Avis, prevenir};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/fiche_webinaire.html")]
pub struct PageFiche {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    /// To choose from, when there are several.
    regions: Vec<Choix>,
    existe: bool,
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, actuel: Option<&Webinaire>, regions: &[String]) -> PageFiche {
    let (titre, retour, action) = match actuel {
        Some(w) => (
            "Modifier le webinaire",
            (chemins::webinaire_suivi(w.id), w.titre.clone()),
            chemins::webinaire_modifier(w.id),
        ),
        None => (
            "Annoncer un webinaire",
            (chemins::ORGANISATION.to_owned(), "Webinaires de ma région".to_owned()),
            chemins::WEBINAIRE_NOUVEAU.to_owned(),
        ),
    };
    let choix = |code: &String| {
        let nom = territoire::region(code).map_or(code.clone(), |r| r.nom.clone());
        Choix::nouveau(code.clone(), nom)
    };
    PageFiche {
        habillage: habiller(etat, visiteur, titre)
            .rubrique(chemins::ORGANISATION)
            .retour(retour.0, retour.1)
            .erreurs(&saisie),
        saisie,
        action,
        regions: if actuel.is_none() && regions.len() > 1 {
            regions.iter().map(choix).collect()
        } else {
            Vec::new()
        },
        existe: actuel.is_some(),
    }
}

/// Shows an empty form.
pub async fn nouveau(State(etat): State<Etat>, visiteur: Visiteur, acces: Organisation) -> Page<PageFiche> {
    let page = page(&etat, &visiteur, Saisie::vide(), None, acces.regions());
    Page(StatusCode::OK, page)
}

/// Announces a webinar.
///
/// # Errors
/// The database's.
pub async fn annoncer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: Organisation,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let maintenant = etat.horloge.maintenant();
    let Some(fiche) = lire(&mut saisie, acces.regions(), None, maintenant) else {
        let page = page(&etat, &visiteur, saisie, None, acces.regions());
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let id = etat.horloge.nouvel_id();
    let mut tx = acces.commencer(&etat.pool, id).await?;
    webinaires::create(&mut tx, id, &fiche, etat.demonstration, maintenant).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(&chemins::webinaire_suivi(id), "annonce")).into_response())
}

/// Shows the form as it is stored.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
) -> Result<Page<PageFiche>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let lien = webinaires::load_lien(&mut tx, &acces).await?;
    tx.commit().await?;
    let w = acces.webinaire();
    let page = page(&etat, &visiteur, montrer(w, &lien), Some(w), &[]);
    Ok(Page(StatusCode::OK, page))
}

/// Saves the form; tells those registered what changed for them, gives new places to those who wait.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let w = acces.webinaire();
    let Some(fiche) = lire(&mut saisie, &[], Some(w), etat.horloge.maintenant()) else {
        let page = page(&etat, &visiteur, saisie, Some(w), &[]);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = webinaires::load_lien(&mut tx, &acces).await?;
    let version = saisie.valeur("version").parse().unwrap_or(-1);
    if !webinaires::save(&mut tx, &acces, &fiche, version).await? {
        let motif = "quelqu’un l’a enregistré entre-temps. Ce que vous avez écrit est gardé ici\u{a0}: relisez, puis enregistrez de nouveau pour le remplacer";
        saisie.refuser("titre", "Ce webinaire", &ErreurChamp::Motif(motif.to_owned()));
        saisie.fixer("version", w.revision.to_string());
        let page = page(&etat, &visiteur, saisie, Some(w), &[]);
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    let autre = (w.debut, w.fin, avant.as_str()) != (fiche.debut, fiche.fin, fiche.lien.as_str());
    apres(&mut tx, &etat, &acces, &fiche, autre).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(&chemins::webinaire_suivi(w.id), "enregistre")).into_response())
}

/// What follows a save, for a webinar that is still to come.
async fn apres(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &WebinaireGere,
    fiche: &Fiche,
    autre: bool,
) -> Result<(), Echec> {
    let maintenant = etat.horloge.maintenant();
    let trouve = webinaires::load(&mut *conn, acces.webinaire().id).await?;
    let Some(w) = trouve.filter(|w| w.ouvert(maintenant)) else {
        return Ok(());
    };
    let avis = |objet| Avis {
        webinaire: &w,
        lien: &fiche.lien,
        objet,
        motif: "",
    };
    if autre {
        let tous = maintenant + TimeDelta::seconds(1);
        for inscrite in inscriptions_webinaire::list_a_prevenir(&mut *conn, acces, tous).await? {
            prevenir(&mut *conn, etat, avis(Objet::Changement), &inscrite, None).await?;
        }
    }
    for promue in inscriptions_webinaire::promouvoir(&mut *conn, acces, maintenant).await? {
        prevenir(&mut *conn, etat, avis(Objet::Place), &promue, None).await?;
    }
    Ok(())
}
