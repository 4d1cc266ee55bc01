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

fn valeurs<L: Liste>(codes: &[String]) -> Vec<L> {
    codes.iter().filter_map(|code| L::depuis(code)).collect()
}

/// One SELECT for the three ways in: by keys, by words, or all.
async fn lire(
    conn: &mut PgConnection,
    ids: Option<&[Uuid]>,
    texte: Option<&str>,
    avec_retirees: bool,
    limite: Option<i64>,
) -> Result<Vec<SolutionDui>, sqlx::Error> {
    let lignes = sqlx::query_as!(
        Ligne,
        r#"select id, nom, editeur, version, couloirs, segur, sad, referentiels, services_socles,
                  plateforme_eparcours, debut, fin, fictif, retiree_le
           from solution_dui
           where ($1::uuid[] is null or id = any ($1))
             and ($2::text is null or sans_accents($2) <% sans_accents(nom || ' ' || editeur))
             and ($3 or retiree_le is null)
           order by case when $2::text is null then 0
                         else word_similarity(sans_accents($2), sans_accents(nom || ' ' || editeur)) end desc,
                    nom, editeur, version desc
           limit $4"#,
        ids,
        texte,
        avec_retirees,
        limite
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
    lire(conn, None, None, false, None).await
}

/// The solutions whose name or publisher is close to `texte`, the closest first.
///
/// # Errors
/// The database's.
pub async fn chercher_solutions(
    conn: &mut PgConnection,
    texte: &str,
    limite: i64,
) -> Result<Vec<SolutionDui>, sqlx::Error> {
    let texte = texte.trim();
    lire(conn, None, (!texte.is_empty()).then_some(texte), false, Some(limite)).await
}

/// The solutions of these keys, retired ones included: a dossier may cite them.
///
/// # Errors
/// The database's.
pub async fn charger_solutions(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<SolutionDui>, sqlx::Error> {
    lire(conn, Some(ids), None, true, None).await
}
