//! Reads a case: YAML a business person can write, into facts.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use portail_grappes::domain::argent::Centimes;
use portail_grappes::domain::nomenclature::{Liste, Referentiel, Secteur, ServiceSocle};
use portail_grappes::domain::territoire::departement;
use portail_grappes::rules::faits::{EtatConformite, Faits, ItemSi, Manque, Signataire};
use serde::Deserialize;
use serde_norway::Value;

use crate::outils;

/// A case: what is said, and what is expected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cas {
    pub nom: String,
    pub source: String,
    #[serde(default = "edition_par_defaut")]
    pub edition: String,
    date: Option<String>,
    /// `15 x {categorie: "500"}`, one group a line.
    essms: String,
    #[serde(default)]
    organismes: BTreeMap<char, Option<u32>>,
    porteur: Option<Value>,
    solution: Option<Value>,
    plan: Option<PlanLu>,
    etude_ecart: Option<bool>,
    cibles: Option<bool>,
    dossier: Option<Value>,
    pub attendu: Attendu,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanLu {
    depenses: Option<String>,
    autofinancement: Option<String>,
    autres: Option<String>,
}

/// What is expected of a case; only what is said is checked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attendu {
    pub eligibilite: Option<String>,
    pub recevabilite: Option<String>,
    pub type_projet: Option<String>,
    /// Eligible, in question, excluded.
    pub decompte: Option<(usize, usize, usize)>,
    pub constats: BTreeMap<String, String>,
    pub gravites: BTreeMap<String, String>,
    pub portees: BTreeMap<String, String>,
    /// Words the explanation contains.
    pub messages: BTreeMap<String, String>,
    pub reparations: BTreeMap<String, String>,
    /// How many ESSMS the constat names.
    pub cites: BTreeMap<String, usize>,
    pub certain: Option<String>,
    pub maximum: Option<String>,
    pub versements: Option<Vec<String>>,
    /// `FIN-01: [15 x 7000]`.
    pub lignes: BTreeMap<String, Vec<String>>,
    pub regions: BTreeMap<String, String>,
    pub achat: Option<String>,
}

fn edition_par_defaut() -> String {
    "idf-2024".to_owned()
}

/// Date used when a case does not say: a day of a window of the edition.
fn date_par_defaut(edition: &str) -> &'static str {
    match edition {
        "idf-2021-t2" => "2021-09-15T10:00:00+02:00",
        "ara-2022" => "2022-05-01T10:00:00+02:00",
        _ => "2024-05-01T10:00:00+02:00",
    }
}

/// Euros as people write them.
pub fn euros(texte: &str) -> Centimes {
    Centimes::parse(texte).unwrap_or_else(|erreur| panic!("montant {texte} : {erreur}"))
}

fn texte(valeur: &Value) -> String {
    match valeur {
        Value::String(texte) => texte.clone(),
        Value::Number(nombre) => nombre.to_string(),
        Value::Bool(vrai) => vrai.to_string(),
        autre => panic!("texte attendu : {autre:?}"),
    }
}

/// Fields of a YAML mapping, each seen once; `null` is unknown.
fn champs(valeur: &Value) -> Vec<(String, Option<&Value>)> {
    let table = valeur
        .as_mapping()
        .unwrap_or_else(|| panic!("objet attendu : {valeur:?}"));
    table
        .iter()
        .map(|(cle, v)| (texte(cle), Some(v).filter(|v| !v.is_null())))
        .collect()
}

fn choix<L: Liste>(valeur: Option<&Value>) -> Option<L> {
    valeur.map(|v| L::depuis(&texte(v)).unwrap_or_else(|| panic!("valeur inconnue {v:?}")))
}

fn plusieurs<L: Liste>(valeur: Option<&Value>) -> Option<Vec<L>> {
    let elements = valeur?.as_sequence().unwrap_or_else(|| panic!("liste attendue"));
    Some(elements.iter().filter_map(|v| choix(Some(v))).collect())
}

fn vrai(valeur: Option<&Value>) -> Option<bool> {
    valeur.map(|v| v.as_bool().unwrap_or_else(|| panic!("oui ou non attendu : {v:?}")))
}

fn lettre(valeur: &Value) -> char {
    texte(valeur).chars().next().unwrap()
}

impl Cas {
    /// The facts of the case.
    pub fn faits(&self) -> Faits {
        let mut faits = outils::projet(0);
        faits.date = match self.date.as_deref() {
            Some("inconnue") => None,
            dite => Some(DateTime::parse_from_rfc3339(dite.unwrap_or(date_par_defaut(&self.edition))).unwrap()),
        };
        let mut rang = 0;
        for ligne in self.essms.lines().filter(|ligne| !ligne.trim().is_empty()) {
            let (nombre, description) = ligne
                .split_once(" x ")
                .unwrap_or_else(|| panic!("« {ligne} » : n x {{…}}"));
            let description: Value = serde_norway::from_str(description).unwrap();
            for _ in 0..nombre.trim().parse().unwrap() {
                rang += 1;
                faits.essms.push(lire_essms(rang, &description));
            }
        }
        for (lettre, taille) in &self.organismes {
            faits.organismes.retain(|og| og.finess != outils::ej(*lettre));
            faits.organismes.push(outils::organisme(*lettre, *taille));
        }
        if let Some(porteur) = &self.porteur {
            lire_porteur(&mut faits, porteur);
        }
        match &self.solution {
            Some(Value::String(_)) => faits.solution = None,
            Some(solution) => lire_solution(&mut faits, solution),
            None => {}
        }
        if let Some(plan) = &self.plan {
            faits.plan.depenses = plan.depenses.as_deref().map(euros);
            faits.plan.autofinancement = plan.autofinancement.as_deref().map(euros);
            faits.plan.autres_ressources = plan.autres.as_deref().map(euros);
        }
        faits.etude_ecart_jointe = self.etude_ecart;
        faits.cibles_atteignables_declarees = self.cibles;
        if let Some(dossier) = &self.dossier {
            lire_dossier(&mut faits, dossier);
        }
        faits
    }
}

fn lire_essms(rang: usize, description: &Value) -> portail_grappes::rules::faits::Essms {
    let mut essms = outils::essms(rang);
    for (champ, valeur) in champs(description) {
        match champ.as_str() {
            "og" => essms.organisme = valeur.map(|v| outils::ej(lettre(v))),
            "categorie" => essms.categorie = outils::categorie(&valeur.map_or("inconnue".to_owned(), texte)),
            "etat" => essms.etat = choix(valeur).unwrap(),
            "departement" => essms.departement = valeur.map(|v| departement(&texte(v)).unwrap()),
            "type" => essms.type_projet = choix(valeur),
            "hebergement" => essms.hebergement = choix(valeur),
            "solution" => essms.solution = valeur.map(texte),
            "version" => essms.solution_version = valeur.map(texte),
            "deja_finance" => essms.deja_finance = vrai(valeur),
            "sons" => essms.sons = vrai(valeur),
            "sons_logiciel" => essms.sons_logiciel = valeur.map(texte),
            "entite" => essms.entite_nationale = choix(valeur),
            "ght" => essms.rattache_ght = vrai(valeur),
            "confort" => essms.activites_confort = vrai(valeur),
            "part" => essms.part_heures_eligibles = valeur.map(|v| u16::try_from(euros(&texte(v)).0).unwrap()),
            "engage_ailleurs" => essms.engage_ailleurs = vrai(valeur),
            "medicalise" => essms.medicalise = vrai(valeur),
            "ror" => essms.ror_complet = vrai(valeur),
            "autodiagnostic" => essms.autodiagnostic = choix(valeur),
            "numero_de_l_og" => essms.finess = outils::ej(lettre(valeur.unwrap())),
            autre => panic!("champ inconnu d’un ESSMS : {autre}"),
        }
    }
    essms
}

fn lire_porteur(faits: &mut Faits, porteur: &Value) {
    for (champ, valeur) in champs(porteur) {
        match champ.as_str() {
            "og" => faits.porteur.organisme = valeur.map(|v| outils::ej(lettre(v))),
            "ccp" => faits.porteur.soumis_ccp = vrai(valeur),
            "marche" => faits.porteur.marche_public_identique = vrai(valeur),
            "signataire" => {
                faits.porteur.signataire = valeur.map_or(Signataire::AChoisir, |v| {
                    Signataire::Designe(outils::et(texte(v).parse().unwrap()))
                });
            }
            autre => panic!("champ inconnu du porteur : {autre}"),
        }
    }
}

fn lire_solution(faits: &mut Faits, description: &Value) {
    let mut solution = outils::solution();
    for (champ, valeur) in champs(description) {
        match champ.as_str() {
            "nom" => solution.nom = valeur.map(texte).unwrap_or_default(),
            "version" => solution.version = valeur.map(texte),
            "segur" => solution.segur = vrai(valeur),
            "sad" => solution.sad = vrai(valeur),
            "couloirs" => solution.couloirs = plusieurs::<Secteur>(valeur),
            "referentiels" => solution.referentiels = plusieurs::<Referentiel>(valeur),
            "services" => solution.services_socles = plusieurs::<ServiceSocle>(valeur),
            "plateforme" => solution.plateforme_eparcours = vrai(valeur),
            autre => panic!("champ inconnu de la solution : {autre}"),
        }
    }
    faits.solution = Some(solution);
}

fn lire_dossier(faits: &mut Faits, description: &Value) {
    let mut dossier = outils::dossier();
    for (champ, valeur) in champs(description) {
        match champ.as_str() {
            "manques" => {
                let libelles = valeur.and_then(Value::as_sequence).unwrap();
                dossier.manques = libelles.iter().map(manque).collect();
            }
            "motivations" => dossier.motivations = vrai(valeur),
            "referent" => dossier.referent_informatique = vrai(valeur),
            "depot_2021" => dossier.depot_2021 = valeur.map(|v| Some(texte(v)).filter(|t| t != "non")),
            "plan_detaille" => dossier.plan_detaille = vrai(valeur),
            "perimetre" => dossier.perimetre_fonctionnel = vrai(valeur),
            "equipe" => dossier.equipe_presentee = vrai(valeur),
            "echange" => dossier.echange_amont = vrai(valeur),
            "duree" => dossier.duree_mois = valeur.map(|v| texte(v).parse().unwrap()),
            "planning" => dossier.planning = vrai(valeur),
            "description" => dossier.description = vrai(valeur),
            "attestation" => dossier.attestation_socle = vrai(valeur),
            "utilisateurs" => dossier.nombre_utilisateurs = valeur.map(|v| texte(v).parse().unwrap()),
            "plateforme" => dossier.plateforme_regionale = vrai(valeur),
            item => {
                let item = ItemSi::depuis(item).unwrap_or_else(|| panic!("champ inconnu du dossier : {item}"));
                dossier.conformite_si.retain(|(connu, _)| *connu != item);
                dossier
                    .conformite_si
                    .push((item, valeur.map(|v| etat_conformite(&texte(v)))));
            }
        }
    }
    faits.dossier = Some(dossier);
}

fn manque(libelle: &Value) -> Manque {
    Manque {
        etape: "pieces",
        champ: "piece".to_owned(),
        libelle: texte(libelle),
    }
}

fn etat_conformite(texte: &str) -> EtatConformite {
    match texte {
        "respecte" => EtatConformite::Respecte,
        "non" => EtatConformite::Non,
        "en_cours" => EtatConformite::EnCours(None),
        date => EtatConformite::EnCours(Some(NaiveDate::parse_from_str(date, "%Y-%m-%d").unwrap())),
    }
}
