//! The OGs of a grappe beside its porteur: invited, taking part, gone.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::partage::InvitationSignee;
use super::acces::{DossierModifiable, DossierPartage, Lecture};
use super::registre::{numero, textes};
use crate::domain::compte::RoleOg;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::participation::EtatParticipation;

/// An OG in a grappe.
#[derive(Debug, Clone)]
pub struct Participation {
    /// FINESS EJ.
    pub og: Finess,
    /// Where it stands.
    pub etat: EtatParticipation,
    /// When it was last invited.
    pub invitee_le: DateTime<Utc>,
    /// Last moment to answer.
    pub expire_le: DateTime<Utc>,
    /// Last mail that asked for an answer.
    pub relancee_le: DateTime<Utc>,
    /// When it answered, or went.
    pub repondue_le: Option<DateTime<Utc>>,
    /// Why, in its words.
    pub motif: String,
    /// An address to write to, besides its accounts.
    pub courriel: Option<String>,
    /// Since when it is proposed as the next porteur.
    pub portage_le: Option<DateTime<Utc>>,
}

/// The OGs invited into this dossier, in the order they were.
///
/// # Errors
/// The database's.
pub async fn list(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Vec<Participation>> {
    let lignes = sqlx::query!(
        "select og, etat, invitee_le, expire_le, relancee_le, repondue_le, motif, courriel, portage_le
         from participation where dossier_id = $1 order by invitee_le, og",
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(Participation {
                og: numero(&l.og)?,
                etat: etat(&l.etat)?,
                invitee_le: l.invitee_le,
                expire_le: l.expire_le,
                relancee_le: l.relancee_le,
                repondue_le: l.repondue_le,
                motif: l.motif,
                courriel: l.courriel,
                portage_le: l.portage_le,
            })
        })
        .collect()
}

pub(super) fn etat(code: &str) -> sqlx::Result<EtatParticipation> {
    EtatParticipation::depuis(code)
        .ok_or_else(|| sqlx::Error::Decode(format!("état de participation inconnu\u{a0}: {code}").into()))
}

/// An invitation to write.
#[derive(Debug)]
pub struct NouvelleInvitation<'a> {
    /// FINESS EJ of the OG.
    pub og: Finess,
    /// SHA-256 of the token of its link.
    pub cle: &'a [u8],
    /// An address to write to, besides the accounts of the OG.
    pub courriel: Option<&'a str>,
    /// Last moment to answer.
    pub expire_le: DateTime<Utc>,
}

/// Invites an OG, anew when it declined or left; or gives its pending invitation another link. False when it takes part
/// already.
///
/// # Errors
/// The database's.
pub async fn inviter(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    invitation: &NouvelleInvitation<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "insert into participation as p (dossier_id, og, etat, invitee_le, invitee_par, cle, courriel, expire_le, relancee_le)
         values ($1, $2, 'invitee', $6, $3, $4, $5, $7, $6)
         on conflict (dossier_id, og) do update set etat = 'invitee', invitee_le = excluded.invitee_le,
             invitee_par = excluded.invitee_par, cle = excluded.cle, courriel = coalesce(excluded.courriel, p.courriel),
             expire_le = excluded.expire_le, relancee_le = excluded.relancee_le, repondue_le = null, repondue_par = null,
             motif = ''
         where p.etat <> 'acceptee'",
        acces.dossier(),
        invitation.og.as_str(),
        acces.compte().id,
        invitation.cle,
        invitation.courriel,
        maintenant,
        invitation.expire_le
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// Notes that a membre was reminded of the consents it owes.
///
/// # Errors
/// The database's.
pub async fn save_relance(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    og: Finess,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update participation set relancee_le = $3 where dossier_id = $1 and og = $2",
        acces.dossier(),
        og.as_str(),
        maintenant
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a participation, or cancels an invitation. False when there was none.
///
/// # Errors
/// The database's.
pub async fn retirer(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    og: Finess,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    terminer(conn, acces, og, EtatParticipation::Retiree, "", maintenant).await
}

/// The membre leaves the grappe.
///
/// # Errors
/// The database's.
pub async fn quitter(
    conn: &mut PgConnection,
    acces: &DossierPartage,
    og: Finess,
    motif: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    terminer(conn, acces, og, EtatParticipation::Retiree, motif, maintenant).await
}

/// The invited OG declines; in the scope of the porteur. False when it was answered, or cancelled, meanwhile: a colleague's
/// acceptance stands.
///
/// # Errors
/// The database's.
pub async fn refuser(
    conn: &mut PgConnection,
    acces: &InvitationSignee,
    og: Finess,
    motif: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    terminer(conn, acces, og, EtatParticipation::Refusee, motif, maintenant).await
}

async fn terminer(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    og: Finess,
    etat: EtatParticipation,
    motif: &str,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation set etat = $3, motif = $4, repondue_le = $5, repondue_par = $6, portage_le = null, portage_par = null
         where dossier_id = $1 and og = $2 and (etat = 'invitee' or etat = 'acceptee' and $3 <> 'refusee')",
        acces.dossier(),
        og.as_str(),
        etat.code(),
        motif,
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The invited OG takes part from now on. False when it was answered, or cancelled, meanwhile.
///
/// # Errors
/// The database's.
pub async fn accepter(
    conn: &mut PgConnection,
    acces: &InvitationSignee,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation set etat = 'acceptee', repondue_le = $2, repondue_par = $3
         where dossier_id = $1 and og = portail_og() and etat = 'invitee' and expire_le > $2",
        acces.dossier(),
        maintenant,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// An ESSMS of a membre, as the registry names it.
#[derive(Debug, Clone)]
pub struct EssmsDeMembre {
    /// FINESS EJ of the membre.
    pub og: Finess,
    /// FINESS ET.
    pub finess: Finess,
    /// Name.
    pub nom: String,
    /// Name of the dossier.
    pub dossier: String,
}

impl std::fmt::Display for EssmsDeMembre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.nom, self.finess)
    }
}

/// Those of these ESSMS that belong to a membre, membre by membre, when the account is of the porteur: it is the porteur then
/// that acts on the ESSMS of another OG.
///
/// # Errors
/// The database's.
pub async fn list_essms(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    numeros: &[Finess],
) -> sqlx::Result<Vec<EssmsDeMembre>> {
    let porteur = acces.compte().og();
    let lignes = sqlx::query!(
        "select p.og, e.finess, e.nom, d.nom as dossier
         from dossier d
         join participation p on p.dossier_id = d.id and p.etat = 'acceptee'
         join essms e on e.organisme = p.og and e.finess = any ($2)
         where d.id = $1 and d.porteur = $3 order by p.og, e.nom, e.finess",
        acces.dossier(),
        &textes(numeros),
        porteur.as_ref().map(Finess::as_str)
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(EssmsDeMembre {
                og: numero(&l.og)?,
                finess: numero(&l.finess)?,
                nom: l.nom,
                dossier: l.dossier,
            })
        })
        .collect()
}

/// Accounts of an OG, whichever it is, that have this role at least: to write to them.
///
/// # Errors
/// The database's.
pub async fn list_comptes(conn: &mut PgConnection, og: Finess, minimum: RoleOg) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select comptes_a_prevenir($1, $2) as "id!""#,
        og.as_str(),
        &super::comptes::codes_depuis(minimum)
    )
    .fetch_all(conn)
    .await
}
