//! Registrations for webinars. Places are counted with the webinar locked, so that two people never share the last one.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::webinaire::{InscriptionTenue, SurWebinaire, WebinaireGere, WebinaireOuvert};
use crate::domain::nomenclature::Liste;
use crate::domain::webinaire::EtatInscription;

/// Links that one registration keeps at most, the last ones: each mail holds its own.
const LIENS_AU_PLUS: i32 = 12;

/// What a person writes to register.
#[derive(Debug, Clone)]
pub struct Nouvelle {
    /// Name.
    pub nom: String,
    /// Address.
    pub courriel: String,
    /// Organisation; empty: not said.
    pub organisme: String,
    /// What they would like answered; empty: nothing.
    pub question: String,
}

/// A registration, to write to.
#[derive(Debug, Clone)]
pub struct Inscrite {
    /// Its number.
    pub id: Uuid,
    /// Where to write.
    pub courriel: String,
    /// Whether it has a place.
    pub etat: EtatInscription,
}

/// Locks a webinar to come: its capacity, which may be none. None at all when it began or was cancelled.
async fn verrouiller(
    conn: &mut PgConnection,
    webinaire: Uuid,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Option<i32>>> {
    sqlx::query_scalar!(
        "select capacite from webinaire where id = $1 and annule_le is null and debut > $2 for update",
        webinaire,
        maintenant
    )
    .fetch_optional(conn)
    .await
}

/// Registers a person, or finds the registration of the same address: under another number, it keeps what it said, and a new
/// question is added to it. None when the webinar began or was cancelled meanwhile.
///
/// # Errors
/// The database's.
pub async fn inscrire(
    conn: &mut PgConnection,
    acces: &WebinaireOuvert,
    id: Uuid,
    nouvelle: &Nouvelle,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Inscrite>> {
    let webinaire = acces.webinaire().id;
    let capacite = verrouiller(conn, webinaire, maintenant).await?;
    let Some(capacite) = capacite else { return Ok(None) };
    sqlx::query!(
        "insert into inscription_webinaire as i (id, webinaire_id, nom, courriel, organisme, question, etat, inscrit_le)
         select $1, $2, $3, $4, $5, $6, case when $7::integer is null or $7 > count(*) then 'inscrit' else 'attente' end, $8
         from inscription_webinaire where webinaire_id = $2 and etat = 'inscrit'
         on conflict (webinaire_id, lower(courriel)) do update set question = case
            when excluded.question = '' or position(E'\n' || excluded.question || E'\n' in E'\n' || i.question || E'\n') > 0 then i.question
            when i.question = '' then excluded.question
            else i.question || E'\n' || excluded.question end",
        id,
        webinaire,
        nouvelle.nom,
        nouvelle.courriel,
        nouvelle.organisme,
        nouvelle.question,
        capacite,
        maintenant
    )
    .execute(&mut *conn)
    .await?;
    let ligne = sqlx::query!(
        "select id, courriel, etat from inscription_webinaire where webinaire_id = $1 and lower(courriel) = lower($2)",
        webinaire,
        nouvelle.courriel
    )
    .fetch_one(conn)
    .await?;
    lire(ligne.id, ligne.courriel, &ligne.etat).map(Some)
}

fn lire(id: Uuid, courriel: String, etat: &str) -> sqlx::Result<Inscrite> {
    let etat = EtatInscription::depuis(etat)
        .ok_or_else(|| sqlx::Error::Decode(format!("état d’inscription inconnu\u{a0}: {etat}").into()))?;
    Ok(Inscrite { id, courriel, etat })
}

/// Keeps the hash of one more link that takes a registration back.
///
/// # Errors
/// The database's.
pub async fn ajouter_cle(conn: &mut PgConnection, inscription: Uuid, cle: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "update inscription_webinaire set cles = cles[greatest(1, cardinality(cles) + 2 - $3::integer):] || array[$2::bytea] where id = $1",
        inscription,
        cle,
        LIENS_AU_PLUS
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The registration of a link, and its webinar.
///
/// # Errors
/// The database's.
pub(super) async fn load_par_cle(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<Option<(Uuid, Uuid)>> {
    let ligne = sqlx::query!(
        "select id, webinaire_id from inscription_webinaire where cles @> array[$1::bytea]",
        cle
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.map(|l| (l.id, l.webinaire_id)))
}

/// Takes a registration back: nothing of the person is left.
///
/// # Errors
/// The database's.
pub async fn delete(conn: &mut PgConnection, acces: &InscriptionTenue) -> sqlx::Result<()> {
    sqlx::query!("delete from inscription_webinaire where id = $1", acces.inscription())
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives the free places of a webinar to come to those who wait, the first come first.
///
/// # Errors
/// The database's.
pub async fn promouvoir(
    conn: &mut PgConnection,
    acces: &impl SurWebinaire,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Vec<Inscrite>> {
    let webinaire = acces.webinaire().id;
    let capacite = verrouiller(conn, webinaire, maintenant).await?;
    let Some(capacite) = capacite else {
        return Ok(Vec::new());
    };
    let lignes = sqlx::query!(
        "update inscription_webinaire set etat = 'inscrit'
         where id in (select id from inscription_webinaire where webinaire_id = $1 and etat = 'attente' order by inscrit_le, id
                      limit (select greatest(0, $2::integer - count(*)) from inscription_webinaire
                             where webinaire_id = $1 and etat = 'inscrit'
                             having $2 is not null))
         returning id, courriel, etat",
        webinaire,
        capacite
    )
    .fetch_all(conn)
    .await?;
    lignes.into_iter().map(|l| lire(l.id, l.courriel, &l.etat)).collect()
}

/// Everybody registered before an instant, to write to them.
///
/// # Errors
/// The database's.
pub async fn list_a_prevenir(
    conn: &mut PgConnection,
    acces: &impl SurWebinaire,
    avant: DateTime<Utc>,
) -> sqlx::Result<Vec<Inscrite>> {
    let lignes = sqlx::query!(
        "select id, courriel, etat from inscription_webinaire where webinaire_id = $1 and inscrit_le < $2 order by inscrit_le, id",
        acces.webinaire().id,
        avant
    )
    .fetch_all(conn)
    .await?;
    lignes.into_iter().map(|l| lire(l.id, l.courriel, &l.etat)).collect()
}

/// A registration, as organisers read it.
#[derive(Debug, Clone)]
pub struct Presence {
    /// Its number.
    pub id: Uuid,
    /// What the person wrote.
    pub personne: Nouvelle,
    /// Whether it has a place.
    pub etat: EtatInscription,
    /// Whether the person came.
    pub present: bool,
    /// When it was made.
    pub inscrit_le: DateTime<Utc>,
}

/// Everybody registered: those who have a place by name, then those who wait, the first come first.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &WebinaireGere) -> sqlx::Result<Vec<Presence>> {
    let lignes = sqlx::query!(
        "select id, nom, courriel, organisme, question, etat, present, inscrit_le from inscription_webinaire
         where webinaire_id = $1
         order by etat <> 'inscrit', case when etat = 'inscrit' then lower(nom) end, inscrit_le, id",
        acces.webinaire().id
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            let inscrite = lire(l.id, l.courriel, &l.etat)?;
            Ok(Presence {
                id: l.id,
                personne: Nouvelle {
                    nom: l.nom,
                    courriel: inscrite.courriel,
                    organisme: l.organisme,
                    question: l.question,
                },
                etat: inscrite.etat,
                present: l.present,
                inscrit_le: l.inscrit_le,
            })
        })
        .collect()
}

/// A registration of this webinar, to take it out. None when it is not there any more.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, acces: &WebinaireGere, inscription: Uuid) -> sqlx::Result<Option<Nouvelle>> {
    sqlx::query_as!(
        Nouvelle,
        "select nom, courriel, organisme, question from inscription_webinaire where webinaire_id = $1 and id = $2",
        acces.webinaire().id,
        inscription
    )
    .fetch_optional(conn)
    .await
}

/// Takes a person out of a webinar: nothing of them is left. False when they were out already.
///
/// # Errors
/// The database's.
pub async fn retirer(conn: &mut PgConnection, acces: &WebinaireGere, inscription: Uuid) -> sqlx::Result<bool> {
    let otees = sqlx::query!(
        "delete from inscription_webinaire where webinaire_id = $1 and id = $2",
        acces.webinaire().id,
        inscription
    )
    .execute(conn)
    .await?;
    Ok(otees.rows_affected() == 1)
}

/// Notes who came among the registrations that the form showed; the others keep what was noted.
///
/// # Errors
/// The database's.
pub async fn noter_presences(
    conn: &mut PgConnection,
    acces: &WebinaireGere,
    montrees: &[Uuid],
    presentes: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update inscription_webinaire set present = id = any ($3) where webinaire_id = $1 and id = any ($2)",
        acces.webinaire().id,
        montrees,
        presentes
    )
    .execute(conn)
    .await?;
    Ok(())
}
