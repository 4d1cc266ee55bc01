//! One colleague: what they may do for the OG.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::nomenclature::Liste;
use crate::store::acces::organisme::MembreGere;
use crate::store::courriels::Destinataire;
use crate::store::membres::{self, RefusMembre};
use crate::web::acces::Formulaire;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue::{Ligne, instant};

/// The page.
#[derive(Template)]
#[template(path = "porteur/membre.html")]
pub struct PageMembre {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    lignes: Vec<Ligne>,
    roles: Vec<Choix>,
    retrait: String,
    moi: bool,
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &MembreGere, saisie: Saisie) -> PageMembre {
    let membre = acces.membre();
    let vu_le = membre
        .vu_le
        .map_or_else(|| "aucune session ouverte".to_owned(), instant);
    PageMembre {
        habillage: habiller(etat, visiteur, membre.nom.clone())
            .retour(chemins::ORGANISME, "Mon organisme")
            .erreurs(&saisie),
        saisie,
        action: chemins::membre(membre.id),
        lignes: vec![
            Ligne::nouvelle("Adresse de courriel", membre.courriel.clone()),
            Ligne::nouvelle("Dernière visite", vu_le),
        ],
        roles: titulaire::roles(),
        retrait: chemins::retrait(membre.id),
        moi: membre.id == acces.compte().id,
    }
}

/// Shows the page.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, acces: MembreGere) -> Page<PageMembre> {
    let mut saisie = Saisie::vide();
    saisie.fixer("role", acces.membre().role.code());
    Page(StatusCode::OK, page(&etat, &visiteur, &acces, saisie))
}

/// Changes the role. The person's sessions are closed; who keeps the same role keeps them.
///
/// # Errors
/// [`Erreur::Conflit`] when the account changed meanwhile; the database's.
pub async fn changer_role(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: MembreGere,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let refuser = |saisie| {
        let page = page(&etat, &visiteur, &acces, saisie);
        Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Some(role) = titulaire::role(&mut saisie) else {
        return refuser(saisie);
    };
    let membre = acces.membre();
    if role == membre.role {
        return Ok(Redirect::to(chemins::ORGANISME).into_response());
    }
    let mut tx = acces.commencer(&etat.pool).await?;
    match membres::changer_role(&mut tx, &acces, role).await {
        Ok(()) => {}
        Err(RefusMembre::DernierSignataire) => {
            let motif = "votre organisme n’aurait plus de signataire\u{a0}: donnez d’abord ce rôle à quelqu’un d’autre";
            saisie.refuser("role", "Rôle", &ErreurChamp::Motif(motif.to_owned()));
            return refuser(saisie);
        }
        Err(RefusMembre::Change) => return Err(Erreur::Conflit.into()),
        Err(RefusMembre::Base(erreur)) => return Err(erreur.into()),
    }
    let (avant, apres) = (membre.role.libelle(), role.libelle());
    let action = format!(
        "A changé le rôle de {} ({})\u{a0}: {avant} → {apres}",
        membre.nom, membre.courriel
    );
    let par = acces.compte().nom.clone();
    avis::noter(&mut tx, &etat, acces.og(), &par, action).await?;
    let organisme = titulaire::organisme(&mut tx, acces.og()).await?;
    let evenement = EvenementCompte::RoleChange { organisme, role, par };
    avis::prevenir(&mut tx, &etat, Destinataire::Compte(membre.id), evenement, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::ORGANISME, "role")).into_response())
}
