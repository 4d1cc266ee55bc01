//! The values an edition sets, worded: a changed threshold changes what is read.

use chrono::NaiveDate;

use super::Regle;
use super::montants::forfait;
use crate::domain::nomenclature::Liste;
use crate::domain::territoire::region;
use crate::rules::constat::Gravite;
use crate::rules::edition::{Edition, Fenetre};
use crate::rules::francais::{date, enumerer};
use crate::rules::regle::CodeRegle;

/// A value of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parametre {
    /// What it is.
    pub nom: String,
    /// The value, with its unit.
    pub valeur: String,
}

fn parametre(nom: impl Into<String>, valeur: impl Into<String>) -> Parametre {
    Parametre {
        nom: nom.into(),
        valeur: valeur.into(),
    }
}

fn essms(nombre: u32) -> String {
    format!("{nombre} ESSMS")
}

fn effet(gravite: Gravite) -> &'static str {
    match gravite {
        Gravite::Bloquant => "bloque le dépôt",
        Gravite::Alerte => "avertit, sans bloquer",
        Gravite::Information => "informe seulement",
    }
}

fn libelles<L: Liste>(valeurs: &[L]) -> String {
    enumerer(&valeurs.iter().map(|v| v.libelle()).collect::<Vec<_>>())
}

/// The values a rule looks at.
pub(super) fn de(edition: &Edition, regle: Regle) -> Vec<Parametre> {
    match regle {
        Regle::Critere(code) => du_critere(edition, code),
        Regle::Achat => vec![parametre("Régime", edition.achat.regime.libelle())],
        Regle::Forfait(code) => {
            let siens = edition.forfaits.iter().filter(|f| f.code == code);
            let mut lignes: Vec<Parametre> = siens.clone().map(|f| parametre(&f.libelle, forfait(f))).collect();
            if siens.clone().any(|f| f.petits_og) {
                lignes.push(petit_og(edition));
            }
            lignes
        }
        Regle::Prorata => vec![parametre(
            "Part prise en compte",
            "celle des heures éligibles, de 0 à 100 %",
        )],
        Regle::Indicateur(code) => {
            let siens = edition.indicateurs.iter().filter(|i| i.code == code);
            let cible = |cible: Option<u8>| cible.map_or("aucune dans le texte".to_owned(), |c| format!("{c} %"));
            let mut lignes: Vec<Parametre> = siens
                .flat_map(|i| {
                    [
                        parametre("Calcul", &i.formule),
                        parametre("Cible", cible(i.cible_pour_cent)),
                    ]
                })
                .collect();
            if let Some(minimum) = edition.indicateurs_socles_minimum {
                lignes.push(parametre(
                    "Indicateurs des services socles à suivre",
                    format!("{minimum} au moins"),
                ));
            }
            lignes
        }
    }
}

fn du_critere(edition: &Edition, code: CodeRegle) -> Vec<Parametre> {
    match code {
        CodeRegle::EliG01 => taille(edition),
        CodeRegle::EliG07 => std::iter::once(parametre("Région", regions(edition)))
            .chain(multiregional(edition))
            .collect(),
        CodeRegle::Rec02 => dispense(edition),
        CodeRegle::Rec05 => pieces(edition),
        CodeRegle::Rec06 => interoperabilite(edition),
        CodeRegle::Rec08 => {
            let fenetres = fenetres(edition).into_iter().map(|(nom, texte)| parametre(nom, texte));
            fenetres.chain(multiregional(edition)).collect()
        }
        CodeRegle::E2104 => vec![petit_og(edition)],
        CodeRegle::P2104 => vec![parametre(
            "Services socles demandés",
            format!(
                "{} au moins, ou un de moins avec une plateforme",
                edition.interoperabilite.minimum
            ),
        )],
        _ => Vec::new(),
    }
}

fn taille(edition: &Edition) -> Vec<Parametre> {
    let taille = &edition.taille;
    vec![
        parametre("Minimum", essms(taille.minimum)),
        parametre("Minimum en Corse et outre-mer", essms(taille.minimum_corse_outre_mer)),
        parametre("Maximum", essms(taille.maximum)),
        parametre("En dessous du minimum", effet(taille.gravite_minimum)),
        parametre("Au-dessus du maximum", effet(taille.gravite_maximum)),
    ]
}

fn petit_og(edition: &Edition) -> Parametre {
    parametre(
        "Petit organisme",
        format!("moins de {} ESMS au répertoire FINESS", edition.taille.seuil_petit_og),
    )
}

fn regions(edition: &Edition) -> String {
    let noms: Vec<&str> = edition
        .regions
        .iter()
        .map(|code| region(code).map_or(code.as_str(), |r| r.nom.as_str()))
        .collect();
    enumerer(&noms)
}

fn multiregional(edition: &Edition) -> Option<Parametre> {
    let limite = edition.dernier_jour_multiregional?;
    Some(parametre(
        "Projets multirégionaux",
        format!("jusqu’au {} inclus", date(limite)),
    ))
}

fn dispense(edition: &Edition) -> Vec<Parametre> {
    let Some(dispense) = &edition.dispense else {
        return vec![parametre("Dispense", "aucune")];
    };
    let secteurs = std::iter::once(parametre("Secteurs dispensés", libelles(&dispense.secteurs)));
    let ght = dispense.ght.then(|| {
        parametre(
            "ESSMS rattachés à un hôpital ou à un GHT",
            "dispensés, à certaines conditions",
        )
    });
    secteurs.chain(ght).collect()
}

fn pieces(edition: &Edition) -> Vec<Parametre> {
    edition
        .pieces
        .iter()
        .map(|piece| parametre(&piece.libelle, piece.exigence.libelle()))
        .collect()
}

fn interoperabilite(edition: &Edition) -> Vec<Parametre> {
    let regle = &edition.interoperabilite;
    let mut lignes = vec![
        parametre("Services socles demandés", format!("{} au moins", regle.minimum)),
        parametre("Services socles qui comptent", libelles(&regle.services)),
    ];
    if let Some(autrement) = &regle.non_medicalise {
        let plateforme = if autrement.plateforme_eparcours {
            " et une plateforme e-parcours"
        } else {
            ""
        };
        lignes.push(parametre(
            "Si aucun ESSMS n’est médicalisé",
            format!("{}{plateforme}", libelles(&autrement.services)),
        ));
    }
    lignes
}

/// The windows, each with its name: « Fenêtre 1 », « du 19 février 2024 au 22 mars 2024 à 23 h 59 ».
pub fn fenetres(edition: &Edition) -> Vec<(String, String)> {
    let texte = |f: &Fenetre| {
        let interruption = f
            .interruption
            .as_ref()
            .map(|motif| format!(" ({motif})"))
            .unwrap_or_default();
        format!(
            "du {} au {} à 23 h 59, heure de Paris{interruption}",
            date(f.ouverture),
            date(f.fermeture)
        )
    };
    (1..)
        .zip(&edition.fenetres)
        .map(|(rang, f)| (format!("Fenêtre {rang}"), texte(f)))
        .collect()
}

/// A day in words: « 1er juin 2024 ».
pub fn en_toutes_lettres(jour: NaiveDate) -> String {
    date(jour)
}

/// What a project is measured by: size, région, durations, services socles, money set aside.
pub fn seuils(edition: &Edition) -> Vec<Parametre> {
    let durees = &edition.durees;
    let mois = |minimum: Option<u16>, maximum: Option<u16>, precision: &Option<String>| {
        let duree = match (minimum, maximum) {
            (Some(minimum), Some(maximum)) => format!("{minimum} à {maximum} mois"),
            (None, Some(maximum)) => format!("{maximum} mois au plus"),
            (Some(minimum), None) => format!("{minimum} mois au moins"),
            (None, None) => "annoncée par le porteur".to_owned(),
        };
        match precision {
            Some(precision) => format!("{duree}, {precision}"),
            None => duree,
        }
    };
    let mut lignes = vec![parametre("Région", regions(edition))];
    lignes.extend(taille(edition));
    lignes.push(petit_og(edition));
    lignes.extend([
        parametre(
            "Durée d’une mise en conformité",
            mois(
                durees.conformite_minimum_mois,
                durees.conformite_maximum_mois,
                &durees.conformite_precision,
            ),
        ),
        parametre(
            "Durée d’une acquisition",
            mois(
                durees.acquisition_minimum_mois,
                durees.acquisition_maximum_mois,
                &durees.acquisition_precision,
            ),
        ),
    ]);
    lignes.extend(interoperabilite(edition));
    lignes.extend(multiregional(edition));
    if let Some(enveloppe) = edition.enveloppe_centimes {
        lignes.push(parametre("Enveloppe", enveloppe.to_string()));
    }
    lignes
}
