//! Whom to write to, by subject: the contacts that each appel à projets names, where it names them, and where it
//! contradicts itself.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Contact, Edition, Sujet};
use crate::rules::faq::Faq;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

const DESCRIPTION: &str = "À qui écrire, selon l’appel à projets et selon le sujet\u{a0}: ARS, SESAN, Collectif SI.";

/// The question of a text that says whom to write to, where it has one.
const QUESTION: &str = "a-qui-ecrire";

/// The page.
#[derive(Template)]
#[template(path = "public/contacts.html")]
pub struct Contacts {
    habillage: Habillage,
    aap: Vec<AapVue>,
}

/// The contacts of one appel à projets.
struct AapVue {
    code: String,
    titre: String,
    href: String,
    sujets: Vec<SujetVue>,
    /// Where its text contradicts itself.
    nuance: Option<&'static str>,
}

/// The contacts about a subject.
struct SujetVue {
    libelle: &'static str,
    formulaire: String,
    contacts: Vec<ContactVue>,
}

/// A contact.
struct ContactVue {
    nom: String,
    courriel: String,
    source: String,
}

fn contact(edition: &Edition, contact: &Contact) -> ContactVue {
    let source = edition.source(&contact.source);
    ContactVue {
        nom: contact.nom.clone(),
        courriel: contact.courriel.clone(),
        source: format!("{}, «\u{a0}{}\u{a0}»", source.titre, source.section),
    }
}

fn vue(edition: &Edition) -> AapVue {
    let sujets = Sujet::TOUTES.iter().map(|sujet| SujetVue {
        libelle: sujet.libelle(),
        formulaire: chemins::question_sur(&edition.code, sujet.code()),
        contacts: edition.contacts(*sujet).map(|c| contact(edition, c)).collect(),
    });
    let faq = Faq::livrees().iter().find(|faq| faq.edition == edition.code);
    AapVue {
        code: edition.code.clone(),
        titre: edition.titre.clone(),
        href: chemins::aap(&edition.code),
        sujets: sujets.filter(|s| !s.contacts.is_empty()).collect(),
        nuance: faq
            .and_then(|faq| faq.question(QUESTION))
            .and_then(|(_, q)| q.nuance.as_deref()),
    }
}

/// Shows the contacts, the latest appel à projets first.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Contacts> {
    let page = Contacts {
        habillage: habiller_publique(&etat, &visiteur, "Contacts", DESCRIPTION, chemins::CONTACTS)
            .retour(chemins::ACCUEIL, "Accueil"),
        aap: etat
            .editions
            .iter()
            .rev()
            .map(vue)
            .filter(|aap| !aap.sujets.is_empty())
            .collect(),
    };
    Page(StatusCode::OK, page)
}
