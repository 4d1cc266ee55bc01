//! What the rules look at. `None` always means unknown: a missing fact never reads as false.

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{
    Autodiagnostic, Categorie, EntiteNationale, Etat, Hebergement, Referentiel, Secteur, ServiceSocle, TypeProjet,
};
use crate::domain::territoire::Departement;

/// Everything an evaluation depends on, beside the edition.
#[derive(Debug, Clone, Default)]
pub struct Faits {
    /// The instant the project is judged at; the deposit's instant once deposited.
    pub date: Option<DateTime<FixedOffset>>,
    /// The OG that carries the project.
    pub porteur: Porteur,
    /// The DUI the project targets.
    pub solution: Option<Solution>,
    /// Whether the étude d'écart is attached.
    pub etude_ecart_jointe: Option<bool>,
    /// Whether the porteur declares that the usage targets can be reached.
    pub cibles_atteignables_declarees: Option<bool>,
    /// Plan de financement.
    pub plan: PlanFinancement,
    /// OGs of the grappe, with the size of each in FINESS.
    pub organismes: Vec<Organisme>,
    /// ESSMS of the grappe.
    pub essms: Vec<Essms>,
    /// What only a dossier says; `None` in a simulation.
    pub dossier: Option<DossierFaits>,
}

/// The OG that carries the project.
#[derive(Debug, Clone, Default)]
pub struct Porteur {
    /// Its FINESS EJ.
    pub organisme: Option<Finess>,
    /// Subject to the Code de la commande publique.
    pub soumis_ccp: Option<bool>,
    /// Has a running public contract of identical object.
    pub marche_public_identique: Option<bool>,
    /// The establishment that signs the convention.
    pub signataire: Signataire,
}

/// The signatory establishment (IDF-2021: « sera le seul établissement de la grappe signataire »).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signataire {
    /// A simulation does not ask.
    #[default]
    NonDemande,
    /// The dossier does not say yet.
    AChoisir,
    /// This ESSMS.
    Designe(Finess),
}

/// A DUI solution as the referential describes it.
#[derive(Debug, Clone, Default)]
pub struct Solution {
    /// Commercial name.
    pub nom: String,
    /// Version targeted.
    pub version: Option<String>,
    /// Référencée Ségur.
    pub segur: Option<bool>,
    /// Referenced in the national SAD.
    pub sad: Option<bool>,
    /// Couloirs of its Ségur reference.
    pub couloirs: Option<Vec<Secteur>>,
    /// Professional referentials integrated.
    pub referentiels: Option<Vec<Referentiel>>,
    /// Services socles integrated.
    pub services_socles: Option<Vec<ServiceSocle>>,
    /// Interfaced with a regional e-parcours platform.
    pub plateforme_eparcours: Option<bool>,
}

/// Plan de financement, as far as the rules compare it.
#[derive(Debug, Clone, Default)]
pub struct PlanFinancement {
    /// Total of the expenses.
    pub depenses: Option<Centimes>,
    /// Self-financing.
    pub autofinancement: Option<Centimes>,
    /// Resources other than the grant and self-financing.
    pub autres_ressources: Option<Centimes>,
}

/// An OG of the grappe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisme {
    /// FINESS EJ.
    pub finess: Finess,
    /// Number of ESMS (ET) it manages in FINESS, over the whole OG: those whose category settles that they are.
    pub nombre_essms: Option<u32>,
    /// How many more it may manage, of categories that the authority has to look at. Unsaid beside a number: none.
    pub nombre_essms_a_verifier: Option<u32>,
    /// Joined the grappe through the accompagnement.
    pub par_accompagnement: Option<bool>,
}

impl Organisme {
    /// Fewest and most ESMS that it may manage.
    fn bornes(&self) -> Option<(u32, u32)> {
        let surs = self.nombre_essms?;
        Some((surs, surs.saturating_add(self.nombre_essms_a_verifier.unwrap_or(0))))
    }

    /// Whether it manages fewer ESMS than this (MÉMO, note 2: « d’après FINESS »); unknown while those to look at may turn it.
    pub fn moins_de(&self, seuil: u32) -> Option<bool> {
        let (moins, plus) = self.bornes()?;
        ((moins < seuil) == (plus < seuil)).then_some(moins < seuil)
    }

    /// Whether it manages one ESMS and no more; unknown in the same way.
    pub fn un_seul(&self) -> Option<bool> {
        match self.bornes()? {
            (1, 1) => Some(true),
            (0 | 1, 1..) => None,
            _ => Some(false),
        }
    }
}

/// An ESSMS of the grappe.
#[derive(Debug, Clone)]
pub struct Essms {
    /// FINESS ET.
    pub finess: Finess,
    /// FINESS EJ of its OG.
    pub organisme: Option<Finess>,
    /// Its category.
    pub categorie: CategorieLue,
    /// State in the registry.
    pub etat: Etat,
    /// Where it is.
    pub departement: Option<&'static Departement>,
    /// What it asks of the project.
    pub type_projet: Option<TypeProjet>,
    /// Hosting wished.
    pub hebergement: Option<Hebergement>,
    /// Name of the DUI it will use in this project.
    pub solution: Option<String>,
    /// Version of that DUI.
    pub solution_version: Option<String>,
    /// Already funded by ESMS numérique for a DUI.
    pub deja_finance: Option<bool>,
    /// Received the Prestation Ségur (SONS).
    pub sons: Option<bool>,
    /// The software that Prestation was for.
    pub sons_logiciel: Option<String>,
    /// National entity.
    pub entite_nationale: Option<EntiteNationale>,
    /// Attached to a hospital or GHT.
    pub rattache_ght: Option<bool>,
    /// Also sells « confort » services.
    pub activites_confort: Option<bool>,
    /// Share of eligible hours, in hundredths of a percent: 0 to 10 000.
    pub part_heures_eligibles: Option<u16>,
    /// In another live dossier.
    pub engage_ailleurs: Option<bool>,
    /// Gives care; taken from its category when that settles it.
    pub medicalise: Option<bool>,
    /// Complete in the ROR.
    pub ror_complet: Option<bool>,
    /// ANAP self-diagnosis presented.
    pub autodiagnostic: Option<Autodiagnostic>,
}

/// A category as looked up in the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CategorieLue {
    /// No code known.
    #[default]
    Inconnue,
    /// A code that the table of social and medico-social categories does not hold: a hospital, say.
    HorsTable(String),
    /// In the table.
    Connue(Categorie),
}

impl CategorieLue {
    /// The sector, when the category is known and has one.
    pub fn secteur(&self) -> Option<Secteur> {
        match self {
            Self::Connue(categorie) => categorie.secteur,
            Self::Inconnue | Self::HorsTable(_) => None,
        }
    }
}

/// What only a dossier says.
#[derive(Debug, Clone, Default)]
pub struct DossierFaits {
    /// Required fields and pieces still missing.
    pub manques: Vec<Manque>,
    /// Réglementation SI, item by item.
    pub conformite_si: Vec<(ItemSi, Option<EtatConformite>)>,
    /// Objectives and organisation are described.
    pub motivations: Option<bool>,
    /// The OG has a DSI or a référent informatique.
    pub referent_informatique: Option<bool>,
    /// Deposited in 2021: the reference, or `Some(None)` when it was not.
    pub depot_2021: Option<Option<String>>,
    /// The plan de financement is detailed by poste.
    pub plan_detaille: Option<bool>,
    /// Current and expected functional blocks are given.
    pub perimetre_fonctionnel: Option<bool>,
    /// Roles, people, ETP and comitologie are given.
    pub equipe_presentee: Option<bool>,
    /// An exchange with the ARS, SESAN or the Collectif SI took place before the deposit.
    pub echange_amont: Option<bool>,
    /// Longest duration of the planning, in months.
    pub duree_mois: Option<u16>,
    /// The planning is given, with its main milestones.
    pub planning: Option<bool>,
    /// The project is described.
    pub description: Option<bool>,
    /// Attestation that the solution respects the national socle d'exigences.
    pub attestation_socle: Option<bool>,
    /// Number of people who will use the solution.
    pub nombre_utilisateurs: Option<u32>,
    /// How data is exchanged with a regional platform is described.
    pub plateforme_regionale: Option<bool>,
}

/// A required field or piece that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manque {
    /// Code of the step where it is filled.
    pub etape: &'static str,
    /// Name of the field or piece within the step.
    pub champ: String,
    /// What to say of it.
    pub libelle: String,
}

crate::domain::nomenclature::liste! {
    /// Items of the réglementation SI.
    ItemSi {
        /// Rules of access to the SI.
        ReglesAcces = "regles_acces", "Règles internes d’accès au SI";
        /// Information of users (RGPD).
        InformationUsagers = "information_usagers", "Information des usagers (RGPD)";
        /// Register of processing and DPO.
        RegistreDpo = "registre_dpo", "Registre des traitements et DPO";
        /// Continuity and availability.
        Continuite = "continuite", "Continuité d’activité et disponibilité";
        /// HDS hosting.
        Hds = "hds", "Hébergement HDS";
    }
}

/// Where an item of the réglementation SI stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatConformite {
    /// Respected.
    Respecte,
    /// Being brought into conformity, for this date when it is known.
    EnCours(Option<NaiveDate>),
    /// Not respected.
    Non,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn og(surs: Option<u32>, a_verifier: Option<u32>) -> Organisme {
        Organisme {
            finess: Finess::depuis_racine("75000001").unwrap(),
            nombre_essms: surs,
            nombre_essms_a_verifier: a_verifier,
            par_accompagnement: None,
        }
    }

    #[test]
    fn an_og_is_small_when_it_is_so_however_the_essms_to_look_at_turn_out() {
        for (surs, a_verifier, attendu) in [
            (14, None, Some(true)),
            (15, None, Some(false)),
            (16, None, Some(false)),
            (13, Some(1), Some(true)),
            (13, Some(2), None),
            (13, Some(3), None),
            (14, Some(0), Some(true)),
            (14, Some(1), None),
            (15, Some(1), Some(false)),
            (0, Some(u32::MAX), None),
            (1, Some(u32::MAX), None),
        ] {
            assert_eq!(
                og(Some(surs), a_verifier).moins_de(15),
                attendu,
                "{surs} {a_verifier:?}"
            );
        }
        assert_eq!(og(None, Some(20)).moins_de(15), None);
    }

    #[test]
    fn an_og_has_one_essms_when_no_other_may_count() {
        for (surs, a_verifier, attendu) in [
            (0, None, Some(false)),
            (0, Some(1), None),
            (0, Some(2), None),
            (1, None, Some(true)),
            (1, Some(0), Some(true)),
            (1, Some(1), None),
            (2, None, Some(false)),
            (2, Some(1), Some(false)),
        ] {
            assert_eq!(og(Some(surs), a_verifier).un_seul(), attendu, "{surs} {a_verifier:?}");
        }
        assert_eq!(og(None, None).un_seul(), None);
    }
}
