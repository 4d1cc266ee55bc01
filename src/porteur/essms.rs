//! The facts of each ESSMS of the grappe: one titled group each, and one to answer for all at once.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::atelier::{Atelier, Changement, Suite, Verdicts, journaliser};
use super::brouillon::{self, Autre, Issue};
use super::cadre::Cadre;
use super::collegues::Collegues;
use super::etape::ensuite;
use super::faits::completer_depuis;
use super::vues::{ChampVue, Conflit, OptionsVue, cartes, conflits, refuser};
use crate::domain::compte::Compte;
use crate::domain::dossier::champ::{Champ, OUI};
use crate::domain::dossier::etapes::FAITS_ESSMS;
use crate::domain::dossier::faits::ecarts;
use crate::domain::dossier::lecture::{lire_prefixe, ressaisir};
use crate::domain::dossier::reponses::{Difference, Reponses, differences, fusionner};
use crate::domain::dossier::{Dossier, EssmsGrappe, Etape};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::store::acces::{DossierLisible, FaitsModifiables, Lecture};
use crate::store::dossiers;
use crate::store::journal::ChampChange;
use crate::store::mes_essms::{self, Signature};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::script::ParScript;
use crate::web::session::Visiteur;
use crate::web::vue::Ligne;

/// Prefix of the fields that answer for every ESSMS left without an answer.
const TOUS: &str = "tous";

/// The page.
#[derive(Template)]
#[template(path = "porteur/essms.html")]
pub struct FaitsEssms {
    habillage: Habillage,
    cadre: Cadre,
    action: String,
    grappe: String,
    /// Whether the visitor may answer for some of the ESSMS.
    saisissable: bool,
    version: i32,
    /// The answers the form is filled upon, by ESSMS, for it to be brought together with a colleague's.
    base: String,
    saisie: Saisie,
    communs: Vec<ChampVue>,
    /// What the common answers never replace, in words.
    intouchees: &'static str,
    groupes: Vec<Groupe>,
    cartes: Vec<VueConstat>,
    conflits: Vec<Conflit>,
    collegues: Collegues,
    mes_essms: &'static str,
    /// Where answers of Mes ESSMS are taken over.
    reprendre: String,
    /// Answers that differ from those of Mes ESSMS.
    nombre_ecarts: usize,
    /// The save that took over some, just made: it can be undone.
    repris: Option<Uuid>,
}

/// The fields of one ESSMS.
struct Groupe {
    finess: String,
    ancre: String,
    titre: String,
    manques: usize,
    /// Shown open: something is missing or refused in it.
    ouvert: bool,
    /// The questions, for who may write.
    champs: Vec<ChampVue>,
    /// The answers, for who may not.
    lignes: Vec<Ligne>,
    /// Where Mes ESSMS says otherwise, in words.
    ecarts: Vec<String>,
}

/// The query that follows a take-over.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Repris {
    enregistrement: Option<Uuid>,
    repris: Option<String>,
}

struct Autour {
    saisie: Saisie,
    version: i32,
    base: String,
    conflits: Vec<Conflit>,
}

impl FaitsEssms {
    /// Why what the form shows is not saved; empty when it is.
    fn en_attente(&self) -> &'static str {
        brouillon::en_attente(&self.saisie, &self.conflits)
    }
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &impl Lecture, atelier: &Atelier<'_>, autour: Autour) -> FaitsEssms {
    let id = atelier.dossier.id;
    let action = chemins::essms(id);
    let Autour {
        saisie,
        version,
        base,
        conflits,
    } = autour;
    let options = OptionsVue::default();
    let champs = |prefixe: &str| ChampVue::liste(FAITS_ESSMS, prefixe, &options);
    let groupe = |e: &EssmsGrappe| {
        let prefixe = format!("{}-", e.finess);
        let manques = atelier
            .manques_de(Etape::Essms)
            .filter(|m| m.champ.starts_with(&prefixe))
            .count();
        let modifiable = atelier.repond_pour(acces.compte(), e.finess);
        let refuse = saisie.erreurs().any(|(nom, _)| nom.starts_with(&prefixe));
        Groupe {
            finess: e.finess.to_string(),
            ancre: chemins::ancre_essms(e.finess),
            titre: nom(atelier, e.finess),
            manques,
            ouvert: refuse,
            champs: if modifiable { champs(&prefixe) } else { Vec::new() },
            lignes: if modifiable {
                Vec::new()
            } else {
                lignes(&e.reponses, &options)
            },
            ecarts: Vec::new(),
        }
    };
    let groupes: Vec<Groupe> = atelier.dossier.essms.iter().map(groupe).collect();
    let completes = |e: &EssmsGrappe| {
        atelier.est_d_un_autre(acces.compte(), e.finess) && atelier.repond_pour(acces.compte(), e.finess)
    };
    FaitsEssms {
        habillage: habiller(etat, visiteur, Etape::Essms.libelle())
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        grappe: chemins::grappe(id),
        saisissable: atelier.modifiable(acces.compte()) || groupes.iter().any(|g| !g.champs.is_empty()),
        version,
        base,
        communs: champs(&format!("{TOUS}-")),
        intouchees: if atelier.dossier.essms.iter().any(completes) {
            "Celles des ESSMS d’un autre organisme ne sont pas remplacées\u{a0}: ce qui leur manque est seulement complété."
        } else {
            ""
        },
        groupes,
        cartes: cartes(atelier, &atelier.constats(Etape::Essms), Some(Etape::Essms)),
        collegues: Collegues::nouveaux(id, Etape::Essms),
        conflits,
        saisie,
        mes_essms: chemins::MES_ESSMS,
        reprendre: chemins::essms_reprendre(id),
        nombre_ecarts: 0,
        repris: None,
        action,
    }
}

/// Where Mes ESSMS says otherwise than this ESSMS of the dossier, in words.
fn ecarts_en_clair(gardees: &HashMap<Finess, Reponses>, essms: &EssmsGrappe) -> Vec<String> {
    let options = OptionsVue::default();
    let Some(gardees) = gardees.get(&essms.finess) else {
        return Vec::new();
    };
    let clair = |champ: &Champ, reponses: &Reponses| match options.en_clair(champ, reponses.valeurs(champ.nom)) {
        vide if vide.is_empty() => "rien".to_owned(),
        clair => format!("«\u{a0}{clair}\u{a0}»"),
    };
    ecarts(gardees, &essms.reponses)
        .into_iter()
        .filter_map(champ)
        .map(|c| {
            format!(
                "{}\u{a0}: {} dans Mes ESSMS, {} ici",
                c.libelle,
                clair(c, gardees),
                clair(c, &essms.reponses)
            )
        })
        .collect()
}

fn nom(atelier: &Atelier<'_>, finess: Finess) -> String {
    let connu = atelier.contexte.registre.get(&finess);
    connu.map_or_else(
        || "ESSMS inconnu du répertoire".to_owned(),
        |c| format!("{}, {}", c.nom, c.commune),
    )
}

fn lignes(reponses: &Reponses, options: &OptionsVue) -> Vec<Ligne> {
    let ligne = |c: &Champ| Ligne::nouvelle(c.libelle, options.en_clair(c, reponses.valeurs(c.nom)));
    FAITS_ESSMS
        .iter()
        .filter(|c| c.demande("", reponses))
        .map(ligne)
        .collect()
}

/// Shows the facts.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(suite): Parametres<Suite>,
    Parametres(repris): Parametres<Repris>,
) -> Result<Page<FaitsEssms>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let collegues = Collegues::lire(&mut tx, &acces, Etape::Essms).await?;
    let og = acces.compte().og().unwrap_or(atelier.dossier.porteur);
    let gardees = mes_essms::load_reponses(&mut tx, og, &atelier.dossier.numeros()).await?;
    tx.commit().await?;
    let version = atelier.dossier.version(Etape::Essms);
    let autour = Autour {
        saisie: saisie_de(&atelier.dossier.essms),
        version,
        base: en_json(&atelier.dossier.essms)?,
        conflits: Vec::new(),
    };
    let mut page = page(&etat, &visiteur, &acces, &atelier, autour);
    page.repris = repris
        .enregistrement
        .filter(|_| repris.repris.is_some() && bilan.is_some());
    page.collegues = collegues;
    page.cadre.bilan = bilan;
    if page.saisissable {
        let groupes = page.groupes.iter_mut().zip(&atelier.dossier.essms);
        for (groupe, e) in groupes.filter(|(groupe, _)| !groupe.champs.is_empty()) {
            groupe.ecarts = ecarts_en_clair(&gardees, e);
        }
        page.nombre_ecarts = page.groupes.iter().map(|g| g.ecarts.len()).sum();
    }
    Ok(Page(StatusCode::OK, page))
}

/// Saves the facts of every ESSMS, however incomplete.
///
/// # Errors
/// The database's.
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: FaitsModifiables,
    ParScript(par_script): ParScript,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, avant).await?;
    let lus = match lire(&atelier, acces.compte(), &saisie) {
        Ok(lus) => lus,
        Err(fautes) => {
            refuser(&mut saisie, &fautes, |champ| libelle(&atelier, champ));
            if par_script {
                return Ok(brouillon::illisible(&saisie));
            }
            let autour = Autour {
                base: saisie.valeur("base").to_owned(),
                version: saisie.valeur("version").parse().unwrap_or_default(),
                saisie,
                conflits: Vec::new(),
            };
            let page = page(&etat, &visiteur, &acces, &atelier, autour);
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let (retenus, en_conflit) = rapprocher(&atelier.dossier, &saisie, &lus);
    let mut changes = changements(&atelier, &retenus);
    if !en_conflit.is_empty() {
        changes.retain(|c| en_conflit.contains(&c.champ));
        let conflits = conflits(atelier.dossier.etapes.get(&Etape::Essms), changes);
        if par_script {
            return Ok(brouillon::conflit(&conflits));
        }
        let autour = Autour {
            saisie: saisie_de(&retenus),
            version: atelier.dossier.version(Etape::Essms),
            base: en_json(&atelier.dossier.essms)?,
            conflits,
        };
        let page = page(&etat, &visiteur, &acces, &atelier, autour);
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    // Taken out by a colleague meanwhile: what was answered waits for it to come back.
    let partis = partis(&atelier.dossier, &saisie);
    if !partis.is_empty() {
        dossiers::save_faits(&mut tx, &acces, &partis.iter().collect::<Vec<_>>()).await?;
    }
    let autres = autres(&atelier, &lus, &retenus);
    let avant = atelier.dossier.etapes.get(&Etape::Essms).cloned();
    let enregistrement = if changes.is_empty() {
        None
    } else {
        Some(ecrire(&mut tx, &etat, &acces, atelier, retenus, changes, "enregistrées").await?)
    };
    let reponse = if par_script {
        let issue = Issue {
            avant: avant.as_ref(),
            enregistrement,
            base: &par_essms(&lus),
            autres: &autres,
            redessiner: false,
        };
        brouillon::enregistre(&mut tx, &etat, &acces, issue).await?
    } else {
        ensuite(acces.dossier(), Etape::Essms, &saisie, enregistrement).into_response()
    };
    tx.commit().await?;
    Ok(reponse)
}

/// What a colleague saved since the form was filled and what was just typed, together; and the fields both changed
/// differently.
fn rapprocher(dossier: &Dossier, saisie: &Saisie, lus: &[EssmsGrappe]) -> (Vec<EssmsGrappe>, Vec<String>) {
    let attendue: i32 = saisie.valeur("version").parse().unwrap_or_default();
    if dossier.version(Etape::Essms) == attendue {
        return (lus.to_vec(), Vec::new());
    }
    fusionner_essms(dossier, saisie, lus)
}

/// What a colleague changed since the form was filled: where what is kept is not what was typed.
fn autres(atelier: &Atelier<'_>, lus: &[EssmsGrappe], retenus: &[EssmsGrappe]) -> Vec<Autre> {
    let de_l_essms = |(lu, retenu): (&EssmsGrappe, &EssmsGrappe)| {
        let prefixe = format!("{}-", lu.finess);
        let finess = lu.finess.to_string();
        let autre = move |d: Difference| {
            Some(Autre {
                libelle: libelle(atelier, &format!("{prefixe}{}", d.champ)),
                saisie: brouillon::saisie_du_champ(champ(&d.champ)?, &prefixe, &d.apres),
                chemin: vec![finess.clone(), d.champ],
                valeurs: d.apres,
            })
        };
        differences(&lu.reponses, &retenu.reponses)
            .into_iter()
            .filter_map(autre)
    };
    lus.iter().zip(retenus).flat_map(de_l_essms).collect()
}

/// Writes the answers that changed, judges and journals; Mes ESSMS takes those it had not. `verbe` says what was
/// done of them, « enregistrées ».
///
/// # Errors
/// The database's.
pub async fn ecrire(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    acces: &FaitsModifiables,
    atelier: Atelier<'_>,
    lus: Vec<EssmsGrappe>,
    champs: Vec<ChampChange>,
    verbe: &str,
) -> Result<Uuid, Echec> {
    let Atelier {
        mut dossier,
        edition,
        contexte,
        evaluation: avant,
        instant,
        ..
    } = atelier;
    let anciens = std::mem::replace(&mut dossier.essms, lus);
    let changes: Vec<&EssmsGrappe> = anciens
        .iter()
        .zip(&dossier.essms)
        .filter(|(ancien, nouveau)| ancien.reponses != nouveau.reponses)
        .map(|(_, nouveau)| nouveau)
        .collect();
    dossiers::save_faits(conn, acces, &changes).await?;
    // The step itself holds no answer: its row carries the version that forms are filled upon.
    dossiers::save_version_faits(conn, acces, &dossier, instant).await?;
    let action = match changes.len() {
        1 => format!("Réponses d’un ESSMS {verbe}"),
        n => format!("Réponses de {n}\u{a0}ESSMS {verbe}"),
    };
    let signature = Signature {
        og: acces.compte().og().unwrap_or(dossier.porteur),
        compte: acces.compte().id,
        action: "Réponse donnée dans un dossier",
        maintenant: instant,
    };
    let connus: Vec<(Finess, &EssmsGrappe)> = changes
        .iter()
        .filter_map(|e| Some((contexte.registre.get(&e.finess)?.organisme, *e)))
        .collect();
    let ajoutees = match completer_depuis(conn, etat, signature, &connus).await? {
        0 => String::new(),
        1 => ", dont une ajoutée à Mes ESSMS".to_owned(),
        n => format!(", dont {n}\u{a0}ajoutées à Mes ESSMS"),
    };
    let action = action + &ajoutees;
    let (apres, _) = contexte.evaluer(edition, &dossier, instant);
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs,
    };
    journaliser(conn, etat, acces, Verdicts { avant, apres }, changement).await
}

/// Reads every group. The common answers fill what is left empty, and replace the others when asked; never those of
/// another OG's ESSMS.
fn lire(
    atelier: &Atelier<'_>,
    compte: &Compte,
    saisie: &Saisie,
) -> Result<Vec<EssmsGrappe>, Vec<(String, crate::domain::dossier::lecture::Faute)>> {
    let mut fautes = Vec::new();
    let communes = lire_prefixe(FAITS_ESSMS, TOUS, saisie, &|_, _| false, &mut fautes);
    let remplacer = saisie.contient("tous-remplacer", OUI);
    let essms = &atelier.dossier.essms;
    let lus = essms
        .iter()
        .map(|e| {
            // Added since the form was drawn, or another OG's: it has no group there, its answers stay as they are.
            if !saisie.contient("essms", e.finess.as_str()) || !atelier.repond_pour(compte, e.finess) {
                return e.clone();
            }
            let mut reponses = lire_prefixe(FAITS_ESSMS, e.finess.as_str(), saisie, &|_, _| false, &mut fautes);
            let remplacer = remplacer && !atelier.est_d_un_autre(compte, e.finess);
            for (champ, valeurs) in communes.iter() {
                if remplacer || reponses.valeurs(champ).is_empty() {
                    reponses.mettre(champ, valeurs.to_vec());
                }
            }
            EssmsGrappe {
                finess: e.finess,
                reponses,
            }
        })
        .collect();
    if fautes.is_empty() { Ok(lus) } else { Err(fautes) }
}

/// Groups of the form whose ESSMS is no longer in the grappe.
fn partis(dossier: &Dossier, saisie: &Saisie) -> Vec<EssmsGrappe> {
    let presents = dossier.numeros();
    let envoyes = saisie.valeurs("essms").iter().filter_map(|n| Finess::parse(n).ok());
    envoyes
        .filter(|n| !presents.contains(n))
        .map(|finess| EssmsGrappe {
            finess,
            reponses: lire_prefixe(FAITS_ESSMS, finess.as_str(), saisie, &|_, _| false, &mut Vec::new()),
        })
        .collect()
}

fn par_essms(essms: &[EssmsGrappe]) -> BTreeMap<Finess, &Reponses> {
    essms.iter().map(|e| (e.finess, &e.reponses)).collect()
}

/// The answers by ESSMS, as the form carries them, hidden.
fn en_json(essms: &[EssmsGrappe]) -> Result<String, Echec> {
    serde_json::to_string(&par_essms(essms)).map_err(Echec::interne)
}

/// What a colleague saved and what was just typed, together; and the fields both changed differently.
fn fusionner_essms(dossier: &Dossier, saisie: &Saisie, lus: &[EssmsGrappe]) -> (Vec<EssmsGrappe>, Vec<String>) {
    let bases: BTreeMap<Finess, Reponses> = serde_json::from_str(saisie.valeur("base")).unwrap_or_default();
    let vide = Reponses::default();
    let mut en_conflit = Vec::new();
    let fusion = dossier.essms.iter().zip(lus).map(|(stocke, lu)| {
        let base = bases.get(&lu.finess).unwrap_or(&vide);
        let (reponses, conflits) = fusionner(base, &stocke.reponses, &lu.reponses);
        en_conflit.extend(conflits.into_iter().map(|champ| format!("{}-{champ}", lu.finess)));
        EssmsGrappe {
            finess: lu.finess,
            reponses,
        }
    });
    let fusion = fusion.collect();
    (fusion, en_conflit)
}

fn saisie_de(essms: &[EssmsGrappe]) -> Saisie {
    let mut saisie = Saisie::vide();
    for e in essms {
        ressaisir(
            FAITS_ESSMS,
            "",
            &format!("{}-", e.finess),
            &e.reponses,
            |nom, valeurs| {
                for valeur in valeurs {
                    saisie.ajouter(nom.clone(), valeur);
                }
            },
        );
    }
    saisie
}

/// The declared field of this name.
pub(super) fn champ(nom: &str) -> Option<&'static Champ> {
    FAITS_ESSMS.iter().find(|c| c.nom == nom)
}

/// What an answer of an ESSMS is called: the ESSMS, then the question.
pub(super) fn libelle(atelier: &Atelier<'_>, nom_complet: &str) -> String {
    let (finess, nom_du_champ) = nom_complet.split_once('-').unwrap_or((nom_complet, ""));
    let essms = match Finess::parse(finess) {
        Ok(numero) => format!("{} ({finess})", nom(atelier, numero)),
        Err(_) => "Tous les ESSMS".to_owned(),
    };
    format!("{essms}, {}", champ(nom_du_champ).map_or(nom_du_champ, |c| c.libelle))
}

/// The answers that differ from those of the dossier, in words.
pub fn changements(atelier: &Atelier<'_>, lus: &[EssmsGrappe]) -> Vec<ChampChange> {
    let options = OptionsVue::default();
    let mut changes = Vec::new();
    for (avant, apres) in atelier.dossier.essms.iter().zip(lus) {
        for d in differences(&avant.reponses, &apres.reponses) {
            let clair = |valeurs: &[String]| {
                champ(&d.champ).map_or_else(|| valeurs.join(", "), |c| options.en_clair(c, valeurs))
            };
            let nom_complet = format!("{}-{}", avant.finess, d.champ);
            changes.push(ChampChange {
                libelle: libelle(atelier, &nom_complet),
                avant: clair(&d.avant),
                apres: clair(&d.apres),
                champ: nom_complet,
            });
        }
    }
    changes
}
