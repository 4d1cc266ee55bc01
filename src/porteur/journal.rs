//! Journal of a dossier: who changed what, when, before and after; by step, question, person and period.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use uuid::Uuid;

use super::atelier::Atelier;
use super::cadre::Cadre;
use super::difference::{Morceau, mots};
use super::vues::instant;
use crate::documents::csv as ecriture_csv;
use crate::documents::feuille::{Colonne, Feuille};
use crate::domain::dossier::Etape;
use crate::domain::nomenclature::Liste;
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::journal::{self, ChampChange, Ecrit, Filtre, PAR_PAGE, Trace};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Pagination, heure};

/// The page.
#[derive(Template)]
#[template(path = "porteur/journal.html")]
pub struct Journal {
    habillage: Habillage,
    cadre: Cadre,
    ici: String,
    csv: String,
    saisie: Saisie,
    etapes: Vec<Choix>,
    /// The questions of the step chosen; none without step.
    questions: Vec<Choix>,
    personnes: Vec<Choix>,
    filtre: bool,
    entrees: Vec<Entree>,
    pagination: Pagination,
}

/// An entry as it is shown.
struct Entree {
    action: String,
    auteur: String,
    quand: String,
    effets: Vec<String>,
    champs: Vec<Change>,
}

/// A changed field as it is shown.
struct Change {
    libelle: String,
    avant: String,
    apres: String,
    /// The words kept, taken out and added; nothing when both values are better shown whole.
    morceaux: Vec<Morceau>,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    page: Option<u32>,
    etape: Option<String>,
    champ: Option<String>,
    auteur: Option<String>,
    du: Option<String>,
    au: Option<String>,
}

/// A day as browsers send it, or as people write it.
fn jour(texte: Option<&String>) -> Option<NaiveDate> {
    let texte = texte?.trim();
    NaiveDate::parse_from_str(texte, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(texte, "%d/%m/%Y"))
        .ok()
}

/// The first instant of a day in Paris.
fn minuit(jour: NaiveDate) -> Option<DateTime<Utc>> {
    let debut = Paris.from_local_datetime(&jour.and_hms_opt(0, 0, 0)?);
    debut.earliest().map(|d| d.to_utc())
}

impl Demande {
    /// What cannot be read is as if absent.
    fn filtre(&self) -> Filtre {
        let etape = self.etape.as_deref().and_then(Etape::depuis);
        Filtre {
            champ: self.champ.clone().filter(|champ| etape.is_some() && !champ.is_empty()),
            etape: etape.map(|e| e.code().to_owned()),
            auteur: self.auteur.as_deref().and_then(|a| Uuid::parse_str(a).ok()),
            depuis: jour(self.du.as_ref()).and_then(minuit),
            avant: jour(self.au.as_ref())
                .and_then(|j| j.checked_add_days(Days::new(1)))
                .and_then(minuit),
        }
    }

    fn parametres(&self) -> [(&'static str, &str); 5] {
        [
            ("etape", self.etape.as_deref().unwrap_or_default()),
            ("champ", self.champ.as_deref().unwrap_or_default()),
            ("auteur", self.auteur.as_deref().unwrap_or_default()),
            ("du", self.du.as_deref().unwrap_or_default()),
            ("au", self.au.as_deref().unwrap_or_default()),
        ]
    }
}

fn entree(e: Ecrit) -> Entree {
    let quand = if e.nombre > 1 {
        format!(
            "le {} (en {}\u{a0}enregistrements, depuis {})",
            instant(e.survenu_le),
            e.nombre,
            heure(e.commence_le)
        )
    } else {
        format!("le {}", instant(e.survenu_le))
    };
    let change = |c: ChampChange| Change {
        morceaux: mots(&c.avant, &c.apres),
        libelle: c.libelle,
        avant: c.avant,
        apres: c.apres,
    };
    Entree {
        action: e.action,
        auteur: e.auteur,
        quand,
        effets: e.effets,
        champs: e.champs.into_iter().map(change).collect(),
    }
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Journal>, Echec> {
    let rang = demande.page.unwrap_or(1).max(1);
    let filtre = demande.filtre();
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let (entrees, total) = journal::list(&mut tx, &acces, &filtre, i64::from(rang - 1)).await?;
    let auteurs = journal::list_auteurs(&mut tx, &acces).await?;
    let questions = match &filtre.etape {
        Some(etape) => journal::list_champs(&mut tx, &acces, etape).await?,
        None => Vec::new(),
    };
    tx.commit().await?;
    let ici = chemins::journal(acces.dossier());
    let pages = u32::try_from(total.saturating_sub(1) / PAR_PAGE + 1).unwrap_or(u32::MAX);
    let parametres = demande.parametres();
    let adresse = |n: u32| {
        let page = n.to_string();
        let tous: Vec<(&str, &str)> = parametres.iter().copied().chain([("page", page.as_str())]).collect();
        chemins::avec_parametres(&ici, &tous)
    };
    let page = Journal {
        habillage: habiller(&etat, &visiteur, "Journal du dossier")
            .retour(chemins::dossier(acces.dossier()), "Étapes du dossier"),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        csv: chemins::avec_parametres(&chemins::journal_csv(acces.dossier()), &parametres),
        saisie: Saisie::depuis_paires(parametres),
        etapes: Etape::TOUTES
            .iter()
            .map(|e| Choix::nouveau(e.code(), e.libelle()))
            .collect(),
        questions: questions
            .into_iter()
            .map(|(nom, libelle)| Choix::nouveau(nom, libelle))
            .collect(),
        personnes: auteurs
            .into_iter()
            .map(|(id, nom)| Choix::nouveau(id.to_string(), nom))
            .collect(),
        filtre: parametres.iter().any(|(_, valeur)| !valeur.is_empty()),
        entrees: entrees.into_iter().map(entree).collect(),
        pagination: Pagination::nouvelle(rang, pages, adresse),
        ici,
    };
    Ok(Page(StatusCode::OK, page))
}

fn ligne(t: Trace) -> Vec<String> {
    let etape = Etape::depuis(&t.etape).map_or("", Liste::libelle);
    let (libelle, avant, apres) = t.champ.map_or_else(Default::default, |c| (c.libelle, c.avant, c.apres));
    let quand = t.survenu_le.with_timezone(&Paris).format("%d/%m/%Y %H:%M:%S");
    vec![
        quand.to_string(),
        t.auteur,
        etape.to_owned(),
        t.action,
        libelle,
        avant,
        apres,
    ]
}

/// The journal as CSV: every save as it was written, one row a question.
///
/// # Errors
/// The database's.
pub async fn csv(
    State(etat): State<Etat>,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let traces = journal::list_traces(&mut tx, &acces, &demande.filtre()).await?;
    tx.commit().await?;
    let entetes = [
        "Quand (heure de Paris)",
        "Qui",
        "Étape",
        "Action",
        "Question",
        "Avant",
        "Après",
    ];
    let feuille = Feuille {
        nom: "Journal",
        colonnes: entetes.map(Colonne::nouvelle).into(),
        lignes: traces.into_iter().map(ligne).collect(),
    };
    let entetes = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"journal.csv\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((entetes, ecriture_csv::ecrire(&feuille)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_goes_from_midnight_to_midnight_in_paris_and_the_unreadable_is_as_if_absent() {
        let demande = |du: &str, au: &str| {
            Demande {
                du: Some(du.to_owned()),
                au: Some(au.to_owned()),
                champ: Some("nom".to_owned()),
                ..Demande::default()
            }
            .filtre()
        };
        let filtre = demande("2024-05-01", "01/05/2024");
        assert_eq!(filtre.depuis.unwrap().to_rfc3339(), "2024-04-30T22:00:00+00:00");
        assert_eq!(filtre.avant.unwrap().to_rfc3339(), "2024-05-01T22:00:00+00:00");
        let filtre = demande("hier", "");
        assert_eq!((filtre.depuis, filtre.avant), (None, None));
        assert_eq!(filtre.champ, None, "a question is one of a step");
    }
}
