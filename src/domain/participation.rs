//! The grappe of several OGs: where an OG stands that is not the porteur, and what it answers for each of its ESSMS.

use super::nomenclature::liste;

liste! {
    /// Where the participation of an OG stands.
    EtatParticipation {
        /// Asked; it has not answered.
        Invitee = "invitee", "Invité";
        /// It takes part.
        Acceptee = "acceptee", "Participe";
        /// It declined.
        Refusee = "refusee", "A refusé";
        /// It left, was taken out, or its invitation was cancelled.
        Retiree = "retiree", "Ne participe plus";
    }
}

liste! {
    /// What the OG of an ESSMS answered for it. Not asked, or not answered yet: there is no answer.
    EtatAccord {
        /// It agrees.
        Donne = "donne", "Accord donné";
        /// It refused: the ESSMS left the grappe.
        Refuse = "refuse", "Accord refusé";
        /// It agreed, then changed its mind: the ESSMS left the grappe.
        Retire = "retire", "Accord retiré";
    }
}

/// What an OG agrees to for an ESSMS; kept with its answer.
pub const ACCORD: &str = "Notre organisme accepte que cet ESSMS fasse partie de la grappe, que ses réponses figurent dans \
le dossier, et que le porteur dépose ce dossier, signe et perçoive les fonds pour la grappe. Il n’engage cet ESSMS dans \
aucun autre dossier en cours.";

/// What the former porteur agreed to for its own ESSMS, by proposing another one.
pub const ACCORD_DE_L_ANCIEN_PORTEUR: &str =
    "Accord donné par l’ancien porteur, pour ses propres ESSMS, en proposant un autre porteur.";

/// Days during which an invitation can be answered.
pub const VALIDITE_JOURS: i64 = 30;

/// Longest reason, in characters.
pub const MOTIF_AU_PLUS: usize = 2_000;
