//! How long a request may take and how much it may send: little, except for an upload of pieces.

use std::time::Duration;

use axum::{
    extract::{DefaultBodyLimit, Request, State},
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use crate::{
    config::Http,
    web::{
        acces::{AVEC_FICHIERS, est_de_type},
        requete::Cause,
    },
};

/// The two sets of limits.
#[derive(Clone, Copy, Debug)]
pub struct Limites {
    formulaire: Limite,
    envoi: Limite,
}

#[derive(Clone, Copy, Debug)]
struct Limite {
    delai: Duration,
    octets: usize,
}

impl Limites {
    /// As configured.
    pub fn de(http: &Http) -> Self {
        Self {
            formulaire: Limite {
                delai: http.delai_requete,
                octets: http.taille_formulaire,
            },
            envoi: Limite {
                delai: http.delai_envoi,
                octets: http.taille_envoi,
            },
        }
    }

    fn pour(self, requete: &Request) -> Limite {
        let sorte = requete.headers().get(CONTENT_TYPE);
        let envoi = sorte.is_some_and(|sorte| est_de_type(sorte, AVEC_FICHIERS));
        if envoi { self.envoi } else { self.formulaire }
    }
}

/// Refuses at once what announces too much, bounds what the extractors read, and gives up after the delay.
pub async fn limiter(State(limites): State<Limites>, mut requete: Request, suite: Next) -> Response {
    let Limite { delai, octets } = limites.pour(&requete);
    let annonce = requete
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|valeur| valeur.to_str().ok()?.parse::<usize>().ok());
    if annonce.is_some_and(|annonce| annonce > octets) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    DefaultBodyLimit::max(octets).apply(&mut requete);
    let Ok(reponse) = timeout(delai, suite.run(requete)).await else {
        let cause = Cause(format!("délai de {} ms dépassé", delai.as_millis()));
        return (StatusCode::SERVICE_UNAVAILABLE, cause, ()).into_response();
    };
    reponse
}
