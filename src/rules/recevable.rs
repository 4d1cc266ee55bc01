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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nomenclature::Liste;
    use crate::rules::edition::Edition;
    use crate::rules::evaluer;
    use crate::rules::faits::Faits;

    /// A judged project whose constats are these, in this order.
    fn evaluation(constats: &[(&str, Gravite, Resultat, Portee)]) -> Evaluation {
        let mut evaluation = evaluer(Edition::livree("idf-2024").unwrap(), &Faits::default());
        let modele = evaluation.constats[0].clone();
        evaluation.constats = constats
            .iter()
            .map(|(code, gravite, resultat, portee)| Constat {
                code: (*code).to_owned(),
                gravite: *gravite,
                resultat: *resultat,
                portee: *portee,
                ..modele.clone()
            })
            .collect();
        evaluation
    }

    /// The codes a deposit is refused for.
    fn refus(evaluation: &Evaluation) -> Vec<&str> {
        let refuses = DossierRecevable::de(evaluation).err().unwrap_or_default();
        assert_eq!(refuses, blocages(evaluation).collect::<Vec<_>>());
        refuses.into_iter().map(|c| c.code.as_str()).collect()
    }

    #[test]
    fn nothing_blocking_gives_the_right_and_says_by_which_evaluation() {
        let evaluation = evaluation(&[("REC-08", Gravite::Bloquant, Resultat::Satisfait, Portee::Projet)]);
        assert_eq!(DossierRecevable::de(&evaluation).unwrap().evaluation(), &evaluation);
    }

    #[test]
    fn only_a_blocking_constat_not_satisfied_about_the_project_stands_against_it() {
        for gravite in Gravite::TOUTES {
            for resultat in Resultat::TOUTES {
                for portee in Portee::TOUTES {
                    let evaluation = evaluation(&[("REC-08", *gravite, *resultat, *portee)]);
                    let bloque =
                        (*gravite, *resultat, *portee) == (Gravite::Bloquant, Resultat::NonSatisfait, Portee::Projet);
                    assert_eq!(
                        refus(&evaluation).len(),
                        usize::from(bloque),
                        "{gravite:?} {resultat:?} {portee:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_blocks_is_listed_in_the_order_of_the_texts() {
        let contre = (Gravite::Bloquant, Resultat::NonSatisfait, Portee::Projet);
        let evaluation = evaluation(&[
            ("REC-08", contre.0, contre.1, contre.2),
            ("REC-05", contre.0, Resultat::Inconnu, contre.2),
            ("ELI-E01", contre.0, contre.1, Portee::CertainsEssms),
            ("ELI-G01", contre.0, contre.1, contre.2),
        ]);
        assert_eq!(refus(&evaluation), ["REC-08", "ELI-G01"]);
    }
}
