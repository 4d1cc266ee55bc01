//! `POST /api/simulations`: the contract. The same as the command line's, what the request leaves unsaid being taken
//! from the registry.

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::{Refus, json};
use crate::rules::evaluation::Evaluation;
use crate::simulation::document::DemandeSimulation;
use crate::simulation::{Demande, Erreurs, OCTETS_MAXIMUM, en_texte, repondre};
use crate::store::simulation::completer;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::probleme::{Faute, Probleme};

/// Judges a request.
///
/// # Errors
/// [`Probleme`] for what cannot be read; the database's.
#[utoipa::path(
    post,
    path = chemins::API_SIMULATIONS,
    tag = "Simulation",
    operation_id = "simuler",
    summary = "Simuler une grappe",
    description = "Rend le verdict de chaque règle de l’appel à projets, la procédure d’achat et le financement. Un fait \
        absent de la demande, ou nul, est inconnu\u{a0}; le portail le complète s’il le lit au répertoire FINESS ou au \
        référentiel des solutions. Rien n’est enregistré. La demande compte au plus 1\u{a0}Mio, 500\u{a0}ESSMS et 500\u{a0}organismes, \
        chacun donné une seule fois\u{a0}; une liste de codes ne répète aucune valeur. Chaque faute est dite, avec l’endroit où elle \
        est.",
    request_body(content = DemandeSimulation, content_type = "application/json", description = "Ce qui est dit de la grappe"),
    responses(
        (status = 200, description = "Le verdict", body = Evaluation, content_type = "application/json"),
        (status = 413, description = "Plus d’1\u{a0}Mio", body = Probleme, content_type = "application/problem+json"),
        (status = 415, description = "Autre chose que du JSON", body = Probleme, content_type = "application/problem+json"),
        (status = 422, description = "Demande illisible\u{a0}: «\u{a0}erreurs\u{a0}» dit où et pourquoi", body = Probleme,
            content_type = "application/problem+json"),
        (status = 429, description = "Trop de demandes\u{a0}: l’en-tête Retry-After dit quand recommencer", body = Probleme,
            content_type = "application/problem+json"),
    )
)]
pub async fn simuler(State(etat): State<Etat>, entetes: HeaderMap, requete: Request) -> Result<Response, Refus> {
    if !est_json(&entetes) {
        return Err(Probleme::type_refuse().into());
    }
    let octets = recevoir(requete).await?;
    let mut demande = en_texte(&octets)
        .and_then(|texte| Demande::lire(texte, &etat.editions))
        .map_err(illisible)?;
    let edition = demande.edition(&etat.editions).map_err(illisible)?;
    let mut conn = etat.pool.acquire().await?;
    completer(&mut conn, &mut demande.faits).await?;
    drop(conn);
    repondre(edition, &demande.faits)
        .map(json)
        .map_err(|erreurs| Refus::Echec(Echec::interne(erreurs.json())))
}

/// `application/json`, with or without its charset.
fn est_json(entetes: &HeaderMap) -> bool {
    let genre = entetes.get(header::CONTENT_TYPE).and_then(|g| g.to_str().ok());
    genre
        .and_then(|g| g.split(';').next())
        .is_some_and(|g| g.trim().eq_ignore_ascii_case("application/json"))
}

async fn recevoir(requete: Request) -> Result<Bytes, Refus> {
    let octets = Bytes::from_request(requete, &()).await.map_err(|refus| {
        let trop = refus.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
        Refus::Echec(Echec::Page(if trop {
            Erreur::TropVolumineux
        } else {
            Erreur::Illisible
        }))
    })?;
    if octets.len() > OCTETS_MAXIMUM {
        return Err(Refus::Echec(Erreur::TropVolumineux.into()));
    }
    Ok(octets)
}

fn illisible(erreurs: Erreurs) -> Refus {
    let fautes = erreurs.erreurs.into_iter().map(|faute| Faute {
        chemin: faute.chemin,
        message: faute.message,
    });
    Probleme::illisible(fautes.collect()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_told_by_its_type_whatever_its_charset() {
        let dit = |genre: &'static str| {
            est_json(&HeaderMap::from_iter([(
                header::CONTENT_TYPE,
                axum::http::HeaderValue::from_static(genre),
            )]))
        };
        assert!(dit("application/json") && dit("Application/JSON; charset=utf-8"));
        assert!(!dit("text/plain") && !dit("application/json5") && !est_json(&HeaderMap::new()));
    }
}
