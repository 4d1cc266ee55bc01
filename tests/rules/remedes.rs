//! The smallest set of changes: against a brute force on small grappes, and on the cases people meet.

use portail_grappes::domain::finess::Finess;
use portail_grappes::domain::nomenclature::{GrandSecteur, Hebergement, TypeProjet};
use portail_grappes::domain::territoire::departement;
use portail_grappes::rules::constat::Resultat;
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::evaluer;
use portail_grappes::rules::faits::{Essms, Faits, Signataire, Solution};
use portail_grappes::rules::regle::CodeRegle;
use portail_grappes::rules::reparation::{Issue, Remede, Vivier, appliquer, reparer};
use proptest::prelude::*;

use crate::outils;

/// The DUI that some ESSMS of the small grappes use instead.
const AUTRE: &str = "Autre DUI";

/// The edition of 2024 for grappes of two or three to five.
fn petite() -> Edition {
    let mut edition = outils::edition("idf-2024").clone();
    (edition.taille.minimum, edition.taille.maximum) = (3, 5);
    edition.taille.minimum_corse_outre_mer = 2;
    edition
}

fn autre_solution() -> Solution {
    Solution {
        nom: AUTRE.to_owned(),
        version: Some("1.0".to_owned()),
        ..outils::solution()
    }
}

fn trouve(issue: Issue) -> Remede {
    match issue {
        Issue::Trouvee { remede, .. } => *remede,
        autre => panic!("aucune réparation : {autre:?}"),
    }
}

/// One change, as a person makes it.
#[derive(Debug, Clone)]
enum Geste {
    Solution,
    Retirer(Finess),
    Ajouter(usize),
    Aligner(Finess, Option<String>, Option<String>),
    Type(Finess, TypeProjet),
    Hebergement(Finess, Hebergement),
    Signataire(Finess),
}

fn faire(gestes: &[&Geste], faits: &Faits, vivier: &Vivier) -> Faits {
    let mut apres = faits.clone();
    for geste in gestes {
        match geste {
            Geste::Solution => {
                let (avant, apres_choix) = (apres.solution.clone(), vivier.solutions[0].clone());
                for e in &mut apres.essms {
                    let suit = avant
                        .as_ref()
                        .is_some_and(|s| e.solution.as_ref() == Some(&s.nom) && e.solution_version == s.version);
                    if suit {
                        e.solution = Some(apres_choix.nom.clone());
                        e.solution_version.clone_from(&apres_choix.version);
                    }
                }
                apres.solution = Some(apres_choix);
            }
            Geste::Retirer(finess) => apres.essms.retain(|e| e.finess != *finess),
            Geste::Ajouter(rang) => apres.essms.push(vivier.essms[*rang].clone()),
            Geste::Signataire(finess) => apres.porteur.signataire = Signataire::Designe(*finess),
            Geste::Aligner(finess, nom, version) => {
                let visee = apres.solution.clone();
                for e in apres.essms.iter_mut().filter(|e| e.finess == *finess) {
                    e.solution = visee.as_ref().map(|s| s.nom.clone()).or_else(|| nom.clone());
                    e.solution_version = visee.as_ref().map_or_else(|| version.clone(), |s| s.version.clone());
                }
            }
            Geste::Type(finess, valeur) => {
                for e in apres.essms.iter_mut().filter(|e| e.finess == *finess) {
                    e.type_projet = Some(*valeur);
                }
            }
            Geste::Hebergement(finess, valeur) => {
                for e in apres.essms.iter_mut().filter(|e| e.finess == *finess) {
                    e.hebergement = Some(*valeur);
                }
            }
        }
    }
    apres
}

/// Every change that could be made: known answers only, unknown ones are left alone.
fn gestes(faits: &Faits, vivier: &Vivier) -> Vec<Geste> {
    let mut gestes = vec![Geste::Solution];
    gestes.extend((0..vivier.essms.len()).map(Geste::Ajouter));
    let tous = || faits.essms.iter().chain(&vivier.essms);
    for e in &faits.essms {
        gestes.push(Geste::Retirer(e.finess));
    }
    for e in tous() {
        let autre_type = match e.type_projet {
            Some(TypeProjet::Acquisition) => Some(TypeProjet::MiseEnConformite),
            Some(TypeProjet::MiseEnConformite) => Some(TypeProjet::Acquisition),
            None => None,
        };
        gestes.extend(autre_type.map(|t| Geste::Type(e.finess, t)));
        for hebergement in [Hebergement::Saas, Hebergement::Externe] {
            if e.hebergement.is_some_and(|h| h != hebergement) {
                gestes.push(Geste::Hebergement(e.finess, hebergement));
            }
        }
        if e.solution.is_some() {
            for (nom, version) in [
                (outils::LOGICIEL, "5.2"),
                (outils::LOGICIEL, "4.0"),
                (AUTRE, "5.2"),
                (AUTRE, "4.0"),
            ] {
                gestes.push(Geste::Aligner(e.finess, Some(nom.into()), Some(version.into())));
                if faits.solution.is_some() {
                    break;
                }
            }
        }
        if matches!(faits.porteur.signataire, Signataire::Designe(_)) {
            gestes.push(Geste::Signataire(e.finess));
        }
    }
    gestes
}

/// The fewest ESSMS taken out by a combination of exactly so many changes that mends the grappe.
fn force_brute(edition: &Edition, faits: &Faits, vivier: &Vivier, taille: usize) -> Option<usize> {
    fn choisir<'g>(
        tous: &'g [(Geste, usize)],
        taille: usize,
        pris: &mut Vec<&'g Geste>,
        juger: &mut impl FnMut(&[&Geste]),
    ) {
        if taille == 0 {
            return juger(pris);
        }
        for (rang, (geste, cout)) in tous.iter().enumerate().filter(|(_, (_, cout))| *cout <= taille) {
            pris.push(geste);
            choisir(&tous[rang + 1..], taille - cout, pris, juger);
            pris.pop();
        }
    }
    // The project's DUI changes that of each ESSMS that uses it.
    let suit = |e: &&Essms| {
        let visee = faits.solution.as_ref();
        visee.is_some_and(|s| e.solution.as_ref() == Some(&s.nom) && e.solution_version == s.version)
    };
    let suivent = faits.essms.iter().filter(suit).count();
    let tous: Vec<(Geste, usize)> = gestes(faits, vivier)
        .into_iter()
        .map(|geste| {
            let cout = if matches!(geste, Geste::Solution) {
                1 + suivent
            } else {
                1
            };
            (geste, cout)
        })
        .collect();
    let mut meilleur: Option<usize> = None;
    choisir(&tous, taille, &mut Vec::new(), &mut |pris| {
        let retraits = pris.iter().filter(|g| matches!(g, Geste::Retirer(_))).count();
        if meilleur.is_some_and(|m| m <= retraits) {
            return;
        }
        let apres = faire(pris, faits, vivier);
        if evaluer(edition, &apres).eligibilite != Resultat::NonSatisfait {
            meilleur = Some(retraits);
        }
    });
    meilleur
}

fn un_essms() -> impl Strategy<Value = Essms> {
    let types = prop_oneof![
        4 => Just(Some(TypeProjet::Acquisition)),
        4 => Just(Some(TypeProjet::MiseEnConformite)),
        1 => Just(None)
    ];
    let heberge = prop_oneof![
        4 => Just(Some(Hebergement::Saas)),
        4 => Just(Some(Hebergement::Externe)),
        1 => Just(None)
    ];
    let lieux = prop_oneof![6 => Just(Some("75")), 2 => Just(Some("69")), 2 => Just(Some("2A")), 1 => Just(None)];
    let categories = prop_oneof![4 => Just("500"), 3 => Just("183"), 1 => Just("inconnue")];
    let og = prop_oneof![3 => Just(Some('A')), 4 => Just(Some('B')), 1 => Just(None)];
    let finance = prop_oneof![7 => Just(Some(false)), 1 => Just(Some(true)), 2 => Just(None)];
    let dui = prop_oneof![6 => Just(Some(outils::LOGICIEL)), 2 => Just(Some(AUTRE)), 1 => Just(None)];
    let version = prop_oneof![6 => Just(Some("5.2")), 2 => Just(Some("4.0")), 1 => Just(None)];
    let sons = prop_oneof![8 => Just(None), 1 => Just(Some(AUTRE))];
    (types, heberge, lieux, categories, og, finance, dui, version, sons).prop_map(
        |(type_projet, hebergement, lieu, code, og, deja_finance, dui, version, sons)| Essms {
            type_projet,
            hebergement,
            departement: lieu.and_then(departement),
            categorie: outils::categorie(code),
            organisme: og.map(outils::ej),
            deja_finance,
            solution: dui.map(str::to_owned),
            solution_version: dui.and(version).map(str::to_owned),
            sons: Some(sons.is_some()),
            sons_logiciel: sons.map(str::to_owned),
            ..outils::essms(1)
        },
    )
}

fn un_cas() -> impl Strategy<Value = (Faits, Vivier)> {
    let dates = prop_oneof![Just("2024-05-01T10:00:00+02:00"), Just("2024-07-01T10:00:00+02:00")];
    let signataire = prop_oneof![3 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(99))];
    (
        prop::collection::vec(un_essms(), 0..=6),
        prop::collection::vec(un_essms(), 0..=3),
        dates,
        signataire,
        prop::bool::weighted(0.8),
    )
        .prop_map(|(essms, offerts, date, signataire, visee)| {
            let mut faits = outils::projet(0);
            faits.date = chrono::DateTime::parse_from_rfc3339(date).ok();
            faits.essms = essms;
            let mut vivier = Vivier {
                essms: offerts,
                solutions: vec![autre_solution()],
            };
            // What a registry offers: no rule excludes it.
            vivier
                .essms
                .retain(|e| e.deja_finance != Some(true) && e.sons == Some(false));
            for (rang, e) in (1..).zip(faits.essms.iter_mut().chain(&mut vivier.essms)) {
                e.finess = outils::et(rang);
            }
            faits.porteur.signataire =
                signataire.map_or(Signataire::NonDemande, |rang| Signataire::Designe(outils::et(rang)));
            if !visee {
                faits.solution = None;
            }
            (faits, vivier)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Nothing smaller mends the grappe; nothing of the same size takes out fewer ESSMS; and what is
    /// proposed does mend it, by the engine's own verdict.
    #[test]
    fn what_is_proposed_mends_and_nothing_smaller_does((faits, vivier) in un_cas()) {
        let edition = petite();
        let avant = evaluer(&edition, &faits).eligibilite;
        let (taille, retraits) = match reparer(&edition, &faits, &vivier) {
            Issue::Inutile => {
                prop_assert_ne!(avant, Resultat::NonSatisfait);
                return Ok(());
            }
            Issue::Trouvee { remede, eligibilite } => {
                let apres = evaluer(&edition, &appliquer(&edition, &faits, &vivier, &remede));
                prop_assert_eq!(apres.eligibilite, eligibilite);
                prop_assert_ne!(eligibilite, Resultat::NonSatisfait);
                prop_assert!(remede.minimal);
                prop_assert!(remede.taille() > 0);
                // With some still to be found, no combination of those known does.
                if remede.a_trouver.is_some() { (3, 0) } else { (remede.taille(), remede.retirer.len()) }
            }
            Issue::Aucune { interrompue, .. } => {
                prop_assert!(!interrompue);
                (3, 0)
            }
        };
        // What a test has the time to try.
        let tentees = if gestes(&faits, &vivier).len() > 20 { 2 } else { 3 };
        for plus_petite in 0..taille.min(tentees) {
            prop_assert_eq!(force_brute(&edition, &faits, &vivier, plus_petite), None, "{} changements suffisent", plus_petite);
        }
        if taille < tentees {
            prop_assert_eq!(force_brute(&edition, &faits, &vivier, taille), Some(retraits));
        }
    }
}

#[test]
fn a_grappe_that_nothing_blocks_needs_no_mending() {
    let edition = outils::edition("idf-2024");
    assert_eq!(
        reparer(edition, &outils::projet(15), &Vivier::default()),
        Issue::Inutile
    );
    // Open questions are not faults.
    let mut ouverte = outils::projet(15);
    ouverte.essms[0].deja_finance = None;
    assert_eq!(reparer(edition, &ouverte, &Vivier::default()), Issue::Inutile);
}

#[test]
fn missing_essms_are_named_when_the_registry_offers_them() {
    let edition = outils::edition("idf-2024");
    let vivier = Vivier {
        essms: (20..30).map(outils::essms).collect(),
        ..Vivier::default()
    };
    let remede = trouve(reparer(edition, &outils::projet(12), &vivier));
    assert_eq!(remede.ajouter, [20, 21, 22].map(outils::et));
    assert_eq!(remede.phrase(), "ajouter 3 ESSMS");
    let remede = trouve(reparer(edition, &outils::projet(0), &vivier));
    assert_eq!(
        (remede.ajouter.len(), remede.a_trouver),
        (10, Some((5, GrandSecteur::Pa)))
    );
}

#[test]
fn what_the_registry_does_not_offer_is_still_to_be_found() {
    let edition = outils::edition("idf-2024");
    let vivier = Vivier {
        essms: vec![outils::essms(20)],
        ..Vivier::default()
    };
    let remede = trouve(reparer(edition, &outils::projet(12), &vivier));
    assert_eq!(remede.taille(), 3);
    assert!(
        remede.phrase().contains("du secteur Personnes âgées"),
        "{}",
        remede.phrase()
    );
}

#[test]
fn essms_of_other_regions_are_replaced() {
    let edition = outils::edition("idf-2024");
    let mut faits = outils::projet(16);
    faits.date = chrono::DateTime::parse_from_rfc3339("2024-07-01T10:00:00+02:00").ok();
    for e in &mut faits.essms[..3] {
        e.departement = departement("69");
    }
    let vivier = Vivier {
        essms: (20..30).map(outils::essms).collect(),
        ..Vivier::default()
    };
    let remede = trouve(reparer(edition, &faits, &vivier));
    assert_eq!(remede.phrase(), "retirer 3 ESSMS et en ajouter 2");
    assert_eq!(remede.retirer.len(), 3);
    assert!(remede.minimal);
}

#[test]
fn majorities_are_mended_by_the_answers_of_the_fewest() {
    let edition = outils::edition("idf-2024");
    let mut faits = outils::projet(16);
    for e in &mut faits.essms[..8] {
        e.type_projet = Some(TypeProjet::MiseEnConformite);
        e.hebergement = Some(Hebergement::Externe);
    }
    // One out mends both majorities at once: fifteen are enough.
    let remede = trouve(reparer(edition, &faits, &Vivier::default()));
    assert_eq!(remede.phrase(), "retirer 1 ESSMS");
    // When none can go nor come, answers change, towards the type that brings the most money.
    let mut edition = edition.clone();
    (edition.taille.minimum, edition.taille.maximum) = (16, 16);
    let remede = trouve(reparer(&edition, &faits, &Vivier::default()));
    assert_eq!(
        remede.phrase(),
        "passer 1 ESSMS en acquisition et passer 1 ESSMS en SaaS"
    );
}

#[test]
fn another_dui_is_aligned_or_becomes_the_projects() {
    let edition = outils::edition("idf-2024");
    let mut faits = outils::projet(16);
    for e in &mut faits.essms[..2] {
        e.solution = Some(AUTRE.to_owned());
    }
    let vivier = Vivier {
        solutions: vec![outils::solution(), autre_solution()],
        ..Vivier::default()
    };
    let remede = trouve(reparer(edition, &faits, &vivier));
    assert_eq!(remede.aligner.len(), 2);
    let (nom, version) = (remede.dui.0.clone().unwrap(), remede.dui.1.clone().unwrap());
    assert_eq!(
        remede.phrase(),
        format!("retenir la solution DUI «\u{a0}{nom}\u{a0}» version {version} pour 2 ESSMS")
    );
    for e in &mut faits.essms[..14] {
        e.solution = Some(AUTRE.to_owned());
    }
    let remede = trouve(reparer(edition, &faits, &vivier));
    assert_eq!((remede.solution, remede.taille()), (Some(1), 3));
}

#[test]
fn a_porteur_without_any_essms_cannot_be_mended() {
    let edition = outils::edition("idf-2024");
    let mut faits = outils::projet(16);
    faits.porteur.organisme = Some(outils::ej('Z'));
    let Issue::Aucune { regles, interrompue } = reparer(edition, &faits, &Vivier::default()) else {
        panic!("réparé");
    };
    assert_eq!((regles, interrompue), (vec![CodeRegle::EliG06], false));
}

#[test]
fn a_signatory_taken_out_is_replaced_by_one_of_the_porteur() {
    let edition = outils::edition("idf-2024");
    let mut faits = outils::projet(16);
    faits.essms[0].organisme = Some(outils::ej('B'));
    faits.porteur.signataire = Signataire::Designe(outils::et(99));
    let remede = trouve(reparer(edition, &faits, &Vivier::default()));
    assert_eq!(remede.phrase(), "désigner un autre signataire");
    assert_ne!(remede.signataire, Some(outils::et(1)));
}

/// Forty-nine ESSMS of two sectors, of two types, of two hostings, some excluded, some in question.
fn grande(secteurs: &[&str]) -> (Faits, Vivier) {
    let mut faits = outils::projet(49);
    for (rang, e) in faits.essms.iter_mut().enumerate() {
        e.categorie = outils::categorie(secteurs[rang % secteurs.len()]);
        e.type_projet = Some([TypeProjet::Acquisition, TypeProjet::MiseEnConformite][rang / 2 % 2]);
        e.hebergement = Some([Hebergement::Saas, Hebergement::Externe, Hebergement::OnPremise][rang % 3]);
        e.deja_finance = (rang % 7 != 0).then_some(rang % 11 == 0);
        e.departement = departement(if rang % 10 == 9 { "69" } else { "75" });
    }
    faits.date = chrono::DateTime::parse_from_rfc3339("2024-07-01T10:00:00+02:00").ok();
    let vivier = Vivier {
        essms: (60..120).map(outils::essms).collect(),
        ..Vivier::default()
    };
    (faits, vivier)
}

#[test]
fn the_largest_grappe_is_searched_to_the_end() {
    let (faits, vivier) = grande(&["500", "183", "500"]);
    let remede = trouve(reparer(outils::edition("idf-2024"), &faits, &vivier));
    assert!(remede.minimal, "{}", remede.phrase());
    assert_eq!(remede.phrase(), "retirer 4 ESSMS et passer 7 ESSMS en SaaS");
}

/// Four sectors alike: the search may stop before its end, and then says so; what it gives mends all the same.
#[test]
fn the_most_mixed_grappe_is_mended_too() {
    let (faits, vivier) = grande(&["500", "183", "354", "177"]);
    let edition = outils::edition("idf-2024");
    let remede = trouve(reparer(edition, &faits, &vivier));
    let apres = evaluer(edition, &appliquer(edition, &faits, &vivier, &remede));
    assert_ne!(apres.eligibilite, Resultat::NonSatisfait);
}

/// The common DUI of a project that chose none may be that of the ESSMS that come in.
#[test]
fn what_comes_in_may_bring_the_common_dui() {
    let edition = petite();
    let essms = |rang: usize, nom: &str, version: &str, type_projet| Essms {
        finess: outils::et(rang),
        type_projet: Some(type_projet),
        solution: Some(nom.to_owned()),
        solution_version: Some(version.to_owned()),
        ..outils::essms(rang)
    };
    let mut faits = outils::projet(0);
    faits.solution = None;
    faits.essms = [1, 2]
        .map(|rang| essms(rang, outils::LOGICIEL, "4.0", TypeProjet::Acquisition))
        .to_vec();
    let mut vivier = Vivier {
        essms: vec![essms(3, outils::LOGICIEL, "5.2", TypeProjet::MiseEnConformite)],
        ..Vivier::default()
    };
    let remede = trouve(reparer(&edition, &faits, &vivier));
    assert_eq!((remede.ajouter.len(), remede.taille()), (1, 1), "{remede:?}");

    faits.essms.truncate(1);
    vivier.essms = [3, 4]
        .map(|rang| essms(rang, AUTRE, "4.0", TypeProjet::Acquisition))
        .to_vec();
    let remede = trouve(reparer(&edition, &faits, &vivier));
    assert_eq!(remede.aligner, [outils::et(1)], "{remede:?}");
    assert_eq!((remede.ajouter.len(), remede.taille()), (2, 3));
}
