//! A model that an instructor's région offers: its texts, where it stands, and its withdrawal.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::courriel_modele::Acte;
use crate::domain::dossier::champ::OUI;
use crate::domain::modele::EtatModele;
use crate::store::acces::modele::ModeleInstruit;
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
use crate::web::vue::{Etiquette, Ligne, instant};

/// The box that confirms a withdrawal.
const CONFIRMATION: &str = "confirmation";

/// The page.
#[derive(Template)]
#[template(path = "instruction/modele.html")]
pub struct PageModele {
    habillage: Habillage,
    saisie: Saisie,
    titre: String,
    reference: String,
    etat: Etiquette,
    dates: Vec<Ligne>,
    sections: Vec<(&'static str, Vec<Ligne>)>,
    /// Whether it may be taken back.
    en_cours: bool,
    fait: &'static str,
    action: String,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn page(etat: &Etat, visiteur: &Visiteur, modele: &Modele, saisie: Saisie) -> PageModele {
    let edition = etat.edition(&modele.edition).map_or(&modele.edition, |e| &e.titre);
    let mut dates = vec![
        Ligne::nouvelle("Appel à projets", edition.clone()),
        Ligne::nouvelle("Proposé le", instant(modele.propose_le)),
    ];
    dates.extend(
        modele
            .repondu_le
            .map(|le| Ligne::nouvelle("Réponse du porteur le", instant(le))),
    );
    dates.extend(modele.retire_le.map(|le| Ligne::nouvelle("Retiré le", instant(le))));
    PageModele {
        habillage: habiller(etat, visiteur, modele.titre.clone())
            .retour(chemins::INSTRUCTION, "Dossiers de ma région")
            .erreurs(&saisie),
        saisie,
        titre: modele.titre.clone(),
        reference: modele.reference.clone(),
        etat: etiquette(modele.etat),
        dates,
        sections: sections(&modele.textes),
        en_cours: matches!(modele.etat, EtatModele::Propose | EtatModele::Accepte),
        fait: "",
        action: chemins::instruction_modele(modele.id),
    }
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: ModeleInstruit,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageModele>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let modele = modeles::load(&mut tx, &acces).await?.ok_or_else(Echec::introuvable)?;
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, &modele, Saisie::vide());
    page.fait = match demande.fait.as_deref() {
        Some("proposition") => "Le modèle est proposé. Les signataires du porteur reçoivent un courriel.",
        Some(_) => "Le modèle est retiré. Les signataires du porteur reçoivent un courriel.",
        None => "",
    };
    Ok(Page(StatusCode::OK, page))
}

/// Takes the model back.
///
/// # Errors
/// [`Erreur::Conflit`] when it was refused or taken back meanwhile; the database's.
pub async fn retirer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: ModeleInstruit,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let modele = modeles::load(&mut tx, &acces).await?.ok_or_else(Echec::introuvable)?;
    if !saisie.contient(CONFIRMATION, OUI) {
        let motif = "cochez la case pour retirer ce modèle".to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
        let page = page(&etat, &visiteur, &modele, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if !modeles::save_retrait(&mut tx, &acces, modele.id, etat.horloge.maintenant()).await? {
        return Err(Erreur::Conflit.into());
    }
    noter(&mut tx, &etat, &acces, &modele, Acte::RetireParLArs).await?;
    tx.commit().await?;
    let suite = chemins::fait(&chemins::instruction_modele(modele.id), "retrait");
    Ok(Redirect::to(&suite).into_response())
}
