//! Reminders between the OGs of a grappe, once each: of an invitation, 7 days, then 2 days before it expires, to those who may
//! answer, then of its expiry to the porteur; of the consents that a draft waits for, with the reminders of its deadline.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Paris;

use super::rappels::{A_PARTIR_DE, dus};
use crate::domain::courriel::Evenement;
use crate::domain::courriel_grappe::{EvenementGrappe, Quoi};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::rappels::{self, InvitationARappeler, InvitationExpiree};
use crate::store::transaction;
use crate::web::etat::Etat;

/// Days before the last moment.
const PALIERS: [i64; 2] = [2, 7];

/// The step of [`PALIERS`] that is due.
fn palier(expire_le: DateTime<Utc>, maintenant: DateTime<Utc>) -> Option<i64> {
    PALIERS
        .into_iter()
        .find(|jours| expire_le - maintenant <= TimeDelta::days(*jours))
}

/// Longer after an invitation expired, its porteur knows.
const EXPIREE_DEPUIS: TimeDelta = TimeDelta::days(7);

/// Writes the reminders that are due; each has a name, so that it is written once.
pub(super) async fn rappeler(etat: &Etat) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    if maintenant.with_timezone(&Paris).hour() < A_PARTIR_DE {
        return Ok(());
    }
    let horizon = maintenant + TimeDelta::days(7);
    for invitation in rappels::list_invitations(&etat.pool, maintenant, horizon).await? {
        rappeler_l_invitation(etat, &invitation).await?;
    }
    for expiree in rappels::list_expirees(&etat.pool, maintenant - EXPIREE_DEPUIS, maintenant).await? {
        dire_l_expiration(etat, expiree).await?;
    }
    rappeler_les_accords(etat).await
}

async fn rappeler_l_invitation(etat: &Etat, i: &InvitationARappeler) -> sqlx::Result<()> {
    let destinataire = match (i.compte, &i.adresse) {
        (Some(compte), _) => Destinataire::Compte(compte),
        (None, Some(adresse)) => Destinataire::Adresse(adresse),
        (None, None) => return Ok(()),
    };
    let Some(palier) = palier(i.expire_le, etat.horloge.maintenant()) else {
        return Ok(());
    };
    let a = i.compte.map_or_else(|| "adresse".to_owned(), |id| id.to_string());
    let cle = format!(
        "invitation {} {} {} J-{palier} {a}",
        i.dossier,
        i.og,
        i.expire_le.timestamp()
    );
    let evenement = EvenementGrappe {
        dossier: i.dossier,
        nom: i.nom.clone(),
        organisme: i.porteur.clone(),
        quoi: Quoi::Rappel {
            expire_le: i.expire_le,
            sans_compte: i.compte.is_none(),
        },
    };
    enfiler(etat, destinataire, evenement, &cle).await
}

async fn dire_l_expiration(etat: &Etat, e: InvitationExpiree) -> sqlx::Result<()> {
    let cle = format!(
        "invitation expirée {} {} {} {}",
        e.dossier,
        e.og,
        e.expire_le.timestamp(),
        e.compte
    );
    let evenement = EvenementGrappe {
        dossier: e.dossier,
        nom: e.nom,
        organisme: e.organisme,
        quoi: Quoi::Expiree,
    };
    enfiler(etat, Destinataire::Compte(e.compte), evenement, &cle).await
}

/// Reminds the membres of the consents that a draft waits for, on the days its porteur is reminded of the deadline.
async fn rappeler_les_accords(etat: &Etat) -> sqlx::Result<()> {
    let dus = dus(etat);
    let codes: Vec<String> = dus.keys().map(|code| (*code).to_owned()).collect();
    for membre in rappels::list_membres(&etat.pool, &codes).await? {
        let Some((_, fenetre, jours, palier)) = dus.get(membre.edition.as_str()) else {
            continue;
        };
        let cle = format!(
            "accords {} {} J-{palier} {}",
            membre.dossier, fenetre.fermeture, membre.compte
        );
        let evenement = EvenementGrappe {
            dossier: membre.dossier,
            nom: membre.nom,
            organisme: membre.porteur,
            quoi: Quoi::Echeance {
                fin: fenetre.fin().to_utc(),
                jours: *jours,
                accords: membre.accords,
            },
        };
        enfiler(etat, Destinataire::Compte(membre.compte), evenement, &cle).await?;
    }
    Ok(())
}

/// Queues a mail that is written once.
pub(super) async fn enfiler(
    etat: &Etat,
    destinataire: Destinataire<'_>,
    e: EvenementGrappe,
    cle: &str,
) -> sqlx::Result<()> {
    let courriel = Courriel {
        id: etat.horloge.nouvel_id(),
        destinataire,
        evenement: &Evenement::Grappe(e),
        secret: None,
        cle: Some(cle),
    };
    let mut tx = transaction::commencer(&etat.pool).await?;
    courriels::enfiler(&mut tx, &courriel, etat.horloge.maintenant()).await?;
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
