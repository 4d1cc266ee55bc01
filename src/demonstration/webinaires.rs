//! Three fictitious webinars: one past, one to come, one full with a person who waits.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgPool;

use crate::clock::Horloge;
use crate::domain::compte::Compte;
use crate::rules::edition::jour_en_france;
use crate::store::acces::webinaire::{self as acces, Organisation};
use crate::store::inscriptions_webinaire::{self, Nouvelle};
use crate::store::webinaires::{self, Fiche};

/// Said of each, so that nobody waits for it.
const FICTIF: &str = "Ce webinaire est fictif\u{a0}: il n’aura pas lieu.";
/// Of meetings: nothing answers there.
const LIEN: &str = "https://visio.example/grappes";

/// Days from today, title, whom it is for, places, people registered.
const WEBINAIRES: [(i64, &str, &str, Option<i32>, usize); 3] = [
    (-6, "Former une grappe, pas à pas (fictif)", "", None, 3),
    (
        9,
        "Déposer son dossier sans rien oublier (fictif)",
        "Porteurs et membres de grappe",
        Some(80),
        4,
    ),
    (
        16,
        "Choisir son DUI entre EHPAD (fictif)",
        "Secteur personnes âgées",
        Some(3),
        4,
    ),
];

const PERSONNES: [&str; 4] = ["Jeanne Fictive", "Malik Fictif", "Ondine Fictive", "Pol Fictif"];

/// Announces them, and registers people.
///
/// # Errors
/// The database's.
pub async fn peupler(pool: &PgPool, horloge: &Horloge, organisateur: &Compte) -> anyhow::Result<()> {
    let organisation = acces::organisation(organisateur)?;
    for (jours, titre, destine_a, capacite, inscrits) in WEBINAIRES {
        let Some(debut) = a_quatorze_heures(horloge.maintenant(), jours) else {
            continue;
        };
        let fiche = Fiche {
            region: super::ILE_DE_FRANCE.to_owned(),
            titre: titre.to_owned(),
            description: format!("Une heure de présentation, puis vos questions.\n{FICTIF}"),
            destine_a: destine_a.to_owned(),
            organisateur: "SESAN et le Collectif SI (fictif)".to_owned(),
            debut,
            fin: debut + TimeDelta::minutes(90),
            capacite,
            lien: LIEN.to_owned(),
            rediffusion: (jours < 0).then(|| format!("{LIEN}/rediffusion")),
        };
        annoncer(pool, horloge, &organisation, &fiche, inscrits).await?;
    }
    Ok(())
}

async fn annoncer(
    pool: &PgPool,
    horloge: &Horloge,
    organisation: &Organisation,
    fiche: &Fiche,
    inscrits: usize,
) -> anyhow::Result<()> {
    // As if it had been announced, and everybody registered, a month before.
    let alors = fiche.debut - TimeDelta::days(30);
    let id = horloge.nouvel_id();
    let mut tx = organisation.commencer(pool, id).await?;
    webinaires::create(&mut tx, id, fiche, true, alors).await?;
    tx.commit().await?;
    let ouvert = acces::ouvert(pool, id).await?;
    let mut tx = ouvert.commencer(pool).await?;
    for (rang, nom) in (0i64..).zip(PERSONNES).take(inscrits) {
        let nouvelle = Nouvelle {
            nom: nom.to_owned(),
            courriel: format!("personne{rang}@demo.example"),
            organisme: "Organisme fictif".to_owned(),
            question: if rang == 0 {
                "Par où commencer\u{a0}?".to_owned()
            } else {
                String::new()
            },
        };
        let quand = alors + TimeDelta::hours(rang);
        inscriptions_webinaire::inscrire(&mut tx, &ouvert, horloge.nouvel_id(), &nouvelle, quand).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Two in the afternoon in Paris, so many days from now.
fn a_quatorze_heures(maintenant: DateTime<Utc>, jours: i64) -> Option<DateTime<Utc>> {
    let jour = jour_en_france(&maintenant) + TimeDelta::days(jours);
    let heure = jour.and_hms_opt(14, 0, 0)?;
    Some(Paris.from_local_datetime(&heure).earliest()?.to_utc())
}
