//! The shipped editions are complete, and an incoherent one is refused.

use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::rules::constat::Gravite;
use portail_grappes::rules::edition::{CodeForfait, Edition, EditionErreur, Exigence, Nature, Sujet};
use portail_grappes::rules::evaluer;
use portail_grappes::rules::regle::CodeRegle;

use crate::outils;

const IDF_2024: &str = include_str!("../../editions/idf-2024.toml");

#[test]
fn the_three_shipped_editions_are_read() {
    for texte in [
        include_str!("../../editions/idf-2021-t2.toml"),
        include_str!("../../editions/ara-2022.toml"),
        IDF_2024,
    ] {
        Edition::lire(texte).unwrap();
    }
    let codes: Vec<&str> = Edition::livrees().iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["idf-2021-t2", "ara-2022", "idf-2024"]);
}

#[test]
fn each_shipped_edition_is_complete() {
    for edition in Edition::livrees() {
        for sujet in Sujet::TOUTES {
            assert!(
                edition.contacts(*sujet).count() > 0,
                "{} {}",
                edition.code,
                sujet.code()
            );
        }
        for code in CodeForfait::TOUTES {
            let present = edition.forfaits.iter().any(|f| f.code == *code);
            let attendu = edition.code != "idf-2021-t2" || *code != CodeForfait::Fin02;
            assert_eq!(present, attendu, "{} {}", edition.code, code.code());
        }
        assert!(
            edition.pieces.iter().any(|p| p.exigence == Exigence::Toujours),
            "{}",
            edition.code
        );
        assert!(edition.indicateurs.len() >= 5, "{}", edition.code);
        assert_eq!(edition.fautes(), Vec::<String>::new());
    }
}

#[test]
fn each_edition_has_the_rules_of_its_texts() {
    let codes = |edition: &str, prefixe: &str| -> Vec<&'static str> {
        let criteres = outils::edition(edition).criteres.iter().map(|c| c.code.code());
        criteres.filter(|code| code.starts_with(prefixe)).collect()
    };
    assert_eq!(codes("idf-2024", "ELI-E").len(), 8);
    assert_eq!(
        codes("ara-2022", "ELI-E"),
        ["ELI-E01", "ELI-E02", "ELI-E03", "ELI-E04", "ELI-E05"]
    );
    assert_eq!(codes("idf-2021-t2", "ELI-E"), ["ELI-E01", "ELI-E02", "ELI-E05"]);
    assert_eq!(
        codes("idf-2021-t2", "ELI-G"),
        ["ELI-G01", "ELI-G02", "ELI-G06", "ELI-G07"]
    );
    for edition in ["ara-2022", "idf-2024"] {
        assert_eq!(codes(edition, "ELI-G").len(), 7);
        assert_eq!(codes(edition, "PRI-").len(), 9);
        assert_eq!(codes(edition, "REC-").len(), if edition == "idf-2024" { 9 } else { 8 });
    }
}

#[test]
fn the_tables_of_2021_have_eleven_and_five_criteria() {
    let edition = outils::edition("idf-2021-t2");
    let du_tableau = |section: &str, nature: Nature| {
        let criteres = edition.criteres.iter();
        criteres
            .filter(|c| c.section.ends_with(section) && c.nature == nature)
            .count()
    };
    assert_eq!(du_tableau("Critères d’éligibilité", Nature::Eligibilite), 11);
    assert_eq!(du_tableau("Critères de priorisation", Nature::Priorisation), 5);
    assert_eq!(edition.indicateurs.len(), 3 + 4);
    assert_eq!(edition.indicateurs_socles_minimum, Some(2));
}

#[test]
fn one_constat_per_criterion_every_time() {
    for edition in Edition::livrees() {
        for nombre in [0, 1, 15] {
            let evaluation = evaluer(edition, &outils::projet(nombre));
            let obtenus: Vec<&str> = evaluation.constats.iter().map(|c| c.code.as_str()).collect();
            let voulus: Vec<&str> = edition.criteres.iter().map(|c| c.code.code()).collect();
            assert_eq!(obtenus, voulus, "{}", edition.code);
        }
    }
}

#[test]
fn every_rule_belongs_to_an_edition() {
    for code in CodeRegle::TOUTES {
        let presente = Edition::livrees()
            .iter()
            .any(|edition| edition.criteres.iter().any(|critere| critere.code == *code));
        assert!(presente, "{}", code.code());
    }
}

fn fautes(texte: &str) -> Vec<String> {
    match Edition::lire(texte) {
        Err(EditionErreur::Fautes(fautes)) => fautes,
        Err(EditionErreur::Illisible(erreur)) => vec![erreur],
        Ok(_) => Vec::new(),
    }
}

fn refuse(avant: &str, apres: &str, attendu: &str) {
    assert!(IDF_2024.contains(avant), "{avant}");
    let fautes = fautes(&IDF_2024.replacen(avant, apres, 1));
    let dit = fautes
        .iter()
        .any(|f| f.replace(['\u{a0}', '\u{202f}'], " ").contains(attendu));
    assert!(dit, "{attendu} : {fautes:?}");
}

#[test]
fn incoherent_editions_are_refused() {
    refuse(
        r#"ouverture = "2024-03-23""#,
        r#"ouverture = "2024-03-22""#,
        "chevauche",
    );
    refuse(
        r#"ouverture = "2024-03-23""#,
        r#"ouverture = "2024-03-24""#,
        "jours sans dépôt",
    );
    refuse(
        r#"fermeture = "2024-03-22""#,
        r#"fermeture = "2024-02-18""#,
        "avant d’ouvrir",
    );
    refuse("part_pour_cent = 50", "part_pour_cent = 49", "font 99");
    refuse(
        r#"code = "ELI-E02""#,
        r#"code = "ELI-E01""#,
        "critère déclaré deux fois : ELI-E01",
    );
    refuse(
        r#"code = "ELI-E02""#,
        r#"code = "ELI-E42""#,
        "valeur inconnue : ELI-E42",
    );
    refuse("minimum = 15", "minimum = 50", "tailles de grappe");
    refuse("minimum = 15", "minimun = 15", "minimun");
    refuse(r#"regions = ["11"]"#, r#"regions = ["12"]"#, "région inconnue : 12");
    refuse(r#"regions = ["11"]"#, "regions = []", "aucune région");
    refuse(
        "dernier_jour_multiregional = \"2024-06-01\"",
        "dernier_jour_multiregional = \"2024-09-16\"",
        "hors des fenêtres",
    );
    refuse("a_partir_de = 1,", "a_partir_de = 2,", "première tranche");
    refuse(
        "a_partir_de = 50, taux_centimes = 200_000",
        "a_partir_de = 50, taux_centimes = 900_000",
        "augmente",
    );
    refuse(
        r#"document = "FAQ-2024", section"#,
        r#"document = "FAQ-2025", section"#,
        "non déclaré : FAQ-2025",
    );
    refuse("version = 1", "version = 0", "version");
    refuse("siesms@sesan.fr", "siesms.sesan.fr", "adresse illisible");
}

#[test]
fn a_gap_between_windows_is_said_or_refused() {
    let mut edition = outils::edition("idf-2021-t2").clone();
    assert!(edition.fenetres[1].interruption.is_some());
    edition.fenetres[1].interruption = None;
    assert_eq!(edition.fautes().len(), 1);
    edition.fenetres[2].interruption = Some("aucune".to_owned());
    assert_eq!(edition.fautes().len(), 2);
}

#[test]
fn an_edition_is_written_and_read_back() {
    for edition in Edition::livrees() {
        let json = serde_json::to_string(edition).unwrap();
        assert_eq!(&serde_json::from_str::<Edition>(&json).unwrap(), edition);
        let toml = toml::to_string(edition).unwrap();
        assert_eq!(&Edition::lire(&toml).unwrap(), edition);
    }
}

#[test]
fn moving_a_criterion_moves_what_it_decides() {
    let mut faits = outils::projet(15);
    faits.dossier = Some(outils::dossier());
    let mut edition = outils::edition("idf-2024").clone();
    let base = evaluer(&edition, &faits);
    assert_eq!(outils::resultat(&base, "PRI-06"), "non_satisfait");
    assert_eq!(base.recevabilite.code(), "inconnu");
    let pri_06 = edition
        .criteres
        .iter_mut()
        .find(|c| c.code == CodeRegle::Pri06)
        .unwrap();
    (pri_06.nature, pri_06.gravite) = (Nature::Recevabilite, Gravite::Bloquant);
    assert_eq!(evaluer(&edition, &faits).recevabilite.code(), "non_satisfait");
}

#[test]
fn a_prorated_rate_is_rounded_to_the_centime_half_up() {
    let mut edition = outils::edition("idf-2024").clone();
    edition.forfaits.retain(|f| f.code == CodeForfait::Fin01);
    let mut faits = outils::projet(1);
    faits.essms[0].activites_confort = Some(true);
    for (taux, part, attendu) in [(333, 5_000, 167), (333, 4_900, 163), (1, 4_999, 0), (1, 5_000, 1)] {
        edition.forfaits[0].tranches[0].taux_centimes.0 = taux;
        faits.essms[0].part_heures_eligibles = Some(part);
        assert_eq!(
            evaluer(&edition, &faits).financement.certain.0,
            attendu,
            "{taux} à {part}"
        );
    }
}
