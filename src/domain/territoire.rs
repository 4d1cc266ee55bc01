//! Régions and départements: small closed tables, compiled in.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Where a région lies, as far as the texts treat it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Mainland, Corsica excepted.
    Metropole,
    /// Corsica: a grappe of 8 is enough.
    Corse,
    /// Overseas: a grappe of 8 is enough.
    OutreMer,
}

/// A région, by its INSEE code (an overseas collectivity has the code of its département).
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// INSEE code, such as `11`.
    pub code: String,
    /// Official name.
    pub nom: String,
    /// Its zone.
    pub zone: Zone,
}

/// A département.
#[derive(Debug, PartialEq, Eq)]
pub struct Departement {
    /// INSEE code, such as `75`, `2A` or `971`.
    pub code: String,
    /// Code in FINESS files: two characters, `9A` for `971`.
    pub code_finess: String,
    /// Official name.
    pub nom: String,
    /// Its région.
    pub region: &'static Region,
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    lignes(include_str!("../../referentiels/regions.csv"))
        .map(|champs| Region {
            code: champs[0].to_owned(),
            nom: champs[1].to_owned(),
            zone: match champs[2] {
                "corse" => Zone::Corse,
                "outre_mer" => Zone::OutreMer,
                _ => Zone::Metropole,
            },
        })
        .collect()
});

static DEPARTEMENTS: LazyLock<Vec<Departement>> = LazyLock::new(|| {
    lignes(include_str!("../../referentiels/departements.csv"))
        .filter_map(|champs| {
            Some(Departement {
                code: champs[0].to_owned(),
                code_finess: champs[1].to_owned(),
                nom: champs[2].to_owned(),
                region: region(champs[3])?,
            })
        })
        .collect()
});

static PAR_CODE: LazyLock<HashMap<&'static str, &'static Departement>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    // Two collectivities share Guadeloupe's FINESS code: the first of the table, Guadeloupe, keeps it.
    for departement in DEPARTEMENTS.iter() {
        table.entry(departement.code_finess.as_str()).or_insert(departement);
    }
    for departement in DEPARTEMENTS.iter() {
        table.insert(departement.code.as_str(), departement);
    }
    table
});

fn lignes(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    csv.lines().skip(1).map(|ligne| ligne.split(';').collect())
}

/// Every région.
pub fn regions() -> &'static [Region] {
    &REGIONS
}

/// The région of this INSEE code.
pub fn region(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.code == code)
}

/// Every département.
pub fn departements() -> &'static [Departement] {
    &DEPARTEMENTS
}

/// The département of this code, INSEE (`971`) or FINESS (`9A`).
pub fn departement(code: &str) -> Option<&'static Departement> {
    PAR_CODE.get(code).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_departement_has_a_region() {
        assert_eq!(
            departements().len(),
            include_str!("../../referentiels/departements.csv").lines().count() - 1
        );
        assert_eq!(departement("75").map(|d| d.region.nom.as_str()), Some("Île-de-France"));
        assert_eq!(departement("2B").map(|d| d.region.zone), Some(Zone::Corse));
    }

    #[test]
    fn overseas_is_known_by_both_codes() {
        assert_eq!(departement("9A").map(|d| d.code.as_str()), Some("971"));
        assert_eq!(departement("9F"), departement("976"));
        assert_eq!(departement("971").map(|d| d.region.zone), Some(Zone::OutreMer));
        assert_eq!(departement("99"), None);
    }
}
