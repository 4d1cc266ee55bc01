//! The words of the mails about models.

use super::redaction_compte::Mots;
use crate::domain::courriel_modele::{Acte, EvenementModele};
use crate::web::chemins;

/// Puts an event in words.
pub fn mots(e: &EvenementModele) -> Mots {
    let EvenementModele {
        titre, reference, par, ..
    } = e;
    let (sujet, paragraphes, action) = match e.acte {
        Acte::Propose => (
            format!("L’ARS vous propose de publier un modèle tiré de votre dossier {reference}"),
            vec![
                format!(
                    "{par} propose aux autres porteurs de partir des textes de votre dossier {reference}, sous le titre \
                     «\u{a0}{titre}\u{a0}»."
                ),
                "Les noms d’organismes, d’établissements et de personnes, les numéros et les adresses y sont remplacés. Rien n’est \
                 publié sans votre accord\u{a0}: lisez exactement ce qui le serait, puis acceptez ou refusez. Vous pourrez retirer \
                 votre accord."
                    .to_owned(),
            ],
            "Lire et répondre",
        ),
        Acte::Accepte => (
            format!("Le modèle «\u{a0}{titre}\u{a0}» est publié"),
            vec![format!("{par} a donné l’accord du porteur du dossier {reference}.")],
            "Voir le modèle",
        ),
        Acte::Refuse => (
            format!("Le modèle «\u{a0}{titre}\u{a0}» est refusé"),
            vec![format!(
                "{par} n’a pas donné l’accord du porteur du dossier {reference}. Rien n’est publié."
            )],
            "Voir le modèle",
        ),
        Acte::RetireParLArs => (
            format!("Le modèle «\u{a0}{titre}\u{a0}» est retiré"),
            vec![format!(
                "{par}, pour l’ARS, a retiré le modèle tiré de votre dossier {reference}. Plus aucun porteur ne le lit."
            )],
            "Voir le modèle",
        ),
        Acte::RetireParLePorteur => (
            format!("Le modèle «\u{a0}{titre}\u{a0}» est retiré"),
            vec![format!(
                "{par} a retiré l’accord du porteur du dossier {reference}. Plus aucun porteur ne lit ce modèle."
            )],
            "Voir le modèle",
        ),
    };
    Mots {
        sujet,
        paragraphes,
        action,
        page: if e.acte.pour_le_porteur() {
            chemins::modele(e.dossier)
        } else {
            chemins::instruction_modele(e.modele)
        },
    }
}
