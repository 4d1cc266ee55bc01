//! Two verdicts on one dossier, side by side: as it stands, and as it would be.

use super::atelier::Atelier;
use super::cadre::decompte;
use super::vues::bloquants;
use crate::domain::argent::Centimes;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Gravite, Resultat};
use crate::rules::evaluation::Evaluation;
use crate::rules::regle::CodeRegle;
use crate::web::vue::Etiquette;

/// One side.
pub struct Cote {
    /// « Avant » or « Après ».
    pub titre: &'static str,
    /// Verdict on eligibility.
    pub eligibilite: Etiquette,
    /// Verdict on recevabilité.
    pub recevabilite: Etiquette,
    /// How many ESSMS.
    pub total: usize,
    /// « 14 éligibles, 1 en question, 1 exclu ».
    pub essms: String,
    /// Money established.
    pub certain: Centimes,
    /// Money if every open question turns out well.
    pub maximum: Centimes,
    /// Blocking constats.
    pub bloquants: usize,
    /// Warnings.
    pub alertes: usize,
}

/// A rule, before and after.
pub struct Regle {
    /// Its code.
    pub code: String,
    /// Its short title.
    pub titre: &'static str,
    /// Verdict and sentence before.
    pub avant: (Etiquette, String),
    /// Verdict and sentence after.
    pub apres: (Etiquette, String),
}

/// Both sides, and the rules.
pub struct Comparaison {
    /// As it stands, then as it would be.
    pub cotes: [Cote; 2],
    /// Rules whose verdict changes.
    pub changent: Vec<Regle>,
    /// Rules whose verdict stays; those without object on both sides are left out.
    pub restent: Vec<Regle>,
}

impl Comparaison {
    /// Of a dossier as it stands and as it would be.
    pub fn entre(avant: &Atelier<'_>, apres: &Atelier<'_>) -> Self {
        let (avant, apres) = (&avant.evaluation, &apres.evaluation);
        let (mut changent, mut restent) = (Vec::new(), Vec::new());
        for constat in &apres.constats {
            let Some(ancien) = avant.constat(&constat.code) else {
                continue;
            };
            if (ancien.resultat, ancien.gravite) != (constat.resultat, constat.gravite) {
                changent.push(regle(ancien, constat));
            } else if constat.resultat != Resultat::SansObjet {
                restent.push(regle(ancien, constat));
            }
        }
        Self {
            cotes: [cote("Avant", avant), cote("Après", apres)],
            changent,
            restent,
        }
    }
}

fn cote(titre: &'static str, evaluation: &Evaluation) -> Cote {
    let alerte = |c: &&Constat| c.gravite == Gravite::Alerte && c.resultat == Resultat::NonSatisfait;
    Cote {
        titre,
        eligibilite: Etiquette::resultat(&evaluation.eligibilite, &Gravite::Bloquant),
        recevabilite: Etiquette::resultat(&evaluation.recevabilite, &Gravite::Bloquant),
        total: evaluation.decompte.total,
        essms: decompte(evaluation.decompte),
        certain: evaluation.financement.certain,
        maximum: evaluation.financement.maximum,
        bloquants: bloquants(evaluation).len(),
        alertes: evaluation.constats.iter().filter(alerte).count(),
    }
}

fn regle(avant: &Constat, apres: &Constat) -> Regle {
    let verdict = |c: &Constat| (Etiquette::resultat(&c.resultat, &c.gravite), c.message.clone());
    Regle {
        code: apres.code.clone(),
        titre: CodeRegle::depuis(&apres.code).map_or("", Liste::libelle),
        avant: verdict(avant),
        apres: verdict(apres),
    }
}
