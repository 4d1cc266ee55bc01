//! What follows anything done to an account: a mail, an entry in the journal of the OG; in the transaction of their cause.

use sqlx::PgConnection;

use super::etat::Etat;
use crate::domain::courriel::Evenement;
use crate::domain::courriel_compte::EvenementCompte;
use crate::domain::finess::Finess;
use crate::store::courriels::{self, Courriel, Destinataire};
use crate::store::journal_compte::{self, Entree};

/// Writes a mail; `secret`: the path of the one-time link that it holds.
///
/// # Errors
/// The database's.
pub async fn prevenir(
    conn: &mut PgConnection,
    etat: &Etat,
    destinataire: Destinataire<'_>,
    evenement: EvenementCompte,
    secret: Option<&str>,
) -> sqlx::Result<()> {
    let courriel = Courriel {
        id: etat.horloge.nouvel_id(),
        destinataire,
        evenement: &Evenement::Compte(evenement),
        secret,
        cle: None,
    };
    courriels::enfiler(conn, &courriel, etat.horloge.maintenant()).await?;
    Ok(())
}

/// Says in the journal of the OG who did what.
///
/// # Errors
/// The database's.
pub async fn noter(conn: &mut PgConnection, etat: &Etat, og: Finess, auteur: &str, action: String) -> sqlx::Result<()> {
    let entree = Entree {
        survenu_le: etat.horloge.maintenant(),
        auteur: auteur.to_owned(),
        action,
    };
    journal_compte::create(conn, etat.horloge.nouvel_id(), og, &entree).await
}
