//! A spreadsheet imported into Mes ESSMS: sent, its columns recognised or chosen, each cell checked, then
//! confirmed. Nothing is written before.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use super::envoi::{Envoi, recevoir};
use super::faits::enregistrer as ecrire;
use super::verification::{Sort, empreinte};
use super::verifiee::{Verifiee, examiner, nom_de_colonne, verifiee};
use crate::documents::lecture::{self, Tableau};
use crate::domain::dossier::tableau_essms::{Destination, reconnaitre};
use crate::store::acces::EspaceOg;
use crate::store::import_essms::{self, Attente};
use crate::store::mes_essms;
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::tableur;

/// The page: the form to send a spreadsheet, or the one that waits.
#[derive(Template)]
#[template(path = "porteur/import_essms.html")]
pub struct ImportEssms {
    habillage: Habillage,
    adresses: Adresses,
    saisie: Saisie,
    attente: Option<Verifiee>,
    /// How many ESSMS were just imported.
    importes: Option<usize>,
}

/// Where the forms of the page go.
struct Adresses {
    ici: &'static str,
    colonnes: &'static str,
    confirmer: &'static str,
    abandonner: &'static str,
    erreurs: &'static str,
    xlsx: &'static str,
    liste: &'static str,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    importes: Option<usize>,
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, attente: Option<Verifiee>) -> ImportEssms {
    ImportEssms {
        habillage: habiller(etat, visiteur, "Importer un tableau")
            .retour(chemins::MES_ESSMS, "Mes ESSMS")
            .erreurs(&saisie),
        adresses: Adresses {
            ici: chemins::MES_ESSMS_IMPORT,
            colonnes: chemins::MES_ESSMS_COLONNES,
            confirmer: chemins::MES_ESSMS_CONFIRMER,
            abandonner: chemins::MES_ESSMS_ABANDONNER,
            erreurs: chemins::MES_ESSMS_ERREURS,
            xlsx: chemins::MES_ESSMS_XLSX,
            liste: chemins::MES_ESSMS,
        },
        saisie,
        attente,
        importes: None,
    }
}

/// Shows the form, or the check of the spreadsheet that waits.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<ImportEssms>, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let mut saisie = Saisie::vide();
    let attente = match import_essms::load(&mut tx, &espace, etat.horloge.maintenant()).await? {
        Some(attente) => Some(verifiee(&mut tx, &espace, &attente, &mut saisie).await?),
        None => None,
    };
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, saisie, attente);
    page.importes = demande.importes;
    Ok(Page(StatusCode::OK, page))
}

/// Receives a spreadsheet; it replaces the one that waited.
///
/// # Errors
/// The database's; a body cut short, a form without its token.
pub async fn envoyer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    multipart: Multipart,
) -> Result<Response, Echec> {
    let Envoi {
        mut saisie,
        nom,
        octets,
        trop_gros,
    } = recevoir(multipart, &visiteur).await?;
    let lu = if trop_gros {
        Err(lecture::Illisible::TropGrand("5\u{a0}Mo"))
    } else {
        let finess = |texte: &str| matches!(reconnaitre(texte), Some(Destination::Finess));
        tableur::decoder(move || {
            if octets.is_empty() {
                Ok(None)
            } else {
                lecture::lire(&octets, finess).map(Some)
            }
        })
        .await?
    };
    let tableau = match lu {
        Ok(Some(tableau)) => tableau,
        refus => {
            let erreur = match refus {
                Err(motif) => ErreurChamp::Motif(motif.to_string()),
                Ok(_) => ErreurChamp::Motif("choisissez un fichier qui ne soit pas vide".to_owned()),
            };
            saisie.refuser("fichier", "Tableau", &erreur);
            let page = page(&etat, &visiteur, saisie, None);
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let reconnues: Vec<Option<Destination>> = tableau.entetes.iter().map(|e| reconnaitre(e)).collect();
    let connues: Vec<Destination> = reconnues.iter().copied().flatten().collect();
    let attente = Attente {
        id: etat.horloge.nouvel_id(),
        nom: if nom.is_empty() { "sans nom".to_owned() } else { nom },
        confirme: connues.len() == reconnues.len() && faute_des_colonnes(&connues).is_none(),
        colonnes: reconnues
            .iter()
            .map(|d| d.map_or("", Destination::code).to_owned())
            .collect(),
        tableau,
    };
    let mut tx = espace.commencer(&etat.pool).await?;
    import_essms::save(&mut tx, &espace, &attente, etat.horloge.maintenant()).await?;
    tx.commit().await?;
    Ok(Redirect::to(chemins::MES_ESSMS_IMPORT).into_response())
}

/// Why these columns cannot be imported, if so.
fn faute_des_colonnes(colonnes: &[Destination]) -> Option<String> {
    let lues = || colonnes.iter().filter(|d| !matches!(d, Destination::Rien));
    for destination in lues() {
        if lues().filter(|d| d.code() == destination.code()).count() > 1 {
            return Some(format!(
                "deux colonnes sont lues comme «\u{a0}{}\u{a0}»\u{a0}: n’en gardez qu’une",
                destination.entete()
            ));
        }
    }
    if !lues().any(|d| matches!(d, Destination::Finess)) {
        return Some("dites quelle colonne contient le numéro FINESS".to_owned());
    }
    None
}

/// The spreadsheet the form was about, if it still waits; otherwise the page as it is now, with **409**.
async fn la_meme(
    conn: &mut PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    espace: &EspaceOg,
    saisie: &Saisie,
) -> Result<Result<Attente<Tableau>, Response>, Echec> {
    let attente = import_essms::load(conn, espace, etat.horloge.maintenant()).await?;
    if let Some(attente) = attente.as_ref().filter(|a| saisie.valeur("import") == a.id.to_string()) {
        return Ok(Ok(attente.clone()));
    }
    let mut refusee = Saisie::vide();
    let motif =
        "ce tableau n’attend plus d’être importé\u{a0}: il a été importé, remplacé, ou a attendu plus d’un jour";
    refusee.refuser("fichier", "Tableau", &ErreurChamp::Motif(motif.to_owned()));
    let vue = match attente {
        Some(attente) => Some(verifiee(conn, espace, &attente, &mut refusee).await?),
        None => None,
    };
    Ok(Err(
        Page(StatusCode::CONFLICT, page(etat, visiteur, refusee, vue)).into_response()
    ))
}

/// Notes what each column holds.
///
/// # Errors
/// The database's.
pub async fn corriger_colonnes(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let mut attente = match la_meme(&mut tx, &etat, &visiteur, &espace, &saisie).await? {
        Ok(attente) => attente,
        Err(reponse) => return Ok(reponse),
    };
    let mut colonnes = Vec::new();
    for (rang, entete) in attente.tableau.entetes.iter().enumerate() {
        let nom = nom_de_colonne(rang);
        match Destination::depuis(saisie.valeur(&nom)) {
            Some(destination) => colonnes.push(destination),
            None => saisie.refuser(nom, entete, &ErreurChamp::ChoixRequis),
        }
    }
    if !saisie.en_erreur()
        && let Some(motif) = faute_des_colonnes(&colonnes)
    {
        saisie.refuser("colonne-0", "Colonnes", &ErreurChamp::Motif(motif));
    }
    if saisie.en_erreur() {
        attente.confirme = false;
        let vue = verifiee(&mut tx, &espace, &attente, &mut saisie).await?;
        let page = page(&etat, &visiteur, saisie, Some(vue));
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    attente.colonnes = colonnes.iter().map(|d| d.code().to_owned()).collect();
    attente.confirme = true;
    attente.id = etat.horloge.nouvel_id();
    import_essms::save(&mut tx, &espace, &attente, etat.horloge.maintenant()).await?;
    tx.commit().await?;
    Ok(Redirect::to(chemins::MES_ESSMS_IMPORT).into_response())
}

/// Imports the rows without error; the others wait to be downloaded and corrected.
///
/// # Errors
/// The database's.
pub async fn confirmer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    mes_essms::lock(&mut tx, *espace.og()).await?;
    let mut attente = match la_meme(&mut tx, &etat, &visiteur, &espace, &saisie).await? {
        Ok(attente) => attente,
        Err(reponse) => return Ok(reponse),
    };
    let lignes = examiner(&mut tx, &espace, &attente).await?;
    if !attente.confirme || saisie.valeur("empreinte") != empreinte(&lignes) {
        let mut refusee = Saisie::vide();
        let motif = "des réponses ont changé depuis la vérification\u{a0}: relisez ce qui va changer, puis confirmez";
        refusee.refuser("changements", "Import", &ErreurChamp::Motif(motif.to_owned()));
        let vue = verifiee(&mut tx, &espace, &attente, &mut refusee).await?;
        return Ok(Page(StatusCode::CONFLICT, page(&etat, &visiteur, refusee, Some(vue))).into_response());
    }
    let mut changes = Vec::new();
    let mut refusees = Vec::new();
    for ligne in lignes {
        match ligne.sort {
            Sort::Change(finess, reponses, champs) => changes.push((finess, reponses, champs)),
            Sort::Refusee(_) => refusees.push(ligne.numero),
            Sort::Inchangee => {}
        }
    }
    let nombre = changes.len().to_string();
    if !changes.is_empty() {
        ecrire(
            &mut tx,
            &etat,
            &espace,
            &format!("Import de «\u{a0}{}\u{a0}»", attente.nom),
            changes,
        )
        .await?;
    }
    let suite = if refusees.is_empty() {
        import_essms::delete(&mut tx, &espace).await?;
        chemins::avec_parametres(chemins::MES_ESSMS, &[("fait", &nombre)])
    } else {
        attente.tableau.lignes.retain(|l| refusees.contains(&l.numero));
        attente.id = etat.horloge.nouvel_id();
        import_essms::save(&mut tx, &espace, &attente, etat.horloge.maintenant()).await?;
        chemins::avec_parametres(chemins::MES_ESSMS_IMPORT, &[("importes", &nombre)])
    };
    tx.commit().await?;
    Ok(Redirect::to(&suite).into_response())
}

/// Forgets the spreadsheet that waits.
///
/// # Errors
/// The database's.
pub async fn abandonner(
    State(etat): State<Etat>,
    espace: EspaceOg,
    Formulaire(_): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    import_essms::delete(&mut tx, &espace).await?;
    tx.commit().await?;
    Ok(Redirect::to(chemins::MES_ESSMS_IMPORT).into_response())
}
