//! Amounts, worded.

use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Edition, Forfait};

/// « 7 000 € par ESSMS ; 2 000 € à partir du 50e ».
pub(super) fn forfait(forfait: &Forfait) -> String {
    let tranches = forfait.tranches.iter().map(|tranche| match tranche.a_partir_de {
        1 => format!("{} {}", tranche.taux_centimes, forfait.assiette.libelle()),
        rang => format!("{} à partir du {rang}e", tranche.taux_centimes),
    });
    tranches.collect::<Vec<_>>().join(" ; ")
}

/// Every amount of an edition, paid by it or elsewhere, and its instalments: what is the same from one edition to another, how
/// this one names it, its value.
pub(super) fn montants(edition: &Edition) -> Vec<(String, String, String)> {
    let cle = |f: &Forfait| format!("{:?}", (f.code, f.type_projet, f.reference));
    let forfaits = edition.forfaits.iter().map(|f| (cle(f), f.libelle.clone(), forfait(f)));
    let ailleurs = edition.forfaits_externes.iter().map(|f| {
        let montant = format!("{} par ESSMS", f.taux_centimes);
        (f.libelle.clone(), f.libelle.clone(), montant)
    });
    let versements = (1..).zip(&edition.versements).map(|(rang, v)| {
        let nom = format!("Versement {rang}");
        (nom.clone(), nom, format!("{} % — {}", v.part_pour_cent, v.condition))
    });
    forfaits.chain(ailleurs).chain(versements).collect()
}
