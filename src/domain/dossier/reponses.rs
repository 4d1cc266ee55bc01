//! Answers of a step, readable by construction: only [`super::lecture`] makes them from a form.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::champ::{NON, OUI};
use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// Answers by field name. A field without an answer is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Reponses(BTreeMap<String, Vec<String>>);

/// Format of dates in stored answers.
pub(super) const FORMAT_DATE: &str = "%Y-%m-%d";

impl Reponses {
    /// Whether nothing was answered.
    pub fn est_vide(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets an answer, or takes it out when there is no value.
    pub fn mettre(&mut self, nom: &str, valeurs: Vec<String>) {
        if valeurs.is_empty() {
            self.0.remove(nom);
        } else {
            self.0.insert(nom.to_owned(), valeurs);
        }
    }

    /// Every answer, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(nom, valeurs)| (nom.as_str(), valeurs.as_slice()))
    }

    /// The values of a field; empty when it has no answer.
    pub fn valeurs(&self, nom: &str) -> &[String] {
        self.0.get(nom).map_or(&[], Vec::as_slice)
    }

    /// The text of a field.
    pub fn texte(&self, nom: &str) -> Option<&str> {
        self.valeurs(nom).first().map(String::as_str)
    }

    /// Yes, no, or no answer.
    pub fn oui_non(&self, nom: &str) -> Option<bool> {
        match self.texte(nom)? {
            OUI => Some(true),
            NON => Some(false),
            _ => None,
        }
    }

    /// A whole number (or, for a decimal field, its hundredths).
    pub fn nombre(&self, nom: &str) -> Option<u32> {
        self.texte(nom)?.parse().ok()
    }

    /// An amount.
    pub fn montant(&self, nom: &str) -> Option<Centimes> {
        self.texte(nom)?.parse().ok().map(Centimes)
    }

    /// A day.
    pub fn date(&self, nom: &str) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.texte(nom)?, FORMAT_DATE).ok()
    }

    /// A FINESS number.
    pub fn finess(&self, nom: &str) -> Option<Finess> {
        Finess::parse(self.texte(nom)?).ok()
    }

    /// A value of a closed list.
    pub fn choix<L: Liste>(&self, nom: &str) -> Option<L> {
        L::depuis(self.texte(nom)?)
    }

    /// How many rows of this name there are; rows are numbered from 0 without a hole.
    pub fn nombre_de_lignes(&self, nom: &str) -> usize {
        self.0
            .keys()
            .filter_map(|cle| {
                cle.strip_prefix(nom)?
                    .strip_prefix('-')?
                    .split_once('-')?
                    .0
                    .parse::<usize>()
                    .ok()
            })
            .max()
            .map_or(0, |dernier| dernier + 1)
    }
}

/// One field whose answer differs between two versions of a step.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Difference {
    /// Name of the field.
    pub champ: String,
    /// Values before.
    pub avant: Vec<String>,
    /// Values after.
    pub apres: Vec<String>,
}

/// The fields that differ, by name.
pub fn differences(avant: &Reponses, apres: &Reponses) -> Vec<Difference> {
    let noms: std::collections::BTreeSet<&String> = avant.0.keys().chain(apres.0.keys()).collect();
    noms.into_iter()
        .filter(|nom| avant.valeurs(nom) != apres.valeurs(nom))
        .map(|nom| Difference {
            champ: nom.clone(),
            avant: avant.valeurs(nom).to_vec(),
            apres: apres.valeurs(nom).to_vec(),
        })
        .collect()
}

/// Brings together what two people did to the same answers, `base` being what the second was filled
/// upon: a field that only one of them changed takes that change. Returns the answers, the second
/// person's wherever both changed a field differently, and the names of these fields.
pub fn fusionner(base: &Reponses, stockees: &Reponses, saisies: &Reponses) -> (Reponses, Vec<String>) {
    let mut fusion = Reponses::default();
    let mut conflits = Vec::new();
    let noms: std::collections::BTreeSet<&String> = stockees.0.keys().chain(saisies.0.keys()).collect();
    for nom in noms {
        let (avant, stocke, saisi) = (base.valeurs(nom), stockees.valeurs(nom), saisies.valeurs(nom));
        let retenu = if saisi == avant { stocke } else { saisi };
        if saisi != stocke && saisi != avant && stocke != avant {
            conflits.push(nom.clone());
        }
        fusion.mettre(nom, retenu.to_vec());
    }
    (fusion, conflits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reponses(paires: &[(&str, &str)]) -> Reponses {
        let mut r = Reponses::default();
        for (nom, valeur) in paires {
            r.mettre(nom, vec![(*valeur).to_owned()]);
        }
        r
    }

    #[test]
    fn an_absent_answer_is_neither_yes_nor_no() {
        assert_eq!(reponses(&[]).oui_non("a"), None);
        assert_eq!(reponses(&[("a", "oui")]).oui_non("a"), Some(true));
        assert_eq!(reponses(&[("a", "non")]).oui_non("a"), Some(false));
    }

    #[test]
    fn rows_are_counted_by_their_own_prefix() {
        let r = reponses(&[
            ("jalon-0-nom", "a"),
            ("jalon-1-nom", "b"),
            ("jalonnage-7-nom", "c"),
            ("jalon", "d"),
        ]);
        assert_eq!(r.nombre_de_lignes("jalon"), 2);
        assert_eq!(r.nombre_de_lignes("poste"), 0);
    }

    #[test]
    fn each_field_takes_the_change_of_who_changed_it() {
        let base = reponses(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]);
        let stockees = reponses(&[("a", "2"), ("b", "1"), ("c", "2"), ("e", "2")]);
        let saisies = reponses(&[("a", "1"), ("b", "3"), ("c", "3"), ("d", "1")]);
        let (fusion, conflits) = fusionner(&base, &stockees, &saisies);
        assert_eq!(fusion, reponses(&[("a", "2"), ("b", "3"), ("c", "3"), ("e", "2")]));
        assert_eq!(conflits, ["c"]);
    }

    #[test]
    fn the_same_change_made_twice_is_no_conflict() {
        let (stockees, saisies) = (reponses(&[("a", "2")]), reponses(&[("a", "2")]));
        assert_eq!(
            fusionner(&reponses(&[("a", "1")]), &stockees, &saisies),
            (stockees, Vec::new())
        );
    }

    #[test]
    fn differences_name_what_came_went_and_changed() {
        let avant = reponses(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let apres = reponses(&[("a", "1"), ("b", "9"), ("d", "4")]);
        let noms: Vec<String> = differences(&avant, &apres).into_iter().map(|d| d.champ).collect();
        assert_eq!(noms, ["b", "c", "d"]);
    }
}
