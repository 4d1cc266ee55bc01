//! The dossiers deposited in an instructor's régions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use chrono_tz::Europe::Paris;

use crate::rules::constat::Gravite;
use crate::rules::evaluation::Evaluation;
use crate::store::{acces, dossiers, modeles};
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::modele::etiquette;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::Etiquette;

/// The page.
#[derive(Template)]
#[template(path = "instruction/liste.html")]
pub struct Liste {
    habillage: Habillage,
    dossiers: Vec<Recu>,
    /// The models offered, each with where it stands.
    modeles: Vec<(Lien, Etiquette)>,
}

/// A dossier received.
struct Recu {
    reference: String,
    nom: String,
    href: String,
    porteur: String,
    essms: i64,
    depose_le: String,
    recevabilite: Option<Etiquette>,
    montant: String,
}

/// Shows the list.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
) -> Result<Page<Liste>, Echec> {
    let mut tx = acces::commencer(&etat.pool, &compte.perimetre()).await?;
    let resumes = dossiers::list(&mut tx, &compte).await?;
    let modeles = modeles::list(&mut tx).await?;
    tx.commit().await?;
    let recu = |r: dossiers::Resume| {
        let evaluation: Option<Evaluation> = r.evaluation.and_then(|e| serde_json::from_value(e).ok());
        Recu {
            reference: r.reference,
            nom: r.nom,
            href: chemins::instruction_dossier(r.id),
            porteur: r.porteur,
            essms: r.essms,
            depose_le: r
                .depose_le
                .map(|d| d.with_timezone(&Paris).format("%d/%m/%Y %H:%M").to_string())
                .unwrap_or_default(),
            recevabilite: evaluation
                .as_ref()
                .map(|e| Etiquette::resultat(&e.recevabilite, &Gravite::Bloquant)),
            montant: evaluation.map(|e| montant(&e)).unwrap_or_default(),
        }
    };
    let page = Liste {
        habillage: habiller(&etat, &visiteur, "Dossiers de ma région"),
        dossiers: resumes.into_iter().map(recu).collect(),
        modeles: modeles
            .into_iter()
            .map(|m| {
                (
                    Lien::nouveau(m.titre, chemins::instruction_modele(m.id)),
                    etiquette(m.etat),
                )
            })
            .collect(),
    };
    Ok(Page(StatusCode::OK, page))
}

/// « 322 500 € », or « de 300 000 € à 322 500 € » while questions are open.
pub fn montant(evaluation: &Evaluation) -> String {
    let (certain, maximum) = (evaluation.financement.certain, evaluation.financement.maximum);
    if certain == maximum {
        certain.to_string()
    } else {
        format!("de {certain} à {maximum}")
    }
}
