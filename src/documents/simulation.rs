//! The result of a simulation, as PDF.

use chrono::{DateTime, Utc};

use super::pdf::{self, Faute, imprimable};

const GABARIT: &str = include_str!("../../templates/documents/simulation.typ");

/// What it says, in words already.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Simulation {
    /// Titled values, in order.
    pub resume: Vec<(String, String)>,
    /// Lines of the grant.
    pub lignes: Vec<Ligne>,
    /// Instalments.
    pub versements: Vec<Versement>,
    /// Verdicts, by what they are about.
    pub niveaux: Vec<Niveau>,
    /// What the grant is said under.
    pub reserve: Option<&'static str>,
    /// How the grappe could be made eligible.
    pub proposition: Option<Proposition>,
    /// Why that was not searched.
    pub sans_recherche: Option<String>,
    /// What is missing.
    pub manques: Vec<Manque>,
    /// The ESSMS.
    pub essms: Vec<Essms>,
    /// The address that reopens it, when it is short enough.
    pub lien: Option<String>,
    /// When it was made, in words.
    pub simulee_le: String,
    /// How fresh what it knows of the registry is.
    pub repertoire: String,
    /// Made of fictitious data.
    pub fictif: bool,
    /// When it was made: the date of the document.
    #[serde(skip)]
    pub le: DateTime<Utc>,
}

/// A line of the grant.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Ligne {
    /// What it pays.
    pub libelle: String,
    /// Rate.
    pub taux: String,
    /// How many.
    pub nombre: String,
    /// What is established.
    pub certain: String,
    /// If every open question turns out well.
    pub maximum: String,
}

/// An instalment.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Versement {
    /// Rank and share.
    pub rang: String,
    /// What it is paid on.
    pub condition: String,
    /// What is established.
    pub certain: String,
    /// If every open question turns out well.
    pub maximum: String,
}

/// The verdicts of one level.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Niveau {
    /// What they are about.
    pub titre: String,
    /// The verdicts.
    pub constats: Vec<Constat>,
}

/// A verdict.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Constat {
    /// Code of the rule.
    pub code: String,
    /// Outcome.
    pub resultat: String,
    /// Explanation.
    pub message: String,
    /// The smallest change that would satisfy it.
    pub remede: Option<String>,
    /// Texts applied.
    pub source: String,
}

/// How the grappe could be made eligible.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Proposition {
    /// What to do; none when nothing was found.
    pub action: Option<String>,
    /// Which ESSMS each change is about.
    pub details: Vec<String>,
    /// What to know of it.
    pub notes: Vec<String>,
}

/// A question without an answer.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Manque {
    /// The question.
    pub libelle: String,
    /// What each answer would change.
    pub effets: Vec<String>,
}

/// An ESSMS.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Essms {
    /// Its number.
    pub finess: String,
    /// Its name.
    pub nom: String,
    /// Its commune.
    pub commune: String,
    /// Where it stands.
    pub statut: String,
    /// What the rules say of it.
    pub pourquoi: String,
}

impl Simulation {
    /// The same, with letters that the fonts have.
    fn imprimable(mut self) -> Self {
        let soi = |texte: &mut String| *texte = imprimable(texte);
        for (cle, valeur) in &mut self.resume {
            soi(cle);
            soi(valeur);
        }
        for l in &mut self.lignes {
            [
                &mut l.libelle,
                &mut l.taux,
                &mut l.nombre,
                &mut l.certain,
                &mut l.maximum,
            ]
            .into_iter()
            .for_each(soi);
        }
        for v in &mut self.versements {
            [&mut v.rang, &mut v.condition, &mut v.certain, &mut v.maximum]
                .into_iter()
                .for_each(soi);
        }
        for niveau in &mut self.niveaux {
            soi(&mut niveau.titre);
            for c in &mut niveau.constats {
                [&mut c.code, &mut c.resultat, &mut c.message, &mut c.source]
                    .into_iter()
                    .chain(&mut c.remede)
                    .for_each(soi);
            }
        }
        if let Some(p) = &mut self.proposition {
            let textes = p.action.iter_mut().chain(&mut p.details).chain(&mut p.notes);
            textes.for_each(soi);
        }
        for m in &mut self.manques {
            std::iter::once(&mut m.libelle).chain(&mut m.effets).for_each(soi);
        }
        for e in &mut self.essms {
            [
                &mut e.finess,
                &mut e.nom,
                &mut e.commune,
                &mut e.statut,
                &mut e.pourquoi,
            ]
            .into_iter()
            .for_each(soi);
        }
        [&mut self.simulee_le, &mut self.repertoire]
            .into_iter()
            .chain(&mut self.sans_recherche)
            .for_each(soi);
        self
    }
}

/// The octets of the PDF.
///
/// # Errors
/// As [`pdf::rendre`].
pub fn ecrire(simulation: &Simulation) -> Result<Vec<u8>, Faute> {
    pdf::rendre(GABARIT, &simulation.clone().imprimable(), simulation.le)
}

/// The words that it prints.
#[cfg(test)]
pub(crate) fn mots(simulation: &Simulation) -> Result<String, Faute> {
    pdf::mots(GABARIT, &simulation.clone().imprimable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_simulation_conforms_to_pdf_ua_and_is_the_same_each_time() {
        let texte = || "Grappe *du* #Val — $x$ @a <b> 日本".to_owned();
        let simulation = Simulation {
            resume: vec![("Éligibilité".into(), texte()), ("Type".into(), String::new())],
            lignes: vec![
                Ligne {
                    libelle: texte(),
                    taux: "7\u{202f}000 €".into(),
                    nombre: "15".into(),
                    certain: "1 €".into(),
                    maximum: "2 €".into(),
                };
                3
            ],
            versements: vec![Versement {
                rang: "1".into(),
                condition: texte(),
                certain: "1 €".into(),
                maximum: "2 €".into(),
            }],
            niveaux: vec![Niveau {
                titre: "Sur le projet".into(),
                constats: vec![
                    Constat {
                        code: "ELI-G01".into(),
                        resultat: "Satisfait".into(),
                        message: texte(),
                        remede: Some(texte()),
                        source: texte(),
                    };
                    30
                ],
            }],
            essms: vec![
                Essms {
                    finess: "750000127".into(),
                    nom: texte(),
                    commune: "Paris".into(),
                    statut: "Éligible".into(),
                    pourquoi: format!("ELI-E03\u{a0}: {}", texte()),
                };
                500
            ],
            proposition: Some(Proposition {
                action: Some(texte()),
                details: vec![texte(); 3],
                notes: vec![texte()],
            }),
            manques: vec![
                Manque {
                    libelle: texte(),
                    effets: vec![texte(); 2],
                };
                10
            ],
            lien: Some(format!(
                "https://portail.exemple.fr/simulateur?e={}",
                "aB9_-".repeat(300)
            )),
            reserve: Some("Sous réserve."),
            sans_recherche: None,
            simulee_le: "01/05/2024".into(),
            repertoire: "Répertoire FINESS au 01/04/2024".into(),
            fictif: true,
            le: DateTime::from_timestamp(1_714_550_400, 0).unwrap(),
        };
        let octets = ecrire(&simulation).unwrap();
        assert!(String::from_utf8_lossy(&octets).contains("pdfuaid:part"));
        assert_eq!(octets, ecrire(&simulation).unwrap());
        let vide = Simulation {
            resume: Vec::new(),
            lignes: Vec::new(),
            versements: Vec::new(),
            niveaux: Vec::new(),
            essms: Vec::new(),
            proposition: None,
            manques: Vec::new(),
            lien: None,
            ..simulation
        };
        assert!(ecrire(&vide).is_ok());
    }
}
