//! Imports of the FINESS registry: send files, follow their import, read its report.
//!
//! The files go to a temporary folder, then a task of their own reads them: the page that follows
//! refreshes itself until the import is over, with or without JavaScript.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::domain::compte::Compte;
use crate::registry::import::importer_finess;
use crate::registry::rapport::{Fermetures, Options, Progression, RapportFichier};
use crate::registry::source::Source;
use crate::store::journal_import::{Rejet, lister_imports, lister_rejets};
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{CHAMP_CSRF, Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// Imports shown on the page; the database keeps them all.
const IMPORTS_MONTRES: i64 = 20;
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

/// The page of imports.
#[derive(Template)]
#[template(path = "administration/imports.html")]
pub struct Imports {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    fermetures: Vec<Choix>,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
}

fn fermetures() -> Vec<Choix> {
    vec![
        Choix::nouveau("prudentes", "Fermer ce qu’un fichier complet ne contient plus")
            .aide("Refuse une fermeture massive : rien n’est alors importé."),
        Choix::nouveau("aucune", "Ne rien fermer").aide("Le fichier est un extrait."),
        Choix::nouveau("toutes", "Fermer tout ce qui est absent").aide("Même s’il y en a beaucoup."),
    ]
}

async fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Imports, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let imports = lister_imports(&mut conn, IMPORTS_MONTRES).await?;
    Ok(Imports {
        habillage: habiller(etat, visiteur, "Répertoire FINESS")
            .retour(chemins::ADMINISTRATION, "Administration")
            .erreurs(&saisie),
        saisie,
        action: chemins::IMPORTS,
        fermetures: fermetures(),
        colonnes: colonnes(),
        lignes: imports.iter().map(ligne).collect(),
    })
}

fn colonnes() -> Vec<Colonne> {
    let mut colonnes = vec![Colonne::texte("Fichier"), Colonne::texte("Données du")];
    colonnes.extend(["Lus", "Nouveaux", "Modifiés", "Fermés", "Rejetés"].map(Colonne::nombre));
    colonnes.push(Colonne::texte("Par"));
    colonnes
}

fn ligne(r: &RapportFichier) -> Vec<String> {
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

/// Shows the imports and the form.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Result<Page<Imports>, Echec> {
    let mut saisie = Saisie::vide();
    saisie.fixer("fermetures", "prudentes");
    Ok(Page(StatusCode::OK, page(&etat, &visiteur, saisie).await?))
}

/// Receives files and starts their import.
///
/// # Errors
/// The database's, the temporary folder's.
pub async fn envoyer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    multipart: Multipart,
) -> Result<Response, Echec> {
    let id = etat.horloge.nouvel_id();
    let dossier = std::env::temp_dir().join(format!("portail-import-{id}"));
    let recu = recevoir(multipart, &visiteur, &dossier).await;
    let (mut saisie, fichiers) = match recu {
        Ok(recu) => recu,
        Err(echec) => {
            let _ = tokio::fs::remove_dir_all(&dossier).await;
            return Err(echec);
        }
    };
    if fichiers.is_empty() {
        saisie.refuser(
            "fichiers",
            "Fichiers",
            &ErreurChamp::Motif("choisissez au moins un fichier qui ne soit pas vide".into()),
        );
    }
    let mode = match saisie.valeur("fermetures") {
        "prudentes" => Some(Fermetures::Prudentes),
        "aucune" => Some(Fermetures::Aucune),
        "toutes" => Some(Fermetures::Toutes),
        _ => None,
    };
    let (Some(fermetures), false) = (mode, saisie.en_erreur()) else {
        if mode.is_none() {
            saisie.refuser(
                "fermetures",
                "Établissements absents du fichier",
                &ErreurChamp::ChoixRequis,
            );
        }
        let _ = tokio::fs::remove_dir_all(&dossier).await;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie).await?).into_response());
    };
    lancer(etat, id, &compte, dossier, fichiers, fermetures);
    Ok(Redirect::to(&chemins::import(id)).into_response())
}

/// Writes the files to the folder as they come, in constant memory.
async fn recevoir(
    mut multipart: Multipart,
    visiteur: &Visiteur,
    dossier: &std::path::Path,
) -> Result<(Saisie, Vec<std::path::PathBuf>), Echec> {
    let illisible = |_| Echec::Page(Erreur::Illisible);
    tokio::fs::create_dir_all(dossier).await.map_err(Echec::interne)?;
    let mut saisie = Saisie::vide();
    let mut fichiers = Vec::new();
    while let Some(champ) = multipart.next_field().await.map_err(illisible)? {
        match champ.name() {
            Some("fichiers") if !visiteur.jeton_valable(saisie.valeur(CHAMP_CSRF)) => {
                return Err(Erreur::FormulaireExpire.into());
            }
            Some("fichiers") => {
                let chemin = dossier.join(nom_sur(champ.file_name().unwrap_or_default(), fichiers.len()));
                if ecrire(champ, &chemin).await? {
                    fichiers.push(chemin);
                }
            }
            Some(nom) => {
                let nom = nom.to_owned();
                let valeur = champ.text().await.map_err(illisible)?;
                saisie.ajouter(nom, valeur);
            }
            None => {}
        }
    }
    if !visiteur.jeton_valable(saisie.valeur(CHAMP_CSRF)) {
        return Err(Erreur::FormulaireExpire.into());
    }
    Ok((saisie, fichiers))
}

/// Letters, digits, dots and dashes of the name sent: a name, never a path.
fn nom_sur(nom: &str, rang: usize) -> String {
    let nom: String = nom
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        .take(100)
        .collect();
    format!("{rang}-{}", nom.trim_start_matches('.'))
}

/// False when the file is empty, as is that of a form sent without one.
async fn ecrire(mut champ: Field<'_>, chemin: &std::path::Path) -> Result<bool, Echec> {
    let mut fichier = tokio::fs::File::create(chemin).await.map_err(Echec::interne)?;
    let mut octets = 0;
    while let Some(morceau) = champ.chunk().await.map_err(|_| Echec::Page(Erreur::Illisible))? {
        octets += morceau.len();
        fichier.write_all(&morceau).await.map_err(Echec::interne)?;
    }
    fichier.flush().await.map_err(Echec::interne)?;
    Ok(octets > 0)
}

fn lancer(
    etat: Etat,
    id: Uuid,
    compte: &Compte,
    dossier: std::path::PathBuf,
    fichiers: Vec<std::path::PathBuf>,
    fermetures: Fermetures,
) {
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
    fichiers: &[std::path::PathBuf],
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
pub async fn suivre(State(etat): State<Etat>, visiteur: Visiteur, Path(id): Path<Uuid>) -> Result<Response, Echec> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_never_leads_out_of_its_folder() {
        assert_eq!(nom_sur("../../etc/passwd", 0), "0-etcpasswd");
        assert_eq!(nom_sur("etalab.csv.gz", 1), "1-etalab.csv.gz");
        assert_eq!(nom_sur("", 2), "2-");
    }
}
