//! Capabilities: the only proofs that an account may touch a dossier. Their fields are private and
//! only this file builds them, each from one scoped SELECT, so that a handler without one cannot
//! reach a dossier. Another tenant's dossier is absent, never forbidden.

pub mod modele;
pub mod organisme;
pub mod partage;
pub mod webinaire;

use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::transaction::commencer_par;
use crate::domain::compte::{Compte, Perimetre, Profil, RoleOg};
use crate::domain::dossier::EtatDossier;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// A transaction that sees what the account may see, and nothing else: it drops to a role that owns
/// nothing and carries the account's scope, for the length of the transaction only.
///
/// # Errors
/// The database's.
pub async fn commencer(pool: &PgPool, perimetre: &Perimetre) -> sqlx::Result<Transaction<'static, Postgres>> {
    commencer_par(pool, AssertSqlSafe(ouverture(perimetre))).await
}

/// [`commencer`], to save. The statements of a save read by key: their plan depends on no value, and
/// making it anew each time, as `PostgreSQL` does of itself where an array is given, was a third of its work.
async fn commencer_ecriture(pool: &PgPool, perimetre: &Perimetre) -> sqlx::Result<Transaction<'static, Postgres>> {
    let ouverture = ouverture(perimetre) + "; set local plan_cache_mode = force_generic_plan";
    commencer_par(pool, AssertSqlSafe(ouverture)).await
}

/// A transaction of the portal's own work, which sees every tenant. Only work that answers nobody begins it.
///
/// # Errors
/// The database's.
pub(super) async fn commencer_systeme(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    commencer_par(pool, "begin; set local role portail_systeme").await
}

/// Begins and sets the scope in one exchange with the server, which takes no parameters: a FINESS number
/// holds digits and letters, and a code of région that would hold anything else opens nothing.
fn ouverture(perimetre: &Perimetre) -> String {
    let og = perimetre.og.as_ref().map_or("", Finess::as_str);
    let regions: Vec<&str> = perimetre
        .regions
        .iter()
        .map(String::as_str)
        .filter(|code| code.bytes().all(|octet| octet.is_ascii_alphanumeric()))
        .collect();
    format!(
        "begin; set local role portail_app; set local portail.og = '{og}'; set local portail.regions = '{}'",
        regions.join(",")
    )
}

/// Why a capability is not given.
#[derive(Debug, thiserror::Error)]
pub enum Refus {
    /// Nothing of that number within the account's scope.
    #[error("aucun dossier de ce numéro dans le périmètre du compte")]
    Absent,
    /// The OG's own dossier, but the account's role is not enough.
    #[error("le rôle «\u{a0}{}\u{a0}» est nécessaire", .0.libelle())]
    Role(RoleOg),
    /// The account's OG has another place in the grappe: only the porteur composes and deposits, only a membre answers
    /// for its own part.
    #[error("l’organisme n’a pas cette place dans la grappe")]
    Place,
    /// The invitation expired: the porteur has to invite again.
    #[error("l’invitation a expiré")]
    Expiree,
    /// The dossier is deposited: it is no longer written.
    #[error("le dossier est déposé")]
    Depose,
    /// The dossier is not deposited: there is nothing to take back.
    #[error("le dossier n’est pas déposé")]
    NonDepose,
    /// The draft is abandoned: it is taken up again before it is written.
    #[error("le brouillon est abandonné")]
    Abandonne,
    /// The database's.
    #[error(transparent)]
    Base(#[from] sqlx::Error),
}

/// What every capability holds.
#[derive(Debug, Clone)]
struct Preuve {
    dossier: Uuid,
    compte: Compte,
}

macro_rules! capacite {
    ($(#[$doc:meta])* $nom:ident par $commencer:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $nom(Preuve);
        impl $nom {
            /// A transaction with the account's scope.
            ///
            /// # Errors
            /// The database's.
            pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
                $commencer(pool, &self.0.compte.perimetre()).await
            }
        }
        impl Lecture for $nom {
            fn dossier(&self) -> Uuid { self.0.dossier }
            fn compte(&self) -> &Compte { &self.0.compte }
        }
    };
}

capacite! {
    /// An account of its porteur, or of a membre, reads this dossier.
    DossierLisible par commencer
}
capacite! {
    /// An account of its porteur reads this dossier, and what its colleagues say of it.
    DossierPorte par commencer
}
capacite! {
    /// Its porteur's account writes this draft.
    DossierModifiable par commencer_ecriture
}
capacite! {
    /// Its porteur's account sets this dossier aside or takes it up again, as long as it is not deposited.
    DossierNonDepose par commencer_ecriture
}
capacite! {
    /// A signatory of its porteur deposits this draft.
    DossierDeposable par commencer_ecriture
}
capacite! {
    /// A signatory of its porteur takes this deposited dossier back.
    DossierRetirable par commencer_ecriture
}
capacite! {
    /// A signatory of its porteur decides what becomes of this dossier's texts, whatever its state.
    DossierSigne par commencer_ecriture
}
capacite! {
    /// An account of its porteur answers for the ESSMS of this draft; of a membre, for those its OG manages.
    FaitsModifiables par commencer_ecriture
}
capacite! {
    /// A signatory of a membre answers for its OG's part of this draft: consents, leaving, taking over.
    DossierPartage par commencer_ecriture
}
capacite! {
    /// An instructor of its région reads this deposited dossier.
    DossierInstruit par commencer
}

/// Whoever may read a dossier, in whatever capacity.
pub trait Lecture {
    /// The dossier.
    fn dossier(&self) -> Uuid;
    /// The account the capability was given to.
    fn compte(&self) -> &Compte;
}

/// Whoever may write something of a draft. What exactly is the capability's own matter, and row-level security's.
pub trait Ecriture: Lecture {}
impl Ecriture for DossierModifiable {}
impl Ecriture for DossierDeposable {}
impl Ecriture for FaitsModifiables {}
impl Ecriture for DossierPartage {}

/// An account of an OG works on what belongs to its OG: Mes ESSMS.
#[derive(Debug, Clone)]
pub struct EspaceOg {
    og: Finess,
    compte: Compte,
}

impl EspaceOg {
    /// FINESS EJ of the OG.
    pub fn og(&self) -> &Finess {
        &self.og
    }

    /// The account.
    pub fn compte(&self) -> &Compte {
        &self.compte
    }

    /// Whether the account may write there.
    pub fn modifiable(&self) -> bool {
        self.compte.role_og().is_some_and(|role| role >= RoleOg::Edition)
    }

    /// A transaction with the account's scope.
    ///
    /// # Errors
    /// The database's.
    pub async fn commencer(&self, pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
        commencer(pool, &self.compte.perimetre()).await
    }
}

/// # Errors
/// [`Refus::Absent`] unless the account belongs to an OG.
pub fn espace_og(compte: &Compte) -> Result<EspaceOg, Refus> {
    match compte.profil {
        Profil::Og { og, .. } => Ok(EspaceOg {
            og,
            compte: compte.clone(),
        }),
        Profil::EnAttente { .. } | Profil::Ars { .. } | Profil::Accompagnement { .. } | Profil::Administration => {
            Err(Refus::Absent)
        }
    }
}

/// Where a dossier stands, and whose it is.
struct Situation {
    etat: EtatDossier,
    porteur: String,
}

impl Situation {
    fn portee_par(&self, compte: &Compte) -> bool {
        compte.og().is_some_and(|og| og.as_str() == self.porteur)
    }

    /// The proof that a draft may be written.
    fn brouillon(&self, dossier: Uuid, compte: &Compte) -> Result<Preuve, Refus> {
        match self.etat {
            EtatDossier::Brouillon => Ok(Preuve {
                dossier,
                compte: compte.clone(),
            }),
            EtatDossier::Abandonne => Err(Refus::Abandonne),
            EtatDossier::Depose => Err(Refus::Depose),
        }
    }
}

/// The situation of the dossier, if the account's scope holds it.
async fn situation(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<Situation, Refus> {
    let mut tx = commencer(pool, &compte.perimetre()).await?;
    let ligne = sqlx::query!(
        r#"select case when abandonne_le is null then etat else 'abandonne' end as "etat!", porteur from dossier where id = $1"#,
        dossier
    )
    .fetch_optional(&mut *tx)
    .await?;
    // Nothing was written: the rollback leaves with the connection, nobody waits for it.
    drop(tx);
    let ligne = ligne.ok_or(Refus::Absent)?;
    Ok(Situation {
        etat: EtatDossier::depuis(&ligne.etat).ok_or(Refus::Absent)?,
        porteur: ligne.porteur,
    })
}

fn role(compte: &Compte) -> Result<RoleOg, Refus> {
    compte.role_og().ok_or(Refus::Absent)
}

/// # Errors
/// [`Refus::Absent`] unless the account's OG carries the dossier or takes part in it.
pub async fn lisible(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierLisible, Refus> {
    role(compte)?;
    situation(pool, compte, dossier).await?;
    Ok(DossierLisible(Preuve {
        dossier,
        compte: compte.clone(),
    }))
}

/// # Errors
/// [`Refus::Absent`] as [`lisible`], [`Refus::Place`] for a membre.
pub async fn porte(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierPorte, Refus> {
    role(compte)?;
    if !situation(pool, compte, dossier).await?.portee_par(compte) {
        return Err(Refus::Place);
    }
    Ok(DossierPorte(Preuve {
        dossier,
        compte: compte.clone(),
    }))
}

/// # Errors
/// [`Refus`], in the order: absent, membre, role, abandoned or deposited.
pub async fn modifiable(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierModifiable, Refus> {
    brouillon(pool, compte, dossier, RoleOg::Edition)
        .await
        .map(DossierModifiable)
}

/// # Errors
/// [`Refus`], in the order: absent, membre, role, abandoned or deposited.
pub async fn deposable(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierDeposable, Refus> {
    brouillon(pool, compte, dossier, RoleOg::Depot)
        .await
        .map(DossierDeposable)
}

/// # Errors
/// [`Refus`], in the order: absent, role, not deposited.
pub async fn retirable(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierRetirable, Refus> {
    match brouillon(pool, compte, dossier, RoleOg::Depot).await {
        Err(Refus::Depose) => Ok(DossierRetirable(Preuve {
            dossier,
            compte: compte.clone(),
        })),
        Ok(_) | Err(Refus::Abandonne) => Err(Refus::NonDepose),
        Err(refus) => Err(refus),
    }
}

/// # Errors
/// [`Refus`], in the order: absent, membre, role.
pub async fn signe(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierSigne, Refus> {
    let porte = porte(pool, compte, dossier).await?;
    if role(compte)? < RoleOg::Depot {
        return Err(Refus::Role(RoleOg::Depot));
    }
    Ok(DossierSigne(porte.0))
}

async fn brouillon(pool: &PgPool, compte: &Compte, dossier: Uuid, minimum: RoleOg) -> Result<Preuve, Refus> {
    let role = role(compte)?;
    let situation = situation(pool, compte, dossier).await?;
    if !situation.portee_par(compte) {
        return Err(Refus::Place);
    }
    if role < minimum {
        return Err(Refus::Role(minimum));
    }
    situation.brouillon(dossier, compte)
}

/// # Errors
/// [`Refus`], in the order: absent, role, abandoned or deposited.
pub async fn faits_modifiables(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<FaitsModifiables, Refus> {
    let role = role(compte)?;
    let situation = situation(pool, compte, dossier).await?;
    if role < RoleOg::Edition {
        return Err(Refus::Role(RoleOg::Edition));
    }
    situation.brouillon(dossier, compte).map(FaitsModifiables)
}

/// # Errors
/// [`Refus`], in the order: absent, porteur, role, abandoned or deposited.
pub async fn partage(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierPartage, Refus> {
    let role = role(compte)?;
    let situation = situation(pool, compte, dossier).await?;
    if situation.portee_par(compte) {
        return Err(Refus::Place);
    }
    if role < RoleOg::Depot {
        return Err(Refus::Role(RoleOg::Depot));
    }
    situation.brouillon(dossier, compte).map(DossierPartage)
}

/// # Errors
/// [`Refus`], in the order: absent, membre, role, deposited.
pub async fn non_depose(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierNonDepose, Refus> {
    match brouillon(pool, compte, dossier, RoleOg::Edition).await {
        Ok(preuve) => Ok(DossierNonDepose(preuve)),
        Err(Refus::Abandonne) => Ok(DossierNonDepose(Preuve {
            dossier,
            compte: compte.clone(),
        })),
        Err(refus) => Err(refus),
    }
}

/// # Errors
/// [`Refus::Absent`] unless the account is an instructor and the dossier is deposited in its région.
pub async fn instruit(pool: &PgPool, compte: &Compte, dossier: Uuid) -> Result<DossierInstruit, Refus> {
    match &compte.profil {
        Profil::Ars { .. } => {
            situation(pool, compte, dossier).await?;
            Ok(DossierInstruit(Preuve {
                dossier,
                compte: compte.clone(),
            }))
        }
        Profil::Og { .. } | Profil::EnAttente { .. } | Profil::Accompagnement { .. } | Profil::Administration => {
            Err(Refus::Absent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_an_og_or_regions() {
        let og = Perimetre {
            og: Finess::parse("590799730").ok(),
            regions: Vec::new(),
        };
        assert_eq!(
            ouverture(&og),
            "begin; set local role portail_app; set local portail.og = '590799730'; set local portail.regions = ''"
        );
        let regions = Perimetre {
            og: None,
            regions: vec!["11".into(), "2A".into()],
        };
        assert!(ouverture(&regions).ends_with("portail.og = ''; set local portail.regions = '11,2A'"));
    }

    #[test]
    fn what_is_no_code_of_region_opens_nothing() {
        let regions = ["'", "11'", "11,84", "11; reset role", "é", "\\"];
        let perimetre = Perimetre {
            og: None,
            regions: regions.map(str::to_owned).to_vec(),
        };
        assert!(ouverture(&perimetre).ends_with("portail.og = ''; set local portail.regions = ''"));
    }
}
