//! The porteur invites an OG into the grappe, reminds it, takes its invitation back, ends its participation.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accords::page;
use super::atelier::{Atelier, noter};
use super::composition::{Composition, juger};
use super::courrier::{Lettre, ecrire_a, prevenir};
use super::tableau_accords::relance_possible;
use crate::domain::compte::RoleOg;
use crate::domain::courriel_grappe::Quoi;
use crate::domain::finess::Finess;
use crate::domain::participation::{EtatParticipation, VALIDITE_JOURS};
use crate::store::acces::{DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::store::organisme::charger_organismes;
use crate::store::participations::{self, NouvelleInvitation, Participation};
use crate::web::acces::{Formulaire, NumeroDOrganisme};
use crate::web::adresse::Adresse;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::Page;
use crate::web::session::{self, Visiteur};
use crate::web::titulaire;

/// Invites an OG. One that has no account needs an address.
///
/// # Errors
/// The database's.
pub async fn inviter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Adresse(adresse): Adresse,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, dossier).await?;
    let og = lire_organisme(&mut tx, &atelier, &acces, &mut saisie).await?;
    let courriel = lire_adresse(&mut tx, og, &mut saisie).await?;
    let Some(og) = og.filter(|_| !saisie.en_erreur()) else {
        let page = page(&mut tx, &etat, &visiteur, &acces, &atelier, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if let Some(courriel) = &courriel
        && let Err(trop) = Envois::invitation(courriel, adresse)
            .compter(&mut tx, atelier.instant)
            .await?
    {
        trop.refuser(&mut saisie, "courriel");
        let page = page(&mut tx, &etat, &visiteur, &acces, &atelier, saisie).await?;
        return Ok(trop.repondre(page));
    }
    envoyer(&mut tx, &etat, &acces, &atelier, og, courriel.as_deref()).await?;
    let nom = titulaire::organisme(&mut tx, og).await?;
    let id = noter(&mut tx, &etat, &acces, &format!("Invitation envoyée à {nom} ({og})")).await?;
    tx.commit().await?;
    Ok(suite(&acces, id).into_response())
}

fn suite(acces: &impl Lecture, id: Uuid) -> Redirect {
    Redirect::to(&chemins::apres(&chemins::accords(acces.dossier()), id))
}

async fn lire_organisme(
    conn: &mut PgConnection,
    atelier: &Atelier<'_>,
    acces: &DossierModifiable,
    saisie: &mut Saisie,
) -> Result<Option<Finess>, Echec> {
    let og = Finess::parse(saisie.valeur("og")).ok();
    let connu = match og {
        Some(og) => !charger_organismes(conn, &[og]).await?.is_empty(),
        None => false,
    };
    let participations = participations::list(conn, acces).await?;
    let deja = participations.iter().find(|p| Some(p.og) == og);
    let participe = deja.is_some_and(|p| p.etat == EtatParticipation::Acceptee);
    let trop_tot = deja.is_some_and(|p| !relance_possible(p, atelier.instant));
    let motif = match og {
        Some(og) if og == atelier.dossier.porteur => "votre organisme porte déjà cette grappe",
        Some(_) if participe => "cet organisme participe déjà à la grappe",
        Some(_) if trop_tot => {
            "cet organisme a été sollicité il y a moins d’un jour\u{a0}: laissez-lui le temps de répondre"
        }
        Some(_) if connu => return Ok(og),
        _ => "choisissez un organisme du répertoire, par son nom ou son numéro FINESS juridique (EJ)",
    };
    saisie.refuser("og", "Organisme", &ErreurChamp::Motif(motif.to_owned()));
    Ok(None)
}

/// The address typed, which may be empty when the OG has accounts to write to.
async fn lire_adresse(
    conn: &mut PgConnection,
    og: Option<Finess>,
    saisie: &mut Saisie,
) -> Result<Option<String>, Echec> {
    if !saisie.valeur("courriel").trim().is_empty() {
        return Ok(Some(titulaire::courriel(saisie)));
    }
    if let Some(og) = og
        && participations::list_comptes(conn, og, RoleOg::Edition)
            .await?
            .is_empty()
    {
        let motif = "cet organisme n’a pas encore de compte\u{a0}: donnez une adresse où l’inviter".to_owned();
        saisie.refuser("courriel", "Adresse de courriel", &ErreurChamp::Motif(motif));
    }
    Ok(None)
}

/// Writes the invitation and sends its link, to the accounts of the OG and to the address given.
async fn envoyer(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierModifiable,
    atelier: &Atelier<'_>,
    og: Finess,
    courriel: Option<&str>,
) -> Result<(), Echec> {
    let maintenant = etat.horloge.maintenant();
    let (jeton, cle) = session::jeton()?;
    let invitation = NouvelleInvitation {
        og,
        cle: &cle,
        courriel,
        expire_le: maintenant + TimeDelta::days(VALIDITE_JOURS),
    };
    participations::inviter(conn, acces, &invitation, maintenant).await?;
    let lien = chemins::grappe_lien(&jeton);
    let essms: Vec<String> = atelier.essms_de(og).into_iter().map(|n| atelier.nom_essms(n)).collect();
    let lettre = |sans_compte| Lettre {
        dossier: atelier.dossier.id,
        nom: &atelier.dossier.nom,
        de: atelier.dossier.porteur,
        a: og,
        quoi: Quoi::Invitation {
            edition: atelier.edition.titre.clone(),
            essms: essms.clone(),
            expire_le: invitation.expire_le,
            sans_compte,
        },
        secret: Some(&lien),
    };
    prevenir(conn, etat, lettre(false)).await?;
    if let Some(adresse) = courriel {
        ecrire_a(conn, etat, lettre(true), adresse).await?;
    }
    Ok(())
}

/// Asks an OG again, or ends its participation. One that answered meanwhile is followed from where it stands.
///
/// # Errors
/// [`Echec::introuvable`] for an OG that is not invited; the database's.
pub async fn suivre(
    State(etat): State<Etat>,
    acces: DossierModifiable,
    NumeroDOrganisme(og): NumeroDOrganisme,
    Formulaire(saisie): Formulaire,
) -> Result<Redirect, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, dossier).await?;
    let participations = participations::list(&mut tx, &acces).await?;
    let vivante = |p: &&Participation| matches!(p.etat, EtatParticipation::Invitee | EtatParticipation::Acceptee);
    let participation = participations.iter().filter(vivante).find(|p| p.og == og);
    let participation = participation.ok_or_else(Echec::introuvable)?;
    let id = if saisie.valeur("action") == "retirer" {
        retirer(&mut tx, &etat, &acces, &atelier, participation).await?
    } else if relance_possible(participation, atelier.instant) {
        relancer(&mut tx, &etat, &acces, &atelier, participation).await?
    } else {
        return Ok(Redirect::to(&chemins::fait(
            &chemins::accords(acces.dossier()),
            "trop-tot",
        )));
    };
    tx.commit().await?;
    Ok(suite(&acces, id))
}

/// An invitation leaves again with another link; a membre is reminded of the consents it owes.
async fn relancer(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierModifiable,
    atelier: &Atelier<'_>,
    participation: &Participation,
) -> Result<Uuid, Echec> {
    let og = participation.og;
    if participation.etat == EtatParticipation::Invitee {
        envoyer(conn, etat, acces, atelier, og, participation.courriel.as_deref()).await?;
    } else {
        let attendus = atelier.essms_de(og).into_iter();
        let attendus = attendus.filter(|n| atelier.contexte.attend_accord(&atelier.dossier, *n));
        let essms: Vec<String> = attendus.map(|n| atelier.nom_essms(n)).collect();
        participations::save_relance(conn, acces, og, atelier.instant).await?;
        prevenir(conn, etat, lettre(atelier, og, Quoi::Relance { essms })).await?;
    }
    let nom = titulaire::organisme(conn, og).await?;
    noter(conn, etat, acces, &format!("Relance envoyée à {nom} ({og})")).await
}

fn lettre<'a>(atelier: &'a Atelier<'_>, og: Finess, quoi: Quoi) -> Lettre<'a> {
    Lettre {
        dossier: atelier.dossier.id,
        nom: &atelier.dossier.nom,
        de: atelier.dossier.porteur,
        a: og,
        quoi,
        secret: None,
    }
}

/// Ends a participation, whose ESSMS go out with it; a mere invitation leaves the grappe as it is.
async fn retirer(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierModifiable,
    atelier: &Atelier<'_>,
    participation: &Participation,
) -> Result<Uuid, Echec> {
    let og = participation.og;
    let nom = titulaire::organisme(conn, og).await?;
    participations::retirer(conn, acces, og, atelier.instant).await?;
    prevenir(conn, etat, lettre(atelier, og, Quoi::Fin)).await?;
    let partants = atelier.essms_de(og);
    if participation.etat == EtatParticipation::Invitee || partants.is_empty() {
        let action = match participation.etat {
            EtatParticipation::Invitee => format!("Invitation de {nom} ({og}) annulée"),
            _ => format!("{nom} ({og}) ne participe plus à la grappe"),
        };
        return noter(conn, etat, acces, &action).await;
    }
    dossiers::remove_essms(conn, acces, &partants, atelier.instant).await?;
    let apres = dossiers::load(conn, acces).await?;
    let action = format!("{nom} ({og}) ne participe plus à la grappe");
    let composition = Composition {
        avant: &atelier.dossier,
        apres: &apres,
        donnes: &atelier.contexte.accords,
    };
    juger(conn, etat, acces, &composition, &action).await
}
