//! A file to import: on disk or uploaded, plain, `.gz` or `.zip`, told apart by its first bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::rapport::ImportErreur;

/// What a file is read from.
pub trait Support: Read + Seek + Send {}
impl<T: Read + Seek + Send> Support for T {}

/// A file to import, with the name people know it by.
pub struct Source {
    nom: String,
    taille: u64,
    support: Box<dyn Support>,
}

impl Source {
    /// A file on disk.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn fichier(chemin: &Path) -> Result<Self, ImportErreur> {
        let nom = chemin.file_name().map_or_else(
            || chemin.display().to_string(),
            |nom| nom.to_string_lossy().into_owned(),
        );
        let ouvrir = || {
            let fichier = File::open(chemin)?;
            let taille = fichier.metadata()?.len();
            Ok((fichier, taille))
        };
        match ouvrir() {
            Ok((fichier, taille)) => Ok(Self {
                nom,
                taille,
                support: Box::new(fichier),
            }),
            Err(cause) => Err(ImportErreur::Lecture { fichier: nom, cause }),
        }
    }

    /// The same, under the name people know it by.
    #[must_use]
    pub fn nomme(self, nom: String) -> Self {
        Self { nom, ..self }
    }

    /// Bytes already in memory.
    pub fn octets(nom: impl Into<String>, octets: Vec<u8>) -> Self {
        let taille = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        Self {
            nom: nom.into(),
            taille,
            support: Box::new(Cursor::new(octets)),
        }
    }

    /// Its name.
    pub fn nom(&self) -> &str {
        &self.nom
    }

    /// Size, as it is on disk.
    pub fn taille(&self) -> u64 {
        self.taille
    }

    /// Hands each text it holds to `lire`: one, or one per file of an archive.
    ///
    /// # Errors
    /// Those of the archive and of `lire`.
    pub fn parcourir(
        self,
        lus: &Arc<AtomicU64>,
        mut lire: impl FnMut(&str, &mut dyn BufRead) -> Result<(), ImportErreur>,
    ) -> Result<(), ImportErreur> {
        let Self { nom, mut support, .. } = self;
        let en_erreur = |cause| ImportErreur::Lecture {
            fichier: nom.clone(),
            cause,
        };
        let mut debut = [0; 4];
        let connus = lire_debut(&mut support, &mut debut).map_err(en_erreur)?;
        support.seek(SeekFrom::Start(0)).map_err(en_erreur)?;
        let compte = Compteur {
            support,
            lus: Arc::clone(lus),
        };
        if &debut[..connus] == b"PK\x03\x04" {
            return archive(&nom, compte, lire);
        }
        decompresser(&mut BufReader::with_capacity(TAMPON, compte), |texte| lire(&nom, texte)).map_err(en_erreur)?
    }
}

/// Read-ahead: large enough that system calls do not show in a profile.
const TAMPON: usize = 128 * 1024;

fn lire_debut(support: &mut dyn Support, debut: &mut [u8]) -> io::Result<usize> {
    let mut connus = 0;
    while connus < debut.len() {
        match support.read(&mut debut[connus..])? {
            0 => break,
            n => connus += n,
        }
    }
    Ok(connus)
}

fn archive(
    nom: &str,
    compte: Compteur,
    mut lire: impl FnMut(&str, &mut dyn BufRead) -> Result<(), ImportErreur>,
) -> Result<(), ImportErreur> {
    let en_erreur = |cause| ImportErreur::Archive {
        fichier: nom.to_owned(),
        cause,
    };
    let mut archive = zip::ZipArchive::new(compte).map_err(en_erreur)?;
    for rang in 0..archive.len() {
        let fichier = archive.by_index(rang).map_err(en_erreur)?;
        if !fichier.is_file() {
            continue;
        }
        let nom_interne = format!("{nom}/{}", fichier.name());
        decompresser(&mut BufReader::with_capacity(TAMPON, fichier), |texte| {
            lire(&nom_interne, texte)
        })
        .map_err(|cause| ImportErreur::Lecture {
            fichier: nom_interne.clone(),
            cause,
        })??;
    }
    Ok(())
}

/// Hands the text over, gunzipped when it begins as a gzip.
fn decompresser<T>(flux: &mut dyn BufRead, lire: impl FnOnce(&mut dyn BufRead) -> T) -> io::Result<T> {
    if flux.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        Ok(lire(&mut BufReader::with_capacity(TAMPON, MultiGzDecoder::new(flux))))
    } else {
        Ok(lire(flux))
    }
}

/// Counts the bytes read, for the progress shown.
struct Compteur {
    support: Box<dyn Support>,
    lus: Arc<AtomicU64>,
}

impl Read for Compteur {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let n = self.support.read(tampon)?;
        self.lus.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        Ok(n)
    }
}

impl Seek for Compteur {
    fn seek(&mut self, ou: SeekFrom) -> io::Result<u64> {
        self.support.seek(ou)
    }
}
