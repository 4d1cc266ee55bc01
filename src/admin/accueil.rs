//! What an administrator finds first: the registry, its last import; the mails that did not leave.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::courriel::EtatCourriel;
use crate::store::courriels::{self, Filtre};
use crate::store::registre::date_du_repertoire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::{Depart, Etat};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "administration/accueil.html")]
pub struct Accueil {
    habillage: Habillage,
    imports: &'static str,
    fraicheur: String,
    courriels: &'static str,
    abandonnes: i64,
    sans_serveur: bool,
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Result<Page<Accueil>, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let fraicheur = match date_du_repertoire(&mut conn).await? {
        Some(f) => format!("Données du {}.", f.jour()),
        None => "Aucun fichier n’a encore été importé.".to_owned(),
    };
    let filtre = Filtre {
        etat: Some(EtatCourriel::Abandonne),
        ..Filtre::default()
    };
    let abandonnes = courriels::list(&mut conn, filtre, 1).await?;
    let habillage = habiller(&etat, &visiteur, "Administration");
    Ok(Page(
        StatusCode::OK,
        Accueil {
            habillage,
            imports: chemins::IMPORTS,
            fraicheur,
            courriels: chemins::COURRIELS,
            abandonnes: abandonnes.first().map_or(0, |c| c.total),
            sans_serveur: etat.courrier.depart == Depart::Aucun,
        },
    ))
}
