//! Home: what the programme is, the appel à projets of one's région, three doors.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::cartes::{Carte, Situation};
use crate::domain::territoire::{Region, region, regions};
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::{espace, habiller_publique};
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

const DESCRIPTION: &str = "Former une grappe d’établissements et services sociaux et médico-sociaux, vérifier son éligibilité, \
    estimer la subvention et déposer un dossier ESMS numérique.";

/// The page.
#[derive(Template)]
#[template(path = "public/accueil.html")]
pub struct Accueil {
    habillage: Habillage,
    saisie: Saisie,
    regions: Vec<Choix>,
    action: &'static str,
    /// The région chosen.
    region: Option<&'static str>,
    /// Its appels à projets, or all of them: open or to come.
    cartes: Vec<Carte>,
    /// Those that are over.
    closes: Vec<Carte>,
    portes: Portes,
    connecte: bool,
    demonstration: bool,
}

/// Where the three doors lead.
struct Portes {
    tester: &'static str,
    deposer: &'static str,
    compte: &'static str,
    aide: &'static str,
    contact: &'static str,
    regles: &'static str,
}

/// The query: the région is remembered in the address, nowhere else.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    region: Option<String>,
}

/// Shows the home.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Page<Accueil> {
    let mut saisie = Saisie::vide();
    let choisie = lire(&mut saisie, demande.region.unwrap_or_default().trim());
    let statut = if saisie.en_erreur() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Page(statut, page(&etat, &visiteur, saisie, choisie))
}

/// The région of this code; refused when there is none.
fn lire(saisie: &mut Saisie, code: &str) -> Option<&'static Region> {
    saisie.fixer("region", code);
    let choisie = region(code);
    if choisie.is_none() && !code.is_empty() {
        let motif = format!("«\u{a0}{code}\u{a0}» n’est pas une région\u{a0}: choisissez-la dans la liste");
        saisie.refuser("region", "Ma région", &ErreurChamp::Motif(motif));
    }
    choisie
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, choisie: Option<&'static Region>) -> Accueil {
    let concernees = etat
        .editions
        .iter()
        .filter(|e| choisie.is_none_or(|r| e.regions.contains(&r.code)));
    let cartes = Carte::rangees(concernees, etat.horloge.maintenant());
    let (closes, cartes) = cartes.into_iter().partition(|c| c.situation == Situation::Clos);
    Accueil {
        habillage: habiller_publique(etat, visiteur, "", DESCRIPTION, chemins::ACCUEIL).erreurs(&saisie),
        saisie,
        regions: regions()
            .iter()
            .map(|r| Choix::nouveau(r.code.as_str(), r.nom.as_str()))
            .collect(),
        action: chemins::ACCUEIL,
        region: choisie.map(|r| r.nom.as_str()),
        cartes,
        closes,
        portes: Portes {
            tester: chemins::SIMULATEUR,
            deposer: visiteur.compte().map_or(chemins::CONNEXION, espace),
            compte: chemins::INSCRIPTION,
            aide: chemins::AIDE,
            contact: chemins::CONTACT,
            regles: chemins::REGLES,
        },
        connecte: visiteur.compte().is_some(),
        demonstration: etat.demonstration,
    }
}
