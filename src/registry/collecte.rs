//! What was read of a file, gathered into batches.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::enregistrement::{EjLu, EtLu, Rangee};
use super::extrait::Lu;
use super::finess_plus;
use super::lecture::{Comptes, FichierLu, Lot, Message};
use super::lignes::Encodage;
use super::rapport::{Famille, ImportErreur};
use crate::domain::finess::Finess;

/// Bytes of COPY data after which a batch leaves. Each COPY ends by a small packet that waits for the
/// acknowledgement of the one before, 40 ms over TCP: batches are large to have few of them.
const LOT: usize = 4 << 20;
/// Words sent once each; beyond, the set is forgotten and some are sent again, which is harmless.
const VOCABULAIRE: usize = 200_000;
/// Characters of a rejected line kept for the report.
const EXTRAIT: usize = 160;

/// What was read of a file and not sent yet.
pub(super) struct Collecte<'a> {
    envoi: &'a Sender<Message>,
    lot: Lot,
    pub(super) comptes: Comptes,
    mots: HashSet<String>,
    premier_motif: Option<String>,
}

impl<'a> Collecte<'a> {
    pub(super) fn new(envoi: &'a Sender<Message>) -> Self {
        Self {
            envoi,
            lot: Lot::default(),
            comptes: Comptes::default(),
            mots: HashSet::new(),
            premier_motif: None,
        }
    }

    pub(super) fn accepter(&mut self, ligne: u64, lu: &Lu) {
        match lu {
            Lu::Et(et) => self.et(ligne, et),
            Lu::Ej(ej) => self.ej(ligne, ej),
            Lu::Lieu(lieu, redresse) => {
                self.comptes.lieux += 1;
                self.comptes.corriges += u64::from(*redresse);
                lieu.copier(ligne, &mut self.lot.lieux);
            }
        }
    }

    fn et(&mut self, ligne: u64, et: &EtLu) {
        self.comptes.et += 1;
        let mots = et.mots();
        et.copier(ligne, &mots, &mut self.lot.et);
        self.retenir(mots);
    }

    fn ej(&mut self, ligne: u64, ej: &EjLu) {
        self.comptes.ej += 1;
        let mots = ej.mots();
        ej.copier(ligne, &mots, &mut self.lot.ej);
        self.retenir(mots);
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
                let mut rangee = Rangee::new(&mut self.lot.mots);
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
            let mut rangee = Rangee::new(&mut self.lot.vus);
            rangee.valeur(Some(finess));
            rangee.finir();
        }
    }

    pub(super) fn rejeter(&mut self, ligne: u64, motif: &str, texte: &str) {
        self.comptes.rejetes += 1;
        self.premier_motif.get_or_insert_with(|| motif.to_owned());
        let extrait: String = texte.chars().take(EXTRAIT).collect();
        let mut rangee = Rangee::new(&mut self.lot.rejets);
        rangee.valeur(Some(ligne));
        rangee.texte(Some(motif));
        rangee.texte(Some(&extrait));
        rangee.finir();
    }

    pub(super) fn envoyer_si_plein(&mut self) -> Result<(), ImportErreur> {
        let lot = &self.lot;
        let taille = lot.et.len() + lot.ej.len() + lot.lieux.len() + lot.rejets.len();
        if taille < LOT { Ok(()) } else { self.envoyer() }
    }

    fn envoyer(&mut self) -> Result<(), ImportErreur> {
        let mut lot = std::mem::take(&mut self.lot);
        lot.comptes = self.comptes;
        // Words, few and small, wait for the end of the file.
        self.lot.mots = std::mem::take(&mut lot.mots);
        self.envoi
            .blocking_send(Message::Lot(lot))
            .map_err(|_| ImportErreur::Interrompue)
    }

    pub(super) fn finir(
        mut self,
        nom: &str,
        famille: Famille,
        flux: String,
        date: NaiveDate,
        encodage: Encodage,
    ) -> Result<FichierLu, ImportErreur> {
        self.envoyer()?;
        self.envoi
            .blocking_send(Message::Lot(Lot {
                mots: std::mem::take(&mut self.lot.mots),
                comptes: self.comptes,
                ..Lot::default()
            }))
            .map_err(|_| ImportErreur::Interrompue)?;
        Ok(FichierLu {
            nom: nom.to_owned(),
            famille,
            flux,
            date,
            encodage,
            comptes: self.comptes,
            premier_motif: self.premier_motif,
        })
    }
}
