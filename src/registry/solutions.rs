//! The referential of DUI solutions: a CSV file with a header, imported whole or not at all.

use chrono::NaiveDate;
use sqlx::{Connection as _, PgConnection};

use crate::domain::nomenclature::{Liste, Referentiel, Secteur, ServiceSocle};
use crate::store::solution::{BilanSolutions, SolutionLue, remplacer_solutions};

/// Columns of the file, in any order; lists are separated by commas, dates are AAAA-MM-JJ, yes and
/// no are `oui` and `non`.
pub const COLONNES: [&str; 12] = [
    "solution",
    "editeur",
    "version",
    "couloirs",
    "segur",
    "sad",
    "referentiels",
    "services_socles",
    "plateforme_eparcours",
    "debut",
    "fin",
    "fictif",
];

/// A cell that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ligne {ligne}, colonne {colonne}\u{a0}: {motif}")]
pub struct CelluleErreur {
    /// Line of the file; the header is line 1.
    pub ligne: u64,
    /// Name of the column.
    pub colonne: &'static str,
    /// What is wrong.
    pub motif: String,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum SolutionsErreur {
    /// The header lacks these columns.
    #[error("colonnes absentes de l’en-tête\u{a0}: {}", .0.join(", "))]
    EnTete(Vec<&'static str>),
    /// Not a CSV file.
    #[error("fichier illisible\u{a0}: {0}")]
    Csv(#[from] csv::Error),
    /// A header and nothing else.
    #[error("le fichier ne contient aucune solution")]
    Vide,
    /// Every cell at fault.
    #[error("{}", lignes(.0))]
    Cellules(Vec<CelluleErreur>),
    /// The database's.
    #[error("base de données\u{a0}: {0}")]
    Base(#[from] sqlx::Error),
}

fn lignes(erreurs: &[CelluleErreur]) -> String {
    let textes: Vec<String> = erreurs.iter().map(ToString::to_string).collect();
    textes.join("\n")
}

/// Replaces the referential by this file: a solution that it no longer holds is retired, not deleted.
///
/// # Errors
/// [`SolutionsErreur`]; the referential is then as it was.
pub async fn importer_solutions(conn: &mut PgConnection, octets: &[u8]) -> Result<BilanSolutions, SolutionsErreur> {
    let solutions = lire_solutions(octets)?;
    let mut transaction = conn.begin().await?;
    let bilan = remplacer_solutions(&mut transaction, &solutions).await?;
    transaction.commit().await?;
    Ok(bilan)
}

/// Reads the file: strict UTF-8, else Windows-1252.
///
/// # Errors
/// [`SolutionsErreur`], with every cell at fault.
pub fn lire_solutions(octets: &[u8]) -> Result<Vec<SolutionLue>, SolutionsErreur> {
    let texte = std::str::from_utf8(octets).map_or_else(
        |_| {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(octets)
                .0
                .into_owned()
        },
        ToOwned::to_owned,
    );
    let mut lecteur = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(texte.trim_start_matches('\u{feff}').as_bytes());
    let en_tete: Vec<String> = lecteur.headers()?.iter().map(str::to_lowercase).collect();
    let rang = |colonne: &str| en_tete.iter().position(|nom| nom == colonne);
    let absentes: Vec<&'static str> = COLONNES.into_iter().filter(|c| rang(c).is_none()).collect();
    if !absentes.is_empty() {
        return Err(SolutionsErreur::EnTete(absentes));
    }
    let rangs: Vec<usize> = COLONNES.iter().filter_map(|c| rang(c)).collect();
    let mut erreurs = Vec::new();
    let mut lues: Vec<SolutionLue> = Vec::new();
    for enregistrement in lecteur.records() {
        let enregistrement = enregistrement?;
        let numero = enregistrement.position().map_or(0, csv::Position::line);
        let cellules = Cellules {
            ligne: numero,
            valeurs: rangs.iter().map(|r| enregistrement.get(*r).unwrap_or("")).collect(),
            erreurs: &mut erreurs,
        };
        let lue = cellules.lire();
        if lues.iter().any(|autre| autre.cle() == lue.cle()) {
            erreurs.push(CelluleErreur {
                ligne: numero,
                colonne: COLONNES[0],
                motif: "cette version de cette solution est déjà dans le fichier".to_owned(),
            });
        }
        lues.push(lue);
    }
    match (erreurs.is_empty(), lues.is_empty()) {
        (false, _) => Err(SolutionsErreur::Cellules(erreurs)),
        (true, true) => Err(SolutionsErreur::Vide),
        (true, false) => Ok(lues),
    }
}

/// The cells of a line, in the order of [`COLONNES`].
struct Cellules<'a> {
    ligne: u64,
    valeurs: Vec<&'a str>,
    erreurs: &'a mut Vec<CelluleErreur>,
}

impl Cellules<'_> {
    fn lire(mut self) -> SolutionLue {
        let lue = SolutionLue {
            nom: self.texte(0),
            editeur: self.texte(1),
            version: self.texte(2),
            couloirs: self.liste::<Secteur>(3),
            segur: self.oui_non(4, true).unwrap_or_default(),
            sad: self.oui_non(5, true).unwrap_or_default(),
            referentiels: self.liste::<Referentiel>(6),
            services_socles: self.liste::<ServiceSocle>(7),
            plateforme_eparcours: self.oui_non(8, false),
            debut: self.date(9),
            fin: self.date(10),
            fictif: self.oui_non(11, true).unwrap_or_default(),
        };
        if let (Some(debut), Some(fin)) = (lue.debut, lue.fin)
            && fin < debut
        {
            self.erreur(10, "antérieure au début".to_owned());
        }
        lue
    }

    fn erreur(&mut self, rang: usize, motif: String) {
        self.erreurs.push(CelluleErreur {
            ligne: self.ligne,
            colonne: COLONNES[rang],
            motif,
        });
    }

    fn texte(&mut self, rang: usize) -> String {
        let texte = self.valeurs[rang];
        if texte.is_empty() {
            self.erreur(rang, "vide".to_owned());
        } else if texte.chars().count() > 200 {
            self.erreur(rang, "plus de 200 caractères".to_owned());
        }
        texte.to_owned()
    }

    fn liste<L: Liste>(&mut self, rang: usize) -> Vec<L> {
        let mut valeurs = Vec::new();
        let codes = self.valeurs[rang].split([',', '|']).map(str::trim);
        for code in codes.filter(|code| !code.is_empty()) {
            match L::depuis(code) {
                Some(valeur) if !valeurs.contains(&valeur) => valeurs.push(valeur),
                Some(_) => {}
                None => {
                    let admis: Vec<&str> = L::TOUTES.iter().map(|v| v.code()).collect();
                    self.erreur(
                        rang,
                        format!("«\u{a0}{code}\u{a0}» n’est pas l’une de\u{a0}: {}", admis.join(", ")),
                    );
                }
            }
        }
        valeurs
    }

    fn oui_non(&mut self, rang: usize, requis: bool) -> Option<bool> {
        match self.valeurs[rang].to_lowercase().as_str() {
            "oui" => Some(true),
            "non" => Some(false),
            "" if !requis => None,
            autre => {
                self.erreur(
                    rang,
                    format!("«\u{a0}{autre}\u{a0}»\u{a0}: attendu «\u{a0}oui\u{a0}» ou «\u{a0}non\u{a0}»"),
                );
                None
            }
        }
    }

    fn date(&mut self, rang: usize) -> Option<NaiveDate> {
        let texte = self.valeurs[rang];
        if texte.is_empty() {
            return None;
        }
        let lue = texte.parse().ok();
        if lue.is_none() {
            self.erreur(rang, format!("«\u{a0}{texte}\u{a0}»\u{a0}: attendu AAAA-MM-JJ"));
        }
        lue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVREES: &str = include_str!("../../referentiels/solutions_fictives.csv");

    #[test]
    fn the_shipped_file_is_readable_and_says_it_is_fictitious() {
        let lues = lire_solutions(LIVREES.as_bytes()).unwrap();
        assert!(lues.len() >= 12 && lues.iter().all(|s| s.fictif));
        assert!(lues.iter().any(|s| s.segur && !s.sad) && lues.iter().any(|s| s.sad && !s.segur));
        assert!(lues.iter().any(|s| !s.segur && !s.sad));
        for couloir in Secteur::TOUTES {
            assert!(lues.iter().any(|s| s.couloirs.contains(couloir)), "{couloir:?}");
        }
    }

    #[test]
    fn every_faulty_cell_is_said_with_its_line_and_column() {
        let texte = LIVREES.replacen(";oui;", ";peut-être;", 1);
        let ajout = "X;Y;1;PA,ZZ;oui;non;;;;2026-02-30;;oui\n;Y;1;;oui;non;;;;2026-02-01;2026-01-01;oui\n";
        let Err(SolutionsErreur::Cellules(erreurs)) = lire_solutions(format!("{texte}{ajout}").as_bytes()) else {
            panic!("accepted");
        };
        let dites: Vec<&str> = erreurs.iter().map(|e| e.colonne).collect();
        assert_eq!(dites.len(), 5, "{erreurs:?}");
        assert_eq!(&dites[1..], ["couloirs", "debut", "solution", "fin"]);
        assert_eq!(erreurs[0].ligne, 2);
    }

    #[test]
    fn a_missing_column_a_double_and_an_empty_file_are_refused() {
        assert!(matches!(
            lire_solutions(b"solution;editeur\nA;B\n"),
            Err(SolutionsErreur::EnTete(absentes)) if absentes.len() == 10
        ));
        let premiere = LIVREES.lines().nth(1).unwrap();
        assert!(matches!(
            lire_solutions(format!("{LIVREES}{premiere}\n").as_bytes()),
            Err(SolutionsErreur::Cellules(erreurs)) if erreurs.len() == 1
        ));
        assert!(matches!(
            lire_solutions(COLONNES.join(";").as_bytes()),
            Err(SolutionsErreur::Vide)
        ));
    }

    #[test]
    fn windows_1252_is_read() {
        let mut octets = COLONNES.join(";").into_bytes();
        octets.extend_from_slice(b"\nM\xe9di;B;1;PA;oui;non;;;;;;oui\n");
        assert_eq!(lire_solutions(&octets).unwrap()[0].nom, "Médi");
    }
}
