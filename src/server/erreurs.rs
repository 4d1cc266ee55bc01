//! Errors without a page receive one: a router's 404 or 405, a refused body, a cross-site request, a delay, a panic.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
    },
    middleware::Next,
    response::{Html, IntoResponse, Response},
};

use crate::web::{chemins, entames, probleme::Probleme, requete::Reference};

/// Makes the page of an error, of a deposit sent to this path or of anything else. It receives nothing that could leak: the cause is
/// in the log, under the reference.
pub type PageErreur = Arc<dyn Fn(StatusCode, &Reference, Option<&str>) -> Response + Send + Sync>;

/// Replaces the body of an error that has no page: none, or the plain text of a layer or an extractor. The API's become documents.
///
/// An answer in another type (HTML, JSON) is the handler's own and stays.
pub async fn presenter(State(page): State<PageErreur>, requete: Request, suite: Next) -> Response {
    let reference = requete.extensions().get::<Reference>().cloned();
    let api = chemins::dans_l_api(requete.uri().path());
    let depot = entames::depose(&requete).then(|| requete.uri().path().to_owned());
    let reponse = suite.run(requete).await;
    let statut = reponse.status();
    if !(statut.is_client_error() || statut.is_server_error()) || !est_nue(&reponse) {
        return reponse;
    }
    let reference = reference.unwrap_or_else(Reference::nouvelle);
    let mut presentee = if api {
        Probleme::de_statut(statut, reference.as_str()).into_response()
    } else {
        page(statut, &reference, depot.as_deref())
    };
    *presentee.status_mut() = statut;
    let (origine, _) = reponse.into_parts();
    // `Allow`, `Retry-After` and the cause remain; what described the former body does not, nor what the new one says anew:
    // a browser refuses `Access-Control-Allow-Origin` twice.
    let redites: Vec<HeaderName> = presentee
        .headers()
        .keys()
        .filter(|nom| **nom != VARY)
        .cloned()
        .collect();
    for (nom, valeur) in &origine.headers {
        if ![CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING].contains(nom) && !redites.contains(nom) {
            presentee.headers_mut().append(nom, valeur.clone());
        }
    }
    presentee.extensions_mut().extend(origine.extensions);
    presentee
}

fn est_nue(reponse: &Response) -> bool {
    let sorte = reponse.headers().get(CONTENT_TYPE);
    sorte.is_none_or(|sorte| sorte.as_bytes().starts_with(b"text/plain"))
}

/// A page that depends on nothing: what is shown when there is no better one.
pub fn page_sobre(statut: StatusCode, reference: &Reference) -> Response {
    let titre = match statut {
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::FORBIDDEN => "Demande refusée",
        StatusCode::METHOD_NOT_ALLOWED => "Demande impossible",
        StatusCode::PAYLOAD_TOO_LARGE => "Envoi trop volumineux",
        StatusCode::SERVICE_UNAVAILABLE => "Service momentanément indisponible",
        statut if statut.is_client_error() => "Demande incorrecte",
        _ => "Une erreur est survenue",
    };
    let page = format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>{titre}</title></head><body><main><h1>{titre}</h1>\
         <p>Si le problème persiste, communiquez cette référence à l’assistance\u{a0}: <strong>{reference}</strong>.</p>\
         <p><a href=\"/\">Revenir à l’accueil</a></p></main></body></html>"
    );
    (statut, Html(page)).into_response()
}
