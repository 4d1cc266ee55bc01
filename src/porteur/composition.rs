//! Changes of the grappe: who comes, who goes, judged and journaled with the save.

use std::collections::HashSet;

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
    let composition = Composition {
        avant: &avant,
        apres: &apres,
        donnes: &HashSet::new(),
    };
    let id = juger(&mut tx, etat, acces, &composition, action).await?;
    tx.commit().await?;
    Ok(Ajout::Fait(nouveaux, id))
}

/// Takes out those that are there. The consents given for them fall with that, and coming back does not raise them: their OG
/// is told that it is no longer bound, may have engaged its ESSMS elsewhere since, and consents to what it is shown. It is
/// asked anew, by mail.
///
/// # Errors
/// The database's.
pub async fn retirer_numeros(
    etat: &Portail,
    acces: &DossierModifiable,
    numeros: &[Finess],
) -> Result<Option<(Vec<Finess>, Uuid)>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, acces).await?;
    let presents = avant.numeros();
    let partants: Vec<Finess> = numeros.iter().copied().filter(|n| presents.contains(n)).collect();
    if partants.is_empty() {
        return Ok(None);
    }
    let donnes = Contexte::du_dossier(&mut tx, &avant, &etat.editions_en_cours())
        .await?
        .accords;
    dossiers::remove_essms(&mut tx, acces, &partants, etat.horloge.maintenant()).await?;
    let apres = dossiers::load(&mut tx, acces).await?;
    let composition = Composition {
        avant: &avant,
        apres: &apres,
        donnes: &donnes,
    };
    let id = juger(&mut tx, etat, acces, &composition, "Retrait de la grappe").await?;
    tx.commit().await?;
    Ok(Some((partants, id)))
}

/// A change of the grappe.
pub struct Composition<'a> {
    /// The dossier before.
    pub avant: &'a Dossier,
    /// The dossier after.
    pub apres: &'a Dossier,
    /// The ESSMS that had the consent of their OG before: it falls for those that go.
    pub donnes: &'a HashSet<Finess>,
}

/// What an ESSMS does in a change of the grappe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouvement {
    /// It comes in.
    Entre,
    /// It comes in, and its OG has to consent.
    EntreSansAccord,
    /// It goes out.
    Sort,
    /// It goes out, and the consent of its OG falls.
    SortAvecAccord,
}

impl Mouvement {
    const TOUS: [Self; 4] = [Self::Entre, Self::EntreSansAccord, Self::Sort, Self::SortAvecAccord];

    /// What the journal says of the ESSMS before and after.
    fn mots(self) -> (&'static str, &'static str) {
        match self {
            Self::Entre => ("", "dans la grappe"),
            Self::EntreSansAccord => ("", "dans la grappe, accord de son organisme à donner"),
            Self::Sort => ("dans la grappe", ""),
            Self::SortAvecAccord => ("dans la grappe, avec l’accord de son organisme", ""),
        }
    }

    /// What a change of the journal says that an ESSMS did; none when it is about something else.
    pub fn lire(change: &ChampChange) -> Option<(Finess, Self)> {
        let finess = Finess::parse(&change.champ).ok()?;
        let dit = (change.avant.as_str(), change.apres.as_str());
        Some((finess, Self::TOUS.into_iter().find(|m| m.mots() == dit)?))
    }
}

/// « , 2 accords donnés tombent »; empty when none does.
pub fn accords_tombes(champs: &[ChampChange]) -> String {
    let tombe = |c: &&ChampChange| matches!(Mouvement::lire(c), Some((_, Mouvement::SortAvecAccord)));
    match champs.iter().filter(tombe).count() {
        0 => String::new(),
        1 => ", un accord donné tombe".to_owned(),
        n => format!(", {n}\u{a0}accords donnés tombent"),
    }
}

/// Judges a change of the grappe and journals which ESSMS came or went.
///
/// # Errors
/// The database's.
pub async fn juger(
    conn: &mut PgConnection,
    etat: &Portail,
    acces: &impl Lecture,
    composition: &Composition<'_>,
    action: &str,
) -> Result<Uuid, Echec> {
    let Composition { avant, apres, .. } = *composition;
    let mut numeros = avant.numeros();
    numeros.extend(apres.numeros());
    let solutions: Vec<Uuid> = crate::store::evaluation::solution_choisie(apres.reponses(Etape::Solution))
        .into_iter()
        .collect();
    let contexte = Contexte::charger(conn, apres, &numeros, &solutions, &etat.editions_en_cours()).await?;
    let champs = mouvements(composition, &contexte, |n| {
        contexte.registre.get(&n).map(|c| c.nom.clone())
    });
    let s = if champs.len() > 1 { "s" } else { "" };
    let tombes = accords_tombes(&champs);
    let action = format!("{action}\u{a0}: {} ESSMS concerné{s}{tombes}", champs.len());
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

/// Which ESSMS came or went, in words people read; `contexte` is that of the grappe after, `nom` the name in the registry.
pub fn mouvements(
    Composition { avant, apres, donnes }: &Composition<'_>,
    contexte: &Contexte,
    nom: impl Fn(Finess) -> Option<String>,
) -> Vec<ChampChange> {
    let (anciens, nouveaux) = (avant.numeros(), apres.numeros());
    let sort = |n: &Finess| {
        if donnes.contains(n) {
            Mouvement::SortAvecAccord
        } else {
            Mouvement::Sort
        }
    };
    let entre = |n: &Finess| {
        if contexte.attend_accord(apres, *n) {
            Mouvement::EntreSansAccord
        } else {
            Mouvement::Entre
        }
    };
    let partis = anciens.iter().filter(|n| !nouveaux.contains(n)).map(|n| (*n, sort(n)));
    let venus = nouveaux.iter().filter(|n| !anciens.contains(n)).map(|n| (*n, entre(n)));
    let change = |(finess, mouvement): (Finess, Mouvement)| {
        let (avant, apres) = mouvement.mots();
        ChampChange {
            champ: finess.to_string(),
            libelle: nom(finess).map_or_else(|| finess.to_string(), |nom| format!("{nom} ({finess})")),
            avant: avant.to_owned(),
            apres: apres.to_owned(),
        }
    };
    partis.chain(venus).map(change).collect()
}
