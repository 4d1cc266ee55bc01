//! A dossier: the candidature of one grappe to one edition, filled step by step.

pub mod champ;
pub mod esquisse;
pub mod etapes;
pub mod faits;
pub mod fige;
pub mod hypothese;
pub mod lecture;
pub mod reponses;
pub mod reprise;
pub mod saisie_finess;
pub mod tableau_essms;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::liste;
use reponses::Reponses;

liste! {
    /// Where a dossier stands.
    EtatDossier {
        /// Being written by its porteur; saving is not depositing.
        Brouillon = "brouillon", "Brouillon, non déposé";
        /// A draft its porteur gave up: it is read, or taken up again.
        Abandonne = "abandonne", "Brouillon abandonné";
        /// Deposited: its content is frozen.
        Depose = "depose", "Déposé";
    }
}

liste! {
    /// The steps of a dossier, in the order of the task list. Any order may be followed.
    Etape {
        /// Project and porteur.
        Projet = "projet", "Projet et porteur";
        /// The grappe's ESSMS and the facts of each.
        Essms = "essms", "ESSMS de la grappe";
        /// DUI and purchase.
        Solution = "solution", "Solution DUI et achat";
        /// Motivations and functional perimeter.
        Motivations = "motivations", "Motivations et périmètre fonctionnel";
        /// Team and governance.
        Equipe = "equipe", "Équipe et gouvernance";
        /// Planning.
        Planning = "planning", "Planning";
        /// Plan de financement.
        Financement = "financement", "Plan de financement";
        /// SI conformity.
        Conformite = "conformite", "Conformité du système d’information";
        /// Pieces.
        Pieces = "pieces", "Pièces";
        /// Summary and deposit.
        Recapitulatif = "recapitulatif", "Récapitulatif et dépôt";
    }
}

/// A dossier with its grappe: one aggregate, read and locked together.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Its identifier.
    pub id: Uuid,
    /// What people quote, such as `IDF24-7QX2M`.
    pub reference: String,
    /// Name its porteur gave it.
    pub nom: String,
    /// Code of its edition.
    pub edition: String,
    /// Version of that edition.
    pub edition_version: i32,
    /// Région whose ARS instructs (INSEE code).
    pub region: String,
    /// FINESS EJ of the porteur.
    pub porteur: Finess,
    /// When it took over from another one.
    pub porteur_depuis: Option<DateTime<Utc>>,
    /// Where it stands.
    pub etat: EtatDossier,
    /// Made of fictitious data.
    pub fictif: bool,
    /// When it was opened.
    pub cree_le: DateTime<Utc>,
    /// When it was last saved.
    pub modifie_le: DateTime<Utc>,
    /// The steps saved so far.
    pub etapes: BTreeMap<Etape, EtapeEnregistree>,
    /// The grappe, in the order the ESSMS were added.
    pub essms: Vec<EssmsGrappe>,
    /// The pieces attached.
    pub pieces: Vec<Piece>,
}

/// A step as it was last saved.
#[derive(Debug, Clone, Default)]
pub struct EtapeEnregistree {
    /// Grows by one at each save: what a form shows it was filled upon.
    pub version: i32,
    /// The answers.
    pub reponses: Reponses,
    /// When.
    pub modifie_le: DateTime<Utc>,
    /// Name of the person who saved.
    pub modifie_par: String,
}

/// An ESSMS of the grappe and the facts answered for it.
#[derive(Debug, Clone)]
pub struct EssmsGrappe {
    /// FINESS ET.
    pub finess: Finess,
    /// The answers to [`etapes::FAITS_ESSMS`].
    pub reponses: Reponses,
}

/// A piece attached to a dossier.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its identifier.
    pub id: Uuid,
    /// Code of the piece in the edition.
    pub type_piece: String,
    /// Name of the file sent.
    pub nom: String,
    /// What the file really is.
    pub type_contenu: String,
    /// Size, in octets.
    pub taille_octets: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// Where the object store keeps it.
    pub chemin: String,
    /// When it was sent.
    pub depose_le: DateTime<Utc>,
    /// What the antivirus said of it.
    pub analyse: Analyse,
}

/// What the antivirus said of a piece.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Analyse {
    /// Nothing: there is none, or it did not answer.
    #[default]
    Absente,
    /// It found nothing.
    Saine,
    /// It found this: the piece counts for nothing and is given to nobody.
    Virus(String),
}

impl Piece {
    /// Whether it holds a virus.
    pub fn infectee(&self) -> bool {
        matches!(self.analyse, Analyse::Virus(_))
    }

    /// What the antivirus said, in words.
    pub fn analyse_en_clair(&self) -> String {
        match &self.analyse {
            Analyse::Absente => "non analysée par un antivirus".to_owned(),
            Analyse::Saine => "aucun virus trouvé".to_owned(),
            Analyse::Virus(nom) => format!("virus trouvé\u{a0}: {nom}"),
        }
    }
}

impl Dossier {
    /// The answers of a step; none when it was never saved.
    pub fn reponses(&self, etape: Etape) -> &Reponses {
        static AUCUNE: std::sync::LazyLock<Reponses> = std::sync::LazyLock::new(Reponses::default);
        self.etapes.get(&etape).map_or(&AUCUNE, |e| &e.reponses)
    }

    /// The version a form of this step is filled upon; 0 when it was never saved.
    pub fn version(&self, etape: Etape) -> i32 {
        self.etapes.get(&etape).map_or(0, |e| e.version)
    }

    /// Whether what this step says of the porteur was last saved under another one.
    pub fn a_relire(&self, etape: Etape) -> bool {
        let enregistree = self.etapes.get(&etape).filter(|e| !e.reponses.est_vide());
        etape == Etape::Projet
            && enregistree.is_some_and(|e| self.porteur_depuis.is_some_and(|depuis| e.modifie_le < depuis))
    }

    /// FINESS numbers of the grappe, in order.
    pub fn numeros(&self) -> Vec<Finess> {
        self.essms.iter().map(|e| e.finess).collect()
    }
}
