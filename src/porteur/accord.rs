//! A membre answers for its ESSMS: its signatory agrees, refuses, changes its mind, leaves the grappe.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;

use super::accords::page;
use super::atelier::{Atelier, Changement, Verdicts, journaliser, noter};
use super::courrier::{Lettre, prevenir};
use crate::domain::courriel_grappe::Quoi;
use crate::domain::dossier::Etape;
use crate::domain::dossier::champ::OUI;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::participation::{EtatAccord, MOTIF_AU_PLUS};
use crate::store::acces::{DossierPartage, Lecture};
use crate::store::journal::ChampChange;
use crate::store::{consentements, dossiers, participations};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::erreur::Erreur;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::Page;
use crate::web::session::Visiteur;
use crate::web::titulaire;

/// Name of the field that says why.
pub const MOTIF: &str = "motif";

/// Name of the box that confirms a departure.
pub const DEPART: &str = "depart";

/// Reads why, which may be left out.
pub fn lire_motif(saisie: &mut Saisie) -> String {
    let motif = saisie.valeur(MOTIF).trim().replace("\r\n", "\n");
    if motif.chars().count() > MOTIF_AU_PLUS {
        saisie.refuser(MOTIF, "Motif", &ErreurChamp::TropLong { max: MOTIF_AU_PLUS });
    }
    motif
}

/// What the membre asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demande {
    Donner,
    Refuser,
    Quitter,
}

/// Writes the answer. A refusal takes the ESSMS out at once, their answers kept.
///
/// # Errors
/// The database's.
pub async fn repondre(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierPartage,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let og = acces.compte().og().ok_or_else(Echec::introuvable)?;
    let mut tx = acces.commencer(&etat.pool).await?;
    let dossier = dossiers::lock(&mut tx, &acces).await?;
    let atelier = Atelier::avec(&mut tx, &etat, dossier).await?;
    let motif = lire_motif(&mut saisie);
    let demande = match saisie.valeur("action") {
        "donner" => Demande::Donner,
        "quitter" => Demande::Quitter,
        _ => Demande::Refuser,
    };
    let mut numeros = atelier.essms_de(og);
    if demande == Demande::Quitter {
        if !saisie.contient(DEPART, OUI) {
            let confirmer = "cochez la case pour quitter la grappe avec tous vos ESSMS".to_owned();
            saisie.refuser(DEPART, "", &ErreurChamp::Motif(confirmer));
        }
    } else {
        numeros.retain(|n| saisie.contient("finess", n.as_str()));
        if numeros.is_empty() {
            let choisir = "choisissez au moins un de vos ESSMS".to_owned();
            saisie.refuser("finess", "ESSMS", &ErreurChamp::Motif(choisir));
        }
    }
    if saisie.en_erreur() {
        let page = page(&mut tx, &etat, &visiteur, &acces, &atelier, saisie).await?;
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let part = Part { og, numeros, motif };
    let vers = match demande {
        Demande::Donner => donner(&mut tx, &etat, &acces, atelier, &part).await?,
        Demande::Refuser => refuser(&mut tx, &etat, &acces, atelier, &part).await?,
        Demande::Quitter => quitter(&mut tx, &etat, &acces, atelier, &part).await?,
    };
    tx.commit().await?;
    Ok(Redirect::to(&vers).into_response())
}

/// What is answered, by which OG, for which ESSMS, why.
struct Part {
    og: Finess,
    numeros: Vec<Finess>,
    motif: String,
}

fn noms(atelier: &Atelier<'_>, part: &Part) -> Vec<String> {
    part.numeros.iter().map(|n| atelier.nom_essms(*n)).collect()
}

fn lettre<'a>(atelier: &'a Atelier<'_>, part: &Part, quoi: Quoi) -> Lettre<'a> {
    Lettre {
        dossier: atelier.dossier.id,
        nom: &atelier.dossier.nom,
        de: part.og,
        a: atelier.dossier.porteur,
        quoi,
        secret: None,
    }
}

fn suite(acces: &DossierPartage, id: uuid::Uuid) -> String {
    chemins::apres(&chemins::accords(acces.dossier()), id)
}

/// Agrees; the answers that Mes ESSMS keeps come with the consent.
async fn donner(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierPartage,
    avant: Atelier<'_>,
    part: &Part,
) -> Result<String, Echec> {
    let maintenant = avant.instant;
    consentements::save(conn, acces, &part.numeros, EtatAccord::Donne, "", maintenant).await?;
    if dossiers::prefill_faits(conn, acces, &part.numeros).await? > 0 {
        dossiers::save_version_faits(conn, acces, &avant.dossier, maintenant).await?;
    }
    let essms = noms(&avant, part);
    prevenir(conn, etat, lettre(&avant, part, Quoi::Accord { essms })).await?;
    let id = juger(conn, etat, acces, avant, part, EtatAccord::Donne).await?;
    Ok(suite(acces, id))
}

/// Refuses, or takes back what was agreed: the ESSMS go out, their answers stay.
async fn refuser(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierPartage,
    avant: Atelier<'_>,
    part: &Part,
) -> Result<String, Echec> {
    sortir(conn, acces, &avant, part).await?;
    let quoi = Quoi::Retrait {
        essms: noms(&avant, part),
        motif: part.motif.clone(),
    };
    prevenir(conn, etat, lettre(&avant, part, quoi)).await?;
    let id = juger(conn, etat, acces, avant, part, EtatAccord::Refuse).await?;
    Ok(suite(acces, id))
}

async fn sortir(
    conn: &mut PgConnection,
    acces: &DossierPartage,
    avant: &Atelier<'_>,
    part: &Part,
) -> Result<(), Echec> {
    let (donnes, attendus): (Vec<Finess>, Vec<Finess>) =
        part.numeros.iter().partition(|n| avant.contexte.accords.contains(n));
    for (numeros, etat) in [(donnes, EtatAccord::Retire), (attendus, EtatAccord::Refuse)] {
        consentements::save(conn, acces, &numeros, etat, &part.motif, avant.instant).await?;
    }
    Ok(dossiers::remove_essms(conn, acces, &part.numeros, avant.instant).await?)
}

/// Leaves the grappe with every ESSMS.
async fn quitter(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierPartage,
    avant: Atelier<'_>,
    part: &Part,
) -> Result<String, Echec> {
    let (motif, maintenant) = (&part.motif, avant.instant);
    let nom = titulaire::organisme(conn, part.og).await?;
    let quoi = Quoi::Depart { motif: motif.clone() };
    prevenir(conn, etat, lettre(&avant, part, quoi)).await?;
    if !part.numeros.is_empty() {
        sortir(conn, acces, &avant, part).await?;
        juger(conn, etat, acces, avant, part, EtatAccord::Refuse).await?;
    }
    noter(conn, etat, acces, &format!("{nom} ({}) a quitté la grappe", part.og)).await?;
    if !participations::quitter(conn, acces, part.og, motif, maintenant).await? {
        return Err(Erreur::Conflit.into());
    }
    Ok(chemins::fait(chemins::PORTEUR, "depart"))
}

/// Judges what was answered, and journals it.
async fn juger(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &DossierPartage,
    avant: Atelier<'_>,
    part: &Part,
    reponse: EtatAccord,
) -> Result<uuid::Uuid, Echec> {
    let apres = dossiers::load(conn, acces).await?;
    let champ = |n: &Finess| ChampChange {
        champ: n.to_string(),
        libelle: avant.nom_essms(*n),
        avant: if avant.contexte.accords.contains(n) {
            EtatAccord::Donne.libelle().to_owned()
        } else {
            String::new()
        },
        apres: match reponse {
            EtatAccord::Donne => reponse.libelle().to_owned(),
            EtatAccord::Refuse | EtatAccord::Retire => "sorti de la grappe, à la demande de son organisme".to_owned(),
        },
    };
    let champs: Vec<ChampChange> = part.numeros.iter().map(champ).collect();
    let quoi = match reponse {
        EtatAccord::Donne => "Accord donné",
        EtatAccord::Refuse | EtatAccord::Retire => "Accord refusé ou retiré",
    };
    let action = format!("{quoi} pour {}\u{a0}ESSMS", champs.len());
    let apres = Atelier::avec(conn, etat, apres).await?;
    let verdicts = Verdicts {
        avant: avant.evaluation,
        apres: apres.evaluation,
    };
    let changement = Changement {
        action: &action,
        etape: Some(Etape::Essms),
        champs,
    };
    journaliser(conn, etat, acces, verdicts, changement).await
}
