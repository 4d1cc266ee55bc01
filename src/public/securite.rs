//! Whom to tell of a flaw: `/.well-known/security.txt` (RFC 9116).

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, SecondsFormat, Utc};

use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::pages::adresse_complete;

/// The file is written anew at each reading: what was copied half a year ago is no longer to be trusted.
const VALIDITE: Days = Days::new(180);

/// Answers the file.
///
/// # Errors
/// [`Echec::introuvable`] where no contact is configured; a demonstration names its contact form.
pub async fn afficher(State(etat): State<Etat>) -> Result<Response, Echec> {
    let formulaire = || etat.demonstration.then(|| adresse_complete(&etat, chemins::CONTACT));
    let contact = etat
        .operateur
        .contact_securite
        .clone()
        .or_else(formulaire)
        .ok_or_else(Echec::introuvable)?;
    let ici = adresse_complete(&etat, chemins::SECURITE);
    let texte = fichier(&contact, &ici, etat.horloge.maintenant());
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], texte).into_response())
}

fn fichier(contact: &str, ici: &str, maintenant: DateTime<Utc>) -> String {
    let fin = maintenant.checked_add_days(VALIDITE).unwrap_or(maintenant);
    format!(
        "Contact: {contact}\nExpires: {}\nPreferred-Languages: fr\nCanonical: {ici}\n",
        fin.to_rfc3339_opts(SecondsFormat::Secs, true)
    )
}
