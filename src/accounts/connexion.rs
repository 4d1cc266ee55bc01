//! Log-in by e-mail and password, throttled by account and by address; log-out.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use super::mot_de_passe::verifier;
use super::robustesse;
use super::{delegation, entree};
use crate::store::{comptes, sessions};
use crate::web::acces::{Formulaire, FormulaireAnonyme};
use crate::web::adresse::Adresse;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::essais::Essais;
use crate::web::etat::{CompteMontre, Etat};
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::{espace, habiller};
use crate::web::parametres::Parametres;
use crate::web::reprise::{CHAMP_CHEMIN, CHAMP_CORPS, Reprise, vers_le_fournisseur};
use crate::web::session::{self, Preuves, Visiteur};

/// The page.
#[derive(Template)]
#[template(path = "comptes/connexion.html")]
pub struct Connexion {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    inscription: &'static str,
    oubli: &'static str,
    /// The other way in, when there is one.
    fournisseur: Option<Lien>,
    /// A form that waits for the log-in.
    reprise: Option<Reprise>,
    demonstration: Vec<CompteMontre>,
}

/// Where to go once logged in.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    retour: Option<String>,
}

/// The page, with what was typed.
pub fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Connexion {
    Connexion {
        habillage: habiller(etat, visiteur, "Se connecter").erreurs(&saisie),
        fournisseur: vers_le_fournisseur(etat, saisie.valeur("retour")),
        reprise: Reprise::portee(&saisie),
        saisie,
        action: chemins::CONNEXION,
        inscription: chemins::INSCRIPTION,
        oubli: chemins::OUBLI,
        demonstration: etat.comptes_montres.clone(),
    }
}

/// Shows the form, or leads to the space of who is already logged in.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Response {
    if let Some(compte) = visiteur.compte() {
        return Redirect::to(espace(compte)).into_response();
    }
    let mut saisie = Saisie::vide();
    saisie.fixer("retour", demande.retour.unwrap_or_default());
    Page(StatusCode::OK, page(&etat, &visiteur, saisie)).into_response()
}

/// Opens a session.
///
/// # Errors
/// The database's.
pub async fn connecter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Adresse(adresse): Adresse,
    entetes: HeaderMap,
    jar: CookieJar,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let courriel = saisie.valeur("courriel").trim().to_owned();
    let mot_de_passe = saisie.valeur("mot_de_passe").to_owned();
    if courriel.is_empty() {
        saisie.refuser("courriel", "Adresse de courriel", &ErreurChamp::Requis);
    }
    if mot_de_passe.is_empty() {
        saisie.refuser("mot_de_passe", "Mot de passe", &ErreurChamp::Requis);
    }
    if saisie.en_erreur() {
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie)).into_response());
    }
    let maintenant = etat.horloge.maintenant();
    let essais = Essais::mot_de_passe(&courriel, adresse);
    let mut conn = etat.pool.acquire().await?;
    if let Err(trop) = essais.verifier(&mut conn, maintenant).await? {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(page(&etat, &visiteur, saisie)));
    }
    // No address holds a control character, and PostgreSQL takes no text with a null one.
    let trouve = if courriel.chars().any(char::is_control) {
        None
    } else {
        comptes::load_par_courriel(&mut conn, &courriel).await?
    };
    drop(conn);
    let (compte, hachage) = trouve.unzip();
    let plausible = mot_de_passe.chars().count() <= robustesse::AU_PLUS;
    let ouvre = plausible && verifier(&etat.hachages, mot_de_passe, hachage).await?;
    let mut conn = etat.pool.acquire().await?;
    let Some(compte) = compte.filter(|_| ouvre) else {
        essais.noter(&mut conn, maintenant).await?;
        let motif = "l’adresse ou le mot de passe est incorrect".to_owned();
        saisie.refuser("courriel", "", &ErreurChamp::Motif(motif));
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie)).into_response());
    };
    essais.oublier(&mut conn).await?;
    drop(conn);
    entree::entrer(&etat, &visiteur, &compte, Preuves::default(), saisie, &entetes, jar).await
}

/// Closes the session.
///
/// # Errors
/// The database's.
pub async fn deconnecter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jar: CookieJar,
    Formulaire(_): Formulaire,
) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let jeton = sessions::load_jeton_identite(&mut conn, visiteur.cle()).await?;
    session::fermer(&mut conn, &visiteur).await?;
    drop(conn);
    let suite = delegation::apres_sortie(&etat, jeton.as_deref()).await?;
    Ok((jar.add(session::cookie_oublie(&etat)), suite).into_response())
}
