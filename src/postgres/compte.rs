//! The account PostgreSQL runs under: never root.

use std::{
    ffi::OsStr,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
};

use nix::unistd::{User, geteuid};

use super::ErreurPostgres;

/// The only folders searched for programs by the children.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// The account PostgreSQL runs under.
#[derive(Clone, Debug)]
pub(super) struct Compte {
    pub(super) nom: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// The account of the portal itself, which must be able to connect.
    pub(super) portail: String,
}

impl Compte {
    /// The portal's own account; for root, `postgres`, else `nobody`.
    pub(super) fn pour_postgres() -> Result<Self, ErreurPostgres> {
        let portail = utilisateur(geteuid().as_raw())?;
        let choisi = if portail.uid.is_root() {
            ["postgres", "nobody"]
                .into_iter()
                .find_map(|nom| User::from_name(nom).ok().flatten())
                .ok_or(ErreurPostgres::SansCompte)?
        } else {
            portail.clone()
        };
        Ok(Self {
            nom: choisi.name,
            uid: choisi.uid.as_raw(),
            gid: choisi.gid.as_raw(),
            portail: portail.name,
        })
    }

    /// Whether the portal hands PostgreSQL over to another account.
    pub(super) fn est_autre(&self) -> bool {
        self.nom != self.portail
    }

    /// A command under this account, in a bare environment, in a process group of its own (a Ctrl-C in the terminal is not for
    /// it), that receives `signal` when the thread that starts it ends: the program does not outlive the portal.
    ///
    /// `setpriv` sets the signal after the change of account, which would clear it, and becomes the program itself.
    pub(super) fn commande(&self, programme: &Path, signal: &str) -> Command {
        let mut commande = self.commande_nue("setpriv");
        commande
            .args(["--pdeathsig", signal, "--"])
            .arg(programme)
            .process_group(0);
        commande
    }

    /// Whether this account can enter `dossier`, asked to the system itself.
    pub(super) fn traverse(&self, dossier: &Path) -> bool {
        let mut commande = self.commande_nue("test");
        commande
            .arg("-x")
            .arg(dossier)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        commande.status().is_ok_and(|fin| fin.success())
    }

    fn commande_nue(&self, programme: impl AsRef<OsStr>) -> Command {
        let mut commande = Command::new(programme);
        if self.est_autre() {
            commande.uid(self.uid).gid(self.gid);
        }
        commande
            .env_clear()
            .env("PATH", PATH)
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC");
        commande.current_dir("/").stdin(Stdio::null());
        commande
    }
}

fn utilisateur(uid: u32) -> Result<User, ErreurPostgres> {
    User::from_uid(uid.into())
        .ok()
        .flatten()
        .ok_or(ErreurPostgres::SansNom(uid))
}
