//! What a spreadsheet would change in Mes ESSMS: row by row and cell by cell, before anything is written.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::faits::changements;
use crate::documents::lecture::{Ligne, Tableau};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::tableau_essms::{Destination, lire_cellule, lire_numero};
use crate::domain::finess::Finess;
use crate::domain::texte::hexadecimal;
use crate::store::journal::ChampChange;
use crate::store::mes_essms::MonEssms;
use crate::store::reconnaissance::Reconnaissance;
use crate::web::vue::majuscule;

/// A cell that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faute {
    /// Heading of its column in the file.
    pub colonne: String,
    /// What it says.
    pub valeur: String,
    /// Why, and what is accepted.
    pub pourquoi: String,
}

/// What becomes of a row.
#[derive(Debug, Clone)]
pub enum Sort {
    /// Something changes: the ESSMS, its answers then, what differs.
    Change(Finess, Reponses, Vec<ChampChange>),
    /// It says what Mes ESSMS says already.
    Inchangee,
    /// It is set aside, whole.
    Refusee(Vec<Faute>),
}

/// A row checked.
#[derive(Debug, Clone)]
pub struct LigneVerifiee {
    /// Its number in the file.
    pub numero: usize,
    /// Name of the ESSMS, or what stands in place of its number.
    pub nom: String,
    /// What becomes of it.
    pub sort: Sort,
}

/// What each number of the file is, beside Mes ESSMS.
pub type Reconnus = HashMap<Finess, Reconnaissance>;

/// The numbers of the file that can be read.
pub fn numeros(tableau: &Tableau, colonnes: &[Destination]) -> Vec<Finess> {
    let Some(rang) = colonne_des_numeros(colonnes) else {
        return Vec::new();
    };
    let cellules = tableau.lignes.iter().filter_map(|l| l.cellules.get(rang));
    cellules.filter_map(|c| lire_numero(c).ok()).collect()
}

fn colonne_des_numeros(colonnes: &[Destination]) -> Option<usize> {
    colonnes.iter().position(|c| matches!(c, Destination::Finess))
}

/// Checks every row. An empty cell changes nothing: it never erases an answer.
pub fn verifier(
    tableau: &Tableau,
    colonnes: &[Destination],
    miens: &[MonEssms],
    reconnus: &Reconnus,
) -> Vec<LigneVerifiee> {
    let miens: HashMap<Finess, &MonEssms> = miens.iter().map(|e| (e.finess, e)).collect();
    let mut deja: HashMap<Finess, usize> = HashMap::new();
    let une = |ligne: &Ligne| {
        let rang = colonne_des_numeros(colonnes).unwrap_or_default();
        let texte = ligne.cellules.get(rang).map(String::as_str).unwrap_or_default();
        let faute = |pourquoi: String| Faute {
            colonne: tableau.entetes.get(rang).cloned().unwrap_or_default(),
            valeur: texte.to_owned(),
            pourquoi: format!("{}.", majuscule(&pourquoi)),
        };
        let refusee = |nom: &str, faute: Faute| LigneVerifiee {
            numero: ligne.numero,
            nom: nom.to_owned(),
            sort: Sort::Refusee(vec![faute]),
        };
        let numero = match lire_numero(texte) {
            Ok(numero) => numero,
            Err(_) if texte.is_empty() => {
                return refusee("Sans numéro", faute("il manque le numéro FINESS de l’ESSMS".to_owned()));
            }
            Err(erreur) => return refusee(texte, faute(erreur.to_string())),
        };
        let Some(essms) = miens.get(&numero).filter(|e| e.actif()) else {
            return refusee(texte, faute(etranger(reconnus.get(&numero)).to_owned()));
        };
        if let Some(premiere) = deja.insert(numero, ligne.numero) {
            let motif = format!("cet ESSMS est déjà à la ligne {premiere}\u{a0}: n’en gardez qu’une");
            return refusee(&essms.nom, faute(motif));
        }
        LigneVerifiee {
            numero: ligne.numero,
            nom: essms.nom.clone(),
            sort: cellules(tableau, colonnes, essms, ligne),
        }
    };
    tableau.lignes.iter().map(une).collect()
}

/// Why a number is none of Mes ESSMS.
fn etranger(reconnu: Option<&Reconnaissance>) -> &'static str {
    match reconnu {
        Some(Reconnaissance::EssmsOuvert) => {
            "au répertoire FINESS, cet établissement n’est pas un ESSMS géré par votre organisme"
        }
        Some(Reconnaissance::EssmsFerme(_)) => "cet ESSMS est fermé au répertoire FINESS",
        Some(Reconnaissance::Organisme { .. }) => {
            "c’est le numéro d’un organisme (EJ)\u{a0}; donnez celui de l’ESSMS (ET)"
        }
        Some(Reconnaissance::Siren { .. }) => {
            "c’est le SIREN d’un organisme\u{a0}; donnez le numéro FINESS de l’ESSMS (ET)"
        }
        Some(Reconnaissance::Inconnu) | None => "ce numéro est absent du répertoire FINESS",
    }
}

fn cellules(tableau: &Tableau, colonnes: &[Destination], essms: &MonEssms, ligne: &Ligne) -> Sort {
    let mut apres = essms.reponses.clone();
    let mut fautes = Vec::new();
    for ((colonne, cellule), entete) in colonnes.iter().zip(&ligne.cellules).zip(&tableau.entetes) {
        let Destination::Fait(champ) = colonne else { continue };
        match lire_cellule(champ, cellule) {
            Ok(valeurs) if valeurs.is_empty() => {}
            Ok(valeurs) => apres.mettre(champ.nom, valeurs),
            Err(pourquoi) => fautes.push(Faute {
                colonne: entete.clone(),
                valeur: cellule.clone(),
                pourquoi: format!("{}.", majuscule(&pourquoi)),
            }),
        }
    }
    if !fautes.is_empty() {
        return Sort::Refusee(fautes);
    }
    let champs = changements(&essms.reponses, &apres);
    if champs.is_empty() {
        Sort::Inchangee
    } else {
        Sort::Change(essms.finess, apres, champs)
    }
}

/// What was shown of the changes: a confirmation is about it.
pub fn empreinte(lignes: &[LigneVerifiee]) -> String {
    let mut hachage = Sha256::new();
    for ligne in lignes {
        if let Sort::Change(finess, _, champs) = &ligne.sort {
            hachage.update(finess.as_str());
            for c in champs {
                for texte in [&c.champ, &c.avant, &c.apres] {
                    hachage.update(texte);
                    hachage.update([0]);
                }
            }
        }
    }
    hexadecimal(&hachage.finalize())
}
