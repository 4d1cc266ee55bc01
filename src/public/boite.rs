//! The mails of a demonstration, read here instead of being received. Outside a demonstration the page does not exist.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;

use crate::domain::courriel::EtatCourriel;
use crate::jobs::redaction::sujet;
use crate::store::courriels::{self, Filtre, PAR_PAGE};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Pagination, instant};

/// The page.
#[derive(Template)]
#[template(path = "public/boite.html")]
pub struct Boite {
    habillage: Habillage,
    courriels: Vec<Ligne>,
    pagination: Pagination,
}

/// A mail of the list.
struct Ligne {
    href: String,
    sujet: String,
    adresse: String,
    quand: String,
}

/// The query.
#[derive(serde::Deserialize)]
pub struct Demande {
    page: Option<u32>,
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] outside a demonstration; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Query(demande): Query<Demande>,
) -> Result<Page<Boite>, Echec> {
    if !etat.demonstration {
        return Err(Echec::introuvable());
    }
    let rang = demande.page.unwrap_or(1).max(1);
    let filtre = Filtre {
        etat: Some(EtatCourriel::Envoye),
        fictifs: true,
        ..Filtre::default()
    };
    let mut conn = etat.pool.acquire().await?;
    let suivis = courriels::list(&mut conn, filtre, rang).await?;
    drop(conn);
    let total = suivis.first().map_or(0, |s| s.total);
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let lignes = suivis.into_iter().map(|s| {
        Ok(Ligne {
            href: chemins::boite_courriel(s.id),
            sujet: sujet(etat.demonstration, &s.evenement)?,
            adresse: s.adresse,
            quand: instant(s.cree_le),
        })
    });
    let page = Boite {
        habillage: habiller(&etat, &visiteur, "Courriels de la démonstration").retour(chemins::ACCUEIL, "Accueil"),
        courriels: lignes.collect::<askama::Result<_>>().map_err(Echec::interne)?,
        pagination: Pagination::nouvelle(rang, pages, |n| format!("{}?page={n}", chemins::BOITE)),
    };
    Ok(Page(StatusCode::OK, page))
}
