//! Dossiers, their steps and their grappe. One aggregate, one SELECT.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::{DossierModifiable, DossierNonDepose, DossierRetirable, Ecriture, Lecture, Refus};
use super::registre;
use crate::domain::compte::Compte;
use crate::domain::dossier::faits::durables;
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::reprise::Reprise;
use crate::domain::dossier::{Analyse, Dossier, EssmsGrappe, Etape, EtapeEnregistree, EtatDossier, Piece};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

#[derive(Debug, serde::Deserialize)]
struct EtapeJson {
    etape: Etape,
    version: i32,
    reponses: Reponses,
    modifie_le: DateTime<Utc>,
    modifie_par: String,
}

#[derive(Debug, serde::Deserialize)]
struct EssmsJson {
    finess: Finess,
    reponses: Reponses,
}

#[derive(Debug, serde::Deserialize)]
struct PieceJson {
    id: Uuid,
    type_piece: String,
    nom: String,
    type_contenu: String,
    taille_octets: i64,
    sha256: String,
    chemin: String,
    depose_le: DateTime<Utc>,
    analysee: bool,
    virus: Option<String>,
}

/// The dossier this capability is about.
///
/// # Errors
/// The database's; `RowNotFound` when the scope lost it meanwhile.
pub async fn load(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Dossier> {
    charger(conn, acces.dossier()).await
}

/// Locks the draft until the end of the transaction, then reads it. The capability was given before
/// the lock: a colleague may have deposited meanwhile, and what was deposited is no longer written.
///
/// # Errors
/// [`Refus::Depose`], [`Refus::Abandonne`]; [`Refus::Absent`] when the scope lost it meanwhile; the database's.
pub async fn lock(conn: &mut PgConnection, acces: &impl Ecriture) -> Result<Dossier, Refus> {
    verrouiller(conn, acces.dossier()).await
}

/// Locks the deposited dossier until the end of the transaction, to take its deposit back.
///
/// # Errors
/// [`Refus::NonDepose`] when a colleague took it back meanwhile; [`Refus::Absent`]; the database's.
pub async fn lock_retrait(conn: &mut PgConnection, acces: &DossierRetirable) -> Result<(), Refus> {
    match verrouiller(conn, acces.dossier()).await {
        Err(Refus::Depose) => Ok(()),
        Ok(_) | Err(Refus::Abandonne) => Err(Refus::NonDepose),
        Err(refus) => Err(refus),
    }
}

async fn verrouiller(conn: &mut PgConnection, id: Uuid) -> Result<Dossier, Refus> {
    let code = sqlx::query_scalar!(
        r#"select case when abandonne_le is null then etat else 'abandonne' end as "etat!"
           from dossier where id = $1 for update"#,
        id
    )
    .fetch_optional(&mut *conn)
    .await?;
    // A membre reads the dossier's row, and locks it through a function only: it may not write it.
    let code = match code {
        Some(code) => Some(code),
        None => {
            sqlx::query_scalar!("select verrouiller_partage($1)", id)
                .fetch_one(&mut *conn)
                .await?
        }
    };
    match etat(&code.ok_or(Refus::Absent)?)? {
        EtatDossier::Brouillon => Ok(charger(conn, id).await?),
        EtatDossier::Abandonne => Err(Refus::Abandonne),
        EtatDossier::Depose => Err(Refus::Depose),
    }
}

async fn charger(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Dossier> {
    // json, not jsonb: the answers are written out once, instead of being taken apart, put together in a
    // larger value and written out. Four times less for a grappe of 49.
    let l = sqlx::query!(
        r#"select d.id, d.reference, d.nom, d.edition, d.edition_version, d.region, d.porteur, d.porteur_depuis, d.fictif,
            case when d.abandonne_le is null then d.etat else 'abandonne' end as "etat!", d.cree_le, d.modifie_le,
            coalesce((select json_agg(json_build_object('etape', e.etape, 'version', e.version, 'reponses', e.reponses,
                    'modifie_le', e.modifie_le, 'modifie_par', nom_de_compte(e.modifie_par)))
                from dossier_etape e where e.dossier_id = d.id), '[]')
                as "etapes!: Json<Vec<EtapeJson>>",
            coalesce((select json_agg(json_build_object('finess', g.finess, 'reponses', g.reponses) order by g.rang, g.finess)
                from grappe_essms g where g.dossier_id = d.id and g.retire_le is null), '[]')
                as "essms!: Json<Vec<EssmsJson>>",
            coalesce((select json_agg(json_build_object('id', p.id, 'type_piece', p.type_piece, 'nom', p.nom,
                    'type_contenu', p.type_contenu, 'taille_octets', p.taille_octets, 'sha256', encode(p.sha256, 'hex'),
                    'chemin', p.chemin, 'depose_le', p.depose_le, 'analysee', p.analysee_le is not null, 'virus', p.virus)
                    order by p.depose_le)
                from piece p where p.dossier_id = d.id and p.retire_le is null), '[]')
                as "pieces!: Json<Vec<PieceJson>>"
           from dossier d where d.id = $1"#,
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(Dossier {
        id: l.id,
        reference: l.reference,
        nom: l.nom,
        edition: l.edition,
        edition_version: l.edition_version,
        region: l.region,
        porteur: Finess::parse(&l.porteur).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
        porteur_depuis: l.porteur_depuis,
        etat: etat(&l.etat)?,
        fictif: l.fictif,
        cree_le: l.cree_le,
        modifie_le: l.modifie_le,
        etapes: l.etapes.0.into_iter().map(etape).collect::<BTreeMap<_, _>>(),
        essms: l
            .essms
            .0
            .into_iter()
            .map(|e| EssmsGrappe {
                finess: e.finess,
                reponses: e.reponses,
            })
            .collect(),
        pieces: l.pieces.0.into_iter().map(piece).collect(),
    })
}

pub(super) fn etat(code: &str) -> sqlx::Result<EtatDossier> {
    EtatDossier::depuis(code)
        .ok_or_else(|| sqlx::Error::Decode(format!("état de dossier inconnu\u{a0}: {code}").into()))
}

fn etape(e: EtapeJson) -> (Etape, EtapeEnregistree) {
    (
        e.etape,
        EtapeEnregistree {
            version: e.version,
            reponses: e.reponses,
            modifie_le: e.modifie_le,
            modifie_par: e.modifie_par,
        },
    )
}

fn piece(p: PieceJson) -> Piece {
    let sha256 = (0..p.sha256.len() / 2)
        .filter_map(|i| u8::from_str_radix(p.sha256.get(2 * i..2 * i + 2)?, 16).ok())
        .collect();
    Piece {
        id: p.id,
        type_piece: p.type_piece,
        nom: p.nom,
        type_contenu: p.type_contenu,
        taille_octets: p.taille_octets,
        sha256,
        chemin: p.chemin,
        depose_le: p.depose_le,
        analyse: match p.virus {
            Some(virus) => Analyse::Virus(virus),
            None if p.analysee => Analyse::Saine,
            None => Analyse::Absente,
        },
    }
}

/// A dossier to open.
#[derive(Debug)]
pub struct Nouveau<'a> {
    /// Its identifier.
    pub id: Uuid,
    /// What people will quote.
    pub reference: &'a str,
    /// Name given by its porteur.
    pub nom: &'a str,
    /// Code of the edition.
    pub edition: &'a str,
    /// Its version.
    pub edition_version: i32,
    /// INSEE code of the région.
    pub region: &'a str,
    /// FINESS EJ of the porteur.
    pub porteur: Finess,
    /// Made of fictitious data.
    pub fictif: bool,
}

/// Opens a dossier.
///
/// # Errors
/// The database's; a reference already taken is a violation of `dossier_reference_key`.
pub async fn create(conn: &mut PgConnection, n: &Nouveau<'_>, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into dossier (id, reference, nom, edition, edition_version, region, porteur, etat, fictif, cree_le, modifie_le)
         values ($1, $2, $3, $4, $5, $6, $7, 'brouillon', $8, $9, $9)",
        n.id,
        n.reference,
        n.nom,
        n.edition,
        n.edition_version,
        n.region,
        n.porteur.to_string(),
        n.fictif,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Fills a dossier just opened with what it takes from elsewhere, and what is missing in its ESSMS from Mes ESSMS. Row-level
/// security holds all to one porteur. How many ESSMS took answers of Mes ESSMS.
///
/// # Errors
/// The database's.
pub async fn fill(
    conn: &mut PgConnection,
    dossier: Uuid,
    compte: &Compte,
    reprise: &Reprise,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let (etapes, reponses): (Vec<String>, Vec<Json<&Reponses>>) = reprise
        .etapes
        .iter()
        .map(|(etape, r)| (etape.code().to_owned(), Json(r)))
        .unzip();
    sqlx::query!(
        "insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         select $1, n.etape, 1, n.reponses, $4, $5 from unnest($2::text[], $3::jsonb[]) as n (etape, reponses)",
        dossier,
        &etapes,
        &reponses as _,
        maintenant,
        compte.id
    )
    .execute(&mut *conn)
    .await?;
    let (numeros, faits): (Vec<String>, Vec<Json<&Reponses>>) = reprise
        .essms
        .iter()
        .map(|e| (e.finess.to_string(), Json(&e.reponses)))
        .unzip();
    sqlx::query!(
        "insert into grappe_essms (dossier_id, finess, rang, reponses, ajoute_le)
         select $1, n.finess, n.ordre, n.reponses, $4
         from unnest($2::text[], $3::jsonb[]) with ordinality as n (finess, reponses, ordre)",
        dossier,
        &numeros,
        &faits as _,
        maintenant
    )
    .execute(&mut *conn)
    .await?;
    completer(conn, dossier, &numeros).await
}

/// Sets a draft aside at this instant, or takes it up again; whether that changed anything.
///
/// # Errors
/// The database's.
pub async fn save_abandon(
    conn: &mut PgConnection,
    acces: &DossierNonDepose,
    abandonne_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update dossier set abandonne_le = $2::timestamptz
         where id = $1 and etat = 'brouillon' and (abandonne_le is null) = ($2::timestamptz is not null)",
        acces.dossier(),
        abandonne_le
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() > 0)
}

/// Writes a step and touches the dossier. Its version grows by one. The caller holds the lock.
///
/// # Errors
/// The database's.
pub async fn save_etape(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    etape: Etape,
    reponses: &Reponses,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    ecrire_etape(conn, acces, etape, reponses, maintenant).await
}

async fn ecrire_etape(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    etape: Etape,
    reponses: &Reponses,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with touche as (update dossier set modifie_le = $4 where id = $1)
         insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         values ($1, $2, 1, $3, $4, $5)
         on conflict (dossier_id, etape) do update set version = dossier_etape.version + 1,
             reponses = excluded.reponses, modifie_le = excluded.modifie_le, modifie_par = excluded.modifie_par",
        acces.dossier(),
        etape.code(),
        Json(reponses) as _,
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says that the answers on the ESSMS changed: the step holds none, its version is what forms are filled upon.
///
/// # Errors
/// The database's.
pub async fn save_version_faits(
    conn: &mut PgConnection,
    acces: &impl Ecriture,
    dossier: &Dossier,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    if acces.compte().og() == Some(dossier.porteur) {
        return ecrire_etape(conn, acces, Etape::Essms, &Reponses::default(), maintenant).await;
    }
    sqlx::query!(
        "select noter_partage($1, $2, $3)",
        acces.dossier(),
        acces.compte().id,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes the facts of these ESSMS of the grappe; the caller names those that changed. Of a membre's, only those that its
/// OG manages are written.
///
/// # Errors
/// The database's.
pub async fn save_faits(conn: &mut PgConnection, acces: &impl Ecriture, essms: &[&EssmsGrappe]) -> sqlx::Result<()> {
    let (numeros, reponses): (Vec<String>, Vec<Json<&Reponses>>) =
        essms.iter().map(|e| (e.finess.to_string(), Json(&e.reponses))).unzip();
    sqlx::query!(
        "update grappe_essms g set reponses = n.reponses
         from unnest($2::text[], $3::jsonb[]) as n (finess, reponses)
         where g.dossier_id = $1 and g.finess = n.finess",
        acces.dossier(),
        &numeros,
        &reponses as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds ESSMS at the end of the grappe; one taken out earlier comes back with its answers.
///
/// # Errors
/// The database's.
pub async fn add_essms(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    numeros: &[Finess],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    let numeros: Vec<String> = numeros.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "with touche as (update dossier set modifie_le = $3 where id = $1),
              dernier as (select coalesce(max(rang), 0) as rang from grappe_essms where dossier_id = $1)
         insert into grappe_essms (dossier_id, finess, rang, ajoute_le)
         select $1, n.finess, dernier.rang + n.ordre, $3
         from unnest($2::text[]) with ordinality as n (finess, ordre), dernier
         on conflict (dossier_id, finess) do update set retire_le = null, rang = excluded.rang, ajoute_le = excluded.ajoute_le
             where grappe_essms.retire_le is not null",
        acces.dossier(),
        &numeros,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives ESSMS of the grappe the answers to these questions that their OG keeps in Mes ESSMS, as far as the account's OG
/// manages them; an answer the dossier has already stays. How many took some.
///
/// # Errors
/// The database's.
pub async fn prefill_faits(conn: &mut PgConnection, acces: &impl Ecriture, numeros: &[Finess]) -> sqlx::Result<u64> {
    completer(conn, acces.dossier(), &registre::textes(numeros)).await
}

async fn completer(conn: &mut PgConnection, dossier: Uuid, numeros: &[String]) -> sqlx::Result<u64> {
    let questions: Vec<String> = durables().map(str::to_owned).collect();
    let ecrit = sqlx::query!(
        "update grappe_essms g set reponses = f.gardees || g.reponses
         from (select f.finess, jsonb_object_agg(r.key, r.value) as gardees
               from fait_essms f
               join essms e on e.finess = f.finess and e.organisme = f.og
               cross join jsonb_each(f.reponses) r
               where f.og = portail_og() and f.finess = any ($2) and r.key = any ($3) group by f.finess) f
         where g.dossier_id = $1 and g.finess = f.finess and g.reponses <> f.gardees || g.reponses",
        dossier,
        numeros,
        &questions
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected())
}

/// Takes ESSMS out of the grappe; their answers stay, in case they come back.
///
/// # Errors
/// The database's.
pub async fn remove_essms(
    conn: &mut PgConnection,
    acces: &impl Ecriture,
    numeros: &[Finess],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    let numeros: Vec<String> = numeros.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "with touche as (update dossier set modifie_le = $3 where id = $1)
         update grappe_essms set retire_le = $3 where dossier_id = $1 and finess = any ($2) and retire_le is null",
        acces.dossier(),
        &numeros,
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The answers that ESSMS would come into the grappe with: those of Mes ESSMS, under those they had when they
/// were taken out.
///
/// # Errors
/// The database's.
pub async fn load_retenues(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Vec<EssmsGrappe>> {
    let questions: Vec<String> = durables().map(str::to_owned).collect();
    let lignes = sqlx::query!(
        r#"select coalesce(g.finess, f.finess) as "finess!",
                  coalesce(f.gardees, '{}') || coalesce(g.reponses, '{}') as "reponses!: Json<Reponses>"
           from (select finess, reponses from grappe_essms where dossier_id = $1 and retire_le is not null) g
           full join (select f.finess, jsonb_object_agg(r.key, r.value) as gardees
                      from dossier d
                      join fait_essms f on f.og = d.porteur
                      join essms e on e.finess = f.finess and e.organisme = f.og
                      cross join jsonb_each(f.reponses) r
                      where d.id = $1 and r.key = any ($2) group by f.finess) f on f.finess = g.finess"#,
        acces.dossier(),
        &questions
    )
    .fetch_all(conn)
    .await?;
    let essms = lignes.into_iter().map(|l| {
        Ok(EssmsGrappe {
            finess: registre::numero(&l.finess)?,
            reponses: l.reponses.0,
        })
    });
    essms.collect()
}

/// A dossier in a list.
#[derive(Debug)]
pub struct Resume {
    /// Its identifier.
    pub id: Uuid,
    /// What people quote.
    pub reference: String,
    /// Name given by its porteur.
    pub nom: String,
    /// Code of its edition.
    pub edition: String,
    /// FINESS EJ of the porteur.
    pub porteur_numero: String,
    /// Name of the porteur in the registry.
    pub porteur: String,
    /// Where it stands.
    pub etat: EtatDossier,
    /// Number of ESSMS in its grappe.
    pub essms: i64,
    /// When it was last saved.
    pub modifie_le: DateTime<Utc>,
    /// When it was last deposited.
    pub depose_le: Option<DateTime<Utc>>,
    /// Eligibility, recevabilité and money of the last deposit, frozen.
    pub evaluation: Option<serde_json::Value>,
}

/// The dossiers the account's scope holds, the last saved first. Row-level security does the choice:
/// an OG's own and those it takes part in, or those deposited in an instructor's régions.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, _compte: &Compte) -> sqlx::Result<Vec<Resume>> {
    let lignes = sqlx::query!(
        r#"select d.id, d.reference, d.nom, d.edition, d.modifie_le,
            case when d.abandonne_le is null then d.etat else 'abandonne' end as "etat!",
            d.porteur as porteur_numero, coalesce(o.raison_sociale, d.porteur) as "porteur!",
            (select count(*) from grappe_essms g where g.dossier_id = d.id and g.retire_le is null) as "essms!",
            p.depose_le as "depose_le?", p.evaluation as "evaluation?"
           from dossier d
           join organisme o on o.finess = d.porteur
           left join lateral (select depose_le, evaluation from depot where dossier_id = d.id order by rang desc limit 1) p on true
           order by coalesce(p.depose_le, d.modifie_le) desc, d.id"#
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(Resume {
                id: l.id,
                reference: l.reference,
                nom: l.nom,
                edition: l.edition,
                porteur_numero: l.porteur_numero,
                porteur: l.porteur,
                etat: etat(&l.etat)?,
                essms: l.essms,
                modifie_le: l.modifie_le,
                depose_le: l.depose_le,
                evaluation: l.evaluation,
            })
        })
        .collect()
}
