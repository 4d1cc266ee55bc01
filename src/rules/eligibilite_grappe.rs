//! Éligibilité of the grappe: its size (ELI-G01), its porteur and signatory (ELI-G06).

use crate::domain::finess::Finess;
use crate::domain::territoire::Zone;
use crate::rules::constat::{Gravite, Resultat};
use crate::rules::contexte::{Contexte, Verdict, au_moins_un};
use crate::rules::edition::{Sujet, Taille};
use crate::rules::faits::Signataire;
use crate::rules::francais::{enumerer, numeros, s};

/// ELI-G01 — « Grappe entre 15 et 49 ESSMS » (MÉMO, FAQ-2024, ARA-2022); « idéalement quinze structures
/// […] huit dans les territoires ultramarins et la Corse » (IDF-2021). Counts the eligible ESSMS: the
/// final number lies between those and those plus the ESSMS in question.
pub(in crate::rules) fn eli_g01(ctx: &Contexte) -> Verdict {
    let taille = &ctx.edition.taille;
    let (eligibles, en_question) = (ctx.decompte.eligibles, ctx.decompte.en_question);
    let haut = eligibles + en_question;
    let maximum = taille.maximum as usize;
    let petite_zone = tous_en_petite_zone(ctx);
    let (resultat, gravite) = issue(taille, eligibles, en_question, petite_zone);
    let [bas, minimum] = minimums(taille, petite_zone);
    let mut verdict = match resultat {
        Resultat::Satisfait => Verdict::satisfait(format!(
            "La grappe compte {} : entre {minimum} et {maximum}.",
            nombre_possible(eligibles, haut)
        )),
        Resultat::NonSatisfait if eligibles > maximum => trop_grande(ctx, maximum),
        Resultat::NonSatisfait => trop_petite(ctx, minimum, petite_zone),
        _ => Verdict::inconnu(format!(
            "La grappe compte {}, pour un minimum de {} et un maximum de {maximum}.{}",
            nombre_possible(eligibles, haut),
            if bas == minimum {
                minimum.to_string()
            } else {
                format!("{bas} ou {minimum}")
            },
            if petite_zone.is_none() {
                " Indiquez le département de chaque ESSMS : le minimum est abaissé en Corse et outre-mer."
            } else {
                " Levez les questions ouvertes sur les ESSMS."
            }
        )),
    };
    verdict.gravite = gravite;
    verdict
        .valeur("eligibles", eligibles)
        .valeur("en_question", en_question)
        .valeur("exclus", ctx.decompte.exclus)
        .valeur("minimum", minimum)
        .valeur("maximum", maximum)
}

/// What a grappe of `eligibles` ESSMS, and of `en_question` more perhaps, comes to, and how it weighs when
/// that depends on the bound at stake.
pub(in crate::rules) fn issue(
    taille: &Taille,
    eligibles: usize,
    en_question: usize,
    petite_zone: Option<bool>,
) -> (Resultat, Option<Gravite>) {
    let (haut, maximum) = (eligibles + en_question, taille.maximum as usize);
    let [bas, minimum] = minimums(taille, petite_zone);
    let resultat = situer(eligibles, haut, minimum, maximum);
    let resultat = if situer(eligibles, haut, bas, maximum) == resultat {
        resultat
    } else {
        Resultat::Inconnu
    };
    let gravite = match resultat {
        Resultat::Satisfait => None,
        _ if haut > maximum && eligibles >= minimum => Some(taille.gravite_maximum),
        _ if haut > maximum => Some(plus_grave(taille.gravite_minimum, taille.gravite_maximum)),
        _ => Some(taille.gravite_minimum),
    };
    (resultat, gravite)
}

/// The least and the greatest that the minimum can be, as the zone is known or not.
pub(in crate::rules) fn minimums(taille: &Taille, petite_zone: Option<bool>) -> [usize; 2] {
    let (petit, grand) = (taille.minimum_corse_outre_mer as usize, taille.minimum as usize);
    match petite_zone {
        Some(true) => [petit, petit],
        Some(false) => [grand, grand],
        None => [petit.min(grand), petit.max(grand)],
    }
}

fn plus_grave(une: Gravite, autre: Gravite) -> Gravite {
    une.min(autre)
}

/// Whether a number somewhere in `[bas, haut]` is within the bounds.
fn situer(bas: usize, haut: usize, minimum: usize, maximum: usize) -> Resultat {
    if bas > maximum || haut < minimum {
        Resultat::NonSatisfait
    } else if bas >= minimum && haut <= maximum {
        Resultat::Satisfait
    } else {
        Resultat::Inconnu
    }
}

/// Every ESSMS not excluded is in Corse or overseas; `None` while an unknown département could tell.
fn tous_en_petite_zone(ctx: &Contexte) -> Option<bool> {
    if ctx.retenus.is_empty() {
        return Some(false);
    }
    let en_metropole = ctx
        .retenus
        .iter()
        .map(|essms| essms.departement.map(|d| d.region.zone == Zone::Metropole));
    au_moins_un(en_metropole).map(|un| !un)
}

fn nombre_possible(bas: usize, haut: usize) -> String {
    if bas == haut {
        format!("{bas} ESSMS éligible{}", s(bas))
    } else {
        format!("de {bas} à {haut} ESSMS éligibles, selon les questions ouvertes")
    }
}

fn trop_grande(ctx: &Contexte, maximum: usize) -> Verdict {
    let total = ctx.decompte.eligibles + ctx.decompte.en_question;
    Verdict::non_satisfait(format!(
        "La grappe compte {} : au-delà de {maximum}, le projet relève de l’AAP national.",
        nombre_possible(ctx.decompte.eligibles, total)
    ))
    .reparer(
        format!("Retirer {} ESSMS, ou répondre à l’AAP national.", total - maximum),
        Vec::new(),
    )
}

fn trop_petite(ctx: &Contexte, minimum: usize, petite_zone: Option<bool>) -> Verdict {
    let (eligibles, en_question) = (ctx.decompte.eligibles, ctx.decompte.en_question);
    let manque = minimum - eligibles - en_question;
    let mut message = format!(
        "La grappe compte {} : il en manque {manque} pour atteindre {minimum}.",
        nombre_possible(eligibles, eligibles + en_question)
    );
    if ctx.decompte.total == 1 {
        let contacts: Vec<String> = ctx
            .edition
            .contacts(Sujet::Accompagnement)
            .map(|contact| format!("{} ({})", contact.nom, contact.courriel))
            .collect();
        message = format!(
            "Un ESSMS seul ne peut pas répondre : le regroupement en grappe est obligatoire, \
             pour mutualiser les compétences et partager une même solution. {message} \
             Un accompagnement existe pour trouver une grappe : {}.",
            enumerer(&contacts)
        );
    }
    let zone = if petite_zone == Some(true) {
        " de Corse ou d’outre-mer"
    } else {
        ""
    };
    let a_ajouter = minimum - eligibles;
    let ajout = if en_question == 0 {
        format!("Ajouter {a_ajouter} ESSMS éligible{}{zone}.", s(a_ajouter))
    } else {
        format!(
            "Ajouter {a_ajouter} ESSMS éligible{}{zone}, ou seulement {manque} si les ESSMS en question ({en_question}) \
             se révèlent éligibles.",
            s(a_ajouter)
        )
    };
    Verdict::non_satisfait(message)
        .valeur("manquants", manque)
        .reparer(ajout, Vec::new())
}

/// ELI-G06 — « L'établissement du groupement désigné comme étant le porteur du projet sera le seul
/// établissement de la grappe signataire de la convention » (IDF-2021).
pub(in crate::rules) fn eli_g06(ctx: &Contexte) -> Verdict {
    let faits = ctx.faits;
    if faits.essms.is_empty() {
        return Verdict::sans_essms();
    }
    let Some(porteur) = faits.porteur.organisme else {
        return Verdict::inconnu("Désignez l’organisme gestionnaire qui porte le projet.");
    };
    let membre = au_moins_un(faits.essms.iter().map(|e| e.organisme.map(|og| og == porteur)));
    let signataire = match faits.porteur.signataire {
        Signataire::NonDemande => Some(true),
        Signataire::AChoisir => None,
        Signataire::Designe(finess) => Some(faits.essms.iter().any(|e| e.finess == finess)),
    };
    let verdict = match (membre, signataire) {
        (Some(false), _) => {
            let mut membres: Vec<Finess> = faits.essms.iter().filter_map(|e| e.organisme).collect();
            membres.sort_unstable();
            membres.dedup();
            Verdict::non_satisfait(format!(
                "L’organisme porteur {porteur} ne gère aucun ESSMS de la grappe."
            ))
            .reparer(
                format!(
                    "Désigner comme porteur l’un des organismes de la grappe ({}), ou ajouter un ESSMS de {porteur}.",
                    numeros(&membres)
                ),
                Vec::new(),
            )
        }
        (_, Some(false)) => {
            Verdict::non_satisfait("L’établissement désigné comme signataire n’est pas dans la grappe.")
                .reparer("Désigner comme signataire un ESSMS de la grappe.", Vec::new())
        }
        (None, _) => Verdict::inconnu(format!(
            "Précisez l’organisme gestionnaire de chaque ESSMS : aucun n’est encore rattaché au porteur {porteur}."
        )),
        (_, None) => Verdict::inconnu("Désignez l’établissement de la grappe qui signera la convention."),
        (Some(true), Some(true)) => {
            Verdict::satisfait(format!("L’organisme porteur {porteur} est membre de la grappe."))
        }
    };
    verdict.valeur("porteur", porteur.as_str())
}
