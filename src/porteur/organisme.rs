//! The people of my OG: who they are, what they may do, who is invited. Signatories invite, let in, change and take out.

use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;

use crate::domain::compte::{Compte, EtatCompte, Profil, RoleOg};
use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::store::acces;
use crate::store::acces::organisme::OrganismeGere;
use crate::store::courriels::Destinataire;
use crate::store::invitations::{self, Invitation, NouvelleInvitation};
use crate::store::membres::{self, Membre};
use crate::web::acces::{Connecte, Formulaire, NumeroDInvitation};
use crate::web::adresse::Adresse;
use crate::web::avis;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::quota::Trop;
use crate::web::session::{self, Visiteur};
use crate::web::titulaire;
use crate::web::vue::{Etiquette, Ton, instant};

/// How long an invitation works.
const DUREE: TimeDelta = TimeDelta::days(7);

/// The page.
#[derive(Template)]
#[template(path = "porteur/organisme.html")]
pub struct PageOrganisme {
    habillage: Habillage,
    saisie: Saisie,
    og: String,
    membres: Vec<VueMembre>,
    invitations: Vec<VueInvitation>,
    /// Whether the person signs for the OG, and manages its accounts.
    gere: bool,
    inviter: &'static str,
    journal: &'static str,
    roles: Vec<Choix>,
    fait: &'static str,
}

/// A colleague of the list.
struct VueMembre {
    nom: String,
    courriel: String,
    role: &'static str,
    etat: Etiquette,
    vu_le: String,
    href: String,
    attend: bool,
}

/// An invitation of the list.
struct VueInvitation {
    courriel: String,
    role: &'static str,
    par: String,
    expire_le: String,
    expiree: bool,
    action: String,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn dit(fait: Option<&str>) -> &'static str {
    match fait {
        Some("invitation") => "L’invitation est envoyée. Son lien est valable 7\u{a0}jours.",
        Some("annulation") => "L’invitation est annulée\u{a0}: son lien n’ouvre plus rien.",
        Some("role") => "Le rôle est changé. La personne a reçu un courriel, et se reconnectera.",
        Some("retrait") => "Le compte est retiré, et ses sessions sont fermées.",
        Some("approuve") => "Le compte est ouvert. La personne a reçu un courriel.",
        Some("refuse") => "La demande est refusée. La personne a reçu un courriel avec votre motif.",
        _ => "",
    }
}

fn vue_membre(m: Membre) -> VueMembre {
    let attend = m.etat == EtatCompte::AApprouver;
    VueMembre {
        nom: m.nom,
        courriel: m.courriel,
        role: if attend { "—" } else { m.role.libelle() },
        etat: Etiquette::nouvelle(m.etat.libelle(), if attend { Ton::EnCours } else { Ton::Succes }),
        vu_le: m.vu_le.map_or_else(|| "Aucune session ouverte".to_owned(), instant),
        href: if attend {
            chemins::demande(m.id)
        } else {
            chemins::membre(m.id)
        },
        attend,
    }
}

fn og_de(compte: &Compte) -> Result<Finess, Echec> {
    match compte.profil {
        Profil::Og { og, .. } => Ok(og),
        _ => Err(Echec::introuvable()),
    }
}

async fn page(etat: &Etat, visiteur: &Visiteur, compte: &Compte, saisie: Saisie) -> Result<PageOrganisme, Echec> {
    let og = og_de(compte)?;
    let maintenant = etat.horloge.maintenant();
    let mut tx = acces::commencer(&etat.pool, &compte.perimetre()).await?;
    let membres = membres::list(&mut tx, og).await?;
    let invitations = invitations::list(&mut tx, og).await?;
    let nom = titulaire::organisme(&mut tx, og).await?;
    drop(tx);
    let invitation = |i: Invitation| VueInvitation {
        courriel: i.courriel,
        role: i.role.libelle(),
        par: i.invite_par,
        expire_le: instant(i.expire_le),
        expiree: i.expire_le <= maintenant,
        action: chemins::invitation(i.id),
    };
    Ok(PageOrganisme {
        habillage: habiller(etat, visiteur, "Mon organisme").erreurs(&saisie),
        saisie,
        og: format!("{nom} ({og})"),
        membres: membres.into_iter().map(vue_membre).collect(),
        invitations: invitations.into_iter().map(invitation).collect(),
        gere: compte.role_og() == Some(RoleOg::Depot),
        inviter: chemins::INVITATIONS,
        journal: chemins::JOURNAL_COMPTES,
        roles: titulaire::roles(),
        fait: "",
    })
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageOrganisme>, Echec> {
    let mut page = page(&etat, &visiteur, &compte, Saisie::vide()).await?;
    page.fait = dit(demande.fait.as_deref());
    Ok(Page(StatusCode::OK, page))
}

/// Invites a colleague; one who is invited already receives a new link, and the former no longer works.
///
/// # Errors
/// The database's.
pub async fn inviter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: OrganismeGere,
    Adresse(adresse): Adresse,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let courriel = titulaire::courriel(&mut saisie);
    let role = titulaire::role(&mut saisie);
    let mut tx = acces.commencer(&etat.pool).await?;
    let membres = membres::list(&mut tx, acces.og()).await?;
    let deja = membres
        .iter()
        .find(|m| m.courriel.to_lowercase() == courriel.to_lowercase());
    if let Some(deja) = deja {
        let motif = match deja.etat {
            EtatCompte::AApprouver => "cette personne a demandé un compte\u{a0}: répondez à sa demande, ci-dessous",
            EtatCompte::Actif | EtatCompte::Retire => "cette personne a déjà un compte de votre organisme",
        };
        saisie.refuser("courriel", "Adresse de courriel", &ErreurChamp::Motif(motif.to_owned()));
    }
    let Some(role) = role.filter(|_| !saisie.en_erreur()) else {
        drop(tx);
        let page = page(&etat, &visiteur, acces.compte(), saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if let Err(trop) = envoyer(&mut tx, &etat, &acces, adresse, &courriel, role).await? {
        drop(tx);
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(page(&etat, &visiteur, acces.compte(), saisie).await?));
    }
    let action = format!("A invité {courriel}, rôle {}", role.libelle());
    avis::noter(&mut tx, &etat, acces.og(), &acces.compte().nom, action).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::ORGANISME, "invitation")).into_response())
}

/// Sends the link, unless there were too many.
async fn envoyer(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    acces: &OrganismeGere,
    adresse: IpAddr,
    courriel: &str,
    role: RoleOg,
) -> Result<Result<(), Trop>, Echec> {
    let maintenant = etat.horloge.maintenant();
    let envois = Envois::invitation(courriel, adresse);
    if let Err(trop) = envois.compter(conn, maintenant).await? {
        return Ok(Err(trop));
    }
    let (jeton, cle) = session::jeton()?;
    let invitation = NouvelleInvitation {
        id: etat.horloge.nouvel_id(),
        cle: &cle,
        courriel,
        role,
        expire_le: maintenant + DUREE,
    };
    invitations::save(conn, acces, &invitation, maintenant).await?;
    let evenement = EvenementCompte::Invitation {
        organisme: titulaire::organisme(conn, acces.og()).await?,
        role,
        par: acces.compte().nom.clone(),
    };
    let lien = chemins::acceptation(&jeton);
    avis::prevenir(conn, etat, Destinataire::Adresse(courriel), evenement, Some(&lien)).await?;
    Ok(Ok(()))
}

/// Sends an invitation again, or cancels it. One accepted or cancelled meanwhile is absent.
///
/// # Errors
/// [`Echec::introuvable`]; the database's.
pub async fn suivre(
    State(etat): State<Etat>,
    acces: OrganismeGere,
    NumeroDInvitation(id): NumeroDInvitation,
    Adresse(adresse): Adresse,
    Formulaire(saisie): Formulaire,
) -> Result<Redirect, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let invitation = invitations::load(&mut tx, &acces, id).await?;
    let invitation = invitation.ok_or_else(Echec::introuvable)?;
    let (action, fait) = if saisie.valeur("action") == "annuler" {
        invitations::delete(&mut tx, &acces, id).await?;
        (
            format!("A annulé l’invitation de {}", invitation.courriel),
            "annulation",
        )
    } else {
        envoyer(&mut tx, &etat, &acces, adresse, &invitation.courriel, invitation.role).await??;
        (
            format!("A renvoyé l’invitation de {}", invitation.courriel),
            "invitation",
        )
    };
    avis::noter(&mut tx, &etat, acces.og(), &acces.compte().nom, action).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(chemins::ORGANISME, fait)))
}
