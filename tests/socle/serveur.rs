//! A portal in its process: health, log line, measures, graceful stop.

use nix::sys::signal::Signal;
use portail_grappes::postgres::{PostgresPrive, Reglages};
use portail_grappes::routes;
use sqlx::{Connection, PgConnection};

use crate::outils::{Dossier, Portail, commande, demander, jusqu_a, lire, signaler};

/// A PostgreSQL that the test owns, and a portal that is given its address.
fn sur_base_donnee(dossier: &Dossier) -> (PostgresPrive, Portail) {
    let base = demarrer(dossier);
    let mut commande = commande(&dossier.0);
    commande.env("DATABASE_URL", base.url());
    (base, Portail::demarrer(commande))
}

fn demarrer(dossier: &Dossier) -> PostgresPrive {
    PostgresPrive::demarrer(&dossier.0.join("base"), None, Reglages::Rapides).unwrap()
}

#[test]
fn readiness_follows_the_database_and_liveness_does_not() {
    let dossier = Dossier::neuf("pret");
    let (base, portail) = sur_base_donnee(&dossier);
    assert_eq!(portail.sante(), 200);
    base.arreter();
    jusqu_a("503", || (portail.sante() == 503).then_some(()));
    assert_eq!(portail.lire("/sante/vivant").statut, 200);
    let ligne = portail.ligne("cause", |ligne| ligne["http.statut"] == 503);
    assert!(ligne["erreur.cause"].is_string(), "{ligne}");
    let base = demarrer(&dossier);
    jusqu_a("200", || (portail.sante() == 200).then_some(()));
    base.arreter();
}

#[test]
fn a_database_that_is_late_is_waited_for() {
    let dossier = Dossier::neuf("retard");
    let base = demarrer(&dossier);
    let url = base.url();
    base.arreter();
    let mut commande = commande(&dossier.0);
    commande.env("DATABASE_URL", url);
    let portail = Portail::demarrer_sans_attendre(commande);
    portail.ligne("attente", |ligne| ligne["message"] == "la base ne répond pas encore");
    let base = demarrer(&dossier);
    portail.ligne("écoute", |ligne| ligne["http.adresse"].is_string());
    base.arreter();
}

#[test]
fn a_stop_lets_the_request_in_flight_finish() {
    let dossier = Dossier::neuf("arret");
    let (base, mut portail) = sur_base_donnee(&dossier);
    assert_eq!(portail.sante(), 200);
    let connexions = connexions_du_portail(&base);
    assert!(!connexions.is_empty());
    for pid in &connexions {
        signaler(*pid, Signal::SIGSTOP);
    }
    let en_cours = portail.demander("GET /sante/pret HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\r\n");
    // The request is received: its bytes are no longer in the sockets.
    jusqu_a("requête reçue", || tout_est_lu(&en_cours).then_some(()));
    signaler(portail.pid(), Signal::SIGTERM);
    portail.ligne("arrêt demandé", |ligne| {
        ligne["message"]
            .as_str()
            .is_some_and(|m| m.starts_with("arrêt demandé"))
    });
    for pid in &connexions {
        signaler(*pid, Signal::SIGCONT);
    }
    assert_eq!(lire(en_cours).statut, 200);
    assert!(portail.attendre_fin().success());
    base.arreter();
}

/// The server processes behind the portal's connections.
fn connexions_du_portail(base: &PostgresPrive) -> Vec<i32> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut connexion = PgConnection::connect(&base.url()).await.unwrap();
        let requete = "select pid from pg_stat_activity where application_name = 'portail'";
        sqlx::query_scalar(requete).fetch_all(&mut connexion).await.unwrap()
    })
}

/// Whether the other side has read what was written on this connection, as the kernel counts it.
fn tout_est_lu(connexion: &std::net::TcpStream) -> bool {
    let port = |adresse: std::net::SocketAddr| format!(":{:04X}", adresse.port());
    let (ici, la_bas) = (
        port(connexion.local_addr().unwrap()),
        port(connexion.peer_addr().unwrap()),
    );
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    // Column 1 is the local address, 2 the remote one, 4 `tx_queue:rx_queue`: the server's side has an empty rx_queue.
    table
        .lines()
        .map(|ligne| ligne.split_whitespace().collect::<Vec<_>>())
        .any(|colonnes| {
            colonnes.len() > 4
                && colonnes[1].ends_with(&la_bas)
                && colonnes[2].ends_with(&ici)
                && colonnes[4].ends_with(":00000000")
        })
}

#[test]
fn the_log_line_names_the_route_and_nothing_that_was_typed() {
    let dossier = Dossier::neuf("ligne");
    let portail = Portail::demarrer(commande(&dossier.0));
    // Links of mails carry their token in the path.
    for route in routes::table() {
        let segments = route.chemin.split('/');
        let rempli: Vec<_> = segments
            .map(|s| if s.starts_with('{') { "abc123" } else { s })
            .collect();
        portail.lire(&rempli.join("/"));
    }
    let reponse = portail.lire("/chercher/Dupont?nom=Durand&jeton=abc123");
    assert_eq!(reponse.statut, 404);
    let reference = reponse.entete("x-request-id").expect("référence").to_owned();
    assert!(reponse.corps.contains("href=\"/\""), "the page has a way out");
    let ligne = portail.ligne("ligne canonique", |ligne| {
        ligne["requete.reference"] == reference.as_str()
    });
    assert_eq!(ligne["http.methode"], "GET");
    assert_eq!(ligne["http.route"], "inconnue");
    assert_eq!(ligne["http.statut"], 404);
    assert!(ligne["requete.duree_us"].is_number(), "{ligne}");
    let tout = serde_json::to_string(&portail.lignes()).unwrap();
    for tape in ["Dupont", "Durand", "abc123", "127.0.0.1:0"] {
        assert!(!tout.contains(tape), "{tape} in the log");
    }
    let de_la_requete = portail
        .lignes()
        .into_iter()
        .filter(|ligne| ligne["requete.reference"] == reference.as_str());
    assert_eq!(de_la_requete.count(), 1, "one line per request");
}

#[test]
fn measures_are_served_apart_by_route() {
    let dossier = Dossier::neuf("mesures");
    let portail = Portail::demarrer(commande(&dossier.0));
    assert_eq!(portail.lire("/sante/vivant").statut, 200);
    assert_eq!(portail.lire("/metrics").statut, 404);
    assert_eq!(portail.lire("/static/absent.css?nom=Durand").statut, 404);
    let adresse = portail.champ("metriques.adresse");
    let mesures = lire(demander(
        &adresse,
        "GET /metrics HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\r\n",
    ))
    .corps;
    let compteur = r#"portail_http_requetes_total{methode="GET",route="/sante/vivant",statut="200"} 1"#;
    assert!(mesures.contains(compteur), "{mesures}");
    assert!(
        mesures.contains(r#"portail_http_duree_secondes_bucket{methode="GET",route="/sante/vivant""#),
        "{mesures}"
    );
    assert!(
        mesures.contains(r#"portail_http_requetes_total{methode="GET",route="/static",statut="404"} 1"#),
        "{mesures}"
    );
    assert!(
        mesures.contains(r#"portail_http_requetes_total{methode="GET",route="inconnue",statut="404"} 1"#),
        "{mesures}"
    );
}

#[test]
fn an_address_already_taken_is_said() {
    let prise = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dossier = Dossier::neuf("prise");
    let refus = commande(&dossier.0)
        .env("PORTAIL_ADRESSE", prise.local_addr().unwrap().to_string())
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&refus.stderr);
    assert_eq!(refus.status.code(), Some(1));
    assert!(message.contains("PORTAIL_ADRESSE"), "{message}");
}

#[test]
fn help_names_every_setting_and_no_secret() {
    let sortie = commande(std::path::Path::new("var"))
        .arg("--help")
        .env("DATABASE_URL", "postgres://portail:tressecret@base/portail")
        .output()
        .unwrap();
    let aide = String::from_utf8_lossy(&sortie.stdout);
    for nom in [
        "DATABASE_URL",
        "PORTAIL_ADRESSE",
        "PORTAIL_METRIQUES",
        "PORTAIL_VAR",
        "PG_BIN",
        "PORTAIL_COOKIES_SURS",
    ] {
        assert!(aide.contains(nom), "{nom}");
    }
    assert!(!aide.contains("tressecret"));
    for anglais in ["default:", "env:", "Print", "values"] {
        assert!(!aide.contains(anglais), "{anglais}");
    }
}
