//! `GET /api/essms`: search in the registry of ESSMS, a page at a time.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::{Refus, json_de};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat as EtatEssms, Secteur};
use crate::domain::territoire::departement;
use crate::rules::faits::CategorieLue;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::registre::EssmsRegistre;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::probleme::{Faute, Probleme};

/// ESSMS on a page.
const PAR_PAGE: u32 = 50;
/// A longer search finds nothing more.
const LETTRES_AU_PLUS: usize = 200;
/// No search has more pages: it stops far before.
const PAGE_AU_PLUS: u32 = 1_000;

/// One page of what answers a search.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PageEssms {
    /// How many answer, all pages together.
    total: usize,
    /// Whether more answer than were looked at.
    davantage: bool,
    /// The page given, from 1.
    page: u32,
    /// How many there are.
    pages: u32,
    /// ESSMS on a page.
    par_page: u32,
    /// The ESSMS, the closest first.
    essms: Vec<EssmsDuRepertoire>,
}

/// An ESSMS of the registry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct EssmsDuRepertoire {
    /// FINESS ET.
    finess: Finess,
    /// Name.
    nom: String,
    /// Its OG.
    organisme: OrganismeDuRepertoire,
    /// Its category.
    categorie: CategorieDuRepertoire,
    /// Open or closed.
    etat: EtatEssms,
    /// Street.
    adresse: Option<String>,
    /// Postcode.
    code_postal: Option<String>,
    /// Name of the commune.
    commune: String,
    /// INSEE code.
    departement: Option<String>,
    /// INSEE code.
    region: Option<String>,
    /// Generated for a demonstration.
    fictif: bool,
}

/// The OG of an ESSMS.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OrganismeDuRepertoire {
    /// FINESS EJ.
    finess: Finess,
    /// Name, when known.
    nom: Option<String>,
    /// Open ESSMS that it manages.
    nombre_essms: u32,
}

/// The category of an ESSMS.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CategorieDuRepertoire {
    /// Three digits.
    code: Option<String>,
    /// Label.
    libelle: Option<String>,
    /// Sector.
    secteur: Option<Secteur>,
}

impl From<&EssmsRegistre> for EssmsDuRepertoire {
    fn from(e: &EssmsRegistre) -> Self {
        Self {
            finess: e.finess,
            nom: e.nom.clone(),
            organisme: OrganismeDuRepertoire {
                finess: e.organisme,
                nom: e.organisme_nom.clone(),
                nombre_essms: e.nombre_essms,
            },
            categorie: categorie(e),
            etat: e.etat,
            adresse: e.adresse.clone(),
            code_postal: e.code_postal.clone(),
            commune: e.commune.clone(),
            departement: e.departement.map(|d| d.code.clone()),
            region: e.departement.map(|d| d.region.code.clone()),
            fictif: e.fictif,
        }
    }
}

fn categorie(e: &EssmsRegistre) -> CategorieDuRepertoire {
    match &e.categorie {
        CategorieLue::Connue(connue) => CategorieDuRepertoire {
            code: Some(connue.code.clone()),
            libelle: Some(connue.libelle.clone()),
            secteur: connue.secteur,
        },
        CategorieLue::HorsTable(code) => CategorieDuRepertoire {
            code: Some(code.clone()),
            libelle: e.categorie_libelle.clone(),
            secteur: None,
        },
        CategorieLue::Inconnue => CategorieDuRepertoire::default(),
    }
}

/// What is asked: strictly read, every fault told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Question {
    texte: String,
    filtres: FiltresEssms,
    page: u32,
}

fn lire(requete: &str) -> Result<Question, Probleme> {
    let mut question = Question {
        page: 1,
        ..Question::default()
    };
    let mut fautes = Vec::new();
    let mut vus: Vec<String> = Vec::new();
    for (nom, valeur) in form_urlencoded::parse(requete.as_bytes()) {
        let lu = if vus.iter().any(|vu| *vu == nom) {
            Err("ce paramètre est donné plusieurs fois".to_owned())
        } else {
            lire_un(&mut question, &nom, &valeur)
        };
        if let Err(message) = lu {
            fautes.push(Faute {
                chemin: nom.clone().into_owned(),
                message,
            });
        }
        vus.push(nom.into_owned());
    }
    if fautes.is_empty() {
        Ok(question)
    } else {
        Err(Probleme::illisible(fautes))
    }
}

fn lire_un(question: &mut Question, nom: &str, valeur: &str) -> Result<(), String> {
    match nom {
        "q" if valeur.chars().count() > LETTRES_AU_PLUS => {
            return Err(format!("{LETTRES_AU_PLUS}\u{a0}caractères au plus"));
        }
        "q" => valeur.clone_into(&mut question.texte),
        "departement" => {
            let connu = departement(valeur).ok_or_else(|| format!("département inconnu «\u{a0}{valeur}\u{a0}»"))?;
            question.filtres.departement = Some(connu.code.clone());
        }
        "categorie" => {
            if valeur.len() != 3 || !valeur.bytes().all(|c| c.is_ascii_digit()) {
                return Err("une catégorie FINESS compte trois chiffres".to_owned());
            }
            question.filtres.categorie = Some(valeur.to_owned());
        }
        "page" => {
            let page = valeur.parse().ok().filter(|page| (1..=PAGE_AU_PLUS).contains(page));
            question.page = page.ok_or_else(|| format!("un nombre entier de 1 à {PAGE_AU_PLUS} est attendu"))?;
        }
        _ => return Err("paramètre inconnu".to_owned()),
    }
    Ok(())
}

/// Searches.
///
/// # Errors
/// [`Probleme`] for parameters that cannot be read; the database's.
#[utoipa::path(
    get,
    path = chemins::API_ESSMS,
    tag = "Répertoire",
    operation_id = "chercherDesEssms",
    summary = "Chercher dans le répertoire FINESS",
    description = "Les ESSMS ouverts qui répondent, les plus proches d’abord, cinquante par page. Un établissement demandé par \
        son numéro entier est rendu même fermé, ou hors de l’article L.312-1 du CASF\u{a0}: «\u{a0}etat\u{a0}» et \
        «\u{a0}categorie\u{a0}» le disent. Seuls les faits publics du répertoire sont rendus.",
    params(
        ("q" = Option<String>, Query, max_length = 200, example = "ehpad paris",
            description = "Numéro FINESS d’un ESSMS ou d’un organisme, entier ou par son début, code postal, ou mots du nom, de la commune \
                ou de l’organisme"),
        ("departement" = Option<String>, Query, description = "Code INSEE d’un département", example = "75"),
        ("categorie" = Option<String>, Query, pattern = "^[0-9]{3}$", description = "Code d’une catégorie FINESS", example = "500"),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "Page des résultats, à partir de 1"),
    ),
    responses(
        (status = 200, description = "Une page de résultats", body = PageEssms, content_type = "application/json"),
        (status = 422, description = "Paramètres illisibles", body = Probleme, content_type = "application/problem+json"),
        (status = 429, description = "Trop de demandes\u{a0}: l’en-tête Retry-After dit quand recommencer", body = Probleme,
            content_type = "application/problem+json"),
    )
)]
pub async fn chercher(State(etat): State<Etat>, RawQuery(requete): RawQuery) -> Result<Response, Refus> {
    let question = lire(requete.as_deref().unwrap_or_default())?;
    let mut conn = etat.pool.acquire().await?;
    let trouves = chercher_essms(&mut conn, &question.texte, &question.filtres, question.page, PAR_PAGE).await?;
    drop(conn);
    json_de(&PageEssms {
        total: trouves.total,
        davantage: trouves.davantage,
        page: trouves.page,
        pages: trouves.pages,
        par_page: PAR_PAGE,
        essms: trouves.essms.iter().map(EssmsDuRepertoire::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_that_cannot_be_read_is_told() {
        let refus = lire("departement=99&categorie=5&page=0&autre=1&q=a&q=b").unwrap_err();
        let chemins: Vec<&str> = refus.erreurs.iter().map(|f| f.chemin.as_str()).collect();
        assert_eq!(chemins, ["departement", "categorie", "page", "autre", "q"]);
        assert!(lire(&format!("q={}", "a".repeat(201))).is_err());
    }

    #[test]
    fn what_is_not_given_narrows_nothing() {
        let vide = lire("").unwrap();
        assert_eq!((vide.page, vide.filtres), (1, FiltresEssms::default()));
        let tout = lire("q=ehpad+paris&departement=75&categorie=500&page=1000").unwrap();
        assert_eq!((tout.texte.as_str(), tout.page), ("ehpad paris", 1_000));
    }
}
