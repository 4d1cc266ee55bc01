//! Éligibilité of each ESSMS: ELI-E01 to ELI-E08.

use std::borrow::Cow;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Eligibilite, EntiteNationale, Etat, Secteur};
use crate::domain::texte::memes_noms;
use crate::rules::constat::Resultat;
use crate::rules::faits::{CategorieLue, Essms, Faits};
use crate::rules::regle::CodeRegle;

/// What a rule says of one ESSMS.
pub(in crate::rules) type Avis = (Resultat, Cow<'static, str>);

fn avis(resultat: Resultat, message: &'static str) -> Avis {
    (resultat, Cow::Borrowed(message))
}

/// The verdict of a rule on one ESSMS; `None` for a rule that is not about each ESSMS.
pub(in crate::rules) fn juger(code: CodeRegle, faits: &Faits, essms: &Essms) -> Option<Avis> {
    match code {
        CodeRegle::EliE01 => Some(eli_e01(faits, essms)),
        CodeRegle::EliE02 => Some(eli_e02(essms)),
        CodeRegle::EliE03 => Some(eli_e03(essms)),
        CodeRegle::EliE04 => Some(eli_e04(faits, essms)),
        CodeRegle::EliE05 => Some(eli_e05(essms)),
        CodeRegle::EliE06 => Some(eli_e06(essms)),
        CodeRegle::EliE07 => Some(eli_e07(essms)),
        CodeRegle::EliE08 => Some(eli_e08(essms)),
        _ => None,
    }
}

/// ELI-E01 — « Le financement est conditionné à l'existence d'un numéro FINESS géographique à jour et
/// éligible » (FAQ-2024, « Éligibilité ESSMS »). The registry's silence is never an error.
fn eli_e01(faits: &Faits, essms: &Essms) -> Avis {
    match essms.etat {
        Etat::Ouvert => avis(Resultat::Satisfait, "Ouvert au répertoire FINESS."),
        Etat::Ferme => avis(Resultat::NonSatisfait, "Fermé au répertoire FINESS."),
        Etat::Inconnu if est_un_organisme(faits, essms.finess) => avis(
            Resultat::Inconnu,
            "Ce numéro est celui d’une entité juridique (EJ) : indiquez le numéro géographique (ET) de l’ESSMS.",
        ),
        Etat::Inconnu => avis(
            Resultat::Inconnu,
            "Absent du répertoire FINESS consulté : son ouverture reste à confirmer.",
        ),
    }
}

/// The number is that of an OG of the grappe: an EJ typed in the place of an ET.
fn est_un_organisme(faits: &Faits, finess: Finess) -> bool {
    faits.porteur.organisme == Some(finess) || faits.organismes.iter().any(|og| og.finess == finess)
}

/// ELI-E02 — « ESSMS relevant de l'article L 312-1 du CASF » (MÉMO), read from the category code; ESSMS
/// financed by a conseil départemental alone are among them (IDF-2024).
fn eli_e02(essms: &Essms) -> Avis {
    match &essms.categorie {
        CategorieLue::Inconnue => avis(Resultat::Inconnu, "Catégorie FINESS à renseigner."),
        CategorieLue::HorsTable(code) => (
            Resultat::NonSatisfait,
            format!("La catégorie {code} n’est pas une catégorie sociale ou médico-sociale.").into(),
        ),
        CategorieLue::Connue(categorie) => match categorie.eligibilite {
            Eligibilite::Oui => avis(Resultat::Satisfait, "Sa catégorie relève de l’article L.312-1 du CASF."),
            Eligibilite::AVerifier => (
                Resultat::AppreciationArs,
                format!(
                    "Catégorie {} ({}) : l’ARS vérifie si elle relève de l’article L.312-1 du CASF.",
                    categorie.code, categorie.sigle
                )
                .into(),
            ),
            Eligibilite::Non => (
                Resultat::NonSatisfait,
                format!(
                    "La catégorie {} ({}) ne relève pas de l’article L.312-1 du CASF.",
                    categorie.code, categorie.sigle
                )
                .into(),
            ),
        },
    }
}

/// ELI-E03 — an ESSMS must not have « perçu de financements dans le cadre du programme ESMS numérique
/// pour l'acquisition ou la mise en conformité d'une solution de DUI » (MÉMO).
fn eli_e03(essms: &Essms) -> Avis {
    match essms.deja_finance {
        Some(false) => avis(Resultat::Satisfait, "Aucun financement ESMS numérique antérieur."),
        Some(true) => avis(
            Resultat::NonSatisfait,
            "A déjà été financé par ESMS numérique pour un DUI.",
        ),
        None => avis(
            Resultat::Inconnu,
            "Indiquez s’il a déjà été financé par ESMS numérique pour un DUI.",
        ),
    }
}

/// ELI-E04 — nor « bénéficié de la Prestation Ségur au titre du SONS pour un autre logiciel que celui
/// au titre duquel il prétend aux financements » (MÉMO, note 3; FAQ-2024, « Financements »). The note only speaks of bringing
/// that software into conformity: of acquiring it, nothing is said, and the edition says how that is read.
fn eli_e04(faits: &Faits, essms: &Essms) -> Avis {
    let nom_connu = |nom: &'_ &str| !nom.trim().is_empty();
    let vise = faits.solution.as_ref().map(|s| s.nom.as_str()).filter(nom_connu);
    let finance = essms.sons_logiciel.as_deref().filter(nom_connu);
    match (essms.sons, finance, vise) {
        (Some(false), _, _) => avis(Resultat::Satisfait, "N’a pas bénéficié de la Prestation Ségur (SONS)."),
        (Some(true), Some(finance), Some(vise)) if memes_noms(finance, vise) => avis(
            Resultat::Satisfait,
            "A bénéficié de la Prestation Ségur (SONS) pour ce même logiciel : le financement à l’usage reste possible.",
        ),
        (Some(true), Some(finance), Some(vise)) => (
            Resultat::NonSatisfait,
            format!("A bénéficié de la Prestation Ségur (SONS) pour « {finance} », et le projet vise « {vise} ».")
                .into(),
        ),
        (Some(true), None, _) => avis(
            Resultat::Inconnu,
            "A bénéficié de la Prestation Ségur (SONS) : indiquez pour quel logiciel.",
        ),
        (Some(true), Some(_), None) => avis(
            Resultat::Inconnu,
            "A bénéficié de la Prestation Ségur (SONS) : choisissez d’abord la solution du projet.",
        ),
        (None, _, _) => avis(
            Resultat::Inconnu,
            "Indiquez s’il a bénéficié de la Prestation Ségur (SONS).",
        ),
    }
}

/// ELI-E05 — in no other live dossier; one OG may answer twice « sur des périmètres distincts »
/// (FAQ-2024, « Éligibilité ESSMS »). Who else engaged it is never said.
fn eli_e05(essms: &Essms) -> Avis {
    match essms.engage_ailleurs {
        Some(false) => avis(Resultat::Satisfait, "N’est engagé dans aucun autre dossier en cours."),
        Some(true) => avis(
            Resultat::NonSatisfait,
            "Est déjà engagé dans un autre dossier en cours.",
        ),
        None => avis(
            Resultat::Inconnu,
            "Indiquez s’il est engagé dans un autre dossier en cours.",
        ),
    }
}

/// ELI-E06 — « Accord de l'entité nationale dans le cas où l'ESSMS […] appartient à une entité nationale
/// qui n'est pas le porteur de projet » (IDF-2024).
fn eli_e06(essms: &Essms) -> Avis {
    match essms.entite_nationale {
        Some(EntiteNationale::Aucune) => avis(Resultat::Satisfait, "N’appartient à aucune entité nationale."),
        Some(EntiteNationale::Porteur) => avis(Resultat::Satisfait, "Son entité nationale est le porteur du projet."),
        Some(EntiteNationale::Accord) => avis(Resultat::Satisfait, "Son entité nationale a donné son accord écrit."),
        Some(EntiteNationale::SansAccord) => {
            avis(Resultat::NonSatisfait, "Son entité nationale n’a pas donné son accord.")
        }
        None => avis(
            Resultat::Inconnu,
            "Indiquez s’il appartient à une entité nationale et si elle donne son accord.",
        ),
    }
}

/// ELI-E07 — ESSMS attached to a hospital or GHT: a national survey is under way (FAQ-2024,
/// « Éligibilité ESSMS »), so the authority decides.
fn eli_e07(essms: &Essms) -> Avis {
    match essms.rattache_ght {
        Some(false) => avis(Resultat::Satisfait, "N’est rattaché ni à un hôpital ni à un GHT."),
        Some(true) => avis(
            Resultat::AppreciationArs,
            "Rattaché à un hôpital ou à un GHT : l’ARS apprécie son éligibilité.",
        ),
        None => avis(
            Resultat::Inconnu,
            "Indiquez s’il est rattaché à un hôpital ou à un GHT.",
        ),
    }
}

/// ELI-E08 — services d'aide à la personne dits de « confort »: « les financements ne seront alloués que
/// pour la première partie de leur activité » (IDF-2024). Asked of home services, and of unknown categories.
fn eli_e08(essms: &Essms) -> Avis {
    match (essms.activites_confort, essms.part_heures_eligibles) {
        (Some(false), _) => avis(Resultat::SansObjet, "Aucune activité de « confort »."),
        (Some(true), Some(0)) => avis(Resultat::NonSatisfait, "Aucune heure de son activité n’est éligible."),
        (Some(true), Some(_)) => avis(Resultat::Satisfait, "La part de ses heures éligibles est indiquée."),
        (Some(true), None) => avis(
            Resultat::Inconnu,
            "Indiquez la part de ses heures éligibles (0 à 100 %).",
        ),
        (None, _) if confort_possible(essms) => avis(
            Resultat::Inconnu,
            "Indiquez s’il propose aussi des services de « confort ».",
        ),
        (None, _) => avis(
            Resultat::SansObjet,
            "Sa catégorie ne propose pas de services de « confort ».",
        ),
    }
}

fn confort_possible(essms: &Essms) -> bool {
    essms.categorie == CategorieLue::Inconnue || essms.categorie.secteur() == Some(Secteur::Dom)
}
