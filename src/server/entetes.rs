//! Security headers. A handler that sets one of them keeps its own.

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};

/// Nothing from elsewhere, nothing inline, no frame; `data:` images are the design system's icons.
pub const CSP: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; \
                       base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The portal uses none of the browser's devices.
const PERMISSIONS: &str = "camera=(), display-capture=(), fullscreen=(self), geolocation=(), microphone=(), midi=(), payment=(), \
                           usb=(), serial=(), hid=(), browsing-topics=()";
/// Two years, the duration the preload lists ask for.
const HSTS: &str = "max-age=63072000; includeSubDomains";

const ENTETES: [(HeaderName, HeaderValue); 8] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    ),
    // Pages show personal data, on computers that several people share.
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Adds the headers; `surs` says that the portal is reached over HTTPS only.
pub async fn securiser(State(surs): State<bool>, requete: Request, suite: Next) -> Response {
    let mut reponse = suite.run(requete).await;
    let entetes = reponse.headers_mut();
    for (nom, valeur) in ENTETES {
        entetes.entry(nom).or_insert(valeur);
    }
    if surs {
        entetes
            .entry(STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static(HSTS));
    }
    reponse
}
