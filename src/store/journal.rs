//! Who did what, when, before and after.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::acces::Lecture;

/// A field that changed, in words people read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChampChange {
    /// Name of the field in the form.
    pub champ: String,
    /// Its label.
    pub libelle: String,
    /// What it said; empty for nothing.
    pub avant: String,
    /// What it says.
    pub apres: String,
}

/// An entry to write.
#[derive(Debug)]
pub struct Entree<'a> {
    /// Its identifier: the page after the save quotes it to say what changed.
    pub id: Uuid,
    /// Who.
    pub compte: Uuid,
    /// What was done, in words people read.
    pub action: &'a str,
    /// Code of the step, when it was one.
    pub etape: Option<&'a str>,
    /// The fields that changed.
    pub champs: &'a [ChampChange],
    /// Sentences on what the save changed in the verdicts and the money.
    pub effets: &'a [String],
}

/// Writes an entry. In the same transaction as what it tells.
///
/// # Errors
/// The database's.
pub async fn create(
    conn: &mut PgConnection,
    dossier: Uuid,
    e: &Entree<'_>,
    maintenant: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into journal (id, dossier_id, survenu_le, compte_id, action, etape, champs, effets)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        e.id,
        dossier,
        maintenant,
        e.compte,
        e.action,
        e.etape,
        Json(e.champs) as _,
        Json(e.effets) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An entry as it is read: what one person did in a row. Saves made while one types are many; those of the same step that
/// follow each other within ten minutes, without anybody else’s between them, are read as one.
#[derive(Debug)]
pub struct Ecrit {
    /// When the first was made.
    pub commence_le: DateTime<Utc>,
    /// When the last was.
    pub survenu_le: DateTime<Utc>,
    /// Name of the person.
    pub auteur: String,
    /// What was done.
    pub action: String,
    /// How many saves it gathers.
    pub nombre: usize,
    /// The fields that changed, from what they said before to what they say after.
    pub champs: Vec<ChampChange>,
    /// What the saves changed in the verdicts and the money.
    pub effets: Vec<String>,
}

/// How many entries a page of the journal shows: a year's work of one dossier is a few pages.
pub const PAR_PAGE: i64 = 50;

/// Which entries to read; the default reads them all.
#[derive(Debug, Clone, Default)]
pub struct Filtre {
    /// Code of a step.
    pub etape: Option<String>,
    /// Name of a field.
    pub champ: Option<String>,
    /// A person.
    pub auteur: Option<Uuid>,
    /// From this instant.
    pub depuis: Option<DateTime<Utc>>,
    /// Before this instant.
    pub avant: Option<DateTime<Utc>>,
}

#[derive(Debug, serde::Deserialize)]
struct Brut {
    champs: Vec<ChampChange>,
    effets: Vec<String>,
}

/// The dossier's entries, last first: those of the page `page` (from 0), or of the last when it is beyond.
///
/// # Errors
/// The database's.
pub async fn list(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    filtre: &Filtre,
    page: i64,
) -> sqlx::Result<(Vec<Ecrit>, i64)> {
    let lues = lire(conn, acces, filtre, page).await?;
    let total = lues.1;
    if lues.0.is_empty() && total > 0 {
        return lire(conn, acces, filtre, (total - 1) / PAR_PAGE).await;
    }
    Ok(lues)
}

async fn lire(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    filtre: &Filtre,
    page: i64,
) -> sqlx::Result<(Vec<Ecrit>, i64)> {
    let lignes = sqlx::query!(
        r#"with suivies as (
               select j.*, coalesce(j.etape, j.id::text) as fil,
                   case when lag(j.compte_id) over w = j.compte_id and lag(j.action) over w = j.action
                             and j.survenu_le - lag(j.survenu_le) over w <= interval '10 minutes' then 0 else 1 end as debut
               from journal j where j.dossier_id = $1
               window w as (partition by coalesce(j.etape, j.id::text) order by j.survenu_le, j.id)),
           numerotees as (
               select s.*, sum(s.debut) over (partition by s.fil order by s.survenu_le, s.id) as rafale from suivies s),
           rafales as (
               select min(n.survenu_le) as commence_le, max(n.survenu_le) as survenu_le, max(n.id::text) as dernier,
                   n.compte_id, n.action, count(*) as nombre,
                   json_agg(json_build_object('champs', n.champs, 'effets', n.effets) order by n.survenu_le, n.id) as suite
               from numerotees n
               where ($2::text is null or n.etape = $2)
                 and ($3::text is null or n.champs @> jsonb_build_array(jsonb_build_object('champ', $3::text)))
                 and ($4::uuid is null or n.compte_id = $4)
                 and ($5::timestamptz is null or n.survenu_le >= $5) and ($6::timestamptz is null or n.survenu_le < $6)
               group by n.fil, n.rafale, n.compte_id, n.action)
           select t.total as "total!", r.commence_le as "commence_le?", r.survenu_le as "survenu_le?",
               nom_de_compte(r.compte_id) as "auteur?", r.action as "action?", r.suite as "suite?: Json<Vec<Brut>>"
           from (select count(*) as total from rafales) t
           left join (select * from rafales order by survenu_le desc, dernier desc limit $7 offset $8) r on true
           order by r.survenu_le desc, r.dernier desc"#,
        acces.dossier(),
        filtre.etape,
        filtre.champ,
        filtre.auteur,
        filtre.depuis,
        filtre.avant,
        PAR_PAGE,
        page * PAR_PAGE
    )
    .fetch_all(conn)
    .await?;
    let total = lignes.first().map_or(0, |l| l.total);
    let entrees = lignes.into_iter().filter_map(|l| {
        let suite = l.suite?.0;
        let nombre = suite.len();
        let (champs, effets): (Vec<_>, Vec<_>) = suite.into_iter().map(|b| (b.champs, b.effets)).unzip();
        let retenu = |c: &ChampChange| filtre.champ.as_ref().is_none_or(|voulu| c.champ == *voulu);
        Some(Ecrit {
            commence_le: l.commence_le?,
            survenu_le: l.survenu_le?,
            auteur: l.auteur?,
            action: l.action?,
            nombre,
            champs: fondre(champs.into_iter().flatten().filter(retenu)),
            effets: effets.into_iter().flatten().collect(),
        })
    });
    Ok((entrees.collect(), total))
}

/// Changes of the same field, one after the other, as one: from the first « before » to the last « after ». What came back to
/// what it was is left out.
fn fondre(suite: impl Iterator<Item = ChampChange>) -> Vec<ChampChange> {
    let mut fondus: Vec<ChampChange> = Vec::new();
    for change in suite {
        match fondus.iter_mut().find(|c| c.champ == change.champ) {
            Some(fondu) => fondu.apres = change.apres,
            None => fondus.push(change),
        }
    }
    fondus.retain(|c| c.avant != c.apres);
    fondus
}

/// One changed field of one save, as it was written.
#[derive(Debug)]
pub struct Trace {
    /// When.
    pub survenu_le: DateTime<Utc>,
    /// Name of the person.
    pub auteur: String,
    /// What was done.
    pub action: String,
    /// Code of the step; empty when it was none.
    pub etape: String,
    /// The field; none when no field changed.
    pub champ: Option<ChampChange>,
}

/// Every save, the oldest first, one row a field.
///
/// # Errors
/// The database's.
pub async fn list_traces(conn: &mut PgConnection, acces: &impl Lecture, filtre: &Filtre) -> sqlx::Result<Vec<Trace>> {
    let lignes = sqlx::query!(
        r#"select j.survenu_le, nom_de_compte(j.compte_id) as "auteur!", j.action, coalesce(j.etape, '') as "etape!",
               c.champ as "champ?: Json<ChampChange>"
           from journal j left join lateral jsonb_array_elements(j.champs) c (champ) on true
           where j.dossier_id = $1 and ($2::text is null or j.etape = $2)
             and ($3::text is null or c.champ ->> 'champ' = $3) and ($4::uuid is null or j.compte_id = $4)
             and ($5::timestamptz is null or j.survenu_le >= $5) and ($6::timestamptz is null or j.survenu_le < $6)
           order by j.survenu_le, j.id"#,
        acces.dossier(),
        filtre.etape,
        filtre.champ,
        filtre.auteur,
        filtre.depuis,
        filtre.avant
    )
    .fetch_all(conn)
    .await?;
    let trace = lignes.into_iter().map(|l| Trace {
        survenu_le: l.survenu_le,
        auteur: l.auteur,
        action: l.action,
        etape: l.etape,
        champ: l.champ.map(|c| c.0),
    });
    Ok(trace.collect())
}

/// Who wrote in the journal, by name.
///
/// # Errors
/// The database's.
pub async fn list_auteurs(conn: &mut PgConnection, acces: &impl Lecture) -> sqlx::Result<Vec<(Uuid, String)>> {
    let lignes = sqlx::query!(
        r#"select a.compte_id, nom_de_compte(a.compte_id) as "nom!"
           from (select distinct compte_id from journal where dossier_id = $1) a order by 2, 1"#,
        acces.dossier()
    )
    .fetch_all(conn)
    .await?;
    Ok(lignes.into_iter().map(|l| (l.compte_id, l.nom)).collect())
}

/// The fields of a step that ever changed, by label.
///
/// # Errors
/// The database's.
pub async fn list_champs(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    etape: &str,
) -> sqlx::Result<Vec<(String, String)>> {
    let lignes = sqlx::query!(
        r#"select c ->> 'champ' as "champ!", max(c ->> 'libelle') as "libelle!"
           from journal j cross join lateral jsonb_array_elements(j.champs) c
           where j.dossier_id = $1 and j.etape = $2 group by 1 order by 2, 1"#,
        acces.dossier(),
        etape
    )
    .fetch_all(conn)
    .await?;
    Ok(lignes.into_iter().map(|l| (l.champ, l.libelle)).collect())
}

/// What the save of this number changed, for the page that follows it; with what the same person’s saves of the same step
/// changed since that of the number `depuis`.
///
/// # Errors
/// The database's.
pub async fn load_effets(
    conn: &mut PgConnection,
    acces: &impl Lecture,
    id: Uuid,
    depuis: Option<Uuid>,
) -> sqlx::Result<Option<(String, Vec<String>)>> {
    let lignes = sqlx::query!(
        r#"select j.action, j.effets as "effets: Json<Vec<String>>"
           from journal j, journal d
           where d.id = $1 and d.dossier_id = $2 and j.dossier_id = $2
             and (j.id = $1
                  or (j.compte_id = d.compte_id and j.etape = d.etape and j.survenu_le <= d.survenu_le
                      and j.survenu_le >= (select p.survenu_le from journal p where p.id = $3 and p.dossier_id = $2)))
           order by j.survenu_le desc, j.id desc"#,
        id,
        acces.dossier(),
        depuis
    )
    .fetch_all(conn)
    .await?;
    let action = lignes.first().map(|l| l.action.clone());
    let effets = lignes.into_iter().rev().flat_map(|l| l.effets.0).collect();
    Ok(action.map(|action| (action, effets)))
}

/// The fields that the save of this number changed; none when the dossier has no such save.
///
/// # Errors
/// The database's.
pub async fn load_champs(conn: &mut PgConnection, acces: &impl Lecture, id: Uuid) -> sqlx::Result<Vec<ChampChange>> {
    let champs = sqlx::query_scalar!(
        r#"select champs as "champs: Json<Vec<ChampChange>>" from journal where id = $1 and dossier_id = $2"#,
        id,
        acces.dossier()
    )
    .fetch_optional(conn)
    .await?;
    Ok(champs.map(|c| c.0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(champ: &str, avant: &str, apres: &str) -> ChampChange {
        ChampChange {
            champ: champ.to_owned(),
            libelle: champ.to_uppercase(),
            avant: avant.to_owned(),
            apres: apres.to_owned(),
        }
    }

    #[test]
    fn changes_in_a_row_are_one_and_what_came_back_is_none() {
        let suite = [
            change("a", "", "M"),
            change("b", "1", "2"),
            change("a", "M", "Mieux"),
            change("b", "2", "1"),
        ];
        assert_eq!(fondre(suite.into_iter()), [change("a", "", "Mieux")]);
    }
}
