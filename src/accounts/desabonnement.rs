//! Stops mails of one kind from the link that each of them holds, without logging in. Reading the link changes
//! nothing: mail filters follow links.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::courriel::{Rythme, Sorte};
use crate::domain::nomenclature::Liste;
use crate::store::{courriels, transaction};
use crate::web::acces::JetonDeDesabonnement;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "comptes/desabonnement.html")]
pub struct Desabonnement {
    habillage: Habillage,
    action: String,
    sortes: Vec<&'static str>,
    fait: bool,
    preferences: &'static str,
}

fn page(etat: &Etat, visiteur: &Visiteur, action: String, sortes: &[Sorte], fait: bool) -> Page<Desabonnement> {
    let page = Desabonnement {
        habillage: habiller(etat, visiteur, "Ne plus recevoir ces courriels"),
        action,
        sortes: sortes.iter().copied().map(Liste::libelle).collect(),
        fait,
        preferences: chemins::COMPTE_COURRIELS,
    };
    Page(StatusCode::OK, page)
}

/// Asks for a confirmation.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown token; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    JetonDeDesabonnement(jeton): JetonDeDesabonnement,
) -> Result<Page<Desabonnement>, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let lien = courriels::load_desabonnement(&mut conn, jeton)
        .await?
        .ok_or_else(Echec::introuvable)?;
    drop(conn);
    Ok(page(
        &etat,
        &visiteur,
        chemins::desabonnement(jeton),
        &lien.sortes,
        false,
    ))
}

/// Stops them. Answers 200 rather than a redirect: a mail service also posts here by itself (RFC 8058), and is not to
/// be redirected. The token in the address is the proof; the body says nothing more.
///
/// # Errors
/// As [`afficher`].
pub async fn desabonner(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    JetonDeDesabonnement(jeton): JetonDeDesabonnement,
) -> Result<Page<Desabonnement>, Echec> {
    let mut tx = transaction::commencer(&etat.pool).await?;
    let lien = courriels::load_desabonnement(&mut tx, jeton)
        .await?
        .ok_or_else(Echec::introuvable)?;
    for sorte in &lien.sortes {
        courriels::save_rythme(&mut tx, lien.compte, *sorte, Rythme::Jamais).await?;
    }
    tx.commit().await?;
    Ok(page(
        &etat,
        &visiteur,
        chemins::desabonnement(jeton),
        &lien.sortes,
        true,
    ))
}
