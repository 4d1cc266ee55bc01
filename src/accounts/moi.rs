//! My account: who I am for the portal, my name, and where my password, my sessions and my mails are.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::compte::{Compte, Profil};
use crate::domain::nomenclature::Liste;
use crate::domain::territoire;
use crate::store::comptes;
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::{espace, habiller};
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "comptes/moi.html")]
pub struct Moi {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    lignes: Vec<Ligne>,
    liens: Vec<Lien>,
    fait: &'static str,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

async fn page(etat: &Etat, visiteur: &Visiteur, compte: &Compte, saisie: Saisie) -> Result<Moi, Echec> {
    let mut lignes = vec![Ligne::nouvelle("Courriel", compte.courriel.clone())];
    match &compte.profil {
        Profil::Og { og, role } => {
            let nom = titulaire::organisme(&mut *etat.pool.acquire().await?, *og).await?;
            lignes.push(Ligne::nouvelle("Organisme gestionnaire", format!("{nom} ({og})")));
            lignes.push(Ligne::nouvelle("Rôle", role.libelle()));
        }
        Profil::EnAttente { og } => lignes.push(Ligne::nouvelle("Organisme demandé", og.to_string())),
        Profil::Ars { regions } => lignes.push(Ligne::nouvelle("Instruction ARS", noms(regions))),
        Profil::Accompagnement { regions } => lignes.push(Ligne::nouvelle("Accompagnement", noms(regions))),
        Profil::Administration => lignes.push(Ligne::nouvelle("Rôle", "Administration du portail")),
    }
    Ok(Moi {
        habillage: habiller(etat, visiteur, "Mon compte")
            .retour(espace(compte), "Mon espace")
            .erreurs(&saisie),
        saisie,
        action: chemins::COMPTE,
        lignes,
        liens: vec![
            Lien::nouveau("Changer mon mot de passe", chemins::COMPTE_MOT_DE_PASSE),
            Lien::nouveau("Ma connexion en deux temps", chemins::SECOND_FACTEUR),
            Lien::nouveau("Mes sessions ouvertes", chemins::COMPTE_SESSIONS),
            Lien::nouveau("Les courriels que je reçois", chemins::COMPTE_COURRIELS),
        ],
        fait: "",
    })
}

/// Shows the account.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Moi>, Echec> {
    let mut saisie = Saisie::vide();
    saisie.fixer("nom", compte.nom.clone());
    let mut page = page(&etat, &visiteur, &compte, saisie).await?;
    page.fait = match demande.fait.as_deref() {
        Some("nom") => "Votre nom est enregistré.",
        Some("mot-de-passe") => "Votre mot de passe est changé, et vos autres sessions sont fermées.",
        _ => "",
    };
    Ok(Page(StatusCode::OK, page))
}

/// Changes my name.
///
/// # Errors
/// The database's.
pub async fn renommer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let nom = titulaire::nom(&mut saisie);
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, &compte, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    comptes::save_nom(&mut *etat.pool.acquire().await?, compte.id, &nom).await?;
    Ok(Redirect::to(&chemins::fait(chemins::COMPTE, "nom")).into_response())
}

fn noms(regions: &[String]) -> String {
    let noms: Vec<&str> = regions
        .iter()
        .map(|code| territoire::region(code).map_or(code.as_str(), |r| r.nom.as_str()))
        .collect();
    noms.join(", ")
}
