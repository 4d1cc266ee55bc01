//! What the script that saves while one types is answered: saved, and what the page has to know of it; unreadable;
//! changed by a colleague. The form, its reading and its merge are those of the plain save.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::vues::{Conflit, instant};
use crate::domain::dossier::EtapeEnregistree;
use crate::domain::dossier::champ::{Champ, Genre};
use crate::domain::dossier::lecture::ressaisir;
use crate::domain::dossier::reponses::Reponses;
use crate::store::acces::Lecture;
use crate::store::journal;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::script::json;
use crate::web::vue::heure;

/// A save that succeeded.
#[derive(Serialize)]
struct Enregistre<'a, B: Serialize> {
    etat: &'static str,
    heure: String,
    /// Number of the journal entry; none when there was nothing to save.
    enregistrement: Option<Uuid>,
    version: i32,
    /// The answers just read: what the page shows.
    base: &'a B,
    /// Sentences on the verdicts and the money that changed.
    effets: Vec<String>,
    /// What a colleague changed since the form was filled, which the page does not show yet.
    autres: &'a [Autre],
    /// Who did, and when; empty when nobody.
    par: String,
    /// Whether the verdicts shown around the form are out of date.
    actualiser: bool,
}

/// An answer that a colleague changed.
#[derive(Debug, Serialize)]
pub struct Autre {
    /// What the question is called.
    pub libelle: String,
    /// Where the answer is in the base.
    pub chemin: Vec<String>,
    /// The answer, as stored.
    pub valeurs: Vec<String>,
    /// The answer, by name of input; nothing when the page has no place for it.
    pub saisie: BTreeMap<String, Vec<String>>,
}

/// What a save was.
pub struct Issue<'a, B: Serialize> {
    /// The step as it was stored before, when it was.
    pub avant: Option<&'a EtapeEnregistree>,
    /// Number of the journal entry; none when there was nothing to save.
    pub enregistrement: Option<Uuid>,
    /// The answers just read.
    pub base: &'a B,
    /// What a colleague changed meanwhile.
    pub autres: &'a [Autre],
    /// Whether the page is drawn anew around the form even when no verdict changed: what is missing did.
    pub redessiner: bool,
}

/// Answers a save that succeeded.
///
/// # Errors
/// The database's.
pub async fn enregistre<B: Serialize>(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &impl Lecture,
    issue: Issue<'_, B>,
) -> Result<Response, Echec> {
    let effets = match issue.enregistrement {
        Some(id) => journal::load_effets(conn, acces, id, None)
            .await?
            .map(|(_, effets)| effets),
        None => None,
    };
    let effets = effets.unwrap_or_default();
    let par = issue.avant.filter(|_| !issue.autres.is_empty());
    let corps = Enregistre {
        etat: "enregistre",
        heure: heure(etat.horloge.maintenant()),
        enregistrement: issue.enregistrement,
        version: issue.avant.map_or(0, |e| e.version) + i32::from(issue.enregistrement.is_some()),
        base: issue.base,
        actualiser: !effets.is_empty() || (issue.redessiner && issue.enregistrement.is_some()),
        effets,
        autres: issue.autres,
        par: par.map_or_else(String::new, |e| {
            format!("{}, le {}", e.modifie_par, instant(e.modifie_le))
        }),
    };
    Ok(json(StatusCode::OK, &corps))
}

/// Answers a form of which something cannot be read: nothing of it was saved.
pub fn illisible(saisie: &Saisie) -> Response {
    let erreur = |(nom, resume): (&str, &str)| {
        let message = saisie.erreur(nom).unwrap_or(resume);
        serde_json::json!({ "nom": nom, "message": message, "resume": resume })
    };
    let erreurs: Vec<_> = saisie.erreurs().map(erreur).collect();
    let corps = serde_json::json!({ "etat": "illisible", "erreurs": erreurs });
    json(StatusCode::UNPROCESSABLE_ENTITY, &corps)
}

/// Answers a form that a colleague contradicted: nothing of it was saved, the plain save shows both values.
pub fn conflit(conflits: &[Conflit]) -> Response {
    let questions: Vec<&str> = conflits.iter().map(|c| c.libelle.as_str()).collect();
    let par = conflits.first().map_or("", |c| c.par.as_str());
    let corps = serde_json::json!({ "etat": "conflit", "questions": questions, "par": par });
    json(StatusCode::CONFLICT, &corps)
}

/// Why what a form shows is not saved, as its script has to know; empty when it is.
pub fn en_attente(saisie: &Saisie, conflits: &[Conflit]) -> &'static str {
    match (conflits.is_empty(), saisie.en_erreur()) {
        (false, _) => "conflit",
        (true, true) => "refus",
        (true, false) => "",
    }
}

/// What a form shows of an answer: its inputs, by name, emptied where there is no answer.
pub fn saisie_du_champ(champ: &Champ, prefixe: &str, valeurs: &[String]) -> BTreeMap<String, Vec<String>> {
    let nom = format!("{prefixe}{}", champ.nom);
    let noms = match champ.genre {
        Genre::Date => ["jour", "mois", "annee"]
            .map(|partie| format!("{nom}-{partie}"))
            .to_vec(),
        _ => vec![nom],
    };
    let mut saisie: BTreeMap<String, Vec<String>> = noms.into_iter().map(|nom| (nom, Vec::new())).collect();
    let mut reponse = Reponses::default();
    reponse.mettre(champ.nom, valeurs.to_vec());
    ressaisir(std::slice::from_ref(champ), "", prefixe, &reponse, |nom, valeurs| {
        saisie.insert(nom, valeurs);
    });
    saisie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fills_its_inputs_and_no_answer_empties_them() {
        let champ = Champ::libre("fin", "Fin", Genre::Date);
        let paire = |nom: &str, valeurs: &[&str]| {
            (
                format!("jalon-0-fin-{nom}"),
                valeurs.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            saisie_du_champ(&champ, "jalon-0-", &["2024-09-01".to_owned()]),
            BTreeMap::from([paire("annee", &["2024"]), paire("jour", &["1"]), paire("mois", &["9"])])
        );
        assert_eq!(
            saisie_du_champ(&champ, "jalon-0-", &[]),
            BTreeMap::from([paire("annee", &[]), paire("jour", &[]), paire("mois", &[])])
        );
    }
}
