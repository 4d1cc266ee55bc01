//! My second factor: set up with an application, its recovery codes, taken off. Agents (ARS, accompagnement, administration)
//! have one, except in a demonstration.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use sqlx::PgConnection;

use super::code::prouver;
use super::mot_de_passe::redemander;
use super::totp::{self, Enrolement};
use crate::domain::compte::Compte;
use crate::domain::courriel_compte::EvenementCompte;
use crate::store::courriels::Destinataire;
use crate::store::second_facteur::{self, SecondFacteur};
use crate::store::{sessions, transaction};
use crate::web::acces::{Connecte, Formulaire};
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::essais::Essais;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::parametres::Parametres;
use crate::web::session::{self, Preuves, Visiteur};
use crate::web::vue::instant;

/// The page.
#[derive(Template)]
#[template(path = "comptes/second_facteur.html")]
pub struct PageFacteur {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    vue: Vue,
    /// Whether the account may not do without.
    exige: bool,
    /// Whether the account is one of a demonstration, that everybody enters.
    public: bool,
    fait: &'static str,
    suite: &'static str,
}

/// Where it stands.
enum Vue {
    Absent,
    Prepare(Enrolement),
    Actif {
        depuis: String,
        codes: i64,
    },
    /// Just given: they are shown once.
    Codes(Vec<String>),
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn vue(facteur: Option<&SecondFacteur>, compte: &Compte) -> Result<Vue, Echec> {
    Ok(match facteur {
        None => Vue::Absent,
        Some(f) => match f.active_le {
            None => Vue::Prepare(totp::enroler(&f.secret, &compte.courriel)?),
            Some(depuis) => Vue::Actif {
                depuis: instant(depuis),
                codes: f.codes,
            },
        },
    })
}

fn page(etat: &Etat, visiteur: &Visiteur, compte: &Compte, saisie: Saisie, vue: Vue) -> PageFacteur {
    PageFacteur {
        habillage: habiller(etat, visiteur, "Connexion en deux temps")
            .retour(chemins::COMPTE, "Mon compte")
            .erreurs(&saisie),
        saisie,
        action: chemins::SECOND_FACTEUR,
        vue,
        exige: compte.est_agent() && !etat.demonstration,
        public: etat.montre(&compte.courriel),
        fait: "",
        suite: espace(compte),
    }
}

/// Shows where it stands.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageFacteur>, Echec> {
    let facteur = second_facteur::load(&mut *etat.pool.acquire().await?, compte.id).await?;
    let vue = vue(facteur.as_ref(), &compte)?;
    let mut page = page(&etat, &visiteur, &compte, Saisie::vide(), vue);
    if demande.fait.is_some() {
        page.fait = "La connexion en deux temps est désactivée.";
    }
    Ok(Page(StatusCode::OK, page))
}

/// Sets it up, puts it in use, gives new recovery codes or takes it off, as the button says.
///
/// # Errors
/// Too many wrong codes; the database's.
pub async fn agir(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Adresse(adresse): Adresse,
    entetes: HeaderMap,
    jar: CookieJar,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let ici = || Ok(Redirect::to(chemins::SECOND_FACTEUR).into_response());
    // Everybody enters these accounts: nobody may lock the others out.
    if etat.montre(&compte.courriel) {
        return ici();
    }
    let maintenant = etat.horloge.maintenant();
    // Whoever finds a session open could lock its owner out. Asked before a connection is taken: it takes its own.
    let reconnu = saisie.valeur("action") != "activer" || redemander(&etat, &compte, adresse, &mut saisie).await?;
    let mut tx = transaction::commencer(&etat.pool).await?;
    if saisie.valeur("action") == "preparer" {
        second_facteur::preparer(&mut tx, compte.id, &totp::secret()?).await?;
        tx.commit().await?;
        return ici();
    }
    if !reconnu {
        let facteur = second_facteur::load(&mut tx, compte.id).await?;
        let page = page(&etat, &visiteur, &compte, saisie, vue(facteur.as_ref(), &compte)?);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let essais = Essais::code(&compte.courriel, adresse);
    essais.verifier(&mut tx, maintenant).await??;
    let facteur = second_facteur::load(&mut tx, compte.id).await?;
    let Some(facteur) = facteur else { return ici() };
    if !prouver(&mut tx, &compte, Some(&facteur), &mut saisie, maintenant).await? {
        essais.noter(&mut tx, maintenant).await?;
        tx.commit().await?;
        let page = page(&etat, &visiteur, &compte, saisie, vue(Some(&facteur), &compte)?);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    essais.oublier(&mut tx).await?;
    let exige = compte.est_agent() && !etat.demonstration;
    match (saisie.valeur("action"), facteur.active_le) {
        ("retirer", Some(_)) if !exige => {
            second_facteur::delete(&mut tx, compte.id).await?;
            prevenir(&mut tx, &etat, &compte, false).await?;
            tx.commit().await?;
            Ok(Redirect::to(&chemins::fait(chemins::SECOND_FACTEUR, "retrait")).into_response())
        }
        ("codes", Some(_)) => {
            let codes = nouveaux_codes(&mut tx, &compte).await?;
            tx.commit().await?;
            let page = page(&etat, &visiteur, &compte, saisie, Vue::Codes(codes));
            Ok(Page(StatusCode::OK, page).into_response())
        }
        ("activer", None) => {
            second_facteur::activer(&mut tx, compte.id, maintenant).await?;
            let codes = nouveaux_codes(&mut tx, &compte).await?;
            prevenir(&mut tx, &etat, &compte, true).await?;
            session::fermer_les_autres(&mut tx, &visiteur).await?;
            // What a session may do has grown: its token changes.
            let preuves = Preuves {
                forte: true,
                jeton_identite: sessions::load_jeton_identite(&mut tx, visiteur.cle()).await?,
            };
            let (cookie, visiteur) = session::ouvrir(&mut tx, &etat, &visiteur, &compte, &preuves, &entetes).await?;
            tx.commit().await?;
            let page = page(&etat, &visiteur, &compte, saisie, Vue::Codes(codes));
            Ok((jar.add(cookie), Page(StatusCode::OK, page)).into_response())
        }
        // A page left open, or a hand-made form: the code is not used up, the page says where things stand.
        _ => ici(),
    }
}

async fn nouveaux_codes(conn: &mut PgConnection, compte: &Compte) -> Result<Vec<String>, Echec> {
    let codes = totp::codes_de_secours()?;
    let cles: Vec<Vec<u8>> = codes.iter().map(|code| session::cle(code)).collect();
    second_facteur::save_codes(conn, compte.id, &cles).await?;
    Ok(codes.iter().map(|code| totp::presenter(code)).collect())
}

async fn prevenir(conn: &mut PgConnection, etat: &Etat, compte: &Compte, actif: bool) -> sqlx::Result<()> {
    let evenement = EvenementCompte::SecondFacteur {
        actif,
        quand: etat.horloge.maintenant(),
    };
    avis::prevenir(conn, etat, Destinataire::Compte(compte.id), evenement, None).await
}
