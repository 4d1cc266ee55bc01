//! A dossier takes over what Mes ESSMS says where the two differ, and gives it back.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::atelier::Atelier;
use super::essms::{changements, ecrire};
use crate::domain::dossier::EssmsGrappe;
use crate::domain::dossier::faits::{ecarts, fait};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::tableau_essms::lire_cellule;
use crate::domain::finess::Finess;
use crate::store::acces::{FaitsModifiables, Lecture};
use crate::store::journal::{self, ChampChange};
use crate::store::{dossiers, mes_essms};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;

/// Takes over the answers of Mes ESSMS for the ESSMS asked, or for all; or undoes such a save, whose number in
/// the journal the form gives.
///
/// # Errors
/// The database's.
pub async fn reprendre(
    State(etat): State<Etat>,
    acces: FaitsModifiables,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, dossier).await?;
    let retour = chemins::essms(acces.dossier());
    let (lus, verbe, suite) = if let Ok(id) = Uuid::parse_str(saisie.valeur("annuler")) {
        let champs = journal::load_champs(&mut tx, &acces, id).await?;
        let siens = |c: &ChampChange| {
            let numero = c.champ.split_once('-').and_then(|(n, _)| Finess::parse(n).ok());
            numero.is_some_and(|n| atelier.repond_pour(acces.compte(), n))
        };
        let champs: Vec<ChampChange> = champs.into_iter().filter(siens).collect();
        (retablir(&atelier.dossier.essms, &champs), "rétablies", "")
    } else {
        let numeros = atelier.dossier.numeros();
        let og = acces.compte().og().unwrap_or(atelier.dossier.porteur);
        let gardees = mes_essms::load_reponses(&mut tx, og, &numeros).await?;
        let choisi = |n: Finess| {
            atelier.repond_pour(acces.compte(), n)
                && (saisie.valeur("tous") == "oui" || saisie.contient("finess", n.as_str()))
        };
        let lus = reprises(&atelier.dossier.essms, &gardees, choisi);
        (lus, "reprises de Mes ESSMS", "1")
    };
    let changes = changements(&atelier, &lus);
    if changes.is_empty() {
        return Ok(Redirect::to(&chemins::inchange(&retour)).into_response());
    }
    let id = ecrire(&mut tx, &etat, &acces, atelier, lus, changes, verbe).await?;
    tx.commit().await?;
    let parametres = [("enregistrement", id.to_string()), ("repris", suite.to_owned())];
    let parametres = parametres.each_ref().map(|(nom, valeur)| (*nom, valeur.as_str()));
    Ok(Redirect::to(&chemins::avec_parametres(&retour, &parametres)).into_response())
}

fn reprises(
    essms: &[EssmsGrappe],
    gardees: &HashMap<Finess, Reponses>,
    choisi: impl Fn(Finess) -> bool,
) -> Vec<EssmsGrappe> {
    let reprise = |e: &EssmsGrappe| {
        let mut reprise = e.clone();
        if let Some(gardees) = gardees.get(&e.finess).filter(|_| choisi(e.finess)) {
            for nom in ecarts(gardees, &e.reponses) {
                reprise.reponses.mettre(nom, gardees.valeurs(nom).to_vec());
            }
        }
        reprise
    };
    essms.iter().map(reprise).collect()
}

/// What the answers said before this save, unless they changed again since.
fn retablir(essms: &[EssmsGrappe], champs: &[ChampChange]) -> Vec<EssmsGrappe> {
    let mut retablis = essms.to_vec();
    for change in champs {
        let Some((finess, nom)) = change.champ.split_once('-') else {
            continue;
        };
        let Some(champ) = fait(nom) else { continue };
        let (Ok(avant), Ok(apres)) = (lire_cellule(champ, &change.avant), lire_cellule(champ, &change.apres)) else {
            continue;
        };
        let cible = retablis.iter_mut().find(|e| e.finess.as_str() == finess);
        if let Some(e) = cible.filter(|e| e.reponses.valeurs(nom) == apres) {
            e.reponses.mettre(nom, avant);
        }
    }
    retablis
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essms(paires: &[(&str, &str)]) -> EssmsGrappe {
        let mut reponses = Reponses::default();
        for (nom, valeur) in paires {
            reponses.mettre(nom, vec![(*valeur).to_owned()]);
        }
        EssmsGrappe {
            finess: Finess::parse("010000024").unwrap(),
            reponses,
        }
    }

    #[test]
    fn only_what_differs_and_was_chosen_is_taken_over() {
        let dossier = [essms(&[
            ("sons", "oui"),
            ("type_projet", "acquisition"),
            ("hebergement", "saas"),
        ])];
        let gardees = HashMap::from([(
            dossier[0].finess,
            essms(&[("sons", "non"), ("ror_complet", "oui")]).reponses,
        )]);
        assert_eq!(reprises(&dossier, &gardees, |_| false)[0].reponses, dossier[0].reponses);
        let prises = reprises(&dossier, &gardees, |_| true);
        let attendues = essms(&[
            ("sons", "non"),
            ("ror_complet", "oui"),
            ("type_projet", "acquisition"),
            ("hebergement", "saas"),
        ]);
        assert_eq!(prises[0].reponses, attendues.reponses);
    }

    #[test]
    fn undoing_leaves_what_changed_since() {
        let change = |nom: &str, avant: &str, apres: &str| ChampChange {
            champ: format!("010000024-{nom}"),
            libelle: String::new(),
            avant: avant.to_owned(),
            apres: apres.to_owned(),
        };
        let champs = [
            change("sons", "Non", "Oui"),
            change("hebergement", "", "SaaS"),
            change("ror_complet", "Non", "Oui"),
        ];
        let maintenant = [essms(&[
            ("sons", "oui"),
            ("hebergement", "saas"),
            ("ror_complet", "non"),
        ])];
        let attendues = essms(&[("sons", "non"), ("ror_complet", "non")]);
        assert_eq!(retablir(&maintenant, &champs)[0].reponses, attendues.reponses);
    }
}
