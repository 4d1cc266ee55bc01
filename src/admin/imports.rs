//! Imports of the FINESS registry: the last ones, and the form that sends files. They go to a temporary
//! folder, where [`super::import`] reads them.

use std::path::Path;

use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tokio::io::AsyncWriteExt;

use super::import::{Recus, Tentative, lancer};
use crate::registry::rapport::{Fermetures, Options};
use crate::store::envoi_import;
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{CHAMP_CSRF, Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page of imports.
#[derive(Template)]
#[template(path = "administration/imports.html")]
pub struct Imports {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    fermetures: Vec<Choix>,
    tentatives: Vec<Tentative>,
}

/// Attempts shown; the database keeps them all.
const TENTATIVES_MONTREES: i64 = 20;

fn fermetures() -> Vec<Choix> {
    vec![
        Choix::nouveau("prudentes", "Fermer ce qu’un fichier complet ne contient plus")
            .aide("Refuse une fermeture massive\u{a0}: rien n’est alors importé."),
        Choix::nouveau("aucune", "Ne rien fermer").aide("Le fichier est un extrait."),
        Choix::nouveau("toutes", "Fermer tout ce qui est absent").aide("Même s’il y en a beaucoup."),
    ]
}

async fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Imports, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let envois = envoi_import::lister(&mut conn, TENTATIVES_MONTREES).await?;
    Ok(Imports {
        habillage: habiller(etat, visiteur, "Répertoire FINESS")
            .retour(chemins::ADMINISTRATION, "Administration")
            .erreurs(&saisie),
        saisie,
        action: chemins::IMPORTS,
        fermetures: fermetures(),
        tentatives: envois.into_iter().map(Tentative::from).collect(),
    })
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
    let dossier = std::env::temp_dir().join(format!("portail-import-{}", etat.horloge.nouvel_id()));
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
    let options = Options {
        par: compte.courriel.clone(),
        fermetures,
    };
    let id = lancer(etat, options, dossier, fichiers).await?;
    Ok(Redirect::to(&chemins::import(id)).into_response())
}

/// Writes the files to the folder as they come, in constant memory.
async fn recevoir(mut multipart: Multipart, visiteur: &Visiteur, dossier: &Path) -> Result<(Saisie, Recus), Echec> {
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
                let nom = nom_montre(champ.file_name().unwrap_or_default());
                let chemin = dossier.join(fichiers.len().to_string());
                if ecrire(champ, &chemin).await? {
                    fichiers.push((chemin, nom));
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

/// The name that was sent, without the folders some browsers add nor control characters: it is shown,
/// never a path.
fn nom_montre(nom: &str) -> String {
    let dernier = nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let nom: String = dernier.chars().filter(|c| !c.is_control()).take(NOM_AU_PLUS).collect();
    if nom.is_empty() { "sans nom".to_owned() } else { nom }
}

/// Characters of a name shown: no file system admits longer ones.
const NOM_AU_PLUS: usize = 255;

/// False when the file is empty, as is that of a form sent without one.
async fn ecrire(mut champ: Field<'_>, chemin: &Path) -> Result<bool, Echec> {
    let mut fichier = tokio::fs::File::create(chemin).await.map_err(Echec::interne)?;
    let mut octets = 0;
    while let Some(morceau) = champ.chunk().await.map_err(|_| Echec::Page(Erreur::Illisible))? {
        octets += morceau.len();
        fichier.write_all(&morceau).await.map_err(Echec::interne)?;
    }
    fichier.flush().await.map_err(Echec::interne)?;
    Ok(octets > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_under_its_own_name() {
        assert_eq!(
            nom_montre("Répertoire – mai 2026.csv.gz"),
            "Répertoire – mai 2026.csv.gz"
        );
        assert_eq!(nom_montre("../../etc/passwd"), "passwd");
        assert_eq!(nom_montre("C:\\Mes documents\\etalab.csv"), "etalab.csv");
        assert_eq!(nom_montre("a\0\r\nb"), "ab");
        assert_eq!(nom_montre(""), "sans nom");
    }
}
