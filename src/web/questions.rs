//! Declared fields, from their declaration to their drawing.

use super::formulaire::{Choix, ErreurChamp, Saisie};
use crate::domain::dossier::champ::{Champ, Genre, Options, Requis};
use crate::domain::dossier::lecture::{Brut, Faute};
use crate::store::solution::SolutionDui;

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

/// Options only the page knows.
#[derive(Default)]
pub struct OptionsVue {
    essms: Vec<Choix>,
    solutions: Vec<Choix>,
}

impl OptionsVue {
    /// These ESSMS, and the solutions of the referential.
    pub fn de_listes(essms: Vec<Choix>, solutions: &[SolutionDui]) -> Self {
        Self {
            essms,
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
