//! FINESS+ (`finess-structures`): one JSON document, read one legal entity at a time.

use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::enregistrement::{EjLu, EtLu};
use super::extrait::{Motif, acheminement, chiffres, date, illisible, numero};
use super::geo::{Position, Projection, lire_degres, lire_metres};
use crate::domain::territoire::{Departement, departement};

/// What the document says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// `schemaVersion`.
    pub version: String,
    /// `generatedAt`.
    pub date: String,
    /// Whether `pmej` was there.
    pub avec_structures: bool,
}

/// Reads the document, handing each element of `pmej` to `recevoir`, which says whether to go on.
///
/// # Errors
/// Broken JSON, or a document of another shape.
pub fn parcourir(
    flux: &mut dyn BufRead,
    recevoir: &mut dyn FnMut(Value) -> Result<(), Arret>,
) -> serde_json::Result<Document> {
    let mut lecteur = serde_json::Deserializer::from_reader(flux);
    let document = (&mut lecteur).deserialize_map(Racine { recevoir })?;
    lecteur.end()?;
    Ok(document)
}

/// The receiver wants no more.
#[derive(Debug)]
pub struct Arret;

struct Racine<'a> {
    recevoir: &'a mut dyn FnMut(Value) -> Result<(), Arret>,
}

impl<'de> Visitor<'de> for Racine<'_> {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un document FINESS+ (schemaVersion, generatedAt, pmej)")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut carte: A) -> Result<Document, A::Error> {
        let mut document = Document::default();
        while let Some(cle) = carte.next_key::<String>()? {
            match cle.as_str() {
                "schemaVersion" => document.version = texte(&carte.next_value::<Value>()?),
                "generatedAt" => document.date = texte(&carte.next_value::<Value>()?),
                "pmej" => {
                    document.avec_structures = true;
                    carte.next_value_seed(Structures {
                        recevoir: self.recevoir,
                    })?;
                }
                _ => {
                    carte.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(document)
    }
}

struct Structures<'a> {
    recevoir: &'a mut dyn FnMut(Value) -> Result<(), Arret>,
}

impl<'de> DeserializeSeed<'de> for Structures<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, lecteur: D) -> Result<(), D::Error> {
        lecteur.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Structures<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("la liste des personnes morales (pmej)")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut liste: A) -> Result<(), A::Error> {
        while let Some(structure) = liste.next_element::<Value>()? {
            if (self.recevoir)(structure).is_err() {
                return Err(serde::de::Error::custom("lecture interrompue"));
            }
        }
        Ok(())
    }
}

/// Reads the legal entity of an element of `pmej`.
///
/// # Errors
/// [`Motif`], by the first thing that is wrong.
pub fn lire_ej(structure: &Value) -> Result<EjLu, Motif> {
    let infos = &structure["informationsGeneralesPMEJ"];
    let finess = numero(&texte(&infos["numFinessPm"]), "numFinessPm")?;
    let long = rempli(&infos["denominationLonguePmSmsse"]);
    let raison_sociale = rempli(&infos["denominationPm"])
        .or_else(|| long.clone())
        .ok_or(Motif::Vide("denominationPm"))?;
    let lieu = adresse_d_usage(&structure["adresse"], "02");
    let fermeture = date(&texte(&infos["dateFermeture"]), "dateFermeture")?;
    Ok(EjLu {
        finess,
        raison_longue: long.filter(|long| *long != raison_sociale),
        raison_sociale,
        siren: Some(texte(&infos["siren"])).filter(|siren| chiffres(siren, 9)),
        statut_juridique: rempli(&infos["statutJuridique"]),
        statut_libelle: rempli(&infos["statutJuridique"]["libelle"]),
        adresse: lieu.map(voie).filter(|voie| !voie.is_empty()),
        code_postal: lieu.and_then(|l| rempli(&l["codePostal"])),
        commune: lieu.map(commune).filter(|commune| !commune.is_empty()),
        departement: lieu
            .and_then(|l| departement_du_cog(&texte(&l["cogCommune"])))
            .map(|d| d.code.clone()),
        date_creation: date(&texte(&infos["dateCreation"]), "dateCreation")?,
        ferme: fermeture.is_some() || inactif(structure),
        ferme_le: fermeture,
    })
}

/// An establishment, and what was said of its coordinates.
#[derive(Debug, PartialEq)]
pub struct EgeLu {
    /// The establishment.
    pub et: EtLu,
    /// Its coordinates were in the wrong order.
    pub redressee: bool,
    /// Its coordinates are not in France: they are left out, the establishment is kept.
    pub hors_de_france: bool,
}

/// Reads an element of `ege`, of the OG `organisme`.
///
/// # Errors
/// [`Motif`], by the first thing that is wrong.
pub fn lire_ege(ege: &Value, organisme: &str) -> Result<EgeLu, Motif> {
    let infos = &ege["informationsGeneralesEGE"];
    let finess = numero(&texte(&infos["numFinessEge"]), "numFinessEge")?;
    let organisme = numero(organisme, "numFinessPm")?;
    let long = rempli(&infos["nomEgeLong"]);
    let nom = rempli(&infos["nomEgeCourt"])
        .or_else(|| long.clone())
        .ok_or(Motif::Vide("nomEgeCourt"))?;
    let fermeture = date(&texte(&infos["dateFermeture"]), "dateFermeture")?;
    let ferme = fermeture.is_some() || inactif(ege);
    let categorie = texte(&ege["categorieentiteGeographiqueExercice"]);
    let absente = ferme && categorie.is_empty();
    if !absente && !chiffres(&categorie, 3) {
        return Err(illisible("categorieentiteGeographiqueExercice", &categorie));
    }
    let lieu = adresse_d_usage(&ege["adresse"], "03");
    let cog = lieu.map(|l| texte(&l["cogCommune"])).unwrap_or_default();
    let departement = departement_du_cog(&cog);
    if departement.is_none() && !(ferme && cog.is_empty()) {
        return Err(if cog.is_empty() {
            Motif::Vide("cogCommune")
        } else {
            illisible("cogCommune", &cog)
        });
    }
    let position = lieu.map(|l| position(&l["coordonneesGeographique"], departement));
    let et = EtLu {
        finess,
        organisme,
        nom_long: long.filter(|long| *long != nom),
        nom,
        adresse: lieu.map(voie).filter(|voie| !voie.is_empty()),
        code_postal: lieu.and_then(|l| rempli(&l["codePostal"])),
        commune_insee: cog,
        commune: lieu.map(commune).unwrap_or_default(),
        departement: departement.map(|d| d.code.clone()).unwrap_or_default(),
        categorie,
        categorie_libelle: rempli(&ege["categorieentiteGeographiqueExercice"]["libelle"]),
        siret: Some(texte(&infos["siret"])).filter(|siret| chiffres(siret, 14)),
        date_ouverture: date(&texte(&infos["dateOuverture"]), "dateOuverture")?,
        date_autorisation: date(&texte(&infos["datePremiereAutorisation"]), "datePremiereAutorisation")?,
        ferme,
        ferme_le: fermeture,
        position: position.flatten().and_then(|p| match p {
            Position::Juste(x, y) | Position::Redressee(x, y) => Some((x, y)),
            Position::HorsDeFrance => None,
        }),
        maj: date(&texte(&ege["dateDerniereMaj"]), "dateDerniereMaj")?,
    };
    Ok(EgeLu {
        et,
        redressee: matches!(position, Some(Some(Position::Redressee(..)))),
        hors_de_france: position == Some(Some(Position::HorsDeFrance)),
    })
}

/// The degrees among the four numbers of a place. In the real flow, the projected pair and the
/// geographical pair change places from one address to another, and each may be in the wrong order:
/// only what reads as degrees is trusted.
fn position(coordonnees: &Value, departement: Option<&Departement>) -> Option<Position> {
    let nombre = |cle| {
        let lu: f64 = texte(&coordonnees[cle]).replace(',', ".").parse().ok()?;
        lu.is_finite().then_some(lu)
    };
    let paires = [
        ("directionLongitude", "directionLatitude"),
        ("coordonneeX", "coordonneeY"),
        ("longitude", "latitude"),
        ("x", "y"),
    ];
    let lues: Vec<(f64, f64)> = paires
        .into_iter()
        .filter_map(|(x, y)| Some((nombre(x)?, nombre(y)?)))
        .collect();
    let departement = departement.map(|d| d.code.as_str());
    let en_degres = |(x, y): &(f64, f64)| x.abs() <= 180.0 && y.abs() <= 180.0;
    // Metres are only read where their projection is not in doubt: on the mainland.
    let continent = departement.is_some_and(|d| d.len() == 2);
    let degres = lues.iter().filter(|paire| en_degres(paire));
    let metres = lues.iter().filter(|paire| !en_degres(paire) && continent);
    degres
        .map(|(x, y)| lire_degres(*x, *y, departement))
        .chain(metres.map(|(x, y)| lire_metres(*x, *y, Projection::Lambert93)))
        .min_by_key(|p| matches!(p, Position::HorsDeFrance))
        .or((!lues.is_empty()).then_some(Position::HorsDeFrance))
}

/// The address of this use (02 head office, 03 place of practice), else the first one.
fn adresse_d_usage<'a>(adresses: &'a Value, usage: &str) -> Option<&'a Value> {
    let adresses = adresses.as_array()?;
    adresses
        .iter()
        .find(|a| texte(&a["usageAdresse"]) == usage)
        .or_else(|| adresses.first())
}

fn voie(adresse: &Value) -> String {
    let morceaux: Vec<String> = ["numeroVoie", "typeVoie", "libelleVoie", "lieuDit"]
        .into_iter()
        .filter_map(|cle| rempli(&adresse[cle]))
        .collect();
    morceaux.join(" ")
}

fn commune(adresse: &Value) -> String {
    acheminement(&texte(&adresse["ligneAcheminement"])).1
}

/// The département of an INSEE commune code, filed as FINESS files it: Saint-Barthélemy and
/// Saint-Martin under Guadeloupe, so that both families agree.
fn departement_du_cog(cog: &str) -> Option<&'static Departement> {
    let lisible = cog.len() == 5 && cog.bytes().all(|o| o.is_ascii_digit() || matches!(o, b'A' | b'B'));
    if !lisible {
        return None;
    }
    let longueur = if cog.starts_with("97") || cog.starts_with("98") {
        3
    } else {
        2
    };
    let trouve = departement(&cog[..longueur])?;
    departement(&trouve.code_finess)
}

fn inactif(structure: &Value) -> bool {
    texte(&structure["etatObjet"]) == "I"
}

/// A value as text: codes come as text, as numbers, or as objects with their label.
fn texte(valeur: &Value) -> String {
    match valeur {
        Value::String(texte) => texte.trim().to_owned(),
        Value::Number(nombre) => nombre.to_string(),
        Value::Object(objet) => objet.get("code").map(texte).unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Array(_) => String::new(),
    }
}

fn rempli(valeur: &Value) -> Option<String> {
    Some(texte(valeur)).filter(|texte| !texte.is_empty())
}

#[cfg(test)]
#[path = "finess_plus_tests.rs"]
mod tests;
