//! Mails about accounts: sign-up, approval, invitation, password. They protect people: they always leave at once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::compte::RoleOg;

/// What happened to an account. The one-time link, when there is one, is the mail's own secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "objet", rename_all = "snake_case")]
pub enum EvenementCompte {
    /// Somebody signed up with this address: is it theirs?
    Confirmation {
        /// Name of the OG.
        organisme: String,
    },
    /// Somebody signed up with the address of an account.
    DejaInscrit,
    /// Somebody asks to join an OG.
    DemandeRecue {
        /// Their name.
        nom: String,
        /// Their address.
        courriel: String,
        /// Name of the OG.
        organisme: String,
    },
    /// The request was approved.
    DemandeAcceptee {
        /// Name of the OG.
        organisme: String,
        /// What the account may do.
        role: RoleOg,
    },
    /// The request was refused.
    DemandeRefusee {
        /// Name of the OG.
        organisme: String,
        /// Why, in the words of who refused.
        motif: String,
    },
    /// A colleague invites.
    Invitation {
        /// Name of the OG.
        organisme: String,
        /// What the account will be allowed to do.
        role: RoleOg,
        /// Name of the colleague.
        par: String,
    },
    /// The password was forgotten.
    MotDePasseOublie,
    /// The password was changed.
    MotDePasseChange {
        /// When.
        quand: DateTime<Utc>,
    },
    /// The second factor was put in use, or taken off.
    SecondFacteur {
        /// Whether it is in use now.
        actif: bool,
        /// When.
        quand: DateTime<Utc>,
    },
    /// An identity provider may now log in.
    IdentiteLiee {
        /// Its name.
        fournisseur: String,
        /// When.
        quand: DateTime<Utc>,
    },
    /// What the account may do was changed.
    RoleChange {
        /// Name of the OG.
        organisme: String,
        /// What it may do now.
        role: RoleOg,
        /// Name of the colleague.
        par: String,
    },
    /// The account was taken out of its OG.
    Retrait {
        /// Name of the OG.
        organisme: String,
        /// Name of the colleague.
        par: String,
    },
}
