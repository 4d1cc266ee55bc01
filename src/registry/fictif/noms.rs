//! Invented names, in the way establishments are named.

use super::alea::Alea;
use crate::domain::nomenclature::{Categorie, Secteur};

const FLEURS: [&str; 56] = [
    "GLYCINES",
    "LILAS",
    "TILLEULS",
    "ACACIAS",
    "MIMOSAS",
    "CAMÉLIAS",
    "BRUYÈRES",
    "GENÊTS",
    "COQUELICOTS",
    "BLEUETS",
    "IRIS",
    "VIOLETTES",
    "PERVENCHES",
    "PRIMEVÈRES",
    "JONQUILLES",
    "ANÉMONES",
    "ÉGLANTINES",
    "AUBÉPINES",
    "NOISETIERS",
    "CERISIERS",
    "AMANDIERS",
    "ORMES",
    "FRÊNES",
    "CHÊNES VERTS",
    "HÊTRES",
    "BOULEAUX",
    "PEUPLIERS",
    "SAULES",
    "MARRONNIERS",
    "PLATANES",
    "CÈDRES",
    "MÉLÈZES",
    "SAPINS",
    "CYPRÈS",
    "OLIVIERS",
    "VIGNES",
    "HIRONDELLES",
    "MÉSANGES",
    "ROSSIGNOLS",
    "ALOUETTES",
    "COLOMBES",
    "HÉRONS",
    "LIBELLULES",
    "PAPILLONS",
    "ABEILLES",
    "CIGALES",
    "ÉCUREUILS",
    "CHEVREUILS",
    "GALETS",
    "SOURCES",
    "MOULINS",
    "TERRASSES",
    "COTEAUX",
    "PRÉS HAUTS",
    "GRANDS CHAMPS",
    "QUATRE VENTS",
];
const LIEUX: [&str; 40] = [
    "VAL FLEURI",
    "CLAIR LOGIS",
    "BEAU SOLEIL",
    "BELLEVUE",
    "MONT ROND",
    "PONT DE PIERRE",
    "BOIS JOLI",
    "CLOS DES MOINES",
    "PARC AUX CERFS",
    "PETIT PRÉ",
    "GRAND LARGE",
    "CHEMIN VERT",
    "FOUR À CHAUX",
    "PUITS SALÉ",
    "VIEUX LAVOIR",
    "CHAMP DE LIN",
    "HAUT BUISSON",
    "RU DES AULNES",
    "ÉTANG NEUF",
    "CÔTE BLANCHE",
    "PLAINE D'ÉMERAUDE",
    "MAIL DES POÈTES",
    "JARDIN SECRET",
    "QUAI DES BRUMES",
    "ÎLE AUX SAULES",
    "BELLE ÉTOILE",
    "ARC EN CIEL",
    "NOUVEL HORIZON",
    "POINT DU JOUR",
    "TRAIT D'UNION",
    "GRAND CÈDRE",
    "PETITE SOURCE",
    "ROCHE GRISE",
    "CLOS MARIE",
    "TOUR CARRÉE",
    "PORTE BLEUE",
    "RIVE DOUCE",
    "VERT COTEAU",
    "MÉRIDIENNE",
    "ORÉE",
];
const SAINTS: [&str; 24] = [
    "STE ALDEGONDE",
    "ST FIACRE",
    "STE ODILE",
    "ST VIGOR",
    "STE EUPHRASIE",
    "ST ELOI",
    "STE RADEGONDE",
    "ST GERMER",
    "STE OPPORTUNE",
    "ST MEDARD",
    "STE MARGUERITE",
    "ST LANDRY",
    "STE APOLLINE",
    "ST WANDRILLE",
    "STE BERTILLE",
    "ST FARGEAU",
    "STE COLOMBE",
    "ST HILARION",
    "STE MESME",
    "ST LEU",
    "STE GENEVIEVE",
    "ST CYR",
    "ST AUBIN",
    "STE BATHILDE",
];
const VERTUS: [&str; 24] = [
    "ENTRAIDE",
    "SOLIDARITÉ",
    "AVENIR",
    "ESPÉRANCE",
    "ACCUEIL",
    "PARTAGE",
    "AUTONOMIE",
    "VIVRE ENSEMBLE",
    "GRANDIR",
    "CAP SUR LA VIE",
    "RELAIS",
    "PASSERELLE",
    "ENVOL",
    "ANCRE",
    "BOUSSOLE",
    "PHARE",
    "SILLAGE",
    "CHEMINS",
    "MOSAÏQUE",
    "TANDEM",
    "PRÉSENCE",
    "ALLIANCE",
    "HORIZONS",
    "RACINES",
];

/// What every fictitious name ends with.
pub const SUFFIXE: &str = "(FICTIF)";

/// The name of an establishment of this category.
pub fn etablissement(alea: &mut Alea, categorie: &Categorie, commune: &str) -> String {
    let sigle = sigle(categorie);
    let propre = match categorie.secteur {
        Some(Secteur::Pa) => match alea.sous(4) {
            0 => format!("RÉSIDENCE LES {}", alea.parmi(&FLEURS)),
            1 => format!("RÉSIDENCE {}", alea.parmi(&SAINTS)),
            2 => format!("LES JARDINS DU {}", alea.parmi(&LIEUX)),
            _ => format!("LES {}", alea.parmi(&FLEURS)),
        },
        Some(Secteur::Dom) => match alea.sous(3) {
            0 => format!("DE {commune}"),
            1 => format!("{} À DOMICILE", alea.parmi(&VERTUS)),
            _ => format!("DU {}", alea.parmi(&LIEUX)),
        },
        _ => match alea.sous(4) {
            0 => format!("LES {}", alea.parmi(&FLEURS)),
            1 => format!("LE {}", alea.parmi(&LIEUX)),
            2 => format!("{} {}", alea.parmi(&VERTUS), alea.parmi(&LIEUX)),
            _ => (*alea.parmi(&SAINTS)).to_owned(),
        },
    };
    format!("{sigle} {propre} {SUFFIXE}")
}

/// Short names of the table hold notes between brackets, which nobody writes on a door.
fn sigle(categorie: &Categorie) -> &str {
    match categorie.code.as_str() {
        "209" => "SAAS",
        "460" => "SAA",
        _ => categorie
            .sigle
            .split([' ', '(', '/'])
            .next()
            .unwrap_or(&categorie.sigle),
    }
}

/// Legal statuses: code, label, weight.
pub const STATUTS: [((&str, &str), usize); 6] = [
    (("60", "Association L.1901 non R.U.P"), 52),
    (("61", "Association L.1901 R.U.P"), 12),
    (("63", "Fondation"), 6),
    (("17", "Centre Communal d'Action Sociale"), 14),
    (("21", "Etablissement Social et Médico-Social Communal"), 6),
    (("73", "Société A Responsabilité Limitée (S.A.R.L.)"), 10),
];

/// The name of an OG of this legal status.
pub fn organisme(alea: &mut Alea, statut: &str, commune: &str) -> String {
    let propre = match statut {
        "17" => format!("CCAS DE {commune}"),
        "21" => format!("EPSMS DE {commune}"),
        "63" => format!("FONDATION {} {}", alea.parmi(&SAINTS), alea.parmi(&VERTUS)),
        "73" => format!("SARL LES {} DU {}", alea.parmi(&FLEURS), alea.parmi(&LIEUX)),
        _ => match alea.sous(3) {
            0 => format!("ASSOCIATION {} {}", alea.parmi(&VERTUS), alea.parmi(&LIEUX)),
            1 => format!("ASSOCIATION LES AMIS DE {}", alea.parmi(&SAINTS)),
            _ => format!("ASSOCIATION LES {} DE {commune}", alea.parmi(&FLEURS)),
        },
    };
    format!("{propre} {SUFFIXE}")
}

/// The name of an invented commune.
pub fn commune(alea: &mut Alea) -> String {
    match alea.sous(3) {
        0 => format!("{} SUR {}", alea.parmi(&SAINTS), alea.parmi(&LIEUX)),
        1 => format!("{} LES {}", alea.parmi(&LIEUX), alea.parmi(&FLEURS)),
        _ => format!("{} DU {}", alea.parmi(&SAINTS), alea.parmi(&LIEUX)),
    }
}

/// A street.
pub fn voie(alea: &mut Alea) -> (&'static str, String) {
    let types: [(&str, usize); 5] = [("R", 60), ("AV", 20), ("BD", 6), ("PL", 8), ("ALL", 6)];
    (*alea.pese(&types), format!("DES {}", alea.parmi(&FLEURS)))
}
