//! Examples of a rule: an invented project, judged by the engine when it is asked.

use super::Regle;
use super::projet::Projet;
use super::recettes;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Resultat};
use crate::rules::edition::Edition;
use crate::rules::evaluation::{Achat, Ligne, Procedure};
use crate::rules::usages::ConstatUsage;
use crate::rules::{evaluer, evaluer_usages};

/// What an example comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// This outcome.
    Resultat(Resultat),
    /// This way of buying.
    Procedure(Procedure),
    /// Something is paid, or nothing is.
    Montant(bool),
}

/// What the engine answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reponse {
    /// A verdict.
    Constat(Box<Constat>),
    /// A way of buying.
    Achat(Achat),
    /// Lines of the grant; none when nothing is paid.
    Montant(Vec<Ligne>),
    /// An indicator, measured.
    Usage(ConstatUsage),
}

impl Reponse {
    /// What it comes to.
    pub fn issue(&self) -> Issue {
        match self {
            Self::Constat(constat) => Issue::Resultat(constat.resultat),
            Self::Achat(achat) => Issue::Procedure(achat.procedure),
            Self::Montant(lignes) => Issue::Montant(!lignes.is_empty()),
            Self::Usage(usage) => Issue::Resultat(usage.resultat),
        }
    }
}

/// An invented project, and what the engine says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exemple {
    /// What the project is.
    pub situation: String,
    /// What its author meant it to show; a test compares it with the answer.
    pub annonce: Issue,
    /// What the engine answers.
    pub reponse: Reponse,
}

/// The examples of a rule, judged by this edition.
pub fn exemples(edition: &Edition, regle: Regle) -> Vec<Exemple> {
    match regle {
        Regle::Indicateur(code) => recettes::releves(edition, code)
            .into_iter()
            .filter_map(|(situation, resultat, releve)| {
                let bilan = evaluer_usages(edition, &releve);
                let usage = bilan.indicateurs.into_iter().find(|i| i.code == code.code())?;
                Some(Exemple {
                    situation,
                    annonce: Issue::Resultat(resultat),
                    reponse: Reponse::Usage(usage),
                })
            })
            .collect(),
        Regle::Critere(_) | Regle::Achat | Regle::Forfait(_) | Regle::Prorata => recettes::projets(edition, regle)
            .into_iter()
            .filter_map(|recette| {
                let mut projet = Projet::nouveau(edition);
                (recette.changer)(&mut projet);
                Some(Exemple {
                    situation: recette.situation.to_owned(),
                    annonce: recette.annonce,
                    reponse: repondre(&projet, regle)?,
                })
            })
            .collect(),
    }
}

/// What the engine says of the project about one rule.
fn repondre(projet: &Projet, regle: Regle) -> Option<Reponse> {
    let mut evaluation = evaluer(projet.edition, &projet.faits);
    Some(match regle {
        Regle::Achat => Reponse::Achat(evaluation.achat),
        Regle::Critere(code) => {
            let place = evaluation.constats.iter().position(|c| c.code == code.code())?;
            Reponse::Constat(Box::new(evaluation.constats.swap_remove(place)))
        }
        Regle::Forfait(_) => Reponse::Montant(lignes(evaluation.financement.lignes, |l| l.code == regle.code())),
        // A prorated line cites the passage that prorates it.
        Regle::Prorata => Reponse::Montant(lignes(evaluation.financement.lignes, |l| !l.autres_sources.is_empty())),
        Regle::Indicateur(_) => return None,
    })
}

fn lignes(lignes: Vec<Ligne>, voulue: impl Fn(&Ligne) -> bool) -> Vec<Ligne> {
    lignes.into_iter().filter(voulue).collect()
}
