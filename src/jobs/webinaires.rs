//! Webinars: reminds the day before, erases registrations some weeks after. Looked at each hour, with the reminders of deadlines.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Paris;

use super::rappels::A_PARTIR_DE;
use crate::domain::webinaire::{EtatInscription, Objet};
use crate::rules::edition::jour_en_france;
use crate::store::acces::webinaire::{self as acces, SurWebinaire, WebinaireRappele};
use crate::store::{inscriptions_webinaire, webinaires};
use crate::web::avis_webinaire::{Avis, prevenir};
use crate::web::echec::Echec;
use crate::web::etat::Etat;

/// The longest time between a reminder and what it reminds of: from the first hour of the day before to the last of the day.
const AU_PLUS_TOT: TimeDelta = TimeDelta::hours(48);

/// Reminds of the webinars of tomorrow, and of those of today when the portal was down yesterday.
pub(super) async fn rappeler(etat: &Etat) -> Result<(), Echec> {
    let maintenant = etat.horloge.maintenant();
    for acces in acces::rappeles(&etat.pool, maintenant, maintenant + AU_PLUS_TOT).await? {
        if du(maintenant, acces.webinaire().debut) {
            rappeler_un(etat, &acces).await?;
        }
    }
    Ok(())
}

/// Whether a webinar that begins then is to be reminded of now: from the day before in Paris, and not in the night.
fn du(maintenant: DateTime<Utc>, debut: DateTime<Utc>) -> bool {
    let jours = (jour_en_france(&debut) - jour_en_france(&maintenant)).num_days();
    (0..=1).contains(&jours) && maintenant.with_timezone(&Paris).hour() >= A_PARTIR_DE
}

async fn rappeler_un(etat: &Etat, acces: &WebinaireRappele) -> Result<(), Echec> {
    let w = acces.webinaire();
    let mut tx = acces.commencer(&etat.pool).await?;
    let lien = webinaires::load_lien(&mut tx, acces).await?;
    // Who registered since the day before was told everything then.
    let avant = etat.horloge.maintenant().min(w.debut - TimeDelta::hours(24));
    let nom = format!("rappel {}", w.debut.timestamp());
    for inscrite in inscriptions_webinaire::list_a_prevenir(&mut tx, acces, avant).await? {
        if inscrite.etat == EtatInscription::Inscrit {
            let avis = Avis {
                webinaire: w,
                lien: &lien,
                objet: Objet::Rappel,
                motif: "",
            };
            prevenir(&mut tx, etat, avis, &inscrite, Some(&nom)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Erases what was promised to be.
pub(super) async fn effacer(etat: &Etat) -> sqlx::Result<()> {
    webinaires::effacer_anciens(&etat.pool, etat.horloge.maintenant()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_reminded_from_six_in_the_morning_of_the_day_before() {
        let lire = |texte| DateTime::parse_from_rfc3339(texte).unwrap().to_utc();
        let debut = lire("2024-05-10T00:30:00+02:00");
        for (quand, attendu) in [
            ("2024-05-08T23:59:00+02:00", false),
            ("2024-05-09T05:59:00+02:00", false),
            ("2024-05-09T06:00:00+02:00", true),
            ("2024-05-09T23:59:00+02:00", true),
        ] {
            assert_eq!(du(lire(quand), debut), attendu, "{quand}");
        }
    }
}
