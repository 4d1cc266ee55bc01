//! How often something may be done: counted over a while, by hashes of whom it is done for and of where from. Too much of it is told
//! with what is counted and how long is left to wait; the form that was refused comes back as it was filled.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::echec::Echec;
use super::erreur::Erreur;
use super::formulaire::{ErreurChamp, Saisie};
use super::page::Page;
use crate::store::comptes::{self, Plafond};

/// So much of something, over so long.
pub struct Limite {
    /// Hash of what it is counted by.
    pub cle: Vec<u8>,
    /// The most of it.
    pub nombre: i64,
    /// How long one counts back.
    pub duree: TimeDelta,
    /// What is counted, after its number: « questions posées au nom de cette adresse de courriel ».
    pub quoi: &'static str,
}

/// A quota that is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trop {
    nombre: i64,
    quoi: &'static str,
    fenetre_s: u32,
    attendre_s: u32,
}

impl Trop {
    /// Puts what is counted and how long to wait beside this field of the form.
    pub fn refuser(&self, saisie: &mut Saisie, champ: &str) {
        let motif = format!(
            "{} {} en {}, c’est le maximum\u{a0}: gardez cette page ouverte, et renvoyez-la dans {}",
            self.nombre,
            self.quoi,
            duree(self.fenetre_s),
            duree(self.attendre_s)
        );
        saisie.refuser(champ, "", &ErreurChamp::Motif(motif));
    }

    /// The page of the form, as an answer that says when to come back.
    pub fn repondre<T: Template>(&self, page: T) -> Response {
        let mut reponse = Page(StatusCode::TOO_MANY_REQUESTS, page).into_response();
        let entetes = reponse.headers_mut();
        entetes.insert(header::RETRY_AFTER, HeaderValue::from(self.attendre_s));
        entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        reponse
    }
}

/// Where there is no form to show again.
impl From<Trop> for Echec {
    fn from(trop: Trop) -> Self {
        let attendre_s = trop.attendre_s;
        Erreur::TropDeRequetes { attendre_s }.into()
    }
}

/// Whether one more is within all of these.
///
/// # Errors
/// The database's; within, the one that is longest to wait for.
pub async fn verifier(
    conn: &mut PgConnection,
    limites: &[Limite],
    maintenant: DateTime<Utc>,
) -> Result<Result<(), Trop>, Echec> {
    let plafonds: Vec<Plafond<'_>> = limites
        .iter()
        .map(|l| Plafond {
            cle: &l.cle,
            nombre: l.nombre,
            depuis: maintenant - l.duree,
        })
        .collect();
    let atteints = comptes::load_atteints(conn, &plafonds).await?;
    let fins = limites
        .iter()
        .zip(atteints)
        .filter_map(|(l, quand)| Some((quand? + l.duree - maintenant, l)));
    Ok(match fins.max_by_key(|(reste, _)| *reste) {
        None => Ok(()),
        Some((reste, limite)) => Err(Trop {
            nombre: limite.nombre,
            quoi: limite.quoi,
            fenetre_s: secondes(limite.duree),
            attendre_s: secondes(reste).max(1),
        }),
    })
}

/// Whole seconds, the one that has begun included.
fn secondes(duree: TimeDelta) -> u32 {
    let entieres = duree.num_seconds() + i64::from(duree.subsec_nanos() > 0);
    u32::try_from(entieres).unwrap_or_default()
}

/// « 12 minutes », « 3 heures »: never less than it is.
pub fn duree(secondes: u32) -> String {
    let (nombre, unite) = match secondes.div_ceil(60).max(1) {
        minutes @ 0..=119 => (minutes, "minute"),
        minutes => (minutes.div_ceil(60), "heure"),
    };
    let s = if nombre > 1 { "s" } else { "" };
    format!("{nombre}\u{a0}{unite}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_never_waits_longer_than_told() {
        for (attendre, attendu) in [
            (0, "1\u{a0}minute"),
            (60, "1\u{a0}minute"),
            (61, "2\u{a0}minutes"),
            (900, "15\u{a0}minutes"),
            (119 * 60, "119\u{a0}minutes"),
            (119 * 60 + 1, "2\u{a0}heures"),
            (86_400, "24\u{a0}heures"),
        ] {
            assert_eq!(duree(attendre), attendu);
        }
        assert_eq!(secondes(TimeDelta::milliseconds(60_001)), 61);
        assert_eq!(secondes(TimeDelta::seconds(60)), 60);
    }
}
