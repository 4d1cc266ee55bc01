//! An invitation into the grappe of another OG: who asks, for which ESSMS; a signatory accepts or declines.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use super::accord::{MOTIF, lire_motif};
use super::atelier::noter;
use super::composition::{Composition, juger};
use super::courrier::{Lettre, prevenir};
use crate::domain::compte::RoleOg;
use crate::domain::courriel_grappe::Quoi;
use crate::domain::finess::Finess;
use crate::domain::participation::EtatParticipation;
use crate::store::acces::partage::{InvitationRecue, InvitationSignee};
use crate::store::acces::{EspaceOg, Lecture};
use crate::store::registre::charger_essms;
use crate::store::{dossiers, participations, recues};
use crate::web::acces::{Formulaire, Jeton};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue::instant;

/// The page.
#[derive(Template)]
#[template(path = "porteur/invitation.html")]
pub struct PageInvitation {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    porteur: String,
    nom: String,
    edition: String,
    fictif: bool,
    essms: Vec<(String, String)>,
    invitee_le: String,
    expire_le: String,
    expiree: bool,
    signataire: bool,
}

async fn page(
    conn: &mut PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &InvitationRecue,
    saisie: Saisie,
) -> Result<PageInvitation, Echec> {
    let i = acces.invitation();
    let essms = charger_essms(conn, &i.essms).await?;
    Ok(PageInvitation {
        habillage: habiller(etat, visiteur, "Invitation dans une grappe")
            .retour(chemins::PORTEUR, "Tableau de bord")
            .erreurs(&saisie),
        saisie,
        action: chemins::grappe_invitation(i.dossier),
        porteur: titulaire::organisme(conn, i.porteur).await?,
        nom: i.nom.clone(),
        edition: etat
            .edition(&i.edition)
            .map_or_else(|| i.edition.clone(), |e| e.titre.clone()),
        fictif: i.fictif,
        essms: essms
            .into_iter()
            .map(|e| (e.finess.to_string(), format!("{}, {}", e.nom, e.commune)))
            .collect(),
        invitee_le: instant(i.invitee_le),
        expire_le: instant(i.expire_le),
        expiree: i.expire_le <= etat.horloge.maintenant(),
        signataire: acces.compte().role_og() == Some(RoleOg::Depot),
    })
}

/// Shows the invitation.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: InvitationRecue,
) -> Result<Page<PageInvitation>, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let page = page(&mut conn, &etat, &visiteur, &acces, Saisie::vide()).await?;
    Ok(Page(StatusCode::OK, page))
}

/// Follows the link of the mail, for an account of the invited OG: to the invitation or, once accepted, to the grappe.
///
/// # Errors
/// [`Echec::introuvable`] for a link that was replaced, or that is another OG's; the database's.
pub async fn suivre_le_lien(State(etat): State<Etat>, espace: EspaceOg, jeton: Jeton) -> Result<Redirect, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let lien = recues::load_lien(&mut tx, &jeton.cle()).await?;
    tx.commit().await?;
    match lien {
        Some((dossier, EtatParticipation::Invitee)) => Ok(Redirect::to(&chemins::grappe_invitation(dossier))),
        Some((dossier, EtatParticipation::Acceptee)) => Ok(Redirect::to(&chemins::accords(dossier))),
        Some((_, EtatParticipation::Refusee | EtatParticipation::Retiree)) | None => Err(Echec::introuvable()),
    }
}

/// Accepts or declines.
///
/// # Errors
/// [`Erreur::Conflit`] when it was answered or cancelled meanwhile, [`Erreur::InvitationExpiree`]; the database's.
pub async fn repondre(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: InvitationRecue,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let signee = acces.clone().signer(etat.horloge.maintenant())?;
    let motif = lire_motif(&mut saisie);
    let accepte = match saisie.valeur("action") {
        "accepter" => Some(true),
        "refuser" => Some(false),
        _ => {
            let choisir = "acceptez ou refusez l’invitation".to_owned();
            saisie.refuser(MOTIF, "Réponse", &ErreurChamp::Motif(choisir));
            None
        }
    };
    match accepte.filter(|_| !saisie.en_erreur()) {
        Some(true) => accepter(&etat, &signee).await.map(IntoResponse::into_response),
        Some(false) => refuser(&etat, &signee, &motif).await.map(IntoResponse::into_response),
        None => {
            let mut conn = etat.pool.acquire().await?;
            let page = page(&mut conn, &etat, &visiteur, &acces, saisie).await?;
            Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn lettre(signee: &InvitationSignee, og: Finess, quoi: Quoi) -> Lettre<'_> {
    let i = signee.invitation();
    Lettre {
        dossier: i.dossier,
        nom: &i.nom,
        de: og,
        a: i.porteur,
        quoi,
        secret: None,
    }
}

fn og_de(signee: &InvitationSignee) -> Result<Finess, Echec> {
    signee.compte().og().ok_or_else(Echec::introuvable)
}

async fn accepter(etat: &Etat, signee: &InvitationSignee) -> Result<Redirect, Echec> {
    let og = og_de(signee)?;
    let mut tx = signee.commencer(&etat.pool).await?;
    if !participations::accepter(&mut tx, signee, etat.horloge.maintenant()).await? {
        return Err(Erreur::Conflit.into());
    }
    let nom = titulaire::organisme(&mut tx, og).await?;
    let id = noter(&mut tx, etat, signee, &format!("{nom} ({og}) participe à la grappe")).await?;
    prevenir(&mut tx, etat, lettre(signee, og, Quoi::Acceptation)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::apres(&chemins::accords(signee.dossier()), id)))
}

async fn refuser(etat: &Etat, signee: &InvitationSignee, motif: &str) -> Result<Redirect, Echec> {
    let og = og_de(signee)?;
    let maintenant = etat.horloge.maintenant();
    let mut tx = signee.commencer_refus(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, signee).await?;
    if !participations::refuser(&mut tx, signee, og, motif, maintenant).await? {
        return Err(Erreur::Conflit.into());
    }
    let nom = titulaire::organisme(&mut tx, og).await?;
    let action = format!("{nom} ({og}) a refusé l’invitation");
    let partants: Vec<Finess> = charger_essms(&mut tx, &avant.numeros())
        .await?
        .into_iter()
        .filter(|e| e.organisme == og)
        .map(|e| e.finess)
        .collect();
    if partants.is_empty() {
        noter(&mut tx, etat, signee, &action).await?;
    } else {
        dossiers::remove_essms(&mut tx, signee, &partants, maintenant).await?;
        let apres = dossiers::load(&mut tx, signee).await?;
        let composition = Composition {
            avant: &avant,
            apres: &apres,
            donnes: &HashSet::new(),
        };
        juger(&mut tx, etat, signee, &composition, &action).await?;
    }
    let quoi = Quoi::Refus {
        motif: motif.to_owned(),
    };
    prevenir(&mut tx, etat, lettre(signee, og, quoi)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::PORTEUR, "refus")))
}
