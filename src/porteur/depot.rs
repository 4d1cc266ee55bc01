//! Summary and deposit: everything that was answered, what stands against a deposit, the attestation.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::collegues::Collegues;
use super::courrier;
use super::echeance;
use super::vues::{OptionsVue, bloquants, cartes};
use crate::domain::compte::RoleOg;
use crate::domain::courriel::{DossierDepose, Evenement};
use crate::domain::courriel_grappe::Quoi;
use crate::domain::dossier::fige::PieceFigee;
use crate::domain::dossier::{Dossier, Etape, etapes};
use crate::domain::finess::Finess;
use crate::domain::masque::est_a_completer;
use crate::domain::modele::{Texte, textes_du_dossier};
use crate::domain::nomenclature::Liste;
use crate::domain::texte::hexadecimal;
use crate::rules::evaluation::Evaluation;
use crate::rules::faits::Manque;
use crate::rules::recevable::DossierRecevable;
use crate::store::acces::{DossierDeposable, DossierLisible, Lecture};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::depots::{self, AFiger, Resume};
use crate::store::journal::{self, Entree};
use crate::store::{comptes, dossiers, solution};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::entames::Entame;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::{Arrivee, Visiteur};
use crate::web::vue::Ligne;

/// The page.
#[derive(Template)]
#[template(path = "porteur/depot.html")]
pub struct Depot {
    habillage: Habillage,
    cadre: Cadre,
    action: String,
    saisie: Saisie,
    sections: Vec<Section>,
    blocages: Vec<VueConstat>,
    manques: Vec<(String, Manque)>,
    /// Missing answers that are not shown one by one.
    autres_manques: usize,
    /// Texts where words of a model still stand in the place of names.
    a_completer: Vec<Lien>,
    exclus: usize,
    signataire: bool,
    attestation: &'static str,
    /// Fingerprint of what the page shows: another one, and it is read again before it is signed.
    empreinte: String,
    accuse: String,
    journal: String,
    /// When one may deposit, to the second.
    echeance: Vec<String>,
    /// Where a signatory takes the deposit back, as long as it can.
    retrait: Option<String>,
    /// Earlier deposits, each with its accusé.
    deposes: Vec<Lien>,
    /// What changed since the last of them.
    differences: String,
    collegues: Collegues,
}

/// The answers of one step.
struct Section {
    titre: &'static str,
    href: String,
    lignes: Vec<Ligne>,
}

/// Missing answers shown one by one; the step's own page lists the others.
const MANQUES_MONTRES: usize = 15;

fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &impl Lecture,
    atelier: &Atelier<'_>,
    options: &OptionsVue,
    saisie: Saisie,
) -> Depot {
    let id = atelier.dossier.id;
    let action = chemins::depot(id);
    let bloquants = bloquants(&atelier.evaluation);
    let signataire = atelier.porte(acces.compte()) && acces.compte().role_og() == Some(RoleOg::Depot);
    let lien = |m: &Manque| {
        let page = Etape::depuis(m.etape).map_or_else(|| chemins::accords(id), |e| chemins::etape(id, e));
        (format!("{page}#{}", m.champ), m.clone())
    };
    Depot {
        habillage: habiller(etat, visiteur, Etape::Recapitulatif.libelle())
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &action, None, visiteur.jeton_csrf()),
        saisie,
        sections: sections(atelier, options),
        blocages: cartes(atelier, &bloquants, Some(Etape::Recapitulatif)),
        manques: atelier.manques.iter().take(MANQUES_MONTRES).map(lien).collect(),
        autres_manques: atelier.manques.len().saturating_sub(MANQUES_MONTRES),
        a_completer: a_completer(&atelier.dossier),
        exclus: atelier.evaluation.decompte.exclus,
        attestation: ATTESTATION,
        empreinte: atelier.dossier.empreinte(),
        accuse: chemins::accuse(id),
        journal: chemins::journal(id),
        echeance: echeance::precise(atelier.edition, atelier.instant),
        retrait: None,
        deposes: Vec::new(),
        differences: chemins::differences(id),
        collegues: Collegues::nouveaux(id, Etape::Recapitulatif),
        signataire,
        action,
    }
}

/// The texts taken from a model that nobody finished.
fn a_completer(dossier: &Dossier) -> Vec<Lien> {
    let textes = textes_du_dossier(dossier).into_iter();
    let inacheves = textes.filter(|t| est_a_completer(&t.valeur));
    let lien = |t: Texte| {
        let champ = format!("{}#{}", chemins::etape(dossier.id, t.etape), t.nom);
        Lien::nouveau(format!("{}\u{a0}: {}", t.etape.libelle(), t.libelle), champ)
    };
    inacheves.map(lien).collect()
}

/// The deposits made so far, the last first, in words.
fn precedents(dossier: Uuid, deposes: &[Resume]) -> Vec<Lien> {
    let accuse = chemins::accuse(dossier);
    deposes
        .iter()
        .enumerate()
        .map(|(ordre, d)| Lien::nouveau(super::accuse::dit(d, ordre == 0), chemins::du_depot(&accuse, d.rang)))
        .collect()
}

/// Every answer, step by step.
fn sections(atelier: &Atelier<'_>, options: &OptionsVue) -> Vec<Section> {
    Etape::TOUTES
        .iter()
        .filter(|etape| **etape != Etape::Recapitulatif)
        .map(|etape| Section {
            titre: etape.libelle(),
            href: chemins::etape(atelier.dossier.id, *etape),
            lignes: lignes(atelier, *etape, options),
        })
        .collect()
}

/// The answers of a step, in words.
pub fn lignes(atelier: &Atelier<'_>, etape: Etape, options: &OptionsVue) -> Vec<Ligne> {
    match etape {
        Etape::Essms => atelier
            .dossier
            .essms
            .iter()
            .map(|e| {
                let nom = atelier
                    .contexte
                    .registre
                    .get(&e.finess)
                    .map_or("Inconnu du répertoire", |c| c.nom.as_str());
                let statut = atelier.evaluation.statut(e.finess).map_or("", Liste::libelle);
                Ligne::nouvelle(e.finess.to_string(), format!("{nom} — {statut}"))
            })
            .collect(),
        Etape::Pieces => atelier
            .dossier
            .pieces
            .iter()
            .map(|p| {
                let libelle = atelier
                    .edition
                    .pieces
                    .iter()
                    .find(|d| d.code == p.type_piece)
                    .map(|d| d.libelle.clone());
                Ligne::nouvelle(libelle.unwrap_or_else(|| p.type_piece.clone()), p.nom.clone())
            })
            .collect(),
        _ => etapes::dans_l_ordre(etape, atelier.dossier.reponses(etape))
            .into_iter()
            .map(|(champ, libelle, valeurs)| Ligne::nouvelle(libelle, options.en_clair(champ, valeurs)))
            .collect(),
    }
}

/// Options that put stored answers in words.
///
/// # Errors
/// The database's.
pub async fn options(conn: &mut sqlx::PgConnection, atelier: &Atelier<'_>) -> Result<OptionsVue, Echec> {
    let solutions = solution::lister_solutions(conn).await?;
    Ok(OptionsVue::nouvelles(atelier, &solutions))
}

/// Shows the summary.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Arrivee(arrivee): Arrivee,
    acces: DossierLisible,
    Parametres(suite): Parametres<Suite>,
) -> Result<Page<Depot>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let options = options(&mut tx, &atelier).await?;
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let deposes = depots::list(&mut tx, &acces).await?;
    let collegues = Collegues::lire(&mut tx, &acces, Etape::Recapitulatif).await?;
    tx.commit().await?;
    let mut page = page(&etat, &visiteur, &acces, &atelier, &options, Saisie::vide());
    page.cadre.bilan = bilan;
    page.collegues = collegues;
    let retirable = |d: &Resume| echeance::retrait_possible(atelier.edition, d.depose_le, arrivee).is_some();
    if page.signataire && deposes.first().is_some_and(retirable) {
        page.retrait = Some(chemins::retrait_depot(acces.dossier()));
    }
    page.deposes = precedents(acces.dossier(), &deposes);
    Ok(Page(StatusCode::OK, page))
}

/// Deposits. A dossier that was deposited meanwhile, by a second click or a colleague, leads to its accusé.
///
/// # Errors
/// The database's.
pub async fn deposer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Arrivee(arrivee): Arrivee,
    Entame(entame): Entame,
    dossier: Result<Path<Uuid>, PathRejection>,
    acces: Result<DossierDeposable, Echec>,
    formulaire: Result<Formulaire, Echec>,
) -> Result<Response, Echec> {
    let envoi = async {
        let (acces, Formulaire(saisie)) = (acces?, formulaire?);
        tenter(&etat, &visiteur, &acces, saisie, [arrivee, entame.unwrap_or(arrivee)]).await
    };
    match (envoi.await, dossier) {
        (Err(Echec::Page(Erreur::Depose)), Ok(Path(dossier))) => {
            Ok(Redirect::to(&chemins::accuse(dossier)).into_response())
        }
        (reponse, _) => reponse,
    }
}

/// Freezes the content, the evaluation and the edition's version, hashed and chained. The instant at which the request reached the
/// server decides whether the window is open, however long the portal takes to answer; that of a first sending it could not
/// answer, when the dossier is still the same. Nobody signs what it has not read: a dossier that changed since its page was shown
/// is shown again.
async fn tenter(
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &DossierDeposable,
    mut saisie: Saisie,
    [arrivee, entame]: [DateTime<Utc>; 2],
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, acces).await?;
    let arrivee = if dossier.modifie_le <= entame { entame } else { arrivee };
    let mut atelier = Atelier::avec(&mut tx, etat, dossier).await?;
    (atelier.evaluation, atelier.manques) = atelier.contexte.evaluer(atelier.edition, &atelier.dossier, arrivee);
    let statut = match DossierRecevable::de(&atelier.evaluation) {
        Err(blocages) => {
            for constat in blocages {
                let motif = format!("{}\u{a0}: {}", constat.code, constat.message);
                saisie.refuser(format!("constat-{}", constat.code), "", &ErreurChamp::Motif(motif));
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(_) if !saisie.contient("attestation", "oui") => {
            let motif = "cochez l’attestation sur l’honneur pour déposer".to_owned();
            saisie.refuser("attestation", "Attestation", &ErreurChamp::Motif(motif));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(_) if saisie.valeur("empreinte") != atelier.dossier.empreinte() => {
            saisie.oter("attestation");
            let motif = "le dossier a changé depuis que vous avez ouvert cette page, et rien n’a été déposé. Relisez le \
                         récapitulatif, puis cochez de nouveau l’attestation";
            saisie.refuser("attestation", "", &ErreurChamp::Motif(motif.to_owned()));
            StatusCode::CONFLICT
        }
        Ok(recevable) => {
            figer(&mut tx, etat, acces, &atelier, &recevable, arrivee).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&chemins::accuse(acces.dossier())).into_response());
        }
    };
    let options = options(&mut tx, &atelier).await?;
    let mut page = page(etat, visiteur, acces, &atelier, &options, saisie);
    page.echeance = echeance::precise(atelier.edition, arrivee);
    page.deposes = precedents(acces.dossier(), &depots::list(&mut tx, acces).await?);
    Ok(Page(statut, page).into_response())
}

/// The frozen document, in the order it is read.
#[derive(serde::Serialize)]
struct Fige<'a> {
    reference: &'a str,
    nom: &'a str,
    porteur: Finess,
    porteur_nom: Option<&'a str>,
    edition: &'a str,
    version_edition: u32,
    rang: i32,
    depose_le: DateTime<Utc>,
    depose_par: &'a str,
    attestation: &'static str,
    etapes: Vec<(Etape, &'a crate::domain::dossier::reponses::Reponses)>,
    essms: Vec<(Finess, &'a crate::domain::dossier::reponses::Reponses)>,
    pieces: Vec<PieceFigee>,
    evaluation: &'a Evaluation,
    precedent: Option<String>,
}

/// The words the signatory ticks.
pub const ATTESTATION: &str = "J’atteste sur l’honneur l’exactitude des informations de ce dossier et l’accord des organismes gestionnaires de la grappe.";

async fn figer(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    acces: &DossierDeposable,
    atelier: &Atelier<'_>,
    recevable: &DossierRecevable<'_>,
    arrivee: DateTime<Utc>,
) -> Result<(), Echec> {
    let dossier = &atelier.dossier;
    let precedent = depots::load_dernier(conn, acces).await?;
    let rang = precedent.as_ref().map_or(0, |d| d.rang) + 1;
    let evaluation = recevable.evaluation();
    let fige = Fige {
        reference: &dossier.reference,
        nom: &dossier.nom,
        porteur: dossier.porteur,
        porteur_nom: atelier.contexte.porteur_nom.as_deref(),
        edition: &evaluation.edition,
        version_edition: evaluation.version_edition,
        rang,
        depose_le: arrivee,
        depose_par: &acces.compte().nom,
        attestation: ATTESTATION,
        etapes: dossier.etapes.iter().map(|(etape, e)| (*etape, &e.reponses)).collect(),
        essms: dossier.essms.iter().map(|e| (e.finess, &e.reponses)).collect(),
        pieces: dossier.pieces.iter().map(PieceFigee::from).collect(),
        evaluation,
        precedent: precedent.as_ref().map(|d| hexadecimal(&d.sha256)),
    };
    let contenu = serde_json::to_string(&fige).map_err(Echec::interne)?;
    let sha256 = Sha256::digest(contenu.as_bytes());
    let a_figer = AFiger {
        id: etat.horloge.nouvel_id(),
        edition: &evaluation.edition,
        edition_version: i32::try_from(evaluation.version_edition).unwrap_or(i32::MAX),
        contenu: &contenu,
        evaluation,
        sha256: &sha256,
        precedent: precedent.as_ref().map(|d| d.sha256.as_slice()),
        rang,
    };
    depots::create(conn, acces, &a_figer, arrivee).await?;
    let entree = Entree {
        id: etat.horloge.nouvel_id(),
        compte: acces.compte().id,
        action: "Dossier déposé",
        etape: Some(Etape::Recapitulatif.code()),
        champs: &[],
        effets: &[],
    };
    journal::create(conn, dossier.id, &entree, arrivee).await?;
    let accuse = Evenement::DossierDepose(DossierDepose {
        dossier: dossier.id,
        reference: dossier.reference.clone(),
        nom: dossier.nom.clone(),
        edition: etat
            .edition(&evaluation.edition)
            .map_or_else(|| evaluation.edition.clone(), |e| e.titre.clone()),
        depose_le: arrivee,
        depose_par: acces.compte().nom.clone(),
        rang,
        empreinte: hexadecimal(&sha256),
    });
    accuser_reception(conn, etat, dossier.porteur, &accuse, arrivee).await?;
    let quoi = Quoi::Depot {
        depose_le: arrivee,
        rang,
    };
    Ok(courrier::prevenir_les_membres(conn, etat, acces, dossier, &quoi).await?)
}

/// Writes to every signatory of the porteur, of whom the one who deposits is.
async fn accuser_reception(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    porteur: Finess,
    accuse: &Evenement,
    arrivee: DateTime<Utc>,
) -> sqlx::Result<()> {
    for signataire in comptes::list_de_l_og(conn, porteur, RoleOg::Depot).await? {
        let courriel = Courriel {
            id: etat.horloge.nouvel_id(),
            destinataire: Destinataire::Compte(signataire),
            evenement: accuse,
            secret: None,
            cle: None,
        };
        courriels::enfiler(conn, &courriel, arrivee).await?;
    }
    Ok(())
}
