//! What others changed in the answers of a membre's ESSMS, told to it the day after, once a day and a dossier: a save while one
//! types is one of many, and the journal holds them all, whatever page they came from.

use chrono::{Days, Timelike};
use chrono_tz::Europe::Paris;

use super::rappels::A_PARTIR_DE;
use super::rappels_grappe::enfiler;
use crate::domain::courriel_grappe::{EvenementGrappe, Quoi};
use crate::rules::edition::jour_en_france;
use crate::store::courriels::Destinataire;
use crate::store::rappels;
use crate::web::etat::Etat;

/// Days looked back at: a portal that was down on the very day tells it on the next one.
const JOURS: u64 = 2;

/// Writes what is due; each mail has a name, so that it is written once.
pub(super) async fn dire(etat: &Etat) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    if maintenant.with_timezone(&Paris).hour() < A_PARTIR_DE {
        return Ok(());
    }
    let jour = jour_en_france(&maintenant);
    let (du, au) = (jour - Days::new(JOURS), jour - Days::new(1));
    for changees in rappels::list_reponses_changees(&etat.pool, du, au).await? {
        let cle = format!("réponses {} {} {}", changees.dossier, changees.jour, changees.compte);
        let evenement = EvenementGrappe {
            dossier: changees.dossier,
            nom: changees.nom,
            organisme: changees.porteur,
            quoi: Quoi::Reponses {
                jour: changees.jour,
                essms: changees.essms,
            },
        };
        enfiler(etat, Destinataire::Compte(changees.compte), evenement, &cle).await?;
    }
    Ok(())
}
