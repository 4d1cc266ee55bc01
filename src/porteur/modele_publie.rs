//! A model that an ARS offers, read before one starts from it. Nothing says whose dossier it was.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::store::acces::EspaceOg;
use crate::store::modeles::{self, Publie};
use crate::web::acces::NumeroDeModele;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::modele::sections;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Ligne, nom_region};

/// The page.
#[derive(Template)]
#[template(path = "porteur/modele_publie.html")]
pub struct ModelePublie {
    habillage: Habillage,
    titre: String,
    /// Where it comes from: the appel à projets, the région.
    origine: String,
    fictif: bool,
    sections: Vec<(&'static str, Vec<Ligne>)>,
    /// Where a dossier starts from it, for who may open one.
    partir: Option<String>,
}

/// « Appel à projets 2024 — Île-de-France », the région said once.
pub fn origine(etat: &Etat, modele: &Publie) -> String {
    let edition = etat.edition(&modele.edition).map_or(&modele.edition, |e| &e.titre);
    let region = nom_region(&Some(modele.region.clone()));
    // Most titles say the région.
    if edition.contains(&region) {
        return edition.clone();
    }
    format!("{edition}, {region}")
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] when the model is not, or no longer, published; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    NumeroDeModele(id): NumeroDeModele,
) -> Result<Page<ModelePublie>, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let publies = modeles::list_publies(&mut tx).await?;
    tx.commit().await?;
    let modele = publies.into_iter().find(|m| m.id == id);
    let modele = modele.ok_or_else(Echec::introuvable)?;
    let numero = modele.id.to_string();
    let page = ModelePublie {
        habillage: habiller(&etat, &visiteur, modele.titre.clone()).retour(chemins::PORTEUR, "Tableau de bord"),
        origine: origine(&etat, &modele),
        titre: modele.titre,
        fictif: modele.fictif,
        sections: sections(&modele.textes),
        partir: espace
            .modifiable()
            .then(|| chemins::avec_parametres(chemins::NOUVEAU, &[("modele", &numero)])),
    };
    Ok(Page(StatusCode::OK, page))
}
