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
    /// Open in the registry, within the scope.
    pub ouverts: i64,
    /// Among them, absent from the file.
    pub absents: i64,
}

/// How many open establishments the file lacks. A rejected line whose number was readable counts as
/// seen: a fault in a line does not close an establishment.
///
/// # Errors
/// The database's.
pub async fn compter_absents(
    conn: &mut PgConnection,
    contexte: Contexte,
    portee: Portee,
) -> Result<Absents, sqlx::Error> {
    let instruction = match portee {
        Portee::Tout => {
            "select count(*) as ouverts,
                    count(*) filter (where s.finess is null and v.finess is null) as absents
             from essms e
             left join import_et s on s.finess = e.finess
             left join (select distinct finess from import_vu) v on v.finess = e.finess
             where e.etat = 'ouvert' and e.fictif = $1"
        }
        Portee::SesDepartements => {
            "select count(*) as ouverts,
                    count(*) filter (where s.finess is null and v.finess is null) as absents
             from essms e
             left join import_et s on s.finess = e.finess
             left join (select distinct finess from import_vu) v on v.finess = e.finess
             where e.etat = 'ouvert' and e.fictif = $1
               and e.departement in (select d.departement from import_et d)"
        }
    };
    sqlx::query_as(instruction).bind(contexte.fictif).fetch_one(conn).await
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
