//! Work done beside the requests: mails, reminders, daily digests. Each portal has one worker; the queue of
//! [`store::travaux`](travaux) shares the work out between them.
//!
//! A work may be done twice, when a portal is killed between doing it and noting it: a mail then carries the same
//! Message-ID, a reminder the same name.

pub mod accuse;
pub mod expedition;
pub mod rappels;
mod rappels_grappe;
pub mod redaction;
pub mod redaction_compte;
pub mod redaction_grappe;
mod redaction_modele;
pub mod redaction_webinaire;
mod repertoire_change;
mod reponses_changees;
pub mod resumes;
mod webinaires;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::PgListener;
use tokio::sync::watch;

use self::expedition::Expedition;
use crate::store::travaux::{self, CANAL, Suite, Travail};
use crate::store::{courriels, transaction};
use crate::web::echec::Echec;
use crate::web::etat::Etat;

/// Longer than any work: at its end, the work of a portal that was killed is taken again.
const BAIL: TimeDelta = TimeDelta::minutes(10);
/// Attempts before giving up: over nearly a day, as each pause is four times the one before.
pub const TENTATIVES: i32 = 7;
/// A recurrent work that fails is never given up, and is tried again at least this often.
const PAUSE_DES_RECURRENTS: TimeDelta = TimeDelta::hours(1);
/// A portal that hears of no new work looks by itself this often: some proxies do not forward announcements.
const GUET: Duration = Duration::from_secs(30);
/// Before looking again at a database that fails.
const REPIT: Duration = Duration::from_secs(5);

/// Pause after an attempt that failed (rank from 1): 1, 4, 16, 64, 256 then 1024 minutes.
fn pause(tentative: i32) -> TimeDelta {
    let exposant = u32::try_from(tentative - 1).unwrap_or(0).min(5);
    TimeDelta::minutes(4_i64.pow(exposant))
}

/// What came out of an attempt.
#[derive(Debug)]
enum Issue {
    /// Done, and what was answered.
    Fait(String),
    /// Done until the next time.
    Prochaine(DateTime<Utc>),
    /// Failed; tried again unless it would fail for ever.
    Echec {
        /// Why.
        cause: String,
        /// Whether no other attempt would succeed.
        definitif: bool,
    },
}

impl From<Echec> for Issue {
    fn from(echec: Echec) -> Self {
        Self::Echec {
            cause: format!("{echec:?}"),
            definitif: false,
        }
    }
}

impl From<sqlx::Error> for Issue {
    fn from(erreur: sqlx::Error) -> Self {
        Self::Echec {
            cause: format!("base de données\u{a0}: {erreur}"),
            definitif: false,
        }
    }
}

/// A worker. Several may run at once, in this portal or others.
pub struct Ouvrier {
    etat: Etat,
    expedition: Expedition,
    genres: Vec<String>,
}

impl Ouvrier {
    /// A worker that sends mails this way.
    pub fn nouveau(etat: Etat, expedition: Expedition) -> Self {
        let mut genres = vec![rappels::GENRE.to_owned(), resumes::GENRE.to_owned()];
        if !matches!(expedition, Expedition::Aucune) {
            genres.push(courriels::GENRE.to_owned());
        }
        Self {
            etat,
            expedition,
            genres,
        }
    }

    /// Works until `arret` says so, or whoever would say it is gone; the work in hand is finished first.
    pub async fn travailler(self, mut arret: watch::Receiver<bool>) {
        while let Err(erreur) = self.suivre(&mut arret).await {
            tracing::warn!(cause = %erreur, "file des travaux\u{a0}: nouvel essai");
            if tokio::time::timeout(REPIT, arret.wait_for(|a| *a)).await.is_ok() {
                return;
            }
        }
    }

    async fn suivre(&self, arret: &mut watch::Receiver<bool>) -> sqlx::Result<()> {
        let mut annonces = PgListener::connect_with(&self.etat.pool).await?;
        annonces.listen(CANAL).await?;
        self.planifier().await?;
        loop {
            while !fini(arret) && self.executer_un().await? {}
            let attente = self.attente().await?;
            tokio::select! {
                _ = arret.wait_for(|a| *a) => return Ok(()),
                annonce = annonces.recv() => drop(annonce?),
                () = tokio::time::sleep(attente) => {}
            }
        }
    }

    /// Sees to it that the recurrent works exist.
    ///
    /// # Errors
    /// The database's.
    pub async fn planifier(&self) -> sqlx::Result<()> {
        let maintenant = self.etat.horloge.maintenant();
        let mut conn = self.etat.pool.acquire().await?;
        for (genre, quand) in [
            (rappels::GENRE, rappels::prochaine(maintenant)),
            (resumes::GENRE, resumes::prochaine(maintenant)),
        ] {
            travaux::planifier(&mut conn, self.etat.horloge.nouvel_id(), genre, quand, maintenant).await?;
        }
        Ok(())
    }

    /// How long nothing is due.
    async fn attente(&self) -> sqlx::Result<Duration> {
        let mut conn = self.etat.pool.acquire().await?;
        let prochaine = travaux::load_prochaine_echeance(&mut conn, &self.genres).await?;
        let ecart = prochaine.map(|p| (p - self.etat.horloge.maintenant()).to_std().unwrap_or_default());
        Ok(ecart.map_or(GUET, |ecart| ecart.min(GUET)))
    }

    /// Does everything that is due.
    ///
    /// # Errors
    /// The database's, when the queue itself cannot be read or written.
    pub async fn epuiser(&self) -> sqlx::Result<()> {
        while self.executer_un().await? {}
        Ok(())
    }

    /// Takes one work and does it. False when nothing is due.
    async fn executer_un(&self) -> sqlx::Result<bool> {
        let maintenant = self.etat.horloge.maintenant();
        let mut conn = self.etat.pool.acquire().await?;
        let travail = travaux::take(&mut conn, &self.genres, maintenant, BAIL).await?;
        drop(conn);
        let Some(travail) = travail else { return Ok(false) };
        let issue = self.executer(&travail).await;
        self.conclure(&travail, issue).await?;
        Ok(true)
    }

    async fn executer(&self, travail: &Travail) -> Issue {
        match travail.genre.as_str() {
            rappels::GENRE => rappels::executer(&self.etat).await,
            resumes::GENRE => resumes::executer(&self.etat).await,
            _ if travail.tentative > TENTATIVES => Issue::Echec {
                cause: "le portail s’est arrêté pendant chaque tentative".to_owned(),
                definitif: true,
            },
            _ => self.expedition.executer(&self.etat, travail).await,
        }
    }

    async fn conclure(&self, travail: &Travail, issue: Issue) -> sqlx::Result<()> {
        let maintenant = self.etat.horloge.maintenant();
        let recurrent = travail.genre != courriels::GENRE;
        let (resultat, suite) = match &issue {
            Issue::Fait(reponse) => (Ok(reponse.as_str()), Suite::Fait),
            Issue::Prochaine(quand) => (Ok(""), Suite::Reprise(*quand)),
            Issue::Echec { cause, definitif } => {
                let suite = if recurrent {
                    Suite::Reprise(maintenant + pause(travail.tentative).min(PAUSE_DES_RECURRENTS))
                } else if *definitif || travail.tentative >= TENTATIVES {
                    Suite::Abandon
                } else {
                    Suite::Reprise(maintenant + pause(travail.tentative))
                };
                // What a mail server answers often names its addressee: it is for the administrator's page, not for the log.
                let cause_sue = recurrent.then_some(cause.as_str());
                tracing::warn!(travail.genre = travail.genre, travail.id = %travail.id, travail.tentative = travail.tentative,
                    cause = cause_sue, abandon = suite == Suite::Abandon, "un travail a échoué");
                (Err(cause.as_str()), suite)
            }
        };
        let issue = match suite {
            Suite::Fait => "fait",
            Suite::Reprise(_) if resultat.is_ok() => "fait",
            Suite::Reprise(_) => "repris",
            Suite::Abandon => "abandonné",
        };
        metrics::counter!("portail_travaux_total", "genre" => travail.genre.clone(), "issue" => issue).increment(1);
        let mut tx = transaction::commencer(&self.etat.pool).await?;
        let tenu = travaux::finish(&mut tx, travail, resultat, &suite, maintenant).await?;
        if tenu && suite == Suite::Fait && !self.etat.demonstration {
            courriels::oublier_secret(&mut tx, travail.id).await?;
        }
        tx.commit().await
    }
}

fn fini(arret: &watch::Receiver<bool>) -> bool {
    *arret.borrow() || arret.has_changed().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_attempt_is_followed_by_longer_and_longer_pauses() {
        let minutes: Vec<i64> = (1..TENTATIVES).map(|n| pause(n).num_minutes()).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 1024]);
        assert_eq!(pause(99), pause(TENTATIVES - 1));
    }
}
