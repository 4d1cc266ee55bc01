//! Who did what to the accounts of my OG, and when.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::store::acces::organisme::OrganismeGere;
use crate::store::journal_compte::{self, PAR_PAGE};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Colonne, Pagination, instant};

/// The page.
#[derive(Template)]
#[template(path = "porteur/journal_comptes.html")]
pub struct JournalComptes {
    habillage: Habillage,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
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
    acces: OrganismeGere,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<JournalComptes>, Echec> {
    let rang = demande.page.unwrap_or(1).max(1);
    let mut tx = acces.commencer(&etat.pool).await?;
    let (entrees, total) = journal_compte::list(&mut tx, &acces, i64::from(rang - 1)).await?;
    tx.commit().await?;
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let page = JournalComptes {
        habillage: habiller(&etat, &visiteur, "Journal des comptes").retour(chemins::ORGANISME, "Mon organisme"),
        colonnes: ["Quand", "Qui", "Quoi"].map(Colonne::texte).to_vec(),
        lignes: entrees
            .into_iter()
            .map(|e| vec![instant(e.survenu_le), e.auteur, e.action])
            .collect(),
        pagination: Pagination::nouvelle(rang, pages, |n| format!("{}?page={n}", chemins::JOURNAL_COMPTES)),
    };
    Ok(Page(StatusCode::OK, page))
}
