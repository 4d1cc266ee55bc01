//! The request as a document: what it may hold, by name. The reader takes the names of its fields from here, so that
//! the document of the API, what the simulateur writes and what is read cannot differ.

use chrono::{DateTime, FixedOffset};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{
    Autodiagnostic, EntiteNationale, Etat, Hebergement, Referentiel, Secteur, ServiceSocle, TypeProjet,
};
use crate::rules::faits::{CategorieLue, Essms, Faits, Organisme};

/// Declares an object of the request, and the list of its fields.
macro_rules! objet {
    ($(#[$doc:meta])* $nom:ident { $($(#[$fdoc:meta])* $champ:ident : $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $nom { $($(#[$fdoc])* pub $champ: $type,)+ }

        impl $nom {
            /// Names of its fields.
            pub const CHAMPS: &[&str] = &[$(stringify!($champ)),+];
        }
    };
}

objet! {
    /// The whole request.
    DemandeSimulation {
        /// Code of an appel à projets.
        #[schema(min_length = 1, example = "idf-2024")]
        edition: String,
        /// The instant the project is judged at.
        date: Option<DateTime<FixedOffset>>,
        /// The project.
        projet: Option<ProjetSimule>,
        /// The OGs.
        #[schema(max_items = 500)]
        organismes: Option<Vec<OrganismeSimule>>,
        /// The ESSMS.
        #[schema(max_items = 500)]
        essms: Option<Vec<EssmsSimule>>,
    }
}

objet! {
    /// The project.
    ProjetSimule {
        /// The OG that carries it.
        porteur: Option<PorteurSimule>,
        /// The DUI it targets.
        solution: Option<SolutionVisee>,
        /// The étude d'écart is attached.
        etude_ecart_jointe: Option<bool>,
        /// The usage targets are declared within reach.
        cibles_atteignables_declarees: Option<bool>,
        /// Plan de financement.
        plan_financement: Option<PlanSimule>,
    }
}

objet! {
    /// The OG that carries the project.
    PorteurSimule {
        /// FINESS EJ.
        organisme: Option<Finess>,
        /// Subject to the Code de la commande publique.
        soumis_ccp: Option<bool>,
        /// Has a running public contract of identical object.
        marche_public_identique: Option<bool>,
    }
}

objet! {
    /// The DUI that the project targets.
    SolutionVisee {
        /// Commercial name.
        #[schema(pattern = "\\S")]
        nom: Option<String>,
        /// Version.
        #[schema(pattern = "\\S")]
        version: Option<String>,
        /// Référencée Ségur.
        segur: Option<bool>,
        /// In the national SAD.
        sad: Option<bool>,
        /// Couloirs of its Ségur reference.
        #[schema(value_type = Option<std::collections::HashSet<Secteur>>)]
        couloirs: Option<Vec<Secteur>>,
        /// Professional referentials.
        #[schema(value_type = Option<std::collections::HashSet<Referentiel>>)]
        referentiels: Option<Vec<Referentiel>>,
        /// Services socles.
        #[schema(value_type = Option<std::collections::HashSet<ServiceSocle>>)]
        services_socles: Option<Vec<ServiceSocle>>,
        /// Interfaced with a regional e-parcours platform.
        plateforme_eparcours: Option<bool>,
    }
}

objet! {
    /// Plan de financement, in centimes.
    PlanSimule {
        /// Expenses.
        #[schema(minimum = 0, maximum = 100_000_000_000i64)]
        depenses_centimes: Option<i64>,
        /// Self-financing.
        #[schema(minimum = 0, maximum = 100_000_000_000i64)]
        autofinancement_centimes: Option<i64>,
        /// Other resources.
        #[schema(minimum = 0, maximum = 100_000_000_000i64)]
        autres_ressources_centimes: Option<i64>,
    }
}

objet! {
    /// An OG.
    OrganismeSimule {
        /// FINESS EJ.
        finess: Finess,
        /// ESMS it manages.
        #[schema(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295i64)]
        nombre_essms: Option<u32>,
        /// How many more it may manage.
        #[schema(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295i64)]
        nombre_essms_a_verifier: Option<u32>,
    }
}

objet! {
    /// An ESSMS.
    EssmsSimule {
        /// FINESS ET.
        finess: Finess,
        /// FINESS EJ of its OG.
        organisme: Option<Finess>,
        /// FINESS category.
        #[schema(pattern = "^[0-9]{3}$")]
        categorie: Option<String>,
        /// State in the registry.
        etat: Option<Etat>,
        /// INSEE code.
        #[schema(pattern = "^([0-9]{2,3}|2[AB])$")]
        departement: Option<String>,
        /// What it asks of the project.
        type_projet: Option<TypeProjet>,
        /// Hosting wished.
        hebergement: Option<Hebergement>,
        /// The DUI it will use.
        solution: Option<SolutionEmployee>,
        /// Already funded for a DUI.
        deja_finance: Option<bool>,
        /// Prestation Ségur.
        sons: Option<SonsSimule>,
        /// National entity.
        entite_nationale: Option<EntiteNationale>,
        /// Attached to a hospital or GHT.
        rattache_ght: Option<bool>,
        /// Sells « confort » services.
        activites_confort: Option<bool>,
        /// Share of eligible hours.
        part_heures_eligibles: Option<Part>,
        /// In another live dossier.
        engage_ailleurs: Option<bool>,
        /// Gives care.
        medicalise: Option<bool>,
        /// Complete in the ROR.
        ror_complet: Option<bool>,
        /// ANAP self-diagnosis.
        autodiagnostic: Option<Autodiagnostic>,
    }
}

objet! {
    /// The DUI that an ESSMS will use.
    SolutionEmployee {
        /// Commercial name.
        #[schema(pattern = "\\S")]
        nom: Option<String>,
        /// Version.
        #[schema(pattern = "\\S")]
        version: Option<String>,
    }
}

objet! {
    /// The Prestation Ségur (SONS).
    SonsSimule {
        /// Received it.
        beneficie: Option<bool>,
        /// For this software.
        #[schema(pattern = "\\S")]
        logiciel: Option<String>,
    }
}

/// A share from 0 to 100, as its decimal writing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Part(pub String);

impl Part {
    /// From hundredths of a percent.
    pub fn de_centiemes(centiemes: u16) -> Self {
        Self(format!("{}.{:02}", centiemes / 100, centiemes % 100))
    }
}

impl PartialSchema for Part {
    fn schema() -> RefOr<Schema> {
        let nombre = ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0))
            .maximum(Some(100))
            .build();
        let texte = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-9]{1,3}([.,][0-9]{1,2}0*)?$"))
            .build();
        OneOfBuilder::new().item(nombre).item(texte).into()
    }
}

impl ToSchema for Part {}

impl DemandeSimulation {
    /// The request that says these facts of this edition.
    pub fn depuis(edition: &str, faits: &Faits) -> Self {
        Self {
            edition: edition.to_owned(),
            date: faits.date,
            projet: Some(projet(faits)),
            organismes: Some(faits.organismes.iter().map(organisme).collect()),
            essms: Some(faits.essms.iter().map(essms).collect()),
        }
    }

    /// The document, what is unknown left out.
    pub fn json(&self) -> String {
        let mut document = serde_json::to_value(self).unwrap_or_default();
        oter_les_nuls(&mut document);
        serde_json::to_string_pretty(&document).unwrap_or_default()
    }
}

fn oter_les_nuls(valeur: &mut Value) {
    match valeur {
        Value::Object(champs) => {
            champs.values_mut().for_each(oter_les_nuls);
            champs.retain(|_, v| !v.is_null() && v.as_object().is_none_or(|o| !o.is_empty()));
        }
        Value::Array(elements) => elements.iter_mut().for_each(oter_les_nuls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn projet(faits: &Faits) -> ProjetSimule {
    let centimes = |montant: Option<Centimes>| montant.map(|Centimes(centimes)| centimes);
    ProjetSimule {
        porteur: Some(PorteurSimule {
            organisme: faits.porteur.organisme,
            soumis_ccp: faits.porteur.soumis_ccp,
            marche_public_identique: faits.porteur.marche_public_identique,
        }),
        solution: faits.solution.as_ref().map(|s| SolutionVisee {
            nom: Some(s.nom.clone()),
            version: s.version.clone(),
            segur: s.segur,
            sad: s.sad,
            couloirs: s.couloirs.clone(),
            referentiels: s.referentiels.clone(),
            services_socles: s.services_socles.clone(),
            plateforme_eparcours: s.plateforme_eparcours,
        }),
        etude_ecart_jointe: faits.etude_ecart_jointe,
        cibles_atteignables_declarees: faits.cibles_atteignables_declarees,
        plan_financement: Some(PlanSimule {
            depenses_centimes: centimes(faits.plan.depenses),
            autofinancement_centimes: centimes(faits.plan.autofinancement),
            autres_ressources_centimes: centimes(faits.plan.autres_ressources),
        }),
    }
}

fn organisme(o: &Organisme) -> OrganismeSimule {
    OrganismeSimule {
        finess: o.finess,
        nombre_essms: o.nombre_essms,
        nombre_essms_a_verifier: o.nombre_essms_a_verifier.filter(|n| *n > 0),
    }
}

fn essms(e: &Essms) -> EssmsSimule {
    let categorie = match &e.categorie {
        CategorieLue::Connue(connue) => Some(connue.code.clone()),
        CategorieLue::HorsTable(code) => Some(code.clone()),
        CategorieLue::Inconnue => None,
    };
    EssmsSimule {
        finess: e.finess,
        organisme: e.organisme,
        categorie,
        etat: Some(e.etat).filter(|etat| *etat != Etat::Inconnu),
        departement: e.departement.map(|d| d.code.clone()),
        type_projet: e.type_projet,
        hebergement: e.hebergement,
        solution: Some(SolutionEmployee {
            nom: e.solution.clone(),
            version: e.solution_version.clone(),
        }),
        deja_finance: e.deja_finance,
        sons: Some(SonsSimule {
            beneficie: e.sons,
            logiciel: e.sons_logiciel.clone(),
        }),
        entite_nationale: e.entite_nationale,
        rattache_ght: e.rattache_ght,
        activites_confort: e.activites_confort,
        part_heures_eligibles: e.part_heures_eligibles.map(Part::de_centiemes),
        engage_ailleurs: e.engage_ailleurs,
        medicalise: e.medicalise,
        ror_complet: e.ror_complet,
        autodiagnostic: e.autodiagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::edition::Edition;
    use crate::simulation::Demande;

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let texte = include_str!("../../docs/simulation.json");
        let lue = Demande::lire(texte, Edition::livrees()).unwrap();
        let ecrite = DemandeSimulation::depuis(&lue.code_edition, &lue.faits).json();
        let relue = Demande::lire(&ecrite, Edition::livrees()).unwrap();
        assert_eq!(format!("{:?}", relue.faits), format!("{:?}", lue.faits));
    }
}
