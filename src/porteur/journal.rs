//! Who did what on the dossier, when, before and after.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::atelier::Atelier;
use super::cadre::Cadre;
use super::vues::instant;
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::journal::{self, Ecrit, PAR_PAGE};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::Pagination;

/// The page.
#[derive(Template)]
#[template(path = "porteur/journal.html")]
pub struct Journal {
    habillage: Habillage,
    cadre: Cadre,
    entrees: Vec<Ecrit>,
    pagination: Pagination,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    page: Option<u32>,
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Journal>, Echec> {
    let rang = demande.page.unwrap_or(1).max(1);
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let (entrees, total) = journal::list(&mut tx, &acces, i64::from(rang - 1)).await?;
    tx.commit().await?;
    let ici = chemins::journal(acces.dossier());
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let page = Journal {
        habillage: habiller(&etat, &visiteur, "Journal du dossier")
            .retour(chemins::dossier(acces.dossier()), "Étapes du dossier"),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        entrees,
        pagination: Pagination::nouvelle(rang, pages, |n| format!("{ici}?page={n}")),
    };
    Ok(Page(StatusCode::OK, page))
}

impl Journal {
    #[expect(clippy::unused_self, reason = "templates call it on the page they draw")]
    fn quand(&self, entree: &Ecrit) -> String {
        instant(entree.survenu_le)
    }
}
