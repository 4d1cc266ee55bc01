//! Sign-up: first the OG, found by its name or its number, then the person. The answer is the same whether or not the
//! address is already an account's: only the mail tells.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use sqlx::PgConnection;

use super::robustesse;
use crate::domain::compte::Perimetre;
use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::finess::{Finess, FinessErreur};
use crate::store::acces;
use crate::store::comptes;
use crate::store::courriels::Destinataire;
use crate::store::inscriptions::{self, Inscription};
use crate::store::recherche::chercher_organismes;
use crate::store::registre::{OrganismeRegistre, charger_essms, charger_organismes};
use crate::web::acces::FormulaireAnonyme;
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller};
use crate::web::parametres::Parametres;
use crate::web::session::{self, Visiteur};
use crate::web::titulaire;

/// How long the link of the mail works.
const DUREE: TimeDelta = TimeDelta::hours(24);
/// OGs shown for a search.
const TROUVES_AU_PLUS: i64 = 12;

/// The page.
#[derive(Template)]
#[template(path = "comptes/inscription.html")]
pub struct Inscrire {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    conditions: &'static str,
    connexion: &'static str,
    envoyee: bool,
    og: Option<Organisme>,
    recherche: String,
    message: String,
    trouves: Vec<Organisme>,
}

/// An OG to choose.
#[derive(Clone)]
struct Organisme {
    finess: String,
    nom: String,
    lieu: String,
    href: String,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
    og: Option<String>,
    fait: Option<String>,
}

impl From<&OrganismeRegistre> for Organisme {
    fn from(o: &OrganismeRegistre) -> Self {
        Self {
            finess: o.finess.to_string(),
            nom: o.nom.clone().unwrap_or_else(|| format!("Organisme {}", o.finess)),
            lieu: o.commune.clone().unwrap_or_default(),
            href: chemins::avec_parametres(chemins::INSCRIPTION, &[("og", o.finess.as_str())]),
        }
    }
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Inscrire {
    Inscrire {
        habillage: habiller(etat, visiteur, "Créer un compte").erreurs(&saisie),
        saisie,
        action: chemins::INSCRIPTION,
        conditions: chemins::CONDITIONS,
        connexion: chemins::CONNEXION,
        envoyee: false,
        og: None,
        recherche: String::new(),
        message: String::new(),
        trouves: Vec::new(),
    }
}

/// Shows the search of the OG, then the form, then where to read on.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    if let Some(compte) = visiteur.compte() {
        return Ok(Redirect::to(espace(compte)).into_response());
    }
    let mut page = page(&etat, &visiteur, Saisie::vide());
    page.envoyee = demande.fait.is_some();
    let mut conn = etat.pool.acquire().await?;
    let choisi = demande.og.as_deref().and_then(|og| Finess::parse(og).ok());
    if let Some(og) = choisi {
        page.og = charger_organismes(&mut conn, &[og]).await?.first().map(Organisme::from);
        page.saisie.fixer("og", og.to_string());
    }
    demande.q.unwrap_or_default().trim().clone_into(&mut page.recherche);
    if page.og.is_none() && !page.recherche.is_empty() {
        let texte = page.recherche.clone();
        (page.message, page.trouves) = chercher(&mut conn, &texte).await?;
    }
    Ok(Page(StatusCode::OK, page).into_response())
}

/// OGs that answer, and what to say of them. The number of an establishment leads to its OG.
async fn chercher(conn: &mut PgConnection, texte: &str) -> Result<(String, Vec<Organisme>), Echec> {
    let texte: String = texte.chars().filter(|c| !c.is_control()).take(200).collect();
    let numero = Finess::parse(&texte);
    if let Ok(numero) = numero
        && let Some(essms) = charger_essms(conn, &[numero]).await?.into_iter().next()
    {
        let trouves = charger_organismes(conn, &[essms.organisme]).await?;
        let message = format!(
            "Le numéro {numero} est celui de l’établissement «\u{a0}{}\u{a0}». Voici son organisme gestionnaire.",
            essms.nom
        );
        return Ok((message, trouves.iter().map(Organisme::from).collect()));
    }
    let trouves = chercher_organismes(conn, &texte, TROUVES_AU_PLUS).await?;
    let message = match (trouves.len(), numero) {
        (0, Err(FinessErreur::Cle)) => format!("{texte}\u{a0}: {}.", FinessErreur::Cle),
        (0, _) => {
            "Aucun organisme ne correspond. Essayez un autre mot du nom, ou le numéro FINESS juridique (EJ).".into()
        }
        (1, _) => "Un organisme trouvé.".to_owned(),
        (n, _) => format!("{n}\u{a0}organismes trouvés, les plus proches d’abord."),
    };
    Ok((message, trouves.iter().map(Organisme::from).collect()))
}

/// Takes the sign-up, and writes to the address.
///
/// # Errors
/// The database's.
pub async fn demander(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Adresse(adresse): Adresse,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let nom = titulaire::nom(&mut saisie);
    let courriel = titulaire::courriel(&mut saisie);
    titulaire::conditions(&mut saisie);
    let mut conn = etat.pool.acquire().await?;
    let og = match Finess::parse(saisie.valeur("og")) {
        Ok(og) => charger_organismes(&mut conn, &[og]).await?.into_iter().next(),
        Err(_) => None,
    };
    let Some(og) = og else {
        return Ok(Redirect::to(chemins::INSCRIPTION).into_response());
    };
    let maintenant = etat.horloge.maintenant();
    let envois = Envois::compte(&courriel, adresse);
    let organisme = Organisme::from(&og);
    let refusee = |saisie: Saisie| {
        let mut page = page(&etat, &visiteur, saisie);
        page.og = Some(organisme.clone());
        page
    };
    // Before the work of hashing a password.
    if !saisie.en_erreur()
        && let Err(trop) = envois.verifier(&mut conn, maintenant).await?
    {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(refusee(saisie)));
    }
    drop(conn);
    let mots = [nom.as_str(), &courriel, &organisme.nom];
    let hachage = robustesse::choisir(&etat, &mut saisie, &mots).await?;
    let Some(mot_de_passe) = hachage.filter(|_| !saisie.en_erreur()) else {
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, refusee(saisie)).into_response());
    };
    if let Err(trop) = envois.compter(&mut *etat.pool.acquire().await?, maintenant).await? {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(refusee(saisie)));
    }
    let (jeton, cle) = session::jeton()?;
    let inscription = Inscription {
        cle,
        courriel,
        nom,
        mot_de_passe,
        og: og.finess,
        cree_le: maintenant,
    };
    ecrire(&etat, &inscription, &organisme.nom, &jeton).await?;
    Ok(Redirect::to(&chemins::fait(chemins::INSCRIPTION, "inscription")).into_response())
}

/// Keeps the sign-up and sends its link; an account that has the address is told instead.
async fn ecrire(etat: &Etat, inscription: &Inscription, organisme: &str, jeton: &str) -> Result<(), Echec> {
    let mut tx = acces::commencer(&etat.pool, &Perimetre::de_l_og(inscription.og)).await?;
    let connu = comptes::load_id(&mut tx, &inscription.courriel).await?;
    let lien = chemins::confirmation(jeton);
    let (destinataire, evenement, secret) = if let Some(compte) = connu {
        (Destinataire::Compte(compte), EvenementCompte::DejaInscrit, None)
    } else {
        inscriptions::create(&mut tx, inscription, inscription.cree_le + DUREE).await?;
        let evenement = EvenementCompte::Confirmation {
            organisme: organisme.to_owned(),
        };
        let destinataire = Destinataire::Adresse(&inscription.courriel);
        (destinataire, evenement, Some(lien.as_str()))
    };
    avis::prevenir(&mut tx, etat, destinataire, evenement, secret).await?;
    Ok(tx.commit().await?)
}
