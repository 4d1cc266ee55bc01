//! What the OG of each ESSMS answered: whether it lets it into the grappe of another.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::acces::{DossierPartage, Lecture};
use super::registre::{numero, textes};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::participation::{ACCORD, EtatAccord};

/// An answer.
#[derive(Debug, Clone)]
pub struct Consentement {
    /// FINESS ET.
    pub finess: Finess,
    /// FINESS EJ of the OG that answered.
    pub og: Finess,
    /// What it answered.
    pub etat: EtatAccord,
    /// Why, in its words.
    pub motif: String,
    /// When.
    pub repondu_le: DateTime<Utc>,
    /// Name of the person who signed.
    pub repondu_par: String,
}

/// The answers given in this dossier. One of an ESSMS that went out is a refusal.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Vec<Consentement>> {
    let lignes = sqlx::query!(
        r#"select finess, og, etat, motif, repondu_le, nom_de_compte(repondu_par) as "repondu_par!"
           from consentement where dossier_id = $1 order by finess"#,
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    let consentement = lignes.into_iter().map(|l| {
        Ok(Consentement {
            finess: numero(&l.finess)?,
            og: numero(&l.og)?,
            etat: EtatAccord::depuis(&l.etat)
                .ok_or_else(|| sqlx::Error::Decode(format!("accord inconnu\u{a0}: {}", l.etat).into()))?,
            motif: l.motif,
            repondu_le: l.repondu_le,
            repondu_par: l.repondu_par,
        })
    });
    consentement.collect()
}

/// Since when each ESSMS has been in the grappe: since when its OG is asked, at the earliest.
///
/// # Errors
/// The database's.
pub async fn list_depuis(
    conn: &mut PgConnection,
    acces: &impl Lecture,
) -> sqlx::Result<HashMap<Finess, DateTime<Utc>>> {
    let lignes = sqlx::query!(
        "select finess, ajoute_le from grappe_essms where dossier_id = $1 and retire_le is null",
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| Ok((numero(&l.finess)?, l.ajoute_le)))
        .collect()
}

/// Writes the answer of the OG of the transaction for ESSMS that it manages.
///
/// # Errors
/// The database's, for an ESSMS of another OG too.
pub async fn save(
    conn: &mut PgConnection,
    acces: &DossierPartage,
    numeros: &[Finess],
    etat: EtatAccord,
    motif: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into consentement (dossier_id, finess, og, etat, texte, motif, repondu_le, repondu_par)
         select $1, n, portail_og(), $3, $4, $5, $6, $7 from unnest($2::text[]) n
         on conflict (dossier_id, finess) do update set og = excluded.og, etat = excluded.etat, texte = excluded.texte,
             motif = excluded.motif, repondu_le = excluded.repondu_le, repondu_par = excluded.repondu_par",
        acces.dossier(),
        &textes(numeros),
        etat.code(),
        ACCORD,
        motif,
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(())
}
