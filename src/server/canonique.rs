//! One log line per request, and its measures.
//!
//! The line names the route's template, never the path nor the query: they may hold what someone typed. It carries no
//! address and no name.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header::CONTENT_LENGTH},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use super::statiques;
use crate::web::{
    requete::{Cause, Details, Reference},
    sante,
};

/// The reference, for people who read headers.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What the line says of a request whose client left before the answer (nginx's convention).
const ABANDON: u16 = 499;
/// The route of a request that matches none: one label, whatever scanners invent.
const INCONNUE: &str = "inconnue";

/// Gives the request its [`Reference`] and [`Details`], and writes its line when it ends.
pub async fn journaliser(mut requete: Request, suite: Next) -> Response {
    let reference = Reference::nouvelle();
    let details = Details::default();
    let route = route(&requete).to_owned();
    let mut ligne = Ligne {
        debut: Instant::now(),
        methode: methode(requete.method()),
        route,
        reference: reference.clone(),
        details: details.clone(),
        statut: ABANDON,
        octets: None,
        cause: None,
    };
    let contexte = tracing::info_span!("requete", requete.reference = %reference);
    let entete = HeaderValue::from_str(reference.as_str());
    requete.extensions_mut().insert(reference);
    requete.extensions_mut().insert(details);
    let mut reponse = suite.run(requete).instrument(contexte).await;
    ligne.noter(&reponse);
    if let Ok(entete) = entete {
        reponse.headers_mut().insert(X_REQUEST_ID, entete);
    }
    reponse
}

/// The template of the route. The router gives none for static files, served by prefix.
fn route(requete: &Request) -> &str {
    match requete.extensions().get::<MatchedPath>() {
        Some(route) => route.as_str(),
        None if requete.uri().path().starts_with(statiques::PREFIXE) => statiques::PREFIXE,
        None => INCONNUE,
    }
}

/// The methods we know; others are one label.
fn methode(methode: &Method) -> &'static str {
    match *methode {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "AUTRE",
    }
}

/// The line, written when dropped: also when the client leaves and the request is abandoned.
struct Ligne {
    debut: Instant,
    methode: &'static str,
    route: String,
    reference: Reference,
    details: Details,
    statut: u16,
    octets: Option<u64>,
    cause: Option<String>,
}

impl Ligne {
    fn noter(&mut self, reponse: &Response) {
        self.statut = reponse.status().as_u16();
        self.octets = reponse
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|v| v.to_str().ok()?.parse().ok());
        self.cause = reponse.extensions().get::<Cause>().map(|cause| cause.0.clone());
    }

    fn mesurer(&self) {
        let labels = [("methode", self.methode.to_owned()), ("route", self.route.clone())];
        metrics::histogram!("portail_http_duree_secondes", &labels).record(self.debut.elapsed());
        let [methode, route] = labels;
        metrics::counter!(
            "portail_http_requetes_total",
            &[methode, route, ("statut", self.statut.to_string())]
        )
        .increment(1);
    }
}

/// Writes the line at a level chosen at run time: the macros of `tracing` want it at compile time.
macro_rules! ecrire {
    ($niveau:ident, $ligne:expr) => {
        tracing::$niveau!(
            requete.reference = %$ligne.reference,
            http.methode = $ligne.methode,
            http.route = $ligne.route,
            http.statut = $ligne.statut,
            requete.duree_us = u64::try_from($ligne.debut.elapsed().as_micros()).unwrap_or(u64::MAX),
            reponse.octets = $ligne.octets,
            details = %$ligne.details,
            erreur.cause = $ligne.cause,
            "requête"
        )
    };
}

impl Drop for Ligne {
    fn drop(&mut self) {
        self.mesurer();
        if self.statut >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
            ecrire!(error, self);
        } else if self.statut < 400 && (self.route == sante::VIVANT || self.route == sante::PRET) {
            // A supervisor asks every few seconds: only its failures are news.
            ecrire!(debug, self);
        } else {
            ecrire!(info, self);
        }
    }
}
