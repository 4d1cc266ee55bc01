//! The code of the second factor, asked after the first; and the check that other pages make of it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::connexion;
use super::entree::{self, DEFI};
use super::totp::{self, Code};
use crate::domain::compte::Compte;
use crate::store::second_facteur::{self, SecondFacteur};
use crate::store::{comptes, transaction};
use crate::web::acces::FormulaireAnonyme;
use crate::web::adresse::Adresse;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::essais::Essais;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::reprise::{CHAMP_CHEMIN, CHAMP_CORPS};
use crate::web::session::{self, Preuves, Visiteur};

/// Name of the field of the code.
pub const CHAMP: &str = "code";

/// The page that asks for the code.
#[derive(Template)]
#[template(path = "comptes/code.html")]
pub struct PageCode {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    connexion: &'static str,
}

impl PageCode {
    /// Asks for the code of the log-in that the form carries.
    pub fn nouvelle(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Self {
        Self {
            habillage: habiller(etat, visiteur, "Code de connexion").erreurs(&saisie),
            saisie,
            action: chemins::CONNEXION_CODE,
            connexion: chemins::CONNEXION,
        }
    }
}

/// Whoever asks for this page by its address begins again.
pub async fn recommencer() -> Redirect {
    Redirect::to(chemins::CONNEXION)
}

/// Opens the session of who types the right code.
///
/// # Errors
/// The database's.
pub async fn verifier(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Adresse(adresse): Adresse,
    entetes: HeaderMap,
    jar: CookieJar,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let maintenant = etat.horloge.maintenant();
    let cle = session::cle(saisie.valeur(DEFI));
    let mut tx = transaction::commencer(&etat.pool).await?;
    let attendu = match second_facteur::load_defi(&mut tx, &cle, maintenant).await? {
        Some(defi) => comptes::load(&mut tx, defi.compte).await?.map(|compte| (compte, defi)),
        None => None,
    };
    let Some((compte, defi)) = attendu else {
        let motif = "le délai pour donner le code est passé\u{a0}: recommencez".to_owned();
        saisie.refuser("courriel", "", &ErreurChamp::Motif(motif));
        let page = connexion::page(&etat, &visiteur, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let essais = Essais::code(&compte.courriel, adresse);
    if let Err(trop) = essais.verifier(&mut tx, maintenant).await? {
        trop.refuser(&mut saisie, CHAMP);
        saisie.fixer(CHAMP, String::new());
        return Ok(trop.repondre(PageCode::nouvelle(&etat, &visiteur, saisie)));
    }
    let facteur = second_facteur::load(&mut tx, compte.id).await?;
    if !prouver(&mut tx, &compte, facteur.as_ref(), &mut saisie, maintenant).await? {
        essais.noter(&mut tx, maintenant).await?;
        tx.commit().await?;
        let page = PageCode::nouvelle(&etat, &visiteur, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    essais.oublier(&mut tx).await?;
    second_facteur::delete_defi(&mut tx, &cle).await?;
    tx.commit().await?;
    let preuves = Preuves {
        forte: true,
        jeton_identite: defi.jeton_identite,
    };
    entree::ouvrir(&etat, &visiteur, &compte, &preuves, &saisie, &entetes, jar).await
}

/// Whether the form holds a code of this account that was not used yet, which it uses up; else the field says what is wrong.
///
/// # Errors
/// The database's.
pub async fn prouver(
    conn: &mut PgConnection,
    compte: &Compte,
    facteur: Option<&SecondFacteur>,
    saisie: &mut Saisie,
    maintenant: DateTime<Utc>,
) -> Result<bool, Echec> {
    let tape = saisie.valeur(CHAMP).to_owned();
    if tape.trim().is_empty() {
        saisie.refuser(CHAMP, "Code", &ErreurChamp::Requis);
        return Ok(false);
    }
    let juste = match (totp::lire(&tape), facteur) {
        (Some(Code::Application(code)), Some(facteur)) => {
            match totp::pas(&facteur.secret, &code, maintenant.timestamp())? {
                Some(pas) => second_facteur::user_pas(conn, compte.id, pas).await?,
                None => false,
            }
        }
        (Some(Code::Secours(code)), _) => second_facteur::user_code(conn, compte.id, &session::cle(&code)).await?,
        (None, _) | (_, None) => false,
    };
    if !juste {
        let motif = "ce code n’est pas le bon, ou a déjà servi\u{a0}: attendez le suivant".to_owned();
        saisie.refuser(CHAMP, "Code", &ErreurChamp::Motif(motif));
    }
    // What is typed again is another code.
    saisie.fixer(CHAMP, String::new());
    Ok(juste)
}
