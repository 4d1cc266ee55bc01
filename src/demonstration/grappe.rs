//! A grappe of several OGs in progress, all fictitious: the OG B carries it, the OG A takes part and agreed for some of its
//! ESSMS, a third OG has not answered.

use anyhow::Context;
use chrono::TimeDelta;
use sqlx::PgPool;
use uuid::Uuid;

use crate::clock::Horloge;
use crate::domain::compte::Compte;
use crate::domain::finess::Finess;
use crate::domain::participation::{EtatAccord, VALIDITE_JOURS};
use crate::rules::edition::Edition;
use crate::store::acces::{self, DossierModifiable};
use crate::store::dossiers::{self, Nouveau};
use crate::store::journal::{self, Entree};
use crate::store::participations::{self, NouvelleInvitation};
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::{comptes, consentements, registre};
use crate::web::titulaire;

/// Name of the dossier: it says what it is.
const NOM: &str = "Grappe à plusieurs organismes (fictive)";
/// What people quote; no dossier opened by hand can have it, whose five last signs are drawn without this letter.
const REFERENCE: &str = "IDF2024-FICTI";

/// Opens the dossier, invites, accepts, agrees.
///
/// # Errors
/// The database's.
pub async fn peupler(pool: &PgPool, horloge: &Horloge) -> anyhow::Result<()> {
    let editions = super::editions(horloge);
    let edition = editions.last().context("aucune édition")?;
    let (b, a) = (
        compte(pool, "voisin@demo.example").await?,
        compte(pool, "porteur@demo.example").await?,
    );
    let (og_b, og_a) = (b.og().context("OG B")?, a.og().context("OG A")?);
    let mut conn = pool.acquire().await?;
    let tiers = registre::og_de_taille(&mut conn, &[(18, 30), (5, 14), (3, 12)]).await?;
    drop(conn);
    let id = ouvrir(pool, horloge, &b, edition).await?;
    let acces = acces::modifiable(pool, &b, id).await?;
    let mut siens = essms(pool, og_b).await?;
    siens.truncate(4);
    // The last ones: whoever follows the README starts by the first.
    let mut de_a = essms(pool, og_a).await?;
    let de_a = de_a.split_off(de_a.len().saturating_sub(2));
    composer(pool, horloge, &acces, &[siens, de_a.clone()].concat()).await?;
    inviter(pool, horloge, &acces, og_a, None).await?;
    if let Some(tiers) = tiers.get(2) {
        let mut du_tiers = essms(pool, *tiers).await?;
        du_tiers.truncate(3);
        composer(pool, horloge, &acces, &du_tiers).await?;
        inviter(pool, horloge, &acces, *tiers, Some("direction@tiers.example")).await?;
    }
    participer(pool, horloge, &a, id, de_a.first().copied()).await?;
    // Drawn from nothing that was deposited: a demonstration has no deposit before somebody makes one.
    let instructeur = compte(pool, "ars@demo.example").await?;
    super::modele::peupler(pool, horloge, id, edition, [&instructeur, &b]).await
}

async fn compte(pool: &PgPool, courriel: &str) -> anyhow::Result<Compte> {
    let trouve = comptes::load_par_courriel(&mut *pool.acquire().await?, courriel).await?;
    trouve
        .map(|(compte, _)| compte)
        .context("compte de démonstration absent")
}

/// ESSMS of an OG that a grappe counts, in the order a search shows them.
async fn essms(pool: &PgPool, og: Finess) -> anyhow::Result<Vec<Finess>> {
    let trouves = chercher_essms(
        &mut *pool.acquire().await?,
        og.as_str(),
        &FiltresEssms::default(),
        1,
        100,
    )
    .await?;
    let comptent = trouves.essms.into_iter().filter(|e| !e.nom.contains("HORS"));
    Ok(comptent.map(|e| e.finess).collect())
}

async fn ouvrir(pool: &PgPool, horloge: &Horloge, b: &Compte, edition: &Edition) -> anyhow::Result<Uuid> {
    let id = horloge.nouvel_id();
    let nouveau = Nouveau {
        id,
        reference: REFERENCE,
        nom: NOM,
        edition: &edition.code,
        edition_version: i32::try_from(edition.version)?,
        region: edition.regions.first().map_or("", String::as_str),
        porteur: b.og().context("OG B")?,
        fictif: true,
    };
    let mut tx = acces::commencer(pool, &b.perimetre()).await?;
    dossiers::create(&mut tx, &nouveau, horloge.maintenant()).await?;
    noter(&mut tx, horloge, b, id, "Dossier ouvert").await?;
    tx.commit().await?;
    Ok(id)
}

async fn noter(
    conn: &mut sqlx::PgConnection,
    horloge: &Horloge,
    compte: &Compte,
    dossier: Uuid,
    action: &str,
) -> sqlx::Result<()> {
    let entree = Entree {
        id: horloge.nouvel_id(),
        compte: compte.id,
        action,
        etape: None,
        champs: &[],
        effets: &[],
    };
    journal::create(conn, dossier, &entree, horloge.maintenant()).await
}

async fn composer(
    pool: &PgPool,
    horloge: &Horloge,
    acces: &DossierModifiable,
    numeros: &[Finess],
) -> anyhow::Result<()> {
    let mut tx = acces.commencer(pool).await?;
    dossiers::add_essms(&mut tx, acces, numeros, horloge.maintenant()).await?;
    tx.commit().await?;
    Ok(())
}

async fn inviter(
    pool: &PgPool,
    horloge: &Horloge,
    acces: &DossierModifiable,
    og: Finess,
    courriel: Option<&str>,
) -> anyhow::Result<()> {
    let maintenant = horloge.maintenant();
    // No mail leaves: nobody holds the token of this link.
    let cle = horloge.nouvel_id();
    let invitation = NouvelleInvitation {
        og,
        cle: cle.as_bytes(),
        courriel,
        expire_le: maintenant + TimeDelta::days(VALIDITE_JOURS),
    };
    let mut tx = acces.commencer(pool).await?;
    participations::inviter(&mut tx, acces, &invitation, maintenant).await?;
    tx.commit().await?;
    Ok(())
}

/// The OG A accepts, and agrees for one of its ESSMS.
async fn participer(
    pool: &PgPool,
    horloge: &Horloge,
    a: &Compte,
    dossier: Uuid,
    accorde: Option<Finess>,
) -> anyhow::Result<()> {
    let maintenant = horloge.maintenant();
    let signee = acces::partage::invitation(pool, a, dossier).await?.signer(maintenant)?;
    let og = a.og().context("OG A")?;
    let mut tx = signee.commencer(pool).await?;
    participations::accepter(&mut tx, &signee, maintenant).await?;
    let nom = titulaire::organisme(&mut tx, og).await?;
    let action = format!("{nom} ({og}) participe à la grappe");
    noter(&mut tx, horloge, a, dossier, &action).await?;
    tx.commit().await?;
    let acces = acces::partage(pool, a, dossier).await?;
    let mut tx = acces.commencer(pool).await?;
    let accordes: Vec<Finess> = accorde.into_iter().collect();
    consentements::save(&mut tx, &acces, &accordes, EtatAccord::Donne, "", maintenant).await?;
    noter(&mut tx, horloge, a, dossier, "Accord donné pour 1\u{a0}ESSMS").await?;
    tx.commit().await?;
    Ok(())
}
