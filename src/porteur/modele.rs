//! The model that the ARS draws from a dossier: its porteur reads exactly what would be published, agrees or declines, and may
//! change its mind.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::domain::compte::RoleOg;
use crate::domain::courriel_modele::Acte;
use crate::domain::dossier::champ::OUI;
use crate::domain::modele::EtatModele;
use crate::store::acces::{DossierPorte, DossierSigne, Lecture};
use crate::store::modeles::{self, Modele};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::modele::{etiquette, noter, sections};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ligne, nom_region};

/// The box that confirms a withdrawal.
const CONFIRMATION: &str = "confirmation";

/// The page.
#[derive(Template)]
#[template(path = "porteur/modele.html")]
pub struct PageModele {
    habillage: Habillage,
    saisie: Saisie,
    /// The model one answers for: another may have taken its place since.
    modele: Uuid,
    titre: String,
    edition: String,
    region: String,
    etat: Etiquette,
    sections: Vec<(&'static str, Vec<Ligne>)>,
    propose: bool,
    publie: bool,
    signataire: bool,
    fait: &'static str,
    action: String,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &impl Lecture, modele: &Modele, saisie: Saisie) -> PageModele {
    let edition = etat.edition(&modele.edition).map_or(&modele.edition, |e| &e.titre);
    PageModele {
        habillage: habiller(etat, visiteur, "Modèle tiré de ce dossier")
            .retour(chemins::dossier(modele.dossier), "Étapes du dossier")
            .erreurs(&saisie),
        saisie,
        modele: modele.id,
        titre: modele.titre.clone(),
        edition: edition.clone(),
        region: nom_region(&Some(modele.region.clone())),
        etat: etiquette(modele.etat),
        sections: sections(&modele.textes),
        propose: modele.etat == EtatModele::Propose,
        publie: modele.etat == EtatModele::Accepte,
        signataire: acces.compte().role_og() == Some(RoleOg::Depot),
        fait: "",
        action: chemins::modele(modele.dossier),
    }
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] when no model was drawn from the dossier; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierPorte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageModele>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let modele = modeles::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, &acces, &modele, Saisie::vide());
    page.fait = match demande.fait.as_deref() {
        Some("accord") => "Le modèle est publié. L’ARS en est informée.",
        Some("refus") => "Le modèle est refusé. L’ARS en est informée.",
        Some(_) => "Le modèle est retiré. L’ARS en est informée.",
        None => "",
    };
    Ok(Page(StatusCode::OK, page))
}

/// Agrees, declines, or takes the model back.
///
/// # Errors
/// [`Erreur::Conflit`] when the model read is no longer the one to answer for; the database's.
pub async fn repondre(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierSigne,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let maintenant = etat.horloge.maintenant();
    let mut tx = acces.commencer(&etat.pool).await?;
    let modele = modeles::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    let (acte, fait) = match saisie.valeur("action") {
        "accepter" => (Acte::Accepte, "accord"),
        "retirer" => (Acte::RetireParLePorteur, "retrait"),
        _ => (Acte::Refuse, "refus"),
    };
    let retrait = acte == Acte::RetireParLePorteur;
    if retrait && !saisie.contient(CONFIRMATION, OUI) {
        let motif = "cochez la case pour retirer ce modèle".to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
        let page = page(&etat, &visiteur, &acces, &modele, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let lu = saisie.valeur("modele") == modele.id.to_string();
    let ecrit = if !lu || (retrait && modele.etat != EtatModele::Accepte) {
        false
    } else if retrait {
        modeles::save_retrait(&mut tx, &acces, modele.id, maintenant).await?
    } else {
        modeles::save_reponse(&mut tx, &acces, modele.id, acte == Acte::Accepte, maintenant).await?
    };
    if !ecrit {
        return Err(Erreur::Conflit.into());
    }
    noter(&mut tx, &etat, &acces, &modele, acte).await?;
    tx.commit().await?;
    let suite = chemins::fait(&chemins::modele(modele.dossier), fait);
    Ok(Redirect::to(&suite).into_response())
}
