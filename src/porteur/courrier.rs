//! Mails from one OG of a grappe to another, in the transaction of their cause.

use sqlx::PgConnection;

use crate::domain::compte::RoleOg;
use crate::domain::courriel::Evenement;
use crate::domain::courriel_grappe::{EvenementGrappe, Quoi};
use crate::domain::dossier::Dossier;
use crate::domain::finess::Finess;
use crate::domain::participation::EtatParticipation;
use crate::store::acces::Lecture;
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::participations;
use crate::web::etat::Etat;
use crate::web::titulaire;

/// Whose dossier a mail is about, who acts, who is told.
pub struct Lettre<'a> {
    /// The dossier.
    pub dossier: uuid::Uuid,
    /// Its name.
    pub nom: &'a str,
    /// FINESS EJ of the OG that acts.
    pub de: Finess,
    /// FINESS EJ of the OG whose editors and signatories are told.
    pub a: Finess,
    /// What happened.
    pub quoi: Quoi,
    /// Path of the one-time link.
    pub secret: Option<&'a str>,
}

/// Writes to the people of an OG who may answer or act.
///
/// # Errors
/// The database's.
pub async fn prevenir(conn: &mut PgConnection, etat: &Etat, lettre: Lettre<'_>) -> sqlx::Result<()> {
    let comptes = participations::list_comptes(conn, lettre.a, RoleOg::Edition).await?;
    let evenement = evenement(conn, &lettre).await?;
    for compte in comptes {
        enfiler(conn, etat, Destinataire::Compte(compte), &evenement, lettre.secret).await?;
    }
    Ok(())
}

/// Writes to the people of every OG that takes part in the grappe beside its porteur.
///
/// # Errors
/// The database's.
pub async fn prevenir_les_membres(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &impl Lecture,
    dossier: &Dossier,
    quoi: &Quoi,
) -> sqlx::Result<()> {
    for membre in participations::list(conn, acces).await? {
        if membre.etat == EtatParticipation::Acceptee {
            let lettre = Lettre {
                dossier: dossier.id,
                nom: &dossier.nom,
                de: dossier.porteur,
                a: membre.og,
                quoi: quoi.clone(),
                secret: None,
            };
            prevenir(conn, etat, lettre).await?;
        }
    }
    Ok(())
}

/// Writes to an address.
///
/// # Errors
/// The database's.
pub async fn ecrire_a(conn: &mut PgConnection, etat: &Etat, lettre: Lettre<'_>, adresse: &str) -> sqlx::Result<()> {
    let evenement = evenement(conn, &lettre).await?;
    enfiler(conn, etat, Destinataire::Adresse(adresse), &evenement, lettre.secret).await
}

async fn evenement(conn: &mut PgConnection, lettre: &Lettre<'_>) -> sqlx::Result<Evenement> {
    Ok(Evenement::Grappe(EvenementGrappe {
        dossier: lettre.dossier,
        nom: lettre.nom.to_owned(),
        organisme: titulaire::organisme(conn, lettre.de).await?,
        quoi: lettre.quoi.clone(),
    }))
}

async fn enfiler(
    conn: &mut PgConnection,
    etat: &Etat,
    destinataire: Destinataire<'_>,
    evenement: &Evenement,
    secret: Option<&str>,
) -> sqlx::Result<()> {
    let courriel = Courriel {
        id: etat.horloge.nouvel_id(),
        destinataire,
        evenement,
        secret,
        cle: None,
    };
    courriels::enfiler(conn, &courriel, etat.horloge.maintenant()).await?;
    Ok(())
}
