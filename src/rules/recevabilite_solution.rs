//! Recevabilité, how the DUI is referenced: REC-02, REC-02E, REC-03.

use crate::domain::nomenclature::{CATEGORIE_EHPAD, Liste, Referentiel, Secteur};
use crate::rules::constat::Resultat;
use crate::rules::contexte::{Contexte, Verdict, au_moins_un, citer};
use crate::rules::faits::{CategorieLue, Essms};
use crate::rules::francais::{enumerer, numeros};

fn est_segur(ctx: &Contexte) -> Option<bool> {
    ctx.faits.solution.as_ref().and_then(|solution| solution.segur)
}

fn est_sad(ctx: &Contexte) -> Option<bool> {
    ctx.faits.solution.as_ref().and_then(|solution| solution.sad)
}

/// REC-02 — « Choix d'une solution DUI référencée Ségur ou conforme au cahier des charges national selon le
/// type de projet » (MÉMO); lifted for projects of « ESSMS qui relèvent d'un GHT » and « des champs AHI ou
/// PJM », whose porteur answers for the usage targets (IDF-2024).
pub(in crate::rules) fn rec_02(ctx: &Contexte) -> Verdict {
    let verdict = if est_segur(ctx) == Some(true) {
        Verdict::satisfait("La solution visée est référencée Ségur.")
    } else if ctx.retenus.is_empty() {
        Verdict::sans_essms()
    } else {
        match projet_soumis(ctx) {
            Some(true) => avec_obligation(ctx),
            Some(false) => sans_obligation(ctx),
            None => {
                let (avec, sans) = (avec_obligation(ctx), sans_obligation(ctx));
                if avec.resultat == sans.resultat {
                    avec
                } else {
                    Verdict::inconnu(
                        "Indiquez la catégorie de chaque ESSMS et son rattachement à un GHT : l’obligation d’une \
                         solution référencée en dépend.",
                    )
                }
            }
        }
    };
    verdict
        .valeur("segur", est_segur(ctx))
        .valeur("sad", est_sad(ctx))
        .valeur("obligation", projet_soumis(ctx))
}

/// Some ESSMS not excluded must use a referenced solution.
fn projet_soumis(ctx: &Contexte) -> Option<bool> {
    let Some(dispense) = &ctx.edition.dispense else {
        return Some(true);
    };
    au_moins_un(ctx.retenus.iter().map(|essms| {
        let par_ght = if dispense.ght { essms.rattache_ght } else { Some(false) };
        let par_secteur = match &essms.categorie {
            CategorieLue::Inconnue => None,
            lue => Some(lue.secteur().is_some_and(|s| dispense.secteurs.contains(&s))),
        };
        au_moins_un([par_ght, par_secteur].into_iter()).map(|dispensee| !dispensee)
    }))
}

/// A mise en conformité, or the conformité part of a mixte, needs Ségur; an acquisition, Ségur or SAD.
fn avec_obligation(ctx: &Contexte) -> Verdict {
    let segur = est_segur(ctx);
    let segur_ou_sad = au_moins_un([segur, est_sad(ctx)].into_iter());
    let suffit = match ctx.comporte_conformite() {
        Some(true) => segur,
        Some(false) => segur_ou_sad,
        None if segur == segur_ou_sad => segur,
        None => None,
    };
    let attendu = match ctx.comporte_conformite() {
        Some(false) => "une solution référencée Ségur ou au SAD",
        Some(true) => "une solution référencée Ségur, du fait de la mise en conformité",
        None => "une solution référencée Ségur (ou au SAD si tous les ESSMS sont en acquisition)",
    };
    match suffit {
        Some(true) => {
            Verdict::satisfait("La solution visée est référencée au SAD, ce qui suffit pour une acquisition.")
        }
        Some(false) => Verdict::non_satisfait(format!(
            "La solution visée n’est pas référencée : le projet demande {attendu}."
        ))
        .reparer(format!("Choisir {attendu}."), Vec::new()),
        None => Verdict::inconnu(format!(
            "Le projet demande {attendu} : précisez la solution visée, son référencement et le type de projet."
        )),
    }
}

fn sans_obligation(ctx: &Contexte) -> Verdict {
    const DISPENSE: &str = "Aucun ESSMS du projet n’est tenu à une solution référencée (AHI, PJM ou GHT)";
    match ctx.faits.cibles_atteignables_declarees {
        Some(true) => Verdict::satisfait(format!(
            "{DISPENSE}, et le porteur déclare que les cibles d’usage peuvent être atteintes."
        )),
        Some(false) => Verdict::non_satisfait(format!(
            "{DISPENSE}, mais le porteur déclare que les cibles d’usage ne peuvent pas être atteintes."
        ))
        .reparer(
            "Choisir une solution qui permet d’atteindre les cibles d’usage, et le déclarer.",
            Vec::new(),
        ),
        None => Verdict::inconnu(format!(
            "{DISPENSE} : déclarez si la solution permet d’atteindre les cibles d’usage."
        )),
    }
}

/// REC-02E — « Dans le cas du choix d'un logiciel […] référencé sur un autre couloir que celui de la grappe
/// […] Oui il faut mener une étude d'écart » (FAQ-2024).
pub(in crate::rules) fn rec_02e(ctx: &Contexte) -> Verdict {
    let couloirs = ctx.faits.solution.as_ref().and_then(|s| s.couloirs.as_deref());
    let hors_couloir = |essms: &Essms| match (&essms.categorie, couloirs) {
        (CategorieLue::Inconnue, _) | (_, None) => None,
        (lue, Some(couloirs)) => Some(lue.secteur().is_some_and(|s| !couloirs.contains(&s))),
    };
    let ecart = match est_segur(ctx) {
        Some(false) => Some(false),
        connu => {
            let un = au_moins_un(ctx.retenus.iter().map(|essms| hors_couloir(essms)));
            if connu.is_none() && un == Some(true) { None } else { un }
        }
    };
    let jointe = ctx.faits.etude_ecart_jointe;
    let cites: Vec<_> = ctx
        .retenus
        .iter()
        .filter(|e| ecart == Some(true) && jointe != Some(true) && hors_couloir(e) == Some(true))
        .map(|essms| {
            let secteur = essms.categorie.secteur().map_or("", Secteur::libelle);
            let resultat = if jointe.is_none() {
                Resultat::Inconnu
            } else {
                Resultat::NonSatisfait
            };
            citer(
                essms,
                resultat,
                format!("Secteur {secteur}, hors des couloirs de la solution."),
            )
        })
        .collect();
    let verdict = match (ecart, jointe) {
        _ if ctx.retenus.is_empty() => Verdict::sans_essms(),
        (Some(false), _) => Verdict::sans_objet(
            "Aucune étude d’écart n’est nécessaire : la solution n’est pas référencée sur un autre couloir que la grappe.",
        ),
        (_, Some(true)) => Verdict::satisfait("L’étude d’écart est jointe."),
        (Some(true), Some(false)) => {
            let numeros_cites: Vec<_> = cites.iter().map(|c| c.finess).collect();
            Verdict::non_satisfait(format!(
                "La solution est référencée Ségur sur un autre couloir que celui de : {}. Il faut une étude d’écart.",
                numeros(&numeros_cites)
            ))
            .reparer("Joindre une étude d’écart, de forme libre.", Vec::new())
        }
        (Some(true), None) => Verdict::inconnu(
            "La solution est référencée sur un autre couloir que celui de certains ESSMS : joignez l’étude d’écart.",
        ),
        (None, _) => Verdict::inconnu(
            "Précisez les couloirs de la solution et la catégorie des ESSMS : une étude d’écart peut être nécessaire.",
        ),
    };
    let libelles: Option<Vec<&str>> = couloirs.map(|c| c.iter().map(|s| s.code()).collect());
    verdict.essms(cites).valeur("couloirs", libelles)
}

/// REC-03 — « La solution DUI intègre un référentiel (Sérafin-PH et/ou AGGIR Pathos selon les cas) » (MÉMO):
/// SERAFIN-PH when an ESSMS of the PH sector is there, AGGIR-PATHOS when an EHPAD is.
pub(in crate::rules) fn rec_03(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let present = |essai: fn(&CategorieLue) -> bool| {
        au_moins_un(ctx.retenus.iter().map(|essms| match &essms.categorie {
            CategorieLue::Inconnue => None,
            lue => Some(essai(lue)),
        }))
    };
    let ph = present(|lue| lue.secteur() == Some(Secteur::Ph));
    let ehpad = present(|lue| matches!(lue, CategorieLue::Connue(c) if c.code == CATEGORIE_EHPAD));
    let integres = ctx.faits.solution.as_ref().and_then(|s| s.referentiels.as_deref());
    let besoins = [(Referentiel::SerafinPh, ph), (Referentiel::AggirPathos, ehpad)];
    let (mut manquants, mut questions) = (Vec::new(), false);
    for (referentiel, present) in besoins {
        let integre = integres.map(|integres| integres.contains(&referentiel));
        match (present, integre) {
            (Some(false), _) | (_, Some(true)) => {}
            (Some(true), Some(false)) => manquants.push(referentiel.libelle()),
            (Some(true) | None, _) => questions = true,
        }
    }
    let verdict = if !manquants.is_empty() {
        let liste = enumerer(&manquants);
        Verdict::non_satisfait(format!(
            "La solution n’intègre pas {liste}, que les ESSMS présents rendent nécessaire."
        ))
        .reparer(format!("Choisir une solution qui intègre {liste}."), Vec::new())
    } else if questions {
        Verdict::inconnu("Précisez les référentiels intégrés par la solution et la catégorie de chaque ESSMS.")
    } else if ph == Some(false) && ehpad == Some(false) {
        Verdict::sans_objet("Ni ESSMS du secteur PH ni EHPAD dans la grappe : aucun référentiel n’est demandé.")
    } else {
        Verdict::satisfait("La solution intègre les référentiels que les ESSMS présents rendent nécessaires.")
    };
    verdict.valeur("secteur_ph", ph).valeur("ehpad", ehpad)
}
