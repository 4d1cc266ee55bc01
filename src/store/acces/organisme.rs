//! Capabilities on the accounts of an OG: its signatories manage them, whoever answers for it lets people in, and the
//! holder of a link does what that link is for. Each carries the scope of the OG, and of no other.

use chrono::{DateTime, Utc};
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{Refus, commencer, commencer_systeme};
use crate::domain::compte::{Compte, Perimetre, Profil, RoleOg};
use crate::domain::finess::Finess;
use crate::store::demandes::{self, Demande};
use crate::store::inscriptions::{self, Inscription};
use crate::store::invitations::{self, Invitation};
use crate::store::membres::{self, Membre};

/// A signatory manages the accounts of its OG.
#[derive(Debug, Clone)]
pub struct OrganismeGere {
    compte: Compte,
    og: Finess,
}

/// A signatory manages this account of its OG.
#[derive(Debug, Clone)]
pub struct MembreGere {
    organisme: OrganismeGere,
    membre: Membre,
}

/// Somebody who answers for the OG decides on this request for an account: a signatory or, as long as there is none, the
/// accompagnement of its régions.
#[derive(Debug, Clone)]
pub struct DemandeATraiter {
    auteur: Compte,
    demande: Demande,
}

/// The holder of its link confirms this sign-up.
#[derive(Debug, Clone)]
pub struct InscriptionOuverte(Inscription);

/// The holder of its link accepts this invitation.
#[derive(Debug, Clone)]
pub struct InvitationOuverte(Invitation);

impl OrganismeGere {
    /// The signatory.
    pub fn compte(&self) -> &Compte {
        &self.compte
    }

    /// The OG.
    pub fn og(&self) -> Finess {
        self.og
    }
}

impl MembreGere {
    /// The signatory.
    pub fn compte(&self) -> &Compte {
        &self.organisme.compte
    }

    /// The account managed, as it was when the request came.
    pub fn membre(&self) -> &Membre {
        &self.membre
    }

    /// The OG.
    pub fn og(&self) -> Finess {
        self.organisme.og
    }
}

impl DemandeATraiter {
    /// Who decides.
    pub fn auteur(&self) -> &Compte {
        &self.auteur
    }

    /// The request.
    pub fn demande(&self) -> &Demande {
        &self.demande
    }

    /// The OG.
    pub fn og(&self) -> Finess {
        self.demande.og
    }
}

impl InscriptionOuverte {
    /// The sign-up.
    pub fn inscription(&self) -> &Inscription {
        &self.0
    }

    /// The OG.
    pub fn og(&self) -> Finess {
        self.0.og
    }
}

impl InvitationOuverte {
    /// The invitation.
    pub fn invitation(&self) -> &Invitation {
        &self.0
    }

    /// The OG.
    pub fn og(&self) -> Finess {
        self.0.og
    }
}

macro_rules! dans_l_og {
    ($($nom:ident)+) => { $(
        impl $nom {
            /// A transaction with the scope of the OG.
            ///
            /// # Errors
            /// The database's.
            pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
                commencer(pool, &Perimetre::de_l_og(self.og())).await
            }
        }
    )+ };
}

dans_l_og! { OrganismeGere MembreGere DemandeATraiter InscriptionOuverte InvitationOuverte }

/// # Errors
/// [`Refus::Absent`] for an account without OG, [`Refus::Role`] for one that does not sign.
pub fn gere(compte: &Compte) -> Result<OrganismeGere, Refus> {
    match compte.profil {
        Profil::Og {
            og,
            role: RoleOg::Depot,
        } => Ok(OrganismeGere {
            compte: compte.clone(),
            og,
        }),
        Profil::Og { .. } => Err(Refus::Role(RoleOg::Depot)),
        _ => Err(Refus::Absent),
    }
}

/// # Errors
/// As [`gere`]; [`Refus::Absent`] unless the account is in use and of the same OG.
pub async fn membre(pool: &PgPool, compte: &Compte, id: Uuid) -> Result<MembreGere, Refus> {
    let organisme = gere(compte)?;
    let mut tx = commencer(pool, &compte.perimetre()).await?;
    let membre = membres::load(&mut tx, organisme.og, id).await?.ok_or(Refus::Absent)?;
    Ok(MembreGere { organisme, membre })
}

/// # Errors
/// As [`gere`] for an account of an OG; [`Refus::Absent`] unless the request waits for this account's decision.
pub async fn demande(
    pool: &PgPool,
    compte: &Compte,
    id: Uuid,
    maintenant: DateTime<Utc>,
) -> Result<DemandeATraiter, Refus> {
    let perimetre = match &compte.profil {
        Profil::Og { og, .. } => {
            gere(compte)?;
            demandes::Perimetre::Og(*og)
        }
        Profil::Accompagnement { regions } => demandes::Perimetre::Regions(regions, maintenant),
        _ => return Err(Refus::Absent),
    };
    let mut conn = pool.acquire().await?;
    let demande = demandes::load(&mut conn, &perimetre, id).await?;
    Ok(DemandeATraiter {
        auteur: compte.clone(),
        demande: demande.ok_or(Refus::Absent)?,
    })
}

/// # Errors
/// [`Refus::Absent`] when the link is not, or no longer, that of a sign-up.
pub async fn inscription(pool: &PgPool, cle: &[u8], maintenant: DateTime<Utc>) -> Result<InscriptionOuverte, Refus> {
    let mut tx = commencer_systeme(pool).await?;
    let inscription = inscriptions::load(&mut tx, cle, maintenant).await?;
    inscription.map(InscriptionOuverte).ok_or(Refus::Absent)
}

/// # Errors
/// [`Refus::Absent`] when the link is not, or no longer, that of an invitation.
pub async fn invitation(pool: &PgPool, cle: &[u8], maintenant: DateTime<Utc>) -> Result<InvitationOuverte, Refus> {
    let mut tx = commencer_systeme(pool).await?;
    let invitation = invitations::load_par_cle(&mut tx, cle, maintenant).await?;
    invitation.map(InvitationOuverte).ok_or(Refus::Absent)
}
