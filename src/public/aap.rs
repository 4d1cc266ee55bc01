//! One appel à projets: its windows, its thresholds, its amounts, its criteria, each with its source.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::Edition;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Colonne, Ligne};

/// The page.
#[derive(Template)]
#[template(path = "public/aap.html")]
pub struct Aap {
    habillage: Habillage,
    edition: Edition,
    fenetres: Vec<String>,
    chiffres: Vec<Ligne>,
    montants: Vec<Vec<String>>,
    colonnes_montants: Vec<Colonne>,
    criteres: Vec<Vec<String>>,
    colonnes_criteres: Vec<Colonne>,
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
    let edition = etat.edition(&code).ok_or_else(Echec::introuvable)?.clone();
    let jour = |d: chrono::NaiveDate| d.format("%d/%m/%Y").to_string();
    let page = Aap {
        habillage: habiller(&etat, &visiteur, edition.titre.clone()).retour(chemins::ACCUEIL, "Accueil"),
        fenetres: edition
            .fenetres
            .iter()
            .map(|f| {
                format!(
                    "du {} au {} à 23\u{a0}h\u{a0}59 (heure de Paris)",
                    jour(f.ouverture),
                    jour(f.fermeture)
                )
            })
            .collect(),
        chiffres: chiffres(&edition),
        montants: montants(&edition),
        colonnes_montants: vec![
            Colonne::texte("Aide"),
            Colonne::nombre("Montant"),
            Colonne::texte("Source"),
        ],
        criteres: criteres(&edition),
        colonnes_criteres: ["Code", "Critère", "Nature", "Gravité", "Source"]
            .map(Colonne::texte)
            .to_vec(),
        edition,
    };
    Ok(Page(StatusCode::OK, page))
}

fn chiffres(edition: &Edition) -> Vec<Ligne> {
    let taille = &edition.taille;
    let mut lignes = vec![
        Ligne::nouvelle("Autorité", edition.autorite.clone()),
        Ligne::nouvelle(
            "Taille de la grappe",
            format!("de {} à {} ESSMS", taille.minimum, taille.maximum),
        ),
        Ligne::nouvelle(
            "En Corse et outre-mer",
            format!("{} ESSMS au moins", taille.minimum_corse_outre_mer),
        ),
    ];
    if let Some(enveloppe) = edition.enveloppe_centimes {
        lignes.push(Ligne::nouvelle("Enveloppe", enveloppe.to_string()));
    }
    if let Some(jour) = edition.dernier_jour_multiregional {
        lignes.push(Ligne::nouvelle(
            "Projets multirégionaux",
            format!("jusqu’au {}", jour.format("%d/%m/%Y")),
        ));
    }
    lignes
}

fn montants(edition: &Edition) -> Vec<Vec<String>> {
    let ligne = |f: &crate::rules::edition::Forfait| {
        let taux = f.tranches.iter().map(|t| match t.a_partir_de {
            1 => t.taux_centimes.to_string(),
            rang => format!("{} à partir du {rang}ᵉ", t.taux_centimes),
        });
        vec![
            format!("{} ({})", f.libelle, f.assiette.libelle()),
            taux.collect::<Vec<_>>().join("\u{a0}; "),
            format!("{}, {}", f.source.document, f.source.section),
        ]
    };
    edition.forfaits.iter().map(ligne).collect()
}

fn criteres(edition: &Edition) -> Vec<Vec<String>> {
    edition
        .criteres
        .iter()
        .map(|c| {
            vec![
                c.code.code().to_owned(),
                c.code.libelle().to_owned(),
                c.nature.libelle().to_owned(),
                c.gravite.libelle().to_owned(),
                format!("{}, {}", c.document, c.section),
            ]
        })
        .collect()
}
