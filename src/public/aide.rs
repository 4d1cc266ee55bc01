//! Help: whom to write to, what words mean.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::Contact;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::mots::{MOTS, SIGLES, VERDICTS};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "public/aide.html")]
pub struct Aide {
    habillage: Habillage,
    contacts: Vec<(String, Vec<Ligne>)>,
    /// Titled lists of words, each with its anchor.
    glossaires: Vec<(&'static str, &'static str, Vec<Ligne>)>,
    inscription: &'static str,
    oubli: &'static str,
    contact: &'static str,
    verification: &'static str,
}

/// Shows the help.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Aide> {
    let ligne = |c: &Contact| Ligne::nouvelle(c.sujet.libelle(), format!("{}\u{a0}: {}", c.nom, c.courriel));
    let contacts = etat
        .editions
        .iter()
        .rev()
        .filter(|e| !e.contacts.is_empty())
        .map(|e| (e.titre.clone(), e.contacts.iter().map(ligne).collect()))
        .collect();
    let lignes = |mots: &[(&str, &str)]| mots.iter().map(|(mot, sens)| Ligne::nouvelle(*mot, *sens)).collect();
    let glossaires = vec![
        ("verdicts", "Ce que disent les verdicts", lignes(VERDICTS)),
        ("mots", "Les mots du portail", lignes(MOTS)),
        ("sigles", "Les sigles", lignes(SIGLES)),
    ];
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        "Aide et glossaire",
        "Créer un compte, déposer, trouver un numéro FINESS, écrire à qui peut répondre, comprendre les mots du portail.",
        chemins::AIDE,
    )
    .retour(chemins::ACCUEIL, "Accueil");
    Page(
        StatusCode::OK,
        Aide {
            habillage,
            contacts,
            glossaires,
            inscription: chemins::INSCRIPTION,
            oubli: chemins::OUBLI,
            contact: chemins::CONTACT,
            verification: chemins::VERIFICATION,
        },
    )
}
