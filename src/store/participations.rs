//! The OGs of a grappe beside its porteur: invited, taking part, gone; and who is proposed to carry the project next.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::partage::InvitationSignee;
use super::acces::{DossierDeposable, DossierModifiable, DossierPartage, Lecture};
use super::registre::numero;
use crate::domain::compte::RoleOg;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::participation::{ACCORD_DE_L_ANCIEN_PORTEUR, EtatParticipation};

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

fn etat(code: &str) -> sqlx::Result<EtatParticipation> {
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

/// The invited OG declines; in the scope of the porteur.
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
         where dossier_id = $1 and og = $2 and etat in ('invitee', 'acceptee')",
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
pub async fn list_recues(conn: &mut PgConnection) -> sqlx::Result<Vec<Invitation>> {
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

/// Proposes a membre as the next porteur, or takes the proposal back. False when it does not take part, or another one is
/// proposed already.
///
/// # Errors
/// The database's.
pub async fn save_portage(
    conn: &mut PgConnection,
    acces: &DossierDeposable,
    og: Finess,
    propose_le: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation p set portage_le = $3::timestamptz, portage_par = case when $3::timestamptz is not null then $4::uuid end
         where dossier_id = $1 and og = $2 and etat = 'acceptee' and (portage_le is null) = ($3::timestamptz is not null)
           and not exists (select from participation a where a.dossier_id = $1 and a.og <> $2 and a.portage_le is not null)",
        acces.dossier(),
        og.as_str(),
        propose_le,
        acces.compte().id
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The proposed membre declines. False when it was no longer proposed.
///
/// # Errors
/// The database's.
pub async fn refuser_portage(conn: &mut PgConnection, acces: &DossierPartage) -> sqlx::Result<bool> {
    let ecrit = sqlx::query!(
        "update participation set portage_le = null, portage_par = null
         where dossier_id = $1 and og = portail_og() and portage_le is not null",
        acces.dossier()
    )
    .execute(conn)
    .await?;
    Ok(ecrit.rows_affected() == 1)
}

/// The proposed membre becomes the porteur, and the former porteur a membre whose ESSMS stay. False when it was no longer
/// proposed.
///
/// # Errors
/// The database's.
pub async fn prendre_le_portage(
    conn: &mut PgConnection,
    acces: &DossierPartage,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select prendre_le_portage($1, $2, $3) as "fait!""#,
        acces.dossier(),
        ACCORD_DE_L_ANCIEN_PORTEUR,
        maintenant
    )
    .fetch_one(conn)
    .await
}
