//! What was read of a file, gathered into batches.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::enregistrement::{EjLu, EtLu, Origine};
use super::extrait::Lu;
use super::finess_plus;
use super::lecture::{Comptes, Message, MotsOg, Rangees};
use super::rangee::Rangee;
use super::rapport::ImportErreur;
use crate::domain::finess::Finess;
use crate::store::import::Table;

/// Bytes of COPY data after which rows leave.
const LOT: usize = 1 << 20;
/// Words sent once each; beyond, the set is forgotten and some are sent again, which is harmless.
const VOCABULAIRE: usize = 200_000;
/// Numbers a file may hold, remembered to find those that come twice: France has less than 200 000
/// establishments, closed ones included.
const NUMEROS_AU_PLUS: usize = 1_000_000;
/// Characters of a rejected line kept for the report.
const EXTRAIT: usize = 160;

/// What was read of a file and not sent yet.
pub(super) struct Collecte<'a> {
    envoi: &'a Sender<Message>,
    direct: Option<(Origine, &'a mut MotsOg)>,
    tampons: BTreeMap<Table, Vec<u8>>,
    pub(super) comptes: Comptes,
    pub(super) premier_motif: Option<String>,
    mots: HashSet<String>,
    et: HashMap<Finess, u64>,
    ej: HashMap<Finess, u64>,
}

impl<'a> Collecte<'a> {
    /// With `direct`, establishments go straight to the registry, which holds none.
    pub(super) fn new(envoi: &'a Sender<Message>, direct: Option<(Origine, &'a mut MotsOg)>) -> Self {
        Self {
            envoi,
            direct,
            tampons: BTreeMap::new(),
            comptes: Comptes::default(),
            premier_motif: None,
            mots: HashSet::new(),
            et: HashMap::new(),
            ej: HashMap::new(),
        }
    }

    pub(super) fn accepter(&mut self, ligne: u64, lu: &Lu) {
        match lu {
            Lu::Et(et) => self.et(ligne, et),
            Lu::Ej(ej) => self.ej(ligne, ej),
            Lu::Lieu(lieu, redresse) => {
                self.comptes.lieux += 1;
                self.comptes.corriges += u64::from(*redresse);
                lieu.copier(ligne, self.tampon(Table::Lieux));
            }
        }
    }

    fn et(&mut self, ligne: u64, et: &EtLu) {
        if let Some(premiere) = deja_lu(&mut self.et, et.finess, ligne) {
            return self.rejeter_double(ligne, premiere, et.finess);
        }
        self.comptes.et += 1;
        let mots = et.mots();
        if let Some((origine, mots_og)) = &self.direct {
            let mots_og = mots_og.get(&et.organisme).map_or("", String::as_str);
            et.inscrire(*origine, &mots, mots_og, self.tampons.entry(Table::Essms).or_default());
        } else {
            et.copier(ligne, &mots, self.tampon(Table::Et));
        }
        self.retenir(mots);
    }

    fn ej(&mut self, ligne: u64, ej: &EjLu) {
        if let Some(premiere) = deja_lu(&mut self.ej, ej.finess, ligne) {
            return self.rejeter_double(ligne, premiere, ej.finess);
        }
        self.comptes.ej += 1;
        let mots = ej.mots();
        ej.copier(ligne, &mots, self.tampon(Table::Ej));
        if let Some((_, mots_og)) = &mut self.direct {
            mots_og.insert(ej.finess, mots.join(" "));
        }
        self.retenir(mots);
    }

    fn rejeter_double(&mut self, ligne: u64, premiere: u64, finess: Finess) {
        self.rejeter(ligne, &format!("numéro déjà lu, ligne {premiere}"), finess.as_str());
    }

    fn tampon(&mut self, table: Table) -> &mut Vec<u8> {
        self.tampons.entry(table).or_default()
    }

    /// A legal entity of FINESS+ and its establishments; their rank in the document stands for a
    /// line number. A faulty legal entity does not cost its establishments.
    pub(super) fn structure(&mut self, structure: &Value) {
        self.comptes.lus += 1;
        match finess_plus::lire_ej(structure) {
            Ok(ej) => self.ej(self.comptes.lus, &ej),
            Err(motif) => {
                let extrait = structure["informationsGeneralesPMEJ"].to_string();
                self.rejeter(self.comptes.lus, &motif.to_string(), &extrait);
            }
        }
        let organisme = &structure["informationsGeneralesPMEJ"]["numFinessPm"];
        for ege in structure["ege"].as_array().into_iter().flatten() {
            self.comptes.lus += 1;
            let rang = self.comptes.lus;
            let infos = &ege["informationsGeneralesEGE"];
            match finess_plus::lire_ege(ege, organisme.as_str().unwrap_or("")) {
                Ok(lu) => {
                    self.comptes.corriges += u64::from(lu.redressee);
                    if lu.hors_de_france {
                        self.rejeter(
                            rang,
                            "coordonnées hors de France\u{a0}: non retenues",
                            &infos.to_string(),
                        );
                    }
                    self.et(rang, &lu.et);
                }
                Err(motif) => {
                    self.vu(infos["numFinessEge"].as_str().unwrap_or(""));
                    self.rejeter(rang, &motif.to_string(), &infos.to_string());
                }
            }
        }
    }

    /// Only words that a person may mistype: numbers are not looked for by likeness.
    fn retenir(&mut self, mots: Vec<String>) {
        for mot in mots {
            let utile = mot.len() >= 3 && mot.starts_with(|c: char| c.is_ascii_alphabetic());
            if utile && !self.mots.contains(&mot) {
                let mut rangee = Rangee::new(self.tampon(Table::Mots));
                rangee.texte(Some(&mot));
                rangee.finir();
                if self.mots.len() >= VOCABULAIRE {
                    self.mots.clear();
                }
                self.mots.insert(mot);
            }
        }
    }

    pub(super) fn vu(&mut self, numero: &str) {
        if let Ok(finess) = Finess::parse(numero) {
            let mut rangee = Rangee::new(self.tampon(Table::Vus));
            rangee.texte(Some(finess.as_str()));
            rangee.finir();
        }
    }

    pub(super) fn rejeter(&mut self, ligne: u64, motif: &str, texte: &str) {
        self.comptes.rejetes += 1;
        self.premier_motif.get_or_insert_with(|| motif.to_owned());
        let extrait: String = texte.chars().take(EXTRAIT).collect();
        let mut rangee = Rangee::new(self.tampon(Table::Rejets));
        rangee.nombre(ligne);
        rangee.texte(Some(motif));
        rangee.texte(Some(&extrait));
        rangee.finir();
    }

    pub(super) fn envoyer_si_plein(&mut self) -> Result<(), ImportErreur> {
        if self.et.len().max(self.ej.len()) > NUMEROS_AU_PLUS {
            return Err(ImportErreur::TropDeNumeros);
        }
        self.envoyer(LOT)
    }

    /// Sends what is left.
    pub(super) fn finir(&mut self) -> Result<(), ImportErreur> {
        self.envoyer(1)
    }

    fn envoyer(&mut self, au_moins: usize) -> Result<(), ImportErreur> {
        let comptes = self.comptes;
        for (table, octets) in &mut self.tampons {
            if octets.len() >= au_moins {
                let octets = std::mem::take(octets);
                let table = *table;
                self.envoi
                    .blocking_send(Message::Rangees(Rangees { table, octets, comptes }))
                    .map_err(|_| ImportErreur::Interrompue)?;
            }
        }
        Ok(())
    }
}

/// The line where this number was first read, unless it is this one.
fn deja_lu(numeros: &mut HashMap<Finess, u64>, finess: Finess, ligne: u64) -> Option<u64> {
    match numeros.entry(finess) {
        Entry::Occupied(premiere) => Some(*premiere.get()),
        Entry::Vacant(place) => {
            place.insert(ligne);
            None
        }
    }
}
