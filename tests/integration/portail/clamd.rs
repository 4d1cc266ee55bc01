//! A real clamd, with one signature of ours: what it takes for a virus is a harmless text.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use portail_grappes::clock::Horloge;
use portail_grappes::web::antivirus::Antivirus;
use tokio::net::UnixStream;

/// What the signature recognises.
pub const VIRUS: &[u8] = b"CECI-TIENT-LIEU-DE-VIRUS-POUR-LES-ESSAIS";
/// The name of the signature, as clamd says it.
pub const NOM: &str = "Essai.UNOFFICIAL";

/// Loads one signature in less than a second; longer on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// The folder of an antivirus, that runs or not.
pub struct Clamd {
    dossier: PathBuf,
    processus: Option<Child>,
}

impl Clamd {
    /// A place for it; nothing listens yet.
    pub fn arrete() -> Self {
        let dossier = std::env::temp_dir().join(format!("clamd-essai-{}", Horloge::systeme().nouvel_id()));
        std::fs::create_dir(&dossier).unwrap();
        Self {
            dossier,
            processus: None,
        }
    }

    fn prise(&self) -> PathBuf {
        self.dossier.join("clamd.sock")
    }

    /// Where it listens, once it runs.
    pub fn adresse(&self) -> Antivirus {
        Antivirus::Local(self.prise())
    }

    /// Runs it, and waits until it answers.
    pub async fn demarrer(&mut self) {
        let dossier = &self.dossier;
        let signature = VIRUS.iter().fold(String::new(), |mut hexa, octet| {
            let _ = write!(hexa, "{octet:02x}");
            hexa
        });
        let base = dossier.join("base");
        std::fs::create_dir(&base).unwrap();
        std::fs::write(base.join("essai.ndb"), format!("Essai:0:*:{signature}\n")).unwrap();
        let reglages = format!(
            "Foreground yes\nLocalSocket {}\nDatabaseDirectory {}\nOfficialDatabaseOnly no\nStreamMaxLength 30M\n",
            self.prise().display(),
            base.display()
        );
        let conf = dossier.join("clamd.conf");
        std::fs::write(&conf, reglages).unwrap();
        let clamd = if PathBuf::from("/usr/sbin/clamd").exists() {
            "/usr/sbin/clamd"
        } else {
            "clamd"
        };
        let processus = Command::new(clamd)
            .arg("--config-file")
            .arg(&conf)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd est installé (paquet clamav-daemon)");
        self.processus = Some(processus);
        let limite = Instant::now() + PATIENCE;
        while UnixStream::connect(self.prise()).await.is_err() {
            assert!(Instant::now() < limite, "clamd ne répond pas");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        if let Some(processus) = &mut self.processus {
            let _ = processus.kill();
            let _ = processus.wait();
        }
        let _ = std::fs::remove_dir_all(&self.dossier);
    }
}
