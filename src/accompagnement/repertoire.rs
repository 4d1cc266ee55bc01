//! Searches the registry of ESSMS: by name, commune, number or OG.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::compte::Profil;
use crate::domain::nomenclature::Liste;
use crate::store::demandes;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::registre::{EssmsRegistre, date_du_repertoire};
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::recherche::VueRecherche;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// Results on a page.
const RESULTATS: u32 = 50;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/repertoire.html")]
pub struct Repertoire {
    habillage: Habillage,
    ici: &'static str,
    recherche: Option<VueRecherche>,
    fraicheur: String,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
    demandes: &'static str,
    attendues: usize,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
    page: Option<u32>,
}

/// Shows the search and its results.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Repertoire>, Echec> {
    let texte = demande.q.unwrap_or_default().trim().to_owned();
    let mut conn = etat.pool.acquire().await?;
    let trouves = if texte.is_empty() {
        None
    } else {
        let page = demande.page.unwrap_or(1);
        Some(chercher_essms(&mut conn, &texte, &FiltresEssms::default(), page, RESULTATS).await?)
    };
    let attendues = match &compte.profil {
        Profil::Accompagnement { regions } => demandes::list(
            &mut conn,
            &demandes::Perimetre::Regions(regions, etat.horloge.maintenant()),
        )
        .await?
        .len(),
        _ => 0,
    };
    let fraicheur = match date_du_repertoire(&mut conn).await? {
        Some(f) => format!(
            "Répertoire FINESS au {}.",
            f.de(trouves.iter().flat_map(|t| &t.essms)).jour()
        ),
        None => "Le répertoire FINESS n’est pas encore chargé.".to_owned(),
    };
    let page = Repertoire {
        habillage: habiller(&etat, &visiteur, "Répertoire des ESSMS"),
        ici: chemins::ACCOMPAGNEMENT,
        recherche: trouves
            .as_ref()
            .map(|trouves| VueRecherche::nouvelle(&texte, trouves, RESULTATS, chemins::ACCOMPAGNEMENT)),
        fraicheur,
        demandes: chemins::DEMANDES,
        attendues,
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
        lignes: trouves.iter().flat_map(|t| &t.essms).map(ligne).collect(),
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
