//! A remedy in words.

use super::Remede;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Hebergement, Liste, TypeProjet};
use crate::rules::francais::{enumerer, s};

impl Remede {
    /// What to do, as one action: « retirer 2 ESSMS, en ajouter 3 et passer 1 ESSMS en acquisition ».
    pub fn phrase(&self) -> String {
        let mut gestes: Vec<String> = Vec::new();
        let retirer = self.retirer.len();
        if retirer > 0 {
            gestes.push(format!("retirer {retirer} ESSMS"));
        }
        let ajouter = self.ajouter.len();
        match (ajouter, retirer) {
            (0, _) => {}
            (_, 0) => gestes.push(format!("ajouter {ajouter} ESSMS")),
            _ => gestes.push(format!("en ajouter {ajouter}")),
        }
        if let Some((nombre, secteur)) = self.a_trouver {
            gestes.push(format!(
                "trouver {nombre} {}ESSMS éligible{}, du secteur {}",
                if ajouter > 0 { "autres " } else { "" },
                s(nombre),
                secteur.libelle()
            ));
        }
        if self.solution.is_some() {
            gestes.push(format!("choisir {} pour le projet", self.solution_dui()));
        }
        if !self.aligner.is_empty() {
            gestes.push(format!(
                "retenir {} pour {} ESSMS",
                self.solution_dui(),
                self.aligner.len()
            ));
        }
        if let Some((valeur, concernes)) = &self.types {
            gestes.push(format!("passer {} ESSMS en {}", concernes.len(), en_type(*valeur)));
        }
        if let Some((valeur, concernes)) = &self.hebergements {
            let en = en_hebergement(*valeur);
            gestes.push(format!("passer {} ESSMS en {en}", concernes.len()));
        }
        if self.signataire.is_some() {
            gestes.push("désigner un autre signataire".to_owned());
        }
        enumerer(&gestes)
    }

    /// The ESSMS that each change is about: « Retirer », then which.
    pub fn details(&self) -> Vec<(String, Vec<Finess>)> {
        let types = self.types.iter();
        let types = types.map(|(valeur, n)| (format!("Passer en {}", en_type(*valeur)), n.clone()));
        let hebergements = self.hebergements.iter();
        let hebergements =
            hebergements.map(|(valeur, n)| (format!("Passer en {}", en_hebergement(*valeur)), n.clone()));
        let details = [
            ("Retirer".to_owned(), self.retirer.clone()),
            ("Ajouter".to_owned(), self.ajouter.clone()),
            (format!("Retenir {}", self.solution_dui()), self.aligner.clone()),
        ];
        let details = details.into_iter().chain(types).chain(hebergements);
        let signataire = self
            .signataire
            .map(|n| ("Désigner comme signataire".to_owned(), vec![n]));
        details
            .chain(signataire)
            .filter(|(_, essms)| !essms.is_empty())
            .collect()
    }

    /// The DUI that all share, named as far as it is known.
    fn solution_dui(&self) -> String {
        match &self.dui {
            (Some(nom), Some(version)) => format!("la solution DUI «\u{a0}{nom}\u{a0}» version {version}"),
            (Some(nom), None) => format!("la solution DUI «\u{a0}{nom}\u{a0}»"),
            (None, _) => "la solution DUI de la grappe".to_owned(),
        }
    }
}

fn en_type(valeur: TypeProjet) -> &'static str {
    match valeur {
        TypeProjet::Acquisition => "acquisition",
        TypeProjet::MiseEnConformite => "mise en conformité",
    }
}

fn en_hebergement(valeur: Hebergement) -> &'static str {
    match valeur {
        Hebergement::Saas => "SaaS",
        Hebergement::Externe => "hébergement externe",
        Hebergement::OnPremise => "hébergement sur site",
    }
}
