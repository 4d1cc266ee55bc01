//! A forgotten password: the answer is the same whether or not the address is an account's.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;

use crate::domain::courriel_compte::EvenementCompte;
use crate::store::courriels::Destinataire;
use crate::store::{comptes, reinitialisations, transaction};
use crate::web::acces::FormulaireAnonyme;
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::{self, Visiteur};
use crate::web::titulaire;

/// How long the link of the mail works.
const DUREE: TimeDelta = TimeDelta::hours(1);

/// The page.
#[derive(Template)]
#[template(path = "comptes/oubli.html")]
pub struct Oubli {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    envoye: bool,
    demonstration: bool,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, envoye: bool) -> Oubli {
    Oubli {
        habillage: habiller(etat, visiteur, "Mot de passe oublié")
            .retour(chemins::CONNEXION, "Se connecter")
            .erreurs(&saisie),
        saisie,
        action: chemins::OUBLI,
        envoye,
        demonstration: etat.demonstration,
    }
}

/// Shows the form, then where to read on.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Page<Oubli> {
    let envoye = demande.fait.is_some();
    Page(StatusCode::OK, page(&etat, &visiteur, Saisie::vide(), envoye))
}

/// Writes to the address, if it is an account's. The public accounts of a demonstration are left alone: anybody would read
/// the link.
///
/// # Errors
/// The database's.
pub async fn demander(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Adresse(adresse): Adresse,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let courriel = titulaire::courriel(&mut saisie);
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, saisie, false);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let maintenant = etat.horloge.maintenant();
    let mut tx = transaction::commencer(&etat.pool).await?;
    let envois = Envois::oubli(&courriel, adresse);
    if let Err(trop) = envois.compter(&mut tx, maintenant).await? {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(page(&etat, &visiteur, saisie, false)));
    }
    let trouve = comptes::load_id(&mut tx, &courriel).await?;
    if let Some(compte) = trouve.filter(|_| !etat.montre(&courriel)) {
        let (jeton, cle) = session::jeton()?;
        reinitialisations::create(&mut tx, &cle, compte, maintenant + DUREE).await?;
        let lien = chemins::reinitialisation(&jeton);
        let destinataire = Destinataire::Compte(compte);
        avis::prevenir(
            &mut tx,
            &etat,
            destinataire,
            EvenementCompte::MotDePasseOublie,
            Some(&lien),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::OUBLI, "lien")).into_response())
}
