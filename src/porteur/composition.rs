//! Changes of the grappe: who comes, who goes, judged and journaled with the save.

use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Changement, Verdicts, edition_du_dossier, journaliser};
use crate::domain::dossier::{Dossier, Etape};
use crate::domain::finess::Finess;
use crate::store::acces::{DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::store::evaluation::Contexte;
use crate::store::journal::ChampChange;
use crate::web::echec::Echec;
use crate::web::etat::Etat as Portail;

/// A regional grappe has 49 at most and the national one some hundreds: more is a mistake in the paste.
pub const ESSMS_AU_PLUS: usize = 500;

/// What became of numbers to add.
pub enum Ajout {
    /// These were not there yet; the journal entry of the save.
    Fait(Vec<Finess>, Uuid),
    /// They were all there already, or there was none.
    Rien,
    /// The grappe would hold more than [`ESSMS_AU_PLUS`]: none was added.
    Trop,
}

/// Adds those that are not there yet.
///
/// # Errors
/// The database's.
pub async fn ajouter_numeros(etat: &Portail, acces: &DossierModifiable, numeros: &[Finess]) -> Result<Ajout, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, acces).await?;
    let nouveaux: Vec<Finess> = numeros
        .iter()
        .copied()
        .filter(|n| !avant.numeros().contains(n))
        .collect();
    if nouveaux.is_empty() {
        return Ok(Ajout::Rien);
    }
    if avant.essms.len() + nouveaux.len() > ESSMS_AU_PLUS {
        return Ok(Ajout::Trop);
    }
    dossiers::add_essms(&mut tx, acces, &nouveaux, etat.horloge.maintenant()).await?;
    let action = match dossiers::prefill_faits(&mut tx, acces, &nouveaux).await? {
        0 => "Ajout à la grappe",
        _ => "Ajout à la grappe, avec les réponses de Mes ESSMS",
    };
    let apres = dossiers::load(&mut tx, acces).await?;
    let id = juger(&mut tx, etat, acces, &avant, &apres, action).await?;
    tx.commit().await?;
    Ok(Ajout::Fait(nouveaux, id))
}

/// Judges a change of the grappe and journals which ESSMS came or went.
///
/// # Errors
/// The database's.
pub async fn juger(
    conn: &mut PgConnection,
    etat: &Portail,
    acces: &impl Lecture,
    avant: &Dossier,
    apres: &Dossier,
    action: &str,
) -> Result<Uuid, Echec> {
    let mut numeros = avant.numeros();
    numeros.extend(apres.numeros());
    let solutions: Vec<Uuid> = crate::store::evaluation::solution_choisie(apres.reponses(Etape::Solution))
        .into_iter()
        .collect();
    let contexte = Contexte::charger(conn, apres, &numeros, &solutions, &etat.editions_en_cours()).await?;
    let champs = mouvements(avant, apres, |n| contexte.registre.get(&n).map(|c| c.nom.clone()));
    let s = if champs.len() > 1 { "s" } else { "" };
    let action = format!("{action}\u{a0}: {} ESSMS concerné{s}", champs.len());
    let edition = edition_du_dossier(etat, apres)?;
    let instant = etat.horloge.maintenant();
    let verdicts = Verdicts {
        avant: contexte.evaluer(edition, avant, instant).0,
        apres: contexte.evaluer(edition, apres, instant).0,
    };
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs,
    };
    journaliser(conn, etat, acces, verdicts, changement).await
}

/// Which ESSMS came or went, in words people read; `nom` is that of the registry.
pub fn mouvements(avant: &Dossier, apres: &Dossier, nom: impl Fn(Finess) -> Option<String>) -> Vec<ChampChange> {
    let (anciens, nouveaux) = (avant.numeros(), apres.numeros());
    let dans = |numeros: &[Finess], n| if numeros.contains(&n) { "dans la grappe" } else { "" }.to_owned();
    let partis = anciens.iter().filter(|n| !nouveaux.contains(n));
    let venus = nouveaux.iter().filter(|n| !anciens.contains(n));
    partis
        .chain(venus)
        .map(|n| ChampChange {
            champ: n.to_string(),
            libelle: nom(*n).map_or_else(|| n.to_string(), |nom| format!("{nom} ({n})")),
            avant: dans(&anciens, *n),
            apres: dans(&nouveaux, *n),
        })
        .collect()
}
