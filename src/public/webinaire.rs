//! One webinar: what it is, its calendar file, and the registration. What is answered is the same whoever is registered already:
//! the mail tells the rest to the holder of the address.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

use crate::documents::agenda::{self, Methode, Organisateur, Rendez};
use crate::domain::webinaire::{CONSERVATION_JOURS, EtatInscription, Objet, Webinaire};
use crate::store::acces::webinaire::{self as acces, SurWebinaire};
use crate::store::inscriptions_webinaire::{self, Nouvelle};
use crate::store::webinaires;
use crate::web::acces::{FormulaireAnonyme, NumeroDeWebinaire};
use crate::web::adresse::Adresse;
use crate::web::avis_webinaire::{Avis, prevenir, uid};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::titulaire;
use crate::web::vue_webinaire::VueWebinaire;

/// Longest name of an organisation.
const ORGANISME_AU_PLUS: usize = 200;
/// A question to prepare the session: half a page.
const QUESTION_AU_PLUS: usize = 1_000;

/// The page.
#[derive(Template)]
#[template(path = "public/webinaire.html")]
pub struct PageWebinaire {
    habillage: Habillage,
    saisie: Saisie,
    action: String,
    agenda: String,
    vue: VueWebinaire,
    /// Its description, a paragraph each.
    paragraphes: Vec<String>,
    moment: Moment,
    complet: bool,
    fait: bool,
}

/// Where a webinar stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Registrations are open.
    Ouvert,
    /// They are closed, and it is not over.
    Ferme,
    Passe,
    Annule,
}

impl Moment {
    fn de(w: &Webinaire, maintenant: DateTime<Utc>) -> Self {
        match w {
            w if w.annule_le.is_some() => Self::Annule,
            w if w.passe(maintenant) => Self::Passe,
            w if w.ouvert(maintenant) => Self::Ouvert,
            _ => Self::Ferme,
        }
    }
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<String>,
}

async fn charger(etat: &Etat, id: uuid::Uuid) -> Result<Webinaire, Echec> {
    let trouve = webinaires::load(&mut *etat.pool.acquire().await?, id).await?;
    trouve.ok_or_else(Echec::introuvable)
}

fn page(etat: &Etat, visiteur: &Visiteur, w: &Webinaire, saisie: Saisie, fait: bool) -> PageWebinaire {
    let maintenant = etat.horloge.maintenant();
    PageWebinaire {
        habillage: habiller(etat, visiteur, &w.titre)
            .retour(chemins::WEBINAIRES, "Webinaires")
            .erreurs(&saisie),
        saisie,
        action: chemins::webinaire(w.id),
        agenda: chemins::webinaire_ics(w.id),
        vue: VueWebinaire::nouvelle(w, maintenant, chemins::webinaire),
        paragraphes: w.description.split('\n').map(str::to_owned).collect(),
        moment: Moment::de(w, maintenant),
        complet: w.complet(),
        fait,
    }
}

/// Shows the webinar, and the form filled with who is logged in.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown number; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    NumeroDeWebinaire(id): NumeroDeWebinaire,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageWebinaire>, Echec> {
    let w = charger(&etat, id).await?;
    let mut saisie = Saisie::vide();
    if let Some(compte) = visiteur.compte() {
        saisie.fixer("nom", &compte.nom);
        saisie.fixer("courriel", &compte.courriel);
    }
    let fait = demande.fait.is_some();
    Ok(Page(StatusCode::OK, page(&etat, &visiteur, &w, saisie, fait)))
}

/// Its calendar file, without the link of the meeting.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown number; the database's.
pub async fn telecharger(
    State(etat): State<Etat>,
    NumeroDeWebinaire(id): NumeroDeWebinaire,
) -> Result<Response, Echec> {
    let w = charger(&etat, id).await?;
    let methode = if w.annule_le.is_some() {
        Methode::Annuler
    } else {
        Methode::Publier
    };
    let rendez = Rendez {
        uid: uid(&etat, w.id),
        revision: w.revision,
        ecrit_le: etat.horloge.maintenant(),
        debut: w.debut,
        fin: w.fin,
        titre: w.titre,
        description: format!(
            "{}\n\nOrganisé par {}. Le lien de connexion est dans le courriel de confirmation de l’inscription.",
            w.description, w.organisateur
        ),
        organisateur: Organisateur::joignable(&w.organisateur, etat.assistance.as_deref()),
        lieu: String::new(),
        page: format!("{}{}", etat.courrier.adresse_publique, chemins::webinaire(w.id)),
    };
    let entetes = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"webinaire.ics\""),
    ];
    Ok((entetes, agenda::ecrire(&rendez, methode)).into_response())
}

/// Reads the form; nothing when something was refused.
fn lire(saisie: &mut Saisie) -> Option<Nouvelle> {
    let nom = titulaire::nom(saisie);
    let courriel = titulaire::courriel(saisie);
    let organisme = titulaire::texte(saisie, "organisme", "Votre organisme", ORGANISME_AU_PLUS);
    let question = titulaire::texte(saisie, "question", "Vos questions", QUESTION_AU_PLUS);
    (!saisie.en_erreur()).then_some(Nouvelle {
        nom,
        courriel,
        organisme,
        question,
    })
}

/// Registers, and writes to the address. Whoever is registered already gets the same answer, and a mail that says so.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown number; the database's.
pub async fn inscrire(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    NumeroDeWebinaire(id): NumeroDeWebinaire,
    Adresse(adresse): Adresse,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let acces = acces::ouvert(&etat.pool, id).await?;
    let Some(nouvelle) = lire(&mut saisie) else {
        let page = page(&etat, &visiteur, acces.webinaire(), saisie, false);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let maintenant = etat.horloge.maintenant();
    let mut conn = etat.pool.acquire().await?;
    let envois = Envois::inscription(&nouvelle.courriel, adresse);
    let compte = envois.compter(&mut conn, maintenant).await?;
    drop(conn);
    if let Err(trop) = compte {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(page(&etat, &visiteur, acces.webinaire(), saisie, false)));
    }
    let mut tx = acces.commencer(&etat.pool).await?;
    let numero = etat.horloge.nouvel_id();
    let inscrite = inscriptions_webinaire::inscrire(&mut tx, &acces, numero, &nouvelle, maintenant).await?;
    let Some(inscrite) = inscrite else {
        let motif = "ce webinaire a commencé, est passé ou est annulé\u{a0}: on ne s’y inscrit plus".to_owned();
        saisie.refuser("nom", "", &ErreurChamp::Motif(motif));
        let page = page(&etat, &visiteur, &charger(&etat, id).await?, saisie, false);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let avis = Avis {
        webinaire: acces.webinaire(),
        lien: &webinaires::load_lien(&mut tx, &acces).await?,
        objet: match inscrite.etat {
            _ if inscrite.id != numero => Objet::Deja,
            EtatInscription::Inscrit => Objet::Inscription,
            EtatInscription::Attente => Objet::Attente,
        },
        motif: "",
    };
    prevenir(&mut tx, &etat, avis, &inscrite, None).await?;
    tx.commit().await?;
    Ok(Redirect::to(&chemins::fait(&chemins::webinaire(id), "inscription")).into_response())
}
