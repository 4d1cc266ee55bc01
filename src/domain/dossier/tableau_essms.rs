//! Mes ESSMS as a table of a spreadsheet: its columns, how a heading is recognised, how a cell is read.

use super::champ::{Champ, Genre, NON, OUI};
use super::faits::{MES_ESSMS, fait};
use super::lecture::{en_clair, lire_seule};
use super::reponses::Reponses;
use crate::domain::finess::{Finess, FinessErreur};
use crate::domain::texte::cle_de_comparaison;

/// What a column of a file holds.
#[derive(Debug, Clone, Copy)]
pub enum Destination {
    /// The FINESS number that names the row.
    Finess,
    /// The answers to a question.
    Fait(&'static Champ),
    /// Nothing that is read: what the registry says already, or what nobody asks.
    Rien,
}

/// Code of the column of numbers.
pub const FINESS: &str = "finess";
/// Code of a column that is not read.
pub const RIEN: &str = "rien";
/// Headings of the columns that the export adds to be read by people, and that the import leaves.
pub const CONTEXTE: [&str; 4] = ["Nom", "Commune", "Catégorie", "Erreur"];

impl Destination {
    /// Its code in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Finess => FINESS,
            Self::Fait(champ) => champ.nom,
            Self::Rien => RIEN,
        }
    }

    /// The destination of this code.
    pub fn depuis(code: &str) -> Option<Self> {
        match code {
            FINESS => Some(Self::Finess),
            RIEN => Some(Self::Rien),
            nom => fait(nom).map(Self::Fait),
        }
    }

    /// Its heading.
    pub fn entete(self) -> &'static str {
        match self {
            Self::Finess => "Numéro FINESS",
            Self::Fait(champ) => entete(champ),
            Self::Rien => "Ne pas lire cette colonne",
        }
    }
}

/// Every destination, in the order of the export.
pub fn destinations() -> impl Iterator<Item = Destination> {
    std::iter::once(Destination::Finess).chain(MES_ESSMS.iter().map(Destination::Fait))
}

/// Headings of the columns whose questions do not stand alone, and other words that people write.
const NOMS: &[(&str, &str, &[&str])] = &[
    (
        "dui_actuel",
        "A déjà un DUI",
        &["DUI", "équipé d’un DUI", "dossier usager informatisé", "DUI actuel"],
    ),
    (
        "dui_nom",
        "Nom du DUI actuel",
        &["logiciel", "logiciel DUI", "nom du logiciel", "solution", "nom du DUI"],
    ),
    (
        "dui_version",
        "Version du DUI actuel",
        &["version", "version du logiciel", "version DUI"],
    ),
    (
        "equipement",
        "Équipement informatique",
        &["équipement", "équipements", "matériel"],
    ),
    (
        "hebergement",
        "Hébergement souhaité",
        &["hébergement", "mode d’hébergement"],
    ),
    (
        "deja_finance",
        "Déjà financé par ESMS numérique",
        &["déjà financé", "financement antérieur", "financement précédent"],
    ),
    (
        "sons",
        "A bénéficié du SONS (Prestation Ségur)",
        &["SONS", "prestation Ségur", "financement SONS"],
    ),
    (
        "sons_logiciel",
        "Logiciel concerné par le SONS",
        &["logiciel SONS", "si oui logiciel concerné"],
    ),
    (
        "entite_nationale",
        "Entité nationale",
        &["appartient à une entité nationale"],
    ),
    (
        "rattache_ght",
        "Rattaché à un hôpital ou à un GHT",
        &["GHT", "rattaché GHT", "rattaché à un GHT"],
    ),
    (
        "activites_confort",
        "Services de confort",
        &["confort", "activités de confort"],
    ),
    (
        "part_heures_eligibles",
        "Part d’heures éligibles (%)",
        &["part d’heures éligibles", "heures éligibles", "part éligible"],
    ),
    ("medicalise", "Médicalisé", &["ESSMS médicalisé"]),
    (
        "ror_complet",
        "Description complète dans le ROR",
        &["ROR", "ROR complet"],
    ),
    (
        "autodiagnostic",
        "Autodiagnostic ANAP",
        &["ANAP", "autodiagnostic", "questionnaire ANAP"],
    ),
    (
        "personnes_accompagnees",
        "Personnes accompagnées",
        &["file active", "nombre de personnes accompagnées", "usagers"],
    ),
];

const NOMS_FINESS: [&str; 8] = [
    "FINESS",
    "Numéro FINESS",
    "N° FINESS",
    "FINESS ET",
    "Numéro FINESS ET",
    "N° FINESS ET",
    "FINESS géographique",
    "nofinesset",
];
const NOMS_CONTEXTE: [&str; 8] = [
    "Raison sociale",
    "Établissement",
    "ESSMS",
    "Nom de l’ESSMS",
    "Ville",
    "Type",
    "Adresse",
    "Code postal",
];

/// Heading of a question's column.
pub fn entete(champ: &'static Champ) -> &'static str {
    let connu = NOMS.iter().find(|(nom, ..)| *nom == champ.nom);
    connu.map_or(champ.libelle, |(_, entete, _)| entete)
}

/// What a heading names, whatever its case, accents and signs; `None` when nobody can tell.
pub fn reconnaitre(texte: &str) -> Option<Destination> {
    let cle = cle_de_comparaison(texte);
    let egale = |autre: &&str| cle_de_comparaison(autre) == cle;
    if cle.is_empty() || CONTEXTE.iter().chain(&NOMS_CONTEXTE).any(&egale) {
        return Some(Destination::Rien);
    }
    if NOMS_FINESS.iter().any(&egale) {
        return Some(Destination::Finess);
    }
    let nommee = NOMS
        .iter()
        .find(|(nom, entete, autres)| [nom, entete].into_iter().chain(autres.iter()).any(&egale));
    let champ = nommee.and_then(|(nom, ..)| fait(nom));
    champ
        .or_else(|| MES_ESSMS.iter().find(|c| egale(&c.libelle)))
        .map(Destination::Fait)
}

/// Reads the cell that names the row. A spreadsheet drops the zero that begins a number.
///
/// # Errors
/// [`FinessErreur`].
pub fn lire_numero(texte: &str) -> Result<Finess, FinessErreur> {
    let chiffres = texte.trim();
    let sans_zero = chiffres.len() == 8 && chiffres.bytes().all(|c| c.is_ascii_digit());
    if sans_zero && let Ok(numero) = Finess::parse(&format!("0{chiffres}")) {
        return Ok(numero);
    }
    Finess::parse(chiffres)
}

/// What a cell accepts, in words.
pub fn accepte(champ: &Champ) -> String {
    match champ.genre {
        Genre::OuiNon => "Oui ou Non".to_owned(),
        Genre::Choix(_) => format!("une de ces réponses\u{a0}: {}", reponses_offertes(champ).join(", ")),
        Genre::Nombre(maximum) => format!("un nombre entier, de 0 à {maximum}"),
        Genre::Decimal(maximum) => format!("un nombre de 0 à {maximum}, avec deux décimales au plus"),
        Genre::Texte(maximum) | Genre::Zone(maximum) => format!("un texte de {maximum} caractères au plus"),
        Genre::Courriel | Genre::Telephone | Genre::Montant | Genre::Date | Genre::Cases(_) | Genre::Parmi(_) => {
            String::new()
        }
    }
}

/// The answers that a closed question offers, as people read them; none for the others.
pub fn reponses_offertes(champ: &Champ) -> Vec<&'static str> {
    match champ.genre {
        Genre::OuiNon => vec!["Oui", "Non"],
        Genre::Choix(options) => options.iter().map(|(_, libelle)| *libelle).collect(),
        _ => Vec::new(),
    }
}

/// Reads a cell: closed answers by their wording or their code, whatever the case and the accents.
///
/// # Errors
/// Why it cannot be read, and what is accepted.
pub fn lire_cellule(champ: &Champ, texte: &str) -> Result<Vec<String>, String> {
    let cle = cle_de_comparaison(texte);
    let lu = match champ.genre {
        Genre::OuiNon => match cle.as_str() {
            "oui" | "o" | "vrai" | "true" | "x" => OUI,
            "non" | "n" | "faux" | "false" => NON,
            _ => texte,
        },
        Genre::Choix(options) => options
            .iter()
            .find(|(code, libelle)| cle_de_comparaison(code) == cle || cle_de_comparaison(libelle) == cle)
            .map_or(texte, |(code, _)| code),
        Genre::Decimal(_) => texte.trim().trim_end_matches('%').trim_end(),
        _ => texte,
    };
    lire_seule(champ, lu).map_err(|faute| match accepte(champ) {
        accepte if accepte.is_empty() => faute.to_string(),
        accepte => format!("{faute}\u{a0}; accepté\u{a0}: {accepte}"),
    })
}

/// The answers of an ESSMS as the cells of its row, in the order of [`MES_ESSMS`].
pub fn cellules(reponses: &Reponses) -> Vec<String> {
    MES_ESSMS
        .iter()
        .map(|champ| en_clair(champ, reponses.valeurs(champ.nom)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_is_known_by_its_heading_and_by_one_name_only() {
        let mut cles = BTreeSet::new();
        for champ in MES_ESSMS {
            for texte in [entete(champ), champ.libelle, champ.nom] {
                let lu = reconnaitre(texte).map(Destination::code);
                assert_eq!(lu, Some(champ.nom), "{texte}");
            }
            assert!(cles.insert(cle_de_comparaison(entete(champ))), "{}", champ.nom);
        }
        for (nom, _, autres) in NOMS {
            for autre in *autres {
                assert_eq!(reconnaitre(autre).map(Destination::code), Some(*nom), "{autre}");
            }
        }
    }

    #[test]
    fn headings_are_recognised_without_case_accents_nor_signs() {
        for (texte, code) in [
            ("N° FINESS (ET)", Some(FINESS)),
            ("  hebergement  SOUHAITE ", Some("hebergement")),
            ("Nom", Some(RIEN)),
            ("", Some(RIEN)),
            ("Budget 2024", None),
        ] {
            assert_eq!(reconnaitre(texte).map(Destination::code), code, "{texte}");
        }
    }

    #[test]
    fn closed_answers_are_read_as_people_write_them() {
        let lire = |nom: &str, texte: &str| lire_cellule(fait(nom).unwrap(), texte);
        for (nom, texte, lu) in [
            ("sons", "OUI", "oui"),
            ("sons", "Faux", "non"),
            ("hebergement", "sur SITE (on premise)", "on_premise"),
            ("hebergement", "saas", "saas"),
            ("part_heures_eligibles", "87,5 %", "8750"),
            ("part_heures_eligibles", "87.5", "8750"),
            ("personnes_accompagnees", "1 200", "1200"),
        ] {
            assert_eq!(lire(nom, texte), Ok(vec![lu.to_owned()]), "{nom} {texte}");
        }
        assert_eq!(lire("sons", "  "), Ok(Vec::new()));
        assert!(
            lire("sons", "peut-être")
                .unwrap_err()
                .contains("accepté\u{a0}: Oui ou Non")
        );
        assert!(lire("hebergement", "nuage").unwrap_err().contains("SaaS"));
        assert!(lire("part_heures_eligibles", "101").unwrap_err().contains("de 0 à 100"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut reponses = Reponses::default();
        for champ in MES_ESSMS {
            let valeur = match champ.genre {
                Genre::OuiNon => "non",
                Genre::Choix(options) => options[options.len() - 1].0,
                Genre::Nombre(_) => "80",
                Genre::Decimal(_) => "6250",
                _ => "Texte",
            };
            reponses.mettre(champ.nom, vec![valeur.to_owned()]);
        }
        for (champ, cellule) in MES_ESSMS.iter().zip(cellules(&reponses)) {
            assert_eq!(
                lire_cellule(champ, &cellule).as_deref(),
                Ok(reponses.valeurs(champ.nom)),
                "{cellule}"
            );
        }
    }

    #[test]
    fn a_spreadsheet_that_dropped_the_first_zero_is_understood() {
        assert_eq!(
            lire_numero("10000024").map(|n| n.to_string()),
            Ok("010000024".to_owned())
        );
        assert!(lire_numero("10000025").is_err());
    }
}
