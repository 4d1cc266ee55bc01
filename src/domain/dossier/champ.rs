//! Fields of a step, declared once: the form, its reading, the journal, the summary and the list of
//! what is missing all follow from the declaration.

use super::reponses::Reponses;

/// How a field is typed and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    /// One line, at most this many characters.
    Texte(usize),
    /// A text, at most this many characters.
    Zone(usize),
    /// An e-mail address.
    Courriel,
    /// A telephone number.
    Telephone,
    /// A whole number up to this one.
    Nombre(u32),
    /// A number with two decimals at most, up to this one (in hundredths when stored).
    Decimal(u32),
    /// An amount in euros.
    Montant,
    /// A day.
    Date,
    /// Yes or no.
    OuiNon,
    /// One of these `(code, wording)`.
    Choix(&'static [(&'static str, &'static str)]),
    /// Any of these `(code, wording)`.
    Cases(&'static [(&'static str, &'static str)]),
    /// One of the options only the page knows (an ESSMS of the grappe, a solution of the referential).
    Parmi(Options),
}

/// Options known when the page is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Options {
    /// The ESSMS of the grappe.
    EssmsDeLaGrappe,
    /// The solutions of the imported referential.
    Solutions,
}

/// Whether a step is complete without this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requis {
    /// Needed to deposit. A draft is saved without it.
    Oui,
    /// Never needed.
    Non,
    /// Asked, and then needed, only when that other field has that value. Otherwise its answer, if it
    /// has one, waits unseen.
    Si(&'static str, &'static str),
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Champ {
    /// Name in the form and in the stored answers.
    pub nom: &'static str,
    /// Label.
    pub libelle: &'static str,
    /// Help under the label; empty for none.
    pub aide: &'static str,
    /// How it is typed.
    pub genre: Genre,
    /// Whether it is needed to deposit.
    pub requis: Requis,
}

impl Champ {
    /// A field needed to deposit.
    pub const fn requis(nom: &'static str, libelle: &'static str, genre: Genre) -> Self {
        Self {
            nom,
            libelle,
            aide: "",
            genre,
            requis: Requis::Oui,
        }
    }

    /// A field never needed.
    pub const fn libre(nom: &'static str, libelle: &'static str, genre: Genre) -> Self {
        Self {
            nom,
            libelle,
            aide: "",
            genre,
            requis: Requis::Non,
        }
    }

    /// Whether it is asked, the answers being these; their names carry this prefix.
    pub fn demande(&self, prefixe: &str, reponses: &Reponses) -> bool {
        match self.requis {
            Requis::Oui | Requis::Non => true,
            Requis::Si(autre, valeur) => reponses.texte(&format!("{prefixe}{autre}")) == Some(valeur),
        }
    }

    /// The same, with a help text.
    #[must_use]
    pub const fn aide(self, aide: &'static str) -> Self {
        Self { aide, ..self }
    }

    /// The same, asked and needed only when `champ` is `valeur`.
    #[must_use]
    pub const fn si(self, champ: &'static str, valeur: &'static str) -> Self {
        Self {
            requis: Requis::Si(champ, valeur),
            ..self
        }
    }
}

/// Repeated rows of the same fields.
#[derive(Debug, Clone, Copy)]
pub struct Lignes {
    /// Prefix of the names: row 2 of `jalon` has fields `jalon-2-…`.
    pub nom: &'static str,
    /// Title of a row, before its number.
    pub titre: &'static str,
    /// Fields of a row.
    pub champs: &'static [Champ],
    /// At most this many rows.
    pub maximum: usize,
    /// How many rows a complete step has at least.
    pub minimum: usize,
}

/// A titled group of fields in a step.
#[derive(Debug, Clone, Copy)]
pub enum Bloc {
    /// Single fields under a title.
    Champs(&'static str, &'static [Champ]),
    /// Repeated rows under a title.
    Lignes(&'static str, Lignes),
}

/// The code of yes in forms and in stored answers.
pub const OUI: &str = "oui";
/// The code of no.
pub const NON: &str = "non";
