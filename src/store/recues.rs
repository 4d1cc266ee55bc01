//! What an OG is asked from the grappes of others: invitations, consents, to carry the project.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::participations::etat;
use super::registre::numero;
use crate::domain::finess::Finess;
use crate::domain::participation::EtatParticipation;

/// An invitation, as the invited OG knows it before it answers.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// Code of its edition.
    pub edition: String,
    /// Made of fictitious data.
    pub fictif: bool,
    /// FINESS EJ of the porteur.
    pub porteur: Finess,
    /// When it was sent.
    pub invitee_le: DateTime<Utc>,
    /// Last moment to answer.
    pub expire_le: DateTime<Utc>,
    /// The ESSMS of the OG that the grappe holds.
    pub essms: Vec<Finess>,
}

/// The invitations that the OG of the transaction has not answered, expired or not.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Invitation>> {
    let lignes = sqlx::query!(
        r#"select dossier_id as "dossier_id!", nom as "nom!", edition as "edition!", fictif as "fictif!",
            porteur as "porteur!", invitee_le as "invitee_le!", expire_le as "expire_le!", essms as "essms!"
           from invitations_recues()"#
    )
    .fetch_all(conn)
    .await?;
    let invitation = lignes.into_iter().map(|l| {
        Ok(Invitation {
            dossier: l.dossier_id,
            nom: l.nom,
            edition: l.edition,
            fictif: l.fictif,
            porteur: numero(&l.porteur)?,
            invitee_le: l.invitee_le,
            expire_le: l.expire_le,
            essms: l.essms.iter().filter_map(|n| Finess::parse(n).ok()).collect(),
        })
    });
    invitation.collect()
}

/// What waits for the OG of the transaction in the draft of another.
#[derive(Debug, Clone)]
pub struct Attente {
    /// The dossier.
    pub dossier: Uuid,
    /// Its ESSMS there without its consent.
    pub accords: i64,
    /// Whether it is proposed as the next porteur.
    pub portage: bool,
}

/// What waits for the OG of the transaction in the drafts it takes part in.
///
/// # Errors
/// The database's.
pub async fn list_attentes(conn: &mut PgConnection) -> sqlx::Result<Vec<Attente>> {
    sqlx::query_as!(
        Attente,
        r#"select p.dossier_id as dossier, p.portage_le is not null as "portage!",
            (select count(*) from grappe_essms g join essms e on e.finess = g.finess and e.organisme = p.og
             where g.dossier_id = p.dossier_id and g.retire_le is null
               and not exists (select from consentement c where c.dossier_id = g.dossier_id and c.finess = g.finess
                               and c.og = p.og and c.etat = 'donne')) as "accords!"
           from participation p join dossier d on d.id = p.dossier_id
           where p.og = portail_og() and p.etat = 'acceptee' and d.etat = 'brouillon' and d.abandonne_le is null"#
    )
    .fetch_all(conn)
    .await
}

/// The dossier that the link of this key is about, and where the OG of the transaction stands there; none for a link that
/// was replaced, or that is another OG's.
///
/// # Errors
/// The database's.
pub async fn load_lien(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<Option<(Uuid, EtatParticipation)>> {
    let ligne = sqlx::query!(
        "select dossier_id, etat from participation where cle = $1 and og = portail_og()",
        cle
    )
    .fetch_optional(conn)
    .await?;
    ligne.map(|l| Ok((l.dossier_id, etat(&l.etat)?))).transpose()
}
