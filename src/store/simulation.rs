//! What a simulation leaves unsaid and the registry knows. The registry alone is read: no dossier, so that an answer
//! never tells that an ESSMS is in one.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::registre::{EssmsRegistre, charger_essms};
use super::solution::{SolutionDui, lister_solutions};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Etat;
use crate::rules::faits::{CategorieLue, Essms, Faits, Organisme, Solution};

/// Fills in what is absent from these facts and in the registry of ESSMS or in the referential of solutions.
///
/// # Errors
/// The database's.
pub async fn completer(conn: &mut PgConnection, faits: &mut Faits) -> sqlx::Result<()> {
    let numeros: Vec<Finess> = faits.essms.iter().map(|e| e.finess).collect();
    let registre: HashMap<Finess, EssmsRegistre> = charger_essms(&mut *conn, &numeros)
        .await?
        .into_iter()
        .map(|e| (e.finess, e))
        .collect();
    for essms in &mut faits.essms {
        if let Some(connu) = registre.get(&essms.finess) {
            completer_essms(essms, connu);
        }
    }
    for connu in numeros.iter().filter_map(|n| registre.get(n)) {
        completer_organisme(&mut faits.organismes, connu);
    }
    if let Some(solution) = faits.solution.as_mut() {
        let connues = lister_solutions(conn).await?;
        completer_solution(solution, &connues);
    }
    Ok(())
}

fn completer_essms(essms: &mut Essms, connu: &EssmsRegistre) {
    essms.organisme = essms.organisme.or(Some(connu.organisme));
    if essms.categorie == CategorieLue::Inconnue {
        essms.categorie = connu.categorie.clone();
    }
    if essms.etat == Etat::Inconnu {
        essms.etat = connu.etat;
    }
    essms.departement = essms.departement.or(connu.departement);
}

fn completer_organisme(organismes: &mut Vec<Organisme>, connu: &EssmsRegistre) {
    match organismes.iter_mut().find(|o| o.finess == connu.organisme) {
        Some(dit) => dit.nombre_essms = dit.nombre_essms.or(Some(connu.nombre_essms)),
        None => organismes.push(Organisme {
            finess: connu.organisme,
            nombre_essms: Some(connu.nombre_essms),
            par_accompagnement: None,
        }),
    }
}

/// A solution is known by its name, and its version when one is given; of several that answer, none is chosen.
pub(super) fn reconnue<'c>(solution: &Solution, connues: &'c [SolutionDui]) -> Option<&'c SolutionDui> {
    let meme = |s: &&SolutionDui| {
        s.nom.eq_ignore_ascii_case(&solution.nom) && solution.version.as_ref().is_none_or(|v| *v == s.version)
    };
    let mut trouvees = connues.iter().filter(meme);
    match (trouvees.next(), trouvees.next()) {
        (Some(seule), None) => Some(seule),
        _ => None,
    }
}

fn completer_solution(solution: &mut Solution, connues: &[SolutionDui]) {
    let Some(connue) = reconnue(solution, connues).map(SolutionDui::fait) else {
        return;
    };
    *solution = Solution {
        nom: solution.nom.clone(),
        version: solution.version.take().or(connue.version),
        segur: solution.segur.or(connue.segur),
        sad: solution.sad.or(connue.sad),
        couloirs: solution.couloirs.take().or(connue.couloirs),
        referentiels: solution.referentiels.take().or(connue.referentiels),
        services_socles: solution.services_socles.take().or(connue.services_socles),
        plateforme_eparcours: solution.plateforme_eparcours.or(connue.plateforme_eparcours),
    };
}
