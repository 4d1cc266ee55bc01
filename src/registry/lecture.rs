//! Reading files in a thread of its own: records leave in batches of a few mebibytes, so that
//! parsing and writing overlap and memory stays the same whatever the size of the file.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use tokio::sync::mpsc::Sender;

use super::collecte::Collecte;
use super::extrait::{self, EnTete};
use super::finess_plus::{self, Arret};
use super::lignes::{Encodage, Lignes, couper};
use super::rapport::{Famille, ImportErreur};
use super::source::Source;

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
