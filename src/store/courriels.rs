//! Mails: queued in the transaction of their cause, at the rhythm their addressee chose.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::travaux;
use crate::domain::courriel::{Evenement, Rythme, Sorte};
use crate::domain::nomenclature::Liste;

/// The kind of work that sends a mail.
pub const GENRE: &str = "courriel";

/// Whom a mail is for.
#[derive(Debug, Clone, Copy)]
pub enum Destinataire<'a> {
    /// An account, at the address it has when the mail leaves.
    Compte(Uuid),
    /// An address that has no account, or no longer: mails of [`Sorte::Securite`] only.
    Adresse(&'a str),
}

/// A mail to queue.
#[derive(Debug, Clone, Copy)]
pub struct Courriel<'a> {
    /// Its number, from `Horloge::nouvel_id`.
    pub id: Uuid,
    /// Whom it is for.
    pub destinataire: Destinataire<'a>,
    /// What it is about.
    pub evenement: &'a Evenement,
    /// Path of a one-time link (`/…/{jeton}`), that only the mail says: the database forgets it once the mail has
    /// left.
    pub secret: Option<&'a str>,
    /// Names a mail that is written once: a second one of the same name is not queued.
    pub cle: Option<&'a str>,
}

/// Queues a mail in the caller's transaction, whatever its role: sent at once, kept for the daily digest, or not
/// written at all, as its addressee chose. False when it was not written.
///
/// # Errors
/// The database's.
pub async fn enfiler(
    conn: &mut PgConnection,
    courriel: &Courriel<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let sorte = courriel.evenement.sorte();
    let (compte, adresse) = match courriel.destinataire {
        Destinataire::Compte(compte) => (Some(compte), None),
        Destinataire::Adresse(adresse) => (None, Some(adresse)),
    };
    let rythme = match (compte, courriel.evenement) {
        // What it gathers was already chosen.
        (_, Evenement::Resume { .. }) | (None, _) => Rythme::Immediat,
        (Some(compte), _) => load_rythme(conn, compte, sorte).await?,
    };
    if rythme == Rythme::Jamais {
        return Ok(false);
    }
    let immediat = rythme == Rythme::Immediat;
    let ecrit = sqlx::query!(
        "insert into courriel (id, cle, compte_id, adresse, sorte, evenement, secret, travail_id, cree_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        courriel.id,
        courriel.cle,
        compte,
        adresse,
        sorte.code(),
        Json(courriel.evenement) as _,
        courriel.secret,
        immediat.then_some(courriel.id),
        maintenant
    )
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if ecrit && immediat {
        let charge = serde_json::json!({ "courriel": courriel.id });
        travaux::create(conn, courriel.id, GENRE, &charge, None, maintenant).await?;
    }
    Ok(ecrit)
}

/// How often an account wants a kind of mails: at once unless it chose.
///
/// # Errors
/// The database's.
pub async fn load_rythme(conn: &mut PgConnection, compte: Uuid, sorte: Sorte) -> sqlx::Result<Rythme> {
    let choisi = sqlx::query_scalar!(
        "select rythme from preference_courriel where compte_id = $1 and sorte = $2",
        compte,
        sorte.code()
    )
    .fetch_optional(conn)
    .await?;
    Ok(choisi.and_then(|r| Rythme::depuis(&r)).unwrap_or(Rythme::Immediat))
}
