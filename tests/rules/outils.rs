//! Facts built from a few words: a favourable project by default, of which a test says only what differs.

use chrono::DateTime;
use portail_grappes::domain::argent::Centimes;
use portail_grappes::domain::finess::Finess;
use portail_grappes::domain::nomenclature::{
    Autodiagnostic, EntiteNationale, Etat, Hebergement, Liste, Referentiel, Secteur, ServiceSocle, TypeProjet,
    categorie_livree,
};
use portail_grappes::domain::territoire::departement;
use portail_grappes::rules::edition::Edition;
use portail_grappes::rules::evaluation::Evaluation;
use portail_grappes::rules::faits::{
    CategorieLue, DossierFaits, Essms, EtatConformite, Faits, ItemSi, Organisme, PlanFinancement, Porteur, Solution,
};

/// The software of the favourable project.
pub const LOGICIEL: &str = "Exemple DUI";

/// The n-th fictitious ESSMS.
pub fn et(rang: usize) -> Finess {
    Finess::depuis_racine(&format!("75{rang:06}")).unwrap()
}

/// The fictitious OG of a letter.
pub fn ej(lettre: char) -> Finess {
    Finess::depuis_racine(&format!("9990{:04}", u32::from(lettre))).unwrap()
}

/// The category of a code, as the portal reads it; `inconnue` when it is not known.
pub fn categorie(code: &str) -> CategorieLue {
    match categorie_livree(code) {
        _ if code == "inconnue" => CategorieLue::Inconnue,
        Some(categorie) => CategorieLue::Connue(categorie.clone()),
        None => CategorieLue::HorsTable(code.to_owned()),
    }
}

/// An EHPAD of Paris in acquisition, of OG A, about which everything is known and favourable.
pub fn essms(rang: usize) -> Essms {
    Essms {
        finess: et(rang),
        organisme: Some(ej('A')),
        categorie: categorie("500"),
        etat: Etat::Ouvert,
        departement: departement("75"),
        type_projet: Some(TypeProjet::Acquisition),
        hebergement: Some(Hebergement::Saas),
        solution: Some(LOGICIEL.to_owned()),
        solution_version: Some("5.2".to_owned()),
        deja_finance: Some(false),
        sons: Some(false),
        sons_logiciel: None,
        entite_nationale: Some(EntiteNationale::Aucune),
        rattache_ght: Some(false),
        activites_confort: Some(false),
        part_heures_eligibles: None,
        engage_ailleurs: Some(false),
        medicalise: None,
        ror_complet: Some(true),
        autodiagnostic: Some(Autodiagnostic::SiEsms),
    }
}

/// A solution référencée Ségur on every couloir of Ségur, with both referentials and two services.
pub fn solution() -> Solution {
    Solution {
        nom: LOGICIEL.to_owned(),
        version: Some("5.2".to_owned()),
        segur: Some(true),
        sad: Some(false),
        couloirs: Some(vec![Secteur::Pa, Secteur::Ph, Secteur::Dom, Secteur::Pds, Secteur::Pde]),
        referentiels: Some(Referentiel::TOUTES.to_vec()),
        services_socles: Some(vec![ServiceSocle::Mssante, ServiceSocle::Dmp]),
        plateforme_eparcours: Some(false),
    }
}

/// A dossier in which everything is there.
pub fn dossier() -> DossierFaits {
    DossierFaits {
        manques: Vec::new(),
        conformite_si: ItemSi::TOUTES
            .iter()
            .map(|item| (*item, Some(EtatConformite::Respecte)))
            .collect(),
        motivations: Some(true),
        referent_informatique: Some(false),
        depot_2021: Some(Some("AAP-2021-17".to_owned())),
        plan_detaille: Some(true),
        perimetre_fonctionnel: Some(true),
        equipe_presentee: Some(true),
        echange_amont: Some(true),
        duree_mois: Some(18),
        planning: Some(true),
        description: Some(true),
        attestation_socle: Some(true),
        nombre_utilisateurs: Some(420),
        plateforme_regionale: Some(true),
    }
}

/// A project of `nombre` favourable ESSMS of a large OG, on the 1st of May 2024.
pub fn projet(nombre: usize) -> Faits {
    Faits {
        date: DateTime::parse_from_rfc3339("2024-05-01T10:00:00+02:00").ok(),
        porteur: Porteur {
            organisme: Some(ej('A')),
            soumis_ccp: Some(true),
            marche_public_identique: Some(false),
            ..Porteur::default()
        },
        solution: Some(solution()),
        plan: PlanFinancement {
            depenses: None,
            autofinancement: None,
            autres_ressources: Some(Centimes::ZERO),
        },
        organismes: vec![organisme('A', Some(20))],
        essms: (1..=nombre).map(essms).collect(),
        ..Faits::default()
    }
}

/// An OG of this size.
pub fn organisme(lettre: char, nombre_essms: Option<u32>) -> Organisme {
    Organisme {
        finess: ej(lettre),
        nombre_essms,
        nombre_essms_a_verifier: None,
        par_accompagnement: Some(false),
    }
}

/// A shipped edition.
pub fn edition(code: &str) -> &'static Edition {
    Edition::livree(code).unwrap()
}

/// Judged by the 2024 edition.
pub fn juger(faits: &Faits) -> Evaluation {
    portail_grappes::rules::evaluer(edition("idf-2024"), faits)
}

/// The outcome of a rule, by its code.
pub fn resultat(evaluation: &Evaluation, code: &str) -> &'static str {
    evaluation
        .constat(code)
        .map_or("absent", |constat| constat.resultat.code())
}
