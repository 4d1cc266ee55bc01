//! The smallest set of changes that makes a grappe eligible, proposed as one action.
//!
//! A change is: an ESSMS taken out, one added, one answer of one ESSMS (project type, hosting, DUI), the
//! project's DUI (and that of each ESSMS that follows it), the signatory. Unknown answers are left alone: a grappe is mended once no blocking rule on
//! it is unsatisfied, even if questions stay open. The search is exact: it counts ESSMS by class and never
//! passes over a smaller combination, unless it says so ([`Remede::minimal`]). Among combinations of the same
//! size it prefers the fewest ESSMS taken out, then the verdict with the fewest open questions, then the
//! most money, certain first. What it proposes was always judged by [`evaluer`] itself.

mod classes;
mod compte;
mod phrase;
mod recherche;
mod supposition;

use std::cmp::Reverse;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::{GrandSecteur, Hebergement, Liste, TypeProjet};
use crate::rules::constat::{Gravite, Resultat};
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::evaluer;
use crate::rules::faits::{Essms, Faits, Signataire, Solution};
use crate::rules::regle::CodeRegle;
use recherche::{Meilleurs, fouiller};
use supposition::{Supposition, gabarits, suppositions};

/// What may come into a grappe: facts given by the caller.
#[derive(Debug, Clone, Default)]
pub struct Vivier {
    /// ESSMS that could be added, the preferred first.
    pub essms: Vec<Essms>,
    /// DUIs that the project could choose.
    pub solutions: Vec<Solution>,
}

/// A set of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remede {
    /// ESSMS to take out.
    pub retirer: Vec<Finess>,
    /// ESSMS of the [`Vivier`] to add.
    pub ajouter: Vec<Finess>,
    /// How many eligible ESSMS are still to be found elsewhere, of which sector.
    pub a_trouver: Option<(usize, GrandSecteur)>,
    /// Place in the [`Vivier`] of the DUI to choose.
    pub solution: Option<usize>,
    /// How many ESSMS change DUI with the project's; each counts for a change.
    pub suivent: usize,
    /// ESSMS that take the DUI of the grappe.
    pub aligner: Vec<Finess>,
    /// Name and version of that DUI, as far as they are known.
    pub dui: (Option<String>, Option<String>),
    /// ESSMS that take this project type.
    pub types: Option<(TypeProjet, Vec<Finess>)>,
    /// ESSMS that take this hosting.
    pub hebergements: Option<(Hebergement, Vec<Finess>)>,
    /// The ESSMS to designate as signatory.
    pub signataire: Option<Finess>,
    /// Whether it is proven that nothing smaller will do; the search is bounded.
    pub minimal: bool,
}

/// What the search comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issue {
    /// No blocking rule on the grappe is unsatisfied.
    Inutile,
    /// These changes make it eligible.
    Trouvee {
        /// The changes.
        remede: Box<Remede>,
        /// Eligibility once they are made: never [`Resultat::NonSatisfait`].
        eligibilite: Resultat,
    },
    /// No combination of changes does.
    Aucune {
        /// The blocking rules that are not satisfied.
        regles: Vec<CodeRegle>,
        /// Whether the search was stopped before its end.
        interrompue: bool,
    },
}

/// Searches the smallest set of changes that makes the grappe eligible.
pub fn reparer(edition: &Edition, faits: &Faits, vivier: &Vivier) -> Issue {
    let avant = evaluer(edition, faits);
    if avant.eligibilite != Resultat::NonSatisfait {
        return Issue::Inutile;
    }
    let mut interrompue = false;
    // First with the ESSMS that are known; only then with some that are still to be found.
    let connus = chercher(edition, faits, vivier, None, &mut interrompue);
    let trouve = connus.or_else(|| {
        let premier = supposition::premier_secteur(edition, faits);
        let autres = GrandSecteur::TOUTES.iter().copied().filter(|s| *s != premier);
        std::iter::once(premier)
            .chain(autres)
            .filter_map(|secteur| chercher(edition, faits, vivier, Some(secteur), &mut interrompue))
            .min_by_key(|(_, remede)| (remede.taille(), remede.retirer.len()))
    });
    match trouve {
        Some((evaluation, remede)) => Issue::Trouvee {
            // A search that stopped, of those that led here, could have found something smaller.
            remede: Box::new(Remede {
                minimal: !interrompue,
                ..remede
            }),
            eligibilite: evaluation.eligibilite,
        },
        None => Issue::Aucune {
            regles: bloquantes(&avant),
            interrompue,
        },
    }
}

fn bloquantes(evaluation: &Evaluation) -> Vec<CodeRegle> {
    let constats = evaluation.blocages().filter(|c| c.gravite == Gravite::Bloquant);
    let codes = constats.filter_map(|c| CodeRegle::depuis(&c.code));
    codes.filter(|code| code.eligibilite()).collect()
}

/// The best combination that may add ESSMS of the vivier, and of one sector still to be found.
fn chercher(
    edition: &Edition,
    faits: &Faits,
    vivier: &Vivier,
    a_trouver: Option<GrandSecteur>,
    interrompue: &mut bool,
) -> Option<(Evaluation, Remede)> {
    let mut offerts = vivier.essms.clone();
    offerts.extend(a_trouver.into_iter().flat_map(|secteur| gabarits(edition, secteur)));
    let suppositions = suppositions(edition, faits, vivier);
    let mut meilleurs = Meilleurs::default();
    let terrains: Vec<_> = (0..)
        .zip(&suppositions)
        .map(|(rang, s)| s.terrain(edition, rang, &offerts))
        .collect();
    for terrain in &terrains {
        fouiller(terrain, &mut meilleurs);
    }
    *interrompue |= !meilleurs.prouve();
    let juges = meilleurs.ex_aequo.iter().filter_map(|choix| {
        let supposition = suppositions.get(choix.supposition)?;
        let terrain = terrains.get(choix.supposition)?;
        let mut remede = supposition.remede(terrain, choix, &offerts, vivier.essms.len());
        remede.a_trouver = remede.a_trouver.and_then(|(nombre, _)| Some((nombre, a_trouver?)));
        let evaluation = evaluer(edition, &appliquer(edition, faits, vivier, &remede));
        (evaluation.eligibilite != Resultat::NonSatisfait).then_some((evaluation, remede))
    });
    juges.min_by_key(|(evaluation, _)| {
        let financement = &evaluation.financement;
        (
            questions(evaluation.eligibilite),
            Reverse((financement.certain, financement.maximum)),
        )
    })
}

/// A verdict with open questions comes after one that the authority settles, and that after one settled.
fn questions(eligibilite: Resultat) -> u8 {
    match eligibilite {
        Resultat::Satisfait | Resultat::SansObjet => 0,
        Resultat::AppreciationArs => 1,
        Resultat::Inconnu | Resultat::NonSatisfait => 2,
    }
}

/// The facts once the changes are made; those still to be found are favourable.
pub fn appliquer(edition: &Edition, faits: &Faits, vivier: &Vivier, remede: &Remede) -> Faits {
    let nouvelle = remede.solution.and_then(|rang| vivier.solutions.get(rang));
    let mut apres = match nouvelle {
        Some(solution) => Supposition::choisir(faits, solution),
        None => faits.clone(),
    };
    apres.essms.retain(|essms| !remede.retirer.contains(&essms.finess));
    let connus = vivier.essms.iter().filter(|e| remede.ajouter.contains(&e.finess));
    apres.essms.extend(connus.cloned());
    if let Some((nombre, secteur)) = remede.a_trouver {
        apres.essms.extend(gabarits(edition, secteur).into_iter().take(nombre));
    }
    for essms in &mut apres.essms {
        if remede.aligner.contains(&essms.finess) {
            essms.solution.clone_from(&remede.dui.0);
            essms.solution_version.clone_from(&remede.dui.1);
        }
        if let Some((valeur, concernes)) = &remede.types
            && concernes.contains(&essms.finess)
        {
            essms.type_projet = Some(*valeur);
        }
        if let Some((valeur, concernes)) = &remede.hebergements
            && concernes.contains(&essms.finess)
        {
            essms.hebergement = Some(*valeur);
        }
    }
    if let Some(signataire) = remede.signataire {
        apres.porteur.signataire = Signataire::Designe(signataire);
    }
    apres
}

impl Remede {
    /// How many changes it is made of.
    pub fn taille(&self) -> usize {
        self.retirer.len()
            + self.ajouter.len()
            + self.a_trouver.map_or(0, |(nombre, _)| nombre)
            + usize::from(self.solution.is_some())
            + self.suivent
            + self.aligner.len()
            + self.types.as_ref().map_or(0, |(_, concernes)| concernes.len())
            + self.hebergements.as_ref().map_or(0, |(_, concernes)| concernes.len())
            + usize::from(self.signataire.is_some())
    }
}
