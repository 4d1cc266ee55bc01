//! `GET /api`: the document of the API as people read it, drawn from the document itself.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use super::openapi::document;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::Colonne;

/// A request of the contract, to begin with; the test of the API sends it.
const EXEMPLE: &str = include_str!("../../docs/simulation.json");

const DESCRIPTION: &str = "L’API du portail\u{a0}: simuler un projet, lire les appels à projets, chercher un ESSMS.";

/// The page.
#[derive(Template)]
#[template(path = "api/documentation.html")]
pub struct Documentation {
    habillage: Habillage,
    description: String,
    operations: Vec<Operation>,
    objets: Vec<Objet>,
    colonnes_parametres: Vec<Colonne>,
    colonnes_reponses: Vec<Colonne>,
    colonnes_champs: Vec<Colonne>,
    openapi: &'static str,
    adresse: String,
    exemple: &'static str,
    calculs: String,
    lectures: String,
}

/// One thing that can be asked.
struct Operation {
    methode: String,
    chemin: String,
    resume: String,
    description: String,
    parametres: Vec<Vec<String>>,
    corps: Option<String>,
    reponses: Vec<Vec<String>>,
}

/// A type of the document.
struct Objet {
    nom: String,
    description: String,
    champs: Vec<Vec<String>>,
    /// Values of a closed list.
    valeurs: String,
}

fn texte(valeur: &Value, cle: &str) -> String {
    valeur.get(cle).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The short name of what a schema refers to, or its own type.
fn genre(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choix) = schema.get("oneOf").and_then(Value::as_array) {
        let genres: Vec<String> = choix.iter().map(genre).filter(|g| g != "null").collect();
        return genres.join(" ou ");
    }
    let mut genres: Vec<&str> = match schema.get("type") {
        Some(Value::String(seul)) => vec![seul],
        Some(Value::Array(plusieurs)) => plusieurs.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    genres.retain(|g| *g != "null");
    let francais = |g: &str| match g {
        "string" => "texte".to_owned(),
        "integer" => "entier".to_owned(),
        "number" => "nombre".to_owned(),
        "boolean" => "booléen".to_owned(),
        "object" => "objet".to_owned(),
        "array" => format!("liste de {}", schema.get("items").map(genre).unwrap_or_default()),
        autre => autre.to_owned(),
    };
    genres.into_iter().map(francais).collect::<Vec<_>>().join(" ou ")
}

fn corps(contenu: &Value) -> Option<String> {
    let contenu = contenu.get("content")?.as_object()?;
    let (type_de_corps, decrit) = contenu.iter().next()?;
    Some(format!("{} ({type_de_corps})", genre(decrit.get("schema")?)))
}

fn operations(document: &Value) -> Vec<Operation> {
    let chemins = document.get("paths").and_then(Value::as_object);
    let mut operations: Vec<Operation> = chemins
        .into_iter()
        .flatten()
        .flat_map(|(chemin, methodes)| {
            let methodes = methodes.as_object();
            let methodes = methodes.into_iter().flatten();
            methodes.map(|(methode, operation)| lire(chemin, methode, operation))
        })
        .collect();
    // The contract first.
    operations.sort_by_key(|o| (o.methode != "POST", o.chemin.clone()));
    operations
}

fn lire(chemin: &str, methode: &str, operation: &Value) -> Operation {
    let parametres = operation.get("parameters").and_then(Value::as_array);
    let parametre = |p: &Value| {
        vec![
            texte(p, "name"),
            p.get("schema").map(genre).unwrap_or_default(),
            texte(p, "description"),
        ]
    };
    let reponses = operation.get("responses").and_then(Value::as_object);
    let reponse =
        |(statut, r): (&String, &Value)| vec![statut.clone(), texte(r, "description"), corps(r).unwrap_or_default()];
    Operation {
        methode: methode.to_uppercase(),
        chemin: chemin.to_owned(),
        resume: texte(operation, "summary"),
        description: texte(operation, "description"),
        parametres: parametres.into_iter().flatten().map(parametre).collect(),
        corps: operation.get("requestBody").and_then(corps),
        reponses: reponses.into_iter().flatten().map(reponse).collect(),
    }
}

fn objets(document: &Value) -> Vec<Objet> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let objet = |(nom, schema): (&String, &Value)| {
        let exiges: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let champs = schema.get("properties").and_then(Value::as_object);
        let champ = |(champ, decrit): (&String, &Value)| {
            let toujours = if exiges.contains(&champ.as_str()) { "oui" } else { "non" };
            vec![
                champ.clone(),
                genre(decrit),
                toujours.to_owned(),
                texte(decrit, "description"),
            ]
        };
        let valeurs = schema.get("enum").and_then(Value::as_array);
        let valeurs: Vec<&str> = valeurs.into_iter().flatten().filter_map(Value::as_str).collect();
        Objet {
            nom: nom.clone(),
            description: texte(schema, "description"),
            champs: champs.into_iter().flatten().map(champ).collect(),
            valeurs: valeurs.join(", "),
        }
    };
    schemas.into_iter().flatten().map(objet).collect()
}

/// Shows it.
pub async fn afficher(State(etat): State<Etat>, visiteur: Visiteur) -> Page<Documentation> {
    let document = document();
    let page = Documentation {
        habillage: habiller_publique(&etat, &visiteur, "API", DESCRIPTION, chemins::API)
            .retour(chemins::ACCUEIL, "Accueil"),
        description: document
            .pointer("/info/description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        operations: operations(document),
        objets: objets(document),
        colonnes_parametres: ["Paramètre", "Type", "Sens"].map(Colonne::texte).to_vec(),
        colonnes_reponses: ["Statut", "Sens", "Document"].map(Colonne::texte).to_vec(),
        colonnes_champs: ["Champ", "Type", "Obligatoire", "Sens"].map(Colonne::texte).to_vec(),
        openapi: chemins::API_OPENAPI,
        adresse: format!("{}{}", etat.courrier.adresse_publique, chemins::API_SIMULATIONS),
        exemple: EXEMPLE,
        calculs: etat.debits.calculs().to_string(),
        lectures: etat.debits.lectures().to_string(),
    };
    Page(StatusCode::OK, page)
}
