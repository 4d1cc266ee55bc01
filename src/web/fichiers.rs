//! Pieces on their way out.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use object_store::path::Path as Emplacement;
use object_store::{ObjectStore, ObjectStoreExt};
use uuid::Uuid;

use super::echec::Echec;
use crate::domain::dossier::Dossier;

/// The bytes of a piece, always as an attachment: nothing sent by a person is ever drawn by our pages.
///
/// # Errors
/// [`Echec::introuvable`] when the dossier has no such piece; the object store's.
pub async fn servir(fichiers: &dyn ObjectStore, dossier: &Dossier, piece: Uuid) -> Result<Response, Echec> {
    let piece = dossier
        .pieces
        .iter()
        .find(|p| p.id == piece)
        .ok_or_else(Echec::introuvable)?;
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
