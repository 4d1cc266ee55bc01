//! Mes ESSMS: what an OG answers once for each of its ESSMS, beside what the registry says of them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::EspaceOg;
use super::journal::ChampChange;
use super::registre::{numero, textes};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat, Liste};

/// An ESSMS that the OG manages, or managed and answered for.
#[derive(Debug, Clone)]
pub struct MonEssms {
    /// FINESS ET.
    pub finess: Finess,
    /// Name.
    pub nom: String,
    /// Name of its commune.
    pub commune: String,
    /// What its category is called; its code when the table does not hold it.
    pub categorie: String,
    /// Open or closed.
    pub etat: Etat,
    /// Closed on, when closed.
    pub ferme_le: Option<NaiveDate>,
    /// Name or number of the OG it went to; none as long as it is the account's.
    pub parti_chez: Option<String>,
    /// Generated for demonstration.
    pub fictif: bool,
    /// Version of the answers; 0 when nothing was ever saved.
    pub version: i32,
    /// The answers.
    pub reponses: Reponses,
    /// When, and by whom, they were last saved.
    pub modifie: Option<(DateTime<Utc>, String)>,
}

impl MonEssms {
    /// Whether the OG may still answer for it: it manages it, and it is open.
    pub fn actif(&self) -> bool {
        self.etat == Etat::Ouvert && self.parti_chez.is_none()
    }
}

/// The ESSMS of the OG: those of the registry whose category the appels à projets know, and those it ever
/// answered for; only these numbers when some are given. By name.
///
/// # Errors
/// The database's.
pub async fn list(
    conn: &mut PgConnection,
    espace: &EspaceOg,
    numeros: Option<&[Finess]>,
) -> sqlx::Result<Vec<MonEssms>> {
    let numeros = numeros.map(textes);
    let lignes = sqlx::query!(
        r#"select e.finess, e.nom, e.commune, coalesce(c.sigle, e.categorie_libelle, e.categorie) as "categorie!",
            e.etat, e.ferme_le, e.fictif,
            case when e.organisme <> $1 then coalesce(o.raison_sociale, e.organisme) end as parti_chez,
            f.version as "version?", f.reponses as "reponses?: Json<Reponses>", f.modifie_le as "modifie_le?",
            p.nom as "modifie_par?"
           from essms e
           join organisme o on o.finess = e.organisme
           left join categorie c on c.code = e.categorie
           left join fait_essms f on f.og = $1 and f.finess = e.finess
           left join compte p on p.id = f.modifie_par
           where ((e.organisme = $1 and c.eligibilite in ('oui', 'a_verifier'))
                  or e.finess in (select finess from fait_essms where og = $1))
             and ($2::text[] is null or e.finess = any ($2))
           order by e.nom, e.finess"#,
        espace.og().as_str(),
        numeros.as_deref()
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(MonEssms {
                finess: numero(&l.finess)?,
                nom: l.nom,
                commune: l.commune,
                categorie: l.categorie,
                etat: Etat::depuis(&l.etat).unwrap_or(Etat::Inconnu),
                ferme_le: l.ferme_le,
                parti_chez: l.parti_chez,
                fictif: l.fictif,
                version: l.version.unwrap_or_default(),
                reponses: l.reponses.map(|r| r.0).unwrap_or_default(),
                modifie: l.modifie_le.zip(l.modifie_par),
            })
        })
        .collect()
}

/// Waits until nobody else writes Mes ESSMS of this OG: what is read next stays true until the end of the
/// transaction, rows that do not exist yet included.
///
/// # Errors
/// The database's.
pub async fn lock(conn: &mut PgConnection, og: Finess) -> sqlx::Result<()> {
    sqlx::query_scalar!(
        r#"select 1 as "un!" from (select pg_advisory_xact_lock(hashtextextended('mes-essms ' || $1, 0))) v"#,
        og.as_str()
    )
    .fetch_one(conn)
    .await
    .map(drop)
}

/// The answers that an OG keeps for these ESSMS, as far as it still manages them.
///
/// # Errors
/// The database's.
pub async fn load_reponses(
    conn: &mut PgConnection,
    og: Finess,
    numeros: &[Finess],
) -> sqlx::Result<HashMap<Finess, Reponses>> {
    let lignes = sqlx::query!(
        r#"select f.finess, f.reponses as "reponses: Json<Reponses>"
           from fait_essms f join essms e on e.finess = f.finess and e.organisme = f.og
           where f.og = $1 and f.finess = any ($2)"#,
        og.as_str(),
        &textes(numeros)
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| Ok((numero(&l.finess)?, l.reponses.0)))
        .collect()
}

/// Answers to save for one ESSMS.
#[derive(Debug)]
pub struct Enregistrement {
    /// Number of the journal's entry.
    pub id: Uuid,
    /// FINESS ET.
    pub finess: Finess,
    /// Every answer.
    pub reponses: Reponses,
    /// Those that changed.
    pub champs: Vec<ChampChange>,
}

/// Who saves, when, and what it is called.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// FINESS EJ of the OG.
    pub og: Finess,
    /// The account.
    pub compte: Uuid,
    /// What was done, in words people read.
    pub action: &'a str,
    /// When.
    pub maintenant: DateTime<Utc>,
}

/// Saves these answers and journals them. The caller holds the lock.
///
/// # Errors
/// The database's.
pub async fn save(conn: &mut PgConnection, signature: Signature<'_>, essms: &[Enregistrement]) -> sqlx::Result<()> {
    let numeros: Vec<String> = essms.iter().map(|e| e.finess.to_string()).collect();
    let reponses: Vec<Json<&Reponses>> = essms.iter().map(|e| Json(&e.reponses)).collect();
    let ids: Vec<Uuid> = essms.iter().map(|e| e.id).collect();
    let champs: Vec<Json<&[ChampChange]>> = essms.iter().map(|e| Json(e.champs.as_slice())).collect();
    sqlx::query!(
        "with ecrit as (
             insert into fait_essms (og, finess, version, reponses, modifie_le, modifie_par)
             select $1, n.finess, 1, n.reponses, $3, $2 from unnest($4::text[], $5::jsonb[]) as n (finess, reponses)
             on conflict (og, finess) do update set version = fait_essms.version + 1, reponses = excluded.reponses,
                 modifie_le = excluded.modifie_le, modifie_par = excluded.modifie_par)
         insert into journal_essms (id, og, finess, survenu_le, compte_id, action, champs)
         select n.id, $1, n.finess, $3, $2, $8, n.champs
         from unnest($6::uuid[], $4::text[], $7::jsonb[]) as n (id, finess, champs)",
        signature.og.as_str(),
        signature.compte,
        signature.maintenant,
        &numeros,
        &reponses as _,
        &ids,
        &champs as _,
        signature.action
    )
    .execute(conn)
    .await
    .map(drop)
}

/// An entry of the journal of one ESSMS.
#[derive(Debug)]
pub struct Ecrit {
    /// When.
    pub survenu_le: DateTime<Utc>,
    /// Name of the person.
    pub auteur: String,
    /// What was done.
    pub action: String,
    /// The answers that changed.
    pub champs: Vec<ChampChange>,
}

/// Entries shown of one ESSMS, the last first.
const ENTREES_MONTREES: i64 = 50;

/// The last entries of the journal of this ESSMS.
///
/// # Errors
/// The database's.
pub async fn list_journal(conn: &mut PgConnection, espace: &EspaceOg, finess: Finess) -> sqlx::Result<Vec<Ecrit>> {
    let lignes = sqlx::query!(
        r#"select j.survenu_le, c.nom as auteur, j.action, j.champs as "champs: Json<Vec<ChampChange>>"
           from journal_essms j join compte c on c.id = j.compte_id
           where j.og = $1 and j.finess = $2 order by j.survenu_le desc, j.id desc limit $3"#,
        espace.og().as_str(),
        finess.as_str(),
        ENTREES_MONTREES
    )
    .fetch_all(conn)
    .await?;
    let entrees = lignes.into_iter().map(|l| Ecrit {
        survenu_le: l.survenu_le,
        auteur: l.auteur,
        action: l.action,
        champs: l.champs.0,
    });
    Ok(entrees.collect())
}

/// Whether the OG has a DSI or a référent informatique, as the dossier it last saved says: the questionnaire of
/// the ANAP follows from it (PRI-02).
///
/// # Errors
/// The database's.
pub async fn load_referent(conn: &mut PgConnection, espace: &EspaceOg) -> sqlx::Result<Option<bool>> {
    let reponse = sqlx::query_scalar!(
        r#"select e.reponses -> 'referent_informatique' ->> 0 as reponse
           from dossier d join dossier_etape e on e.dossier_id = d.id and e.etape = 'equipe'
           where d.porteur = $1 and e.reponses ? 'referent_informatique' order by e.modifie_le desc limit 1"#,
        espace.og().as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(reponse.flatten().map(|r| r == crate::domain::dossier::champ::OUI))
}
