//! Opens a dossier: the appel à projets it answers, a name, and what it takes from an earlier one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cadre::echeance_de;
use super::modele_publie::origine;
use crate::domain::compte::Compte;
use crate::domain::dossier::Dossier;
use crate::domain::dossier::champ::OUI;
use crate::domain::dossier::reprise::{Reprise, reprendre, reprendre_textes};
use crate::domain::nomenclature::Liste as _;
use crate::rules::edition::{Edition, Fenetre};
use crate::store::acces::{self, Refus};
use crate::store::dossiers::{self, Nouveau};
use crate::store::journal::{self, Entree};
use crate::store::modeles::{self, Publie};
use crate::store::solution;
use crate::web::acces::{Connecte, Formulaire};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// A name longer than a line helps nobody.
const NOM_AU_PLUS: usize = 120;
/// References are drawn at random; two draws out of 33 million rarely meet, ten never do.
const TIRAGES: usize = 10;

/// The box that says that one knows the appel à projets to be closed.
pub const CONFIRMATION: &str = "clos";
/// What it says.
pub const CONFIRMER: &str =
    "J’ouvre quand même ce dossier, pour préparer ou comparer\u{a0}: je sais qu’il ne pourra pas être déposé";

/// The earlier dossier, or the model, to start from.
const MODELE: &str = "modele";
/// The box that takes its ESSMS too.
const AVEC_ESSMS: &str = "essms";

/// The page.
#[derive(Template)]
#[template(path = "porteur/nouveau.html")]
pub struct NouveauDossier {
    habillage: Habillage,
    saisie: Saisie,
    /// The edition chosen is closed for good: that it is known has to be said.
    close: bool,
    editions: Vec<Choix>,
    /// What one may start from: earlier dossiers of the OG, models that an ARS offers.
    departs: Vec<Choix>,
    /// Whether there is an earlier dossier, whose ESSMS may come too.
    avec_essms: bool,
    /// The models, to be read.
    modeles: Vec<(Lien, String)>,
    action: &'static str,
    retour: &'static str,
}

/// What a dossier may start from.
enum Source {
    Dossier(Box<Dossier>),
    Modele(Publie),
}

/// What an account may start from: the earlier dossiers of its OG, the models that an ARS offers.
struct Departs {
    anciens: Vec<Choix>,
    modeles: Vec<Publie>,
}

async fn departs(etat: &Etat, compte: &Compte) -> Result<Departs, Echec> {
    let mut tx = acces::commencer(&etat.pool, &compte.perimetre()).await?;
    let resumes = dossiers::list(&mut tx, compte).await?;
    let modeles = modeles::list_publies(&mut tx).await?;
    tx.commit().await?;
    let choix = |r: dossiers::Resume| {
        let edition = etat.edition(&r.edition).map_or(r.edition.clone(), |e| e.titre.clone());
        let libelle = format!(
            "{} — {}, {edition}, {} ({}\u{a0}ESSMS)",
            r.nom,
            r.reference,
            r.etat.libelle(),
            r.essms
        );
        Choix::nouveau(r.id.to_string(), libelle)
    };
    // Those of others, in which the OG takes part, are read and not copied.
    let a_moi = |r: &dossiers::Resume| compte.og().is_some_and(|og| og.as_str() == r.porteur_numero);
    Ok(Departs {
        anciens: resumes.into_iter().filter(a_moi).map(choix).collect(),
        modeles,
    })
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, departs: Departs) -> NouveauDossier {
    let maintenant = etat.horloge.maintenant();
    let aide = |e: &Edition| format!("{}. {}.", echeance_de(e, maintenant), fenetres(e));
    let editions = etat
        .editions
        .iter()
        .rev()
        .map(|e| Choix::nouveau(e.code.clone(), e.titre.clone()).aide(aide(e)))
        .collect();
    let modele = |m: &Publie| {
        let libelle = format!("Modèle d’une ARS\u{a0}: {} — {}", m.titre, origine(etat, m));
        Choix::nouveau(m.id.to_string(), libelle)
    };
    let a_lire = |m: &Publie| {
        let lien = Lien::nouveau(m.titre.clone(), chemins::modele_publie(m.id));
        (lien, origine(etat, m))
    };
    NouveauDossier {
        habillage: habiller(etat, visiteur, "Ouvrir un dossier")
            .retour(chemins::PORTEUR, "Tableau de bord")
            .erreurs(&saisie),
        close: saisie.erreur(CONFIRMATION).is_some() || saisie.contient(CONFIRMATION, OUI),
        saisie,
        editions,
        modeles: departs.modeles.iter().map(a_lire).collect(),
        avec_essms: !departs.anciens.is_empty(),
        departs: departs
            .anciens
            .into_iter()
            .chain(departs.modeles.iter().map(modele))
            .collect(),
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

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// The earlier dossier, or the model, to start from.
    pub modele: Option<Uuid>,
}

/// Shows the form.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<NouveauDossier>, Echec> {
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
    if let Some(modele) = demande.modele {
        saisie.fixer(MODELE, modele.to_string());
    }
    let departs = departs(&etat, &compte).await?;
    Ok(Page(StatusCode::OK, page(&etat, &visiteur, saisie, departs)))
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
    let maintenant = etat.horloge.maintenant();
    let nom = lire_nom(&mut saisie);
    let edition = lire_edition(&etat, &mut saisie, maintenant);
    let source = lire_modele(&etat, &compte, &mut saisie).await?;
    let (Some(edition), false) = (edition, saisie.en_erreur()) else {
        let departs = departs(&etat, &compte).await?;
        let page = page(&etat, &visiteur, saisie, departs);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let ouverture = match &source {
        Some(source) => {
            let avec_essms = saisie.contient(AVEC_ESSMS, OUI);
            Ouverture::reprise_de(&etat, source, edition, avec_essms).await?
        }
        None => Ouverture::default(),
    };
    let (dossier, entree) = ouvrir_le_dossier(&etat, &compte, &nom, edition, &ouverture).await?;
    let suite = match source {
        Some(_) => chemins::apres(&chemins::dossier(dossier), entree),
        None => chemins::grappe(dossier),
    };
    Ok(Redirect::to(&suite).into_response())
}

/// What a new dossier begins with, and what the journal says of it.
pub struct Ouverture {
    /// Answers and ESSMS.
    pub reprise: Reprise,
    /// What was done.
    pub action: String,
    /// What it came to.
    pub effets: Vec<String>,
}

impl Default for Ouverture {
    fn default() -> Self {
        Self {
            reprise: Reprise::default(),
            action: "Dossier ouvert".to_owned(),
            effets: Vec::new(),
        }
    }
}

impl Ouverture {
    /// With what can be taken of an earlier dossier, or of a model.
    async fn reprise_de(etat: &Etat, source: &Source, edition: &Edition, avec_essms: bool) -> Result<Self, Echec> {
        Ok(match source {
            Source::Dossier(source) => {
                let mut conn = etat.pool.acquire().await?;
                let solutions = solution::lister_solutions(&mut conn).await?;
                let reprise = reprendre(source, avec_essms, |id| {
                    solutions.iter().any(|s| s.id.to_string() == id)
                });
                Self {
                    action: format!("Dossier ouvert, repris de {}", source.reference),
                    effets: reprise.dire(source, source.edition == edition.code),
                    reprise,
                }
            }
            Source::Modele(modele) => {
                let reprise = reprendre_textes(&modele.textes);
                Self {
                    action: format!("Dossier ouvert, à partir du modèle «\u{a0}{}\u{a0}»", modele.titre),
                    effets: reprise.dire_modele(modele.edition == edition.code),
                    reprise,
                }
            }
        })
    }
}

/// Opens a dossier for the account's OG: its number, and that of the journal entry.
///
/// # Errors
/// An account of no OG; the database's.
pub async fn ouvrir_le_dossier(
    etat: &Etat,
    compte: &Compte,
    nom: &str,
    edition: &Edition,
    ouverture: &Ouverture,
) -> Result<(Uuid, Uuid), Echec> {
    let maintenant = etat.horloge.maintenant();
    let perimetre = compte.perimetre();
    let porteur = perimetre.og.ok_or(Erreur::Interdit)?;
    let id = etat.horloge.nouvel_id();
    for _ in 0..TIRAGES {
        let reference = reference(&edition.code)?;
        let nouveau = Nouveau {
            id,
            reference: &reference,
            nom,
            edition: &edition.code,
            edition_version: i32::try_from(edition.version).unwrap_or(i32::MAX),
            region: edition.regions.first().map_or("", String::as_str),
            porteur,
            fictif: etat.demonstration,
        };
        let mut tx = acces::commencer(&etat.pool, &perimetre).await?;
        match dossiers::create(&mut tx, &nouveau, maintenant).await {
            Ok(()) => {
                let entree = remplir(&mut tx, etat, compte, id, ouverture).await?;
                tx.commit().await?;
                return Ok((id, entree));
            }
            Err(sqlx::Error::Database(e)) if e.constraint() == Some("dossier_reference_key") => {}
            Err(autre) => return Err(autre.into()),
        }
    }
    Err(Echec::interne("no free reference"))
}

/// Fills a new dossier with what it begins with, and journals.
async fn remplir(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    compte: &Compte,
    dossier: Uuid,
    ouverture: &Ouverture,
) -> Result<Uuid, Echec> {
    let maintenant = etat.horloge.maintenant();
    let action = match dossiers::fill(conn, dossier, compte, &ouverture.reprise, maintenant).await? {
        0 => ouverture.action.clone(),
        _ => format!("{}, complété par les réponses de Mes ESSMS", ouverture.action),
    };
    let entree = Entree {
        id: etat.horloge.nouvel_id(),
        compte: compte.id,
        action: &action,
        etape: None,
        champs: &[],
        effets: &ouverture.effets,
    };
    journal::create(conn, dossier, &entree, maintenant).await?;
    Ok(entree.id)
}

/// The name of a dossier, as typed; refused in the form when it is none.
pub fn lire_nom(saisie: &mut Saisie) -> String {
    let nom = saisie.valeur("nom").trim().to_owned();
    let erreur = if nom.is_empty() {
        Some(ErreurChamp::Requis)
    } else if nom.chars().count() > NOM_AU_PLUS {
        Some(ErreurChamp::TropLong { max: NOM_AU_PLUS })
    } else if nom.chars().any(char::is_control) {
        Some(ErreurChamp::Motif("retirez les caractères de contrôle".into()))
    } else {
        None
    };
    if let Some(erreur) = erreur {
        saisie.refuser("nom", "Nom du dossier", &erreur);
    }
    nom
}

fn lire_edition<'a>(etat: &'a Etat, saisie: &mut Saisie, maintenant: DateTime<Utc>) -> Option<&'a Edition> {
    let edition = etat.edition(saisie.valeur("edition"));
    if edition.is_none() {
        saisie.refuser("edition", "Appel à projets", &ErreurChamp::ChoixRequis);
    }
    if let Some(edition) = edition {
        confirmer_si_clos(edition, saisie, maintenant);
    }
    edition
}

/// Refuses a dossier of an appel à projets that is closed for good, unless one says that one knows it.
pub fn confirmer_si_clos(edition: &Edition, saisie: &mut Saisie, maintenant: DateTime<Utc>) {
    if edition.prochaine_echeance(&maintenant).is_none() && !saisie.contient(CONFIRMATION, OUI) {
        let motif = "cet appel à projets est clos, le dossier ne pourrait pas être déposé\u{a0}; \
                     choisissez-en un autre, ou cochez la confirmation"
            .to_owned();
        saisie.refuser(CONFIRMATION, "", &ErreurChamp::Motif(motif));
    }
}

/// The earlier dossier chosen, of the account's own OG, or the published model.
async fn lire_modele(etat: &Etat, compte: &Compte, saisie: &mut Saisie) -> Result<Option<Source>, Echec> {
    let choisi = saisie.valeur(MODELE).to_owned();
    if choisi.is_empty() {
        return Ok(None);
    }
    let source = match Uuid::parse_str(&choisi) {
        Ok(id) => source(etat, compte, id).await?,
        Err(_) => None,
    };
    if source.is_none() {
        saisie.refuser(MODELE, "Commencer avec", &ErreurChamp::ChoixRequis);
    }
    Ok(source)
}

async fn source(etat: &Etat, compte: &Compte, id: Uuid) -> Result<Option<Source>, Echec> {
    match acces::porte(&etat.pool, compte, id).await {
        Ok(porte) => {
            let mut tx = porte.commencer(&etat.pool).await?;
            let dossier = dossiers::load(&mut tx, &porte).await?;
            tx.commit().await?;
            Ok(Some(Source::Dossier(Box::new(dossier))))
        }
        Err(Refus::Absent | Refus::Place) => {
            let mut tx = acces::commencer(&etat.pool, &compte.perimetre()).await?;
            let publies = modeles::list_publies(&mut tx).await?;
            tx.commit().await?;
            Ok(publies.into_iter().find(|m| m.id == id).map(Source::Modele))
        }
        Err(autre) => Err(autre.into()),
    }
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
