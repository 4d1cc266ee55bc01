//! Writes to who can answer, by subject: the contacts that the appel à projets names. From a dossier, its reference comes
//! along. The mail leaves by the queue; whoever prefers one's own mailbox finds the addresses, the subject filled.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::courriel::{Evenement, Question, QuestionRecue};
use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Contact, Edition, Sujet};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::transaction;
use crate::web::acces::FormulaireAnonyme;
use crate::web::adresse::Adresse;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::envois::Envois;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::parametres::Parametres;
use crate::web::quota::Trop;
use crate::web::session::Visiteur;
use crate::web::titulaire;

/// A question is read by a person: two pages are enough.
const MESSAGE_AU_PLUS: usize = 4_000;
/// Name of the field that carries the page of the dossier one comes from.
const RETOUR: &str = "retour";
/// The subject that no appel à projets answers about: the portal itself.
const PORTAIL: (&str, &str) = ("portail", "Le portail (accessibilité, données personnelles)");
/// Who answers about it, in the words of a mail.
const ASSISTANCE: &str = "l’assistance du portail";
/// Longest reference or name of a page.
const REPERE_AU_PLUS: usize = 120;

/// The page.
#[derive(Template)]
#[template(path = "public/contact.html")]
pub struct PageContact {
    habillage: Habillage,
    saisie: Saisie,
    action: &'static str,
    envoye: bool,
    /// The page of the dossier that led here; empty: none did.
    retour: String,
    /// Where another question is asked.
    autre: String,
    editions: Vec<Choix>,
    sujets: Vec<Choix>,
    /// What is said of the choice of an appel à projets.
    aide_edition: &'static str,
    /// Nobody said where to write about the portal itself.
    portail_muet: bool,
    /// By subject, the mailboxes to write to oneself.
    boites: Vec<(&'static str, Vec<Lien>)>,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    sujet: Option<String>,
    dossier: Option<String>,
    edition: Option<String>,
    page: Option<String>,
    retour: Option<String>,
    fait: Option<String>,
}

/// The page that led here, if it is one of this portal.
fn retour(saisie: &Saisie) -> &str {
    chemins::local(saisie.valeur(RETOUR)).unwrap_or_default()
}

/// The edition that the form is about: the one chosen, else the last.
fn edition<'a>(etat: &'a Etat, saisie: &Saisie) -> Option<&'a Edition> {
    etat.edition(saisie.valeur("edition")).or_else(|| etat.editions.last())
}

fn page(etat: &Etat, visiteur: &Visiteur, saisie: Saisie, envoye: bool) -> PageContact {
    let choisie = edition(etat, &saisie);
    let objet = objet(&saisie);
    let contacts = |sujet: Sujet| choisie.into_iter().flat_map(move |e| e.contacts(sujet));
    let boite = |c: &Contact| Lien::nouveau(format!("{} ({})", c.nom, c.courriel), boite(&c.courriel, &objet));
    let sujet = |sujet: &Sujet| {
        let noms: Vec<&str> = contacts(*sujet).map(|c| c.nom.as_str()).collect();
        Choix::nouveau(sujet.code(), sujet.libelle()).aide(noms.join(", "))
    };
    let du_portail = etat.adresse_du_portail();
    let boites = Sujet::TOUTES
        .iter()
        .map(|sujet| (sujet.libelle(), contacts(*sujet).map(boite).collect::<Vec<_>>()))
        .chain(du_portail.map(|a| (PORTAIL.1, vec![Lien::nouveau(a, self::boite(a, &objet))])));
    let retour = retour(&saisie).to_owned();
    let (dou, libelle) = if retour.is_empty() {
        (chemins::CONTACTS, "Contacts")
    } else {
        (retour.as_str(), "Revenir au dossier")
    };
    PageContact {
        boites: boites.filter(|(_, liens)| !liens.is_empty()).collect(),
        sujets: Sujet::TOUTES
            .iter()
            .map(sujet)
            .chain(du_portail.map(|_| Choix::nouveau(PORTAIL.0, PORTAIL.1).aide("Assistance du portail")))
            .collect(),
        aide_edition: du_portail.map_or("", |_| "Sans effet pour une question sur le portail."),
        portail_muet: du_portail.is_none(),
        editions: etat
            .editions
            .iter()
            .rev()
            .map(|e| Choix::nouveau(e.code.clone(), e.titre.clone()))
            .collect(),
        habillage: habiller_publique(
            etat,
            visiteur,
            "Poser une question",
            "Écrire à l’ARS ou à l’accompagnement, selon le sujet.",
            chemins::CONTACT,
        )
        .rubrique(chemins::AIDE)
        .retour(dou, libelle)
        .erreurs(&saisie),
        saisie,
        action: chemins::CONTACT,
        envoye,
        autre: chemins::avec_parametres(chemins::CONTACT, &[(RETOUR, &retour)]),
        retour,
    }
}

/// The address that opens a mailbox on a message about this. There, « + » is a plus and a space is `%20`.
fn boite(courriel: &str, objet: &str) -> String {
    chemins::avec_parametres(&format!("mailto:{courriel}"), &[("subject", objet)]).replace('+', "%20")
}

/// « Question, dossier IDF2024-7QX2M, Plan de financement ».
fn objet(saisie: &Saisie) -> String {
    let mut objet = "Question".to_owned();
    for (avant, champ) in [(", dossier ", "dossier"), (", ", "page")] {
        let valeur = saisie.valeur(champ).trim();
        if !valeur.is_empty() {
            objet.push_str(avant);
            objet.push_str(valeur);
        }
    }
    objet
}

/// Shows the form, filled with what the page that led here says.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Page<PageContact> {
    let mut saisie = Saisie::vide();
    let champs = [
        ("sujet", demande.sujet),
        ("dossier", demande.dossier),
        ("edition", demande.edition),
        ("page", demande.page),
        (RETOUR, demande.retour),
    ];
    for (nom, valeur) in champs {
        saisie.fixer(nom, valeur.unwrap_or_default());
    }
    let choisie = edition(&etat, &saisie).map_or("", |e| e.code.as_str());
    saisie.fixer("edition", choisie);
    if let Some(compte) = visiteur.compte() {
        saisie.fixer("nom", &compte.nom);
        saisie.fixer("courriel", &compte.courriel);
    }
    let envoye = demande.fait.is_some();
    Page(StatusCode::OK, page(&etat, &visiteur, saisie, envoye))
}

/// Sends the question to those who answer about its subject, and tells its author that it left.
///
/// # Errors
/// The database's.
pub async fn envoyer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Adresse(adresse): Adresse,
    FormulaireAnonyme(mut saisie): FormulaireAnonyme,
) -> Result<Response, Echec> {
    let Some((destinataires, question)) = lire(&etat, &mut saisie) else {
        let page = page(&etat, &visiteur, saisie, false);
        return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if let Err(trop) = poster(&etat, &destinataires, question, adresse).await? {
        trop.refuser(&mut saisie, "courriel");
        return Ok(trop.repondre(page(&etat, &visiteur, saisie, false)));
    }
    let suite = chemins::avec_parametres(chemins::CONTACT, &[("fait", "question"), (RETOUR, retour(&saisie))]);
    Ok(Redirect::to(&suite).into_response())
}

/// Somebody who answers, and where.
struct Repondant<'a> {
    nom: &'a str,
    courriel: &'a str,
}

/// Who answers about a subject, its words and the title of the appel à projets it is about.
struct Aiguillage<'a> {
    sujet: &'static str,
    edition: &'a str,
    repondants: Vec<Repondant<'a>>,
}

/// Where the subject leads; the portal's own needs no appel à projets. Refuses what is missing.
fn aiguiller<'a>(etat: &'a Etat, saisie: &mut Saisie) -> Option<Aiguillage<'a>> {
    if let Some(courriel) = etat
        .adresse_du_portail()
        .filter(|_| saisie.valeur("sujet") == PORTAIL.0)
    {
        return Some(Aiguillage {
            sujet: PORTAIL.1,
            edition: "",
            repondants: vec![Repondant {
                nom: ASSISTANCE,
                courriel,
            }],
        });
    }
    let sujet = Sujet::depuis(saisie.valeur("sujet"));
    if sujet.is_none() {
        saisie.refuser("sujet", "Votre question porte sur", &ErreurChamp::ChoixRequis);
    }
    let edition = etat.edition(saisie.valeur("edition"));
    if edition.is_none() {
        saisie.refuser("edition", "Appel à projets", &ErreurChamp::ChoixRequis);
    }
    let (sujet, edition) = (sujet?, edition?);
    let contacts = edition.contacts(sujet).map(|c| Repondant {
        nom: &c.nom,
        courriel: &c.courriel,
    });
    Some(Aiguillage {
        sujet: sujet.libelle(),
        edition: &edition.titre,
        repondants: contacts.collect(),
    })
}

/// What was asked, to whom; nothing when something was refused.
fn lire<'a>(etat: &'a Etat, saisie: &mut Saisie) -> Option<(Vec<Repondant<'a>>, Question)> {
    let aiguillage = aiguiller(etat, saisie);
    let dossier = titulaire::texte(saisie, "dossier", "Référence du dossier", REPERE_AU_PLUS);
    let page = titulaire::texte(saisie, "page", "Étape ou page concernée", REPERE_AU_PLUS);
    let message = titulaire::texte(saisie, "message", "Votre question", MESSAGE_AU_PLUS);
    if message.is_empty() {
        saisie.refuser("message", "Votre question", &ErreurChamp::Requis);
    }
    let nom = titulaire::nom(saisie);
    let courriel = titulaire::courriel(saisie);
    let aiguillage = aiguillage.filter(|_| !saisie.en_erreur())?;
    let question = Question {
        sujet: aiguillage.sujet.to_owned(),
        edition: aiguillage.edition.to_owned(),
        dossier,
        page,
        nom,
        courriel,
        message,
    };
    Some((aiguillage.repondants, question))
}

/// Queues the question for each of those who answer, and for its author the word that it left, which repeats nothing of what was
/// typed: the address may be anybody's. Within, too many of them.
async fn poster(
    etat: &Etat,
    repondants: &[Repondant<'_>],
    question: Question,
    adresse: std::net::IpAddr,
) -> Result<Result<(), Trop>, Echec> {
    let maintenant = etat.horloge.maintenant();
    let mut tx = transaction::commencer(&etat.pool).await?;
    let envois = Envois::question(&question.courriel, adresse);
    if let Err(trop) = envois.compter(&mut tx, maintenant).await? {
        return Ok(Err(trop));
    }
    let recue = Evenement::QuestionRecue(QuestionRecue {
        sujet: question.sujet.clone(),
        contacts: repondants.iter().map(|r| r.nom.to_owned()).collect(),
    });
    let auteur = question.courriel.clone();
    let posee = Evenement::Question(question);
    let envois = repondants.iter().map(|r| (r.courriel, &posee));
    for (a, evenement) in envois.chain([(auteur.as_str(), &recue)]) {
        let courriel = Courriel {
            id: etat.horloge.nouvel_id(),
            destinataire: Destinataire::Adresse(a),
            evenement,
            secret: None,
            cle: None,
        };
        courriels::enfiler(&mut tx, &courriel, maintenant).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_opens_on_the_dossier_asked_about() {
        let saisie = Saisie::depuis_paires([("dossier", "IDF2024-7QX2M"), ("page", "Équipe & co")]);
        assert_eq!(
            boite("a@b.fr", &objet(&saisie)),
            "mailto:a@b.fr?subject=Question%2C%20dossier%20IDF2024-7QX2M%2C%20%C3%89quipe%20%26%20co"
        );
    }
}
