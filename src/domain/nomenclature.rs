//! The closed lists the texts speak of, each value with its code in files and forms and its wording.

use std::collections::HashMap;
use std::sync::LazyLock;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// A closed list: every value has one code (files, forms, database) and one wording.
pub trait Liste: Copy + Eq + Sized + 'static {
    /// Every value, in the order shown.
    const TOUTES: &'static [Self];
    /// The code in files, forms and the database.
    fn code(self) -> &'static str;
    /// The wording on screens.
    fn libelle(self) -> &'static str;
    /// The value of this code.
    fn depuis(code: &str) -> Option<Self> {
        Self::TOUTES.iter().copied().find(|valeur| valeur.code() == code)
    }
}

/// The description of a list in the document of the API: its codes, each with its wording.
pub(crate) fn schema<L: Liste>() -> RefOr<Schema> {
    let sens: Vec<String> = L::TOUTES
        .iter()
        .map(|valeur| format!("{}\u{a0}: {}", valeur.code(), valeur.libelle()))
        .collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(L::TOUTES.iter().map(|valeur| valeur.code())))
        .description(Some(sens.join("\u{a0}; ")))
        .into()
}

/// Declares an enum that is a [`Liste`], read and written by its code.
macro_rules! liste {
    ($(#[$doc:meta])* $nom:ident { $($(#[$vdoc:meta])* $variante:ident = $code:literal, $libelle:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $nom { $($(#[$vdoc])* $variante,)+ }
        impl $crate::domain::nomenclature::Liste for $nom {
            const TOUTES: &'static [Self] = &[$(Self::$variante,)+];
            fn code(self) -> &'static str { match self { $(Self::$variante => $code,)+ } }
            fn libelle(self) -> &'static str { match self { $(Self::$variante => $libelle,)+ } }
        }
        impl serde::Serialize for $nom {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str($crate::domain::nomenclature::Liste::code(*self))
            }
        }
        impl utoipa::PartialSchema for $nom {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::domain::nomenclature::schema::<Self>()
            }
        }
        impl utoipa::ToSchema for $nom {}
        impl<'de> serde::Deserialize<'de> for $nom {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let code = std::borrow::Cow::<'de, str>::deserialize(d)?;
                <Self as $crate::domain::nomenclature::Liste>::depuis(&code)
                    .ok_or_else(|| serde::de::Error::custom(format!("valeur inconnue\u{a0}: {code}")))
            }
        }
    };
}
pub(crate) use liste;

liste! {
    /// What an ESSMS asks of the project.
    TypeProjet {
        /// Buys a DUI, or replaces the one it has.
        Acquisition = "acquisition", "Acquisition";
        /// Upgrades the DUI it has, or develops its use.
        MiseEnConformite = "mise_en_conformite", "Mise en conformité";
    }
}

liste! {
    /// Where the DUI is hosted.
    Hebergement {
        /// Software as a service.
        Saas = "saas", "SaaS";
        /// Hosted by a third party.
        Externe = "externe", "Hébergement externe";
        /// On the OG's own machines.
        OnPremise = "on_premise", "Sur site (on premise)";
    }
}

liste! {
    /// Sector of an ESSMS; each is also a Ségur couloir.
    Secteur {
        /// Personnes âgées.
        Pa = "PA", "Personnes âgées";
        /// Personnes handicapées.
        Ph = "PH", "Personnes handicapées";
        /// Domicile.
        Dom = "DOM", "Domicile";
        /// Personnes en difficultés spécifiques.
        Pds = "PDS", "Personnes en difficultés spécifiques";
        /// Protection de l'enfance.
        Pde = "PDE", "Protection de l’enfance";
        /// Accueil, hébergement, insertion.
        Ahi = "AHI", "Accueil, hébergement, insertion";
        /// Protection juridique des majeurs.
        Pjm = "PJM", "Protection juridique des majeurs";
    }
}

liste! {
    /// The four sectors over which a majority is counted (MÉMO).
    GrandSecteur {
        /// Personnes âgées.
        Pa = "PA", "Personnes âgées";
        /// Personnes handicapées.
        Ph = "PH", "Personnes handicapées";
        /// Domicile.
        Domicile = "Domicile", "Domicile";
        /// PDS, PDE, AHI and PJM together.
        Social = "Social", "Social";
    }
}

impl Secteur {
    /// The sector of the majority rule this one falls in.
    pub fn grand_secteur(self) -> GrandSecteur {
        match self {
            Self::Pa => GrandSecteur::Pa,
            Self::Ph => GrandSecteur::Ph,
            Self::Dom => GrandSecteur::Domicile,
            Self::Pds | Self::Pde | Self::Ahi | Self::Pjm => GrandSecteur::Social,
        }
    }
}

liste! {
    /// State of an ESSMS in the registry.
    Etat {
        /// Open.
        Ouvert = "ouvert", "Ouvert";
        /// Closed.
        Ferme = "ferme", "Fermé";
        /// Absent from the registry, or the registry is not loaded.
        Inconnu = "inconnu", "Inconnu du répertoire";
    }
}

liste! {
    /// Whether an ESSMS belongs to a national entity, and that entity's stance.
    EntiteNationale {
        /// Belongs to none.
        Aucune = "aucune", "N’appartient à aucune entité nationale";
        /// The national entity is itself the porteur.
        Porteur = "porteur", "L’entité nationale est le porteur";
        /// The entity agrees, in a dated document.
        Accord = "accord", "L’entité nationale a donné son accord écrit";
        /// No agreement.
        SansAccord = "sans_accord", "L’entité nationale n’a pas donné son accord";
    }
}

liste! {
    /// The ANAP self-diagnosis presented for an ESSMS.
    Autodiagnostic {
        /// « SI ESMS ».
        SiEsms = "si_esms", "Autodiagnostic SI ESMS";
        /// « SI gestion OG ».
        SiOg = "si_og", "Autodiagnostic SI gestion OG";
        /// None made.
        Aucun = "aucun", "Aucun";
    }
}

liste! {
    /// Services socles a DUI may integrate.
    ServiceSocle {
        /// MSSanté.
        Mssante = "MSSANTE", "MSSanté";
        /// Dossier médical partagé.
        Dmp = "DMP", "DMP";
        /// E-prescription.
        EPrescription = "E_PRESCRIPTION", "e-prescription";
        /// Identité nationale de santé.
        Ins = "INS", "INS";
        /// Pro Santé Connect.
        ProSanteConnect = "PRO_SANTE_CONNECT", "Pro Santé Connect";
        /// Répertoire opérationnel des ressources.
        Ror = "ROR", "ROR";
        /// `ViaTrajectoire`.
        ViaTrajectoire = "VIA_TRAJECTOIRE", "ViaTrajectoire";
    }
}

liste! {
    /// Professional referentials a DUI may integrate.
    Referentiel {
        /// SERAFIN-PH.
        SerafinPh = "SERAFIN-PH", "SERAFIN-PH";
        /// AGGIR-PATHOS.
        AggirPathos = "AGGIR-PATHOS", "AGGIR-PATHOS";
    }
}

liste! {
    /// Whether a category is one of article L.312-1 I CASF, in the portal's own reading.
    Eligibilite {
        /// It is.
        Oui = "oui", "Relève de l’article L.312-1 du CASF";
        /// The authority says, case by case.
        AVerifier = "a_verifier", "À vérifier par l’ARS";
        /// It is not.
        Non = "non", "Ne relève pas de l’article L.312-1 du CASF";
    }
}

liste! {
    /// Whether the ESSMS of a category give care.
    Medicalise {
        /// All do.
        Oui = "oui", "Médicalisé";
        /// Some do.
        Possible = "possible", "Médicalisé selon l’ESSMS";
        /// None does.
        Non = "non", "Non médicalisé";
    }
}

/// A category of the FINESS nomenclature, as the portal reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Categorie {
    /// Official code, three digits; the only thing categories are matched on.
    pub code: String,
    /// Official label.
    pub libelle: String,
    /// Short name in use.
    pub sigle: String,
    /// Sector, when it has one.
    pub secteur: Option<Secteur>,
    /// Whether its ESSMS give care.
    pub medicalise: Medicalise,
    /// Whether it is one of L.312-1.
    pub eligibilite: Eligibilite,
}

/// Code of the EHPAD category.
pub const CATEGORIE_EHPAD: &str = "500";

static CATEGORIES: LazyLock<HashMap<&'static str, Categorie>> = LazyLock::new(|| {
    include_str!("../../referentiels/categories.csv")
        .lines()
        .skip(1)
        .filter_map(|ligne| {
            let champs: Vec<&'static str> = ligne.split(';').collect();
            let code = *champs.first()?;
            Some((
                code,
                Categorie {
                    code: code.to_owned(),
                    libelle: (*champs.get(1)?).to_owned(),
                    sigle: (*champs.get(2)?).to_owned(),
                    secteur: Secteur::depuis(champs.get(3)?),
                    medicalise: Medicalise::depuis(champs.get(4)?)?,
                    eligibilite: Eligibilite::depuis(champs.get(5)?)?,
                },
            ))
        })
        .collect()
});

/// The categories the portal ships; a database may hold an edited copy of them.
pub fn categories_livrees() -> impl Iterator<Item = &'static Categorie> {
    CATEGORIES.values()
}

/// The shipped category of this code.
pub fn categorie_livree(code: &str) -> Option<&'static Categorie> {
    CATEGORIES.get(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_whole() {
        let compte = |e| categories_livrees().filter(|c| c.eligibilite == e).count();
        assert_eq!(
            (
                compte(Eligibilite::Oui),
                compte(Eligibilite::AVerifier),
                compte(Eligibilite::Non)
            ),
            (72, 9, 15)
        );
        assert_eq!(
            categories_livrees().count(),
            include_str!("../../referentiels/categories.csv").lines().count() - 1
        );
    }

    #[test]
    fn known_codes_read_as_the_texts_say() {
        assert_eq!(
            categorie_livree(CATEGORIE_EHPAD).and_then(|c| c.secteur),
            Some(Secteur::Pa)
        );
        for exclue in ["362", "609", "247"] {
            assert_eq!(
                categorie_livree(exclue).map(|c| c.eligibilite),
                Some(Eligibilite::Non),
                "{exclue}"
            );
        }
        assert_eq!(categorie_livree("355"), None);
    }

    #[test]
    fn the_social_sector_gathers_four() {
        let sociaux = Secteur::TOUTES
            .iter()
            .filter(|s| s.grand_secteur() == GrandSecteur::Social)
            .count();
        assert_eq!(sociaux, 4);
    }

    #[test]
    fn a_code_reads_back() {
        for valeur in ServiceSocle::TOUTES {
            assert_eq!(ServiceSocle::depuis(valeur.code()), Some(*valeur));
        }
        assert_eq!(ServiceSocle::depuis("FAX"), None);
    }
}
