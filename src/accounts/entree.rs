//! The door: once the first factor is shown, the code is asked or the session opens, and one goes where one was going.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use chrono::TimeDelta;

use super::code::PageCode;
use crate::domain::compte::Compte;
use crate::store::second_facteur;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::Page;
use crate::web::pages::espace;
use crate::web::reprise::{PageReprise, Reprise};
use crate::web::session::{self, Preuves, Visiteur};

/// Time to find the device and type the code.
const DELAI: TimeDelta = TimeDelta::minutes(10);
/// Hidden field: the log-in that waits for its code.
pub const DEFI: &str = "defi";

/// Lets in who has shown the first factor: asks for the code of an account that has a second one, unless it was shown too.
/// The form says where one was going.
///
/// # Errors
/// The database's.
pub async fn entrer(
    etat: &Etat,
    visiteur: &Visiteur,
    compte: &Compte,
    preuves: Preuves,
    mut saisie: Saisie,
    entetes: &HeaderMap,
    jar: CookieJar,
) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let facteur = second_facteur::load(&mut conn, compte.id).await?;
    if preuves.forte || facteur.is_none_or(|f| f.active_le.is_none()) {
        drop(conn);
        return ouvrir(etat, visiteur, compte, &preuves, &saisie, entetes, jar).await;
    }
    let (jeton, cle) = session::jeton()?;
    let maintenant = etat.horloge.maintenant();
    let jeton_identite = preuves.jeton_identite.as_deref();
    second_facteur::create_defi(
        &mut conn,
        &cle,
        compte.id,
        jeton_identite,
        maintenant,
        maintenant + DELAI,
    )
    .await?;
    saisie.fixer(DEFI, jeton);
    Ok(Page(StatusCode::OK, PageCode::nouvelle(etat, visiteur, saisie)).into_response())
}

/// Opens the session and leads to where one was going: a form to send again, a page, or the account's space.
///
/// # Errors
/// The database's.
pub async fn ouvrir(
    etat: &Etat,
    visiteur: &Visiteur,
    compte: &Compte,
    preuves: &Preuves,
    saisie: &Saisie,
    entetes: &HeaderMap,
    jar: CookieJar,
) -> Result<Response, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let (cookie, visiteur) = session::ouvrir(&mut conn, etat, visiteur, compte, preuves, entetes).await?;
    drop(conn);
    let jar = jar.add(cookie);
    if let Some(reprise) = Reprise::portee(saisie) {
        let page = PageReprise::nouvelle(etat, &visiteur, reprise);
        return Ok((jar, Page(StatusCode::OK, page)).into_response());
    }
    let ensuite = retour_sur(saisie.valeur("retour")).unwrap_or_else(|| espace(compte));
    Ok((jar, Redirect::to(ensuite)).into_response())
}

/// Where to go once logged in; never back to a log-in page or out.
pub fn retour_sur(retour: &str) -> Option<&str> {
    chemins::local(retour).filter(|r| !r.starts_with(chemins::CONNEXION) && *r != chemins::DECONNEXION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_only_to_a_page_of_the_portal() {
        assert_eq!(retour_sur("/porteur"), Some("/porteur"));
        for ailleurs in [
            "",
            "//mal.example",
            "https://mal.example",
            "/\\mal.example",
            "/a\r\nb",
            "/\t/mal.example",
            "/a\0b",
            "/connexion",
            "/connexion/code",
        ] {
            assert_eq!(retour_sur(ailleurs), None, "{ailleurs}");
        }
    }
}
