//! Error pages: what happened, in plain words, and a way out. A 500 shows a reference and nothing else.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::page::{Habillage, Lien, Page};

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
    /// The body is bigger than accepted.
    TropVolumineux,
    /// The request cannot be read as a form of this portal.
    Illisible,
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
}

impl Erreur {
    /// HTTP status.
    pub fn statut(&self) -> StatusCode {
        match self {
            Self::Interdit | Self::FormulaireExpire => StatusCode::FORBIDDEN,
            Self::Introuvable => StatusCode::NOT_FOUND,
            Self::Conflit => StatusCode::CONFLICT,
            Self::TropVolumineux => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Illisible => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TropDeRequetes { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Interne { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Indisponible => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Title of the page.
    pub fn titre(&self) -> &'static str {
        match self {
            Self::Interdit => "Vous n’avez pas accès à cette page",
            Self::FormulaireExpire => "Ce formulaire a expiré",
            Self::Introuvable => "Cette page n’existe pas",
            Self::Conflit => "Cette page a été modifiée entre-temps",
            Self::TropVolumineux => "Votre envoi est trop volumineux",
            Self::Illisible => "Votre envoi n’a pas pu être lu",
            Self::TropDeRequetes { .. } => "Vous avez fait trop de tentatives",
            Self::Interne { .. } => "Une erreur est survenue",
            Self::Indisponible => "Le portail est momentanément indisponible",
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
            Self::Conflit => &[
                "Une autre personne a enregistré des changements pendant que vous écriviez. \
                 Les vôtres n’ont pas été enregistrés.",
                "Revenez à la page, rechargez-la pour voir sa version actuelle, puis reprenez vos changements.",
            ],
            Self::TropVolumineux => &[
                "Un fichier, ou l’ensemble des fichiers envoyés, dépasse la taille acceptée. Rien n’a été enregistré.",
                "Revenez à la page précédente et envoyez un fichier plus petit.",
            ],
            Self::Illisible => &[
                "Le formulaire reçu est incomplet ou dans un format inattendu. Rien n’a été enregistré.",
                "Revenez à la page précédente, rechargez-la, puis recommencez.",
            ],
            Self::TropDeRequetes { attendre_s } => {
                let minutes = attendre_s.div_ceil(60).max(1);
                let s = if minutes > 1 { "s" } else { "" };
                return vec![format!(
                    "Pour protéger les comptes, patientez {minutes}\u{a0}minute{s} avant de réessayer."
                )];
            }
            Self::Interne { .. } => &[],
            Self::Indisponible => &[
                "Vos données enregistrées sont conservées.",
                "Réessayez dans quelques minutes.",
            ],
        };
        textes.iter().map(ToString::to_string).collect()
    }

    /// Reference to give to the support, for a fault of the portal.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Interne { reference } => Some(reference),
            Self::Interdit
            | Self::FormulaireExpire
            | Self::Introuvable
            | Self::Conflit
            | Self::TropVolumineux
            | Self::Illisible
            | Self::TropDeRequetes { .. }
            | Self::Indisponible => None,
        }
    }
}

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
            Erreur::Indisponible => Some(30),
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
