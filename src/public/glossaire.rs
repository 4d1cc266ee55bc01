//! What words and acronyms mean, in one alphabet, and what verdicts say.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::mots::{VERDICTS, alphabetique, ancre};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

const DESCRIPTION: &str = "Les mots et les sigles du programme ESMS numérique, expliqués simplement.";

/// The page.
#[derive(Template)]
#[template(path = "public/glossaire.html")]
pub struct Glossaire {
    habillage: Habillage,
    /// Each initial letter that has words.
    lettres: Vec<(String, Vec<Terme>)>,
    initiales: Vec<Lien>,
    verdicts: Vec<Terme>,
}

/// A word.
struct Terme {
    ancre: String,
    mot: &'static str,
    sens: &'static str,
}

fn terme(&(mot, sens): &(&'static str, &'static str)) -> Terme {
    Terme {
        ancre: ancre(mot),
        mot,
        sens,
    }
}

/// Shows the words.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Glossaire> {
    let mots: Vec<Terme> = alphabetique().iter().map(terme).collect();
    let mut lettres: Vec<(String, Vec<Terme>)> = Vec::new();
    for mot in mots {
        let initiale = mot.ancre.chars().take(1).collect::<String>().to_uppercase();
        match lettres.last_mut() {
            Some((lettre, mots)) if *lettre == initiale => mots.push(mot),
            _ => lettres.push((initiale, vec![mot])),
        }
    }
    let page = Glossaire {
        habillage: habiller_publique(&etat, &visiteur, "Glossaire", DESCRIPTION, chemins::GLOSSAIRE)
            .retour(chemins::ACCUEIL, "Accueil"),
        initiales: lettres
            .iter()
            .map(|(lettre, _)| Lien::nouveau(lettre, format!("#lettre-{lettre}")))
            .collect(),
        lettres,
        verdicts: VERDICTS.iter().map(terme).collect(),
    };
    Page(StatusCode::OK, page)
}
