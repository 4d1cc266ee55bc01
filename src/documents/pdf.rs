//! A template and its data as a tagged PDF (PDF/UA-1): the same data give the same octets. Nothing is read but what is
//! embedded: two cuts of a font, and the template.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Atkinson Hyperlegible, the typeface of the pages: its Latin letters and their extension.
const POLICES: [&[u8]; 4] = [
    include_bytes!("polices/atkinson-latin-400.ttf"),
    include_bytes!("polices/atkinson-latin-700.ttf"),
    include_bytes!("polices/atkinson-latin-ext-400.ttf"),
    include_bytes!("polices/atkinson-latin-ext-700.ttf"),
];

/// Compilations whose results the library keeps: the next document of the same kind is faster, and memory is bounded.
const GARDEES: usize = 10;

/// Where templates find their data.
const DONNEES: &str = "/donnees.json";

static BIBLIOTHEQUE: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::builder().build()));
static CASSE: LazyLock<Casse> = LazyLock::new(Casse::ouvrir);

/// The fonts, and what is in them.
struct Casse {
    catalogue: LazyHash<FontBook>,
    polices: Vec<Font>,
}

impl Casse {
    fn ouvrir() -> Self {
        let polices: Vec<Font> = POLICES
            .into_iter()
            .flat_map(|octets| Font::iter(Bytes::new(octets)))
            .collect();
        let mut catalogue = FontBook::new();
        for police in &polices {
            catalogue.push(police.info().clone());
        }
        Self {
            catalogue: LazyHash::new(catalogue),
            polices,
        }
    }

    fn dessine(&self, lettre: char) -> bool {
        self.polices
            .iter()
            .any(|p| p.info().coverage.contains(u32::from(lettre)))
    }
}

/// Why a document was not made.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Faute(String);

/// The text with the letters that the fonts lack replaced: a conforming document may not hold a letter without shape.
pub fn imprimable(texte: &str) -> String {
    let lettre = |c: char| match c {
        '\n' | ' ' => c,
        '\u{202f}' | '\t' => '\u{a0}',
        c if CASSE.dessine(c) => c,
        _ => '?',
    };
    texte.chars().map(lettre).collect()
}

/// What a template may read: itself and its data.
struct Monde {
    gabarit: Source,
    donnees: FileId,
    octets: Bytes,
}

impl World for Monde {
    fn library(&self) -> &LazyHash<Library> {
        &BIBLIOTHEQUE
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &CASSE.catalogue
    }

    fn main(&self) -> FileId {
        self.gabarit.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.gabarit.id() {
            Ok(self.gabarit.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.donnees {
            Ok(self.octets.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, rang: usize) -> Option<Font> {
        CASSE.polices.get(rang).cloned()
    }

    /// A document says the instant it is about, never today.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn fichier(chemin: &str) -> Result<FileId, Faute> {
    let chemin = VirtualPath::new(chemin).map_err(|e| Faute(format!("{e:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, chemin).intern())
}

/// The octets of a document dated of this instant. It takes tens of milliseconds: not on a thread that answers requests.
///
/// # Errors
/// A template's own fault; data that the standard refuses.
pub fn rendre(gabarit: &str, donnees: &impl serde::Serialize, instant: DateTime<Utc>) -> Result<Vec<u8>, Faute> {
    let document = composer(gabarit, donnees)?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(None),
        timestamp: date(instant).map(Timestamp::new_utc),
        page_ranges: None,
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| faute(&e))?,
        tagged: true,
        pretty: false,
    };
    let octets = typst_pdf::pdf(&document, &options).map_err(|e| faute(&e));
    typst::comemo::evict(GARDEES);
    octets
}

fn faute(e: &dyn std::fmt::Debug) -> Faute {
    Faute(format!("{e:?}"))
}

fn composer(gabarit: &str, donnees: &impl serde::Serialize) -> Result<PagedDocument, Faute> {
    let monde = Monde {
        gabarit: Source::new(fichier("/gabarit.typ")?, gabarit.to_owned()),
        donnees: fichier(DONNEES)?,
        octets: Bytes::new(serde_json::to_vec(donnees).map_err(|e| faute(&e))?),
    };
    typst::compile::<PagedDocument>(&monde).output.map_err(|e| faute(&e))
}

/// The words that a document prints, in the order it draws them, parted by spaces.
///
/// # Errors
/// A template's own fault.
#[cfg(test)]
pub(super) fn mots(gabarit: &str, donnees: &impl serde::Serialize) -> Result<String, Faute> {
    use typst::layout::{Frame, FrameItem};
    fn lire(cadre: &Frame, mots: &mut Vec<String>) {
        for (_, element) in cadre.items() {
            match element {
                FrameItem::Group(groupe) => lire(&groupe.frame, mots),
                FrameItem::Text(texte) => mots.extend(texte.text.split_whitespace().map(str::to_owned)),
                _ => {}
            }
        }
    }
    let mut mots = Vec::new();
    for page in composer(gabarit, donnees)?.pages() {
        lire(&page.frame, &mut mots);
    }
    Ok(mots.join(" "))
}

fn date(instant: DateTime<Utc>) -> Option<Datetime> {
    let deux = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        instant.year(),
        deux(instant.month())?,
        deux(instant.day())?,
        deux(instant.hour())?,
        deux(instant.minute())?,
        deux(instant.second())?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_shape_are_replaced_and_the_others_kept() {
        assert_eq!(
            imprimable("Cœur d’Élysée — 1\u{202f}000 € ő"),
            "Cœur d’Élysée — 1\u{a0}000 € ő"
        );
        assert_eq!(imprimable("日本\u{1f600}\u{7}"), "????");
    }

    #[test]
    fn a_template_reads_its_data_and_nothing_else() {
        let donnees = serde_json::json!({});
        let instant = DateTime::UNIX_EPOCH;
        assert!(rendre("#read(\"/etc/passwd\")", &donnees, instant).is_err());
        assert!(rendre("#import \"@preview/a:0.1.0\": b", &donnees, instant).is_err());
    }
}
