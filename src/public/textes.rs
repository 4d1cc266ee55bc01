//! Help, accessibility, sources: pages of text.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::Texte;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// Help: whom to write to, what words mean.
#[derive(Template)]
#[template(path = "public/aide.html")]
pub struct Aide {
    habillage: Habillage,
    contacts: Vec<(String, Vec<Ligne>)>,
}

/// Shows the help.
pub async fn aide(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Aide> {
    let contacts = etat
        .editions
        .iter()
        .rev()
        .filter(|e| !e.contacts.is_empty())
        .map(|e| {
            let ligne = |c: &crate::rules::edition::Contact| {
                Ligne::nouvelle(c.sujet.libelle(), format!("{} : {}", c.nom, c.courriel))
            };
            (e.titre.clone(), e.contacts.iter().map(ligne).collect())
        })
        .collect();
    let habillage = habiller(&etat, &visiteur, "Aide").retour(chemins::ACCUEIL, "Accueil");
    Page(StatusCode::OK, Aide { habillage, contacts })
}

/// Accessibility statement.
#[derive(Template)]
#[template(path = "public/accessibilite.html")]
pub struct Accessibilite {
    habillage: Habillage,
}

/// Shows the accessibility statement.
pub async fn accessibilite(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Accessibilite> {
    let habillage = habiller(&etat, &visiteur, "Accessibilité").retour(chemins::ACCUEIL, "Accueil");
    Page(StatusCode::OK, Accessibilite { habillage })
}

/// The texts the rules come from, and the appels à projets that apply them.
#[derive(Template)]
#[template(path = "public/sources.html")]
pub struct Sources {
    habillage: Habillage,
    textes: Vec<Texte>,
    editions: Vec<Lien>,
}

/// Shows the sources.
pub async fn sources(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Sources> {
    let mut textes: Vec<Texte> = Vec::new();
    for texte in etat.editions.iter().rev().flat_map(|e| &e.textes) {
        if !textes.contains(texte) {
            textes.push(texte.clone());
        }
    }
    let habillage = habiller(&etat, &visiteur, "Textes et sources").retour(chemins::ACCUEIL, "Accueil");
    let editions = etat
        .editions
        .iter()
        .rev()
        .map(|e| Lien::nouveau(&e.titre, chemins::aap(&e.code)))
        .collect();
    Page(
        StatusCode::OK,
        Sources {
            habillage,
            textes,
            editions,
        },
    )
}
