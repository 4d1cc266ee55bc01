//! `GET /api/aap` and `GET /api/aap/{id}`: the appels à projets, in brief then whole.

use axum::extract::{RawPathParams, State};
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};

use super::{Refus, json_de};
use crate::rules::edition::{Edition, NatureEcheance};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::probleme::Probleme;

/// An appel à projets in brief.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AapEnBref {
    /// Its code, to be given to the simulation.
    code: String,
    /// Version of its rules.
    version: u32,
    /// Title.
    titre: String,
    /// Phase of the programme.
    phase: String,
    /// The authority.
    autorite: String,
    /// INSEE codes of its regions.
    regions: Vec<String>,
    /// Whether one may deposit now.
    ouvert: bool,
    /// Next opening, when it is closed for now.
    ouverture: Option<DateTime<FixedOffset>>,
    /// End of the window that is open.
    fermeture: Option<DateTime<FixedOffset>>,
    /// Where it is whole.
    href: String,
}

impl AapEnBref {
    fn nouveau(edition: &Edition, maintenant: DateTime<Utc>) -> Self {
        let echeance = edition.prochaine_echeance(&maintenant);
        let le = |nature: NatureEcheance| {
            let voulue = echeance.as_ref().filter(|e| e.nature == nature);
            voulue.map(|e| e.instant.fixed_offset())
        };
        Self {
            code: edition.code.clone(),
            version: edition.version,
            titre: edition.titre.clone(),
            phase: edition.phase.clone(),
            autorite: edition.autorite.clone(),
            regions: edition.regions.clone(),
            ouvert: edition.fenetre_ouverte(&maintenant).is_some(),
            ouverture: le(NatureEcheance::Ouverture),
            fermeture: le(NatureEcheance::Fermeture),
            href: chemins::api_aap(&edition.code),
        }
    }
}

/// Lists the appels à projets, the oldest first.
///
/// # Errors
/// An answer that could not be written.
#[utoipa::path(
    get,
    path = chemins::API_AAP,
    tag = "Appels à projets",
    operation_id = "listerLesAap",
    summary = "Lister les appels à projets",
    description = "Les appels à projets que le portail connaît, du plus ancien au plus récent.",
    responses(
        (status = 200, description = "Les appels à projets", body = Vec<AapEnBref>, content_type = "application/json"),
        (status = 429, description = "Trop de demandes\u{a0}: l’en-tête Retry-After dit quand recommencer", body = Probleme,
            content_type = "application/problem+json"),
    )
)]
pub async fn lister(State(etat): State<Etat>) -> Result<Response, Refus> {
    let maintenant = etat.horloge.maintenant();
    let tous: Vec<AapEnBref> = etat
        .editions
        .iter()
        .map(|e| AapEnBref::nouveau(e, maintenant))
        .collect();
    json_de(&tous)
}

/// One appel à projets: its windows, thresholds, amounts, criteria and pieces, each with its source.
///
/// # Errors
/// 404 for an unknown code.
#[utoipa::path(
    get,
    path = chemins::API_UN_AAP,
    tag = "Appels à projets",
    operation_id = "lireUnAap",
    summary = "Lire un appel à projets",
    description = "Ses fenêtres, ses seuils, ses montants en centimes, ses critères et ses pièces, chacun avec sa source.",
    params(("id" = String, Path, description = "Code de l’appel à projets", example = "idf-2024")),
    responses(
        (status = 200, description = "L’appel à projets", body = Edition, content_type = "application/json"),
        (status = 404, description = "Code inconnu", body = Probleme, content_type = "application/problem+json"),
        (status = 429, description = "Trop de demandes\u{a0}: l’en-tête Retry-After dit quand recommencer", body = Probleme,
            content_type = "application/problem+json"),
    )
)]
pub async fn lire(State(etat): State<Etat>, parametres: RawPathParams) -> Result<Response, Refus> {
    let id = parametres
        .iter()
        .find(|(nom, _)| *nom == "id")
        .map(|(_, valeur)| valeur);
    let edition = id.and_then(|code| etat.edition(code));
    json_de(edition.ok_or_else(|| Refus::Echec(Echec::introuvable()))?)
}
