//! What an import of the registry changed for an ESSMS, in words.

use crate::store::evenements::{Evenement, Nature};

/// Name and number of the ESSMS.
pub fn essms(e: &Evenement) -> String {
    format!("{} ({})", e.nom, e.finess)
}

/// What happened to it, after its name.
pub fn phrase(e: &Evenement) -> String {
    let quoi = match e.nature {
        Nature::Ferme => "est fermé au répertoire FINESS".to_owned(),
        Nature::Rouvert => "est de nouveau ouvert au répertoire FINESS".to_owned(),
        Nature::Parti => format!("est passé de votre organisme à {}", e.apres),
        Nature::Arrive => format!("est passé de {} à votre organisme", e.avant),
        Nature::Change => format!("est passé de {} à {}", e.avant, e.apres),
        Nature::Deplace => format!("a changé de département\u{a0}: {}, au lieu de {}", e.apres, e.avant),
        Nature::Categorie => format!("a changé de catégorie\u{a0}: {}, au lieu de {}", e.apres, e.avant),
    };
    format!("{quoi} (données du {}).", e.date_donnees.format("%d/%m/%Y"))
}
