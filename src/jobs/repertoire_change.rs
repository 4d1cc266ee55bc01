//! What an import of the registry changed for the ESSMS of an OG, or of its drafts, told in one mail to those who fill dossiers.
//! Looked at each hour, with the reminders of deadlines.

use chrono::Timelike;
use chrono_tz::Europe::Paris;

use super::rappels::A_PARTIR_DE;
use super::redaction_compte::Mots;
use crate::domain::courriel::{Evenement, RepertoireChange};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::evenements;
use crate::web::etat::Etat;
use crate::web::{chemins, repertoire, titulaire};

/// Changes that a mail says: beyond, it is a list to read on the page.
const DITS_AU_PLUS: usize = 20;

/// Writes to each OG what it was not told yet.
pub(super) async fn dire(etat: &Etat) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    if maintenant.with_timezone(&Paris).hour() < A_PARTIR_DE {
        return Ok(());
    }
    for og in evenements::list_ogs_a_prevenir(&etat.pool).await? {
        let (mut tx, changes, comptes) = evenements::take_a_ecrire(&etat.pool, og).await?;
        if !changes.is_empty() {
            let phrase = |e| format!("{} {}", repertoire::essms(e), repertoire::phrase(e));
            let evenement = Evenement::Repertoire(RepertoireChange {
                organisme: titulaire::organisme(&mut tx, og).await?,
                changements: changes.iter().take(DITS_AU_PLUS).map(phrase).collect(),
                autres: changes.len().saturating_sub(DITS_AU_PLUS),
            });
            for compte in comptes {
                let courriel = Courriel {
                    id: etat.horloge.nouvel_id(),
                    destinataire: Destinataire::Compte(compte),
                    evenement: &evenement,
                    secret: None,
                    cle: None,
                };
                courriels::enfiler(&mut tx, &courriel, maintenant).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Puts it in words.
pub(super) fn mots(e: &RepertoireChange) -> Mots {
    let mut paragraphes = vec![format!(
        "Le répertoire FINESS a changé pour des ESSMS de votre organisme ({}) ou de vos brouillons. Leurs verdicts en tiennent compte.",
        e.organisme
    )];
    paragraphes.extend(e.changements.iter().cloned());
    match e.autres {
        0 => {}
        1 => paragraphes.push("Un autre changement est à lire dans Mes ESSMS.".to_owned()),
        n => paragraphes.push(format!("{n}\u{a0}autres changements sont à lire dans Mes ESSMS.")),
    }
    Mots {
        sujet: "Le répertoire FINESS a changé pour vos ESSMS".to_owned(),
        paragraphes,
        action: "Voir Mes ESSMS",
        page: chemins::MES_ESSMS.to_owned(),
    }
}
