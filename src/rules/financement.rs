//! Financement (FIN-01 to FIN-06): the grant as an interval, line by line.
//!
//! `certain` counts what is established, `maximum` what holds if every open question turns out well. An
//! ESSMS that a rule excludes counts in neither. Every amount is an edition's [`Forfait`]; nothing here
//! knows a rate.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Liste, TypeProjet};
use crate::rules::contexte::Contexte;
use crate::rules::edition::{Assiette, Edition, Forfait, Passage, Reference};
use crate::rules::evaluation::{Financement, Ligne, StatutEssms};
use crate::rules::faits::{Essms, Solution};
use crate::rules::repartition::{par_region, versements};

/// All the hours of an ESSMS are eligible: hundredths of a percent.
const PART_ENTIERE: u16 = 10_000;

/// What the amounts look at in an ESSMS.
struct Unite {
    finess: Finess,
    type_projet: Option<TypeProjet>,
    /// Eligible hours, in hundredths of a percent (FIN-06).
    part: u16,
    /// Its OG is small.
    petit: Option<bool>,
    eligible: bool,
}

/// The two readings of the open questions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lecture {
    Etabli,
    Favorable,
}

impl Lecture {
    /// Reads a fact: what is not established is false, or is what serves best.
    fn tranche(self, fait: Option<bool>) -> bool {
        fait.unwrap_or(self == Self::Favorable)
    }

    /// FIN-02: « référencé Ségur » or « référencé SAD », not both; both → Ségur; unknown → as Ségur.
    fn reference(self, solution: Option<&Solution>) -> Option<Reference> {
        let segur = solution.and_then(|s| s.segur);
        let sad = solution.and_then(|s| s.sad);
        match self {
            Self::Favorable if segur != Some(false) => Some(Reference::Segur),
            Self::Favorable if sad != Some(false) => Some(Reference::Sad),
            Self::Etabli if segur == Some(true) => Some(Reference::Segur),
            Self::Etabli if segur == Some(false) && sad == Some(true) => Some(Reference::Sad),
            Self::Etabli | Self::Favorable => None,
        }
    }

    /// An unknown type counts as an acquisition, at best.
    fn type_projet(self, unite: &Unite) -> Option<TypeProjet> {
        match self {
            Self::Etabli => unite.type_projet,
            Self::Favorable => Some(unite.type_projet.unwrap_or(TypeProjet::Acquisition)),
        }
    }
}

/// A line is one forfait, one band, one share of eligible hours. The share comes reversed: whole first.
type Cle = (usize, usize, Reverse<u16>);

/// How many ESSMS on each line.
type Comptes = BTreeMap<Cle, i64>;

/// The grant of a project.
pub(in crate::rules) fn financement(ctx: &Contexte) -> Financement {
    let edition = ctx.edition;
    let unites = unites(ctx);
    let solution = ctx.faits.solution.as_ref();
    let mut certains = par_essms(edition, &unites, solution, Lecture::Etabli);
    let mut maximums = par_essms(edition, &unites, solution, Lecture::Favorable);
    // Beyond the 49th ESSMS one more may lower the sum of all; the best case is then that it is not counted.
    if total(edition, &maximums) < total(edition, &certains) {
        maximums.clone_from(&certains);
    }
    for (rang, forfait) in par_projet(edition) {
        let cle = (rang, 0, Reverse(PART_ENTIERE));
        if projet_aide(forfait, &unites, Lecture::Etabli) {
            certains.insert(cle, 1);
        }
        if projet_aide(forfait, &unites, Lecture::Favorable) {
            maximums.insert(cle, 1);
        }
    }
    let (certain, maximum) = (total(edition, &certains), total(edition, &maximums));
    Financement {
        certain,
        maximum,
        lignes: lignes(edition, &certains, &maximums),
        versements: versements(edition, certain, maximum),
        par_region: par_region(ctx, certain, maximum),
    }
}

/// The ESSMS not excluded.
fn unites(ctx: &Contexte) -> Vec<Unite> {
    let seuil = ctx.edition.taille.seuil_petit_og;
    let petit = |essms: &Essms| {
        let finess = essms.organisme?;
        let og = ctx.faits.organismes.iter().find(|og| og.finess == finess)?;
        og.moins_de(seuil)
    };
    let part = |essms: &Essms| match (&ctx.edition.prorata_heures, essms.activites_confort) {
        (Some(_), Some(true)) => essms.part_heures_eligibles.unwrap_or(PART_ENTIERE),
        _ => PART_ENTIERE,
    };
    ctx.faits
        .essms
        .iter()
        .zip(&ctx.statuts)
        .filter(|(_, statut)| **statut != StatutEssms::Exclu)
        .map(|(essms, statut)| Unite {
            finess: essms.finess,
            type_projet: essms.type_projet,
            part: part(essms),
            petit: petit(essms),
            eligible: *statut == StatutEssms::Eligible,
        })
        .collect()
}

/// FIN-01, FIN-02, FIN-03, prorated by FIN-06. The rank that bands look at runs over the whole project:
/// acquisition first, then the larger share, then the FINESS number, so that the order given never matters.
fn par_essms(edition: &Edition, unites: &[Unite], solution: Option<&Solution>, lecture: Lecture) -> Comptes {
    let mut rangees: Vec<&Unite> = unites
        .iter()
        .filter(|unite| unite.eligible || lecture == Lecture::Favorable)
        .collect();
    rangees.sort_by_key(|unite| {
        let ordre = match lecture.type_projet(unite) {
            Some(TypeProjet::Acquisition) => 0,
            Some(TypeProjet::MiseEnConformite) => 1,
            None => 2,
        };
        (ordre, Reverse(unite.part), unite.finess)
    });
    let reference = lecture.reference(solution);
    let mut comptes = Comptes::new();
    for (rang, forfait) in edition.forfaits.iter().enumerate() {
        let refere = forfait.reference.is_none() || forfait.reference == reference;
        if forfait.assiette != Assiette::Essms || !refere {
            continue;
        }
        for (place, unite) in (1..).zip(&rangees) {
            let du_type = forfait.type_projet.is_none() || forfait.type_projet == lecture.type_projet(unite);
            if du_type && (!forfait.petits_og || lecture.tranche(unite.petit)) {
                let tranche = tranche(forfait, place);
                *comptes.entry((rang, tranche, Reverse(unite.part))).or_insert(0) += 1;
            }
        }
    }
    comptes
}

/// The band of a rank.
fn tranche(forfait: &Forfait, place: u32) -> usize {
    let apres = forfait
        .tranches
        .iter()
        .rposition(|tranche| tranche.a_partir_de <= place);
    apres.unwrap_or_default()
}

fn par_projet(edition: &Edition) -> impl Iterator<Item = (usize, &Forfait)> {
    let forfaits = edition.forfaits.iter().enumerate();
    forfaits.filter(|(_, forfait)| forfait.assiette == Assiette::Projet)
}

/// FIN-04 and FIN-05, « pour les grappes de petites structures » (IDF-2021), once per project: all OGs of
/// the ESSMS not excluded are small → established; some are → the authority decides; none is → nothing.
fn projet_aide(forfait: &Forfait, unites: &[Unite], lecture: Lecture) -> bool {
    let compte = unites.iter().any(|unite| {
        let du_type = forfait.type_projet.is_none() || forfait.type_projet == lecture.type_projet(unite);
        du_type && (unite.eligible || lecture == Lecture::Favorable)
    });
    let petits = match lecture {
        Lecture::Etabli => unites.iter().all(|unite| unite.petit == Some(true)),
        Lecture::Favorable => unites.iter().any(|unite| unite.petit != Some(false)),
    };
    compte && (petits || !forfait.petits_og)
}

/// FIN-06 — « les financements ne seront alloués que pour la première partie de leur activité » (IDF-2024):
/// the rate, prorated to the centime, half up.
fn taux(edition: &Edition, (rang, tranche, Reverse(part)): Cle) -> Centimes {
    let forfait = edition.forfaits.get(rang);
    let plein = forfait
        .and_then(|f| f.tranches.get(tranche))
        .map_or(Centimes::ZERO, |t| t.taux_centimes);
    let entiere = i64::from(PART_ENTIERE);
    Centimes((plein.0 * i64::from(part) + entiere / 2) / entiere)
}

fn total(edition: &Edition, comptes: &Comptes) -> Centimes {
    comptes.iter().map(|(cle, nombre)| taux(edition, *cle) * *nombre).sum()
}

fn lignes(edition: &Edition, certains: &Comptes, maximums: &Comptes) -> Vec<Ligne> {
    let mut cles: Vec<Cle> = certains.keys().chain(maximums.keys()).copied().collect();
    cles.sort_unstable();
    cles.dedup();
    cles.into_iter()
        .filter_map(|cle| {
            let taux = taux(edition, cle);
            let forfait = edition.forfaits.get(cle.0)?;
            let compte = |comptes: &Comptes| comptes.get(&cle).copied().unwrap_or_default();
            let (nombre, nombre_certain) = (compte(maximums), compte(certains));
            (taux > Centimes::ZERO).then(|| Ligne {
                code: forfait.code.code().to_owned(),
                libelle: libelle(forfait, cle),
                nombre,
                nombre_certain,
                taux,
                certain: taux * nombre_certain,
                maximum: taux * nombre,
                source: edition.source(&forfait.source),
                autres_sources: prorata(edition, cle).map(|p| edition.source(p)).into_iter().collect(),
                note: note(forfait, nombre, nombre_certain),
            })
        })
        .collect()
}

fn prorata(edition: &Edition, (_, _, Reverse(part)): Cle) -> Option<&Passage> {
    edition.prorata_heures.as_ref().filter(|_| part < PART_ENTIERE)
}

fn libelle(forfait: &Forfait, (_, tranche, Reverse(part)): Cle) -> String {
    let mut libelle = forfait.libelle.clone();
    if tranche > 0
        && let Some(bande) = forfait.tranches.get(tranche)
    {
        libelle = format!("{libelle}, à partir du {}e ESSMS", bande.a_partir_de);
    }
    if part < PART_ENTIERE {
        let (entier, decimales) = (part / 100, part % 100);
        let part = if decimales == 0 {
            entier.to_string()
        } else {
            format!("{entier},{decimales:02}")
        };
        libelle = format!("{libelle}, au prorata de {part} % d’heures éligibles");
    }
    libelle
}

fn note(forfait: &Forfait, nombre: i64, nombre_certain: i64) -> Option<String> {
    if forfait.assiette == Assiette::Projet && nombre > nombre_certain {
        let reserve = "Sous réserve : tous les organismes ne sont pas établis comme petits, ou l’ARS l’apprécie.";
        return Some(match &forfait.interpretation {
            Some(lecture) => format!("{reserve} {lecture}"),
            None => reserve.to_owned(),
        });
    }
    forfait.interpretation.clone()
}
