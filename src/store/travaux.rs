//! Work done later: a queue in the database, shared by every portal. A work is taken for the length of a lease
//! and by one portal; whoever comes back after the end of its lease no longer holds it.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The channel on which a new work is announced.
pub const CANAL: &str = "travail";

/// A work taken from the queue.
#[derive(Debug, Clone)]
pub struct Travail {
    /// Its number.
    pub id: Uuid,
    /// What is to be done.
    pub genre: String,
    /// About what.
    pub charge: serde_json::Value,
    /// Rank of this attempt, from 1: the proof that the work is still held.
    pub tentative: i32,
}

/// What a work becomes after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suite {
    /// Done.
    Fait,
    /// Again at this time: a failed attempt, or a recurrent work.
    Reprise(DateTime<Utc>),
    /// Given up: an administrator may ask for it again.
    Abandon,
}

/// Asks for a work, to be done at once. The portals wake when the transaction commits.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    id: Uuid,
    genre: &str,
    charge: &serde_json::Value,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into travail (id, genre, charge, pret_le, cree_le) values ($1, $2, $3, $4, $4)",
        id,
        genre,
        charge,
        maintenant
    )
    .execute(&mut *conn)
    .await?;
    annoncer(conn).await
}

/// Sees to it that a recurrent work exists, once, and is done at this time at the latest.
///
/// # Errors
/// The database's.
pub async fn planifier(
    conn: &mut PgConnection,
    id: Uuid,
    genre: &str,
    pret_le: DateTime<Utc>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into travail (id, genre, cle, pret_le, cree_le) values ($1, $2, $2, $3, $4)
         on conflict (cle) do update set pret_le = least(travail.pret_le, excluded.pret_le)",
        id,
        genre,
        pret_le,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn annoncer(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_notify($1, '')", CANAL).execute(conn).await?;
    Ok(())
}

/// Takes the work of these kinds that has waited longest, for the length of a lease.
///
/// # Errors
/// The database's.
pub async fn take(
    conn: &mut PgConnection,
    genres: &[String],
    maintenant: DateTime<Utc>,
    bail: TimeDelta,
) -> sqlx::Result<Option<Travail>> {
    sqlx::query_as!(
        Travail,
        "update travail set tentatives = tentatives + 1, pret_le = $3
         where id = (select id from travail where etat = 'attente' and genre = any ($1) and pret_le <= $2
                     order by pret_le, id limit 1 for update skip locked)
         returning id, genre, charge, tentatives as tentative",
        genres,
        maintenant,
        maintenant + bail
    )
    .fetch_optional(conn)
    .await
}

/// Ends an attempt, and notes what came out of it when there is something to say. False when the work was no longer
/// held: the lease had ended and it was taken again, which alone decides.
///
/// # Errors
/// The database's.
pub async fn finish(
    conn: &mut PgConnection,
    travail: &Travail,
    resultat: Result<&str, &str>,
    suite: &Suite,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (etat, pret_le) = match suite {
        Suite::Fait => ("fait", None),
        Suite::Reprise(quand) => ("attente", Some(*quand)),
        Suite::Abandon => ("abandonne", None),
    };
    let tenu = sqlx::query!(
        "update travail set etat = $3, pret_le = coalesce($4, pret_le), erreur = $5,
             -- A recurrent work that went well starts counting again.
             tentatives = case when $3 = 'attente' and $5::text is null then 0 else tentatives end,
             fini_le = case when $3 <> 'attente' then $6::timestamptz end
         where id = $1 and tentatives = $2 and etat = 'attente'",
        travail.id,
        travail.tentative,
        etat,
        pret_le,
        resultat.err(),
        maintenant
    )
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    let (Ok(reponse) | Err(reponse)) = resultat;
    if tenu && !reponse.is_empty() {
        sqlx::query!(
            "insert into tentative (travail_id, survenue_le, reussie, reponse) values ($1, $2, $3, $4)",
            travail.id,
            maintenant,
            resultat.is_ok(),
            reponse
        )
        .execute(conn)
        .await?;
    }
    Ok(tenu)
}

/// Asks again for a work that was given up. False when it was not.
///
/// # Errors
/// The database's.
pub async fn retry(conn: &mut PgConnection, id: Uuid, maintenant: DateTime<Utc>) -> sqlx::Result<bool> {
    let repris = sqlx::query!(
        "update travail set etat = 'attente', tentatives = 0, pret_le = $2, fini_le = null
         where id = $1 and etat = 'abandonne'",
        id,
        maintenant
    )
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    annoncer(conn).await?;
    Ok(repris)
}

/// When the next work of these kinds is due; a work already due gives a time in the past.
///
/// # Errors
/// The database's.
pub async fn load_prochaine_echeance(
    conn: &mut PgConnection,
    genres: &[String],
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select min(pret_le) from travail where etat = 'attente' and genre = any ($1)",
        genres
    )
    .fetch_one(conn)
    .await
}
