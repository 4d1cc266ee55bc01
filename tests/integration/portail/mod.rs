//! The real portal on a free port: its routes, its layers, a PostgreSQL of its own, a clock that the
//! test moves, and browsers that log in through the form.

pub mod clamd;
pub mod dossier;
pub mod fournisseur;
pub mod navigateur;
pub mod puits;
pub mod registre;
#[path = "../../socle/semis.rs"]
pub mod semis;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use object_store::local::LocalFileSystem;
use portail_grappes::accounts::mot_de_passe::hacher;
use portail_grappes::clock::Horloge;
use portail_grappes::config::Config;
use portail_grappes::domain::compte::{Compte, Profil, RoleOg};
use portail_grappes::domain::finess::Finess;
use portail_grappes::jobs::Ouvrier;
use portail_grappes::jobs::expedition::Expedition;
use portail_grappes::portail::page_erreur;
use portail_grappes::rules::edition::Edition;
use portail_grappes::store::comptes::{self, NouveauCompte};
use portail_grappes::store::second_facteur;
use portail_grappes::web::antivirus::Antivirus;
use portail_grappes::web::debit::Debits;
use portail_grappes::web::entames::Entames;
use portail_grappes::web::etat::{self, CompteMontre, Courrier, Depart, Etat, Operateur};
use portail_grappes::web::identite::Fournisseur;
use portail_grappes::web::page::Ressources;
use portail_grappes::{routes, server};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

pub use navigateur::{Navigateur, Reponse};

/// Within the second window of the edition of 2024, in Paris.
pub const MAINTENANT: &str = "2024-05-01T10:00:00+02:00";
/// The edition of that window.
pub const EDITION: &str = "idf-2024";
/// Where the portal of a test says to write for help.
pub const ASSISTANCE: &str = "assistance@exemple.fr";
/// What the links of mails begin with.
pub const ADRESSE_PUBLIQUE: &str = "https://portail.exemple.fr";
/// Password of every account.
pub const MOT_DE_PASSE: &str = "un mot de passe assez long";

/// What the applications of the agents compute their codes from.
pub const SECRET: &[u8] = b"vingt octets secrets";

/// The account that a demonstration shows to everybody: the signatory of the OG B.
pub const MONTRE: CompteMontre = CompteMontre {
    role: "Signataire de l’OG B",
    courriel: "depotb@exemple.fr",
    mot_de_passe: MOT_DE_PASSE,
};

/// Quotas that no test reaches, unless it is about them.
const LARGE: (u32, u32) = (1_000_000, 1_000_000);

/// The accounts: every profile, two OGs, two régions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qui {
    LectureA,
    EditionA,
    DepotA,
    DepotB,
    ArsIdf,
    ArsAra,
    Accompagnement,
    Administration,
}

impl Qui {
    pub const TOUS: [Self; 8] = [
        Self::LectureA,
        Self::EditionA,
        Self::DepotA,
        Self::DepotB,
        Self::ArsIdf,
        Self::ArsAra,
        Self::Accompagnement,
        Self::Administration,
    ];

    /// Heading of its column in tables, and its name.
    pub fn nom(self) -> &'static str {
        match self {
            Self::LectureA => "OG A lecture",
            Self::EditionA => "OG A édition",
            Self::DepotA => "OG A dépôt",
            Self::DepotB => "OG B dépôt",
            Self::ArsIdf => "ARS 11",
            Self::ArsAra => "ARS 84",
            Self::Accompagnement => "accompagn.",
            Self::Administration => "admin.",
        }
    }

    pub fn courriel(self) -> String {
        format!("{self:?}@exemple.fr").to_lowercase()
    }

    fn profil(self) -> Profil {
        let og = |og: Finess, role| Profil::Og { og, role };
        let ars = |region: &str| Profil::Ars {
            regions: vec![region.to_owned()],
        };
        match self {
            Self::LectureA => og(registre::og_a(), RoleOg::Lecture),
            Self::EditionA => og(registre::og_a(), RoleOg::Edition),
            Self::DepotA => og(registre::og_a(), RoleOg::Depot),
            Self::DepotB => og(registre::og_b(), RoleOg::Depot),
            Self::ArsIdf => ars("11"),
            Self::ArsAra => ars("84"),
            Self::Accompagnement => Profil::Accompagnement {
                regions: vec!["11".to_owned()],
            },
            Self::Administration => Profil::Administration,
        }
    }
}

/// A portal that serves, stopped and cleaned up at the end of its test.
pub struct Portail {
    pub pool: PgPool,
    pub horloge: Horloge,
    pub adresse: String,
    /// Folder of the object store.
    pub pieces: PathBuf,
    pub etat: Etat,
    serveur: JoinHandle<()>,
}

#[derive(Parser)]
struct Ligne {
    #[command(flatten)]
    config: Config,
}

/// One hash for every account: computing it is what logging in costs.
fn hachage() -> &'static str {
    static HACHAGE: OnceLock<String> = OnceLock::new();
    HACHAGE.get_or_init(|| hacher(MOT_DE_PASSE).unwrap())
}

/// The code that an application shows at this instant.
pub fn code(secret: &[u8], quand: DateTime<Utc>) -> String {
    let totp = totp_rs::Builder::new().with_secret(totp_rs::Secret::new(secret.into()));
    let totp = totp.with_account_name("essai").build().unwrap();
    totp.generate(u64::try_from(quand.timestamp()).unwrap()).to_string()
}

pub fn instant(texte: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(texte).unwrap().to_utc()
}

/// What few tests set.
struct Reglages {
    identite: Option<Fournisseur>,
    operateur: Operateur,
    /// How often an address may simulate and read, a minute.
    debits: (u32, u32),
    /// Where one writes to its support.
    assistance: Option<&'static str>,
    /// What looks at the pieces.
    antivirus: Option<Antivirus>,
}

impl Default for Reglages {
    fn default() -> Self {
        Self {
            identite: None,
            operateur: Operateur::default(),
            debits: LARGE,
            assistance: Some(ASSISTANCE),
            antivirus: None,
        }
    }
}

impl Portail {
    /// The same where people may log in by this provider too.
    pub async fn ouvrir_avec(pool: PgPool, ecoute: TcpListener, fournisseur: Fournisseur, depart: Depart) -> Self {
        let reglages = Reglages {
            identite: Some(fournisseur),
            ..Reglages::default()
        };
        Self::ouvrir_sur(ecoute, pool, MAINTENANT, depart, reglages).await
    }

    /// A portal within a window, with the registry and the accounts.
    pub async fn ouvrir(pool: PgPool) -> Self {
        Self::ouvrir_le(pool, MAINTENANT).await
    }

    /// The same at another instant.
    pub async fn ouvrir_le(pool: PgPool, quand: &str) -> Self {
        Self::ouvrir_comme(pool, quand, Depart::Smtp).await
    }

    /// The same whose mails take this way; a local mailbox is that of a demonstration.
    pub async fn ouvrir_comme(pool: PgPool, quand: &str, depart: Depart) -> Self {
        Self::ouvrir_sur(Self::ecoute().await, pool, quand, depart, Reglages::default()).await
    }

    /// A portal that this operator runs.
    pub async fn ouvrir_pour(pool: PgPool, operateur: Operateur) -> Self {
        let reglages = Reglages {
            operateur,
            ..Reglages::default()
        };
        Self::ouvrir_sur(Self::ecoute().await, pool, MAINTENANT, Depart::Smtp, reglages).await
    }

    /// A portal of which nobody said whom to write to.
    pub async fn ouvrir_muet(pool: PgPool) -> Self {
        let reglages = Reglages {
            assistance: None,
            ..Reglages::default()
        };
        Self::ouvrir_sur(Self::ecoute().await, pool, MAINTENANT, Depart::Smtp, reglages).await
    }

    /// A portal whose pieces this antivirus looks at.
    pub async fn ouvrir_analyse(pool: PgPool, antivirus: Antivirus) -> Self {
        let reglages = Reglages {
            antivirus: Some(antivirus),
            ..Reglages::default()
        };
        Self::ouvrir_sur(Self::ecoute().await, pool, MAINTENANT, Depart::Smtp, reglages).await
    }

    /// A portal that lets an address simulate and read so many times a minute.
    pub async fn ouvrir_serre(pool: PgPool, calculs: u32, lectures: u32) -> Self {
        let reglages = Reglages {
            debits: (calculs, lectures),
            ..Reglages::default()
        };
        Self::ouvrir_sur(Self::ecoute().await, pool, MAINTENANT, Depart::Smtp, reglages).await
    }

    /// A free port.
    pub async fn ecoute() -> TcpListener {
        // A client of any kind asks for it first; another test of this process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        TcpListener::bind("127.0.0.1:0").await.unwrap()
    }

    async fn ouvrir_sur(
        ecoute: TcpListener,
        pool: PgPool,
        quand: &str,
        depart: Depart,
        Reglages {
            identite,
            operateur,
            debits: (calculs, lectures),
            assistance,
            antivirus,
        }: Reglages,
    ) -> Self {
        let demonstration = depart == Depart::BoiteLocale;
        // What a failed test shows of the portal: the cause of a 500.
        let _ = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::ERROR)
            .with_test_writer()
            .try_init();
        let config = Ligne::parse_from(["portail", "--cookies-surs", "non"]).config;
        let horloge = Horloge::fixe(instant(quand));
        registre::semer(&pool).await;
        semer_comptes(&pool, &horloge, demonstration).await;
        let pieces = std::env::temp_dir().join(format!("portail-essai-{}-{}", std::process::id(), horloge.nouvel_id()));
        std::fs::create_dir_all(&pieces).unwrap();
        let ressources = Arc::new(Ressources::exemple());
        let etat = Etat::nouveau(etat::Portail {
            pool: pool.clone(),
            horloge: horloge.clone(),
            editions: Edition::livrees().to_vec(),
            fichiers: Arc::new(LocalFileSystem::new_with_prefix(&pieces).unwrap()),
            antivirus,
            ressources: ressources.clone(),
            cookies_surs: config.cookies_surs(),
            mandataires: config.http.mandataires,
            demonstration,
            comptes_montres: if demonstration { vec![MONTRE] } else { Vec::new() },
            assistance: assistance.map(str::to_owned),
            courrier: Courrier {
                adresse_publique: ADRESSE_PUBLIQUE.to_owned(),
                depart,
            },
            operateur,
            identite,
            debits: Debits::par_minute(calculs.try_into().unwrap(), lectures.try_into().unwrap()),
            entames: Entames::default(),
            hachages: Semaphore::new(2),
        });
        let page = Arc::new(move |statut, reference: &_, depot: Option<&str>| {
            page_erreur(&ressources, statut, reference, depot)
        });
        let service = server::habiller(&config, routes::router(&etat), page);
        let adresse = format!("http://{}", ecoute.local_addr().unwrap());
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        let serveur = tokio::spawn(async move { axum::serve(ecoute, service).await.unwrap() });
        Self {
            pool,
            horloge,
            adresse,
            pieces,
            etat,
            serveur,
        }
    }

    /// A worker that sends mails to this server.
    pub fn ouvrier(&self, smtp: &str) -> Ouvrier {
        let expediteur = "Portail <portail@exemple.fr>".parse().unwrap();
        self.ouvrier_par(Expedition::smtp(&smtp.into(), expediteur).unwrap())
    }

    /// A worker that sends mails this way.
    pub fn ouvrier_par(&self, expedition: Expedition) -> Ouvrier {
        Ouvrier::nouveau(self.etat.clone(), expedition)
    }

    /// A browser that nobody has logged in with.
    pub fn anonyme(&self) -> Navigateur {
        Navigateur::neuf(&self.adresse)
    }

    /// A browser of the signatory of the OG A, logged in with this code.
    pub async fn connecte_par(&self, code: &str) -> Navigateur {
        let mut navigateur = self.anonyme();
        let page = navigateur.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await;
        assert_eq!(navigateur.donner_le_code(&page, code).await.statut, 303);
        navigateur
    }

    /// A browser of this account, logged in through the form.
    pub async fn connecte(&self, qui: Qui) -> Navigateur {
        let mut navigateur = self.anonyme();
        let mut reponse = navigateur.se_connecter(&qui.courriel(), MOT_DE_PASSE).await;
        if reponse.statut == 200 {
            // The clock stands still: the code of the last log-in would have served.
            sqlx::query("update second_facteur set dernier_pas = 0")
                .execute(&self.pool)
                .await
                .unwrap();
            let code = code(SECRET, self.horloge.maintenant());
            reponse = navigateur.donner_le_code(&reponse, &code).await;
        }
        assert_eq!(reponse.statut, 303, "{qui:?}");
        navigateur
    }

    pub fn avancer(&self, ecart: TimeDelta) {
        self.horloge.avancer(ecart);
    }

    /// One number asked of the database, behind the portal's back.
    pub async fn nombre(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    /// One text asked of the database, behind the portal's back.
    pub async fn texte(&self, sql: &'static str) -> String {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }
}

impl Drop for Portail {
    fn drop(&mut self) {
        self.serveur.abort();
        let _ = std::fs::remove_dir_all(&self.pieces);
    }
}

async fn semer_comptes(pool: &PgPool, horloge: &Horloge, fictifs: bool) {
    let mut conn = pool.acquire().await.unwrap();
    for qui in Qui::TOUS {
        let compte = Compte {
            id: horloge.nouvel_id(),
            courriel: qui.courriel(),
            nom: format!("{} (essai)", qui.nom()),
            profil: qui.profil(),
        };
        let nouveau = NouveauCompte {
            compte: &compte,
            mot_de_passe: hachage(),
            conditions_le: None,
            fictif: fictifs,
        };
        let id = comptes::create(&mut conn, &nouveau, horloge.maintenant())
            .await
            .unwrap()
            .unwrap();
        if compte.est_agent() && !fictifs {
            second_facteur::preparer(&mut conn, id, SECRET).await.unwrap();
            second_facteur::activer(&mut conn, id, horloge.maintenant())
                .await
                .unwrap();
        }
    }
}
