//! What a handler answers when it cannot do what was asked. It becomes a page with a way out in one
//! layer, which knows how to dress it.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::chemins;
use super::entames;
use super::erreur::{Erreur, PageErreur, VERS_LE_DEPOT};
use super::etat::Etat;
use super::page::{Lien, Page};
use super::pages::habiller;
use super::probleme::Probleme;
use super::reprise::{PageReprise, Reprise};
use super::requete::{Cause, Reference};
use super::script::{self, ParScript};
use super::session::Visiteur;
use crate::store::acces::Refus;

/// A failure, by what the person can do about it.
#[derive(Debug)]
pub enum Echec {
    /// A page that says what happened.
    Page(Erreur),
    /// Log in first, then come back here.
    Connexion(String),
    /// The account may do nothing yet: the page that says what it waits for.
    Attente,
    /// A form that came after its session had ended: kept in the page that answers.
    Reprise(Reprise),
    /// The portal's own fault; the cause goes to the log, never to the page.
    Interne(String),
}

impl Echec {
    /// The portal's own fault.
    pub fn interne(cause: impl std::fmt::Display) -> Self {
        Self::Interne(cause.to_string())
    }

    /// Nothing there, or nothing this person may know of.
    pub fn introuvable() -> Self {
        Self::Page(Erreur::Introuvable)
    }
}

impl From<Erreur> for Echec {
    fn from(erreur: Erreur) -> Self {
        Self::Page(erreur)
    }
}

impl From<sqlx::Error> for Echec {
    fn from(erreur: sqlx::Error) -> Self {
        match erreur {
            sqlx::Error::RowNotFound => Self::Page(Erreur::Introuvable),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Page(Erreur::Indisponible)
            }
            autre => Self::interne(autre),
        }
    }
}

impl From<Refus> for Echec {
    fn from(refus: Refus) -> Self {
        match refus {
            Refus::Absent => Self::Page(Erreur::Introuvable),
            Refus::Role(_) | Refus::Place => Self::Page(Erreur::Interdit),
            Refus::Expiree => Self::Page(Erreur::InvitationExpiree),
            Refus::Abandonne => Self::Page(Erreur::Abandonne),
            Refus::Depose => Self::Page(Erreur::Depose),
            Refus::NonDepose => Self::Page(Erreur::NonDepose),
            Refus::Base(erreur) => erreur.into(),
        }
    }
}

impl IntoResponse for Echec {
    fn into_response(self) -> Response {
        match self {
            Self::Attente => (StatusCode::SEE_OTHER, [(header::LOCATION, chemins::ATTENTE)]).into_response(),
            Self::Connexion(adresse) => (StatusCode::SEE_OTHER, [(header::LOCATION, adresse)]).into_response(),
            Self::Reprise(reprise) => {
                let mut reponse = StatusCode::FORBIDDEN.into_response();
                reponse.extensions_mut().insert(reprise);
                reponse
            }
            Self::Page(erreur) => {
                let mut reponse = erreur.statut().into_response();
                reponse.extensions_mut().insert(erreur);
                reponse
            }
            Self::Interne(cause) => {
                let erreur = Erreur::Interne {
                    reference: String::new(),
                };
                let mut reponse = (Cause(cause), erreur.statut()).into_response();
                reponse.extensions_mut().insert(erreur);
                reponse
            }
        }
    }
}

/// Layer: turns the failures of the handlers into pages, or into what the page's script reads.
pub async fn en_page(State(etat): State<Etat>, requete: Request, suite: Next) -> Response {
    let visiteur = requete.extensions().get::<Visiteur>().cloned().unwrap_or_default();
    let reference = requete
        .extensions()
        .get::<Reference>()
        .map(|r| r.as_str().to_owned())
        .unwrap_or_default();
    let ParScript(par_script) = ParScript::de(requete.headers());
    let api = chemins::dans_l_api(requete.uri().path());
    let depot = entames::depose(&requete).then(|| requete.uri().path().to_owned());
    let mut reponse = suite.run(requete).await;
    if let Some(reprise) = reponse.extensions_mut().remove::<Reprise>() {
        if par_script {
            return script::session_finie();
        }
        let page = PageReprise::nouvelle(&etat, &visiteur, reprise);
        return Page(StatusCode::FORBIDDEN, page).into_response();
    }
    let Some(erreur) = reponse.extensions().get::<Erreur>().cloned() else {
        return reponse;
    };
    let erreur = match erreur {
        erreur if depot.is_some() && erreur.statut().is_server_error() => Erreur::DepotSansReponse { reference },
        Erreur::Interne { .. } => Erreur::Interne { reference },
        autre => autre,
    };
    if api {
        let mut refus = Probleme::de(&erreur).into_response();
        garder_les_entetes(&mut refus, &mut reponse);
        return refus;
    }
    if par_script {
        let mut refus = script::refus(&erreur);
        refus.extensions_mut().extend(std::mem::take(reponse.extensions_mut()));
        return refus;
    }
    let habillage = habiller(&etat, &visiteur, erreur.titre());
    let mut page = PageErreur::nouvelle(habillage, erreur);
    if let Some(chemin) = depot {
        page = page.issue(Lien::nouveau(VERS_LE_DEPOT, chemin));
    }
    let mut page = page.into_response();
    garder_les_entetes(&mut page, &mut reponse);
    page
}

/// What was known of the failure beside its page: its cause, for the log, and what is left of a quota.
fn garder_les_entetes(page: &mut Response, origine: &mut Response) {
    for (nom, valeur) in origine.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(nom) {
            page.headers_mut().entry(nom).or_insert(valeur.clone());
        }
    }
    if let Some(cause) = origine.extensions_mut().remove::<Cause>() {
        page.extensions_mut().insert(cause);
    }
}
