//! Priorisation: PRI-01 to PRI-09. They inform the authority; none blocks.

use crate::domain::nomenclature::{Autodiagnostic, Liste};
use crate::rules::constat::{ConstatEssms, Resultat};
use crate::rules::contexte::{Contexte, Verdict, citer};
use crate::rules::faits::{DossierFaits, Essms};
use crate::rules::francais::s;

/// A criterion the dossier fulfils or not, by what it contains.
pub(in crate::rules) fn declare(
    ctx: &Contexte,
    fait: impl Fn(&DossierFaits) -> Option<bool>,
    quoi: &str,
    faire: &'static str,
) -> Verdict {
    match ctx.faits.dossier.as_ref().and_then(fait) {
        Some(true) => Verdict::satisfait(format!("{quoi} : fourni dans le dossier.")),
        Some(false) => Verdict::non_satisfait(format!("{quoi} : absent du dossier.")).reparer(faire, Vec::new()),
        None => Verdict::inconnu(format!("{quoi} : se renseigne dans le dossier.")),
    }
}

/// PRI-01 — « Motivations du projet » (MÉMO); in 2021, « Préciser les objectifs du projet et l'organisation
/// mise en place ».
pub(in crate::rules) fn pri_01(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.motivations,
        "Objectifs et organisation du projet",
        "Décrire les objectifs du projet et l’organisation mise en place.",
    )
}

/// PRI-02 — « Présentation d'un autodiagnostic » (MÉMO): the questionnaire « SI OG » when the OG has a DSI or
/// a référent informatique, else « SI ESMS »; « le niveau de maturité […] n'est pas un élément déterminant »
/// (FAQ-2024, « Prérequis »).
pub(in crate::rules) fn pri_02(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let cites: Vec<ConstatEssms> = ctx
        .retenus
        .iter()
        .filter_map(|essms| match essms.autodiagnostic {
            Some(Autodiagnostic::SiEsms | Autodiagnostic::SiOg) => None,
            Some(Autodiagnostic::Aucun) => Some(citer(essms, Resultat::NonSatisfait, "Aucun autodiagnostic présenté.")),
            None => Some(citer(essms, Resultat::Inconnu, "Indiquez l’autodiagnostic présenté.")),
        })
        .collect();
    let total = ctx.retenus.len();
    let presentes = total - cites.len();
    let absents = cites.iter().filter(|c| c.resultat == Resultat::NonSatisfait).count();
    let compte = format!("{presentes} ESSMS sur {total} présentent un autodiagnostic ANAP.");
    let verdict = if absents > 0 {
        let numeros = cites.iter().map(|c| c.finess).collect();
        Verdict::non_satisfait(compte).reparer(
            format!("Présenter un autodiagnostic pour {} ESSMS.", total - presentes),
            numeros,
        )
    } else if cites.is_empty() {
        Verdict::satisfait(format!("{compte}{}", rappel_questionnaire(ctx)))
    } else {
        Verdict::inconnu(compte)
    };
    verdict
        .essms(cites)
        .valeur("presentes", presentes)
        .valeur("total", total)
}

/// Says when the other questionnaire was the one to use; the score, and this, never decide.
fn rappel_questionnaire(ctx: &Contexte) -> String {
    let Some(referent) = ctx.faits.dossier.as_ref().and_then(|d| d.referent_informatique) else {
        return String::new();
    };
    let (attendu, raison) = if referent {
        (Autodiagnostic::SiOg, "l’organisme dispose d’un référent informatique")
    } else {
        (Autodiagnostic::SiEsms, "l’organisme n’a pas de référent informatique")
    };
    let autres = ctx.retenus.iter().filter(|e| e.autodiagnostic != Some(attendu)).count();
    if autres == 0 {
        String::new()
    } else {
        format!(
            " Pour {autres} ESSMS, le questionnaire attendu était « {} », puisque {raison}.",
            attendu.libelle()
        )
    }
}

/// PRI-03 — « Dossier déjà déposé en 2021 » (MÉMO), by its reference.
pub(in crate::rules) fn pri_03(ctx: &Contexte) -> Verdict {
    match ctx.faits.dossier.as_ref().and_then(|d| d.depot_2021.as_ref()) {
        Some(Some(reference)) => {
            Verdict::satisfait(format!("Déjà déposé en 2021 : {reference}.")).valeur("reference", reference.as_str())
        }
        Some(None) => Verdict::non_satisfait("Le projet n’a pas été déposé en 2021."),
        None => Verdict::inconnu("Indiquez si le projet a déjà été déposé en 2021."),
    }
}

/// PRI-04 — « Plan de financement détaillé » (MÉMO), by poste.
pub(in crate::rules) fn pri_04(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.plan_detaille,
        "Plan de financement détaillé par poste",
        "Détailler le plan de financement par poste.",
    )
}

/// PRI-05 — « Présentation du périmètre fonctionnel actuel et attendu » (MÉMO), by the blocks of ANAP's map.
pub(in crate::rules) fn pri_05(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.perimetre_fonctionnel,
        "Périmètre fonctionnel actuel et attendu",
        "Indiquer les blocs fonctionnels actuels et attendus.",
    )
}

/// The ESSMS is isolated: its OG manages it alone, or joined through the accompagnement.
fn isole(ctx: &Contexte, essms: &Essms) -> Option<bool> {
    let og = essms.organisme?;
    let og = ctx.faits.organismes.iter().find(|connu| connu.finess == og)?;
    match (og.un_seul(), og.par_accompagnement) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// PRI-06 ◊ — « Intégration d'ESSMS isolés dans la grappe » (MÉMO).
pub(in crate::rules) fn pri_06(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let compte = |voulu| ctx.retenus.iter().filter(|e| isole(ctx, e) == voulu).count();
    let (isoles, inconnus) = (compte(Some(true)), compte(None));
    let verdict = match (isoles, inconnus) {
        (0, 0) => Verdict::non_satisfait("La grappe ne compte aucun ESSMS isolé.").reparer(
            "Intégrer un ESSMS isolé : seul dans son organisme, ou orienté par l’accompagnement.",
            Vec::new(),
        ),
        (0, _) => Verdict::inconnu(format!(
            "Isolement à préciser pour {inconnus} ESSMS : taille de leur organisme, ou orientation par l’accompagnement."
        )),
        (_, _) => Verdict::satisfait(format!("La grappe intègre {isoles} ESSMS isolé{}.", s(isoles))),
    };
    verdict.valeur("isoles", isoles).valeur("inconnus", inconnus)
}

/// PRI-07 ◊ — « Présentation de l'équipe projet » (MÉMO): roles, people, ETP, comitologie (IDF-2021, « Equipe
/// projet »).
pub(in crate::rules) fn pri_07(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.equipe_presentee,
        "Équipe projet (rôles, nombre de personnes, ETP, comitologie)",
        "Présenter l’équipe projet : rôles, nombre de personnes, ETP et comitologie.",
    )
}

/// PRI-08 ◊ — « Complétude du ROR » (MÉMO): share of the ESSMS declared complete.
pub(in crate::rules) fn pri_08(ctx: &Contexte) -> Verdict {
    let total = ctx.retenus.len();
    if total == 0 {
        return Verdict::sans_essms();
    }
    let compte = |voulu| ctx.retenus.iter().filter(|e| e.ror_complet == voulu).count();
    let (complets, inconnus) = (compte(Some(true)), compte(None));
    let phrase = format!(
        "{complets} ESSMS sur {total} sont déclarés complets dans le ROR ({} %).",
        complets * 100 / total
    );
    let incomplets: Vec<ConstatEssms> = ctx
        .retenus
        .iter()
        .filter(|e| e.ror_complet == Some(false))
        .map(|e| citer(e, Resultat::NonSatisfait, "Description incomplète dans le ROR."))
        .collect();
    let verdict = if !incomplets.is_empty() {
        let numeros = incomplets.iter().map(|c| c.finess).collect();
        Verdict::non_satisfait(phrase).reparer(format!("Compléter le ROR pour {} ESSMS.", incomplets.len()), numeros)
    } else if inconnus > 0 {
        Verdict::inconnu(format!("{phrase} À préciser pour {inconnus}."))
    } else {
        Verdict::satisfait(phrase)
    };
    verdict
        .essms(incomplets)
        .valeur("complets", complets)
        .valeur("inconnus", inconnus)
        .valeur("total", total)
}

/// PRI-09 ◊ — « Demande d'informations en amont de la candidature » (MÉMO): an exchange with the ARS, SESAN or
/// the Collectif SI.
pub(in crate::rules) fn pri_09(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.echange_amont,
        "Échange avec l’ARS, SESAN ou le Collectif SI avant le dépôt",
        "Prendre contact avec l’ARS ou l’accompagnement avant de déposer.",
    )
}
