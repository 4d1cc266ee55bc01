//! The portal's settings: the only reader of the environment.
//!
//! Every setting is an option of the command line and a variable of the environment, shown by `--help`.
//! Secrets are [`SecretString`]: neither `Debug`, nor the log, nor `--help` prints them.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, time::Duration};

use axum::http::Uri;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use lettre::Address;
use lettre::message::Mailbox;
use object_store::aws::AmazonS3Builder;
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Horloge;

/// All the settings of the portal that serves pages.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Where the database is.
    #[command(flatten)]
    pub base: Base,
    /// How pages are served.
    #[command(flatten)]
    pub http: Http,
    /// Where uploaded pieces are kept.
    #[command(flatten)]
    pub fichiers: Fichiers,
    /// How mails leave.
    #[command(flatten)]
    pub courriels: Courriels,
    /// The other way to log in.
    #[command(flatten)]
    pub identite: Identite,
    /// Who operates the portal.
    #[command(flatten)]
    pub exploitant: Exploitant,
    /// What the logs look like.
    #[command(flatten)]
    pub traces: Traces,
    /// Mode démonstration : comptes et dossiers d’exemple, bandeau sur chaque page, témoins acceptés en HTTP
    #[arg(long, env = "PORTAIL_DEMONSTRATION", value_parser = drapeau(), num_args = 0..=1, require_equals = true,
          default_value = "non", default_missing_value = "oui", value_name = "oui|non", help_heading = "Démonstration")]
    pub demonstration: bool,
    /// Démonstration seulement : date et heure affichées au démarrage (RFC 3339, 2026-03-01T09:00:00+01:00)
    #[arg(long, env = "PORTAIL_DATE", value_name = "INSTANT", help_heading = "Démonstration")]
    pub date: Option<DateTime<Utc>>,
}

impl Config {
    /// The clock the portal lives by: the system's, unless a demonstration asked for another date.
    ///
    /// # Errors
    /// When a date is asked for outside a demonstration: a real service must not live at another date.
    pub fn horloge(&self) -> anyhow::Result<Horloge> {
        match self.date {
            None => Ok(Horloge::systeme()),
            Some(date) if self.demonstration => Ok(Horloge::depuis(date)),
            Some(_) => anyhow::bail!("PORTAIL_DATE n’est admis qu’avec --demonstration"),
        }
    }

    /// Whether cookies carry `Secure` and the `__Host-` prefix: yes, except in a demonstration over plain HTTP.
    pub fn cookies_surs(&self) -> bool {
        self.http.cookies_surs.unwrap_or(!self.demonstration)
    }
}

/// Where the database is: a given server, or a private PostgreSQL kept in a folder.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Base de données")]
pub struct Base {
    /// Serveur PostgreSQL (postgres://…) ; sans elle, le portail démarre le sien dans le sous-dossier « pg » des données
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_parser = secret, value_name = "URL")]
    pub database_url: Option<SecretString>,
    /// Dossier des données du portail
    #[arg(long, env = "PORTAIL_VAR", default_value = "var", value_name = "DOSSIER")]
    pub var: PathBuf,
    /// PostgreSQL's programs.
    #[command(flatten)]
    pub programmes: Programmes,
    /// Nombre maximal de connexions à la base
    #[arg(long, env = "PORTAIL_BASE_CONNEXIONS", default_value_t = 20, value_name = "NOMBRE")]
    pub connexions: u32,
    /// Attente maximale d'une connexion libre
    #[arg(long, env = "PORTAIL_BASE_ATTENTE", default_value = "5s", value_parser = duree, value_name = "DURÉE")]
    pub attente: Duration,
    /// Durée maximale d’une requête SQL
    #[arg(long, env = "PORTAIL_BASE_REQUETE", default_value = "20s", value_parser = duree, value_name = "DURÉE")]
    pub requete: Duration,
    /// Ne pas appliquer les migrations au démarrage (elles demandent une connexion directe, sans pgbouncer)
    #[arg(long, env = "PORTAIL_SANS_MIGRATION", value_parser = drapeau(), num_args = 0..=1, require_equals = true,
          default_value = "non", default_missing_value = "oui", value_name = "oui|non")]
    pub sans_migration: bool,
}

/// Where PostgreSQL's programs are.
#[derive(Args, Clone, Debug)]
pub struct Programmes {
    /// Dossier des programmes de PostgreSQL ; par défaut la version la plus récente de /usr/lib/postgresql
    #[arg(long, env = "PG_BIN", value_name = "DOSSIER")]
    pub pg_bin: Option<PathBuf>,
}

/// How pages are served.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Serveur HTTP")]
pub struct Http {
    /// Adresse d’écoute des pages
    #[arg(
        long,
        env = "PORTAIL_ADRESSE",
        default_value = "127.0.0.1:8080",
        value_name = "ADRESSE:PORT"
    )]
    pub adresse: SocketAddr,
    /// Adresse d’écoute des mesures Prometheus (/metrics), ou « non »
    #[arg(long, env = "PORTAIL_METRIQUES", default_value = "127.0.0.1:9090", value_parser = ecoute_facultative,
          value_name = "ADRESSE:PORT|non")]
    pub metriques: Ecoute,
    /// Dossier des fichiers statiques préparés par script/habiller.mjs
    #[arg(
        long,
        env = "PORTAIL_STATIQUES",
        default_value = "static/dist",
        value_name = "DOSSIER"
    )]
    pub statiques: PathBuf,
    /// Témoins « Secure » préfixés __Host- et HSTS ; par défaut oui, non en démonstration
    #[arg(long, env = "PORTAIL_COOKIES_SURS", value_parser = drapeau(), value_name = "oui|non")]
    pub cookies_surs: Option<bool>,
    /// Nombre de mandataires de confiance devant le portail : l’adresse du visiteur est lue d’autant de pas depuis la
    /// fin de X-Forwarded-For ; 0 : cet en-tête est ignoré, l’adresse est celle de qui se connecte
    #[arg(long, env = "PORTAIL_MANDATAIRES", default_value_t = 0, value_name = "NOMBRE")]
    pub mandataires: usize,
    /// Durée maximale du traitement d’une requête
    #[arg(long, env = "PORTAIL_DELAI_REQUETE", default_value = "30s", value_parser = duree, value_name = "DURÉE")]
    pub delai_requete: Duration,
    /// Durée maximale d’un envoi de pièces
    #[arg(long, env = "PORTAIL_DELAI_ENVOI", default_value = "10min", value_parser = duree, value_name = "DURÉE")]
    pub delai_envoi: Duration,
    /// Temps laissé aux requêtes en cours lors d’un arrêt
    #[arg(long, env = "PORTAIL_DELAI_ARRET", default_value = "20s", value_parser = duree, value_name = "DURÉE")]
    pub delai_arret: Duration,
    /// Taille maximale d'un formulaire, en octets
    #[arg(long, env = "PORTAIL_TAILLE_FORMULAIRE", default_value_t = 2 * 1024 * 1024, value_name = "OCTETS")]
    pub taille_formulaire: usize,
    /// Taille maximale d’un envoi de pièces, en octets
    #[arg(long, env = "PORTAIL_TAILLE_ENVOI", default_value_t = 60 * 1024 * 1024, value_name = "OCTETS")]
    pub taille_envoi: usize,
    /// Simulations par minute et par adresse, au simulateur et par l’API
    #[arg(long, env = "PORTAIL_DEBIT_CALCULS", default_value = "60", value_name = "NOMBRE")]
    pub debit_calculs: NonZeroU32,
    /// Lectures de l’API par minute et par adresse
    #[arg(long, env = "PORTAIL_DEBIT_LECTURES", default_value = "300", value_name = "NOMBRE")]
    pub debit_lectures: NonZeroU32,
}

/// Where uploaded pieces are kept.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Pièces")]
pub struct Fichiers {
    /// A folder, or `s3://bucket/prefix`.
    #[arg(long = "fichiers", env = "PORTAIL_FICHIERS", value_name = "DOSSIER|s3://…", help = AIDE_FICHIERS)]
    pub emplacement: Option<String>,
    /// Where clamd listens.
    #[arg(long = "antivirus", env = "PORTAIL_ANTIVIRUS", value_name = "ADRESSE", help = AIDE_ANTIVIRUS)]
    pub antivirus: Option<String>,
}

const AIDE_FICHIERS: &str = "Dossier des pièces déposées, ou s3://compartiment/préfixe\u{a0}; par défaut le sous-dossier \
     «\u{a0}pieces\u{a0}» des données. S3 lit AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION et AWS_ENDPOINT \
     (avec AWS_ALLOW_HTTP=true pour une adresse en http)";

const AIDE_ANTIVIRUS: &str = "Antivirus (clamd) qui analyse les pièces\u{a0}: tcp://127.0.0.1:3310 ou unix:/run/clamav/clamd.ctl\u{a0}; sans \
     lui, elles ne sont pas analysées";

/// An S3 client as the usual variables of the environment say (`AWS_*`).
pub fn s3_de_l_environnement() -> AmazonS3Builder {
    AmazonS3Builder::from_env()
}

/// How mails leave.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Courriels")]
pub struct Courriels {
    /// The mail server; holds a password.
    #[arg(long = "smtp", env = "PORTAIL_SMTP", hide_env_values = true, value_parser = secret, value_name = "URL", help = AIDE_SMTP)]
    pub smtp: Option<SecretString>,
    /// Expéditeur des courriels : « Portail Grappes <ne-pas-repondre@exemple.fr> »
    #[arg(long = "expediteur", env = "PORTAIL_EXPEDITEUR", value_name = "NOM <ADRESSE>", value_parser = expediteur)]
    pub expediteur: Option<Mailbox>,
    /// Adresse publique du portail, dans les liens des courriels
    #[arg(long = "url-publique", env = "PORTAIL_URL_PUBLIQUE", value_name = "https://…", value_parser = url_publique)]
    pub url_publique: Option<String>,
    /// Adresse de courriel de l’assistance, montrée à qui ne peut plus se connecter
    #[arg(long = "assistance", env = "PORTAIL_ASSISTANCE", value_name = "ADRESSE", value_parser = adresse)]
    pub assistance: Option<String>,
}

const AIDE_SMTP: &str = "Serveur de courriel\u{a0}: smtp://nom:motdepasse@serveur:587 (STARTTLS exigé dès qu’un nom est donné, \
     sinon employé s’il est offert) ou smtps://…:465 (TLS dès la connexion)\u{a0}; demande --expediteur et --url-publique. Sans \
     lui, les courriels attendent\u{a0}; en démonstration, ils se lisent dans une page du portail";

impl Courriels {
    /// The mail server; an empty variable is how compose files say "none".
    pub fn smtp(&self) -> Option<&SecretString> {
        self.smtp.as_ref().filter(|url| !url.expose_secret().is_empty())
    }

    /// The address of the support; an empty variable is how compose files say "none".
    pub fn assistance(&self) -> Option<&str> {
        self.assistance.as_deref().filter(|a| !a.is_empty())
    }
}

/// The other way to log in: an identity provider, by `OpenID` Connect.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Fournisseur d’identité (OpenID Connect, ProConnect)")]
pub struct Identite {
    /// Adresse du fournisseur ; sans elle, on se connecte par mot de passe seulement
    #[arg(long = "oidc-emetteur", env = "PORTAIL_OIDC_EMETTEUR", value_name = "https://…")]
    pub emetteur: Option<String>,
    /// Nom du fournisseur, tel que les personnes le connaissent
    #[arg(
        long = "oidc-nom",
        env = "PORTAIL_OIDC_NOM",
        default_value = "ProConnect",
        value_name = "NOM"
    )]
    pub nom: String,
    /// Identifiant que le fournisseur a donné au portail
    #[arg(long = "oidc-client", env = "PORTAIL_OIDC_CLIENT", value_name = "IDENTIFIANT")]
    pub client: Option<String>,
    /// Secret que le fournisseur a donné au portail
    #[arg(long = "oidc-secret", env = "PORTAIL_OIDC_SECRET", hide_env_values = true, value_parser = secret, value_name = "SECRET")]
    pub secret: Option<SecretString>,
    /// Tenir pour vérifiées les adresses dont le fournisseur ne dit pas s’il les a vérifiées
    #[arg(long = "oidc-courriels-verifies", env = "PORTAIL_OIDC_COURRIELS_VERIFIES", value_parser = drapeau(), num_args = 0..=1,
          require_equals = true, default_value = "non", default_missing_value = "oui", value_name = "oui|non")]
    pub courriels_verifies: bool,
}

impl Identite {
    /// The provider's address; an empty variable is how compose files say "none".
    pub fn emetteur(&self) -> Option<&str> {
        self.emetteur.as_deref().filter(|e| !e.is_empty())
    }
}

/// Who operates the portal, in its legal pages.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Exploitant du portail (mentions légales, données personnelles, sécurité)")]
pub struct Exploitant {
    /// Éditeur : nom, forme juridique et adresse ; les cinq réglages suivants vont avec lui
    #[arg(long, env = "PORTAIL_EDITEUR", value_name = "TEXTE")]
    pub editeur: Option<String>,
    /// Responsable de la publication : nom et fonction
    #[arg(long, env = "PORTAIL_RESPONSABLE", value_name = "TEXTE")]
    pub responsable: Option<String>,
    /// Hébergeur : nom, adresse et téléphone
    #[arg(long, env = "PORTAIL_HEBERGEUR", value_name = "TEXTE")]
    pub hebergeur: Option<String>,
    /// Adresse de courriel qui répond sur les données personnelles (délégué à la protection des données)
    #[arg(long, env = "PORTAIL_CONTACT_DONNEES", value_name = "ADRESSE")]
    pub contact_donnees: Option<String>,
    /// Base légale du traitement des données personnelles, en une phrase
    #[arg(long, env = "PORTAIL_BASE_LEGALE", value_name = "TEXTE")]
    pub base_legale: Option<String>,
    /// Durée de conservation des comptes et des dossiers, en une phrase
    #[arg(long, env = "PORTAIL_CONSERVATION", value_name = "TEXTE")]
    pub conservation: Option<String>,
    /// À qui signaler une faille : adresse de courriel ou page https://… (/.well-known/security.txt)
    #[arg(long, env = "PORTAIL_CONTACT_SECURITE", value_parser = contact_securite, value_name = "ADRESSE|https://…")]
    pub contact_securite: Option<String>,
}

impl Exploitant {
    /// The settings of the legal pages, in the order of their fields; an empty variable is how compose files say "none".
    fn reglages(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("PORTAIL_EDITEUR", &self.editeur),
            ("PORTAIL_RESPONSABLE", &self.responsable),
            ("PORTAIL_HEBERGEUR", &self.hebergeur),
            ("PORTAIL_CONTACT_DONNEES", &self.contact_donnees),
            ("PORTAIL_BASE_LEGALE", &self.base_legale),
            ("PORTAIL_CONSERVATION", &self.conservation),
        ]
        .map(|(nom, valeur)| (nom, valeur.as_deref().map(str::trim).filter(|v| !v.is_empty())))
    }

    /// All of them, in that order, or none.
    ///
    /// # Errors
    /// When some are set and others are not: half an identity is none.
    pub fn mentions(&self) -> anyhow::Result<Option<[&str; 6]>> {
        let reglages = self.reglages();
        if reglages.iter().all(|(_, valeur)| valeur.is_none()) {
            return Ok(None);
        }
        let manquants: Vec<&str> = reglages
            .iter()
            .filter(|(_, v)| v.is_none())
            .map(|(nom, _)| *nom)
            .collect();
        anyhow::ensure!(
            manquants.is_empty(),
            "les mentions légales sont incomplètes\u{a0}: il manque {}",
            manquants.join(", ")
        );
        Ok(Some(reglages.map(|(_, valeur)| valeur.unwrap_or_default())))
    }

    /// Where to tell of a flaw, as a URI.
    pub fn contact_securite(&self) -> Option<&str> {
        self.contact_securite.as_deref().filter(|c| !c.is_empty())
    }
}

/// What the logs look like.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Journal technique")]
pub struct Traces {
    /// Forme des lignes du journal technique
    #[arg(
        long = "traces",
        env = "PORTAIL_TRACES",
        default_value = "texte",
        value_name = "FORME"
    )]
    pub forme: Forme,
    /// Niveau du journal technique, par cible (info,sqlx=warn)
    #[arg(
        long = "niveau",
        env = "PORTAIL_NIVEAU",
        default_value = "info,sqlx::postgres::notice=warn",
        value_name = "FILTRE"
    )]
    pub filtre: String,
}

/// The shape of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Forme {
    /// Un objet JSON par ligne, pour un collecteur
    Json,
    /// Du texte, pour les personnes
    Texte,
}

/// An address to listen on, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecoute(pub Option<SocketAddr>);

fn ecoute_facultative(texte: &str) -> Result<Ecoute, String> {
    match texte {
        "" | "non" | "off" => Ok(Ecoute(None)),
        adresse => adresse
            .parse()
            .map(|adresse| Ecoute(Some(adresse)))
            .map_err(|_| format!("«\u{a0}{adresse}\u{a0}» n’est ni une adresse (127.0.0.1:9090) ni «\u{a0}non\u{a0}»")),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap's parsers answer a Result")]
fn secret(texte: &str) -> Result<SecretString, String> {
    Ok(SecretString::from(texte))
}

fn expediteur(texte: &str) -> Result<Mailbox, String> {
    texte.parse().map_err(|_| {
        format!("«\u{a0}{texte}\u{a0}» n’est pas une adresse (exemple\u{a0}: Portail <portail@exemple.fr>)")
    })
}

/// An address of mail, as `mailto:`, or a page over HTTPS (RFC 9116, « Contact »); an empty variable says "none".
fn contact_securite(texte: &str) -> Result<String, String> {
    let texte = texte.trim();
    let page = texte
        .parse::<Uri>()
        .is_ok_and(|uri| uri.scheme_str() == Some("https") && uri.host().is_some());
    let courriel = texte.strip_prefix("mailto:").unwrap_or(texte);
    if texte.is_empty() || page {
        Ok(texte.to_owned())
    } else if courriel.parse::<Address>().is_ok() {
        Ok(format!("mailto:{courriel}"))
    } else {
        Err(format!(
            "«\u{a0}{texte}\u{a0}» n’est ni une adresse de courriel ni une page https (exemple\u{a0}: securite@exemple.fr)"
        ))
    }
}

/// An e-mail address, or none.
fn adresse(texte: &str) -> Result<String, String> {
    if texte.is_empty() || texte.parse::<Address>().is_ok() {
        return Ok(texte.to_owned());
    }
    Err(format!(
        "«\u{a0}{texte}\u{a0}» n’est pas une adresse (exemple\u{a0}: assistance@exemple.fr)"
    ))
}

/// An absolute address without path, whose end bar is taken off.
fn url_publique(texte: &str) -> Result<String, String> {
    let refus =
        || format!("«\u{a0}{texte}\u{a0}» n’est pas une adresse complète (exemple\u{a0}: https://portail.exemple.fr)");
    let uri: Uri = texte.parse().map_err(|_| refus())?;
    match (uri.scheme_str(), uri.authority(), uri.path(), uri.query()) {
        (Some(protocole @ ("http" | "https")), Some(site), "/" | "", None) => Ok(format!("{protocole}://{site}")),
        _ => Err(refus()),
    }
}

/// Reads `oui|non` and the usual English spellings.
fn drapeau() -> impl Fn(&str) -> Result<bool, String> + Clone + Send + Sync + 'static {
    |texte| match texte {
        "oui" | "true" | "1" => Ok(true),
        "" | "non" | "false" | "0" => Ok(false),
        autre => Err(format!("«\u{a0}{autre}\u{a0}»\u{a0}: répondez oui ou non")),
    }
}

/// Reads `250ms`, `30s`, `10min`; a bare number is in seconds.
fn duree(texte: &str) -> Result<Duration, String> {
    let fin = texte.find(|c: char| !c.is_ascii_digit()).unwrap_or(texte.len());
    let (nombre, unite) = texte.split_at(fin);
    let refus = || format!("«\u{a0}{texte}\u{a0}» n’est pas une durée (exemples\u{a0}: 250ms, 30s, 10min)");
    let nombre: u64 = nombre.parse().map_err(|_| refus())?;
    match unite.trim() {
        "ms" => Ok(Duration::from_millis(nombre)),
        "" | "s" => Ok(Duration::from_secs(nombre)),
        "min" => nombre.checked_mul(60).map(Duration::from_secs).ok_or_else(refus),
        _ => Err(refus()),
    }
}

/// Whether a panic or an error would capture a backtrace, which costs 151 ms per logged error:
/// `RUST_BACKTRACE` is on and `RUST_LIB_BACKTRACE` does not turn it off for errors.
pub fn traces_de_pile_des_erreurs() -> bool {
    std::env::var_os("RUST_BACKTRACE").is_some_and(|v| v != "0") && std::env::var_os("RUST_LIB_BACKTRACE").is_none()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Essai {
        #[command(flatten)]
        config: Config,
    }

    fn lire(arguments: &[&str]) -> Result<Config, clap::Error> {
        Essai::try_parse_from(std::iter::once(&"essai").chain(arguments)).map(|essai| essai.config)
    }

    #[test]
    fn secrets_do_not_appear_in_debug() {
        let config = lire(&["--database-url", "postgres://portail:tressecret@db/portail"]).unwrap();
        let texte = format!("{config:?}");
        assert!(texte.contains("database_url"), "{texte}");
        assert!(!texte.contains("tressecret"), "{texte}");
    }

    #[test]
    fn cookies_are_secure_unless_it_is_a_demonstration() {
        assert!(lire(&[]).unwrap().cookies_surs());
        assert!(!lire(&["--demonstration"]).unwrap().cookies_surs());
        assert!(
            lire(&["--demonstration", "--cookies-surs", "oui"])
                .unwrap()
                .cookies_surs()
        );
    }

    #[test]
    fn the_address_of_the_support_is_one_or_none() {
        let assistance = |texte| lire(&["--assistance", texte]).map(|c| c.courriels.assistance().map(str::to_owned));
        assert_eq!(
            assistance("aide@exemple.fr").unwrap().as_deref(),
            Some("aide@exemple.fr")
        );
        assert_eq!(assistance("").unwrap(), None);
        assert!(
            assistance("aide")
                .unwrap_err()
                .to_string()
                .contains("assistance@exemple.fr")
        );
    }

    #[test]
    fn the_password_of_the_mail_server_does_not_appear_either() {
        let config = lire(&["--smtp", "smtp://moi:tressecret@relais:587"]).unwrap();
        assert!(!format!("{config:?}").contains("tressecret"));
        assert!(config.courriels.smtp().is_some());
        assert!(lire(&["--smtp", ""]).unwrap().courriels.smtp().is_none());
    }

    #[test]
    fn a_public_address_is_complete_and_bare() {
        assert_eq!(url_publique("https://portail.fr/"), Ok("https://portail.fr".to_owned()));
        assert_eq!(
            url_publique("http://10.0.0.1:8080"),
            Ok("http://10.0.0.1:8080".to_owned())
        );
        for refusee in [
            "",
            "portail.fr",
            "ftp://portail.fr",
            "https://portail.fr/sous",
            "https://portail.fr?a=b",
        ] {
            assert!(url_publique(refusee).is_err(), "{refusee}");
        }
    }

    #[test]
    fn an_operator_says_who_it_is_whole_or_not_at_all() {
        let complet: Vec<String> = [
            "editeur",
            "responsable",
            "hebergeur",
            "contact-donnees",
            "base-legale",
            "conservation",
        ]
        .map(|nom| format!("--{nom}=Exemple"))
        .to_vec();
        let mentions = |arguments: &[String]| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let exploitant = lire(&arguments).unwrap().exploitant;
            exploitant.mentions().map(|m| m.is_some()).map_err(|e| e.to_string())
        };
        assert_eq!(mentions(&[]), Ok(false));
        assert_eq!(mentions(&["--editeur=".to_owned()]), Ok(false));
        assert_eq!(mentions(&complet), Ok(true));
        let faute = mentions(&complet[..5]).unwrap_err();
        assert!(faute.ends_with("PORTAIL_CONSERVATION"), "{faute}");
    }

    #[test]
    fn a_flaw_is_told_by_mail_or_on_a_page() {
        assert_eq!(
            contact_securite("securite@exemple.fr"),
            Ok("mailto:securite@exemple.fr".to_owned())
        );
        assert_eq!(
            contact_securite("mailto:securite@exemple.fr"),
            Ok("mailto:securite@exemple.fr".to_owned())
        );
        assert_eq!(
            contact_securite("https://exemple.fr/faille"),
            Ok("https://exemple.fr/faille".to_owned())
        );
        assert_eq!(contact_securite(""), Ok(String::new()));
        for refuse in ["http://exemple.fr", "exemple", "a@b\nExpires: jamais", "https://"] {
            assert!(contact_securite(refuse).is_err(), "{refuse}");
        }
    }

    #[test]
    fn another_date_is_refused_outside_a_demonstration() {
        let date = "--date=2026-03-01T09:00:00+01:00";
        assert!(lire(&[date]).unwrap().horloge().is_err());
        assert!(lire(&[date, "--demonstration"]).unwrap().horloge().is_ok());
    }

    #[test]
    fn durations_name_their_unit() {
        assert_eq!(duree("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duree("30"), Ok(Duration::from_secs(30)));
        assert_eq!(duree("10min"), Ok(Duration::from_mins(10)));
        assert!(duree("10h").is_err());
        assert!(duree("s").is_err());
        assert!(duree("").is_err());
    }

    #[test]
    fn metrics_can_be_turned_off() {
        assert_eq!(lire(&["--metriques", "non"]).unwrap().http.metriques, Ecoute(None));
        assert!(lire(&["--metriques", "ici"]).is_err());
    }
}
