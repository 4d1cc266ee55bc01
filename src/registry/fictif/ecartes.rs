//! Establishments that no grappe may count, so that a demonstration can show why.

use std::collections::HashMap;

use super::communes::communes_inventees;
use super::{Fabrique, Fictif, noms, numero};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Categorie, Eligibilite, Secteur, categories_livrees};
use crate::domain::territoire::departements;

/// OGs of at least this many establishments also have some that no grappe may count.
const TAILLE_AVEC_ECARTES: usize = 5;
/// Where the establishments outside the région are: the Oise.
const HORS_REGION: &str = "60";

impl Fabrique {
    /// Gives each larger OG one establishment closed, one of a category outside L.312-1 and one outside
    /// the région, after all the others: their numbers and names stay what they were.
    pub(super) fn ecarter(&mut self, fictif: &mut Fictif) {
        let hors_champ_connus = categories_hors_champ();
        let Some(oise) = departements().iter().find(|d| d.code == HORS_REGION) else {
            return;
        };
        let communes = communes_inventees(&mut self.alea, oise);
        let mut tailles: HashMap<Finess, usize> = HashMap::new();
        for et in &fictif.essms {
            *tailles.entry(et.organisme).or_default() += 1;
        }
        for organisme in &fictif.organismes {
            let siege = organisme.commune.departement;
            let rang = tailles.get(&organisme.finess).copied().unwrap_or_default() + 1;
            if rang <= TAILLE_AVEC_ECARTES {
                continue;
            }
            let mut suivant = |secteur, rang| self.etablissement(organisme, siege, secteur, rang);
            let (Some(ferme), Some(mut hors_champ), Some(mut hors_region)) = (
                suivant(Secteur::Pa, rang),
                suivant(Secteur::Ph, rang + 1),
                suivant(Secteur::Pa, rang + 2),
            ) else {
                return;
            };
            hors_champ.categorie = *self.alea.parmi(&hors_champ_connus);
            hors_champ.nom = format!(
                "{} HORS CHAMP {}",
                hors_champ.categorie.sigle.to_uppercase(),
                noms::SUFFIXE
            );
            if let Some(finess) = numero(&mut self.rangs_et, oise, self.origine) {
                hors_region.finess = finess;
            }
            hors_region.commune = self.alea.parmi(&communes).clone();
            hors_region.nom = format!("HORS RÉGION {}", hors_region.nom);
            fictif.fermes.push(ferme);
            fictif.ecartes.extend([hors_champ, hors_region]);
        }
    }
}

/// Categories that the table holds and that are not of L.312-1, by code.
fn categories_hors_champ() -> Vec<&'static Categorie> {
    let mut categories: Vec<&'static Categorie> = categories_livrees()
        .filter(|c| c.eligibilite == Eligibilite::Non)
        .collect();
    categories.sort_by(|a, b| a.code.cmp(&b.code));
    categories
}
