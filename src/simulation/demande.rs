//! The request: read to the letter, every fault collected, unknown kept unknown.

use std::collections::HashMap;

use chrono::DateTime;
use serde_json::Value;

use super::analyse::analyser;
use super::document::{DemandeSimulation, OrganismeSimule, PlanSimule, PorteurSimule, ProjetSimule, SolutionVisee};
use super::essms::{finess_obligatoire, lire_tous_les_essms, refuser_doublon};
use super::lecture::{ELEMENTS_AU_PLUS, Journal, Objet};
use super::reponse::Erreurs;
use crate::rules::edition::Edition;
use crate::rules::faits::{Faits, Organisme, PlanFinancement, Porteur, Signataire, Solution};

/// Most ESSMS in a request, as of any of its lists.
pub const ESSMS_MAXIMUM: usize = ELEMENTS_AU_PLUS;
/// Longest request, in bytes: 1 MiB.
pub const OCTETS_MAXIMUM: usize = 1 << 20;

/// A request, read.
#[derive(Debug, Clone)]
pub struct Demande {
    /// Code of the edition it names.
    pub code_edition: String,
    /// What it says of the project.
    pub faits: Faits,
}

impl Demande {
    /// Reads a request about one of these editions.
    ///
    /// # Errors
    /// [`Erreurs`]: every fault, each with its path.
    pub fn lire(texte: &str, editions: &[Edition]) -> Result<Self, Erreurs> {
        if texte.len() > OCTETS_MAXIMUM {
            return Err(Erreurs::trop_long());
        }
        let (document, doubles) = analyser(texte).map_err(|erreur| {
            let (ligne, colonne) = (erreur.line(), erreur.column());
            Erreurs::une("", format!("JSON mal formé, ligne {ligne}, colonne {colonne}"))
        })?;
        let mut journal = Journal::default();
        for chemin in doubles {
            journal.noter(&chemin, "ce champ est donné plusieurs fois");
        }
        let demande = racine(&document, editions, &mut journal);
        journal.clore()?;
        demande.ok_or_else(|| Erreurs::une("", "demande illisible"))
    }

    /// The edition it names: the last version of this code.
    ///
    /// # Errors
    /// [`Erreurs`] when there is none of this code.
    pub fn edition<'e>(&self, editions: &'e [Edition]) -> Result<&'e Edition, Erreurs> {
        trouver(&self.code_edition, editions)
            .ok_or_else(|| Erreurs::une("edition", inconnue(&self.code_edition, editions)))
    }
}

fn trouver<'e>(code: &str, editions: &'e [Edition]) -> Option<&'e Edition> {
    let du_code = editions.iter().filter(|edition| edition.code == code);
    du_code.max_by_key(|edition| edition.version)
}

fn inconnue(code: &str, editions: &[Edition]) -> String {
    let codes: Vec<&str> = editions.iter().map(|edition| edition.code.as_str()).collect();
    format!("édition inconnue « {code} », parmi : {}", codes.join(", "))
}

fn racine(document: &Value, editions: &[Edition], journal: &mut Journal) -> Option<Demande> {
    let racine = Objet::lire(document, "", DemandeSimulation::CHAMPS, journal)?;
    let code_edition = racine.analyse("edition", journal, |code| match trouver(code, editions) {
        Some(_) => Ok(code.to_owned()),
        None => Err(inconnue(code, editions)),
    });
    if racine.valeur("edition").is_none() {
        journal.noter("edition", "ce champ est obligatoire");
    }
    let mut faits = Faits {
        date: racine.analyse("date", journal, |texte| {
            DateTime::parse_from_rfc3339(texte)
                .map_err(|_| "une date et une heure sont attendues, comme 2024-05-01T10:00:00+02:00".to_owned())
        }),
        ..Faits::default()
    };
    if let Some(projet) = racine.valeur("projet") {
        lire_projet(projet, &mut faits, journal);
    }
    if let Some(organismes) = racine.liste("organismes", journal) {
        faits.organismes = lire_organismes(organismes, journal);
    }
    if let Some(essms) = racine.liste("essms", journal) {
        faits.essms = lire_tous_les_essms(essms, journal);
    }
    Some(Demande {
        code_edition: code_edition?,
        faits,
    })
}

fn lire_projet(valeur: &Value, faits: &mut Faits, journal: &mut Journal) {
    let Some(projet) = Objet::lire(valeur, "projet", ProjetSimule::CHAMPS, journal) else {
        return;
    };
    if let Some(porteur) = projet.valeur("porteur") {
        faits.porteur = lire_porteur(porteur, journal);
    }
    faits.solution = projet
        .valeur("solution")
        .and_then(|valeur| lire_solution(valeur, journal));
    faits.etude_ecart_jointe = projet.booleen("etude_ecart_jointe", journal);
    faits.cibles_atteignables_declarees = projet.booleen("cibles_atteignables_declarees", journal);
    if let Some(plan) = projet.valeur("plan_financement") {
        faits.plan = lire_plan(plan, journal);
    }
}

fn lire_porteur(valeur: &Value, journal: &mut Journal) -> Porteur {
    let Some(porteur) = Objet::lire(valeur, "projet.porteur", PorteurSimule::CHAMPS, journal) else {
        return Porteur::default();
    };
    Porteur {
        organisme: porteur.finess("organisme", journal),
        soumis_ccp: porteur.booleen("soumis_ccp", journal),
        marche_public_identique: porteur.booleen("marche_public_identique", journal),
        signataire: Signataire::NonDemande,
    }
}

fn lire_solution(valeur: &Value, journal: &mut Journal) -> Option<Solution> {
    let solution = Objet::lire(valeur, "projet.solution", SolutionVisee::CHAMPS, journal)?;
    Some(Solution {
        nom: solution.texte("nom", journal).unwrap_or_default(),
        version: solution.texte("version", journal),
        segur: solution.booleen("segur", journal),
        sad: solution.booleen("sad", journal),
        couloirs: solution.choix_multiple("couloirs", journal),
        referentiels: solution.choix_multiple("referentiels", journal),
        services_socles: solution.choix_multiple("services_socles", journal),
        plateforme_eparcours: solution.booleen("plateforme_eparcours", journal),
    })
}

fn lire_plan(valeur: &Value, journal: &mut Journal) -> PlanFinancement {
    let Some(plan) = Objet::lire(valeur, "projet.plan_financement", PlanSimule::CHAMPS, journal) else {
        return PlanFinancement::default();
    };
    PlanFinancement {
        depenses: plan.montant("depenses_centimes", journal),
        autofinancement: plan.montant("autofinancement_centimes", journal),
        autres_ressources: plan.montant("autres_ressources_centimes", journal),
    }
}

fn lire_organismes(valeurs: &[Value], journal: &mut Journal) -> Vec<Organisme> {
    let mut vus = HashMap::new();
    let mut organismes = Vec::with_capacity(valeurs.len());
    for (rang, valeur) in valeurs.iter().enumerate() {
        let chemin = format!("organismes[{rang}]");
        let Some(objet) = Objet::lire(valeur, &chemin, OrganismeSimule::CHAMPS, journal) else {
            continue;
        };
        let nombre_essms = objet.nombre("nombre_essms", journal);
        let nombre_essms_a_verifier = objet.nombre("nombre_essms_a_verifier", journal);
        if let Some(finess) = finess_obligatoire(&objet, journal) {
            refuser_doublon(&mut vus, finess, "organismes", rang, journal);
            organismes.push(Organisme {
                finess,
                nombre_essms,
                nombre_essms_a_verifier,
                par_accompagnement: None,
            });
        }
    }
    organismes
}
