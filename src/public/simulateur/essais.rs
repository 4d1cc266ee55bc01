//! The questions without an answer on which the verdict still rests: each possible answer is tried.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::argent::Centimes;
use crate::domain::dossier::champ::{Champ, Genre, NON, OUI, Options};
use crate::domain::dossier::esquisse::{DEPENSES, Esquisse, PROJET, TOUS, champs_d_un_essms, champs_du_projet};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::evaluer;
use crate::rules::regle::CodeRegle;
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

/// What is said of a question whose answers are not tried one by one.
const EN_DEPEND: &str = "Le verdict en dépend.";
/// Where the answers of single ESSMS are.
const TABLEAU: &str = "essms";
/// Questions that no answer can be tried on, and the rule that waits for each.
const SANS_ESSAI: [(&str, CodeRegle); 6] = [
    (DEPENSES, CodeRegle::Rec04),
    ("autofinancement", CodeRegle::Rec04),
    ("autres_ressources", CodeRegle::Rec04),
    ("autre_solution", CodeRegle::EliG02),
    ("sons_logiciel", CodeRegle::EliE04),
    ("part_heures_eligibles", CodeRegle::EliE08),
];
/// Rules named in what an answer changes; beyond, they are counted.
const REGLES_CITEES: usize = 3;

/// What of a verdict an answer may change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Issue {
    eligibilite: Resultat,
    recevabilite: Resultat,
    certain: Centimes,
    maximum: Centimes,
    /// Each rule, in the order of the edition: one that stays unknown hides what another becomes from the whole.
    regles: Vec<(String, Resultat)>,
}

fn issue(evaluation: &Evaluation) -> Issue {
    let argent = &evaluation.financement;
    Issue {
        eligibilite: evaluation.eligibilite,
        recevabilite: evaluation.recevabilite,
        certain: argent.certain,
        maximum: argent.maximum,
        regles: evaluation
            .constats
            .iter()
            .map(|c| (c.code.clone(), c.resultat))
            .collect(),
    }
}

/// How favourable a verdict is, to choose among answers.
fn rang(issue: &Issue) -> (u8, u8, Centimes, Centimes, usize) {
    let rang = |resultat| match resultat {
        Resultat::NonSatisfait => 0,
        Resultat::Inconnu => 1,
        Resultat::AppreciationArs => 2,
        Resultat::Satisfait | Resultat::SansObjet => 3,
    };
    let regles = issue.regles.iter().map(|(_, resultat)| usize::from(rang(*resultat)));
    (
        rang(issue.eligibilite),
        rang(issue.recevabilite),
        issue.certain,
        issue.maximum,
        regles.sum(),
    )
}

/// A question that nobody answered, for the project or for some ESSMS.
struct Ouverte {
    champ: &'static Champ,
    projet: bool,
    combien: usize,
    /// Whether it is asked for all, and not only under an answer that single ESSMS gave.
    montree: bool,
    /// Code and wording of each answer that can be tried.
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
    fn question(&self, avant: &Issue, issues: &[Issue], suite: &str) -> Option<Question> {
        if issues.iter().all(|issue| issue == avant) {
            return None;
        }
        let effets = match self.champ.genre {
            Genre::Parmi(_) => vec![EN_DEPEND.to_owned()],
            _ => self
                .options
                .iter()
                .zip(issues)
                .map(|((_, libelle), apres)| format!("{}{suite}", effet(libelle, avant, apres)))
                .collect(),
        };
        Some(self.posee(effets))
    }

    fn posee(&self, effets: Vec<String>) -> Question {
        let prefixe = if self.projet { PROJET } else { TOUS };
        Question {
            libelle: self.champ.libelle,
            ancre: if self.montree {
                format!("{prefixe}-{}", self.champ.nom)
            } else {
                TABLEAU.to_owned()
            },
            combien: self.combien,
            effets,
        }
    }

    /// A question that no answer can be tried on, when the rule that waits for it is not settled.
    fn sans_essai(&self, avant: &Issue) -> Option<Question> {
        let (_, regle) = SANS_ESSAI.iter().find(|(nom, _)| *nom == self.champ.nom)?;
        let attend = |(code, resultat): &(String, Resultat)| *code == regle.code() && *resultat == Resultat::Inconnu;
        avant
            .regles
            .iter()
            .any(attend)
            .then(|| self.posee(vec![EN_DEPEND.to_owned()]))
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
        let choix = ouverte.options.iter().zip(issues).max_by_key(|(_, issue)| rang(issue));
        if let Some(((code, _), _)) = choix {
            ouverte.appliquer(&mut meilleure, code);
        }
    }
    let (avant, au_mieux) = (issue(avant), juger(&meilleure));
    let question = |ouverte: &Ouverte| {
        if ouverte.options.is_empty() {
            return ouverte.sans_essai(&avant);
        }
        let maintenant = ouverte.question(&avant, &ouverte.essayer(esquisse, juger), "");
        let ensuite = || {
            let issues = ouverte.essayer(&meilleure, juger);
            ouverte.question(&au_mieux, &issues, ", le reste étant favorable")
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
    let reponses: Vec<Reponses> = esquisse.numeros.iter().map(|n| esquisse.reponses(*n)).collect();
    let des_essms = champs_d_un_essms().iter().map(|champ| {
        let sans = reponses
            .iter()
            .filter(|r| r.valeurs(champ.nom).is_empty() && champ.demande("", r));
        (champ, false, sans.count())
    });
    let posees = du_projet.chain(des_essms.filter(|(_, _, combien)| *combien > 0));
    let ouverte = |(champ, projet, combien): (&'static Champ, bool, usize)| Ouverte {
        champ,
        projet,
        combien,
        montree: projet || champ.demande("", &esquisse.communs),
        options: options(champ, contexte),
    };
    posees.map(ouverte).collect()
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

/// The same text, its first letter small: « à apprécier par l’ARS ».
fn minuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    let premiere = lettres.next().into_iter().flat_map(char::to_lowercase);
    premiere.chain(lettres).collect()
}

fn effet(reponse: &str, avant: &Issue, apres: &Issue) -> String {
    let dire = |quoi: &str, resultat: Resultat| format!("{quoi} «\u{a0}{}\u{a0}»", minuscule(resultat.libelle()));
    let mut dits = Vec::new();
    for (quoi, resultat, ancien) in [
        ("éligibilité", apres.eligibilite, avant.eligibilite),
        ("recevabilité", apres.recevabilite, avant.recevabilite),
    ] {
        if resultat != ancien {
            dits.push(dire(quoi, resultat));
        }
    }
    if (apres.certain, apres.maximum) != (avant.certain, avant.maximum) {
        dits.push(if apres.certain == apres.maximum {
            format!("financement de {}", apres.certain)
        } else {
            format!("financement de {} à {}", apres.certain, apres.maximum)
        });
    }
    if dits.is_empty() {
        let changees = apres
            .regles
            .iter()
            .zip(&avant.regles)
            .filter(|(apres, avant)| apres != avant);
        let changees: Vec<&(String, Resultat)> = changees.map(|(apres, _)| apres).collect();
        dits.extend(
            changees
                .iter()
                .take(REGLES_CITEES)
                .map(|(code, resultat)| dire(&format!("règle {code}"), *resultat)),
        );
        if changees.len() > REGLES_CITEES {
            dits.push(format!("{} autres règles", changees.len() - REGLES_CITEES));
        }
    }
    if dits.is_empty() {
        format!("{reponse}\u{a0}: rien ne change")
    } else {
        format!("{reponse}\u{a0}: {}", dits.join(", "))
    }
}
