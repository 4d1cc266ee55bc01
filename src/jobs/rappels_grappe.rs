//! Reminders of invitations into a grappe: 7 days, then 2 days before they expire, once each, to those who may answer.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Paris;

use super::rappels::A_PARTIR_DE;
use crate::domain::courriel::Evenement;
use crate::domain::courriel_grappe::{EvenementGrappe, Quoi};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::rappels::{self, InvitationARappeler};
use crate::web::etat::Etat;

/// Days before the last moment.
const PALIERS: [i64; 2] = [2, 7];

/// The step of [`PALIERS`] that is due.
fn palier(expire_le: DateTime<Utc>, maintenant: DateTime<Utc>) -> Option<i64> {
    PALIERS
        .into_iter()
        .find(|jours| expire_le - maintenant <= TimeDelta::days(*jours))
}

/// Writes the reminders that are due; each has a name, so that it is written once.
pub(super) async fn rappeler(etat: &Etat) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    if maintenant.with_timezone(&Paris).hour() < A_PARTIR_DE {
        return Ok(());
    }
    let horizon = maintenant + TimeDelta::days(7);
    for invitation in rappels::list_invitations(&etat.pool, maintenant, horizon).await? {
        ecrire(etat, &invitation, maintenant).await?;
    }
    Ok(())
}

async fn ecrire(etat: &Etat, i: &InvitationARappeler, maintenant: DateTime<Utc>) -> sqlx::Result<()> {
    let destinataire = match (i.compte, &i.adresse) {
        (Some(compte), _) => Destinataire::Compte(compte),
        (None, Some(adresse)) => Destinataire::Adresse(adresse),
        (None, None) => return Ok(()),
    };
    let Some(palier) = palier(i.expire_le, maintenant) else {
        return Ok(());
    };
    let a = i.compte.map_or_else(|| "adresse".to_owned(), |id| id.to_string());
    let cle = format!(
        "invitation {} {} {} J-{palier} {a}",
        i.dossier,
        i.og,
        i.expire_le.timestamp()
    );
    let evenement = Evenement::Grappe(EvenementGrappe {
        dossier: i.dossier,
        nom: i.nom.clone(),
        organisme: i.porteur.clone(),
        quoi: Quoi::Rappel {
            expire_le: i.expire_le,
            sans_compte: i.compte.is_none(),
        },
    });
    let courriel = Courriel {
        id: etat.horloge.nouvel_id(),
        destinataire,
        evenement: &evenement,
        secret: None,
        cle: Some(&cle),
    };
    let mut tx = etat.pool.begin().await?;
    courriels::enfiler(&mut tx, &courriel, maintenant).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_is_due_seven_then_two_days_before() {
        let fin = DateTime::parse_from_rfc3339("2024-06-01T10:00:00Z").unwrap().to_utc();
        for (heures, attendu) in [
            (24 * 8, None),
            (24 * 7, Some(7)),
            (49, Some(7)),
            (48, Some(2)),
            (1, Some(2)),
        ] {
            assert_eq!(palier(fin, fin - TimeDelta::hours(heures)), attendu, "{heures}");
        }
    }
}
