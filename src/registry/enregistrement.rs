//! Records read from a file, whichever the family, and their form in a COPY stream.

use chrono::NaiveDate;

use super::rangee::Rangee;
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
        rangee.nombre(ligne);
        self.identite(&mut rangee);
        rangee.booleen(self.ferme);
        rangee.date(self.ferme_le);
        self.lieu(&mut rangee);
        rangee.texte(Some(&mots.join(" ")));
        rangee.finir();
    }

    /// One row of the registry itself, in the order of [`Table::Essms`](crate::store::import::Table).
    pub fn inscrire(&self, origine: Origine, mots: &[String], mots_og: &str, tampon: &mut Vec<u8>) {
        let mut rangee = Rangee::new(tampon);
        self.identite(&mut rangee);
        let ferme_le = self.ferme.then(|| self.ferme_le.unwrap_or(origine.date));
        rangee.texte(Some(if self.ferme { "ferme" } else { "ouvert" }));
        rangee.date(ferme_le);
        self.lieu(&mut rangee);
        rangee.texte(Some(&mots.join(" ")));
        rangee.lexemes(mots.iter().map(String::as_str).chain(mots_og.split(' ')));
        rangee.booleen(origine.fictif);
        rangee.date(Some(origine.date));
        rangee.finir();
    }

    fn identite(&self, rangee: &mut Rangee<'_>) {
        rangee.texte(Some(self.finess.as_str()));
        rangee.texte(Some(self.organisme.as_str()));
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
        rangee.date(self.date_ouverture);
        rangee.date(self.date_autorisation);
    }

    fn lieu(&self, rangee: &mut Rangee<'_>) {
        rangee.reel(self.position.map(|p| p.0));
        rangee.reel(self.position.map(|p| p.1));
        rangee.date(self.maj);
    }
}

/// What every row of a file shares.
#[derive(Debug, Clone, Copy)]
pub struct Origine {
    /// Date of the data.
    pub date: NaiveDate,
    /// Generated for demonstration.
    pub fictif: bool,
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
        rangee.nombre(ligne);
        rangee.texte(Some(self.finess.as_str()));
        rangee.texte(Some(&self.raison_sociale));
        rangee.texte(self.raison_longue.as_deref());
        rangee.texte(self.siren.as_deref());
        rangee.texte(self.statut_juridique.as_deref());
        rangee.texte(self.statut_libelle.as_deref());
        rangee.texte(self.adresse.as_deref());
        rangee.texte(self.code_postal.as_deref());
        rangee.texte(self.commune.as_deref());
        rangee.texte(self.departement.as_deref());
        rangee.date(self.date_creation);
        rangee.booleen(self.ferme);
        rangee.date(self.ferme_le);
        rangee.texte(Some(&mots.join(" ")));
        rangee.finir();
    }
}

impl LieuLu {
    /// One row of the staging table, in the order of its columns.
    pub fn copier(&self, ligne: u64, tampon: &mut Vec<u8>) {
        let mut rangee = Rangee::new(tampon);
        rangee.nombre(ligne);
        rangee.texte(Some(self.finess.as_str()));
        rangee.reel(Some(self.position.0));
        rangee.reel(Some(self.position.1));
        rangee.finir();
    }
}

fn vide(texte: Option<&String>) -> &str {
    texte.map_or("", String::as_str)
}
