//! The folder of the private PostgreSQL.
//!
//! ```text
//! <dossier>/              owned by the portal's account
//!   verrou                locked by the portal that runs, holds its process number
//!   pg_hba.conf pg_ident.conf   written at each start: PostgreSQL cannot change who may connect
//!   postgres.log          what the server says
//!   data/                 owned by PostgreSQL's account
//!   run/                  the socket, owned by PostgreSQL's account; elsewhere when the path is too long
//! ```

use std::{
    fs::{self, File, Permissions, TryLockError},
    io::{Read, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    },
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sha2::{Digest, Sha256};

use super::{ErreurPostgres, PORT, ROLE, Reglages, binaires::Binaires, compte::Compte, sur};

/// The kernel refuses a socket path of 108 bytes.
const CHEMIN_MAX: usize = 107;
/// A previous server flushes its memory before it ends.
const DELAI_PREDECESSEUR: Duration = Duration::from_secs(30);

/// The folder, locked for this process.
#[derive(Debug)]
pub(super) struct Dossier {
    racine: PathBuf,
    _verrou: File,
}

impl Dossier {
    /// Makes the folder if needed and takes it for this process alone.
    pub(super) fn ouvrir(racine: &Path, compte: &Compte) -> Result<Self, ErreurPostgres> {
        fs::create_dir_all(racine).map_err(sur(racine))?;
        let racine = racine.canonicalize().map_err(sur(racine))?;
        let mode = if compte.est_autre() { 0o711 } else { 0o700 };
        fs::set_permissions(&racine, Permissions::from_mode(mode)).map_err(sur(&racine))?;
        let verrou = verrouiller(&racine)?;
        let dossier = Self {
            racine,
            _verrou: verrou,
        };
        if let Ok(donnees) = fs::metadata(dossier.donnees())
            && donnees.uid() != compte.uid
        {
            let (dossier, compte) = (dossier.donnees(), compte.nom.clone());
            return Err(ErreurPostgres::AutreProprietaire {
                dossier,
                proprietaire: donnees.uid(),
                compte,
            });
        }
        Ok(dossier)
    }

    pub(super) fn donnees(&self) -> PathBuf {
        self.racine.join("data")
    }

    pub(super) fn fichier(&self, nom: &str) -> PathBuf {
        self.racine.join(nom)
    }

    /// The major version that made the data, with their folder; none before the first start.
    pub(super) fn version(&self) -> Result<Option<(u32, PathBuf)>, ErreurPostgres> {
        let chemin = self.donnees().join("PG_VERSION");
        match fs::read_to_string(&chemin) {
            Ok(texte) => Ok(texte.trim().parse().ok().map(|version| (version, self.donnees()))),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(sur(&chemin)(cause)),
        }
    }

    /// Fails with the first parent PostgreSQL's account cannot enter.
    pub(super) fn verifier_traversee(&self, compte: &Compte) -> Result<(), ErreurPostgres> {
        if !compte.est_autre() || compte.traverse(&self.racine) {
            return Ok(());
        }
        let mut parents: Vec<&Path> = self.racine.ancestors().collect();
        parents.reverse();
        let obstacle = parents
            .into_iter()
            .find(|parent| !compte.traverse(parent))
            .unwrap_or(&self.racine);
        Err(ErreurPostgres::Traversee {
            compte: compte.nom.clone(),
            obstacle: obstacle.to_owned(),
        })
    }

    /// Writes who may connect and, on the first start, makes the data: in a temporary folder renamed when whole.
    pub(super) fn initialiser(
        &self,
        binaires: &Binaires,
        compte: &Compte,
        reglages: Reglages,
    ) -> Result<(), ErreurPostgres> {
        let acces = format!("local all all peer map={ROLE}\n");
        let ligne = |nom: &str| format!("{ROLE} \"{nom}\" {ROLE}\n");
        let mut correspondances = ligne(&compte.portail);
        if compte.est_autre() {
            correspondances.push_str(&ligne(&compte.nom));
        }
        self.ecrire("pg_hba.conf", &acces)?;
        self.ecrire("pg_ident.conf", &correspondances)?;
        if self.donnees().exists() {
            return Ok(());
        }
        let provisoire = self.fichier("data.tmp");
        if provisoire.exists() {
            fs::remove_dir_all(&provisoire).map_err(sur(&provisoire))?;
        }
        Self::creer(&provisoire, 0o700, compte)?;
        let mut initdb = compte.commande(&binaires.programme("initdb"), "KILL");
        initdb.args([
            "--username",
            ROLE,
            "--auth",
            "peer",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ]);
        initdb.args(["--locale-provider", "icu", "--icu-locale", "fr-FR", "--data-checksums"]);
        if reglages == Reglages::Rapides {
            initdb.arg("--no-sync");
        }
        let sortie = initdb.arg("--pgdata").arg(&provisoire).output().map_err(absent)?;
        if !sortie.status.success() {
            let detail = String::from_utf8_lossy(&sortie.stderr).trim().to_owned();
            return Err(ErreurPostgres::Echec {
                programme: "initdb",
                detail,
            });
        }
        fs::rename(&provisoire, self.donnees()).map_err(sur(&provisoire))
    }

    /// Waits for the server of a portal that was killed: it has been told to stop and may still be writing.
    pub(super) fn attendre_predecesseur(&self) -> Result<(), ErreurPostgres> {
        let limite = Instant::now() + DELAI_PREDECESSEUR;
        let mut averti = false;
        while let Some(pid) = self.predecesseur() {
            if !averti {
                tracing::warn!(
                    postgres.pid = pid.as_raw(),
                    "un PostgreSQL précédent s’arrête\u{a0}: attente"
                );
                // It may not have been told, if its portal died between two of its first steps.
                let _ = kill(pid, Signal::SIGINT);
                averti = true;
            }
            if Instant::now() > limite {
                let pid = u32::try_from(pid.as_raw()).ok();
                return Err(ErreurPostgres::DossierOccupe {
                    dossier: self.racine.clone(),
                    pid,
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The process that `postmaster.pid` names, if it lives and really serves this folder.
    fn predecesseur(&self) -> Option<Pid> {
        let pid = self.postmaster()?.0;
        let ligne = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let donnees = self.donnees();
        let notre = ligne
            .split(|octet| *octet == 0)
            .any(|mot| Path::new(std::ffi::OsStr::from_bytes(mot)) == donnees);
        notre.then_some(Pid::from_raw(pid))
    }

    /// The process that `postmaster.pid` names and whether it says that it accepts connections.
    pub(super) fn postmaster(&self) -> Option<(i32, bool)> {
        let texte = fs::read_to_string(self.donnees().join("postmaster.pid")).ok()?;
        let pid = texte.lines().next()?.trim().parse().ok()?;
        Some((pid, texte.lines().nth(7).is_some_and(|etat| etat.trim() == "ready")))
    }

    /// Where the socket goes: `run`, or a short folder of `/tmp` when the kernel would refuse the path.
    pub(super) fn preparer_sockets(&self, compte: &Compte) -> Result<PathBuf, ErreurPostgres> {
        let mut sockets = self.fichier("run");
        if sockets.as_os_str().len() + format!("/.s.PGSQL.{PORT}").len() > CHEMIN_MAX {
            let empreinte = Sha256::digest(self.racine.as_os_str().as_encoded_bytes());
            let debut = empreinte.first_chunk().map_or(0, |octets| u64::from_be_bytes(*octets));
            sockets = PathBuf::from(format!("/tmp/portail-pg-{debut:016x}"));
        }
        if fs::symlink_metadata(&sockets).is_err() {
            Self::creer(&sockets, 0o755, compte)?;
        }
        // In /tmp someone else may have made it first: a folder that is not PostgreSQL's own is not used.
        let infos = fs::symlink_metadata(&sockets).map_err(sur(&sockets))?;
        if !infos.is_dir() || infos.uid() != compte.uid {
            let (proprietaire, compte) = (infos.uid(), compte.nom.clone());
            return Err(ErreurPostgres::AutreProprietaire {
                dossier: sockets,
                proprietaire,
                compte,
            });
        }
        Ok(sockets)
    }

    fn creer(chemin: &Path, mode: u32, compte: &Compte) -> Result<(), ErreurPostgres> {
        fs::DirBuilder::new().mode(mode).create(chemin).map_err(sur(chemin))?;
        fs::set_permissions(chemin, Permissions::from_mode(mode)).map_err(sur(chemin))?;
        if compte.est_autre() {
            chown(chemin, Some(compte.uid), Some(compte.gid)).map_err(sur(chemin))?;
        }
        Ok(())
    }

    fn ecrire(&self, nom: &str, texte: &str) -> Result<(), ErreurPostgres> {
        let chemin = self.fichier(nom);
        fs::write(&chemin, texte).map_err(sur(&chemin))?;
        fs::set_permissions(&chemin, Permissions::from_mode(0o644)).map_err(sur(&chemin))
    }
}

/// Locks the folder: the kernel frees it when this process ends, however it ends.
fn verrouiller(racine: &Path) -> Result<File, ErreurPostgres> {
    let chemin = racine.join("verrou");
    let mut verrou = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&chemin)
        .map_err(sur(&chemin))?;
    match verrou.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut texte = String::new();
            let pid = verrou
                .read_to_string(&mut texte)
                .ok()
                .and_then(|_| texte.trim().parse().ok());
            return Err(ErreurPostgres::DossierOccupe {
                dossier: racine.to_owned(),
                pid,
            });
        }
        Err(TryLockError::Error(cause)) => return Err(sur(&chemin)(cause)),
    }
    verrou
        .set_len(0)
        .and_then(|()| writeln!(verrou, "{}", std::process::id()))
        .map_err(sur(&chemin))?;
    Ok(verrou)
}

/// Every child is started through `setpriv`.
#[expect(clippy::needless_pass_by_value, reason = "the signature map_err calls")]
pub(super) fn absent(cause: std::io::Error) -> ErreurPostgres {
    if cause.kind() == std::io::ErrorKind::NotFound {
        ErreurPostgres::ProgrammeAbsent("setpriv")
    } else {
        ErreurPostgres::Echec {
            programme: "setpriv",
            detail: cause.to_string(),
        }
    }
}
