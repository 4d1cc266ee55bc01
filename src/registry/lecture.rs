//! Reading files in a thread of its own: records leave in batches of a mebibyte, so that
//! parsing and writing overlap and memory stays the same whatever the size of the file.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use tokio::sync::mpsc::Sender;

use super::collecte::Collecte;
use super::enregistrement::Origine;
use super::extrait::{self, EnTete};
use super::finess_plus::{self, Arret};
use super::lignes::{Encodage, Lignes, couper};
use super::rapport::{Famille, ImportErreur};
use super::source::Source;
use crate::domain::finess::Finess;
use crate::store::import::Table;

/// Rows ready to be copied into one table.
#[derive(Debug)]
pub struct Rangees {
    /// Which.
    pub table: Table,
    /// The rows, in binary COPY format.
    pub octets: Vec<u8>,
    /// Counts so far.
    pub comptes: Comptes,
}

/// Words of the OGs, by number: establishments are found by them too.
pub type MotsOg = HashMap<Finess, String>;

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
    /// Generated for demonstration.
    pub fictif: bool,
    /// Its establishments went straight to the registry.
    pub direct: bool,
    /// Counts.
    pub comptes: Comptes,
    /// Why the first rejected line was.
    pub premier_motif: Option<String>,
}

/// What the reading thread sends.
#[derive(Debug)]
pub enum Message {
    /// Rows of the file at hand.
    Rangees(Rangees),
    /// The file is over.
    Fin(Box<FichierLu>),
}

impl Message {
    /// Whether it holds rows for this table.
    pub fn est_pour(&self, table: Table) -> bool {
        matches!(self, Self::Rangees(rangees) if rangees.table == table)
    }
}

/// Reads every file of the source, sending what it holds. `premier` is given when the registry holds
/// no establishment: those of the first file go straight to it, when its first line gives its date.
///
/// # Errors
/// [`ImportErreur`]; nothing is sent after it.
pub fn lire(
    source: Source,
    octets: &Arc<AtomicU64>,
    envoi: &Sender<Message>,
    mut premier: Option<MotsOg>,
) -> Result<(), ImportErreur> {
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
        let lu = if json {
            lire_finess_plus(nom, flux, envoi)?
        } else {
            lire_extrait(nom, flux, envoi, premier.as_mut())?
        };
        if lu.comptes.et > 0 {
            premier = None;
        }
        envoi
            .blocking_send(Message::Fin(Box::new(lu)))
            .map_err(|_| ImportErreur::Interrompue)
    })
}

fn lire_extrait(
    nom: &str,
    flux: &mut dyn BufRead,
    envoi: &Sender<Message>,
    premier: Option<&mut MotsOg>,
) -> Result<FichierLu, ImportErreur> {
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
    let fictif = flux.to_lowercase().starts_with("fictif");
    let direct = premier.is_some();
    let mut collecte = Collecte::new(envoi, premier.map(|mots_og| (Origine { date, fictif }, mots_og)));
    let parcours = lire_lignes(&mut lignes, &mut collecte, en_erreur);
    // What was rejected before the fault is reported with it.
    collecte.finir()?;
    parcours?;
    Ok(FichierLu {
        nom: nom.to_owned(),
        famille: Famille::Extrait,
        flux,
        date,
        encodage: lignes.encodage(),
        fictif,
        direct,
        comptes: collecte.comptes,
        premier_motif: collecte.premier_motif,
    })
}

fn lire_lignes(
    lignes: &mut Lignes<&mut dyn BufRead>,
    collecte: &mut Collecte<'_>,
    en_erreur: impl Fn(std::io::Error) -> ImportErreur,
) -> Result<(), ImportErreur> {
    while let Some(ligne) = lignes.suivant().map_err(&en_erreur)? {
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
    Ok(())
}

fn lire_finess_plus(nom: &str, flux: &mut dyn BufRead, envoi: &Sender<Message>) -> Result<FichierLu, ImportErreur> {
    let mut collecte = Collecte::new(envoi, None);
    let document = finess_plus::parcourir(flux, &mut |structure| {
        collecte.structure(&structure);
        collecte.envoyer_si_plein().map_err(|_| Arret)
    })
    .map_err(|cause| ImportErreur::Json {
        fichier: nom.to_owned(),
        cause,
    });
    collecte.finir()?;
    let document = document?;
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
    Ok(FichierLu {
        nom: nom.to_owned(),
        famille: Famille::FinessPlus,
        fictif: document.version.to_lowercase().starts_with("fictif"),
        flux: document.version,
        date,
        encodage: Encodage::Utf8,
        direct: false,
        comptes: collecte.comptes,
        premier_motif: collecte.premier_motif,
    })
}
