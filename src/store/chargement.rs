//! The first import into an empty registry: rows go straight to the table, and its key, its indexes and
//! its foreign key are built once at the end instead of being kept row by row. Three times faster.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::fusion::{self, Contexte};
use super::registre::numero;
use crate::domain::finess::Finess;

/// Puts key and indexes aside, when the registry holds no establishment and the role may do so; gives
/// the words of the OGs it holds already, by which their establishments are also found.
///
/// # Errors
/// The database's.
pub async fn commencer(conn: &mut PgConnection) -> Result<Option<HashMap<Finess, String>>, sqlx::Error> {
    let possible: bool = sqlx::query_scalar!(
        r#"select not exists (select 1 from essms)
                  and pg_has_role(current_user, (select relowner from pg_class where oid = 'essms'::regclass),
                                  'usage') as "possible!""#
    )
    .fetch_one(&mut *conn)
    .await?;
    if !possible {
        return Ok(None);
    }
    for instruction in [
        "drop index essms_recherche, essms_organisme, essms_departement",
        "alter table essms drop constraint essms_organisme_fkey, drop constraint essms_pkey",
    ] {
        sqlx::query(instruction).execute(&mut *conn).await?;
    }
    let organismes = sqlx::query!("select finess, mots from organisme where mots <> ''")
        .fetch_all(conn)
        .await?;
    let mots = organismes.into_iter().map(|o| Ok((numero(&o.finess)?, o.mots)));
    mots.collect::<Result<_, _>>().map(Some)
}

/// What a merge would have done of establishments that went straight to the table.
///
/// # Errors
/// The database's.
pub async fn rattacher(conn: &mut PgConnection, contexte: Contexte) -> Result<(), sqlx::Error> {
    fusion::executer(
        conn,
        "insert into organisme (finess, date_donnees, fictif)
         select distinct e.organisme, $1, $2 from essms e
         where not exists (select 1 from organisme o where o.finess = e.organisme)",
        contexte,
    )
    .await?;
    fusion::retenir_les_mots(conn).await
}

/// Puts key and indexes back, as the migrations define them: a test compares.
///
/// # Errors
/// The database's.
pub async fn finir(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    for instruction in [
        "alter table essms add constraint essms_pkey primary key (finess)",
        "create index essms_organisme on essms (organisme, etat, categorie)",
        "create index essms_departement on essms (departement)",
        "create index essms_recherche on essms using gin (recherche)",
        "alter table essms add constraint essms_organisme_fkey
             foreign key (organisme) references organisme (finess)",
    ] {
        sqlx::query(instruction).execute(&mut *conn).await?;
    }
    Ok(())
}
