//! Mails: queued in the transaction of their cause, at the rhythm their addressee chose.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::travaux;
use crate::domain::courriel::{EtatCourriel, Evenement, Rythme, Sorte};
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
        travaux::create(conn, courriel.id, GENRE, &charge, maintenant).await?;
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

/// A mail about to leave.
#[derive(Debug, Clone)]
pub struct APoster {
    /// Its number.
    pub id: Uuid,
    /// Where to.
    pub adresse: String,
    /// Name of the person; none without account.
    pub nom: Option<String>,
    /// What it is about.
    pub evenement: Evenement,
    /// Path of a one-time link, until the mail has left.
    pub secret: Option<String>,
    /// Token of the link that stops mails of this kind.
    pub desabonnement: Uuid,
    /// When it was written.
    pub cree_le: DateTime<Utc>,
}

/// A mail as it leaves; none when its account is gone, or was removed and the mail is not about the account itself.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<APoster>> {
    let ligne = sqlx::query!(
        r#"select m.id, coalesce(c.courriel, m.adresse) as "adresse!", c.nom as "nom?", m.evenement as "evenement: Json<Evenement>",
            m.secret, m.desabonnement, m.cree_le
           from courriel m left join compte c on c.id = m.compte_id
           where m.id = $1 and (c.etat is distinct from 'retire' or m.sorte = $2)"#,
        id,
        Sorte::Securite.code()
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.map(|l| APoster {
        id: l.id,
        adresse: l.adresse,
        nom: l.nom,
        evenement: l.evenement.0,
        secret: l.secret,
        desabonnement: l.desabonnement,
        cree_le: l.cree_le,
    }))
}

/// Forgets the one-time link of a mail that has left.
///
/// # Errors
/// The database's.
pub async fn oublier_secret(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update courriel set secret = null where id = $1 and secret is not null",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An attempt to send a mail.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Tentative {
    /// When.
    pub survenue_le: DateTime<Utc>,
    /// Whether the mail left.
    pub reussie: bool,
    /// What the mail server answered, or what prevented it to.
    pub reponse: String,
}

/// A mail in a list.
#[derive(Debug, Clone)]
pub struct Suivi {
    /// Its number.
    pub id: Uuid,
    /// Where to.
    pub adresse: String,
    /// What it is about.
    pub evenement: Evenement,
    /// When it was written.
    pub cree_le: DateTime<Utc>,
    /// Where it stands.
    pub etat: EtatCourriel,
    /// When it is tried next, while it waits.
    pub pret_le: Option<DateTime<Utc>>,
    /// The attempts, the oldest first.
    pub tentatives: Vec<Tentative>,
    /// How many mails the whole list has.
    pub total: i64,
}

/// Which mails to list; the default lists them all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filtre {
    /// To this account.
    pub compte: Option<Uuid>,
    /// In this state.
    pub etat: Option<EtatCourriel>,
    /// Of fictitious accounts, or of a demonstration's visitors without account.
    pub fictifs: bool,
}

/// Mails in a list.
pub const PAR_PAGE: i64 = 25;

/// A page of mails, from 1, the most recent first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, filtre: Filtre, page: u32) -> sqlx::Result<Vec<Suivi>> {
    let lignes = sqlx::query!(
        r#"select s.id as "id!", s.adresse as "adresse!", s.evenement as "evenement!: Json<Evenement>", s.cree_le as "cree_le!",
            s.etat as "etat!", s.pret_le, s.total as "total!",
            coalesce((select json_agg(json_build_object('survenue_le', e.survenue_le, 'reussie', e.reussie, 'reponse', e.reponse)
                    order by e.id) from tentative e where e.travail_id = s.travail_id), '[]')
                as "tentatives!: Json<Vec<Tentative>>"
           from (select *, count(*) over () as total
                 from (select m.id, coalesce(c.courriel, m.adresse) as adresse, m.evenement, m.cree_le, m.travail_id,
                           case when m.resume_id is not null then 'resume' when t.id is null then 'a_resumer'
                                when t.etat = 'fait' then 'envoye' else t.etat end as etat,
                           case when t.etat = 'attente' then t.pret_le end as pret_le
                       from courriel m left join compte c on c.id = m.compte_id left join travail t on t.id = m.travail_id
                       where ($1::uuid is null or m.compte_id = $1) and (not $3 or c.id is null or c.fictif)) tous
                 where $2::text is null or etat = $2
                 order by cree_le desc, id desc limit $4 offset $5) s
           order by s.cree_le desc, s.id desc"#,
        filtre.compte,
        filtre.etat.map(Liste::code),
        filtre.fictifs,
        PAR_PAGE,
        i64::from(page.max(1) - 1) * PAR_PAGE
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(Suivi {
                id: l.id,
                adresse: l.adresse,
                evenement: l.evenement.0,
                cree_le: l.cree_le,
                etat: lire(&l.etat)?,
                pret_le: l.pret_le,
                tentatives: l.tentatives.0,
                total: l.total,
            })
        })
        .collect()
}

/// Whether a mail may be shown to the visitors of a demonstration.
///
/// # Errors
/// The database's.
pub async fn est_fictif(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from courriel m left join compte c on c.id = m.compte_id
            where m.id = $1 and (c.id is null or c.fictif)) as "fictif!""#,
        id
    )
    .fetch_one(conn)
    .await
}

fn lire<L: Liste>(code: &str) -> sqlx::Result<L> {
    L::depuis(code).ok_or_else(|| sqlx::Error::Decode(format!("valeur inconnue\u{a0}: {code}").into()))
}

/// Sets how often an account wants a kind of mails. What waited for a digest that it no longer wants is dropped.
///
/// # Errors
/// The database's.
pub async fn save_rythme(conn: &mut PgConnection, compte: Uuid, sorte: Sorte, rythme: Rythme) -> sqlx::Result<()> {
    sqlx::query!(
        "with oublies as (delete from courriel
             where $3 = 'jamais' and compte_id = $1 and sorte = $2 and travail_id is null and resume_id is null)
         insert into preference_courriel (compte_id, sorte, rythme) values ($1, $2, $3)
         on conflict (compte_id, sorte) do update set rythme = excluded.rythme",
        compte,
        sorte.code(),
        rythme.code()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The accounts for which mails wait for the daily digest.
///
/// # Errors
/// The database's.
pub async fn list_comptes_a_resumer(conn: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select distinct compte_id as "compte!" from courriel where travail_id is null and resume_id is null"#
    )
    .fetch_all(conn)
    .await
}

/// Puts what waits for an account in one mail of this number. False when nothing waited.
///
/// # Errors
/// The database's.
pub async fn resumer(conn: &mut PgConnection, compte: Uuid, id: Uuid, maintenant: DateTime<Utc>) -> sqlx::Result<bool> {
    let attendus = sqlx::query!(
        r#"select id, evenement as "evenement: Json<Evenement>" from courriel
           where compte_id = $1 and travail_id is null and resume_id is null order by cree_le, id for update"#,
        compte
    )
    .fetch_all(&mut *conn)
    .await?;
    if attendus.is_empty() {
        return Ok(false);
    }
    let (ids, evenements): (Vec<Uuid>, Vec<Evenement>) = attendus.into_iter().map(|l| (l.id, l.evenement.0)).unzip();
    let courriel = Courriel {
        id,
        destinataire: Destinataire::Compte(compte),
        evenement: &Evenement::Resume { evenements },
        secret: None,
        cle: None,
    };
    enfiler(conn, &courriel, maintenant).await?;
    sqlx::query!("update courriel set resume_id = $2 where id = any ($1)", &ids, id)
        .execute(conn)
        .await?;
    Ok(true)
}

/// What a link of unsubscription stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desabonnement {
    /// Whose mails.
    pub compte: Uuid,
    /// Which kinds: that of the mail, or those that its digest gathers.
    pub sortes: Vec<Sorte>,
}

/// What this token stops; none when it is unknown, or of a mail that nobody may refuse.
///
/// # Errors
/// The database's.
pub async fn load_desabonnement(conn: &mut PgConnection, jeton: Uuid) -> sqlx::Result<Option<Desabonnement>> {
    let courriel = sqlx::query!(
        r#"select compte_id as "compte!", evenement as "evenement: Json<Evenement>" from courriel
           where desabonnement = $1 and compte_id is not null"#,
        jeton
    )
    .fetch_optional(conn)
    .await?;
    Ok(courriel.and_then(|l| {
        let sortes: Vec<Sorte> = Sorte::AU_CHOIX
            .into_iter()
            .filter(|sorte| l.evenement.0.parle_de(*sorte))
            .collect();
        let compte = l.compte;
        (!sortes.is_empty()).then_some(Desabonnement { compte, sortes })
    }))
}

/// Which of these names are those of mails already written.
///
/// # Errors
/// The database's.
pub async fn list_cles(conn: &mut PgConnection, cles: &[String]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(r#"select cle as "cle!" from courriel where cle = any ($1)"#, cles)
        .fetch_all(conn)
        .await
}
