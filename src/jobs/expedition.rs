//! Sends a mail: by SMTP, or nowhere in a demonstration, whose page shows it.

use std::time::{Duration, SystemTime};

use anyhow::Context;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::redaction::{Redige, rediger, repondre_a};
use super::{Issue, accuse, redaction_webinaire};
use crate::documents;
use crate::documents::agenda::{Methode, Organisateur, Rendez};
use crate::domain::courriel::Evenement;
use crate::domain::webinaire::{EvenementWebinaire, Objet};
use crate::store::courriels::{self, APoster};
use crate::store::depots;
use crate::store::travaux::Travail;
use crate::web::avis_webinaire;
use crate::web::chemins;
use crate::web::etat::Etat;

/// Longest wait for one answer of the mail server.
const DELAI: Duration = Duration::from_mins(1);
/// Longest exchange with it, well within the lease of a work.
const DELAI_TOTAL: Duration = Duration::from_mins(4);

/// How mails leave.
pub enum Expedition {
    /// By this server, from this address.
    Smtp {
        /// The server.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// The sender.
        expediteur: Mailbox,
    },
    /// To the page of a demonstration.
    BoiteLocale,
    /// They wait.
    Aucune,
}

impl Expedition {
    /// By the mail server of this address.
    ///
    /// # Errors
    /// When the address cannot be read; it is not repeated, as it may hold a password.
    pub fn smtp(url: &SecretString, expediteur: Mailbox) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&avec_tls(url.expose_secret()))
            .map_err(|_| anyhow::anyhow!("illisible"))
            .context("PORTAIL_SMTP")?
            .timeout(Some(DELAI))
            .build();
        Ok(Self::Smtp { transport, expediteur })
    }

    /// Sends the mail of a work.
    pub(super) async fn executer(&self, etat: &Etat, travail: &Travail) -> Issue {
        match self.tenter(etat, travail).await {
            Ok(reponse) => Issue::Fait(reponse),
            Err(issue) => issue,
        }
    }

    async fn tenter(&self, etat: &Etat, travail: &Travail) -> Result<String, Issue> {
        let sans_suite = |cause: String| Issue::Echec { cause, definitif: true };
        let numero = travail.charge.get("courriel").and_then(|id| id.as_str());
        let numero = numero.and_then(|id| Uuid::parse_str(id).ok());
        let numero = numero.ok_or_else(|| sans_suite("travail sans courriel".to_owned()))?;
        let mut conn = etat.pool.acquire().await?;
        let courriel = courriels::load(&mut conn, numero).await?;
        drop(conn);
        let Some(courriel) = courriel else {
            return Ok("le compte n’existe plus".to_owned());
        };
        let redige = rediger(etat, &courriel).map_err(|e| sans_suite(e.to_string()))?;
        match self {
            Self::Smtp { transport, expediteur } => {
                let jointe = jointe(etat, &courriel.evenement)
                    .await
                    .map_err(|e| sans_suite(format!("{e:#}")))?;
                let message =
                    message(etat, expediteur, &courriel, redige, jointe).map_err(|e| sans_suite(format!("{e:#}")))?;
                let reponse = tokio::time::timeout(DELAI_TOTAL, transport.send(message)).await;
                let reponse = reponse.map_err(|_| Issue::Echec {
                    cause: "le serveur de courriel n’a pas répondu à temps".to_owned(),
                    definitif: false,
                })?;
                let reponse = reponse.map_err(|e| echec(&e))?;
                let lignes: Vec<&str> = reponse.message().collect();
                Ok(format!("{} {}", reponse.code(), lignes.join(" ")))
            }
            Self::BoiteLocale | Self::Aucune => Ok("boîte locale de la démonstration".to_owned()),
        }
    }
}

/// A server that asks for a password is only told it under TLS; a relay that offers TLS is taken at its word. The
/// address may say otherwise (`?tls=none`).
fn avec_tls(url: &str) -> String {
    if !url.starts_with("smtp://") || url.contains("tls=") {
        return url.to_owned();
    }
    let tls = if url.contains('@') { "required" } else { "opportunistic" };
    let jonction = if url.contains('?') { '&' } else { '?' };
    format!("{url}{jonction}tls={tls}")
}

/// 5xx is for ever, but for 53x: the server refuses us, not the mail.
fn echec(erreur: &smtp::Error) -> Issue {
    let code = erreur.status().map(|code| code.to_string()).unwrap_or_default();
    Issue::Echec {
        cause: erreur.to_string(),
        definitif: erreur.is_permanent() && !code.starts_with("53"),
    }
}

/// The mail as it goes over the wire. Its Message-ID is made of its number, so that it is the same when sent again.
fn message(
    etat: &Etat,
    expediteur: &Mailbox,
    courriel: &APoster,
    redige: Redige,
    jointe: Option<SinglePart>,
) -> anyhow::Result<Message> {
    let adresse = courriel.adresse.parse().context("adresse illisible")?;
    let domaine = expediteur.email.domain();
    let mut message = Message::builder()
        .from(expediteur.clone())
        .to(Mailbox::new(courriel.nom.clone(), adresse))
        .subject(redige.sujet)
        .date(SystemTime::from(etat.horloge.maintenant()))
        .message_id(Some(format!("<{}@{domaine}>", courriel.id)))
        .raw_header(entete("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(a) = repondre_a(&courriel.evenement) {
        message = message.reply_to(a.parse().context("adresse de réponse illisible")?);
    }
    if let Some(lien) = redige.desabonnement {
        message = message
            .raw_header(entete("List-Unsubscribe", format!("<{lien}>")))
            .raw_header(entete("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let texte = MultiPart::alternative_plain_html(redige.texte, redige.html);
    Ok(message.multipart(match jointe {
        Some(jointe) => MultiPart::mixed().multipart(texte).singlepart(jointe),
        None => texte,
    })?)
}

/// What goes with the words of a mail: the accusé de réception of a deposit, as PDF; a webinar, for calendars.
async fn jointe(etat: &Etat, evenement: &Evenement) -> anyhow::Result<Option<SinglePart>> {
    let e = match evenement {
        Evenement::DossierDepose(e) => e,
        Evenement::Webinaire(e) if redaction_webinaire::mots(e).agenda => return agenda(etat, e).map(Some),
        _ => return Ok(None),
    };
    let Some(depot) = depots::load_pour_courriel(&etat.pool, e.dossier, e.rang).await? else {
        return Ok(None);
    };
    let octets = accuse::rendre(etat, &depot, depot.lire()?).await?;
    let nom = accuse::nom_du_fichier(&e.reference, e.rang);
    Ok(Some(
        Attachment::new(nom).body(octets, ContentType::parse("application/pdf")?),
    ))
}

/// The entry of calendars that goes with a mail about a webinar.
fn agenda(etat: &Etat, e: &EvenementWebinaire) -> anyhow::Result<SinglePart> {
    let methode = match e.objet {
        Objet::Annulation => Methode::Annuler,
        Objet::Inscription | Objet::Attente | Objet::Deja | Objet::Place | Objet::Rappel | Objet::Changement => {
            Methode::Publier
        }
    };
    let rendez = Rendez {
        uid: avis_webinaire::uid(etat, e.webinaire),
        revision: e.revision,
        ecrit_le: etat.horloge.maintenant(),
        debut: e.debut,
        fin: e.fin,
        titre: e.titre.clone(),
        description: format!("Organisé par {}.", e.organisateur),
        organisateur: Organisateur::joignable(&e.organisateur, etat.assistance.as_deref()),
        lieu: e.lien.clone().unwrap_or_default(),
        page: format!("{}{}", etat.courrier.adresse_publique, chemins::webinaire(e.webinaire)),
    };
    let methode_dite = rendez
        .organisateur
        .is_some()
        .then(|| format!("; method={}", methode.code()));
    let genre = format!("text/calendar; charset=utf-8{}", methode_dite.unwrap_or_default());
    Ok(Attachment::new("webinaire.ics".to_owned())
        .body(documents::agenda::ecrire(&rendez, methode), ContentType::parse(&genre)?))
}

fn entete(nom: &'static str, valeur: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(nom), valeur)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_leaves_in_clear_unless_the_address_says_so() {
        for (url, attendu) in [
            (
                "smtp://moi:secret@relais:587",
                "smtp://moi:secret@relais:587?tls=required",
            ),
            ("smtp://relais:25", "smtp://relais:25?tls=opportunistic"),
            ("smtp://a:b@relais?tls=none", "smtp://a:b@relais?tls=none"),
            ("smtps://moi:secret@relais", "smtps://moi:secret@relais"),
        ] {
            assert_eq!(avec_tls(url), attendu);
        }
    }
}
