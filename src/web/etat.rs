//! What every handler needs: the database, the clock, the editions, the files.

use std::ops::Deref;
use std::sync::Arc;

use object_store::ObjectStore;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::antivirus::Antivirus;
use super::debit::Debits;
use super::entames::Entames;
use super::identite::Fournisseur;
use super::page::Ressources;
use crate::clock::Horloge;
use crate::rules::edition::Edition;

/// Shared by all requests; cloned freely.
#[derive(Clone)]
pub struct Etat(Arc<Portail>);

/// What an [`Etat`] holds.
pub struct Portail {
    /// The database.
    pub pool: PgPool,
    /// The time and the identifiers.
    pub horloge: Horloge,
    /// The editions in force, the oldest first; shifted in a demonstration.
    pub editions: Vec<Edition>,
    /// Where the pieces are.
    pub fichiers: Arc<dyn ObjectStore>,
    /// What looks at the pieces that come, when one is configured.
    pub antivirus: Option<Antivirus>,
    /// Stylesheet, script, font.
    pub ressources: Arc<Ressources>,
    /// Whether cookies carry `Secure` and the `__Host-` prefix.
    pub cookies_surs: bool,
    /// Trusted proxies in front of the portal.
    pub mandataires: usize,
    /// Fictitious data, shown as such everywhere.
    pub demonstration: bool,
    /// Accounts shown on the log-in page: those of a demonstration, none otherwise.
    pub comptes_montres: Vec<CompteMontre>,
    /// Where to write when one cannot log in any more, when one is configured.
    pub assistance: Option<String>,
    /// How mails leave, and what their links begin with.
    pub courrier: Courrier,
    /// Who operates the portal.
    pub operateur: Operateur,
    /// The other way to log in, when one is configured.
    pub identite: Option<Fournisseur>,
    /// How much of what anybody may ask an address may ask.
    pub debits: Debits,
    /// Deposits that arrived and were not answered.
    pub entames: Entames,
    /// Password hashes computed at once: each takes 19 MiB and a core.
    pub hachages: Semaphore,
}

/// Who operates the portal, as its legal pages say; nothing is invented when nothing is set.
#[derive(Debug, Clone, Default)]
pub struct Operateur {
    /// What the law asks to be shown.
    pub identite: Option<Mentions>,
    /// Where to tell of a flaw, as a URI.
    pub contact_securite: Option<String>,
}

impl Operateur {
    /// Whether there is a page of mentions légales: when there is somebody to name, or a demonstration to explain.
    pub fn montre(&self, demonstration: bool) -> bool {
        demonstration || self.identite.is_some()
    }
}

/// What the law asks an operator to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentions {
    /// Name, form and address of whoever publishes.
    pub editeur: String,
    /// Who answers for what is published.
    pub responsable: String,
    /// Name, address and telephone of whoever hosts.
    pub hebergeur: String,
    /// Address that answers about personal data.
    pub contact_donnees: String,
    /// Why the law allows the data to be kept.
    pub base_legale: String,
    /// How long they are kept.
    pub conservation: String,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub struct Courrier {
    /// What their links begin with, such as `https://portail.exemple.fr`; never taken from a request.
    pub adresse_publique: String,
    /// The way they take.
    pub depart: Depart,
}

/// The way mails take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depart {
    /// By a mail server.
    Smtp,
    /// Nowhere: a demonstration shows them in a page.
    BoiteLocale,
    /// None is configured: they wait.
    Aucun,
}

/// A demonstration account, shown on the log-in page.
#[derive(Debug, Clone)]
pub struct CompteMontre {
    /// Who.
    pub role: &'static str,
    /// Address to log in with.
    pub courriel: &'static str,
    /// Password.
    pub mot_de_passe: &'static str,
}

impl Etat {
    /// To be cloned into each request.
    pub fn nouveau(portail: Portail) -> Self {
        Self(Arc::new(portail))
    }

    /// Whether this address is that of a public account, whose password is shown to everybody.
    pub fn montre(&self, courriel: &str) -> bool {
        let courriel = courriel.to_lowercase();
        self.comptes_montres.iter().any(|c| c.courriel == courriel)
    }

    /// Where to write about the portal itself: its support, else whoever answers about personal data; none when nobody said.
    pub fn adresse_du_portail(&self) -> Option<&str> {
        let donnees = self.operateur.identite.as_ref().map(|m| m.contact_donnees.as_str());
        self.assistance
            .as_deref()
            .or(donnees.filter(|adresse| adresse.contains('@')))
    }

    /// The edition of this code.
    pub fn edition(&self, code: &str) -> Option<&Edition> {
        self.editions.iter().find(|e| e.code == code)
    }
}

impl Portail {
    /// Codes of the editions that have a window still to close.
    pub fn editions_en_cours(&self) -> Vec<String> {
        let maintenant = self.horloge.maintenant();
        let en_cours = self
            .editions
            .iter()
            .filter(|e| e.prochaine_fermeture(&maintenant).is_some());
        en_cours.map(|e| e.code.clone()).collect()
    }
}

impl Deref for Etat {
    type Target = Portail;

    fn deref(&self) -> &Portail {
        &self.0
    }
}
