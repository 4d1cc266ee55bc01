//! Confirms the address of a sign-up. Reading the link changes nothing: mail filters follow links.

use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::mot_de_passe::{CHAMP, verifier};
use super::robustesse;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::acces::Refus;
use crate::store::acces::organisme::{self, InscriptionOuverte};
use crate::store::courriels::Destinataire;
use crate::store::demandes;
use crate::store::inscriptions::{self, Inscription};
use crate::web::acces::{FormulaireAnonyme, Jeton};
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::essais::Essais;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
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
    saisie: Saisie,
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
        saisie: Saisie::vide(),
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
    let page = formulaire(&etat, &visiteur, &jeton, &acces, Saisie::vide()).await?;
    Ok(Page(StatusCode::OK, page))
}

async fn formulaire(
    etat: &Etat,
    visiteur: &Visiteur,
    jeton: &Jeton,
    acces: &InscriptionOuverte,
    saisie: Saisie,
) -> Result<Confirmation, Echec> {
    let inscription = acces.inscription();
    let mut conn = etat.pool.acquire().await?;
    let mut page = page(etat, visiteur, "Confirmer votre adresse");
    page.habillage = page.habillage.erreurs(&saisie);
    page.saisie = saisie;
    page.action = chemins::confirmation(&jeton.0);
    page.lignes = vec![
        Ligne::nouvelle("Prénom et nom", inscription.nom.clone()),
        Ligne::nouvelle("Adresse de courriel", inscription.courriel.clone()),
        Ligne::nouvelle(
            "Organisme gestionnaire",
            titulaire::organisme(&mut conn, inscription.og).await?,
        ),
    ];
    Ok(page)
}

/// Whether the form holds the password chosen at the sign-up: whoever signed up with somebody else's address, and a password
/// of their own, would otherwise be let in by the click of its holder.
async fn prouver(etat: &Etat, inscription: &Inscription, adresse: IpAddr, saisie: &mut Saisie) -> Result<bool, Echec> {
    let maintenant = etat.horloge.maintenant();
    let tape = saisie.valeur(CHAMP).to_owned();
    if tape.is_empty() {
        saisie.refuser(CHAMP, "Mot de passe", &ErreurChamp::Requis);
        return Ok(false);
    }
    let essais = Essais::mot_de_passe(&inscription.courriel, adresse);
    essais.verifier(&mut *etat.pool.acquire().await?, maintenant).await??;
    let plausible = tape.chars().count() <= robustesse::AU_PLUS;
    if plausible && verifier(&etat.hachages, tape, Some(inscription.mot_de_passe.clone())).await? {
        return Ok(true);
    }
    essais.noter(&mut *etat.pool.acquire().await?, maintenant).await?;
    let motif = "ce n’est pas le mot de passe choisi en demandant ce compte".to_owned();
    saisie.refuser(CHAMP, "Mot de passe", &ErreurChamp::Motif(motif));
    Ok(false)
}

/// Makes an account of the sign-up, and tells those who let people in. The token in the address proves the address, the
/// password that it is the same person who signed up.
///
/// # Errors
/// Too many wrong passwords; the database's.
pub async fn confirmer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
    Adresse(adresse): Adresse,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Page<Confirmation>, Echec> {
    let Some(acces) = ouvrir(&etat, &jeton).await? else {
        return Ok(perimee(&etat, &visiteur));
    };
    let maintenant = etat.horloge.maintenant();
    let inscription = acces.inscription();
    if !prouver(&etat, inscription, adresse, &mut saisie).await? {
        let page = formulaire(&etat, &visiteur, &jeton, &acces, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
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
