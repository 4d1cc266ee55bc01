//! The rules, whichever the appel à projets: where to read them, what verdicts mean, how to compare two editions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::comparaison;
use crate::rules::exposition::Regle;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::mots::VERDICTS;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

const DESCRIPTION: &str =
    "Les règles des appels à projets ESMS numérique en langage clair, chacune avec sa source et un exemple.";

/// The page.
#[derive(Template)]
#[template(path = "public/regles.html")]
pub struct Regles {
    habillage: Habillage,
    editions: Vec<(Lien, usize)>,
    verdicts: Vec<Ligne>,
    saisie: Saisie,
    choix: Vec<Choix>,
    action: &'static str,
}

/// Shows the page.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Regles> {
    let editions = etat.editions.iter().rev();
    let page = Regles {
        habillage: habiller_publique(&etat, &visiteur, "Les règles", DESCRIPTION, chemins::REGLES),
        editions: editions
            .map(|e| {
                (
                    Lien::nouveau(&e.titre, chemins::regles_aap(&e.code)),
                    Regle::toutes(e).len(),
                )
            })
            .collect(),
        verdicts: VERDICTS
            .iter()
            .map(|(mot, sens)| Ligne::nouvelle(*mot, *sens))
            .collect(),
        saisie: comparaison::les_dernieres(&etat),
        choix: comparaison::choix(&etat),
        action: chemins::REGLES_DIFFERENCES,
    };
    Page(StatusCode::OK, page)
}
