//! Which establishments a file lacks, and their closing: an import never deletes.
//!
//! The staging tables are temporary, so these statements are not checked at compile time; tests run
//! every one of them.

use sqlx::PgConnection;

use super::fusion::{Contexte, executer};

/// Which establishments a file may close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portee {
    /// Any.
    Tout,
    /// Those of the départements it holds.
    SesDepartements,
}

/// How many open establishments a file lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Absents {
    /// Open in the registry.
    pub ouverts: i64,
    /// Among them, absent from the file.
    pub absents: i64,
    /// Open in the départements of the file.
    pub ouverts_departements: i64,
    /// Among them, absent from the file.
    pub absents_departements: i64,
}

/// How many open establishments the file lacks. A rejected line whose number was readable counts as
/// seen: a fault in a line does not close an establishment.
///
/// # Errors
/// The database's.
pub async fn compter_absents(conn: &mut PgConnection, contexte: Contexte) -> Result<Absents, sqlx::Error> {
    sqlx::query_as(
        "select count(*) as ouverts,
                count(*) filter (where v.finess is null) as absents,
                count(*) filter (where d.departement is not null) as ouverts_departements,
                count(*) filter (where d.departement is not null and v.finess is null) as absents_departements
         from essms e
         left join (select finess from import_et union select finess from import_vu) v on v.finess = e.finess
         left join (select distinct departement from import_et) d on d.departement = e.departement
         where e.etat = 'ouvert' and e.fictif = $1",
    )
    .bind(contexte.fictif)
    .fetch_one(conn)
    .await
}

/// Closes, on the date of the data, the open establishments that the file lacks.
///
/// # Errors
/// The database's.
pub async fn fermer_absents(conn: &mut PgConnection, contexte: Contexte, portee: Portee) -> Result<i64, sqlx::Error> {
    let instruction = match portee {
        Portee::Tout => {
            "update essms e set etat = 'ferme', ferme_le = $1, date_donnees = $1
             where e.etat = 'ouvert' and e.fictif = $2
               and not exists (select 1 from import_et s where s.finess = e.finess)
               and not exists (select 1 from import_vu v where v.finess = e.finess)"
        }
        Portee::SesDepartements => {
            "update essms e set etat = 'ferme', ferme_le = $1, date_donnees = $1
             where e.etat = 'ouvert' and e.fictif = $2
               and e.departement in (select s.departement from import_et s)
               and not exists (select 1 from import_et s where s.finess = e.finess)
               and not exists (select 1 from import_vu v where v.finess = e.finess)"
        }
    };
    executer(conn, instruction, contexte).await
}
