//! HTTP plumbing that knows no business.

pub mod requete;
pub mod sante;
