//! What stands around a dossier: who carries it, what other dossiers engage, who consented, how fresh the registry is.

use std::collections::HashSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::dossiers::etat;
use super::registre::{self, Fraicheur};
use crate::domain::dossier::{Dossier, EtatDossier};
use crate::domain::finess::Finess;

/// What is around a dossier.
#[derive(Debug, Default)]
pub struct Entourage {
    /// Name of the porteur in the registry, when it is known.
    pub porteur_nom: Option<String>,
    /// Which of the ESSMS asked for stand in another live dossier (ELI-E05). Nothing else is disclosed.
    pub engages: HashSet<Finess>,
    /// The ESSMS that the OG which manages them lets in; those of the porteur need no consent.
    pub accords: HashSet<Finess>,
    /// How fresh the registry is; `None` when it was never loaded.
    pub fraicheur: Option<Fraicheur>,
}

/// What is around this dossier with these ESSMS, beside the dossiers of these editions.
///
/// # Errors
/// The database's.
pub async fn load(
    conn: &mut PgConnection,
    dossier: &Dossier,
    numeros: &[Finess],
    editions: &[String],
) -> sqlx::Result<Entourage> {
    let l = sqlx::query!(
        r#"select (select raison_sociale from organisme where finess = $3) as porteur_nom,
                  array(select essms_engages_ailleurs($1, $2, $4)) as "engages!",
                  array(select c.finess from consentement c join essms e on e.finess = c.finess and e.organisme = c.og
                        where c.dossier_id = $2 and c.etat = 'donne') as "accords!",
                  (select max(date_donnees) from import_finess where avec_et and not fictif) as reelles,
                  (select max(date_donnees) from import_finess where avec_et and fictif) as fictives"#,
        &registre::textes(numeros),
        dossier.id,
        dossier.porteur.as_str(),
        editions
    )
    .fetch_one(conn)
    .await?;
    let fraicheur = Fraicheur {
        reelles: l.reelles,
        fictives: l.fictives,
    };
    Ok(Entourage {
        porteur_nom: l.porteur_nom,
        engages: l.engages.iter().filter_map(|n| Finess::parse(n).ok()).collect(),
        accords: l.accords.iter().filter_map(|n| Finess::parse(n).ok()).collect(),
        fraicheur: fraicheur.connue(),
    })
}

/// An ESSMS that another dossier of the account's sight engages: one of its own, or one it takes part in.
#[derive(Debug, Clone)]
pub struct Double {
    /// The ESSMS.
    pub finess: Finess,
    /// The other dossier.
    pub dossier: Uuid,
    /// Its name.
    pub nom: String,
    /// Where it stands.
    pub etat: EtatDossier,
    /// Whether the OG of the transaction carries it.
    pub porte: bool,
}

/// Which of these ESSMS another dossier that the OG of the transaction may read engages, as `essms_engages_ailleurs` does.
///
/// # Errors
/// The database's.
pub async fn list_doubles(
    conn: &mut PgConnection,
    dossier: Uuid,
    numeros: &[Finess],
    editions: &[String],
) -> sqlx::Result<Vec<Double>> {
    let lignes = sqlx::query!(
        r#"select g.finess, d.id, d.nom, d.etat, d.porteur = portail_og() as "porte!"
           from grappe_essms g
           join dossier d on d.id = g.dossier_id
           left join essms e on e.finess = g.finess
           where portail_og() is not null and g.finess = any ($1) and d.id <> $2 and g.retire_le is null
             and d.abandonne_le is null and d.edition = any ($3)
             and (d.etat <> 'brouillon' or d.porteur = e.organisme
                  or exists (select from consentement c where c.dossier_id = d.id and c.finess = g.finess
                             and c.etat = 'donne' and c.og = e.organisme))
           order by d.cree_le, d.id, g.rang"#,
        &registre::textes(numeros),
        dossier,
        editions
    )
    .fetch_all(conn)
    .await?;
    let double = lignes.into_iter().map(|l| {
        Ok(Double {
            finess: registre::numero(&l.finess)?,
            dossier: l.id,
            nom: l.nom,
            etat: etat(&l.etat)?,
            porte: l.porte,
        })
    });
    double.collect()
}
