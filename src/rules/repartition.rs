//! How the grant is shared out: instalment by instalment, region by region. Parts sum to the centime.

use std::collections::BTreeMap;

use crate::domain::argent::Centimes;
use crate::rules::contexte::Contexte;
use crate::rules::edition::Edition;
use crate::rules::evaluation::{PartRegion, VersementPrevu};

/// « Crédits ESMS numérique versés en 2 temps » (MÉMO); 40, 40 and 20 % in 2021 (IDF-2021, « Modalités de
/// financement »).
pub(in crate::rules) fn versements(edition: &Edition, certain: Centimes, maximum: Centimes) -> Vec<VersementPrevu> {
    let parts: Vec<u64> = edition.versements.iter().map(|v| u64::from(v.part_pour_cent)).collect();
    let montants = certain.repartir(&parts).into_iter().zip(maximum.repartir(&parts));
    edition
        .versements
        .iter()
        .zip(montants)
        .enumerate()
        .map(|(rang, (versement, (certain, maximum)))| VersementPrevu {
            rang: rang + 1,
            part_pour_cent: versement.part_pour_cent,
            certain,
            maximum,
            condition: versement.condition.clone(),
            source: edition.source(&versement.source),
        })
        .collect()
}

/// « Le financement est alors assuré par chaque ARS, au prorata du nombre d'ESMS concernés dans la région »
/// (IDF-2021, nota bene). ESSMS whose département is unknown come last, under no region.
pub(in crate::rules) fn par_region(ctx: &Contexte, certain: Centimes, maximum: Centimes) -> Vec<PartRegion> {
    let mut comptes: BTreeMap<(bool, &str), u64> = BTreeMap::new();
    for essms in &ctx.retenus {
        let code = essms.departement.map(|d| d.region.code.as_str());
        *comptes.entry((code.is_none(), code.unwrap_or_default())).or_insert(0) += 1;
    }
    let poids: Vec<u64> = comptes.values().copied().collect();
    let montants = certain.repartir(&poids).into_iter().zip(maximum.repartir(&poids));
    comptes
        .into_iter()
        .zip(montants)
        .map(|(((inconnue, code), nombre), (certain, maximum))| PartRegion {
            region: (!inconnue).then(|| code.to_owned()),
            nombre_essms: usize::try_from(nombre).unwrap_or(usize::MAX),
            certain,
            maximum,
        })
        .collect()
}
