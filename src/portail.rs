//! Puts the portal together: editions, files, dressing, routes; then serves it.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use sqlx::PgPool;
use tokio::sync::{Semaphore, watch};

use crate::base;
use crate::clock::Horloge;
use crate::config::{Config, s3_de_l_environnement};
use crate::demonstration;
use crate::jobs::Ouvrier;
use crate::jobs::expedition::Expedition;
use crate::rules::edition::Edition;
use crate::web::antivirus::Antivirus;
use crate::web::debit::Debits;
use crate::web::entames::Entames;
use crate::web::erreur::{Erreur, PageErreur, VERS_LE_DEPOT};
use crate::web::etat::{Courrier, Depart, Etat, Mentions, Operateur, Portail};
use crate::web::fichiers;
use crate::web::identite::Fournisseur;
use crate::web::page::{Habillage, Lien, Ressources};
use crate::web::requete::Reference;
use crate::{routes, server};

/// Passwords hashed at once: as many as there are cores, no more.
fn hachages_simultanes() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Migrates, loads the demonstration when asked, and serves until `arret`.
///
/// # Errors
/// When the database, a folder or an address cannot be had.
pub async fn servir(
    config: &Config,
    pool: &PgPool,
    arret: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let horloge = config.horloge()?;
    let ressources = Arc::new(Ressources::charger(&config.http.statiques)?);
    if config.base.sans_migration {
        base::attendre(pool).await?;
    } else {
        base::migrer(pool).await?;
    }
    demonstration::separer(pool, config.demonstration).await?;
    let (editions, comptes_montres) = if config.demonstration {
        demonstration::peupler(pool, &horloge).await?;
        (demonstration::editions(&horloge), demonstration::comptes_montres())
    } else {
        (Edition::livrees().to_vec(), Vec::new())
    };
    let etat = Etat::nouveau(Portail {
        pool: pool.clone(),
        horloge,
        editions,
        fichiers: fichiers(config)?,
        antivirus: antivirus(config)?,
        ressources: ressources.clone(),
        cookies_surs: config.cookies_surs(),
        mandataires: config.http.mandataires,
        demonstration: config.demonstration,
        comptes_montres,
        identite: identite(config)?,
        operateur: operateur(config)?,
        assistance: config.courriels.assistance().map(str::to_owned),
        courrier: courrier(config)?,
        debits: Debits::par_minute(config.http.debit_calculs, config.http.debit_lectures),
        entames: Entames::default(),
        hachages: Semaphore::new(hachages_simultanes()),
    });
    let balayage = etat.clone();
    tokio::spawn(async move {
        // The store dates its objects by the true time, whatever the day of a demonstration.
        let maintenant = Horloge::systeme().maintenant();
        match fichiers::balayer(&*balayage.fichiers, &balayage.pool, maintenant).await {
            Ok(0) => {}
            Ok(otes) => tracing::info!(pieces.orphelines = otes, "contenus sans pièce retirés"),
            Err(cause) => tracing::warn!(%cause, "contenus sans pièce non recherchés"),
        }
    });
    let ouvrier = Ouvrier::nouveau(etat.clone(), expedition(config)?);
    let (arreter, arrete) = watch::channel(false);
    let travaux = tokio::spawn(ouvrier.travailler(arrete));
    let arret = async move {
        arret.await;
        arreter.send_replace(true);
    };
    let page = move |statut: StatusCode, reference: &Reference, depot: Option<&str>| {
        page_erreur(&ressources, statut, reference, depot)
    };
    let fin = server::servir(config, routes::router(&etat), Arc::new(page), pool, arret).await;
    // The mail in hand is finished; one that takes too long is taken again by the next portal.
    let interruption = travaux.abort_handle();
    if tokio::time::timeout(config.http.delai_arret, travaux).await.is_err() {
        tracing::warn!("un travail en cours est interrompu");
        interruption.abort();
    }
    fin
}

/// What mails hold and the way they take. A real service without mail server starts: its mails wait, and it says so.
fn courrier(config: &Config) -> anyhow::Result<Courrier> {
    let depart = match (config.courriels.smtp(), config.demonstration) {
        (Some(_), _) => Depart::Smtp,
        (None, true) => Depart::BoiteLocale,
        (None, false) => Depart::Aucun,
    };
    if depart == Depart::Aucun {
        tracing::warn!("aucun serveur de courriel (PORTAIL_SMTP)\u{a0}: les courriels attendent dans la file");
    }
    let adresse_publique = match (&config.courriels.url_publique, depart) {
        (Some(url), _) => url.clone(),
        (None, Depart::Smtp) => anyhow::bail!("PORTAIL_URL_PUBLIQUE est nécessaire pour envoyer des courriels"),
        (None, Depart::BoiteLocale | Depart::Aucun) => format!("http://{}", config.http.adresse),
    };
    Ok(Courrier {
        adresse_publique,
        depart,
    })
}

/// Who operates the portal. A real service that does not say so starts, and is told.
fn operateur(config: &Config) -> anyhow::Result<Operateur> {
    let identite = config.exploitant.mentions()?.map(
        |[
            editeur,
            responsable,
            hebergeur,
            contact_donnees,
            base_legale,
            conservation,
        ]| Mentions {
            editeur: editeur.to_owned(),
            responsable: responsable.to_owned(),
            hebergeur: hebergeur.to_owned(),
            contact_donnees: contact_donnees.to_owned(),
            base_legale: base_legale.to_owned(),
            conservation: conservation.to_owned(),
        },
    );
    if identite.is_none() && !config.demonstration {
        tracing::warn!("exploitant inconnu (PORTAIL_EDITEUR)\u{a0}: le portail n’a pas de mentions légales");
    }
    Ok(Operateur {
        identite,
        contact_securite: config.exploitant.contact_securite().map(str::to_owned),
    })
}

/// The identity provider, when one is configured.
fn identite(config: &Config) -> anyhow::Result<Option<Fournisseur>> {
    let Some(emetteur) = config.identite.emetteur() else {
        return Ok(None);
    };
    let adresse_publique = config.courriels.url_publique.as_deref();
    let fournisseur = Fournisseur::nouveau(
        config.identite.nom.clone(),
        emetteur.to_owned(),
        config
            .identite
            .client
            .clone()
            .context("PORTAIL_OIDC_CLIENT est nécessaire")?,
        config
            .identite
            .secret
            .clone()
            .context("PORTAIL_OIDC_SECRET est nécessaire")?,
        adresse_publique.context("PORTAIL_URL_PUBLIQUE est nécessaire pour revenir du fournisseur d’identité")?,
        config.identite.courriels_verifies,
    )?;
    Ok(Some(fournisseur))
}

/// How mails leave.
fn expedition(config: &Config) -> anyhow::Result<Expedition> {
    let Some(smtp) = config.courriels.smtp() else {
        return Ok(if config.demonstration {
            Expedition::BoiteLocale
        } else {
            Expedition::Aucune
        });
    };
    let expediteur = config.courriels.expediteur.clone();
    Expedition::smtp(
        smtp,
        expediteur.context("PORTAIL_EXPEDITEUR est nécessaire pour envoyer des courriels")?,
    )
}

/// Where the pieces are: a bucket or a folder.
fn fichiers(config: &Config) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let emplacement = config.fichiers.emplacement.as_deref().filter(|e| !e.is_empty());
    let dossier = match emplacement.map(|e| (e, e.split_once("://"))) {
        Some((_, Some(("s3", chemin)))) => return compartiment(chemin),
        Some((inconnu, Some(_))) => {
            anyhow::bail!(
                "PORTAIL_FICHIERS\u{a0}: «\u{a0}{inconnu}\u{a0}» n’est ni un dossier ni une adresse s3://compartiment/préfixe"
            )
        }
        Some((dossier, None)) => Path::new(dossier).to_owned(),
        None => config.base.var.join("pieces"),
    };
    std::fs::create_dir_all(&dossier).with_context(|| format!("dossier des pièces {}", dossier.display()))?;
    Ok(Arc::new(LocalFileSystem::new_with_prefix(dossier)?))
}

/// What looks at the pieces; an empty variable is how compose files say "none".
fn antivirus(config: &Config) -> anyhow::Result<Option<Antivirus>> {
    let adresse = config.fichiers.antivirus.as_deref().filter(|a| !a.is_empty());
    let lue = adresse.map(|a| {
        a.parse()
            .map_err(|faute: String| anyhow::anyhow!("PORTAIL_ANTIVIRUS\u{a0}: {faute}"))
    });
    lue.transpose()
}

/// The bucket and the prefix of `compartiment/préfixe`.
fn compartiment(chemin: &str) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let (nom, prefixe) = chemin.split_once('/').unwrap_or((chemin, ""));
    let s3 = s3_de_l_environnement()
        .with_bucket_name(nom)
        .build()
        .context("PORTAIL_FICHIERS : compartiment S3")?;
    Ok(Arc::new(PrefixStore::new(s3, prefixe)))
}

/// The page of an error that no handler saw; of a deposit sent to this path or of anything else.
pub fn page_erreur(
    ressources: &Arc<Ressources>,
    statut: StatusCode,
    reference: &Reference,
    depot: Option<&str>,
) -> Response {
    let erreur = match statut {
        statut if depot.is_some() && statut.is_server_error() => Erreur::DepotSansReponse {
            reference: reference.as_str().to_owned(),
        },
        StatusCode::FORBIDDEN => Erreur::FormulaireExpire,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Erreur::Introuvable,
        StatusCode::PAYLOAD_TOO_LARGE => Erreur::TropVolumineux,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => {
            Erreur::Indisponible
        }
        statut if statut.is_client_error() => Erreur::Illisible,
        _ => Erreur::Interne {
            reference: reference.as_str().to_owned(),
        },
    };
    let habillage = Habillage::nouveau(ressources.clone(), erreur.titre());
    let page = PageErreur::nouvelle(habillage, erreur);
    match depot {
        Some(chemin) => page.issue(Lien::nouveau(VERS_LE_DEPOT, chemin)).into_response(),
        None => page.into_response(),
    }
}
