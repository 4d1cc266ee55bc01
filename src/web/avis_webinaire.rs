//! Mails about a registration for a webinar, each with a link of its own that takes the registration back; and the entry of
//! calendars that goes with them.

use sqlx::PgConnection;

use super::chemins;
use super::echec::Echec;
use super::etat::Etat;
use super::session;
use crate::domain::courriel::Evenement;
use crate::domain::webinaire::{EtatInscription, EvenementWebinaire, Objet, Webinaire};
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::inscriptions_webinaire::{self, Inscrite};
use crate::store::webinaires::debut_de_cle;

/// What a mail tells, of which webinar.
#[derive(Debug, Clone, Copy)]
pub struct Avis<'a> {
    /// The webinar, as it is now.
    pub webinaire: &'a Webinaire,
    /// The link of its meeting; told to who has a place.
    pub lien: &'a str,
    /// What happened.
    pub objet: Objet,
    /// Why it is cancelled.
    pub motif: &'a str,
}

/// Writes to a registered person, in the transaction of the cause. `une_fois`: names a mail that is written once.
///
/// # Errors
/// The database's; no randomness.
pub async fn prevenir(
    conn: &mut PgConnection,
    etat: &Etat,
    avis: Avis<'_>,
    inscrite: &Inscrite,
    une_fois: Option<&str>,
) -> Result<(), Echec> {
    let maintenant = etat.horloge.maintenant();
    let id = etat.horloge.nouvel_id();
    let w = avis.webinaire;
    let place = inscrite.etat == EtatInscription::Inscrit && avis.objet != Objet::Annulation;
    let evenement = Evenement::Webinaire(EvenementWebinaire {
        objet: avis.objet,
        webinaire: w.id,
        titre: w.titre.clone(),
        organisateur: w.organisateur.clone(),
        debut: w.debut,
        fin: w.fin,
        lien: place.then(|| avis.lien.to_owned()),
        revision: w.revision,
        motif: avis.motif.to_owned(),
    });
    let (jeton, cle) = session::jeton()?;
    let secret = chemins::desinscription(&jeton);
    let suite = une_fois.map_or_else(|| id.to_string(), |nom| format!("{} {nom}", inscrite.id));
    let courriel = Courriel {
        id,
        destinataire: Destinataire::Adresse(&inscrite.courriel),
        evenement: &evenement,
        secret: Some(&secret),
        cle: Some(&format!("{}{suite}", debut_de_cle(w.id))),
    };
    if courriels::enfiler(conn, &courriel, maintenant).await? {
        inscriptions_webinaire::ajouter_cle(conn, inscrite.id, &cle).await?;
    }
    Ok(())
}

/// The name of a webinar in calendars, wherever its entry comes from.
pub fn uid(etat: &Etat, webinaire: uuid::Uuid) -> String {
    let hote = etat.courrier.adresse_publique.rsplit("://").next().unwrap_or_default();
    format!("{webinaire}@{}", hote.split('/').next().unwrap_or_default())
}
