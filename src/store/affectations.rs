//! Who takes care of a step: one colleague, or nobody.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::MembreGere;
use super::acces::{DossierModifiable, EspaceOg, Lecture};
use crate::domain::dossier::Etape;
use crate::domain::nomenclature::Liste;

/// A person of the OG, by number and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collegue {
    /// Number of the account.
    pub id: Uuid,
    /// Name of the person.
    pub nom: String,
}

/// The people of the OG whose accounts work, by name: to whom a step may be given.
///
/// # Errors
/// The database's.
pub async fn list_collegues(conn: &mut PgConnection) -> sqlx::Result<Vec<Collegue>> {
    // The scope of the transaction holds the accounts of its OG only, and those taken out of any.
    sqlx::query_as!(
        Collegue,
        "select id, nom from compte where og = portail_og() and etat = 'actif' order by lower(nom), id"
    )
    .fetch_all(conn)
    .await
}

/// Who takes care of each step of the dossier.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<BTreeMap<Etape, Collegue>> {
    let lignes = sqlx::query!(
        r#"select etape, compte_id, nom_de_compte(compte_id) as "nom!" from affectation where dossier_id = $1"#,
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    let par_etape = lignes.into_iter().filter_map(|l| {
        let collegue = Collegue {
            id: l.compte_id,
            nom: l.nom,
        };
        Some((Etape::depuis(&l.etape)?, collegue))
    });
    Ok(par_etape.collect())
}

/// Who takes care of a step.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &impl Lecture, etape: Etape) -> sqlx::Result<Option<Collegue>> {
    sqlx::query_as!(
        Collegue,
        r#"select compte_id as id, nom_de_compte(compte_id) as "nom!" from affectation
           where dossier_id = $1 and etape = $2"#,
        acces.dossier(),
        etape.code()
    )
    .fetch_optional(conn)
    .await
}

/// Gives a step to a colleague, or to nobody. The caller holds the lock.
///
/// # Errors
/// The database's.
pub async fn save(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    etape: Etape,
    compte: Option<Uuid>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(compte) = compte else {
        sqlx::query!(
            "delete from affectation where dossier_id = $1 and etape = $2",
            acces.dossier(),
            etape.code()
        )
        .execute(conn)
        .await?;
        return Ok(());
    };
    sqlx::query!(
        "insert into affectation (dossier_id, etape, compte_id, affecte_le) values ($1, $2, $3, $4)
         on conflict (dossier_id, etape) do update set compte_id = excluded.compte_id, affecte_le = excluded.affecte_le",
        acces.dossier(),
        etape.code(),
        compte,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A step of a draft that somebody takes care of.
#[derive(Debug)]
pub struct Confiee {
    /// The draft.
    pub dossier: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// The step.
    pub etape: Etape,
    /// Who takes care of it.
    pub par: Collegue,
    /// Comments there that wait to be settled.
    pub commentaires: i64,
}

/// The steps of the OG's drafts that are given to somebody, in the order of dossiers and steps.
///
/// # Errors
/// The database's.
pub async fn list_confiees(conn: &mut PgConnection, espace: &EspaceOg) -> sqlx::Result<Vec<Confiee>> {
    let codes: Vec<String> = Etape::TOUTES.iter().map(|e| e.code().to_owned()).collect();
    let lignes = sqlx::query!(
        r#"select d.id, d.reference, d.nom, a.etape, a.compte_id, nom_de_compte(a.compte_id) as "collegue!",
               (select count(*) from commentaire m where m.dossier_id = d.id and m.etape = a.etape
                    and m.retire_le is null and m.resolu_le is null) as "commentaires!"
           from affectation a join dossier d on d.id = a.dossier_id
           where d.porteur = $1 and d.etat = 'brouillon' and d.abandonne_le is null
           order by d.modifie_le desc, d.id, array_position($2, a.etape)"#,
        espace.og().as_str(),
        &codes
    )
    .fetch_all(conn)
    .await?;
    let confiee = lignes.into_iter().filter_map(|l| {
        Some(Confiee {
            dossier: l.id,
            reference: l.reference,
            nom: l.nom,
            etape: Etape::depuis(&l.etape)?,
            par: Collegue {
                id: l.compte_id,
                nom: l.collegue,
            },
            commentaires: l.commentaires,
        })
    });
    Ok(confiee.collect())
}

/// Takes every step away from a person who leaves the OG; which ones.
///
/// # Errors
/// The database's.
pub async fn delete_du_membre(conn: &mut PgConnection, acces: &MembreGere) -> sqlx::Result<Vec<(Uuid, Etape)>> {
    let lignes = sqlx::query!(
        "delete from affectation where compte_id = $1 returning dossier_id, etape",
        acces.membre().id
    )
    .fetch_all(conn)
    .await?;
    let etape = lignes
        .into_iter()
        .filter_map(|l| Some((l.dossier_id, Etape::depuis(&l.etape)?)));
    Ok(etape.collect())
}
