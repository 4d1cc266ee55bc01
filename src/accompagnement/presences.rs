//! The attendance list of a webinar, as a spreadsheet.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::documents::feuille::{Colonne, Feuille};
use crate::documents::{csv as ecriture_csv, xlsx as ecriture_xlsx};
use crate::domain::nomenclature::Liste;
use crate::store::acces::webinaire::WebinaireGere;
use crate::store::inscriptions_webinaire::{self, Presence};
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::vue::instant;

/// The columns.
const COLONNES: [&str; 7] = [
    "Prénom et nom",
    "Adresse de courriel",
    "Organisme",
    "Questions",
    "État",
    "Inscription le",
    "Présence",
];

fn ligne(p: Presence) -> Vec<String> {
    vec![
        p.personne.nom,
        p.personne.courriel,
        p.personne.organisme,
        p.personne.question,
        p.etat.libelle().to_owned(),
        instant(p.inscrit_le),
        if p.present { "oui" } else { "non" }.to_owned(),
    ]
}

async fn feuille(etat: &Etat, acces: &WebinaireGere) -> Result<Feuille, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let inscrits = inscriptions_webinaire::list(&mut tx, acces).await?;
    tx.commit().await?;
    Ok(Feuille {
        nom: "Présences",
        colonnes: COLONNES.map(Colonne::nouvelle).to_vec(),
        lignes: inscrits.into_iter().map(ligne).collect(),
    })
}

fn joint(octets: Vec<u8>, genre: &'static str, disposition: &'static str) -> Response {
    let entetes = [
        (header::CONTENT_TYPE, genre),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (entetes, octets).into_response()
}

/// As XLSX.
///
/// # Errors
/// The database's.
pub async fn xlsx(State(etat): State<Etat>, acces: WebinaireGere) -> Result<Response, Echec> {
    let octets = ecriture_xlsx::ecrire(&feuille(&etat, &acces).await?).map_err(Echec::interne)?;
    let genre = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(joint(octets, genre, "attachment; filename=\"presences.xlsx\""))
}

/// As CSV.
///
/// # Errors
/// The database's.
pub async fn csv(State(etat): State<Etat>, acces: WebinaireGere) -> Result<Response, Echec> {
    let octets = ecriture_csv::ecrire(&feuille(&etat, &acces).await?);
    let disposition = "attachment; filename=\"presences.csv\"";
    Ok(joint(octets, "text/csv; charset=utf-8", disposition))
}
