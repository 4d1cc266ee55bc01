//! What a save of the porteur does to the ESSMS of the membres, told to each in one mail. Called from where every save is
//! journaled, so that no door is forgotten; what changes in answers alone is told once a day (`jobs::reponses_changees`).

use sqlx::PgConnection;

use super::composition::Mouvement;
use super::courrier::{Lettre, prevenir};
use crate::domain::courriel_grappe::Quoi;
use crate::domain::finess::Finess;
use crate::store::acces::Lecture;
use crate::store::journal::ChampChange;
use crate::store::participations;
use crate::web::etat::Etat;

/// Writes to each membre whose ESSMS came into the grappe or went out of it, by the porteur.
///
/// # Errors
/// The database's.
pub async fn dire(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &impl Lecture,
    champs: &[ChampChange],
) -> sqlx::Result<()> {
    let (mut entrants, mut sortants): (Vec<Finess>, Vec<Finess>) = (Vec::new(), Vec::new());
    for (finess, mouvement) in champs.iter().filter_map(Mouvement::lire) {
        match mouvement {
            Mouvement::Entre | Mouvement::EntreSansAccord => entrants.push(finess),
            Mouvement::Sort | Mouvement::SortAvecAccord => sortants.push(finess),
        }
    }
    let (Some(de), false) = (acces.compte().og(), entrants.is_empty() && sortants.is_empty()) else {
        return Ok(());
    };
    let numeros = [entrants.as_slice(), &sortants].concat();
    let essms = participations::list_essms(conn, acces, &numeros).await?;
    for siens in essms.chunk_by(|un, autre| un.og == autre.og) {
        let parmi = |numeros: &[Finess]| {
            let parmi = siens.iter().filter(|e| numeros.contains(&e.finess));
            parmi.map(ToString::to_string).collect::<Vec<String>>()
        };
        let lettre = Lettre {
            dossier: acces.dossier(),
            nom: &siens[0].dossier,
            de,
            a: siens[0].og,
            quoi: Quoi::Composition {
                entrent: parmi(&entrants),
                sortent: parmi(&sortants),
            },
            secret: None,
        };
        prevenir(conn, etat, lettre).await?;
    }
    Ok(())
}
