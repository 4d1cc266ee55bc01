//! What comes after a verdict: what a change changed, and usage once the DUI is deployed.

use portail_grappes::domain::argent::Centimes;
use portail_grappes::domain::nomenclature::Etat;
use portail_grappes::rules::usages::Releve;
use portail_grappes::rules::{CODE_FINANCEMENT, changements, evaluer_usages};

use crate::outils;

#[test]
fn a_change_says_which_rules_turned_and_what_money_moved() {
    let mut faits = outils::projet(15);
    faits.plan.depenses = Some(Centimes::euros(342_500));
    let avant = outils::juger(&faits);
    assert!(changements(&avant, &avant).is_empty());

    faits.plan.autofinancement = Some(Centimes::euros(20_000));
    let equilibre = outils::juger(&faits);
    let obtenus = changements(&avant, &equilibre);
    assert_eq!(obtenus.len(), 1);
    assert_eq!(
        obtenus[0].message,
        "REC-04 (Part d’autofinancement) est maintenant satisfait."
    );

    faits.essms[0].etat = Etat::Ferme;
    let moins = outils::juger(&faits);
    let codes: Vec<String> = changements(&equilibre, &moins).into_iter().map(|c| c.code).collect();
    assert_eq!(codes, ["ELI-E01", "ELI-G01", "REC-01", "REC-04", CODE_FINANCEMENT]);
    let argent = changements(&equilibre, &moins).pop().unwrap();
    assert_eq!(
        argent.message,
        "Le financement passe de 322\u{202f}500\u{a0}€ à 301\u{202f}000\u{a0}€."
    );
    let (ancien, nouveau) = argent.montants.unwrap();
    assert_eq!(
        (ancien.certain, nouveau.maximum),
        (Centimes::euros(322_500), Centimes::euros(301_000))
    );
}

#[test]
fn changing_edition_says_what_is_no_longer_examined() {
    let faits = outils::projet(15);
    let avant = outils::juger(&faits);
    let apres = portail_grappes::rules::evaluer(outils::edition("ara-2022"), &faits);
    let disparu = changements(&avant, &apres)
        .into_iter()
        .find(|c| c.code == "ELI-E07")
        .unwrap();
    assert_eq!(
        (disparu.apres, disparu.message.as_str()),
        (None, "ELI-E07 n’est plus examiné.")
    );
}

fn releve() -> Releve {
    Releve {
        personnes_avec_projet_possible: Some(100),
        personnes_accompagnees: Some(100),
        messages_mssante: Some(70),
        dmp_alimentes: Some(70),
        dossiers_actifs: Some(90),
        dossiers_avec_projet: Some(81),
        dossiers_avec_evenement: Some(81),
        ..Releve::default()
    }
}

fn verdicts(releve: &Releve) -> (String, Vec<&'static str>) {
    use portail_grappes::domain::nomenclature::Liste;
    let bilan = evaluer_usages(outils::edition("idf-2024"), releve);
    let chacun = bilan.indicateurs.iter().map(|i| i.resultat.code()).collect();
    (bilan.resultat.code().to_owned(), chacun)
}

#[test]
fn targets_are_reached_at_exactly_their_value() {
    assert_eq!(verdicts(&releve()), ("satisfait".to_owned(), vec!["satisfait"; 5]));
    for (rang, un_de_moins) in [
        (
            0,
            Releve {
                messages_mssante: Some(69),
                ..releve()
            },
        ),
        (
            1,
            Releve {
                dmp_alimentes: Some(69),
                ..releve()
            },
        ),
        (
            2,
            Releve {
                dossiers_actifs: Some(89),
                ..releve()
            },
        ),
        (
            3,
            Releve {
                dossiers_avec_projet: Some(80),
                ..releve()
            },
        ),
        (
            4,
            Releve {
                dossiers_avec_evenement: Some(80),
                ..releve()
            },
        ),
    ] {
        let (total, chacun) = verdicts(&un_de_moins);
        assert_eq!(total, "non_satisfait", "{rang}");
        assert_eq!(chacun[rang], "non_satisfait");
    }
}

#[test]
fn a_rate_is_compared_exactly_and_not_rounded() {
    let juste_dessous = Releve {
        messages_mssante: Some(69_999),
        personnes_avec_projet_possible: Some(100_000),
        dmp_alimentes: Some(70_000),
        ..releve()
    };
    let (_, chacun) = verdicts(&juste_dessous);
    assert_eq!((chacun[0], chacun[1]), ("non_satisfait", "satisfait"));
    let enorme = Releve {
        messages_mssante: Some(u64::MAX),
        personnes_avec_projet_possible: Some(u64::MAX),
        dmp_alimentes: Some(0),
        ..releve()
    };
    assert_eq!(verdicts(&enorme).1[0], "satisfait");
}

#[test]
fn only_mssante_may_exceed_a_hundred_percent() {
    let trop = Releve {
        messages_mssante: Some(250),
        dmp_alimentes: Some(101),
        ..releve()
    };
    let bilan = evaluer_usages(outils::edition("idf-2024"), &trop);
    assert_eq!(bilan.indicateurs[0].taux_centiemes, Some(25_000));
    let (total, chacun) = verdicts(&trop);
    assert_eq!(
        (total.as_str(), chacun[0], chacun[1]),
        ("inconnu", "satisfait", "inconnu")
    );
}

#[test]
fn a_rate_may_reach_a_hundred_percent() {
    let entier = Releve {
        dmp_alimentes: Some(100),
        ..releve()
    };
    assert_eq!(verdicts(&entier).1[1], "satisfait");
}

#[test]
fn a_zero_denominator_and_a_missing_count_are_unknown() {
    let (total, chacun) = verdicts(&Releve {
        personnes_accompagnees: Some(0),
        dossiers_actifs: Some(0),
        ..releve()
    });
    assert_eq!(
        (total.as_str(), &chacun[2..]),
        ("inconnu", &["inconnu", "inconnu", "inconnu"][..])
    );
    let (_, chacun) = verdicts(&Releve {
        dmp_alimentes: None,
        ..releve()
    });
    assert_eq!(chacun[1], "inconnu");
}

#[test]
fn in_2021_two_socle_counts_are_followed_without_a_target() {
    let edition = outils::edition("idf-2021-t2");
    let suivre = |releve: &Releve| {
        use portail_grappes::domain::nomenclature::Liste;
        evaluer_usages(edition, releve).resultat.code()
    };
    let un = Releve {
        messages_mssante: Some(0),
        ..Releve::default()
    };
    assert_eq!(suivre(&un), "inconnu");
    assert_eq!(
        suivre(&Releve {
            echanges_eparcours: Some(3),
            ..un
        }),
        "satisfait"
    );
    assert!(
        evaluer_usages(edition, &un)
            .indicateurs
            .iter()
            .all(|i| i.cible_pour_cent.is_none())
    );
}

#[test]
fn counts_of_several_essms_add_up_unless_one_is_missing() {
    let somme = Releve::somme(&[
        releve(),
        Releve {
            dmp_alimentes: None,
            ..releve()
        },
    ]);
    assert_eq!((somme.messages_mssante, somme.dmp_alimentes), (Some(140), None));
    assert_eq!(Releve::somme(&[]), Releve::default());
}
