//! What an edition is made of.

use chrono::{NaiveDate, NaiveTime};

use super::listes::{Assiette, CodeForfait, CodeIndicateur, Contenu, Exigence, Nature, Reference, RegimeAchat, Sujet};
use crate::domain::argent::Centimes;
use crate::domain::nomenclature::{Secteur, ServiceSocle, TypeProjet};
use crate::rules::constat::Gravite;
use crate::rules::regle::CodeRegle;

/// Declares a part of an edition: plain data, unknown fields refused.
macro_rules! donnee {
    ($(#[$doc:meta])* $nom:ident { $($(#[$fdoc:meta])* $champ:ident : $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
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
        /// Other passages to read with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        autres_sources: Vec<Passage>,
        /// How the portal reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interpretation: Option<String>,
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
        /// How strictly the text asks that of a mise en conformité.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conformite_precision: Option<String>,
        /// How strictly the text asks that of an acquisition.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acquisition_precision: Option<String>,
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
    /// What has to be done outside of the portal as well.
    Demarche {
        /// In a sentence.
        consigne: String,
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
pub(super) use donnee;
