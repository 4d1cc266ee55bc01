//! Pieces attached to dossiers. The bytes are in the object store; what they are is here.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::acces::{DossierModifiable, Lecture, commencer_systeme};
use crate::domain::dossier::{Analyse, Piece};

/// Attaches a piece whose bytes are already stored.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, acces: &DossierModifiable, piece: &Piece) -> sqlx::Result<()> {
    sqlx::query!(
        "with touche as (update dossier set modifie_le = $9 where id = $2)
         insert into piece (id, dossier_id, type_piece, nom, type_contenu, taille_octets, sha256, chemin, depose_le, depose_par,
             analysee_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11 then $9 end)",
        piece.id,
        acces.dossier(),
        piece.type_piece,
        piece.nom,
        piece.type_contenu,
        piece.taille_octets,
        piece.sha256,
        piece.chemin,
        piece.depose_le,
        acces.compte().id,
        piece.analyse == Analyse::Saine
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The pieces that no antivirus looked at, the oldest first, and where their bytes are.
///
/// # Errors
/// The database's.
pub async fn list_a_analyser(pool: &PgPool, au_plus: i64) -> sqlx::Result<Vec<(Uuid, String)>> {
    let mut tx = commencer_systeme(pool).await?;
    let pieces = sqlx::query!(
        "select id, chemin from piece where analysee_le is null order by depose_le, id limit $1",
        au_plus
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(pieces.into_iter().map(|p| (p.id, p.chemin)).collect())
}

/// Keeps what the antivirus said of a piece.
///
/// # Errors
/// The database's.
pub async fn save_analyse(pool: &PgPool, id: Uuid, analyse: &Analyse, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    let virus = match analyse {
        Analyse::Virus(nom) => Some(nom.as_str()),
        Analyse::Saine | Analyse::Absente => None,
    };
    let mut tx = commencer_systeme(pool).await?;
    sqlx::query!(
        "update piece set analysee_le = $2, virus = $3 where id = $1",
        id,
        maintenant,
        virus
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Among these places of the object store, those that no piece of this database has, although their
/// dossier is in it: another database's bytes are not its to judge.
///
/// # Errors
/// The database's.
pub async fn lister_orphelins(pool: &PgPool, chemins: &[String], dossiers: &[Uuid]) -> sqlx::Result<Vec<String>> {
    let mut tx = commencer_systeme(pool).await?;
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
