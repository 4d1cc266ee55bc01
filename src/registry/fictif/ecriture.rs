//! The fictitious registry as files, in the exact format of the extracts.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::super::source::Source;
use super::{EjFictif, EtFictif, Fictif, Perimetre};
use crate::domain::nomenclature::Secteur;
use crate::domain::texte::capitales_sans_accents;

/// First fields of every file: the flow is named so that the importer marks each row.
const EN_TETE: &str = "finess;etalab;fictif";

impl Fictif {
    /// Writes the files of the registry into a folder, in the order to import them, and says which.
    ///
    /// # Errors
    /// The folder's.
    pub fn ecrire(&self, perimetre: Perimetre, dossier: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::create_dir_all(dossier)?;
        let suffixe = match perimetre {
            Perimetre::National => "national",
            Perimetre::IleDeFrance => "idf",
        };
        let mut chemins = Vec::new();
        for nature in self.natures() {
            let chemin = dossier.join(format!("fictif-{}-{suffixe}.csv", nature.nom()));
            let mut sortie = BufWriter::new(File::create(&chemin)?);
            self.ecrire_un(nature, &mut sortie)?;
            sortie.flush()?;
            chemins.push(chemin);
        }
        Ok(chemins)
    }

    /// The same files, ready to be imported without touching the disk.
    ///
    /// # Errors
    /// None in practice: writing to memory.
    pub fn sources(&self) -> io::Result<Vec<Source>> {
        self.natures()
            .into_iter()
            .map(|nature| {
                let mut octets = Vec::new();
                self.ecrire_un(nature, &mut octets)?;
                Ok(Source::octets(format!("fictif-{}.csv", nature.nom()), octets))
            })
            .collect()
    }

    /// An extract says that an establishment is closed by not holding it any more: those that closed
    /// need the file of the month before.
    fn natures(&self) -> Vec<Nature> {
        let mut natures = vec![Nature::Organismes, Nature::EssmsAvant, Nature::Essms, Nature::Lieux];
        natures.retain(|nature| !matches!(nature, Nature::EssmsAvant) || !self.fermes.is_empty());
        natures
    }

    fn ecrire_un(&self, nature: Nature, sortie: &mut impl Write) -> io::Result<()> {
        writeln!(sortie, "{EN_TETE};{}", nature.date())?;
        let mut ouverts = self.essms.iter().chain(&self.ecartes);
        match nature {
            Nature::Organismes => self.organismes.iter().try_for_each(|ej| ecrire_ej(ej, sortie)),
            Nature::EssmsAvant => ouverts.chain(&self.fermes).try_for_each(|et| ecrire_et(et, sortie)),
            Nature::Essms => ouverts.try_for_each(|et| ecrire_et(et, sortie)),
            Nature::Lieux => ouverts.try_for_each(|et| ecrire_lieu(et, sortie)),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Nature {
    Organismes,
    EssmsAvant,
    Essms,
    Lieux,
}

impl Nature {
    fn nom(self) -> &'static str {
        match self {
            Self::Organismes => "structureej",
            Self::EssmsAvant => "structureet-avril",
            Self::Essms => "structureet",
            Self::Lieux => "geolocalisation",
        }
    }

    /// Of its data.
    fn date(self) -> &'static str {
        match self {
            Self::EssmsAvant => "2026-04-12",
            Self::Organismes | Self::Essms | Self::Lieux => "2026-05-12",
        }
    }
}

/// Quotes a field when it holds what would end it.
fn citer(texte: &str) -> String {
    if texte.contains([';', '"']) {
        format!("\"{}\"", texte.replace('"', "\"\""))
    } else {
        texte.to_owned()
    }
}

fn ecrire_et(et: &EtFictif, sortie: &mut impl Write) -> io::Result<()> {
    let ouverture = NaiveDate::from_yo_opt(et.ouverture.0, et.ouverture.1).unwrap_or_default();
    let (agregat, libelle_agregat) = agregat(et.categorie.secteur);
    let (numero, type_voie, voie) = &et.voie;
    let departement = et.commune.departement;
    let champs: [&str; 32] = [
        "structureet",
        et.finess.as_str(),
        et.organisme.as_str(),
        &citer(&et.nom),
        "",
        "",
        "",
        &numero.to_string(),
        type_voie,
        &citer(voie),
        "",
        "",
        &et.commune.numero,
        &departement.code_finess,
        &capitales_sans_accents(&departement.nom),
        &format!("{} {}", et.commune.code_postal, et.commune.nom),
        "0199000000",
        "",
        &et.categorie.code,
        &citer(&et.categorie.libelle),
        agregat,
        libelle_agregat,
        &et.siret,
        "",
        "99",
        "Indéterminé",
        "",
        "",
        &ouverture.to_string(),
        &ouverture.to_string(),
        "2026-05-01",
        "",
    ];
    writeln!(sortie, "{}", champs.join(";"))
}

fn ecrire_ej(ej: &EjFictif, sortie: &mut impl Write) -> io::Result<()> {
    let departement = ej.commune.departement;
    let champs: [&str; 23] = [
        "structureej",
        ej.finess.as_str(),
        &citer(&ej.nom),
        "",
        "",
        "1",
        "PL",
        "DE LA MAIRIE",
        "",
        "",
        "",
        &ej.commune.numero,
        &format!("{} {}", ej.commune.code_postal, ej.commune.nom),
        &departement.code_finess,
        &capitales_sans_accents(&departement.nom),
        "0199000000",
        ej.statut.0,
        ej.statut.1,
        "",
        "",
        &ej.siren,
        "",
        "1990-01-01",
    ];
    writeln!(sortie, "{}", champs.join(";"))
}

/// Lambert-93 centres of the départements of Île-de-France, in hundreds of metres.
const CENTRES: [(&str, u32, u32); 8] = [
    ("75", 6_520, 68_620),
    ("77", 6_950, 68_350),
    ("78", 6_180, 68_560),
    ("91", 6_450, 68_220),
    ("92", 6_430, 68_640),
    ("93", 6_620, 68_680),
    ("94", 6_590, 68_540),
    ("95", 6_350, 68_870),
];

/// A place within a few kilometres of the centre of the département, the same for the whole commune
/// but for a few streets: enough for a map that says it is fictitious. Only Île-de-France has one.
fn ecrire_lieu(et: &EtFictif, sortie: &mut impl Write) -> io::Result<()> {
    let code = et.commune.departement.code.as_str();
    let Some((_, x, y)) = CENTRES.iter().find(|(centre, ..)| *centre == code) else {
        return Ok(());
    };
    let commune: u32 = et.commune.numero.parse().unwrap_or(0);
    let rue = u32::try_from(et.voie.0).unwrap_or(0);
    let etendue = match code {
        "77" | "78" | "91" | "95" => 220,
        _ => 50,
    };
    let (dx, dy) = (commune * 37 % etendue, commune * 101 % etendue);
    let metres = |centre: &u32, ecart: u32, pas: u32| (centre + ecart - etendue / 2) * 100 + pas;
    writeln!(
        sortie,
        "geolocalisation;{};{}.0;{}.0;1,FICTIF,100,FICTIF,EPSG:2154 RGF93 / Lambert-93;2026-05-01",
        et.finess,
        metres(x, dx, rue * 7 % 900),
        metres(y, dy, rue * 13 % 900),
    )
}

/// The aggregate that FINESS puts above a category, by sector: close enough for a field that the
/// portal only checks to be filled.
fn agregat(secteur: Option<Secteur>) -> (&'static str, &'static str) {
    match secteur {
        Some(Secteur::Pa) => ("4401", "Etablissements d'Hébergement pour Personnes Âgées"),
        Some(Secteur::Dom) => ("4605", "Services à Domicile"),
        Some(Secteur::Ph) => ("4106", "Services à Domicile ou Ambulatoires pour Handicapés"),
        Some(Secteur::Pde) => ("4501", "Etablissements de l'Aide Sociale à l'Enfance"),
        Some(Secteur::Pjm) => ("4608", "Protection des majeurs"),
        Some(Secteur::Pds | Secteur::Ahi) | None => ("4604", "Autres Etablissements médico-sociaux"),
    }
}
