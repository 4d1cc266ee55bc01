//! The questions on each ESSMS, in three groups: what one dossier chooses for it, what is true of it whatever
//! the dossier, and what only Mes ESSMS keeps. A dossier asks the first two, Mes ESSMS the last two: what is
//! true of an ESSMS is declared, and asked, once.

use super::champ::{Champ, Genre, Requis};
use super::reponses::Reponses;

const COURT: usize = 200;

const TYPES_PROJET: &[(&str, &str)] = &[
    ("acquisition", "Acquisition d’un DUI"),
    ("mise_en_conformite", "Mise en conformité du DUI existant"),
];
const HEBERGEMENTS: &[(&str, &str)] = &[
    ("saas", "SaaS"),
    ("externe", "Hébergement externe"),
    ("on_premise", "Sur site (on premise)"),
];
const ENTITES: &[(&str, &str)] = &[
    ("aucune", "Aucune"),
    ("porteur", "Oui, et elle est le porteur"),
    ("accord", "Oui, elle a donné son accord daté"),
    ("sans_accord", "Oui, sans accord à ce jour"),
];
const AUTODIAGNOSTICS: &[(&str, &str)] = &[("si_esms", "SI ESMS"), ("si_og", "SI gestion OG"), ("aucun", "Aucun")];

/// What one dossier chooses for an ESSMS: another dossier may choose otherwise.
const CHOIX_DU_DOSSIER: [Champ; 3] = [
    Champ::requis("type_projet", "Type de projet", Genre::Choix(TYPES_PROJET))
        .aide("Mise en conformité\u{a0}: l’ESSMS garde son DUI, que l’on met à niveau. Sinon, acquisition."),
    Champ::requis(
        "meme_solution",
        "Utilisera la solution DUI du projet, dans la même version",
        Genre::OuiNon,
    )
    .aide("La grappe se fait autour d’un même DUI."),
    Champ::libre("autre_solution", "Sinon, nom du DUI utilisé", Genre::Texte(COURT)).si("meme_solution", "non"),
];

/// What is true of an ESSMS whatever the dossier: answered once in Mes ESSMS, taken over by each dossier.
const FAITS_DURABLES: [Champ; 12] = [
    Champ::requis("hebergement", "Hébergement souhaité", Genre::Choix(HEBERGEMENTS))
        .aide("SaaS\u{a0}: chez l’éditeur. Externe\u{a0}: chez un hébergeur. Sur site\u{a0}: dans vos locaux."),
    Champ::requis(
        "deja_finance",
        "A déjà reçu un financement ESMS numérique pour un DUI",
        Genre::OuiNon,
    )
    .aide("Par un appel à projets précédent du programme ESMS numérique."),
    Champ::requis("sons", "A bénéficié de la Prestation Ségur (SONS)", Genre::OuiNon)
        .aide("Payée par l’État à l’éditeur du logiciel, pour sa mise à niveau."),
    Champ::libre("sons_logiciel", "Si oui, logiciel concerné", Genre::Texte(COURT)).si("sons", "oui"),
    Champ::requis(
        "entite_nationale",
        "Appartient à une entité nationale",
        Genre::Choix(ENTITES),
    )
    .aide("Par exemple une fédération ou une association présente dans plusieurs régions."),
    Champ::requis("rattache_ght", "Rattaché à un hôpital ou à un GHT", Genre::OuiNon)
        .aide("Géré par un hôpital, ou membre d’un GHT\u{a0}: l’ARS apprécie, une solution non référencée peut être admise à certaines conditions."),
    Champ::requis(
        "activites_confort",
        "Propose aussi des services «\u{a0}de confort\u{a0}»",
        Genre::OuiNon,
    )
    .aide("Ménage, jardinage, petit bricolage… Ces heures ne sont pas financées."),
    Champ::libre(
        "part_heures_eligibles",
        "Si oui, part d’heures éligibles (en\u{a0}%)",
        Genre::Decimal(100),
    )
    .si("activites_confort", "oui"),
    Champ::requis("medicalise", "ESSMS médicalisé", Genre::OuiNon)
        .aide("Il dispense des soins. La réponse ne sert que si sa catégorie FINESS ne le dit pas."),
    Champ::requis("ror_complet", "Description complète dans le ROR", Genre::OuiNon)
        .aide("Le ROR décrit l’offre de chaque ESSMS\u{a0}: tous ses champs sont remplis."),
    Champ::requis(
        "autodiagnostic",
        "Autodiagnostic ANAP présenté",
        Genre::Choix(AUTODIAGNOSTICS),
    )
    .aide("L’outil de l’ANAP sur la maturité du système d’information."),
    Champ::requis(
        "personnes_accompagnees",
        "Personnes accompagnées",
        Genre::Nombre(100_000),
    )
    .aide("Nombre de personnes que l’ESSMS accompagne aujourd’hui."),
];

/// What no rule reads yet but what composing a grappe begins by: which DUI is there already, upon what.
const SITUATION: [Champ; 4] = [
    Champ::libre("dui_actuel", "A déjà un DUI", Genre::OuiNon)
        .aide("Un dossier de l’usager informatisé, utilisé aujourd’hui."),
    Champ::libre("dui_nom", "Si oui, nom du DUI", Genre::Texte(COURT)).si("dui_actuel", "oui"),
    Champ::libre("dui_version", "Sa version, si vous la connaissez", Genre::Texte(COURT)),
    Champ::libre("equipement", "Équipement informatique", Genre::Texte(COURT))
        .aide("En quelques mots\u{a0}: postes, tablettes, réseau sans fil."),
];

/// Two lists one after the other.
const fn a_la_suite<const N: usize>(premiers: &[Champ], suivants: &[Champ]) -> [Champ; N] {
    let mut tous = [CHOIX_DU_DOSSIER[0]; N];
    let mut rang = 0;
    while rang < N {
        tous[rang] = if rang < premiers.len() {
            premiers[rang]
        } else {
            suivants[rang - premiers.len()]
        };
        rang += 1;
    }
    tous
}

/// Questions on one ESSMS of a grappe, asked in the step « ESSMS de la grappe » of its dossier.
pub const FAITS_ESSMS: &[Champ] =
    &a_la_suite::<{ CHOIX_DU_DOSSIER.len() + FAITS_DURABLES.len() }>(&CHOIX_DU_DOSSIER, &FAITS_DURABLES);

/// Questions on one ESSMS of the OG, asked in Mes ESSMS.
pub const MES_ESSMS: &[Champ] = &a_la_suite::<{ SITUATION.len() + FAITS_DURABLES.len() }>(&SITUATION, &FAITS_DURABLES);

/// Names of the questions that Mes ESSMS and a dossier share.
pub fn durables() -> impl Iterator<Item = &'static str> {
    FAITS_DURABLES.iter().map(|champ| champ.nom)
}

/// The question of this name in Mes ESSMS.
pub fn fait(nom: &str) -> Option<&'static Champ> {
    MES_ESSMS.iter().find(|champ| champ.nom == nom)
}

/// How many questions of Mes ESSMS that a deposit needs have no answer yet.
pub fn manquants(reponses: &Reponses) -> usize {
    MES_ESSMS
        .iter()
        .filter(|c| c.requis != Requis::Non && c.demande("", reponses) && reponses.valeurs(c.nom).is_empty())
        .count()
}

/// The answers to the shared questions that differ between Mes ESSMS and a dossier; an empty answer of Mes
/// ESSMS differs from nothing.
pub fn ecarts(miennes: &Reponses, dossier: &Reponses) -> Vec<&'static str> {
    durables()
        .filter(|nom| !miennes.valeurs(nom).is_empty() && miennes.valeurs(nom) != dossier.valeurs(nom))
        .collect()
}

/// Fills with these answers what is empty among the shared questions; whether that changed anything.
pub fn completer(cible: &mut Reponses, source: &Reponses) -> bool {
    let mut change = false;
    for nom in durables() {
        if cible.valeurs(nom).is_empty() && !source.valeurs(nom).is_empty() {
            cible.mettre(nom, source.valeurs(nom).to_vec());
            change = true;
        }
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reponses(paires: &[(&str, &str)]) -> Reponses {
        let mut r = Reponses::default();
        for (nom, valeur) in paires {
            r.mettre(nom, vec![(*valeur).to_owned()]);
        }
        r
    }

    #[test]
    fn a_dossier_and_mes_essms_share_what_is_true_of_an_essms() {
        for nom in durables() {
            assert!(fait(nom).is_some() && FAITS_ESSMS.iter().any(|c| c.nom == nom), "{nom}");
        }
        assert!(fait("type_projet").is_none() && fait("equipement").is_some());
        assert_eq!(FAITS_ESSMS[0].nom, "type_projet");
    }

    #[test]
    fn only_an_answer_of_mes_essms_differs() {
        let miennes = reponses(&[("sons", "oui"), ("equipement", "10 postes")]);
        assert_eq!(
            ecarts(&miennes, &reponses(&[("sons", "non"), ("hebergement", "saas")])),
            ["sons"]
        );
        assert!(ecarts(&miennes, &reponses(&[("sons", "oui")])).is_empty());
    }

    #[test]
    fn filling_replaces_nothing_and_takes_no_choice_of_a_dossier() {
        let mut miennes = reponses(&[("sons", "oui")]);
        let dossier = reponses(&[("sons", "non"), ("hebergement", "saas"), ("type_projet", "acquisition")]);
        assert!(completer(&mut miennes, &dossier));
        assert_eq!(miennes, reponses(&[("sons", "oui"), ("hebergement", "saas")]));
        assert!(!completer(&mut miennes, &dossier));
    }

    #[test]
    fn a_question_without_object_is_not_missing() {
        let vide = manquants(&Reponses::default());
        assert_eq!(manquants(&reponses(&[("sons", "non")])), vide - 1);
        assert_eq!(
            manquants(&reponses(&[("sons", "oui")])),
            vide,
            "its software is then asked"
        );
    }
}
