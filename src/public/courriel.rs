//! One mail of a demonstration: its text version in the page, its HTML version by itself, under a policy of its own.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use crate::jobs::redaction::{Redige, rediger};
use crate::store::courriels::{self, APoster};
use crate::web::acces::NumeroDeCourriel;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Ligne, instant};

/// A mail has the styles it holds and nothing else: no script, no form, no origin.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                   sandbox allow-top-navigation-by-user-activation";

/// The page.
#[derive(Template)]
#[template(path = "public/courriel.html")]
pub struct Courriel {
    habillage: Habillage,
    lignes: Vec<Ligne>,
    texte: String,
    html: String,
}

/// A mail that the visitors of a demonstration may read, in words.
async fn lire(etat: &Etat, id: Uuid) -> Result<(APoster, Redige), Echec> {
    if !etat.demonstration {
        return Err(Echec::introuvable());
    }
    let mut conn = etat.pool.acquire().await?;
    if !courriels::est_fictif(&mut conn, id).await? {
        return Err(Echec::introuvable());
    }
    let courriel = courriels::load(&mut conn, id).await?.ok_or_else(Echec::introuvable)?;
    let redige = rediger(etat, &courriel).map_err(Echec::interne)?;
    Ok((courriel, redige))
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] outside a demonstration; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    NumeroDeCourriel(id): NumeroDeCourriel,
) -> Result<Page<Courriel>, Echec> {
    let (courriel, redige) = lire(&etat, id).await?;
    let page = Courriel {
        habillage: habiller(&etat, &visiteur, redige.sujet.clone())
            .retour(chemins::BOITE, "Courriels de la démonstration"),
        lignes: vec![
            Ligne::nouvelle("Destinataire", courriel.adresse),
            Ligne::nouvelle("Objet", redige.sujet),
            Ligne::nouvelle("Écrit le", instant(courriel.cree_le)),
        ],
        texte: redige.texte,
        html: chemins::boite_html(id),
    };
    Ok(Page(StatusCode::OK, page))
}

/// Shows the HTML version.
///
/// # Errors
/// As [`afficher`].
pub async fn afficher_html(
    State(etat): State<Etat>,
    NumeroDeCourriel(id): NumeroDeCourriel,
) -> Result<Response, Echec> {
    let (_, redige) = lire(&etat, id).await?;
    Ok(([(header::CONTENT_SECURITY_POLICY, CSP)], Html(redige.html)).into_response())
}
