//! Accounts and failed log-ins.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::compte::{Compte, EtatCompte, Profil, RoleOg};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// The columns of `compte` that make a [`Compte`].
#[derive(Debug)]
pub(super) struct LigneCompte {
    pub id: Uuid,
    pub courriel: String,
    pub nom: String,
    pub profil: String,
    pub og: Option<String>,
    pub role_og: Option<String>,
    pub regions: Vec<String>,
    pub etat: String,
}

/// The [`LigneCompte`] within a row that holds more.
macro_rules! ligne_compte {
    ($ligne:expr) => {
        $crate::store::comptes::LigneCompte {
            id: $ligne.id,
            courriel: $ligne.courriel,
            nom: $ligne.nom,
            profil: $ligne.profil,
            og: $ligne.og,
            role_og: $ligne.role_og,
            regions: $ligne.regions,
            etat: $ligne.etat,
        }
    };
}
pub(super) use ligne_compte;

impl LigneCompte {
    /// The account, unless the row contradicts the table's own constraints, or is that of an account removed.
    pub(super) fn compte(self) -> Option<Compte> {
        let etat = EtatCompte::depuis(&self.etat)?;
        let profil = match self.profil.as_str() {
            _ if etat == EtatCompte::Retire => return None,
            "og" if etat == EtatCompte::AApprouver => Profil::EnAttente {
                og: Finess::parse(&self.og?).ok()?,
            },
            "og" => Profil::Og {
                og: Finess::parse(&self.og?).ok()?,
                role: RoleOg::depuis(&self.role_og?)?,
            },
            "ars" => Profil::Ars { regions: self.regions },
            "accompagnement" => Profil::Accompagnement { regions: self.regions },
            "administration" => Profil::Administration,
            _ => return None,
        };
        Some(Compte {
            id: self.id,
            courriel: self.courriel,
            nom: self.nom,
            profil,
        })
    }
}

/// The account of this number, unless it was removed.
///
/// # Errors
/// The database's.
pub async fn load(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Compte>> {
    let ligne = sqlx::query_as!(
        LigneCompte,
        "select id, courriel, nom, profil, og, role_og, regions, etat from compte where id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(LigneCompte::compte))
}

/// The account of this address and the hash of its password (argon2id, PHC form).
///
/// # Errors
/// The database's.
pub async fn load_par_courriel(conn: &mut PgConnection, courriel: &str) -> sqlx::Result<Option<(Compte, String)>> {
    let ligne = sqlx::query!(
        "select id, courriel, nom, profil, og, role_og, regions, etat, mot_de_passe from compte
         where lower(courriel) = lower($1) and etat <> 'retire'",
        courriel
    )
    .fetch_optional(conn)
    .await?;
    Ok(ligne.and_then(|l| {
        let mot_de_passe = l.mot_de_passe;
        ligne_compte!(l).compte().map(|compte| (compte, mot_de_passe))
    }))
}

/// An account to create.
#[derive(Debug)]
pub struct NouveauCompte<'a> {
    /// Who, in which capacity.
    pub compte: &'a Compte,
    /// argon2id, PHC form.
    pub mot_de_passe: &'a str,
    /// When the person accepted the terms of use.
    pub conditions_le: Option<DateTime<Utc>>,
    /// Of a demonstration.
    pub fictif: bool,
}

/// Creates an account. None when the address is another account's, which stays as it is; a removed one has let its address go.
///
/// # Errors
/// The database's; an OG absent from the registry is a foreign key violation.
pub async fn create(
    conn: &mut PgConnection,
    nouveau: &NouveauCompte<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let compte = nouveau.compte;
    let mut etat = EtatCompte::Actif;
    let (profil, og, role, regions): (&str, Option<String>, Option<&str>, &[String]) = match &compte.profil {
        Profil::Og { og, role } => ("og", Some(og.to_string()), Some(role.code()), &[]),
        Profil::EnAttente { og } => {
            etat = EtatCompte::AApprouver;
            ("og", Some(og.to_string()), Some(RoleOg::Lecture.code()), &[])
        }
        Profil::Ars { regions } => ("ars", None, None, regions),
        Profil::Accompagnement { regions } => ("accompagnement", None, None, regions),
        Profil::Administration => ("administration", None, None, &[]),
    };
    sqlx::query_scalar!(
        "insert into compte (id, courriel, nom, mot_de_passe, profil, og, role_og, regions, etat, conditions_le, fictif, cree_le)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (lower(courriel)) where etat <> 'retire' do nothing
         returning id",
        compte.id,
        compte.courriel,
        compte.nom,
        nouveau.mot_de_passe,
        profil,
        og,
        role,
        regions,
        etat.code(),
        nouveau.conditions_le,
        nouveau.fictif,
        maintenant
    )
    .fetch_optional(conn)
    .await
}

/// The account of this address, in use or waiting for an approval.
///
/// # Errors
/// The database's.
pub async fn load_id(conn: &mut PgConnection, courriel: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select compte_de_l_adresse($1)", courriel)
        .fetch_one(conn)
        .await
}

/// Closes an account, whatever it may do: its sessions, its second factor and its links go with it; its name stays where it signed.
///
/// # Errors
/// The database's.
pub async fn retirer(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update compte set etat = 'retire' where id = $1", compte)
        .execute(&mut *conn)
        .await?;
    super::sessions::delete_toutes(conn, compte).await
}

/// The hash of an account's password.
///
/// # Errors
/// The database's.
pub async fn load_mot_de_passe(conn: &mut PgConnection, compte: Uuid) -> sqlx::Result<String> {
    sqlx::query_scalar!("select mot_de_passe from compte where id = $1", compte)
        .fetch_one(conn)
        .await
}

/// Sets the hash of an account's password.
///
/// # Errors
/// The database's.
pub async fn save_mot_de_passe(conn: &mut PgConnection, compte: Uuid, hachage: &str) -> sqlx::Result<()> {
    sqlx::query!("update compte set mot_de_passe = $2 where id = $1", compte, hachage)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets the name of a person.
///
/// # Errors
/// The database's.
pub async fn save_nom(conn: &mut PgConnection, compte: Uuid, nom: &str) -> sqlx::Result<()> {
    sqlx::query!("update compte set nom = $2 where id = $1", compte, nom)
        .execute(conn)
        .await?;
    Ok(())
}

/// The accounts of an OG that have this role at least.
///
/// # Errors
/// The database's.
pub async fn list_de_l_og(conn: &mut PgConnection, og: Finess, minimum: RoleOg) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from compte where og = $1 and etat = 'actif' and role_og = any ($2) order by id",
        og.as_str(),
        &codes_depuis(minimum)
    )
    .fetch_all(conn)
    .await
}

/// Whether somebody of the OG can let others in.
///
/// # Errors
/// The database's.
pub async fn a_un_signataire(conn: &mut PgConnection, og: Finess) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select a_un_signataire($1) as "a!""#, og.as_str())
        .fetch_one(conn)
        .await
}

/// Codes of this role and of those that include it.
pub(super) fn codes_depuis(minimum: RoleOg) -> Vec<String> {
    let roles = RoleOg::TOUTES.iter().filter(|role| **role >= minimum);
    roles.map(|role| role.code().to_owned()).collect()
}

/// Which kinds of accounts there are.
#[derive(Debug, Clone, Copy)]
pub struct Natures {
    /// Some are a demonstration's.
    pub fictifs: bool,
    /// Some are of real persons.
    pub reels: bool,
}

/// Which kinds of accounts there are.
///
/// # Errors
/// The database's.
pub async fn natures(conn: &mut PgConnection) -> sqlx::Result<Natures> {
    sqlx::query_as!(
        Natures,
        r#"select exists (select from compte where fictif) as "fictifs!",
                  exists (select from compte where not fictif) as "reels!""#
    )
    .fetch_one(conn)
    .await
}

/// The most that may be noted under a key since an instant.
#[derive(Debug, Clone, Copy)]
pub struct Plafond<'a> {
    /// The key.
    pub cle: &'a [u8],
    /// The most, at least one.
    pub nombre: i64,
    /// Since when.
    pub depuis: DateTime<Utc>,
}

/// For each of these, when the oldest of its last `nombre` was noted; `None` when fewer were since its instant.
///
/// # Errors
/// The database's.
pub async fn load_atteints(
    conn: &mut PgConnection,
    plafonds: &[Plafond<'_>],
) -> sqlx::Result<Vec<Option<DateTime<Utc>>>> {
    let cles: Vec<Vec<u8>> = plafonds.iter().map(|p| p.cle.to_vec()).collect();
    let nombres: Vec<i64> = plafonds.iter().map(|p| p.nombre).collect();
    let depuis: Vec<DateTime<Utc>> = plafonds.iter().map(|p| p.depuis).collect();
    sqlx::query_scalar!(
        r#"select (select e.survenu_le from echec_connexion e where e.cle = p.cle and e.survenu_le > p.depuis
                   order by e.survenu_le desc offset p.nombre - 1 limit 1) as "survenu_le?"
           from unnest($1::bytea[], $2::bigint[], $3::timestamptz[]) with ordinality as p (cle, nombre, depuis, rang)
           order by p.rang"#,
        &cles,
        &nombres,
        &depuis
    )
    .fetch_all(conn)
    .await
}

/// Notes a failed log-in under each key, and forgets those before `oubli`.
///
/// # Errors
/// The database's.
pub async fn noter_echec(
    conn: &mut PgConnection,
    cles: &[Vec<u8>],
    maintenant: DateTime<Utc>,
    oubli: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with anciens as (delete from echec_connexion where survenu_le < $3)
         insert into echec_connexion (cle, survenu_le) select cle, $2 from unnest($1::bytea[]) as c (cle)",
        cles,
        maintenant,
        oubli
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A successful log-in clears the failures of that account.
///
/// # Errors
/// The database's.
pub async fn oublier_echecs(conn: &mut PgConnection, cle: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from echec_connexion where cle = $1", cle)
        .execute(conn)
        .await?;
    Ok(())
}
