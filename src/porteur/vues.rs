//! View structs that several pages of the porteur share.

use uuid::Uuid;

use super::atelier::Atelier;
use super::doubles::{liens, precision};
use crate::domain::dossier::champ::{Champ, Genre, Options, Requis};
use crate::domain::dossier::lecture::{Brut, Faute};
use crate::domain::dossier::{Etape, EtapeEnregistree};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Resultat};
use crate::rules::evaluation::Evaluation;
use crate::rules::recevable::blocages;
use crate::rules::regle::CodeRegle;
use crate::store::dossiers::Double;
use crate::store::journal::ChampChange;
use crate::store::solution::SolutionDui;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
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

/// A field as the template draws it.
pub struct ChampVue {
    /// Name in the form.
    pub nom: String,
    /// Label.
    pub libelle: &'static str,
    /// Help.
    pub aide: &'static str,
    /// Which input.
    pub genre: Genre,
    /// Whether it is never needed.
    pub facultatif: bool,
    /// Options of a list, radios or checkboxes.
    pub options: Vec<Choix>,
    /// Questions that one of the options calls for.
    pub reveles: Vec<Revele>,
}

/// A question shown under the answer that calls for it.
pub struct Revele {
    /// The answer.
    pub valeur: &'static str,
    /// The question.
    pub champ: ChampVue,
}

impl Revele {
    /// Whether it is shown apart: refused, while another answer than the one that calls for it is chosen.
    pub fn a_part(&self, question: &ChampVue, saisie: &Saisie) -> bool {
        saisie.erreur(&self.champ.nom).is_some() && !saisie.contient(&question.nom, self.valeur)
    }
}

/// Fields drawn together, under a title.
pub struct BlocVue {
    /// Title.
    pub titre: String,
    /// Fields.
    pub champs: Vec<ChampVue>,
}

/// Options only the page knows.
#[derive(Default)]
pub struct OptionsVue {
    essms: Vec<Choix>,
    solutions: Vec<Choix>,
}

impl OptionsVue {
    /// The options of a dossier.
    pub fn nouvelles(atelier: &Atelier<'_>, solutions: &[SolutionDui]) -> Self {
        let essms = atelier.dossier.essms.iter().map(|e| {
            let connu = atelier.contexte.registre.get(&e.finess);
            let nom = connu.map_or("ESSMS inconnu du répertoire", |c| c.nom.as_str());
            Choix::nouveau(e.finess.to_string(), format!("{nom} ({})", e.finess))
        });
        Self {
            essms: essms.collect(),
            solutions: solutions.iter().map(choix_de_solution).collect(),
        }
    }

    /// Whether an option may be chosen.
    pub fn permet(&self, options: Options, valeur: &str) -> bool {
        self.de(options).iter().any(|c| c.valeur == valeur)
    }

    /// The options themselves.
    pub fn choix(&self, options: Options) -> Vec<Choix> {
        self.de(options).to_vec()
    }

    fn de(&self, options: Options) -> &[Choix] {
        match options {
            Options::EssmsDeLaGrappe => &self.essms,
            Options::Solutions => &self.solutions,
        }
    }

    /// Stored values of a field, in words.
    pub fn en_clair(&self, champ: &Champ, valeurs: &[String]) -> String {
        match (champ.genre, valeurs.first()) {
            (Genre::Parmi(options), Some(valeur)) => self
                .de(options)
                .iter()
                .find(|c| c.valeur == *valeur)
                .map_or_else(|| valeur.clone(), |c| c.libelle.clone().into_owned()),
            _ => crate::domain::dossier::lecture::en_clair(champ, valeurs),
        }
    }
}

fn choix_de_solution(s: &SolutionDui) -> Choix {
    let reference = match (s.segur, s.sad) {
        (true, true) => "référencée Ségur et SAD",
        (true, false) => "référencée Ségur",
        (false, true) => "référencée SAD",
        (false, false) => "non référencée",
    };
    let fictif = if s.fictif { ", fictive" } else { "" };
    Choix::nouveau(
        s.id.to_string(),
        format!("{} {} — {} ({reference}{fictif})", s.nom, s.version, s.editeur),
    )
}

impl ChampVue {
    /// Most characters of a long text; 0 for another field.
    pub fn maximum(&self) -> usize {
        match self.genre {
            Genre::Zone(maximum) => maximum,
            _ => 0,
        }
    }

    /// Whether it is drawn as radios: yes or no, and answers that call for more questions.
    pub fn en_radios(&self) -> bool {
        self.genre == Genre::OuiNon || !self.reveles.is_empty()
    }

    /// The drawing of fields whose names carry this prefix in the form; a question that another one's answer
    /// calls for stands under that answer.
    pub fn liste(champs: &'static [Champ], prefixe: &str, options: &OptionsVue) -> Vec<Self> {
        let mut vues: Vec<Self> = Vec::new();
        for champ in champs {
            let vue = Self::nouveau(champ, prefixe, options);
            let condition = match champ.requis {
                Requis::Si(autre, valeur) => Some((format!("{prefixe}{autre}"), valeur)),
                Requis::Oui | Requis::Non => None,
            };
            match condition.and_then(|(nom, valeur)| Some((vues.iter_mut().find(|v| v.nom == nom)?, valeur))) {
                Some((parent, valeur)) => parent.reveler(valeur, vue),
                None => vues.push(vue),
            }
        }
        vues
    }

    fn reveler(&mut self, valeur: &'static str, champ: Self) {
        for option in self.options.iter_mut().filter(|o| o.valeur == valeur) {
            option.suite = true;
        }
        self.reveles.push(Revele { valeur, champ });
    }

    /// The drawing of a field whose name carries this prefix in the form.
    fn nouveau(champ: &'static Champ, prefixe: &str, options: &OptionsVue) -> Self {
        let codes = |liste: &'static [(&'static str, &'static str)]| {
            liste
                .iter()
                .map(|(code, libelle)| Choix::nouveau(*code, *libelle))
                .collect()
        };
        Self {
            nom: format!("{prefixe}{}", champ.nom),
            libelle: champ.libelle,
            aide: champ.aide,
            genre: champ.genre,
            facultatif: champ.requis == Requis::Non,
            options: match champ.genre {
                Genre::Choix(liste) | Genre::Cases(liste) => codes(liste),
                Genre::OuiNon => codes(&[("oui", "Oui"), ("non", "Non")]),
                Genre::Parmi(o) => options.de(o).to_vec(),
                _ => Vec::new(),
            },
            reveles: Vec::new(),
        }
    }
}

impl Brut for Saisie {
    fn valeurs(&self, nom: &str) -> &[String] {
        Self::valeurs(self, nom)
    }

    fn nombre_de_lignes(&self, nom: &str) -> usize {
        self.noms()
            .filter_map(|n| {
                n.strip_prefix(nom)?
                    .strip_prefix('-')?
                    .split_once('-')?
                    .0
                    .parse::<usize>()
                    .ok()
            })
            .max()
            .map_or(0, |dernier| dernier.saturating_add(1))
    }
}

/// Marks the fields that could not be read; `libelle` tells what each is called.
pub fn refuser(saisie: &mut Saisie, fautes: &[(String, Faute)], libelle: impl Fn(&str) -> String) {
    for (nom, faute) in fautes {
        saisie.refuser(nom.clone(), &libelle(nom), &ErreurChamp::Motif(faute.to_string()));
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
