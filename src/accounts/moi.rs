//! My account: who I am for the portal.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::compte::Profil;
use crate::domain::nomenclature::Liste;
use crate::domain::territoire;
use crate::store::registre::charger_organismes;
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "comptes/moi.html")]
pub struct Moi {
    habillage: Habillage,
    lignes: Vec<Ligne>,
    courriels: &'static str,
}

/// Shows the account.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
) -> Result<Page<Moi>, Echec> {
    let mut lignes = vec![
        Ligne::nouvelle("Nom", compte.nom.clone()),
        Ligne::nouvelle("Courriel", compte.courriel.clone()),
    ];
    match &compte.profil {
        Profil::Og { og, role } => {
            let mut conn = etat.pool.acquire().await?;
            let nom = charger_organismes(&mut conn, &[*og])
                .await?
                .into_iter()
                .next()
                .and_then(|o| o.nom);
            lignes.push(Ligne::nouvelle(
                "Organisme gestionnaire",
                format!("{} ({og})", nom.unwrap_or_default()),
            ));
            lignes.push(Ligne::nouvelle("Rôle", role.libelle()));
        }
        Profil::Ars { regions } => lignes.push(Ligne::nouvelle("Instruction ARS", noms(regions))),
        Profil::Accompagnement { regions } => lignes.push(Ligne::nouvelle("Accompagnement", noms(regions))),
        Profil::Administration => lignes.push(Ligne::nouvelle("Rôle", "Administration du portail")),
    }
    let habillage = habiller(&etat, &visiteur, "Mon compte").retour(espace(&compte), "Mon espace");
    let page = Moi {
        habillage,
        lignes,
        courriels: chemins::COMPTE_COURRIELS,
    };
    Ok(Page(StatusCode::OK, page))
}

fn noms(regions: &[String]) -> String {
    let noms: Vec<&str> = regions
        .iter()
        .map(|code| territoire::region(code).map_or(code.as_str(), |r| r.nom.as_str()))
        .collect();
    noms.join(", ")
}
