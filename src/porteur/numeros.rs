//! Numbers added to the grappe all at once, pasted or in a file: each is answered, and what cannot be read stops the whole, which is
//! shown again to be corrected.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::atelier::Atelier;
use super::collage::{Suites, fautes, organismes};
use super::composition::{Ajout, ESSMS_AU_PLUS, ajouter_numeros};
use super::envoi::{Envoi, recevoir};
use super::grappe::{page, refuser_trop, suite};
use super::numeros_du_fichier::{NumerosDuFichier, OCTETS_AU_PLUS_MO};
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::finess::Finess;
use crate::store::acces::DossierModifiable;
use crate::store::reconnaissance::reconnaitre;
use crate::web::acces::Formulaire;
use crate::web::echec::Echec;
use crate::web::etat::Etat as Portail;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::Page;
use crate::web::session::Visiteur;
use crate::web::tableur;

/// What is left of a paste goes in the address of the page that follows: more than this does not fit there.
const RESTE_AU_PLUS: usize = 4_000;
/// The box of the pasted numbers: those of a file are put there to be corrected.
const NUMEROS: &str = "numeros";

/// Adds pasted numbers. One that cannot be read stops the whole paste, which is shown again with each
/// fault named; the readable ones can then be added alone, and the others stay in the box.
///
/// # Errors
/// The database's.
pub async fn coller(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    donner(&etat, &visiteur, &acces, saisie, None).await
}

/// Adds the numbers of a file, as if they were pasted: with a fault, they go in the box to be corrected there.
///
/// # Errors
/// The database's; a body cut short, a form without its token.
pub async fn envoyer(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    multipart: Multipart,
) -> Result<Response, Echec> {
    let Envoi {
        mut saisie,
        nom,
        octets,
        trop_gros,
    } = recevoir(multipart, &visiteur).await?;
    let lu = if trop_gros {
        Err(ErreurChamp::FichierTropGros {
            max_mo: OCTETS_AU_PLUS_MO,
        })
    } else if nom.is_empty() {
        Err(ErreurChamp::Motif("choisissez un fichier".to_owned()))
    } else if octets.is_empty() {
        Err(ErreurChamp::FichierVide)
    } else {
        tableur::decoder(move || NumerosDuFichier::lire(&octets)).await?
    };
    match lu {
        Ok(fichier) => {
            saisie.fixer(NUMEROS, fichier.texte());
            donner(&etat, &visiteur, &acces, saisie, Some(fichier)).await
        }
        Err(erreur) => {
            saisie.refuser("fichier", "Tableau", &erreur);
            let mut tx = acces.commencer(&etat.pool).await?;
            let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
            tx.commit().await?;
            let page = page(&etat, &visiteur, &acces, &atelier, saisie);
            Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Adds the numbers of the box, which `fichier` filled when they come from one.
async fn donner(
    etat: &Portail,
    visiteur: &Visiteur,
    acces: &DossierModifiable,
    mut saisie: Saisie,
    fichier: Option<NumerosDuFichier>,
) -> Result<Response, Echec> {
    let colle = lire_colle(saisie.valeur(NUMEROS));
    let mut tx = acces.commencer(&etat.pool).await?;
    let reconnus = reconnaitre(&mut tx, &colle.numeros).await?;
    let atelier = Atelier::ouvrir(&mut tx, etat, acces).await?;
    tx.commit().await?;
    let fautes = fautes(&colle, &reconnus);
    let bons: Vec<Finess> = reconnus
        .iter()
        .filter(|(_, r)| !r.d_un_organisme())
        .map(|(numero, _)| *numero)
        .collect();
    let presents = atelier.dossier.numeros();
    let nouveaux = bons.iter().filter(|numero| !presents.contains(numero)).count();
    let reste: usize = fautes.iter().map(|faute| faute.texte.len() + 1).sum();
    let sans_les_autres = saisie.contient("fautes", "ignorer") && !bons.is_empty() && reste <= RESTE_AU_PLUS;
    let trop = presents.len() + nouveaux > ESSMS_AU_PLUS;
    if trop {
        refuser_trop(&mut saisie);
    }
    if colle.numeros.is_empty() && fautes.is_empty() && fichier.is_none() {
        let motif = "collez au moins un numéro FINESS de 9 caractères".to_owned();
        saisie.refuser(NUMEROS, "Numéros FINESS", &ErreurChamp::Motif(motif));
    }
    if trop || !sans_les_autres {
        let mut rangs = fichier.map(|f| f.refuser_les_vides(&mut saisie)).unwrap_or_default();
        for faute in &fautes {
            let ligne = rangs.prendre(&faute.texte);
            saisie.refuser(NUMEROS, &ligne, &ErreurChamp::Motif(faute.message()));
        }
    }
    if saisie.en_erreur() {
        let mut page = page(etat, visiteur, acces, &atelier, saisie);
        page.reconnus = if trop { 0 } else { bons.len() };
        page.organismes = organismes(&fautes, &page.actions.ici);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let (ajoutes, enregistrement) = match ajouter_numeros(etat, acces, &bons).await? {
        Ajout::Fait(ajoutes, id) => (ajoutes, Some(id)),
        // Too many only if a colleague added some since: the next paste will say so.
        Ajout::Rien | Ajout::Trop => (Vec::new(), None),
    };
    let suites = Suites::nouvelles(&colle, &bons, &ajoutes, &fautes);
    Ok(Redirect::to(&suite(acces, enregistrement, &suites.parametres())).into_response())
}
