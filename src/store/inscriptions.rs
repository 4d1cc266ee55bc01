//! Sign-ups whose address is not confirmed yet.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::acces::organisme::InscriptionOuverte;
use super::comptes::{self, NouveauCompte};
use crate::domain::compte::{Compte, Profil};
use crate::domain::finess::Finess;

/// A sign-up.
#[derive(Debug, Clone)]
pub struct Inscription {
    /// SHA-256 of the token of its link.
    pub cle: Vec<u8>,
    /// The address to confirm.
    pub courriel: String,
    /// The person's name.
    pub nom: String,
    /// argon2id, PHC form.
    pub mot_de_passe: String,
    /// FINESS EJ of the OG to join.
    pub og: Finess,
    /// When the person signed up, and accepted the terms of use.
    pub cree_le: DateTime<Utc>,
}

/// Writes a sign-up, and sweeps the expired ones of the OG.
///
/// # Errors
/// The database's.
pub async fn create(conn: &mut PgConnection, inscription: &Inscription, expire_le: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "with perimees as (delete from inscription where expire_le < $6)
         insert into inscription (cle, courriel, nom, mot_de_passe, og, cree_le, expire_le)
         values ($1, $2, $3, $4, $5, $6, $7)",
        inscription.cle,
        inscription.courriel,
        inscription.nom,
        inscription.mot_de_passe,
        inscription.og.as_str(),
        inscription.cree_le,
        expire_le
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The sign-up of this key, unless it has expired.
///
/// # Errors
/// The database's.
pub(super) async fn load(
    conn: &mut PgConnection,
    cle: &[u8],
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Inscription>> {
    let ligne = sqlx::query!(
        "select cle, courriel, nom, mot_de_passe, og, cree_le from inscription where cle = $1 and expire_le > $2",
        cle,
        maintenant
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(|l| {
        Some(Inscription {
            cle: l.cle,
            courriel: l.courriel,
            nom: l.nom,
            mot_de_passe: l.mot_de_passe,
            og: Finess::parse(&l.og).ok()?,
            cree_le: l.cree_le,
        })
    }))
}

/// Makes an account of a sign-up, which waits for an approval; the link is used up. False when it was already, or when the
/// address has become an account's meanwhile.
///
/// # Errors
/// The database's.
pub async fn confirmer(
    conn: &mut PgConnection,
    acces: &InscriptionOuverte,
    id: Uuid,
    fictif: bool,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inscription = acces.inscription();
    let otees = sqlx::query!("delete from inscription where cle = $1", inscription.cle)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    if otees == 0 {
        return Ok(false);
    }
    let compte = Compte {
        id,
        courriel: inscription.courriel.clone(),
        nom: inscription.nom.clone(),
        profil: Profil::EnAttente { og: inscription.og },
    };
    let nouveau = NouveauCompte {
        compte: &compte,
        mot_de_passe: &inscription.mot_de_passe,
        conditions_le: Some(inscription.cree_le),
        fictif,
    };
    // The other sign-ups with this address, whoever made them, make no account any more.
    sqlx::query!(
        "delete from inscription where lower(courriel) = lower($1)",
        inscription.courriel
    )
    .execute(&mut *conn)
    .await?;
    Ok(comptes::create(conn, &nouveau, maintenant).await?.is_some())
}
