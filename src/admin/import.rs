//! One import of the registry: started in a task of its own, followed, then reported. The page refreshes
//! itself until the import is over, with or without JavaScript. What it shows is in the database: it
//! survives a reload, another portal, and the end of this one.

use std::path::PathBuf;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono_tz::Europe::Paris;
use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::registry::import::poursuivre;
use crate::registry::rapport::{ImportErreur, Options, Progression, RapportFichier};
use crate::registry::source::Source;
use crate::store::envoi_import::{self, Envoi, EtatEnvoi};
use crate::store::journal_import::{Rejet, lister_rejets};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// Rejected lines shown; the file to download has them all.
const REJETS_MONTRES: i64 = 200;
/// Between two notes of where an import stands.
const ENTRE_DEUX_NOTES: Duration = Duration::from_millis(500);

/// The page of one import.
#[derive(Template)]
#[template(path = "administration/import.html")]
pub struct Import {
    habillage: Habillage,
    ici: String,
    titre: &'static str,
    en_cours: bool,
    progression: Progression,
    refus: Option<String>,
    fichiers: String,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<String>>,
    rejets: Vec<Rejet>,
    telecharger: String,
}

/// Seconds between two looks at an import that goes on.
const RAFRAICHIR_S: &str = "2";

/// Shows where an import stands, then its report.
///
/// # Errors
/// [`Echec::introuvable`] for an import that never was; the database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, Path(id): Path<Uuid>) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let envoi = envoi_import::load(&mut conn, id)
        .await?
        .ok_or_else(Echec::introuvable)?;
    let rejets = lister_rejets(&mut conn, id, None, REJETS_MONTRES).await?;
    let en_cours = envoi.etat == EtatEnvoi::EnCours;
    let page = Import {
        habillage: habiller(&etat, &visiteur, "Import").retour(chemins::IMPORTS, "Répertoire FINESS"),
        ici: chemins::import(id),
        titre: match envoi.etat {
            EtatEnvoi::EnCours => "Import en cours",
            EtatEnvoi::Reussi => "Import terminé",
            EtatEnvoi::Refuse(_) => "Import refusé",
            EtatEnvoi::Interrompu => "Import interrompu",
        },
        en_cours,
        refus: refus(&envoi.etat),
        fichiers: envoi.fichiers.join(", "),
        colonnes: colonnes(),
        lignes: envoi.rapports.iter().map(ligne).collect(),
        progression: envoi.progression,
        rejets,
        telecharger: chemins::import_rejets(id),
    };
    let mut reponse = Page(StatusCode::OK, page).into_response();
    if en_cours {
        reponse
            .headers_mut()
            .insert(header::REFRESH, HeaderValue::from_static(RAFRAICHIR_S));
    }
    Ok(reponse)
}

/// Why nothing was changed, if that is how it ended.
fn refus(etat: &EtatEnvoi) -> Option<String> {
    match etat {
        EtatEnvoi::EnCours | EtatEnvoi::Reussi => None,
        EtatEnvoi::Refuse(motif) => Some(motif.clone()),
        EtatEnvoi::Interrompu => Some("Le portail s’est arrêté pendant l’import.".to_owned()),
    }
}

/// Columns of a table of imports.
pub fn colonnes() -> Vec<Colonne> {
    let mut colonnes = vec![Colonne::texte("Fichier"), Colonne::texte("Données du")];
    colonnes.extend(["Lus", "Nouveaux", "Modifiés", "Fermés", "Rejetés"].map(Colonne::nombre));
    colonnes.push(Colonne::texte("Par"));
    colonnes
}

/// A file imported in that table.
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

/// An attempt in a history.
pub struct Tentative {
    /// Address of its page.
    pub href: String,
    /// Names of its files.
    pub fichiers: String,
    /// When it began.
    pub le: String,
    /// Who asked.
    pub par: String,
    /// How it ended.
    pub issue: String,
}

impl From<Envoi> for Tentative {
    fn from(envoi: Envoi) -> Self {
        let total = |compte: fn(&RapportFichier) -> i64| envoi.rapports.iter().map(compte).sum::<i64>();
        let issue = match &envoi.etat {
            EtatEnvoi::EnCours => "En cours".to_owned(),
            EtatEnvoi::Reussi => format!(
                "Importé\u{a0}: {} nouveaux, {} modifiés, {} fermés, {} rejetés",
                total(|r| r.nouveaux),
                total(|r| r.modifies),
                total(|r| r.fermes),
                total(|r| r.rejetes)
            ),
            EtatEnvoi::Refuse(motif) => format!("Refusé\u{a0}: {motif}"),
            EtatEnvoi::Interrompu => "Interrompu".to_owned(),
        };
        Self {
            href: chemins::import(envoi.id),
            fichiers: envoi.fichiers.join(", "),
            le: envoi
                .commence_le
                .with_timezone(&Paris)
                .format("%d/%m/%Y à %H:%M")
                .to_string(),
            par: envoi.par,
            issue,
        }
    }
}

/// Files received: where they are and the names they were given.
pub type Recus = Vec<(PathBuf, String)>;

/// Starts the import of these files, whose folder is removed when it is over; its page can be followed
/// at once.
///
/// # Errors
/// The database's.
pub async fn lancer(etat: Etat, options: Options, dossier: PathBuf, recus: Recus) -> Result<Uuid, sqlx::Error> {
    let noms: Vec<String> = recus.iter().map(|(_, nom)| nom.clone()).collect();
    let mut conn = etat.pool.acquire().await?;
    let envoi = envoi_import::ouvrir(&mut conn, &options.par, &noms).await?;
    drop(conn);
    tokio::spawn(async move {
        if let Err(cause) = importer(&etat.pool, envoi, &options, recus).await {
            tracing::warn!(import.id = %envoi, %cause, "import refusé");
        }
        let _ = tokio::fs::remove_dir_all(&dossier).await;
    });
    Ok(envoi)
}

async fn importer(pool: &PgPool, envoi: Uuid, options: &Options, recus: Recus) -> Result<(), ImportErreur> {
    let ouvrir = |(chemin, nom): (PathBuf, String)| Source::fichier(&chemin).map(|source| source.nomme(nom));
    let sources = recus.into_iter().map(ouvrir).collect::<Result<Vec<_>, _>>();
    let mut conn = pool.acquire().await?;
    let sources = match sources {
        Ok(sources) => sources,
        Err(erreur) => {
            let rien = Progression::default();
            envoi_import::refuser(&mut conn, envoi, &erreur.to_string(), &rien, &[]).await?;
            return Err(erreur);
        }
    };
    let (sortie, suivi) = watch::channel(Progression::default());
    tokio::spawn(noter(pool.clone(), envoi, suivi));
    poursuivre(&mut conn, envoi, sources, options, move |p| {
        sortie.send_replace(p);
    })
    .await
    .map(drop)
}

/// Notes where the import stands, in short transactions of its own, until it is over.
async fn noter(pool: PgPool, envoi: Uuid, mut suivi: watch::Receiver<Progression>) {
    while suivi.changed().await.is_ok() {
        let progression = suivi.borrow_and_update().clone();
        let note = async { envoi_import::avancer(&mut *pool.acquire().await?, envoi, &progression).await };
        if let Err(cause) = note.await {
            // Only what is shown meanwhile is lost.
            tracing::debug!(import.id = %envoi, %cause, "avancement non noté");
        }
        tokio::time::sleep(ENTRE_DEUX_NOTES).await;
    }
}
