//! What a typed number is: an ESSMS, open or closed, or an OG typed in its place, by its EJ or its SIREN.

use std::collections::HashMap;

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::registre::{numero, textes};
use crate::domain::finess::Finess;

/// What a number is in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconnaissance {
    /// An open ET.
    EssmsOuvert,
    /// An ET closed on this date.
    EssmsFerme(NaiveDate),
    /// An EJ, typed where an ET was expected perhaps.
    Organisme {
        /// Its name, when known.
        nom: Option<String>,
        /// Its open ET, by number.
        essms: Vec<Finess>,
    },
    /// A SIREN, which has nine digits and the same key.
    Siren {
        /// Name of the OG, when known.
        nom: Option<String>,
    },
    /// Absent from the registry.
    Inconnu,
}

impl Reconnaissance {
    /// Whether it is the number of an OG, of either kind: it is never counted as an ESSMS.
    pub fn d_un_organisme(&self) -> bool {
        matches!(self, Self::Organisme { .. } | Self::Siren { .. })
    }
}

/// What each of these numbers is, in the order asked.
///
/// # Errors
/// The database's.
pub async fn reconnaitre(
    conn: &mut PgConnection,
    numeros: &[Finess],
) -> Result<Vec<(Finess, Reconnaissance)>, sqlx::Error> {
    let essms = sqlx::query!(
        // Closed means what it means for the rules: the state, not the date alone.
        "select finess, case when etat = 'ferme' then ferme_le end as ferme_le from essms where finess = any ($1)",
        &textes(numeros)
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut connus = HashMap::new();
    for ligne in essms {
        let sens = ligne
            .ferme_le
            .map_or(Reconnaissance::EssmsOuvert, Reconnaissance::EssmsFerme);
        connus.insert(ligne.finess, sens);
    }
    let organismes = sqlx::query!(
        r#"select o.finess, o.raison_sociale,
                  array(select e.finess from essms e where e.organisme = o.finess and e.etat = 'ouvert'
                        order by e.finess) as "essms!"
           from organisme o where o.finess = any ($1)"#,
        &textes(numeros)
    )
    .fetch_all(&mut *conn)
    .await?;
    for ligne in organismes {
        let essms = ligne.essms.iter().map(|n| numero(n)).collect::<Result<_, _>>()?;
        let sens = Reconnaissance::Organisme {
            nom: ligne.raison_sociale,
            essms,
        };
        connus.entry(ligne.finess).or_insert(sens);
    }
    let inconnus: Vec<String> = textes(numeros)
        .into_iter()
        .filter(|n| !connus.contains_key(n))
        .collect();
    if !inconnus.is_empty() {
        let sirens = sqlx::query!(
            r#"select siren as "siren!", min(raison_sociale) as nom from organisme where siren = any ($1) group by siren"#,
            &inconnus
        )
        .fetch_all(conn)
        .await?;
        for ligne in sirens {
            connus.insert(ligne.siren, Reconnaissance::Siren { nom: ligne.nom });
        }
    }
    Ok(numeros
        .iter()
        .map(|n| (*n, connus.get(n.as_str()).cloned().unwrap_or(Reconnaissance::Inconnu)))
        .collect())
}
