//! One appel à projets: its windows, its thresholds, its amounts, its pieces, its criteria, each with its source, and who answers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::cartes::{self, FenetreVue};
use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Edition, Exigence, Forfait, Nature, Passage, Piece, Sujet, Webinaire};
use crate::rules::exposition::{en_toutes_lettres, seuils};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::{Colonne, Etiquette, Ligne, Ton};

/// The page.
#[derive(Template)]
#[template(path = "public/aap.html")]
pub struct Aap {
    habillage: Habillage,
    titre: String,
    surtitre: String,
    decalee: bool,
    phrase: String,
    fenetres: Vec<FenetreVue>,
    multiregional: Option<String>,
    /// What is to be done elsewhere as well, and its source.
    demarche: Option<(String, String)>,
    reunions: Vec<String>,
    chiffres: Vec<Ligne>,
    montants: Vec<Vec<String>>,
    colonnes_montants: Vec<Colonne>,
    versements: Vec<Vec<String>>,
    colonnes_versements: Vec<Colonne>,
    pieces: Vec<PieceVue>,
    criteres: Vec<(&'static str, Vec<CritereVue>)>,
    contacts: Vec<(&'static str, Vec<Lien>)>,
    liens: LiensAap,
}

/// Where to go from an appel à projets.
struct LiensAap {
    regles: String,
    calendrier: String,
    contact: String,
    simulateur: &'static str,
    differences: &'static str,
    sources: &'static str,
}

/// A document of the dossier.
struct PieceVue {
    libelle: String,
    exigence: Etiquette,
    formats: String,
    source: String,
    lecture: String,
}

/// A criterion, linked to its page.
struct CritereVue {
    lien: Lien,
    gravite: &'static str,
    source: String,
}

/// Shows the appel à projets.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown code.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(code): Path<String>,
) -> Result<Page<Aap>, Echec> {
    let edition = etat.edition(&code).ok_or_else(Echec::introuvable)?;
    let maintenant = etat.horloge.maintenant();
    let description = format!(
        "{}\u{a0}: fenêtres de dépôt, seuils, montants, pièces, critères et contacts.",
        edition.titre
    );
    let habillage = habiller_publique(
        &etat,
        &visiteur,
        edition.titre.clone(),
        description,
        &chemins::aap(&code),
    );
    let page = Aap {
        habillage: habillage
            .rubrique(chemins::AAPS)
            .retour(chemins::AAPS, "Appels à projets"),
        titre: edition.titre.clone(),
        surtitre: format!("{} — phase {}", edition.autorite, edition.phase),
        decalee: edition.decalage_jours != 0,
        phrase: cartes::phrase(edition, maintenant),
        fenetres: cartes::fenetres(edition, maintenant),
        multiregional: edition.dernier_jour_multiregional.map(en_toutes_lettres),
        demarche: edition
            .demarche
            .as_ref()
            .map(|d| (d.consigne.clone(), citer(&d.source))),
        reunions: edition.webinaires.iter().map(reunion).collect(),
        chiffres: seuils(edition)
            .into_iter()
            .map(|p| Ligne::nouvelle(p.nom, p.valeur))
            .collect(),
        montants: montants(edition),
        colonnes_montants: vec![
            Colonne::texte("Aide"),
            Colonne::texte("Montant"),
            Colonne::texte("Source"),
        ],
        versements: versements(edition),
        colonnes_versements: ["Versement", "Part", "Condition", "Source"]
            .map(Colonne::texte)
            .to_vec(),
        pieces: edition.pieces.iter().map(piece).collect(),
        criteres: criteres(edition),
        contacts: contacts(edition),
        liens: LiensAap {
            regles: chemins::regles_aap(&code),
            calendrier: chemins::aap_calendrier(&code),
            contact: chemins::avec_parametres(chemins::CONTACT, &[("edition", &code)]),
            simulateur: chemins::SIMULATEUR,
            differences: chemins::REGLES_DIFFERENCES,
            sources: chemins::SOURCES,
        },
    };
    Ok(Page(StatusCode::OK, page))
}

/// « Le 22 février 2024, de 14 h 00 à 15 h 00 : établissements, tous secteurs ».
fn reunion(reunion: &Webinaire) -> String {
    let heure = "%H\u{a0}h\u{a0}%M";
    format!(
        "{}, de {} à {}\u{a0}: {}.",
        en_toutes_lettres(reunion.jour),
        reunion.debut.format(heure),
        reunion.fin.format(heure),
        reunion.public
    )
}

fn citer(passage: &Passage) -> String {
    format!("{}, {}", passage.document, passage.section)
}

fn montants(edition: &Edition) -> Vec<Vec<String>> {
    let ligne = |f: &Forfait| {
        let taux = f.tranches.iter().map(|t| match t.a_partir_de {
            1 => t.taux_centimes.to_string(),
            rang => format!("{} à partir du {rang}ᵉ", t.taux_centimes),
        });
        vec![
            format!("{} ({})", f.libelle, f.assiette.libelle()),
            taux.collect::<Vec<_>>().join("\u{a0}; "),
            citer(&f.source),
        ]
    };
    let ailleurs = edition.forfaits_externes.iter().map(|f| {
        vec![
            format!("{} (par ESSMS, hors de cet appel à projets)", f.libelle),
            f.taux_centimes.to_string(),
            citer(&f.source),
        ]
    });
    edition.forfaits.iter().map(ligne).chain(ailleurs).collect()
}

fn versements(edition: &Edition) -> Vec<Vec<String>> {
    (1..)
        .zip(&edition.versements)
        .map(|(rang, v)| {
            vec![
                format!("Versement {rang}"),
                format!("{}\u{a0}%", v.part_pour_cent),
                v.condition.clone(),
                citer(&v.source),
            ]
        })
        .collect()
}

fn piece(piece: &Piece) -> PieceVue {
    let ton = match piece.exigence {
        Exigence::Toujours => Ton::Bloquant,
        Exigence::Facultative => Ton::Neutre,
        Exigence::Acquisition | Exigence::EtudeEcart | Exigence::AccordEntite => Ton::Information,
    };
    let formats: Vec<&str> = piece.contenus.iter().map(|c| c.libelle()).collect();
    PieceVue {
        libelle: piece.libelle.clone(),
        exigence: Etiquette::nouvelle(piece.exigence.libelle(), ton),
        formats: formats.join(", "),
        source: citer(&piece.source),
        lecture: piece.interpretation.clone().unwrap_or_default(),
    }
}

/// The criteria, by what they serve to decide.
fn criteres(edition: &Edition) -> Vec<(&'static str, Vec<CritereVue>)> {
    let groupe = |nature: &Nature| {
        let siens = edition.criteres.iter().filter(|c| c.nature == *nature);
        let vues = siens.map(|c| CritereVue {
            lien: Lien::nouveau(
                format!("{} — {}", c.code.code(), c.code.libelle()),
                chemins::regle(&edition.code, c.code.code()),
            ),
            gravite: c.gravite.libelle(),
            source: format!("{}, {}", c.document, c.section),
        });
        (nature.libelle(), vues.collect::<Vec<_>>())
    };
    Nature::TOUTES
        .iter()
        .map(groupe)
        .filter(|(_, vues)| !vues.is_empty())
        .collect()
}

/// By subject, whom to write to: the ARS and the accompagnement of the région.
fn contacts(edition: &Edition) -> Vec<(&'static str, Vec<Lien>)> {
    let lignes = |sujet: &Sujet| {
        let liens = edition
            .contacts(*sujet)
            .map(|c| Lien::nouveau(format!("{} ({})", c.nom, c.courriel), format!("mailto:{}", c.courriel)));
        (sujet.libelle(), liens.collect::<Vec<_>>())
    };
    Sujet::TOUTES
        .iter()
        .map(lignes)
        .filter(|(_, liens)| !liens.is_empty())
        .collect()
}
