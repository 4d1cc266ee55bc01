//! Every page is HTML that the Nu checker accepts: each route, by each account, read and sent an empty form.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use portail_grappes::routes;
use portail_grappes::web::chemins as c;
use portail_grappes::web::etat::Depart;
use reqwest::Method;
use serde::Deserialize;
use sqlx::PgPool;

use crate::droits;
use crate::portail::registre::{ehpad, ehpads, og_b};
use crate::portail::{EDITION, MAINTENANT, Portail, Qui, Reponse};

/// What the checker says.
#[derive(Deserialize)]
struct Avis {
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    url: String,
    #[serde(rename = "message")]
    texte: String,
    #[serde(default)]
    extract: String,
}

/// Pages kept as files, each by where it was seen.
struct Pages {
    dossier: PathBuf,
    vues: HashMap<String, String>,
}

impl Pages {
    /// A folder of this name, which stays to be looked at.
    fn nouvelles(nom: &str) -> Self {
        let dossier = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html").join(nom);
        let _ = std::fs::remove_dir_all(&dossier);
        std::fs::create_dir_all(&dossier).unwrap();
        Self {
            dossier,
            vues: HashMap::new(),
        }
    }

    fn garder(&mut self, lieu: String, reponse: &Reponse) {
        if reponse.entete("content-type").starts_with("text/html") {
            let nom = format!("{}.html", self.vues.len());
            std::fs::write(self.dossier.join(&nom), &reponse.corps).unwrap();
            self.vues.insert(nom, lieu);
        }
    }

    /// What the checker reproaches, by place. It runs once for all: starting Java is most of its time.
    async fn fautes(&self) -> Vec<String> {
        let checker = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/vnu-jar/build/dist/vnu.jar");
        assert!(checker.is_file(), "lancez « npm ci --ignore-scripts »");
        let commande = tokio::process::Command::new("java")
            .arg("-jar")
            .arg(checker)
            .args(["--errors-only", "--exit-zero-always", "--format", "json", "--stdout"])
            .arg(&self.dossier)
            .output();
        let sortie = commande.await.expect("java est installé");
        let avis: Avis = serde_json::from_slice(&sortie.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&sortie.stderr)));
        let lieu = |url: &str| self.vues[url.rsplit('/').next().unwrap()].clone();
        avis.messages
            .iter()
            .map(|m| format!("{} : {} — {}", lieu(&m.url), m.texte, m.extract.trim()))
            .collect()
    }
}

async fn verifier(portail: &Portail, nom: &str) {
    let sujets = droits::sujets(portail).await;
    let mut acteurs = vec![(None, portail.anonyme())];
    for qui in Qui::TOUS {
        acteurs.push((Some(qui), portail.connecte(qui).await));
    }
    let mut pages = Pages::nouvelles(nom);
    for lecture in [true, false] {
        for route in routes::table() {
            if (route.methode == Method::GET) != lecture || route.chemin == c::DECONNEXION {
                continue;
            }
            for sujet in &sujets[..if route.chemin.contains("{dossier}") { 2 } else { 1 }] {
                for (qui, navigateur) in &acteurs {
                    let adresse = sujet.adresse(route.chemin);
                    let reponse = if lecture {
                        navigateur.lire(&adresse).await
                    } else {
                        navigateur.envoyer(&adresse, &[]).await
                    };
                    let lieu = format!("{} {} {qui:?} ({})", route.methode, route.chemin, reponse.statut);
                    pages.garder(lieu, &reponse);
                }
            }
        }
    }
    // What a form filled in shows.
    let colles = format!("{}\n750999999\n{}", ehpads(1..=14).join("\n"), og_b());
    let premier = ehpad(1);
    let champs = [
        ("edition", EDITION),
        ("numeros", &*colles),
        ("modifier", &*premier),
        ("q", "tilleul"),
        ("action", "chercher"),
    ];
    let simulation = acteurs[0].1.envoyer_nu(c::SIMULATEUR, &champs).await;
    pages.garder("simulation".to_owned(), &simulation);
    assert!(pages.vues.len() > 300, "{} pages seulement", pages.vues.len());
    let fautes = pages.fautes().await;
    assert!(fautes.is_empty(), "{} fautes\n{}", fautes.len(), fautes.join("\n"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_page_of_a_service_is_valid_html(pool: PgPool) {
    verifier(&Portail::ouvrir(pool).await, "service").await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_page_of_a_demonstration_is_valid_html(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    verifier(&portail, "demonstration").await;
}

/// A checker that sees nothing would accept everything.
#[tokio::test]
async fn a_faulty_page_is_seen() {
    let mut pages = Pages::nouvelles("fautive");
    let nom = "0.html".to_owned();
    let fautive =
        "<!DOCTYPE html><html lang=\"fr\"><head><title>Fautive</title></head><body><p><div></p></body></html>";
    std::fs::write(pages.dossier.join(&nom), fautive).unwrap();
    pages.vues.insert(nom, "fautive".to_owned());
    let fautes = pages.fautes().await;
    assert!(fautes.iter().any(|f| f.starts_with("fautive")), "{fautes:?}");
}
