//! Criteria that only the 2021 tables have: éligibilité E21-*, priorisation P21-* (IDF-2021, « Critères de
//! sélection des projets »). Those they share with later texts keep the later code.

use std::collections::BTreeSet;

use crate::domain::nomenclature::{Liste, Secteur};
use crate::rules::contexte::{Contexte, Verdict, au_moins_un};
use crate::rules::faits::{CategorieLue, ItemSi};
use crate::rules::francais::{enumerer, s};
use crate::rules::interoperabilite::services_integres;
use crate::rules::priorisation::declare;
use crate::rules::recevabilite::conformite;

/// E21-01 — « Description du projet ».
pub(in crate::rules) fn e21_01(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.description,
        "Description du projet",
        "Décrire le projet : mise en place, évolution ou généralisation d’un DUI.",
    )
}

/// E21-02 — « Respect du cahier des charges national DUI fourni »: an attestation sur l'honneur.
pub(in crate::rules) fn e21_02(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.attestation_socle,
        "Attestation sur l’honneur de respect du socle d’exigences",
        "Joindre l’attestation sur l’honneur relative au socle d’exigences.",
    )
}

/// E21-03 — « Nombre de personnes susceptibles d'utiliser l'outil ».
pub(in crate::rules) fn e21_03(ctx: &Contexte) -> Verdict {
    match ctx.faits.dossier.as_ref().and_then(|d| d.nombre_utilisateurs) {
        Some(0) => Verdict::non_satisfait("Le dossier annonce zéro utilisateur de la solution.")
            .reparer("Indiquer combien de personnes utiliseront la solution.", Vec::new()),
        Some(nombre) => Verdict::satisfait(format!("{nombre} utilisateur{} de la solution.", s(nombre)))
            .valeur("utilisateurs", nombre),
        None => Verdict::inconnu("Indiquez combien de personnes utiliseront la solution."),
    }
}

/// An OG of the project manages at least as many ESMS as the threshold of petits OG.
fn un_grand_organisme(ctx: &Contexte) -> Option<bool> {
    au_moins_un(ctx.retenus.iter().map(|essms| {
        let og = essms.organisme?;
        let og = ctx.faits.organismes.iter().find(|connu| connu.finess == og)?;
        og.moins_de(ctx.edition.taille.seuil_petit_og).map(|petit| !petit)
    }))
}

/// E21-04 — « Typologie de projet : gros/moyen OG ou grappes de petites structures ».
pub(in crate::rules) fn e21_04(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    match un_grand_organisme(ctx) {
        Some(true) => Verdict::satisfait("Projet d’un gros ou moyen organisme gestionnaire.")
            .valeur("typologie", "gros_ou_moyen_og"),
        Some(false) => Verdict::satisfait("Grappe de petites structures.").valeur("typologie", "petites_structures"),
        None => {
            Verdict::inconnu("Précisez la taille de chaque organisme gestionnaire : elle fixe la typologie du projet.")
        }
    }
}

/// E21-05 — « Type de public : PA, PH, PDS, ASE, Social… »
pub(in crate::rules) fn e21_05(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let inconnus = ctx
        .retenus
        .iter()
        .filter(|e| e.categorie == CategorieLue::Inconnue)
        .count();
    if inconnus > 0 {
        return Verdict::inconnu(format!("Catégorie à renseigner pour {inconnus} ESSMS.")).valeur("inconnus", inconnus);
    }
    let secteurs: BTreeSet<Secteur> = ctx.retenus.iter().filter_map(|e| e.categorie.secteur()).collect();
    let libelles: Vec<&str> = secteurs.into_iter().map(Secteur::libelle).collect();
    Verdict::satisfait(format!("Publics : {}.", enumerer(&libelles)))
}

/// E21-06 — « Fournir le nom de l'OG porteur du projet, sa typologie et la liste des établissements ».
pub(in crate::rules) fn e21_06(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let incomplets = ctx
        .retenus
        .iter()
        .filter(|e| e.organisme.is_none() || e.categorie == CategorieLue::Inconnue)
        .count();
    let nombre = ctx.retenus.len();
    let verdict = match (ctx.faits.porteur.organisme, incomplets) {
        (None, _) => Verdict::inconnu("Désignez l’organisme gestionnaire qui porte le projet."),
        (Some(_), 0) => Verdict::satisfait(format!(
            "Porteur désigné, {nombre} structures listées avec leur typologie."
        )),
        (Some(_), _) => Verdict::inconnu(format!("Organisme ou catégorie à renseigner pour {incomplets} ESSMS.")),
    };
    verdict.valeur("structures", nombre)
}

/// E21-08 — « Préciser la durée du projet ».
pub(in crate::rules) fn e21_08(ctx: &Contexte) -> Verdict {
    match ctx.faits.dossier.as_ref().and_then(|d| d.duree_mois) {
        Some(0) => Verdict::non_satisfait("La durée annoncée est nulle.")
            .reparer("Indiquer la durée du projet, en mois.", Vec::new()),
        Some(mois) => Verdict::satisfait(format!("Durée annoncée : {mois} mois.")).valeur("mois", mois),
        None => Verdict::inconnu("Indiquez la durée du projet, en mois."),
    }
}

/// E21-09 — « Fournir le planning prévisionnel de mise en œuvre du projet ».
pub(in crate::rules) fn e21_09(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.planning,
        "Planning prévisionnel",
        "Fournir le planning prévisionnel et ses principaux jalons.",
    )
}

/// E21-10 — « Continuité d'activité de l'application ; taux de disponibilité du DUI ».
pub(in crate::rules) fn e21_10(ctx: &Contexte) -> Verdict {
    conformite(ctx, &[ItemSi::Continuite])
}

/// E21-11 — « Existence d'un document interne sur les règles d'accès et d'usage du SI ; information des
/// usagers ».
pub(in crate::rules) fn e21_11(ctx: &Contexte) -> Verdict {
    conformite(ctx, &[ItemSi::ReglesAcces, ItemSi::InformationUsagers])
}

/// P21-03 — « Solution mutualisée (partagée entre plusieurs OG si possibles de catégories d'ESMS différentes) ».
pub(in crate::rules) fn p21_03(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let organismes: BTreeSet<_> = ctx.retenus.iter().filter_map(|e| e.organisme).collect();
    let categories: BTreeSet<&str> = ctx
        .retenus
        .iter()
        .filter_map(|e| match &e.categorie {
            CategorieLue::Connue(categorie) => Some(categorie.code.as_str()),
            CategorieLue::Inconnue | CategorieLue::HorsTable(_) => None,
        })
        .collect();
    let inconnus = ctx.retenus.iter().filter(|e| e.organisme.is_none()).count();
    let verdict = match (organismes.len(), inconnus) {
        (0 | 1, 0) => Verdict::non_satisfait("La solution n’est partagée qu’au sein d’un seul organisme.").reparer(
            "Associer les ESSMS d’un autre organisme, si possible d’une autre catégorie.",
            Vec::new(),
        ),
        (0 | 1, _) => Verdict::inconnu(format!("Organisme gestionnaire à préciser pour {inconnus} ESSMS.")),
        (nombre, _) => Verdict::satisfait(format!(
            "La solution est partagée entre {nombre} organismes et {} catégories d’ESSMS.",
            categories.len()
        )),
    };
    verdict
        .valeur("organismes", organismes.len())
        .valeur("categories", categories.len())
}

/// P21-04 — « Possibilité d'usage de deux services socle minimum […] ou d'un service socle et d'une plateforme ».
pub(in crate::rules) fn p21_04(ctx: &Contexte) -> Verdict {
    let minimum = ctx.edition.interoperabilite.minimum;
    let plateforme = ctx
        .faits
        .solution
        .as_ref()
        .and_then(|solution| solution.plateforme_eparcours);
    let services = services_integres(ctx).map(|services| services.len());
    let avec = |plateforme: bool| services.map(|nombre| nombre + usize::from(plateforme && nombre > 0) >= minimum);
    let suffit = match plateforme {
        Some(plateforme) => avec(plateforme),
        None if avec(true) == avec(false) => avec(true),
        None => None,
    };
    let verdict = match suffit {
        Some(true) => Verdict::satisfait(
            "La solution permet l’usage de deux services socles, ou d’un service et d’une plateforme.",
        ),
        Some(false) => Verdict::non_satisfait(format!(
            "La solution ne permet pas l’usage de {minimum} services socles, ni d’un service et d’une plateforme."
        ))
        .reparer(
            "Choisir une solution interopérable avec deux services socles.",
            Vec::new(),
        ),
        None => Verdict::inconnu("Précisez les services socles et la plateforme e-parcours que la solution intègre."),
    };
    verdict.valeur("services", services).valeur("plateforme", plateforme)
}

/// P21-05 — « Interconnexion avec une plateforme régionale. Si oui : décrire les modalités d'échanges ».
pub(in crate::rules) fn p21_05(ctx: &Contexte) -> Verdict {
    declare(
        ctx,
        |d| d.plateforme_regionale,
        "Modalités d’échange avec une plateforme régionale",
        "Décrire les échanges avec une plateforme régionale et la nommer.",
    )
}
