//! The right to deposit: a type that only the evaluation makes.

use crate::rules::constat::{Constat, Gravite, Portee, Resultat};
use crate::rules::evaluation::Evaluation;

/// A project that nothing blocking stands against, judged at the instant of its deposit. An ESSMS that
/// is excluded leaves the count and blocks nothing by itself; a fact that the registry cannot say does
/// not block either: the ARS will look.
#[derive(Debug)]
pub struct DossierRecevable<'a>(&'a Evaluation);

impl<'a> DossierRecevable<'a> {
    /// The right to deposit, if nothing blocks.
    ///
    /// # Errors
    /// The blocking constats, in the order of the texts.
    pub fn de(evaluation: &'a Evaluation) -> Result<Self, Vec<&'a Constat>> {
        let blocages: Vec<&Constat> = blocages(evaluation).collect();
        if blocages.is_empty() {
            Ok(Self(evaluation))
        } else {
            Err(blocages)
        }
    }

    /// The evaluation that gave the right.
    pub fn evaluation(&self) -> &'a Evaluation {
        self.0
    }
}

/// What stands against a deposit.
pub fn blocages(evaluation: &Evaluation) -> impl Iterator<Item = &Constat> {
    evaluation.constats.iter().filter(|c| {
        c.gravite == Gravite::Bloquant && c.resultat == Resultat::NonSatisfait && c.portee == Portee::Projet
    })
}
