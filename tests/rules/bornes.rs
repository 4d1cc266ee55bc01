//! Bounds that no shipped edition reaches, and what an evaluation says beyond its verdicts.

use chrono::NaiveDate;
use portail_grappes::domain::nomenclature::{Etat, Liste};
use portail_grappes::rules::constat::Gravite;
use portail_grappes::rules::edition::{CodeForfait, Edition, Sujet};
use portail_grappes::rules::evaluation::{Evaluation, Ligne, StatutEssms};
use portail_grappes::rules::evaluer;

use crate::outils;

/// The 2024 edition, changed.
fn changee(changer: impl FnOnce(&mut Edition)) -> Edition {
    let mut edition = outils::edition("idf-2024").clone();
    changer(&mut edition);
    edition
}

fn fautes(changer: impl FnOnce(&mut Edition)) -> usize {
    changee(changer).fautes().len()
}

#[test]
fn an_edition_is_coherent_up_to_its_bounds() {
    let jour = |e: &Edition, rang: usize| e.fenetres[rang].ouverture;
    let derniere = outils::edition("idf-2024").fenetres.len() - 1;
    let services = outils::edition("idf-2024").interoperabilite.services.len();
    assert_eq!(fautes(|e| e.code = "idf-2024-2".to_owned()), 0);
    assert_eq!(fautes(|e| e.code = "IDF 2024".to_owned()), 1);
    assert_eq!(fautes(|e| e.code.clear()), 1);
    assert_eq!(fautes(|e| e.fenetres[derniere].fermeture = jour(e, derniere)), 0);
    let limite = |choisir: fn(&Edition) -> Option<NaiveDate>| fautes(|e| e.dernier_jour_multiregional = choisir(e));
    assert_eq!(limite(|e| e.fenetres.last().map(|f| f.fermeture)), 0);
    assert_eq!(limite(|e| e.fenetres.last().and_then(|f| f.fermeture.succ_opt())), 1);
    assert_eq!(limite(|e| e.fenetres.first().map(|f| f.ouverture)), 0);
    assert_eq!(limite(|e| e.fenetres.first()?.ouverture.pred_opt()?.pred_opt()), 1);
    assert_eq!(fautes(|e| e.interoperabilite.minimum = services), 0);
    assert_eq!(fautes(|e| e.interoperabilite.minimum = services + 2), 1);
    assert_eq!(fautes(|e| e.indicateurs[0].cible_pour_cent = Some(100)), 0);
    assert_eq!(fautes(|e| e.indicateurs[0].cible_pour_cent = Some(102)), 1);
    assert_eq!(fautes(|e| e.criteres[0].gravite = Gravite::Alerte), 0);
    assert_eq!(fautes(|e| e.criteres[0].gravite = Gravite::Information), 1);
    let plat = |e: &mut Edition| {
        let tranches = &mut e.forfaits[0].tranches;
        tranches[1].taux_centimes = tranches[0].taux_centimes;
    };
    assert_eq!(fautes(plat), 0);
}

/// Gravity of ELI-G01 with so many ESSMS, in question after the eligible ones.
fn gravite_de_la_taille(edition: &Edition, eligibles: usize, en_question: usize) -> Gravite {
    let mut faits = outils::projet(eligibles + en_question);
    for essms in faits.essms.iter_mut().skip(eligibles) {
        essms.rattache_ght = Some(true);
    }
    evaluer(edition, &faits).constat("ELI-G01").unwrap().gravite
}

#[test]
fn the_gravity_of_a_size_is_that_of_the_bound_at_stake() {
    use Gravite::{Alerte, Bloquant, Information};
    let edition = |minimum, maximum| {
        changee(|e| {
            (e.taille.gravite_minimum, e.taille.gravite_maximum) = (minimum, maximum);
            let critere = e.criteres.iter_mut().find(|c| c.code.code() == "ELI-G01").unwrap();
            critere.gravite = Information;
        })
    };
    for (minimum, maximum) in [(Alerte, Bloquant), (Bloquant, Alerte)] {
        let edition = edition(minimum, maximum);
        for (eligibles, en_question, voulue) in [
            (14, 0, minimum),
            (14, 1, minimum),
            (14, 35, minimum),
            (14, 36, Bloquant),
            (15, 34, Information),
            (15, 35, maximum),
            (49, 0, Information),
            (50, 0, maximum),
        ] {
            assert_eq!(
                gravite_de_la_taille(&edition, eligibles, en_question),
                voulue,
                "{eligibles} et {en_question}"
            );
        }
    }
}

#[test]
fn a_category_outside_the_table_is_known_to_be_outside_the_field_of_the_sad() {
    let edition = changee(|e| {
        let critere = e.criteres.iter_mut().find(|c| c.code.code() == "ELI-E02").unwrap();
        critere.gravite = Gravite::Alerte;
    });
    let mut faits = outils::projet(16);
    for essms in faits.essms.iter_mut().take(8) {
        essms.categorie = outils::categorie("355");
    }
    let evaluation = evaluer(&edition, &faits);
    assert_eq!(evaluation.decompte.exclus, 0);
    assert_eq!(evaluation.achat.procedure.code(), "libre_segur_ou_sad");
}

#[test]
fn contacts_are_those_of_the_subject() {
    let edition = outils::edition("idf-2024");
    for sujet in Sujet::TOUTES {
        assert!(
            edition.contacts(*sujet).all(|contact| contact.sujet == *sujet),
            "{sujet:?}"
        );
    }
}

fn lignes(evaluation: &Evaluation, code: CodeForfait) -> Vec<&Ligne> {
    let lignes = evaluation.financement.lignes.iter();
    lignes.filter(|ligne| ligne.code == code.code()).collect()
}

#[test]
fn a_line_says_its_band_and_its_share_of_eligible_hours() {
    let mut faits = outils::projet(51);
    for (essms, part) in faits.essms.iter_mut().zip([9_905, 5_000]) {
        essms.activites_confort = Some(true);
        essms.part_heures_eligibles = Some(part);
    }
    let evaluation = outils::juger(&faits);
    let obtenues: Vec<(&str, Vec<&str>)> = lignes(&evaluation, CodeForfait::Fin01)
        .into_iter()
        .map(|ligne| {
            let sources = ligne.autres_sources.iter().map(|s| s.document.as_str());
            (ligne.libelle.as_str(), sources.collect())
        })
        .collect();
    let prorata = vec!["IDF-2024"];
    assert_eq!(
        obtenues,
        [
            ("Forfait à l’usage, acquisition", vec![]),
            (
                "Forfait à l’usage, acquisition, à partir du 50e ESSMS, au prorata de 99,05\u{202f}% d’heures éligibles",
                prorata.clone()
            ),
            (
                "Forfait à l’usage, acquisition, à partir du 50e ESSMS, au prorata de 50\u{202f}% d’heures éligibles",
                prorata
            ),
        ]
    );
}

#[test]
fn only_a_help_to_the_project_that_is_not_established_is_said_to_be_so() {
    let note = |tailles: [Option<u32>; 2], code| {
        let mut faits = outils::projet(15);
        faits.organismes = vec![outils::organisme('A', tailles[0]), outils::organisme('B', tailles[1])];
        faits.essms[0].organisme = Some(outils::ej('B'));
        let evaluation = outils::juger(&faits);
        let reserve = |ligne: &Ligne| ligne.note.as_ref().is_some_and(|note| note.starts_with("Sous réserve"));
        lignes(&evaluation, code).into_iter().map(reserve).collect::<Vec<_>>()
    };
    assert_eq!(note([Some(3), Some(3)], CodeForfait::Fin05), [false]);
    assert_eq!(note([Some(3), Some(15)], CodeForfait::Fin05), [true]);
    assert_eq!(note([Some(3), None], CodeForfait::Fin05), [true]);
    assert_eq!(note([Some(3), None], CodeForfait::Fin03), [false]);
}

#[test]
fn an_evaluation_says_what_blocks_and_where_each_essms_stands() {
    let mut faits = outils::projet(14);
    faits.essms[0].etat = Etat::Ferme;
    faits.essms[1].rattache_ght = None;
    faits.dossier = Some(outils::dossier());
    let evaluation = outils::juger(&faits);
    let bloquants: Vec<&str> = evaluation.blocages().map(|c| c.code.as_str()).collect();
    assert_eq!(bloquants, ["ELI-E01", "ELI-G01", "REC-01"]);
    let statut = |rang| evaluation.statut(outils::et(rang));
    assert_eq!(statut(1), Some(StatutEssms::Exclu));
    assert_eq!(statut(2), Some(StatutEssms::EnQuestion));
    assert_eq!(statut(3), Some(StatutEssms::Eligible));
    assert_eq!(statut(15), None);
}
