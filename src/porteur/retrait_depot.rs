//! A deposit taken back before the end of its window, once confirmed: the dossier becomes a draft again, the deposit
//! stays as evidence.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::atelier::Atelier;
use super::cadre::Cadre;
use super::courrier;
use super::echeance::{fin_de_fenetre, retrait_possible};
use crate::domain::compte::RoleOg;
use crate::domain::courriel::{DepotRetire, Evenement};
use crate::domain::courriel_grappe::Quoi;
use crate::domain::dossier::champ::OUI;
use crate::store::acces::{DossierRetirable, Lecture};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::depots::{self, Depot};
use crate::store::journal::{self, Entree};
use crate::store::{comptes, dossiers};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::{Arrivee, Visiteur};
use crate::web::vue::instant_exact;

/// The page that asks for confirmation, or says that it is too late.
#[derive(Template)]
#[template(path = "porteur/retrait_depot.html")]
pub struct RetraitDepot {
    habillage: Habillage,
    cadre: Cadre,
    saisie: Saisie,
    action: String,
    retour: String,
    rang: i32,
    depose_le: String,
    /// Last second of the window.
    fin: String,
    possible: bool,
    multiregional: Option<String>,
}

/// The box that confirms.
const CONFIRMATION: &str = "confirmation";

fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &DossierRetirable,
    atelier: &Atelier<'_>,
    (depot, arrivee): (&Depot, Arrivee),
    saisie: Saisie,
) -> RetraitDepot {
    let action = chemins::retrait_depot(acces.dossier());
    RetraitDepot {
        habillage: habiller(etat, visiteur, "Retirer le dépôt")
            .retour(chemins::accuse(acces.dossier()), "Accusé de réception")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        saisie,
        action,
        retour: chemins::accuse(acces.dossier()),
        rang: depot.rang,
        depose_le: instant_exact(depot.depose_le),
        fin: fin_de_fenetre(atelier.edition, depot.depose_le),
        possible: retrait_possible(atelier.edition, depot.depose_le, arrivee.0).is_some(),
        multiregional: atelier
            .edition
            .limite_multiregionale()
            .map(|limite| instant_exact(limite.to_utc())),
    }
}

async fn dernier(conn: &mut sqlx::PgConnection, acces: &DossierRetirable) -> Result<Depot, Echec> {
    depots::load_dernier(conn, acces).await?.ok_or_else(Echec::introuvable)
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    arrivee: Arrivee,
    acces: DossierRetirable,
) -> Result<Page<RetraitDepot>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let depot = dernier(&mut tx, &acces).await?;
    tx.commit().await?;
    let page = page(&etat, &visiteur, &acces, &atelier, (&depot, arrivee), Saisie::vide());
    Ok(Page(StatusCode::OK, page))
}

/// Takes the deposit back, if the request reached the server before the end of its window.
///
/// # Errors
/// The database's.
pub async fn retirer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    arrivee: Arrivee,
    acces: DossierRetirable,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    dossiers::lock_retrait(&mut tx, &acces).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let depot = dernier(&mut tx, &acces).await?;
    if retrait_possible(atelier.edition, depot.depose_le, arrivee.0).is_none() {
        let motif = "la fenêtre de ce dépôt est fermée\u{a0}: il ne se retire plus".to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
    } else if !saisie.contient(CONFIRMATION, OUI) {
        let motif = "cochez la case pour confirmer le retrait".to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
    }
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, &acces, &atelier, (&depot, arrivee), saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    depots::retirer(&mut tx, &acces, depot.id, arrivee.0).await?;
    let entree = Entree {
        id: etat.horloge.nouvel_id(),
        compte: acces.compte().id,
        action: &format!("Dépôt numéro\u{a0}{} retiré", depot.rang),
        etape: None,
        champs: &[],
        effets: &[],
    };
    journal::create(&mut tx, acces.dossier(), &entree, arrivee.0).await?;
    prevenir(&mut tx, &etat, &acces, &atelier, &depot, arrivee).await?;
    tx.commit().await?;
    let page = chemins::apres(&chemins::dossier(acces.dossier()), entree.id);
    Ok(Redirect::to(&page).into_response())
}

/// Writes to everybody who writes dossiers, for the porteur and for each membre.
async fn prevenir(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    acces: &DossierRetirable,
    atelier: &Atelier<'_>,
    depot: &Depot,
    arrivee: Arrivee,
) -> sqlx::Result<()> {
    let dossier = &atelier.dossier;
    let fenetre = atelier.edition.fenetre_ouverte(&depot.depose_le);
    let fin = fenetre.map_or(arrivee.0, |f| f.fin().to_utc());
    let evenement = Evenement::DepotRetire(DepotRetire {
        dossier: dossier.id,
        reference: dossier.reference.clone(),
        nom: dossier.nom.clone(),
        edition: atelier.edition.titre.clone(),
        rang: depot.rang,
        retire_le: arrivee.0,
        retire_par: acces.compte().nom.clone(),
        fin,
    });
    for compte in comptes::list_de_l_og(conn, dossier.porteur, RoleOg::Edition).await? {
        let courriel = Courriel {
            id: etat.horloge.nouvel_id(),
            destinataire: Destinataire::Compte(compte),
            evenement: &evenement,
            secret: None,
            cle: None,
        };
        courriels::enfiler(conn, &courriel, arrivee.0).await?;
    }
    courrier::prevenir_les_membres(conn, etat, acces, dossier, &Quoi::DepotRetire { fin }).await
}
