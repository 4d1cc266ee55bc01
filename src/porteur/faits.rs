//! Answers of Mes ESSMS: what changes between two states of them, in words, and their one way to be saved.

use sqlx::PgConnection;

use super::vues::{ChampVue, OptionsVue};
use crate::domain::dossier::EssmsGrappe;
use crate::domain::dossier::champ::Champ;
use crate::domain::dossier::faits::{MES_ESSMS, completer, fait};
use crate::domain::dossier::lecture::{en_clair, ressaisir};
use crate::domain::dossier::reponses::{Reponses, differences};
use crate::domain::finess::Finess;
use crate::store::acces::EspaceOg;
use crate::store::journal::ChampChange;
use crate::store::mes_essms::{self, Enregistrement, Signature};
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;

/// What a question is called.
pub fn libelle(nom: &str) -> String {
    fait(nom).map_or_else(|| nom.to_owned(), |c| c.libelle.to_owned())
}

/// The answers that differ, in words.
pub fn changements(avant: &Reponses, apres: &Reponses) -> Vec<ChampChange> {
    let clair = |nom: &str, valeurs: &[String]| fait(nom).map_or_else(String::new, |c| en_clair(c, valeurs));
    differences(avant, apres)
        .into_iter()
        .map(|d| ChampChange {
            libelle: libelle(&d.champ),
            avant: clair(&d.champ, &d.avant),
            apres: clair(&d.champ, &d.apres),
            champ: d.champ,
        })
        .collect()
}

/// What a form shows for these answers, the names carrying this prefix.
pub fn saisie_de(champs: &[Champ], prefixe: &str, reponses: &Reponses) -> Saisie {
    let mut saisie = Saisie::vide();
    ressaisir(champs, "", prefixe, reponses, |nom, valeurs| {
        for valeur in valeurs {
            saisie.ajouter(nom.clone(), valeur);
        }
    });
    saisie
}

/// The questions as they are drawn, with the questionnaire of the ANAP that suits the OG (PRI-02).
pub fn questions(prefixe: &str, referent: Option<bool>) -> Vec<ChampVue> {
    let mut questions = ChampVue::liste(MES_ESSMS, prefixe, &OptionsVue::default());
    let nom = format!("{prefixe}autodiagnostic");
    for question in questions.iter_mut().filter(|q| q.nom == nom) {
        question.aide = match referent {
            Some(true) => {
                "Questionnaire proposé\u{a0}: SI gestion OG, car votre organisme a un DSI ou un référent informatique \
                 (dit dans votre dernier dossier)."
            }
            Some(false) => {
                "Questionnaire proposé\u{a0}: SI ESMS, car votre organisme n’a ni DSI ni référent informatique \
                 (dit dans votre dernier dossier)."
            }
            None => "SI gestion OG si votre organisme a un DSI ou un référent informatique, SI ESMS sinon.",
        };
    }
    questions
}

/// Saves the answers of those that changed, each with its journal. The caller holds the lock.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    conn: &mut PgConnection,
    etat: &Etat,
    espace: &EspaceOg,
    action: &str,
    essms: Vec<(Finess, Reponses, Vec<ChampChange>)>,
) -> Result<(), Echec> {
    let signature = Signature {
        og: *espace.og(),
        compte: espace.compte().id,
        action,
        maintenant: etat.horloge.maintenant(),
    };
    Ok(mes_essms::save(conn, signature, &enregistrements(etat, essms)).await?)
}

fn enregistrements(etat: &Etat, essms: Vec<(Finess, Reponses, Vec<ChampChange>)>) -> Vec<Enregistrement> {
    let enregistrement = |(finess, reponses, champs)| Enregistrement {
        id: etat.horloge.nouvel_id(),
        finess,
        reponses,
        champs,
    };
    essms.into_iter().map(enregistrement).collect()
}

/// Fills Mes ESSMS, where it is empty, with what was just answered in a dossier of its OG for ESSMS that the OG
/// manages. How many answers it took.
///
/// # Errors
/// The database's.
pub async fn completer_depuis(
    conn: &mut PgConnection,
    etat: &Etat,
    signature: Signature<'_>,
    essms: &[(Finess, &EssmsGrappe)],
) -> Result<usize, Echec> {
    let siens: Vec<Finess> = essms
        .iter()
        .filter(|(og, _)| *og == signature.og)
        .map(|(_, e)| e.finess)
        .collect();
    if siens.is_empty() {
        return Ok(0);
    }
    mes_essms::lock(conn, signature.og).await?;
    let gardees = mes_essms::load_reponses(conn, signature.og, &siens).await?;
    let mut changes = Vec::new();
    for (_, e) in essms.iter().filter(|(og, _)| *og == signature.og) {
        let avant = gardees.get(&e.finess).cloned().unwrap_or_default();
        let mut apres = avant.clone();
        if completer(&mut apres, &e.reponses) {
            let champs = changements(&avant, &apres);
            changes.push((e.finess, apres, champs));
        }
    }
    let nombre = changes.iter().map(|(_, _, champs)| champs.len()).sum();
    if nombre > 0 {
        mes_essms::save(conn, signature, &enregistrements(etat, changes)).await?;
    }
    Ok(nombre)
}
