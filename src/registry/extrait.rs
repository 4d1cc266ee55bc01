//! Records of the legacy extracts: `structureet`, `structureej`, `geolocalisation`.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::enregistrement::{EjLu, EtLu, LieuLu};
use super::geo::{Position, Projection, lire_metres};
use crate::domain::finess::{Finess, FinessErreur};
use crate::domain::territoire::{Departement, departement};

/// First line of a legacy extract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnTete {
    /// Name of the flow; « fictif » when generated for demonstration.
    pub flux: String,
    /// Date of the data.
    pub date: NaiveDate,
}

/// Why a line is rejected; its text goes to the report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Motif {
    /// First field is none of the three.
    #[error("type d’enregistrement inconnu\u{a0}: «\u{a0}{0}\u{a0}»")]
    Type(String),
    /// Wrong number of fields.
    #[error("{lus} champs au lieu de {attendus}")]
    Champs {
        /// What was read.
        lus: usize,
        /// What the format says.
        attendus: usize,
    },
    /// A field that is always filled is empty.
    #[error("champ vide\u{a0}: {0}")]
    Vide(&'static str),
    /// A number that is not a FINESS number.
    #[error("{champ}\u{a0}: {cause}")]
    Numero {
        /// Name of the field.
        champ: &'static str,
        /// What is wrong.
        cause: FinessErreur,
    },
    /// A code that does not have the right form.
    #[error("{champ} illisible\u{a0}: «\u{a0}{valeur}\u{a0}»")]
    Illisible {
        /// Name of the field.
        champ: &'static str,
        /// What was read.
        valeur: String,
    },
    /// A département that does not exist.
    #[error("département inconnu\u{a0}: «\u{a0}{0}\u{a0}»")]
    Departement(String),
    /// A place whose projection is not known.
    #[error("système de coordonnées inconnu\u{a0}: «\u{a0}{0}\u{a0}»")]
    Projection(String),
    /// A place abroad.
    #[error("coordonnées hors de France")]
    HorsDeFrance,
}

/// A record read.
#[derive(Debug, Clone, PartialEq)]
pub enum Lu {
    /// `structureet`.
    Et(Box<EtLu>),
    /// `structureej`.
    Ej(Box<EjLu>),
    /// `geolocalisation`; the boolean says that the pair was in the wrong order.
    Lieu(LieuLu, bool),
}

type Champs<'a> = [Cow<'a, str>];

/// Reads the first line; `None` when it is not that of an extract.
pub fn lire_en_tete(ligne: &str) -> Option<EnTete> {
    let champs: Vec<&str> = ligne.trim().split(';').collect();
    let ["finess", _, flux, date, ..] = champs[..] else {
        return None;
    };
    Some(EnTete {
        flux: flux.to_owned(),
        date: date.parse().ok()?,
    })
}

/// Reads one record.
///
/// # Errors
/// [`Motif`], by the first thing that is wrong.
pub fn lire(champs: &Champs<'_>) -> Result<Lu, Motif> {
    match champs.first().map_or("", Cow::as_ref) {
        "structureet" => lire_et(champs).map(|et| Lu::Et(Box::new(et))),
        "structureej" => lire_ej(champs).map(|ej| Lu::Ej(Box::new(ej))),
        "geolocalisation" => lire_lieu(champs).map(|(lieu, redresse)| Lu::Lieu(lieu, redresse)),
        autre => Err(Motif::Type(autre.chars().take(40).collect())),
    }
}

/// Always filled in `structureet`, beside the numbers: rank and name.
const TOUJOURS_REMPLIS: [(usize, &str); 7] = [
    (3, "raison sociale"),
    (12, "commune"),
    (13, "département"),
    (15, "ligne d’acheminement"),
    (18, "catégorie"),
    (20, "agrégat de catégorie"),
    (30, "date de mise à jour"),
];

fn lire_et(champs: &Champs<'_>) -> Result<EtLu, Motif> {
    attendre(champs, 32)?;
    for (rang, nom) in TOUJOURS_REMPLIS {
        if champs[rang].is_empty() {
            return Err(Motif::Vide(nom));
        }
    }
    let finess = numero(&champs[1], "numéro FINESS ET")?;
    let organisme = numero(&champs[2], "numéro FINESS EJ")?;
    let departement = lire_departement(&champs[13])?;
    let commune_insee = commune_insee(departement, &champs[12])?;
    if !chiffres(&champs[18], 3) {
        return Err(illisible("catégorie", &champs[18]));
    }
    let (code_postal, commune) = acheminement(&champs[15]);
    Ok(EtLu {
        finess,
        organisme,
        nom: champs[3].to_string(),
        nom_long: autre_que(&champs[4], &champs[3]),
        adresse: adresse(&[&[5, 6], &[7, 8, 9, 10], &[11]], champs),
        code_postal,
        commune_insee,
        commune,
        departement: departement.code.clone(),
        categorie: champs[18].to_string(),
        categorie_libelle: rempli(&champs[19]),
        siret: chiffres(&champs[22], 14).then(|| champs[22].to_string()),
        date_ouverture: date(&champs[28], "date d’ouverture")?,
        date_autorisation: date(&champs[29], "date d’autorisation")?,
        ferme: false,
        ferme_le: None,
        position: None,
        maj: date(&champs[30], "date de mise à jour")?,
    })
}

fn lire_ej(champs: &Champs<'_>) -> Result<EjLu, Motif> {
    attendre(champs, 23)?;
    let finess = numero(&champs[1], "numéro FINESS EJ")?;
    let raison_sociale = rempli(&champs[2])
        .or_else(|| rempli(&champs[3]))
        .ok_or(Motif::Vide("raison sociale"))?;
    let departement = match champs[13].as_ref() {
        "" => None,
        code => Some(lire_departement(code)?.code.clone()),
    };
    let (code_postal, commune) = acheminement(&champs[12]);
    Ok(EjLu {
        finess,
        raison_longue: autre_que(&champs[3], &raison_sociale),
        raison_sociale,
        siren: chiffres(&champs[20], 9).then(|| champs[20].to_string()),
        statut_juridique: rempli(&champs[16]),
        statut_libelle: rempli(&champs[17]),
        adresse: adresse(&[&[4, 9], &[5, 6, 7, 8], &[10]], champs),
        code_postal,
        commune: rempli(&commune),
        departement,
        date_creation: date(&champs[22], "date de création")?,
        ferme: false,
        ferme_le: None,
    })
}

fn lire_lieu(champs: &Champs<'_>) -> Result<(LieuLu, bool), Motif> {
    attendre(champs, 6)?;
    let finess = numero(&champs[1], "numéro FINESS ET")?;
    let x = coordonnee(&champs[2], "coordonnée X")?;
    let y = coordonnee(&champs[3], "coordonnée Y")?;
    let projection =
        Projection::depuis_source(&champs[4]).ok_or_else(|| Motif::Projection(champs[4].chars().take(80).collect()))?;
    match lire_metres(x, y, projection) {
        Position::Juste(longitude, latitude) => Ok((
            LieuLu {
                finess,
                position: (longitude, latitude),
            },
            false,
        )),
        Position::Redressee(longitude, latitude) => Ok((
            LieuLu {
                finess,
                position: (longitude, latitude),
            },
            true,
        )),
        Position::HorsDeFrance => Err(Motif::HorsDeFrance),
    }
}

fn attendre(champs: &Champs<'_>, attendus: usize) -> Result<(), Motif> {
    let lus = champs.len();
    if lus == attendus {
        Ok(())
    } else {
        Err(Motif::Champs { lus, attendus })
    }
}

/// A FINESS number of a file; unlike a person's, it has no spaces inside.
pub(super) fn numero(texte: &str, champ: &'static str) -> Result<Finess, Motif> {
    if texte.is_empty() {
        return Err(Motif::Vide(champ));
    }
    Finess::parse(texte).map_err(|cause| Motif::Numero { champ, cause })
}

fn lire_departement(code: &str) -> Result<&'static Departement, Motif> {
    // Two characters only: `971` is an INSEE code, not what these files hold.
    departement(code)
        .filter(|_| code.len() == 2)
        .ok_or_else(|| Motif::Departement(code.chars().take(20).collect()))
}

/// INSEE commune = département + three digits; overseas, `97` or `98` stands for the département.
fn commune_insee(departement: &Departement, commune: &str) -> Result<String, Motif> {
    if !chiffres(commune, 3) {
        return Err(illisible("commune", commune));
    }
    Ok(format!("{}{commune}", &departement.code[..2]))
}

/// `01440 VIRIAT` → postcode and commune, without CEDEX.
pub(super) fn acheminement(ligne: &str) -> (Option<String>, String) {
    let (code_postal, reste) = match ligne.split_at_checked(5) {
        Some((debut, reste)) if chiffres(debut, 5) => (Some(debut.to_owned()), reste),
        _ => (None, ligne),
    };
    let commune = reste.split_once(" CEDEX").map_or(reste, |(commune, _)| commune).trim();
    (code_postal, commune.to_owned())
}

fn coordonnee(texte: &str, champ: &'static str) -> Result<f64, Motif> {
    let nombre: f64 = texte.replace(',', ".").parse().map_err(|_| illisible(champ, texte))?;
    nombre
        .is_finite()
        .then_some(nombre)
        .ok_or_else(|| illisible(champ, texte))
}

/// An optional date; what is filled must be readable.
pub(super) fn date(texte: &str, champ: &'static str) -> Result<Option<NaiveDate>, Motif> {
    if texte.is_empty() {
        return Ok(None);
    }
    // FINESS+ has instants where the extracts have dates.
    let jour = texte.split_once('T').map_or(texte, |(jour, _)| jour);
    jour.parse().map(Some).map_err(|_| illisible(champ, texte))
}

pub(super) fn chiffres(texte: &str, nombre: usize) -> bool {
    texte.len() == nombre && texte.bytes().all(|o| o.is_ascii_digit())
}

pub(super) fn illisible(champ: &'static str, valeur: &str) -> Motif {
    let valeur = valeur.chars().take(40).collect();
    Motif::Illisible { champ, valeur }
}

fn rempli(champ: &str) -> Option<String> {
    (!champ.is_empty()).then(|| champ.to_owned())
}

/// A long name says nothing more when it equals the short one.
fn autre_que(long: &str, court: &str) -> Option<String> {
    rempli(long).filter(|long| long != court)
}

/// Lines of the address, each made of the fields of these ranks.
fn adresse(lignes: &[&[usize]], champs: &Champs<'_>) -> Option<String> {
    let lignes: Vec<String> = lignes
        .iter()
        .map(|rangs| {
            let morceaux: Vec<&str> = rangs
                .iter()
                .map(|r| champs[*r].as_ref())
                .filter(|c| !c.is_empty())
                .collect();
            morceaux.join(" ")
        })
        .filter(|ligne| !ligne.is_empty())
        .collect();
    (!lignes.is_empty()).then(|| lignes.join(", "))
}

#[cfg(test)]
#[path = "extrait_tests.rs"]
mod tests;
