//! Invitations to join an OG, until they are accepted or cancelled.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::{InvitationOuverte, OrganismeGere};
use crate::domain::compte::RoleOg;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// An invitation.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its number.
    pub id: Uuid,
    /// FINESS EJ of the OG.
    pub og: Finess,
    /// Who is invited.
    pub courriel: String,
    /// What the account will be allowed to do.
    pub role: RoleOg,
    /// Name of the colleague who invites.
    pub invite_par: String,
    /// Last moment to accept.
    pub expire_le: DateTime<Utc>,
}

/// Writes an invitation, or the new link of the one that this address already has from this OG. The role is the last given.
///
/// # Errors
/// The database's.
pub async fn save(
    conn: &mut PgConnection,
    acces: &OrganismeGere,
    invitation: &NouvelleInvitation<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    let og = acces.og();
    sqlx::query!(
        "insert into invitation (id, cle, og, courriel, role_og, invite_par, envoyee_le, expire_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (og, lower(courriel)) do update set cle = excluded.cle, role_og = excluded.role_og,
             invite_par = excluded.invite_par, envoyee_le = excluded.envoyee_le, expire_le = excluded.expire_le",
        invitation.id,
        invitation.cle,
        og.as_str(),
        invitation.courriel,
        invitation.role.code(),
        acces.compte().id,
        maintenant,
        invitation.expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An invitation to write.
#[derive(Debug)]
pub struct NouvelleInvitation<'a> {
    /// Its number.
    pub id: Uuid,
    /// SHA-256 of the token of its link.
    pub cle: &'a [u8],
    /// Who is invited.
    pub courriel: &'a str,
    /// What the account will be allowed to do.
    pub role: RoleOg,
    /// Last moment to accept.
    pub expire_le: DateTime<Utc>,
}

/// The invitations of the OG, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, og: Finess) -> sqlx::Result<Vec<Invitation>> {
    let lignes = sqlx::query!(
        r#"select i.id, i.og, i.courriel, i.role_og, nom_de_compte(i.invite_par) as "nom!", i.expire_le from invitation i
         where i.og = $1 order by i.envoyee_le, i.id"#,
        og.as_str()
    )
    .fetch_all(conn)
    .await?;
    let lues = lignes
        .into_iter()
        .filter_map(|l| lire(l.id, &l.og, l.courriel, &l.role_og, l.nom, l.expire_le));
    Ok(lues.collect())
}

/// One of them, expired or not.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &OrganismeGere, id: Uuid) -> sqlx::Result<Option<Invitation>> {
    Ok(list(conn, acces.og()).await?.into_iter().find(|i| i.id == id))
}

/// The invitation of this key, unless it has expired.
///
/// # Errors
/// The database's.
pub(super) async fn load_par_cle(
    conn: &mut PgConnection,
    cle: &[u8],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Invitation>> {
    let ligne = sqlx::query!(
        r#"select i.id, i.og, i.courriel, i.role_og, nom_de_compte(i.invite_par) as "nom!", i.expire_le from invitation i
         where i.cle = $1 and i.expire_le > $2"#,
        cle,
        maintenant
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(|l| lire(l.id, &l.og, l.courriel, &l.role_og, l.nom, l.expire_le)))
}

fn lire(id: Uuid, og: &str, courriel: String, role: &str, par: String, expire_le: DateTime<Utc>) -> Option<Invitation> {
    Some(Invitation {
        id,
        og: Finess::parse(og).ok()?,
        courriel,
        role: RoleOg::depuis(role)?,
        invite_par: par,
        expire_le,
    })
}

/// Cancels an invitation. False when there was none.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, acces: &OrganismeGere, id: Uuid) -> sqlx::Result<bool> {
    let og = acces.og();
    let otees = sqlx::query!("delete from invitation where id = $1 and og = $2", id, og.as_str())
        .execute(conn)
        .await?;
    Ok(otees.rows_affected() == 1)
}

/// Uses an invitation up. False when it was already.
///
/// # Errors
/// The database's.
pub async fn consommer(conn: &mut PgConnection, acces: &InvitationOuverte, cle: &[u8]) -> sqlx::Result<bool> {
    let otees = sqlx::query!(
        "delete from invitation where id = $1 and cle = $2",
        acces.invitation().id,
        cle
    )
    .execute(conn)
    .await?;
    Ok(otees.rows_affected() == 1)
}
