//! The establishments of the registry (FINESS ET), as they were last imported.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Categorie, Eligibilite, Etat, Liste, Medicalise, Secteur};
use crate::domain::territoire::{Departement, departement};
use crate::rules::faits::CategorieLue;

pub use super::organisme::{OrganismeRegistre, charger_organismes};
pub use super::reconnaissance::{Reconnaissance, reconnaitre};

/// An establishment of the registry, with what its category and its OG say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct EssmsRegistre {
    /// FINESS ET.
    pub finess: Finess,
    /// FINESS EJ of its OG.
    pub organisme: Finess,
    /// Name of its OG; unknown as long as no legal entities file was imported.
    pub organisme_nom: Option<String>,
    /// Open ET of L.312-1 that its OG manages over the whole registry.
    pub nombre_essms: u32,
    /// Open ET of its OG whose category the authority has to look at; not in `nombre_essms`.
    pub nombre_essms_a_verifier: u32,
    /// Name.
    pub nom: String,
    /// Long name, when it differs.
    pub nom_long: Option<String>,
    /// Street lines, without the postcode.
    pub adresse: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// INSEE code of the commune.
    pub commune_insee: String,
    /// Name of the commune.
    pub commune: String,
    /// Where it is.
    pub departement: Option<&'static Departement>,
    /// Its category, as the editable table reads it.
    pub categorie: CategorieLue,
    /// The registry's own label of its category.
    pub categorie_libelle: Option<String>,
    /// SIRET.
    pub siret: Option<String>,
    /// Opened on.
    pub date_ouverture: Option<NaiveDate>,
    /// Open or closed.
    pub etat: Etat,
    /// Closed on, when closed.
    pub ferme_le: Option<NaiveDate>,
    /// Longitude and latitude, WGS 84 degrees.
    pub position: Option<(f64, f64)>,
    /// The registry's own date of last change.
    pub maj: Option<NaiveDate>,
    /// Generated for demonstration: must be said wherever it is shown.
    pub fictif: bool,
}

/// How fresh the registry is, by origin: real data never lend their date to fictitious ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraicheur {
    /// Date of the real data, when there are some.
    pub reelles: Option<NaiveDate>,
    /// Date of the fictitious data, when there are some.
    pub fictives: Option<NaiveDate>,
}

impl Fraicheur {
    /// None when nothing was imported.
    pub(super) fn connue(self) -> Option<Self> {
        (self.reelles.is_some() || self.fictives.is_some()).then_some(self)
    }

    /// The freshness of what is shown: of its origins only, unless nothing is.
    #[must_use]
    pub fn de<'e>(self, montres: impl IntoIterator<Item = &'e EssmsRegistre>) -> Self {
        let (mut reels, mut fictifs) = (false, false);
        for essms in montres {
            reels |= !essms.fictif;
            fictifs |= essms.fictif;
        }
        let dite = Self {
            reelles: self.reelles.filter(|_| reels),
            fictives: self.fictives.filter(|_| fictifs),
        };
        dite.connue().unwrap_or(self)
    }

    /// The day of the data as people read it, saying which are fictitious.
    pub fn jour(&self) -> String {
        let jour = |date: NaiveDate| date.format("%d/%m/%Y");
        match (self.reelles, self.fictives) {
            (Some(reelles), None) => jour(reelles).to_string(),
            (None, Some(fictives)) => format!("{} (données fictives)", jour(fictives)),
            (Some(reelles), Some(fictives)) => {
                format!(
                    "{} (données réelles), {} (données fictives)",
                    jour(reelles),
                    jour(fictives)
                )
            }
            (None, None) => String::new(),
        }
    }
}

impl EssmsRegistre {
    /// Its category as people call it; empty when the registry does not say.
    pub fn categorie_affichee(&self) -> String {
        match &self.categorie {
            CategorieLue::Connue(connue) => connue.sigle.clone(),
            CategorieLue::HorsTable(code) => self.categorie_libelle.clone().unwrap_or_else(|| code.clone()),
            CategorieLue::Inconnue => String::new(),
        }
    }

    /// The name of its OG, or else its number.
    pub fn organisme_affiche(&self) -> String {
        self.organisme_nom.clone().unwrap_or_else(|| self.organisme.to_string())
    }
}

struct LigneEssms {
    finess: String,
    organisme: String,
    organisme_nom: Option<String>,
    nombre_essms: i64,
    nombre_essms_a_verifier: i64,
    nom: String,
    nom_long: Option<String>,
    adresse: Option<String>,
    code_postal: Option<String>,
    commune_insee: String,
    commune: String,
    departement: String,
    categorie: String,
    categorie_libelle: Option<String>,
    table_libelle: Option<String>,
    table_sigle: Option<String>,
    table_secteur: Option<String>,
    table_medicalise: Option<String>,
    table_eligibilite: Option<String>,
    siret: Option<String>,
    date_ouverture: Option<NaiveDate>,
    etat: String,
    ferme_le: Option<NaiveDate>,
    longitude: Option<f64>,
    latitude: Option<f64>,
    maj: Option<NaiveDate>,
    fictif: bool,
}

impl LigneEssms {
    fn lire(self) -> Result<EssmsRegistre, sqlx::Error> {
        let categorie = self.categorie_lue();
        Ok(EssmsRegistre {
            finess: numero(&self.finess)?,
            organisme: numero(&self.organisme)?,
            organisme_nom: self.organisme_nom,
            nombre_essms: compte(self.nombre_essms),
            nombre_essms_a_verifier: compte(self.nombre_essms_a_verifier),
            nom: self.nom,
            nom_long: self.nom_long,
            adresse: self.adresse,
            code_postal: self.code_postal,
            commune_insee: self.commune_insee,
            commune: self.commune,
            departement: departement(&self.departement),
            categorie,
            categorie_libelle: self.categorie_libelle,
            siret: self.siret,
            date_ouverture: self.date_ouverture,
            etat: Etat::depuis(&self.etat).unwrap_or(Etat::Inconnu),
            ferme_le: self.ferme_le,
            position: self.longitude.zip(self.latitude),
            maj: self.maj,
            fictif: self.fictif,
        })
    }

    fn categorie_lue(&self) -> CategorieLue {
        let lue = || {
            Some(Categorie {
                code: self.categorie.clone(),
                libelle: self.table_libelle.clone()?,
                sigle: self.table_sigle.clone()?,
                secteur: self.table_secteur.as_deref().and_then(Secteur::depuis),
                medicalise: Medicalise::depuis(self.table_medicalise.as_deref()?)?,
                eligibilite: Eligibilite::depuis(self.table_eligibilite.as_deref()?)?,
            })
        };
        lue().map_or_else(|| CategorieLue::HorsTable(self.categorie.clone()), CategorieLue::Connue)
    }
}

/// A number written by the importer, which only writes valid ones.
pub(super) fn numero(texte: &str) -> Result<Finess, sqlx::Error> {
    Finess::parse(texte).map_err(|erreur| sqlx::Error::Decode(Box::new(erreur)))
}

pub(super) fn compte(nombre: i64) -> u32 {
    u32::try_from(nombre).unwrap_or(u32::MAX)
}

pub(super) fn textes(numeros: &[Finess]) -> Vec<String> {
    numeros.iter().map(Finess::to_string).collect()
}

/// The establishments of these numbers, in the order asked, in one query; a number that is not an ET
/// of the registry gives no row ([`super::reconnaissance`] says what it is).
///
/// # Errors
/// The database's.
pub async fn charger_essms(conn: &mut PgConnection, numeros: &[Finess]) -> Result<Vec<EssmsRegistre>, sqlx::Error> {
    let lignes = sqlx::query_as!(
        LigneEssms,
        // The OGs are counted once each, from the index alone, not once per establishment.
        r#"with demande as (
               select finess, rang from unnest($1::text[]) with ordinality as d (finess, rang)
           ), taille as (
               select s.organisme,
                      count(*) filter (where c.eligibilite = 'oui') as nombre,
                      count(*) filter (where c.eligibilite = 'a_verifier') as a_verifier
               from essms s
               join categorie c on c.code = s.categorie
               where s.etat = 'ouvert'
                 and s.organisme = any (array(select e.organisme from essms e where e.finess = any ($1::text[])))
               group by s.organisme
           )
           select e.finess, e.organisme, o.raison_sociale as "organisme_nom?",
                  coalesce(t.nombre, 0) as "nombre_essms!",
                  coalesce(t.a_verifier, 0) as "nombre_essms_a_verifier!",
                  e.nom, e.nom_long, e.adresse, e.code_postal, e.commune_insee, e.commune, e.departement,
                  e.categorie, e.categorie_libelle,
                  c.libelle as "table_libelle?", c.sigle as "table_sigle?", c.secteur as table_secteur,
                  c.medicalise as "table_medicalise?", c.eligibilite as "table_eligibilite?",
                  e.siret, e.date_ouverture, e.etat, e.ferme_le, e.longitude, e.latitude, e.maj, e.fictif
           from demande d
           join essms e on e.finess = d.finess
           join organisme o on o.finess = e.organisme
           left join categorie c on c.code = e.categorie
           left join taille t on t.organisme = e.organisme
           order by d.rang"#,
        &textes(numeros),
    )
    .fetch_all(conn)
    .await?;
    lignes.into_iter().map(LigneEssms::lire).collect()
}

/// Open ESSMS of these OGs whose category is one of L.312-1, but for those of `sauf`: those of the first OG
/// first, by name.
///
/// # Errors
/// The database's.
pub async fn lister_candidats(
    conn: &mut PgConnection,
    organismes: &[Finess],
    sauf: &[Finess],
    limite: i64,
) -> Result<Vec<Finess>, sqlx::Error> {
    let numeros = sqlx::query_scalar!(
        "select e.finess from essms e
         join categorie c on c.code = e.categorie and c.eligibilite = 'oui'
         where e.etat = 'ouvert' and e.organisme = any ($1) and e.finess <> all ($2)
         order by array_position($1, e.organisme), e.nom, e.finess limit $3",
        &textes(organismes),
        &textes(sauf),
        limite
    )
    .fetch_all(conn)
    .await?;
    numeros.iter().map(|n| numero(n)).collect()
}

/// The freshest data imported about establishments; none as long as the registry is empty.
///
/// # Errors
/// The database's.
pub async fn date_du_repertoire(conn: &mut PgConnection) -> Result<Option<Fraicheur>, sqlx::Error> {
    let fraicheur = sqlx::query_as!(
        Fraicheur,
        "select max(date_donnees) filter (where not fictif) as reelles,
                max(date_donnees) filter (where fictif) as fictives
         from import_finess where avec_et"
    )
    .fetch_one(conn)
    .await?;
    Ok(fraicheur.connue())
}

/// For each `(at least, at most)`, the first OG of an Île-de-France département that manages that many
/// open ESSMS; no OG is given twice. For the demonstration's accounts.
///
/// # Errors
/// The database's.
pub async fn og_de_taille(conn: &mut PgConnection, tailles: &[(i64, i64)]) -> Result<Vec<Finess>, sqlx::Error> {
    let mut trouves: Vec<Finess> = Vec::new();
    for (au_moins, au_plus) in tailles {
        let deja = textes(&trouves);
        let og = sqlx::query_scalar!(
            "select e.organisme from essms e
             join categorie c on c.code = e.categorie and c.eligibilite = 'oui'
             join departement d on d.code = e.departement and d.region = '11'
             where e.etat = 'ouvert' and e.organisme <> all ($3)
             group by e.organisme having count(*) between $1 and $2 order by e.organisme limit 1",
            au_moins,
            au_plus,
            &deja
        )
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(og) = og {
            trouves.push(numero(&og)?);
        }
    }
    Ok(trouves)
}
