//! A sketched grappe and what the registry knows, put together for the rules. No dossier is read.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;

use super::evaluation::{self, Contexte};
use super::registre::{EssmsRegistre, charger_essms, date_du_repertoire};
use super::simulation::reconnue;
use super::solution::{SolutionDui, lister_solutions};
use crate::domain::dossier::EssmsGrappe;
use crate::domain::dossier::champ::{NON, OUI};
use crate::domain::dossier::esquisse::{DEPENSES, ENGAGE, ETUDE, Esquisse, PORTEUR};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::texte::memes_noms;
use crate::rules::faits::{Essms, Faits, Organisme, PlanFinancement, Porteur, Signataire, Solution};

/// What the registry and the referential know of these ESSMS.
///
/// # Errors
/// The database's.
pub async fn charger(conn: &mut PgConnection, numeros: &[Finess]) -> sqlx::Result<Contexte> {
    let registre = charger_essms(&mut *conn, numeros).await?;
    Ok(Contexte {
        registre: registre.into_iter().map(|e| (e.finess, e)).collect(),
        solutions: lister_solutions(&mut *conn).await?,
        fraicheur: date_du_repertoire(conn).await?,
        ..Contexte::default()
    })
}

/// The facts of a sketch, for the rules.
pub fn faits(contexte: &Contexte, esquisse: &Esquisse, instant: DateTime<Utc>) -> Faits {
    let projet = &esquisse.projet;
    let solution = contexte.solution(projet).map(SolutionDui::fait);
    let essms = esquisse.essms();
    Faits {
        date: Some(instant.with_timezone(&Paris).fixed_offset()),
        porteur: Porteur {
            organisme: projet.finess(PORTEUR),
            soumis_ccp: projet.oui_non("soumis_ccp"),
            marche_public_identique: projet.oui_non("marche_public_identique"),
            signataire: Signataire::NonDemande,
        },
        etude_ecart_jointe: projet.oui_non(ETUDE),
        cibles_atteignables_declarees: projet.oui_non("cibles_atteignables"),
        plan: PlanFinancement {
            depenses: projet.montant(DEPENSES),
            autofinancement: projet.montant("autofinancement"),
            autres_ressources: projet.montant("autres_ressources"),
        },
        organismes: organismes(essms.iter().filter_map(|e| contexte.registre.get(&e.finess))),
        essms: essms.iter().map(|e| fait(contexte, e, solution.as_ref())).collect(),
        solution,
        dossier: None,
    }
}

/// The facts of one ESSMS: whether it is engaged elsewhere is what the visitor says, or unknown.
pub fn fait(contexte: &Contexte, essms: &EssmsGrappe, solution: Option<&Solution>) -> Essms {
    Essms {
        engage_ailleurs: essms.reponses.oui_non(ENGAGE),
        ..evaluation::essms(contexte, essms, solution)
    }
}

fn organismes<'e>(essms: impl Iterator<Item = &'e EssmsRegistre>) -> Vec<Organisme> {
    let mut organismes: Vec<Organisme> = Vec::new();
    for connu in essms {
        if !organismes.iter().any(|o| o.finess == connu.organisme) {
            organismes.push(Organisme {
                finess: connu.organisme,
                nombre_essms: Some(connu.nombre_essms),
                nombre_essms_a_verifier: Some(connu.nombre_essms_a_verifier),
                par_accompagnement: None,
            });
        }
    }
    organismes
}

/// The sketch that a request of the contract makes: what it answers. What the registry says is read there anew; of what is
/// lost so, [`ecarts`](crate::simulation::ecarts::ecarts) tells.
pub fn depuis(edition: &str, faits: &Faits, solutions: &[SolutionDui]) -> Esquisse {
    let visee = faits.solution.as_ref().and_then(|s| reconnue(s, solutions));
    let mut projet = Reponses::default();
    let mut poser = |nom: &str, valeur: Option<String>| projet.mettre(nom, valeur.into_iter().collect());
    poser("solution", visee.map(|s| s.id.to_string()));
    poser(PORTEUR, faits.porteur.organisme.map(|n| n.to_string()));
    poser("soumis_ccp", oui_non(faits.porteur.soumis_ccp));
    poser(
        "marche_public_identique",
        oui_non(faits.porteur.marche_public_identique),
    );
    poser("cibles_atteignables", oui_non(faits.cibles_atteignables_declarees));
    poser(ETUDE, oui_non(faits.etude_ecart_jointe));
    poser(DEPENSES, faits.plan.depenses.map(|m| m.0.to_string()));
    poser("autofinancement", faits.plan.autofinancement.map(|m| m.0.to_string()));
    poser(
        "autres_ressources",
        faits.plan.autres_ressources.map(|m| m.0.to_string()),
    );
    Esquisse {
        edition: edition.to_owned(),
        numeros: faits.essms.iter().map(|e| e.finess).collect(),
        projet,
        communs: Reponses::default(),
        propres: faits.essms.iter().map(|e| (e.finess, reponses(e, visee))).collect(),
    }
    .factorisee()
}

fn oui_non(valeur: Option<bool>) -> Option<String> {
    valeur.map(|oui| if oui { OUI } else { NON }.to_owned())
}

fn code<L: Liste>(valeur: Option<L>) -> Option<String> {
    valeur.map(|v| v.code().to_owned())
}

/// The answers on an ESSMS. Without a DUI of the project, its own is another one: its name at least is kept.
fn reponses(e: &Essms, visee: Option<&SolutionDui>) -> Reponses {
    let meme = e.solution.as_ref().map(|nom| {
        visee.is_some_and(|visee| {
            let version = e.solution_version.as_ref().is_none_or(|v| *v == visee.version);
            memes_noms(nom, &visee.nom) && version
        })
    });
    let autre = e.solution.clone().filter(|_| meme == Some(false));
    let mut reponses = Reponses::default();
    let donnees = [
        ("type_projet", code(e.type_projet)),
        ("meme_solution", oui_non(meme)),
        ("autre_solution", autre),
        ("hebergement", code(e.hebergement)),
        ("deja_finance", oui_non(e.deja_finance)),
        ("sons", oui_non(e.sons)),
        ("sons_logiciel", e.sons_logiciel.clone()),
        ("entite_nationale", code(e.entite_nationale)),
        ("rattache_ght", oui_non(e.rattache_ght)),
        ("activites_confort", oui_non(e.activites_confort)),
        ("part_heures_eligibles", e.part_heures_eligibles.map(|p| p.to_string())),
        ("medicalise", oui_non(e.medicalise)),
        ("ror_complet", oui_non(e.ror_complet)),
        ("autodiagnostic", code(e.autodiagnostic)),
        (ENGAGE, oui_non(e.engage_ailleurs)),
    ];
    for (nom, valeur) in donnees {
        reponses.mettre(nom, valeur.into_iter().collect());
    }
    reponses
}
