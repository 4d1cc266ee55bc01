//! The mails I receive: how often, kind by kind, and those that were sent to me.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::compte::Compte;
use crate::domain::courriel::{Rythme, Sorte};
use crate::domain::nomenclature::Liste;
use crate::jobs::redaction::sujet;
use crate::store::courriels::{self, Filtre, PAR_PAGE};
use crate::store::transaction;
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Pagination, instant};

/// The page.
#[derive(Template)]
#[template(path = "comptes/courriels.html")]
pub struct Courriels {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    sortes: Vec<(&'static str, &'static str)>,
    rythmes: Vec<Choix>,
    enregistre: bool,
    recus: Vec<Recu>,
    pagination: Pagination,
}

/// A mail sent to me.
struct Recu {
    quand: String,
    sujet: String,
    etat: Etiquette,
}

/// The query.
#[derive(serde::Deserialize)]
pub struct Demande {
    page: Option<u32>,
    enregistre: Option<String>,
}

async fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    compte: &Compte,
    saisie: Saisie,
    demande: &Demande,
) -> Result<Courriels, Echec> {
    let rang = demande.page.unwrap_or(1).max(1);
    let filtre = Filtre {
        compte: Some(compte.id),
        ..Filtre::default()
    };
    let mut conn = etat.pool.acquire().await?;
    let suivis = courriels::list(&mut conn, filtre, rang).await?;
    let total = suivis.first().map_or(0, |s| s.total);
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let recus = suivis.iter().map(|s| {
        Ok(Recu {
            quand: instant(s.cree_le),
            sujet: sujet(&s.evenement)?,
            etat: Etiquette::courriel(s.etat),
        })
    });
    Ok(Courriels {
        habillage: habiller(etat, visiteur, "Mes courriels")
            .retour(chemins::COMPTE, "Mon compte")
            .erreurs(&saisie),
        saisie,
        action: chemins::COMPTE_COURRIELS,
        sortes: Sorte::AU_CHOIX.map(|s| (s.code(), s.libelle())).to_vec(),
        rythmes: Rythme::TOUTES
            .iter()
            .map(|r| Choix::nouveau(r.code(), r.libelle()))
            .collect(),
        enregistre: demande.enregistre.is_some(),
        recus: recus.collect::<askama::Result<_>>().map_err(Echec::interne)?,
        pagination: Pagination::nouvelle(rang, pages, |n| format!("{}?page={n}", chemins::COMPTE_COURRIELS)),
    })
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Query(demande): Query<Demande>,
) -> Result<Page<Courriels>, Echec> {
    let mut saisie = Saisie::vide();
    let mut conn = etat.pool.acquire().await?;
    for sorte in Sorte::AU_CHOIX {
        let rythme = courriels::load_rythme(&mut conn, compte.id, sorte).await?;
        saisie.fixer(sorte.code(), rythme.code());
    }
    drop(conn);
    let page = page(&etat, &visiteur, &compte, saisie, &demande).await?;
    Ok(Page(StatusCode::OK, page))
}

/// Saves how often I want each kind.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut choisis = Vec::new();
    for sorte in Sorte::AU_CHOIX {
        match Rythme::depuis(saisie.valeur(sorte.code())) {
            Some(rythme) => choisis.push((sorte, rythme)),
            None => saisie.refuser(sorte.code(), sorte.libelle(), &ErreurChamp::ChoixRequis),
        }
    }
    if saisie.en_erreur() {
        let demande = Demande {
            page: None,
            enregistre: None,
        };
        let page = page(&etat, &visiteur, &compte, saisie, &demande).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut tx = transaction::commencer(&etat.pool).await?;
    for (sorte, rythme) in choisis {
        courriels::save_rythme(&mut tx, compte.id, sorte, rythme).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("{}?enregistre=oui", chemins::COMPTE_COURRIELS)).into_response())
}
