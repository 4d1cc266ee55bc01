//! What every page on a dossier has around its own content: state, deadline, verdict, money.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use uuid::Uuid;

use super::atelier::{Atelier, Bilan};
use super::vues::{bloquants, instant};
use crate::domain::argent::Centimes;
use crate::domain::compte::Compte;
use crate::domain::dossier::{Etape, EtatDossier};
use crate::domain::nomenclature::Liste;
use crate::rules::constat::Gravite;
use crate::rules::edition::{Edition, NatureEcheance};
use crate::rules::evaluation::Decompte;
use crate::web::chemins;
use crate::web::mots;
use crate::web::page::Lien;
use crate::web::vue::Etiquette;

/// What a page on a dossier has around its own content: the strip at its top never leaves the
/// dossier's state in doubt, nor its verdict.
pub struct Cadre {
    /// The dossier.
    pub dossier: Uuid,
    /// What people quote.
    pub reference: String,
    /// Name given by the porteur.
    pub nom: String,
    /// The edition's title.
    pub edition: String,
    /// Where it stands.
    pub etat: EtatDossier,
    /// Until when it can be deposited, or why not.
    pub echeance: String,
    /// Verdict on eligibility.
    pub eligibilite: Etiquette,
    /// « 14 éligibles, 1 en question, 1 exclu ».
    pub essms: String,
    /// Money established.
    pub certain: Centimes,
    /// Money if every open question turns out well.
    pub maximum: Centimes,
    /// What the interval depends on.
    pub note: String,
    /// Blocking constats.
    pub blocages: usize,
    /// Pages of the dossier.
    pub liens: Vec<Lien>,
    /// How fresh the registry is.
    pub repertoire: String,
    /// When the page was made, for who prints it.
    pub etat_au: String,
    /// The words that the page uses, each explained.
    pub mots: Vec<(&'static str, &'static str)>,
    /// Whom to write to about it.
    pub contact: String,
    /// What the save that led here did.
    pub bilan: Option<Bilan>,
    /// Name of the porteur, for a visitor of another OG of the grappe.
    pub porte_par: Option<String>,
    /// Where the OGs of the grappe and their consents are.
    pub accords: String,
    /// Whether the visitor may write.
    pub modifiable: bool,
    /// Anti-forgery token of the page's forms.
    pub csrf: String,
    /// Number of the account: what a browser keeps of a form is its own.
    pub compte: String,
}

impl Cadre {
    /// Around the page of this address.
    pub fn nouveau(atelier: &Atelier<'_>, compte: &Compte, ici: &str, bilan: Option<Bilan>, csrf: String) -> Self {
        let Atelier {
            dossier,
            edition,
            evaluation,
            ..
        } = atelier;
        let id = dossier.id;
        Self {
            dossier: id,
            reference: dossier.reference.clone(),
            nom: dossier.nom.clone(),
            edition: edition.titre.clone(),
            etat: dossier.etat,
            echeance: echeance(atelier),
            eligibilite: Etiquette::resultat(&evaluation.eligibilite, &Gravite::Bloquant),
            essms: decompte(evaluation.decompte),
            certain: evaluation.financement.certain,
            maximum: evaluation.financement.maximum,
            note: note(atelier),
            blocages: bloquants(evaluation).len(),
            liens: [
                ("Étapes", chemins::dossier(id)),
                ("Grappe", chemins::grappe(id)),
                ("Organismes et accords", chemins::accords(id)),
                ("Et si…", chemins::et_si(id)),
                ("Verdicts et financement", chemins::constats(id)),
                ("Journal", chemins::journal(id)),
            ]
            .into_iter()
            .chain((dossier.etat == EtatDossier::Depose).then(|| ("Accusé de réception", chemins::accuse(id))))
            .map(|(libelle, href)| Lien::nouveau(libelle, href).courant_si(|href| href == ici))
            .collect(),
            repertoire: atelier.contexte.repertoire(),
            etat_au: instant(atelier.instant),
            mots: mots_de(id, ici),
            contact: chemins::avec_parametres(
                chemins::CONTACT,
                &[
                    ("dossier", &dossier.reference),
                    ("edition", &dossier.edition),
                    ("page", nom_de(id, ici)),
                    ("retour", ici),
                ],
            ),
            bilan,
            porte_par: (!atelier.porte(compte)).then(|| atelier.porteur()),
            accords: chemins::accords(id),
            modifiable: atelier.modifiable(compte),
            csrf,
            compte: compte.id.to_string(),
        }
    }

    /// Whether the dossier is a draft.
    pub fn brouillon(&self) -> bool {
        self.etat == EtatDossier::Brouillon
    }

    /// Whether the dossier is deposited.
    pub fn depose(&self) -> bool {
        self.etat == EtatDossier::Depose
    }

    /// Whether the draft is abandoned.
    pub fn abandonne(&self) -> bool {
        self.etat == EtatDossier::Abandonne
    }

    /// The state in words.
    pub fn etat_libelle(&self) -> &'static str {
        self.etat.libelle()
    }

    /// Colour of the state.
    pub fn etat_classe(&self) -> &'static str {
        match self.etat {
            EtatDossier::Brouillon => "govuk-tag--yellow",
            EtatDossier::Abandonne => "govuk-tag--grey",
            EtatDossier::Depose => "govuk-tag--green",
        }
    }
}

/// The step of this address.
fn etape_de(dossier: Uuid, ici: &str) -> Option<Etape> {
    Etape::TOUTES
        .iter()
        .copied()
        .find(|etape| chemins::etape(dossier, *etape) == ici)
}

/// The words that the page of this address uses.
fn mots_de(dossier: Uuid, ici: &str) -> Vec<(&'static str, &'static str)> {
    match etape_de(dossier, ici) {
        Some(etape) if !matches!(etape, Etape::Pieces | Etape::Recapitulatif) => mots::de_l_etape(etape),
        _ if ici == chemins::grappe(dossier) => {
            mots::presents("grappe porteur membre constat ESSMS FINESS OG EJ ET DUI")
        }
        _ => mots::presents("grappe porteur constat recevabilité ESSMS OG ARS"),
    }
}

/// What the page of this address is called, for who is written to.
fn nom_de(dossier: Uuid, ici: &str) -> &'static str {
    match etape_de(dossier, ici) {
        Some(etape) => etape.libelle(),
        None if ici == chemins::grappe(dossier) => "Grappe",
        None if ici == chemins::constats(dossier) => "Verdicts et financement",
        None => "",
    }
}

fn note(atelier: &Atelier<'_>) -> String {
    let financement = &atelier.evaluation.financement;
    match atelier.evaluation.reserve() {
        Some(reserve) => reserve.to_owned(),
        None if financement.certain == financement.maximum => String::new(),
        None => "L’écart tient aux questions encore ouvertes.".to_owned(),
    }
}

/// « 14 éligibles, 1 en question, 1 exclu ».
pub fn decompte(d: Decompte) -> String {
    let s = |n: usize| if n > 1 { "s" } else { "" };
    format!(
        "{} éligible{}, {} en question, {} exclu{}",
        d.eligibles,
        s(d.eligibles),
        d.en_question,
        d.exclus,
        s(d.exclus)
    )
}

fn echeance(atelier: &Atelier<'_>) -> String {
    match atelier.dossier.etat {
        EtatDossier::Brouillon => echeance_de(atelier.edition, atelier.instant),
        EtatDossier::Abandonne => "Reprenez-le pour le modifier ou le déposer".to_owned(),
        EtatDossier::Depose => "Dossier déposé".to_owned(),
    }
}

/// Until when a dossier of this edition can be deposited, or why not.
pub fn echeance_de(edition: &Edition, maintenant: DateTime<Utc>) -> String {
    let Some(e) = edition.prochaine_echeance(&maintenant) else {
        return match edition.derniere_fermeture() {
            Some(jour) => format!("Appel à projets clos depuis le {}", jour.format("%d/%m/%Y")),
            None => "Cet appel à projets n’a pas de fenêtre de dépôt".to_owned(),
        };
    };
    let jour = e.instant.format("%d/%m/%Y");
    match e.nature {
        NatureEcheance::Fermeture => {
            let jours = (e.instant.date_naive() - maintenant.with_timezone(&Paris).date_naive()).num_days();
            let reste = match jours {
                0 => "dernier jour".to_owned(),
                1 => "il reste 1\u{a0}jour".to_owned(),
                n => format!("il reste {n}\u{a0}jours"),
            };
            format!("À déposer avant le {jour} à 23\u{a0}h\u{a0}59 (heure de Paris)\u{a0}: {reste}")
        }
        NatureEcheance::Ouverture => format!("Dépôt possible à partir du {jour}"),
    }
}
