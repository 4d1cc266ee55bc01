//! The questions without an answer on which the verdict still rests: each possible answer is tried.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::argent::Centimes;
use crate::domain::dossier::champ::{Champ, Genre, NON, OUI, Options};
use crate::domain::dossier::esquisse::{Esquisse, PROJET, TOUS, champs_d_un_essms, champs_du_projet};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::evaluer;
use crate::store::esquisse::faits;
use crate::store::evaluation::Contexte;

/// Of a choice among many, so many are tried: enough to see whether it matters.
const ESSAIS_AU_PLUS: usize = 8;

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

/// How favourable a verdict is, to choose among answers.
fn rang((eligibilite, recevabilite, certain, maximum): Issue) -> (u8, u8, Centimes, Centimes) {
    let rang = |resultat| match resultat {
        Resultat::NonSatisfait => 0,
        Resultat::Inconnu => 1,
        Resultat::AppreciationArs => 2,
        Resultat::Satisfait | Resultat::SansObjet => 3,
    };
    (rang(eligibilite), rang(recevabilite), certain, maximum)
}

/// A question that nobody answered, for the project or for some ESSMS.
struct Ouverte {
    champ: &'static Champ,
    projet: bool,
    combien: usize,
    /// Code and wording of each answer.
    options: Vec<(String, String)>,
}

impl Ouverte {
    fn appliquer(&self, esquisse: &mut Esquisse, valeur: &str) {
        let reponses = if self.projet {
            &mut esquisse.projet
        } else {
            &mut esquisse.communs
        };
        reponses.mettre(self.champ.nom, vec![valeur.to_owned()]);
    }

    fn essayer(&self, esquisse: &Esquisse, juger: impl Fn(&Esquisse) -> Issue) -> Vec<Issue> {
        let essai = |(code, _): &(String, String)| {
            let mut essai = esquisse.clone();
            self.appliquer(&mut essai, code);
            juger(&essai)
        };
        self.options.iter().map(essai).collect()
    }

    /// What each answer changes; a choice among many is not told answer by answer.
    fn question(&self, avant: Issue, issues: &[Issue], suite: &str) -> Option<Question> {
        if issues.iter().all(|issue| *issue == avant) {
            return None;
        }
        let effets = match self.champ.genre {
            Genre::Parmi(_) => vec!["Le verdict en dépend.".to_owned()],
            _ => self
                .options
                .iter()
                .zip(issues)
                .map(|((_, libelle), apres)| format!("{}{suite}", effet(libelle, avant, *apres)))
                .collect(),
        };
        let prefixe = if self.projet { PROJET } else { TOUS };
        Some(Question {
            libelle: self.champ.libelle,
            ancre: format!("{prefixe}-{}", self.champ.nom),
            combien: self.combien,
            effets,
        })
    }
}

/// The questions whose answer changes the verdict: as things stand, or once the others are answered for the best.
pub fn questions(
    contexte: &Contexte,
    edition: &Edition,
    esquisse: &Esquisse,
    avant: &Evaluation,
    instant: DateTime<Utc>,
) -> Vec<Question> {
    let juger = |essai: &Esquisse| issue(&evaluer(edition, &faits(contexte, essai, instant)));
    let ouvertes = ouvertes(contexte, esquisse);
    let mut meilleure = esquisse.clone();
    for ouverte in &ouvertes {
        let issues = ouverte.essayer(&meilleure, juger);
        let choix = ouverte.options.iter().zip(issues).max_by_key(|(_, issue)| rang(*issue));
        if let Some(((code, _), _)) = choix {
            ouverte.appliquer(&mut meilleure, code);
        }
    }
    let au_mieux = juger(&meilleure);
    let question = |ouverte: &Ouverte| {
        let maintenant = ouverte.question(issue(avant), &ouverte.essayer(esquisse, juger), "");
        let ensuite = || {
            let issues = ouverte.essayer(&meilleure, juger);
            ouverte.question(au_mieux, &issues, ", le reste étant favorable")
        };
        maintenant.or_else(ensuite)
    };
    ouvertes.iter().filter_map(question).collect()
}

fn ouvertes(contexte: &Contexte, esquisse: &Esquisse) -> Vec<Ouverte> {
    let du_projet = champs_du_projet()
        .iter()
        .filter(|c| esquisse.projet.valeurs(c.nom).is_empty());
    let du_projet = du_projet.map(|champ| (champ, true, 0));
    let des_essms = champs_d_un_essms().iter().map(|champ| {
        let sans = esquisse
            .numeros
            .iter()
            .filter(|n| esquisse.reponses(**n).valeurs(champ.nom).is_empty());
        (champ, false, sans.count())
    });
    let posees = du_projet.chain(des_essms.filter(|(_, _, combien)| *combien > 0));
    let ouverte = |(champ, projet, combien): (&'static Champ, bool, usize)| Ouverte {
        champ,
        projet,
        combien,
        options: options(champ, contexte),
    };
    posees.map(ouverte).filter(|o| !o.options.is_empty()).collect()
}

/// The answers to try: all of a few, some of many.
fn options(champ: &Champ, contexte: &Contexte) -> Vec<(String, String)> {
    let codes = |options: &[(&str, &str)]| {
        let paires = options
            .iter()
            .map(|(code, libelle)| ((*code).to_owned(), (*libelle).to_owned()));
        paires.collect::<Vec<_>>()
    };
    match champ.genre {
        Genre::OuiNon => codes(&[(OUI, "Oui"), (NON, "Non")]),
        Genre::Choix(options) => codes(options),
        Genre::Parmi(Options::Solutions) => {
            let solutions = contexte.solutions.iter().take(ESSAIS_AU_PLUS);
            solutions.map(|s| (s.id.to_string(), s.nom.clone())).collect()
        }
        Genre::Parmi(Options::EssmsDeLaGrappe) => {
            let organismes: BTreeSet<Finess> = contexte.registre.values().map(|e| e.organisme).collect();
            let organismes = organismes.into_iter().take(ESSAIS_AU_PLUS);
            organismes.map(|o| (o.to_string(), o.to_string())).collect()
        }
        _ => Vec::new(),
    }
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
