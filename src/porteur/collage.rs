//! What becomes of each pasted number, in words: nothing that was pasted goes without an answer.

use super::atelier::Atelier;
use crate::domain::dossier::saisie_finess::{Colle, lire_colle};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Etat;
use crate::store::reconnaissance::Reconnaissance;
use crate::web::chemins;
use crate::web::page::Lien;
use crate::web::vue::{Etiquette, Ton, majuscule};

/// What was pasted that cannot be an ESSMS.
pub struct Faute {
    /// As it was pasted.
    pub texte: String,
    /// Why, and what to do.
    motif: String,
    /// The OG whose number was pasted in place of its ESSMS: its name, how many it manages.
    organisme: Option<(String, usize)>,
}

impl Faute {
    /// What was pasted, and what is wrong with it.
    pub fn message(&self) -> String {
        format!("«\u{a0}{}\u{a0}»\u{a0}: {}", self.texte, self.motif)
    }
}

/// What was pasted that cannot be an ESSMS, each with why and what to do.
pub fn fautes(colle: &Colle, reconnus: &[(Finess, Reconnaissance)]) -> Vec<Faute> {
    let illisibles = colle.fautes.iter().map(|(texte, erreur)| Faute {
        texte: texte.clone(),
        motif: erreur.to_string(),
        organisme: None,
    });
    let juridiques = reconnus.iter().filter_map(|(numero, reconnu)| match reconnu {
        Reconnaissance::Organisme { nom, essms } => {
            let nom = nom.clone().unwrap_or_else(|| "un organisme gestionnaire".to_owned());
            Some(Faute {
                texte: numero.to_string(),
                motif: format!(
                    "c’est le numéro FINESS juridique (EJ) de {nom}, qui gère {} ESSMS\u{a0}; cherchez-le pour choisir \
                     ses ESSMS",
                    essms.len()
                ),
                organisme: Some((nom, essms.len())),
            })
        }
        Reconnaissance::Siren { nom } => Some(Faute {
            texte: numero.to_string(),
            motif: format!(
                "c’est le SIREN de {}, et non le numéro FINESS d’un ESSMS",
                nom.as_deref().unwrap_or("un organisme")
            ),
            organisme: None,
        }),
        Reconnaissance::EssmsOuvert | Reconnaissance::EssmsFerme(_) | Reconnaissance::Inconnu => None,
    });
    illisibles.chain(juridiques).collect()
}

/// For each OG pasted in place of its ESSMS, a link to choose among them.
pub fn organismes(fautes: &[Faute], grappe: &str) -> Vec<Lien> {
    let lien = |faute: &Faute| {
        let (nom, nombre) = faute.organisme.as_ref().filter(|(_, nombre)| *nombre > 0)?;
        let libelle = match nombre {
            1 => format!("Voir l’ESSMS de {nom}"),
            n => format!("Choisir parmi les {n}\u{a0}ESSMS de {nom}"),
        };
        Some(Lien::nouveau(
            libelle,
            chemins::avec_parametres(grappe, &[("q", &faute.texte)]),
        ))
    };
    fautes.iter().filter_map(lien).collect()
}

/// The query of the page that answers a paste: numbers parted by spaces.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Suites {
    /// Numbers added.
    pub ajoutes: String,
    /// Numbers that were in the grappe already.
    pub deja: String,
    /// Numbers given more than once.
    pub doublons: String,
    /// What was left to correct, a line each.
    pub reste: String,
}

impl Suites {
    /// What became of a paste, of which these were added.
    pub fn nouvelles(colle: &Colle, bons: &[Finess], ajoutes: &[Finess], fautes: &[Faute]) -> Self {
        let doublons = bons.iter().filter(|n| colle.doublons.contains(n));
        let deja = bons.iter().filter(|n| !ajoutes.contains(n));
        let reste: Vec<&str> = fautes.iter().map(|f| f.texte.as_str()).collect();
        Self {
            ajoutes: a_la_suite(ajoutes),
            deja: a_la_suite(deja),
            doublons: a_la_suite(doublons),
            reste: reste.join("\n"),
        }
    }

    /// As parameters of an address.
    pub fn parametres(&self) -> [(&'static str, &str); 4] {
        [
            ("ajoutes", &self.ajoutes),
            ("deja", &self.deja),
            ("doublons", &self.doublons),
            ("reste", &self.reste),
        ]
    }
}

fn a_la_suite<'a>(numeros: impl IntoIterator<Item = &'a Finess>) -> String {
    let textes: Vec<&str> = numeros.into_iter().map(Finess::as_str).collect();
    textes.join(" ")
}

/// The answer to one pasted number.
pub struct Reponse {
    /// The number, or what was pasted in its place.
    pub texte: String,
    /// Name of the ESSMS; empty when nobody knows.
    pub nom: String,
    /// What became of it.
    pub reponse: Etiquette,
    /// More about it; empty when the tag says all.
    pub precision: String,
}

/// The answers, in this order: added, already there, given twice, to be corrected.
pub fn repondre(atelier: &Atelier<'_>, suites: &Suites, fautes: Vec<Faute>) -> Vec<Reponse> {
    let connu = |numero: Finess| atelier.contexte.registre.get(&numero);
    let reponse = |numero: Finess, reponse: Etiquette, precision: &str| Reponse {
        texte: numero.to_string(),
        nom: connu(numero).map(|e| e.nom.clone()).unwrap_or_default(),
        reponse,
        precision: precision.to_owned(),
    };
    let ajoute = |numero: Finess| match connu(numero).map(|e| e.etat) {
        Some(Etat::Ouvert) => reponse(numero, Etiquette::nouvelle("Ajouté", Ton::Succes), ""),
        Some(Etat::Ferme) => {
            let fin = "Le répertoire FINESS le dit fermé\u{a0}: vérifiez ce numéro.";
            reponse(numero, Etiquette::nouvelle("Ajouté, à vérifier", Ton::Alerte), fin)
        }
        Some(Etat::Inconnu) | None => {
            let fin = "Ce numéro est absent du répertoire FINESS\u{a0}: vérifiez-le.";
            reponse(numero, Etiquette::nouvelle("Ajouté, à vérifier", Ton::Alerte), fin)
        }
    };
    let deja = |numero| reponse(numero, Etiquette::nouvelle("Déjà dans la grappe", Ton::Neutre), "");
    let double = |numero| {
        reponse(
            numero,
            Etiquette::nouvelle("Donné plusieurs fois, gardé une fois", Ton::Neutre),
            "",
        )
    };
    let a_corriger = |faute: Faute| Reponse {
        nom: String::new(),
        reponse: Etiquette::nouvelle("Non ajouté", Ton::Bloquant),
        precision: format!("{}.", majuscule(&faute.motif)),
        texte: faute.texte,
    };
    // The address may hold anything: only what is in the grappe is said to be there.
    let presents = atelier.dossier.numeros();
    let lus = |texte: &str| {
        let lus = lire_colle(texte);
        lus.numeros
            .into_iter()
            .filter(|n| presents.contains(n))
            .collect::<Vec<_>>()
    };
    lus(&suites.ajoutes)
        .into_iter()
        .map(ajoute)
        .chain(lus(&suites.deja).into_iter().map(deja))
        .chain(lus(&suites.doublons).into_iter().map(double))
        .chain(fautes.into_iter().map(a_corriger))
        .collect()
}
