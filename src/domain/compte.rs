//! Who uses the portal, and in which capacity.

use uuid::Uuid;

use super::finess::Finess;
use super::nomenclature::liste;

liste! {
    /// Where an account of an OG stands.
    EtatCompte {
        /// Its address is confirmed; somebody has to let it in.
        AApprouver = "a_approuver", "À approuver";
        /// In use.
        Actif = "actif", "Actif";
        /// Taken out of its OG; what it saved stays under its name.
        Retire = "retire", "Retiré";
    }
}

liste! {
    /// What a person may do for its OG; each role includes the ones before it.
    RoleOg {
        /// Reads.
        Lecture = "lecture", "Lecture";
        /// Writes.
        Edition = "edition", "Édition";
        /// Signs: deposits.
        Depot = "depot", "Dépôt (signataire)";
    }
}

/// The capacity in which an account acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profil {
    /// For an OG.
    Og {
        /// Its FINESS EJ: the tenant.
        og: Finess,
        /// What the account may do for it.
        role: RoleOg,
    },
    /// Waits to be let in by an OG: it may do nothing yet.
    EnAttente {
        /// FINESS EJ of the OG.
        og: Finess,
    },
    /// ARS instructor of these régions (INSEE codes).
    Ars {
        /// INSEE codes.
        regions: Vec<String>,
    },
    /// SESAN or Collectif SI staff for these régions.
    Accompagnement {
        /// INSEE codes.
        regions: Vec<String>,
    },
    /// Administrator of the portal.
    Administration,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compte {
    /// Its identifier.
    pub id: Uuid,
    /// Its e-mail address.
    pub courriel: String,
    /// The person's name.
    pub nom: String,
    /// The capacity it acts in.
    pub profil: Profil,
}

/// What row-level security lets a request see: an OG's dossiers, or those deposited in régions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Perimetre {
    /// FINESS EJ of the tenant.
    pub og: Option<Finess>,
    /// INSEE codes of the régions instructed.
    pub regions: Vec<String>,
}

impl Perimetre {
    /// That of an OG.
    pub fn de_l_og(og: Finess) -> Self {
        Self {
            og: Some(og),
            regions: Vec::new(),
        }
    }
}

impl Compte {
    /// What this account's requests may see. Accompagnement and administration see no dossier.
    pub fn perimetre(&self) -> Perimetre {
        match &self.profil {
            Profil::Og { og, .. } => Perimetre::de_l_og(*og),
            Profil::Ars { regions } => Perimetre {
                og: None,
                regions: regions.clone(),
            },
            Profil::EnAttente { .. } | Profil::Accompagnement { .. } | Profil::Administration => Perimetre::default(),
        }
    }

    /// FINESS EJ of the OG the account works for.
    pub fn og(&self) -> Option<Finess> {
        self.perimetre().og
    }

    /// Whether it sees or governs what many OGs do: one password is not enough to be it.
    pub fn est_agent(&self) -> bool {
        match self.profil {
            Profil::Ars { .. } | Profil::Accompagnement { .. } | Profil::Administration => true,
            Profil::Og { .. } | Profil::EnAttente { .. } => false,
        }
    }

    /// The role within an OG, for an account that belongs to one.
    pub fn role_og(&self) -> Option<RoleOg> {
        match &self.profil {
            Profil::Og { role, .. } => Some(*role),
            Profil::EnAttente { .. } | Profil::Ars { .. } | Profil::Accompagnement { .. } | Profil::Administration => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_include_the_ones_before() {
        assert!(RoleOg::Lecture < RoleOg::Edition && RoleOg::Edition < RoleOg::Depot);
    }

    #[test]
    fn only_an_og_and_an_ars_see_dossiers() {
        let compte = |profil| Compte {
            id: Uuid::nil(),
            courriel: String::new(),
            nom: String::new(),
            profil,
        };
        assert_eq!(compte(Profil::Administration).perimetre(), Perimetre::default());
        let accompagnement = compte(Profil::Accompagnement {
            regions: vec!["11".into()],
        });
        assert_eq!(accompagnement.perimetre(), Perimetre::default());
        assert_eq!(
            compte(Profil::Ars {
                regions: vec!["11".into()]
            })
            .perimetre()
            .regions,
            ["11"]
        );
    }
}
