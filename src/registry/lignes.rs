//! Lines of a legacy extract: bounded, decoded, cut into fields.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::{self, BufRead};

/// Longest physical line kept: the longest real record is under one kilobyte.
const LIGNE_AU_PLUS: usize = 64 * 1024;
/// Lines a quoted field may span: an unclosed quote must not swallow the file.
const LIGNES_JOINTES_AU_PLUS: usize = 5;
/// What begins a record, and so cannot be the rest of a quoted field.
const DEBUTS: [&[u8]; 3] = [b"structureet;", b"structureej;", b"geolocalisation;"];

/// How the bytes of a file are read: settled by its first line that is not plain ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encodage {
    /// Only ASCII so far.
    #[default]
    Ascii,
    /// Strict UTF-8.
    Utf8,
    /// What older extracts use.
    Windows1252,
}

impl Encodage {
    /// Its usual name.
    pub fn nom(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Why a line could not be cut into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LigneErreur {
    /// More than 64 KiB.
    #[error("ligne de plus de 64\u{a0}ko")]
    TropLongue,
    /// A file that is in UTF-8, but for this line.
    #[error("octets illisibles dans un fichier en UTF-8")]
    Octets,
    /// A quote is never closed.
    #[error("guillemet ouvert et jamais refermé")]
    Guillemet,
}

/// A record: its first line's number, its text, and whether it can be cut.
#[derive(Debug, PartialEq, Eq)]
pub struct Enregistrement {
    /// Number of its first line, from 1.
    pub ligne: u64,
    /// Its text, however wrong, for the report.
    pub texte: String,
    /// What is wrong with it, if anything is.
    pub erreur: Option<LigneErreur>,
}

/// Reads records one at a time.
pub struct Lignes<R> {
    flux: R,
    numero: u64,
    attente: VecDeque<(u64, Vec<u8>, bool)>,
    encodage: Encodage,
}

impl<R: BufRead> Lignes<R> {
    /// Reads `flux` from its first line.
    pub fn new(flux: R) -> Self {
        Self {
            flux,
            numero: 0,
            attente: VecDeque::new(),
            encodage: Encodage::default(),
        }
    }

    /// The encoding, as far as the file was read.
    pub fn encodage(&self) -> Encodage {
        self.encodage
    }

    /// The next record that is not blank.
    ///
    /// # Errors
    /// The stream's.
    pub fn suivant(&mut self) -> io::Result<Option<Enregistrement>> {
        loop {
            let Some((ligne, octets, entiere)) = self.physique()? else {
                return Ok(None);
            };
            let (texte, lisible) = self.decoder(&octets);
            if texte.trim().is_empty() {
                continue;
            }
            let erreur = match (entiere, lisible) {
                (false, _) => Some(LigneErreur::TropLongue),
                (true, false) => Some(LigneErreur::Octets),
                (true, true) => None,
            };
            if erreur.is_none() && couper(&texte).is_none() {
                return self.joindre(ligne, texte).map(Some);
            }
            return Ok(Some(Enregistrement { ligne, texte, erreur }));
        }
    }

    /// Appends the lines that follow until the quote closes; gives them back if it never does.
    fn joindre(&mut self, ligne: u64, premiere: String) -> io::Result<Enregistrement> {
        let mut lues = Vec::new();
        let mut texte = premiere.clone();
        while lues.len() < LIGNES_JOINTES_AU_PLUS {
            let Some(suite) = self.physique()? else { break };
            let autre_enregistrement = !suite.2 || DEBUTS.iter().any(|debut| suite.1.starts_with(debut));
            if !autre_enregistrement {
                texte.push('\n');
                texte.push_str(&self.decoder(&suite.1).0);
            }
            lues.push(suite);
            if autre_enregistrement {
                break;
            }
            if couper(&texte).is_some() {
                let erreur = None;
                return Ok(Enregistrement { ligne, texte, erreur });
            }
        }
        for suite in lues.into_iter().rev() {
            self.attente.push_front(suite);
        }
        Ok(Enregistrement {
            ligne,
            texte: premiere,
            erreur: Some(LigneErreur::Guillemet),
        })
    }

    /// Number, bytes without the end of line, and whether they are all there.
    fn physique(&mut self) -> io::Result<Option<(u64, Vec<u8>, bool)>> {
        if let Some(ligne) = self.attente.pop_front() {
            return Ok(Some(ligne));
        }
        let mut octets = Vec::with_capacity(512);
        let mut entiere = true;
        let mut lu = false;
        loop {
            let tampon = self.flux.fill_buf()?;
            if tampon.is_empty() {
                break;
            }
            lu = true;
            let fin = tampon.iter().position(|o| *o == b'\n');
            let utile = &tampon[..fin.unwrap_or(tampon.len())];
            let place = LIGNE_AU_PLUS.saturating_sub(octets.len());
            octets.extend_from_slice(&utile[..utile.len().min(place)]);
            entiere &= utile.len() <= place;
            let consomme = utile.len() + usize::from(fin.is_some());
            self.flux.consume(consomme);
            if fin.is_some() {
                break;
            }
        }
        if !lu {
            return Ok(None);
        }
        if octets.last() == Some(&b'\r') {
            octets.pop();
        }
        self.numero += 1;
        if self.numero == 1 && octets.starts_with(b"\xef\xbb\xbf") {
            octets.drain(..3);
        }
        Ok(Some((self.numero, octets, entiere)))
    }

    fn decoder(&mut self, octets: &[u8]) -> (String, bool) {
        match (std::str::from_utf8(octets), self.encodage) {
            (Ok(texte), Encodage::Windows1252) if !texte.is_ascii() => (windows_1252(octets), true),
            (Ok(texte), encodage) => {
                if encodage == Encodage::Ascii && !texte.is_ascii() {
                    self.encodage = Encodage::Utf8;
                }
                (texte.to_owned(), true)
            }
            (Err(_), Encodage::Utf8) => (String::from_utf8_lossy(octets).into_owned(), false),
            (Err(_), Encodage::Ascii | Encodage::Windows1252) => {
                self.encodage = Encodage::Windows1252;
                (windows_1252(octets), true)
            }
        }
    }
}

fn windows_1252(octets: &[u8]) -> String {
    let (texte, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(octets);
    texte.into_owned()
}

/// The fields of a record: `;` separates, RFC 4180 quotes; a quote inside an unquoted field is a
/// character like another. `None` when a quoted field is never closed.
pub fn couper(texte: &str) -> Option<Vec<Cow<'_, str>>> {
    if !texte.contains('"') {
        return Some(texte.split(';').map(|champ| Cow::Borrowed(champ.trim())).collect());
    }
    let mut champs = Vec::with_capacity(32);
    let mut reste = texte;
    loop {
        if let Some(cite) = reste.strip_prefix('"') {
            let (champ, suite) = champ_cite(cite)?;
            champs.push(Cow::Owned(champ.trim().to_owned()));
            match suite.split_once(';') {
                Some((_, apres)) => reste = apres,
                None => return Some(champs),
            }
        } else {
            let Some((champ, apres)) = reste.split_once(';') else {
                champs.push(Cow::Borrowed(reste.trim()));
                return Some(champs);
            };
            champs.push(Cow::Borrowed(champ.trim()));
            reste = apres;
        }
    }
}

/// The content of a quoted field, and what follows its closing quote.
fn champ_cite(mut reste: &str) -> Option<(String, &str)> {
    let mut champ = String::new();
    loop {
        let (avant, apres) = reste.split_once('"')?;
        champ.push_str(avant);
        match apres.strip_prefix('"') {
            Some(suite) => {
                champ.push('"');
                reste = suite;
            }
            None => return Some((champ, apres)),
        }
    }
}

#[cfg(test)]
#[path = "lignes_tests.rs"]
mod tests;
