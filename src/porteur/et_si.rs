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
use super::composition::accords_tombes;
use super::essai::{
    Colonne, Contenu, Essai, Ligne, caches, changements, colonnes, demandee, en_conflit, essayer, lignes,
};
use super::remede::{Proposition, proposer};
use super::vues::{Conflit, OptionsVue};
use crate::domain::dossier::champ::Options;
use crate::domain::dossier::hypothese::{Hypothese, SIGNATAIRE, SOLUTION};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::domain::dossier::{EssmsGrappe, Etape};
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::dossiers;
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
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
        ..Suite::default()
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
        Some(apres) => Some(Essai::nouveau(&avant, apres, &hypothese, &options)?),
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
    let champs = changements(&contenu.avant, apres, &contenu.hypothese, &contenu.options);
    let action = format!(
        "Changements essayés puis appliqués\u{a0}: {}{}",
        contenu.hypothese.resume(),
        accords_tombes(&champs)
    );
    let verdicts = Verdicts {
        avant: contenu.avant.evaluation.clone(),
        apres: apres.evaluation.clone(),
    };
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs,
    };
    let id = journaliser(&mut tx, &etat, &acces, verdicts, changement).await?;
    tx.commit().await?;
    let inverse = Hypothese::entre(&apres.dossier, &contenu.avant.dossier, &contenu.avant.dossier.essms);
    let inverse = inverse.adresse("");
    let inverse = inverse.trim_start_matches('?').as_bytes();
    let defaire: String = form_urlencoded::byte_serialize(inverse).collect();
    Ok(Redirect::to(&format!("{}&defaire={defaire}", chemins::apres(&ici, id))).into_response())
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
        dossiers::prefill_faits(&mut *conn, acces, &hypothese.ajoutes).await?;
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
