//! What becomes of each pasted line: nothing that was pasted goes without an answer.

use std::collections::HashMap;

use crate::domain::dossier::saisie_finess::{LigneCollee, lire_colle};
use crate::domain::finess::{Finess, FinessErreur};
use crate::store::evaluation::Contexte;
use crate::store::reconnaissance::Reconnaissance;
use crate::web::vue::{Etiquette, Ton, majuscule};

/// Characters of a line shown.
const LETTRES_AU_PLUS: usize = 60;

/// Answers shown: a line may hold thousands of numbers.
const REPONSES_AU_PLUS: usize = 2_000;

/// The answer to one number, or to a line that holds none.
pub struct ReponseLigne {
    /// Number of the line, from 1.
    pub rang: usize,
    /// The number, or what was pasted in its place.
    pub texte: String,
    /// Name of the ESSMS or of the OG; empty when nobody knows.
    pub nom: String,
    /// What became of it.
    pub reponse: Etiquette,
    /// More about it; empty when the tag says all.
    pub precision: String,
    /// The OG whose ESSMS may be taken in its place: its number, « ses 12 ESSMS ».
    pub organisme: Option<(String, String)>,
}

/// The answers, in the order of the lines.
pub struct Reponses {
    /// The first of them.
    pub lignes: Vec<ReponseLigne>,
    /// All of them in one sentence.
    pub resume: String,
    /// How many are not among the first: nobody would read them.
    pub tues: usize,
}

/// What became of each line.
pub fn repondre(lignes: &[LigneCollee], reconnus: &[(Finess, Reconnaissance)], contexte: &Contexte) -> Reponses {
    let reconnus: HashMap<Finess, &Reconnaissance> = reconnus.iter().map(|(n, r)| (*n, r)).collect();
    let mut vus: HashMap<Finess, usize> = HashMap::new();
    let mut reponses = Vec::new();
    for ligne in lignes {
        let avant = reponses.len();
        for numero in ligne.colle.numeros.iter().chain(&ligne.colle.doublons) {
            reponses.push(match vus.get(numero) {
                Some(premiere) => double(ligne.rang, *numero, *premiere),
                None => un_numero(ligne.rang, *numero, reconnus.get(numero).copied(), contexte),
            });
            vus.entry(*numero).or_insert(ligne.rang);
        }
        for (texte, erreur) in &ligne.colle.fautes {
            if let Some(reponse) = avec_son_zero(ligne.rang, *erreur, &reconnus, &mut vus, contexte) {
                reponses.push(reponse);
                continue;
            }
            let reponse = Etiquette::nouvelle("Illisible", Ton::Bloquant);
            let precision = format!("{}.", majuscule(&erreur.to_string()));
            reponses.push(reponse_a(ligne.rang, texte, reponse, &precision));
        }
        if reponses.len() == avant {
            let texte = court(&ligne.texte);
            let reponse = Etiquette::nouvelle("Aucun numéro", Ton::Neutre);
            reponses.push(reponse_a(
                ligne.rang,
                &texte,
                reponse,
                "Aucun numéro FINESS sur cette ligne.",
            ));
        }
    }
    let resume = resumer(&reponses);
    let tues = reponses.len().saturating_sub(REPONSES_AU_PLUS);
    reponses.truncate(REPONSES_AU_PLUS);
    Reponses {
        lignes: reponses,
        resume,
        tues,
    }
}

/// The answer to eight digits that are the number of an ESSMS once their zero is there again.
fn avec_son_zero(
    rang: usize,
    erreur: FinessErreur,
    reconnus: &HashMap<Finess, &Reconnaissance>,
    vus: &mut HashMap<Finess, usize>,
    contexte: &Contexte,
) -> Option<ReponseLigne> {
    let FinessErreur::ZeroPerdu(numero) = erreur else {
        return None;
    };
    let reconnu = reconnus.get(&numero).copied();
    let connu = reconnu.filter(|r| matches!(r, Reconnaissance::EssmsOuvert | Reconnaissance::EssmsFerme(_)))?;
    let reponse = match vus.get(&numero) {
        Some(premiere) => double(rang, numero, *premiere),
        None => un_numero(rang, numero, Some(connu), contexte),
    };
    vus.entry(numero).or_insert(rang);
    let precision = format!("Il manquait le zéro du début, remis. {}", reponse.precision);
    Some(ReponseLigne {
        precision: precision.trim_end().to_owned(),
        ..reponse
    })
}

fn court(texte: &str) -> String {
    let debut: String = texte.chars().take(LETTRES_AU_PLUS).collect();
    if debut.len() < texte.len() {
        format!("{debut}…")
    } else {
        debut
    }
}

fn reponse_a(rang: usize, texte: &str, reponse: Etiquette, precision: &str) -> ReponseLigne {
    ReponseLigne {
        rang,
        texte: texte.to_owned(),
        nom: String::new(),
        reponse,
        precision: precision.to_owned(),
        organisme: None,
    }
}

fn double(rang: usize, numero: Finess, premiere: usize) -> ReponseLigne {
    let precision = format!("Déjà lu ligne\u{a0}{premiere}, gardé une fois.");
    let reponse = Etiquette::nouvelle("Doublon", Ton::Neutre);
    reponse_a(rang, numero.as_str(), reponse, &precision)
}

fn un_numero(rang: usize, numero: Finess, reconnu: Option<&Reconnaissance>, contexte: &Contexte) -> ReponseLigne {
    let nom = contexte
        .registre
        .get(&numero)
        .map(|e| e.nom.clone())
        .unwrap_or_default();
    let (libelle, ton, precision) = match reconnu {
        Some(Reconnaissance::EssmsOuvert) => ("Reconnu", Ton::Succes, String::new()),
        Some(Reconnaissance::EssmsFerme(jour)) => (
            "Fermé",
            Ton::Alerte,
            format!(
                "Fermé le {} au répertoire FINESS\u{a0}: vérifiez ce numéro.",
                jour.format("%d/%m/%Y")
            ),
        ),
        Some(Reconnaissance::Organisme { nom, essms }) => return organisme(rang, numero, nom.as_deref(), essms.len()),
        Some(Reconnaissance::Siren { nom }) => {
            return ReponseLigne {
                nom: nom.clone().unwrap_or_default(),
                ..reponse_a(
                    rang,
                    numero.as_str(),
                    Etiquette::nouvelle("SIREN", Ton::Neutre),
                    "SIREN d’un organisme\u{a0}: non compté.",
                )
            };
        }
        Some(Reconnaissance::Inconnu) => (
            "Inconnu",
            Ton::Alerte,
            "Absent du répertoire FINESS\u{a0}: vérifiez ce numéro.".to_owned(),
        ),
        None => (
            "Non lu",
            Ton::Alerte,
            "Au-delà de ce qu’une simulation peut compter.".to_owned(),
        ),
    };
    ReponseLigne {
        nom,
        ..reponse_a(rang, numero.as_str(), Etiquette::nouvelle(libelle, ton), &precision)
    }
}

fn organisme(rang: usize, numero: Finess, nom: Option<&str>, combien: usize) -> ReponseLigne {
    let precision = match combien {
        0 => "Numéro juridique (EJ) d’un organisme sans ESSMS ouvert.",
        _ => "Numéro juridique (EJ) d’un organisme, et non d’un ESSMS\u{a0}: il n’est pas compté.",
    };
    ReponseLigne {
        nom: nom.unwrap_or_default().to_owned(),
        organisme: match combien {
            0 => None,
            1 => Some((numero.to_string(), "son ESSMS".to_owned())),
            n => Some((numero.to_string(), format!("ses {n}\u{a0}ESSMS"))),
        },
        ..reponse_a(
            rang,
            numero.as_str(),
            Etiquette::nouvelle("Organisme", Ton::Information),
            precision,
        )
    }
}

/// « 12 reconnus, 1 doublon, 2 illisibles »
fn resumer(reponses: &[ReponseLigne]) -> String {
    let sortes = [
        ("Reconnu", "reconnu"),
        ("Doublon", "doublon"),
        ("Fermé", "fermé"),
        ("Inconnu", "inconnu"),
        ("Organisme", "organisme"),
        ("SIREN", "SIREN"),
        ("Illisible", "illisible"),
        ("Aucun numéro", "ligne"),
        ("Non lu", "non lu"),
    ];
    let dites = sortes.iter().filter_map(|(libelle, mot)| {
        let combien = reponses.iter().filter(|r| r.reponse.libelle == *libelle).count();
        let s = if combien > 1 && *mot != "SIREN" { "s" } else { "" };
        let suite = if *mot == "ligne" { " sans numéro" } else { "" };
        (combien > 0).then(|| format!("{combien}\u{a0}{mot}{s}{suite}"))
    });
    dites.collect::<Vec<_>>().join(", ")
}

/// The same text with the ESSMS of an OG in place of its number.
pub fn remplacer_l_organisme(texte: &str, organisme: Finess, essms: &[Finess]) -> String {
    let mut lignes = Vec::new();
    for ligne in texte.lines() {
        let colle = lire_colle(ligne);
        if !colle.numeros.contains(&organisme) {
            lignes.push(ligne.to_owned());
        } else if colle.numeros.len() > 1 || !colle.fautes.is_empty() {
            // What else the line holds stays.
            let reste = ligne.replace(organisme.as_str(), "");
            if !lire_colle(&reste).numeros.contains(&organisme) {
                lignes.push(reste.trim().to_owned());
                continue;
            }
            // Its digits are parted by something: of the line, its other numbers and what has to be corrected.
            let autres = colle.numeros.iter().filter(|n| **n != organisme).map(Finess::to_string);
            let fautes = colle.fautes.iter().map(|(texte, _)| texte.clone());
            lignes.push(autres.chain(fautes).collect::<Vec<_>>().join(" ; "));
        }
    }
    lignes.extend(essms.iter().map(Finess::to_string));
    lignes.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dossier::saisie_finess::lire_lignes;

    fn et(rang: usize) -> Finess {
        Finess::depuis_racine(&format!("75{rang:06}")).unwrap()
    }

    #[test]
    fn every_line_has_its_answer() {
        let texte = format!(
            "Liste des ESSMS\n\n{}; EHPAD\n{}\n{} {}\n750000999\nx",
            et(1),
            et(1),
            et(2),
            et(3)
        );
        let organisme = Reconnaissance::Organisme {
            nom: Some("OG".into()),
            essms: vec![et(8), et(9)],
        };
        let reconnus = [
            (et(1), Reconnaissance::EssmsOuvert),
            (et(2), organisme),
            (et(3), Reconnaissance::Inconnu),
        ];
        let Reponses {
            lignes: reponses,
            resume,
            tues,
        } = repondre(&lire_lignes(&texte), &reconnus, &Contexte::default());
        assert_eq!(tues, 0);
        let dites: Vec<(usize, &str)> = reponses.iter().map(|r| (r.rang, r.reponse.libelle.as_str())).collect();
        assert_eq!(
            dites,
            [
                (1, "Aucun numéro"),
                (3, "Reconnu"),
                (4, "Doublon"),
                (5, "Organisme"),
                (5, "Inconnu"),
                (6, "Illisible"),
                (7, "Aucun numéro"),
            ]
        );
        assert_eq!(
            reponses[3].organisme,
            Some((et(2).to_string(), "ses 2\u{a0}ESSMS".to_owned()))
        );
        assert_eq!(
            resume,
            "1\u{a0}reconnu, 1\u{a0}doublon, 1\u{a0}inconnu, 1\u{a0}organisme, 1\u{a0}illisible, 2\u{a0}lignes sans numéro"
        );
    }

    #[test]
    fn a_zero_that_a_spreadsheet_took_is_put_back_when_the_registry_knows_the_number() {
        let ain = Finess::parse("010000024").unwrap();
        let lignes = lire_lignes("10000024\n010000024\n10000024");
        let (lues, _) = {
            let Reponses { lignes, resume, .. } =
                repondre(&lignes, &[(ain, Reconnaissance::EssmsOuvert)], &Contexte::default());
            (lignes, resume)
        };
        let dites: Vec<&str> = lues.iter().map(|r| r.reponse.libelle.as_str()).collect();
        assert_eq!(dites, ["Reconnu", "Doublon", "Doublon"]);
        assert!(lues[0].precision.contains("zéro"), "{}", lues[0].precision);
        let inconnue = repondre(&lignes[..1], &[(ain, Reconnaissance::Inconnu)], &Contexte::default());
        assert_eq!(inconnue.lignes[0].reponse.libelle, "Illisible");
    }

    #[test]
    fn the_number_of_an_og_gives_way_to_its_essms() {
        let texte = format!("{}\n{}", et(1), et(2));
        assert_eq!(
            remplacer_l_organisme(&texte, et(2), &[et(8), et(9)]),
            format!("{}\n{}\n{}", et(1), et(8), et(9))
        );
    }

    #[test]
    fn what_stands_beside_the_number_of_an_og_stays() {
        let espace: String = et(2).to_string().chars().flat_map(|c| [c, ' ']).collect();
        let texte = format!(
            "{}, OG\n{} ; {}, Tilleul\n{}, 7507193\n{espace}, {}",
            et(2),
            et(2),
            et(1),
            et(2),
            et(3)
        );
        assert_eq!(
            remplacer_l_organisme(&texte, et(2), &[et(8)]),
            format!("; {}, Tilleul\n, 7507193\n{}\n{}", et(1), et(3), et(8))
        );
    }

    #[test]
    fn answers_beyond_what_anybody_reads_are_counted() {
        let texte = "7507193;".repeat(REPONSES_AU_PLUS + 3);
        let reponses = repondre(&lire_lignes(&texte), &[], &Contexte::default());
        assert_eq!((reponses.lignes.len(), reponses.tues), (REPONSES_AU_PLUS, 3));
        assert_eq!(reponses.resume, "2003\u{a0}illisibles");
    }
}
