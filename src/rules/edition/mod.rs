//! An appel à projets as one value: everything the texts set, with its reference.
//!
//! Shipped editions are TOML files; an administrator's are stored the same way. No rule knows an
//! edition by its name: what differs from one to the other is data here.

mod calendrier;
mod listes;
mod parties;
mod validation;

use std::sync::LazyLock;

use chrono::NaiveDate;

pub use calendrier::{Echeance, NatureEcheance, jour_en_france};
pub use listes::{Assiette, CodeForfait, CodeIndicateur, Contenu, Exigence, Nature, Reference, RegimeAchat, Sujet};
pub use parties::{
    Achat, Contact, Critere, Demarche, Dispense, Durees, Fenetre, Forfait, ForfaitExterne, Indicateur,
    Interoperabilite, InteroperabiliteNonMedicalisee, Passage, Piece, Taille, Texte, Tranche, Versement, Webinaire,
};
pub use validation::EditionErreur;

use parties::donnee;

use crate::domain::argent::Centimes;
use crate::rules::constat::Source;

donnee! {
    /// An appel à projets.
    Edition {
        /// Stable code, such as `idf-2024`.
        code: String,
        /// Version of this edition; a published one is never edited.
        version: u32,
        /// Title to display.
        titre: String,
        /// Phase of the national programme.
        phase: String,
        /// The authority.
        autorite: String,
        /// INSEE codes of its regions.
        regions: Vec<String>,
        /// Days every date was moved by, for demonstrations.
        #[serde(default)]
        decalage_jours: i64,
        /// Last day for a project over several regions, when it is not that of the windows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dernier_jour_multiregional: Option<NaiveDate>,
        /// Money set aside, when the text says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        enveloppe_centimes: Option<Centimes>,
        /// Whether amounts are prorated on eligible hours (FIN-06), and where it is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prorata_heures: Option<Passage>,
        /// How many socle indicators must be followed at least, when the text gives no target.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        indicateurs_socles_minimum: Option<usize>,
        /// Source texts.
        textes: Vec<Texte>,
        /// Deposit windows.
        fenetres: Vec<Fenetre>,
        /// Size of the grappe.
        taille: Taille,
        /// Durations.
        durees: Durees,
        /// Interoperability.
        interoperabilite: Interoperabilite,
        /// Who is spared the duty of a referenced solution.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dispense: Option<Dispense>,
        /// Purchase.
        achat: Achat,
        /// Amounts.
        forfaits: Vec<Forfait>,
        /// Amounts paid elsewhere.
        #[serde(default)]
        forfaits_externes: Vec<ForfaitExterne>,
        /// Instalments.
        versements: Vec<Versement>,
        /// Usage indicators.
        indicateurs: Vec<Indicateur>,
        /// Documents.
        pieces: Vec<Piece>,
        /// Contacts.
        contacts: Vec<Contact>,
        /// What a deposit also asks elsewhere, when the text says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        demarche: Option<Demarche>,
        /// Public meetings.
        #[serde(default)]
        webinaires: Vec<Webinaire>,
        /// Criteria, in the order of the texts.
        criteres: Vec<Critere>,
    }
}

static LIVREES: LazyLock<Vec<Edition>> = LazyLock::new(|| {
    [
        include_str!("../../../editions/idf-2021-t2.toml"),
        include_str!("../../../editions/ara-2022.toml"),
        include_str!("../../../editions/idf-2024.toml"),
    ]
    .into_iter()
    .filter_map(|texte| Edition::lire(texte).ok())
    .collect()
});

impl Edition {
    /// The shipped editions, the oldest first. A test reads each of them, so none is ever skipped.
    pub fn livrees() -> &'static [Self] {
        &LIVREES
    }

    /// The shipped edition of this code.
    pub fn livree(code: &str) -> Option<&'static Self> {
        LIVREES.iter().find(|edition| edition.code == code)
    }

    /// Reads an edition from TOML and checks it.
    ///
    /// # Errors
    /// [`EditionErreur`]: unreadable, or every fault found in it.
    pub fn lire(texte: &str) -> Result<Self, EditionErreur> {
        let edition: Self = toml::from_str(texte).map_err(|erreur| EditionErreur::Illisible(erreur.to_string()))?;
        let fautes = edition.fautes();
        if fautes.is_empty() {
            Ok(edition)
        } else {
            Err(EditionErreur::Fautes(fautes))
        }
    }

    /// A passage with the title of its text.
    pub fn source(&self, passage: &Passage) -> Source {
        self.source_de(&passage.document, &passage.section)
    }

    /// The passage a criterion applies, with the title of its text.
    pub fn source_critere(&self, critere: &Critere) -> Source {
        self.source_de(&critere.document, &critere.section)
    }

    fn source_de(&self, document: &str, section: &str) -> Source {
        let titre = self.textes.iter().find(|texte| texte.document == document);
        Source {
            document: document.to_owned(),
            titre: titre.map_or_else(|| document.to_owned(), |texte| texte.titre.clone()),
            section: section.to_owned(),
        }
    }

    /// Contacts about a subject.
    pub fn contacts(&self, sujet: Sujet) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(move |contact| contact.sujet == sujet)
    }
}
