//! What a file closes by not holding it any more.

use sqlx::PgConnection;

use super::lecture::FichierLu;
use super::rapport::{Fermetures, ImportErreur};
use crate::store::fermeture::{self, Portee};
use crate::store::fusion::{Bilan, Contexte};

/// Closures that are never suspicious, whatever their share: a small registry.
const FERMETURES_ADMISES: i64 = 50;
/// Suspicious beyond one in this many.
const PART_SUSPECTE: i64 = 5;

/// Closes the establishments that the file no longer holds, as far as it is evidently complete:
///
/// 1. it lacks at most one in five of all the open ones: a new national file, or a small registry;
/// 2. else it lacks at most one in five of those of the départements it holds: the complete extract
///    of some départements, and only theirs are closed;
/// 3. else it is an extract, or a truncated file: refused unless `fermetures` says what is meant.
///
/// Real and fictitious establishments never close one another.
pub(super) async fn fermer(
    conn: &mut PgConnection,
    lu: &FichierLu,
    contexte: Contexte,
    fermetures: Fermetures,
    bilan: &mut Bilan,
) -> Result<Option<String>, ImportErreur> {
    let suspect = |absents: i64, ouverts: i64| absents > FERMETURES_ADMISES && absents > ouverts / PART_SUSPECTE;
    if fermetures == Fermetures::Aucune {
        return Ok(Some("Extrait\u{a0}: aucune fermeture n’en a été déduite.".to_owned()));
    }
    if lu.direct {
        // The registry held none.
        return Ok(None);
    }
    let partout = fermeture::compter_absents(conn, contexte, Portee::Tout).await?;
    if partout.absents == 0 {
        return Ok(None);
    }
    if fermetures == Fermetures::Toutes || !suspect(partout.absents, partout.ouverts) {
        bilan.fermes += fermeture::fermer_absents(conn, contexte, Portee::Tout).await?;
        return Ok(None);
    }
    let limite = fermeture::compter_absents(conn, contexte, Portee::SesDepartements).await?;
    if suspect(limite.absents, limite.ouverts) {
        return Err(ImportErreur::FermetureMassive {
            fichier: lu.nom.clone(),
            fermetures: limite.absents,
            ouverts: limite.ouverts,
        });
    }
    bilan.fermes += fermeture::fermer_absents(conn, contexte, Portee::SesDepartements).await?;
    Ok(Some(
        "Fichier limité à certains départements\u{a0}: les autres n’ont pas été touchés.".to_owned(),
    ))
}
