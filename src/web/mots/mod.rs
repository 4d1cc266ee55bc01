//! The words and the acronyms that the pages use, explained once: the glossary reads them all, a page those it uses.

mod termes;

use crate::domain::dossier::Etape;
use crate::domain::dossier::champ::{Bloc, Champ, Genre};
use crate::domain::dossier::etapes::{FAITS_ESSMS, blocs};
use crate::domain::nomenclature::Liste;
use crate::domain::texte::capitales_sans_accents;

pub use termes::{MOTS, SIGLES, VERDICTS};

/// Anchor of a word in the glossary: « MSS, MSSanté » → `mss-mssante`.
pub fn ancre(mot: &str) -> String {
    capitales_sans_accents(mot).to_lowercase().replace(' ', "-")
}

/// The words and the acronyms in one alphabet.
pub fn alphabetique() -> Vec<(&'static str, &'static str)> {
    let mut tous: Vec<_> = MOTS.iter().chain(SIGLES).copied().collect();
    tous.sort_by_cached_key(|(mot, _)| ancre(mot));
    tous
}

/// What a word means; none for one that the glossary has not.
pub fn sens(mot: &str) -> Option<&'static str> {
    let mut tous = MOTS.iter().chain(SIGLES).chain(VERDICTS);
    tous.find(|(connu, _)| *connu == mot).map(|(_, sens)| *sens)
}

/// The words that the questions of a step use, to be explained beside them.
pub fn de_l_etape(etape: Etape) -> Vec<(&'static str, &'static str)> {
    let mut lus: Vec<&str> = vec![etape.libelle()];
    match etape {
        Etape::Essms => lus.extend(FAITS_ESSMS.iter().flat_map(textes)),
        _ => lus.extend(blocs(etape).iter().flat_map(|bloc| match bloc {
            Bloc::Champs(titre, champs) => questions(titre, champs),
            Bloc::Lignes(titre, lignes) => questions(titre, lignes.champs),
        })),
    }
    presents(&lus.join(" "))
}

/// The words and the acronyms that a text uses.
pub fn presents(texte: &str) -> Vec<(&'static str, &'static str)> {
    let lus: Vec<String> = texte
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .map(singulier)
        .collect();
    let present = |mot: &str| mot.split(", ").any(|m| lus.contains(&singulier(m)));
    let tous = MOTS.iter().chain(SIGLES);
    tous.filter(|(mot, _)| present(mot)).copied().collect()
}

/// A word as it is compared; an acronym is written in capitals: « ET » is no « et ».
fn singulier(mot: &str) -> String {
    if mot.chars().all(char::is_uppercase) {
        return mot.to_owned();
    }
    mot.to_lowercase().trim_end_matches('s').to_owned()
}

fn questions(titre: &'static str, champs: &'static [Champ]) -> Vec<&'static str> {
    [titre].into_iter().chain(champs.iter().flat_map(textes)).collect()
}

/// Everything that a field shows.
fn textes(champ: &Champ) -> Vec<&'static str> {
    let mut textes = vec![champ.libelle, champ.aide];
    if let Genre::Choix(options) | Genre::Cases(options) = champ.genre {
        textes.extend(options.iter().map(|(_, libelle)| *libelle));
    }
    textes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dossier::faits::MES_ESSMS;
    use crate::rules::constat::{Gravite, Resultat};
    use crate::rules::faq::Faq;
    use crate::web::vue::Etiquette;

    #[test]
    fn every_outcome_is_explained() {
        for resultat in Resultat::TOUTES {
            for gravite in Gravite::TOUTES {
                let libelle = Etiquette::resultat(resultat, gravite).libelle;
                assert!(VERDICTS.iter().any(|(mot, _)| *mot == libelle), "{libelle}");
            }
        }
    }

    #[test]
    fn a_page_explains_the_words_it_uses_and_no_other() {
        let mots: Vec<&str> = presents("Les ESSMS et leur DUI en SaaS, MSSanté")
            .into_iter()
            .map(|(m, _)| m)
            .collect();
        assert_eq!(mots, ["SaaS", "DUI", "ESSMS", "MSS, MSSanté"]);
        for etape in [
            Etape::Projet,
            Etape::Essms,
            Etape::Solution,
            Etape::Conformite,
            Etape::Equipe,
        ] {
            assert!(!de_l_etape(etape).is_empty(), "{etape:?}");
        }
    }

    #[test]
    fn the_words_of_a_question_are_in_the_glossary() {
        for (_, q) in Faq::livrees().iter().flat_map(Faq::questions) {
            for mot in &q.mots {
                assert!(sens(mot).is_some(), "{mot}, {}", q.slug);
            }
        }
    }

    #[test]
    fn the_glossary_has_each_word_once_in_one_alphabet() {
        let mut ancres: Vec<String> = alphabetique().iter().map(|(mot, _)| ancre(mot)).collect();
        assert!(ancres.is_sorted() && ancres.len() > 60);
        ancres.extend(VERDICTS.iter().map(|(mot, _)| ancre(mot)));
        let nombre = ancres.len();
        ancres.sort();
        ancres.dedup();
        assert_eq!(ancres.len(), nombre);
        assert_eq!(ancre("Étude d’écart"), "etude-d-ecart");
    }

    #[test]
    fn the_readme_and_the_glossary_have_the_same_words() {
        let table = include_str!("../../../README.md").split("## Les mots").nth(1).unwrap();
        let table = table.split("\n## ").next().unwrap();
        let lignes = table.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| mot"));
        for mots in lignes.map(|l| l.split('|').nth(1).unwrap()) {
            for mot in mots.split(',').map(|m| singulier(m.trim())) {
                let connu = alphabetique()
                    .iter()
                    .any(|(m, sens)| singulier(m) == mot || sens.to_lowercase().starts_with(&mot));
                assert!(connu, "{mot}");
            }
        }
    }

    #[test]
    fn every_acronym_of_a_question_or_of_a_page_is_explained() {
        let mut lus: Vec<String> = FAITS_ESSMS
            .iter()
            .chain(MES_ESSMS)
            .flat_map(textes)
            .map(str::to_owned)
            .collect();
        for bloc in Etape::TOUTES.iter().flat_map(|etape| blocs(*etape)) {
            match bloc {
                Bloc::Champs(titre, champs) => {
                    lus.push((*titre).to_owned());
                    lus.extend(champs.iter().flat_map(textes).map(str::to_owned));
                }
                Bloc::Lignes(_, lignes) => lus.extend(lignes.champs.iter().flat_map(textes).map(str::to_owned)),
            }
        }
        for dossier in ["porteur", "instruction", "public", "comptes", "accompagnement"] {
            for page in std::fs::read_dir(format!("templates/{dossier}")).unwrap() {
                lus.push(visible(&std::fs::read_to_string(page.unwrap().path()).unwrap()));
            }
        }
        for (theme, q) in Faq::livrees().iter().flat_map(Faq::questions) {
            lus.extend([&theme.section, &q.question, &q.reponse].map(String::clone));
            lus.extend(q.nuance.clone());
        }
        let connus: Vec<&str> = [VERDICTS, MOTS, SIGLES]
            .concat()
            .into_iter()
            .flat_map(|(mot, _)| mot.split([',', ' ', '-']))
            .chain(["AA", "CEDEX"])
            .collect();
        for mot in lus.iter().flat_map(|texte| texte.split(|c: char| !c.is_alphanumeric())) {
            let sigle = mot.len() > 1 && mot.chars().all(|c| c.is_ascii_uppercase());
            assert!(!sigle || connus.contains(&mot), "{mot}");
        }
    }

    /// A template without its expressions nor its tags.
    fn visible(page: &str) -> String {
        let mut texte = String::new();
        for morceau in page.split(['<', '{']) {
            texte.push_str(morceau.rsplit(['>', '}']).next().unwrap_or_default());
            texte.push(' ');
        }
        texte
    }
}
