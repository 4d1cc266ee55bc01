//! Passwords, as argon2id hashes. A hash takes 19 MiB and a core for some tens of milliseconds: few at
//! once, and never on a thread that serves requests.

use std::net::IpAddr;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::robustesse;
use crate::domain::compte::Compte;
use crate::store::comptes;
use crate::web::echec::Echec;
use crate::web::essais::Essais;
use crate::web::etat::Etat;
use crate::web::formulaire::{ErreurChamp, Saisie};

/// A hash that no password opens: it is checked when no account has the address typed, so that the
/// answer takes as long as for one that exists.
const LEURRE: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password, in PHC form.
///
/// # Errors
/// The library's.
pub fn hacher(mot_de_passe: &str) -> Result<String, Echec> {
    Argon2::default()
        .hash_password(mot_de_passe.as_bytes())
        .map(|h| h.to_string())
        .map_err(Echec::interne)
}

/// Whether a password opens this hash; without a hash, takes as long and says no.
///
/// # Errors
/// The portal's own: a thread that died.
pub async fn verifier(places: &Semaphore, mot_de_passe: String, hachage: Option<String>) -> Result<bool, Echec> {
    let _place = places.acquire().await.map_err(Echec::interne)?;
    let attendu = hachage.is_some();
    let hachage = hachage.unwrap_or_else(|| LEURRE.to_owned());
    let juste = spawn_blocking(move || {
        PasswordHash::new(&hachage)
            .is_ok_and(|h| Argon2::default().verify_password(mot_de_passe.as_bytes(), &h).is_ok())
    })
    .await
    .map_err(Echec::interne)?;
    Ok(juste && attendu)
}

/// Name of the field of the current password.
pub const CHAMP: &str = "mot_de_passe";

/// Whether the form holds the password of the account, asked again so that a session left open is not enough; else the
/// field says what is wrong.
///
/// # Errors
/// Too many wrong ones; the database's.
pub async fn redemander(etat: &Etat, compte: &Compte, adresse: IpAddr, saisie: &mut Saisie) -> Result<bool, Echec> {
    let maintenant = etat.horloge.maintenant();
    let tape = saisie.valeur(CHAMP).to_owned();
    let essais = Essais::mot_de_passe(&compte.courriel, adresse);
    let mut conn = etat.pool.acquire().await?;
    essais.verifier(&mut conn, maintenant).await??;
    let hachage = comptes::load_mot_de_passe(&mut conn, compte.id).await?;
    drop(conn);
    if tape.is_empty() {
        saisie.refuser(CHAMP, "Mot de passe actuel", &ErreurChamp::Requis);
        return Ok(false);
    }
    let plausible = tape.chars().count() <= robustesse::AU_PLUS;
    let juste = plausible && verifier(&etat.hachages, tape, Some(hachage)).await?;
    let mut conn = etat.pool.acquire().await?;
    if juste {
        essais.oublier(&mut conn).await?;
    } else {
        essais.noter(&mut conn, maintenant).await?;
        let motif = "ce n’est pas votre mot de passe actuel".to_owned();
        saisie.refuser(CHAMP, "Mot de passe actuel", &ErreurChamp::Motif(motif));
    }
    Ok(juste)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let places = Semaphore::new(1);
        let hachage = hacher("cheval de bataille").unwrap();
        assert!(hachage.starts_with("$argon2id$"));
        assert!(
            verifier(&places, "cheval de bataille".into(), Some(hachage.clone()))
                .await
                .unwrap()
        );
        assert!(!verifier(&places, "cheval".into(), Some(hachage)).await.unwrap());
        assert!(!verifier(&places, String::new(), None).await.unwrap());
    }

    #[test]
    fn the_decoy_is_a_real_hash_that_takes_the_same_work() {
        let leurre = PasswordHash::new(LEURRE).unwrap();
        let vrai = hacher("x").unwrap();
        let vrai = PasswordHash::new(&vrai).unwrap();
        assert_eq!(leurre.params.to_string(), vrai.params.to_string());
    }
}
