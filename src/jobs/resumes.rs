//! The daily digest: every morning, what waited for an account in one mail.

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Paris;

use super::Issue;
use crate::store::{courriels, transaction};
use crate::web::etat::Etat;

/// The kind of this work.
pub const GENRE: &str = "resumes";
/// In Paris: before the working day.
const HEURE: u32 = 7;

/// The first seven o'clock after an instant.
pub fn prochaine(maintenant: DateTime<Utc>) -> DateTime<Utc> {
    let jour = maintenant.with_timezone(&Paris).date_naive();
    let heure = NaiveTime::from_hms_opt(HEURE, 0, 0).unwrap_or_default();
    // Clocks change at two and three in the morning: seven o'clock exists and is unique.
    (0..=1)
        .filter_map(|n| {
            Paris
                .from_local_datetime(&jour.checked_add_days(Days::new(n))?.and_time(heure))
                .single()
        })
        .map(|quand| quand.to_utc())
        .find(|quand| *quand > maintenant)
        .unwrap_or(maintenant + chrono::TimeDelta::days(1))
}

/// Writes the digest of each account for which something waits.
pub(super) async fn executer(etat: &Etat) -> Issue {
    match resumer(etat).await {
        Ok(()) => Issue::Prochaine(prochaine(etat.horloge.maintenant())),
        Err(erreur) => erreur.into(),
    }
}

async fn resumer(etat: &Etat) -> sqlx::Result<()> {
    let comptes = courriels::list_comptes_a_resumer(&mut *etat.pool.acquire().await?).await?;
    for compte in comptes {
        let mut tx = transaction::commencer(&etat.pool).await?;
        courriels::resumer(&mut tx, compte, etat.horloge.nouvel_id(), etat.horloge.maintenant()).await?;
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_leaves_at_seven_in_paris_summer_and_winter() {
        for (maintenant, attendu) in [
            ("2024-05-01T10:00:00+02:00", "2024-05-02T07:00:00+02:00"),
            ("2024-05-01T06:59:59+02:00", "2024-05-01T07:00:00+02:00"),
            ("2024-05-01T07:00:00+02:00", "2024-05-02T07:00:00+02:00"),
            ("2024-10-26T12:00:00+02:00", "2024-10-27T07:00:00+01:00"),
            ("2024-03-30T23:30:00Z", "2024-03-31T07:00:00+02:00"),
        ] {
            let lire = |texte| DateTime::parse_from_rfc3339(texte).unwrap().to_utc();
            assert_eq!(prochaine(lire(maintenant)), lire(attendu), "{maintenant}");
        }
    }
}
