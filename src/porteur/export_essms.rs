//! Mes ESSMS as a spreadsheet, and the rows of an import that wait to be corrected.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::verification::{Faute, Sort};
use super::verifiee::examiner;
use crate::documents::feuille::{Colonne, Feuille};
use crate::documents::lecture::Tableau;
use crate::documents::{csv as ecriture_csv, xlsx as ecriture_xlsx};
use crate::domain::dossier::faits::MES_ESSMS;
use crate::domain::dossier::tableau_essms::{CONTEXTE, Destination, cellules, entete, reponses_offertes};
use crate::store::acces::EspaceOg;
use crate::store::import_essms;
use crate::store::mes_essms::{self, MonEssms};
use crate::web::echec::Echec;
use crate::web::etat::Etat;

const TYPE_XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One row for each ESSMS that the OG may answer for.
async fn feuille(etat: &Etat, espace: &EspaceOg) -> Result<Feuille, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let essms = mes_essms::list(&mut tx, espace, None).await?;
    tx.commit().await?;
    let [nom, commune, categorie, _] = CONTEXTE;
    let contexte = [Destination::Finess.entete(), nom, commune, categorie].map(Colonne::nouvelle);
    let question = |champ| Colonne {
        choix: reponses_offertes(champ),
        ..Colonne::nouvelle(entete(champ))
    };
    let ligne = |e: &MonEssms| {
        let debut = [
            e.finess.to_string(),
            e.nom.clone(),
            e.commune.clone(),
            e.categorie.clone(),
        ];
        debut.into_iter().chain(cellules(&e.reponses)).collect()
    };
    Ok(Feuille {
        nom: "Mes ESSMS",
        colonnes: contexte.into_iter().chain(MES_ESSMS.iter().map(question)).collect(),
        lignes: essms.iter().filter(|e| e.actif()).map(ligne).collect(),
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

/// Mes ESSMS as XLSX.
///
/// # Errors
/// The database's.
pub async fn xlsx(State(etat): State<Etat>, espace: EspaceOg) -> Result<Response, Echec> {
    let octets = ecriture_xlsx::ecrire(&feuille(&etat, &espace).await?).map_err(Echec::interne)?;
    Ok(joint(octets, TYPE_XLSX, "attachment; filename=\"mes-essms.xlsx\""))
}

/// Mes ESSMS as CSV.
///
/// # Errors
/// The database's.
pub async fn csv(State(etat): State<Etat>, espace: EspaceOg) -> Result<Response, Echec> {
    let octets = ecriture_csv::ecrire(&feuille(&etat, &espace).await?);
    let disposition = "attachment; filename=\"mes-essms.csv\"";
    Ok(joint(octets, "text/csv; charset=utf-8", disposition))
}

/// The rows that cannot be imported, as they were sent, with one more column that says why.
///
/// # Errors
/// [`Echec::introuvable`] when no spreadsheet waits; the database's.
pub async fn erreurs(State(etat): State<Etat>, espace: EspaceOg) -> Result<Response, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let attente = import_essms::load::<Tableau>(&mut tx, &espace, etat.horloge.maintenant())
        .await?
        .filter(|a| a.confirme)
        .ok_or_else(Echec::introuvable)?;
    let verifiees = examiner(&mut tx, &espace, &attente).await?;
    tx.commit().await?;
    let [.., erreur] = CONTEXTE;
    // A file downloaded, corrected in part and sent again has that column already.
    let gardees: Vec<usize> = (0..attente.tableau.entetes.len())
        .filter(|rang| attente.tableau.entetes[*rang] != erreur)
        .collect();
    let choisir = |cellules: &[String]| gardees.iter().map(|rang| cellules[*rang].clone()).collect::<Vec<_>>();
    let phrase = |f: &Faute| format!("{}\u{a0}: {}", f.colonne, f.pourquoi);
    let lignes = attente
        .tableau
        .lignes
        .iter()
        .zip(&verifiees)
        .filter_map(|(ligne, verifiee)| match &verifiee.sort {
            Sort::Refusee(fautes) => {
                let mut cellules = choisir(&ligne.cellules);
                cellules.push(fautes.iter().map(phrase).collect::<Vec<_>>().join(" "));
                Some(cellules)
            }
            Sort::Change(..) | Sort::Inchangee => None,
        });
    let feuille = Feuille {
        nom: "À corriger",
        lignes: lignes.collect(),
        colonnes: choisir(&attente.tableau.entetes)
            .into_iter()
            .chain([erreur.to_owned()])
            .map(Colonne::nouvelle)
            .collect(),
    };
    let octets = ecriture_xlsx::ecrire(&feuille).map_err(Echec::interne)?;
    Ok(joint(
        octets,
        TYPE_XLSX,
        "attachment; filename=\"mes-essms-a-corriger.xlsx\"",
    ))
}
