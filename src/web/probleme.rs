//! Failures of the API: problem details (RFC 9457), where a page would have been shown.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::chemins;
use super::erreur::Erreur;

/// Type of the documents.
pub const TYPE: &str = "application/problem+json";

/// One thing wrong in what was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Faute {
    /// Where, such as `essms[3].finess`; empty for the whole document.
    pub chemin: String,
    /// What is wrong.
    pub message: String,
}

/// A failure, as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Probleme {
    /// Kind of problem: none is further specified than its status.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub genre: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// Every fault of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub erreurs: Vec<Faute>,
    /// Number that the logs hold too, for a fault of the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Seconds before trying again.
    #[serde(skip)]
    pub attendre_s: Option<u32>,
}

impl Probleme {
    /// A failure of this status.
    pub fn nouveau(statut: StatusCode, titre: &'static str, detail: impl Into<String>) -> Self {
        Self {
            genre: "about:blank",
            title: titre,
            status: statut.as_u16(),
            detail: detail.into(),
            erreurs: Vec::new(),
            reference: None,
            attendre_s: None,
        }
    }

    /// What was sent cannot be read.
    pub fn illisible(erreurs: Vec<Faute>) -> Self {
        let detail = "Corrigez ce que la liste «\u{a0}erreurs\u{a0}» désigne, puis recommencez.";
        Self {
            erreurs,
            ..Self::nouveau(StatusCode::UNPROCESSABLE_ENTITY, "Demande illisible", detail)
        }
    }

    /// What was sent is not of a type that is read.
    pub fn type_refuse() -> Self {
        let detail = "Envoyez un document JSON, avec l’en-tête Content-Type: application/json.";
        Self::nouveau(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Type de document non lu", detail)
    }

    /// What a page of error would say.
    pub fn de(erreur: &Erreur) -> Self {
        match erreur {
            Erreur::Introuvable => Self::nouveau(
                StatusCode::NOT_FOUND,
                "Rien à cette adresse",
                format!("Les adresses de l’API sont décrites à {}.", chemins::API),
            ),
            Erreur::TropVolumineux => Self {
                erreurs: vec![Faute {
                    chemin: String::new(),
                    message: "le document dépasse 1\u{a0}Mio".to_owned(),
                }],
                ..Self::nouveau(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "Document trop volumineux",
                    "Un document compte au plus 1\u{a0}Mio.",
                )
            },
            Erreur::TypeInattendu => Self::type_refuse(),
            Erreur::TropDeRequetes { attendre_s } => Self {
                attendre_s: Some(*attendre_s),
                ..Self::nouveau(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Trop de demandes",
                    format!("Recommencez dans {attendre_s}\u{a0}s."),
                )
            },
            Erreur::Indisponible => Self {
                attendre_s: Some(30),
                ..Self::nouveau(erreur.statut(), erreur.titre(), "Recommencez dans quelques minutes.")
            },
            Erreur::Interne { .. } => Self {
                reference: erreur.reference().map(str::to_owned),
                ..Self::nouveau(
                    erreur.statut(),
                    erreur.titre(),
                    "La cause est dans le journal du portail.",
                )
            },
            autre => Self::nouveau(autre.statut(), autre.titre(), autre.paragraphes().join(" ")),
        }
    }

    /// A bare status, from a layer that knows nothing else.
    pub fn de_statut(statut: StatusCode, reference: &str) -> Self {
        match statut {
            StatusCode::NOT_FOUND => Self::de(&Erreur::Introuvable),
            StatusCode::METHOD_NOT_ALLOWED => Self::nouveau(
                statut,
                "Méthode non admise à cette adresse",
                "L’en-tête Allow donne les méthodes admises.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::de(&Erreur::TropVolumineux),
            StatusCode::SERVICE_UNAVAILABLE => Self::de(&Erreur::Indisponible),
            statut if statut.is_client_error() => Self::nouveau(
                statut,
                "Demande refusée",
                "La demande n’est pas de la forme que l’API décrit.",
            ),
            _ => Self::de(&Erreur::Interne {
                reference: reference.to_owned(),
            }),
        }
    }
}

impl IntoResponse for Probleme {
    fn into_response(self) -> Response {
        let statut = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let entetes = [
            (header::CONTENT_TYPE, HeaderValue::from_static(TYPE)),
            // A layer outside those of the API answers too: what was wrong is readable from everywhere.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        ];
        let corps = serde_json::to_vec(&self).unwrap_or_default();
        let mut reponse = (statut, entetes, corps).into_response();
        if let Some(secondes) = self.attendre_s {
            reponse
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(secondes));
        }
        reponse
    }
}
