//! The drafts whose window closes soon and the consents they wait for, the invitations that expire, and whom to remind.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::acces::commencer_systeme;
use super::comptes::{codes_depuis, ligne_compte};
use crate::domain::compte::{Compte, RoleOg};

/// A draft and one of the persons who write it.
#[derive(Debug, Clone)]
pub struct ARappeler {
    /// The draft.
    pub dossier: Uuid,
    /// Code of its edition.
    pub edition: String,
    /// When it was opened.
    pub cree_le: DateTime<Utc>,
    /// An account of its porteur that may write it, and wants reminders.
    pub compte: Compte,
}

/// The drafts of these editions with each person to remind, draft by draft. What is neither a draft nor alive any
/// more is left out here, and nowhere else.
///
/// # Errors
/// The database's.
pub async fn list(pool: &PgPool, editions: &[String]) -> sqlx::Result<Vec<ARappeler>> {
    let mut tx = commencer_systeme(pool).await?;
    let lignes = sqlx::query!(
        "select d.id as dossier, d.edition, d.cree_le, c.id, c.courriel, c.nom, c.profil, c.og, c.role_og, c.regions, c.etat
         from dossier d join compte c on c.og = d.porteur and c.etat = 'actif' and c.role_og = any ($2)
         where d.etat = 'brouillon' and d.abandonne_le is null and d.edition = any ($1)
           and not exists (select from preference_courriel p
                           where p.compte_id = c.id and p.sorte = 'echeances' and p.rythme = 'jamais')
         order by d.id, c.id",
        editions,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let a_rappeler = lignes.into_iter().filter_map(|l| {
        let compte = ligne_compte!(l);
        Some(ARappeler {
            dossier: l.dossier,
            edition: l.edition,
            cree_le: l.cree_le,
            compte: compte.compte()?,
        })
    });
    Ok(a_rappeler.collect())
}

/// An invitation into a grappe that expires soon, and one of those who may answer it.
#[derive(Debug, Clone)]
pub struct InvitationARappeler {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// FINESS EJ of the invited OG.
    pub og: String,
    /// Name of the porteur.
    pub porteur: String,
    /// Last moment to answer.
    pub expire_le: DateTime<Utc>,
    /// An account of the invited OG that may answer or prepare an answer.
    pub compte: Option<Uuid>,
    /// Where it was invited, when it has no account.
    pub adresse: Option<String>,
}

/// The pending invitations that expire between these two instants, with each person to remind.
///
/// # Errors
/// The database's.
pub async fn list_invitations(
    pool: &PgPool,
    apres: DateTime<Utc>,
    avant: DateTime<Utc>,
) -> sqlx::Result<Vec<InvitationARappeler>> {
    let mut tx = commencer_systeme(pool).await?;
    let invitations = sqlx::query_as!(
        InvitationARappeler,
        r#"select p.dossier_id as dossier, d.nom, p.og, coalesce(o.raison_sociale, d.porteur) as "porteur!", p.expire_le,
            c.id as "compte?", case when c.id is null then p.courriel end as adresse
           from participation p
           join dossier d on d.id = p.dossier_id and d.etat = 'brouillon' and d.abandonne_le is null
           join organisme o on o.finess = d.porteur
           left join compte c on c.og = p.og and c.etat = 'actif' and c.role_og = any ($3)
           where p.etat = 'invitee' and p.expire_le > $1 and p.expire_le <= $2
           order by p.dossier_id, p.og, c.id"#,
        apres,
        avant,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(invitations)
}

/// A membre whose consents a draft waits for, and one of those who give or prepare them.
#[derive(Debug, Clone)]
pub struct MembreARappeler {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// Code of its edition.
    pub edition: String,
    /// Name of the porteur.
    pub porteur: String,
    /// Its ESSMS in the grappe for which it has not agreed.
    pub accords: i64,
    /// An account of the membre that may answer or prepare an answer.
    pub compte: Uuid,
}

/// The membres of the drafts of these editions that have not agreed for each of their ESSMS, with each person to remind.
///
/// # Errors
/// The database's.
pub async fn list_membres(pool: &PgPool, editions: &[String]) -> sqlx::Result<Vec<MembreARappeler>> {
    let mut tx = commencer_systeme(pool).await?;
    let membres = sqlx::query_as!(
        MembreARappeler,
        r#"select d.id as dossier, d.nom, d.edition, coalesce(o.raison_sociale, d.porteur) as "porteur!", a.accords as "accords!",
            c.id as compte
           from participation p
           join dossier d on d.id = p.dossier_id and d.etat = 'brouillon' and d.abandonne_le is null and d.edition = any ($1)
           left join organisme o on o.finess = d.porteur
           cross join lateral (
               select count(*) as accords from grappe_essms g join essms e on e.finess = g.finess and e.organisme = p.og
               where g.dossier_id = d.id and g.retire_le is null
                 and not exists (select from consentement k where k.dossier_id = d.id and k.finess = g.finess
                                 and k.og = p.og and k.etat = 'donne')) a
           join compte c on c.og = p.og and c.etat = 'actif' and c.role_og = any ($2)
           where p.etat = 'acceptee' and a.accords > 0
           order by d.id, p.og, c.id"#,
        editions,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(membres)
}

/// An invitation that expired unanswered, and one of those who write the dossier.
#[derive(Debug, Clone)]
pub struct InvitationExpiree {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// FINESS EJ of the invited OG.
    pub og: String,
    /// Its name.
    pub organisme: String,
    /// Last moment to answer.
    pub expire_le: DateTime<Utc>,
    /// An account of the porteur that writes the dossier.
    pub compte: Uuid,
}

/// The invitations that expired unanswered between these two instants, with each person to tell.
///
/// # Errors
/// The database's.
pub async fn list_expirees(
    pool: &PgPool,
    apres: DateTime<Utc>,
    avant: DateTime<Utc>,
) -> sqlx::Result<Vec<InvitationExpiree>> {
    let mut tx = commencer_systeme(pool).await?;
    let expirees = sqlx::query_as!(
        InvitationExpiree,
        r#"select d.id as dossier, d.nom, p.og, coalesce(o.raison_sociale, p.og) as "organisme!", p.expire_le, c.id as compte
           from participation p
           join dossier d on d.id = p.dossier_id and d.etat = 'brouillon' and d.abandonne_le is null
           left join organisme o on o.finess = p.og
           join compte c on c.og = d.porteur and c.etat = 'actif' and c.role_og = any ($3)
           where p.etat = 'invitee' and p.expire_le > $1 and p.expire_le <= $2
           order by d.id, p.og, c.id"#,
        apres,
        avant,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(expirees)
}

/// A membre on whose ESSMS somebody else changed answers on a day, and one of those who answer for it.
#[derive(Debug, Clone)]
pub struct ReponsesChangees {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// Name of the porteur.
    pub porteur: String,
    /// The day, in Paris.
    pub jour: NaiveDate,
    /// The ESSMS, as people read them.
    pub essms: Vec<String>,
    /// An account of the membre that may answer.
    pub compte: Uuid,
}

/// What the journals of these days say that others changed on the ESSMS of each membre, since it takes part and for those
/// still in the grappe, with each person to tell. The dossier may have been deposited since.
///
/// # Errors
/// The database's.
pub async fn list_reponses_changees(
    pool: &PgPool,
    du: NaiveDate,
    au: NaiveDate,
) -> sqlx::Result<Vec<ReponsesChangees>> {
    let mut tx = commencer_systeme(pool).await?;
    let changees = sqlx::query_as!(
        ReponsesChangees,
        r#"select d.id as dossier, d.nom, coalesce(o.raison_sociale, d.porteur) as "porteur!", t.jour as "jour!",
            t.essms as "essms!", c.id as compte
           from participation p
           join dossier d on d.id = p.dossier_id
           left join organisme o on o.finess = d.porteur
           cross join lateral (
               select (j.survenu_le at time zone 'Europe/Paris')::date as jour,
                      array_agg(distinct e.nom || ' (' || e.finess || ')') as essms
               from journal j
               join compte a on a.id = j.compte_id and a.og is distinct from p.og
               cross join lateral jsonb_array_elements(j.champs) k
               join essms e on e.finess = split_part(k ->> 'champ', '-', 1) and e.organisme = p.og
               join grappe_essms g on g.dossier_id = d.id and g.finess = e.finess and g.retire_le is null
               where j.dossier_id = d.id and k ->> 'champ' like '%-%' and j.survenu_le >= p.repondue_le
                 and j.survenu_le >= $1::date::timestamp at time zone 'Europe/Paris'
                 and j.survenu_le < ($2::date + 1)::timestamp at time zone 'Europe/Paris'
               group by 1) t
           join compte c on c.og = p.og and c.etat = 'actif' and c.role_og = any ($3)
           where p.etat = 'acceptee'
           order by d.id, p.og, t.jour, c.id"#,
        du,
        au,
        &codes_depuis(RoleOg::Edition)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(changees)
}
