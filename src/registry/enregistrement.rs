//! Records read from a file, whichever the family, and their form in a COPY stream.

use std::fmt::{Display, Write as _};

use chrono::NaiveDate;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::categorie_livree;
use crate::domain::territoire::departement;
use crate::domain::texte::mots_de_recherche;

/// An establishment read.
#[derive(Debug, Clone, PartialEq)]
pub struct EtLu {
    /// FINESS ET.
    pub finess: Finess,
    /// FINESS EJ.
    pub organisme: Finess,
    /// Name.
    pub nom: String,
    /// Long name, when it differs.
    pub nom_long: Option<String>,
    /// Street lines.
    pub adresse: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// INSEE code; empty for a closed establishment without address.
    pub commune_insee: String,
    /// Name of the commune; empty as above.
    pub commune: String,
    /// INSEE code of the département; empty as above.
    pub departement: String,
    /// Category code.
    pub categorie: String,
    /// The registry's label of the category.
    pub categorie_libelle: Option<String>,
    /// SIRET.
    pub siret: Option<String>,
    /// Opened on.
    pub date_ouverture: Option<NaiveDate>,
    /// Authorised on.
    pub date_autorisation: Option<NaiveDate>,
    /// Closed.
    pub ferme: bool,
    /// Closed on, when the file says.
    pub ferme_le: Option<NaiveDate>,
    /// Longitude and latitude.
    pub position: Option<(f64, f64)>,
    /// The registry's date of last change.
    pub maj: Option<NaiveDate>,
}

/// A legal entity read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EjLu {
    /// FINESS EJ.
    pub finess: Finess,
    /// Name.
    pub raison_sociale: String,
    /// Long name, when it differs.
    pub raison_longue: Option<String>,
    /// SIREN.
    pub siren: Option<String>,
    /// Code of its legal status.
    pub statut_juridique: Option<String>,
    /// Label of its legal status.
    pub statut_libelle: Option<String>,
    /// Street lines.
    pub adresse: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Name of the commune.
    pub commune: Option<String>,
    /// INSEE code of the département.
    pub departement: Option<String>,
    /// Created on.
    pub date_creation: Option<NaiveDate>,
    /// Closed.
    pub ferme: bool,
    /// Closed on, when the file says.
    pub ferme_le: Option<NaiveDate>,
}

/// The place of an establishment, read from a file of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LieuLu {
    /// FINESS ET.
    pub finess: Finess,
    /// Longitude and latitude.
    pub position: (f64, f64),
}

impl EtLu {
    /// What a search finds it by: names, commune, postcode, département, category.
    pub fn mots(&self) -> Vec<String> {
        let departement = departement(&self.departement).map_or("", |d| d.nom.as_str());
        let sigle = categorie_livree(&self.categorie).map_or("", |c| c.sigle.as_str());
        let (long, postal) = (vide(self.nom_long.as_ref()), vide(self.code_postal.as_ref()));
        mots_de_recherche(&format!(
            "{} {long} {} {sigle} {postal} {departement}",
            self.nom, self.commune
        ))
    }

    /// One row of the staging table, in the order of its columns.
    pub fn copier(&self, ligne: u64, mots: &[String], tampon: &mut Vec<u8>) {
        let mut rangee = Rangee::new(tampon);
        rangee.valeur(Some(ligne));
        rangee.valeur(Some(self.finess));
        rangee.valeur(Some(self.organisme));
        rangee.texte(Some(&self.nom));
        rangee.texte(self.nom_long.as_deref());
        rangee.texte(self.adresse.as_deref());
        rangee.texte(self.code_postal.as_deref());
        rangee.texte(Some(&self.commune_insee));
        rangee.texte(Some(&self.commune));
        rangee.texte(Some(&self.departement));
        rangee.texte(Some(&self.categorie));
        rangee.texte(self.categorie_libelle.as_deref());
        rangee.texte(self.siret.as_deref());
        rangee.valeur(self.date_ouverture);
        rangee.valeur(self.date_autorisation);
        rangee.valeur(Some(self.ferme));
        rangee.valeur(self.ferme_le);
        rangee.valeur(self.position.map(|p| p.0));
        rangee.valeur(self.position.map(|p| p.1));
        rangee.valeur(self.maj);
        rangee.texte(Some(&mots.join(" ")));
        rangee.finir();
    }
}

impl EjLu {
    /// What a search finds its establishments by.
    pub fn mots(&self) -> Vec<String> {
        mots_de_recherche(&format!(
            "{} {}",
            self.raison_sociale,
            vide(self.raison_longue.as_ref())
        ))
    }

    /// One row of the staging table, in the order of its columns.
    pub fn copier(&self, ligne: u64, mots: &[String], tampon: &mut Vec<u8>) {
        let mut rangee = Rangee::new(tampon);
        rangee.valeur(Some(ligne));
        rangee.valeur(Some(self.finess));
        rangee.texte(Some(&self.raison_sociale));
        rangee.texte(self.raison_longue.as_deref());
        rangee.texte(self.siren.as_deref());
        rangee.texte(self.statut_juridique.as_deref());
        rangee.texte(self.statut_libelle.as_deref());
        rangee.texte(self.adresse.as_deref());
        rangee.texte(self.code_postal.as_deref());
        rangee.texte(self.commune.as_deref());
        rangee.texte(self.departement.as_deref());
        rangee.valeur(self.date_creation);
        rangee.valeur(Some(self.ferme));
        rangee.valeur(self.ferme_le);
        rangee.texte(Some(&mots.join(" ")));
        rangee.finir();
    }
}

impl LieuLu {
    /// One row of the staging table, in the order of its columns.
    pub fn copier(&self, ligne: u64, tampon: &mut Vec<u8>) {
        let mut rangee = Rangee::new(tampon);
        rangee.valeur(Some(ligne));
        rangee.valeur(Some(self.finess));
        rangee.valeur(Some(self.position.0));
        rangee.valeur(Some(self.position.1));
        rangee.finir();
    }
}

fn vide(texte: Option<&String>) -> &str {
    texte.map_or("", String::as_str)
}

/// One row of a COPY in text format: fields end by a tab, the row by a new line.
pub struct Rangee<'a> {
    tampon: &'a mut Vec<u8>,
}

impl<'a> Rangee<'a> {
    /// Begins a row at the end of `tampon`.
    pub fn new(tampon: &'a mut Vec<u8>) -> Self {
        Self { tampon }
    }

    /// A text of the file. PostgreSQL stores no zero byte, and no other control character is
    /// meant in a name: they become spaces.
    pub fn texte(&mut self, texte: Option<&str>) {
        match texte {
            None => self.tampon.extend_from_slice(b"\\N"),
            Some(texte) => {
                for octet in texte.bytes() {
                    match octet {
                        b'\\' => self.tampon.extend_from_slice(b"\\\\"),
                        0..=31 | 127 => self.tampon.push(b' '),
                        _ => self.tampon.push(octet),
                    }
                }
            }
        }
        self.tampon.push(b'\t');
    }

    /// A value whose text holds nothing to escape: number, date, boolean, FINESS number.
    pub fn valeur(&mut self, valeur: Option<impl Display>) {
        let mut texte = String::new();
        match valeur {
            None => texte.push_str("\\N"),
            // Writing to a String cannot fail.
            Some(valeur) => _ = write!(texte, "{valeur}"),
        }
        self.tampon.extend_from_slice(texte.as_bytes());
        self.tampon.push(b'\t');
    }

    /// Ends the row.
    pub fn finir(self) {
        self.tampon.pop();
        self.tampon.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_row_escapes_what_would_break_it() {
        let mut tampon = Vec::new();
        let mut rangee = Rangee::new(&mut tampon);
        rangee.texte(Some("a\tb\nc\\d\0é"));
        rangee.texte(None);
        rangee.valeur(Some(12));
        rangee.finir();
        assert_eq!(String::from_utf8(tampon).unwrap(), "a b c\\\\d é\t\\N\t12\n");
    }
}
