//! What a dossier says and what the registry knows, put together for the rules.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Months, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;
use uuid::Uuid;

use super::entourage::{self, Double, Entourage};
use super::registre::{EssmsRegistre, Fraicheur, charger_essms};
use super::solution::{SolutionDui, charger_solutions};
use crate::domain::argent::Centimes;
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::{Dossier, EssmsGrappe, Etape};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{EntiteNationale, Etat, Liste, Medicalise, TypeProjet};
use crate::rules::completude::{PieceDemandee, manques};
use crate::rules::edition::{Edition, Exigence};
use crate::rules::evaluation::Evaluation;
use crate::rules::faits::{
    CategorieLue, DossierFaits, Essms, EtatConformite, Faits, ItemSi, Manque, Organisme, PlanFinancement, Porteur,
    Signataire, Solution,
};

/// Where missing consents are listed: beside the steps, on a page of their own.
pub const ACCORDS: &str = "accords";

/// What the portal knows of a dossier beyond its own content.
#[derive(Debug, Default)]
pub struct Contexte {
    /// The registry's rows for the grappe.
    pub registre: HashMap<Finess, EssmsRegistre>,
    /// Name of the porteur in the registry.
    pub porteur_nom: Option<String>,
    /// The solution chosen.
    pub solutions: Vec<SolutionDui>,
    /// ESSMS that stand in another live dossier.
    pub engages: HashSet<Finess>,
    /// Those of them whose other dossier the account may read: its own, or one it takes part in.
    pub doubles: Vec<Double>,
    /// ESSMS that another OG than the porteur lets in.
    pub accords: HashSet<Finess>,
    /// How fresh the registry is; `None` when it was never loaded.
    pub fraicheur: Option<Fraicheur>,
}

impl Contexte {
    /// Everything the rules need for these ESSMS and solutions, of this dossier. `en_cours`: codes of the editions that last; a
    /// dossier of one of them, or of the same as this one, engages its ESSMS.
    ///
    /// # Errors
    /// The database's.
    pub async fn charger(
        conn: &mut PgConnection,
        dossier: &Dossier,
        numeros: &[Finess],
        solutions: &[Uuid],
        en_cours: &[String],
    ) -> sqlx::Result<Self> {
        let editions = [en_cours, std::slice::from_ref(&dossier.edition)].concat();
        let registre = charger_essms(conn, numeros)
            .await?
            .into_iter()
            .map(|e| (e.finess, e))
            .collect();
        let Entourage {
            porteur_nom,
            engages,
            accords,
            fraicheur,
        } = entourage::load(conn, dossier, numeros, &editions).await?;
        let doubles = if engages.is_empty() {
            Vec::new()
        } else {
            let engages: Vec<Finess> = engages.iter().copied().collect();
            entourage::list_doubles(conn, dossier.id, &engages, &editions).await?
        };
        Ok(Self {
            registre,
            porteur_nom,
            solutions: if solutions.is_empty() {
                Vec::new()
            } else {
                charger_solutions(conn, solutions).await?
            },
            engages,
            doubles,
            accords,
            fraicheur,
        })
    }

    /// Everything the rules need for the dossier as it stands, as [`Self::charger`].
    ///
    /// # Errors
    /// The database's.
    pub async fn du_dossier(conn: &mut PgConnection, dossier: &Dossier, en_cours: &[String]) -> sqlx::Result<Self> {
        let solutions: Vec<Uuid> = solution_choisie(dossier.reponses(Etape::Solution))
            .into_iter()
            .collect();
        Self::charger(conn, dossier, &dossier.numeros(), &solutions, en_cours).await
    }

    /// Whether this ESSMS is in the grappe without the consent of the OG that manages it. Of one that the registry does not
    /// know, nobody can be asked.
    pub fn attend_accord(&self, dossier: &Dossier, finess: Finess) -> bool {
        let connu = self.registre.get(&finess);
        connu.is_some_and(|c| c.organisme != dossier.porteur) && !self.accords.contains(&finess)
    }

    /// The consents that a deposit waits for.
    fn accords_manquants(&self, dossier: &Dossier) -> Vec<Manque> {
        let attendus = dossier
            .numeros()
            .into_iter()
            .filter(|n| self.attend_accord(dossier, *n));
        let manque = |numero: Finess| Manque {
            etape: ACCORDS,
            champ: format!("accord-{numero}"),
            libelle: format!("{numero}\u{a0}: accord de son organisme gestionnaire"),
        };
        attendus.map(manque).collect()
    }

    /// How fresh what was read of the registry is.
    pub fn repertoire(&self) -> String {
        match self.fraicheur {
            Some(fraicheur) => format!("Répertoire FINESS au {}", fraicheur.de(self.registre.values()).jour()),
            None => "Répertoire FINESS non chargé".to_owned(),
        }
    }

    /// The solution that these answers choose.
    pub fn solution(&self, reponses: &Reponses) -> Option<&SolutionDui> {
        let id = solution_choisie(reponses)?;
        self.solutions.iter().find(|s| s.id == id)
    }

    /// The verdict on a dossier, and what it lacks.
    pub fn evaluer(&self, edition: &Edition, dossier: &Dossier, instant: DateTime<Utc>) -> (Evaluation, Vec<Manque>) {
        let faits = faits(self, edition, dossier, instant);
        let evaluation = crate::rules::evaluer(edition, &faits);
        (evaluation, faits.dossier.map(|d| d.manques).unwrap_or_default())
    }
}

/// The solution that the step « Solution DUI » chooses.
pub fn solution_choisie(reponses: &Reponses) -> Option<Uuid> {
    reponses.texte("solution").and_then(|id| Uuid::parse_str(id).ok())
}

/// The facts of a dossier, for the rules.
pub fn faits(contexte: &Contexte, edition: &Edition, dossier: &Dossier, instant: DateTime<Utc>) -> Faits {
    let projet = dossier.reponses(Etape::Projet);
    let choix = dossier.reponses(Etape::Solution);
    let solution = contexte.solution(choix).map(SolutionDui::fait);
    let essms: Vec<Essms> = dossier
        .essms
        .iter()
        .map(|e| essms(contexte, e, solution.as_ref()))
        .collect();
    let demandees = pieces_demandees(edition, &essms, solution.as_ref());
    Faits {
        date: Some(instant.with_timezone(&Paris).fixed_offset()),
        porteur: Porteur {
            organisme: Some(dossier.porteur),
            soumis_ccp: projet.oui_non("soumis_ccp"),
            marche_public_identique: projet.oui_non("marche_public_identique"),
            signataire: projet
                .finess("signataire")
                .map_or(Signataire::AChoisir, Signataire::Designe),
        },
        etude_ecart_jointe: jointe(edition, dossier, Exigence::EtudeEcart).then_some(true),
        cibles_atteignables_declarees: choix.oui_non("cibles_atteignables"),
        plan: plan(dossier.reponses(Etape::Financement)),
        organismes: organismes(contexte),
        dossier: Some(faits_du_dossier(
            dossier,
            [manques(dossier, &demandees), contexte.accords_manquants(dossier)].concat(),
        )),
        solution,
        essms,
    }
}

/// The facts of an ESSMS with these answers, for the rules.
pub fn essms(contexte: &Contexte, e: &EssmsGrappe, solution: Option<&Solution>) -> Essms {
    let r = &e.reponses;
    let connu = contexte.registre.get(&e.finess);
    let categorie = connu.map(|c| c.categorie.clone()).unwrap_or_default();
    let (nom, version) = match r.oui_non("meme_solution") {
        Some(true) => (
            solution.map(|s| s.nom.clone()),
            solution.and_then(|s| s.version.clone()),
        ),
        Some(false) => (r.texte("autre_solution").map(str::to_owned), None),
        None => (None, None),
    };
    Essms {
        finess: e.finess,
        organisme: connu.map(|c| c.organisme),
        medicalise: medicalise(&categorie).or_else(|| r.oui_non("medicalise")),
        categorie,
        etat: connu.map_or(Etat::Inconnu, |c| c.etat),
        departement: connu.and_then(|c| c.departement),
        type_projet: r.choix("type_projet"),
        hebergement: r.choix("hebergement"),
        solution: nom,
        solution_version: version,
        deja_finance: r.oui_non("deja_finance"),
        sons: r.oui_non("sons"),
        sons_logiciel: r.texte("sons_logiciel").map(str::to_owned),
        entite_nationale: r.choix("entite_nationale"),
        rattache_ght: r.oui_non("rattache_ght"),
        activites_confort: r.oui_non("activites_confort"),
        part_heures_eligibles: r.nombre("part_heures_eligibles").and_then(|p| u16::try_from(p).ok()),
        engage_ailleurs: Some(contexte.engages.contains(&e.finess)),
        ror_complet: r.oui_non("ror_complet"),
        autodiagnostic: r.choix("autodiagnostic"),
    }
}

/// What the category settles; some categories leave it to each ESSMS.
fn medicalise(categorie: &CategorieLue) -> Option<bool> {
    match categorie {
        CategorieLue::Connue(c) => match c.medicalise {
            Medicalise::Oui => Some(true),
            Medicalise::Non => Some(false),
            Medicalise::Possible => None,
        },
        CategorieLue::Inconnue | CategorieLue::HorsTable(_) => None,
    }
}

fn organismes(contexte: &Contexte) -> Vec<Organisme> {
    let mut organismes: Vec<Organisme> = Vec::new();
    for connu in contexte.registre.values() {
        if !organismes.iter().any(|o| o.finess == connu.organisme) {
            organismes.push(Organisme {
                finess: connu.organisme,
                nombre_essms: Some(connu.nombre_essms),
                nombre_essms_a_verifier: Some(connu.nombre_essms_a_verifier),
                // Who the accompagnement sent, the portal does not know.
                par_accompagnement: None,
            });
        }
    }
    organismes.sort_by_key(|o| o.finess);
    organismes
}

/// The plan as far as the rules compare it: expenses are known once one line has an amount.
fn plan(r: &Reponses) -> PlanFinancement {
    let montants: Vec<_> = (0..r.nombre_de_lignes("poste"))
        .filter_map(|rang| r.montant(&format!("poste-{rang}-montant")))
        .collect();
    PlanFinancement {
        depenses: (!montants.is_empty()).then(|| montants.into_iter().sum()),
        autofinancement: r.montant("autofinancement"),
        // An optional field left empty in a saved step says that there is nothing else.
        autres_ressources: r
            .montant("autres_ressources")
            .or((!r.est_vide()).then_some(Centimes::ZERO)),
    }
}

fn jointe(edition: &Edition, dossier: &Dossier, exigence: Exigence) -> bool {
    edition
        .pieces
        .iter()
        .filter(|p| p.exigence == exigence)
        .any(|p| dossier.pieces.iter().any(|d| d.type_piece == p.code && !d.infectee()))
}

/// The pieces that the edition requires of such a project.
pub fn pieces_demandees(edition: &Edition, essms: &[Essms], solution: Option<&Solution>) -> Vec<PieceDemandee> {
    let demandee = |exigence: Exigence| match exigence {
        Exigence::Toujours => true,
        Exigence::Acquisition => essms.iter().any(|e| e.type_projet == Some(TypeProjet::Acquisition)),
        Exigence::EtudeEcart => solution.is_some_and(|s| hors_couloir(s, essms)),
        Exigence::AccordEntite => essms
            .iter()
            .any(|e| e.entite_nationale == Some(EntiteNationale::Accord)),
        Exigence::Facultative => false,
    };
    edition
        .pieces
        .iter()
        .filter(|p| demandee(p.exigence))
        .map(|p| PieceDemandee {
            code: p.code.clone(),
            libelle: p.libelle.clone(),
        })
        .collect()
}

/// Whether the solution is referenced Ségur on other couloirs than some ESSMS's (FAQ-2024).
fn hors_couloir(solution: &Solution, essms: &[Essms]) -> bool {
    match (&solution.couloirs, solution.segur) {
        (Some(couloirs), Some(true)) => essms
            .iter()
            .filter_map(|e| e.categorie.secteur())
            .any(|secteur| !couloirs.contains(&secteur)),
        _ => false,
    }
}

fn faits_du_dossier(dossier: &Dossier, manques: Vec<Manque>) -> DossierFaits {
    let [projet, choix, motivations, equipe, planning, financement, conformite] = [
        Etape::Projet,
        Etape::Solution,
        Etape::Motivations,
        Etape::Equipe,
        Etape::Planning,
        Etape::Financement,
        Etape::Conformite,
    ]
    .map(|etape| dossier.reponses(etape));
    let rempli = |r: &Reponses, champs: &[&str]| -> Option<bool> {
        (!r.est_vide()).then(|| champs.iter().all(|champ| !r.valeurs(champ).is_empty()))
    };
    let lignes = |r: &Reponses, nom: &str| (!r.est_vide()).then(|| r.nombre_de_lignes(nom) > 0);
    DossierFaits {
        manques,
        conformite_si: ItemSi::TOUTES
            .iter()
            .map(|item| (*item, conformite_de(conformite, *item)))
            .collect(),
        motivations: rempli(motivations, &["objectifs", "organisation"]),
        referent_informatique: equipe.oui_non("referent_informatique"),
        depot_2021: projet.oui_non("depot_2021").and_then(|oui| {
            if oui {
                projet.texte("reference_2021").map(|r| Some(r.to_owned()))
            } else {
                Some(None)
            }
        }),
        plan_detaille: lignes(financement, "poste"),
        perimetre_fonctionnel: rempli(motivations, &["perimetre_attendu"]),
        equipe_presentee: lignes(equipe, "membre").map(|oui| oui && equipe.texte("comitologie").is_some()),
        echange_amont: choix.oui_non("echange_amont"),
        duree_mois: duree_mois(planning),
        planning: lignes(planning, "jalon"),
        description: rempli(projet, &["resume"]),
        attestation_socle: conformite.oui_non("attestation_socle"),
        nombre_utilisateurs: projet.nombre("nombre_utilisateurs"),
        plateforme_regionale: choix.texte("plateforme_regionale").map(|_| true),
    }
}

fn conformite_de(r: &Reponses, item: ItemSi) -> Option<EtatConformite> {
    match r.texte(item.code())? {
        "respecte" => Some(EtatConformite::Respecte),
        "en_cours" => Some(EtatConformite::EnCours(r.date(&format!("{}_date", item.code())))),
        "non" => Some(EtatConformite::Non),
        _ => None,
    }
}

/// First and last day of the planning.
pub fn bornes_du_planning(r: &Reponses) -> Option<(NaiveDate, NaiveDate)> {
    let dates = |champ: &'static str| {
        (0..r.nombre_de_lignes("jalon")).filter_map(move |rang| r.date(&format!("jalon-{rang}-{champ}")))
    };
    Some((dates("debut").min()?, dates("fin").max()?))
}

/// Months from the first day to the last, a started month counting whole.
pub fn duree_mois(r: &Reponses) -> Option<u16> {
    let (debut, fin) = bornes_du_planning(r)?;
    (0..=1_200u16).find(|mois| {
        debut
            .checked_add_months(Months::new(u32::from(*mois)))
            .is_some_and(|jour| jour > fin)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planning(debut: &str, fin: &str) -> Reponses {
        let mut r = Reponses::default();
        r.mettre("jalon-0-debut", vec![debut.into()]);
        r.mettre("jalon-0-fin", vec![fin.into()]);
        r
    }

    #[test]
    fn a_duration_counts_started_months() {
        assert_eq!(duree_mois(&planning("2027-01-01", "2027-09-30")), Some(9));
        assert_eq!(duree_mois(&planning("2027-01-01", "2027-10-01")), Some(10));
        assert_eq!(duree_mois(&planning("2027-01-15", "2027-02-14")), Some(1));
        assert_eq!(duree_mois(&Reponses::default()), None);
    }

    #[test]
    fn expenses_are_unknown_until_one_amount_is_typed() {
        let mut r = Reponses::default();
        r.mettre("poste-0-nature", vec!["licences".into()]);
        assert_eq!(plan(&r).depenses, None);
        r.mettre("poste-1-montant", vec!["1050".into()]);
        r.mettre("poste-2-montant", vec!["50".into()]);
        assert_eq!(plan(&r).depenses, Some(Centimes(1100)));
    }
}
