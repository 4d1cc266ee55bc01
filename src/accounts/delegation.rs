//! Log-in by an identity provider. Its first visit is tied to the account of the same address, which is told by mail.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use chrono::TimeDelta;

use super::{connexion, entree};
use crate::domain::compte::Compte;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::courriels::Destinataire;
use crate::store::{comptes, identites, transaction};
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::identite::{Fournisseur, Identite};
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::parametres::Parametres;
use crate::web::session::{self, Preuves, Visiteur};

/// Time to log in at the provider's.
const DELAI: TimeDelta = TimeDelta::minutes(15);

/// The page of who has logged out here but not at the provider's.
#[derive(Template)]
#[template(path = "comptes/delegation.html")]
pub struct Sortie {
    habillage: Habillage,
    fournisseur: String,
    adresse: String,
}

/// Where to go once logged in.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    retour: Option<String>,
}

/// What the provider answers.
#[derive(Default, serde::Deserialize)]
pub struct Reponse {
    code: Option<String>,
    state: Option<String>,
}

fn fournisseur(etat: &Etat) -> Result<&Fournisseur, Echec> {
    etat.identite.as_ref().ok_or_else(Echec::introuvable)
}

/// Ties the visitor to the browser it left with: a link forged elsewhere logs nobody in.
fn temoin(etat: &Etat, jeton: String) -> Cookie<'static> {
    let nom = if etat.cookies_surs {
        "__Host-identite"
    } else {
        "identite"
    };
    Cookie::build((nom, jeton))
        .path("/")
        .http_only(true)
        .secure(etat.cookies_surs)
        .same_site(SameSite::Lax)
        .build()
}

/// Leads to the provider.
///
/// # Errors
/// No provider: the page does not exist; the database's.
pub async fn partir(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jar: CookieJar,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    let fournisseur = fournisseur(&etat)?;
    if let Some(compte) = visiteur.compte() {
        return Ok(Redirect::to(espace(compte)).into_response());
    }
    let (jeton, cle) = session::jeton()?;
    let (adresse, voyage) = match fournisseur.depart(&jeton, demande.retour.unwrap_or_default()).await {
        Ok(depart) => depart,
        Err(cause) => return Ok(en_panne(&etat, &visiteur, fournisseur, &cause)),
    };
    let maintenant = etat.horloge.maintenant();
    let mut conn = etat.pool.acquire().await?;
    identites::create_voyage(&mut conn, &cle, &voyage, maintenant, maintenant + DELAI).await?;
    Ok((jar.add(temoin(&etat, jeton)), Redirect::to(&adresse)).into_response())
}

/// Comes back: opens the session of the account that the provider vouches for.
///
/// # Errors
/// No provider: the page does not exist; the database's.
pub async fn revenir(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    entetes: HeaderMap,
    jar: CookieJar,
    Parametres(reponse): Parametres<Reponse>,
) -> Result<Response, Echec> {
    let fournisseur = fournisseur(&etat)?;
    let maintenant = etat.horloge.maintenant();
    let etat_rendu = reponse.state.unwrap_or_default();
    let mut oubli = temoin(&etat, String::new());
    let parti_d_ici = jar.get(oubli.name()).is_some_and(|c| c.value() == etat_rendu);
    oubli.make_removal();
    let jar = jar.add(oubli);
    let voyage = if parti_d_ici {
        identites::take_voyage(&mut *etat.pool.acquire().await?, &session::cle(&etat_rendu), maintenant).await?
    } else {
        None
    };
    let (Some(voyage), Some(code)) = (voyage, reponse.code) else {
        let motif = format!("la connexion par {} n’a pas abouti\u{a0}: recommencez", fournisseur.nom);
        return Ok((jar, refus(&etat, &visiteur, StatusCode::FORBIDDEN, motif)).into_response());
    };
    let mut saisie = Saisie::vide();
    saisie.fixer("retour", voyage.retour.clone());
    let identite = match fournisseur.identifier(voyage, code).await {
        Ok(identite) => identite,
        Err(cause) => return Ok((jar, en_panne(&etat, &visiteur, fournisseur, &cause)).into_response()),
    };
    let Some((compte, nouvelle)) = reconnaitre(&etat, fournisseur, &identite).await? else {
        let motif = match &identite.courriel {
            Some(courriel) => format!("aucun compte du portail n’a l’adresse {courriel}\u{a0}: demandez-en un"),
            None => format!("{} n’a pas donné d’adresse vérifiée", fournisseur.nom),
        };
        return Ok((jar, refus(&etat, &visiteur, StatusCode::FORBIDDEN, motif)).into_response());
    };
    let preuves = Preuves {
        // The first time, the address alone ties an agent: its own second factor is asked.
        forte: identite.forte && !(nouvelle && compte.est_agent()),
        jeton_identite: Some(identite.jeton),
    };
    entree::entrer(&etat, &visiteur, &compte, preuves, saisie, &entetes, jar).await
}

/// The account of an identity: the one it was tied to, else the one of its address, which it is then tied to; and whether it
/// was tied just now.
async fn reconnaitre(
    etat: &Etat,
    fournisseur: &Fournisseur,
    identite: &Identite,
) -> Result<Option<(Compte, bool)>, Echec> {
    let mut tx = transaction::commencer(&etat.pool).await?;
    if let Some(compte) = identites::load(&mut tx, &identite.emetteur, &identite.sujet).await? {
        return Ok(comptes::load(&mut tx, compte).await?.map(|compte| (compte, false)));
    }
    let Some(courriel) = identite.courriel.as_deref().filter(|c| !etat.montre(c)) else {
        return Ok(None);
    };
    let Some((compte, _)) = comptes::load_par_courriel(&mut tx, courriel).await? else {
        return Ok(None);
    };
    let maintenant = etat.horloge.maintenant();
    if identites::create(&mut tx, &identite.emetteur, &identite.sujet, compte.id, maintenant).await? {
        let evenement = EvenementCompte::IdentiteLiee {
            fournisseur: fournisseur.nom.clone(),
            quand: maintenant,
        };
        avis::prevenir(&mut tx, etat, Destinataire::Compte(compte.id), evenement, None).await?;
    }
    tx.commit().await?;
    Ok(Some((compte, true)))
}

fn en_panne(etat: &Etat, visiteur: &Visiteur, fournisseur: &Fournisseur, cause: &anyhow::Error) -> Response {
    tracing::error!(cause = format!("{cause:#}"), "connexion par le fournisseur d’identité");
    let motif = format!(
        "{} ne répond pas comme il faut pour l’instant\u{a0}: connectez-vous avec votre mot de passe, ou réessayez plus tard",
        fournisseur.nom
    );
    refus(etat, visiteur, StatusCode::BAD_GATEWAY, motif)
}

/// The log-in page, saying why the provider's way did not lead in.
fn refus(etat: &Etat, visiteur: &Visiteur, statut: StatusCode, motif: String) -> Response {
    let mut saisie = Saisie::vide();
    saisie.refuser("courriel", "", &ErreurChamp::Motif(motif));
    Page(statut, connexion::page(etat, visiteur, saisie)).into_response()
}

/// What follows a log-out: the home page, or the way out of the provider, whose session is still open.
///
/// # Errors
/// Rendering.
pub async fn apres_sortie(etat: &Etat, jeton: Option<&str>) -> Result<Response, Echec> {
    let accueil = || Ok(Redirect::to(chemins::ACCUEIL).into_response());
    let (Some(fournisseur), Some(jeton)) = (&etat.identite, jeton) else {
        return accueil();
    };
    match fournisseur.sortie(jeton).await {
        Ok(Some(adresse)) => {
            let page = Sortie {
                habillage: habiller(etat, &Visiteur::default(), "Vous êtes déconnecté du portail"),
                fournisseur: fournisseur.nom.clone(),
                adresse: adresse.into(),
            };
            Ok(Page(StatusCode::OK, page).into_response())
        }
        Ok(None) => accueil(),
        Err(cause) => {
            tracing::warn!(cause = format!("{cause:#}"), "sortie du fournisseur d’identité");
            accueil()
        }
    }
}
