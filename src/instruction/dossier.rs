//! A dossier opened on its verdicts, with the evidence: what was deposited, exactly.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono_tz::Europe::Paris;
use uuid::Uuid;

use super::liste::montant;
use crate::domain::dossier::champ::{Genre, Options};
use crate::domain::dossier::{Dossier, Etape, etapes, lecture};
use crate::domain::modele::EtatModele;
use crate::domain::nomenclature::Liste;
use crate::domain::texte::hexadecimal;
use crate::rules::constat::{Constat, Gravite, Resultat};
use crate::rules::evaluation::{Evaluation, Financement};
use crate::store::acces::DossierInstruit;
use crate::store::evaluation::Contexte;
use crate::store::modeles::Modele;
use crate::store::{depots, dossiers, modeles};
use crate::web::acces::NumeroDePiece;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::fichiers;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ligne};

/// The page.
#[derive(Template)]
#[template(path = "instruction/dossier.html")]
pub struct PageDossier {
    habillage: Habillage,
    reference: String,
    nom: String,
    identite: Vec<Ligne>,
    eligibilite: Etiquette,
    recevabilite: Etiquette,
    groupes: Vec<(&'static str, Vec<VueConstat>)>,
    financement: Financement,
    sections: Vec<(&'static str, Vec<Ligne>)>,
    pieces: Vec<(Lien, String)>,
    empreinte: String,
    /// What changed since the deposit before.
    differences: Option<String>,
    /// The model drawn from it, or the page that offers one.
    modele: Lien,
    /// When the page was made, for who prints it.
    etat_au: String,
}

/// Shows the dossier as it was deposited.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierInstruit,
) -> Result<Page<PageDossier>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::load(&mut tx, &acces).await?;
    let contexte = Contexte::du_dossier(&mut tx, &dossier, &[]).await?;
    let depot = depots::load_dernier(&mut tx, &acces)
        .await?
        .ok_or_else(Echec::introuvable)?;
    let modele = modeles::load_dernier(&mut tx, &acces).await?;
    tx.commit().await?;
    let evaluation = &depot.evaluation;
    let quand = depot
        .depose_le
        .with_timezone(&Paris)
        .format("%d/%m/%Y à %H:%M:%S (heure de Paris)")
        .to_string();
    let edition = etat
        .edition(&dossier.edition)
        .map_or_else(|| dossier.edition.clone(), |e| e.titre.clone());
    let identite = vec![
        Ligne::nouvelle(
            "Porteur",
            contexte
                .porteur_nom
                .clone()
                .unwrap_or_else(|| dossier.porteur.to_string()),
        ),
        Ligne::nouvelle(
            "Appel à projets",
            format!("{edition} (règles en version {})", depot.edition_version),
        ),
        Ligne::nouvelle("Déposé le", quand),
        Ligne::nouvelle("Déposé par", depot.depose_par.clone()),
        Ligne::nouvelle("Dépôt numéro", depot.rang.to_string()),
        Ligne::nouvelle(
            "Type de projet",
            evaluation.type_projet.map_or("À établir", Liste::libelle),
        ),
        Ligne::nouvelle("Financement", montant(evaluation)),
        Ligne::nouvelle("Procédure d’achat", evaluation.achat.message.clone()),
    ];
    let page = PageDossier {
        habillage: habiller(&etat, &visiteur, dossier.reference.clone())
            .retour(chemins::INSTRUCTION, "Dossiers de ma région"),
        reference: dossier.reference.clone(),
        nom: dossier.nom.clone(),
        identite,
        eligibilite: Etiquette::resultat(&evaluation.eligibilite, &Gravite::Bloquant),
        recevabilite: Etiquette::resultat(&evaluation.recevabilite, &Gravite::Bloquant),
        groupes: groupes(evaluation, &contexte),
        financement: evaluation.financement.clone(),
        sections: sections(&dossier, &contexte),
        pieces: pieces(&dossier, &etat),
        empreinte: hexadecimal(&depot.sha256),
        differences: (depot.rang > 1).then(|| chemins::instruction_differences(dossier.id)),
        modele: lien_du_modele(dossier.id, modele.as_ref()),
        etat_au: etat
            .horloge
            .maintenant()
            .with_timezone(&Paris)
            .format("%d/%m/%Y à %H\u{a0}h\u{a0}%M")
            .to_string(),
    };
    Ok(Page(StatusCode::OK, page))
}

/// Where the model of the dossier is followed or, as long as there is none or the last one is over, offered.
fn lien_du_modele(dossier: Uuid, dernier: Option<&Modele>) -> Lien {
    match dernier {
        Some(m) if matches!(m.etat, EtatModele::Propose | EtatModele::Accepte) => Lien::nouveau(
            format!("Modèle tiré de ce dossier\u{a0}: {}", m.etat.libelle().to_lowercase()),
            chemins::instruction_modele(m.id),
        ),
        _ => Lien::nouveau("Proposer comme modèle", chemins::instruction_proposer(dossier)),
    }
}

/// The constats by what they serve to decide; within each, what asks for attention first.
fn groupes(evaluation: &Evaluation, contexte: &Contexte) -> Vec<(&'static str, Vec<VueConstat>)> {
    let nom = |finess: &str| {
        let numero = crate::domain::finess::Finess::parse(finess).ok()?;
        contexte.registre.get(&numero).map(|e| e.nom.clone())
    };
    let famille = |c: &Constat| match c.code.split('-').next() {
        Some("ELI") => "Éligibilité",
        Some("PRI" | "P21") => "Priorisation",
        _ => "Recevabilité",
    };
    ["Recevabilité", "Éligibilité", "Priorisation"]
        .into_iter()
        .map(|titre| {
            let mut constats: Vec<&Constat> = evaluation
                .constats
                .iter()
                .filter(|c| famille(c) == titre && c.resultat != Resultat::SansObjet)
                .collect();
            constats.sort_by_key(|c| match c.resultat {
                Resultat::NonSatisfait => 0,
                Resultat::AppreciationArs => 1,
                Resultat::Inconnu => 2,
                Resultat::Satisfait | Resultat::SansObjet => 3,
            });
            (
                titre,
                constats
                    .into_iter()
                    .map(|c| VueConstat::from(c).nommer(nom).expliquer(&evaluation.edition))
                    .collect(),
            )
        })
        .collect()
}

/// Every answer, step by step, as evidence of the verdicts.
fn sections(dossier: &Dossier, contexte: &Contexte) -> Vec<(&'static str, Vec<Ligne>)> {
    Etape::TOUTES
        .iter()
        .filter(|e| !matches!(e, Etape::Pieces | Etape::Recapitulatif))
        .map(|etape| (etape.libelle(), lignes(dossier, contexte, *etape)))
        .collect()
}

fn lignes(dossier: &Dossier, contexte: &Contexte, etape: Etape) -> Vec<Ligne> {
    if etape == Etape::Essms {
        let essms = |e: &crate::domain::dossier::EssmsGrappe| {
            let nom = contexte
                .registre
                .get(&e.finess)
                .map_or("Inconnu du répertoire", |c| c.nom.as_str());
            let demandes = etapes::FAITS_ESSMS.iter().filter(|c| c.demande("", &e.reponses));
            let reponses = demandes.filter_map(|champ| {
                let valeurs = e.reponses.valeurs(champ.nom);
                (!valeurs.is_empty()).then(|| format!("{}\u{a0}: {}", champ.libelle, lecture::en_clair(champ, valeurs)))
            });
            Ligne::nouvelle(
                format!("{nom} ({})", e.finess),
                reponses.collect::<Vec<_>>().join(" · "),
            )
        };
        return dossier.essms.iter().map(essms).collect();
    }
    etapes::dans_l_ordre(etape, dossier.reponses(etape))
        .into_iter()
        .map(|(champ, libelle, valeurs)| {
            let choisie = contexte.solution(dossier.reponses(Etape::Solution));
            let valeur = match (champ.genre, choisie) {
                (Genre::Parmi(Options::Solutions), Some(s)) => format!("{} {} ({})", s.nom, s.version, s.editeur),
                _ => lecture::en_clair(champ, valeurs),
            };
            Ligne::nouvelle(libelle, valeur)
        })
        .collect()
}

fn pieces(dossier: &Dossier, etat: &Etat) -> Vec<(Lien, String)> {
    let edition = etat.edition(&dossier.edition);
    dossier
        .pieces
        .iter()
        .map(|p| {
            let libelle = edition
                .and_then(|e| e.pieces.iter().find(|d| d.code == p.type_piece))
                .map_or_else(|| p.type_piece.clone(), |d| d.libelle.clone());
            (
                Lien::nouveau(p.nom.clone(), chemins::instruction_piece(dossier.id, p.id)),
                format!("{libelle}, {}", p.analyse_en_clair()),
            )
        })
        .collect()
}

/// Downloads a piece of a dossier of the instructor's régions.
///
/// # Errors
/// The database's, the object store's.
pub async fn telecharger(
    State(etat): State<Etat>,
    acces: DossierInstruit,
    NumeroDePiece(piece): NumeroDePiece,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::load(&mut tx, &acces).await?;
    tx.commit().await?;
    fichiers::servir(etat.fichiers.as_ref(), &dossier, piece).await
}
