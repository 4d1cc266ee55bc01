//! Accounts: sign-up and its approval, invitations, log-in and log-out, passwords, sessions, who am I.

pub mod acceptation;
pub mod attente;
pub mod changement;
pub mod code;
pub mod commande;
pub mod confirmation;
pub mod connexion;
pub mod courriels;
pub mod delegation;
pub mod demande;
pub mod demandes;
pub mod desabonnement;
pub mod entree;
pub mod essais;
pub mod inscription;
pub mod moi;
pub mod mot_de_passe;
pub mod oubli;
pub mod reinitialisation;
pub mod robustesse;
pub mod second_facteur;
pub mod sessions;
pub mod totp;
