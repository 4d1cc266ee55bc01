//! One import of the registry: started in a task of its own, followed, then reported. The page refreshes
//! itself until the import is over, with or without JavaScript.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::domain::compte::Compte;
use crate::registry::import::importer_finess;
use crate::registry::rapport::{Fermetures, Options, Progression, RapportFichier};
use crate::registry::source::Source;
use crate::store::journal_import::{Rejet, lister_imports, lister_rejets};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// Imports shown on a page; the database keeps them all.
pub const IMPORTS_MONTRES: i64 = 20;
/// Rejected lines shown.
const REJETS_MONTRES: i64 = 200;

/// Imports going on, or done since the portal started. What matters is in the database; this is only
/// what a waiting page shows.
static EN_COURS: LazyLock<Mutex<HashMap<Uuid, Arc<Mutex<Avancement>>>>> = LazyLock::new(Mutex::default);

/// Where an import stands.
#[derive(Debug, Default)]
struct Avancement {
    progression: Option<Progression>,
    fin: Option<Result<Vec<Uuid>, String>>,
}

/// The page of one import.
#[derive(Template)]
#[template(path = "administration/import.html")]
pub struct Import {
    habillage: Habillage,
    ici: String,
    en_cours: bool,
    progression: Option<Progression>,
    refus: Option<String>,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
    rejets: Vec<Rejet>,
}

/// Seconds between two looks at an import that goes on.
const RAFRAICHIR_S: &str = "2";

/// Shows where an import stands, then its report.
///
/// # Errors
/// [`Echec::introuvable`] for an import this portal does not know of; the database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, Path(id): Path<Uuid>) -> Result<Response, Echec> {
    let connu = EN_COURS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .cloned();
    let avancement = connu.ok_or_else(Echec::introuvable)?;
    let (progression, fin) = {
        let avancement = avancement.lock().unwrap_or_else(PoisonError::into_inner);
        (avancement.progression.clone(), avancement.fin.clone())
    };
    let en_cours = fin.is_none();
    let (rapports, refus) = match fin {
        None => (Vec::new(), None),
        Some(Err(cause)) => (Vec::new(), Some(cause)),
        Some(Ok(ids)) => (ids, None),
    };
    let mut conn = etat.pool.acquire().await?;
    let mut rejets = Vec::new();
    for rapport in &rapports {
        rejets.extend(lister_rejets(&mut conn, *rapport, None, REJETS_MONTRES).await?);
    }
    let imports = if rapports.is_empty() {
        Vec::new()
    } else {
        lister_imports(&mut conn, IMPORTS_MONTRES).await?
    };
    let page = Import {
        habillage: habiller(&etat, &visiteur, "Import").retour(chemins::IMPORTS, "Répertoire FINESS"),
        ici: chemins::import(id),
        en_cours,
        progression,
        refus,
        colonnes: colonnes(),
        lignes: imports.iter().filter(|i| rapports.contains(&i.id)).map(ligne).collect(),
        rejets,
    };
    let mut reponse = Page(StatusCode::OK, page).into_response();
    if en_cours {
        reponse
            .headers_mut()
            .insert(header::REFRESH, HeaderValue::from_static(RAFRAICHIR_S));
    }
    Ok(reponse)
}

/// Columns of a table of imports.
pub fn colonnes() -> Vec<Colonne> {
    let mut colonnes = vec![Colonne::texte("Fichier"), Colonne::texte("Données du")];
    colonnes.extend(["Lus", "Nouveaux", "Modifiés", "Fermés", "Rejetés"].map(Colonne::nombre));
    colonnes.push(Colonne::texte("Par"));
    colonnes
}

/// An import in that table.
pub fn ligne(r: &RapportFichier) -> Vec<String> {
    let fictif = if r.fictif { " (fictif)" } else { "" };
    vec![
        format!("{}{fictif}", r.fichier),
        r.date_donnees.format("%d/%m/%Y").to_string(),
        r.lus.to_string(),
        r.nouveaux.to_string(),
        r.modifies.to_string(),
        r.fermes.to_string(),
        r.rejetes.to_string(),
        r.par.clone(),
    ]
}

/// Starts the import of these files, whose folder is removed when it is over.
pub fn lancer(etat: Etat, id: Uuid, compte: &Compte, dossier: PathBuf, fichiers: Vec<PathBuf>, fermetures: Fermetures) {
    let options = Options {
        par: compte.courriel.clone(),
        fermetures,
    };
    let avancement = Arc::new(Mutex::new(Avancement::default()));
    EN_COURS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(id, avancement.clone());
    tokio::spawn(async move {
        let suivi = avancement.clone();
        let fin = importer(&etat, &options, &fichiers, move |p| {
            suivi.lock().unwrap_or_else(PoisonError::into_inner).progression = Some(p);
        })
        .await;
        if let Err(cause) = &fin {
            tracing::warn!(import.id = %id, cause, "import refusé");
        }
        avancement.lock().unwrap_or_else(PoisonError::into_inner).fin = Some(fin);
        let _ = tokio::fs::remove_dir_all(&dossier).await;
    });
}

async fn importer(
    etat: &Etat,
    options: &Options,
    fichiers: &[PathBuf],
    progression: impl FnMut(Progression),
) -> Result<Vec<Uuid>, String> {
    let sources = fichiers
        .iter()
        .map(|f| Source::fichier(f))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| e.to_string())?;
    let mut conn = etat.pool.acquire().await.map_err(|e| e.to_string())?;
    let rapport = importer_finess(&mut conn, sources, options, progression)
        .await
        .map_err(|e| e.to_string())?;
    Ok(rapport.fichiers.into_iter().map(|f| f.id).collect())
}
