//! The server process: started, watched, started again, stopped.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};

use super::{
    DELAI_DEMARRAGE, ErreurPostgres, Reglages,
    binaires::Binaires,
    compte::Compte,
    dossier::{Dossier, absent},
    reglages::arguments,
    sur,
};

/// First wait before a restart; it doubles at each failure.
const RECUL_MIN: Duration = Duration::from_millis(100);
/// A server that keeps dying is tried twice a minute.
const RECUL_MAX: Duration = Duration::from_secs(30);
/// A server that lived that long is healthy: the wait starts over.
const VIE_SAINE: Duration = Duration::from_mins(1);
/// A fast stop writes a checkpoint; past this the server is stopped at once and will recover from its journal.
const DELAI_ARRET: Duration = Duration::from_secs(30);
/// Above this size the server's log is set aside at start.
const JOURNAL_MAX_OCTETS: u64 = 10 * 1024 * 1024;

/// The thread that starts the server and watches it. The server dies with it.
#[derive(Debug)]
pub(super) struct Surveillance {
    partage: Arc<Partage>,
    fil: Option<thread::JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Partage {
    etat: Mutex<Etat>,
    change: Condvar,
}

#[derive(Debug, Default)]
struct Etat {
    /// Set from the start of the server until it has been reaped, so that a signal never reaches another process.
    pid: Option<Pid>,
    /// It accepted connections once: from then on, it is started again when it dies.
    pret: bool,
    arret: bool,
    fini: Option<String>,
}

impl Partage {
    fn etat(&self) -> MutexGuard<'_, Etat> {
        self.etat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a stop was asked for, and whether the server was ever ready.
    fn drapeaux(&self) -> (bool, bool) {
        let etat = self.etat();
        (etat.arret, etat.pret)
    }

    fn attendre(&self, delai: Duration, tant_que: impl Fn(&Etat) -> bool) -> MutexGuard<'_, Etat> {
        let attente = self
            .change
            .wait_timeout_while(self.etat(), delai, |etat| tant_que(etat));
        attente.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Surveillance {
    /// Starts the server and returns when it accepts connections.
    pub(super) fn lancer(
        dossier: &Dossier,
        sockets: &Path,
        binaires: &Binaires,
        compte: &Compte,
        reglages: Reglages,
    ) -> Result<Self, ErreurPostgres> {
        let journal = dossier.fichier("postgres.log");
        if fs::metadata(&journal).is_ok_and(|infos| infos.len() > JOURNAL_MAX_OCTETS) {
            fs::rename(&journal, dossier.fichier("postgres.log.1")).map_err(sur(&journal))?;
        }
        let debut = fs::metadata(&journal).map_or(0, |infos| infos.len());
        let sortie = File::options()
            .create(true)
            .append(true)
            .open(&journal)
            .map_err(sur(&journal))?;
        let mut commande = compte.commande(&binaires.programme("postgres"), "INT");
        commande.args(arguments(dossier, sockets, reglages));
        let partage = Arc::new(Partage::default());
        let fil = thread::Builder::new()
            .name("postgres".into())
            .spawn({
                let partage = Arc::clone(&partage);
                move || surveiller(&partage, || demarrer(&mut commande, &sortie))
            })
            .map_err(|cause| ErreurPostgres::Echec {
                programme: "postgres",
                detail: cause.to_string(),
            })?;
        let surveillance = Self {
            partage,
            fil: Some(fil),
        };
        surveillance.attendre_pret(dossier, &journal, debut)?;
        Ok(surveillance)
    }

    fn attendre_pret(&self, dossier: &Dossier, journal: &Path, debut: u64) -> Result<(), ErreurPostgres> {
        let limite = Instant::now() + DELAI_DEMARRAGE;
        loop {
            let mut etat = self
                .partage
                .attendre(Duration::from_millis(10), |etat| etat.fini.is_none());
            if let Some(fin) = etat.fini.take() {
                let detail = format!("{fin}\n{}", fin_du_journal(journal, debut));
                return Err(ErreurPostgres::Echec {
                    programme: "postgres",
                    detail,
                });
            }
            let (pid, pret) = dossier.postmaster().unwrap_or_default();
            if pret && etat.pid == Some(Pid::from_raw(pid)) {
                etat.pret = true;
                return Ok(());
            }
            if Instant::now() > limite {
                let detail = format!(
                    "pas prêt après {} s\u{a0}; voir {}",
                    DELAI_DEMARRAGE.as_secs(),
                    journal.display()
                );
                return Err(ErreurPostgres::Echec {
                    programme: "postgres",
                    detail,
                });
            }
        }
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.partage.etat().pid.and_then(|pid| u32::try_from(pid.as_raw()).ok())
    }

    /// Fast stop, then wait; an immediate stop if it drags on.
    pub(super) fn arreter(&mut self) {
        let Some(fil) = self.fil.take() else { return };
        self.signaler(Signal::SIGINT);
        let reste = self
            .partage
            .attendre(DELAI_ARRET, |etat| etat.fini.is_none())
            .fini
            .is_none();
        if reste {
            tracing::warn!("PostgreSQL tarde à s’arrêter\u{a0}: arrêt immédiat");
            self.signaler(Signal::SIGQUIT);
        }
        if fil.join().is_err() {
            tracing::error!("la surveillance de PostgreSQL s’est interrompue");
        }
    }

    fn signaler(&self, signal: Signal) {
        let mut etat = self.partage.etat();
        etat.arret = true;
        if let Some(pid) = etat.pid {
            // A server that has just ended is what we ask for.
            let _ = kill(pid, signal);
        }
        self.partage.change.notify_all();
    }
}

impl Drop for Surveillance {
    fn drop(&mut self) {
        self.arreter();
    }
}

/// Runs the server until it is told to stop, or fails before it was ever ready.
fn surveiller(partage: &Partage, mut demarrer: impl FnMut() -> Result<Child, ErreurPostgres>) {
    let mut recul = RECUL_MIN;
    let fin = loop {
        let depart = Instant::now();
        let fin = match demarrer_sauf_arret(partage, &mut demarrer) {
            None => break "arrêté".to_owned(),
            Some(Ok(serveur)) => attendre_fin(partage, serveur),
            Some(Err(erreur)) => erreur.to_string(),
        };
        let (arret, pret) = partage.drapeaux();
        if arret || !pret {
            break fin;
        }
        if depart.elapsed() > VIE_SAINE {
            recul = RECUL_MIN;
        }
        let attente_ms = u64::try_from(recul.as_millis()).unwrap_or(u64::MAX);
        tracing::error!(
            postgres.fin = fin,
            postgres.attente_ms = attente_ms,
            "PostgreSQL s’est arrêté\u{a0}: nouveau départ"
        );
        drop(partage.attendre(recul, |etat| !etat.arret));
        recul = (recul * 2).min(RECUL_MAX);
    };
    partage.etat().fini = Some(fin);
    partage.change.notify_all();
}

/// Starts the server and notes its number in one step, unless a stop has been asked for.
fn demarrer_sauf_arret(
    partage: &Partage,
    demarrer: &mut impl FnMut() -> Result<Child, ErreurPostgres>,
) -> Option<Result<Child, ErreurPostgres>> {
    let mut etat = partage.etat();
    if etat.arret {
        return None;
    }
    let serveur = demarrer();
    etat.pid = serveur
        .as_ref()
        .ok()
        .and_then(|serveur| i32::try_from(serveur.id()).ok())
        .map(Pid::from_raw);
    Some(serveur)
}

/// Waits for the end without reaping, then reaps and forgets the number in one step.
fn attendre_fin(partage: &Partage, mut serveur: Child) -> String {
    let pid = partage.etat().pid;
    if let Some(pid) = pid {
        while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(nix::errno::Errno::EINTR) {}
    }
    let mut etat = partage.etat();
    etat.pid = None;
    serveur
        .wait()
        .map_or_else(|erreur| erreur.to_string(), |fin| fin.to_string())
}

fn demarrer(commande: &mut Command, sortie: &File) -> Result<Child, ErreurPostgres> {
    let copies = || Ok::<_, io::Error>((sortie.try_clone()?, sortie.try_clone()?));
    let (out, err) = copies().map_err(absent)?;
    commande
        .stdout(Stdio::from(out))
        .stderr(Stdio::from(err))
        .spawn()
        .map_err(absent)
}

/// What the server said since this start: the last lines.
fn fin_du_journal(journal: &Path, debut: u64) -> String {
    let octets = fs::read(journal).unwrap_or_default();
    let recents = octets.get(usize::try_from(debut).unwrap_or(0)..).unwrap_or_default();
    let texte = String::from_utf8_lossy(recents).into_owned();
    let lignes: Vec<&str> = texte.lines().collect();
    lignes[lignes.len().saturating_sub(10)..].join("\n")
}
