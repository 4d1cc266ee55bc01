//! What the imports of the registry changed for the ESSMS that an OG cares about. The database itself writes
//! them, in the import's own transaction (migration 0013).

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::EspaceOg;
use super::registre::numero;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::liste;

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
           where v.og = $1 and v.vu_le is null order by v.survenu_le, v.id"#,
        espace.og().as_str()
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            use crate::domain::nomenclature::Liste as _;
            let nature = Nature::depuis(&l.nature)
                .ok_or_else(|| sqlx::Error::Decode(format!("nature inconnue\u{a0}: {}", l.nature).into()))?;
            Ok(Evenement {
                id: l.id,
                finess: numero(&l.finess)?,
                nom: l.nom,
                nature,
                avant: l.avant,
                apres: l.apres,
                date_donnees: l.date_donnees,
            })
        })
        .collect()
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
