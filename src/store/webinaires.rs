//! Webinars. What people read of one leaves out the link of its meeting, which [`load_lien`] alone gives.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::acces::commencer_systeme;
use super::acces::webinaire::{Organisation, SurWebinaire, WebinaireGere};
use crate::domain::webinaire::{CONSERVATION_JOURS, Webinaire};

/// The one list of columns of a webinar, as [`Webinaire`] reads them.
macro_rules! webinaires {
    ($suite:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Webinaire,
            "select w.id, w.region, w.titre, w.description, w.destine_a, w.organisateur, w.debut, w.fin, w.capacite, w.rediffusion,
                w.annule_le, w.revision, w.efface_le, w.fictif,
                coalesce(w.bilan_inscrits, places_prises(w.id)) as \"inscrits!\"
             from webinaire w " + $suite
            $(, $argument)*
        )
    };
}

/// One webinar.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Webinaire>> {
    webinaires!("where w.id = $1", id).fetch_optional(conn).await
}

/// Those that begin after one instant and up to another, unless cancelled.
///
/// # Errors
/// The database's.
pub(super) async fn list_entre(
    conn: &mut PgConnection,
    apres: DateTime<Utc>,
    avant: DateTime<Utc>,
) -> sqlx::Result<Vec<Webinaire>> {
    webinaires!(
        "where w.debut > $1 and w.debut <= $2 and w.annule_le is null order by w.debut, w.id",
        apres,
        avant
    )
    .fetch_all(conn)
    .await
}

/// Webinars of every région, for anybody: those to come, the next first, then the past ones, the last first.
///
/// # Errors
/// The database's.
pub async fn list_publics(conn: &mut PgConnection, maintenant: DateTime<Utc>) -> sqlx::Result<Vec<Webinaire>> {
    webinaires!(
        "order by w.fin <= $1, abs(extract(epoch from w.debut - $1)), w.id limit 200",
        maintenant
    )
    .fetch_all(conn)
    .await
}

/// Webinars of an organiser's régions, in the same order.
///
/// # Errors
/// The database's.
pub async fn list(
    conn: &mut PgConnection,
    acces: &Organisation,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Vec<Webinaire>> {
    let tous = list_publics(conn, maintenant).await?;
    Ok(tous
        .into_iter()
        .filter(|w| acces.regions().contains(&w.region))
        .collect())
}

/// The link of its meeting, for who has a place and for organisers.
///
/// # Errors
/// The database's.
pub async fn load_lien(conn: &mut PgConnection, acces: &impl SurWebinaire) -> sqlx::Result<String> {
    sqlx::query_scalar!("select lien from webinaire where id = $1", acces.webinaire().id)
        .fetch_one(conn)
        .await
}

/// What an organiser writes of a webinar.
#[derive(Debug, Clone)]
pub struct Fiche {
    /// INSEE code of its région.
    pub region: String,
    /// Title.
    pub titre: String,
    /// What it is about.
    pub description: String,
    /// Whom it is for.
    pub destine_a: String,
    /// Who holds it.
    pub organisateur: String,
    /// When it begins.
    pub debut: DateTime<Utc>,
    /// When it ends.
    pub fin: DateTime<Utc>,
    /// Most people.
    pub capacite: Option<i32>,
    /// Of the meeting.
    pub lien: String,
    /// Where it can be seen again.
    pub rediffusion: Option<String>,
}

/// Announces a webinar, in a transaction that carries its number.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    id: Uuid,
    fiche: &Fiche,
    fictif: bool,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into webinaire (id, region, titre, description, destine_a, organisateur, debut, fin, capacite, lien, rediffusion,
            fictif, cree_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id,
        fiche.region,
        fiche.titre,
        fiche.description,
        fiche.destine_a,
        fiche.organisateur,
        fiche.debut,
        fiche.fin,
        fiche.capacite,
        fiche.lien,
        fiche.rediffusion,
        fictif,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Saves a webinar filled upon this revision; false when another person saved it meanwhile. Its région stays.
///
/// # Errors
/// The database's.
pub async fn save(conn: &mut PgConnection, acces: &WebinaireGere, fiche: &Fiche, revision: i32) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update webinaire set titre = $3, description = $4, destine_a = $5, organisateur = $6, debut = $7, fin = $8,
            capacite = $9, lien = $10, rediffusion = $11, revision = revision + 1
         where id = $1 and revision = $2",
        acces.webinaire().id,
        revision,
        fiche.titre,
        fiche.description,
        fiche.destine_a,
        fiche.organisateur,
        fiche.debut,
        fiche.fin,
        fiche.capacite,
        fiche.lien,
        fiche.rediffusion
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// Cancels a webinar that has not begun; false when it was cancelled already.
///
/// # Errors
/// The database's.
pub async fn annuler(conn: &mut PgConnection, acces: &WebinaireGere, maintenant: DateTime<Utc>) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update webinaire set annule_le = $2, revision = revision + 1 where id = $1 and annule_le is null and debut > $2",
        acces.webinaire().id,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// Erases the registrations of the webinars that are over for long enough, and the mails about them; how many there were is
/// kept.
///
/// # Errors
/// The database's.
pub async fn effacer_anciens(pool: &PgPool, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    let limite = maintenant - TimeDelta::days(CONSERVATION_JOURS);
    let mut tx = commencer_systeme(pool).await?;
    let anciens = sqlx::query_scalar!(
        "update webinaire w set efface_le = $2,
            bilan_inscrits = (select count(*) from inscription_webinaire i where i.webinaire_id = w.id and i.etat = 'inscrit'),
            bilan_presents = (select count(*) from inscription_webinaire i where i.webinaire_id = w.id and i.present)
         where w.fin < $1 and w.efface_le is null returning w.id",
        limite,
        maintenant
    )
    .fetch_all(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from inscription_webinaire where webinaire_id = any ($1)",
        &anciens
    )
    .execute(&mut *tx)
    .await?;
    let debuts: Vec<String> = anciens.iter().map(|id| format!("{}%", debut_de_cle(*id))).collect();
    sqlx::query!(
        "with partis as (delete from courriel where cle like any ($1) returning travail_id)
         delete from travail where id in (select travail_id from partis)",
        &debuts
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// What the names of the mails about a webinar begin with; a trigger of the registrations reads it as well.
pub fn debut_de_cle(webinaire: Uuid) -> String {
    format!("webinaire {webinaire} ")
}

/// How many came, once registrations are erased.
///
/// # Errors
/// The database's.
pub async fn load_bilan(conn: &mut PgConnection, acces: &WebinaireGere) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select bilan_presents from webinaire where id = $1",
        acces.webinaire().id
    )
    .fetch_one(conn)
    .await
}
