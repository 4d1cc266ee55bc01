//! What the texts say: editions, facts, rules, constats. Pure: no clock, no database, no float.
//!
//! [`evaluer`] is the whole engine: an [`Edition`](edition::Edition) and [`Faits`](faits::Faits) in, an
//! [`Evaluation`](evaluation::Evaluation) out. The rules on each ESSMS speak first and say which ESSMS
//! stay in the count; then the money, which REC-04 compares with the plan; then the rules on the grappe
//! and on the project. The site, the API, the simulator and the command line all call it.

pub mod completude;
pub mod constat;
mod contexte;
pub mod edition;
pub mod evaluation;
pub mod faits;
pub mod recevable;
pub mod regle;

use constat::Resultat;
use contexte::Contexte;
use edition::Edition;
use evaluation::{Achat, Evaluation, Procedure, StatutDe, StatutEssms};
use faits::Faits;

/// Judges a project by an edition. Same arguments, same answer: nothing else is looked at.
pub fn evaluer(edition: &Edition, faits: &Faits) -> Evaluation {
    let statuts = vec![StatutEssms::EnQuestion; faits.essms.len()];
    let contexte = Contexte::nouveau(edition, faits, statuts);
    Evaluation {
        edition: edition.code.clone(),
        version_edition: edition.version,
        date: faits.date,
        eligibilite: Resultat::Inconnu,
        recevabilite: Resultat::Inconnu,
        type_projet: contexte.type_projet,
        decompte: contexte.decompte,
        statuts: faits
            .essms
            .iter()
            .zip(&contexte.statuts)
            .map(|(essms, statut)| StatutDe {
                finess: essms.finess,
                statut: *statut,
            })
            .collect(),
        constats: Vec::new(),
        achat: Achat {
            procedure: Procedure::Inconnu,
            message: String::new(),
            source: edition.source(&edition.achat.source),
            autres_sources: Vec::new(),
        },
        financement: contexte.financement,
    }
}
