//! A webinar as lists and pages show it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::vue::{Etiquette, Ton};
use crate::domain::territoire;
use crate::domain::webinaire::{Webinaire, horaire};

/// A webinar, worded for the screen.
#[derive(Debug, Clone)]
pub struct VueWebinaire {
    /// Its page.
    pub href: String,
    /// Title.
    pub titre: String,
    /// Day and times.
    pub horaire: String,
    /// Who holds it, and in which région.
    pub organisateur: String,
    /// Whom it is for; empty: everybody.
    pub destine_a: String,
    /// Where it stands.
    pub etiquette: Etiquette,
    /// Whether it belongs to a demonstration.
    pub fictif: bool,
    /// Where it can be seen again.
    pub rediffusion: Option<String>,
    /// « 12 inscrits sur 40 places », for organisers.
    pub inscrits: String,
}

impl VueWebinaire {
    /// A webinar at this instant, whose page is there.
    pub fn nouvelle(w: &Webinaire, maintenant: DateTime<Utc>, page: impl Fn(Uuid) -> String) -> Self {
        let region = territoire::region(&w.region).map_or(w.region.as_str(), |r| r.nom.as_str());
        let inscrits = format!("{} inscrit{}", w.inscrits, if w.inscrits > 1 { "s" } else { "" });
        Self {
            href: page(w.id),
            titre: w.titre.clone(),
            horaire: horaire(w.debut, w.fin),
            organisateur: format!("{} ({region})", w.organisateur),
            destine_a: w.destine_a.clone(),
            etiquette: etiquette(w, maintenant),
            fictif: w.fictif,
            rediffusion: w.rediffusion.clone(),
            inscrits: match w.capacite {
                Some(capacite) => format!("{inscrits} sur {capacite}\u{a0}places"),
                None => inscrits,
            },
        }
    }
}

fn etiquette(w: &Webinaire, maintenant: DateTime<Utc>) -> Etiquette {
    let dire = |libelle: &str, ton| Etiquette::nouvelle(libelle, ton);
    match w.places() {
        _ if w.annule_le.is_some() => dire("Annulé", Ton::Bloquant),
        _ if w.passe(maintenant) => dire("Passé", Ton::Neutre),
        _ if w.debut <= maintenant => dire("En cours", Ton::Information),
        Some(0) => dire("Complet, liste d’attente", Ton::Alerte),
        Some(1) => dire("1\u{a0}place", Ton::Succes),
        Some(places) => dire(&format!("{places}\u{a0}places"), Ton::Succes),
        None => dire("Inscriptions ouvertes", Ton::Succes),
    }
}
