//! The lines that an import rejected, to download.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sqlx::PgPool;
use uuid::Uuid;

use crate::store::envoi_import;
use crate::store::journal_import::{Rejet, lister_rejets};
use crate::web::echec::Echec;
use crate::web::etat::Etat;

/// Rejected lines read from the database at once.
const REJETS_PAR_LECTURE: i64 = 1_000;

/// Every rejected line, as a file for a spreadsheet.
///
/// # Errors
/// [`Echec::introuvable`] for an import that never was; the database's.
pub async fn telecharger(State(etat): State<Etat>, Path(id): Path<Uuid>) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    envoi_import::load(&mut conn, id)
        .await?
        .ok_or_else(Echec::introuvable)?;
    drop(conn);
    // Page after page: an import may reject a whole file.
    let pages = stream::try_unfold((etat.pool.clone(), Some(None)), move |(pool, apres)| async move {
        let Some(apres) = apres else { return Ok(None) };
        let premiere = apres.is_none();
        let page = page_de_rejets(&pool, id, apres.as_ref()).await?;
        let texte = en_csv(&page, premiere);
        Ok::<_, sqlx::Error>(Some((texte, (pool, page.into_iter().last().map(Some)))))
    });
    let entetes = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"lignes-rejetees.csv\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((entetes, Body::from_stream(pages)).into_response())
}

async fn page_de_rejets(pool: &PgPool, envoi: Uuid, apres: Option<&Rejet>) -> Result<Vec<Rejet>, sqlx::Error> {
    let mut conn = pool.acquire().await?;
    lister_rejets(&mut conn, envoi, apres, REJETS_PAR_LECTURE).await
}

/// With a byte order mark and semicolons, as French spreadsheets expect.
fn en_csv(rejets: &[Rejet], premiere: bool) -> String {
    let mut texte = String::new();
    if premiere {
        texte.push_str("\u{feff}fichier;ligne;motif;extrait\r\n");
    }
    for rejet in rejets {
        let champs = [&rejet.fichier, &rejet.ligne.to_string(), &rejet.motif, &rejet.extrait].map(|c| cite(c));
        texte.push_str(&champs.join(";"));
        texte.push_str("\r\n");
    }
    texte
}

/// Between quotes; what a spreadsheet would take for a formula begins by an apostrophe.
fn cite(champ: &str) -> String {
    let garde = if champ.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{garde}{}\"", champ.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_reads_fields_and_runs_no_formula() {
        let rejet = Rejet {
            fichier: "a;b.csv".to_owned(),
            ligne: 3,
            motif: "champ \"x\" vide".to_owned(),
            extrait: "=1+1".to_owned(),
        };
        assert_eq!(
            en_csv(&[rejet], false),
            "\"a;b.csv\";\"3\";\"champ \"\"x\"\" vide\";\"'=1+1\"\r\n"
        );
    }
}
