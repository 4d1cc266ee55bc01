//! The same answers for several of Mes ESSMS: only the questions answered are touched, and what would be
//! overwritten is shown before.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::faits::{changements, enregistrer as ecrire, libelle, questions};
use super::mes_essms::Filtre;
use super::vues::{ChampVue, refuser};
use crate::domain::dossier::faits::MES_ESSMS;
use crate::domain::dossier::lecture::lire_prefixe;
use crate::domain::dossier::reponses::Reponses;
use crate::domain::finess::Finess;
use crate::domain::texte::hexadecimal;
use crate::store::acces::EspaceOg;
use crate::store::journal::ChampChange;
use crate::store::mes_essms::{self, MonEssms};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// Prefix of the answers: they are nobody's own.
const LOT: &str = "lot";

/// The page.
#[derive(Template)]
#[template(path = "porteur/plusieurs.html")]
pub struct Plusieurs {
    habillage: Habillage,
    action: &'static str,
    essms: Vec<Choisi>,
    saisie: Saisie,
    questions: Vec<ChampVue>,
    ecrasees: Vec<Ecrasee>,
    /// What was shown of the answers that would be replaced: the confirmation is about it.
    empreinte: String,
}

/// An ESSMS answered for.
struct Choisi {
    finess: String,
    nom: String,
}

/// An answer that would be replaced.
struct Ecrasee {
    essms: String,
    question: String,
    avant: String,
    apres: String,
}

async fn page(
    conn: &mut PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    espace: &EspaceOg,
    choisis: &[MonEssms],
    saisie: Saisie,
) -> Result<Plusieurs, Echec> {
    let referent = mes_essms::load_referent(conn, espace).await?;
    Ok(Plusieurs {
        habillage: habiller(etat, visiteur, "Répondre pour plusieurs ESSMS")
            .retour(chemins::MES_ESSMS, "Mes ESSMS")
            .erreurs(&saisie),
        action: chemins::MES_ESSMS_PLUSIEURS,
        essms: choisis
            .iter()
            .map(|e| Choisi {
                finess: e.finess.to_string(),
                nom: format!("{}, {}", e.nom, e.commune),
            })
            .collect(),
        saisie,
        questions: questions(&format!("{LOT}-"), referent),
        ecrasees: Vec::new(),
        empreinte: String::new(),
    })
}

/// The ESSMS of the OG that may be answered for, among these.
async fn choisis(conn: &mut PgConnection, espace: &EspaceOg, saisie: &Saisie) -> Result<Vec<MonEssms>, Echec> {
    let numeros: Vec<Finess> = saisie
        .valeurs("finess")
        .iter()
        .filter_map(|n| Finess::parse(n).ok())
        .collect();
    let filtre = (saisie.valeur("quoi") == "tous").then(|| Filtre {
        etat: saisie.valeur("etat").to_owned(),
        q: saisie.valeur("q").to_owned(),
    });
    let numeros = filtre.is_none().then_some(numeros.as_slice());
    let mut essms = mes_essms::list(conn, espace, numeros).await?;
    essms.retain(|e| e.actif() && filtre.as_ref().is_none_or(|f| f.retient(e)));
    Ok(essms)
}

fn refuser_sans_essms(saisie: &mut Saisie) {
    let motif = "cochez au moins un ESSMS ouvert de votre organisme dans la page Mes ESSMS".to_owned();
    saisie.refuser("essms-choisis", "ESSMS", &ErreurChamp::Motif(motif));
}

/// Shows the questions, for the ESSMS ticked or for all those of the list.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    RawQuery(requete): RawQuery,
) -> Result<Page<Plusieurs>, Echec> {
    let requete = requete.unwrap_or_default();
    let demande = Saisie::depuis_paires(form_urlencoded::parse(requete.as_bytes()).into_owned());
    let mut tx = espace.commencer(&etat.pool).await?;
    let choisis = choisis(&mut tx, &espace, &demande).await?;
    let mut saisie = Saisie::vide();
    if choisis.is_empty() {
        refuser_sans_essms(&mut saisie);
    }
    let page = page(&mut tx, &etat, &visiteur, &espace, &choisis, saisie).await?;
    tx.commit().await?;
    Ok(Page(StatusCode::OK, page))
}

/// Saves the answers given for every ESSMS chosen.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    mes_essms::lock(&mut tx, *espace.og()).await?;
    let choisis = choisis(&mut tx, &espace, &saisie).await?;
    let mut fautes = Vec::new();
    let lues = lire_prefixe(MES_ESSMS, LOT, &saisie, &|_, _| false, &mut fautes);
    refuser(&mut saisie, &fautes, |nom| {
        libelle(nom.strip_prefix("lot-").unwrap_or(nom))
    });
    if choisis.is_empty() {
        refuser_sans_essms(&mut saisie);
    } else if lues.est_vide() && fautes.is_empty() {
        let motif = "répondez à au moins une question".to_owned();
        saisie.refuser("lot-dui_actuel", "", &ErreurChamp::Motif(motif));
    }
    if saisie.en_erreur() {
        let page = page(&mut tx, &etat, &visiteur, &espace, &choisis, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let ecrasees = ecrasees(&choisis, &lues);
    let empreinte = empreinte(&ecrasees);
    let decide = saisie.valeur("empreinte") == empreinte;
    let remplacer = match saisie.valeur("deja") {
        "remplacer" if decide => true,
        "garder" => false,
        // Not asked yet, or a colleague changed what was to be replaced.
        _ if !ecrasees.is_empty() => {
            let mut page = page(&mut tx, &etat, &visiteur, &espace, &choisis, saisie).await?;
            page.ecrasees = ecrasees;
            page.empreinte = empreinte;
            return Ok(Page(StatusCode::CONFLICT, page).into_response());
        }
        _ => false,
    };
    let changes = appliquer(&choisis, &lues, remplacer);
    let nombre = changes.len().to_string();
    if !changes.is_empty() {
        ecrire(&mut tx, &etat, &espace, "Réponse donnée pour plusieurs ESSMS", changes).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&chemins::avec_parametres(chemins::MES_ESSMS, &[("fait", &nombre)])).into_response())
}

fn appliquer(choisis: &[MonEssms], lues: &Reponses, remplacer: bool) -> Vec<(Finess, Reponses, Vec<ChampChange>)> {
    let apres = |essms: &MonEssms| {
        let mut apres = essms.reponses.clone();
        for (champ, valeurs) in lues.iter() {
            if remplacer || apres.valeurs(champ).is_empty() {
                apres.mettre(champ, valeurs.to_vec());
            }
        }
        let champs = changements(&essms.reponses, &apres);
        (!champs.is_empty()).then_some((essms.finess, apres, champs))
    };
    choisis.iter().filter_map(apres).collect()
}

fn ecrasees(choisis: &[MonEssms], lues: &Reponses) -> Vec<Ecrasee> {
    appliquer(choisis, lues, true)
        .into_iter()
        .flat_map(|(finess, _, champs)| {
            let essms = choisis
                .iter()
                .find(|e| e.finess == finess)
                .map_or_else(String::new, |e| e.nom.clone());
            champs
                .into_iter()
                .filter(|c| !c.avant.is_empty())
                .map(move |c| Ecrasee {
                    essms: format!("{essms} ({finess})"),
                    question: c.libelle,
                    avant: c.avant,
                    apres: c.apres,
                })
        })
        .collect()
}

fn empreinte(ecrasees: &[Ecrasee]) -> String {
    let mut hachage = Sha256::new();
    for e in ecrasees {
        for texte in [&e.essms, &e.question, &e.avant, &e.apres] {
            hachage.update(texte);
            hachage.update([0]);
        }
    }
    hexadecimal(&hachage.finalize())
}
