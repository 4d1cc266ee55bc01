//! Who carries a project next: proposed by the porteur, decided by the membre.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::acces::{DossierDeposable, DossierPartage, Lecture};
use crate::domain::finess::Finess;
use crate::domain::participation::ACCORD_DE_L_ANCIEN_PORTEUR;

/// Proposes a membre as the next porteur, or takes the proposal back. False when it does not take part, or another one is
/// proposed already.
///
/// # Errors
/// The database's.
pub async fn save_portage(
    conn: &mut PgConnection,
    acces: &DossierDeposable,
    og: Finess,
    propose_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation p set portage_le = $3::timestamptz, portage_par = case when $3::timestamptz is not null then $4::uuid end
         where dossier_id = $1 and og = $2 and etat = 'acceptee' and (portage_le is null) = ($3::timestamptz is not null)
           and not exists (select from participation a where a.dossier_id = $1 and a.og <> $2 and a.portage_le is not null)",
        acces.dossier(),
        og.as_str(),
        propose_le,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The proposed membre declines. False when it was no longer proposed.
///
/// # Errors
/// The database's.
pub async fn refuser_portage(conn: &mut PgConnection, acces: &DossierPartage) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation set portage_le = null, portage_par = null
         where dossier_id = $1 and og = portail_og() and portage_le is not null",
        acces.dossier()
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The proposed membre becomes the porteur, and the former porteur a membre whose ESSMS stay. False when it was no longer
/// proposed.
///
/// # Errors
/// The database's.
pub async fn prendre_le_portage(
    conn: &mut PgConnection,
    acces: &DossierPartage,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select prendre_le_portage($1, $2, $3) as "fait!""#,
        acces.dossier(),
        ACCORD_DE_L_ANCIEN_PORTEUR,
        maintenant
    )
    .fetch_one(conn)
    .await
}
