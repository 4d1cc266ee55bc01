//! Pieces attached to dossiers. The bytes are in the object store; what they are is here.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::acces::{DossierModifiable, Lecture};
use crate::domain::dossier::Piece;

/// Attaches a piece whose bytes are already stored.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, acces: &DossierModifiable, piece: &Piece) -> sqlx::Result<()> {
    sqlx::query!(
        "with touche as (update dossier set modifie_le = $9 where id = $2)
         insert into piece (id, dossier_id, type_piece, nom, type_contenu, taille_octets, sha256, chemin, depose_le, depose_par)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        piece.id,
        acces.dossier(),
        piece.type_piece,
        piece.nom,
        piece.type_contenu,
        piece.taille_octets,
        piece.sha256,
        piece.chemin,
        piece.depose_le,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Among these places of the object store, those that no piece of this database has, although their
/// dossier is in it: another database's bytes are not its to judge.
///
/// # Errors
/// The database's.
pub async fn lister_orphelins(pool: &PgPool, chemins: &[String], dossiers: &[Uuid]) -> sqlx::Result<Vec<String>> {
    // The portal's own work: no account asks.
    let mut tx = pool.begin_with("begin; set local role portail_systeme").await?;
    let orphelins = sqlx::query_scalar!(
        r#"select c.chemin as "chemin!" from unnest($1::text[], $2::uuid[]) as c (chemin, dossier)
           where exists (select from dossier d where d.id = c.dossier)
             and not exists (select from piece p where p.dossier_id = c.dossier and p.chemin = c.chemin)"#,
        chemins,
        dossiers
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(orphelins)
}

/// Takes a piece out, or puts it back. False when the dossier has no such piece in the other state.
///
/// # Errors
/// The database's.
pub async fn retirer(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    piece: Uuid,
    retire_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let fait = sqlx::query!(
        "update piece set retire_le = $3 where id = $1 and dossier_id = $2 and (retire_le is null) = ($3::timestamptz is not null)",
        piece,
        acces.dossier(),
        retire_le
    )
    .execute(conn)
    .await?;
    Ok(fait.rows_affected() == 1)
}
