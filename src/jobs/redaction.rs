//! The words of mails: `templates/courriels/<nom>.{sujet.txt,txt,html}`, made when the mail leaves.

use askama::Template;
use chrono::{DateTime, Utc};

use super::redaction_compte::{Mots, mots};
use super::redaction_grappe;
use super::redaction_modele;
use super::redaction_webinaire::{self, MotsWebinaire};
use super::repertoire_change;
use crate::domain::courriel::{
    DepotRetire, DossierDepose, Echange, Evenement, Question, QuestionRecue, RappelEcheance, Sorte,
};
use crate::domain::nomenclature::Liste;
use crate::store::courriels::APoster;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::vue;

/// A mail put in words.
#[derive(Debug)]
pub struct Redige {
    /// Subject, on one line.
    pub sujet: String,
    /// Text version.
    pub texte: String,
    /// HTML version.
    pub html: String,
    /// Link that stops mails of this kind; none when nobody may refuse them.
    pub desabonnement: Option<String>,
}

/// Who helps when no address is configured.
const SANS_ASSISTANCE: &str = "la personne qui administre le portail";

/// What surrounds the words of a mail, and helps to write them.
struct Cadre<'a> {
    adresse_publique: &'a str,
    demonstration: bool,
    nom: Option<&'a str>,
    /// Path of the one-time link, until the mail has left.
    secret: Option<&'a str>,
    desabonnement: Option<String>,
    /// What the link above stops.
    sortes: String,
    /// Whom to write to for help.
    assistance: &'a str,
    /// Who reads an answer to this mail; none: nobody does.
    repondre_a: Option<&'a str>,
}

impl Cadre<'_> {
    fn lien(&self, chemin: &str) -> String {
        format!("{}{chemin}", self.adresse_publique)
    }

    fn dossier(&self, id: &uuid::Uuid) -> String {
        self.lien(&chemins::dossier(*id))
    }

    fn accuse(&self, id: &uuid::Uuid) -> String {
        self.lien(&chemins::accuse(*id))
    }

    fn echanges(&self, e: &Echange) -> String {
        self.lien(&chemins::echanges(e.dossier, e.etape))
    }

    fn verification(&self, empreinte: &str) -> String {
        self.lien(&chemins::verification(empreinte))
    }

    fn action(&self, mots: &Mots) -> String {
        self.lien(self.secret.unwrap_or(&mots.page))
    }

    fn preferences(&self) -> String {
        self.lien(chemins::COMPTE_COURRIELS)
    }
}

/// Who reads an answer to this mail.
pub fn repondre_a(evenement: &Evenement) -> Option<&str> {
    match evenement {
        Evenement::Question(e) => Some(&e.courriel),
        _ => None,
    }
}

fn quand(instant: &DateTime<Utc>) -> String {
    format!("{} (heure de Paris)", vue::instant(*instant))
}

/// « l’étape « Planning » du dossier « Grappe » (IDF2024-…) ».
fn etape(e: &Echange) -> String {
    format!(
        "l’étape «\u{a0}{}\u{a0}» du dossier «\u{a0}{}\u{a0}» ({})",
        e.etape.libelle(),
        e.nom,
        e.reference
    )
}

/// What a digest says of one thing, days counted from no particular day.
fn ligne(evenement: &Evenement) -> String {
    match evenement {
        Evenement::DossierDepose(e) => format!(
            "Le dossier «\u{a0}{}\u{a0}» ({}) a été déposé par {}, le {}.",
            e.nom,
            e.reference,
            e.depose_par,
            quand(&e.depose_le)
        ),
        Evenement::Echange(e) => match &e.texte {
            Some(texte) => format!("{} a commenté {}\u{a0}: «\u{a0}{texte}\u{a0}».", e.par, etape(e)),
            None => format!("{} vous a confié {}.", e.par, etape(e)),
        },
        Evenement::DepotRetire(e) => format!(
            "Le dépôt du dossier «\u{a0}{}\u{a0}» ({}) a été retiré par {}, le {}.",
            e.nom,
            e.reference,
            e.retire_par,
            quand(&e.retire_le)
        ),
        Evenement::RappelEcheance(e) => format!(
            "Le dossier «\u{a0}{}\u{a0}» ({}) est à déposer avant le {}.",
            e.nom,
            e.reference,
            quand(&e.fin)
        ),
        Evenement::Question(e) => format!("{} pose une question\u{a0}: {}", e.nom, e.sujet),
        Evenement::QuestionRecue(e) => format!("Votre question est partie\u{a0}: {}", e.sujet),
        Evenement::Compte(e) => mots(e).paragraphes.join(" "),
        Evenement::Webinaire(e) => redaction_webinaire::mots(e).paragraphes.join(" "),
        Evenement::Grappe(e) => {
            let mots = redaction_grappe::mots(e);
            format!("{}. {}", mots.sujet, mots.paragraphes.join(" "))
        }
        Evenement::Modele(e) => {
            let mots = redaction_modele::mots(e);
            format!("{}. {}", mots.sujet, mots.paragraphes.join(" "))
        }
        Evenement::Repertoire(e) => {
            let mots = repertoire_change::mots(e);
            format!("{}. {}", mots.sujet, mots.paragraphes.join(" "))
        }
        Evenement::Resume { evenements } => {
            let lignes: Vec<String> = evenements.iter().map(ligne).collect();
            lignes.join(" ")
        }
    }
}

/// The three templates of a mail.
macro_rules! gabarits {
    ($($nom:ident($evenement:ty): $sujet:meta, $texte:meta, $html:meta;)+) => { $(mod $nom {
        use super::*;

        #[derive(Template)]
        #[$sujet]
        struct Sujet<'a> { e: &'a $evenement }

        #[derive(Template)]
        #[$texte]
        struct Texte<'a> { c: &'a Cadre<'a>, e: &'a $evenement }

        #[derive(Template)]
        #[$html]
        struct Html<'a> { c: &'a Cadre<'a>, e: &'a $evenement, sujet: &'a str }

        pub(super) fn sujet(e: &$evenement) -> askama::Result<String> {
            Sujet { e }.render()
        }

        pub(super) fn versions(c: &Cadre<'_>, e: &$evenement, sujet: &str) -> askama::Result<(String, String)> {
            Ok((Texte { c, e }.render()?, Html { c, e, sujet }.render()?))
        }
    })+ };
}

gabarits! {
    depot(DossierDepose): template(path = "courriels/depot.sujet.txt"),
        template(path = "courriels/depot.txt"), template(path = "courriels/depot.html");
    echange(Echange): template(path = "courriels/echange.sujet.txt"),
        template(path = "courriels/echange.txt"), template(path = "courriels/echange.html");
    retrait(DepotRetire): template(path = "courriels/retrait.sujet.txt"),
        template(path = "courriels/retrait.txt"), template(path = "courriels/retrait.html");
    rappel(RappelEcheance): template(path = "courriels/rappel.sujet.txt"),
        template(path = "courriels/rappel.txt"), template(path = "courriels/rappel.html");
    compte(Mots): template(path = "courriels/compte.sujet.txt"),
        template(path = "courriels/compte.txt"), template(path = "courriels/compte.html");
    question(Question): template(path = "courriels/question.sujet.txt"),
        template(path = "courriels/question.txt"), template(path = "courriels/question.html");
    question_recue(QuestionRecue): template(path = "courriels/question_recue.sujet.txt"),
        template(path = "courriels/question_recue.txt"), template(path = "courriels/question_recue.html");
    webinaire(MotsWebinaire): template(path = "courriels/webinaire.sujet.txt"),
        template(path = "courriels/webinaire.txt"), template(path = "courriels/webinaire.html");
    resume([Evenement]): template(path = "courriels/resume.sujet.txt"),
        template(path = "courriels/resume.txt"), template(path = "courriels/resume.html");
}

/// Puts a mail in words.
///
/// # Errors
/// A template's own fault.
pub fn rediger(etat: &Etat, courriel: &APoster) -> askama::Result<Redige> {
    let sortes: Vec<&str> = Sorte::AU_CHOIX
        .into_iter()
        .filter(|sorte| courriel.evenement.parle_de(*sorte))
        .map(Sorte::libelle)
        .collect();
    let desabonnement = (!sortes.is_empty()).then(|| {
        let chemin = chemins::desabonnement(courriel.desabonnement);
        format!("{}{chemin}", etat.courrier.adresse_publique)
    });
    let cadre = Cadre {
        adresse_publique: &etat.courrier.adresse_publique,
        demonstration: etat.demonstration,
        nom: courriel.nom.as_deref(),
        secret: courriel.secret.as_deref(),
        desabonnement: desabonnement.clone(),
        sortes: sortes.join(", "),
        assistance: etat.assistance.as_deref().unwrap_or(SANS_ASSISTANCE),
        repondre_a: repondre_a(&courriel.evenement),
    };
    let prefixe = if etat.demonstration {
        "[Démonstration, données fictives] "
    } else {
        ""
    };
    let sujet = format!("{prefixe}{}", sujet(&courriel.evenement)?);
    let (texte, html) = match &courriel.evenement {
        Evenement::DossierDepose(e) => depot::versions(&cadre, e, &sujet)?,
        Evenement::Echange(e) => echange::versions(&cadre, e, &sujet)?,
        Evenement::DepotRetire(e) => retrait::versions(&cadre, e, &sujet)?,
        Evenement::RappelEcheance(e) => rappel::versions(&cadre, e, &sujet)?,
        Evenement::Question(e) => question::versions(&cadre, e, &sujet)?,
        Evenement::QuestionRecue(e) => question_recue::versions(&cadre, e, &sujet)?,
        Evenement::Compte(e) => compte::versions(&cadre, &mots(e), &sujet)?,
        Evenement::Grappe(e) => compte::versions(&cadre, &redaction_grappe::mots(e), &sujet)?,
        Evenement::Modele(e) => compte::versions(&cadre, &redaction_modele::mots(e), &sujet)?,
        Evenement::Repertoire(e) => compte::versions(&cadre, &repertoire_change::mots(e), &sujet)?,
        Evenement::Webinaire(e) => webinaire::versions(&cadre, &redaction_webinaire::mots(e), &sujet)?,
        Evenement::Resume { evenements } => resume::versions(&cadre, evenements, &sujet)?,
    };
    Ok(Redige {
        sujet,
        texte,
        html,
        desabonnement,
    })
}

/// What a mail is about, on one line whatever names it holds: its subject, but for the mark of a demonstration.
///
/// # Errors
/// A template's own fault.
pub fn sujet(evenement: &Evenement) -> askama::Result<String> {
    let sujet = match evenement {
        Evenement::DossierDepose(e) => depot::sujet(e)?,
        Evenement::Echange(e) => echange::sujet(e)?,
        Evenement::DepotRetire(e) => retrait::sujet(e)?,
        Evenement::RappelEcheance(e) => rappel::sujet(e)?,
        Evenement::Question(e) => question::sujet(e)?,
        Evenement::QuestionRecue(e) => question_recue::sujet(e)?,
        Evenement::Compte(e) => compte::sujet(&mots(e))?,
        Evenement::Grappe(e) => compte::sujet(&redaction_grappe::mots(e))?,
        Evenement::Modele(e) => compte::sujet(&redaction_modele::mots(e))?,
        Evenement::Repertoire(e) => compte::sujet(&repertoire_change::mots(e))?,
        Evenement::Webinaire(e) => webinaire::sujet(&redaction_webinaire::mots(e))?,
        Evenement::Resume { evenements } => resume::sujet(evenements)?,
    };
    Ok(sujet.trim().replace(char::is_control, " "))
}

impl Cadre<'_> {
    /// Where one thing of a digest is seen.
    fn page(&self, evenement: &Evenement) -> String {
        match evenement {
            Evenement::DossierDepose(e) => self.accuse(&e.dossier),
            Evenement::Echange(e) => self.echanges(e),
            Evenement::DepotRetire(e) => self.dossier(&e.dossier),
            Evenement::RappelEcheance(e) => self.dossier(&e.dossier),
            Evenement::Question(_) | Evenement::QuestionRecue(_) => self.lien(chemins::CONTACT),
            Evenement::Compte(e) => self.lien(&mots(e).page),
            Evenement::Grappe(e) => self.lien(&redaction_grappe::mots(e).page),
            Evenement::Modele(e) => self.lien(&redaction_modele::mots(e).page),
            Evenement::Webinaire(e) => self.lien(&redaction_webinaire::mots(e).page),
            Evenement::Repertoire(e) => self.lien(&repertoire_change::mots(e).page),
            Evenement::Resume { .. } => self.preferences(),
        }
    }
}
