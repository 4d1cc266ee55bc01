//! Capabilities of an OG invited into the grappe of another: its accounts read the invitation, a signatory answers it.

use chrono::{DateTime, Utc};
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{Ecriture, Lecture, Refus, commencer, commencer_ecriture, role};
use crate::domain::compte::{Compte, Perimetre, RoleOg};
use crate::store::recues::{self, Invitation};

/// An account of an invited OG reads its invitation.
#[derive(Debug, Clone)]
pub struct InvitationRecue {
    compte: Compte,
    invitation: Invitation,
}

/// A signatory of an invited OG answers an invitation that still can be.
#[derive(Debug, Clone)]
pub struct InvitationSignee(InvitationRecue);

impl InvitationRecue {
    /// The account.
    pub fn compte(&self) -> &Compte {
        &self.compte
    }

    /// The invitation.
    pub fn invitation(&self) -> &Invitation {
        &self.invitation
    }

    /// # Errors
    /// [`Refus::Role`] for an account that does not sign, [`Refus::Expiree`] when the porteur has to invite again.
    pub fn signer(self, maintenant: DateTime<Utc>) -> Result<InvitationSignee, Refus> {
        if role(&self.compte)? < RoleOg::Depot {
            return Err(Refus::Role(RoleOg::Depot));
        }
        if self.invitation.expire_le <= maintenant {
            return Err(Refus::Expiree);
        }
        Ok(InvitationSignee(self))
    }
}

impl InvitationSignee {
    /// The invitation.
    pub fn invitation(&self) -> &Invitation {
        &self.0.invitation
    }

    /// A transaction with the scope of the OG, which accepts.
    ///
    /// # Errors
    /// The database's.
    pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
        commencer_ecriture(pool, &self.0.compte.perimetre()).await
    }

    /// A transaction with the scope of the porteur: a refusal takes ESSMS out of a dossier that the OG never saw.
    ///
    /// # Errors
    /// The database's.
    pub async fn commencer_refus(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
        commencer_ecriture(pool, &Perimetre::de_l_og(self.0.invitation.porteur)).await
    }
}

impl Lecture for InvitationSignee {
    fn dossier(&self) -> Uuid {
        self.0.invitation.dossier
    }

    fn compte(&self) -> &Compte {
        &self.0.compte
    }
}

impl Ecriture for InvitationSignee {}

/// # Errors
/// [`Refus::Absent`] unless the account's OG is invited into this draft, and has not answered.
pub async fn invitation(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<InvitationRecue, Refus> {
    role(compte)?;
    let mut tx = commencer(pool, &compte.perimetre()).await?;
    let recues = recues::list(&mut tx).await?;
    let invitation = recues.into_iter().find(|i| i.dossier == dossier);
    Ok(InvitationRecue {
        compte: compte.clone(),
        invitation: invitation.ok_or(Refus::Absent)?,
    })
}
