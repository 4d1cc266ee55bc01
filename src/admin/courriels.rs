//! Mails: what left, what waits, what was given up and why; one that was given up may be tried again.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::domain::courriel::EtatCourriel;
use crate::domain::nomenclature::Liste;
use crate::jobs::redaction::sujet;
use crate::store::courriels::{self, Filtre, PAR_PAGE, Suivi};
use crate::store::{transaction, travaux};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::{Depart, Etat};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Pagination, instant};

/// The page.
#[derive(Template)]
#[template(path = "administration/courriels.html")]
pub struct Courriels {
    habillage: Habillage,
    action: String,
    sans_serveur: bool,
    repris: bool,
    filtres: Vec<Lien>,
    lignes: Vec<Ligne>,
    pagination: Pagination,
}

/// A mail of the list.
struct Ligne {
    id: Uuid,
    adresse: String,
    sujet: String,
    quand: String,
    etat: Etiquette,
    /// When it is tried next, after a failure.
    reprise: Option<String>,
    abandonne: bool,
    /// When, and what was answered.
    tentatives: Vec<(String, String)>,
}

/// The query.
#[derive(serde::Deserialize)]
pub struct Demande {
    etat: Option<String>,
    page: Option<u32>,
    repris: Option<String>,
}

/// The list in a state, at a page.
fn adresse(etat: Option<EtatCourriel>, page: u32) -> String {
    let etat = etat.map_or("", Liste::code);
    format!("{}?etat={etat}&page={page}", chemins::COURRIELS)
}

fn ligne(suivi: &Suivi) -> askama::Result<Ligne> {
    Ok(Ligne {
        id: suivi.id,
        adresse: suivi.adresse.clone(),
        sujet: sujet(&suivi.evenement)?,
        quand: instant(suivi.cree_le),
        etat: Etiquette::courriel(suivi.etat),
        reprise: suivi.pret_le.filter(|_| !suivi.tentatives.is_empty()).map(instant),
        abandonne: suivi.etat == EtatCourriel::Abandonne,
        tentatives: suivi
            .tentatives
            .iter()
            .map(|t| {
                let issue = if t.reussie { "parti" } else { "échec" };
                (instant(t.survenue_le), format!("{issue}\u{a0}: {}", t.reponse))
            })
            .collect(),
    })
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Query(demande): Query<Demande>,
) -> Result<Page<Courriels>, Echec> {
    let rang = demande.page.unwrap_or(1).max(1);
    let choisi = demande.etat.as_deref().and_then(EtatCourriel::depuis);
    let filtre = Filtre {
        etat: choisi,
        ..Filtre::default()
    };
    let mut conn = etat.pool.acquire().await?;
    let suivis = courriels::list(&mut conn, filtre, rang).await?;
    drop(conn);
    let total = suivis.first().map_or(0, |s| s.total);
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let lignes: askama::Result<Vec<Ligne>> = suivis.iter().map(ligne).collect();
    let tous = std::iter::once((None, "Tous"));
    let filtres = tous
        .chain(EtatCourriel::TOUTES.iter().map(|e| (Some(*e), e.libelle())))
        .map(|(e, libelle)| Lien::nouveau(libelle, adresse(e, 1)).courant_si(|_| e == choisi));
    let page = Courriels {
        habillage: habiller(&etat, &visiteur, "Courriels").retour(chemins::ADMINISTRATION, "Administration"),
        action: adresse(choisi, rang),
        sans_serveur: etat.courrier.depart == Depart::Aucun,
        repris: demande.repris.is_some(),
        filtres: filtres.collect(),
        lignes: lignes.map_err(Echec::interne)?,
        pagination: Pagination::nouvelle(rang, pages, |n| adresse(choisi, n)),
    };
    Ok(Page(StatusCode::OK, page))
}

/// Tries again a mail that was given up.
///
/// # Errors
/// [`Echec::introuvable`] for a mail that was not; the database's.
pub async fn reessayer(State(etat): State<Etat>, Formulaire(saisie): Formulaire) -> Result<Response, Echec> {
    let id = Uuid::parse_str(saisie.valeur("courriel")).map_err(|_| Echec::introuvable())?;
    let mut tx = transaction::commencer(&etat.pool).await?;
    if !travaux::retry(&mut tx, id, etat.horloge.maintenant()).await? {
        return Err(Echec::introuvable());
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}?repris=oui", chemins::COURRIELS)).into_response())
}
