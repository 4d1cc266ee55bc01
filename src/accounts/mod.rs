//! Accounts: sign-up and its approval, invitations, log-in and log-out, passwords, sessions, who am I.

pub mod acceptation;
pub mod attente;
pub mod changement;
pub mod confirmation;
pub mod connexion;
pub mod courriels;
pub mod demande;
pub mod demandes;
pub mod desabonnement;
pub mod inscription;
pub mod moi;
pub mod mot_de_passe;
pub mod oubli;
pub mod reinitialisation;
pub mod robustesse;
pub mod sessions;
