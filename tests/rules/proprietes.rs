//! What holds whatever the project.

use portail_grappes::domain::argent::Centimes;
use portail_grappes::domain::nomenclature::{Etat, Hebergement, TypeProjet};
use portail_grappes::domain::territoire::departement;
use portail_grappes::rules::evaluation::{Evaluation, StatutEssms};
use portail_grappes::rules::evaluer;
use portail_grappes::rules::faits::{Essms, Faits};
use proptest::prelude::*;

use crate::outils;

const EDITIONS: [&str; 3] = ["idf-2021-t2", "ara-2022", "idf-2024"];

fn un_essms() -> impl Strategy<Value = Essms> {
    let types = prop_oneof![
        3 => Just(Some(TypeProjet::Acquisition)),
        2 => Just(Some(TypeProjet::MiseEnConformite)),
        1 => Just(None)
    ];
    let lieux = prop_oneof![Just(Some("75")), Just(Some("69")), Just(Some("2A")), Just(None)];
    let categories = prop_oneof![
        Just("500"),
        Just("183"),
        Just("460"),
        Just("177"),
        Just("462"),
        Just("inconnue")
    ];
    let og = prop_oneof![4 => Just(Some('A')), 2 => Just(Some('B')), 1 => Just(Some('C')), 1 => Just(None)];
    let etats = prop_oneof![6 => Just(Etat::Ouvert), 1 => Just(Etat::Ferme), 1 => Just(Etat::Inconnu)];
    let confort = prop_oneof![3 => Just((Some(false), None)), 1 => (0u16..=10_000).prop_map(|p| (Some(true), Some(p))), 1 => Just((Some(true), None)), 1 => Just((None, None))];
    let ght = prop_oneof![5 => Just(Some(false)), 1 => Just(Some(true)), 1 => Just(None)];
    let heberge = prop_oneof![
        Just(Some(Hebergement::Saas)),
        Just(Some(Hebergement::Externe)),
        Just(None)
    ];
    (types, lieux, categories, og, etats, confort, ght, heberge).prop_map(
        |(type_projet, lieu, code, og, etat, (confort, part), ght, hebergement)| Essms {
            type_projet,
            departement: lieu.and_then(departement),
            categorie: outils::categorie(code),
            organisme: og.map(outils::ej),
            etat,
            activites_confort: confort,
            part_heures_eligibles: part,
            rattache_ght: ght,
            hebergement,
            ..outils::essms(1)
        },
    )
}

fn un_projet(taille: std::ops::Range<usize>) -> impl Strategy<Value = Faits> {
    let essms = prop::collection::vec(un_essms(), taille);
    let tailles = prop::collection::vec(
        prop_oneof![Just(None), Just(Some(1)), Just(Some(14)), Just(Some(15))],
        3,
    );
    let trois = || prop_oneof![Just(Some(true)), Just(Some(false)), Just(None)];
    (essms, tailles, trois(), trois(), trois()).prop_map(|(essms, tailles, segur, sad, ccp)| {
        let mut faits = outils::projet(0);
        faits.essms = essms;
        for (rang, essms) in (1..).zip(&mut faits.essms) {
            essms.finess = outils::et(rang);
        }
        faits.organismes = "ABC"
            .chars()
            .zip(tailles)
            .map(|(l, t)| outils::organisme(l, t))
            .collect();
        faits.porteur.soumis_ccp = ccp;
        if let Some(solution) = &mut faits.solution {
            (solution.segur, solution.sad) = (segur, sad);
        }
        faits
    })
}

fn sans_prorata(mut faits: Faits) -> Faits {
    for essms in &mut faits.essms {
        if essms.part_heures_eligibles.is_some_and(|part| part > 0) {
            essms.part_heures_eligibles = Some(10_000);
        }
    }
    faits
}

fn coherent(evaluation: &Evaluation) -> Result<(), TestCaseError> {
    let argent = &evaluation.financement;
    prop_assert!(
        argent.certain <= argent.maximum,
        "{} > {}",
        argent.certain,
        argent.maximum
    );
    let somme = |montants: Vec<Centimes>| montants.into_iter().sum::<Centimes>();
    prop_assert_eq!(somme(argent.lignes.iter().map(|l| l.certain).collect()), argent.certain);
    prop_assert_eq!(somme(argent.lignes.iter().map(|l| l.maximum).collect()), argent.maximum);
    prop_assert_eq!(
        somme(argent.versements.iter().map(|v| v.certain).collect()),
        argent.certain
    );
    prop_assert_eq!(
        somme(argent.versements.iter().map(|v| v.maximum).collect()),
        argent.maximum
    );
    prop_assert_eq!(
        somme(argent.par_region.iter().map(|p| p.maximum).collect()),
        argent.maximum
    );
    prop_assert_eq!(
        somme(argent.par_region.iter().map(|p| p.certain).collect()),
        argent.certain
    );
    for ligne in &argent.lignes {
        prop_assert_eq!(ligne.taux * ligne.nombre, ligne.maximum);
        prop_assert_eq!(ligne.taux * ligne.nombre_certain, ligne.certain);
        prop_assert!(ligne.taux > Centimes::ZERO);
    }
    let retenus: usize = argent.par_region.iter().map(|p| p.nombre_essms).sum();
    let compte = evaluation.decompte;
    prop_assert_eq!(retenus, compte.eligibles + compte.en_question);
    prop_assert_eq!(compte.total, retenus + compte.exclus);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn amounts_are_an_interval_whose_parts_sum(faits in un_projet(0..70)) {
        for code in EDITIONS {
            coherent(&evaluer(outils::edition(code), &faits))?;
        }
    }

    #[test]
    fn the_order_of_essms_changes_nothing(faits in un_projet(1..60), graine in 0usize..1000) {
        let edition = outils::edition("idf-2024");
        let mut melange = faits.clone();
        let tour = graine % melange.essms.len();
        melange.essms.rotate_left(tour);
        melange.essms.reverse();
        let (un, autre) = (evaluer(edition, &faits), evaluer(edition, &melange));
        prop_assert_eq!(un.financement, autre.financement);
        prop_assert_eq!(un.eligibilite, autre.eligibilite);
        prop_assert_eq!(un.recevabilite, autre.recevabilite);
        prop_assert_eq!(un.achat, autre.achat);
        let issues = |e: &[portail_grappes::rules::constat::Constat]| {
            e.iter().map(|c| (c.code.clone(), c.resultat, c.valeurs.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(issues(&un.constats), issues(&autre.constats));
    }

    /// Up to 49 ESSMS. Beyond, a prorated ESSMS, or one of a large OG in 2021, can take the rank of another
    /// that brings more: the texts' own degressivity.
    #[test]
    fn one_more_eligible_essms_of_a_known_og_never_lowers_what_is_certain(
        faits in un_projet(1..49),
        type_projet in prop_oneof![Just(TypeProjet::Acquisition), Just(TypeProjet::MiseEnConformite)],
    ) {
        for code in EDITIONS {
            let edition = outils::edition(code);
            let avant = evaluer(edition, &faits);
            let Some(og) = faits.essms.iter().zip(&avant.statuts).find_map(|(e, s)| {
                e.organisme.filter(|_| s.statut != StatutEssms::Exclu)
            }) else { continue };
            let mut plus = faits.clone();
            plus.essms.push(Essms { organisme: Some(og), type_projet: Some(type_projet), ..outils::essms(900) });
            let apres = evaluer(edition, &plus);
            prop_assert_eq!(apres.statuts.last().map(|s| s.statut), Some(StatutEssms::Eligible));
            prop_assert!(apres.financement.certain >= avant.financement.certain);
        }
    }

    /// The same beyond 49, where no ESSMS is prorated, with the 2024 bands.
    #[test]
    fn nor_beyond_49_when_no_hours_are_prorated(faits in un_projet(45..70)) {
        let edition = outils::edition("idf-2024");
        let faits = sans_prorata(faits);
        let avant = evaluer(edition, &faits);
        let mut plus = faits.clone();
        plus.organismes[0].nombre_essms = Some(20);
        let mut base = faits;
        base.organismes[0].nombre_essms = Some(20);
        prop_assume!(base.essms.iter().zip(&avant.statuts).any(|(e, s)| {
            e.organisme == Some(outils::ej('A')) && s.statut != StatutEssms::Exclu
        }));
        plus.essms.push(outils::essms(900));
        let (avant, apres) = (evaluer(edition, &base), evaluer(edition, &plus));
        prop_assert!(apres.financement.certain >= avant.financement.certain);
    }

    /// Up to 49 ESSMS, for the same reason.
    #[test]
    fn an_answer_only_narrows_the_interval(faits in un_projet(1..50), rang in 0usize..49, choix in 0usize..2) {
        for code in EDITIONS {
            let edition = outils::edition(code);
            let avant = evaluer(edition, &faits).financement;
            for reponse in reponses(&faits, rang % faits.essms.len(), choix) {
                let apres = evaluer(edition, &reponse).financement;
                prop_assert!(apres.certain >= avant.certain && apres.maximum <= avant.maximum,
                    "{code} : [{} ; {}] puis [{} ; {}]", avant.certain, avant.maximum, apres.certain, apres.maximum);
            }
        }
    }

    #[test]
    fn an_evaluation_is_read_back_as_it_was_written(faits in un_projet(1..50)) {
        let evaluation = outils::juger(&faits);
        coherent(&evaluation)?;
        let json = serde_json::to_string(&evaluation).unwrap();
        let relue: Evaluation = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(relue, evaluation);
    }
}

/// The project with one of its unknowns answered, each in turn.
fn reponses(faits: &Faits, rang: usize, choix: usize) -> Vec<Faits> {
    let mut reponses = Vec::new();
    let mut repondre = |changer: &dyn Fn(&mut Faits) -> bool| {
        let mut reponse = faits.clone();
        if changer(&mut reponse) {
            reponses.push(reponse);
        }
    };
    let vrai = choix == 0;
    repondre(&|f| {
        let inconnu = f.essms[rang].type_projet.is_none();
        f.essms[rang].type_projet = Some([TypeProjet::Acquisition, TypeProjet::MiseEnConformite][choix]);
        inconnu
    });
    repondre(&|f| f.essms[rang].rattache_ght.replace(false).is_none());
    repondre(&|f| {
        let inconnu = f.essms[rang].etat == Etat::Inconnu;
        f.essms[rang].etat = [Etat::Ouvert, Etat::Ferme][choix];
        inconnu
    });
    repondre(&|f| {
        let manque = f.essms[rang].activites_confort == Some(true) && f.essms[rang].part_heures_eligibles.is_none();
        f.essms[rang].part_heures_eligibles = Some([6_250, 0][choix]);
        manque
    });
    repondre(&|f| f.solution.as_mut().is_some_and(|s| s.segur.replace(vrai).is_none()));
    repondre(&|f| f.solution.as_mut().is_some_and(|s| s.sad.replace(vrai).is_none()));
    repondre(&|f| f.organismes[0].nombre_essms.replace([1, 15][choix]).is_none());
    reponses
}
