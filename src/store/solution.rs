//! The imported referential of DUI solutions.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::nomenclature::{Liste, Referentiel, Secteur, ServiceSocle};
use crate::rules::faits;

/// A version of a DUI solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolutionDui {
    /// Key.
    pub id: Uuid,
    /// Commercial name.
    pub nom: String,
    /// Publisher.
    pub editeur: String,
    /// Version.
    pub version: String,
    /// Couloirs of its Ségur reference.
    pub couloirs: Vec<Secteur>,
    /// Référencée Ségur.
    pub segur: bool,
    /// Referenced in the national SAD.
    pub sad: bool,
    /// Professional referentials integrated.
    pub referentiels: Vec<Referentiel>,
    /// Services socles integrated.
    pub services_socles: Vec<ServiceSocle>,
    /// Interfaced with a regional e-parcours platform; `None` when the referential does not say.
    pub plateforme_eparcours: Option<bool>,
    /// In the referential from.
    pub debut: Option<NaiveDate>,
    /// In the referential until.
    pub fin: Option<NaiveDate>,
    /// Shipped for demonstration: must be said wherever it is shown.
    pub fictif: bool,
    /// No longer in the referential since.
    pub retiree_le: Option<NaiveDate>,
}

impl SolutionDui {
    /// The solution as the rules look at it.
    pub fn fait(&self) -> faits::Solution {
        faits::Solution {
            nom: self.nom.clone(),
            version: Some(self.version.clone()),
            segur: Some(self.segur),
            sad: Some(self.sad),
            couloirs: Some(self.couloirs.clone()),
            referentiels: Some(self.referentiels.clone()),
            services_socles: Some(self.services_socles.clone()),
            plateforme_eparcours: self.plateforme_eparcours,
        }
    }
}

/// A solution as a file of the referential describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolutionLue {
    /// Commercial name.
    pub nom: String,
    /// Publisher.
    pub editeur: String,
    /// Version.
    pub version: String,
    /// Couloirs of its Ségur reference.
    pub couloirs: Vec<Secteur>,
    /// Référencée Ségur.
    pub segur: bool,
    /// Referenced in the national SAD.
    pub sad: bool,
    /// Professional referentials integrated.
    pub referentiels: Vec<Referentiel>,
    /// Services socles integrated.
    pub services_socles: Vec<ServiceSocle>,
    /// Interfaced with a regional e-parcours platform.
    pub plateforme_eparcours: Option<bool>,
    /// In the referential from.
    pub debut: Option<NaiveDate>,
    /// In the referential until.
    pub fin: Option<NaiveDate>,
    /// Shipped for demonstration.
    pub fictif: bool,
}

impl SolutionLue {
    /// What makes it one and the same solution.
    pub fn cle(&self) -> (&str, &str, &str) {
        (&self.nom, &self.editeur, &self.version)
    }
}

/// What an import of the referential did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BilanSolutions {
    /// Solutions in the file.
    pub lues: usize,
    /// New ones.
    pub nouvelles: usize,
    /// Changed ones, come back included.
    pub modifiees: usize,
    /// No longer in the file.
    pub retirees: u64,
}

struct Ligne {
    id: Uuid,
    nom: String,
    editeur: String,
    version: String,
    couloirs: Vec<String>,
    segur: bool,
    sad: bool,
    referentiels: Vec<String>,
    services_socles: Vec<String>,
    plateforme_eparcours: Option<bool>,
    debut: Option<NaiveDate>,
    fin: Option<NaiveDate>,
    fictif: bool,
    retiree_le: Option<NaiveDate>,
}

impl From<Ligne> for SolutionDui {
    fn from(l: Ligne) -> Self {
        Self {
            id: l.id,
            nom: l.nom,
            editeur: l.editeur,
            version: l.version,
            couloirs: valeurs(&l.couloirs),
            segur: l.segur,
            sad: l.sad,
            referentiels: valeurs(&l.referentiels),
            services_socles: valeurs(&l.services_socles),
            plateforme_eparcours: l.plateforme_eparcours,
            debut: l.debut,
            fin: l.fin,
            fictif: l.fictif,
            retiree_le: l.retiree_le,
        }
    }
}

fn codes<L: Liste>(valeurs: &[L]) -> Vec<String> {
    valeurs.iter().map(|valeur| valeur.code().to_owned()).collect()
}

fn valeurs<L: Liste>(codes: &[String]) -> Vec<L> {
    codes.iter().filter_map(|code| L::depuis(code)).collect()
}

/// One SELECT for both ways in: by keys, or those in force.
async fn lire(conn: &mut PgConnection, ids: Option<&[Uuid]>) -> Result<Vec<SolutionDui>, sqlx::Error> {
    let lignes = sqlx::query_as!(
        Ligne,
        r#"select id, nom, editeur, version, couloirs, segur, sad, referentiels, services_socles,
                  plateforme_eparcours, debut, fin, fictif, retiree_le
           from solution_dui
           where case when $1::uuid[] is null then retiree_le is null else id = any ($1) end
           order by nom, editeur, version desc"#,
        ids
    )
    .fetch_all(conn)
    .await?;
    Ok(lignes.into_iter().map(SolutionDui::from).collect())
}

/// The solutions of the referential in force, by name.
///
/// # Errors
/// The database's.
pub async fn lister_solutions(conn: &mut PgConnection) -> Result<Vec<SolutionDui>, sqlx::Error> {
    lire(conn, None).await
}

/// The solutions of these keys, retired ones included: a dossier may cite them.
///
/// # Errors
/// The database's.
pub async fn charger_solutions(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<SolutionDui>, sqlx::Error> {
    lire(conn, Some(ids)).await
}

/// Makes the referential what `solutions` says. A solution that is not there any more is retired, not
/// deleted: dossiers cite it.
///
/// # Errors
/// The database's.
pub async fn remplacer_solutions(
    conn: &mut PgConnection,
    solutions: &[SolutionLue],
) -> Result<BilanSolutions, sqlx::Error> {
    let mut bilan = BilanSolutions {
        lues: solutions.len(),
        ..BilanSolutions::default()
    };
    for solution in solutions {
        match enregistrer(conn, solution).await? {
            Some(true) => bilan.nouvelles += 1,
            Some(false) => bilan.modifiees += 1,
            None => {}
        }
    }
    let noms: Vec<String> = solutions.iter().map(|s| s.nom.clone()).collect();
    let editeurs: Vec<String> = solutions.iter().map(|s| s.editeur.clone()).collect();
    let versions: Vec<String> = solutions.iter().map(|s| s.version.clone()).collect();
    bilan.retirees = sqlx::query!(
        "update solution_dui set retiree_le = current_date
         where retiree_le is null
           and (nom, editeur, version) not in (select * from unnest($1::text[], $2::text[], $3::text[]))",
        &noms,
        &editeurs,
        &versions
    )
    .execute(conn)
    .await?
    .rows_affected();
    Ok(bilan)
}

/// Whether the solution is new; nothing when it was already so.
async fn enregistrer(conn: &mut PgConnection, s: &SolutionLue) -> Result<Option<bool>, sqlx::Error> {
    sqlx::query_scalar!(
        // xmax is zero on a row that was inserted, not updated.
        r#"insert into solution_dui as d
               (nom, editeur, version, couloirs, segur, sad, referentiels, services_socles,
                plateforme_eparcours, debut, fin, fictif, importee_le)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
           on conflict on constraint solution_dui_unique do update
           set couloirs = excluded.couloirs, segur = excluded.segur, sad = excluded.sad,
               referentiels = excluded.referentiels, services_socles = excluded.services_socles,
               plateforme_eparcours = excluded.plateforme_eparcours, debut = excluded.debut,
               fin = excluded.fin, fictif = excluded.fictif, importee_le = now(), retiree_le = null
           where (d.couloirs, d.segur, d.sad, d.referentiels, d.services_socles, d.plateforme_eparcours,
                  d.debut, d.fin, d.fictif, d.retiree_le)
                 is distinct from
                 (excluded.couloirs, excluded.segur, excluded.sad, excluded.referentiels,
                  excluded.services_socles, excluded.plateforme_eparcours, excluded.debut, excluded.fin,
                  excluded.fictif, null::date)
           returning (xmax = 0) as "nouvelle!""#,
        s.nom,
        s.editeur,
        s.version,
        &codes(&s.couloirs),
        s.segur,
        s.sad,
        &codes(&s.referentiels),
        &codes(&s.services_socles),
        s.plateforme_eparcours,
        s.debut,
        s.fin,
        s.fictif,
    )
    .fetch_optional(conn)
    .await
}
