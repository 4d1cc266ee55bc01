//! Mails between the OGs of a grappe: invitations, consents, who carries the project.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::courriel::Sorte;

/// Something one OG of a grappe tells another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvenementGrappe {
    /// The dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// Name of the OG that acts.
    pub organisme: String,
    /// What it does.
    #[serde(flatten)]
    pub quoi: Quoi,
}

/// What it does. ESSMS are named as people read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "quoi", rename_all = "snake_case")]
pub enum Quoi {
    /// The porteur invites an OG.
    Invitation {
        /// Title of the appel à projets.
        edition: String,
        /// The ESSMS asked for.
        essms: Vec<String>,
        /// Last moment to answer.
        expire_le: DateTime<Utc>,
        /// The mail goes to an address: the OG may have no account.
        sans_compte: bool,
    },
    /// The invitation expires soon.
    Rappel {
        /// Last moment to answer.
        expire_le: DateTime<Utc>,
        /// The mail goes to an address: the OG may have no account.
        sans_compte: bool,
    },
    /// The porteur waits for consents.
    Relance {
        /// The ESSMS that wait.
        essms: Vec<String>,
    },
    /// The invited OG takes part.
    Acceptation,
    /// The invited OG declines.
    Refus {
        /// Why.
        motif: String,
    },
    /// A membre agrees.
    Accord {
        /// For these ESSMS.
        essms: Vec<String>,
    },
    /// A membre refuses or changes its mind: the ESSMS left the grappe.
    Retrait {
        /// These ESSMS.
        essms: Vec<String>,
        /// Why.
        motif: String,
    },
    /// The porteur changes which ESSMS of the membre are in the grappe.
    Composition {
        /// These come in: their consent is asked.
        entrent: Vec<String>,
        /// These go out: a consent given falls.
        sortent: Vec<String>,
    },
    /// Others than the membre changed answers on its ESSMS.
    Reponses {
        /// In Paris.
        jour: NaiveDate,
        /// Of these ESSMS.
        essms: Vec<String>,
    },
    /// A membre leaves.
    Depart {
        /// Why.
        motif: String,
    },
    /// The porteur ends the participation, or takes the invitation back.
    Fin,
    /// The window closes soon, and the porteur waits for consents.
    Echeance {
        /// Last moment of the window.
        fin: DateTime<Utc>,
        /// Days left.
        jours: i64,
        /// ESSMS that wait.
        accords: i64,
    },
    /// The invited OG has not answered in time.
    Expiree,
    /// The porteur deposited.
    Depot {
        /// When it arrived.
        depose_le: DateTime<Utc>,
        /// Its rank.
        rang: i32,
    },
    /// The porteur abandons its draft.
    Abandon,
    /// The porteur takes it up again.
    Reprise,
    /// The porteur took its deposit back.
    DepotRetire {
        /// Last moment of the window it arrived in.
        fin: DateTime<Utc>,
    },
    /// The porteur proposes the OG as the next porteur.
    Portage,
    /// The porteur takes that back.
    PortageAnnule,
    /// The membre is the porteur from now on.
    PortageAccepte,
    /// The membre does not want to be.
    PortageRefuse,
}

impl EvenementGrappe {
    /// The kind of mail that tells it: an invitation reaches whoever it is for, whatever they chose.
    pub fn sorte(&self) -> Sorte {
        match self.quoi {
            Quoi::Invitation { .. } | Quoi::Rappel { sans_compte: true, .. } => Sorte::Securite,
            Quoi::Rappel { .. } | Quoi::Echeance { .. } => Sorte::Echeances,
            _ => Sorte::Activite,
        }
    }
}
