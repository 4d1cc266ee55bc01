//! The layers around a router, without a network.

use std::{fs, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::Html,
    routing::{get, post},
};
use clap::Parser;
use portail_grappes::{
    config::Config,
    server::{erreurs::page_sobre, habiller},
};
use tower::ServiceExt;

use crate::outils::Dossier;

#[derive(Parser)]
struct Essai {
    #[command(flatten)]
    config: Config,
}

fn config(arguments: &[&str]) -> Config {
    Essai::parse_from(std::iter::once(&"essai").chain(arguments)).config
}

fn routeur() -> Router {
    Router::new()
        .route("/page", get(async || Html("bonjour ".repeat(1_000))))
        .route(
            "/propre",
            get(async || {
                (
                    StatusCode::NOT_FOUND,
                    [(header::CACHE_CONTROL, "public")],
                    Html("à moi"),
                )
            }),
        )
        .route(
            "/panique",
            get(async || -> StatusCode { panic!("secret de la panique") }),
        )
        .route("/lent", get(std::future::pending::<StatusCode>))
        .route("/ecrire", post(async |corps: String| corps.len().to_string()))
}

async fn demander(config: &Config, requete: Request) -> (StatusCode, HeaderMap, Vec<u8>) {
    let service = habiller(
        config,
        routeur(),
        Arc::new(|statut, reference: &_, _: Option<&str>| page_sobre(statut, reference)),
    );
    let (entete, corps) = service.oneshot(requete).await.unwrap().into_parts();
    (
        entete.status,
        entete.headers,
        to_bytes(corps, usize::MAX).await.unwrap().to_vec(),
    )
}

fn lecture(chemin: &str) -> Request {
    Request::get(chemin).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for chemin in ["/page", "/absente", "/panique", "/static/absent.css"] {
        let (_, entetes, _) = demander(&config(&[]), lecture(chemin)).await;
        let csp = entetes[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(csp.contains("script-src 'self'") && !csp.contains("unsafe"), "{chemin}");
        assert_eq!(entetes[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{chemin}");
        assert_eq!(entetes["cross-origin-opener-policy"], "same-origin", "{chemin}");
        assert_eq!(entetes["cross-origin-resource-policy"], "same-origin", "{chemin}");
        assert_eq!(entetes[header::REFERRER_POLICY], "same-origin", "{chemin}");
        assert!(entetes.contains_key("permissions-policy"), "{chemin}");
        assert_eq!(entetes[header::CACHE_CONTROL], "no-store", "{chemin}");
    }
}

#[tokio::test]
async fn hsts_is_for_https_only() {
    let (_, surs, _) = demander(&config(&["--cookies-surs", "oui"]), lecture("/page")).await;
    assert!(surs.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let (_, demonstration, _) = demander(&config(&["--demonstration"]), lecture("/page")).await;
    assert!(!demonstration.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn a_handler_keeps_its_own_error_page_and_headers() {
    let (statut, entetes, corps) = demander(&config(&[]), lecture("/propre")).await;
    assert_eq!((statut, corps.as_slice()), (StatusCode::NOT_FOUND, "à moi".as_bytes()));
    assert_eq!(entetes[header::CACHE_CONTROL], "public");
}

#[tokio::test]
async fn a_panic_becomes_a_page_with_a_reference_and_no_detail() {
    let (statut, entetes, corps) = demander(&config(&[]), lecture("/panique")).await;
    let corps = String::from_utf8(corps).unwrap();
    assert_eq!(statut, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(corps.contains(entetes["x-request-id"].to_str().unwrap()), "{corps}");
    assert!(!corps.contains("secret"), "{corps}");
}

#[tokio::test]
async fn a_request_too_slow_is_given_up() {
    let config = config(&["--delai-requete", "20ms"]);
    let attente = tokio::time::timeout(Duration::from_secs(20), demander(&config, lecture("/lent")));
    let (statut, entetes, _) = attente.await.expect("delay");
    assert_eq!(statut, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(entetes[header::CONTENT_TYPE], "text/html; charset=utf-8");
}

#[tokio::test]
async fn a_form_is_small_and_an_upload_may_be_large() {
    let config = config(&["--taille-formulaire", "1000", "--taille-envoi", "5000"]);
    for (sorte, taille, attendu) in [
        ("text/plain", 1_000, StatusCode::OK),
        ("text/plain", 1_001, StatusCode::PAYLOAD_TOO_LARGE),
        ("multipart/form-data; boundary=x", 5_000, StatusCode::OK),
        ("multipart/form-data; boundary=x", 5_001, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        // With a length announced, then without.
        for annonce in [true, false] {
            let mut requete = Request::post("/ecrire").header(header::CONTENT_TYPE, sorte);
            if annonce {
                requete = requete.header(header::CONTENT_LENGTH, taille);
            }
            let (statut, ..) = demander(&config, requete.body(Body::from("x".repeat(taille))).unwrap()).await;
            assert_eq!(statut, attendu, "{sorte} {taille} annoncée {annonce}");
        }
    }
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let poster = |nom: &str, valeur: &str| {
        Request::post("/ecrire")
            .header(header::HOST, "portail.fr")
            .header(nom, valeur)
            .body(Body::empty())
            .unwrap()
    };
    for (nom, valeur, attendu) in [
        ("sec-fetch-site", "same-origin", StatusCode::OK),
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-site", StatusCode::FORBIDDEN),
        ("origin", "https://portail.fr", StatusCode::OK),
        ("origin", "https://ailleurs.fr", StatusCode::FORBIDDEN),
    ] {
        let (statut, entetes, _) = demander(&config(&[]), poster(nom, valeur)).await;
        assert_eq!(statut, attendu, "{nom}: {valeur}");
        let page = statut == StatusCode::FORBIDDEN;
        assert_eq!(
            page,
            entetes[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"),
            "{nom}: {valeur}"
        );
    }
}

#[tokio::test]
async fn pages_are_compressed_and_static_files_already_are() {
    let dossier = Dossier::neuf("statiques");
    for (nom, contenu) in [
        ("a.css", "origine".repeat(500)),
        ("a.css.br", "br".into()),
        ("a.css.gz", "gz".into()),
    ] {
        fs::write(dossier.0.join(nom), contenu).unwrap();
    }
    let config = config(&["--statiques", dossier.0.to_str().unwrap()]);
    let accepter = |chemin: &str, codage: &str| {
        Request::get(chemin)
            .header(header::ACCEPT_ENCODING, codage)
            .body(Body::empty())
            .unwrap()
    };
    for codage in ["br", "gzip"] {
        let (_, entetes, corps) = demander(&config, accepter("/page", codage)).await;
        assert_eq!(entetes[header::CONTENT_ENCODING], codage);
        assert!(corps.len() < 200, "{} bytes in {codage}", corps.len());
    }
    let (_, entetes, corps) = demander(&config, accepter("/static/a.css", "gzip, br")).await;
    assert_eq!(
        (&entetes[header::CONTENT_ENCODING], corps.as_slice()),
        (&"br".parse().unwrap(), &b"br"[..])
    );
    assert_eq!(entetes[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(entetes[header::CONTENT_TYPE], "text/css");
    let (_, entetes, _) = demander(&config, accepter("/static/a.css", "identity")).await;
    assert!(!entetes.contains_key(header::CONTENT_ENCODING));
}
