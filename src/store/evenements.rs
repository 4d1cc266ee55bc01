//! What the imports of the registry changed for the ESSMS that an OG cares about. The database itself writes
//! them, in the import's own transaction (migrations 0013 and 0028); a job writes to each OG, once.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::acces::{EspaceOg, commencer_systeme};
use super::participations;
use super::registre::numero;
use crate::domain::compte::RoleOg;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::liste;
use crate::domain::territoire::departement;

liste! {
    /// What changed.
    Nature {
        /// Closed.
        Ferme = "ferme", "Fermé";
        /// Open again.
        Rouvert = "rouvert", "Rouvert";
        /// Moved from the OG to another one.
        Parti = "parti", "Passé à un autre organisme";
        /// Moved from another OG to this one.
        Arrive = "arrive", "Repris par votre organisme";
        /// Moved between two other OGs.
        Change = "change", "Passé d’un organisme à un autre";
        /// In another département.
        Deplace = "deplace", "Département changé";
        /// Of another category.
        Categorie = "categorie", "Catégorie changée";
    }
}

/// A change that the OG has not yet acknowledged.
#[derive(Debug, Clone)]
pub struct Evenement {
    /// Its number.
    pub id: Uuid,
    /// FINESS ET.
    pub finess: Finess,
    /// Name of the ESSMS.
    pub nom: String,
    /// What changed.
    pub nature: Nature,
    /// What it was, in words; empty for a closing.
    pub avant: String,
    /// What it is.
    pub apres: String,
    /// Date of the data.
    pub date_donnees: NaiveDate,
}

/// What the OG has not yet acknowledged, the oldest first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, espace: &EspaceOg) -> sqlx::Result<Vec<Evenement>> {
    charger(conn, *espace.og(), None).await
}

/// Those of these numbers, or those that the OG has not yet acknowledged.
async fn charger(conn: &mut PgConnection, og: Finess, parmi: Option<&[Uuid]>) -> sqlx::Result<Vec<Evenement>> {
    let lignes = sqlx::query!(
        r#"select v.id, v.finess, e.nom, v.nature, v.date_donnees,
            coalesce(a.raison_sociale, ca.sigle, v.avant) as "avant!",
            coalesce(b.raison_sociale, cb.sigle, v.apres) as "apres!"
           from evenement_essms v
           join essms e on e.finess = v.finess
           left join organisme a on v.nature in ('parti', 'arrive', 'change') and a.finess = v.avant
           left join organisme b on v.nature in ('parti', 'arrive', 'change') and b.finess = v.apres
           left join categorie ca on v.nature = 'categorie' and ca.code = v.avant
           left join categorie cb on v.nature = 'categorie' and cb.code = v.apres
           where v.og = $1 and case when $2::uuid[] is null then v.vu_le is null else v.id = any ($2) end
           order by v.survenu_le, v.id"#,
        og.as_str(),
        parmi
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            use crate::domain::nomenclature::Liste as _;
            let nature = Nature::depuis(&l.nature)
                .ok_or_else(|| sqlx::Error::Decode(format!("nature inconnue\u{a0}: {}", l.nature).into()))?;
            let clair = |texte: String| match nature {
                Nature::Deplace => lieu(texte),
                Nature::Ferme
                | Nature::Rouvert
                | Nature::Parti
                | Nature::Arrive
                | Nature::Change
                | Nature::Categorie => texte,
            };
            Ok(Evenement {
                id: l.id,
                finess: numero(&l.finess)?,
                nom: l.nom,
                nature,
                avant: clair(l.avant),
                apres: clair(l.apres),
                date_donnees: l.date_donnees,
            })
        })
        .collect()
}

/// « Rhône (69), Auvergne-Rhône-Alpes ».
fn lieu(code: String) -> String {
    match departement(&code) {
        Some(d) => format!("{} ({}), {}", d.nom, d.code, d.region.nom),
        None => code,
    }
}

/// The OGs to which changes are still to be written.
///
/// # Errors
/// The database's.
pub async fn list_ogs_a_prevenir(pool: &PgPool) -> sqlx::Result<Vec<Finess>> {
    let mut tx = commencer_systeme(pool).await?;
    let ogs = sqlx::query_scalar!("select distinct og from evenement_essms where a_ecrire order by og")
        .fetch_all(&mut *tx)
        .await?;
    tx.commit().await?;
    ogs.iter().map(|og| numero(og)).collect()
}

/// What is still to be written to an OG, and its accounts that fill dossiers. It is written in the transaction given back, or
/// remains to be written; another portal finds nothing left.
///
/// # Errors
/// The database's.
pub async fn take_a_ecrire(
    pool: &PgPool,
    og: Finess,
) -> sqlx::Result<(Transaction<'static, Postgres>, Vec<Evenement>, Vec<Uuid>)> {
    let mut tx = commencer_systeme(pool).await?;
    let ids = sqlx::query_scalar!(
        "update evenement_essms set a_ecrire = false where og = $1 and a_ecrire returning id",
        og.as_str()
    )
    .fetch_all(&mut *tx)
    .await?;
    let evenements = charger(&mut tx, og, Some(&ids)).await?;
    let comptes = participations::list_comptes(&mut tx, og, RoleOg::Edition).await?;
    Ok((tx, evenements, comptes))
}

/// How many changes the OG has not yet acknowledged.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection, espace: &EspaceOg) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from evenement_essms where og = $1 and vu_le is null"#,
        espace.og().as_str()
    )
    .fetch_one(conn)
    .await
}

/// Notes that the OG has seen these.
///
/// # Errors
/// The database's.
pub async fn save_vus(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    ids: &[Uuid],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update evenement_essms set vu_le = $3, vu_par = $4 where og = $1 and id = any ($2) and vu_le is null",
        espace.og().as_str(),
        ids,
        maintenant,
        espace.compte().id
    )
    .execute(conn)
    .await
    .map(drop)
}
