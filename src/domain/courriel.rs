//! Mails: what they are about, and how often a person wants them. To add one: a variant of [`Evenement`] with what
//! its words need, its kind in [`Evenement::sorte`], its three templates, its line in `jobs::courriels`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::courriel_compte::EvenementCompte;
use super::courriel_grappe::EvenementGrappe;
use super::courriel_modele::EvenementModele;
use super::dossier::Etape;
use super::nomenclature::liste;
use super::webinaire::EvenementWebinaire;

liste! {
    /// Kinds of mails.
    Sorte {
        /// Passwords, log-ins, invitations: always at once, to whatever address.
        Securite = "securite", "Sécurité du compte";
        /// Reminders before a window closes.
        Echeances = "echeances", "Rappels d’échéance";
        /// Proofs of deposit: always at once.
        Accuses = "accuses", "Accusés de réception";
        /// What happens to the dossiers one follows, and between the OGs of a grappe.
        Activite = "activite", "Vie de mes dossiers et de mes grappes";
        /// What colleagues write and hand over.
        Echanges = "echanges", "Commentaires et tâches de mes collègues";
    }
}

liste! {
    /// How often a person wants a kind of mails.
    Rythme {
        /// Each as it comes.
        Immediat = "immediat", "Tout de suite";
        /// Once a day, all in one.
        Quotidien = "quotidien", "Dans un résumé quotidien";
        /// Not at all.
        Jamais = "jamais", "Jamais";
    }
}

liste! {
    /// Where a mail stands.
    EtatCourriel {
        /// To be sent, or sent again after a failure.
        Attente = "attente", "À envoyer";
        /// Kept for the daily digest.
        AResumer = "a_resumer", "Attend le résumé quotidien";
        /// Left.
        Envoye = "envoye", "Envoyé";
        /// Left in a digest.
        Resume = "resume", "Envoyé dans un résumé";
        /// Given up after several attempts.
        Abandonne = "abandonne", "Abandonné";
    }
}

impl Sorte {
    /// The kinds whose rhythm a person chooses.
    pub const AU_CHOIX: [Self; 3] = [Self::Echeances, Self::Activite, Self::Echanges];
}

/// What a mail is about. It names things and holds no secret: it is kept after the mail has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "genre", rename_all = "snake_case")]
pub enum Evenement {
    /// A dossier was deposited.
    DossierDepose(DossierDepose),
    /// A deposit was taken back.
    DepotRetire(DepotRetire),
    /// The window in which a draft may be deposited closes soon.
    RappelEcheance(RappelEcheance),
    /// A colleague wrote beside a step, or gave it.
    Echange(Echange),
    /// Something happened to an account.
    Compte(EvenementCompte),
    /// Somebody asks a question, to who can answer.
    Question(Question),
    /// Their question left.
    QuestionRecue(QuestionRecue),
    /// Something happened between the OGs of a grappe.
    Grappe(EvenementGrappe),
    /// Something happened to a model.
    Modele(EvenementModele),
    /// Something happened to a registration for a webinar.
    Webinaire(EvenementWebinaire),
    /// An import of the registry changed ESSMS that an OG cares about.
    Repertoire(RepertoireChange),
    /// What waited for the daily digest.
    Resume {
        /// Each thing that happened, the oldest first.
        evenements: Vec<Evenement>,
    },
}

/// Accusé de réception of a deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierDepose {
    /// The dossier.
    pub dossier: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// Title of the appel à projets.
    pub edition: String,
    /// Instant of arrival.
    pub depose_le: DateTime<Utc>,
    /// Name of the signatory.
    pub depose_par: String,
    /// 1 for the first deposit.
    pub rang: i32,
    /// SHA-256 of what was frozen, in hexadecimal.
    pub empreinte: String,
}

/// What a colleague did beside a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echange {
    /// The dossier.
    pub dossier: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// The step.
    pub etape: Etape,
    /// Name of the colleague.
    pub par: String,
    /// What the comment says; none when the step was given.
    pub texte: Option<String>,
}

/// A deposit taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepotRetire {
    /// The dossier, a draft again.
    pub dossier: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// Title of the appel à projets.
    pub edition: String,
    /// Rank of the deposit.
    pub rang: i32,
    /// When it was taken back.
    pub retire_le: DateTime<Utc>,
    /// Name of the signatory.
    pub retire_par: String,
    /// Last second of the window.
    pub fin: DateTime<Utc>,
}

/// A question to the contacts of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// About what.
    pub sujet: String,
    /// Title of the appel à projets; empty for a question about the portal itself.
    pub edition: String,
    /// Reference of a dossier, as typed; empty for none.
    pub dossier: String,
    /// Step or page, as typed; empty for none.
    pub page: String,
    /// Who asks.
    pub nom: String,
    /// Where to answer.
    pub courriel: String,
    /// The question.
    pub message: String,
}

/// A question left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRecue {
    /// About what.
    pub sujet: String,
    /// To whom.
    pub contacts: Vec<String>,
}

/// What an import of the registry changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepertoireChange {
    /// Name of the OG that is told.
    pub organisme: String,
    /// The first changes, a sentence each.
    pub changements: Vec<String>,
    /// How many others there are.
    pub autres: usize,
}

/// Reminder of a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RappelEcheance {
    /// The draft.
    pub dossier: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its name.
    pub nom: String,
    /// Title of the appel à projets.
    pub edition: String,
    /// Last second of the window.
    pub fin: DateTime<Utc>,
    /// Days left, in Paris: 0 on the last day.
    pub jours: i64,
    /// Answers and pieces missing.
    pub manques: usize,
    /// Points that block the deposit.
    pub bloquants: usize,
}

impl Evenement {
    /// The kind of mail that tells it.
    pub fn sorte(&self) -> Sorte {
        match self {
            Self::DossierDepose(_) | Self::DepotRetire(_) => Sorte::Accuses,
            Self::Modele(_) | Self::Repertoire(_) | Self::Resume { .. } => Sorte::Activite,
            Self::Echange(_) => Sorte::Echanges,
            Self::RappelEcheance(_) => Sorte::Echeances,
            // Whoever has no account refuses nothing.
            Self::Compte(_) | Self::Question(_) | Self::QuestionRecue(_) | Self::Webinaire(_) => Sorte::Securite,
            Self::Grappe(e) => e.sorte(),
        }
    }

    /// Whether it tells something of this kind, be it within a digest.
    pub fn parle_de(&self, sorte: Sorte) -> bool {
        match self {
            Self::Resume { evenements } => evenements.iter().any(|e| e.parle_de(sorte)),
            Self::DossierDepose(_)
            | Self::DepotRetire(_)
            | Self::RappelEcheance(_)
            | Self::Echange(_)
            | Self::Compte(_)
            | Self::Grappe(_)
            | Self::Modele(_)
            | Self::Question(_)
            | Self::QuestionRecue(_)
            | Self::Repertoire(_)
            | Self::Webinaire(_) => self.sorte() == sorte,
        }
    }
}
