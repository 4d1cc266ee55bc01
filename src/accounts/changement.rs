//! Changes my password: the current one is asked, so that a session left open is not enough. My other sessions are closed.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::mot_de_passe::redemander;
use super::robustesse;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::comptes;
use crate::store::courriels::Destinataire;
use crate::store::{reinitialisations, transaction};
use crate::web::acces::{Connecte, Formulaire};
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::{self, Visiteur};

/// The page.
#[derive(Template)]
#[template(path = "comptes/changement.html")]
pub struct Changement {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    /// Whether the account is one of a demonstration, whose password everybody knows and nobody changes.
    public: bool,
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, public: bool) -> Changement {
    Changement {
        habillage: habiller(etat, visiteur, "Changer mon mot de passe")
            .retour(chemins::COMPTE, "Mon compte")
            .erreurs(&saisie),
        saisie,
        action: chemins::COMPTE_MOT_DE_PASSE,
        public,
    }
}

/// Shows the form.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, Connecte(compte): Connecte) -> Page<Changement> {
    let public = etat.montre(&compte.courriel);
    Page(StatusCode::OK, page(&etat, &visiteur, Saisie::vide(), public))
}

/// Sets the password.
///
/// # Errors
/// Too many wrong ones; the database's.
pub async fn changer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Adresse(adresse): Adresse,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let public = etat.montre(&compte.courriel);
    let maintenant = etat.horloge.maintenant();
    redemander(&etat, &compte, adresse, &mut saisie).await?;
    let mots = [compte.nom.as_str(), &compte.courriel];
    let choisi = robustesse::choisir(&etat, &mut saisie, &mots).await?;
    let Some(hachage) = choisi.filter(|_| !public && !saisie.en_erreur()) else {
        let page = page(&etat, &visiteur, saisie, public);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut tx = transaction::commencer(&etat.pool).await?;
    comptes::save_mot_de_passe(&mut tx, compte.id, &hachage).await?;
    reinitialisations::delete_du_compte(&mut tx, compte.id).await?;
    session::fermer_les_autres(&mut tx, &visiteur).await?;
    let evenement = EvenementCompte::MotDePasseChange { quand: maintenant };
    avis::prevenir(&mut tx, &etat, Destinataire::Compte(compte.id), evenement, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::COMPTE, "mot-de-passe")).into_response())
}
