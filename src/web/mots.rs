//! The words and the acronyms that the pages use, explained once.

use crate::domain::dossier::Etape;
use crate::domain::dossier::champ::{Bloc, Champ, Genre};
use crate::domain::dossier::etapes::{FAITS_ESSMS, blocs};
use crate::domain::nomenclature::Liste;

/// What verdicts say, in the words of the pages.
pub const VERDICTS: &[(&str, &str)] = &[
    ("Satisfait", "Le projet respecte cette règle."),
    (
        "Non satisfait",
        "Le projet ne respecte pas cette règle. C’est un point bloquant\u{a0}: le dossier ne peut pas être déposé ainsi.",
    ),
    (
        "Non satisfait, sans bloquer",
        "Avertissement\u{a0}: la règle n’est pas respectée, mais le dépôt reste possible.",
    ),
    (
        "Non satisfait, pour information",
        "Un critère qui compte dans l’examen du projet, sans être une condition.",
    ),
    (
        "À compléter",
        "Inconnu\u{a0}: une réponse manque, la règle ne dit encore ni oui ni non.",
    ),
    (
        "À apprécier par l’ARS",
        "Le texte laisse la décision à l’autorité\u{a0}: le portail ne tranche pas à sa place.",
    ),
    ("Sans objet", "La règle ne concerne pas ce projet."),
    ("Bloquant", "Ce qui empêche le dépôt tant que ce n’est pas corrigé."),
    ("Éligible", "L’ESSMS compte dans la grappe et dans le financement."),
    (
        "En question",
        "Il manque une réponse pour savoir si l’ESSMS compte dans la grappe.",
    ),
    (
        "Exclu",
        "L’ESSMS ne compte pas dans la grappe et n’est pas financé. Il ne bloque pas le projet des autres.",
    ),
    (
        "Financement certain, maximum",
        "Ce qui est établi par vos réponses, et ce que ce serait si toutes les questions ouvertes tournaient bien.",
    ),
];

/// The words of the domain.
pub const MOTS: &[(&str, &str)] = &[
    ("Grappe", "Groupe d’ESSMS, d’un ou plusieurs OG, autour d’un même DUI."),
    (
        "Porteur",
        "L’OG qui porte le projet\u{a0}: il dépose, signe et redistribue les fonds.",
    ),
    (
        "Membre",
        "Un OG de la grappe qui n’est pas le porteur\u{a0}: il lit le dossier et répond pour ses ESSMS.",
    ),
    (
        "Accord",
        "Ce que l’OG de chaque ESSMS donne, ou non, pour que cet ESSMS soit dans la grappe d’un autre. Le dépôt les attend tous.",
    ),
    ("Dossier", "La candidature d’une grappe à un appel à projets."),
    ("Constat", "Le verdict d’une règle sur votre projet, avec sa source."),
    ("Recevabilité", "Ce que l’ARS vérifie avant d’examiner le projet."),
    (
        "Couloir",
        "Domaine du référencement Ségur d’une solution\u{a0}: personnes âgées, handicap, domicile…",
    ),
    (
        "Ségur",
        "Le Ségur du numérique en santé\u{a0}: le programme national qui référence les logiciels et finance leur usage.",
    ),
    (
        "SERAFIN-PH, AGGIR-PATHOS",
        "Référentiels nationaux des besoins des personnes handicapées et des personnes âgées.",
    ),
    (
        "SaaS",
        "Logiciel utilisé à distance, que l’éditeur héberge et met à jour.",
    ),
    (
        "Empreinte SHA-256",
        "Suite de caractères calculée sur un contenu\u{a0}: la moindre modification la change.",
    ),
];

/// The acronyms.
pub const SIGLES: &[(&str, &str)] = &[
    ("AAP", "Appel à projets."),
    ("AHI", "Accueil, hébergement, insertion."),
    ("AMOA", "Assistance à maîtrise d’ouvrage."),
    (
        "ANAP",
        "Agence nationale de la performance sanitaire et médico-sociale.",
    ),
    ("ARS", "Agence régionale de santé\u{a0}: elle instruit et décide."),
    ("CCP", "Code de la commande publique."),
    ("CNSA", "Caisse nationale de solidarité pour l’autonomie."),
    ("CPOM", "Contrat pluriannuel d’objectifs et de moyens."),
    ("DMP", "Dossier médical partagé, dans Mon espace santé."),
    ("DPO", "Délégué à la protection des données."),
    ("DSI", "Direction, ou directeur, des systèmes d’information."),
    ("DUI", "Dossier usager informatisé\u{a0}: le logiciel."),
    (
        "EHPAD, IME, ESAT, SAVS, SSIAD",
        "Catégories d’ESSMS, que donne le répertoire FINESS.",
    ),
    (
        "EJ",
        "Entité juridique\u{a0}: le numéro FINESS d’un organisme gestionnaire.",
    ),
    ("ESMS", "Établissement ou service médico-social."),
    ("ESSMS", "Établissement ou service social ou médico-social (FINESS ET)."),
    (
        "ET, EG",
        "Établissement, ou entité géographique\u{a0}: le numéro FINESS d’un ESSMS.",
    ),
    ("ETP", "Équivalent temps plein."),
    ("FAQ", "Foire aux questions, publiée avec l’appel à projets."),
    (
        "FINESS",
        "Fichier national des établissements sanitaires et sociaux, qui donne un numéro à chacun.",
    ),
    ("GHT", "Groupement hospitalier de territoire."),
    ("HDS", "Hébergement de données de santé, certifié."),
    ("INS", "Identité nationale de santé."),
    ("MSS, MSSanté", "Messagerie sécurisée de santé."),
    (
        "OG",
        "Organisme gestionnaire\u{a0}: la personne morale (FINESS EJ) qui gère des ESSMS.",
    ),
    ("PA, PH", "Personnes âgées, personnes handicapées."),
    (
        "PAI",
        "PAI numérique\u{a0}: le service de la CNSA où le dépôt reste obligatoire.",
    ),
    ("PDF, XLSX", "Formats de fichiers."),
    ("PJM", "Protection juridique des majeurs."),
    (
        "RGAA, WCAG",
        "Règles d’accessibilité des sites, française et internationale\u{a0}; AA est le niveau visé.",
    ),
    ("RGPD", "Règlement général sur la protection des données."),
    (
        "ROR",
        "Répertoire opérationnel des ressources\u{a0}: il décrit l’offre de chaque ESSMS.",
    ),
    ("SAD", "Service autonomie à domicile."),
    (
        "SESAN",
        "Groupement régional d’appui au numérique en santé d’Île-de-France.",
    ),
    ("SI", "Système d’information."),
    ("SIREN", "Numéro d’entreprise, à neuf chiffres."),
    (
        "SONS",
        "Système ouvert et non sélectif\u{a0}: la prestation Ségur que l’État paie à l’éditeur.",
    ),
    (
        "XLSX, CSV",
        "Formats de fichiers que lisent et écrivent tous les tableurs.",
    ),
];

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
        let connus: Vec<&str> = [VERDICTS, MOTS, SIGLES]
            .concat()
            .into_iter()
            .flat_map(|(mot, _)| mot.split([',', ' ', '-']))
            .chain(["AA"])
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
