//! The smallest set of changes that would make the grappe eligible, proposed as one action to try.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::Atelier;
use super::doubles::liens;
use crate::domain::dossier::champ::{NON, OUI};
use crate::domain::dossier::hypothese::{Hypothese, SIGNATAIRE, SOLUTION};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::{EssmsGrappe, Etape, EtatDossier};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::evaluer;
use crate::rules::faits::{Essms, Faits};
use crate::rules::reparation::{Remede, Vivier, reparer};
use crate::store::acces::Lecture;
use crate::store::dossiers;
use crate::store::evaluation::{Contexte, essms, faits, solution_choisie};
use crate::store::registre::lister_candidats;
use crate::store::solution::{SolutionDui, lister_solutions};
use crate::web::chemins;
use crate::web::echec::Echec;
pub use crate::web::remede::Proposition;
use crate::web::remede::{Essai, Vue};

/// ESSMS of the registry that a search looks at: a grappe has 49 at most.
const CANDIDATS_AU_PLUS: i64 = 120;

/// How the grappe of a draft could be made eligible; `None` when nothing blocks it.
///
/// # Errors
/// The database's.
pub async fn proposer(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    atelier: &Atelier<'_>,
) -> Result<Option<Proposition>, Echec> {
    let dossier = &atelier.dossier;
    if atelier.evaluation.eligibilite != Resultat::NonSatisfait || dossier.etat != EtatDossier::Brouillon {
        return Ok(None);
    }
    if let Some(proposition) = dedoubler(atelier).filter(|_| atelier.porte(acces.compte())) {
        return Ok(Some(proposition));
    }
    let presents = dossier.numeros();
    let mut organismes: Vec<Finess> = vec![dossier.porteur];
    for connu in presents.iter().filter_map(|n| atelier.contexte.registre.get(n)) {
        if !organismes.contains(&connu.organisme) {
            organismes.push(connu.organisme);
        }
    }
    let candidats = lister_candidats(&mut *conn, &organismes, &presents, CANDIDATS_AU_PLUS).await?;
    let retenues: HashMap<Finess, Reponses> = dossiers::load_retenues(&mut *conn, acces)
        .await?
        .into_iter()
        .map(|e| (e.finess, e.reponses))
        .collect();
    let solutions = lister_solutions(&mut *conn).await?;
    let tous: Vec<Finess> = presents.iter().chain(&candidats).copied().collect();
    let choisies: Vec<Uuid> = solution_choisie(dossier.reponses(Etape::Solution))
        .into_iter()
        .collect();
    let contexte = Contexte::charger(conn, dossier, &tous, &choisies, &atelier.en_cours).await?;
    let faits = faits(&contexte, atelier.edition, dossier, atelier.instant);
    let candidat = |finess: &Finess| {
        let grappe = EssmsGrappe {
            finess: *finess,
            reponses: retenues.get(finess).cloned().unwrap_or_default(),
        };
        essms(&contexte, &grappe, faits.solution.as_ref())
    };
    let vivier = Vivier {
        essms: candidats.iter().map(candidat).collect(),
        solutions: solutions.iter().map(SolutionDui::fait).collect(),
    };
    let issue = reparer(atelier.edition, &faits, &vivier);
    let nom = |finess| contexte.registre.get(&finess).map(|e| e.nom.clone());
    let proposition = Proposition::nouvelle(&issue, Vue::AvecDossiers, nom, |remede| {
        let hypothese = hypothese(remede, &solutions, faits.solution.is_some());
        (!hypothese.est_vide()).then(|| Essai::Lien(hypothese.adresse(&chemins::et_si(dossier.id))))
    });
    Ok(proposition.map(|p| Proposition {
        doubles: liens(&atelier.contexte.doubles),
        ..p
    }))
}

/// When only ESSMS that another of one's own dossiers engages stand in the way, other ESSMS are not what is missing.
fn dedoubler(atelier: &Atelier<'_>) -> Option<Proposition> {
    let Atelier {
        dossier,
        edition,
        contexte,
        instant,
        ..
    } = atelier;
    let doubles: Vec<Finess> = contexte.doubles.iter().map(|d| d.finess).collect();
    if doubles.is_empty() {
        return None;
    }
    let liberes: Vec<Essms> = faits(contexte, edition, dossier, *instant)
        .essms
        .into_iter()
        .map(|e| Essms {
            engage_ailleurs: e.engage_ailleurs.map(|oui| oui && !doubles.contains(&e.finess)),
            ..e
        })
        .collect();
    let faits = Faits {
        essms: liberes,
        ..faits(contexte, edition, dossier, *instant)
    };
    (evaluer(edition, &faits).eligibilite != Resultat::NonSatisfait).then(|| Proposition {
        action: Some("retirer de l’un des deux dossiers les ESSMS qui sont dans les deux".to_owned()),
        details: Vec::new(),
        essayer: None,
        notes: vec![
            "Un ESSMS ne s’engage que dans un seul dossier en cours\u{a0}; un organisme peut en avoir plusieurs, sur des \
             périmètres distincts."
                .to_owned(),
        ],
        doubles: liens(&contexte.doubles),
    })
}

/// The changes that can be tried; ESSMS still to be found are not among them. Without a DUI of the project (`visee`), the one that all
/// share is named for each.
fn hypothese(remede: &Remede, solutions: &[SolutionDui], visee: bool) -> Hypothese {
    let mut hypothese = Hypothese {
        retires: remede.retirer.clone(),
        ajoutes: remede.ajouter.clone(),
        ..Hypothese::default()
    };
    let types = remede.types.iter().map(|(v, n)| ("type_projet", v.code(), n));
    let hebergements = remede.hebergements.iter().map(|(v, n)| ("hebergement", v.code(), n));
    let commune = remede.dui.0.as_deref().filter(|_| !visee && remede.solution.is_none());
    let meme = ("meme_solution", commune.map_or(OUI, |_| NON), &remede.aligner);
    let autre = commune.map(|nom| ("autre_solution", nom, &remede.aligner));
    let alignes = std::iter::once(meme).chain(autre);
    for (champ, valeur, concernes) in types.chain(hebergements).chain(alignes) {
        let noms = concernes.iter().map(|n| format!("{n}-{champ}"));
        hypothese
            .reponses
            .extend(noms.map(|nom| (nom, vec![valeur.to_owned()])));
    }
    let solution = remede.solution.and_then(|rang| solutions.get(rang));
    let designes = [
        (SOLUTION, solution.map(|s| s.id.to_string())),
        (SIGNATAIRE, remede.signataire.map(|n| n.to_string())),
    ];
    for (nom, valeur) in designes {
        if let Some(valeur) = valeur {
            hypothese.reponses.insert(nom.to_owned(), vec![valeur]);
        }
    }
    hypothese
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dui_that_all_share_is_named_when_the_project_chose_none() {
        let finess = Finess::parse("750000010").unwrap();
        let remede = Remede {
            aligner: vec![finess],
            dui: (Some("Exemple DUI".to_owned()), None),
            ..Remede::default()
        };
        let reponse = |visee, champ: &str| {
            hypothese(&remede, &[], visee)
                .reponses
                .get(&format!("{finess}-{champ}"))
                .cloned()
        };
        assert_eq!(reponse(true, "meme_solution"), Some(vec![OUI.to_owned()]));
        assert_eq!(reponse(true, "autre_solution"), None);
        assert_eq!(reponse(false, "meme_solution"), Some(vec![NON.to_owned()]));
        assert_eq!(reponse(false, "autre_solution"), Some(vec!["Exemple DUI".to_owned()]));
    }
}
