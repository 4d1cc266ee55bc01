//! How many requests an address may make of what anybody may ask and costs a computation: counted in memory, told in
//! the headers of the IETF draft « `RateLimit` header fields for HTTP ».

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::adresse::Adresse;
use super::chemins;
use super::echec::Echec;
use super::erreur::Erreur;
use super::etat::Etat;

/// The window that quotas are counted over.
const FENETRE_S: u32 = 60;
/// Addresses remembered before those that have been quiet for a while are forgotten.
const ADRESSES_AU_PLUS: usize = 10_000;

const POLITIQUE: HeaderName = HeaderName::from_static("ratelimit-policy");
const RESTE: HeaderName = HeaderName::from_static("ratelimit");

/// The headers that say what is left.
pub const ENTETES: [HeaderName; 2] = [POLITIQUE, RESTE];

/// So many requests a minute for each address.
pub struct Debit {
    nom: &'static str,
    par_minute: NonZeroU32,
    limiteur: RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>,
}

/// The two quotas.
pub struct Debits {
    calculs: Debit,
    lectures: Debit,
}

impl Debits {
    /// So many simulations, and so many readings of the API, a minute for each address.
    pub fn par_minute(calculs: NonZeroU32, lectures: NonZeroU32) -> Self {
        Self {
            calculs: Debit::nouveau("calculs", calculs),
            lectures: Debit::nouveau("lectures", lectures),
        }
    }

    /// Simulations a minute.
    pub fn calculs(&self) -> NonZeroU32 {
        self.calculs.par_minute
    }

    /// Readings of the API a minute.
    pub fn lectures(&self) -> NonZeroU32 {
        self.lectures.par_minute
    }

    /// The quota that a request counts in, if any.
    fn pour(&self, requete: &Request) -> Option<&Debit> {
        let (methode, adresse) = (requete.method(), requete.uri());
        let simulation = adresse.path().starts_with(chemins::SIMULATEUR);
        match (simulation, chemins::dans_l_api(adresse.path())) {
            (true, _) if methode == Method::POST || adresse.query().is_some() => Some(&self.calculs),
            (_, true) if methode == Method::POST => Some(&self.calculs),
            (_, true) if methode != Method::OPTIONS => Some(&self.lectures),
            _ => None,
        }
    }
}

/// What is left to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reste {
    demandes: u32,
    /// Seconds until everything is there again.
    plein_dans_s: u32,
}

impl Debit {
    fn nouveau(nom: &'static str, par_minute: NonZeroU32) -> Self {
        let quota = Quota::per_minute(par_minute);
        Self {
            nom,
            par_minute,
            limiteur: RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>(),
        }
    }

    /// Counts a request: what is left, or how many seconds to wait.
    fn compter(&self, adresse: IpAddr) -> Result<Reste, u32> {
        if self.limiteur.len() > ADRESSES_AU_PLUS {
            self.limiteur.retain_recent();
        }
        match self.limiteur.check_key(&reseau(adresse)) {
            Ok(etat) => Ok(self.reste(etat.remaining_burst_capacity())),
            Err(refus) => {
                let attente = refus.wait_time_from(DefaultClock::default().now());
                Err(u32::try_from(attente.as_millis().div_ceil(1000))
                    .unwrap_or(FENETRE_S)
                    .max(1))
            }
        }
    }

    fn reste(&self, demandes: u32) -> Reste {
        let prises = self.par_minute.get().saturating_sub(demandes);
        let plein_dans_s = prises.saturating_mul(FENETRE_S).div_ceil(self.par_minute.get());
        Reste { demandes, plein_dans_s }
    }

    fn dire(&self, reponse: &mut Response, reste: Reste) {
        let Self { nom, par_minute, .. } = self;
        let dits = [
            (POLITIQUE, format!("\"{nom}\";q={par_minute};w={FENETRE_S}")),
            (
                RESTE,
                format!("\"{nom}\";r={};t={}", reste.demandes, reste.plein_dans_s),
            ),
        ];
        for (entete, valeur) in dits {
            if let Ok(valeur) = HeaderValue::from_str(&valeur) {
                reponse.headers_mut().insert(entete, valeur);
            }
        }
    }
}

/// What is counted together: an address, or the network that a provider gives one customer.
fn reseau(adresse: IpAddr) -> IpAddr {
    match adresse {
        IpAddr::V4(_) => adresse,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Layer: counts what is counted, refuses what is too much, says what is left.
pub async fn limiter(State(etat): State<Etat>, Adresse(adresse): Adresse, requete: Request, suite: Next) -> Response {
    let Some(debit) = etat.debits.pour(&requete) else {
        return suite.run(requete).await;
    };
    let (mut reponse, reste) = match debit.compter(adresse) {
        Ok(reste) => (suite.run(requete).await, reste),
        Err(attendre_s) => (
            Echec::from(Erreur::TropDeRequetes { attendre_s }).into_response(),
            debit.reste(0),
        ),
    };
    debit.dire(&mut reponse, reste);
    reponse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adresse(texte: &str) -> IpAddr {
        texte.parse().unwrap()
    }

    #[test]
    fn each_address_has_its_own_quota_and_is_told_how_long_to_wait() {
        let debit = Debit::nouveau("essai", NonZeroU32::new(2).unwrap());
        let (une, autre) = (adresse("192.0.2.1"), adresse("192.0.2.2"));
        assert_eq!(debit.compter(une).map(|r| r.demandes), Ok(1));
        assert_eq!(debit.compter(une).map(|r| r.demandes), Ok(0));
        let attente = debit.compter(une).unwrap_err();
        assert!((1..=30).contains(&attente), "{attente}");
        assert!(debit.compter(autre).is_ok());
    }

    #[test]
    fn the_addresses_of_one_ipv6_customer_count_together() {
        assert_eq!(reseau(adresse("2001:db8::1")), reseau(adresse("2001:db8::2")));
        assert_ne!(reseau(adresse("2001:db8::1")), reseau(adresse("2001:db8:0:1::1")));
    }

    #[test]
    fn headers_say_the_policy_and_what_is_left() {
        let debit = Debit::nouveau("essai", NonZeroU32::new(60).unwrap());
        let mut reponse = Response::default();
        debit.dire(&mut reponse, debit.reste(45));
        assert_eq!(reponse.headers()[POLITIQUE], "\"essai\";q=60;w=60");
        assert_eq!(reponse.headers()[RESTE], "\"essai\";r=45;t=15");
    }
}
