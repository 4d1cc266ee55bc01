//! A remedy in words.

use super::Remede;
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
            gestes.push("choisir une autre solution DUI pour le projet".to_owned());
        }
        if !self.aligner.is_empty() {
            gestes.push(format!(
                "retenir la solution DUI de la grappe pour {} ESSMS",
                self.aligner.len()
            ));
        }
        if let Some((valeur, concernes)) = &self.types {
            let en = match valeur {
                TypeProjet::Acquisition => "acquisition",
                TypeProjet::MiseEnConformite => "mise en conformité",
            };
            gestes.push(format!("passer {} ESSMS en {en}", concernes.len()));
        }
        if let Some((valeur, concernes)) = &self.hebergements {
            let en = match valeur {
                Hebergement::Saas => "SaaS",
                Hebergement::Externe => "hébergement externe",
                Hebergement::OnPremise => "hébergement sur site",
            };
            gestes.push(format!("passer {} ESSMS en {en}", concernes.len()));
        }
        if self.signataire.is_some() {
            gestes.push("désigner un autre signataire".to_owned());
        }
        enumerer(&gestes)
    }
}
