//! Pieces on their way out, and bytes that no piece has.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as Emplacement;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};
use sqlx::PgPool;
use uuid::Uuid;

use super::echec::Echec;
use super::erreur::Erreur;
use crate::domain::dossier::Dossier;
use crate::store::pieces::lister_orphelins;

/// Bytes come before their row: an upload may be between the two, and none lasts so long.
const ORPHELIN_APRES: TimeDelta = TimeDelta::days(1);
/// Places asked of the database at once.
const PAR_QUESTION: usize = 500;

/// The bytes of a piece, always as an attachment: nothing sent by a person is ever drawn by our pages.
///
/// # Errors
/// [`Echec::introuvable`] when the dossier has no such piece; [`Erreur::PieceInfectee`]; the object store's.
pub async fn servir(fichiers: &dyn ObjectStore, dossier: &Dossier, piece: Uuid) -> Result<Response, Echec> {
    let piece = dossier
        .pieces
        .iter()
        .find(|p| p.id == piece)
        .ok_or_else(Echec::introuvable)?;
    if piece.infectee() {
        return Err(Erreur::PieceInfectee.into());
    }
    let objet = fichiers
        .get(&Emplacement::from(piece.chemin.as_str()))
        .await
        .map_err(Echec::interne)?;
    let nom: String = form_urlencoded::byte_serialize(piece.nom.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{nom}")).map_err(Echec::interne)?;
    let type_contenu = HeaderValue::from_str(&piece.type_contenu).map_err(Echec::interne)?;
    let entetes = [
        (header::CONTENT_TYPE, type_contenu),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, HeaderValue::from(piece.taille_octets)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((entetes, Body::from_stream(objet.into_stream())).into_response())
}

/// Removes, once as the portal starts, the bytes whose row was never written: a portal killed between
/// the two leaves some. Gives their number.
///
/// # Errors
/// The object store's, the database's.
pub async fn balayer(fichiers: &dyn ObjectStore, pool: &PgPool, maintenant: DateTime<Utc>) -> anyhow::Result<usize> {
    let prefixe = Emplacement::from("dossiers");
    let vieux = |objet: &ObjectMeta| maintenant - objet.last_modified > ORPHELIN_APRES;
    let mut lots = fichiers
        .list(Some(&prefixe))
        .try_filter(|objet| std::future::ready(vieux(objet)))
        .try_chunks(PAR_QUESTION);
    let mut otes = 0;
    while let Some(lot) = lots.next().await {
        let (chemins, dossiers): (Vec<String>, Vec<Uuid>) = lot?.iter().filter_map(place).unzip();
        for chemin in lister_orphelins(pool, &chemins, &dossiers).await? {
            fichiers.delete(&Emplacement::from(chemin)).await?;
            otes += 1;
        }
    }
    Ok(otes)
}

/// Where a piece is kept, and its dossier; none for what is not a piece.
fn place(objet: &ObjectMeta) -> Option<(String, Uuid)> {
    let chemin = objet.location.to_string();
    let dossier = chemin.split('/').nth(1)?.parse().ok()?;
    Some((chemin, dossier))
}
