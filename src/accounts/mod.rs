//! Accounts: log-in, log-out, who am I.

pub mod connexion;
pub mod courriels;
pub mod desabonnement;
pub mod moi;
pub mod mot_de_passe;
