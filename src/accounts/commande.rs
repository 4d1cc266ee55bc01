//! The accounts' part of the command line: what no page does, because nobody may log in yet, or any more.

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand, ValueEnum};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::compte::{Compte, Profil};
use crate::domain::territoire;
use crate::store::comptes::{self, NouveauCompte};
use crate::store::{reinitialisations, second_facteur, sessions, transaction};
use crate::web::chemins;
use crate::web::session;

/// How long the link that sets the first password works.
const DUREE: TimeDelta = TimeDelta::hours(24);
/// A hash that no password opens.
const AUCUN_MOT_DE_PASSE: &str = "!";

/// What to do about an account.
#[derive(Debug, Subcommand)]
pub enum CommandeCompte {
    /// Ouvrir un compte d’agent et afficher le lien où choisir son mot de passe, valable 24 heures
    Ouvrir(Ouvrir),
    /// Désactiver la connexion en deux temps d’une personne qui a perdu son appareil, et fermer ses sessions
    SansSecondFacteur {
        /// Adresse de courriel du compte
        courriel: String,
    },
    /// Fermer le compte d’une personne partie : ses sessions se ferment, son nom reste sur ce qu’elle a signé
    Retirer {
        /// Adresse de courriel du compte
        courriel: String,
    },
}

/// An agent's account.
#[derive(Debug, Args)]
pub struct Ouvrir {
    /// Adresse de courriel
    #[arg(long)]
    courriel: String,
    /// Prénom et nom
    #[arg(long)]
    nom: String,
    /// Ce que le compte fait
    #[arg(long, value_enum)]
    profil: ProfilChoisi,
    /// Code INSEE d’une région (à répéter), pour l’ARS et l’accompagnement
    #[arg(long = "region", value_name = "CODE")]
    regions: Vec<String>,
}

/// The profiles of agents, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfilChoisi {
    /// Instruction ARS
    Ars,
    /// SESAN, Collectif SI
    Accompagnement,
    /// Administration du portail
    Administration,
}

async fn trouver(conn: &mut PgConnection, courriel: &str) -> anyhow::Result<Uuid> {
    let compte = comptes::load_id(conn, courriel).await?;
    compte.with_context(|| format!("aucun compte n’a l’adresse {courriel}"))
}

impl Ouvrir {
    fn profil(&self) -> anyhow::Result<Profil> {
        if let Some(inconnue) = self.regions.iter().find(|code| territoire::region(code).is_none()) {
            bail!("«\u{a0}{inconnue}\u{a0}» n’est pas le code d’une région");
        }
        let regions = self.regions.clone();
        match (self.profil, regions.is_empty()) {
            (ProfilChoisi::Administration, true) => Ok(Profil::Administration),
            (ProfilChoisi::Administration, false) => bail!("l’administration n’est d’aucune région"),
            (_, true) => bail!("--region est nécessaire"),
            (ProfilChoisi::Ars, false) => Ok(Profil::Ars { regions }),
            (ProfilChoisi::Accompagnement, false) => Ok(Profil::Accompagnement { regions }),
        }
    }
}

impl CommandeCompte {
    /// Does it, and says what was done. `id`: the number of the account, if one is opened.
    ///
    /// # Errors
    /// An address that is not one or is taken, an unknown région or account; the database's.
    pub async fn executer(
        &self,
        pool: &PgPool,
        adresse_publique: &str,
        id: Uuid,
        maintenant: DateTime<Utc>,
    ) -> anyhow::Result<String> {
        match self {
            Self::Ouvrir(ouvrir) => ouvrir.executer(pool, adresse_publique, id, maintenant).await,
            Self::SansSecondFacteur { courriel } => {
                let mut tx = transaction::commencer(pool).await?;
                let compte = trouver(&mut tx, courriel).await?;
                if !second_facteur::delete(&mut tx, compte).await? {
                    bail!("ce compte n’a pas de connexion en deux temps");
                }
                sessions::delete_toutes(&mut tx, compte).await?;
                tx.commit().await?;
                Ok(format!(
                    "{courriel}\u{a0}: connexion en deux temps désactivée, sessions fermées"
                ))
            }
            Self::Retirer { courriel } => {
                let mut tx = transaction::commencer(pool).await?;
                let compte = trouver(&mut tx, courriel).await?;
                comptes::retirer(&mut tx, compte).await?;
                tx.commit().await?;
                Ok(format!("{courriel}\u{a0}: compte fermé, sessions fermées"))
            }
        }
    }
}

impl Ouvrir {
    async fn executer(
        &self,
        pool: &PgPool,
        adresse_publique: &str,
        id: Uuid,
        maintenant: DateTime<Utc>,
    ) -> anyhow::Result<String> {
        if self.courriel.parse::<lettre::Address>().is_err() {
            bail!("«\u{a0}{}\u{a0}» n’est pas une adresse de courriel", self.courriel);
        }
        let compte = Compte {
            id,
            courriel: self.courriel.clone(),
            nom: self.nom.clone(),
            profil: self.profil()?,
        };
        let nouveau = NouveauCompte {
            compte: &compte,
            mot_de_passe: AUCUN_MOT_DE_PASSE,
            conditions_le: None,
            fictif: false,
        };
        let mut tx = transaction::commencer(pool).await?;
        if comptes::create(&mut tx, &nouveau, maintenant).await?.is_none() {
            bail!("un compte a déjà l’adresse {}", self.courriel);
        }
        let (jeton, cle) = session::jeton().map_err(|_| anyhow::anyhow!("aucun aléa"))?;
        reinitialisations::create(&mut tx, &cle, compte.id, maintenant + DUREE).await?;
        tx.commit().await?;
        Ok(format!("{adresse_publique}{}", chemins::reinitialisation(&jeton)))
    }
}
