//! Reminders of deadlines: 15, 7, 2 and 1 days before the next window of a draft's edition closes, to every person
//! who writes it. Looked at each hour; each reminder has a name, so that it is written once.

use std::collections::HashMap;

use chrono::{DateTime, DurationRound, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Paris;

use super::{Issue, rappels_grappe, repertoire_change, reponses_changees, webinaires};
use crate::domain::courriel::{Evenement, RappelEcheance};
use crate::rules::edition::{Edition, Fenetre, jour_en_france};
use crate::rules::recevable::blocages;
use crate::store::courriels::{Courriel, Destinataire};
use crate::store::evaluation::Contexte;
use crate::store::rappels::ARappeler;
use crate::store::{acces, courriels, dossiers, oublis, rappels};
use crate::web::antivirus;
use crate::web::echec::Echec;
use crate::web::etat::Etat;

/// The kind of this work.
pub const GENRE: &str = "rappels";
/// Days before the last one, in Paris.
pub const PALIERS: [i64; 4] = [1, 2, 7, 15];
/// In Paris: nobody is written to in the night, and the digest of seven o'clock holds the day's reminders.
pub(super) const A_PARTIR_DE: u32 = 6;

/// The next full hour.
pub fn prochaine(maintenant: DateTime<Utc>) -> DateTime<Utc> {
    let heure = TimeDelta::hours(1);
    maintenant.duration_trunc(heure).unwrap_or(maintenant) + heure
}

/// What is due for an edition today: the window, the days left, and the step of [`PALIERS`] they fall in. A portal that
/// was down on the very day reminds on the next one, with the days that are really left.
fn du(edition: &Edition, maintenant: DateTime<Utc>) -> Option<(&Fenetre, i64, i64)> {
    let fenetre = edition.prochaine_fermeture(&maintenant)?;
    let jours = (fenetre.fermeture - jour_en_france(&maintenant)).num_days();
    let palier = PALIERS.into_iter().find(|palier| jours <= *palier)?;
    (maintenant.with_timezone(&Paris).hour() >= A_PARTIR_DE).then_some((fenetre, jours, palier))
}

/// Writes the reminders that are due.
pub(super) async fn executer(etat: &Etat) -> Issue {
    let fait = async {
        rappeler(etat).await?;
        rappels_grappe::rappeler(etat).await?;
        reponses_changees::dire(etat).await?;
        repertoire_change::dire(etat).await?;
        webinaires::rappeler(etat).await?;
        webinaires::effacer(etat).await?;
        oublis::effacer(&etat.pool, etat.horloge.maintenant()).await?;
        antivirus::rattraper(etat).await?;
        Ok::<(), Echec>(())
    };
    match fait.await {
        Ok(()) => Issue::Prochaine(prochaine(etat.horloge.maintenant())),
        Err(erreur) => erreur.into(),
    }
}

/// A reminder to write: its name, and to whom.
struct Rappel {
    cle: String,
    a: ARappeler,
}

/// What is due today: the edition, its window, the days left, the step of [`PALIERS`], by code of the edition.
pub(super) type Dus<'a> = HashMap<&'a str, (&'a Edition, &'a Fenetre, i64, i64)>;

/// What is due for each edition today.
pub(super) fn dus(etat: &Etat) -> Dus<'_> {
    let maintenant = etat.horloge.maintenant();
    let mut dus = Dus::new();
    for edition in &etat.editions {
        if let Some((fenetre, jours, palier)) = du(edition, maintenant) {
            dus.insert(&edition.code, (edition, fenetre, jours, palier));
        }
    }
    dus
}

async fn rappeler(etat: &Etat) -> sqlx::Result<()> {
    let dus = dus(etat);
    if dus.is_empty() {
        return Ok(());
    }
    let codes: Vec<String> = dus.keys().map(|code| (*code).to_owned()).collect();
    let mut rappels: Vec<Rappel> = Vec::new();
    for a in rappels::list(&etat.pool, &codes).await? {
        let Some((_, fenetre, _, palier)) = dus.get(a.edition.as_str()) else {
            continue;
        };
        // A draft opened since then was opened knowing the deadline.
        if fenetre.fermeture - jour_en_france(&a.cree_le) >= TimeDelta::days(*palier) {
            let cle = format!("rappel {} {} J-{palier} {}", a.dossier, fenetre.fermeture, a.compte.id);
            rappels.push(Rappel { cle, a });
        }
    }
    let cles: Vec<String> = rappels.iter().map(|r| r.cle.clone()).collect();
    let ecrits = courriels::list_cles(&mut *etat.pool.acquire().await?, &cles).await?;
    rappels.retain(|r| !ecrits.contains(&r.cle));
    for du_dossier in rappels.chunk_by(|un, autre| un.a.dossier == autre.a.dossier) {
        if let Some((edition, fenetre, jours, _)) = dus.get(du_dossier[0].a.edition.as_str()) {
            rappeler_dossier(etat, edition, fenetre, *jours, du_dossier).await?;
        }
    }
    Ok(())
}

/// Judges a draft, with the rights of the first person reminded of it, and writes to each.
async fn rappeler_dossier(
    etat: &Etat,
    edition: &Edition,
    fenetre: &Fenetre,
    jours: i64,
    rappels: &[Rappel],
) -> sqlx::Result<()> {
    let maintenant = etat.horloge.maintenant();
    let premier = &rappels[0].a;
    let acces = match acces::modifiable(&etat.pool, &premier.compte, premier.dossier).await {
        Ok(acces) => acces,
        Err(acces::Refus::Base(erreur)) => return Err(erreur),
        // Deposited or gone since it was listed.
        Err(_) => return Ok(()),
    };
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::load(&mut tx, &acces).await?;
    let contexte = Contexte::du_dossier(&mut tx, &dossier, &etat.editions_en_cours()).await?;
    // As it would be judged in the window: that it is not open yet is no fault of the draft.
    let (evaluation, manques) = contexte.evaluer(edition, &dossier, maintenant.max(fenetre.debut().to_utc()));
    let evenement = Evenement::RappelEcheance(RappelEcheance {
        dossier: dossier.id,
        reference: dossier.reference,
        nom: dossier.nom,
        edition: edition.titre.clone(),
        fin: fenetre.fin().to_utc(),
        jours,
        manques: manques.len(),
        bloquants: blocages(&evaluation).count(),
    });
    for rappel in rappels {
        let courriel = Courriel {
            id: etat.horloge.nouvel_id(),
            destinataire: Destinataire::Compte(rappel.a.compte.id),
            evenement: &evenement,
            secret: None,
            cle: Some(&rappel.cle),
        };
        courriels::enfiler(&mut tx, &courriel, maintenant).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn du_le(quand: &str) -> Option<(i64, i64)> {
        // Its second window closes on 1 June 2024.
        let edition = Edition::livree("idf-2024").unwrap();
        let maintenant = DateTime::parse_from_rfc3339(quand).unwrap().to_utc();
        du(edition, maintenant).map(|(_, jours, palier)| (jours, palier))
    }

    #[test]
    fn days_are_counted_in_paris_and_nobody_is_reminded_at_night() {
        for (quand, attendu) in [
            ("2024-05-16T21:59:59Z", None),
            ("2024-05-17T03:59:59Z", None),
            ("2024-05-17T04:00:00Z", Some((15, 15))),
            ("2024-05-24T21:59:59Z", Some((8, 15))),
            ("2024-05-25T04:00:00Z", Some((7, 7))),
            ("2024-05-30T04:00:00Z", Some((2, 2))),
            ("2024-05-31T04:00:00Z", Some((1, 1))),
            ("2024-06-01T21:59:59Z", Some((0, 1))),
            // The next window, that of the summer.
            ("2024-06-02T04:00:00Z", None),
            // None is left.
            ("2024-09-16T04:00:00Z", None),
        ] {
            assert_eq!(du_le(quand), attendu, "{quand}");
        }
    }

    #[test]
    fn the_next_hour_is_full() {
        let lire = |texte| DateTime::parse_from_rfc3339(texte).unwrap().to_utc();
        assert_eq!(prochaine(lire("2024-05-01T10:00:00Z")), lire("2024-05-01T11:00:00Z"));
        assert_eq!(prochaine(lire("2024-05-01T10:59:59Z")), lire("2024-05-01T11:00:00Z"));
    }
}
