//! From a template to a response, and what surrounds every page.

use std::sync::Arc;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::chemins;
use super::formulaire::Saisie;

pub use super::ressources::{Ressources, RessourcesErreur};

/// Name of the service, in the header and at the end of every title.
pub const SERVICE: &str = "Portail Grappes ESMS numérique";

/// A template and the status it is answered with.
#[derive(Debug)]
pub struct Page<T>(pub StatusCode, pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.1.render() {
            Ok(html) => (self.0, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
            Err(erreur) => {
                tracing::error!(error.message = %erreur, "template failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "Une erreur est survenue.").into_response()
            }
        }
    }
}

/// Addresses that every page links to, so that no template holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adresses {
    /// Home of the visitor.
    pub accueil: &'static str,
    /// Log-in page.
    pub connexion: &'static str,
    /// Where the log-out form is posted.
    pub deconnexion: &'static str,
    /// Account page.
    pub compte: &'static str,
    /// Help.
    pub aide: &'static str,
    /// Frequent questions.
    pub faq: &'static str,
    /// What words mean.
    pub glossaire: &'static str,
    /// Whom to write to.
    pub contacts: &'static str,
    /// Webinars.
    pub webinaires: &'static str,
    /// Accessibility statement.
    pub accessibilite: &'static str,
    /// Terms of use.
    pub conditions: &'static str,
    /// Texts the rules come from.
    pub sources: &'static str,
    /// What is kept of people.
    pub confidentialite: &'static str,
    /// Who operates the portal, when it says so.
    pub mentions: Option<&'static str>,
    /// Mails of a demonstration.
    pub boite: &'static str,
}

impl Default for Adresses {
    fn default() -> Self {
        Self {
            accueil: chemins::ACCUEIL,
            connexion: chemins::CONNEXION,
            deconnexion: chemins::DECONNEXION,
            compte: chemins::COMPTE,
            aide: chemins::AIDE,
            faq: chemins::FAQ,
            glossaire: chemins::GLOSSAIRE,
            contacts: chemins::CONTACTS,
            webinaires: chemins::WEBINAIRES,
            accessibilite: chemins::ACCESSIBILITE,
            conditions: chemins::CONDITIONS,
            sources: chemins::SOURCES,
            confidentialite: chemins::CONFIDENTIALITE,
            mentions: None,
            boite: chemins::BOITE,
        }
    }
}

/// A link with its wording; `courant` marks the page one is on, or the section it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lien {
    /// Wording.
    pub libelle: String,
    /// Address.
    pub href: String,
    /// Whether it is where one is.
    pub courant: bool,
}

impl Lien {
    /// A link to elsewhere.
    pub fn nouveau(libelle: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            libelle: libelle.into(),
            href: href.into(),
            courant: false,
        }
    }

    /// The same, marked as where one is when `ici` holds.
    #[must_use]
    pub fn courant_si(mut self, ici: impl FnOnce(&str) -> bool) -> Self {
        self.courant = ici(&self.href);
        self
    }
}

/// Who is logged in, as the header shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identite {
    /// Name of the person.
    pub nom: String,
    /// Role and organisation, such as « Dépôt — Association Les Tilleuls ».
    pub role: String,
}

/// Marks a demonstration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demonstration {
    /// Sentence about shifted dates, such as « les dates sont décalées de 2 ans »; empty when they are not.
    pub dates: String,
}

/// What surrounds a page. `base.html` reads it in the field `habillage` of every page.
///
/// ```text
/// struct MaPage { habillage: Habillage, saisie: Saisie }        {% extends "base.html" %}
/// Habillage::nouveau(ressources, "Mes ESSMS")
///     .navigation(liens).identite(Some(identite)).csrf(jeton).retour("/", "Tableau de bord").erreurs(&saisie)
/// ```
#[derive(Debug, Clone)]
pub struct Habillage {
    /// Files of the dressing.
    pub ressources: Arc<Ressources>,
    /// Addresses of the header and the footer.
    pub adresses: Adresses,
    /// Title of the page, without the name of the service.
    pub titre: String,
    /// Main navigation; empty: none is shown.
    pub navigation: Vec<Lien>,
    /// Who is logged in.
    pub identite: Option<Identite>,
    /// Anti-forgery token of this response; the log-out form needs it.
    pub csrf: String,
    /// Demonstration banner.
    pub demonstration: Option<Demonstration>,
    /// Breadcrumb, from the home to the parent of the page.
    pub fil: Vec<Lien>,
    /// Link back, in place of a breadcrumb.
    pub retour: Option<Lien>,
    /// Where to write when one cannot go on alone; empty: no address is configured.
    pub assistance: String,
    /// Whether a file sent to the page was not received, its session having ended.
    pub fichier_non_recu: bool,
    /// Whether the form of the page was refused.
    pub en_erreur: bool,
    /// What search engines show of a public page; empty for the others.
    pub description: String,
    /// The one address of a public page, complete.
    pub canonique: Option<String>,
}

impl Habillage {
    /// The chrome of a page nobody is logged in to.
    pub fn nouveau(ressources: Arc<Ressources>, titre: impl Into<String>) -> Self {
        Self {
            ressources,
            adresses: Adresses::default(),
            titre: titre.into(),
            navigation: Vec::new(),
            identite: None,
            csrf: String::new(),
            demonstration: None,
            fil: Vec::new(),
            retour: None,
            assistance: String::new(),
            fichier_non_recu: false,
            en_erreur: false,
            description: String::new(),
            canonique: None,
        }
    }

    /// With these addresses in the header and the footer.
    #[must_use]
    pub fn adresses(mut self, adresses: Adresses) -> Self {
        self.adresses = adresses;
        self
    }

    /// With this navigation.
    #[must_use]
    pub fn navigation(mut self, liens: Vec<Lien>) -> Self {
        self.navigation = liens;
        self
    }

    /// With this person logged in.
    #[must_use]
    pub fn identite(mut self, identite: Option<Identite>) -> Self {
        self.identite = identite;
        self
    }

    /// With this anti-forgery token.
    #[must_use]
    pub fn csrf(mut self, jeton: impl Into<String>) -> Self {
        self.csrf = jeton.into();
        self
    }

    /// With the demonstration banner.
    #[must_use]
    pub fn demonstration(mut self, demonstration: Option<Demonstration>) -> Self {
        self.demonstration = demonstration;
        self
    }

    /// With a breadcrumb.
    #[must_use]
    pub fn fil(mut self, liens: Vec<Lien>) -> Self {
        self.fil = liens;
        self
    }

    /// With a link back.
    #[must_use]
    pub fn retour(mut self, href: impl Into<String>, libelle: impl Into<String>) -> Self {
        self.retour = Some(Lien::nouveau(libelle, href));
        self
    }

    /// With what search engines show of the page, and its one complete address.
    #[must_use]
    pub fn decrite(mut self, description: impl Into<String>, canonique: String) -> Self {
        self.description = description.into();
        self.canonique = Some(canonique);
        self
    }

    /// Marks the entry of the navigation that the page belongs to.
    #[must_use]
    pub fn rubrique(mut self, chemin: &str) -> Self {
        for lien in &mut self.navigation {
            lien.courant = lien.href == chemin;
        }
        self
    }

    /// With the address of the support, when there is one.
    #[must_use]
    pub fn assistance(mut self, adresse: Option<&str>) -> Self {
        adresse.unwrap_or_default().clone_into(&mut self.assistance);
        self
    }

    /// Says that a file sent to the page was not received, when it was not.
    #[must_use]
    pub fn fichier_non_recu(mut self, oui: bool) -> Self {
        self.fichier_non_recu = oui;
        self
    }

    /// Says in the title that the form was refused, when it was.
    #[must_use]
    pub fn erreurs(mut self, saisie: &Saisie) -> Self {
        self.en_erreur = saisie.en_erreur();
        self
    }

    /// Content of `<title>`: « Erreur : Mes ESSMS — Portail Grappes ESMS numérique ».
    pub fn titre_complet(&self) -> String {
        let prefixe = if self.en_erreur { "Erreur\u{a0}: " } else { "" };
        if self.titre.is_empty() {
            format!("{prefixe}{SERVICE}")
        } else {
            format!("{prefixe}{} — {SERVICE}", self.titre)
        }
    }

    /// Name of the service.
    pub fn service(&self) -> &'static str {
        SERVICE
    }

    /// Version of the portal, in the footer.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
