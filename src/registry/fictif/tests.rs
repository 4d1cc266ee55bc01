use std::collections::{HashMap, HashSet};

use super::super::extrait::{Lu, lire};
use super::super::lignes::couper;
use super::*;

fn part(fictif: &Fictif, garder: impl Fn(&EtFictif) -> bool) -> usize {
    fictif.essms.iter().filter(|et| garder(et)).count() * 100 / fictif.essms.len()
}

fn proportions(fictif: &Fictif) {
    let ehpad = part(fictif, |et| et.categorie.code == "500");
    let domicile = part(fictif, |et| et.categorie.secteur == Some(Secteur::Dom));
    let ph = part(fictif, |et| et.categorie.secteur == Some(Secteur::Ph));
    assert!((22..=28).contains(&ehpad), "EHPAD {ehpad} %");
    assert!((22..=28).contains(&domicile), "domicile {domicile} %");
    assert!((27..=33).contains(&ph), "PH {ph} %");
}

#[test]
fn ile_de_france_has_its_size_and_proportions() {
    let fictif = generer(Perimetre::IleDeFrance);
    assert_eq!(fictif.organismes.len(), 900);
    assert!((4_300..=4_700).contains(&fictif.essms.len()), "{}", fictif.essms.len());
    proportions(&fictif);
    let mut tailles: HashMap<Finess, usize> = HashMap::new();
    for et in &fictif.essms {
        *tailles.entry(et.organisme).or_default() += 1;
    }
    assert_eq!(tailles.values().min(), Some(&1));
    assert!(tailles.values().max().is_some_and(|max| (45..=60).contains(max)));
    assert!(fictif.essms.iter().all(|et| et.commune.departement.region.code == "11"));
}

#[test]
fn the_national_file_has_103_000_rows_all_readable_and_distinct() {
    let fictif = generer(Perimetre::National);
    assert_eq!(fictif.essms.len(), 103_000);
    proportions(&fictif);
    let numeros: HashSet<Finess> = fictif
        .essms
        .iter()
        .map(|et| et.finess)
        .chain(fictif.organismes.iter().map(|ej| ej.finess))
        .collect();
    assert_eq!(numeros.len(), fictif.essms.len() + fictif.organismes.len());
    for source in fictif.sources().unwrap() {
        let compte = std::sync::Arc::default();
        source
            .parcourir(&compte, |_, texte| {
                let mut lu = String::new();
                std::io::Read::read_to_string(texte, &mut lu).unwrap();
                for ligne in lu.lines().skip(1) {
                    let champs = couper(ligne).unwrap();
                    match lire(&champs) {
                        Ok(Lu::Et(et)) => {
                            assert!(et.nom.ends_with("(FICTIF)") && et.finess.as_str().as_bytes()[2] == b'9');
                        }
                        Ok(Lu::Ej(ej)) => assert!(ej.raison_sociale.ends_with("(FICTIF)")),
                        Ok(Lu::Lieu(_, redresse)) => assert!(!redresse),
                        Err(motif) => panic!("{ligne} : {motif}"),
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn the_same_registry_comes_out_each_time_and_the_two_perimeters_share_no_number() {
    let (a, b) = (generer(Perimetre::IleDeFrance), generer(Perimetre::IleDeFrance));
    assert!(
        a.essms
            .iter()
            .zip(&b.essms)
            .all(|(a, b)| a.finess == b.finess && a.nom == b.nom)
    );
    let national: HashSet<Finess> = generer(Perimetre::National).essms.iter().map(|et| et.finess).collect();
    assert!(a.essms.iter().all(|et| !national.contains(&et.finess)));
}

#[test]
fn larger_og_of_ile_de_france_also_have_establishments_that_no_grappe_counts() {
    let fictif = generer(Perimetre::IleDeFrance);
    let grands: HashSet<Finess> = fictif.ecartes.iter().map(|et| et.organisme).collect();
    assert!(grands.len() > 200 && fictif.fermes.len() == grands.len());
    for og in grands {
        let siens: Vec<&EtFictif> = fictif.ecartes.iter().filter(|et| et.organisme == og).collect();
        let (champ, region) = (siens[0], siens[1]);
        assert!(champ.categorie.eligibilite == Eligibilite::Non && champ.nom.contains("HORS CHAMP"));
        assert!(region.commune.departement.region.code == "32" && region.nom.starts_with("HORS RÉGION"));
    }
    let tous = || fictif.essms.iter().chain(&fictif.ecartes).chain(&fictif.fermes);
    assert_eq!(tous().map(|et| et.finess).collect::<HashSet<_>>().len(), tous().count());
    assert!(generer(Perimetre::National).ecartes.is_empty());
}
