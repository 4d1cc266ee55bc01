//! What differs between a deposit and the one before it; between the draft and its last deposit.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::atelier::Atelier;
use super::cadre::Cadre;
use crate::domain::dossier::EtatDossier;
use crate::domain::dossier::fige::Contenu;
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::depots::{self, Depot};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::instant_exact;

/// The page.
#[derive(Template)]
#[template(path = "porteur/differences.html")]
pub struct Differences {
    habillage: Habillage,
    cadre: Cadre,
    /// What is compared, before and after.
    avant: String,
    apres: String,
    tableau: crate::web::differences::Differences,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// Rank of the deposit that is compared with the one before; none: the dossier as it stands.
    pub depot: Option<i32>,
}

/// What is compared: the later content, and the deposit before it.
async fn comparees(
    conn: &mut sqlx::PgConnection,
    acces: &DossierLisible,
    atelier: &Atelier<'_>,
    demande: &Demande,
) -> Result<(Depot, (String, Contenu)), Echec> {
    let dernier = depots::load_dernier(conn, acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    if demande.depot.is_none() && atelier.dossier.etat != EtatDossier::Depose {
        let maintenant = Contenu::du_dossier(&atelier.dossier, atelier.instant);
        return Ok((dernier, ("Brouillon actuel".to_owned(), maintenant)));
    }
    let rang = demande.depot.unwrap_or(dernier.rang);
    let avant = depots::load(conn, acces, rang - 1).await?;
    let apres = depots::load(conn, acces, rang).await?;
    let (avant, apres) = avant.zip(apres).ok_or_else(Echec::introuvable)?;
    let contenu = apres.lire().map_err(Echec::interne)?;
    Ok((avant, (nommer(&apres), contenu)))
}

fn nommer(depot: &Depot) -> String {
    format!(
        "Dépôt numéro\u{a0}{}, arrivé le {}",
        depot.rang,
        instant_exact(depot.depose_le)
    )
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] when there is nothing to compare; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Differences>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let (avant, (nom, apres)) = comparees(&mut tx, &acces, &atelier, &demande).await?;
    let contenu = avant.lire().map_err(Echec::interne)?;
    let tableau =
        crate::web::differences::Differences::entre(&mut tx, &atelier.dossier, Some(atelier.edition), &contenu, &apres)
            .await?;
    tx.commit().await?;
    let id = acces.dossier();
    let page = Differences {
        habillage: habiller(&etat, &visiteur, "Ce qui a changé depuis le dépôt précédent")
            .retour(chemins::depot(id), "Récapitulatif et dépôt"),
        cadre: Cadre::nouveau(
            &atelier,
            acces.compte(),
            &chemins::differences(id),
            None,
            visiteur.jeton_csrf(),
        ),
        avant: nommer(&avant),
        apres: nom,
        tableau,
    };
    Ok(Page(StatusCode::OK, page))
}
