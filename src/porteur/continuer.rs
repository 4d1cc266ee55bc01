//! « Continuer avec un compte »: a grappe sketched in the simulateur becomes a draft, once its author has an account.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::cadre::echeance_de;
use super::nouveau::{Ouverture, confirmer_si_clos, lire_nom, ouvrir_le_dossier};
use crate::domain::compte::{Compte, RoleOg};
use crate::domain::dossier::Etape;
use crate::domain::dossier::champ::Options;
use crate::domain::dossier::esquisse::{ENGAGE, Esquisse};
use crate::domain::dossier::etapes;
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::reprise::Reprise;
use crate::rules::edition::Edition;
use crate::store::solution::lister_solutions;
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::esquisse::{self, LIEN, LIEN_AU_PLUS};
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::questions::OptionsVue;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "porteur/continuer.html")]
pub struct Continuer {
    habillage: Habillage,
    saisie: Saisie,
    qui: Qui,
    lignes: Vec<Ligne>,
    /// That the appel à projets is closed for good; none when it is not.
    clos: Option<String>,
    lien: String,
    csrf: String,
    adresses: Adresses,
}

/// Where the page leads.
struct Adresses {
    ici: &'static str,
    simulateur: String,
    /// The whole address that reopens the simulation, when it is short enough to be kept.
    garder: Option<String>,
    connexion: String,
    inscription: &'static str,
}

/// Who looks at the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Qui {
    /// Nobody known yet.
    Visiteur,
    /// Somebody who may open a dossier.
    Redacteur,
    /// Somebody of an OG who may not.
    Lecteur,
    /// Somebody of no OG.
    Autre,
}

impl Qui {
    fn de(compte: Option<&Compte>) -> Self {
        match compte.map(Compte::role_og) {
            None => Self::Visiteur,
            Some(None) => Self::Autre,
            Some(Some(role)) if role >= RoleOg::Edition => Self::Redacteur,
            Some(Some(_)) => Self::Lecteur,
        }
    }
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// The sketch.
    e: Option<String>,
}

/// What a link says, as far as a dossier is concerned.
struct Lue {
    esquisse: Esquisse,
    edition: Option<Edition>,
    /// Whether a draft may be made of it as it stands.
    entiere: bool,
}

async fn lire(etat: &Etat, lien: &str) -> Result<Lue, Echec> {
    let (mut saisie, entier) = esquisse::saisie_du_lien(lien);
    let mut conn = etat.pool.acquire().await?;
    let solutions = lister_solutions(&mut conn).await?;
    drop(conn);
    let editions: Vec<&str> = etat.editions.iter().map(|e| e.code.as_str()).collect();
    let mut esquisse = esquisse::lire(&mut saisie, &OptionsVue::de_listes(Vec::new(), &solutions), &editions);
    esquisse::compter(&mut saisie, &mut esquisse);
    Ok(Lue {
        edition: etat.edition(&esquisse.edition).cloned(),
        entiere: entier && !saisie.en_erreur() && !esquisse.numeros.is_empty(),
        esquisse,
    })
}

/// Shows what the draft would hold, or how to come by an account.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    let lien = demande.e.unwrap_or_default();
    let lue = lire(&etat, &lien).await?;
    if !lue.entiere {
        // The simulateur says what is wrong with the link, and keeps what could be read.
        return Ok(Redirect::to(&chemins::avec_parametres(chemins::SIMULATEUR, &[(LIEN, &lien)])).into_response());
    }
    let mut saisie = Saisie::vide();
    saisie.fixer("nom", "Grappe simulée");
    Ok(Page(StatusCode::OK, page(&etat, &visiteur, &lue, lien, saisie)).into_response())
}

fn page(etat: &Etat, visiteur: &Visiteur, lue: &Lue, lien: String, saisie: Saisie) -> Continuer {
    let qui = Qui::de(visiteur.compte());
    let ici = chemins::avec_parametres(chemins::SIMULATEUR_CONTINUER, &[(LIEN, &lien)]);
    let simulateur = chemins::avec_parametres(chemins::SIMULATEUR, &[(LIEN, &lien)]);
    let garder = format!("{}{simulateur}", etat.courrier.adresse_publique);
    let maintenant = etat.horloge.maintenant();
    let close = lue
        .edition
        .as_ref()
        .filter(|e| e.prochaine_echeance(&maintenant).is_none());
    let titre = lue.edition.as_ref().map(|e| e.titre.clone()).unwrap_or_default();
    let reponses = lue.esquisse.communs.iter().count() + lue.esquisse.projet.iter().count();
    let propres: usize = lue.esquisse.propres.values().map(|r| r.iter().count()).sum();
    Continuer {
        habillage: habiller(etat, visiteur, "Continuer avec un compte")
            .retour(simulateur.clone(), "Simulation")
            .erreurs(&saisie),
        lignes: vec![
            Ligne::nouvelle("Appel à projets", titre),
            Ligne::nouvelle("ESSMS", lue.esquisse.numeros.len().to_string()),
            Ligne::nouvelle("Réponses", (reponses + propres).to_string()),
        ],
        clos: close.map(|e| echeance_de(e, maintenant)),
        saisie,
        qui,
        csrf: visiteur.jeton_csrf(),
        adresses: Adresses {
            ici: chemins::SIMULATEUR_CONTINUER,
            garder: (garder.len() <= LIEN_AU_PLUS).then_some(garder),
            simulateur,
            connexion: chemins::avec_parametres(chemins::CONNEXION, &[("retour", &ici)]),
            inscription: chemins::INSCRIPTION,
        },
        lien,
    }
}

/// Makes the draft.
///
/// # Errors
/// The database's.
pub async fn creer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let lien = saisie.valeur(LIEN).to_owned();
    let lue = lire(&etat, &lien).await?;
    let Some(edition) = lue.edition.as_ref().filter(|_| lue.entiere) else {
        return Ok(Redirect::to(&chemins::avec_parametres(chemins::SIMULATEUR, &[(LIEN, &lien)])).into_response());
    };
    let maintenant = etat.horloge.maintenant();
    let nom = lire_nom(&mut saisie);
    confirmer_si_clos(edition, &mut saisie, maintenant);
    if saisie.en_erreur() {
        let page = page(&etat, &visiteur, &lue, lien, saisie);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let ouverture = Ouverture {
        reprise: reprise(&lue.esquisse),
        action: "Dossier ouvert, depuis une simulation".to_owned(),
        effets: Vec::new(),
    };
    let (id, _) = ouvrir_le_dossier(&etat, &compte, &nom, edition, &ouverture).await?;
    Ok(Redirect::to(&chemins::grappe(id)).into_response())
}

/// The answers that a dossier asks too.
fn reprise(esquisse: &Esquisse) -> Reprise {
    let mut reprise = Reprise {
        essms: esquisse.essms(),
        ..Reprise::default()
    };
    for essms in &mut reprise.essms {
        essms.reponses.mettre(ENGAGE, Vec::new());
    }
    for etape in [Etape::Projet, Etape::Solution, Etape::Financement] {
        let mut reponses = Reponses::default();
        for (nom, valeurs) in esquisse.projet.iter() {
            let connu = etapes::champ(etape, nom).is_some_and(|(champ, _)| {
                champ.genre != crate::domain::dossier::champ::Genre::Parmi(Options::EssmsDeLaGrappe)
            });
            if connu {
                reponses.mettre(nom, valeurs.to_vec());
            }
        }
        if !reponses.est_vide() {
            reprise.etapes.insert(etape, reponses);
        }
    }
    reprise
}

impl Continuer {
    fn redacteur(&self) -> bool {
        self.qui == Qui::Redacteur
    }

    fn visiteur(&self) -> bool {
        self.qui == Qui::Visiteur
    }

    /// Why somebody who is logged in may not.
    fn empechement(&self) -> &'static str {
        match self.qui {
            Qui::Lecteur => {
                "Votre rôle permet de lire les dossiers, pas d’en ouvrir. Transmettez le lien ci-dessous à une personne de \
                 votre organisme qui le peut."
            }
            Qui::Autre => "Seul un compte d’organisme gestionnaire ouvre un dossier.",
            Qui::Visiteur | Qui::Redacteur => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nomenclature::Liste;

    #[test]
    fn a_draft_takes_what_a_dossier_asks_and_nothing_else() {
        let finess = crate::domain::finess::Finess::depuis_racine("75000001").unwrap();
        let mut esquisse = Esquisse {
            numeros: vec![finess],
            ..Esquisse::default()
        };
        esquisse.repondre(finess, ENGAGE, "oui");
        esquisse.repondre(finess, "sons", "non");
        for (nom, valeur) in [
            ("porteur", finess.as_str()),
            ("soumis_ccp", "non"),
            ("autofinancement", "100"),
        ] {
            esquisse.projet.mettre(nom, vec![valeur.to_owned()]);
        }
        let reprise = reprise(&esquisse);
        assert_eq!(reprise.essms[0].reponses.iter().count(), 1);
        let etapes: Vec<&str> = reprise.etapes.keys().map(|e| e.code()).collect();
        assert_eq!(etapes, [Etape::Projet.code(), Etape::Financement.code()]);
    }
}
