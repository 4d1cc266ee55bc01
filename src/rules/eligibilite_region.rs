//! Éligibilité of the grappe: the regions it spans (ELI-G07).

use crate::domain::finess::Finess;
use crate::domain::territoire::region;
use crate::rules::constat::Resultat;
use crate::rules::contexte::{Contexte, Verdict, citer};
use crate::rules::edition::{Edition, jour_en_france};
use crate::rules::faits::Faits;
use crate::rules::francais::{date, enumerer, numeros};

/// Where the ESSMS not excluded lie with regard to the edition's regions.
pub(in crate::rules) struct Repartition {
    pub dedans: usize,
    pub dehors: Vec<Finess>,
    pub inconnus: Vec<Finess>,
}

impl Repartition {
    pub fn de(ctx: &Contexte) -> Self {
        let mut repartition = Self {
            dedans: 0,
            dehors: Vec::new(),
            inconnus: Vec::new(),
        };
        for essms in &ctx.retenus {
            match essms.departement {
                None => repartition.inconnus.push(essms.finess),
                Some(d) if ctx.edition.regions.contains(&d.region.code) => repartition.dedans += 1,
                Some(_) => repartition.dehors.push(essms.finess),
            }
        }
        repartition
    }

    /// The project spans a region that is not the edition's.
    pub fn multiregional(&self) -> Option<bool> {
        match (self.dehors.is_empty(), self.inconnus.is_empty()) {
            (false, _) => Some(true),
            (true, true) => Some(false),
            (true, false) => None,
        }
    }

    /// What brings the project back to the edition's region.
    pub fn a_une_region(&self) -> String {
        let retirer = format!("Retirer les ESSMS hors région : {}", numeros(&self.dehors));
        if self.inconnus.is_empty() {
            format!("{retirer}.")
        } else {
            format!(
                "{retirer}, et indiquer le département de : {}.",
                numeros(&self.inconnus)
            )
        }
    }
}

/// Whether a project over several regions may still be deposited; `None` when the date is unknown.
pub(in crate::rules) fn multiregional_admis(edition: &Edition, faits: &Faits) -> Option<bool> {
    match (edition.dernier_jour_multiregional, faits.date) {
        (None, _) => Some(true),
        (Some(_), None) => None,
        (Some(limite), Some(instant)) => Some(jour_en_france(&instant) <= limite),
    }
}

/// ELI-G07 — « Les projets sélectionnés dans le cadre des AAP régionaux sont, dans certains cas,
/// multirégionaux. Le financement est alors assuré par chaque ARS, au prorata du nombre d'ESMS concernés
/// dans la région » (IDF-2021, nota bene), « jusqu'au samedi 1er juin 2024 » (IDF-2024).
pub(in crate::rules) fn eli_g07(ctx: &Contexte) -> Verdict {
    if ctx.retenus.is_empty() {
        return Verdict::sans_essms();
    }
    let repartition = Repartition::de(ctx);
    let resultat = issue(
        repartition.dedans,
        repartition.dehors.len(),
        repartition.inconnus.len(),
        multiregional_admis(ctx.edition, ctx.faits),
    );
    let noms: Vec<&str> = ctx
        .edition
        .regions
        .iter()
        .map(|code| region(code).map_or(code.as_str(), |r| r.nom.as_str()))
        .collect();
    let verdict = match resultat {
        Resultat::Satisfait => satisfait(&repartition, &noms),
        Resultat::NonSatisfait => non_satisfait(ctx, &repartition, &noms),
        _ => inconnu(&repartition, &noms),
    };
    let cites = ctx
        .retenus
        .iter()
        .filter(|e| resultat != Resultat::Satisfait && repartition.dehors.contains(&e.finess))
        .map(|e| {
            let lieu = e.departement.map_or("", |d| d.region.nom.as_str());
            citer(e, resultat, format!("Se trouve en région {lieu}."))
        });
    let cites = cites.collect();
    verdict
        .essms(cites)
        .valeur("dans_la_region", repartition.dedans)
        .valeur("hors_region", repartition.dehors.len())
        .valeur("inconnus", repartition.inconnus.len())
}

/// What so many ESSMS in the region, outside and who knows where come to.
pub(in crate::rules) fn issue(dedans: usize, dehors: usize, inconnus: usize, admis: Option<bool>) -> Resultat {
    let situer = |admis: bool| match dedans {
        0 if inconnus == 0 => Resultat::NonSatisfait,
        _ if !admis && dehors > 0 => Resultat::NonSatisfait,
        0 => Resultat::Inconnu,
        _ if admis || inconnus == 0 => Resultat::Satisfait,
        _ => Resultat::Inconnu,
    };
    match admis {
        Some(admis) => situer(admis),
        None if situer(true) == situer(false) => situer(true),
        None => Resultat::Inconnu,
    }
}

fn satisfait(repartition: &Repartition, noms: &[&str]) -> Verdict {
    let region = enumerer(noms);
    if repartition.dehors.is_empty() {
        return Verdict::satisfait(format!(
            "Tous les ESSMS dont le département est connu sont en région {region}."
        ));
    }
    Verdict::satisfait(format!(
        "Projet multirégional : {} ESSMS en région {region}, {} dans d’autres régions, financés par leur propre ARS au prorata.",
        repartition.dedans,
        repartition.dehors.len()
    ))
}

fn non_satisfait(ctx: &Contexte, repartition: &Repartition, noms: &[&str]) -> Verdict {
    let region = enumerer(noms);
    let admis = multiregional_admis(ctx.edition, ctx.faits) != Some(false);
    if repartition.dedans == 0 && repartition.inconnus.is_empty() {
        let verdict = Verdict::non_satisfait(format!("Aucun ESSMS de la grappe n’est en région {region}."));
        return if admis {
            verdict.reparer(
                format!("Ajouter un ESSMS de la région {region}, ou répondre à l’appel à projets d’une autre région."),
                Vec::new(),
            )
        } else {
            verdict
        };
    }
    let limite = ctx.edition.dernier_jour_multiregional.map(date).unwrap_or_default();
    Verdict::non_satisfait(format!(
        "Les projets multirégionaux se déposaient jusqu’au {limite} inclus ; {} ESSMS ne sont pas en région {region}.",
        repartition.dehors.len()
    ))
    .reparer(repartition.a_une_region(), repartition.dehors.clone())
}

fn inconnu(repartition: &Repartition, noms: &[&str]) -> Verdict {
    let region = enumerer(noms);
    if repartition.inconnus.is_empty() {
        return Verdict::inconnu(format!(
            "{} ESSMS ne sont pas en région {region} : un projet multirégional n’est admis que jusqu’à une date. \
             Indiquez celle du dépôt.",
            repartition.dehors.len()
        ));
    }
    Verdict::inconnu(format!(
        "Indiquez le département de : {}.",
        numeros(&repartition.inconnus)
    ))
}
