//! The visitor's address: that of the connection, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::echec::Echec;
use super::etat::Etat;

/// The address to count a visitor's requests by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adresse(pub IpAddr);

impl FromRequestParts<Etat> for Adresse {
    type Rejection = Echec;

    async fn from_request_parts(parts: &mut Parts, etat: &Etat) -> Result<Self, Echec> {
        let ConnectInfo(pair) = ConnectInfo::<SocketAddr>::from_request_parts(parts, etat)
            .await
            .map_err(Echec::interne)?;
        Ok(Self(visiteur(pair.ip(), &parts.headers, etat.mandataires)))
    }
}

/// Each proxy appends the address it was reached from: the nearest wrote the last one. What stands
/// before what the trusted ones wrote is the visitor's own, and worth nothing. A list too short, or
/// unreadable there, did not come through them: the address of the connection is then all there is.
///
/// An IPv4 address that a socket of both families writes as an IPv6 one is that IPv4 address.
fn visiteur(pair: IpAddr, entetes: &HeaderMap, mandataires: usize) -> IpAddr {
    let Some(rang) = mandataires.checked_sub(1) else {
        return pair.to_canonical();
    };
    let chaine: Vec<&str> = entetes
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|valeur| valeur.to_str().unwrap_or_default().split(','))
        .collect();
    chaine
        .iter()
        .rev()
        .nth(rang)
        .and_then(|a| lire(a))
        .unwrap_or(pair)
        .to_canonical()
}

/// An address, with or without a port.
fn lire(texte: &str) -> Option<IpAddr> {
    let texte = texte.trim();
    let sans_port = || texte.parse::<SocketAddr>().ok().map(|a| a.ip());
    texte.parse().ok().or_else(sans_port)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn lu(mandataires: usize, valeurs: &[&'static str]) -> String {
        let mut entetes = HeaderMap::new();
        for valeur in valeurs {
            entetes.append("x-forwarded-for", HeaderValue::from_static(valeur));
        }
        visiteur("10.0.0.1".parse().unwrap(), &entetes, mandataires).to_string()
    }

    #[test]
    fn a_forwarded_address_is_ignored_unless_proxies_are_trusted() {
        assert_eq!(lu(0, &["203.0.113.9"]), "10.0.0.1");
        assert_eq!(lu(1, &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn only_what_trusted_proxies_wrote_is_read_from_the_right() {
        assert_eq!(lu(1, &["1.1.1.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(lu(2, &["1.1.1.1, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(lu(2, &["1.1.1.1, 203.0.113.9", "10.0.0.2"]), "203.0.113.9");
    }

    #[test]
    fn a_list_too_short_or_unreadable_leaves_the_address_of_the_connection() {
        assert_eq!(lu(2, &["203.0.113.9"]), "10.0.0.1");
        assert_eq!(lu(1, &["1.1.1.1, inconnu"]), "10.0.0.1");
        assert_eq!(lu(1, &[]), "10.0.0.1");
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_that_address() {
        assert_eq!(lu(1, &["::ffff:203.0.113.9"]), "203.0.113.9");
        let pair = "::ffff:10.0.0.1".parse().unwrap();
        assert_eq!(visiteur(pair, &HeaderMap::new(), 0).to_string(), "10.0.0.1");
        assert_eq!(visiteur(pair, &HeaderMap::new(), 1).to_string(), "10.0.0.1");
    }

    #[test]
    fn ports_and_ipv6_are_read() {
        assert_eq!(lu(1, &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(lu(1, &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(lu(1, &["2001:db8::1"]), "2001:db8::1");
    }
}
