//! The grappe: composed by search or by pasting numbers, its verdict and its money always in view.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Atelier, Changement, Suite, Verdicts, edition_du_dossier, journaliser};
use super::vues::{Cadre, cartes};
use crate::domain::dossier::saisie_finess::{Colle, lire_colle};
use crate::domain::dossier::{Dossier, Etape};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat, Liste};
use crate::rules::constat::Resultat;
use crate::rules::evaluation::StatutEssms;
use crate::rules::faits::CategorieLue;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::store::evaluation::Contexte;
use crate::store::journal::ChampChange;
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::registre::{EssmsRegistre, Reconnaissance, reconnaitre};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat as Portail;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ton};

/// More results than this are narrowed by another word, not scrolled.
const RESULTATS: i64 = 20;
/// A regional grappe has 49 at most and the national one some hundreds: more is a mistake in the paste.
const ESSMS_AU_PLUS: usize = 500;

/// The page.
#[derive(Template)]
#[template(path = "porteur/grappe.html")]
pub struct Grappe {
    habillage: Habillage,
    cadre: Cadre,
    lignes: Vec<LigneEssms>,
    recherche: Option<Recherche>,
    saisie: Saisie,
    /// Numbers of the refused paste that can be added all the same.
    reconnus: usize,
    constats: Vec<VueConstat>,
    retires: String,
    actions: Actions,
}

/// Where the forms of the page go.
struct Actions {
    ici: String,
    ajouter: String,
    coller: String,
    retirer: String,
    essms: String,
}

/// An ESSMS of the grappe, or found by a search.
struct LigneEssms {
    finess: String,
    nom: String,
    og: String,
    lieu: String,
    categorie: String,
    statut: Etiquette,
    pourquoi: Vec<String>,
    present: bool,
}

/// What was searched and found.
struct Recherche {
    texte: String,
    trouves: Vec<LigneEssms>,
}

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// Search.
    q: Option<String>,
    /// Numbers just taken out, so that they can be put back.
    retires: Option<String>,
    /// What a paste left to correct.
    reste: Option<String>,
    enregistrement: Option<Uuid>,
}

/// Shows the grappe.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Query(demande): Query<Demande>,
) -> Result<Page<Grappe>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let recherche = match demande.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(texte) => Some(chercher(&mut tx, &atelier, texte).await?),
        None => None,
    };
    let bilan = Suite {
        enregistrement: demande.enregistrement,
    }
    .bilan(&mut tx, &acces)
    .await?;
    tx.commit().await?;
    let mut saisie = Saisie::vide();
    saisie.fixer("numeros", demande.reste.unwrap_or_default());
    let retires = lire_colle(demande.retires.as_deref().unwrap_or_default()).numeros;
    let mut page = page(&etat, &visiteur, &acces, &atelier, saisie);
    page.cadre.bilan = bilan;
    page.recherche = recherche;
    page.retires = retires.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Page(StatusCode::OK, page))
}

fn page(etat: &Portail, visiteur: &Visiteur, acces: &impl Lecture, atelier: &Atelier<'_>, saisie: Saisie) -> Grappe {
    let id = atelier.dossier.id;
    let ici = chemins::grappe(id);
    let constats: Vec<_> = atelier
        .evaluation
        .constats
        .iter()
        .filter(|c| c.code.starts_with("ELI-") && !matches!(c.resultat, Resultat::SansObjet | Resultat::Satisfait))
        .collect();
    Grappe {
        habillage: habiller(etat, visiteur, "Grappe")
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        lignes: atelier
            .dossier
            .essms
            .iter()
            .map(|e| ligne_de_la_grappe(atelier, e.finess))
            .collect(),
        recherche: None,
        saisie,
        reconnus: 0,
        constats: cartes(atelier, &constats, None),
        retires: String::new(),
        actions: Actions {
            ajouter: chemins::grappe_ajouter(id),
            coller: chemins::grappe_coller(id),
            retirer: chemins::grappe_retirer(id),
            essms: chemins::essms(id),
            ici,
        },
    }
}

async fn chercher(conn: &mut PgConnection, atelier: &Atelier<'_>, texte: &str) -> Result<Recherche, Echec> {
    let trouves = chercher_essms(conn, texte, &FiltresEssms::default(), RESULTATS).await?;
    let presents = atelier.dossier.numeros();
    Ok(Recherche {
        texte: texte.to_owned(),
        trouves: trouves
            .iter()
            .map(|e| {
                let present = presents.contains(&e.finess);
                let statut = if present {
                    Etiquette::nouvelle("Déjà dans la grappe", Ton::Neutre)
                } else {
                    etat_au_registre(e)
                };
                LigneEssms {
                    present,
                    ..ligne(Some(e), e.finess, statut, Vec::new())
                }
            })
            .collect(),
    })
}

fn etat_au_registre(e: &EssmsRegistre) -> Etiquette {
    match (e.etat, e.ferme_le) {
        (Etat::Ferme, Some(jour)) => {
            Etiquette::nouvelle(format!("Fermé le {}", jour.format("%d/%m/%Y")), Ton::Bloquant)
        }
        (Etat::Ferme, None) => Etiquette::nouvelle("Fermé", Ton::Bloquant),
        (Etat::Ouvert, _) => Etiquette::nouvelle("Ouvert", Ton::Succes),
        (Etat::Inconnu, _) => Etiquette::nouvelle("Inconnu du répertoire", Ton::Neutre),
    }
}

fn ligne_de_la_grappe(atelier: &Atelier<'_>, finess: Finess) -> LigneEssms {
    let statut = atelier.evaluation.statut(finess).unwrap_or(StatutEssms::EnQuestion);
    let ton = match statut {
        StatutEssms::Eligible => Ton::Succes,
        StatutEssms::EnQuestion => Ton::Neutre,
        StatutEssms::Exclu => Ton::Bloquant,
    };
    let pourquoi = atelier
        .evaluation
        .constats
        .iter()
        .filter(|c| c.code.starts_with("ELI-E"))
        .flat_map(|c| {
            c.essms
                .iter()
                .filter(|e| e.finess == finess)
                .map(move |e| format!("{} : {}", c.code, e.message))
        })
        .collect();
    ligne(
        atelier.contexte.registre.get(&finess),
        finess,
        Etiquette::nouvelle(statut.libelle(), ton),
        pourquoi,
    )
}

fn ligne(connu: Option<&EssmsRegistre>, finess: Finess, statut: Etiquette, pourquoi: Vec<String>) -> LigneEssms {
    let categorie = |c: &EssmsRegistre| match &c.categorie {
        CategorieLue::Connue(connue) => connue.sigle.clone(),
        CategorieLue::HorsTable(code) => c.categorie_libelle.clone().unwrap_or_else(|| code.clone()),
        CategorieLue::Inconnue => String::new(),
    };
    LigneEssms {
        finess: finess.to_string(),
        nom: connu.map_or_else(|| "ESSMS inconnu du répertoire".to_owned(), nom_affiche),
        og: connu
            .map(|c| c.organisme_nom.clone().unwrap_or_else(|| c.organisme.to_string()))
            .unwrap_or_default(),
        lieu: connu
            .map(|c| {
                [c.code_postal.as_deref().unwrap_or_default(), &c.commune]
                    .join(" ")
                    .trim()
                    .to_owned()
            })
            .unwrap_or_default(),
        categorie: connu.map(categorie).unwrap_or_default(),
        present: true,
        statut,
        pourquoi,
    }
}

/// A fictitious ESSMS says so, unless its very name does.
fn nom_affiche(connu: &EssmsRegistre) -> String {
    let dit = connu.nom.to_lowercase().contains("fictif");
    if connu.fictif && !dit {
        format!("{} (fictif)", connu.nom)
    } else {
        connu.nom.clone()
    }
}

/// Adds the ESSMS ticked in a search, or puts back those just taken out.
///
/// # Errors
/// The database's.
pub async fn ajouter(
    State(etat): State<Portail>,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let id = ajouter_numeros(&etat, &acces, &choisis).await?;
    Ok(Redirect::to(&suite(&acces, id, "", "")).into_response())
}

/// The page of the grappe after a save, if there was something to save.
fn suite(acces: &DossierModifiable, enregistrement: Option<Uuid>, parametre: &str, valeur: &str) -> String {
    let mut adresse = chemins::grappe(acces.dossier());
    let mut separateur = '?';
    if let Some(id) = enregistrement {
        adresse = chemins::apres(&adresse, id);
        separateur = '&';
    }
    if !valeur.is_empty() {
        let valeur: String = form_urlencoded::byte_serialize(valeur.as_bytes()).collect();
        // Writing to a String cannot fail.
        let _ = write!(adresse, "{separateur}{parametre}={valeur}");
    }
    adresse
}

async fn ajouter_numeros(etat: &Portail, acces: &DossierModifiable, numeros: &[Finess]) -> Result<Option<Uuid>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, acces).await?;
    let nouveaux: Vec<Finess> = numeros
        .iter()
        .copied()
        .filter(|n| !avant.numeros().contains(n))
        .collect();
    if nouveaux.is_empty() || avant.essms.len() + nouveaux.len() > ESSMS_AU_PLUS {
        return Ok(None);
    }
    dossiers::add_essms(&mut tx, acces, &nouveaux, etat.horloge.maintenant()).await?;
    let apres = dossiers::load(&mut tx, acces).await?;
    let id = juger(&mut tx, etat, acces, &avant, &apres, "Ajout à la grappe").await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Judges a change of the grappe and journals which ESSMS came or went.
async fn juger(
    conn: &mut PgConnection,
    etat: &Portail,
    acces: &DossierModifiable,
    avant: &Dossier,
    apres: &Dossier,
    action: &str,
) -> Result<Uuid, Echec> {
    let mut numeros = avant.numeros();
    numeros.extend(apres.numeros());
    let solutions: Vec<Uuid> = crate::store::evaluation::solution_choisie(apres.reponses(Etape::Solution))
        .into_iter()
        .collect();
    let contexte = Contexte::charger(conn, apres, &numeros, &solutions).await?;
    let dans = |d: &Dossier, n: Finess| if d.numeros().contains(&n) { "dans la grappe" } else { "" }.to_owned();
    let champs: Vec<ChampChange> = numeros
        .iter()
        .filter(|n| avant.numeros().contains(n) != apres.numeros().contains(n))
        .map(|n| ChampChange {
            champ: n.to_string(),
            libelle: contexte
                .registre
                .get(n)
                .map_or_else(|| n.to_string(), |c| format!("{} ({n})", c.nom)),
            avant: dans(avant, *n),
            apres: dans(apres, *n),
        })
        .collect();
    let s = if champs.len() > 1 { "s" } else { "" };
    let action = format!("{action} : {} ESSMS concerné{s}", champs.len());
    let edition = edition_du_dossier(etat, apres)?;
    let instant = etat.horloge.maintenant();
    let verdicts = Verdicts {
        avant: contexte.evaluer(edition, avant, instant).0,
        apres: contexte.evaluer(edition, apres, instant).0,
    };
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs,
    };
    journaliser(conn, etat, acces, verdicts, changement).await
}

/// Takes ESSMS out; the page that follows offers to put them back, answers included.
///
/// # Errors
/// The database's.
pub async fn retirer(
    State(etat): State<Portail>,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = dossiers::lock(&mut tx, &acces).await?;
    let partants: Vec<Finess> = choisis.into_iter().filter(|n| avant.numeros().contains(n)).collect();
    if partants.is_empty() {
        return Ok(Redirect::to(&chemins::grappe(acces.dossier())).into_response());
    }
    dossiers::remove_essms(&mut tx, &acces, &partants, etat.horloge.maintenant()).await?;
    let apres = dossiers::load(&mut tx, &acces).await?;
    let id = juger(&mut tx, &etat, &acces, &avant, &apres, "Retrait de la grappe").await?;
    tx.commit().await?;
    let retires = partants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Redirect::to(&suite(&acces, Some(id), "retires", &retires)).into_response())
}

/// Adds pasted numbers. One that cannot be read stops the whole paste, which is shown again with each
/// fault named; the readable ones can then be added alone, and the others stay in the box.
///
/// # Errors
/// The database's.
pub async fn coller(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let colle = lire_colle(saisie.valeur("numeros"));
    let mut tx = acces.commencer(&etat.pool).await?;
    let reconnus = reconnaitre(&mut tx, &colle.numeros).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    tx.commit().await?;
    let fautes = fautes(&colle, &reconnus);
    let bons: Vec<Finess> = reconnus
        .iter()
        .filter(|(_, r)| !matches!(r, Reconnaissance::Organisme { .. }))
        .map(|(numero, _)| *numero)
        .collect();
    let trop = atelier.dossier.essms.len() + bons.len() > ESSMS_AU_PLUS;
    let vide = colle.numeros.is_empty() && fautes.is_empty();
    let sans_les_autres = saisie.contient("fautes", "ignorer") && !bons.is_empty();
    if vide || trop || (!fautes.is_empty() && !sans_les_autres) {
        if vide {
            let motif = "collez au moins un numéro FINESS de 9 caractères".to_owned();
            saisie.refuser("numeros", "Numéros FINESS", &ErreurChamp::Motif(motif));
        }
        if trop {
            let motif = format!("un dossier compte au plus {ESSMS_AU_PLUS} ESSMS");
            saisie.refuser("numeros", "Numéros FINESS", &ErreurChamp::Motif(motif));
        }
        for (_, message) in &fautes {
            saisie.refuser("numeros", "", &ErreurChamp::Motif(message.clone()));
        }
        let mut page = page(&etat, &visiteur, &acces, &atelier, saisie);
        page.reconnus = if trop { 0 } else { bons.len() };
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let id = ajouter_numeros(&etat, &acces, &bons).await?;
    let reste: Vec<&str> = fautes.iter().map(|(texte, _)| texte.as_str()).collect();
    Ok(Redirect::to(&suite(&acces, id, "reste", &reste.join("\n"))).into_response())
}

/// What was pasted that cannot be an ESSMS, each with why and what to do.
fn fautes(colle: &Colle, reconnus: &[(Finess, Reconnaissance)]) -> Vec<(String, String)> {
    let illisibles = colle
        .fautes
        .iter()
        .map(|(texte, erreur)| (texte.clone(), format!("«\u{a0}{texte}\u{a0}» : {erreur}")));
    let juridiques = reconnus.iter().filter_map(|(numero, reconnu)| match reconnu {
        Reconnaissance::Organisme { nom, essms } => {
            let nom = nom.clone().unwrap_or_else(|| "un organisme gestionnaire".to_owned());
            let message = format!(
                "«\u{a0}{numero}\u{a0}» est le numéro FINESS juridique (EJ) de {nom}, qui gère {} ESSMS : \
                 cherchez ce numéro pour choisir ses ESSMS",
                essms.len()
            );
            Some((numero.to_string(), message))
        }
        Reconnaissance::EssmsOuvert | Reconnaissance::EssmsFerme(_) | Reconnaissance::Inconnu => None,
    });
    illisibles.chain(juridiques).collect()
}
