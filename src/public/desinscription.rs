//! Takes a registration for a webinar back, by the link of its mail. Reading the link changes nothing: mail filters follow links.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::webinaire::Objet;
use crate::store::acces::Refus;
use crate::store::acces::webinaire::{self as acces, InscriptionTenue, SurWebinaire};
use crate::store::{inscriptions_webinaire, webinaires};
use crate::web::acces::Jeton;
use crate::web::avis_webinaire::{Avis, prevenir};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue_webinaire::VueWebinaire;

/// The page.
#[derive(Template)]
#[template(path = "public/desinscription.html")]
pub struct Desinscription {
    habillage: Habillage,
    action: String,
    /// None: the link is no longer good.
    vue: Option<VueWebinaire>,
    fait: bool,
}

fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    jeton: &Jeton,
    tenue: Option<&InscriptionTenue>,
    fait: bool,
) -> Page<Desinscription> {
    let statut = if tenue.is_some() {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let titre = match (tenue, fait) {
        (None, _) => "Ce lien n’est plus valable",
        (Some(_), false) => "Annuler mon inscription",
        (Some(_), true) => "Votre inscription est annulée",
    };
    let maintenant = etat.horloge.maintenant();
    let page = Desinscription {
        habillage: habiller(etat, visiteur, titre).retour(chemins::WEBINAIRES, "Webinaires"),
        action: chemins::desinscription(&jeton.0),
        vue: tenue.map(|t| VueWebinaire::nouvelle(t.webinaire(), maintenant, chemins::webinaire)),
        fait,
    };
    Page(statut, page)
}

async fn ouvrir(etat: &Etat, jeton: &Jeton) -> Result<Option<InscriptionTenue>, Echec> {
    match acces::tenue(&etat.pool, &jeton.cle()).await {
        Ok(tenue) => Ok(Some(tenue)),
        Err(Refus::Absent) => Ok(None),
        Err(refus) => Err(refus.into()),
    }
}

/// Asks for a confirmation.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
) -> Result<Page<Desinscription>, Echec> {
    let tenue = ouvrir(&etat, &jeton).await?;
    Ok(page(&etat, &visiteur, &jeton, tenue.as_ref(), false))
}

/// Takes the registration back, and gives the place to who waits for it. The token in the address is the proof.
///
/// # Errors
/// The database's.
pub async fn annuler(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    jeton: Jeton,
) -> Result<Page<Desinscription>, Echec> {
    let Some(tenue) = ouvrir(&etat, &jeton).await? else {
        return Ok(page(&etat, &visiteur, &jeton, None, false));
    };
    let mut tx = tenue.commencer(&etat.pool).await?;
    inscriptions_webinaire::delete(&mut tx, &tenue).await?;
    let promues = inscriptions_webinaire::promouvoir(&mut tx, &tenue, etat.horloge.maintenant()).await?;
    let avis = Avis {
        webinaire: tenue.webinaire(),
        lien: &webinaires::load_lien(&mut tx, &tenue).await?,
        objet: Objet::Place,
        motif: "",
    };
    for promue in &promues {
        prevenir(&mut tx, &etat, avis, promue, None).await?;
    }
    tx.commit().await?;
    Ok(page(&etat, &visiteur, &jeton, Some(&tenue), true))
}
