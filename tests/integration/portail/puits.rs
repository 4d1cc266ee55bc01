//! A real mail server, run by Node, that keeps what it receives.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Long enough for a loaded machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(40);

/// The mail server, ended with its test.
pub struct Puits {
    enfant: Child,
    lignes: Lines<BufReader<ChildStdout>>,
    /// `smtp://…`
    pub url: String,
}

impl Puits {
    pub async fn ouvrir() -> Self {
        let racine = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(
            racine.join("node_modules/smtp-server").is_dir(),
            "le serveur de courriel des essais manque : lancez « npm ci --ignore-scripts »"
        );
        let mut enfant = Command::new("node")
            .arg(racine.join("tests/integration/portail/puits.mjs"))
            .current_dir(racine)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node est installé");
        let mut lignes = BufReader::new(enfant.stdout.take().unwrap()).lines();
        let port = lire(&mut lignes).await.unwrap()["port"].as_u64().unwrap();
        Self {
            enfant,
            lignes,
            url: format!("smtp://127.0.0.1:{port}"),
        }
    }

    /// The next mail, waited for.
    pub async fn courriel(&mut self) -> Value {
        lire(&mut self.lignes)
            .await
            .expect("le serveur de courriel s’est arrêté")
    }

    /// Every mail not read yet, once nothing more can come.
    pub async fn fermer(mut self) -> Vec<Value> {
        drop(self.enfant.stdin.take());
        let mut courriels = Vec::new();
        while let Some(courriel) = lire(&mut self.lignes).await {
            courriels.push(courriel);
        }
        courriels
    }
}

async fn lire(lignes: &mut Lines<BufReader<ChildStdout>>) -> Option<Value> {
    let ligne = tokio::time::timeout(PATIENCE, lignes.next_line()).await;
    let ligne = ligne.expect("attendu en vain : un courriel").unwrap();
    ligne.map(|ligne| serde_json::from_str(&ligne).unwrap())
}
