//! One constat for a rule over every ESSMS: its outcome is the worst of theirs.

use crate::domain::finess::Finess;
use crate::rules::constat::{ConstatEssms, Portee, Resultat};
use crate::rules::contexte::Verdict;
use crate::rules::eligibilite_essms::Avis;
use crate::rules::faits::Essms;
use crate::rules::francais::numeros;
use crate::rules::regle::CodeRegle;

/// What a rule says of all of them, by outcome.
struct Phrases {
    satisfait: &'static str,
    non_satisfait: &'static str,
    inconnu: &'static str,
    appreciation: &'static str,
    sans_objet: &'static str,
    /// Another way than taking the ESSMS out.
    autre_issue: Option<&'static str>,
}

/// The phrases most rules need; the others say what they change.
fn usuelles(satisfait: &'static str, non_satisfait: &'static str, inconnu: &'static str) -> Phrases {
    Phrases {
        satisfait,
        non_satisfait,
        inconnu,
        appreciation: "À apprécier par l’ARS",
        sans_objet: "Aucun ESSMS n’est concerné.",
        autre_issue: None,
    }
}

fn phrases(code: CodeRegle) -> Phrases {
    match code {
        CodeRegle::EliE01 => usuelles(
            "Tous les ESSMS sont connus du répertoire FINESS et ouverts.",
            "Fermés au répertoire FINESS",
            "Ouverture à confirmer au répertoire FINESS",
        ),
        CodeRegle::EliE02 => Phrases {
            appreciation: "Catégorie à vérifier par l’ARS",
            ..usuelles(
                "Tous les ESSMS relèvent de l’article L.312-1 du CASF.",
                "Ne relèvent pas de l’article L.312-1 du CASF",
                "Catégorie FINESS à renseigner",
            )
        },
        CodeRegle::EliE03 => usuelles(
            "Aucun ESSMS n’a déjà été financé par ESMS numérique pour un DUI.",
            "Déjà financés par ESMS numérique pour un DUI",
            "Financement antérieur à préciser",
        ),
        CodeRegle::EliE04 => usuelles(
            "Aucun ESSMS n’a bénéficié de la Prestation Ségur (SONS) pour un autre logiciel que celui du projet.",
            "Prestation Ségur (SONS) reçue pour un autre logiciel que celui du projet",
            "Prestation Ségur (SONS) ou logiciel à préciser",
        ),
        CodeRegle::EliE05 => usuelles(
            "Aucun ESSMS n’est engagé dans un autre dossier en cours.",
            "Déjà engagés dans un autre dossier en cours",
            "Engagement dans un autre dossier à préciser",
        ),
        CodeRegle::EliE06 => Phrases {
            autre_issue: Some("obtenir l’accord écrit et daté de leur entité nationale"),
            ..usuelles(
                "Aucun ESSMS n’attend l’accord d’une entité nationale.",
                "Sans l’accord de leur entité nationale",
                "Appartenance à une entité nationale à préciser",
            )
        },
        CodeRegle::EliE07 => Phrases {
            appreciation: "Rattachés à un hôpital ou à un GHT, à apprécier par l’ARS",
            ..usuelles(
                "Aucun ESSMS n’est rattaché à un hôpital ou à un GHT.",
                "Rattachés à un hôpital ou à un GHT",
                "Rattachement à un hôpital ou à un GHT à préciser",
            )
        },
        _ => Phrases {
            sans_objet: "Aucun ESSMS ne propose de services de « confort ».",
            ..usuelles(
                "La part des heures éligibles est indiquée pour chaque ESSMS concerné.",
                "Aucune heure éligible",
                "Services de « confort » ou part des heures éligibles à préciser",
            )
        },
    }
}

/// One constat for a rule over every ESSMS: its outcome is the worst of theirs.
pub(in crate::rules) fn constater(code: CodeRegle, essms: &[Essms], avis: &[Avis]) -> Verdict {
    let phrases = phrases(code);
    let ceux = |voulu: Resultat| -> Vec<Finess> {
        essms
            .iter()
            .zip(avis)
            .filter(|(_, (resultat, _))| *resultat == voulu)
            .map(|(essms, _)| essms.finess)
            .collect()
    };
    let exclus = ceux(Resultat::NonSatisfait);
    let inconnus = ceux(Resultat::Inconnu);
    let apprecies = ceux(Resultat::AppreciationArs);
    let cas = [
        (Resultat::NonSatisfait, phrases.non_satisfait, &exclus),
        (Resultat::Inconnu, phrases.inconnu, &inconnus),
        (Resultat::AppreciationArs, phrases.appreciation, &apprecies),
    ];
    let mut phrases_utiles: Vec<String> = Vec::new();
    for (_, phrase, concernes) in cas.iter().filter(|(_, _, concernes)| !concernes.is_empty()) {
        phrases_utiles.push(format!(
            "{phrase} : {} ESSMS sur {} ({}).",
            concernes.len(),
            essms.len(),
            numeros(concernes)
        ));
    }
    let pire = cas.iter().find(|(_, _, concernes)| !concernes.is_empty());
    let mut verdict = match pire {
        Some((resultat, _, _)) => Verdict::nouveau(*resultat, phrases_utiles.join(" ")),
        None if avis.iter().any(|(resultat, _)| *resultat == Resultat::Satisfait) => {
            Verdict::satisfait(phrases.satisfait)
        }
        None => Verdict::sans_objet(phrases.sans_objet),
    };
    verdict.essms = cites(essms, avis);
    verdict.portee = match verdict.essms.len() {
        nombre if nombre == 0 || nombre == essms.len() => Portee::TousEssms,
        _ => Portee::CertainsEssms,
    };
    if !exclus.is_empty() {
        verdict = verdict.reparer(issue(&phrases, &exclus), exclus.clone());
    }
    verdict
        .valeur("total", essms.len())
        .valeur("non_satisfaits", exclus.len())
        .valeur("inconnus", inconnus.len())
        .valeur("a_apprecier", apprecies.len())
}

fn cites(essms: &[Essms], avis: &[Avis]) -> Vec<ConstatEssms> {
    essms
        .iter()
        .zip(avis)
        .filter(|(_, (resultat, _))| !matches!(resultat, Resultat::Satisfait | Resultat::SansObjet))
        .map(|(essms, (resultat, message))| ConstatEssms {
            finess: essms.finess,
            resultat: *resultat,
            message: message.clone().into_owned(),
        })
        .collect()
}

fn issue(phrases: &Phrases, exclus: &[Finess]) -> String {
    let retirer = format!("Retirer de la grappe : {}", numeros(exclus));
    match phrases.autre_issue {
        Some(autre) => format!("{retirer}, ou {autre}."),
        None => format!("{retirer}."),
    }
}
