//! The grappe: composed by search or by pasting numbers, its verdict and its money always in view.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::composition::{ESSMS_AU_PLUS, ajouter_numeros, fautes, juger};
use super::lignes::{LigneEssms, etat_au_registre, ligne, ligne_de_la_grappe};
use super::remede::{Proposition, proposer};
use super::vues::cartes;
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::finess::Finess;
use crate::rules::constat::Resultat;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::reconnaissance::{Reconnaissance, reconnaitre};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat as Portail;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ton};

/// More results than this are narrowed by another word, not scrolled.
const RESULTATS: i64 = 20;
/// The page.
#[derive(Template)]
#[template(path = "porteur/grappe.html")]
pub struct Grappe {
    habillage: Habillage,
    cadre: Cadre,
    lignes: Vec<LigneEssms>,
    recherche: Option<Recherche>,
    saisie: Saisie,
    /// Numbers of the refused paste that can be added all the same.
    reconnus: usize,
    constats: Vec<VueConstat>,
    retires: String,
    /// How it could be made eligible, when it is not.
    proposition: Option<Proposition>,
    actions: Actions,
}

/// Where the forms of the page go.
struct Actions {
    ici: String,
    ajouter: String,
    coller: String,
    retirer: String,
    essms: String,
}

/// What was searched and found.
struct Recherche {
    texte: String,
    trouves: Vec<LigneEssms>,
}

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// Search.
    q: Option<String>,
    /// Numbers just taken out, so that they can be put back.
    retires: Option<String>,
    /// What a paste left to correct.
    reste: Option<String>,
    enregistrement: Option<Uuid>,
    inchange: Option<String>,
}

/// Shows the grappe.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Query(demande): Query<Demande>,
) -> Result<Page<Grappe>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let recherche = match demande.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(texte) => Some(chercher(&mut tx, &atelier, texte).await?),
        None => None,
    };
    let bilan = Suite {
        enregistrement: demande.enregistrement,
        inchange: demande.inchange.clone(),
    }
    .bilan(&mut tx, &acces)
    .await?;
    let proposition = proposer(&mut tx, &acces, &atelier).await?;
    tx.commit().await?;
    let mut saisie = Saisie::vide();
    saisie.fixer("numeros", demande.reste.unwrap_or_default());
    let retires = lire_colle(demande.retires.as_deref().unwrap_or_default()).numeros;
    let mut page = page(&etat, &visiteur, &acces, &atelier, saisie);
    page.cadre.bilan = bilan;
    page.recherche = recherche;
    page.proposition = proposition;
    page.retires = retires.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Page(StatusCode::OK, page))
}

fn page(etat: &Portail, visiteur: &Visiteur, acces: &impl Lecture, atelier: &Atelier<'_>, saisie: Saisie) -> Grappe {
    let id = atelier.dossier.id;
    let ici = chemins::grappe(id);
    let constats: Vec<_> = atelier
        .evaluation
        .constats
        .iter()
        .filter(|c| c.code.starts_with("ELI-") && !matches!(c.resultat, Resultat::SansObjet | Resultat::Satisfait))
        .collect();
    Grappe {
        habillage: habiller(etat, visiteur, "Grappe")
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        lignes: atelier
            .dossier
            .essms
            .iter()
            .map(|e| ligne_de_la_grappe(atelier, e.finess))
            .collect(),
        recherche: None,
        saisie,
        reconnus: 0,
        constats: cartes(atelier, &constats, None),
        retires: String::new(),
        proposition: None,
        actions: Actions {
            ajouter: chemins::grappe_ajouter(id),
            coller: chemins::grappe_coller(id),
            retirer: chemins::grappe_retirer(id),
            essms: chemins::essms(id),
            ici,
        },
    }
}

async fn chercher(conn: &mut PgConnection, atelier: &Atelier<'_>, texte: &str) -> Result<Recherche, Echec> {
    let trouves = chercher_essms(conn, texte, &FiltresEssms::default(), RESULTATS).await?;
    let presents = atelier.dossier.numeros();
    Ok(Recherche {
        texte: texte.to_owned(),
        trouves: trouves
            .iter()
            .map(|e| {
                let present = presents.contains(&e.finess);
                let statut = if present {
                    Etiquette::nouvelle("Déjà dans la grappe", Ton::Neutre)
                } else {
                    etat_au_registre(e)
                };
                LigneEssms {
                    present,
                    ..ligne(Some(e), e.finess, statut, Vec::new())
                }
            })
            .collect(),
    })
}

/// Adds the ESSMS ticked in a search, or puts back those just taken out.
///
/// # Errors
/// The database's.
pub async fn ajouter(
    State(etat): State<Portail>,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let id = ajouter_numeros(&etat, &acces, &choisis).await?;
    Ok(Redirect::to(&suite(&acces, id, "", "")).into_response())
}

/// The page of the grappe after a save, if there was something to save.
fn suite(acces: &DossierModifiable, enregistrement: Option<Uuid>, parametre: &str, valeur: &str) -> String {
    let mut adresse = chemins::grappe(acces.dossier());
    let mut separateur = '?';
    if let Some(id) = enregistrement {
        adresse = chemins::apres(&adresse, id);
        separateur = '&';
    }
    if !valeur.is_empty() {
        let valeur: String = form_urlencoded::byte_serialize(valeur.as_bytes()).collect();
        // Writing to a String cannot fail.
        let _ = write!(adresse, "{separateur}{parametre}={valeur}");
        separateur = '&';
    }
    if enregistrement.is_none() {
        let _ = write!(adresse, "{separateur}inchange=1");
    }
    adresse
}

/// Takes ESSMS out; the page that follows offers to put them back, answers included.
///
/// # Errors
/// The database's.
pub async fn retirer(
    State(etat): State<Portail>,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, &acces).await?;
    let partants: Vec<Finess> = choisis.into_iter().filter(|n| avant.numeros().contains(n)).collect();
    if partants.is_empty() {
        return Ok(Redirect::to(&chemins::inchange(&chemins::grappe(acces.dossier()))).into_response());
    }
    dossiers::remove_essms(&mut tx, &acces, &partants, etat.horloge.maintenant()).await?;
    let apres = dossiers::load(&mut tx, &acces).await?;
    let id = juger(&mut tx, &etat, &acces, &avant, &apres, "Retrait de la grappe").await?;
    tx.commit().await?;
    let retires = partants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Redirect::to(&suite(&acces, Some(id), "retires", &retires)).into_response())
}

/// Adds pasted numbers. One that cannot be read stops the whole paste, which is shown again with each
/// fault named; the readable ones can then be added alone, and the others stay in the box.
///
/// # Errors
/// The database's.
pub async fn coller(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let colle = lire_colle(saisie.valeur("numeros"));
    let mut tx = acces.commencer(&etat.pool).await?;
    let reconnus = reconnaitre(&mut tx, &colle.numeros).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    tx.commit().await?;
    let fautes = fautes(&colle, &reconnus);
    let bons: Vec<Finess> = reconnus
        .iter()
        .filter(|(_, r)| !matches!(r, Reconnaissance::Organisme { .. }))
        .map(|(numero, _)| *numero)
        .collect();
    let trop = atelier.dossier.essms.len() + bons.len() > ESSMS_AU_PLUS;
    let vide = colle.numeros.is_empty() && fautes.is_empty();
    let sans_les_autres = saisie.contient("fautes", "ignorer") && !bons.is_empty();
    if vide || trop || (!fautes.is_empty() && !sans_les_autres) {
        if vide {
            let motif = "collez au moins un numéro FINESS de 9 caractères".to_owned();
            saisie.refuser("numeros", "Numéros FINESS", &ErreurChamp::Motif(motif));
        }
        if trop {
            let motif = format!("un dossier compte au plus {ESSMS_AU_PLUS} ESSMS");
            saisie.refuser("numeros", "Numéros FINESS", &ErreurChamp::Motif(motif));
        }
        for (_, message) in &fautes {
            saisie.refuser("numeros", "", &ErreurChamp::Motif(message.clone()));
        }
        let mut page = page(&etat, &visiteur, &acces, &atelier, saisie);
        page.reconnus = if trop { 0 } else { bons.len() };
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = ajouter_numeros(&etat, &acces, &bons).await?;
    let reste: Vec<&str> = fautes.iter().map(|(texte, _)| texte.as_str()).collect();
    Ok(Redirect::to(&suite(&acces, id, "reste", &reste.join("\n"))).into_response())
}
