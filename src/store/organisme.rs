//! The OGs of the registry (FINESS EJ).

use sqlx::PgConnection;

use super::registre::{compte, numero, textes};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Etat, Liste};
use crate::domain::territoire::{Departement, departement};

/// An OG of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganismeRegistre {
    /// FINESS EJ.
    pub finess: Finess,
    /// Its name, when a legal entities file gave it.
    pub nom: Option<String>,
    /// Its longer name, when it has one.
    pub nom_long: Option<String>,
    /// SIREN.
    pub siren: Option<String>,
    /// Code of its legal status.
    pub statut_juridique: Option<String>,
    /// Label of its legal status.
    pub statut_libelle: Option<String>,
    /// Street lines, without the postcode.
    pub adresse: Option<String>,
    /// Postcode.
    pub code_postal: Option<String>,
    /// Name of the commune.
    pub commune: Option<String>,
    /// Where it is.
    pub departement: Option<&'static Departement>,
    /// Open or closed.
    pub etat: Etat,
    /// Open ET of L.312-1 that it manages over the whole registry.
    pub nombre_essms: u32,
    /// Open ET of its own whose category the authority has to look at; not in `nombre_essms`.
    pub nombre_essms_a_verifier: u32,
    /// Generated for demonstration: must be said wherever it is shown.
    pub fictif: bool,
}

/// The OG of these numbers, in the order asked.
///
/// # Errors
/// The database's.
pub async fn charger_organismes(
    conn: &mut PgConnection,
    numeros: &[Finess],
) -> Result<Vec<OrganismeRegistre>, sqlx::Error> {
    let lignes = sqlx::query!(
        r#"select o.finess, o.raison_sociale, o.raison_longue, o.siren, o.statut_juridique, o.statut_libelle, o.adresse,
                  o.code_postal, o.commune, o.departement, o.etat, o.fictif,
                  t.surs as "nombre_essms!", t.a_verifier as "nombre_essms_a_verifier!"
           from unnest($1::text[]) with ordinality as d (finess, rang)
           join organisme o on o.finess = d.finess
           cross join lateral (
               select count(*) filter (where c.eligibilite = 'oui') as surs,
                      count(*) filter (where c.eligibilite = 'a_verifier') as a_verifier
               from essms e join categorie c on c.code = e.categorie
               where e.organisme = o.finess and e.etat = 'ouvert'
           ) t
           order by d.rang"#,
        &textes(numeros)
    )
    .fetch_all(conn)
    .await?;
    lignes
        .into_iter()
        .map(|l| {
            Ok(OrganismeRegistre {
                finess: numero(&l.finess)?,
                nom: l.raison_sociale,
                nom_long: l.raison_longue,
                siren: l.siren,
                statut_juridique: l.statut_juridique,
                statut_libelle: l.statut_libelle,
                adresse: l.adresse,
                code_postal: l.code_postal,
                commune: l.commune,
                departement: l.departement.as_deref().and_then(departement),
                etat: Etat::depuis(&l.etat).unwrap_or(Etat::Inconnu),
                nombre_essms: compte(l.nombre_essms),
                nombre_essms_a_verifier: compte(l.nombre_essms_a_verifier),
                fictif: l.fictif,
            })
        })
        .collect()
}
