//! An appel à projets as one value: everything the texts set, with its reference.
//!
//! Shipped editions are TOML files; an administrator's are stored the same way. No rule knows an
//! edition by its name: what differs from one to the other is data here.

mod calendrier;
mod validation;

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveTime};

pub use calendrier::{Echeance, NatureEcheance, jour_en_france};
pub use validation::EditionErreur;

use crate::domain::argent::Centimes;
use crate::domain::nomenclature::{Secteur, ServiceSocle, TypeProjet, liste};
use crate::rules::constat::{Gravite, Source};
use crate::rules::regle::CodeRegle;

liste! {
    /// What a criterion serves to decide.
    Nature {
        /// Whether the grappe or the project may be funded at all.
        Eligibilite = "eligibilite", "Éligibilité";
        /// Whether the dossier is examined.
        Recevabilite = "recevabilite", "Recevabilité";
        /// How it ranks.
        Priorisation = "priorisation", "Priorisation";
    }
}

liste! {
    /// What an amount is paid for.
    Assiette {
        /// Each ESSMS.
        Essms = "essms", "par ESSMS";
        /// The whole project, once.
        Projet = "projet", "par projet";
    }
}

liste! {
    /// How the DUI is referenced, when an amount depends on it.
    Reference {
        /// Référencée Ségur.
        Segur = "segur", "Référencée Ségur";
        /// In the national SAD only.
        Sad = "sad", "Référencée au SAD";
    }
}

liste! {
    /// A family of amounts.
    CodeForfait {
        /// Usage.
        Fin01 = "FIN-01", "Forfait à l’usage";
        /// Software vendor.
        Fin02 = "FIN-02", "Forfait à l’équipement (éditeur)";
        /// Small OGs: equipment.
        Fin03 = "FIN-03", "Petits organismes gestionnaires : équipements et infrastructures";
        /// Small OGs: help with the purchase.
        Fin04 = "FIN-04", "Petits organismes gestionnaires : AMOA marché";
        /// Small OGs: help with the project.
        Fin05 = "FIN-05", "Petits organismes gestionnaires : AMOA projet";
    }
}

liste! {
    /// Which text governs the purchase.
    RegimeAchat {
        /// By project type, sector and public contracts (MÉMO).
        SelonProjet = "selon_projet", "Selon le projet";
        /// The national market, for every project (IDF-2021).
        MarcheNational = "marche_national", "Marché national";
    }
}

liste! {
    /// When a piece is required.
    Exigence {
        /// Always.
        Toujours = "toujours", "Toujours";
        /// When some ESSMS is in acquisition.
        Acquisition = "acquisition", "Pour un projet comportant une acquisition";
        /// When the solution is referenced on another couloir.
        EtudeEcart = "etude_ecart", "Lorsqu’une étude d’écart est nécessaire";
        /// When an ESSMS belongs to a national entity that agrees.
        AccordEntite = "accord_entite", "Lorsqu’un ESSMS relève d’une entité nationale";
        /// Never: useful to the instructor.
        Facultative = "facultative", "Facultative";
    }
}

liste! {
    /// Kind of content accepted for a piece.
    Contenu {
        /// PDF.
        Pdf = "pdf", "PDF";
        /// Word.
        Docx = "docx", "Word (docx)";
        /// `OpenDocument` text.
        Odt = "odt", "OpenDocument texte (odt)";
        /// Excel.
        Xlsx = "xlsx", "Excel (xlsx)";
        /// `OpenDocument` sheet.
        Ods = "ods", "OpenDocument classeur (ods)";
        /// JPEG.
        Jpeg = "jpeg", "Image JPEG";
        /// PNG.
        Png = "png", "Image PNG";
    }
}

liste! {
    /// What a contact is asked about.
    Sujet {
        /// Forming a grappe, choosing a solution.
        Accompagnement = "accompagnement", "Constituer une grappe, choisir une solution";
        /// Financing.
        Financement = "financement", "Les financements";
        /// The dossier.
        Dossier = "dossier", "La constitution du dossier de candidature";
        /// Deployment and socles.
        Deploiement = "deploiement", "Le déploiement et les outils socles";
    }
}

liste! {
    /// What a usage indicator measures.
    CodeIndicateur {
        /// MSSanté rate.
        TauxMssante = "USA-01", "Taux d’utilisation de la MSSanté";
        /// DMP rate.
        TauxDmp = "USA-02", "Taux d’utilisation du DMP";
        /// Active files.
        DossiersActifs = "USA-03", "Taux de dossiers actifs";
        /// Active files with a project.
        ProjetsPersonnalises = "USA-04", "Taux de dossiers actifs avec un projet personnalisé";
        /// Active files with an event.
        Evenements = "USA-05", "Taux de dossiers actifs ayant au moins un événement";
        /// 2021: MSSanté messages.
        MessagesMssante = "U21-04", "Messages émis par la MSSanté sur trois mois";
        /// 2021: DMP documents.
        DocumentsDmp = "U21-05", "Documents déposés dans le DMP sur trois mois";
        /// 2021: prescriptions.
        Prescriptions = "U21-06", "Prescriptions électroniques importées sur trois mois";
        /// 2021: e-parcours.
        EchangesEparcours = "U21-07", "Échanges avec une plateforme e-parcours sur trois mois";
    }
}

/// Declares a part of an edition: plain data, unknown fields refused.
macro_rules! donnee {
    ($(#[$doc:meta])* $nom:ident { $($(#[$fdoc:meta])* $champ:ident : $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $nom { $($(#[$fdoc])* pub $champ: $type,)+ }
    };
}

donnee! {
    /// A passage: the text's short name and the section.
    Passage {
        /// Short name, such as `MÉMO`; one of the edition's texts.
        document: String,
        /// Section of it.
        section: String,
    }
}

donnee! {
    /// A source text.
    Texte {
        /// Short name.
        document: String,
        /// Title to display.
        titre: String,
    }
}

donnee! {
    /// A deposit window; both days included, in Europe/Paris.
    Fenetre {
        /// First day.
        ouverture: NaiveDate,
        /// Last day, to 23:59:59.
        fermeture: NaiveDate,
        /// Why this window does not start the day after the previous one, when it does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interruption: Option<String>,
    }
}

donnee! {
    /// How many ESSMS a grappe has.
    Taille {
        /// Fewest, in the metropole.
        minimum: u32,
        /// Fewest when all are in Corse or overseas.
        minimum_corse_outre_mer: u32,
        /// Most.
        maximum: u32,
        /// What staying below entails.
        gravite_minimum: Gravite,
        /// What going above entails.
        gravite_maximum: Gravite,
        /// An OG that manages fewer ESMS than this is a « petit OG ».
        seuil_petit_og: u32,
    }
}

donnee! {
    /// Rate from a rank on.
    Tranche {
        /// First rank it applies to; the first band starts at 1.
        a_partir_de: u32,
        /// Rate.
        taux_centimes: Centimes,
    }
}

donnee! {
    /// An amount of the schedule.
    Forfait {
        /// Its family.
        code: CodeForfait,
        /// What it pays.
        libelle: String,
        /// For each ESSMS or for the project.
        assiette: Assiette,
        /// Only for ESSMS of this project type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        type_projet: Option<TypeProjet>,
        /// Only when the DUI is referenced so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Reference>,
        /// Only for petits OG.
        #[serde(default)]
        petits_og: bool,
        /// Degressive bands, by rank of the ESSMS in the project.
        tranches: Vec<Tranche>,
        /// Where the text says so.
        source: Passage,
        /// How the portal reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interpretation: Option<String>,
    }
}

donnee! {
    /// An amount the text names that another appel à projets pays.
    ForfaitExterne {
        /// What it pays.
        libelle: String,
        /// Rate per ESSMS.
        taux_centimes: Centimes,
        /// Where the text says so.
        source: Passage,
    }
}

donnee! {
    /// An instalment.
    Versement {
        /// Share of the grant, in percent.
        part_pour_cent: u8,
        /// What it is paid on.
        condition: String,
        /// Where the text says so.
        source: Passage,
    }
}

donnee! {
    /// A usage indicator.
    Indicateur {
        /// Which.
        code: CodeIndicateur,
        /// How it is counted, as the text says.
        formule: String,
        /// Target in percent; none when the text gives none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cible_pour_cent: Option<u8>,
        /// Where the text says so.
        source: Passage,
    }
}

donnee! {
    /// Longest duration of a project, in months; none when the text leaves it to the porteur.
    Durees {
        /// Shortest usual duration of a mise en conformité.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conformite_minimum_mois: Option<u16>,
        /// Longest mise en conformité.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conformite_maximum_mois: Option<u16>,
        /// Shortest usual duration of an acquisition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acquisition_minimum_mois: Option<u16>,
        /// Longest acquisition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acquisition_maximum_mois: Option<u16>,
        /// Where the text says so.
        source: Passage,
    }
}

donnee! {
    /// What REC-06 asks of the DUI.
    Interoperabilite {
        /// How many services socles.
        minimum: usize,
        /// Among these.
        services: Vec<ServiceSocle>,
        /// What is asked instead when no ESSMS gives care.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        non_medicalise: Option<InteroperabiliteNonMedicalisee>,
    }
}

donnee! {
    /// What is asked of a DUI for ESSMS that give no care.
    InteroperabiliteNonMedicalisee {
        /// All these services.
        services: Vec<ServiceSocle>,
        /// And a regional e-parcours platform.
        plateforme_eparcours: bool,
    }
}

donnee! {
    /// Who is spared the duty of a referenced solution.
    Dispense {
        /// ESSMS of these sectors.
        secteurs: Vec<Secteur>,
        /// ESSMS attached to a GHT.
        ght: bool,
    }
}

donnee! {
    /// How the DUI is bought.
    Achat {
        /// By which text.
        regime: RegimeAchat,
        /// Where it is said.
        source: Passage,
        /// Where the FAQ bounds it to those subject to the commande publique.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source_commande_publique: Option<Passage>,
    }
}

donnee! {
    /// A document of the dossier.
    Piece {
        /// Its code.
        code: String,
        /// Its name.
        libelle: String,
        /// When it is required.
        exigence: Exigence,
        /// Contents accepted.
        contenus: Vec<Contenu>,
        /// Where the text says so.
        source: Passage,
        /// How the portal reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interpretation: Option<String>,
    }
}

donnee! {
    /// Somebody to write to.
    Contact {
        /// About what.
        sujet: Sujet,
        /// Who.
        nom: String,
        /// Address.
        courriel: String,
        /// Where the text says so.
        source: Passage,
    }
}

donnee! {
    /// A public meeting.
    Webinaire {
        /// Day.
        jour: NaiveDate,
        /// From, Europe/Paris.
        debut: NaiveTime,
        /// To.
        fin: NaiveTime,
        /// For whom.
        public: String,
    }
}

donnee! {
    /// A criterion of the edition: which rule, how it weighs, where it is said.
    Critere {
        /// The rule.
        code: CodeRegle,
        /// What it serves to decide.
        nature: Nature,
        /// What failing it entails.
        gravite: Gravite,
        /// The text.
        document: String,
        /// Its section.
        section: String,
        /// Other passages to read with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        autres_sources: Vec<Passage>,
        /// How the portal reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interpretation: Option<String>,
    }
}

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

    /// The criterion of this rule, when the edition has it.
    pub fn critere(&self, code: CodeRegle) -> Option<&Critere> {
        self.criteres.iter().find(|critere| critere.code == code)
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

    /// Longest duration of a project, in months, when the text sets one.
    pub fn duree_maximale(&self, type_projet: TypeProjet) -> Option<u16> {
        match type_projet {
            TypeProjet::Acquisition => self.durees.acquisition_maximum_mois,
            TypeProjet::MiseEnConformite => self.durees.conformite_maximum_mois,
        }
    }
}
