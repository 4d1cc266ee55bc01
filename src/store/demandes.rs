//! Requests for an account, and who lets people in: the signatories of the OG or, as long as it has none, the
//! accompagnement of its régions (every one of them when the registry does not tell where the OG works); the accompagnement too when
//! signatories leave a request unanswered.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::DemandeATraiter;
use crate::domain::compte::RoleOg;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// A request.
#[derive(Debug, Clone)]
pub struct Demande {
    /// The account that waits.
    pub id: Uuid,
    /// The person's name.
    pub nom: String,
    /// Its confirmed address.
    pub courriel: String,
    /// FINESS EJ of the OG.
    pub og: Finess,
    /// Name of the OG.
    pub organisme: String,
    /// When the account was first made.
    pub cree_le: DateTime<Utc>,
}

/// Whose requests are looked at.
#[derive(Debug, Clone, Copy)]
pub enum Perimetre<'a> {
    /// Those to join this OG.
    Og(Finess),
    /// Those to join OGs of these régions that have no signatory yet, or whose signatories have let them wait for
    /// [`DELAI_DES_SIGNATAIRES`]: the only one may have left.
    Regions(&'a [String], DateTime<Utc>),
}

/// How long a request waits for the signatories of its OG before the accompagnement may decide on it too.
pub const DELAI_DES_SIGNATAIRES: TimeDelta = TimeDelta::days(7);

/// The requests that wait, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, perimetre: &Perimetre<'_>) -> sqlx::Result<Vec<Demande>> {
    chercher(conn, perimetre, None).await
}

/// One of them.
///
/// # Errors
/// The database's.
pub(super) async fn load(
    conn: &mut PgConnection,
    perimetre: &Perimetre<'_>,
    id: Uuid,
) -> sqlx::Result<Option<Demande>> {
    Ok(chercher(conn, perimetre, Some(id)).await?.pop())
}

async fn chercher(conn: &mut PgConnection, perimetre: &Perimetre<'_>, id: Option<Uuid>) -> sqlx::Result<Vec<Demande>> {
    let (og, regions, avant): (Option<&str>, &[String], _) = match perimetre {
        Perimetre::Og(og) => (Some(og.as_str()), &[], None),
        Perimetre::Regions(regions, maintenant) => (None, regions, Some(*maintenant - DELAI_DES_SIGNATAIRES)),
    };
    let lignes = sqlx::query!(
        r#"select c.id, c.nom, c.courriel, c.og as "og!", coalesce(o.raison_sociale, '') as "organisme!", c.cree_le
           from compte c join organisme o on o.finess = c.og
           where c.etat = 'a_approuver' and ($1::uuid is null or c.id = $1)
             and case when $2::text is not null then c.og = $2
                      else (not a_un_signataire(c.og) or c.cree_le <= $4)
                           and (regions_de_l_og(c.og) && $3 or regions_de_l_og(c.og) = '{}') end
           order by c.cree_le, c.id"#,
        id,
        og,
        regions,
        avant
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(Demande {
                id: l.id,
                nom: l.nom,
                courriel: l.courriel,
                og: super::registre::numero(&l.og)?,
                organisme: l.organisme,
                cree_le: l.cree_le,
            })
        })
        .collect()
}

/// The accounts that decide on the requests to join an OG.
///
/// # Errors
/// The database's.
pub async fn list_decideurs(conn: &mut PgConnection, og: Finess) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(r#"select decideurs_de_la_demande($1) as "id!""#, og.as_str())
        .fetch_all(conn)
        .await
}

/// Lets the person in with this role. False when somebody decided meanwhile.
///
/// # Errors
/// The database's.
pub async fn approuver(conn: &mut PgConnection, acces: &DemandeATraiter, role: RoleOg) -> sqlx::Result<bool> {
    let og = acces.og();
    let faits = sqlx::query!(
        "update compte set etat = 'actif', role_og = $3 where id = $1 and og = $2 and etat = 'a_approuver'",
        acces.demande().id,
        og.as_str(),
        role.code()
    )
    .execute(conn)
    .await?;
    Ok(faits.rows_affected() == 1)
}

/// Turns the person away. False when somebody decided meanwhile.
///
/// # Errors
/// The database's.
pub async fn refuser(conn: &mut PgConnection, acces: &DemandeATraiter) -> sqlx::Result<bool> {
    let og = acces.og();
    let faits = sqlx::query!(
        "update compte set etat = 'retire' where id = $1 and og = $2 and etat = 'a_approuver'",
        acces.demande().id,
        og.as_str()
    )
    .execute(conn)
    .await?;
    Ok(faits.rows_affected() == 1)
}
