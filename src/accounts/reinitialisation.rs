//! Sets a new password by the link of a mail. Every session is closed: whoever knew the old one is out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::robustesse;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::courriels::Destinataire;
use crate::store::reinitialisations::Titulaire;
use crate::store::{comptes, reinitialisations, sessions, transaction};
use crate::web::acces::{FormulaireAnonyme, Jeton};
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "comptes/reinitialisation.html")]
pub struct Reinitialisation {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    courriel: String,
    fait: bool,
    perime: bool,
    connexion: &'static str,
    oubli: &'static str,
}

fn page(etat: &Etat, visiteur: &Visiteur, titre: &str, saisie: Saisie) -> Reinitialisation {
    Reinitialisation {
        habillage: habiller(etat, visiteur, titre).erreurs(&saisie),
        saisie,
        action: String::new(),
        courriel: String::new(),
        fait: false,
        perime: false,
        connexion: chemins::CONNEXION,
        oubli: chemins::OUBLI,
    }
}

fn formulaire(
    etat: &Etat,
    visiteur: &Visiteur,
    jeton: &Jeton,
    titulaire: Titulaire,
    saisie: Saisie,
) -> Reinitialisation {
    let mut page = page(etat, visiteur, "Choisir un nouveau mot de passe", saisie);
    page.action = chemins::reinitialisation(&jeton.0);
    page.courriel = titulaire.courriel;
    page
}

fn perimee(etat: &Etat, visiteur: &Visiteur) -> Reinitialisation {
    let mut page = page(etat, visiteur, "Ce lien n’est plus valable", Saisie::vide());
    page.perime = true;
    page
}

/// Shows the form.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
) -> Result<Page<Reinitialisation>, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let trouve = reinitialisations::load(&mut conn, &jeton.cle(), etat.horloge.maintenant()).await?;
    Ok(match trouve {
        Some(titulaire) => Page(
            StatusCode::OK,
            formulaire(&etat, &visiteur, &jeton, titulaire, Saisie::vide()),
        ),
        None => Page(StatusCode::NOT_FOUND, perimee(&etat, &visiteur)),
    })
}

/// Sets the password. The token in the address is the proof.
///
/// # Errors
/// The database's.
pub async fn changer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let maintenant = etat.horloge.maintenant();
    let perime = || Page(StatusCode::NOT_FOUND, perimee(&etat, &visiteur)).into_response();
    let mut conn = etat.pool.acquire().await?;
    let trouve = reinitialisations::load(&mut conn, &jeton.cle(), maintenant).await?;
    drop(conn);
    let Some(titulaire) = trouve else {
        return Ok(perime());
    };
    let mots = [titulaire.nom.as_str(), &titulaire.courriel];
    let Some(hachage) = robustesse::choisir(&etat, &mut saisie, &mots).await? else {
        let page = formulaire(&etat, &visiteur, &jeton, titulaire, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut tx = transaction::commencer(&etat.pool).await?;
    if !reinitialisations::delete(&mut tx, &jeton.cle()).await? {
        return Ok(perime());
    }
    comptes::save_mot_de_passe(&mut tx, titulaire.compte, &hachage).await?;
    sessions::delete_toutes(&mut tx, titulaire.compte).await?;
    let evenement = EvenementCompte::MotDePasseChange { quand: maintenant };
    avis::prevenir(&mut tx, &etat, Destinataire::Compte(titulaire.compte), evenement, None).await?;
    tx.commit().await?;
    let mut page = page(
        &etat,
        &Visiteur::default(),
        "Votre mot de passe est changé",
        Saisie::vide(),
    );
    page.fait = true;
    Ok(Page(StatusCode::OK, page).into_response())
}
