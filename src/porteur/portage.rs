//! Another porteur: the present one proposes a membre, which accepts or declines. Nothing changes before both agree.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::accords::page;
use super::atelier::{Atelier, Changement, Verdicts, journaliser, noter};
use super::courrier::{Lettre, prevenir};
use crate::domain::courriel_grappe::Quoi;
use crate::domain::dossier::{Dossier, Etape};
use crate::domain::finess::Finess;
use crate::store::acces::{DossierDeposable, DossierPartage, Lecture};
use crate::store::journal::ChampChange;
use crate::store::{dossiers, portages};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::ErreurChamp;
use crate::web::page::Page;
use crate::web::session::Visiteur;
use crate::web::titulaire;

fn lettre(dossier: &Dossier, de: Finess, a: Finess, quoi: Quoi) -> Lettre<'_> {
    Lettre {
        dossier: dossier.id,
        nom: &dossier.nom,
        de,
        a,
        quoi,
        secret: None,
    }
}

/// Proposes a membre, or takes the proposal back.
///
/// # Errors
/// [`Erreur::Conflit`] when the membre left, or answered, meanwhile; the database's.
pub async fn proposer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierDeposable,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let annule = saisie.valeur("action") == "annuler";
    let Ok(og) = Finess::parse(saisie.valeur("membre")) else {
        let choisir = "choisissez un organisme qui participe à la grappe".to_owned();
        saisie.refuser("membre", "Nouveau porteur", &ErreurChamp::Motif(choisir));
        let atelier = Atelier::avec(&mut tx, &etat, dossier).await?;
        let page = page(&mut tx, &etat, &visiteur, &acces, &atelier, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let maintenant = (!annule).then(|| etat.horloge.maintenant());
    if !portages::save_portage(&mut tx, &acces, og, maintenant).await? {
        return Err(Erreur::Conflit.into());
    }
    let nom = titulaire::organisme(&mut tx, og).await?;
    let (quoi, action) = if annule {
        (
            Quoi::PortageAnnule,
            format!("Proposition à {nom} ({og}) de porter la grappe annulée"),
        )
    } else {
        (Quoi::Portage, format!("Proposition à {nom} ({og}) de porter la grappe"))
    };
    prevenir(&mut tx, &etat, lettre(&dossier, dossier.porteur, og, quoi)).await?;
    let id = noter(&mut tx, &etat, &acces, &action).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::apres(&chemins::accords(acces.dossier()), id)).into_response())
}

/// The membre takes over, or declines.
///
/// # Errors
/// [`Erreur::Conflit`] when it is no longer proposed; the database's.
pub async fn repondre(
    State(etat): State<Etat>,
    acces: DossierPartage,
    Formulaire(saisie): Formulaire,
) -> Result<Redirect, Echec> {
    let og = acces.compte().og().ok_or_else(Echec::introuvable)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let ancien = dossier.porteur;
    let (id, vers) = if saisie.valeur("action") == "accepter" {
        let avant = Atelier::avec(&mut tx, &etat, dossier).await?;
        if !portages::prendre_le_portage(&mut tx, &acces, avant.instant).await? {
            return Err(Erreur::Conflit.into());
        }
        let nom = titulaire::organisme(&mut tx, og).await?;
        let apres = dossiers::load(&mut tx, &acces).await?;
        let apres = Atelier::avec(&mut tx, &etat, apres).await?;
        for a in [ancien, og] {
            prevenir(&mut tx, &etat, lettre(&apres.dossier, og, a, Quoi::PortageAccepte)).await?;
        }
        let changement = Changement {
            action: &format!("{nom} ({og}) porte désormais la grappe"),
            etape: Some(Etape::Projet),
            champs: vec![ChampChange {
                champ: "porteur".to_owned(),
                libelle: "Porteur".to_owned(),
                avant: avant.porteur(),
                apres: apres.porteur(),
            }],
        };
        let verdicts = Verdicts {
            avant: avant.evaluation,
            apres: apres.evaluation,
        };
        let id = journaliser(&mut tx, &etat, &acces, verdicts, changement).await?;
        (id, chemins::dossier(acces.dossier()))
    } else {
        if !portages::refuser_portage(&mut tx, &acces).await? {
            return Err(Erreur::Conflit.into());
        }
        let nom = titulaire::organisme(&mut tx, og).await?;
        prevenir(&mut tx, &etat, lettre(&dossier, og, ancien, Quoi::PortageRefuse)).await?;
        let action = format!("{nom} ({og}) ne souhaite pas porter la grappe");
        let id = noter(&mut tx, &etat, &acces, &action).await?;
        (id, chemins::accords(acces.dossier()))
    };
    tx.commit().await?;
    Ok(Redirect::to(&chemins::apres(&vers, id)))
}
