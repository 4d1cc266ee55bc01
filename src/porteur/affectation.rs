//! Gives a step to a colleague, or to nobody: as long as the dossier is a draft.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::echanges;
use crate::domain::courriel::{Echange, Evenement};
use crate::domain::dossier::Etape;
use crate::domain::nomenclature::Liste;
use crate::store::acces::organisme::MembreGere;
use crate::store::acces::{DossierModifiable, Lecture};
use crate::store::affectations::{self, Collegue};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::dossiers;
use crate::store::journal::{self, ChampChange, Entree};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::Page;
use crate::web::session::Visiteur;

/// Name of the field, in the form and in the journal.
pub const CHAMP: &str = "collegue";

/// The colleague chosen: nobody when nothing is.
fn lire(saisie: &mut Saisie, collegues: &[Collegue]) -> Option<Collegue> {
    let choisi = saisie.valeur(CHAMP).to_owned();
    let trouve = collegues.iter().find(|c| c.id.to_string() == choisi).cloned();
    if trouve.is_none() && !choisi.is_empty() {
        saisie.refuser(CHAMP, "Personne chargée de l’étape", &ErreurChamp::HorsListe);
    }
    trouve
}

/// Gives the step.
///
/// # Errors
/// The database's.
pub async fn affecter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Path((_, code)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let etape = Etape::depuis(&code).ok_or_else(Echec::introuvable)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let collegues = affectations::list_collegues(&mut tx).await?;
    let nouveau = lire(&mut saisie, &collegues);
    if saisie.en_erreur() {
        let page = echanges::page(&mut tx, &etat, &visiteur, &acces, etape, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let ancien = affectations::load(&mut tx, &acces, etape).await?;
    let suite = chemins::fait(&chemins::echanges(acces.dossier(), etape), "affectation");
    if ancien == nouveau {
        return Ok(Redirect::to(&suite).into_response());
    }
    let compte = nouveau.as_ref().map(|c| c.id);
    affectations::save(&mut tx, &acces, etape, compte, etat.horloge.maintenant()).await?;
    let nom = |c: Option<Collegue>| c.map_or_else(String::new, |c| c.nom);
    let moi = acces.compte();
    noter(
        &mut tx,
        &etat,
        acces.dossier(),
        etape,
        moi.id,
        [nom(ancien), nom(nouveau)],
    )
    .await?;
    if let Some(compte) = compte.filter(|compte| *compte != moi.id) {
        let evenement = Evenement::Echange(Echange {
            dossier: dossier.id,
            reference: dossier.reference,
            nom: dossier.nom,
            etape,
            par: moi.nom.clone(),
            texte: None,
        });
        prevenir(&mut tx, &etat, compte, &evenement).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&suite).into_response())
}

/// Says in the journal of the dossier who took care of a step, and who does.
async fn noter(
    conn: &mut PgConnection,
    etat: &Etat,
    dossier: Uuid,
    etape: Etape,
    par: Uuid,
    [avant, apres]: [String; 2],
) -> Result<(), Echec> {
    let action = format!("Étape «\u{a0}{}\u{a0}» confiée", etape.libelle());
    let champ = ChampChange {
        champ: CHAMP.to_owned(),
        libelle: "Personne chargée de l’étape".to_owned(),
        avant,
        apres,
    };
    let entree = Entree {
        id: etat.horloge.nouvel_id(),
        compte: par,
        action: &action,
        etape: Some(etape.code()),
        champs: &[champ],
        effets: &[],
    };
    journal::create(conn, dossier, &entree, etat.horloge.maintenant()).await?;
    Ok(())
}

/// Takes its steps away from somebody who leaves the OG.
///
/// # Errors
/// The database's.
pub async fn reprendre(conn: &mut PgConnection, etat: &Etat, acces: &MembreGere) -> Result<(), Echec> {
    for (dossier, etape) in affectations::delete_du_membre(conn, acces).await? {
        let noms = [acces.membre().nom.clone(), String::new()];
        noter(conn, etat, dossier, etape, acces.compte().id, noms).await?;
    }
    Ok(())
}

/// Writes to a colleague what another did.
///
/// # Errors
/// The database's.
pub async fn prevenir(conn: &mut PgConnection, etat: &Etat, compte: Uuid, evenement: &Evenement) -> sqlx::Result<()> {
    let courriel = Courriel {
        id: etat.horloge.nouvel_id(),
        destinataire: Destinataire::Compte(compte),
        evenement,
        secret: None,
        cle: None,
    };
    courriels::enfiler(conn, &courriel, etat.horloge.maintenant()).await?;
    Ok(())
}
