//! One request for an account: a signatory of the OG or, as long as there is none, the accompagnement lets the person in or
//! says why not. The person is written to either way.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::compte::{Profil, RoleOg};
use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::nomenclature::Liste;
use crate::store::acces::organisme::DemandeATraiter;
use crate::store::courriels::Destinataire;
use crate::store::demandes;
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

/// Longest reason; the page says it too.
const MOTIF_AU_PLUS: usize = 1000;

/// The page.
#[derive(Template)]
#[template(path = "comptes/demande.html")]
pub struct PageDemande {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    lignes: Vec<Ligne>,
    decisions: Vec<Choix>,
    roles: Vec<Choix>,
}

/// What the page after the decision says of it.
pub fn dit(fait: Option<&str>) -> &'static str {
    match fait {
        Some("approuve") => "Le compte est ouvert. La personne a reçu un courriel.",
        Some("refuse") => "La demande est refusée. La personne a reçu un courriel avec votre motif.",
        _ => "",
    }
}

/// Where the list is that holds the request.
fn liste(acces: &DemandeATraiter) -> &'static str {
    match acces.auteur().profil {
        Profil::Og { .. } => chemins::ORGANISME,
        _ => chemins::DEMANDES,
    }
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &DemandeATraiter, saisie: Saisie) -> PageDemande {
    let demande = acces.demande();
    let decision = |valeur, libelle| {
        let mut choix = Choix::nouveau(valeur, libelle);
        choix.suite = true;
        choix
    };
    PageDemande {
        habillage: habiller(etat, visiteur, "Demande de compte")
            .retour(liste(acces), "Retour à la liste")
            .erreurs(&saisie),
        saisie,
        action: chemins::demande(demande.id),
        lignes: vec![
            Ligne::nouvelle("Prénom et nom", demande.nom.clone()),
            Ligne::nouvelle("Adresse de courriel, confirmée", demande.courriel.clone()),
            Ligne::nouvelle(
                "Organisme gestionnaire",
                format!("{} ({})", demande.organisme, demande.og),
            ),
            Ligne::nouvelle("Compte créé le", instant(demande.cree_le)),
        ],
        decisions: vec![
            decision("approuver", "Ouvrir le compte"),
            decision("refuser", "Refuser la demande"),
        ],
        roles: titulaire::roles(),
    }
}

/// Shows the request.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur, acces: DemandeATraiter) -> Page<PageDemande> {
    let mut saisie = Saisie::vide();
    // The first account of an OG signs for it.
    let role = match acces.auteur().profil {
        Profil::Og { .. } => RoleOg::Edition,
        _ => RoleOg::Depot,
    };
    saisie.fixer("role", role.code());
    Page(StatusCode::OK, page(&etat, &visiteur, &acces, saisie))
}

/// A decision as typed.
enum Decision {
    Approuver(RoleOg),
    Refuser(String),
}

fn lire(saisie: &mut Saisie) -> Option<Decision> {
    match saisie.valeur("decision") {
        "approuver" => titulaire::role(saisie).map(Decision::Approuver),
        "refuser" => {
            let motif = saisie.valeur("motif").trim().to_owned();
            let erreur = match motif.chars().count() {
                0 => Some(ErreurChamp::Requis),
                n if n > MOTIF_AU_PLUS => Some(ErreurChamp::TropLong { max: MOTIF_AU_PLUS }),
                _ => None,
            };
            if let Some(erreur) = &erreur {
                saisie.refuser("motif", "Motif du refus", erreur);
            }
            erreur.is_none().then_some(Decision::Refuser(motif))
        }
        _ => {
            saisie.refuser("decision", "Décision", &ErreurChamp::ChoixRequis);
            None
        }
    }
}

/// Decides.
///
/// # Errors
/// [`Erreur::Conflit`] when somebody decided meanwhile; the database's.
pub async fn decider(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DemandeATraiter,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let Some(decision) = lire(&mut saisie) else {
        let page = page(&etat, &visiteur, &acces, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let demande = acces.demande();
    let mut tx = acces.commencer(&etat.pool).await?;
    let organisme = titulaire::organisme(&mut tx, demande.og).await?;
    let qui = format!("{} ({})", demande.nom, demande.courriel);
    let (decide, fait, action, evenement) = match decision {
        Decision::Approuver(role) => (
            demandes::approuver(&mut tx, &acces, role).await?,
            "approuve",
            format!("A ouvert le compte de {qui}, rôle {}", role.libelle()),
            EvenementCompte::DemandeAcceptee { organisme, role },
        ),
        Decision::Refuser(motif) => (
            demandes::refuser(&mut tx, &acces).await?,
            "refuse",
            format!("A refusé un compte à {qui}\u{a0}: {motif}"),
            EvenementCompte::DemandeRefusee { organisme, motif },
        ),
    };
    if !decide {
        return Err(Erreur::Conflit.into());
    }
    avis::noter(&mut tx, &etat, demande.og, &acces.auteur().nom, action).await?;
    avis::prevenir(&mut tx, &etat, Destinataire::Compte(demande.id), evenement, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(liste(&acces), fait)).into_response())
}
