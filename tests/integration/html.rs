//! Every page is HTML that the Nu checker accepts: each route, by each account, read and sent an empty form.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use portail_grappes::routes;
use portail_grappes::web::chemins as c;
use portail_grappes::web::etat::Depart;
use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;
use serde::Deserialize;
use sqlx::PgPool;

use crate::droits;
use crate::portail::registre::{ehpad, ehpads, og_b};
use crate::portail::{ADRESSE_PUBLIQUE, EDITION, MAINTENANT, Navigateur, Portail, Qui, Reponse};

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

/// Paths of the pages that search engines are told of.
async fn pages_publiques(visiteur: &Navigateur) -> Vec<String> {
    let plan = visiteur.page(c::PLAN).await;
    let debut = format!("<loc>{ADRESSE_PUBLIQUE}");
    let texte = String::from_utf8_lossy(&plan.corps).into_owned();
    let adresses: Vec<String> = texte
        .lines()
        .filter_map(|ligne| ligne.split_once(&debut)?.1.split_once("</loc>"))
        .map(|(chemin, _)| chemin.to_owned())
        .collect();
    assert!(adresses.len() > 150, "{}", adresses.len());
    adresses
}

/// Octets of a first load, everything included.
const POIDS_MAXIMUM: u64 = 150_000;

/// Octets of all that the pages ask for beside themselves, as it is sent: the style sheet, the script, the fonts, the images.
fn ressources() -> u64 {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/dist");
    let manifeste = std::fs::read(dossier.join("manifeste.json")).expect("lancez « node script/habiller.mjs »");
    let manifeste: HashMap<String, String> = serde_json::from_slice(&manifeste).unwrap();
    let octets = |adresse: &String| {
        let fichier = dossier.join(adresse.trim_start_matches("/static/"));
        let comprime = fichier.with_added_extension("br");
        std::fs::metadata(comprime)
            .or_else(|_| std::fs::metadata(fichier))
            .unwrap()
            .len()
    };
    manifeste.values().map(octets).sum()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_public_page_is_light(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let visiteur = portail.anonyme();
    let communes = ressources();
    assert!(communes > 30_000, "{communes}");
    for adresse in pages_publiques(&visiteur).await {
        let requete = visiteur.requete(Method::GET, &adresse).header(ACCEPT_ENCODING, "br");
        let page = Reponse::de(requete).await;
        assert_eq!(page.entete("content-encoding"), "br", "{adresse}");
        let poids = communes + u64::try_from(page.corps.len()).unwrap();
        assert!(poids <= POIDS_MAXIMUM, "{adresse} : {poids} octets");
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
    let visiteur = &acteurs[0].1;
    for action in [("modifier", &*premier), ("q", "tilleul")] {
        let champs = [("edition", EDITION), ("numeros", &*colles), action];
        let simulation = visiteur.envoyer_nu(c::SIMULATEUR, &champs).await;
        pages.garder(format!("simulation {}", action.0), &simulation);
    }
    // Every rule and question, and what queries show.
    let mut adresses = pages_publiques(visiteur).await;
    adresses.extend([
        c::avec_parametres(c::ACCUEIL, &[("region", "11")]),
        c::avec_parametres(c::FAQ, &[("q", "DUI")]),
        c::avec_parametres(c::FAQ, &[("q", "introuvable")]),
        c::regles_differences("ara-2022", EDITION),
    ]);
    for adresse in adresses {
        pages.garder(adresse.clone(), &visiteur.page(&adresse).await);
    }
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
