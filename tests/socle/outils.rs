//! A portal in a process of its own, its log read line by line, and requests written by hand.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

/// Long enough for a loaded machine; nothing waits that long when all is well.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Asks again until there is an answer.
pub fn jusqu_a<T>(quoi: &str, mut essai: impl FnMut() -> Option<T>) -> T {
    let limite = Instant::now() + PATIENCE;
    loop {
        if let Some(reponse) = essai() {
            return reponse;
        }
        assert!(Instant::now() < limite, "attendu en vain : {quoi}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A folder that PostgreSQL's account can reach, removed at the end.
pub struct Dossier(pub PathBuf);

impl Dossier {
    pub fn neuf(nom: &str) -> Self {
        let chemin = std::env::temp_dir().join(format!("portail-socle-{}-{nom}", std::process::id()));
        fs::create_dir_all(&chemin).expect("temporary folder");
        Self(chemin)
    }

    /// The number of the private PostgreSQL, once it accepts connections.
    pub fn postmaster(&self) -> Option<i32> {
        let texte = fs::read_to_string(self.0.join("pg/data/postmaster.pid")).ok()?;
        let pret = texte.lines().nth(7)?.trim() == "ready";
        pret.then(|| texte.lines().next()?.trim().parse().ok()).flatten()
    }
}

impl Drop for Dossier {
    fn drop(&mut self) {
        // A killed portal's server is still writing: it ends first.
        let limite = Instant::now() + PATIENCE;
        while self.postmaster().is_some_and(vit) && Instant::now() < limite {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whether a process runs: a zombie does not.
pub fn vit(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|etat| !etat.contains(") Z "))
}

pub fn signaler(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).expect("signal");
}

/// A portal that runs, killed at the end if the test has not stopped it.
pub struct Portail {
    pub enfant: Child,
    lignes: Arc<Mutex<Vec<Value>>>,
    pub adresse: String,
}

/// The command line of a portal on free ports, its data in `var`.
pub fn commande(var: &Path) -> Command {
    let mut commande = Command::new(env!("CARGO_BIN_EXE_portail"));
    commande
        .arg("servir")
        .env_remove("DATABASE_URL")
        .env("PORTAIL_VAR", var)
        .env("PORTAIL_ADRESSE", "127.0.0.1:0")
        .env("PORTAIL_METRIQUES", "127.0.0.1:0")
        .env("PORTAIL_TRACES", "json")
        .env("PORTAIL_DEMONSTRATION", "oui");
    commande
}

impl Portail {
    pub fn demarrer(commande: Command) -> Self {
        let mut portail = Self::demarrer_sans_attendre(commande);
        portail.adresse = portail.champ("http.adresse");
        portail
    }

    /// A portal that may not listen yet.
    pub fn demarrer_sans_attendre(mut commande: Command) -> Self {
        let mut enfant = commande.stdout(Stdio::piped()).spawn().expect("portail");
        let lignes = Arc::new(Mutex::new(Vec::new()));
        let sortie = BufReader::new(enfant.stdout.take().expect("stdout"));
        let ecrites = Arc::clone(&lignes);
        thread::spawn(move || {
            for ligne in sortie.lines().map_while(Result::ok) {
                let ligne = serde_json::from_str(&ligne).unwrap_or_else(|_| panic!("not JSON: {ligne}"));
                ecrites.lock().unwrap().push(ligne);
            }
        });
        Self {
            enfant,
            lignes,
            adresse: String::new(),
        }
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.enfant.id()).unwrap()
    }

    /// The first line of the log that satisfies, waited for.
    pub fn ligne(&self, quoi: &str, choix: impl Fn(&Value) -> bool) -> Value {
        jusqu_a(quoi, || {
            self.lignes.lock().unwrap().iter().find(|ligne| choix(ligne)).cloned()
        })
    }

    /// The first value of a field in the log, waited for.
    pub fn champ(&self, nom: &str) -> String {
        let ligne = self.ligne(nom, |ligne| ligne.get(nom).is_some());
        ligne[nom].as_str().unwrap().to_owned()
    }

    pub fn lignes(&self) -> Vec<Value> {
        self.lignes.lock().unwrap().clone()
    }

    pub fn demander(&self, requete: &str) -> TcpStream {
        demander(&self.adresse, requete)
    }

    pub fn lire(&self, chemin: &str) -> Reponse {
        lire(self.demander(&format!(
            "GET {chemin} HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\r\n"
        )))
    }

    /// The status of `/sante/pret`.
    pub fn sante(&self) -> u16 {
        self.lire("/sante/pret").statut
    }

    pub fn attendre_fin(&mut self) -> ExitStatus {
        jusqu_a("fin du portail", || self.enfant.try_wait().expect("wait"))
    }

    pub fn arreter(&mut self) -> ExitStatus {
        signaler(self.pid(), Signal::SIGTERM);
        self.attendre_fin()
    }
}

/// A test that fails says what the portal complained of.
impl Drop for Portail {
    fn drop(&mut self) {
        if thread::panicking() {
            let lignes = self.lignes.lock().unwrap();
            let plaintes = lignes.iter().filter(|l| l["level"] == "ERROR" || l["level"] == "WARN");
            plaintes.for_each(|plainte| eprintln!("portail : {plainte}"));
        }
        let _ = self.enfant.kill();
        let _ = self.enfant.wait();
    }
}

pub struct Reponse {
    pub statut: u16,
    entetes: String,
    pub corps: String,
}

impl Reponse {
    pub fn entete(&self, nom: &str) -> Option<&str> {
        self.entetes
            .lines()
            .filter_map(|ligne| ligne.split_once(": "))
            .find(|(n, _)| *n == nom)
            .map(|(_, v)| v)
    }
}

pub fn demander(adresse: &str, requete: &str) -> TcpStream {
    let mut connexion = TcpStream::connect(adresse).expect("connexion");
    connexion.set_read_timeout(Some(PATIENCE)).unwrap();
    connexion.write_all(requete.as_bytes()).expect("requête");
    connexion
}

pub fn lire(mut connexion: TcpStream) -> Reponse {
    let mut texte = String::new();
    connexion.read_to_string(&mut texte).expect("réponse");
    let (entetes, corps) = texte.split_once("\r\n\r\n").expect("entêtes");
    let statut = entetes[9..12].parse().expect("statut");
    Reponse {
        statut,
        entetes: entetes.to_owned(),
        corps: corps.to_owned(),
    }
}
