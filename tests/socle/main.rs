//! The house under the portal: the private PostgreSQL, the layers of the server, the stop. Real processes.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod couches;
mod coupure;
mod outils;
mod postgres;
mod semis;
mod serveur;
