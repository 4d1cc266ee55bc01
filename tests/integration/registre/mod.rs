//! The FINESS registry and the other public referentials.

mod fichiers;
mod finess_plus;
mod import;
mod recherche;
mod solutions;

use portail_grappes::domain::finess::Finess;
use portail_grappes::registry::import::importer_finess;
use portail_grappes::registry::rapport::{Fermetures, ImportErreur, Options, RapportFichier};
use portail_grappes::registry::source::Source;
use portail_grappes::store::registre::{EssmsRegistre, charger_essms};
use sqlx::PgConnection;

/// Fourteen real rows of the last national extract (Licence Ouverte 2.0).
pub const EXTRAIT_REEL: &[u8] = include_bytes!("../donnees/etalab-extrait-reel-20260512.csv");

/// A number whose key is right.
pub fn numero(racine: &str) -> Finess {
    Finess::depuis_racine(racine).unwrap()
}

/// The `structureet` row of an invented establishment.
pub fn et(racine: &str, organisme: &str, nom: &str, acheminement: &str, departement: &str, categorie: &str) -> String {
    format!(
        "structureet;{};{};{nom};;;;1;R;DE TEST;;;001;{departement};LIB;{acheminement};;;{categorie};Libellé;4401;Agrégat;\
         ;;;;;;2001-01-01;2001-01-01;2026-01-01;",
        numero(racine),
        numero(organisme)
    )
}

/// The `structureej` row of an invented OG.
pub fn ej(racine: &str, nom: &str) -> String {
    format!(
        "structureej;{};{nom};;;1;R;DE TEST;;;;001;75001 PARIS;75;PARIS;;60;Association;;;123456789;;1990-01-01",
        numero(racine)
    )
}

/// An extract of these rows.
pub fn extrait(date: &str, lignes: &[String]) -> Vec<u8> {
    format!("finess;etalab;111;{date}\n{}\n", lignes.join("\n")).into_bytes()
}

/// `nombre` establishments of one OG, numbered from 75900001x.
pub fn serie(nombre: usize) -> Vec<String> {
    (1..=nombre)
        .map(|rang| {
            et(
                &format!("759{rang:05}"),
                "75999999",
                &format!("EHPAD {rang}"),
                "75001 PARIS",
                "75",
                "500",
            )
        })
        .collect()
}

pub async fn importer(
    conn: &mut PgConnection,
    fermetures: Fermetures,
    fichiers: Vec<(&str, Vec<u8>)>,
) -> Result<Vec<RapportFichier>, ImportErreur> {
    let sources = fichiers
        .into_iter()
        .map(|(nom, octets)| Source::octets(nom, octets))
        .collect();
    let options = Options {
        par: "test".to_owned(),
        fermetures,
    };
    let rapport = importer_finess(conn, sources, &options, |_| {}).await?;
    Ok(rapport.fichiers)
}

/// Imports one file that must be accepted.
pub async fn accepter(conn: &mut PgConnection, octets: Vec<u8>) -> RapportFichier {
    let mut rapports = importer(conn, Fermetures::Prudentes, vec![("fichier", octets)])
        .await
        .unwrap();
    assert_eq!(rapports.len(), 1);
    rapports.remove(0)
}

/// New, changed, closed, rejected.
pub fn bilan(rapport: &RapportFichier) -> (i64, i64, i64, i64) {
    (rapport.nouveaux, rapport.modifies, rapport.fermes, rapport.rejetes)
}

pub async fn charger(conn: &mut PgConnection, texte: &str) -> EssmsRegistre {
    let numero = Finess::parse(texte).unwrap();
    charger_essms(conn, &[numero]).await.unwrap().remove(0)
}

pub async fn compter_ouverts(conn: &mut PgConnection) -> i64 {
    sqlx::query_scalar("select count(*) from essms where etat = 'ouvert'")
        .fetch_one(conn)
        .await
        .unwrap()
}
