//! Models: offered by an ARS, agreed to by the porteur, read by every porteur.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::modele::ModeleInstruit;
use super::acces::{DossierInstruit, DossierSigne, Lecture};
use super::registre::numero;
use crate::domain::finess::Finess;
use crate::domain::modele::{EtatModele, Textes};
use crate::domain::nomenclature::Liste;

/// A model, as those who decide on it read it.
#[derive(Debug, Clone)]
pub struct Modele {
    /// Its identifier.
    pub id: Uuid,
    /// The dossier its texts come from.
    pub dossier: Uuid,
    /// Reference of that dossier.
    pub reference: String,
    /// FINESS EJ of its porteur.
    pub porteur: Finess,
    /// Code of the edition it answered.
    pub edition: String,
    /// INSEE code of the région whose ARS offers it.
    pub region: String,
    /// Its title.
    pub titre: String,
    /// Its texts.
    pub textes: Textes,
    /// Where it stands.
    pub etat: EtatModele,
    /// When it was offered.
    pub propose_le: DateTime<Utc>,
    /// The instructor who offered it.
    pub propose_par: Uuid,
    /// When the porteur answered.
    pub repondu_le: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub retire_le: Option<DateTime<Utc>>,
}

/// A model as every porteur reads it: nothing says whose it was.
#[derive(Debug, Clone)]
pub struct Publie {
    /// Its identifier.
    pub id: Uuid,
    /// Its title.
    pub titre: String,
    /// Code of the edition it answered.
    pub edition: String,
    /// INSEE code of the région whose ARS offers it.
    pub region: String,
    /// Its texts.
    pub textes: Textes,
    /// Made of fictitious data.
    pub fictif: bool,
}

/// The models that the transaction's scope sees, the last offered first: this one, those of this dossier, or all.
async fn lire(conn: &mut PgConnection, id: Option<Uuid>, dossier: Option<Uuid>) -> sqlx::Result<Vec<Modele>> {
    let lignes = sqlx::query!(
        r#"select m.id, m.dossier_id, d.reference as "reference!", d.porteur as "porteur!", m.edition, m.region, m.titre,
               m.reponses as "textes: Json<Textes>", m.etat, m.propose_le, m.propose_par, m.repondu_le, m.retire_le
           from modele m cross join lateral dossier_du_modele(m.id) d
           where ($1::uuid is null or m.id = $1) and ($2::uuid is null or m.dossier_id = $2)
           order by m.propose_le desc, m.id desc"#,
        id,
        dossier
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(Modele {
                id: l.id,
                dossier: l.dossier_id,
                reference: l.reference,
                porteur: numero(&l.porteur)?,
                edition: l.edition,
                region: l.region,
                titre: l.titre,
                textes: l.textes.0,
                etat: EtatModele::depuis(&l.etat)
                    .ok_or_else(|| sqlx::Error::Decode(format!("état de modèle inconnu\u{a0}: {}", l.etat).into()))?,
                propose_le: l.propose_le,
                propose_par: l.propose_par,
                repondu_le: l.repondu_le,
                retire_le: l.retire_le,
            })
        })
        .collect()
}

/// The last model made of a dossier, for its porteur and its ARS.
///
/// # Errors
/// The database's.
pub async fn load_dernier(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Option<Modele>> {
    Ok(lire(conn, None, Some(acces.dossier())).await?.into_iter().next())
}

/// The model that an instructor follows.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &ModeleInstruit) -> sqlx::Result<Option<Modele>> {
    Ok(lire(conn, Some(acces.modele()), None).await?.into_iter().next())
}

/// The models offered in an instructor's régions, the last first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Modele>> {
    lire(conn, None, None).await
}

/// The instructors to write to about a model: who offered it or, once gone, those of its région.
///
/// # Errors
/// The database's.
pub async fn list_instructeurs(conn: &mut PgConnection, modele: Uuid) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(r#"select instructeurs_du_modele($1) as "id!""#, modele)
        .fetch_all(conn)
        .await
}

/// A model to offer.
#[derive(Debug)]
pub struct Nouveau<'a> {
    /// Its identifier.
    pub id: Uuid,
    /// Code of the edition of the dossier.
    pub edition: &'a str,
    /// INSEE code of the région of the dossier.
    pub region: &'a str,
    /// Its title.
    pub titre: &'a str,
    /// Its texts.
    pub textes: &'a Textes,
    /// Made of fictitious data.
    pub fictif: bool,
}

/// Offers a model. False when the dossier has one already.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    acces: &DossierInstruit,
    nouveau: &Nouveau<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "insert into modele (id, dossier_id, edition, region, titre, reponses, etat, fictif, propose_le, propose_par)
         values ($1, $2, $3, $4, $5, $6, 'propose', $7, $8, $9)
         on conflict (dossier_id) where etat in ('propose', 'accepte') do nothing",
        nouveau.id,
        acces.dossier(),
        nouveau.edition,
        nouveau.region,
        nouveau.titre,
        Json(nouveau.textes) as _,
        nouveau.fictif,
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// Keeps the porteur's answer: agreed, or not. False when it was answered or taken back meanwhile.
///
/// # Errors
/// The database's.
pub async fn save_reponse(
    conn: &mut PgConnection,
    acces: &DossierSigne,
    modele: Uuid,
    accord: bool,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let etat = if accord {
        EtatModele::Accepte
    } else {
        EtatModele::Refuse
    };
    let ecrit = sqlx::query!(
        "update modele set etat = $3, repondu_le = $4, repondu_par = $5
         where id = $1 and dossier_id = $2 and etat = 'propose'",
        modele,
        acces.dossier(),
        etat.code(),
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// Takes a model back. False when it was refused or taken back meanwhile.
///
/// # Errors
/// The database's; row-level security's, when a porteur takes back what it has not answered.
pub async fn save_retrait(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    modele: Uuid,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update modele set etat = 'retire', retire_le = $3, retire_par = $4
         where id = $1 and dossier_id = $2 and etat in ('propose', 'accepte')",
        modele,
        acces.dossier(),
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The models that porteurs may start from, the last agreed to first. None outside a porteur's scope.
///
/// # Errors
/// The database's.
pub async fn list_publies(conn: &mut PgConnection) -> sqlx::Result<Vec<Publie>> {
    let lignes = sqlx::query!(
        r#"select id as "id!", titre as "titre!", edition as "edition!", region as "region!",
               reponses as "textes!: Json<Textes>", fictif as "fictif!"
           from modeles_publies()"#
    )
    .fetch_all(conn)
    .await?;
    let publie = lignes.into_iter().map(|l| Publie {
        id: l.id,
        titre: l.titre,
        edition: l.edition,
        region: l.region,
        textes: l.textes.0,
        fictif: l.fictif,
    });
    Ok(publie.collect())
}

/// A model of the demonstration, agreed to from the start: no instructor nor porteur acts.
///
/// # Errors
/// The database's.
pub async fn create_fictif(
    pool: &sqlx::PgPool,
    dossier: Uuid,
    [instructeur, signataire]: [Uuid; 2],
    nouveau: &Nouveau<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = super::acces::commencer_systeme(pool).await?;
    sqlx::query!(
        "insert into modele (id, dossier_id, edition, region, titre, reponses, etat, fictif, propose_le, propose_par, repondu_le,
             repondu_par)
         values ($1, $2, $3, $4, $5, $6, 'accepte', true, $7, $8, $7, $9)",
        nouveau.id,
        dossier,
        nouveau.edition,
        nouveau.region,
        nouveau.titre,
        Json(nouveau.textes) as _,
        maintenant,
        instructeur,
        signataire
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
