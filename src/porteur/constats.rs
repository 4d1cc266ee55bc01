//! The whole trace: every rule, satisfied or not, and the money line by line. Printable.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::vues::cartes;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Resultat};
use crate::rules::evaluation::{Achat, Financement};
use crate::store::acces::{DossierLisible, Lecture};
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "porteur/constats.html")]
pub struct Constats {
    habillage: Habillage,
    cadre: Cadre,
    groupes: Vec<(&'static str, Vec<VueConstat>)>,
    sans_objet: Vec<String>,
    achat: Achat,
    financement: Financement,
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(suite): Parametres<Suite>,
) -> Result<Page<Constats>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    tx.commit().await?;
    let id = acces.dossier();
    let page = Constats {
        habillage: habiller(&etat, &visiteur, "Verdicts et financement")
            .retour(chemins::dossier(id), "Étapes du dossier"),
        cadre: Cadre::nouveau(
            &atelier,
            acces.compte(),
            &chemins::constats(id),
            bilan,
            visiteur.jeton_csrf(),
        ),
        groupes: groupes(&atelier),
        sans_objet: sans_objet(&atelier.evaluation.constats),
        achat: atelier.evaluation.achat.clone(),
        financement: atelier.evaluation.financement.clone(),
    };
    Ok(Page(StatusCode::OK, page))
}

fn groupes(atelier: &Atelier<'_>) -> Vec<(&'static str, Vec<VueConstat>)> {
    [
        ("Ce qui ne va pas", Resultat::NonSatisfait),
        ("Ce qui reste à compléter", Resultat::Inconnu),
        ("Ce que l’ARS appréciera", Resultat::AppreciationArs),
        ("Ce qui est satisfait", Resultat::Satisfait),
    ]
    .into_iter()
    .map(|(titre, resultat)| {
        let constats: Vec<&Constat> = atelier
            .evaluation
            .constats
            .iter()
            .filter(|c| c.resultat == resultat)
            .collect();
        (titre, cartes(atelier, &constats, None))
    })
    .filter(|(_, constats)| !constats.is_empty())
    .collect()
}

/// The rules that do not apply to the project, with why: listed, so that nothing is hidden.
pub fn sans_objet(constats: &[Constat]) -> Vec<String> {
    constats
        .iter()
        .filter(|c| c.resultat == Resultat::SansObjet)
        .map(|c| format!("{}\u{a0}: {}", c.code, c.message))
        .collect()
}

impl Constats {
    /// Wording of the purchase procedure.
    fn procedure(&self) -> &'static str {
        self.achat.procedure.libelle()
    }
}
