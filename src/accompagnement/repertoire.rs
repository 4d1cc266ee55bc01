//! Searches the registry of ESSMS: by name, commune, number or OG.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::registre::{EssmsRegistre, date_du_repertoire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// A page of results; another word narrows the rest.
const RESULTATS: i64 = 50;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/repertoire.html")]
pub struct Repertoire {
    habillage: Habillage,
    ici: &'static str,
    texte: String,
    cherche: bool,
    fraicheur: String,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
}

/// The query.
#[derive(serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
}

/// Shows the search and its results.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Query(demande): Query<Demande>,
) -> Result<Page<Repertoire>, Echec> {
    let texte = demande.q.unwrap_or_default().trim().to_owned();
    let mut conn = etat.pool.acquire().await?;
    let trouves = if texte.is_empty() {
        Vec::new()
    } else {
        chercher_essms(&mut conn, &texte, &FiltresEssms::default(), RESULTATS).await?
    };
    let fraicheur = match date_du_repertoire(&mut conn).await? {
        Some(f) => format!("Répertoire FINESS au {}.", f.de(&trouves).jour()),
        None => "Le répertoire FINESS n’est pas encore chargé.".to_owned(),
    };
    let page = Repertoire {
        habillage: habiller(&etat, &visiteur, "Répertoire des ESSMS"),
        ici: chemins::ACCOMPAGNEMENT,
        cherche: !texte.is_empty(),
        texte,
        fraicheur,
        colonnes: [
            "Nom",
            "FINESS",
            "Organisme gestionnaire",
            "Commune",
            "Catégorie",
            "État",
        ]
        .map(Colonne::texte)
        .to_vec(),
        lignes: trouves.iter().map(ligne).collect(),
    };
    Ok(Page(StatusCode::OK, page))
}

fn ligne(e: &EssmsRegistre) -> Vec<String> {
    vec![
        e.nom.clone(),
        e.finess.to_string(),
        e.organisme_affiche(),
        e.commune.clone(),
        e.categorie_affichee(),
        e.etat.libelle().to_owned(),
    ]
}
