//! The search itself: how many of each class leave, how many come, by branch and bound.

use super::classes::Classe;
use super::compte::{Compte, Regles, Retouches};

/// Combinations of the smallest size that are compared for the money they bring.
const EX_AEQUO_AU_PLUS: usize = 24;
/// Nodes visited for one number of departures and arrivals; beyond, the best found is given as such.
const NOEUDS_PAR_COUPLE: usize = 3_000;
/// Nodes visited in all: some milliseconds.
const NOEUDS_AU_PLUS: usize = 40_000;

/// A combination that leaves no rule unsatisfied, under one of the suppositions.
#[derive(Debug, Clone)]
pub(super) struct Choix {
    pub supposition: usize,
    /// How many leave, then how many come, by class.
    pub prises: Vec<usize>,
    pub retouches: Retouches,
}

/// The best combinations so far: the fewest changes, then the fewest ESSMS taken out.
#[derive(Debug)]
pub(super) struct Meilleurs {
    taille: usize,
    retraits: usize,
    pub ex_aequo: Vec<Choix>,
    noeuds: usize,
    interrompue: bool,
}

impl Default for Meilleurs {
    fn default() -> Self {
        Self {
            taille: usize::MAX,
            retraits: usize::MAX,
            ex_aequo: Vec::new(),
            noeuds: NOEUDS_AU_PLUS,
            interrompue: false,
        }
    }
}

impl Meilleurs {
    /// Whether the search went to its end: nothing smaller exists.
    pub(super) fn prouve(&self) -> bool {
        !self.interrompue
    }

    fn interesse(&self, taille: usize, retraits: usize) -> bool {
        let ordre = (taille, retraits).cmp(&(self.taille, self.retraits));
        ordre.is_lt() || (ordre.is_eq() && self.ex_aequo.len() < EX_AEQUO_AU_PLUS)
    }

    fn retenir(&mut self, taille: usize, retraits: usize, choix: Choix) {
        if (taille, retraits) < (self.taille, self.retraits) {
            (self.taille, self.retraits) = (taille, retraits);
            self.ex_aequo.clear();
        }
        self.ex_aequo.push(choix);
    }
}

/// A grappe as the search sees it, under one supposition on its DUI.
pub(super) struct Terrain<'a> {
    pub regles: Regles<'a>,
    pub supposition: usize,
    /// Changes that the supposition itself is made of.
    pub cout: usize,
    pub depart: Compte,
    pub partants: Vec<Classe>,
    pub arrivants: Vec<Classe>,
}

/// Searches one terrain for combinations at least as good as the best of those already searched.
pub(super) fn fouiller(terrain: &Terrain<'_>, meilleurs: &mut Meilleurs) {
    let vivier = terrain.arrivants.iter().fold(Compte::default(), |compte, classe| {
        compte.plus(&classe.traits, classe.places.len())
    });
    let effectif = |classes: &[Classe]| classes.iter().map(|c| c.places.len()).sum::<usize>();
    let (presents, offerts) = (effectif(&terrain.partants), effectif(&terrain.arrivants));
    let mut couples = Vec::new();
    for retraits in 0..=presents {
        for ajouts in 0..=offerts {
            if let Some(retouches) = terrain.depart.au_moins(&terrain.regles, &vivier, retraits, ajouts) {
                couples.push((terrain.cout + retraits + ajouts + retouches, retraits, ajouts));
            }
        }
    }
    couples.sort_unstable();
    for (taille, retraits, ajouts) in couples {
        if !meilleurs.interesse(taille, retraits) {
            break;
        }
        let mut fouille = Fouille {
            terrain,
            vivier: &vivier,
            retraits,
            mouvements: terrain.cout + retraits + ajouts,
            epuisee: false,
            noeuds: NOEUDS_PAR_COUPLE.min(meilleurs.noeuds),
            prises: Vec::new(),
            meilleurs,
        };
        let accordes = fouille.noeuds;
        fouille.descendre(terrain.depart, retraits, ajouts);
        let visites = accordes - fouille.noeuds;
        let epuisee = fouille.epuisee;
        meilleurs.noeuds -= visites;
        meilleurs.interrompue |= epuisee;
    }
}

/// One number of ESSMS that leave and of ESSMS that come.
struct Fouille<'a, 'm> {
    terrain: &'a Terrain<'a>,
    vivier: &'a Compte,
    retraits: usize,
    mouvements: usize,
    noeuds: usize,
    epuisee: bool,
    prises: Vec<usize>,
    meilleurs: &'m mut Meilleurs,
}

impl Fouille<'_, '_> {
    /// Chooses how many of the next class, `retraits` and `ajouts` being still to choose.
    fn descendre(&mut self, compte: Compte, retraits: usize, ajouts: usize) {
        let terrain = self.terrain;
        let Some(reste) = self.noeuds.checked_sub(1) else {
            self.epuisee = true;
            return;
        };
        self.noeuds = reste;
        let borne = compte.au_moins(&terrain.regles, self.vivier, retraits, ajouts);
        if borne.is_none_or(|b| !self.meilleurs.interesse(self.mouvements + b, self.retraits)) {
            return;
        }
        let rang = self.prises.len();
        let des_partants = rang < terrain.partants.len();
        let (classes, rang, a_prendre) = if des_partants {
            (&terrain.partants, rang, retraits)
        } else {
            (&terrain.arrivants, rang - terrain.partants.len(), ajouts)
        };
        let Some(classe) = classes.get(rang) else {
            self.conclure(compte);
            return;
        };
        let apres: usize = classes.iter().skip(rang + 1).map(|c| c.places.len()).sum();
        let au_moins = a_prendre.saturating_sub(apres);
        for nombre in (au_moins..=a_prendre.min(classe.places.len())).rev() {
            self.prises.push(nombre);
            if des_partants {
                self.descendre(compte.moins(&classe.traits, nombre), retraits - nombre, ajouts);
            } else {
                self.descendre(compte.plus(&classe.traits, nombre), retraits, ajouts - nombre);
            }
            self.prises.pop();
        }
    }

    fn conclure(&mut self, compte: Compte) {
        for retouches in compte.retouches(&self.terrain.regles).into_iter().flatten() {
            let taille = self.mouvements + retouches.cout;
            if self.meilleurs.interesse(taille, self.retraits) {
                let choix = Choix {
                    supposition: self.terrain.supposition,
                    prises: self.prises.clone(),
                    retouches,
                };
                self.meilleurs.retenir(taille, self.retraits, choix);
            }
        }
    }
}
