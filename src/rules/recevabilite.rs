//! Recevabilité, what concerns the dossier: REC-01, REC-04, REC-05, REC-07, REC-08.

use crate::domain::argent::Centimes;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Resultat;
use crate::rules::contexte::{Contexte, Verdict};
use crate::rules::edition::{Fenetre, jour_en_france};
use crate::rules::eligibilite_region::Repartition;
use crate::rules::faits::{EtatConformite, ItemSi};
use crate::rules::francais::{date, enumerer, numeros, s};

/// REC-01 — « Conformité de la grappe » (MÉMO, « Critères de recevabilité »): the aggregate of the rules
/// of éligibilité, so that the two can never disagree.
pub(in crate::rules) fn rec_01(ctx: &Contexte) -> Verdict {
    let codes = enumerer(&ctx.codes_eligibilite);
    let message = match ctx.eligibilite {
        Resultat::Satisfait | Resultat::SansObjet => "La grappe remplit toutes les règles d’éligibilité.".to_owned(),
        Resultat::NonSatisfait => format!("La grappe ne remplit pas : {codes}."),
        Resultat::Inconnu => format!("La conformité de la grappe reste à établir : {codes}."),
        Resultat::AppreciationArs => format!("La conformité de la grappe est à apprécier par l’ARS : {codes}."),
    };
    let mut verdict = Verdict::nouveau(ctx.eligibilite, message).valeur("regles", ctx.codes_eligibilite.clone());
    if !ctx.reparations_eligibilite.is_empty() {
        let messages: Vec<&str> = ctx.reparations_eligibilite.iter().map(|r| r.message.as_str()).collect();
        let essms = ctx
            .reparations_eligibilite
            .iter()
            .flat_map(|r| r.essms.clone())
            .collect();
        verdict = verdict.reparer(messages.join(" "), essms);
    }
    verdict
}

/// REC-04 — « Le projet comporte une part d'autofinancement » (MÉMO), and resources equal expenses: what
/// is left to finance is the grant, no more and no less.
pub(in crate::rules) fn rec_04(ctx: &Contexte) -> Verdict {
    let plan = &ctx.faits.plan;
    let (certain, maximum) = (ctx.financement.certain, ctx.financement.maximum);
    let verdict = match (plan.depenses, plan.autofinancement, plan.autres_ressources) {
        (_, Some(Centimes::ZERO), _) => sans_autofinancement(ctx),
        (Some(depenses), Some(auto), Some(autres)) => equilibre(ctx, depenses - auto - autres, auto),
        (Some(depenses), auto, autres) if besoin_le_plus_haut(depenses, auto, autres) < certain => {
            Verdict::non_satisfait(format!(
                "Les dépenses ({depenses}) laissent moins à financer que la subvention ({certain}) : les ressources \
                 les dépassent."
            ))
        }
        _ => Verdict::inconnu(
            "Complétez le plan de financement : dépenses, autofinancement et autres ressources (zéro s’il n’y en a pas).",
        ),
    };
    verdict
        .valeur("depenses_centimes", plan.depenses.map(|c| c.0))
        .valeur("autofinancement_centimes", plan.autofinancement.map(|c| c.0))
        .valeur("autres_ressources_centimes", plan.autres_ressources.map(|c| c.0))
        .valeur("subvention_certaine_centimes", certain.0)
        .valeur("subvention_maximale_centimes", maximum.0)
}

/// The most that can be left to finance, whatever is still unsaid: self-financing is at least a centime.
fn besoin_le_plus_haut(depenses: Centimes, auto: Option<Centimes>, autres: Option<Centimes>) -> Centimes {
    depenses - auto.unwrap_or(Centimes(1)) - autres.unwrap_or(Centimes::ZERO)
}

fn sans_autofinancement(ctx: &Contexte) -> Verdict {
    let plan = &ctx.faits.plan;
    let verdict = Verdict::non_satisfait("Le plan de financement ne comporte aucune part d’autofinancement.");
    let reparation = match (plan.depenses, plan.autres_ressources) {
        (Some(depenses), Some(autres)) if ferme(ctx) => {
            let certain = ctx.financement.certain;
            let reste = depenses - autres - certain;
            if reste > Centimes::ZERO {
                format!("Porter l’autofinancement à {reste}.")
            } else {
                format!(
                    "Prévoir une part d’autofinancement, et des dépenses supérieures à {}.",
                    autres + certain
                )
            }
        }
        _ => "Prévoir une part d’autofinancement.".to_owned(),
    };
    verdict.reparer(reparation, Vec::new())
}

fn ferme(ctx: &Contexte) -> bool {
    ctx.financement.certain == ctx.financement.maximum
}

fn equilibre(ctx: &Contexte, besoin: Centimes, auto: Centimes) -> Verdict {
    let (certain, maximum) = (ctx.financement.certain, ctx.financement.maximum);
    if besoin > maximum {
        let ecart = besoin - maximum;
        let verdict = Verdict::non_satisfait(format!(
            "Il manque {ecart} de ressources : il reste {besoin} à financer, pour une subvention d’au plus {maximum}."
        ))
        .valeur("ecart_centimes", ecart.0);
        return if ferme(ctx) {
            verdict.reparer(format!("Porter l’autofinancement à {}.", auto + ecart), Vec::new())
        } else {
            verdict
        };
    }
    if besoin < certain {
        let ecart = certain - besoin;
        let verdict = Verdict::non_satisfait(format!(
            "Les ressources dépassent les dépenses de {ecart} : il reste {besoin} à financer, pour une subvention d’au \
             moins {certain}."
        ))
        .valeur("ecart_centimes", ecart.0);
        return match (ferme(ctx), auto > ecart) {
            (true, true) => verdict.reparer(format!("Ramener l’autofinancement à {}.", auto - ecart), Vec::new()),
            (true, false) => verdict.reparer(format!("Augmenter les dépenses de {ecart}."), Vec::new()),
            (false, _) => verdict,
        };
    }
    if ferme(ctx) {
        Verdict::satisfait(format!(
            "Les ressources égalent les dépenses : {auto} d’autofinancement et {certain} de subvention."
        ))
    } else {
        Verdict::inconnu(format!(
            "Il reste {besoin} à financer ; la subvention est comprise entre {certain} et {maximum}. Levez les questions \
             ouvertes pour vérifier l’équilibre."
        ))
    }
}

/// REC-05 — « Complétude du dossier » (MÉMO): every required field and piece of the edition.
pub(in crate::rules) fn rec_05(ctx: &Contexte) -> Verdict {
    let Some(dossier) = &ctx.faits.dossier else {
        return Verdict::inconnu("La complétude se vérifie dans le dossier.");
    };
    let nombre = dossier.manques.len();
    let verdict = if nombre == 0 {
        Verdict::satisfait("Toutes les réponses et toutes les pièces demandées sont présentes.")
    } else {
        // Each is listed beside its step; a dossier just opened lacks hundreds.
        Verdict::non_satisfait(format!(
            "Il manque {nombre} réponse{} ou pièce{}.",
            s(nombre),
            s(nombre)
        ))
        .reparer("Compléter les étapes qui ne sont pas complètes.", Vec::new())
    };
    verdict.valeur("manquants", nombre)
}

/// What the dossier says of some items of the réglementation SI: respected, or being brought into
/// conformity for a given date.
pub(in crate::rules) fn conformite(ctx: &Contexte, items: &[ItemSi]) -> Verdict {
    let Some(dossier) = &ctx.faits.dossier else {
        return Verdict::inconnu("La réglementation SI se renseigne dans le dossier.");
    };
    let etat = |item: &ItemSi| {
        let dit = dossier.conformite_si.iter().find(|(dit, _)| dit == item);
        dit.and_then(|(_, etat)| *etat)
    };
    let (mut refuses, mut a_dater, mut a_dire, mut en_cours) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for item in items {
        match etat(item) {
            Some(EtatConformite::Respecte) => {}
            Some(EtatConformite::EnCours(Some(jour))) => en_cours.push(format!("{} ({})", item.libelle(), date(jour))),
            Some(EtatConformite::EnCours(None)) => a_dater.push(item.libelle()),
            Some(EtatConformite::Non) => refuses.push(item.libelle()),
            None => a_dire.push(item.libelle()),
        }
    }
    if !refuses.is_empty() {
        let liste = refuses.join(" ; ");
        return Verdict::non_satisfait(format!("Non respecté : {liste}.")).reparer(
            format!("S’engager sur une date de mise en conformité : {liste}."),
            Vec::new(),
        );
    }
    if !a_dire.is_empty() || !a_dater.is_empty() {
        let mut message = Vec::new();
        if !a_dire.is_empty() {
            message.push(format!("À renseigner : {}.", a_dire.join(" ; ")));
        }
        if !a_dater.is_empty() {
            message.push(format!(
                "Date de mise en conformité à indiquer : {}.",
                a_dater.join(" ; ")
            ));
        }
        return Verdict::inconnu(message.join(" "));
    }
    if en_cours.is_empty() {
        Verdict::satisfait("La réglementation SI est respectée.")
    } else {
        Verdict::satisfait(format!("Mise en conformité en cours : {}.", en_cours.join(" ; ")))
    }
}

/// REC-07 — « La réglementation SI est respectée ou en cours de mise en conformité » (MÉMO), item by item.
pub(in crate::rules) fn rec_07(ctx: &Contexte) -> Verdict {
    conformite(ctx, ItemSi::TOUTES)
}

/// REC-08 — « Date de dépôt valide » (MÉMO): in a window of the edition, last day included; a project over
/// several regions, before its own last day (IDF-2024).
pub(in crate::rules) fn rec_08(ctx: &Contexte) -> Verdict {
    let edition = ctx.edition;
    let Some(instant) = ctx.faits.date else {
        return Verdict::inconnu("La date de dépôt n’est pas encore connue.");
    };
    let jour = jour_en_france(&instant);
    let prochaine = edition.fenetres.iter().find(|f| f.ouverture > jour);
    let verdict = match edition.fenetre_ouverte(&instant) {
        None => hors_fenetre(jour, edition.fenetres.last(), prochaine),
        Some(fenetre) => {
            let repartition = Repartition::de(ctx);
            match (edition.dernier_jour_multiregional, repartition.multiregional()) {
                (Some(limite), Some(true)) if jour > limite => Verdict::non_satisfait(format!(
                    "La fenêtre est ouverte, mais les projets multirégionaux se déposaient jusqu’au {} inclus.",
                    date(limite)
                ))
                .reparer(repartition.a_une_region(), repartition.dehors.clone()),
                (Some(limite), None) if jour > limite => Verdict::inconnu(format!(
                    "La fenêtre est ouverte, mais un projet multirégional se déposait jusqu’au {} inclus : indiquez le \
                     département de {}.",
                    date(limite),
                    numeros(&repartition.inconnus)
                )),
                _ => ouverte(fenetre, jour),
            }
        }
    };
    verdict.valeur("jour", jour.to_string())
}

fn ouverte(fenetre: &Fenetre, jour: chrono::NaiveDate) -> Verdict {
    let fin = date(fenetre.fermeture);
    let reste = match (fenetre.fermeture - jour).num_days() {
        0 => "c’est le dernier jour".to_owned(),
        restants => format!("il reste {restants} jour{}", s(restants)),
    };
    Verdict::satisfait(format!("La fenêtre est ouverte jusqu’au {fin} à 23 h 59 ; {reste}."))
        .valeur("ouverture", fenetre.ouverture.to_string())
        .valeur("fermeture", fenetre.fermeture.to_string())
}

fn hors_fenetre(jour: chrono::NaiveDate, derniere: Option<&Fenetre>, prochaine: Option<&Fenetre>) -> Verdict {
    match (prochaine, derniere) {
        (Some(fenetre), _) => {
            let attente = (fenetre.ouverture - jour).num_days();
            Verdict::non_satisfait(format!(
                "Aucune fenêtre n’est ouverte le {} : la prochaine ouvre le {}, dans {attente} jour{}.",
                date(jour),
                date(fenetre.ouverture),
                s(attente)
            ))
            .reparer(
                format!(
                    "Déposer entre le {} et le {}.",
                    date(fenetre.ouverture),
                    date(fenetre.fermeture)
                ),
                Vec::new(),
            )
        }
        (None, Some(fenetre)) => Verdict::non_satisfait(format!(
            "L’appel à projets est clos depuis le {} à 23 h 59.",
            date(fenetre.fermeture)
        )),
        (None, None) => Verdict::inconnu("L’édition n’a pas de calendrier."),
    }
}
