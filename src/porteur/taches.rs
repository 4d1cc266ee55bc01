//! The dossier as a task list: ten steps, in any order, each with its state.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::collegues;
use super::vues::{bloquants, cartes};
use crate::domain::compte::RoleOg;
use crate::domain::dossier::Etape;
use crate::domain::modele::EtatModele;
use crate::domain::nomenclature::Liste;
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::evaluation::ACCORDS;
use crate::store::{affectations, commentaires, modeles};
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{EtatEtape, Tache};

/// The page.
#[derive(Template)]
#[template(path = "porteur/taches.html")]
pub struct Taches {
    habillage: Habillage,
    cadre: Cadre,
    etapes: Vec<Tache>,
    faites: usize,
    blocages: Vec<VueConstat>,
    abandon: String,
    /// Where a new dossier starts from this one, for who may.
    modele: Option<String>,
    /// The model that the ARS draws from it.
    modele_ars: Option<Lien>,
    /// Where an abandoned draft is taken up again, for who may.
    reprise: Option<String>,
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
) -> Result<Page<Taches>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let ouverts = commentaires::count(&mut tx, &acces).await?;
    let charges = affectations::list(&mut tx, &acces).await?;
    let modele_ars = modeles::load_dernier(&mut tx, &acces).await?;
    tx.commit().await?;
    let ici = chemins::dossier(acces.dossier());
    let mut etapes: Vec<Tache> = Etape::TOUTES
        .iter()
        .map(|etape| {
            let charge = charges.get(etape).map(|c| c.nom.as_str());
            tache(
                &atelier,
                *etape,
                &collegues::phrases(charge, ouverts.get(etape).copied().unwrap_or_default()),
            )
        })
        .collect();
    if let Some(accords) = tache_des_accords(&atelier) {
        // The deposit stays last.
        etapes.insert(etapes.len() - 1, accords);
    }
    let blocages = bloquants(&atelier.evaluation);
    let redacteur =
        atelier.porte(acces.compte()) && acces.compte().role_og().is_some_and(|role| role >= RoleOg::Edition);
    let page = Taches {
        habillage: habiller(&etat, &visiteur, atelier.dossier.nom.clone()).retour(chemins::PORTEUR, "Tableau de bord"),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &ici, bilan, visiteur.jeton_csrf()),
        faites: etapes.iter().filter(|t| t.etat == EtatEtape::Complet).count(),
        etapes,
        blocages: cartes(&atelier, &blocages, None),
        abandon: chemins::abandon(acces.dossier()),
        modele: redacteur.then(|| {
            let id = acces.dossier().to_string();
            chemins::avec_parametres(chemins::NOUVEAU, &[("modele", &id)])
        }),
        modele_ars: modele_ars.map(|m| {
            let libelle = match m.etat {
                EtatModele::Propose => {
                    "L’ARS vous propose de publier un modèle tiré de ce dossier\u{a0}: lire et répondre"
                }
                EtatModele::Accepte => "Un modèle tiré de ce dossier est publié",
                EtatModele::Refuse | EtatModele::Retire => "Modèle tiré de ce dossier, non publié",
            };
            Lien::nouveau(libelle, chemins::modele(m.dossier))
        }),
        reprise: redacteur.then(|| chemins::reprise(acces.dossier())),
    };
    Ok(Page(StatusCode::OK, page))
}

/// What other OGs have to agree to, when the grappe holds ESSMS of theirs.
fn tache_des_accords(atelier: &Atelier<'_>) -> Option<Tache> {
    let porteur = atelier.dossier.porteur;
    let des_autres = atelier.contexte.registre.values().filter(|c| c.organisme != porteur);
    let (attendus, total) = (
        atelier.manques.iter().filter(|m| m.etape == ACCORDS).count(),
        des_autres.count(),
    );
    (total > 0).then(|| Tache {
        libelle: "Accords des autres organismes".to_owned(),
        href: Some(chemins::accords(atelier.dossier.id)),
        aide: match attendus {
            0 => String::new(),
            1 => "1\u{a0}ESSMS attend l’accord de son organisme".to_owned(),
            n => format!("{n}\u{a0}ESSMS attendent l’accord de leur organisme"),
        },
        etat: match attendus {
            0 => EtatEtape::Complet,
            n if n == total => EtatEtape::AFaire,
            _ => EtatEtape::EnCours,
        },
    })
}

/// A step of the list; `collegues`: who takes care of it, what is said of it.
fn tache(atelier: &Atelier<'_>, etape: Etape, collegues: &[String]) -> Tache {
    let manques = atelier.manques_de(etape).count();
    let a_relire = atelier.dossier.a_relire(etape);
    let aide = match (etape, manques) {
        _ if a_relire => "À relire\u{a0}: le porteur a changé".to_owned(),
        (Etape::Recapitulatif, _) | (_, 0) => String::new(),
        (Etape::Essms, n) if n > 1 => format!(
            "{n}\u{a0}réponses à compléter pour {}\u{a0}ESSMS",
            atelier.dossier.essms.len()
        ),
        (_, 1) => "1\u{a0}réponse à compléter".to_owned(),
        (_, n) => format!("{n}\u{a0}réponses à compléter"),
    };
    let phrases: Vec<&str> = std::iter::once(aide.as_str())
        .chain(collegues.iter().map(String::as_str))
        .filter(|phrase| !phrase.is_empty())
        .collect();
    Tache {
        libelle: etape.libelle().to_owned(),
        href: Some(chemins::etape(atelier.dossier.id, etape)),
        aide: phrases.join(" · "),
        etat: match atelier.etat_de(etape) {
            EtatEtape::Complet if a_relire => EtatEtape::EnCours,
            etat => etat,
        },
    }
}
