//! A verdict as a card shows it.

use serde_json::Value;

use super::chemins;
use super::page::Lien;
use super::vue::{Etiquette, majuscule};
use crate::rules::constat::{Constat, Gravite, Resultat, Source};

/// One verdict of one rule, worded for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueConstat {
    /// Stable code of the rule.
    pub code: String,
    /// Tag of the outcome.
    pub etiquette: Etiquette,
    /// CSS modifier of the card.
    pub variante: &'static str,
    /// The sentence.
    pub phrase: String,
    /// Values and thresholds compared: name, value.
    pub valeurs: Vec<(String, String)>,
    /// Titles and sections of the texts.
    pub sources: Vec<String>,
    /// The page that explains the rule; none on that page.
    pub regle: Option<String>,
    /// How the portal reads the text, where it had to interpret.
    pub interpretation: Option<String>,
    /// The smallest change that would satisfy it.
    pub reparation: Option<String>,
    /// Where to make it; none: no link.
    pub correction: Option<Lien>,
    /// The person's own dossiers that it is about.
    pub ailleurs: Vec<Lien>,
    /// Frequent questions about its rule.
    pub aide: Vec<Lien>,
    /// The ESSMS it names.
    pub essms: Vec<VueEssms>,
}

/// One ESSMS a verdict names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueEssms {
    /// FINESS number.
    pub finess: String,
    /// Name, when the page knows it; empty otherwise.
    pub nom: String,
    /// Tag of its own outcome.
    pub etiquette: Etiquette,
    /// Why.
    pub message: String,
}

impl From<&Constat> for VueConstat {
    fn from(constat: &Constat) -> Self {
        Self {
            code: constat.code.clone(),
            etiquette: Etiquette::resultat(&constat.resultat, &constat.gravite),
            variante: variante(constat.resultat, constat.gravite),
            phrase: constat.message.clone(),
            valeurs: constat
                .valeurs
                .iter()
                .filter(|(_, valeur)| dit_quelque_chose(valeur))
                .map(|(nom, valeur)| (nom_lisible(nom), valeur_lisible(nom, valeur)))
                .collect(),
            sources: std::iter::once(&constat.source)
                .chain(&constat.autres_sources)
                .map(citer)
                .collect(),
            regle: None,
            interpretation: constat.interpretation.clone(),
            reparation: constat.reparation.as_ref().map(|r| r.message.clone()),
            correction: None,
            ailleurs: Vec::new(),
            aide: Vec::new(),
            essms: constat
                .essms
                .iter()
                .map(|e| VueEssms {
                    finess: e.finess.to_string(),
                    nom: String::new(),
                    etiquette: Etiquette::resultat(&e.resultat, &constat.gravite),
                    message: e.message.clone(),
                })
                .collect(),
        }
    }
}

/// The title of a text and the section of it.
pub fn citer(source: &Source) -> String {
    match source.section.as_str() {
        "" => source.titre.clone(),
        section => format!("{}, {section}", source.titre),
    }
}

/// How many of these rules hold.
pub fn satisfaits(constats: &[VueConstat]) -> usize {
    constats.iter().filter(|constat| constat.satisfait()).count()
}

impl VueConstat {
    /// Whether the rule holds.
    pub fn satisfait(&self) -> bool {
        self.variante == variante(Resultat::Satisfait, Gravite::Information)
    }

    /// Gives the ESSMS their names.
    #[must_use]
    pub fn nommer(mut self, nom: impl Fn(&str) -> Option<String>) -> Self {
        for essms in &mut self.essms {
            essms.nom = nom(&essms.finess).unwrap_or_default();
        }
        self
    }

    /// Links to what the rule asks in this edition.
    #[must_use]
    pub fn expliquer(mut self, edition: &str) -> Self {
        self.regle = Some(chemins::regle(edition, &self.code));
        self
    }

    /// What is said of a rule that is neither passed nor failed.
    pub fn neutre(code: &str, etiquette: Etiquette, phrase: &str, sources: &[&Source]) -> Self {
        Self {
            code: code.to_owned(),
            etiquette,
            variante: "portail-constat--neutre",
            phrase: phrase.to_owned(),
            valeurs: Vec::new(),
            sources: sources.iter().map(|s| citer(s)).collect(),
            regle: None,
            interpretation: None,
            reparation: None,
            correction: None,
            ailleurs: Vec::new(),
            aide: Vec::new(),
            essms: Vec::new(),
        }
    }

    /// Says where to repair.
    #[must_use]
    pub fn corriger(mut self, href: impl Into<String>, libelle: impl Into<String>) -> Self {
        self.correction = Some(Lien::nouveau(libelle, href));
        self
    }
}

/// CSS modifier of the card of an outcome.
fn variante(resultat: Resultat, gravite: Gravite) -> &'static str {
    match (resultat, gravite) {
        (Resultat::Satisfait, _) => "portail-constat--satisfait",
        (Resultat::NonSatisfait, Gravite::Bloquant) => "portail-constat--bloquant",
        (Resultat::NonSatisfait, Gravite::Alerte) => "portail-constat--alerte",
        (Resultat::AppreciationArs, _) => "portail-constat--appreciation",
        (Resultat::NonSatisfait, Gravite::Information) | (Resultat::Inconnu | Resultat::SansObjet, _) => {
            "portail-constat--neutre"
        }
    }
}

/// Names of values whose words need an accent, or more than themselves, to be read.
const NOMS: [(&str, &str); 19] = [
    ("a_apprecier", "À apprécier"),
    ("categories", "Catégories"),
    ("complets", "Complets"),
    ("depenses", "Dépenses"),
    ("differents", "Différents"),
    ("ecart", "Écart"),
    ("ehpad", "EHPAD présent"),
    ("eligibles", "Éligibles"),
    ("hors_region", "Hors de la région"),
    ("dans_la_region", "Dans la région"),
    ("isoles", "Isolés"),
    ("mois", "Durée en mois"),
    ("obligation", "Obligation de référencement"),
    ("plateforme", "Plateforme e-parcours"),
    ("presentes", "Présentés"),
    ("regles", "Règles"),
    ("sad", "Référencée au SAD"),
    ("secteur_ph", "Secteur PH présent"),
    ("segur", "Référencée Ségur"),
];

/// `eligibles` → « Éligibles »; an amount in centimes loses its unit, [`valeur_lisible`] shows it.
fn nom_lisible(nom: &str) -> String {
    let nom = nom.strip_suffix("_centimes").unwrap_or(nom);
    let connu = NOMS
        .iter()
        .find(|(code, _)| *code == nom)
        .map(|(_, libelle)| (*libelle).to_owned());
    connu.unwrap_or_else(|| majuscule(&nom.replace('_', " ")))
}

/// Whether a value is worth reading: nothing, zero and empty lists only make noise on a card.
fn dit_quelque_chose(valeur: &Value) -> bool {
    match valeur {
        Value::Null => false,
        Value::Number(nombre) => nombre.as_i64() != Some(0),
        Value::String(texte) => !texte.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        Value::Bool(_) | Value::Object(_) => true,
    }
}

/// The value of this name: an amount in euros when the name says centimes.
fn valeur_lisible(nom: &str, valeur: &Value) -> String {
    match valeur.as_i64() {
        Some(centimes) if nom.ends_with("_centimes") => crate::domain::argent::Centimes(centimes).to_string(),
        _ => lisible(valeur),
    }
}

/// A JSON value as people read it.
fn lisible(valeur: &Value) -> String {
    match valeur {
        Value::Null => "non renseigné".into(),
        Value::Bool(vrai) => if *vrai { "oui" } else { "non" }.into(),
        Value::Number(nombre) => nombre.to_string().replace('.', ","),
        Value::String(texte) => match chrono::NaiveDate::parse_from_str(texte, "%Y-%m-%d") {
            Ok(jour) => jour.format("%d/%m/%Y").to_string(),
            Err(_) => texte.clone(),
        },
        Value::Array(elements) => elements.iter().map(lisible).collect::<Vec<_>>().join(", "),
        Value::Object(champs) => champs
            .iter()
            .map(|(nom, valeur)| format!("{}\u{a0}: {}", nom.replace('_', " "), lisible(valeur)))
            .collect::<Vec<_>>()
            .join("\u{a0}; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_people() {
        assert_eq!(
            lisible(&serde_json::json!({"min": 15, "ids": ["a", true]})),
            "ids\u{a0}: a, oui\u{a0}; min\u{a0}: 15"
        );
        assert_eq!(nom_lisible("taille_max"), "Taille max");
    }
}
