//! The pieces of a dossier: which ones the edition asks for, sent, downloaded, taken out, put back.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use object_store::path::Path as Emplacement;
use object_store::{ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::atelier::{Atelier, Changement, Suite, Verdicts, journaliser};
use super::cadre::Cadre;
use super::collegues::Collegues;
use super::envoi::{Envoi, contenu_reel, faute_du_fichier, formats, recevoir};
use super::vues::instant;
use crate::domain::dossier::{Analyse, Dossier, Etape, Piece};
use crate::domain::nomenclature::Liste;
use crate::domain::texte::hexadecimal;
use crate::domain::texte::taille;
use crate::rules::edition::Piece as PieceDeLEdition;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::journal::ChampChange;
use crate::store::{dossiers, pieces};
use crate::web::acces::{Formulaire, NumeroDePiece};
use crate::web::antivirus;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::fichiers;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "porteur/pieces.html")]
pub struct Pieces {
    habillage: Habillage,
    cadre: Cadre,
    action: String,
    saisie: Saisie,
    demandees: Vec<Demandee>,
    types: Vec<Choix>,
    retiree: Option<Retiree>,
    collegues: Collegues,
}

/// A piece the edition knows, and what was sent for it.
struct Demandee {
    libelle: String,
    exigence: String,
    source: String,
    interpretation: Option<String>,
    formats: String,
    manque: bool,
    envoyees: Vec<Envoyee>,
}

/// A file sent.
struct Envoyee {
    nom: String,
    href: String,
    details: String,
    infectee: bool,
    retirer: String,
}

/// A piece just taken out, that can be put back.
struct Retiree {
    retablir: String,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    enregistrement: Option<Uuid>,
    retiree: Option<Uuid>,
}

/// Shows the pieces.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Pieces>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let bilan = Suite {
        enregistrement: demande.enregistrement,
        inchange: None,
        ..Suite::default()
    }
    .bilan(&mut tx, &acces)
    .await?;
    let collegues = Collegues::lire(&mut tx, &acces, Etape::Pieces).await?;
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, &acces, &atelier, Saisie::vide());
    page.cadre.bilan = bilan;
    page.collegues = collegues;
    page.retiree = demande.retiree.map(|id| Retiree {
        retablir: chemins::piece_retablir(acces.dossier(), id),
    });
    Ok(Page(StatusCode::OK, page))
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &impl Lecture, atelier: &Atelier<'_>, saisie: Saisie) -> Pieces {
    let id = atelier.dossier.id;
    let action = chemins::pieces(id);
    Pieces {
        habillage: habiller(etat, visiteur, Etape::Pieces.libelle())
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        saisie,
        demandees: atelier.edition.pieces.iter().map(|p| demandee(atelier, p)).collect(),
        types: atelier
            .edition
            .pieces
            .iter()
            .map(|p| Choix::nouveau(p.code.clone(), p.libelle.clone()))
            .collect(),
        retiree: None,
        collegues: Collegues::nouveaux(id, Etape::Pieces),
        action,
    }
}

fn demandee(atelier: &Atelier<'_>, piece: &PieceDeLEdition) -> Demandee {
    let id = atelier.dossier.id;
    let envoyee = |p: &Piece| Envoyee {
        nom: p.nom.clone(),
        href: chemins::piece(id, p.id),
        details: format!(
            "{}, envoyée le {}, {}",
            taille(p.taille_octets.unsigned_abs()),
            instant(p.depose_le),
            p.analyse_en_clair()
        ),
        infectee: p.infectee(),
        retirer: chemins::piece_retirer(id, p.id),
    };
    Demandee {
        libelle: piece.libelle.clone(),
        exigence: piece.exigence.libelle().to_owned(),
        source: format!("{}, {}", piece.source.document, piece.source.section),
        interpretation: piece.interpretation.clone(),
        formats: formats(piece),
        manque: atelier.manques_de(Etape::Pieces).any(|m| m.champ == piece.code),
        envoyees: atelier
            .dossier
            .pieces
            .iter()
            .filter(|p| p.type_piece == piece.code)
            .map(envoyee)
            .collect(),
    }
}

/// Receives a piece.
///
/// # Errors
/// The database's, the object store's.
pub async fn envoyer(
    State(etat): State<Etat>,
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
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    tx.commit().await?;
    let voulue = atelier
        .edition
        .pieces
        .iter()
        .find(|p| saisie.contient("type_piece", &p.code));
    let reel = contenu_reel(&octets);
    if let Some(faute) = faute_du_fichier(voulue, &nom, &octets, trop_gros, reel) {
        saisie.refuser("fichier", "Fichier", &faute);
    }
    if voulue.is_none() {
        saisie.refuser("type_piece", "Type de pièce", &ErreurChamp::ChoixRequis);
    }
    let analyse = if saisie.en_erreur() {
        Analyse::Absente
    } else {
        antivirus::analyser(&etat, &octets).await
    };
    if let Analyse::Virus(virus) = &analyse {
        let motif =
            format!("l’antivirus y a trouvé un virus ({virus}). Rien n’a été gardé\u{a0}: envoyez une copie saine");
        saisie.refuser("fichier", "Fichier", &ErreurChamp::Motif(motif));
    }
    let (Some(voulue), Some((_, type_contenu)), false) = (voulue, reel, saisie.en_erreur()) else {
        let page = page(&etat, &visiteur, &acces, &atelier, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let id = etat.horloge.nouvel_id();
    let piece = Piece {
        id,
        type_piece: voulue.code.clone(),
        nom,
        type_contenu: type_contenu.to_owned(),
        taille_octets: i64::try_from(octets.len()).map_err(Echec::interne)?,
        sha256: Sha256::digest(&octets).to_vec(),
        chemin: format!("dossiers/{}/{id}", acces.dossier()),
        depose_le: etat.horloge.maintenant(),
        analyse,
    };
    // First the bytes, then the row: a row always has its bytes.
    etat.fichiers
        .put(&Emplacement::from(piece.chemin.as_str()), PutPayload::from(octets))
        .await
        .map_err(Echec::interne)?;
    let libelle = voulue.libelle.clone();
    let changement = ChampChange {
        champ: voulue.code.clone(),
        avant: String::new(),
        apres: format!("{} (SHA-256 {})", piece.nom, hexadecimal(&piece.sha256)),
        libelle,
    };
    let suite = inscrire(&etat, &acces, &piece, changement).await?;
    Ok(Redirect::to(&chemins::apres(&chemins::pieces(acces.dossier()), suite)).into_response())
}

/// Writes the row. Refused, a colleague having deposited meanwhile, its bytes leave at once; when nobody
/// can tell whether the row was committed, they stay, and [`fichiers::balayer`] judges later.
async fn inscrire(etat: &Etat, acces: &DossierModifiable, piece: &Piece, champ: ChampChange) -> Result<Uuid, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let ecrit = async {
        let avant = dossiers::lock(&mut tx, acces).await?;
        pieces::create(&mut tx, acces, piece).await?;
        juger(&mut tx, etat, acces, &avant, "Pièce envoyée", champ).await
    };
    match ecrit.await {
        Ok(id) => {
            tx.commit().await?;
            Ok(id)
        }
        Err(echec) => {
            tx.rollback().await?;
            let emplacement = Emplacement::from(piece.chemin.as_str());
            etat.fichiers.delete(&emplacement).await.map_err(Echec::interne)?;
            Err(echec)
        }
    }
}

async fn juger(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    acces: &DossierModifiable,
    avant: &Dossier,
    action: &str,
    champ: ChampChange,
) -> Result<Uuid, Echec> {
    let Atelier {
        edition,
        contexte,
        evaluation: apres,
        instant,
        ..
    } = Atelier::ouvrir(conn, etat, acces).await?;
    let (avant, _) = contexte.evaluer(edition, avant, instant);
    let changement = Changement {
        action,
        etape: Some(Etape::Pieces),
        champs: vec![champ],
    };
    journaliser(conn, etat, acces, Verdicts { avant, apres }, changement).await
}

/// Takes a piece out; the page that follows offers to put it back.
///
/// # Errors
/// The database's.
pub async fn retirer(
    State(etat): State<Etat>,
    acces: DossierModifiable,
    NumeroDePiece(piece): NumeroDePiece,
    Formulaire(_): Formulaire,
) -> Result<Response, Echec> {
    let suite = basculer(&etat, &acces, piece, true).await?;
    let adresse = chemins::apres(&chemins::pieces(acces.dossier()), suite);
    Ok(Redirect::to(&format!("{adresse}&retiree={piece}")).into_response())
}

/// Puts a piece back.
///
/// # Errors
/// The database's.
pub async fn retablir(
    State(etat): State<Etat>,
    acces: DossierModifiable,
    NumeroDePiece(piece): NumeroDePiece,
    Formulaire(_): Formulaire,
) -> Result<Response, Echec> {
    let suite = basculer(&etat, &acces, piece, false).await?;
    Ok(Redirect::to(&chemins::apres(&chemins::pieces(acces.dossier()), suite)).into_response())
}

async fn basculer(etat: &Etat, acces: &DossierModifiable, piece: Uuid, retrait: bool) -> Result<Uuid, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, acces).await?;
    let retire_le = retrait.then(|| etat.horloge.maintenant());
    if !pieces::retirer(&mut tx, acces, piece, retire_le).await? {
        return Err(Echec::introuvable());
    }
    let apres = dossiers::load(&mut tx, acces).await?;
    let concernee = avant
        .pieces
        .iter()
        .chain(&apres.pieces)
        .find(|p| p.id == piece)
        .ok_or_else(Echec::introuvable)?;
    let (nom, type_piece) = (concernee.nom.clone(), concernee.type_piece.clone());
    let (action, avant_champ, apres_champ) = if retrait {
        ("Pièce retirée", nom, String::new())
    } else {
        ("Pièce rétablie", String::new(), nom)
    };
    let champ = ChampChange {
        libelle: type_piece.clone(),
        champ: type_piece,
        avant: avant_champ,
        apres: apres_champ,
    };
    let id = juger(&mut tx, etat, acces, &avant, action, champ).await?;
    tx.commit().await?;
    Ok(id)
}

/// Downloads a piece, for whoever reads its dossier: the porteur and the membres of the grappe.
///
/// # Errors
/// The database's, the object store's.
pub async fn telecharger(
    State(etat): State<Etat>,
    acces: DossierLisible,
    NumeroDePiece(piece): NumeroDePiece,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::load(&mut tx, &acces).await?;
    tx.commit().await?;
    fichiers::servir(etat.fichiers.as_ref(), &dossier, piece).await
}
