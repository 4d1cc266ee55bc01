//! Communes of the fictitious registry: the real ones of Île-de-France, invented ones elsewhere.

use std::collections::HashMap;

use super::alea::Alea;
use super::noms;
use crate::domain::territoire::{Departement, departement};
use crate::domain::texte::capitales_sans_accents;

/// Where an establishment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// Name, in capitals as FINESS writes it.
    pub nom: String,
    /// The three digits of FINESS files.
    pub numero: String,
    /// Postcode.
    pub code_postal: String,
    /// Département.
    pub departement: &'static Departement,
}

/// The communes of Île-de-France by département, the most populated first.
pub fn communes_idf() -> HashMap<&'static str, Vec<Commune>> {
    let mut lues: Vec<(u64, Commune)> = include_str!("../../../referentiels/communes_idf.csv")
        .lines()
        .skip(1)
        .filter_map(|ligne| {
            let champs: Vec<&str> = ligne.split(';').collect();
            let [insee, nom, code, code_postal, population] = champs[..] else {
                return None;
            };
            let commune = Commune {
                nom: capitales(nom, code),
                numero: insee.get(2..)?.to_owned(),
                code_postal: code_postal.to_owned(),
                departement: departement(code)?,
            };
            Some((population.parse().unwrap_or(0), commune))
        })
        .collect();
    lues.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.numero.cmp(&b.1.numero)));
    let mut par_departement: HashMap<&'static str, Vec<Commune>> = HashMap::new();
    for (_, commune) in lues {
        let code = commune.departement.code.as_str();
        par_departement.entry(code).or_default().push(commune);
    }
    par_departement
}

/// FINESS writes delivery lines without accents nor dashes, and Paris without its arrondissement,
/// which the postcode says.
fn capitales(nom: &str, departement: &str) -> String {
    if departement == "75" {
        return "PARIS".to_owned();
    }
    capitales_sans_accents(nom)
}

/// Sixty invented communes of a département, with codes and postcodes of the right form.
pub fn communes_inventees(alea: &mut Alea, departement: &'static Departement) -> Vec<Commune> {
    (1..=60)
        .map(|rang| {
            // Overseas, the third character of the INSEE code tells the départements apart.
            let (numero, code_postal) = match departement.code.as_str() {
                "986" => (format!("6{rang:02}"), format!("986{rang:02}")),
                code if code.len() == 3 => (format!("{}{rang:02}", &code[2..]), format!("{code}{rang:02}")),
                "2A" | "2B" => (format!("{rang:03}"), format!("20{rang:02}0")),
                code => (format!("{rang:03}"), format!("{code}{rang:02}0")),
            };
            Commune {
                nom: noms::commune(alea),
                numero,
                code_postal,
                departement,
            }
        })
        .collect()
}
