//! What an edition asks, told to people: every rule has its words and its examples, and the engine says of each example what its
//! author meant.

use std::collections::BTreeSet;

use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::rules::edition::{CodeForfait, CodeIndicateur, Edition};
use portail_grappes::rules::exposition::{Fiche, Issue, Regle, Reponse, differences, exemples};
use portail_grappes::rules::regle::CodeRegle;

use crate::outils;

#[test]
fn every_rule_of_every_edition_has_plain_words_a_source_and_examples() {
    for edition in Edition::livrees() {
        let fiches = Fiche::toutes(edition);
        assert!(fiches.len() > 30, "{}", edition.code);
        for fiche in fiches {
            let qui = format!("{} {}", edition.code, fiche.regle.code());
            assert!(fiche.regle.disposition().chars().count() > 60, "{qui} : pas de texte");
            assert!(!fiche.sources.is_empty(), "{qui} : pas de source");
            assert!(!exemples(edition, fiche.regle).is_empty(), "{qui} : pas d’exemple");
            assert_eq!(Regle::depuis(edition, fiche.regle.code()), Some(fiche.regle), "{qui}");
        }
    }
}

#[test]
fn the_plain_words_are_those_of_rules_that_exist() {
    let texte = include_str!("../../referentiels/dispositions.toml");
    let ecrites: BTreeSet<&str> = texte
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| Some(l.split_once(" = ")?.0))
        .collect();
    let codes = CodeRegle::TOUTES.iter().map(|c| c.code());
    let codes = codes.chain(CodeForfait::TOUTES.iter().map(|c| c.code()));
    let codes: BTreeSet<&str> = codes
        .chain(CodeIndicateur::TOUTES.iter().map(|c| c.code()))
        .chain(["ACH", "FIN-06"])
        .collect();
    assert_eq!(ecrites, codes);
    for mauvais in [" :", " ;", " !", " ?", " %", "« ", " »", "  ", ".."] {
        assert!(
            !texte.lines().any(|l| !l.starts_with('#') && l.contains(mauvais)),
            "« {mauvais} »"
        );
    }
}

#[test]
fn the_engine_says_of_each_example_what_was_announced() {
    let mut ecarts = Vec::new();
    for edition in Edition::livrees() {
        for regle in Regle::toutes(edition) {
            for exemple in exemples(edition, regle) {
                if exemple.reponse.issue() != exemple.annonce {
                    ecarts.push(format!(
                        "{} {} « {} » : {:?} annoncé, {:?}",
                        edition.code,
                        regle.code(),
                        exemple.situation,
                        exemple.annonce,
                        exemple.reponse
                    ));
                }
            }
        }
    }
    assert!(ecarts.is_empty(), "{}", ecarts.join("\n"));
}

#[test]
fn a_rule_that_can_fail_is_shown_failing() {
    // What these rules say is never « non satisfait ».
    let jamais = ["ELI-E07", "E21-04", "E21-05", "E21-06"];
    for edition in Edition::livrees() {
        for regle in Regle::toutes(edition) {
            let Regle::Critere(_) = regle else { continue };
            let issues: BTreeSet<&str> = exemples(edition, regle)
                .iter()
                .filter_map(|e| match e.annonce {
                    Issue::Resultat(resultat) => Some(resultat.code()),
                    Issue::Procedure(_) | Issue::Montant(_) => None,
                })
                .collect();
            let qui = format!("{} {} : {issues:?}", edition.code, regle.code());
            assert!(issues.contains("satisfait"), "{qui}");
            assert_eq!(
                issues.contains("non_satisfait"),
                !jamais.contains(&regle.code()),
                "{qui}"
            );
        }
    }
}

#[test]
fn examples_of_money_show_its_lines() {
    let edition = outils::edition("idf-2024");
    let regle = Regle::Forfait(CodeForfait::Fin01);
    let Reponse::Montant(lignes) = &exemples(edition, regle)[0].reponse else {
        panic!("des lignes de financement");
    };
    assert_eq!(lignes.len(), 1);
    assert_eq!((lignes[0].nombre, lignes[0].taux.0), (15, 700_000));
}

#[test]
fn a_changed_threshold_changes_what_is_read_and_judged() {
    let mut edition = outils::edition("idf-2024").clone();
    let taille = Regle::Critere(CodeRegle::EliG01);
    let valeurs = |e: &Edition| -> Vec<String> {
        Fiche::de(e, taille)
            .parametres
            .into_iter()
            .map(|p| format!("{} {}", p.nom, p.valeur))
            .collect()
    };
    assert!(valeurs(&edition).contains(&"Minimum 15 ESSMS".to_owned()));
    edition.taille.minimum = 22;
    assert!(valeurs(&edition).contains(&"Minimum 22 ESSMS".to_owned()));
    for exemple in exemples(&edition, taille) {
        assert_eq!(exemple.reponse.issue(), exemple.annonce, "{}", exemple.situation);
        let Reponse::Constat(constat) = exemple.reponse else {
            panic!("un constat")
        };
        assert_eq!(constat.valeurs["minimum"], 22);
    }
}

#[test]
fn an_edition_does_not_differ_from_itself() {
    for edition in Edition::livrees() {
        for tableau in differences(edition, edition) {
            assert_eq!(
                tableau.identiques(),
                tableau.ecarts.len(),
                "{} {}",
                edition.code,
                tableau.titre
            );
        }
    }
}

#[test]
fn what_differs_between_two_editions_is_said_both_ways() {
    let (avant, apres) = (outils::edition("idf-2021-t2"), outils::edition("idf-2024"));
    let aller = differences(avant, apres);
    let tableau = |code| aller.iter().find(|t| t.code == code).unwrap();
    let ecart = |code, sujet: &str| tableau(code).ecarts.iter().find(|e| e.sujet == sujet).unwrap();
    assert!(!ecart("fenetres", "Fenêtre 1").identique());
    assert!(!ecart("seuils", "En dessous du minimum").identique());
    assert!(ecart("seuils", "Maximum").identique());
    // Each edition has its own name for it.
    let usage = ecart(
        "montants",
        "Forfait tout compris, acquisition et déploiement / Forfait à l’usage, acquisition",
    );
    assert!(
        usage.valeurs[0].as_ref().unwrap().contains("25\u{202f}000"),
        "{usage:?}"
    );
    assert!(usage.valeurs[1].as_ref().unwrap().contains("7\u{202f}000"), "{usage:?}");
    let convention = tableau("pieces")
        .ecarts
        .iter()
        .find(|e| e.sujet.contains("Convention de partenariat"));
    assert!(
        convention.is_some_and(|e| e.identique() && e.sujet.contains(" / ")),
        "{convention:?}"
    );
    let regle = |code| tableau("regles").ecarts.iter().find(|e| e.code == Some(code)).unwrap();
    assert_eq!(regle("ELI-E06").valeurs[0], None);
    assert_eq!(regle("E21-01").valeurs[1], None);
    let retour = differences(apres, avant);
    for (aller, retour) in aller.iter().zip(&retour) {
        let ensemble = |t: &[portail_grappes::rules::exposition::Ecart], tourner: bool| -> BTreeSet<String> {
            let dit = |e: &portail_grappes::rules::exposition::Ecart| {
                let [a, b] = &e.valeurs;
                if tourner {
                    format!("{b:?} {a:?}")
                } else {
                    format!("{a:?} {b:?}")
                }
            };
            t.iter().map(dit).collect()
        };
        assert_eq!(
            ensemble(&aller.ecarts, false),
            ensemble(&retour.ecarts, true),
            "{}",
            aller.titre
        );
    }
}
