//! A repair is a promise: once it is made, the rule holds. Every repair of every case is made.

use portail_grappes::domain::nomenclature::EntiteNationale;
use portail_grappes::rules::constat::{Constat, Resultat};
use portail_grappes::rules::evaluer;

use crate::cas::tous;
use crate::outils;
use crate::reparateur::reparer;

/// A repair settles what does not hold; what was unknown besides, the grant included, may stay so.
fn tient(constat: &Constat, avant: &Constat) -> bool {
    let bornes = [
        avant.valeurs.get("subvention_certaine_centimes"),
        avant.valeurs.get("subvention_maximale_centimes"),
    ];
    let reste_inconnu = avant.essms.iter().any(|c| c.resultat != Resultat::NonSatisfait) || bornes[0] != bornes[1];
    match constat.resultat {
        Resultat::Satisfait | Resultat::SansObjet => true,
        Resultat::Inconnu | Resultat::AppreciationArs => reste_inconnu,
        Resultat::NonSatisfait => false,
    }
}

#[test]
fn every_repair_is_true() {
    let mut eprouvees = 0;
    for cas in tous() {
        let edition = outils::edition(&cas.edition);
        let faits = cas.faits();
        let avant = evaluer(edition, &faits);
        for constat in avant
            .constats
            .iter()
            .filter(|c| c.resultat == Resultat::NonSatisfait && c.code != "REC-01")
        {
            let Some(reparation) = &constat.reparation else {
                continue;
            };
            let mut repares = faits.clone();
            reparer(&constat.code, reparation, &mut repares, edition);
            let apres = evaluer(edition, &repares);
            let apres = apres.constat(&constat.code).unwrap();
            eprouvees += 1;
            // Once every ESSMS is excluded, taking them out leaves nothing to judge.
            assert!(
                repares.essms.is_empty() || tient(apres, constat),
                "{}\n{} : {}\n→ {}\n→ {}",
                cas.nom,
                constat.code,
                constat.message,
                reparation.message,
                apres.message
            );
        }
    }
    assert!(eprouvees >= 60, "{eprouvees} réparations éprouvées");
}

#[test]
fn an_agreement_is_another_way_out() {
    let mut faits = outils::projet(15);
    faits.essms[3].entite_nationale = Some(EntiteNationale::SansAccord);
    let evaluation = outils::juger(&faits);
    assert_eq!(outils::resultat(&evaluation, "ELI-E06"), "non_satisfait");
    faits.essms[3].entite_nationale = Some(EntiteNationale::Accord);
    assert_eq!(outils::resultat(&outils::juger(&faits), "ELI-E06"), "satisfait");
}

#[test]
fn what_does_not_hold_says_how_to_repair_it() {
    // The only unfavourable outcomes without a way out: a closed call, no ESSMS of the region after the
    // multiregional date, a plan compared with an open interval, a project that was not deposited in 2021.
    let sans_issue = ["REC-08", "ELI-G07", "REC-04", "PRI-03"];
    for cas in tous() {
        for constat in crate::cas::evaluation(&cas).constats {
            if constat.resultat == Resultat::NonSatisfait && constat.reparation.is_none() {
                assert!(
                    sans_issue.contains(&constat.code.as_str()),
                    "{} : {}",
                    cas.nom,
                    constat.code
                );
            }
        }
    }
}
