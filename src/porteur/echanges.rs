//! What colleagues say of one step, and who takes care of it. It goes on once the dossier is deposited; only the step is no
//! longer given. A page of its own: a form beside that of the answers would lose what is typed there, without script.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use super::affectation::{self, CHAMP};
use super::atelier::Atelier;
use super::cadre::Cadre;
use crate::domain::courriel::{Echange, Evenement};
use crate::domain::dossier::Etape;
use crate::domain::dossier::champ::{Champ, Genre};
use crate::domain::dossier::lecture::lire_seule;
use crate::domain::nomenclature::Liste;
use crate::store::acces::{DossierPorte, Lecture};
use crate::store::commentaires::{self, Commentaire};
use crate::store::{affectations, dossiers};
use crate::web::acces::{Formulaire, NumeroDeCommentaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::instant;

/// Most characters of a comment.
const MAXIMUM: usize = 2000;
/// The field of a new comment.
const TEXTE: &str = "texte";

/// The page.
#[derive(Template)]
#[template(path = "porteur/echanges.html")]
pub struct PageEchanges {
    habillage: Habillage,
    cadre: Cadre,
    titre: &'static str,
    action: String,
    affectation: String,
    historique: String,
    /// The step itself.
    page_etape: String,
    charge: Option<String>,
    collegues: Vec<Choix>,
    commentaires: Vec<VueCommentaire>,
    saisie: Saisie,
    fait: &'static str,
}

/// A comment as it is shown.
struct VueCommentaire {
    action: String,
    /// Name of the field in which its author changes it.
    champ: String,
    ancre: String,
    nom: String,
    quand: String,
    texte: String,
    /// « Traité par Camille, le … »; empty while it waits.
    resolu: String,
    mien: bool,
    retire: bool,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn dit(fait: Option<&str>) -> &'static str {
    match fait {
        Some("commente") => "Votre commentaire est ajouté.",
        Some("modifie") => "Votre commentaire est modifié.",
        Some("retire") => "Votre commentaire est retiré\u{a0}: vous pouvez encore le rétablir.",
        Some("retabli") => "Votre commentaire est rétabli.",
        Some("resolu") => "Le commentaire est marqué comme traité.",
        Some("rouvert") => "Le commentaire est de nouveau à traiter.",
        Some("affectation") => "C’est noté.",
        _ => "",
    }
}

fn champ_de(commentaire: &Commentaire) -> String {
    format!("{TEXTE}-{}", commentaire.id)
}

fn vue(acces: &impl Lecture, c: Commentaire) -> VueCommentaire {
    let champ = champ_de(&c);
    let modifie = c.modifie_le.map(|quand| format!(", modifié le {}", instant(quand)));
    let resolu = c
        .resolu
        .map(|(quand, par)| format!("Traité par {par}, le {}", instant(quand)));
    VueCommentaire {
        action: chemins::commentaire(acces.dossier(), c.id),
        ancre: format!("commentaire-{}", c.id),
        champ,
        quand: format!("le {}{}", instant(c.ecrit_le), modifie.unwrap_or_default()),
        mien: c.auteur == acces.compte().id,
        nom: c.nom,
        texte: c.texte,
        resolu: resolu.unwrap_or_default(),
        retire: c.retire,
    }
}

/// The page, with what was typed.
///
/// # Errors
/// The database's.
pub async fn page(
    conn: &mut PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &impl Lecture,
    etape: Etape,
    mut saisie: Saisie,
) -> Result<PageEchanges, Echec> {
    let atelier = Atelier::ouvrir(conn, etat, acces).await?;
    let charge = affectations::load(conn, acces, etape).await?;
    let collegues = affectations::list_collegues(conn).await?;
    let commentaires = commentaires::list(conn, acces, etape).await?;
    for c in &commentaires {
        if saisie.valeurs(&champ_de(c)).is_empty() {
            saisie.fixer(champ_de(c), c.texte.clone());
        }
    }
    if saisie.valeurs(CHAMP).is_empty()
        && let Some(charge) = &charge
    {
        saisie.fixer(CHAMP, charge.id.to_string());
    }
    let id = acces.dossier();
    let action = chemins::echanges(id, etape);
    let page_etape = chemins::etape(id, etape);
    Ok(PageEchanges {
        habillage: habiller(
            etat,
            visiteur,
            format!("Commentaires et affectation\u{a0}: {}", etape.libelle()),
        )
        .retour(page_etape.clone(), etape.libelle())
        .erreurs(&saisie),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        titre: etape.libelle(),
        affectation: chemins::affectation(id, etape),
        historique: chemins::historique(id, etape),
        page_etape,
        charge: charge.map(|c| c.nom),
        collegues: collegues
            .into_iter()
            .map(|c| Choix::nouveau(c.id.to_string(), c.nom))
            .collect(),
        commentaires: commentaires.into_iter().map(|c| vue(acces, c)).collect(),
        saisie,
        fait: "",
        action,
    })
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierPorte,
    Path((_, code)): Path<(String, String)>,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageEchanges>, Echec> {
    let etape = Etape::depuis(&code).ok_or_else(Echec::introuvable)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let mut page = page(&mut tx, &etat, &visiteur, &acces, etape, Saisie::vide()).await?;
    tx.commit().await?;
    page.fait = dit(demande.fait.as_deref());
    Ok(Page(StatusCode::OK, page))
}

/// Reads a comment typed in this field.
fn lire(saisie: &mut Saisie, nom: &str) -> String {
    let champ = Champ::libre(TEXTE, "Commentaire", Genre::Zone(MAXIMUM));
    let lu = lire_seule(&champ, saisie.valeur(nom));
    let erreur = match lu {
        Ok(valeurs) => match valeurs.into_iter().next() {
            Some(texte) => return texte,
            None => ErreurChamp::Requis,
        },
        Err(faute) => ErreurChamp::Motif(faute.to_string()),
    };
    saisie.refuser(nom, "Commentaire", &erreur);
    String::new()
}

/// Adds a comment, and writes to those whom the step concerns.
///
/// # Errors
/// The database's.
pub async fn commenter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierPorte,
    Path((_, code)): Path<(String, String)>,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let etape = Etape::depuis(&code).ok_or_else(Echec::introuvable)?;
    let texte = lire(&mut saisie, TEXTE);
    let mut tx = acces.commencer(&etat.pool).await?;
    if saisie.en_erreur() {
        let page = page(&mut tx, &etat, &visiteur, &acces, etape, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let interesses = commentaires::list_interesses(&mut tx, &acces, etape).await?;
    let (id, maintenant) = (etat.horloge.nouvel_id(), etat.horloge.maintenant());
    commentaires::create(&mut tx, &acces, id, etape, &texte, maintenant).await?;
    if !interesses.is_empty() {
        let dossier = dossiers::load(&mut tx, &acces).await?;
        let evenement = Evenement::Echange(Echange {
            dossier: dossier.id,
            reference: dossier.reference,
            nom: dossier.nom,
            etape,
            par: acces.compte().nom.clone(),
            texte: Some(texte),
        });
        for compte in interesses {
            affectation::prevenir(&mut tx, &etat, compte, &evenement).await?;
        }
    }
    tx.commit().await?;
    let suite = chemins::fait(&chemins::echanges(acces.dossier(), etape), "commente");
    Ok(Redirect::to(&suite).into_response())
}

/// Changes, takes out or puts back one's own comment; settles anybody's, or opens it again.
///
/// # Errors
/// [`Erreur::Interdit`] on another's; [`Erreur::Conflit`] on one taken out; [`Erreur::Illisible`] when it is not said what
/// to do; the database's.
pub async fn reprendre(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierPorte,
    NumeroDeCommentaire(id): NumeroDeCommentaire,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let commentaire = commentaires::load(&mut tx, &acces, id).await?;
    let commentaire = commentaire.ok_or_else(Echec::introuvable)?;
    let maintenant = etat.horloge.maintenant();
    let action = saisie.valeur("action").to_owned();
    let mien = matches!(action.as_str(), "modifier" | "retirer" | "retablir");
    if mien && commentaire.auteur != acces.compte().id {
        return Err(Erreur::Interdit.into());
    }
    let (ecrit, fait) = match action.as_str() {
        "modifier" => {
            let texte = lire(&mut saisie, &champ_de(&commentaire));
            if saisie.en_erreur() {
                let page = page(&mut tx, &etat, &visiteur, &acces, commentaire.etape, saisie).await?;
                return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
            let ecrit = commentaires::save_texte(&mut tx, &acces, id, &texte, maintenant).await?;
            (ecrit, "modifie")
        }
        "retirer" => {
            let ecrit = commentaires::save_retrait(&mut tx, &acces, id, Some(maintenant)).await?;
            (ecrit, "retire")
        }
        "retablir" => (commentaires::save_retrait(&mut tx, &acces, id, None).await?, "retabli"),
        "resoudre" => {
            let ecrit = commentaires::save_resolution(&mut tx, &acces, id, Some(maintenant)).await?;
            (ecrit, "resolu")
        }
        "rouvrir" => (
            commentaires::save_resolution(&mut tx, &acces, id, None).await?,
            "rouvert",
        ),
        _ => return Err(Erreur::Illisible.into()),
    };
    if !ecrit {
        return Err(Erreur::Conflit.into());
    }
    tx.commit().await?;
    let suite = chemins::fait(&chemins::echanges(acces.dossier(), commentaire.etape), fait);
    Ok(Redirect::to(&suite).into_response())
}
