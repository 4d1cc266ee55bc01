//! A fictitious registry, for load and demonstration: no large real extract can be had where the
//! portal is built. The format, the keys, the communes of Île-de-France and the proportions are
//! real; every establishment and OG is invented, and says so in its name. The first line of the
//! files names the flow « fictif », which the importer keeps on every row.
//!
//! No number is one of the real sample: the third character is always 9, which none of them has.

pub mod alea;
pub mod communes;
mod ecartes;
pub mod ecriture;
mod noms;

use std::collections::HashMap;

use alea::Alea;
use communes::{Commune, communes_idf, communes_inventees};

use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Categorie, Eligibilite, Secteur, categories_livrees};
use crate::domain::territoire::{Departement, departements};

/// How much of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perimetre {
    /// 103 000 establishments over every département.
    National,
    /// About 4 500 establishments of 900 OG, in Île-de-France.
    IleDeFrance,
}

/// An invented establishment.
#[derive(Debug, Clone)]
pub struct EtFictif {
    /// FINESS ET.
    pub finess: Finess,
    /// FINESS EJ.
    pub organisme: Finess,
    /// Name.
    pub nom: String,
    /// Category.
    pub categorie: &'static Categorie,
    /// Commune.
    pub commune: Commune,
    /// Number, type and name of the street.
    pub voie: (usize, &'static str, String),
    /// Year and day of the year of opening.
    pub ouverture: (i32, u32),
    /// SIRET of no one.
    pub siret: String,
}

/// An invented OG.
#[derive(Debug, Clone)]
pub struct EjFictif {
    /// FINESS EJ.
    pub finess: Finess,
    /// Name.
    pub nom: String,
    /// Code and label of its legal status.
    pub statut: (&'static str, &'static str),
    /// Commune.
    pub commune: Commune,
    /// SIREN of no one.
    pub siren: String,
}

/// An invented registry.
#[derive(Debug, Clone)]
pub struct Fictif {
    /// Establishments, by OG: open, and eligible by their category.
    pub essms: Vec<EtFictif>,
    /// Île-de-France only: open ones that are not eligible, by their category or their région. Their names
    /// say so.
    pub ecartes: Vec<EtFictif>,
    /// Île-de-France only: closed ones.
    pub fermes: Vec<EtFictif>,
    /// OGs.
    pub organismes: Vec<EjFictif>,
}

/// Rows of the national file: what the last real one held, rounded.
const ESSMS_NATIONAL: usize = 103_000;
/// OGs of Île-de-France.
const ORGANISMES_IDF: usize = 900;
/// Any seed does; this one gives Île-de-France about 4 500 establishments.
const GRAINE: u64 = 0x0E55_2028;

/// Generates the registry of a perimeter, always the same.
pub fn generer(perimetre: Perimetre) -> Fictif {
    let mut fabrique = Fabrique::new(perimetre);
    let mut fictif = Fictif {
        essms: Vec::new(),
        ecartes: Vec::new(),
        fermes: Vec::new(),
        organismes: Vec::new(),
    };
    loop {
        let taille = match perimetre {
            Perimetre::IleDeFrance if fictif.organismes.len() == ORGANISMES_IDF => break,
            Perimetre::IleDeFrance => fabrique.taille(),
            Perimetre::National => fabrique.taille().min(ESSMS_NATIONAL - fictif.essms.len()),
        };
        if taille == 0 {
            break;
        }
        let Some((organisme, essms)) = fabrique.organisme(taille) else {
            break;
        };
        fictif.organismes.push(organisme);
        fictif.essms.extend(essms);
    }
    if perimetre == Perimetre::IleDeFrance {
        fabrique.ecarter(&mut fictif);
    }
    fictif
}

struct Fabrique {
    alea: Alea,
    departements: Vec<(&'static Departement, usize)>,
    communes: HashMap<&'static str, Vec<Commune>>,
    categories: Vec<(Secteur, Vec<(&'static Categorie, usize)>)>,
    rangs_et: HashMap<String, usize>,
    rangs_ej: HashMap<String, usize>,
    origine: usize,
}

impl Fabrique {
    fn new(perimetre: Perimetre) -> Self {
        let mut alea = Alea::new(GRAINE);
        let mut idf = communes_idf();
        let mut communes = HashMap::new();
        let mut poids = Vec::new();
        for departement in departements() {
            let seul_de_son_code = !matches!(departement.code.as_str(), "977" | "978");
            if departement.code_finess.len() != 2 || !seul_de_son_code {
                continue;
            }
            let en_idf = departement.region.code == "11";
            if perimetre == Perimetre::IleDeFrance && !en_idf {
                continue;
            }
            let liste = idf
                .remove(departement.code.as_str())
                .unwrap_or_else(|| communes_inventees(&mut alea, departement));
            communes.insert(departement.code.as_str(), liste);
            poids.push((departement, if en_idf { 3 } else { 1 }));
        }
        Self {
            alea,
            departements: poids,
            communes,
            categories: categories_par_secteur(),
            rangs_et: HashMap::new(),
            rangs_ej: HashMap::new(),
            // The two perimeters do not share numbers: both may be imported.
            origine: match perimetre {
                Perimetre::National => 0,
                Perimetre::IleDeFrance => 50_000,
            },
        }
    }

    /// Size of an OG: half manage one establishment, a few manage up to sixty; 5 on average.
    fn taille(&mut self) -> usize {
        let tranches = [((1, 1), 50), ((2, 5), 29), ((6, 14), 13), ((15, 30), 6), ((31, 60), 2)];
        let (min, max) = *self.alea.pese(&tranches);
        self.alea.entre(min, max)
    }

    fn organisme(&mut self, taille: usize) -> Option<(EjFictif, Vec<EtFictif>)> {
        let siege = *self.alea.pese(&self.departements);
        let commune = self.commune(siege);
        let statut = *self.alea.pese(&noms::STATUTS);
        let finess = numero(&mut self.rangs_ej, siege, 90_000 + self.origine / 10)?;
        let organisme = EjFictif {
            finess,
            nom: noms::organisme(&mut self.alea, statut.0, &commune.nom),
            statut,
            commune,
            siren: format!("000{:06}", self.alea.sous(1_000_000)),
        };
        let metier = self.secteur();
        let mut essms = Vec::with_capacity(taille);
        for rang in 1..=taille {
            essms.push(self.etablissement(&organisme, siege, metier, rang)?);
        }
        Some((organisme, essms))
    }

    fn etablissement(
        &mut self,
        organisme: &EjFictif,
        siege: &'static Departement,
        metier: Secteur,
        rang: usize,
    ) -> Option<EtFictif> {
        let ailleurs = self.alea.chance(15);
        let departement = if ailleurs {
            *self.alea.pese(&self.departements)
        } else {
            siege
        };
        let commune = self.commune(departement);
        // An OG mostly keeps to its trade; drawing both from the same weights keeps the proportions.
        let secteur = if self.alea.chance(70) { metier } else { self.secteur() };
        let choix = self.categories.iter().find(|(s, _)| *s == secteur)?;
        let categorie = *self.alea.pese(&choix.1);
        let (type_voie, voie) = noms::voie(&mut self.alea);
        Some(EtFictif {
            finess: numero(&mut self.rangs_et, departement, self.origine)?,
            organisme: organisme.finess,
            nom: noms::etablissement(&mut self.alea, categorie, &commune.nom),
            categorie,
            voie: (self.alea.entre(1, 180), type_voie, voie),
            ouverture: (
                i32::try_from(self.alea.entre(1960, 2024)).unwrap_or(2000),
                u32::try_from(self.alea.entre(1, 365)).unwrap_or(1),
            ),
            siret: format!("{}{rang:05}", organisme.siren),
            commune,
        })
    }

    fn commune(&mut self, departement: &Departement) -> Commune {
        let liste = &self.communes[departement.code.as_str()];
        // Large communes have more: one in two is drawn among the first fifth of the list.
        let tete = (liste.len() / 5).max(1);
        let rang = if self.alea.chance(50) {
            self.alea.sous(tete)
        } else {
            self.alea.sous(liste.len())
        };
        liste[rang].clone()
    }

    /// EHPAD 25 % (within PA 28 %), home services 25 %, PH 30 %, the rest social.
    fn secteur(&mut self) -> Secteur {
        *self.alea.pese(&[
            (Secteur::Pa, 28),
            (Secteur::Dom, 25),
            (Secteur::Ph, 30),
            (Secteur::Pde, 7),
            (Secteur::Ahi, 4),
            (Secteur::Pds, 4),
            (Secteur::Pjm, 2),
        ])
    }
}

/// Categories of L.312-1 with their weights: 25 EHPAD out of 28 PA; every other one alike.
fn categories_par_secteur() -> Vec<(Secteur, Vec<(&'static Categorie, usize)>)> {
    let mut categories: Vec<&'static Categorie> = categories_livrees()
        .filter(|c| c.eligibilite == Eligibilite::Oui)
        .collect();
    categories.sort_by(|a, b| a.code.cmp(&b.code));
    let mut par_secteur: Vec<(Secteur, Vec<(&'static Categorie, usize)>)> = Vec::new();
    for categorie in categories {
        let Some(secteur) = categorie.secteur else { continue };
        let poids = match categorie.code.as_str() {
            "500" => 150,
            "183" | "182" | "246" | "446" | "448" | "449" | "255" => 12,
            "177" | "214" | "197" | "340" | "460" | "354" => 8,
            _ => 3,
        };
        match par_secteur.iter_mut().find(|(s, _)| *s == secteur) {
            Some((_, liste)) => liste.push((categorie, poids)),
            None => par_secteur.push((secteur, vec![(categorie, poids)])),
        }
    }
    par_secteur
}

/// The next free number of a département: two characters, 9, five digits and the key. Overseas
/// départements share their two characters, so they also share the sequence.
fn numero(rangs: &mut HashMap<String, usize>, departement: &Departement, origine: usize) -> Option<Finess> {
    let prefixe = departement.code.get(..2)?.to_owned();
    let rang = rangs.entry(prefixe.clone()).or_insert(origine);
    let numero = Finess::depuis_racine(&format!("{prefixe}9{rang:05}")).ok()?;
    *rang += 1;
    Some(numero)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
