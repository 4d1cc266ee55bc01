//! The questions without an answer on which the verdict still rests: each possible answer is tried.

use chrono::{DateTime, Utc};

use crate::domain::argent::Centimes;
use crate::domain::dossier::champ::{Champ, Genre, NON, OUI};
use crate::domain::dossier::esquisse::{Esquisse, PROJET, TOUS, champs_d_un_essms, champs_du_projet};
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::evaluer;
use crate::store::esquisse::faits;
use crate::store::evaluation::Contexte;

/// A question whose answer changes the verdict.
pub struct Question {
    /// The question.
    pub libelle: &'static str,
    /// Where it is asked.
    pub ancre: String,
    /// How many ESSMS have no answer; 0 for one on the project.
    pub combien: usize,
    /// What each answer would change the verdict to.
    pub effets: Vec<String>,
}

/// What of a verdict an answer may change.
type Issue = (Resultat, Resultat, Centimes, Centimes);

fn issue(evaluation: &Evaluation) -> Issue {
    let argent = &evaluation.financement;
    (
        evaluation.eligibilite,
        evaluation.recevabilite,
        argent.certain,
        argent.maximum,
    )
}

/// The questions whose answer changes the verdict, in the order they are asked.
pub fn questions(
    contexte: &Contexte,
    edition: &Edition,
    esquisse: &Esquisse,
    avant: &Evaluation,
    instant: DateTime<Utc>,
) -> Vec<Question> {
    let juger = |essai: &Esquisse| issue(&evaluer(edition, &faits(contexte, essai, instant)));
    let du_projet = champs_du_projet()
        .iter()
        .filter(|c| esquisse.projet.valeurs(c.nom).is_empty());
    let du_projet = du_projet.filter_map(|champ| {
        let effets = essayer(champ, issue(avant), |valeur| {
            let mut essai = esquisse.clone();
            essai.projet.mettre(champ.nom, vec![valeur.to_owned()]);
            juger(&essai)
        })?;
        Some(Question {
            libelle: champ.libelle,
            ancre: format!("{PROJET}-{}", champ.nom),
            combien: 0,
            effets,
        })
    });
    let des_essms = champs_d_un_essms().iter().filter_map(|champ| {
        let sans = esquisse
            .numeros
            .iter()
            .filter(|n| esquisse.reponses(**n).valeurs(champ.nom).is_empty());
        let combien = sans.count();
        if combien == 0 {
            return None;
        }
        let effets = essayer(champ, issue(avant), |valeur| {
            let mut essai = esquisse.clone();
            essai.communs.mettre(champ.nom, vec![valeur.to_owned()]);
            juger(&essai)
        })?;
        Some(Question {
            libelle: champ.libelle,
            ancre: format!("{TOUS}-{}", champ.nom),
            combien,
            effets,
        })
    });
    du_projet.chain(des_essms).collect()
}

/// What each answer changes; none when no answer changes anything, or when it is not one of a few.
fn essayer(champ: &Champ, avant: Issue, juger: impl Fn(&str) -> Issue) -> Option<Vec<String>> {
    let options: Vec<(&str, &str)> = match champ.genre {
        Genre::OuiNon => vec![(OUI, "Oui"), (NON, "Non")],
        Genre::Choix(options) => options.to_vec(),
        _ => return None,
    };
    let issues: Vec<(&str, Issue)> = options.iter().map(|(code, libelle)| (*libelle, juger(code))).collect();
    if issues.iter().all(|(_, apres)| *apres == avant) {
        return None;
    }
    Some(
        issues
            .iter()
            .map(|(libelle, apres)| effet(libelle, avant, *apres))
            .collect(),
    )
}

fn effet(reponse: &str, avant: Issue, apres: Issue) -> String {
    let mut dits = Vec::new();
    for (quoi, resultat, ancien) in [("éligibilité", apres.0, avant.0), ("recevabilité", apres.1, avant.1)] {
        if resultat != ancien {
            dits.push(format!("{quoi} «\u{a0}{}\u{a0}»", resultat.libelle().to_lowercase()));
        }
    }
    if (apres.2, apres.3) != (avant.2, avant.3) {
        dits.push(if apres.2 == apres.3 {
            format!("financement de {}", apres.2)
        } else {
            format!("financement de {} à {}", apres.2, apres.3)
        });
    }
    if dits.is_empty() {
        format!("{reponse}\u{a0}: rien ne change")
    } else {
        format!("{reponse}\u{a0}: {}", dits.join(", "))
    }
}
