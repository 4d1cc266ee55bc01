//! Who is registered for a webinar, what they ask, who came.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::domain::nomenclature::Liste;
use crate::domain::webinaire::{CONSERVATION_JOURS, EtatInscription};
use crate::store::acces::webinaire::{SurWebinaire, WebinaireGere};
use crate::store::inscriptions_webinaire::{self, Presence};
use crate::store::webinaires;
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::instant;
use crate::web::vue_webinaire::VueWebinaire;

/// The page.
#[derive(Template)]
#[template(path = "accompagnement/suivi_webinaire.html")]
pub struct Suivi {
    habillage: Habillage,
    fait: &'static str,
    /// Presences were sent before it began: none was noted.
    trop_tot: bool,
    vue: VueWebinaire,
    lien: String,
    public: String,
    modifier: String,
    /// None: it has begun or is cancelled.
    annuler: Option<String>,
    action: String,
    xlsx: String,
    csv: String,
    inscrits: Vec<Ligne>,
    attente: usize,
    presents: usize,
    /// Whether it has begun: one notes who came.
    commence: bool,
    /// When registrations were erased, and how many had come.
    efface: Option<(String, i64)>,
}

/// A registration of the list.
struct Ligne {
    id: Uuid,
    nom: String,
    courriel: String,
    organisme: String,
    question: String,
    etat: &'static str,
    quand: String,
    present: bool,
    retirer: String,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

fn ligne(webinaire: Uuid, p: Presence) -> Ligne {
    Ligne {
        retirer: chemins::webinaire_retirer(webinaire, p.id),
        id: p.id,
        nom: p.personne.nom,
        courriel: p.personne.courriel,
        organisme: p.personne.organisme,
        question: p.personne.question,
        etat: p.etat.libelle(),
        quand: instant(p.inscrit_le),
        present: p.present,
    }
}

fn dire(fait: Option<&str>) -> &'static str {
    match fait {
        Some("annonce") => "Le webinaire est annoncé.",
        Some("enregistre") => "Le webinaire est enregistré.",
        Some("retrait") => "L’inscription est retirée, et ce que le portail gardait de la personne est effacé.",
        Some("presences") => "Les présences sont enregistrées.",
        Some("annulation") => "Le webinaire est annulé. Les personnes inscrites reçoivent un courriel.",
        _ => "",
    }
}

async fn page(etat: &Etat, visiteur: &Visiteur, acces: &WebinaireGere, fait: &'static str) -> Result<Suivi, Echec> {
    let w = acces.webinaire();
    let maintenant = etat.horloge.maintenant();
    let mut tx = acces.commencer(&etat.pool).await?;
    let lien = webinaires::load_lien(&mut tx, acces).await?;
    let inscrits = inscriptions_webinaire::list(&mut tx, acces).await?;
    let bilan = webinaires::load_bilan(&mut tx, acces).await?;
    tx.commit().await?;
    Ok(Suivi {
        habillage: habiller(etat, visiteur, &w.titre)
            .rubrique(chemins::ORGANISATION)
            .retour(chemins::ORGANISATION, "Webinaires de ma région"),
        fait,
        trop_tot: false,
        vue: VueWebinaire::nouvelle(w, maintenant, chemins::webinaire_suivi),
        lien,
        public: chemins::webinaire(w.id),
        modifier: chemins::webinaire_modifier(w.id),
        annuler: w.ouvert(maintenant).then(|| chemins::webinaire_annuler(w.id)),
        action: chemins::webinaire_suivi(w.id),
        commence: w.commence(maintenant),
        xlsx: chemins::webinaire_xlsx(w.id),
        csv: chemins::webinaire_csv(w.id),
        attente: inscrits.iter().filter(|p| p.etat == EtatInscription::Attente).count(),
        presents: inscrits.iter().filter(|p| p.present).count(),
        inscrits: inscrits.into_iter().map(|p| ligne(w.id, p)).collect(),
        efface: w.efface_le.map(|quand| (instant(quand), bilan.unwrap_or_default())),
    })
}

/// Shows the list.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Suivi>, Echec> {
    let page = page(&etat, &visiteur, &acces, dire(demande.fait.as_deref())).await?;
    Ok(Page(StatusCode::OK, page))
}

fn numeros(saisie: &Saisie, nom: &str) -> Vec<Uuid> {
    saisie
        .valeurs(nom)
        .iter()
        .filter_map(|v| Uuid::parse_str(v).ok())
        .collect()
}

/// Notes who came, among those that the form showed; before it begins, says that nobody came yet.
///
/// # Errors
/// The database's.
pub async fn noter(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: WebinaireGere,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    if !acces.webinaire().commence(etat.horloge.maintenant()) {
        let mut page = page(&etat, &visiteur, &acces, "").await?;
        page.trop_tot = true;
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    let (montrees, presentes) = (numeros(&saisie, "inscription"), numeros(&saisie, "present"));
    let mut tx = acces.commencer(&etat.pool).await?;
    inscriptions_webinaire::noter_presences(&mut tx, &acces, &montrees, &presentes).await?;
    tx.commit().await?;
    let suivi = chemins::webinaire_suivi(acces.webinaire().id);
    Ok(Redirect::to(&chemins::fait(&suivi, "presences")).into_response())
}
