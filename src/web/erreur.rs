//! Error pages: what happened, in plain words, and a way out. A 500 shows a reference and nothing else.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::page::{Habillage, Lien, Page};
use super::quota::duree;

/// What went wrong, by meaning. Another tenant's object is [`Erreur::Introuvable`], never [`Erreur::Interdit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erreur {
    /// The role of the person does not allow it.
    Interdit,
    /// The form's token is missing or expired.
    FormulaireExpire,
    /// Nothing there, or nothing this person may know of.
    Introuvable,
    /// Changed meanwhile by someone else.
    Conflit,
    /// The draft is abandoned: it is taken up again before it is written.
    Abandonne,
    /// The dossier is deposited: it is no longer written.
    Depose,
    /// The dossier is not deposited: there is nothing to take back.
    NonDepose,
    /// The invitation into a grappe expired.
    InvitationExpiree,
    /// The antivirus found something in the piece.
    PieceInfectee,
    /// The body is bigger than accepted.
    TropVolumineux,
    /// The request cannot be read as a form of this portal.
    Illisible,
    /// The request is of a type that no form sends.
    TypeInattendu,
    /// Too many attempts.
    TropDeRequetes {
        /// Seconds before the next.
        attendre_s: u32,
    },
    /// The portal's own fault.
    Interne {
        /// Number that the logs hold too.
        reference: String,
    },
    /// Stopping, starting, or without its database.
    Indisponible,
    /// A deposit arrived and the portal could not take it.
    DepotSansReponse {
        /// Number that the logs hold too.
        reference: String,
    },
}

impl Erreur {
    /// HTTP status.
    pub fn statut(&self) -> StatusCode {
        match self {
            Self::Interdit | Self::FormulaireExpire | Self::PieceInfectee => StatusCode::FORBIDDEN,
            Self::Introuvable => StatusCode::NOT_FOUND,
            Self::Conflit | Self::Abandonne | Self::Depose | Self::NonDepose | Self::InvitationExpiree => {
                StatusCode::CONFLICT
            }
            Self::TropVolumineux => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Illisible => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TypeInattendu => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TropDeRequetes { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Interne { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Indisponible | Self::DepotSansReponse { .. } => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Title of the page.
    pub fn titre(&self) -> &'static str {
        match self {
            Self::Interdit => "Vous n’avez pas accès à cette page",
            Self::FormulaireExpire => "Ce formulaire a expiré",
            Self::Introuvable => "Cette page n’existe pas",
            Self::Conflit => "Cette page a été modifiée entre-temps",
            Self::Abandonne => "Ce brouillon est abandonné",
            Self::Depose => "Ce dossier est déposé",
            Self::NonDepose => "Ce dossier n’est pas déposé",
            Self::InvitationExpiree => "Cette invitation a expiré",
            Self::PieceInfectee => "Cette pièce contient un virus",
            Self::TropVolumineux => "Votre envoi est trop volumineux",
            Self::Illisible | Self::TypeInattendu => "Votre envoi n’a pas pu être lu",
            Self::TropDeRequetes { .. } => "Vous avez fait trop de tentatives",
            Self::Interne { .. } => "Une erreur est survenue",
            Self::Indisponible => "Le portail est momentanément indisponible",
            Self::DepotSansReponse { .. } => "Votre dépôt n’a pas pu être confirmé",
        }
    }

    /// What happened and what to do, one paragraph each.
    pub fn paragraphes(&self) -> Vec<String> {
        let textes: &[&str] = match self {
            Self::Interdit => &[
                "Votre rôle ne permet pas cette action.",
                "Si vous en avez besoin, demandez à une personne de votre organisme qui gère les comptes.",
            ],
            Self::FormulaireExpire => &[
                "Votre session a pris fin, ou la page est restée ouverte trop longtemps. Rien n’a été enregistré.",
                "Revenez à la page précédente, rechargez-la, puis envoyez de nouveau le formulaire.",
            ],
            Self::Introuvable => &[
                "Si vous avez saisi l’adresse, vérifiez-la. Si vous l’avez copiée, vérifiez qu’elle est entière.",
                "Si vous suiviez un lien reçu, il a peut-être expiré.",
            ],
            Self::Abandonne => &[
                "Un brouillon abandonné ne se modifie pas et ne se dépose pas. Ce que vous venez de saisir n’a pas été enregistré.",
                "Reprenez ce brouillon depuis votre tableau de bord, puis recommencez.",
            ],
            Self::Depose => &[
                "Il a été déposé entre-temps : son contenu est figé. Ce que vous venez de saisir n’a pas été enregistré.",
                "Ouvrez le dossier depuis votre tableau de bord pour voir son accusé de réception.",
            ],
            Self::NonDepose => &[
                "Il n’y a pas de dépôt à retirer : il l’a peut-être été entre-temps.",
                "Ouvrez le dossier depuis votre tableau de bord pour voir où il en est.",
            ],
            Self::InvitationExpiree => &[
                "Le délai pour répondre est passé. Votre réponse n’a pas été enregistrée.",
                "Demandez au porteur de la grappe de vous inviter de nouveau.",
            ],
            Self::PieceInfectee => &[
                "L’antivirus y a trouvé un virus après son envoi\u{a0}: elle n’est donnée à personne.",
                "Le porteur l’a à remplacer par une copie saine\u{a0}; son étape «\u{a0}Pièces\u{a0}» le lui dit.",
            ],
            Self::Conflit => &[
                "Une autre personne a enregistré des changements pendant que vous écriviez. \
                 Les vôtres n’ont pas été enregistrés.",
                "Revenez à la page, rechargez-la pour voir sa version actuelle, puis reprenez vos changements.",
            ],
            Self::TropVolumineux => &[
                "Un fichier, ou l’ensemble des fichiers envoyés, dépasse la taille acceptée. Rien n’a été enregistré.",
                "Revenez à la page précédente et envoyez un fichier plus petit.",
            ],
            Self::Illisible | Self::TypeInattendu => &[
                "Le formulaire reçu est incomplet ou dans un format inattendu. Rien n’a été enregistré.",
                "Revenez à la page précédente, rechargez-la, puis recommencez.",
            ],
            Self::TropDeRequetes { attendre_s } => {
                return vec![format!("Patientez {} avant de réessayer.", duree(*attendre_s))];
            }
            Self::Interne { .. } => &[],
            Self::Indisponible => &[
                "Vos données enregistrées sont conservées.",
                "Réessayez dans quelques minutes.",
            ],
            Self::DepotSansReponse { .. } => &[
                "Votre envoi a atteint le portail, qui n’a pas pu lui répondre. Votre dossier est conservé.",
                "Revenez au récapitulatif et déposez de nouveau, dans la même session et dans les 15 minutes\u{a0}: c’est l’heure \
                 d’arrivée de ce premier envoi qui comptera, si le dossier n’a pas changé entre-temps. Si le premier a abouti, \
                 vous verrez son accusé de réception.",
            ],
        };
        textes.iter().map(ToString::to_string).collect()
    }

    /// Reference to give to the support, for a fault of the portal.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Interne { reference } | Self::DepotSansReponse { reference } => Some(reference),
            Self::Interdit
            | Self::FormulaireExpire
            | Self::Introuvable
            | Self::Conflit
            | Self::Abandonne
            | Self::Depose
            | Self::NonDepose
            | Self::InvitationExpiree
            | Self::PieceInfectee
            | Self::TropVolumineux
            | Self::Illisible
            | Self::TypeInattendu
            | Self::TropDeRequetes { .. }
            | Self::Indisponible => None,
        }
    }
}

/// Leads back to the page of a deposit.
pub const VERS_LE_DEPOT: &str = "Revenir au récapitulatif et au dépôt";

/// The page of an error.
#[derive(Debug, Template)]
#[template(path = "erreur.html")]
pub struct PageErreur {
    habillage: Habillage,
    erreur: Erreur,
    issues: Vec<Lien>,
}

impl PageErreur {
    /// The page of this error, dressed; its title replaces that of `habillage`. Home and help are always offered.
    pub fn nouvelle(mut habillage: Habillage, erreur: Erreur) -> Self {
        erreur.titre().clone_into(&mut habillage.titre);
        habillage.fil.clear();
        let issues = vec![
            Lien::nouveau("Revenir à l’accueil", habillage.adresses.accueil),
            Lien::nouveau("Consulter l’aide", habillage.adresses.aide),
        ];
        Self {
            habillage,
            erreur,
            issues,
        }
    }

    /// The same with a nearer way out, shown first.
    #[must_use]
    pub fn issue(mut self, lien: Lien) -> Self {
        self.issues.insert(0, lien);
        self
    }
}

impl IntoResponse for PageErreur {
    fn into_response(self) -> Response {
        let statut = self.erreur.statut();
        let attente = match &self.erreur {
            Erreur::TropDeRequetes { attendre_s } => Some(*attendre_s),
            Erreur::Indisponible | Erreur::DepotSansReponse { .. } => Some(30),
            _ => None,
        };
        let mut reponse = Page(statut, self).into_response();
        let entetes = reponse.headers_mut();
        entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secondes) = attente {
            entetes.insert(header::RETRY_AFTER, HeaderValue::from(secondes));
        }
        reponse
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use scraper::{Html, Selector};

    use super::*;
    use crate::web::page::Ressources;

    fn page(erreur: Erreur) -> Html {
        let habillage = Habillage::nouveau(Arc::new(Ressources::exemple()), "Mes ESSMS");
        Html::parse_document(&PageErreur::nouvelle(habillage, erreur).render().unwrap())
    }

    fn textes(page: &Html, selecteur: &str) -> Vec<String> {
        let selecteur = Selector::parse(selecteur).unwrap();
        page.select(&selecteur)
            .map(|e| e.text().collect::<String>().trim().to_owned())
            .collect()
    }

    #[test]
    fn every_error_has_its_status_its_title_and_a_way_out() {
        for (erreur, statut) in [
            (Erreur::Interdit, 403),
            (Erreur::FormulaireExpire, 403),
            (Erreur::Introuvable, 404),
            (Erreur::Conflit, 409),
            (Erreur::TropVolumineux, 413),
            (Erreur::Illisible, 422),
            (Erreur::TropDeRequetes { attendre_s: 61 }, 429),
            (
                Erreur::Interne {
                    reference: "a1b2".into(),
                },
                500,
            ),
            (Erreur::Indisponible, 503),
            (
                Erreur::DepotSansReponse {
                    reference: "a1b2".into(),
                },
                503,
            ),
        ] {
            assert_eq!(erreur.statut().as_u16(), statut);
            let page = page(erreur.clone());
            assert_eq!(textes(&page, "h1"), [erreur.titre()]);
            assert!(textes(&page, "head title")[0].starts_with(erreur.titre()));
            assert_eq!(textes(&page, "main a"), ["Revenir à l’accueil", "Consulter l’aide"]);
        }
    }

    #[test]
    fn a_fault_shows_its_reference_and_nothing_else() {
        let page = page(Erreur::Interne {
            reference: "a1b2".into(),
        });
        assert_eq!(textes(&page, "main p"), ["Référence\u{a0}: a1b2"]);
    }

    #[test]
    fn a_nearer_way_out_comes_first_and_waiting_is_said_in_minutes() {
        let habillage = Habillage::nouveau(Arc::new(Ressources::exemple()), "");
        let erreur = Erreur::TropDeRequetes { attendre_s: 61 };
        assert!(erreur.paragraphes()[0].contains("2\u{a0}minutes"));
        let reponse = PageErreur::nouvelle(habillage, erreur).issue(Lien::nouveau("Se connecter", "/connexion"));
        assert_eq!(reponse.issues[0].libelle, "Se connecter");
        let reponse = reponse.into_response();
        assert_eq!(reponse.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(reponse.headers()[header::RETRY_AFTER], "61");
    }
}
