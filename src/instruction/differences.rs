//! What differs between the deposit examined and the one before, for the instructor.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::store::acces::{DossierInstruit, Lecture};
use crate::store::depots::{self, Depot};
use crate::store::dossiers;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::instant_exact;

/// The page.
#[derive(Template)]
#[template(path = "instruction/differences.html")]
pub struct Differences {
    habillage: Habillage,
    reference: String,
    avant: String,
    apres: String,
    tableau: crate::web::differences::Differences,
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] when the dossier was deposited once only; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierInstruit,
) -> Result<Page<Differences>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::load(&mut tx, &acces).await?;
    let apres = depots::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    let avant = depots::load(&mut tx, &acces, apres.rang - 1)
        .await?
        .ok_or_else(Echec::introuvable)?;
    let contenus = avant.lire().and_then(|a| Ok((a, apres.lire()?)));
    let (contenu_avant, contenu_apres) = contenus.map_err(Echec::interne)?;
    let tableau = crate::web::differences::Differences::entre(
        &mut tx,
        &dossier,
        etat.edition(&dossier.edition),
        &contenu_avant,
        &contenu_apres,
    )
    .await?;
    tx.commit().await?;
    let nommer = |d: &Depot| format!("Dépôt numéro\u{a0}{}, arrivé le {}", d.rang, instant_exact(d.depose_le));
    let page = Differences {
        habillage: habiller(&etat, &visiteur, "Différences avec le dépôt précédent")
            .retour(chemins::instruction_dossier(acces.dossier()), dossier.reference.clone()),
        reference: dossier.reference.clone(),
        avant: nommer(&avant),
        apres: nommer(&apres),
        tableau,
    };
    Ok(Page(StatusCode::OK, page))
}
