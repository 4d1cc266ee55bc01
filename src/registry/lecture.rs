//! Reading files in a thread of its own: records leave in batches of about a mebibyte, so that
//! parsing and writing overlap and memory stays the same whatever the size of the file.

use std::collections::HashSet;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::enregistrement::{EjLu, EtLu, Rangee};
use super::extrait::{self, EnTete, Lu};
use super::finess_plus::{self, Arret};
use super::lignes::{Encodage, Lignes, couper};
use super::rapport::{Famille, ImportErreur};
use super::source::Source;
use crate::domain::finess::Finess;

/// Bytes of COPY data after which a batch leaves.
const LOT: usize = 1 << 20;
/// Words sent once each; beyond, the set is forgotten and some are sent again, which is harmless.
const VOCABULAIRE: usize = 200_000;
/// Characters of a rejected line kept for the report.
const EXTRAIT: usize = 160;

/// Rows ready to be copied into the staging tables.
#[derive(Debug, Default)]
pub struct Lot {
    /// Establishments.
    pub et: Vec<u8>,
    /// Legal entities.
    pub ej: Vec<u8>,
    /// Places.
    pub lieux: Vec<u8>,
    /// Words.
    pub mots: Vec<u8>,
    /// Rejected lines.
    pub rejets: Vec<u8>,
    /// Numbers of rejected establishments: read, so not to be closed.
    pub vus: Vec<u8>,
    /// Counts so far.
    pub comptes: Comptes,
}

/// Counts of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Comptes {
    /// Lines or entities read.
    pub lus: u64,
    /// Among them, rejected.
    pub rejetes: u64,
    /// Coordinates put right.
    pub corriges: u64,
    /// Establishments accepted.
    pub et: u64,
    /// Legal entities accepted.
    pub ej: u64,
    /// Places accepted.
    pub lieux: u64,
}

/// A file read to its end.
#[derive(Debug)]
pub struct FichierLu {
    /// Name.
    pub nom: String,
    /// Family.
    pub famille: Famille,
    /// Flow or version.
    pub flux: String,
    /// Date of the data.
    pub date: NaiveDate,
    /// How its bytes were read.
    pub encodage: Encodage,
    /// Counts.
    pub comptes: Comptes,
    /// Why the first rejected line was.
    pub premier_motif: Option<String>,
}

/// What the reading thread sends.
#[derive(Debug)]
pub enum Message {
    /// A batch of the file at hand.
    Lot(Lot),
    /// The file is over.
    Fin(Box<FichierLu>),
}

/// Reads every file of the source, sending what it holds.
///
/// # Errors
/// [`ImportErreur`]; nothing is sent after it.
pub fn lire(source: Source, octets: &Arc<AtomicU64>, envoi: &Sender<Message>) -> Result<(), ImportErreur> {
    octets.store(0, Ordering::Relaxed);
    source.parcourir(octets, |nom, flux| {
        let debut = flux.fill_buf().map_err(|cause| ImportErreur::Lecture {
            fichier: nom.to_owned(),
            cause,
        })?;
        let json = debut
            .iter()
            .find(|o| !o.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(o))
            == Some(&b'{');
        let collecte = Collecte::new(envoi);
        let lu = if json {
            lire_finess_plus(nom, flux, collecte)?
        } else {
            lire_extrait(nom, flux, collecte)?
        };
        envoi
            .blocking_send(Message::Fin(Box::new(lu)))
            .map_err(|_| ImportErreur::Interrompue)
    })
}

fn lire_extrait(nom: &str, flux: &mut dyn BufRead, mut collecte: Collecte<'_>) -> Result<FichierLu, ImportErreur> {
    let en_erreur = |cause| ImportErreur::Lecture {
        fichier: nom.to_owned(),
        cause,
    };
    let mut lignes = Lignes::new(flux);
    let premiere = lignes.suivant().map_err(en_erreur)?;
    let EnTete { flux, date } = premiere
        .and_then(|ligne| extrait::lire_en_tete(&ligne.texte))
        .ok_or_else(|| ImportErreur::NonReconnu {
            fichier: nom.to_owned(),
        })?;
    while let Some(ligne) = lignes.suivant().map_err(en_erreur)? {
        collecte.comptes.lus += 1;
        match (ligne.erreur, couper(&ligne.texte)) {
            (None, Some(champs)) => match extrait::lire(&champs) {
                Ok(lu) => collecte.accepter(ligne.ligne, &lu),
                Err(motif) => {
                    if champs[0] == "structureet" {
                        collecte.vu(champs.get(1).map_or("", |champ| champ.as_ref()));
                    }
                    collecte.rejeter(ligne.ligne, &motif.to_string(), &ligne.texte);
                }
            },
            (erreur, _) => {
                // Fields before the fault are readable often enough for the number to be known.
                collecte.vu(ligne.texte.split(';').nth(1).unwrap_or(""));
                let motif = erreur.map_or_else(|| "ligne illisible".to_owned(), |e| e.to_string());
                collecte.rejeter(ligne.ligne, &motif, &ligne.texte);
            }
        }
        collecte.envoyer_si_plein()?;
    }
    let encodage = lignes.encodage();
    collecte.finir(nom, Famille::Extrait, flux, date, encodage)
}

fn lire_finess_plus(nom: &str, flux: &mut dyn BufRead, mut collecte: Collecte<'_>) -> Result<FichierLu, ImportErreur> {
    let document = finess_plus::parcourir(flux, &mut |structure| {
        collecte.structure(&structure);
        collecte.envoyer_si_plein().map_err(|_| Arret)
    })
    .map_err(|cause| ImportErreur::Json {
        fichier: nom.to_owned(),
        cause,
    })?;
    if !document.avec_structures {
        return Err(ImportErreur::NonReconnu {
            fichier: nom.to_owned(),
        });
    }
    let date = extrait::date(&document.date, "generatedAt")
        .ok()
        .flatten()
        .ok_or_else(|| ImportErreur::SansDate {
            fichier: nom.to_owned(),
        })?;
    collecte.finir(nom, Famille::FinessPlus, document.version, date, Encodage::Utf8)
}

/// What was read of a file and not sent yet.
struct Collecte<'a> {
    envoi: &'a Sender<Message>,
    lot: Lot,
    comptes: Comptes,
    mots: HashSet<String>,
    premier_motif: Option<String>,
}

impl<'a> Collecte<'a> {
    fn new(envoi: &'a Sender<Message>) -> Self {
        Self {
            envoi,
            lot: Lot::default(),
            comptes: Comptes::default(),
            mots: HashSet::new(),
            premier_motif: None,
        }
    }

    fn accepter(&mut self, ligne: u64, lu: &Lu) {
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
    fn structure(&mut self, structure: &Value) {
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
                        self.rejeter(rang, "coordonnées hors de France : non retenues", &infos.to_string());
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

    fn vu(&mut self, numero: &str) {
        if let Ok(finess) = Finess::parse(numero) {
            let mut rangee = Rangee::new(&mut self.lot.vus);
            rangee.valeur(Some(finess));
            rangee.finir();
        }
    }

    fn rejeter(&mut self, ligne: u64, motif: &str, texte: &str) {
        self.comptes.rejetes += 1;
        self.premier_motif.get_or_insert_with(|| motif.to_owned());
        let extrait: String = texte.chars().take(EXTRAIT).collect();
        let mut rangee = Rangee::new(&mut self.lot.rejets);
        rangee.valeur(Some(ligne));
        rangee.texte(Some(motif));
        rangee.texte(Some(&extrait));
        rangee.finir();
    }

    fn envoyer_si_plein(&mut self) -> Result<(), ImportErreur> {
        let lot = &self.lot;
        let taille = lot.et.len() + lot.ej.len() + lot.lieux.len() + lot.rejets.len();
        if taille < LOT { Ok(()) } else { self.envoyer() }
    }

    fn envoyer(&mut self) -> Result<(), ImportErreur> {
        let mut lot = std::mem::take(&mut self.lot);
        lot.comptes = self.comptes;
        self.envoi
            .blocking_send(Message::Lot(lot))
            .map_err(|_| ImportErreur::Interrompue)
    }

    fn finir(
        mut self,
        nom: &str,
        famille: Famille,
        flux: String,
        date: NaiveDate,
        encodage: Encodage,
    ) -> Result<FichierLu, ImportErreur> {
        self.envoyer()?;
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
