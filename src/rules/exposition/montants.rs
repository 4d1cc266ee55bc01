//! Amounts, worded.

use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Edition, Forfait};

/// What distinguishes an amount from the others of an edition, in the same words from one edition to another.
pub(super) fn nom_du_forfait(forfait: &Forfait) -> String {
    let mut nom = forfait.code.libelle().to_owned();
    for precision in [
        forfait.type_projet.map(Liste::libelle),
        forfait.reference.map(Liste::libelle),
    ]
    .into_iter()
    .flatten()
    {
        nom = format!("{nom}, {}", precision.to_lowercase());
    }
    nom
}

/// « 7 000 € par ESSMS ; 2 000 € à partir du 50e ».
pub(super) fn forfait(forfait: &Forfait) -> String {
    let tranches = forfait.tranches.iter().map(|tranche| match tranche.a_partir_de {
        1 => format!("{} {}", tranche.taux_centimes, forfait.assiette.libelle()),
        rang => format!("{} à partir du {rang}e", tranche.taux_centimes),
    });
    tranches.collect::<Vec<_>>().join(" ; ")
}

/// Every amount of an edition, paid by it or elsewhere, and its instalments.
pub(super) fn montants(edition: &Edition) -> Vec<(String, String)> {
    let forfaits = edition.forfaits.iter().map(|f| (nom_du_forfait(f), forfait(f)));
    let ailleurs = edition
        .forfaits_externes
        .iter()
        .map(|f| (f.libelle.clone(), format!("{} par ESSMS", f.taux_centimes)));
    let versements = (1..).zip(&edition.versements).map(|(rang, v)| {
        (
            format!("Versement {rang}"),
            format!("{} % — {}", v.part_pour_cent, v.condition),
        )
    });
    forfaits.chain(ailleurs).chain(versements).collect()
}
