//! What the texts say: editions, facts, rules, constats. Pure: no clock, no database, no float.
//!
//! [`evaluer`] is the whole engine: an [`Edition`] and [`Faits`] in, an [`Evaluation`] out. The rules on each
//! ESSMS speak first and say which ESSMS stay in the count; then the money, which REC-04 compares with the
//! plan; then the rules on the grappe, whose aggregate is REC-01; then all others. The site, the API, the
//! simulator and the command line all call it.

mod achat;
mod changements;
pub mod completude;
pub mod constat;
mod constat_essms;
mod contexte;
mod criteres_2021;
pub mod edition;
mod eligibilite_essms;
mod eligibilite_grappe;
mod eligibilite_region;
mod eligibilite_solution;
pub mod evaluation;
pub mod exposition;
pub mod faits;
pub mod faq;
mod financement;
mod francais;
mod interoperabilite;
mod priorisation;
mod recevabilite;
mod recevabilite_solution;
pub mod recevable;
pub mod regle;
mod regroupement;
pub mod reparation;
mod repartition;
pub mod usages;

pub use changements::{CODE_FINANCEMENT, Changement, Intervalle, changements};
pub use usages::evaluer_usages;

use constat::{Constat, Gravite, Portee, Resultat};
use contexte::{Contexte, Verdict};
use edition::{Critere, Edition, Nature};
use eligibilite_essms::Avis;
use evaluation::{Evaluation, StatutDe, StatutEssms};
use faits::Faits;
use regle::CodeRegle;

use crate::domain::nomenclature::Liste;

/// Judges a project by an edition. Same arguments, same answer: nothing else is looked at.
pub fn evaluer(edition: &Edition, faits: &Faits) -> Evaluation {
    let avis = avis_par_critere(edition, faits);
    let statuts = statuts(edition, faits, &avis);
    let mut ctx = Contexte::nouveau(edition, faits, statuts);
    ctx.financement = financement::financement(&ctx);
    let mut constats: Vec<Option<Constat>> = vec![None; edition.criteres.len()];
    for d_eligibilite in [true, false] {
        if !d_eligibilite {
            retenir_eligibilite(&mut ctx, constats.iter().flatten());
        }
        for ((critere, avis), place) in edition.criteres.iter().zip(&avis).zip(&mut constats) {
            if critere.code.eligibilite() == d_eligibilite {
                *place = Some(constater(edition, critere, juger(&ctx, critere.code, avis)));
            }
        }
    }
    let constats: Vec<Constat> = constats.into_iter().flatten().collect();
    let natures = edition.criteres.iter().map(|critere| critere.nature);
    let examines = constats
        .iter()
        .zip(natures)
        .filter(|(_, nature)| *nature != Nature::Priorisation);
    let recevabilite = agreger(&ctx, examines.map(|(constat, _)| constat));
    Evaluation {
        edition: edition.code.clone(),
        version_edition: edition.version,
        date: faits.date,
        eligibilite: ctx.eligibilite,
        recevabilite,
        type_projet: ctx.type_projet,
        decompte: ctx.decompte,
        statuts: statuts_par_numero(&ctx),
        achat: achat::achat(&ctx),
        constats,
        financement: ctx.financement,
    }
}

fn statuts_par_numero(ctx: &Contexte) -> Vec<StatutDe> {
    let paires = ctx.faits.essms.iter().zip(&ctx.statuts);
    paires
        .map(|(essms, statut)| StatutDe {
            finess: essms.finess,
            statut: *statut,
        })
        .collect()
}

/// For each criterion, what it says of each ESSMS; empty for those that are not about each.
fn avis_par_critere(edition: &Edition, faits: &Faits) -> Vec<Vec<Avis>> {
    let de = |critere: &Critere| {
        let essms = faits.essms.iter();
        essms
            .filter_map(|essms| eligibilite_essms::juger(critere.code, faits, essms))
            .collect()
    };
    edition.criteres.iter().map(de).collect()
}

/// An ESSMS is excluded by one blocking rule that does not hold, in question while one is open.
fn statuts(edition: &Edition, faits: &Faits, avis: &[Vec<Avis>]) -> Vec<StatutEssms> {
    let bloquants: Vec<&Vec<Avis>> = edition
        .criteres
        .iter()
        .zip(avis)
        .filter(|(critere, _)| critere.gravite == Gravite::Bloquant)
        .map(|(_, avis)| avis)
        .collect();
    (0..faits.essms.len())
        .map(|rang| {
            let siens = || {
                bloquants
                    .iter()
                    .filter_map(|avis| avis.get(rang))
                    .map(|(resultat, _)| *resultat)
            };
            if siens().any(|resultat| resultat == Resultat::NonSatisfait) {
                StatutEssms::Exclu
            } else if siens().any(|r| matches!(r, Resultat::Inconnu | Resultat::AppreciationArs)) {
                StatutEssms::EnQuestion
            } else {
                StatutEssms::Eligible
            }
        })
        .collect()
}

/// Keeps the aggregate of the rules of éligibilité, and where it comes from, for REC-01.
fn retenir_eligibilite<'c>(ctx: &mut Contexte, constats: impl Iterator<Item = &'c Constat> + Clone) {
    let resultat = agreger(ctx, constats.clone());
    let mut codes = Vec::new();
    let mut reparations = Vec::new();
    for constat in constats {
        if resultat != Resultat::Satisfait && agreger(ctx, std::iter::once(constat)) == resultat {
            codes.extend(CodeRegle::depuis(&constat.code).map(Liste::code));
            if resultat == Resultat::NonSatisfait {
                reparations.extend(constat.reparation.clone());
            }
        }
    }
    ctx.eligibilite = resultat;
    ctx.codes_eligibilite = codes;
    ctx.reparations_eligibilite = reparations;
}

/// The worst of what blocks. An excluded ESSMS leaves the count without condemning the project; what is
/// still open about an ESSMS that stays is open for the project.
fn agreger<'c>(ctx: &Contexte, constats: impl Iterator<Item = &'c Constat>) -> Resultat {
    let (mut inconnu, mut appreciation) = (false, false);
    for constat in constats.filter(|constat| constat.gravite == Gravite::Bloquant) {
        match (constat.resultat, constat.portee) {
            (Resultat::NonSatisfait, Portee::Projet) => return Resultat::NonSatisfait,
            (Resultat::NonSatisfait, Portee::CertainsEssms | Portee::TousEssms) => {
                for cite in &constat.essms {
                    let retenu = ctx.retenus.iter().any(|essms| essms.finess == cite.finess);
                    inconnu |= retenu && cite.resultat == Resultat::Inconnu;
                    appreciation |= retenu && cite.resultat == Resultat::AppreciationArs;
                }
            }
            (Resultat::Inconnu, _) => inconnu = true,
            (Resultat::AppreciationArs, _) => appreciation = true,
            (Resultat::Satisfait | Resultat::SansObjet, _) => {}
        }
    }
    match (inconnu, appreciation) {
        (true, _) => Resultat::Inconnu,
        (false, true) => Resultat::AppreciationArs,
        (false, false) => Resultat::Satisfait,
    }
}

/// The verdict of a rule, dressed with what the edition says of it.
fn constater(edition: &Edition, critere: &Critere, verdict: Verdict) -> Constat {
    Constat {
        code: critere.code.code().to_owned(),
        resultat: verdict.resultat,
        gravite: verdict.gravite.unwrap_or(critere.gravite),
        portee: verdict.portee,
        essms: verdict.essms,
        message: verdict.message.into_owned(),
        valeurs: verdict.valeurs,
        source: edition.source_critere(critere),
        autres_sources: critere.autres_sources.iter().map(|p| edition.source(p)).collect(),
        interpretation: critere.interpretation.clone(),
        reparation: verdict.reparation,
    }
}

/// The rule of each code.
fn juger(ctx: &Contexte, code: CodeRegle, avis: &[Avis]) -> Verdict {
    match code {
        CodeRegle::EliE01
        | CodeRegle::EliE02
        | CodeRegle::EliE03
        | CodeRegle::EliE04
        | CodeRegle::EliE05
        | CodeRegle::EliE06
        | CodeRegle::EliE07
        | CodeRegle::EliE08 => constat_essms::constater(code, &ctx.faits.essms, avis),
        CodeRegle::EliG01 => eligibilite_grappe::eli_g01(ctx),
        CodeRegle::EliG02 => eligibilite_solution::eli_g02(ctx),
        CodeRegle::EliG03 => regroupement::eli_g03(ctx),
        CodeRegle::EliG04 => regroupement::eli_g04(ctx),
        CodeRegle::EliG05 => regroupement::eli_g05(ctx),
        CodeRegle::EliG06 => eligibilite_grappe::eli_g06(ctx),
        CodeRegle::EliG07 => eligibilite_region::eli_g07(ctx),
        CodeRegle::Rec01 => recevabilite::rec_01(ctx),
        CodeRegle::Rec02 => recevabilite_solution::rec_02(ctx),
        CodeRegle::Rec02E => recevabilite_solution::rec_02e(ctx),
        CodeRegle::Rec03 => recevabilite_solution::rec_03(ctx),
        CodeRegle::Rec04 => recevabilite::rec_04(ctx),
        CodeRegle::Rec05 => recevabilite::rec_05(ctx),
        CodeRegle::Rec06 => interoperabilite::rec_06(ctx),
        CodeRegle::Rec07 => recevabilite::rec_07(ctx),
        CodeRegle::Rec08 => recevabilite::rec_08(ctx),
        CodeRegle::Pri01 => priorisation::pri_01(ctx),
        CodeRegle::Pri02 => priorisation::pri_02(ctx),
        CodeRegle::Pri03 => priorisation::pri_03(ctx),
        CodeRegle::Pri04 => priorisation::pri_04(ctx),
        CodeRegle::Pri05 => priorisation::pri_05(ctx),
        CodeRegle::Pri06 => priorisation::pri_06(ctx),
        CodeRegle::Pri07 => priorisation::pri_07(ctx),
        CodeRegle::Pri08 => priorisation::pri_08(ctx),
        CodeRegle::Pri09 => priorisation::pri_09(ctx),
        CodeRegle::E2101 => criteres_2021::e21_01(ctx),
        CodeRegle::E2102 => criteres_2021::e21_02(ctx),
        CodeRegle::E2103 => criteres_2021::e21_03(ctx),
        CodeRegle::E2104 => criteres_2021::e21_04(ctx),
        CodeRegle::E2105 => criteres_2021::e21_05(ctx),
        CodeRegle::E2106 => criteres_2021::e21_06(ctx),
        CodeRegle::E2108 => criteres_2021::e21_08(ctx),
        CodeRegle::E2109 => criteres_2021::e21_09(ctx),
        CodeRegle::E2110 => criteres_2021::e21_10(ctx),
        CodeRegle::E2111 => criteres_2021::e21_11(ctx),
        CodeRegle::P2103 => criteres_2021::p21_03(ctx),
        CodeRegle::P2104 => criteres_2021::p21_04(ctx),
        CodeRegle::P2105 => criteres_2021::p21_05(ctx),
    }
}
