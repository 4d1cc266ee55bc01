//! The words of the mails about accounts: a subject, what happened, where to go.

use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::nomenclature::Liste;
use crate::web::chemins;
use crate::web::vue::instant;

/// What a mail says that is made of sentences and one link.
#[derive(Debug)]
pub struct Mots {
    /// Subject, and title.
    pub sujet: String,
    /// Sentences, one paragraph each.
    pub paragraphes: Vec<String>,
    /// Wording of the link.
    pub action: &'static str,
    /// Page it leads to, unless the mail has a one-time link.
    pub page: String,
}

/// Puts an event in words.
#[expect(clippy::too_many_lines, reason = "one arm a mail, to be read one after the other")]
pub fn mots(evenement: &EvenementCompte) -> Mots {
    let dire = |sujet: String, paragraphes: &[String], action, page: &str| Mots {
        sujet,
        paragraphes: paragraphes.to_vec(),
        action,
        page: page.to_owned(),
    };
    let ignorer = "Ce n’est pas vous\u{a0}? Ne faites rien, et ne transférez pas ce courriel.".to_owned();
    match evenement {
        EvenementCompte::Confirmation { organisme } => dire(
            "Confirmez votre adresse".to_owned(),
            &[
                format!("Un compte a été demandé avec cette adresse, pour {organisme}."),
                "Ce lien confirme votre adresse. Il est valable 24\u{a0}heures et ne sert qu’une fois.".to_owned(),
                ignorer,
            ],
            "Confirmer mon adresse",
            chemins::INSCRIPTION,
        ),
        EvenementCompte::DejaInscrit => dire(
            "Vous avez déjà un compte".to_owned(),
            &[
                "Un compte vient d’être demandé avec cette adresse, qui en a déjà un. Rien n’a changé.".to_owned(),
                "Si c’était vous, connectez-vous. Si vous avez oublié votre mot de passe, la page de connexion propose d’en choisir un autre."
                    .to_owned(),
            ],
            "Se connecter",
            chemins::CONNEXION,
        ),
        EvenementCompte::DemandeRecue {
            nom,
            courriel,
            organisme,
        } => dire(
            format!("Demande de compte pour {organisme}"),
            &[
                format!("{nom} ({courriel}) demande un compte pour {organisme}, et a confirmé son adresse."),
                "Assurez-vous que cette personne travaille bien pour cet organisme, puis répondez à sa demande dans votre espace."
                    .to_owned(),
            ],
            "Aller à mon espace",
            chemins::CONNEXION,
        ),
        EvenementCompte::DemandeAcceptee { organisme, role } => dire(
            "Votre compte est ouvert".to_owned(),
            &[format!("Vous pouvez agir pour {organisme}, avec le rôle «\u{a0}{}\u{a0}».", role.libelle())],
            "Se connecter",
            chemins::CONNEXION,
        ),
        EvenementCompte::DemandeRefusee { organisme, motif } => dire(
            "Votre demande de compte est refusée".to_owned(),
            &[
                format!("Votre demande de compte pour {organisme} est refusée."),
                format!("Motif\u{a0}: {motif}"),
            ],
            "Voir l’aide et les contacts",
            chemins::AIDE,
        ),
        EvenementCompte::Invitation { organisme, role, par } => dire(
            format!("{par} vous invite à rejoindre {organisme}"),
            &[
                format!("{par} vous invite à rejoindre {organisme}, avec le rôle «\u{a0}{}\u{a0}».", role.libelle()),
                "Ce lien permet d’ouvrir votre compte. Il est valable 7\u{a0}jours et ne sert qu’une fois.".to_owned(),
                ignorer,
            ],
            "Accepter l’invitation",
            chemins::CONNEXION,
        ),
        EvenementCompte::MotDePasseOublie => dire(
            "Choisir un nouveau mot de passe".to_owned(),
            &[
                "Ce lien permet de choisir un nouveau mot de passe. Il est valable 1\u{a0}heure et ne sert qu’une fois.".to_owned(),
                ignorer,
            ],
            "Choisir un nouveau mot de passe",
            chemins::OUBLI,
        ),
        EvenementCompte::MotDePasseChange { quand } => dire(
            "Votre mot de passe a été changé".to_owned(),
            &[
                format!("Votre mot de passe a été changé le {} (heure de Paris).", instant(*quand)),
                "Si ce n’était pas vous, choisissez-en tout de suite un autre, puis prévenez un signataire de votre organisme.".to_owned(),
            ],
            "Choisir un autre mot de passe",
            chemins::OUBLI,
        ),
        EvenementCompte::SecondFacteur { actif, quand } => dire(
            format!("La connexion en deux temps est {}", if *actif { "active" } else { "désactivée" }),
            &[
                format!(
                    "La connexion en deux temps de votre compte a été {} le {} (heure de Paris).",
                    if *actif { "activée" } else { "désactivée" },
                    instant(*quand)
                ),
                "Si ce n’était pas vous, choisissez tout de suite un autre mot de passe et fermez vos sessions ouvertes.".to_owned(),
            ],
            "Voir la connexion en deux temps",
            chemins::SECOND_FACTEUR,
        ),
        EvenementCompte::IdentiteLiee { fournisseur, quand } => dire(
            format!("Votre compte s’ouvre aussi par {fournisseur}"),
            &[
                format!("{fournisseur} a reconnu votre adresse le {} (heure de Paris)\u{a0}: votre compte s’ouvre désormais aussi par ce moyen.", instant(*quand)),
                "Si ce n’était pas vous, choisissez tout de suite un autre mot de passe et prévenez l’assistance, dont l’adresse est au bas de ce message.".to_owned(),
            ],
            "Voir mon compte",
            chemins::COMPTE,
        ),
        EvenementCompte::RoleChange { organisme, role, par } => dire(
            "Votre rôle a changé".to_owned(),
            &[
                format!("{par} a changé votre rôle pour {organisme}\u{a0}: «\u{a0}{}\u{a0}».", role.libelle()),
                "Vos sessions ont été fermées\u{a0}: reconnectez-vous.".to_owned(),
            ],
            "Se connecter",
            chemins::CONNEXION,
        ),
        EvenementCompte::Retrait { organisme, par } => dire(
            "Votre compte est retiré".to_owned(),
            &[
                format!("{par} a retiré votre compte de {organisme}. Vous ne pouvez plus vous connecter."),
                "Ce que vous avez enregistré ou déposé reste à votre nom.".to_owned(),
            ],
            "Voir l’aide et les contacts",
            chemins::AIDE,
        ),
    }
}
