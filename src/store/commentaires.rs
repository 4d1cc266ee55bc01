//! What colleagues write to each other beside a step. Nobody but their OG reads it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::{DossierPorte, Lecture};
use crate::domain::dossier::Etape;
use crate::domain::nomenclature::Liste;

/// A comment.
#[derive(Debug, Clone)]
pub struct Commentaire {
    /// Its number.
    pub id: Uuid,
    /// The step it is beside.
    pub etape: Etape,
    /// Whose it is.
    pub auteur: Uuid,
    /// Their name.
    pub nom: String,
    /// What it says.
    pub texte: String,
    /// When it was written.
    pub ecrit_le: DateTime<Utc>,
    /// When its author last changed it.
    pub modifie_le: Option<DateTime<Utc>>,
    /// When it was settled, and by whom.
    pub resolu: Option<(DateTime<Utc>, String)>,
    /// Whether its author took it out.
    pub retire: bool,
}

/// The comments beside a step, the oldest first; those that others took out are left out.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture, etape: Etape) -> sqlx::Result<Vec<Commentaire>> {
    chercher(conn, acces, Some(etape), None).await
}

/// One of them.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &DossierPorte, id: Uuid) -> sqlx::Result<Option<Commentaire>> {
    Ok(chercher(conn, acces, None, Some(id)).await?.pop())
}

async fn chercher(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    etape: Option<Etape>,
    id: Option<Uuid>,
) -> sqlx::Result<Vec<Commentaire>> {
    let lignes = sqlx::query!(
        r#"select id, etape, auteur, nom_de_compte(auteur) as "nom!", texte, ecrit_le, modifie_le, resolu_le,
               coalesce(nom_de_compte(resolu_par), '') as "resolu_par!", retire_le is not null as "retire!"
           from commentaire
           where dossier_id = $1 and ($2::text is null or etape = $2) and ($3::uuid is null or id = $3)
             and (retire_le is null or auteur = $4)
           order by ecrit_le, id"#,
        acces.dossier(),
        etape.map(Liste::code),
        id,
        acces.compte().id
    )
    .fetch_all(conn)
    .await?;
    let commentaire = lignes.into_iter().filter_map(|l| {
        Some(Commentaire {
            id: l.id,
            etape: Etape::depuis(&l.etape)?,
            auteur: l.auteur,
            nom: l.nom,
            texte: l.texte,
            ecrit_le: l.ecrit_le,
            modifie_le: l.modifie_le,
            resolu: l.resolu_le.map(|quand| (quand, l.resolu_par)),
            retire: l.retire,
        })
    });
    Ok(commentaire.collect())
}

/// How many comments wait to be settled, by step.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<BTreeMap<Etape, i64>> {
    let lignes = sqlx::query!(
        r#"select etape, count(*) as "nombre!" from commentaire
           where dossier_id = $1 and retire_le is null and resolu_le is null group by etape"#,
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    let par_etape = lignes
        .into_iter()
        .filter_map(|l| Some((Etape::depuis(&l.etape)?, l.nombre)));
    Ok(par_etape.collect())
}

/// Writes a comment.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    acces: &DossierPorte,
    id: Uuid,
    etape: Etape,
    texte: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into commentaire (id, dossier_id, etape, auteur, texte, ecrit_le) values ($1, $2, $3, $4, $5, $6)",
        id,
        acces.dossier(),
        etape.code(),
        acces.compte().id,
        texte,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes what one's own comment says; false when it is another's, or taken out.
///
/// # Errors
/// The database's.
pub async fn save_texte(
    conn: &mut PgConnection,
    acces: &DossierPorte,
    id: Uuid,
    texte: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update commentaire set texte = $4, modifie_le = case when texte = $4 then modifie_le else $5 end
         where id = $1 and dossier_id = $2 and auteur = $3 and retire_le is null",
        id,
        acces.dossier(),
        acces.compte().id,
        texte,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() > 0)
}

/// Takes one's own comment out at this instant, or puts it back; false when it is another's.
///
/// # Errors
/// The database's.
pub async fn save_retrait(
    conn: &mut PgConnection,
    acces: &DossierPorte,
    id: Uuid,
    retire_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update commentaire set retire_le = $4 where id = $1 and dossier_id = $2 and auteur = $3",
        id,
        acces.dossier(),
        acces.compte().id,
        retire_le
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() > 0)
}

/// Settles a comment at this instant, or opens it again; whoever does. False when it is taken out.
///
/// # Errors
/// The database's.
pub async fn save_resolution(
    conn: &mut PgConnection,
    acces: &DossierPorte,
    id: Uuid,
    resolu_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update commentaire set resolu_le = $4::timestamptz, resolu_par = case when $4::timestamptz is not null then $3::uuid end
         where id = $1 and dossier_id = $2 and retire_le is null",
        id,
        acces.dossier(),
        acces.compte().id,
        resolu_le
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() > 0)
}

/// Whom a new comment is told: who takes care of the step and who commented there, but its author; those who are still in
/// the OG.
///
/// # Errors
/// The database's.
pub async fn list_interesses(conn: &mut PgConnection, acces: &DossierPorte, etape: Etape) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select c.id from compte c join dossier d on d.id = $1 and d.porteur = c.og
           where c.etat = 'actif' and c.id <> $3
             and (exists (select from affectation a where a.dossier_id = $1 and a.etape = $2 and a.compte_id = c.id)
                  or exists (select from commentaire m where m.dossier_id = $1 and m.etape = $2 and m.auteur = c.id
                             and m.retire_le is null))
           order by c.id"#,
        acces.dossier(),
        etape.code(),
        acces.compte().id
    )
    .fetch_all(conn)
    .await
}
