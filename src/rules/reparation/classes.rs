//! ESSMS by class: those of one class are the same for the rules on the grappe, so any one will do.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::compte::Compte;
use crate::domain::nomenclature::{GrandSecteur, Hebergement, TypeProjet};
use crate::domain::territoire::Zone;
use crate::rules::constat::Resultat;
use crate::rules::edition::Edition;
use crate::rules::eligibilite_solution::ecart_de_solution;
use crate::rules::evaluation::StatutEssms;
use crate::rules::faits::{Essms, Faits, Signataire};
use crate::rules::regroupement::{Voix, voix_du_secteur};

/// How the DUI of an ESSMS departs from that of the grappe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ecart {
    Aucun,
    /// By its version, which counts in mise en conformité.
    Version,
    Dui,
}

/// What the rules on the grappe and the schedule of amounts see of an ESSMS. The order is that in which
/// ESSMS leave when several would do: first those that bring the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Traits {
    pub eligible: bool,
    pub type_projet: Option<TypeProjet>,
    part: u16,
    petit: Option<bool>,
    pub exclu: bool,
    pub metropole: Option<bool>,
    pub dedans: Option<bool>,
    pub hebergement: Option<Hebergement>,
    pub secteur: Voix<GrandSecteur>,
    pub ecart: Ecart,
    pub membre: Option<bool>,
    pub signataire: bool,
}

/// The DUI that all must share: its name and its version, where the facts settle them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Commune<'a> {
    pub nom: Option<&'a str>,
    pub version: Option<&'a str>,
}

impl Traits {
    pub(super) fn de(
        edition: &Edition,
        faits: &Faits,
        essms: &Essms,
        statut: StatutEssms,
        commune: Option<Commune<'_>>,
    ) -> Self {
        let seuil = edition.taille.seuil_petit_og;
        let og = faits.organismes.iter().find(|og| Some(og.finess) == essms.organisme);
        let confort = edition.prorata_heures.is_some() && essms.activites_confort == Some(true);
        Self {
            eligible: statut == StatutEssms::Eligible,
            type_projet: essms.type_projet,
            part: essms.part_heures_eligibles.filter(|_| confort).unwrap_or(u16::MAX),
            petit: og.and_then(|og| og.moins_de(seuil)),
            exclu: statut == StatutEssms::Exclu,
            metropole: essms.departement.map(|d| d.region.zone == Zone::Metropole),
            dedans: essms.departement.map(|d| edition.regions.contains(&d.region.code)),
            hebergement: essms.hebergement,
            secteur: voix_du_secteur(essms),
            ecart: commune.map_or(Ecart::Aucun, |commune| ecart(essms, commune)),
            membre: essms.organisme.map(|og| Some(og) == faits.porteur.organisme),
            signataire: faits.porteur.signataire == Signataire::Designe(essms.finess),
        }
    }
}

fn ecart(essms: &Essms, commune: Commune<'_>) -> Ecart {
    let differe = |type_projet| {
        let suppose = Essms {
            type_projet: Some(type_projet),
            ..essms.clone()
        };
        let ecart = ecart_de_solution(&suppose, commune.nom, commune.version);
        ecart.is_some_and(|e| e.resultat == Resultat::NonSatisfait)
    };
    match (differe(TypeProjet::Acquisition), differe(TypeProjet::MiseEnConformite)) {
        (true, _) => Ecart::Dui,
        (false, true) => Ecart::Version,
        (false, false) => Ecart::Aucun,
    }
}

/// ESSMS that are the same for the rules, by their place in the list they come from.
#[derive(Debug, Clone)]
pub(super) struct Classe {
    pub traits: Traits,
    pub places: Vec<usize>,
}

/// By class, those that agree with the others the least first, then those that bring the least; within a
/// class, the last of the list first.
pub(super) fn partants(tous: &[Traits], compte: &Compte) -> Vec<Classe> {
    let mut classes = ranger(tous.iter().enumerate().rev());
    classes.retain(|classe| !classe.traits.exclu);
    classes.sort_by_key(|classe| compte.accord(&classe.traits));
    classes
}

/// By class, those that agree with the others the most first, then those that bring the most; within a
/// class, in the order of the list.
pub(super) fn arrivants(tous: &[Traits], compte: &Compte) -> Vec<Classe> {
    let mut classes = ranger(tous.iter().enumerate());
    classes.retain(|classe| !classe.traits.exclu);
    classes.sort_by_key(|classe| Reverse((compte.accord(&classe.traits), classe.traits)));
    classes
}

fn ranger<'t>(tous: impl Iterator<Item = (usize, &'t Traits)>) -> Vec<Classe> {
    let mut classes: BTreeMap<Traits, Vec<usize>> = BTreeMap::new();
    for (place, traits) in tous {
        classes.entry(*traits).or_default().push(place);
    }
    let classes = classes.into_iter();
    classes.map(|(traits, places)| Classe { traits, places }).collect()
}
