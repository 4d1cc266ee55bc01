//! Capabilities on webinars: anybody registers for one to come, the holder of a link takes a registration back, the
//! accompagnement of its région organises it. Each carries one webinar, and sees the registrations of no other.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::{Refus, commencer_systeme};
use crate::domain::compte::{Compte, Profil};
use crate::domain::webinaire::Webinaire;
use crate::store::transaction::commencer_par;
use crate::store::{inscriptions_webinaire, webinaires};

/// A visitor registers for this webinar.
#[derive(Debug, Clone)]
pub struct WebinaireOuvert(Webinaire);

/// The holder of its link takes this registration back.
#[derive(Debug, Clone)]
pub struct InscriptionTenue {
    webinaire: Webinaire,
    inscription: Uuid,
}

/// The accompagnement announces webinars in its régions.
#[derive(Debug, Clone)]
pub struct Organisation {
    regions: Vec<String>,
}

/// The accompagnement of its région organises this webinar.
#[derive(Debug, Clone)]
pub struct WebinaireGere(Webinaire);

/// The portal's own work writes to those registered for this webinar.
#[derive(Debug, Clone)]
pub struct WebinaireRappele(Webinaire);

/// Whoever acts on one webinar, in whatever capacity.
pub trait SurWebinaire {
    /// The webinar, as it was when the request came.
    fn webinaire(&self) -> &Webinaire;
}

macro_rules! sur_webinaire {
    ($($nom:ident . $champ:tt)+) => { $(
        impl SurWebinaire for $nom {
            fn webinaire(&self) -> &Webinaire { &self.$champ }
        }
        impl $nom {
            /// A transaction about this webinar.
            ///
            /// # Errors
            /// The database's.
            pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
                ouvrir(pool, self.$champ.id).await
            }
        }
    )+ };
}

sur_webinaire! { WebinaireOuvert.0 InscriptionTenue.webinaire WebinaireGere.0 WebinaireRappele.0 }

impl InscriptionTenue {
    /// The registration.
    pub fn inscription(&self) -> Uuid {
        self.inscription
    }
}

impl Organisation {
    /// INSEE codes of its régions.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// A transaction about a webinar of this number, to announce it.
    ///
    /// # Errors
    /// The database's.
    pub async fn commencer(&self, pool: &PgPool, nouveau: Uuid) -> sqlx::Result<Transaction<'static, Postgres>> {
        ouvrir(pool, nouveau).await
    }
}

/// A number has no quote: it cannot say anything else to the server.
async fn ouvrir(pool: &PgPool, webinaire: Uuid) -> sqlx::Result<Transaction<'static, Postgres>> {
    let ouverture = format!(
        "begin; set local role portail_app; set local portail.og = ''; set local portail.regions = ''; \
         set local portail.webinaire = '{webinaire}'"
    );
    commencer_par(pool, AssertSqlSafe(ouverture)).await
}

async fn charger(pool: &PgPool, id: Uuid) -> Result<Webinaire, Refus> {
    let mut conn = pool.acquire().await?;
    webinaires::load(&mut conn, id).await?.ok_or(Refus::Absent)
}

/// # Errors
/// [`Refus::Absent`] for an unknown webinar. Whether it is still open is seen again once it is locked.
pub async fn ouvert(pool: &PgPool, id: Uuid) -> Result<WebinaireOuvert, Refus> {
    charger(pool, id).await.map(WebinaireOuvert)
}

/// # Errors
/// [`Refus::Absent`] when the link is that of no registration, or no longer.
pub async fn tenue(pool: &PgPool, cle: &[u8]) -> Result<InscriptionTenue, Refus> {
    let mut tx = commencer_systeme(pool).await?;
    let trouvee = inscriptions_webinaire::load_par_cle(&mut tx, cle).await?;
    tx.commit().await?;
    let (inscription, webinaire) = trouvee.ok_or(Refus::Absent)?;
    Ok(InscriptionTenue {
        webinaire: charger(pool, webinaire).await?,
        inscription,
    })
}

/// # Errors
/// [`Refus::Absent`] for an account that is not of the accompagnement.
pub fn organisation(compte: &Compte) -> Result<Organisation, Refus> {
    match &compte.profil {
        Profil::Accompagnement { regions } => Ok(Organisation {
            regions: regions.clone(),
        }),
        _ => Err(Refus::Absent),
    }
}

/// # Errors
/// As [`organisation`]; [`Refus::Absent`] for a webinar of another région.
pub async fn gere(pool: &PgPool, compte: &Compte, id: Uuid) -> Result<WebinaireGere, Refus> {
    let organisation = organisation(compte)?;
    let webinaire = charger(pool, id).await?;
    if organisation.regions.contains(&webinaire.region) {
        Ok(WebinaireGere(webinaire))
    } else {
        Err(Refus::Absent)
    }
}

/// The webinars to come between these instants, to remind of them.
///
/// # Errors
/// The database's.
pub async fn rappeles(
    pool: &PgPool,
    apres: DateTime<Utc>,
    avant: DateTime<Utc>,
) -> sqlx::Result<Vec<WebinaireRappele>> {
    let mut conn = pool.acquire().await?;
    let trouves = webinaires::list_entre(&mut conn, apres, avant).await?;
    Ok(trouves.into_iter().map(WebinaireRappele).collect())
}
