//! My open sessions: a person who sees one that is not theirs closes it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use uuid::Uuid;

use crate::store;
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::{self, Visiteur};
use crate::web::vue::instant;

/// What the button that closes them all sends.
const AUTRES: &str = "autres";

/// The page.
#[derive(Template)]
#[template(path = "comptes/sessions.html")]
pub struct Sessions {
    habillage: Habillage,
    action: &'static str,
    ouvertes: Vec<Vue>,
    /// What was just done, in words.
    fait: &'static str,
}

/// A session of the list.
struct Vue {
    id: String,
    navigateur: String,
    ouverte_le: String,
    derniere_visite: String,
    celle_ci: bool,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

/// Shows the list.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Sessions>, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let ouvertes = session::lister(&mut conn, &etat, &visiteur).await?;
    let vue = |s: store::sessions::Ouverte| Vue {
        id: s.id.to_string(),
        navigateur: if s.navigateur.is_empty() {
            "Navigateur inconnu".to_owned()
        } else {
            s.navigateur
        },
        ouverte_le: instant(s.cree_le),
        derniere_visite: instant(s.vue_le),
        celle_ci: s.celle_ci,
    };
    let page = Sessions {
        habillage: habiller(&etat, &visiteur, "Mes sessions").retour(chemins::COMPTE, "Mon compte"),
        action: chemins::COMPTE_SESSIONS,
        ouvertes: ouvertes.into_iter().map(vue).collect(),
        fait: match demande.fait.as_deref() {
            Some(AUTRES) => "Les autres sessions sont fermées.",
            Some(_) => "La session est fermée.",
            None => "",
        },
    };
    Ok(Page(StatusCode::OK, page))
}

/// Closes one, or all the others. One closed already is closed all the same.
///
/// # Errors
/// The database's.
pub async fn fermer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Formulaire(saisie): Formulaire,
) -> Result<Redirect, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let laquelle = saisie.valeur("session");
    let fait = if laquelle == AUTRES {
        session::fermer_les_autres(&mut conn, &visiteur).await?;
        AUTRES
    } else {
        if let Ok(id) = Uuid::parse_str(laquelle) {
            store::sessions::delete_une(&mut conn, compte.id, id).await?;
        }
        "fermeture"
    };
    Ok(Redirect::to(&chemins::fait(chemins::COMPTE_SESSIONS, fait)))
}
