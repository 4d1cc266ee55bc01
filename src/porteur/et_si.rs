//! « Et si… » : changes of the grappe tried before they are made. The address carries them; nothing is
//! written until they are applied, all at once.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Atelier, Changement, Suite, Verdicts, journaliser};
use super::cadre::Cadre;
use super::comparaison::Comparaison;
use super::composition::{ESSMS_AU_PLUS, fautes, mouvements};
use super::remede::{Proposition, proposer};
use super::vues::{Conflit, OptionsVue, conflits};
use super::{essms, etape};
use crate::domain::dossier::champ::{Genre, NON, OUI, Options};
use crate::domain::dossier::hypothese::{Hypothese, SIGNATAIRE, SOLUTION, champs, valeur};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::dossier::{Dossier, EssmsGrappe, Etape, EtatDossier, etapes};
use crate::domain::finess::Finess;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::store::journal::ChampChange;
use crate::store::reconnaissance::{Reconnaissance, reconnaitre};
use crate::store::solution::lister_solutions;
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "porteur/et_si.html")]
pub struct EtSi {
    habillage: Habillage,
    cadre: Cadre,
    ici: String,
    grappe: String,
    saisie: Saisie,
    proposition: Option<Proposition>,
    essai: Option<Essai>,
    /// Something was asked that changes nothing.
    sans_effet: bool,
    communs: Vec<Colonne>,
    solutions: Vec<Choix>,
    signataires: Vec<Choix>,
    lignes: Vec<Ligne>,
    /// Fields tried that the form does not show.
    caches: Vec<(String, String)>,
    /// What pasted numbers are, when that is worth saying.
    notes: Vec<String>,
    /// Where what was just applied is tried backwards.
    defaire: Option<String>,
    conflits: Vec<Conflit>,
}

/// What is tried.
struct Essai {
    comparaison: Comparaison,
    /// Each change, in a sentence.
    changes: Vec<String>,
    /// The fields of the form that applies it.
    champs: Vec<(String, String)>,
    /// The answers that it changes, as they are seen now.
    base: String,
    resume: String,
}

/// An answer that can be tried.
struct Colonne {
    champ: &'static str,
    libelle: &'static str,
    options: Vec<Choix>,
}

impl Colonne {
    /// Name of its field, for an ESSMS or for all.
    fn nom(&self, prefixe: &str) -> String {
        format!("{prefixe}-{}", self.champ)
    }
}

/// An ESSMS of the grappe, or one that is added.
struct Ligne {
    finess: String,
    nom: String,
    ajoute: bool,
    /// What it answers now, in words, in the order of the columns.
    actuels: Vec<String>,
}

/// Everything the page is made of.
struct Contenu<'a> {
    avant: Atelier<'a>,
    apres: Option<Atelier<'a>>,
    hypothese: Hypothese,
    saisie: Saisie,
    options: OptionsVue,
    proposition: Option<Proposition>,
    notes: Vec<String>,
    sans_effet: bool,
    conflits: Vec<Conflit>,
}

/// Tries what the address says.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    RawQuery(requete): RawQuery,
) -> Result<Page<EtSi>, Echec> {
    let saisie = lire_requete(requete.as_deref().unwrap_or_default());
    let suite = Suite {
        enregistrement: Uuid::parse_str(saisie.valeur("enregistrement")).ok(),
        inchange: saisie.valeurs("inchange").first().cloned(),
    };
    let mut tx = acces.commencer(&etat.pool).await?;
    let avant = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let mut contenu = essayer(&mut tx, &etat, &acces, avant, saisie).await?;
    contenu.proposition = proposer(&mut tx, &acces, &contenu.avant).await?;
    tx.commit().await?;
    let statut = if contenu.saisie.en_erreur() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let defaire = defaire(&contenu, acces.dossier());
    let mut page = page(&etat, &visiteur, &acces, contenu)?;
    page.cadre.bilan = bilan;
    page.defaire = defaire;
    Ok(Page(statut, page))
}

fn lire_requete(requete: &str) -> Saisie {
    let paires = form_urlencoded::parse(requete.as_bytes());
    Saisie::depuis_paires(paires.map(|(nom, valeur)| (nom.into_owned(), valeur.into_owned())))
}

/// Where what was just applied is tried backwards: read anew, so that the address says nothing else.
fn defaire(contenu: &Contenu<'_>, dossier: Uuid) -> Option<String> {
    let saisie = lire_requete(contenu.saisie.valeur("defaire"));
    let ajoutes = lire_colle(&saisie.valeurs("ajouter").join("\n")).numeros;
    let permise = |id: &str| Uuid::parse_str(id).is_ok();
    let inverse = Hypothese::lire(&saisie, &contenu.avant.dossier, &ajoutes, permise);
    (!inverse.est_vide()).then(|| inverse.adresse(&chemins::et_si(dossier)))
}

/// Reads what is to be tried, and judges it. Nothing is written.
async fn essayer<'a>(
    conn: &mut PgConnection,
    etat: &'a Etat,
    acces: &impl Lecture,
    avant: Atelier<'a>,
    mut saisie: Saisie,
) -> Result<Contenu<'a>, Echec> {
    let colle = lire_colle(&saisie.valeurs("ajouter").join("\n"));
    let reconnus = reconnaitre(&mut *conn, &colle.numeros).await?;
    for (_, message) in fautes(&colle, &reconnus) {
        saisie.refuser("ajouter", "", &ErreurChamp::Motif(message));
    }
    let bons: Vec<Finess> = reconnus
        .iter()
        .filter(|(_, r)| !matches!(r, Reconnaissance::Organisme { .. }))
        .map(|(numero, _)| *numero)
        .collect();
    let options = OptionsVue::nouvelles(&avant, &lister_solutions(&mut *conn).await?);
    let permise = |id: &str| options.permet(Options::Solutions, id);
    let mut hypothese = Hypothese::lire(&saisie, &avant.dossier, &bons, permise);
    if avant.dossier.essms.len() + hypothese.ajoutes.len() > ESSMS_AU_PLUS {
        let motif = format!("un dossier compte au plus {ESSMS_AU_PLUS} ESSMS");
        saisie.refuser("ajouter", "Numéros FINESS", &ErreurChamp::Motif(motif));
        hypothese.ajoutes.clear();
    }
    let demande = !hypothese.est_vide();
    let brouillon = avant.dossier.etat == EtatDossier::Brouillon;
    let mut apres = None;
    if demande && brouillon {
        let retenues = dossiers::load_retires(&mut *conn, acces).await?;
        let essayee = hypothese.appliquer(&avant.dossier, &retenues);
        hypothese = Hypothese::entre(&avant.dossier, &essayee, &retenues);
        if !hypothese.est_vide() {
            apres = Some(Atelier::avec(&mut *conn, etat, essayee).await?);
        }
    }
    let notes = notes(&avant.dossier, &reconnus);
    Ok(Contenu {
        sans_effet: demande && brouillon && apres.is_none(),
        avant,
        apres,
        hypothese,
        saisie,
        options,
        proposition: None,
        notes,
        conflits: Vec::new(),
    })
}

/// What is worth knowing of the numbers pasted.
fn notes(dossier: &Dossier, reconnus: &[(Finess, Reconnaissance)]) -> Vec<String> {
    let presents = dossier.numeros();
    let note = |(numero, reconnu): &(Finess, Reconnaissance)| match reconnu {
        _ if presents.contains(numero) => Some(format!("{numero} est déjà dans la grappe.")),
        Reconnaissance::EssmsFerme(jour) => Some(format!(
            "{numero} est fermé depuis le {} au répertoire FINESS\u{a0}: il sera exclu du compte.",
            jour.format("%d/%m/%Y")
        )),
        Reconnaissance::Inconnu => Some(format!(
            "{numero} est absent du répertoire FINESS\u{a0}: il restera en question jusqu’à ce que son ouverture soit \
             confirmée."
        )),
        Reconnaissance::EssmsOuvert | Reconnaissance::Organisme { .. } => None,
    };
    reconnus.iter().filter_map(note).collect()
}

fn page(etat: &Etat, visiteur: &Visiteur, acces: &impl Lecture, contenu: Contenu<'_>) -> Result<EtSi, Echec> {
    let Contenu {
        avant,
        apres,
        hypothese,
        mut saisie,
        options,
        proposition,
        notes,
        sans_effet,
        conflits,
    } = contenu;
    let id = avant.dossier.id;
    let ici = chemins::et_si(id);
    let colles = saisie.valeurs("ajouter").join("\n");
    saisie.fixer("ajouter", colles);
    let colonnes = colonnes();
    let montre = apres.as_ref().unwrap_or(&avant);
    let essai = match &apres {
        Some(apres) => Some(Essai {
            comparaison: Comparaison::entre(&avant, apres),
            changes: changements(&avant, apres, &hypothese, &options)
                .iter()
                .map(phrase)
                .collect(),
            champs: hypothese.champs(),
            base: serde_json::to_string(&hypothese.base(&avant.dossier)).map_err(Echec::interne)?,
            resume: hypothese.resume(),
        }),
        None => None,
    };
    Ok(EtSi {
        habillage: habiller(etat, visiteur, "Et si…")
            .retour(chemins::grappe(id), "Grappe")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(&avant, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        grappe: chemins::grappe(id),
        lignes: lignes(&avant, montre, &hypothese),
        caches: caches(&saisie),
        solutions: options.choix(Options::Solutions),
        signataires: OptionsVue::nouvelles(montre, &[]).choix(Options::EssmsDeLaGrappe),
        communs: colonnes,
        proposition,
        essai,
        sans_effet,
        notes,
        defaire: None,
        conflits,
        saisie,
        ici,
    })
}

/// The answers that the form offers to try.
fn colonnes() -> Vec<Colonne> {
    let colonne = |champ: &'static crate::domain::dossier::champ::Champ| {
        let codes: &[(&str, &str)] = match champ.genre {
            Genre::Choix(codes) => codes,
            Genre::OuiNon => &[(OUI, "Celui du projet"), (NON, "Un autre")],
            _ => return None,
        };
        Some(Colonne {
            champ: champ.nom,
            libelle: if champ.genre == Genre::OuiNon {
                "DUI"
            } else {
                champ.libelle
            },
            options: codes.iter().map(|(code, mot)| Choix::nouveau(*code, *mot)).collect(),
        })
    };
    champs().filter_map(colonne).collect()
}

fn lignes(avant: &Atelier<'_>, montre: &Atelier<'_>, hypothese: &Hypothese) -> Vec<Ligne> {
    let presents = avant.dossier.essms.iter().map(|e| (e, false));
    let arrivants = montre
        .dossier
        .essms
        .iter()
        .filter(|e| hypothese.ajoutes.contains(&e.finess));
    presents
        .chain(arrivants.map(|e| (e, true)))
        .map(|(e, ajoute)| {
            let atelier = if ajoute { montre } else { avant };
            let connu = atelier.contexte.registre.get(&e.finess);
            let actuel = |colonne: &Colonne| {
                let valeurs = if ajoute { &[] } else { e.reponses.valeurs(colonne.champ) };
                let mot = colonne.options.iter().find(|c| valeurs.iter().any(|v| *v == c.valeur));
                mot.map_or_else(|| "sans réponse".to_owned(), |c| c.libelle.to_string())
            };
            Ligne {
                finess: e.finess.to_string(),
                nom: connu.map_or_else(|| "ESSMS inconnu du répertoire".to_owned(), |c| c.nom.clone()),
                ajoute,
                actuels: colonnes().iter().map(actuel).collect(),
            }
        })
        .collect()
}

/// What is tried of fields that have no control of their own.
fn caches(saisie: &Saisie) -> Vec<(String, String)> {
    let noms = saisie.noms().filter(|nom| nom.ends_with("-autre_solution"));
    noms.map(|nom| (nom.to_owned(), saisie.valeur(nom).to_owned()))
        .collect()
}

/// Every change, in words people read: who comes and goes, then the answers.
fn changements(
    avant: &Atelier<'_>,
    apres: &Atelier<'_>,
    hypothese: &Hypothese,
    options: &OptionsVue,
) -> Vec<ChampChange> {
    let nom = |n: Finess| {
        let connu = avant
            .contexte
            .registre
            .get(&n)
            .or_else(|| apres.contexte.registre.get(&n));
        connu.map(|c| c.nom.clone())
    };
    let mut changes = mouvements(&avant.dossier, &apres.dossier, nom);
    for (nom, nouvelles) in &hypothese.reponses {
        let etape = if nom == SOLUTION {
            Etape::Solution
        } else {
            Etape::Projet
        };
        let (libelle, champ) = if let Some((_, champ)) = nom.split_once('-') {
            (essms::libelle(apres, nom), essms::champ(champ))
        } else {
            (
                etape::libelle(etape, nom),
                etapes::champ(etape, nom).map(|(champ, _)| champ),
            )
        };
        let clair = |valeurs: &[String]| champ.map_or_else(String::new, |c| options.en_clair(c, valeurs));
        changes.push(ChampChange {
            champ: nom.clone(),
            libelle,
            avant: clair(&valeur(&avant.dossier, nom).unwrap_or_default()),
            apres: clair(nouvelles),
        });
    }
    changes
}

/// A change in a sentence; one who comes or goes has no other answer than being there.
fn phrase(change: &ChampChange) -> String {
    let rien = |texte: &str| if texte.is_empty() { "sans réponse" } else { texte }.to_owned();
    match Finess::parse(&change.champ) {
        Ok(_) if change.avant.is_empty() => format!("{}\u{a0}: ajouté", change.libelle),
        Ok(_) => format!("{}\u{a0}: retiré", change.libelle),
        Err(_) => format!(
            "{}\u{a0}: {} → {}",
            change.libelle,
            rien(&change.avant),
            rien(&change.apres)
        ),
    }
}

/// Makes what was tried, all at once: refused with both values when a colleague answered otherwise since.
///
/// # Errors
/// The database's.
pub async fn appliquer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let base: BTreeMap<String, Vec<String>> = serde_json::from_str(saisie.valeur("base")).unwrap_or_default();
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let avant = Atelier::avec(&mut tx, &etat, dossier).await?;
    let mut contenu = essayer(&mut tx, &etat, &acces, avant, saisie).await?;
    let voulue = demandee(&contenu);
    let contraries = voulue.contraries(&base, &contenu.avant.dossier);
    if !contraries.is_empty() || contenu.saisie.en_erreur() {
        contenu.conflits = en_conflit(&contenu, &voulue, &contraries);
        contenu.proposition = proposer(&mut tx, &acces, &contenu.avant).await?;
        let statut = if contraries.is_empty() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::CONFLICT
        };
        return Ok(Page(statut, page(&etat, &visiteur, &acces, contenu)?).into_response());
    }
    let ici = chemins::et_si(acces.dossier());
    let Some(apres) = &contenu.apres else {
        return Ok(Redirect::to(&chemins::inchange(&ici)).into_response());
    };
    ecrire(&mut tx, &acces, &contenu.avant, apres, &contenu.hypothese).await?;
    let action = format!(
        "Changements essayés puis appliqués\u{a0}: {}",
        contenu.hypothese.resume()
    );
    let verdicts = Verdicts {
        avant: contenu.avant.evaluation.clone(),
        apres: apres.evaluation.clone(),
    };
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs: changements(&contenu.avant, apres, &contenu.hypothese, &contenu.options),
    };
    let id = journaliser(&mut tx, &etat, &acces, verdicts, changement).await?;
    tx.commit().await?;
    let inverse = Hypothese::entre(&apres.dossier, &contenu.avant.dossier, &contenu.avant.dossier.essms);
    let inverse = inverse.adresse("");
    let inverse = inverse.trim_start_matches('?').as_bytes();
    let defaire: String = form_urlencoded::byte_serialize(inverse).collect();
    Ok(Redirect::to(&format!("{}&defaire={defaire}", chemins::apres(&ici, id))).into_response())
}

/// What the form asks, those of its answers that change nothing any more included.
fn demandee(contenu: &Contenu<'_>) -> Hypothese {
    let permise = |id: &str| contenu.options.permet(Options::Solutions, id);
    let mut voulue = Hypothese::lire(&contenu.saisie, &contenu.avant.dossier, &[], permise);
    // An answer of an ESSMS that has left meanwhile is still asked.
    for nom in contenu.saisie.noms().filter(|nom| nom.contains('-')) {
        voulue
            .reponses
            .entry(nom.to_owned())
            .or_insert_with(|| contenu.saisie.valeurs(nom).to_vec());
    }
    voulue
}

fn en_conflit(contenu: &Contenu<'_>, voulue: &Hypothese, contraries: &[String]) -> Vec<Conflit> {
    let atelier = &contenu.avant;
    let voulue = Hypothese {
        retires: Vec::new(),
        ajoutes: Vec::new(),
        reponses: contraries
            .iter()
            .filter_map(|nom| Some((nom.clone(), voulue.reponses.get(nom)?.clone())))
            .collect(),
    };
    let mut changes = changements(atelier, atelier, &voulue, &contenu.options);
    for change in &mut changes {
        if valeur(&atelier.dossier, &change.champ).is_none() {
            "n’est plus dans la grappe".clone_into(&mut change.avant);
        }
    }
    conflits(atelier.dossier.etapes.get(&Etape::Essms), changes)
}

async fn ecrire(
    conn: &mut PgConnection,
    acces: &DossierModifiable,
    avant: &Atelier<'_>,
    apres: &Atelier<'_>,
    hypothese: &Hypothese,
) -> Result<(), Echec> {
    let instant = avant.instant;
    if !hypothese.retires.is_empty() {
        dossiers::remove_essms(&mut *conn, acces, &hypothese.retires, instant).await?;
    }
    if !hypothese.ajoutes.is_empty() {
        dossiers::add_essms(&mut *conn, acces, &hypothese.ajoutes, instant).await?;
    }
    let touche = |e: &&EssmsGrappe| {
        let prefixe = format!("{}-", e.finess);
        hypothese.reponses.keys().any(|nom| nom.starts_with(&prefixe))
    };
    let touches: Vec<&EssmsGrappe> = apres.dossier.essms.iter().filter(touche).collect();
    if !touches.is_empty() {
        dossiers::save_faits(&mut *conn, acces, &touches).await?;
        dossiers::save_etape(&mut *conn, acces, Etape::Essms, &Reponses::default(), instant).await?;
    }
    for (nom, etape) in [(SOLUTION, Etape::Solution), (SIGNATAIRE, Etape::Projet)] {
        if hypothese.reponses.contains_key(nom) {
            dossiers::save_etape(&mut *conn, acces, etape, apres.dossier.reponses(etape), instant).await?;
        }
    }
    Ok(())
}
