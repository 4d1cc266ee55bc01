//! What a simulation leaves unsaid and the registry knows. The registry alone is read: no dossier, so that an answer
//! never tells that an ESSMS is in one.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use super::registre::{EssmsRegistre, OrganismeRegistre, charger_essms, charger_organismes};
use super::solution::{SolutionDui, lister_solutions};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Etat;
use crate::domain::texte::memes_noms;
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
    // A number that is no ESSMS may be that of an OG, typed in its place: the rules say so of an OG they know.
    let egares = numeros.iter().filter(|n| !registre.contains_key(n)).copied();
    let cites: BTreeSet<Finess> = (faits.organismes.iter().map(|o| o.finess))
        .chain(faits.essms.iter().filter_map(|e| e.organisme))
        .chain(faits.porteur.organisme)
        .chain(egares)
        .collect();
    let cites: Vec<Finess> = cites.into_iter().collect();
    for connu in charger_organismes(&mut *conn, &cites).await? {
        completer_organisme(&mut faits.organismes, &connu);
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

/// Of a size that is said, nothing is added: the two numbers go together.
fn completer_organisme(organismes: &mut Vec<Organisme>, connu: &OrganismeRegistre) {
    match organismes.iter_mut().find(|o| o.finess == connu.finess) {
        Some(dit) if dit.nombre_essms.is_some() => {}
        Some(dit) => {
            dit.nombre_essms = Some(connu.nombre_essms);
            dit.nombre_essms_a_verifier = dit.nombre_essms_a_verifier.or(Some(connu.nombre_essms_a_verifier));
        }
        None => organismes.push(Organisme {
            finess: connu.finess,
            nombre_essms: Some(connu.nombre_essms),
            nombre_essms_a_verifier: Some(connu.nombre_essms_a_verifier),
            par_accompagnement: None,
        }),
    }
}

/// A solution is known by its name, as ELI-E04 compares names, and its version when one is given; of several that answer, none is chosen.
pub(super) fn reconnue<'c>(solution: &Solution, connues: &'c [SolutionDui]) -> Option<&'c SolutionDui> {
    let meme = |s: &&SolutionDui| {
        memes_noms(&s.nom, &solution.nom) && solution.version.as_ref().is_none_or(|v| *v == s.version)
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
