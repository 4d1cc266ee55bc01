//! `GET /api/openapi.json`: the document of the API, generated from the types that it reads and writes.

use std::sync::LazyLock;

use axum::response::Response;
use serde_json::Value;
use utoipa::OpenApi;

use super::mots::MOTS;
use super::{Refus, json};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "API du Portail Grappes ESMS numérique",
        version = "1",
        description = "Simuler une grappe, lire les appels à projets, chercher dans le répertoire FINESS. Sans compte ni clé. \
            Les montants sont en centimes d’euro. Un champ peut être ajouté à une réponse, aucun n’est renommé.",
        license(name = "Licence Ouverte 2.0 (données du répertoire)", url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
    ),
    paths(
        super::simulations::simuler,
        super::aap::lister,
        super::aap::lire,
        super::essms::chercher,
    ),
    tags(
        (name = "Simulation", description = "Le verdict des règles sur une grappe"),
        (name = "Appels à projets", description = "Les règles et les montants, comme données"),
        (name = "Répertoire", description = "Les ESSMS et leurs faits publics"),
    )
)]
struct Api;

/// The document; its descriptions of fields are in French, where the code's own are not.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::to_value(Api::openapi()).unwrap_or_default();
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for (nom, schema) in schemas.iter_mut() {
            decrire(nom, schema);
        }
    }
    let operations = document.get_mut("paths").and_then(Value::as_object_mut);
    for operation in operations
        .into_iter()
        .flat_map(|chemins| chemins.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|methodes| methodes.values_mut())
    {
        completer(operation);
    }
    document
});

/// The document.
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// Puts the words of [`MOTS`] on a schema and its fields; closed lists describe themselves.
fn decrire(nom: &str, schema: &mut Value) {
    let mot = |champ: &str| {
        MOTS.iter()
            .find(|(n, c, _)| *n == nom && *c == champ)
            .map(|(_, _, mot)| *mot)
    };
    let poser = |objet: &mut Value, mot: Option<&str>| {
        let Some(objet) = objet.as_object_mut() else { return };
        match mot {
            Some(mot) => drop(objet.insert("description".to_owned(), Value::from(mot))),
            None => drop(objet.remove("description")),
        }
    };
    let Some(champs) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (champ, propriete) in champs.iter_mut() {
        poser(propriete, mot(champ));
    }
    poser(schema, mot(""));
}

/// Headers of every answer that is counted.
const ENTETES: [(&str, &str); 2] = [
    (
        "RateLimit-Policy",
        "Quota de l’adresse qui appelle\u{a0}: son nom, q demandes par w secondes",
    ),
    (
        "RateLimit",
        "Ce qu’il en reste\u{a0}: r demandes, et t secondes avant qu’il soit de nouveau entier",
    ),
];

/// Puts on an operation what the layers around all of them answer: the quotas, and the failures of the portal.
fn completer(operation: &mut Value) {
    let Some(reponses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    let probleme =
        serde_json::json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Probleme" } } });
    for (statut, sens) in [
        (
            "500",
            "Panne du portail\u{a0}: «\u{a0}reference\u{a0}» la désigne, à citer pour la signaler",
        ),
        (
            "503",
            "Le portail n’a pas pu répondre à temps, ou s’arrête\u{a0}: recommencez",
        ),
    ] {
        let reponse = serde_json::json!({ "description": sens, "content": probleme });
        reponses.insert(statut.to_owned(), reponse);
    }
    for (statut, reponse) in reponses.iter_mut().filter(|(statut, _)| *statut != "503") {
        let entete = |sens: &str| serde_json::json!({ "description": sens, "schema": { "type": "string" } });
        let mut entetes: serde_json::Map<String, Value> = ENTETES
            .iter()
            .map(|(nom, sens)| ((*nom).to_owned(), entete(sens)))
            .collect();
        if statut == "429" {
            entetes.insert(
                "Retry-After".to_owned(),
                entete("Secondes à attendre avant de recommencer"),
            );
        }
        if let Some(reponse) = reponse.as_object_mut() {
            reponse.insert("headers".to_owned(), Value::Object(entetes));
        }
    }
}

/// Gives the document.
///
/// # Errors
/// None: a handler of the API.
pub async fn afficher() -> Result<Response, Refus> {
    Ok(json(DOCUMENT.to_string()))
}
