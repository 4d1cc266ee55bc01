//! Confirms the address of a sign-up. Reading the link changes nothing: mail filters follow links.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::courriel_compte::EvenementCompte;
use crate::store::acces::Refus;
use crate::store::acces::organisme::{self, InscriptionOuverte};
use crate::store::courriels::Destinataire;
use crate::store::{demandes, inscriptions};
use crate::web::acces::Jeton;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "comptes/confirmation.html")]
pub struct Confirmation {
    habillage: Habillage,
    action: String,
    lignes: Vec<Ligne>,
    fait: bool,
    perime: bool,
    connexion: &'static str,
    inscription: &'static str,
}

fn page(etat: &Etat, visiteur: &Visiteur, titre: &str) -> Confirmation {
    Confirmation {
        habillage: habiller(etat, visiteur, titre),
        action: String::new(),
        lignes: Vec::new(),
        fait: false,
        perime: false,
        connexion: chemins::CONNEXION,
        inscription: chemins::INSCRIPTION,
    }
}

fn perimee(etat: &Etat, visiteur: &Visiteur) -> Page<Confirmation> {
    let mut page = page(etat, visiteur, "Ce lien n’est plus valable");
    page.perime = true;
    Page(StatusCode::NOT_FOUND, page)
}

/// What the link is for; none when it is no longer good.
async fn ouvrir(etat: &Etat, jeton: &Jeton) -> Result<Option<InscriptionOuverte>, Echec> {
    match organisme::inscription(&etat.pool, &jeton.cle(), etat.horloge.maintenant()).await {
        Ok(acces) => Ok(Some(acces)),
        Err(Refus::Absent) => Ok(None),
        Err(refus) => Err(refus.into()),
    }
}

/// Shows what is about to be confirmed: a person who did not ask for it recognises it there.
///
/// # Errors
/// The database's.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, jeton: Jeton) -> Result<Page<Confirmation>, Echec> {
    let Some(acces) = ouvrir(&etat, &jeton).await? else {
        return Ok(perimee(&etat, &visiteur));
    };
    let inscription = acces.inscription();
    let mut conn = etat.pool.acquire().await?;
    let mut page = page(&etat, &visiteur, "Confirmer votre adresse");
    page.action = chemins::confirmation(&jeton.0);
    page.lignes = vec![
        Ligne::nouvelle("Prénom et nom", inscription.nom.clone()),
        Ligne::nouvelle("Adresse de courriel", inscription.courriel.clone()),
        Ligne::nouvelle(
            "Organisme gestionnaire",
            titulaire::organisme(&mut conn, inscription.og).await?,
        ),
    ];
    Ok(Page(StatusCode::OK, page))
}

/// Makes an account of the sign-up, and tells those who let people in. The token in the address is the proof.
///
/// # Errors
/// The database's.
pub async fn confirmer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
) -> Result<Page<Confirmation>, Echec> {
    let Some(acces) = ouvrir(&etat, &jeton).await? else {
        return Ok(perimee(&etat, &visiteur));
    };
    let maintenant = etat.horloge.maintenant();
    let inscription = acces.inscription();
    let mut tx = acces.commencer(&etat.pool).await?;
    let id = etat.horloge.nouvel_id();
    if !inscriptions::confirmer(&mut tx, &acces, id, etat.demonstration, maintenant).await? {
        tx.commit().await?;
        return Ok(perimee(&etat, &visiteur));
    }
    let action = format!("A demandé un compte ({})", inscription.courriel);
    avis::noter(&mut tx, &etat, acces.og(), &inscription.nom, action).await?;
    let evenement = EvenementCompte::DemandeRecue {
        nom: inscription.nom.clone(),
        courriel: inscription.courriel.clone(),
        organisme: titulaire::organisme(&mut tx, acces.og()).await?,
    };
    for decideur in demandes::list_decideurs(&mut tx, acces.og()).await? {
        avis::prevenir(&mut tx, &etat, Destinataire::Compte(decideur), evenement.clone(), None).await?;
    }
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, "Votre adresse est confirmée");
    page.fait = true;
    Ok(Page(StatusCode::OK, page))
}
