//! How often a form sends mails to an address that somebody typed: each form counts its own, so that none closes another, nor the way back to a
//! lost password. Counted by the address written to and by the visitor's, as hashes.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::echec::Echec;
use super::essais::cle;
use super::quota::{self, Limite, Trop};
use crate::store::comptes;

/// Long enough to stop a burst, short enough to wait for.
const QUART_D_HEURE: TimeDelta = TimeDelta::minutes(15);
/// What a patient machine is counted over.
const JOUR: TimeDelta = TimeDelta::days(1);

/// How many mails, over a quarter of an hour and over a day.
struct Limites {
    courriel: [i64; 2],
    adresse: [i64; 2],
}

/// A person asks, forgets or is invited now and then; an office shares one address.
const USUELLES: Limites = Limites {
    courriel: [3, 10],
    adresse: [50, 200],
};
/// A person registers for a few webinars; the colleagues of an office are fewer than the places of a webinar.
const DES_INSCRIPTIONS: Limites = Limites {
    courriel: [3, 10],
    adresse: [20, 60],
};

/// A form that sends mails: the nature of what it counts, and its words, by the address written to and by the visitor's.
struct Formulaire {
    nature: [&'static str; 2],
    quoi: [&'static str; 2],
    limites: Limites,
}

/// What is counted.
pub struct Envois {
    cles: [Vec<u8>; 2],
    limites: Vec<Limite>,
}

impl Envois {
    /// Questions asked in the name of this e-mail address, from this visitor's address.
    pub fn question(courriel: &str, adresse: IpAddr) -> Self {
        let formulaire = Formulaire {
            nature: ["contact", "contact-adresse"],
            quoi: [
                "questions posées au nom de cette adresse de courriel",
                "questions posées depuis votre connexion internet",
            ],
            limites: USUELLES,
        };
        Self::nouveaux(&formulaire, courriel, adresse)
    }

    /// Registrations for webinars of this e-mail address, from this visitor's address.
    pub fn inscription(courriel: &str, adresse: IpAddr) -> Self {
        let formulaire = Formulaire {
            nature: ["webinaire", "webinaire-adresse"],
            quoi: [
                "inscriptions à un webinaire avec cette adresse de courriel",
                "inscriptions à un webinaire depuis votre connexion internet",
            ],
            limites: DES_INSCRIPTIONS,
        };
        Self::nouveaux(&formulaire, courriel, adresse)
    }

    /// Links to choose another password asked for this e-mail address, from this visitor's address.
    pub fn oubli(courriel: &str, adresse: IpAddr) -> Self {
        let formulaire = Formulaire {
            nature: ["oubli", "oubli-adresse"],
            quoi: [
                "liens demandés pour cette adresse de courriel",
                "liens demandés depuis votre connexion internet",
            ],
            limites: USUELLES,
        };
        Self::nouveaux(&formulaire, courriel, adresse)
    }

    /// Sign-ups with this e-mail address, from this visitor's address.
    pub fn compte(courriel: &str, adresse: IpAddr) -> Self {
        let formulaire = Formulaire {
            nature: ["compte-ouvert", "compte-ouvert-adresse"],
            quoi: [
                "comptes demandés avec cette adresse de courriel",
                "comptes demandés depuis votre connexion internet",
            ],
            limites: USUELLES,
        };
        Self::nouveaux(&formulaire, courriel, adresse)
    }

    /// Invitations that porteurs and colleagues send to this e-mail address, from this visitor's address.
    pub fn invitation(courriel: &str, adresse: IpAddr) -> Self {
        let formulaire = Formulaire {
            nature: ["invitation", "invitation-adresse"],
            quoi: [
                "invitations envoyées à cette adresse de courriel",
                "invitations envoyées depuis votre connexion internet",
            ],
            limites: USUELLES,
        };
        Self::nouveaux(&formulaire, courriel, adresse)
    }

    fn nouveaux(formulaire: &Formulaire, courriel: &str, adresse: IpAddr) -> Self {
        let [du_courriel, de_l_adresse] = formulaire.nature;
        let cles = [
            cle(du_courriel, &courriel.to_lowercase()),
            cle(de_l_adresse, &adresse.to_string()),
        ];
        let nombres = [formulaire.limites.courriel, formulaire.limites.adresse];
        let comptes = cles.iter().zip(nombres).zip(formulaire.quoi);
        let limites = comptes.flat_map(|((cle, nombres), quoi)| {
            let fenetres = [QUART_D_HEURE, JOUR].into_iter().zip(nombres);
            fenetres.map(move |(duree, nombre)| Limite {
                cle: cle.clone(),
                nombre,
                duree,
                quoi,
            })
        });
        Self {
            limites: limites.collect(),
            cles,
        }
    }

    /// Whether one more may be sent.
    ///
    /// # Errors
    /// The database's; within, what there were too many of.
    pub async fn verifier(
        &self,
        conn: &mut PgConnection,
        maintenant: DateTime<Utc>,
    ) -> Result<Result<(), Trop>, Echec> {
        quota::verifier(conn, &self.limites, maintenant).await
    }

    /// Counts one more, unless there were too many.
    ///
    /// # Errors
    /// As [`Self::verifier`].
    pub async fn compter(&self, conn: &mut PgConnection, maintenant: DateTime<Utc>) -> Result<Result<(), Trop>, Echec> {
        let verdict = self.verifier(conn, maintenant).await?;
        if verdict.is_ok() {
            comptes::noter_echec(conn, &self.cles, maintenant, maintenant - JOUR).await?;
        }
        Ok(verdict)
    }
}
