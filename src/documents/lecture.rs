//! A spreadsheet that a person sends, as rows of texts: XLSX or CSV, told apart by content, within bounds that
//! are checked before anything is held in memory. Formulas are never evaluated: the last value that the
//! spreadsheet itself computed is read.
//!
//! ODS is not read: its reader holds a sheet whole, repeated cells included, and a file of one kilobyte can
//! repeat a cell a billion times.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::feuille::sans_garde;

/// A file of this size holds ten times the ESSMS of the largest OG.
pub const OCTETS_AU_PLUS: usize = 5_000_000;
/// What an XLSX may become once decompressed.
const DECOMPRESSES_AU_PLUS: u64 = 50_000_000;
/// Parts of an XLSX: some ten, more when it has many sheets.
const PARTIES_AU_PLUS: usize = 1_000;
/// Rows read. The largest OG of the registry has some hundreds of ESSMS.
pub const LIGNES_AU_PLUS: usize = 5_000;
/// Columns read.
pub const COLONNES_AU_PLUS: usize = 100;
/// Octets of all the cells together: they wait in the database.
const TEXTE_AU_PLUS: usize = 5_000_000;
/// The headings are looked for in so many rows: titles and logos stand above them.
const ENTETES_DANS: usize = 20;
/// Characters of a cell: no answer is longer.
const LETTRES_AU_PLUS: usize = 5_000;

/// A table as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tableau {
    /// Headings.
    pub entetes: Vec<String>,
    /// Rows that hold something, below.
    pub lignes: Vec<Ligne>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ligne {
    /// Its number in the file, from 1, as a spreadsheet shows it.
    pub numero: usize,
    /// Its cells, as many as there are headings.
    pub cellules: Vec<String>,
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Illisible {
    /// No row with something in it below the headings.
    #[error("ce fichier ne contient aucune ligne sous ses en-têtes")]
    Vide,
    /// More than the bounds.
    #[error("ce fichier est trop grand\u{a0}: {0} au plus")]
    TropGrand(&'static str),
    /// An old or foreign format.
    #[error(
        "ce format n’est pas lu\u{a0}; dans votre tableur, choisissez «\u{a0}Enregistrer sous\u{a0}» puis XLSX ou CSV"
    )]
    Format,
    /// An XLSX that cannot be opened: cut, or protected by a password.
    #[error("ce classeur est abîmé ou protégé par un mot de passe\u{a0}; enregistrez-le de nouveau, sans mot de passe")]
    Abime,
}

/// Reads the first sheet. The headings are its first row of which `reconnu` knows a cell, or else its first.
///
/// # Errors
/// [`Illisible`].
pub fn lire(octets: &[u8], reconnu: impl Fn(&str) -> bool) -> Result<Tableau, Illisible> {
    let mut lignes = rangees(octets)?;
    let rang = rang_des_entetes(&lignes, reconnu).unwrap_or_default();
    if lignes.len() <= rang + 1 {
        return Err(Illisible::Vide);
    }
    let suite = lignes.split_off(rang + 1);
    let entetes = lignes.pop().map(|l| l.cellules).unwrap_or_default();
    let largeur = suite
        .iter()
        .map(|l| l.cellules.len())
        .max()
        .unwrap_or_default()
        .max(entetes.len());
    let ajuster = |mut cellules: Vec<String>| {
        cellules.resize(largeur, String::new());
        cellules
    };
    Ok(Tableau {
        entetes: ajuster(entetes),
        lignes: suite
            .into_iter()
            .map(|l| Ligne {
                numero: l.numero,
                cellules: ajuster(l.cellules),
            })
            .collect(),
    })
}

/// The rows of the first sheet that hold something, whatever they are.
///
/// # Errors
/// [`Illisible`].
pub fn rangees(octets: &[u8]) -> Result<Vec<Ligne>, Illisible> {
    let mut lignes = match octets {
        _ if octets.len() > OCTETS_AU_PLUS => return Err(Illisible::TropGrand("5\u{a0}Mo")),
        [b'P', b'K', ..] => lire_xlsx(octets)?,
        // A compound file: XLS, or an XLSX with a password.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(Illisible::Format),
        _ => lire_csv(octets)?,
    };
    lignes.retain(|ligne| ligne.cellules.iter().any(|c| !c.is_empty()));
    Ok(lignes)
}

/// Where the headings are among these rows: the first of which `reconnu` knows a cell, if any of the first does.
pub fn rang_des_entetes(lignes: &[Ligne], reconnu: impl Fn(&str) -> bool) -> Option<usize> {
    let mut premieres = lignes.iter().take(ENTETES_DANS);
    premieres.position(|l| l.cellules.iter().any(|c| !c.is_empty() && reconnu(c)))
}

/// The lines of a file as one would paste them, [`LIGNES_AU_PLUS`] at most: of an XLSX, its rows, their cells parted by
/// semicolons.
///
/// # Errors
/// [`Illisible`].
pub fn lignes(octets: &[u8]) -> Result<Vec<String>, Illisible> {
    match octets {
        _ if octets.len() > OCTETS_AU_PLUS => Err(Illisible::TropGrand("5\u{a0}Mo")),
        [b'P', b'K', ..] => {
            let rangees = lire_xlsx(octets)?;
            Ok(rangees.iter().map(|l| l.cellules.join(";")).collect())
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Illisible::Format),
        _ => {
            let texte = decoder(octets)?;
            if texte.lines().nth(LIGNES_AU_PLUS).is_some() {
                return Err(Illisible::TropGrand("5\u{a0}000 lignes"));
            }
            Ok(texte.lines().map(str::to_owned).collect())
        }
    }
}

/// Octets that the cells to come may still hold: a text written once in a workbook can stand in every cell of it.
struct Place(usize);

impl Place {
    fn entiere() -> Self {
        Self(TEXTE_AU_PLUS)
    }

    /// Takes that of a text, as it stands in the file: one of spaces costs its reading too.
    fn prendre(&mut self, texte: &str) -> Result<(), Illisible> {
        let reste = self.0.checked_sub(texte.len());
        self.0 = reste.ok_or(Illisible::TropGrand("5\u{a0}Mo de texte"))?;
        Ok(())
    }
}

/// A cell as it is kept: one line, without spaces around nor the apostrophe that guards a formula.
fn cellule(texte: &str, place: &mut Place) -> Result<String, Illisible> {
    place.prendre(texte)?;
    let texte = sans_garde(texte.trim());
    if texte.chars().count() > LETTRES_AU_PLUS {
        return Err(Illisible::TropGrand("5\u{a0}000 caractères par case"));
    }
    // Lines within a cell, and signs that no text holds, are spaces.
    Ok(texte.replace(char::is_control, " "))
}

fn lire_csv(octets: &[u8]) -> Result<Vec<Ligne>, Illisible> {
    let texte = decoder(octets)?;
    let mut lecteur = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separateur(&texte))
        .from_reader(texte.as_bytes());
    let mut lignes = Vec::new();
    let mut place = Place::entiere();
    for enregistrement in lecteur.records() {
        let enregistrement = enregistrement.map_err(|_| Illisible::Format)?;
        if enregistrement.len() > COLONNES_AU_PLUS {
            return Err(Illisible::TropGrand("100 colonnes"));
        }
        if lignes.len() > LIGNES_AU_PLUS {
            return Err(Illisible::TropGrand("5\u{a0}000 lignes"));
        }
        let ligne = enregistrement.position().map_or(0, csv::Position::line);
        lignes.push(Ligne {
            numero: usize::try_from(ligne).unwrap_or_default(),
            cellules: enregistrement
                .iter()
                .map(|texte| cellule(texte, &mut place))
                .collect::<Result<_, _>>()?,
        });
    }
    Ok(lignes)
}

/// UTF-8 or UTF-16 by their mark, UTF-8 if it is, or else Windows-1252.
fn decoder(octets: &[u8]) -> Result<String, Illisible> {
    let texte = match (encoding_rs::Encoding::for_bom(octets), std::str::from_utf8(octets)) {
        (None, Ok(texte)) => texte.to_owned(),
        (Some((encodage, _)), _) => encodage.decode(octets).0.into_owned(),
        (None, Err(_)) => encoding_rs::WINDOWS_1252.decode(octets).0.into_owned(),
    };
    // No text holds it: a picture, a PDF, a program.
    if texte.contains('\0') || texte.starts_with("%PDF") {
        return Err(Illisible::Format);
    }
    // Lines are counted by their feed.
    Ok(texte.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The separator that the first lines hold most, outside quotes.
fn separateur(texte: &str) -> u8 {
    let mut comptes = [(b';', 0usize), (b'\t', 0), (b',', 0)];
    let mut cite = false;
    for octet in texte.bytes().take(4_000) {
        cite ^= octet == b'"';
        if !cite {
            for (signe, compte) in &mut comptes {
                *compte += usize::from(*signe == octet);
            }
        }
    }
    // At a tie, the first: a semicolon.
    comptes
        .iter()
        .rev()
        .max_by_key(|(_, compte)| *compte)
        .map_or(b';', |(signe, _)| *signe)
}

fn lire_xlsx(octets: &[u8]) -> Result<Vec<Ligne>, Illisible> {
    verifier_l_archive(octets)?;
    let mut classeur: Xlsx<_> = Xlsx::new(Cursor::new(octets)).map_err(|_| Illisible::Abime)?;
    let feuille = classeur.sheet_names().first().cloned().ok_or(Illisible::Vide)?;
    let mut lecteur = classeur
        .worksheet_cells_reader(&feuille)
        .map_err(|_| Illisible::Abime)?;
    let mut lignes: Vec<Ligne> = Vec::new();
    let mut place = Place::entiere();
    // Cell by cell: the whole sheet at once would be as large as its last cell says.
    while let Some(lue) = lecteur.next_cell().map_err(|_| Illisible::Abime)? {
        let (rang, colonne) = lue.get_position();
        let texte = cellule(&en_texte(lue.get_value()), &mut place)?;
        if texte.is_empty() {
            continue;
        }
        let colonne = usize::try_from(colonne).unwrap_or(usize::MAX);
        if colonne >= COLONNES_AU_PLUS {
            return Err(Illisible::TropGrand("100 colonnes"));
        }
        let numero = usize::try_from(rang).unwrap_or(usize::MAX).saturating_add(1);
        if lignes.last().is_none_or(|l| l.numero != numero) {
            if lignes.len() > LIGNES_AU_PLUS {
                return Err(Illisible::TropGrand("5\u{a0}000 lignes"));
            }
            lignes.push(Ligne {
                numero,
                cellules: Vec::new(),
            });
        }
        if let Some(ligne) = lignes.last_mut() {
            ligne
                .cellules
                .resize(ligne.cellules.len().max(colonne + 1), String::new());
            ligne.cellules[colonne] = texte;
        }
    }
    Ok(lignes)
}

/// Decompresses every part once, to nowhere, within bounds: the sizes that an archive announces may lie.
fn verifier_l_archive(octets: &[u8]) -> Result<(), Illisible> {
    let mut archive = zip::ZipArchive::new(Cursor::new(octets)).map_err(|_| Illisible::Abime)?;
    if archive.len() > PARTIES_AU_PLUS {
        return Err(Illisible::TropGrand("1\u{a0}000 parties"));
    }
    if archive.by_name("xl/workbook.xml").is_err() {
        return Err(Illisible::Format);
    }
    let mut reste = DECOMPRESSES_AU_PLUS;
    for rang in 0..archive.len() {
        let partie = archive.by_index(rang).map_err(|_| Illisible::Abime)?;
        let lus = std::io::copy(&mut partie.take(reste + 1), &mut std::io::sink()).map_err(|_| Illisible::Abime)?;
        reste = reste
            .checked_sub(lus)
            .ok_or(Illisible::TropGrand("50\u{a0}Mo une fois décompressé"))?;
    }
    Ok(())
}

fn en_texte<'v>(valeur: &'v DataRef<'_>) -> Cow<'v, str> {
    match valeur {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::String(texte) | DataRef::DateTimeIso(texte) | DataRef::DurationIso(texte) => Cow::Borrowed(texte),
        DataRef::SharedString(texte) => Cow::Borrowed(texte),
        DataRef::Int(nombre) => nombre.to_string().into(),
        DataRef::Float(nombre) => nombre.to_string().into(),
        DataRef::Bool(oui) => if *oui { "Oui" } else { "Non" }.into(),
        DataRef::DateTime(date) => date
            .as_datetime()
            .map(|d| d.format("%d/%m/%Y").to_string())
            .unwrap_or_default()
            .into(),
        DataRef::Error(erreur) => erreur.to_string().into(),
    }
}

#[cfg(test)]
#[path = "lecture_tests.rs"]
mod tests;
