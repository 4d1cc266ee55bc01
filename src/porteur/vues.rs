//! View structs that several pages of the porteur share.

use uuid::Uuid;

use super::atelier::Atelier;
use super::doubles::{liens, precision};
use crate::domain::dossier::{Etape, EtapeEnregistree};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Resultat};
use crate::rules::evaluation::Evaluation;
use crate::rules::recevable::blocages;
use crate::rules::regle::CodeRegle;
use crate::store::entourage::Double;
use crate::store::journal::ChampChange;
use crate::store::solution::SolutionDui;
use crate::web::aide_regle;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::formulaire::Choix;
pub use crate::web::questions::{ChampVue, OptionsVue, refuser};
pub use crate::web::vue::instant;

/// Constats as cards: with the names of the ESSMS, and a link to where each is mended.
pub fn cartes(atelier: &Atelier<'_>, constats: &[&Constat], ici: Option<Etape>) -> Vec<VueConstat> {
    let nom = |finess: &str| {
        let numero = crate::domain::finess::Finess::parse(finess).ok()?;
        atelier.contexte.registre.get(&numero).map(|e| e.nom.clone())
    };
    constats
        .iter()
        .map(|constat| {
            let mut carte = VueConstat::from(*constat).nommer(nom).expliquer(&atelier.edition.code);
            carte.aide = aide_regle::liens(&atelier.dossier.edition, &constat.code);
            if constat.code == CodeRegle::EliE05.code() {
                nommer_les_doubles(&mut carte, &atelier.contexte.doubles);
            }
            let (page, libelle) = correction(atelier.dossier.id, constat);
            let deja_la = ici.is_some_and(|etape| chemins::etape(atelier.dossier.id, etape) == page);
            if constat.resultat == Resultat::Satisfait || deja_la {
                carte
            } else {
                carte.corriger(page, libelle)
            }
        })
        .collect()
}

/// Of the ESSMS engaged elsewhere, says which of one's own dossiers engages them.
fn nommer_les_doubles(carte: &mut VueConstat, doubles: &[Double]) {
    carte.ailleurs = liens(doubles);
    for essms in &mut carte.essms {
        let numero = Finess::parse(&essms.finess).ok();
        if let Some(precision) = numero.and_then(|n| precision(doubles, n)) {
            essms.message = format!("{} {precision}", essms.message);
        }
    }
}

/// What stands against a deposit; the aggregate REC-01 is left out when its causes are there.
pub fn bloquants(evaluation: &Evaluation) -> Vec<&Constat> {
    let tous: Vec<&Constat> = blocages(evaluation).collect();
    let cause = tous.iter().any(|c| c.code.starts_with("ELI-"));
    tous.into_iter().filter(|c| !(cause && c.code == "REC-01")).collect()
}

/// Where what a constat reproaches is mended, and what to call that page.
fn correction(dossier: Uuid, constat: &Constat) -> (String, &'static str) {
    let composition = constat.code.starts_with("ELI-E") || constat.code == "ELI-G01";
    if composition && constat.resultat == Resultat::NonSatisfait {
        return (chemins::grappe(dossier), "Aller à la grappe");
    }
    if constat.code == "REC-02E" {
        return (chemins::pieces(dossier), "Aller aux pièces");
    }
    let etape = super::atelier::etape_de(&constat.code);
    (chemins::etape(dossier, etape), etape.libelle())
}

/// Fields drawn together, under a title.
pub struct BlocVue {
    /// Title.
    pub titre: String,
    /// Fields.
    pub champs: Vec<ChampVue>,
}

impl OptionsVue {
    /// The options of a dossier.
    pub fn nouvelles(atelier: &Atelier<'_>, solutions: &[SolutionDui]) -> Self {
        let essms = atelier.dossier.essms.iter().map(|e| {
            let connu = atelier.contexte.registre.get(&e.finess);
            let nom = connu.map_or("ESSMS inconnu du répertoire", |c| c.nom.as_str());
            Choix::nouveau(e.finess.to_string(), format!("{nom} ({})", e.finess))
        });
        Self::de_listes(essms.collect(), solutions)
    }
}

/// The step after this one.
pub fn suivante(etape: Etape) -> Option<Etape> {
    let rang = Etape::TOUTES.iter().position(|e| *e == etape)?;
    Etape::TOUTES.get(rang + 1).copied()
}

/// An answer that two people changed: what is stored, what was just typed.
pub struct Conflit {
    /// What the question is called.
    pub libelle: String,
    /// What is stored.
    pub enregistre: String,
    /// What was just typed.
    pub saisi: String,
    /// Who stored, and when.
    pub par: String,
}

/// The answers that two people changed, of a step that one of them has just saved.
pub fn conflits(enregistree: Option<&EtapeEnregistree>, changes: Vec<ChampChange>) -> Vec<Conflit> {
    let par = enregistree
        .map(|e| format!("{}, le {}", e.modifie_par, instant(e.modifie_le)))
        .unwrap_or_default();
    changes
        .into_iter()
        .map(|c| Conflit {
            libelle: c.libelle,
            enregistre: c.avant,
            saisi: c.apres,
            par: par.clone(),
        })
        .collect()
}
