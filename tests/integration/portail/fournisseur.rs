//! A real identity provider, run by Node, and the browser of a person who logs in there.

use std::path::Path;
use std::process::Stdio;

use portail_grappes::web::chemins;
use reqwest::{Client, redirect};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::{Navigateur, Reponse};

/// The provider, ended with its test.
pub struct Tiers {
    _enfant: Child,
    /// It writes its notices there until its end.
    _sortie: Lines<BufReader<ChildStdout>>,
    /// Its address.
    pub emetteur: String,
}

impl Tiers {
    /// For the portal at this address; `signe`: what it tells of people is a signed token, as `ProConnect`'s.
    pub async fn ouvrir(portail: &str, signe: bool) -> Self {
        let racine = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(
            racine.join("node_modules/oidc-provider").is_dir(),
            "le fournisseur d’identité des essais manque : lancez « npm ci --ignore-scripts »"
        );
        let mut enfant = Command::new("node")
            .arg(racine.join("tests/integration/portail/fournisseur.mjs"))
            .arg(format!("{portail}{}", chemins::CONNEXION_RETOUR))
            .arg(format!("{portail}/"))
            .args(signe.then_some("signe"))
            .current_dir(racine)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node est installé");
        let mut lignes = BufReader::new(enfant.stdout.take().unwrap()).lines();
        let dit: Value = serde_json::from_str(&lignes.next_line().await.unwrap().unwrap()).unwrap();
        Self {
            _enfant: enfant,
            _sortie: lignes,
            emetteur: dit["emetteur"].as_str().unwrap().to_owned(),
        }
    }
}

/// Logs in at the provider's from where the portal sent: the address at which it sends back.
pub async fn passer_chez(depart: &str, nom: &str, amr: &str) -> String {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(redirect::Policy::none())
        .build()
        .unwrap();
    let page = Reponse::de(client.get(depart)).await;
    assert_eq!(page.statut, 303, "{}", String::from_utf8_lossy(&page.corps));
    let racine = depart.split("/auth").next().unwrap();
    let entree = format!("{racine}{}", page.vers());
    let choix = [("nom", nom), ("amr", amr)].into_iter().filter(|(_, v)| !v.is_empty());
    let choix: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(choix)
        .finish();
    let fini = Reponse::de(client.get(format!("{entree}?{choix}"))).await;
    let rendu = Reponse::de(client.get(fini.vers())).await;
    rendu.vers().to_owned()
}

impl Navigateur {
    /// Follows an address of the portal that another site gave.
    pub async fn suivre(&self, adresse: &str) -> Reponse {
        let (_, reste) = adresse.split_once("://").unwrap();
        self.lire(&reste[reste.find('/').unwrap()..]).await
    }
}
