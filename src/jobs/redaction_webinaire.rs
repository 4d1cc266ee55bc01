//! The words of the mails about webinars.

use crate::domain::webinaire::{EvenementWebinaire, Objet, horaire};

/// What such a mail says, but for its links.
#[derive(Debug)]
pub struct MotsWebinaire {
    /// Subject, and title.
    pub sujet: String,
    /// Sentences, one paragraph each.
    pub paragraphes: Vec<String>,
    /// Link of the meeting.
    pub lien: Option<String>,
    /// The webinar's page.
    pub page: String,
    /// Whether an entry of calendars goes with it.
    pub agenda: bool,
    /// Whether there still is something to take back.
    pub annulable: bool,
}

/// Puts an event in words.
pub fn mots(e: &EvenementWebinaire) -> MotsWebinaire {
    let titre = format!("«\u{a0}{}\u{a0}»", e.titre);
    let quand = horaire(e.debut, e.fin);
    let ou = || format!("{titre}, le {quand}. Organisé par {}.", e.organisateur);
    let agenda = || "Le fichier joint l’ajoute à votre agenda.".to_owned();
    let place = e.lien.is_some();
    let (sujet, mut paragraphes) = match e.objet {
        Objet::Inscription => (
            format!("Vous êtes inscrit au webinaire {titre}"),
            vec![format!("Votre inscription est enregistrée\u{a0}: {}", ou()), agenda()],
        ),
        Objet::Attente => (
            format!("Vous êtes sur la liste d’attente du webinaire {titre}"),
            vec![
                format!("Ce webinaire est complet\u{a0}: {}", ou()),
                "Dès qu’une place se libère, un courriel vous le dit. Les places vont dans l’ordre des inscriptions."
                    .to_owned(),
            ],
        ),
        Objet::Deja => (
            format!(
                "Vous étiez déjà {} webinaire {titre}",
                if place { "inscrit au" } else { "sur la liste d’attente du" }
            ),
            vec![
                format!("Ce webinaire\u{a0}: {}", ou()),
                "Votre première inscription est gardée telle quelle\u{a0}; si vous avez posé une nouvelle question, elle y est \
                 ajoutée. Pour la modifier, annulez-la puis recommencez."
                    .to_owned(),
            ],
        ),
        Objet::Place => (
            format!("Une place s’est libérée\u{a0}: vous êtes inscrit au webinaire {titre}"),
            vec![
                format!(
                    "Vous étiez sur la liste d’attente, vous avez maintenant une place\u{a0}: {}",
                    ou()
                ),
                agenda(),
            ],
        ),
        Objet::Rappel => (
            format!(
                "Rappel\u{a0}: webinaire {titre}, le {}",
                crate::web::vue::instant(e.debut)
            ),
            vec![format!(
                "Le webinaire auquel vous êtes inscrit approche\u{a0}: {}",
                ou()
            )],
        ),
        Objet::Changement if place => (
            format!("Le webinaire {titre} a changé"),
            vec![
                format!("La date, l’heure ou le lien a changé. Désormais\u{a0}: {}", ou()),
                "Le fichier joint met à jour votre agenda.".to_owned(),
            ],
        ),
        Objet::Changement => (
            format!("Le webinaire {titre} a changé"),
            vec![format!(
                "Vous êtes toujours sur sa liste d’attente. Désormais\u{a0}: {}",
                ou()
            )],
        ),
        Objet::Annulation => (
            format!("Le webinaire {titre} est annulé"),
            vec![
                format!("Ce webinaire n’aura pas lieu\u{a0}: {}", ou()),
                "Le fichier joint le retire de votre agenda.".to_owned(),
            ],
        ),
    };
    if !e.motif.is_empty() {
        paragraphes.push(format!("Motif\u{a0}: {}", e.motif));
    }
    MotsWebinaire {
        sujet,
        paragraphes,
        lien: e.lien.clone(),
        page: crate::web::chemins::webinaire(e.webinaire),
        agenda: place || e.objet == Objet::Annulation,
        annulable: e.objet != Objet::Annulation,
    }
}
