//! Who else works on a step: said on its page and in the list of steps.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::dossier::Etape;
use crate::store::acces::Lecture;
use crate::store::{affectations, commentaires};
use crate::web::chemins;

/// What the page of a step says of the others.
pub struct Collegues {
    /// Who takes care of it, what is said of it.
    pub phrases: Vec<String>,
    /// Where they talk of it.
    pub echanges: String,
    /// Who changed what.
    pub historique: String,
}

impl Collegues {
    /// The ways to the others, without what they did.
    pub fn nouveaux(dossier: Uuid, etape: Etape) -> Self {
        Self {
            phrases: Vec::new(),
            echanges: chemins::echanges(dossier, etape),
            historique: chemins::historique(dossier, etape),
        }
    }

    /// The same, with what they did.
    ///
    /// # Errors
    /// The database's.
    pub async fn lire(conn: &mut PgConnection, acces: &impl Lecture, etape: Etape) -> sqlx::Result<Self> {
        let charge = affectations::load(conn, acces, etape).await?;
        let ouverts = commentaires::count(conn, acces).await?;
        let ouverts = ouverts.get(&etape).copied().unwrap_or_default();
        Ok(Self {
            phrases: phrases(charge.as_ref().map(|c| c.nom.as_str()), ouverts),
            ..Self::nouveaux(acces.dossier(), etape)
        })
    }
}

/// « Confiée à Camille », « 2 commentaires à traiter ».
pub fn phrases(charge: Option<&str>, ouverts: i64) -> Vec<String> {
    let charge = charge.map(|nom| format!("Confiée à {nom}"));
    let ouverts = match ouverts {
        0 => None,
        1 => Some("1\u{a0}commentaire à traiter".to_owned()),
        n => Some(format!("{n}\u{a0}commentaires à traiter")),
    };
    charge.into_iter().chain(ouverts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_nobody_and_of_no_comment() {
        assert_eq!(phrases(None, 0), Vec::<String>::new());
        assert_eq!(
            phrases(Some("Camille"), 1),
            ["Confiée à Camille", "1\u{a0}commentaire à traiter"]
        );
        assert_eq!(phrases(None, 2), ["2\u{a0}commentaires à traiter"]);
    }
}
