//! Recevabilité: the services socles the DUI works with (REC-06).

use crate::domain::nomenclature::{Liste, Medicalise, ServiceSocle};
use crate::rules::contexte::{Contexte, Verdict, au_moins_un};
use crate::rules::faits::{CategorieLue, Essms};
use crate::rules::francais::{enumerer, s};

/// Whether an ESSMS gives care: its category says, or else what is declared.
fn medicalise(essms: &Essms) -> Option<bool> {
    match &essms.categorie {
        CategorieLue::Connue(categorie) => match categorie.medicalise {
            Medicalise::Oui => Some(true),
            Medicalise::Non => Some(false),
            Medicalise::Possible => essms.medicalise,
        },
        CategorieLue::Inconnue | CategorieLue::HorsTable(_) => essms.medicalise,
    }
}

/// Services of the edition's list that the solution integrates.
pub(in crate::rules) fn services_integres(ctx: &Contexte) -> Option<Vec<ServiceSocle>> {
    let integres = ctx.faits.solution.as_ref().and_then(|s| s.services_socles.as_deref())?;
    let retenus = &ctx.edition.interoperabilite.services;
    Some(retenus.iter().copied().filter(|s| integres.contains(s)).collect())
}

/// REC-06 — « La solution DUI est interopérable avec 2 services socles Ségur » (MÉMO); in 2021, two of
/// MSSanté, DMP and e-prescription for ESSMS that give care, else an e-parcours platform and MSSanté.
pub(in crate::rules) fn rec_06(ctx: &Contexte) -> Verdict {
    let regle = &ctx.edition.interoperabilite;
    let integres = services_integres(ctx);
    let verdict = match &regle.non_medicalise {
        None => services_suffisants(ctx, integres.as_deref()),
        Some(_) if ctx.retenus.is_empty() => Verdict::sans_essms(),
        Some(_) => match au_moins_un(ctx.retenus.iter().map(|essms| medicalise(essms))) {
            Some(true) => services_suffisants(ctx, integres.as_deref()),
            Some(false) => socle_non_medicalise(ctx),
            None => {
                let (avec, sans) = (services_suffisants(ctx, integres.as_deref()), socle_non_medicalise(ctx));
                if avec.resultat == sans.resultat {
                    avec
                } else {
                    Verdict::inconnu("Indiquez quels ESSMS sont médicalisés : les services demandés en dépendent.")
                }
            }
        },
    };
    verdict
        .valeur("services", integres.as_ref().map(Vec::len))
        .valeur("minimum", regle.minimum)
}

fn services_suffisants(ctx: &Contexte, integres: Option<&[ServiceSocle]>) -> Verdict {
    let regle = &ctx.edition.interoperabilite;
    let Some(integres) = integres else {
        return Verdict::inconnu("Précisez les services socles que la solution intègre.");
    };
    let libelles: Vec<&str> = integres.iter().map(|s| s.libelle()).collect();
    if integres.len() >= regle.minimum {
        return Verdict::satisfait(format!(
            "La solution est interopérable avec {} services socles ({}), pour {} demandés.",
            integres.len(),
            enumerer(&libelles),
            regle.minimum
        ));
    }
    let autres: Vec<&str> = regle
        .services
        .iter()
        .filter(|s| !integres.contains(s))
        .map(|s| s.libelle())
        .collect();
    let manque = regle.minimum - integres.len();
    Verdict::non_satisfait(format!(
        "La solution est interopérable avec {} service{} socle{}, il en faut {} : il en manque {manque}.",
        integres.len(),
        s(integres.len()),
        s(integres.len()),
        regle.minimum
    ))
    .reparer(
        format!(
            "Choisir une solution interopérable avec {manque} service{} de plus parmi : {}.",
            s(manque),
            autres.join(", ")
        ),
        Vec::new(),
    )
}

fn socle_non_medicalise(ctx: &Contexte) -> Verdict {
    let Some(regle) = &ctx.edition.interoperabilite.non_medicalise else {
        return Verdict::sans_objet("Sans objet.");
    };
    let solution = ctx.faits.solution.as_ref();
    let integres = solution.and_then(|s| s.services_socles.as_deref());
    let plateforme = if regle.plateforme_eparcours {
        solution.and_then(|s| s.plateforme_eparcours)
    } else {
        Some(true)
    };
    let manquants: Option<Vec<&str>> = integres.map(|integres| {
        let absents = regle.services.iter().filter(|s| !integres.contains(s));
        absents.map(|s| s.libelle()).collect()
    });
    let libelles: Vec<&str> = regle.services.iter().map(|s| s.libelle()).collect();
    let attendu = format!("une plateforme e-parcours et {}", enumerer(&libelles));
    match (manquants.as_deref(), plateforme) {
        (Some([]), Some(true)) => Verdict::satisfait(format!(
            "Aucun ESSMS n’est médicalisé, et la solution est interfacée avec {attendu}."
        )),
        (Some([_, ..]), _) | (_, Some(false)) => Verdict::non_satisfait(format!(
            "Aucun ESSMS n’est médicalisé : la solution doit être interfacée avec {attendu}."
        ))
        .reparer(format!("Choisir une solution interfacée avec {attendu}."), Vec::new()),
        _ => Verdict::inconnu(format!("Précisez si la solution est interfacée avec {attendu}.")),
    }
}
