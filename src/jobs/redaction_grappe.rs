//! The words of the mails between the OGs of a grappe.

use super::redaction_compte::Mots;
use crate::domain::courriel_grappe::{EvenementGrappe, Quoi};
use crate::web::chemins;
use crate::web::vue::{instant, instant_exact};

fn liste(essms: &[String]) -> String {
    format!("ESSMS concernés\u{a0}: {}.", essms.join("\u{a0}; "))
}

fn motif(motif: &str) -> String {
    if motif.is_empty() {
        "Sans motif.".to_owned()
    } else {
        format!("Motif\u{a0}: {motif}")
    }
}

fn pour_repondre(sans_compte: bool) -> String {
    if sans_compte {
        "Pour répondre, il faut un compte de votre organisme. Sans compte, créez-en un depuis la page de connexion\u{a0}: \
         l’invitation vous attendra sur votre tableau de bord. Seule une personne qui a le rôle Dépôt répond."
    } else {
        "L’invitation vous attend aussi sur votre tableau de bord. Seule une personne qui a le rôle Dépôt répond."
    }
    .to_owned()
}

/// Puts an event in words.
#[expect(clippy::too_many_lines, reason = "one arm a mail, to be read one after the other")]
pub fn mots(e: &EvenementGrappe) -> Mots {
    let EvenementGrappe { nom, organisme, .. } = e;
    let accords = chemins::accords(e.dossier);
    let dire = |sujet: String, paragraphes: Vec<String>, action, page: String| Mots {
        sujet,
        paragraphes,
        action,
        page,
    };
    match &e.quoi {
        Quoi::Invitation {
            edition,
            essms,
            expire_le,
            sans_compte,
        } => {
            let mut paragraphes = vec![format!(
                "{organisme} porte le dossier «\u{a0}{nom}\u{a0}» pour l’appel à projets «\u{a0}{edition}\u{a0}», et propose \
                 à votre organisme de rejoindre cette grappe."
            )];
            if !essms.is_empty() {
                paragraphes.push(liste(essms));
            }
            paragraphes.push(format!(
                "Vous pouvez répondre jusqu’au {} (heure de Paris).",
                instant(*expire_le)
            ));
            paragraphes.push(pour_repondre(*sans_compte));
            dire(
                format!("{organisme} vous invite dans la grappe «\u{a0}{nom}\u{a0}»"),
                paragraphes,
                "Voir l’invitation",
                chemins::grappe_invitation(e.dossier),
            )
        }
        Quoi::Rappel { expire_le, sans_compte } => dire(
            format!("L’invitation dans la grappe «\u{a0}{nom}\u{a0}» expire bientôt"),
            vec![
                format!(
                    "{organisme} attend votre réponse à son invitation, jusqu’au {} (heure de Paris).",
                    instant(*expire_le)
                ),
                pour_repondre(*sans_compte),
            ],
            "Voir l’invitation",
            chemins::grappe_invitation(e.dossier),
        ),
        Quoi::Relance { essms } => dire(
            format!("Des accords sont attendus pour la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                format!(
                    "{organisme} attend l’accord de votre organisme\u{a0}: sans lui, le dossier ne peut pas être déposé."
                ),
                liste(essms),
            ],
            "Donner ou refuser l’accord",
            accords,
        ),
        Quoi::Acceptation => dire(
            format!("{organisme} participe à la grappe «\u{a0}{nom}\u{a0}»"),
            vec![format!(
                "{organisme} a accepté votre invitation. Il reste à recevoir son accord pour chacun de ses ESSMS."
            )],
            "Voir les accords",
            accords,
        ),
        Quoi::Refus { motif: raison } => dire(
            format!("{organisme} ne rejoint pas la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                format!(
                    "{organisme} a refusé votre invitation. Ses ESSMS sont sortis de la grappe, leurs réponses restent."
                ),
                motif(raison),
                "Voyez ce que cela change, et comment les remplacer.".to_owned(),
            ],
            "Voir la grappe",
            chemins::grappe(e.dossier),
        ),
        Quoi::Accord { essms } => dire(
            format!("{organisme} donne son accord pour la grappe «\u{a0}{nom}\u{a0}»"),
            vec![liste(essms)],
            "Voir les accords",
            accords,
        ),
        Quoi::Retrait { essms, motif: raison } => dire(
            format!("Des ESSMS de {organisme} sortent de la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                format!(
                    "{organisme} refuse ou retire son accord. Ces ESSMS sont sortis de la grappe, leurs réponses restent."
                ),
                liste(essms),
                motif(raison),
                "Voyez ce que cela change, et comment les remplacer.".to_owned(),
            ],
            "Voir la grappe",
            chemins::grappe(e.dossier),
        ),
        Quoi::Composition { entrent, sortent } => {
            let mut paragraphes = Vec::new();
            if !entrent.is_empty() {
                paragraphes.push(format!(
                    "{organisme} ajoute à la grappe des ESSMS de votre organisme\u{a0}: {}.",
                    entrent.join("\u{a0}; ")
                ));
                paragraphes.push(
                    "Sans votre accord pour chacun, le dossier ne peut pas être déposé. Un accord donné avant une sortie de la \
                     grappe ne vaut plus\u{a0}: il est à donner de nouveau."
                        .to_owned(),
                );
            }
            if !sortent.is_empty() {
                paragraphes.push(format!(
                    "{organisme} retire de la grappe des ESSMS de votre organisme\u{a0}: {}.",
                    sortent.join("\u{a0}; ")
                ));
                paragraphes.push(
                    "Les accords donnés pour eux ne valent plus, leurs réponses restent. S’ils revenaient dans la grappe, votre \
                     accord vous serait demandé de nouveau."
                        .to_owned(),
                );
            }
            let (sujet, action) = if entrent.is_empty() {
                (
                    format!("Des ESSMS de votre organisme sortent de la grappe «\u{a0}{nom}\u{a0}»"),
                    "Voir les accords",
                )
            } else {
                (
                    format!("Votre accord est demandé pour la grappe «\u{a0}{nom}\u{a0}»"),
                    "Donner ou refuser l’accord",
                )
            };
            dire(sujet, paragraphes, action, accords)
        }
        Quoi::Reponses { jour, essms } => dire(
            format!("Des réponses de vos ESSMS ont changé dans la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                format!(
                    "Le {}, des réponses données pour des ESSMS de votre organisme ont changé dans la grappe que porte {organisme}.",
                    jour.format("%d/%m/%Y")
                ),
                liste(essms),
                "Les accords donnés valent toujours. Jusqu’au dépôt, vous pouvez corriger ces réponses, ou retirer un accord\u{a0}; \
                 le journal du dossier montre chaque changement."
                    .to_owned(),
            ],
            "Voir les réponses",
            chemins::essms(e.dossier),
        ),
        Quoi::Depart { motif: raison } => dire(
            format!("{organisme} quitte la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                "Ses ESSMS sont sortis de la grappe, leurs réponses restent.".to_owned(),
                motif(raison),
                "Voyez ce que cela change, et comment les remplacer.".to_owned(),
            ],
            "Voir la grappe",
            chemins::grappe(e.dossier),
        ),
        Quoi::Fin => dire(
            format!("Votre organisme ne participe plus à la grappe «\u{a0}{nom}\u{a0}»"),
            vec![format!(
                "{organisme}, qui porte cette grappe, a mis fin à la participation de votre organisme ou annulé son \
                 invitation. Les accords donnés ne valent plus."
            )],
            "Aller à mon espace",
            chemins::PORTEUR.to_owned(),
        ),
        Quoi::Echeance { fin, jours, accords: attendus } => {
            let reste = match jours {
                0 => "Il ne reste que la journée.".to_owned(),
                1 => "Il reste un jour.".to_owned(),
                jours => format!("Il reste {jours}\u{a0}jours."),
            };
            dire(
                format!("Votre accord est attendu pour la grappe «\u{a0}{nom}\u{a0}»"),
                vec![
                    format!(
                        "{organisme} attend l’accord de votre organisme pour {attendus}\u{a0}ESSMS\u{a0}: sans lui, le dossier ne peut \
                         pas être déposé."
                    ),
                    format!(
                        "La fenêtre de dépôt se ferme le {}. {reste}",
                        instant_exact(*fin)
                    ),
                ],
                "Donner ou refuser l’accord",
                accords,
            )
        }
        Quoi::Expiree => dire(
            format!("{organisme} n’a pas répondu à votre invitation"),
            vec![
                format!("Votre invitation dans la grappe «\u{a0}{nom}\u{a0}» a expiré sans réponse de {organisme}."),
                "Vous pouvez l’inviter de nouveau, ou retirer ses ESSMS de la grappe.".to_owned(),
            ],
            "Voir les accords",
            accords,
        ),
        Quoi::Depot { depose_le, rang } => dire(
            format!("Le dossier de la grappe «\u{a0}{nom}\u{a0}» est déposé"),
            vec![
                format!(
                    "{organisme}, qui porte cette grappe, a déposé le dossier (dépôt numéro\u{a0}{rang}), arrivé le {}.",
                    instant_exact(*depose_le)
                ),
                "Son contenu est figé, avec les réponses de votre organisme.".to_owned(),
            ],
            "Voir le dossier",
            chemins::dossier(e.dossier),
        ),
        Quoi::Abandon => dire(
            format!("La grappe «\u{a0}{nom}\u{a0}» est abandonnée par son porteur"),
            vec![
                format!("{organisme}, qui porte cette grappe, a abandonné son brouillon. Il peut encore le reprendre."),
                "D’ici là, vos ESSMS n’y sont plus engagés, et rien de ce que vous avez répondu n’est effacé.".to_owned(),
            ],
            "Voir le dossier",
            chemins::dossier(e.dossier),
        ),
        Quoi::Reprise => dire(
            format!("La grappe «\u{a0}{nom}\u{a0}» est reprise par son porteur"),
            vec![format!(
                "{organisme}, qui porte cette grappe, reprend le brouillon qu’il avait abandonné. Les accords que votre organisme a \
                 donnés valent toujours."
            )],
            "Voir le dossier",
            chemins::dossier(e.dossier),
        ),
        Quoi::DepotRetire { fin } => dire(
            format!("Le dépôt de la grappe «\u{a0}{nom}\u{a0}» est retiré"),
            vec![
                format!(
                    "{organisme}, qui porte cette grappe, a retiré son dépôt. Le dossier n’est plus candidat\u{a0}: il est de \
                     nouveau un brouillon."
                ),
                format!(
                    "Le porteur peut le déposer de nouveau avant la fin de la fenêtre\u{a0}: {}.",
                    instant_exact(*fin)
                ),
                "Les accords que votre organisme a donnés valent toujours. D’ici au nouveau dépôt, vous pouvez corriger vos \
                 réponses ou retirer un accord."
                    .to_owned(),
            ],
            "Voir le dossier",
            chemins::dossier(e.dossier),
        ),
        Quoi::Portage => dire(
            format!("{organisme} vous propose de porter la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                "Le porteur compose la grappe, dépose le dossier, signe et perçoit les fonds.".to_owned(),
                "Une personne de votre organisme qui a le rôle Dépôt accepte ou refuse. D’ici là, rien ne change."
                    .to_owned(),
            ],
            "Répondre",
            accords,
        ),
        Quoi::PortageAnnule => dire(
            format!("{organisme} continue de porter la grappe «\u{a0}{nom}\u{a0}»"),
            vec!["La proposition de changer de porteur est annulée.".to_owned()],
            "Voir la grappe",
            accords,
        ),
        Quoi::PortageAccepte => dire(
            format!("{organisme} porte désormais la grappe «\u{a0}{nom}\u{a0}»"),
            vec![
                "Le changement de porteur est fait. L’ancien porteur participe à la grappe, et ses ESSMS y restent."
                    .to_owned(),
                "Les réponses de l’étape «\u{a0}Projet et porteur\u{a0}» sont à relire.".to_owned(),
            ],
            "Voir le dossier",
            chemins::dossier(e.dossier),
        ),
        Quoi::PortageRefuse => dire(
            format!("{organisme} ne souhaite pas porter la grappe «\u{a0}{nom}\u{a0}»"),
            vec!["Le porteur ne change pas.".to_owned()],
            "Voir la grappe",
            accords,
        ),
    }
}
