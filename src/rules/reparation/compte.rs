//! Counts over a grappe, and what they cost to mend: all that the rules on the grappe look at.

use super::classes::{Ecart, Traits};
use crate::domain::nomenclature::{GrandSecteur, Hebergement, Liste, TypeProjet};
use crate::rules::constat::{Gravite, Resultat};
use crate::rules::edition::{Edition, Taille};
use crate::rules::eligibilite_grappe::{issue as issue_de_taille, minimums};
use crate::rules::eligibilite_region::{issue as issue_de_region, multiregional_admis};
use crate::rules::faits::{Faits, Signataire};
use crate::rules::regle::CodeRegle;
use crate::rules::regroupement::{Voix, issue as issue_de_majorite};

/// Which rules on the grappe can condemn it, in this edition and for these facts.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "one for each rule of the texts")]
pub(super) struct Regles<'a> {
    taille: Option<&'a Taille>,
    pub(super) solution: bool,
    types: bool,
    secteurs: bool,
    hebergements: bool,
    /// The porteur must manage one of the ESSMS.
    porteur: bool,
    /// One of them was designated to sign.
    signataire: bool,
    region: bool,
    multiregional: Option<bool>,
}

impl<'a> Regles<'a> {
    pub(super) fn de(edition: &'a Edition, faits: &Faits) -> Self {
        let bloque = |code| {
            let siens = |c: &&crate::rules::edition::Critere| c.code == code;
            let critere = edition.criteres.iter().find(siens);
            critere.is_some_and(|c| c.gravite == Gravite::Bloquant)
        };
        let porteur = bloque(CodeRegle::EliG06) && faits.porteur.organisme.is_some();
        // The gravity of a size comes from the bound at stake, not from the criterion.
        let examinee = edition.criteres.iter().any(|c| c.code == CodeRegle::EliG01);
        Self {
            taille: examinee.then_some(&edition.taille),
            solution: bloque(CodeRegle::EliG02),
            types: bloque(CodeRegle::EliG03),
            secteurs: bloque(CodeRegle::EliG04),
            hebergements: bloque(CodeRegle::EliG05),
            porteur,
            signataire: porteur && matches!(faits.porteur.signataire, Signataire::Designe(_)),
            region: bloque(CodeRegle::EliG07),
            multiregional: multiregional_admis(edition, faits),
        }
    }
}

/// How many ESSMS of a grappe are what. Excluded ones only stand in `ensemble` and what concerns the porteur.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Compte {
    ensemble: usize,
    membres: usize,
    membres_inconnus: usize,
    signataires: usize,
    total: usize,
    eligibles: usize,
    metropole: usize,
    zone_inconnue: usize,
    dedans: usize,
    dehors: usize,
    types: [usize; 2],
    types_inconnus: usize,
    hebergements: [usize; 3],
    hebergements_inconnus: usize,
    secteurs: [usize; 4],
    secteurs_inconnus: usize,
    /// Whose DUI is another, whatever their type.
    autre_dui: usize,
    /// Whose version is another, which counts in mise en conformité: by present type.
    autre_version: [usize; 2],
}

/// What is left to change once ESSMS came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retouches {
    pub cout: usize,
    pub types: Option<(TypeProjet, usize)>,
    pub hebergement: Option<(Hebergement, usize)>,
    pub signataire: bool,
}

/// How many ESSMS take which type, and what that and the common DUI cost together.
type ParType = (Option<(TypeProjet, usize)>, usize);

impl Compte {
    /// So many more of these.
    pub(super) fn plus(mut self, traits: &Traits, nombre: usize) -> Self {
        self.varier(traits, |case| *case += nombre);
        self
    }

    /// So many fewer of these, which it counts.
    pub(super) fn moins(mut self, traits: &Traits, nombre: usize) -> Self {
        self.varier(traits, |case| *case -= nombre);
        self
    }

    fn varier(&mut self, traits: &Traits, varier: impl Fn(&mut usize)) {
        varier(&mut self.ensemble);
        match traits.membre {
            Some(true) => varier(&mut self.membres),
            Some(false) => {}
            None => varier(&mut self.membres_inconnus),
        }
        if traits.signataire {
            varier(&mut self.signataires);
        }
        if traits.exclu {
            return;
        }
        varier(&mut self.total);
        if traits.eligible {
            varier(&mut self.eligibles);
        }
        match traits.metropole {
            Some(true) => varier(&mut self.metropole),
            Some(false) => {}
            None => varier(&mut self.zone_inconnue),
        }
        match traits.dedans {
            Some(true) => varier(&mut self.dedans),
            Some(false) => varier(&mut self.dehors),
            None => {}
        }
        let type_projet = traits.type_projet.map(|t| t as usize);
        varier(place(type_projet, &mut self.types, &mut self.types_inconnus));
        let hebergement = traits.hebergement.map(|h| h as usize);
        varier(place(
            hebergement,
            &mut self.hebergements,
            &mut self.hebergements_inconnus,
        ));
        match traits.secteur {
            Voix::Pour(secteur) => varier(&mut self.secteurs[secteur as usize]),
            Voix::Inconnue => varier(&mut self.secteurs_inconnus),
            Voix::Blanche => {}
        }
        match (traits.ecart, traits.type_projet) {
            (Ecart::Dui, _) => varier(&mut self.autre_dui),
            (Ecart::Version, Some(t)) => varier(&mut self.autre_version[t as usize]),
            (Ecart::Version, None) | (Ecart::Aucun, _) => {}
        }
    }

    /// The least changes of answers that leave no rule unsatisfied; two ways when both types cost the same,
    /// none when only other ESSMS would do.
    pub(super) fn retouches(&self, regles: &Regles<'_>) -> [Option<Retouches>; 2] {
        if self.composition_en_faute(regles) {
            return [None; 2];
        }
        let signataire = regles.signataire && self.signataires == 0 && self.ensemble > 0;
        let hebergement = self.vers_un_hebergement(regles);
        let fixe = usize::from(signataire) + hebergement.map_or(0, |(_, nombre)| nombre);
        let finir = |(types, cout): ParType| Retouches {
            cout: fixe + cout,
            types,
            hebergement,
            signataire,
        };
        let [une, autre] = self.vers_un_type(regles);
        match (une.map(finir), autre.map(finir)) {
            (Some(une), Some(autre)) if autre.cout < une.cout => [Some(autre), None],
            (Some(une), Some(autre)) if une.cout < autre.cout => [Some(une), None],
            (une, autre) => [une, autre],
        }
    }

    /// A rule that only ESSMS who come or go can satisfy is not.
    fn composition_en_faute(&self, regles: &Regles<'_>) -> bool {
        let taille = regles.taille.is_some_and(|taille| {
            let (resultat, gravite) =
                issue_de_taille(taille, self.eligibles, self.total - self.eligibles, self.petite_zone());
            resultat == Resultat::NonSatisfait && gravite == Some(Gravite::Bloquant)
        });
        let plus_nombreux = self.secteurs.iter().copied().max().unwrap_or_default();
        let secteur = issue_de_majorite(self.total, plus_nombreux, self.secteurs_inconnus);
        let nulle_part = self.total - self.dedans - self.dehors;
        let region = issue_de_region(self.dedans, self.dehors, nulle_part, regles.multiregional);
        let porteur = self.ensemble > 0 && self.membres + self.membres_inconnus == 0;
        taille
            || (regles.porteur && porteur)
            || (regles.secteurs && secteur == Resultat::NonSatisfait)
            || (regles.region && self.total > 0 && region == Resultat::NonSatisfait)
    }

    fn petite_zone(&self) -> Option<bool> {
        match (self.metropole, self.zone_inconnue) {
            (0, 0) => Some(self.total > 0),
            (0, _) => None,
            _ => Some(false),
        }
    }

    fn vers_un_hebergement(&self, regles: &Regles<'_>) -> Option<(Hebergement, usize)> {
        let valeur = premier(Hebergement::TOUTES, &self.hebergements)?;
        let nombre = self.hebergements[valeur as usize] + self.hebergements_inconnus;
        let manque = manque(self.total, nombre);
        (regles.hebergements && manque > 0).then_some((valeur, manque))
    }

    /// Changes of type and of DUI together: what leaves mise en conformité needs no longer its version.
    fn vers_un_type(&self, regles: &Regles<'_>) -> [Option<ParType>; 2] {
        let [en_acquisition, en_conformite] = self.autre_version;
        let a_aligner = self.autre_dui + en_conformite;
        let [acquisition, conformite] = self.types;
        let plus_nombreux = acquisition.max(conformite);
        if !regles.types || manque(self.total, plus_nombreux + self.types_inconnus) == 0 {
            return [Some((None, a_aligner)), None];
        }
        let vers_acquisition = manque(self.total, acquisition + self.types_inconnus);
        let vers_conformite = manque(self.total, conformite + self.types_inconnus);
        let sans_ecart = acquisition.saturating_sub(en_acquisition);
        [
            Some((
                Some((TypeProjet::Acquisition, vers_acquisition)),
                a_aligner + vers_acquisition.saturating_sub(en_conformite),
            )),
            Some((
                Some((TypeProjet::MiseEnConformite, vers_conformite)),
                a_aligner + vers_conformite + vers_conformite.saturating_sub(sans_ecart),
            )),
        ]
    }

    /// Changes of answers that are needed at least once `retraits` more have left and `ajouts` have come,
    /// whoever they are among those that `vivier` counts; `None` when no choice of them will do.
    pub(super) fn au_moins(&self, regles: &Regles<'_>, vivier: &Self, retraits: usize, ajouts: usize) -> Option<usize> {
        let total = (self.total + ajouts).checked_sub(retraits)?;
        // The most that can share a value: all who leave have another one, all who come have this one.
        let partage = |siens: usize, offerts: usize| siens.min(self.total - retraits) + offerts.min(ajouts);
        let ecart = |siens: usize, offerts: usize| manque(total, partage(siens, offerts));
        if let Some(taille) = regles.taille {
            let petite = self.metropole <= retraits;
            let [bas, haut] = minimums(taille, None);
            let minimum = if petite { bas } else { haut };
            let certains = self.eligibles.saturating_sub(retraits);
            let trop_peu = total < minimum && taille.gravite_minimum == Gravite::Bloquant;
            let trop = certains > taille.maximum as usize && taille.gravite_maximum == Gravite::Bloquant;
            if trop_peu || trop {
                return None;
            }
        }
        let ailleurs = self.total - self.dedans - self.dehors + vivier.total - vivier.dedans - vivier.dehors;
        let dehors = regles.multiregional == Some(false) && self.dehors > retraits;
        let dedans = total > 0 && self.dedans + ailleurs + vivier.dedans.min(ajouts) == 0;
        if regles.region && (dehors || dedans) {
            return None;
        }
        let offerts = vivier.membres + vivier.membres_inconnus;
        let parmi = self.membres + self.membres_inconnus + offerts.min(ajouts);
        if regles.porteur && parmi == 0 && self.ensemble + ajouts > retraits {
            return None;
        }
        let au_mieux = |siens: &[usize], inconnus: usize, offerts: &[usize], autres: usize| {
            let valeurs = siens.iter().zip(offerts);
            valeurs.map(|(s, o)| ecart(s + inconnus, o + autres)).min().unwrap_or(0)
        };
        if regles.secteurs
            && au_mieux(
                &self.secteurs,
                self.secteurs_inconnus,
                &vivier.secteurs,
                vivier.secteurs_inconnus,
            ) > 0
        {
            return None;
        }
        let types = au_mieux(&self.types, self.types_inconnus, &vivier.types, vivier.types_inconnus);
        let hebergements = au_mieux(
            &self.hebergements,
            self.hebergements_inconnus,
            &vivier.hebergements,
            vivier.hebergements_inconnus,
        );
        let alignes = (self.autre_dui + self.autre_version[1]).saturating_sub(retraits);
        let types = if regles.types { types.max(alignes) } else { alignes };
        Some(types + if regles.hebergements { hebergements } else { 0 })
    }

    /// The sector of most.
    pub(super) fn premier_secteur(&self) -> GrandSecteur {
        premier(GrandSecteur::TOUTES, &self.secteurs).unwrap_or(GrandSecteur::Pa)
    }

    /// How many of the leading values this ESSMS shares: those that share the most stay or come first.
    pub(super) fn accord(&self, traits: &Traits) -> usize {
        let secteur = Voix::Pour(self.premier_secteur());
        usize::from(traits.secteur == secteur || traits.secteur == Voix::Inconnue)
            + usize::from(
                traits
                    .type_projet
                    .is_none_or(|t| Some(t) == premier(TypeProjet::TOUTES, &self.types)),
            )
            + usize::from(
                traits
                    .hebergement
                    .is_none_or(|h| Some(h) == premier(Hebergement::TOUTES, &self.hebergements)),
            )
            + usize::from(traits.dedans != Some(false))
            + usize::from(traits.ecart == Ecart::Aucun)
    }
}

/// The value of most; the first of the list wins a tie.
fn premier<V: Copy>(valeurs: &[V], nombres: &[usize]) -> Option<V> {
    let choix = valeurs.iter().zip(nombres);
    choix
        .rev()
        .max_by_key(|(_, nombre)| **nombre)
        .map(|(valeur, _)| *valeur)
}

/// How many more must share a value that `nombre` share or may share, for it to be that of more than half.
fn manque(total: usize, nombre: usize) -> usize {
    if total == 0 {
        0
    } else {
        (total / 2 + 1).saturating_sub(nombre)
    }
}

fn place<'c>(rang: Option<usize>, cases: &'c mut [usize], inconnus: &'c mut usize) -> &'c mut usize {
    match rang {
        Some(rang) => &mut cases[rang],
        None => inconnus,
    }
}
