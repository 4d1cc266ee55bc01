//! What differs from one edition to another, subject by subject.

use super::montants::montants;
use super::{Fiche, fenetres, seuils};
use crate::domain::nomenclature::Liste;
use crate::rules::edition::Edition;

/// One subject, as two editions treat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ecart {
    /// What is compared; for a rule, its title. Both names, when each edition has its own.
    pub sujet: String,
    /// Code of the rule, when it is one.
    pub code: Option<&'static str>,
    /// What each says; none: it says nothing of it.
    pub valeurs: [Option<String>; 2],
}

impl Ecart {
    /// Whether both say the same.
    pub fn identique(&self) -> bool {
        self.valeurs[0] == self.valeurs[1]
    }
}

/// Subjects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tableau {
    /// Stable code, for anchors.
    pub code: &'static str,
    /// Its title.
    pub titre: &'static str,
    /// Its subjects, in the order of the first edition, then those of the second alone.
    pub ecarts: Vec<Ecart>,
}

impl Tableau {
    /// How many subjects both treat alike.
    pub fn identiques(&self) -> usize {
        self.ecarts.iter().filter(|e| e.identique()).count()
    }
}

/// What one edition says of a subject.
struct Dit {
    /// What makes it the same subject in another edition.
    cle: String,
    /// How this one names it.
    sujet: String,
    /// Code of the rule, when it is one.
    code: Option<&'static str>,
    /// What it says.
    valeur: String,
}

/// Compares two editions.
pub fn differences(une: &Edition, autre: &Edition) -> Vec<Tableau> {
    let tableau = |code, titre, lire: fn(&Edition) -> Vec<Dit>| Tableau {
        code,
        titre,
        ecarts: rapprocher(lire(une), lire(autre)),
    };
    vec![
        tableau("fenetres", "Fenêtres de dépôt", |e| sans_code(fenetres(e))),
        tableau("seuils", "Seuils", |e| {
            sans_code(seuils(e).into_iter().map(|p| (p.nom, p.valeur)).collect())
        }),
        tableau("montants", "Montants et versements", |e| {
            let lignes = montants(e).into_iter();
            lignes
                .map(|(cle, sujet, valeur)| sans_regle(cle, sujet, valeur))
                .collect()
        }),
        tableau("pieces", "Pièces", |e| {
            let pieces = e.pieces.iter();
            pieces
                .map(|p| sans_regle(p.code.clone(), p.libelle.clone(), p.exigence.libelle().to_owned()))
                .collect()
        }),
        tableau("regles", "Règles", |e| {
            Fiche::toutes(e).iter().map(de_la_fiche).collect()
        }),
    ]
}

fn sans_code(lignes: Vec<(String, String)>) -> Vec<Dit> {
    lignes
        .into_iter()
        .map(|(sujet, valeur)| sans_regle(sujet.clone(), sujet, valeur))
        .collect()
}

fn sans_regle(cle: String, sujet: String, valeur: String) -> Dit {
    Dit {
        cle,
        sujet,
        code: None,
        valeur,
    }
}

/// What an edition says of a rule: how it weighs, with which values, from which text.
fn de_la_fiche(fiche: &Fiche) -> Dit {
    let gravite = fiche
        .gravite
        .map(|g| format!(", {}", g.libelle().to_lowercase()))
        .unwrap_or_default();
    let mut phrases = vec![format!("{}{gravite}.", fiche.famille.libelle())];
    phrases.extend(
        fiche
            .parametres
            .iter()
            .map(|p| format!("{} : {}.", p.nom, p.valeur.trim_end_matches('.'))),
    );
    let sources: Vec<String> = fiche
        .sources
        .iter()
        .map(|s| format!("{}, {}", s.document, s.section))
        .collect();
    phrases.push(format!("Source : {}.", sources.join(" ; ")));
    Dit {
        cle: fiche.regle.code().to_owned(),
        sujet: fiche.regle.libelle().to_owned(),
        code: Some(fiche.regle.code()),
        valeur: phrases.join(" "),
    }
}

/// Puts side by side what is said of the same subject.
fn rapprocher(une: Vec<Dit>, mut autre: Vec<Dit>) -> Vec<Ecart> {
    let mut ecarts: Vec<Ecart> = Vec::new();
    for dit in une {
        let place = autre.iter().position(|en_face| en_face.cle == dit.cle);
        let en_face = place.map(|place| autre.remove(place));
        let sujet = match &en_face {
            Some(en_face) if en_face.sujet != dit.sujet => format!("{} / {}", dit.sujet, en_face.sujet),
            _ => dit.sujet,
        };
        ecarts.push(Ecart {
            sujet,
            code: dit.code,
            valeurs: [Some(dit.valeur), en_face.map(|en_face| en_face.valeur)],
        });
    }
    ecarts.extend(autre.into_iter().map(|dit| Ecart {
        sujet: dit.sujet,
        code: dit.code,
        valeurs: [None, Some(dit.valeur)],
    }));
    ecarts
}
