//! Mails about models: between the ARS that offers one and the porteur who agrees.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvenementModele {
    /// The model.
    pub modele: Uuid,
    /// The dossier its texts come from.
    pub dossier: Uuid,
    /// Reference of the dossier.
    pub reference: String,
    /// Title of the model.
    pub titre: String,
    /// Name of the person who acts.
    pub par: String,
    /// What they did.
    pub acte: Acte,
}

/// What was done; the other side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acte {
    /// The ARS offers it, and asks for an agreement.
    Propose,
    /// The porteur agrees.
    Accepte,
    /// The porteur declines.
    Refuse,
    /// The ARS takes it back.
    RetireParLArs,
    /// The porteur takes it back.
    RetireParLePorteur,
}

impl Acte {
    /// Whether the porteur is told, and not the ARS.
    pub fn pour_le_porteur(self) -> bool {
        matches!(self, Self::Propose | Self::RetireParLArs)
    }
}
