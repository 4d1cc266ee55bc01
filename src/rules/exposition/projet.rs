//! Invented projects for the examples: everything known and favourable, of which an example says what differs. Numbers begin with
//! 99, which no département has.

use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{
    Autodiagnostic, CATEGORIE_EHPAD, EntiteNationale, Etat, Hebergement, Liste, Referentiel, Secteur, TypeProjet,
    categorie_livree,
};
use crate::domain::territoire::{Departement, Zone, departements};
use crate::rules::edition::Edition;
use crate::rules::evaluer;
use crate::rules::faits::{
    CategorieLue, DossierFaits, Essms, EtatConformite, Faits, ItemSi, Organisme, Porteur, Signataire, Solution,
};

/// The software of the invented projects.
pub(super) const LOGICIEL: &str = "Exemple DUI";
/// ESSMS of a project whose number does not matter: enough for a majority, few enough to be read.
const QUELQUES: u32 = 3;

/// The OG that carries the project.
pub(super) const PORTEUR: u32 = 1;
/// Another OG of the grappe.
pub(super) const AUTRE: u32 = 2;

/// An invented project, judged by an edition.
pub(super) struct Projet<'a> {
    pub edition: &'a Edition,
    pub faits: Faits,
}

/// FINESS EJ of an invented OG.
pub(super) fn og(rang: u32) -> Option<Finess> {
    Finess::depuis_racine(&format!("9990{rang:04}")).ok()
}

/// The category of a code, as the portal ships it.
pub(super) fn categorie(code: &str) -> CategorieLue {
    match categorie_livree(code) {
        Some(categorie) => CategorieLue::Connue(categorie.clone()),
        None => CategorieLue::HorsTable(code.to_owned()),
    }
}

/// A département inside or outside the edition's régions.
fn departement(edition: &Edition, dedans: bool) -> Option<&'static Departement> {
    departements()
        .iter()
        .find(|d| edition.regions.contains(&d.region.code) == dedans)
}

fn un_essms(edition: &Edition, rang: u32) -> Option<Essms> {
    Some(Essms {
        finess: Finess::depuis_racine(&format!("9900{rang:04}")).ok()?,
        organisme: og(PORTEUR),
        categorie: categorie(CATEGORIE_EHPAD),
        etat: Etat::Ouvert,
        departement: departement(edition, true),
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
    })
}

fn solution(edition: &Edition) -> Solution {
    Solution {
        nom: LOGICIEL.to_owned(),
        version: Some("5.2".to_owned()),
        segur: Some(true),
        sad: Some(false),
        couloirs: Some(Secteur::TOUTES.to_vec()),
        referentiels: Some(Referentiel::TOUTES.to_vec()),
        services_socles: Some(edition.interoperabilite.services.clone()),
        plateforme_eparcours: Some(false),
    }
}

fn dossier() -> DossierFaits {
    let items = ItemSi::TOUTES
        .iter()
        .map(|item| (*item, Some(EtatConformite::Respecte)));
    DossierFaits {
        conformite_si: items.collect(),
        motivations: Some(true),
        referent_informatique: Some(false),
        depot_2021: Some(None),
        plan_detaille: Some(true),
        perimetre_fonctionnel: Some(true),
        equipe_presentee: Some(true),
        echange_amont: Some(true),
        duree_mois: Some(12),
        planning: Some(true),
        description: Some(true),
        attestation_socle: Some(true),
        nombre_utilisateurs: Some(420),
        plateforme_regionale: Some(true),
        manques: Vec::new(),
    }
}

/// An OG of this size.
pub(super) fn organisme(rang: u32, nombre_essms: Option<u32>) -> Option<Organisme> {
    Some(Organisme {
        finess: og(rang)?,
        nombre_essms,
        nombre_essms_a_verifier: None,
        par_accompagnement: Some(false),
    })
}

impl<'a> Projet<'a> {
    /// A few EHPAD of one large OG in acquisition, on the first day of the first window.
    pub fn nouveau(edition: &'a Edition) -> Self {
        let faits = Faits {
            date: edition.fenetres.first().map(|f| f.debut().fixed_offset()),
            porteur: Porteur {
                organisme: og(PORTEUR),
                soumis_ccp: Some(true),
                marche_public_identique: Some(false),
                signataire: Signataire::NonDemande,
            },
            solution: Some(solution(edition)),
            organismes: organisme(PORTEUR, Some(edition.taille.seuil_petit_og + 5))
                .into_iter()
                .collect(),
            dossier: Some(dossier()),
            ..Faits::default()
        };
        let mut projet = Self { edition, faits };
        projet.grappe(QUELQUES);
        projet
    }

    /// So many ESSMS, all alike.
    pub fn grappe(&mut self, nombre: u32) {
        self.faits.essms = (1..=nombre).filter_map(|rang| un_essms(self.edition, rang)).collect();
    }

    /// Fewest ESSMS of a grappe where the edition applies.
    pub fn minimum(&self) -> u32 {
        match departement(self.edition, true).map(|d| d.region.zone) {
            Some(Zone::Corse | Zone::OutreMer) => self.edition.taille.minimum_corse_outre_mer,
            Some(Zone::Metropole) | None => self.edition.taille.minimum,
        }
    }

    /// The smallest grappe admitted.
    pub fn grappe_entiere(&mut self) {
        self.grappe(self.minimum());
    }

    /// Changes the last ESSMS.
    pub fn un(&mut self, changer: impl FnOnce(&mut Essms)) {
        if let Some(essms) = self.faits.essms.last_mut() {
            changer(essms);
        }
    }

    /// Changes every ESSMS.
    pub fn tous(&mut self, changer: impl Fn(&mut Essms)) {
        self.faits.essms.iter_mut().for_each(changer);
    }

    /// Four ESSMS, of which half are changed: no majority.
    pub fn moitie(&mut self, changer: impl Fn(&mut Essms)) {
        self.grappe(4);
        self.faits.essms.iter_mut().step_by(2).for_each(changer);
    }

    /// Changes the software.
    pub fn solution(&mut self, changer: impl FnOnce(&mut Solution)) {
        if let Some(solution) = self.faits.solution.as_mut() {
            changer(solution);
        }
    }

    /// Changes what the dossier says.
    pub fn dossier(&mut self, changer: impl FnOnce(&mut DossierFaits)) {
        if let Some(dossier) = self.faits.dossier.as_mut() {
            changer(dossier);
        }
    }

    /// The OGs are of this size.
    pub fn taille_des_og(&mut self, tailles: &[Option<u32>]) {
        let organismes = (PORTEUR..)
            .zip(tailles)
            .filter_map(|(rang, taille)| organisme(rang, *taille));
        self.faits.organismes = organismes.collect();
    }

    /// A plan that the grant and this self-financing balance.
    pub fn plan(&mut self, autofinancement: Centimes) {
        let subvention = evaluer(self.edition, &self.faits).financement.certain;
        self.faits.plan.depenses = Some(subvention + Centimes::euros(30_000));
        self.faits.plan.autofinancement = Some(autofinancement);
        self.faits.plan.autres_ressources = Some(Centimes::ZERO);
    }

    /// The last ESSMS leaves the edition's régions.
    pub fn hors_region(&mut self, tous: bool) {
        let ailleurs = departement(self.edition, false);
        let nombre = if tous { self.faits.essms.len() } else { 1 };
        self.faits
            .essms
            .iter_mut()
            .take(nombre)
            .for_each(|e| e.departement = ailleurs);
    }
}
