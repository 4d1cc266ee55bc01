//! Accounts from sign-up to removal: passwords, sessions, invitations, signatories.

mod commande;
mod demandes;
mod identite;
mod inscription;
mod mot_de_passe;
mod organisme;
mod second_facteur;
mod sessions;

use portail_grappes::web::chemins;

use crate::portail::{Navigateur, Portail, registre};

/// A password that stands.
pub const SOLIDE: &str = "girafe parapluie nénuphar 7";

/// What confirms the address of a sign-up: the password chosen then.
pub const CONFIRMER: [(&str, &str); 1] = [("mot_de_passe", SOLIDE)];

/// Path of the last one-time link written.
pub async fn dernier_lien(portail: &Portail) -> String {
    portail
        .texte("select secret from courriel where secret is not null order by id desc limit 1")
        .await
}

/// What the mails written so far are about, the oldest first.
pub async fn objets(portail: &Portail) -> Vec<String> {
    sqlx::query_scalar("select coalesce(evenement ->> 'objet', '') from courriel order by id")
        .fetch_all(&portail.pool)
        .await
        .unwrap()
}

/// The form of a sign-up for the OG C, which has no account.
pub fn formulaire<'a>(og: &'a str, courriel: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("og", og),
        ("nom", "Noé Traboule"),
        ("courriel", courriel),
        ("nouveau_mot_de_passe", SOLIDE),
        ("conditions", "oui"),
    ]
}

/// Signs up for this OG and confirms the address.
pub async fn inscrire(portail: &Portail, og: &str, courriel: &str) -> Navigateur {
    let navigateur = portail.anonyme();
    let envoi = navigateur
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(og, courriel))
        .await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let lien = dernier_lien(portail).await;
    let confirmation = navigateur.envoyer_nu(&lien, &CONFIRMER).await;
    assert_eq!(confirmation.statut, 200, "{}", confirmation.resume());
    navigateur
}

/// Address of the page of the request of this e-mail address.
pub async fn demande_de(portail: &Portail, courriel: &str) -> String {
    let id = sqlx::query_scalar("select id from compte where courriel = $1")
        .bind(courriel)
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    chemins::demande(id)
}

/// FINESS EJ of the OG C, without account.
pub fn og_c() -> String {
    registre::og_c().to_string()
}
