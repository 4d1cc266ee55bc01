//! Opens a dossier: the appel à projets it answers, and a name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::cadre::echeance_de;
use crate::domain::dossier::champ::OUI;
use crate::rules::edition::{Edition, Fenetre};
use crate::store::acces;
use crate::store::dossiers::{self, Nouveau};
use crate::store::journal::{self, Entree};
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// A name longer than a line helps nobody.
const NOM_AU_PLUS: usize = 120;
/// References are drawn at random; two draws out of 33 million rarely meet, ten never do.
const TIRAGES: usize = 10;

/// The box that says that one knows the appel à projets to be closed.
const CONFIRMATION: &str = "clos";

/// The page.
#[derive(Template)]
#[template(path = "porteur/nouveau.html")]
pub struct NouveauDossier {
    habillage: Habillage,
    saisie: Saisie,
    /// The edition chosen is closed for good: that it is known has to be said.
    close: bool,
    editions: Vec<Choix>,
    action: &'static str,
    retour: &'static str,
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> NouveauDossier {
    let maintenant = etat.horloge.maintenant();
    let aide = |e: &Edition| format!("{}. {}.", echeance_de(e, maintenant), fenetres(e));
    let editions = etat
        .editions
        .iter()
        .rev()
        .map(|e| Choix::nouveau(e.code.clone(), e.titre.clone()).aide(aide(e)))
        .collect();
    NouveauDossier {
        habillage: habiller(etat, visiteur, "Ouvrir un dossier")
            .retour(chemins::PORTEUR, "Tableau de bord")
            .erreurs(&saisie),
        close: saisie.erreur(CONFIRMATION).is_some() || saisie.contient(CONFIRMATION, OUI),
        saisie,
        editions,
        action: chemins::NOUVEAU,
        retour: chemins::PORTEUR,
    }
}

/// « Fenêtres de dépôt : du 01/03/2024 au 31/03/2024, du… »
fn fenetres(edition: &Edition) -> String {
    let jour = |d: chrono::NaiveDate| d.format("%d/%m/%Y").to_string();
    let fenetre = |f: &Fenetre| format!("du {} au {}", jour(f.ouverture), jour(f.fermeture));
    let toutes: Vec<String> = edition.fenetres.iter().map(fenetre).collect();
    let titre = if toutes.len() > 1 {
        "Fenêtres de dépôt"
    } else {
        "Fenêtre de dépôt"
    };
    format!("{titre}\u{a0}: {}", toutes.join(", "))
}

/// Shows the form.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<NouveauDossier> {
    let maintenant = etat.horloge.maintenant();
    let mut saisie = Saisie::vide();
    if let Some(ouverte) = etat
        .editions
        .iter()
        .rev()
        .find(|e| e.fenetre_ouverte(&maintenant).is_some())
    {
        saisie.fixer("edition", &ouverte.code);
    }
    Page(StatusCode::OK, page(&etat, &visiteur, saisie))
}

/// Opens the dossier.
///
/// # Errors
/// The database's.
pub async fn creer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let nom = saisie.valeur("nom").trim().to_owned();
    if nom.is_empty() {
        saisie.refuser("nom", "Nom du dossier", &ErreurChamp::Requis);
    } else if nom.chars().count() > NOM_AU_PLUS {
        saisie.refuser("nom", "Nom du dossier", &ErreurChamp::TropLong { max: NOM_AU_PLUS });
    } else if nom.chars().any(char::is_control) {
        saisie.refuser(
            "nom",
            "Nom du dossier",
            &ErreurChamp::Motif("retirez les caractères de contrôle".into()),
        );
    }
    let edition = etat.edition(saisie.valeur("edition"));
    if edition.is_none() {
        saisie.refuser("edition", "Appel à projets", &ErreurChamp::ChoixRequis);
    }
    let maintenant = etat.horloge.maintenant();
    let close = edition.is_some_and(|e| e.prochaine_echeance(&maintenant).is_none());
    if close && !saisie.contient(CONFIRMATION, OUI) {
        let motif = "cet appel à projets est clos, le dossier ne pourrait pas être déposé\u{a0}; \
                     choisissez-en un autre, ou cochez la confirmation"
            .to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
    }
    let perimetre = compte.perimetre();
    let (Some(edition), Some(porteur), false) = (edition, perimetre.og, saisie.en_erreur()) else {
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page(&etat, &visiteur, saisie)).into_response());
    };
    let id = etat.horloge.nouvel_id();
    for _ in 0..TIRAGES {
        let reference = reference(&edition.code)?;
        let nouveau = Nouveau {
            id,
            reference: &reference,
            nom: &nom,
            edition: &edition.code,
            edition_version: i32::try_from(edition.version).unwrap_or(i32::MAX),
            region: edition.regions.first().map_or("", String::as_str),
            porteur,
            fictif: etat.demonstration,
        };
        let mut tx = acces::commencer(&etat.pool, &perimetre).await?;
        match dossiers::create(&mut tx, &nouveau, maintenant).await {
            Ok(()) => {
                let entree = Entree {
                    id: etat.horloge.nouvel_id(),
                    compte: compte.id,
                    action: "Dossier ouvert",
                    etape: None,
                    champs: &[],
                    effets: &[],
                };
                journal::create(&mut tx, id, &entree, maintenant).await?;
                tx.commit().await?;
                return Ok(Redirect::to(&chemins::grappe(id)).into_response());
            }
            Err(sqlx::Error::Database(e)) if e.constraint() == Some("dossier_reference_key") => {}
            Err(autre) => return Err(autre.into()),
        }
    }
    Err(Echec::interne("no free reference"))
}

/// `IDF2024-7QX2M`: the edition, then five characters that cannot be mistaken for one another.
fn reference(edition: &str) -> Result<String, Echec> {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut octets = [0u8; 5];
    getrandom::fill(&mut octets).map_err(|e| Echec::interne(format!("no randomness: {e}")))?;
    let tirage: String = octets
        .iter()
        .map(|o| char::from(ALPHABET[usize::from(o & 31)]))
        .collect();
    let prefixe: String = edition.split('-').take(2).collect::<String>().to_uppercase();
    Ok(format!("{prefixe}-{tirage}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_edition() {
        let reference = reference("idf-2021-t2").unwrap();
        assert!(reference.starts_with("IDF2021-"), "{reference}");
        assert_eq!(reference.len(), "IDF2021-".len() + 5);
    }
}
