//! Accusé de réception: what was deposited, when, by whom, and the hash that proves it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::atelier::Atelier;
use super::cadre::{Cadre, decompte};
use crate::domain::texte::{hexadecimal, taille};
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::depots;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Colonne, Ligne};

/// The page.
#[derive(Template)]
#[template(path = "porteur/accuse.html")]
pub struct Accuse {
    habillage: Habillage,
    cadre: Cadre,
    lignes: Vec<Ligne>,
    empreinte: String,
    pieces: Vec<Vec<String>>,
    colonnes: Vec<Colonne>,
}

/// What the frozen document says of a piece.
#[derive(serde::Deserialize)]
struct PieceDeposee {
    type_piece: String,
    nom: String,
    taille_octets: u64,
    sha256: String,
}

/// What is read again of the frozen document.
#[derive(serde::Deserialize)]
struct Contenu {
    pieces: Vec<PieceDeposee>,
}

/// Shows the accusé de réception.
///
/// # Errors
/// The database's; [`Echec::introuvable`] as long as nothing was deposited.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
) -> Result<Page<Accuse>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let depot = depots::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    tx.commit().await?;
    let contenu: Contenu = serde_json::from_str(&depot.contenu).map_err(Echec::interne)?;
    let piece = |p: PieceDeposee| {
        let demandee = atelier.edition.pieces.iter().find(|d| d.code == p.type_piece);
        let libelle = demandee.map_or(p.type_piece, |d| d.libelle.clone());
        vec![libelle, p.nom, taille(p.taille_octets), p.sha256]
    };
    let pieces: Vec<Vec<String>> = contenu.pieces.into_iter().map(piece).collect();
    let id = acces.dossier();
    let quand = depot.depose_le.with_timezone(&chrono_tz::Europe::Paris);
    let lignes = vec![
        Ligne::nouvelle("Référence", atelier.dossier.reference.clone()),
        Ligne::nouvelle("Dossier", atelier.dossier.nom.clone()),
        Ligne::nouvelle("Appel à projets", atelier.edition.titre.clone()),
        Ligne::nouvelle(
            "Porteur",
            atelier
                .contexte
                .porteur_nom
                .clone()
                .unwrap_or_else(|| atelier.dossier.porteur.to_string()),
        ),
        Ligne::nouvelle(
            "Déposé le",
            quand.format("%d/%m/%Y à %H:%M:%S (heure de Paris)").to_string(),
        ),
        Ligne::nouvelle("Déposé par", depot.depose_par.clone()),
        Ligne::nouvelle("Dépôt numéro", depot.rang.to_string()),
        Ligne::nouvelle("ESSMS", decompte(depot.evaluation.decompte)),
        Ligne::nouvelle("Financement certain", depot.evaluation.financement.certain.to_string()),
        Ligne::nouvelle("Financement maximum", depot.evaluation.financement.maximum.to_string()),
        Ligne::nouvelle("Règles appliquées", format!("version {}", depot.edition_version)),
        Ligne::nouvelle("Pièces", pieces.len().to_string()),
    ];
    let page = Accuse {
        habillage: habiller(&etat, &visiteur, "Accusé de réception").retour(chemins::dossier(id), "Étapes du dossier"),
        cadre: Cadre::nouveau(
            &atelier,
            acces.compte(),
            &chemins::accuse(id),
            None,
            visiteur.jeton_csrf(),
        ),
        lignes,
        empreinte: hexadecimal(&depot.sha256),
        pieces,
        colonnes: ["Pièce", "Fichier", "Taille", "Empreinte SHA-256"]
            .map(Colonne::texte)
            .to_vec(),
    };
    Ok(Page(StatusCode::OK, page))
}
