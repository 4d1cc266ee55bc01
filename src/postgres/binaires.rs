//! Finding PostgreSQL's programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::ErreurPostgres;

/// `initdb` knows `--locale-provider` from 15 on.
pub(super) const VERSION_MINIMALE: u32 = 15;
/// Where Debian keeps every installed version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// PostgreSQL's programs, all of one version.
#[derive(Clone, Debug)]
pub(super) struct Binaires {
    dossier: PathBuf,
    /// Their major version.
    version: u32,
}

impl Binaires {
    /// The programs of `pg_bin`, else Debian's: the version that made the data, else the newest.
    pub(super) fn trouver(pg_bin: Option<&Path>, donnees: Option<(u32, PathBuf)>) -> Result<Self, ErreurPostgres> {
        let trouve = match pg_bin {
            Some(dossier) => Self::lire(dossier),
            None => choisir(
                &versions_installees(Path::new(DEBIAN)),
                donnees.as_ref().map(|(version, _)| *version),
            )
            .and_then(|dossier| Self::lire(&dossier)),
        };
        let binaires = trouve.ok_or_else(|| ErreurPostgres::Introuvable(pg_bin.map(Path::to_owned)))?;
        match donnees {
            Some((version, dossier)) if version != binaires.version => Err(ErreurPostgres::AutreVersion {
                dossier,
                donnees: version,
                programmes: binaires.version,
            }),
            _ if binaires.version < VERSION_MINIMALE => Err(ErreurPostgres::TropAncien(binaires.version)),
            _ => Ok(binaires),
        }
    }

    /// Asks `postgres` its version, which proves that it runs here.
    fn lire(dossier: &Path) -> Option<Self> {
        let dossier = dossier.canonicalize().ok()?;
        let sortie = Command::new(dossier.join("postgres")).arg("--version").output().ok()?;
        let version = version_majeure(&String::from_utf8_lossy(&sortie.stdout))?;
        dossier.join("initdb").exists().then_some(Self { dossier, version })
    }

    pub(super) fn programme(&self, nom: &str) -> PathBuf {
        self.dossier.join(nom)
    }
}

/// Debian's installed versions, oldest first.
fn versions_installees(racine: &Path) -> Vec<(u32, PathBuf)> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(racine)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entree| Some((entree.file_name().to_str()?.parse().ok()?, entree.path().join("bin"))))
        .filter(|(_, bin)| bin.join("postgres").exists() && bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions
}

fn choisir(versions: &[(u32, PathBuf)], voulue: Option<u32>) -> Option<PathBuf> {
    let meme = versions.iter().find(|(version, _)| Some(*version) == voulue);
    meme.or(versions.last()).map(|(_, dossier)| dossier.clone())
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version_majeure(texte: &str) -> Option<u32> {
    let (_, suite) = texte.split_once("(PostgreSQL) ")?;
    suite.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(
            version_majeure("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(version_majeure("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(version_majeure("postgres: not found"), None);
    }

    #[test]
    fn the_version_that_made_the_data_is_preferred_to_the_newest() {
        let versions = [(15, PathBuf::from("/15")), (17, PathBuf::from("/17"))];
        assert_eq!(choisir(&versions, None), Some("/17".into()));
        assert_eq!(choisir(&versions, Some(15)), Some("/15".into()));
        assert_eq!(choisir(&versions, Some(16)), Some("/17".into()));
        assert_eq!(choisir(&[], Some(16)), None);
    }

    #[test]
    fn missing_programs_are_named() {
        let erreur = Binaires::trouver(Some(Path::new("/nulle/part")), None).unwrap_err();
        assert!(erreur.to_string().contains("/nulle/part"), "{erreur}");
    }
}
