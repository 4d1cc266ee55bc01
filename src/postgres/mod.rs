//! A private PostgreSQL, so that the portal starts with nothing but Debian's packages.
//!
//! What holds:
//! - it listens on a unix socket only and trusts the operating system's account (`peer`): no password, no port;
//! - it never runs as root: a portal started by root hands it over to the account `postgres`, else `nobody`;
//! - its data folder is either whole or absent: `initdb` works in `data.tmp`, which is then renamed;
//! - one portal per folder (a locked file), and it never outlives its portal, even killed by `SIGKILL`;
//! - it is started again, after a growing delay, when it dies under a living portal.
//!
//! Start it before the asynchronous runtime, stop it after the last connection is closed.

mod binaires;
mod commande;
mod compte;
mod dossier;
mod processus;
mod reglages;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::PgConnectOptions;

use self::{binaires::Binaires, compte::Compte, dossier::Dossier, processus::Surveillance};
pub use self::{commande::executer, reglages::Reglages};

/// The PostgreSQL role that owns the database, and the name peer authentication maps accounts to.
pub const ROLE: &str = "portail";
/// The database used: the one `initdb` makes.
const BASE: &str = "postgres";
/// The port only names the socket's file; nothing listens on TCP.
const PORT: u16 = 5432;
/// A first start replays the journal after a crash: give it time before calling it a failure.
const DELAI_DEMARRAGE: Duration = Duration::from_mins(1);

/// A private PostgreSQL that runs. Dropping it stops it.
#[derive(Debug)]
pub struct PostgresPrive {
    sockets: PathBuf,
    surveillance: Surveillance,
    // Released last: the folder stays ours until the server is gone.
    _dossier: Dossier,
}

impl PostgresPrive {
    /// Starts PostgreSQL on `dossier`, made on the first start, and waits until it accepts connections.
    /// `pg_bin` is the folder of its programs; without it, Debian's are searched.
    ///
    /// # Errors
    /// Each [`ErreurPostgres`] says in French what to do.
    pub fn demarrer(dossier: &Path, pg_bin: Option<&Path>, reglages: Reglages) -> Result<Self, ErreurPostgres> {
        let compte = Compte::pour_postgres()?;
        let dossier = Dossier::ouvrir(dossier, &compte)?;
        let binaires = Binaires::trouver(pg_bin, dossier.version()?)?;
        dossier.verifier_traversee(&compte)?;
        dossier.initialiser(&binaires, &compte, reglages)?;
        dossier.attendre_predecesseur()?;
        let sockets = dossier.preparer_sockets(&compte)?;
        let surveillance = Surveillance::lancer(&dossier, &sockets, &binaires, &compte, reglages)?;
        Ok(Self {
            sockets,
            surveillance,
            _dossier: dossier,
        })
    }

    /// How to connect to it.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.sockets)
            .port(PORT)
            .username(ROLE)
            .database(BASE)
    }

    /// The same as an address, for `DATABASE_URL`.
    pub fn url(&self) -> String {
        format!("postgres://{ROLE}@{}/{BASE}", encoder(&self.sockets))
    }

    /// The operating system's number of the server process, none while it is being started again.
    pub fn pid(&self) -> Option<u32> {
        self.surveillance.pid()
    }

    /// Asks for a fast, clean stop and waits for it.
    pub fn arreter(mut self) {
        self.surveillance.arreter();
    }
}

/// Percent-encodes a path so that it stands as the host of an address.
fn encoder(chemin: &Path) -> String {
    use std::{fmt::Write, os::unix::ffi::OsStrExt};
    chemin
        .as_os_str()
        .as_bytes()
        .iter()
        .fold(String::new(), |mut texte, octet| {
            if octet.is_ascii_alphanumeric() || b"-._~".contains(octet) {
                texte.push(char::from(*octet));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(texte, "%{octet:02X}");
            }
            texte
        })
}

/// Why the private PostgreSQL does not run, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ErreurPostgres {
    /// No usable programs.
    #[error(
        "Aucun PostgreSQL trouvé{}. Installez-le (apt-get install postgresql), indiquez le dossier de ses programmes \
         (PG_BIN=…/bin), ou donnez un serveur existant (DATABASE_URL=postgres://…).",
        .0.as_ref().map(|d| format!(" dans {}", d.display())).unwrap_or_default()
    )]
    Introuvable(Option<PathBuf>),
    /// Too old to hold our data.
    #[error("PostgreSQL {0} est trop ancien\u{a0}: il faut la version {min} ou une plus récente.", min = binaires::VERSION_MINIMALE)]
    TropAncien(u32),
    /// Programs and data of different major versions.
    #[error(
        "Les données de {} ont été créées par PostgreSQL {donnees}, mais les programmes trouvés sont de la version \
         {programmes}. Installez postgresql-{donnees}, ou indiquez PG_BIN=/usr/lib/postgresql/{donnees}/bin\u{a0}; pour passer à la \
         version {programmes}, utilisez pg_upgrade, ou sauvegardez avec pg_dumpall puis restaurez dans un dossier neuf.",
        .dossier.display()
    )]
    AutreVersion {
        /// The data folder.
        dossier: PathBuf,
        /// Major version that made the data.
        donnees: u32,
        /// Major version of the programs.
        programmes: u32,
    },
    /// Another portal holds the folder.
    #[error(
        "Un autre portail utilise déjà le dossier {}{}. Arrêtez-le d’abord, ou choisissez un autre dossier (PORTAIL_VAR=…).",
        .dossier.display(), .pid.map(|pid| format!(" (processus {pid})")).unwrap_or_default()
    )]
    DossierOccupe {
        /// The folder.
        dossier: PathBuf,
        /// Process that holds it, when known.
        pid: Option<u32>,
    },
    /// A parent folder stops the account PostgreSQL runs under.
    #[error(
        "Le compte «\u{a0}{compte}\u{a0}», sous lequel PostgreSQL doit tourner (jamais root), ne peut pas traverser {}. Choisissez un autre \
         dossier, par exemple PORTAIL_VAR=/var/lib/portail, ou ouvrez le passage : chmod o+x {}",
        .obstacle.display(), .obstacle.display()
    )]
    Traversee {
        /// The account.
        compte: String,
        /// The first folder it cannot enter.
        obstacle: PathBuf,
    },
    /// The data belong to another account.
    #[error(
        "Les données de {} appartiennent à l’utilisateur {proprietaire}, alors que PostgreSQL tournerait sous {compte}. Relancez le \
         portail sous le même compte qu'à l'origine, ou rendez-lui le dossier : chown -R {compte} {}",
        .dossier.display(), .dossier.display()
    )]
    AutreProprietaire {
        /// The data folder.
        dossier: PathBuf,
        /// Its owner's number.
        proprietaire: u32,
        /// The account PostgreSQL would run under.
        compte: String,
    },
    /// No account to run under.
    #[error(
        "Aucun compte pour PostgreSQL\u{a0}: lancé par root, le portail cherche «\u{a0}postgres\u{a0}» puis «\u{a0}nobody\u{a0}», et aucun n’existe. Créez-en \
         un (adduser --system postgres), ou lancez le portail sous un compte ordinaire."
    )]
    SansCompte,
    /// The current user has no name.
    #[error(
        "L’utilisateur {0} n’a pas de nom dans /etc/passwd\u{a0}: PostgreSQL refuse de démarrer. Donnez-lui un nom, ou utilisez DATABASE_URL."
    )]
    SansNom(u32),
    /// A program failed.
    #[error("{programme} a échoué\u{a0}: {detail}")]
    Echec {
        /// Which program.
        programme: &'static str,
        /// What it said.
        detail: String,
    },
    /// A needed program is missing.
    #[error("Le programme «\u{a0}{0}\u{a0}» manque\u{a0}: installez le paquet util-linux.")]
    ProgrammeAbsent(&'static str),
    /// The system refused an operation on a path.
    #[error("{}\u{a0}: {cause}", .chemin.display())]
    Systeme {
        /// The path.
        chemin: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
}

/// Attaches the path to a system error.
fn sur(chemin: &Path) -> impl FnOnce(std::io::Error) -> ErreurPostgres + '_ {
    move |cause| ErreurPostgres::Systeme {
        chemin: chemin.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_folder_becomes_a_host() {
        assert_eq!(
            encoder(Path::new("/var/mon portail/run")),
            "%2Fvar%2Fmon%20portail%2Frun"
        );
    }

    #[test]
    fn messages_say_what_to_do() {
        let erreur = ErreurPostgres::AutreVersion {
            dossier: "/var/pg/data".into(),
            donnees: 15,
            programmes: 17,
        };
        assert!(
            erreur.to_string().contains("PG_BIN=/usr/lib/postgresql/15/bin"),
            "{erreur}"
        );
        assert!(
            ErreurPostgres::Introuvable(None)
                .to_string()
                .contains("apt-get install postgresql")
        );
    }
}
