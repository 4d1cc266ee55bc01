//! Deposits that arrived and were not answered: a fault of the portal, a connection that broke. Sent again, they keep the instant
//! at which they first arrived, so that a deposit begun in time is not lost.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRequestParts, Request};
use axum::http::Method;
use axum::http::request::Parts;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::chemins;
use super::etat::Etat;

/// Longer after its first arrival, what is sent again is a new deposit.
pub const DUREE: TimeDelta = TimeDelta::minutes(15);
/// Beyond, those that come are not remembered.
const AU_PLUS: usize = 10_000;

/// The deposits begun, by browser and dossier.
#[derive(Debug, Default)]
pub struct Entames(Mutex<HashMap<Cle, DateTime<Utc>>>);

/// A session's cookie and an address, hashed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cle(Vec<u8>);

impl Cle {
    /// Of this request, when it deposits a dossier.
    pub fn de(requete: &Request, jeton: &str) -> Option<Self> {
        depose(requete).then(|| Self(Sha256::digest(format!("{jeton} {}", requete.uri().path())).to_vec()))
    }
}

/// Whether this request deposits a dossier.
pub fn depose(requete: &Request) -> bool {
    requete.method() == Method::POST && chemins::est_un_depot(requete.uri().path())
}

impl Entames {
    /// When this deposit first arrived: now, unless an earlier one was not answered.
    pub fn arriver(&self, cle: &Cle, maintenant: DateTime<Utc>) -> DateTime<Utc> {
        let mut entames = self.entames();
        entames.retain(|_, debut| maintenant - *debut < DUREE);
        if entames.len() >= AU_PLUS {
            return maintenant;
        }
        *entames.entry(cle.clone()).or_insert(maintenant)
    }

    /// Forgets a deposit that was answered, whatever the answer.
    pub fn repondre(&self, cle: &Cle) {
        self.entames().remove(cle);
    }

    fn entames(&self) -> MutexGuard<'_, HashMap<Cle, DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When the deposit that a request carries first arrived; `None` for any other request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entame(pub Option<DateTime<Utc>>);

impl FromRequestParts<Etat> for Entame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Etat) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cle(methode: Method, chemin: &str) -> Option<Cle> {
        let requete = Request::builder()
            .method(methode)
            .uri(chemin)
            .body(axum::body::Body::empty());
        Cle::de(&requete.unwrap(), "jeton")
    }

    #[test]
    fn a_deposit_sent_again_keeps_its_first_instant_until_it_is_answered_or_too_old() {
        let entames = Entames::default();
        let chemin = chemins::depot(uuid::Uuid::nil());
        let cle = cle(Method::POST, &chemin).unwrap();
        let debut = DateTime::UNIX_EPOCH;
        let apres = |secondes| debut + TimeDelta::seconds(secondes);
        assert_eq!(entames.arriver(&cle, debut), debut);
        assert_eq!(entames.arriver(&cle, apres(899)), debut);
        assert_eq!(entames.arriver(&cle, apres(900)), apres(900));
        entames.repondre(&cle);
        assert_eq!(entames.arriver(&cle, apres(901)), apres(901));
    }

    #[test]
    fn only_deposits_are_remembered() {
        let chemin = chemins::depot(uuid::Uuid::nil());
        assert_eq!(cle(Method::GET, &chemin), None);
        assert_eq!(cle(Method::POST, &chemins::retrait_depot(uuid::Uuid::nil())), None);
        assert_eq!(cle(Method::POST, "/depot"), None);
    }
}
