//! A step of the dossier: its fields, its constats beside them. One page serves the seven steps that
//! are made of declared fields.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Atelier, Bilan, Changement, Suite, Verdicts, journaliser};
use super::brouillon::{self, Autre, Issue};
use super::cadre::Cadre;
use super::collegues::Collegues;
use super::depot;
use super::vues::{BlocVue, ChampVue, Conflit, OptionsVue, cartes, conflits, refuser, suivante};
use crate::domain::argent::Centimes;
use crate::domain::dossier::champ::{Bloc, Genre, Options};
use crate::domain::dossier::lecture::{lire, ressaisir};
use crate::domain::dossier::reponses::{Difference, Reponses, differences, fusionner};
use crate::domain::dossier::{Dossier, Etape, EtapeEnregistree, etapes};
use crate::domain::nomenclature::Liste;
use crate::rules::faits::Manque;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::evaluation::{duree_mois, solution_choisie};
use crate::store::journal::ChampChange;
use crate::store::{dossiers, solution};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::gantt::{Gantt, Nature, Periode};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::script::ParScript;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// Blank rows offered after those already filled: one more save gives two more.
const LIGNES_VIDES: usize = 2;

/// The page.
#[derive(Template)]
#[template(path = "porteur/etape.html")]
pub struct PageEtape {
    habillage: Habillage,
    cadre: Cadre,
    etape: Etape,
    action: String,
    version: i32,
    /// The answers the form is filled upon, for it to be brought together with a colleague's.
    base: String,
    saisie: Saisie,
    blocs: Vec<BlocVue>,
    lignes: Vec<Ligne>,
    cartes: Vec<VueConstat>,
    manques: Vec<Manque>,
    conflits: Vec<Conflit>,
    collegues: Collegues,
    planning: Option<Gantt>,
    /// « Durée : 14 mois », with what the appel à projets asks for; empty when nothing is dated.
    duree: String,
    plan: Option<PlanVue>,
    procedure: Option<String>,
    /// What the step says of the porteur was saved under another one.
    a_relire: bool,
}

/// The plan de financement as computed.
struct PlanVue {
    depenses: Centimes,
    certain: Centimes,
    maximum: Centimes,
    autofinancement: Centimes,
    autres: Centimes,
    /// What self-financing has to be for resources to equal expenses, with the certain grant.
    equilibre: Centimes,
}

impl PlanVue {
    /// By how much resources exceed expenses, once they do.
    fn exces(&self) -> Centimes {
        -self.equilibre
    }
}

/// The step named in the path; the steps that have pages of their own are not here.
fn etape_du_chemin(code: &str) -> Result<Etape, Echec> {
    Etape::depuis(code)
        .filter(|e| !etapes::blocs(*e).is_empty())
        .ok_or_else(Echec::introuvable)
}

/// What is around the fields of a page.
struct Autour {
    saisie: Saisie,
    version: i32,
    base: String,
    bilan: Option<Bilan>,
    conflits: Vec<Conflit>,
}

fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &impl Lecture,
    atelier: &Atelier<'_>,
    options: &OptionsVue,
    etape: Etape,
    autour: Autour,
) -> PageEtape {
    let id = atelier.dossier.id;
    let action = chemins::etape(id, etape);
    let retour = chemins::dossier(id);
    let Autour {
        saisie,
        version,
        base,
        bilan,
        conflits,
    } = autour;
    PageEtape {
        habillage: habiller(etat, visiteur, etape.libelle())
            .retour(retour, "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &action, bilan, visiteur.jeton_csrf()),
        etape,
        version,
        base,
        blocs: blocs(etape, &saisie, options),
        saisie,
        lignes: depot::lignes(atelier, etape, options),
        cartes: cartes(atelier, &atelier.constats(etape), Some(etape)),
        manques: atelier.manques_de(etape).cloned().collect(),
        collegues: Collegues::nouveaux(id, etape),
        conflits,
        planning: (etape == Etape::Planning).then(|| planning(atelier)).flatten(),
        duree: if etape == Etape::Planning {
            duree(atelier)
        } else {
            String::new()
        },
        plan: (etape == Etape::Financement).then(|| plan(atelier)),
        a_relire: atelier.dossier.a_relire(etape),
        procedure: (etape == Etape::Solution).then(|| atelier.evaluation.achat.message.clone()),
        action,
    }
}

impl PageEtape {
    /// Why what the form shows is not saved; empty when it is.
    fn en_attente(&self) -> &'static str {
        brouillon::en_attente(&self.saisie, &self.conflits)
    }

    /// Title of the step.
    fn titre(&self) -> &'static str {
        self.etape.libelle()
    }
}

/// Shows the step.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Path((_, code)): Path<(String, String)>,
    Parametres(suite): Parametres<Suite>,
) -> Result<Page<PageEtape>, Echec> {
    let etape = etape_du_chemin(&code)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let options = options(&mut tx, &atelier, etape).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let collegues = Collegues::lire(&mut tx, &acces, etape).await?;
    tx.commit().await?;
    let autour = Autour {
        saisie: saisie_de(etape, atelier.dossier.reponses(etape)),
        version: atelier.dossier.version(etape),
        base: en_json(atelier.dossier.reponses(etape))?,
        bilan,
        conflits: Vec::new(),
    };
    let mut page = page(&etat, &visiteur, &acces, &atelier, &options, etape, autour);
    page.collegues = collegues;
    Ok(Page(StatusCode::OK, page))
}

/// Saves the step, however incomplete.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Path((_, code)): Path<(String, String)>,
    ParScript(par_script): ParScript,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let etape = etape_du_chemin(&code)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, avant).await?;
    let options = options(&mut tx, &atelier, etape).await?;
    let lues = match lire(etapes::blocs(etape), &saisie, &|o, v| options.permet(o, v)) {
        Ok(reponses) => reponses,
        Err(fautes) => {
            refuser(&mut saisie, &fautes, |nom| libelle(etape, nom));
            if par_script {
                return Ok(brouillon::illisible(&saisie));
            }
            let autour = Autour {
                base: saisie.valeur("base").to_owned(),
                version: saisie.valeur("version").parse().unwrap_or_default(),
                saisie,
                bilan: None,
                conflits: Vec::new(),
            };
            let page = page(&etat, &visiteur, &acces, &atelier, &options, etape, autour);
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let stockees = atelier.dossier.reponses(etape);
    let (retenues, en_conflit) = rapprocher(&atelier.dossier, etape, &saisie, &lues);
    let mut changes = changements(etape, stockees, &retenues, &options);
    if !en_conflit.is_empty() {
        changes.retain(|c| en_conflit.contains(&c.champ));
        let conflits = conflits(atelier.dossier.etapes.get(&etape), changes);
        if par_script {
            return Ok(brouillon::conflit(&conflits));
        }
        let autour = Autour {
            saisie: saisie_de(etape, &retenues),
            version: atelier.dossier.version(etape),
            base: en_json(stockees)?,
            bilan: None,
            conflits,
        };
        let page = page(&etat, &visiteur, &acces, &atelier, &options, etape, autour);
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    let autres = autres(etape, &saisie, &lues, &retenues);
    let avant = atelier.dossier.etapes.get(&etape).cloned();
    // Read again under another porteur and left as it was: that is worth writing.
    let relue = !par_script && atelier.dossier.a_relire(etape);
    let enregistrement = if changes.is_empty() && !relue {
        None
    } else {
        Some(ecrire(&mut tx, &etat, &acces, atelier, etape, retenues, changes).await?)
    };
    let reponse = if par_script {
        let issue = Issue {
            avant: avant.as_ref(),
            enregistrement,
            base: &lues,
            autres: &autres,
            redessiner: true,
        };
        brouillon::enregistre(&mut tx, &etat, &acces, issue).await?
    } else {
        ensuite(acces.dossier(), etape, &saisie, enregistrement).into_response()
    };
    tx.commit().await?;
    Ok(reponse)
}

/// Where a save leads: on, back to the list, or here, with what it changed since the page was opened.
pub(super) fn ensuite(dossier: Uuid, etape: Etape, saisie: &Saisie, enregistrement: Option<Uuid>) -> Redirect {
    let ensuite = match (saisie.valeur("ensuite"), suivante(etape)) {
        ("suivante", Some(suivante)) => chemins::etape(dossier, suivante),
        ("liste", _) => chemins::dossier(dossier),
        _ => chemins::etape(dossier, etape),
    };
    let deja = |nom: &str| Uuid::parse_str(saisie.valeur(nom)).ok();
    Redirect::to(&match (enregistrement.or_else(|| deja("dernier")), deja("depuis")) {
        (Some(id), Some(depuis)) => chemins::apres_depuis(&ensuite, id, depuis),
        (Some(id), None) => chemins::apres(&ensuite, id),
        (None, _) => chemins::inchange(&ensuite),
    })
}

/// What a colleague saved since the form was filled and what was just typed, together; and the fields both changed
/// differently.
fn rapprocher(dossier: &Dossier, etape: Etape, saisie: &Saisie, lues: &Reponses) -> (Reponses, Vec<String>) {
    let attendue: i32 = saisie.valeur("version").parse().unwrap_or_default();
    if dossier.version(etape) == attendue {
        return (lues.clone(), Vec::new());
    }
    let base = serde_json::from_str(saisie.valeur("base")).unwrap_or_default();
    fusionner(&base, dossier.reponses(etape), lues)
}

/// What a colleague changed since the form was filled: where what is kept is not what was typed. A row has no place in a page
/// whose rows before it were emptied: it is numbered otherwise there.
fn autres(etape: Etape, saisie: &Saisie, lues: &Reponses, retenues: &Reponses) -> Vec<Autre> {
    let autre = |d: Difference| {
        let (champ, libelle) = etapes::champ(etape, &d.champ)?;
        let prefixe = d.champ.strip_suffix(champ.nom)?;
        let decale = prefixe
            .split_once('-')
            .is_some_and(|(lignes, _)| !serrees(saisie, lignes, lues.nombre_de_lignes(lignes)));
        Some(Autre {
            libelle,
            saisie: if decale {
                BTreeMap::new()
            } else {
                brouillon::saisie_du_champ(champ, prefixe, &d.apres)
            },
            chemin: vec![d.champ.clone()],
            valeurs: d.apres,
        })
    };
    differences(lues, retenues).into_iter().filter_map(autre).collect()
}

/// Whether the rows that hold something come first in the form, without a hole.
fn serrees(saisie: &Saisie, lignes: &str, nombre: usize) -> bool {
    (0..nombre).all(|rang| {
        let prefixe = format!("{lignes}-{rang}-");
        saisie
            .paires()
            .any(|(nom, valeur)| nom.starts_with(&prefixe) && !valeur.trim().is_empty())
    })
}

/// The answers as the form carries them, hidden.
fn en_json(reponses: &Reponses) -> Result<String, Echec> {
    serde_json::to_string(reponses).map_err(Echec::interne)
}

/// Writes the step, judges it and journals it.
async fn ecrire(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierModifiable,
    atelier: Atelier<'_>,
    etape: Etape,
    lues: Reponses,
    champs: Vec<ChampChange>,
) -> Result<Uuid, Echec> {
    let Atelier {
        mut dossier,
        edition,
        mut contexte,
        evaluation: avant,
        instant,
        ..
    } = atelier;
    dossiers::save_etape(conn, acces, etape, &lues, instant).await?;
    if etape == Etape::Solution
        && let Some(id) = solution_choisie(&lues)
        && !contexte.solutions.iter().any(|s| s.id == id)
    {
        contexte
            .solutions
            .extend(solution::charger_solutions(conn, &[id]).await?);
    }
    dossier.etapes.insert(
        etape,
        EtapeEnregistree {
            reponses: lues,
            ..EtapeEnregistree::default()
        },
    );
    let action = format!("Étape «\u{a0}{}\u{a0}» enregistrée", etape.libelle());
    let (apres, _) = contexte.evaluer(edition, &dossier, instant);
    let changement = Changement {
        action: &action,
        etape: Some(etape),
        champs,
    };
    journaliser(conn, etat, acces, Verdicts { avant, apres }, changement).await
}

async fn options(conn: &mut PgConnection, atelier: &Atelier<'_>, etape: Etape) -> Result<OptionsVue, Echec> {
    let besoin = |o: Options| {
        etapes::blocs(etape).iter().any(|bloc| match bloc {
            Bloc::Champs(_, champs) => champs.iter().any(|c| c.genre == Genre::Parmi(o)),
            Bloc::Lignes(..) => false,
        })
    };
    let solutions = if besoin(Options::Solutions) {
        solution::lister_solutions(conn).await?
    } else {
        Vec::new()
    };
    Ok(OptionsVue::nouvelles(atelier, &solutions))
}

fn saisie_de(etape: Etape, reponses: &Reponses) -> Saisie {
    let mut saisie = Saisie::vide();
    let mut poser = |nom: String, valeurs: Vec<String>| {
        for valeur in valeurs {
            saisie.ajouter(nom.clone(), valeur);
        }
    };
    for bloc in etapes::blocs(etape) {
        match bloc {
            Bloc::Champs(_, champs) => ressaisir(champs, "", "", reponses, &mut poser),
            Bloc::Lignes(_, lignes) => {
                for rang in 0..reponses.nombre_de_lignes(lignes.nom) {
                    let prefixe = format!("{}-{rang}-", lignes.nom);
                    ressaisir(lignes.champs, &prefixe, &prefixe, reponses, &mut poser);
                }
            }
        }
    }
    saisie
}

fn blocs(etape: Etape, saisie: &Saisie, options: &OptionsVue) -> Vec<BlocVue> {
    use crate::domain::dossier::lecture::Brut;
    let mut vues = Vec::new();
    for bloc in etapes::blocs(etape) {
        match bloc {
            Bloc::Champs(titre, champs) => vues.push(BlocVue {
                titre: (*titre).to_owned(),
                champs: ChampVue::liste(champs, "", options),
            }),
            Bloc::Lignes(_, lignes) => {
                let remplies = saisie.nombre_de_lignes(lignes.nom).min(lignes.maximum);
                for rang in 0..(remplies + LIGNES_VIDES).min(lignes.maximum) {
                    let prefixe = format!("{}-{rang}-", lignes.nom);
                    vues.push(BlocVue {
                        titre: format!("{} {}", lignes.titre, rang + 1),
                        champs: ChampVue::liste(lignes.champs, &prefixe, options),
                    });
                }
            }
        }
    }
    vues
}

/// What a field of the step is called.
pub fn libelle(etape: Etape, nom: &str) -> String {
    etapes::champ(etape, nom).map_or_else(|| nom.to_owned(), |(_, libelle)| libelle)
}

fn changements(etape: Etape, avant: &Reponses, apres: &Reponses, options: &OptionsVue) -> Vec<ChampChange> {
    let clair = |nom: &str, valeurs: &[String]| match etapes::champ(etape, nom) {
        Some((champ, _)) => options.en_clair(champ, valeurs),
        None => valeurs.join(", "),
    };
    differences(avant, apres)
        .into_iter()
        .map(|d| ChampChange {
            libelle: libelle(etape, &d.champ),
            avant: clair(&d.champ, &d.avant),
            apres: clair(&d.champ, &d.apres),
            champ: d.champ,
        })
        .collect()
}

fn planning(atelier: &Atelier<'_>) -> Option<Gantt> {
    let r = atelier.dossier.reponses(Etape::Planning);
    let periodes: Vec<Periode> = (0..r.nombre_de_lignes("jalon"))
        .filter_map(|rang| {
            Some(Periode {
                libelle: r.texte(&format!("jalon-{rang}-libelle"))?.to_owned(),
                debut: r.date(&format!("jalon-{rang}-debut"))?,
                fin: r.date(&format!("jalon-{rang}-fin"))?,
                nature: Nature::Etape,
            })
        })
        .collect();
    Gantt::nouveau("planning", "Planning du projet", &periodes, None)
}

/// How long the planning lasts, beside what the edition asks for.
fn duree(atelier: &Atelier<'_>) -> String {
    let Some(mois) = duree_mois(atelier.dossier.reponses(Etape::Planning)) else {
        return String::new();
    };
    let d = &atelier.edition.durees;
    let limites = [
        (
            "une acquisition",
            d.acquisition_minimum_mois,
            d.acquisition_maximum_mois,
        ),
        (
            "une mise en conformité",
            d.conformite_minimum_mois,
            d.conformite_maximum_mois,
        ),
    ];
    let limite = |(quoi, minimum, maximum): (&str, Option<u16>, Option<u16>)| match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => Some(format!("de {minimum} à {maximum}\u{a0}mois pour {quoi}")),
        (None, Some(maximum)) => Some(format!("{maximum}\u{a0}mois au plus pour {quoi}")),
        (Some(minimum), None) => Some(format!("{minimum}\u{a0}mois au moins pour {quoi}")),
        (None, None) => None,
    };
    let limites: Vec<String> = limites.into_iter().filter_map(limite).collect();
    let prevu = if limites.is_empty() {
        "l’appel à projets n’en fixe pas la limite".to_owned()
    } else {
        let source = &d.source;
        format!(
            "l’appel à projets prévoit {} — {}, {}",
            limites.join(", "),
            source.document,
            source.section
        )
    };
    format!("Durée\u{a0}: {mois}\u{a0}mois ({prevu}).")
}

fn plan(atelier: &Atelier<'_>) -> PlanVue {
    let r = atelier.dossier.reponses(Etape::Financement);
    let depenses = (0..r.nombre_de_lignes("poste"))
        .filter_map(|rang| r.montant(&format!("poste-{rang}-montant")))
        .sum();
    let autres = r.montant("autres_ressources").unwrap_or_default();
    let financement = &atelier.evaluation.financement;
    PlanVue {
        depenses,
        certain: financement.certain,
        maximum: financement.maximum,
        autofinancement: r.montant("autofinancement").unwrap_or_default(),
        autres,
        equilibre: depenses - financement.certain - autres,
    }
}
