//! The merge of an import's staging tables into the registry: a few statements per kind of record,
//! each over the whole file. A row that would not change is not written.
//!
//! The staging tables are temporary, so these statements are not checked at compile time; tests run
//! every one of them.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// What a merge depends on, beside the rows.
#[derive(Debug, Clone, Copy)]
pub struct Contexte {
    /// Date of the data.
    pub date: NaiveDate,
    /// Generated for demonstration.
    pub fictif: bool,
    /// Older than what the registry holds: adds unknown numbers, changes nothing.
    pub ancien: bool,
}

/// What a merge did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bilan {
    /// New rows.
    pub nouveaux: i64,
    /// Rows changed.
    pub modifies: i64,
    /// Rows closed because the file no longer holds them.
    pub fermes: i64,
    /// Rows rejected by the database: unknown establishments, real ones under fictitious data.
    pub rejetes: i64,
}

/// Merges the legal entities.
///
/// # Errors
/// The database's.
pub async fn fusionner_ej(conn: &mut PgConnection, contexte: Contexte, bilan: &mut Bilan) -> Result<(), sqlx::Error> {
    bilan.rejetes += ecarter(
        conn,
        &["with reel as (
                 delete from import_ej s using organisme o
                 where $1 and o.finess = s.finess and not o.fictif returning s.ligne, s.finess
             )
             insert into import_rejet_lu
             select ligne, 'une donnée fictive ne remplace pas une donnée réelle', finess from reel"],
        contexte,
    )
    .await?;
    if !contexte.ancien {
        // Before the names change: the establishments found through the old words must be found
        // through the new ones.
        sqlx::query(
            "update essms e
             set recherche = array_to_tsvector(string_to_array(concat_ws(' ', e.mots, nullif(s.mots, '')), ' '))
             from import_ej s left join organisme o on o.finess = s.finess
             where e.organisme = s.finess and o.mots is distinct from s.mots",
        )
        .execute(&mut *conn)
        .await?;
        bilan.modifies += executer(conn, MISE_A_JOUR_EJ, contexte).await?;
    }
    bilan.nouveaux += executer(conn, CREATION_EJ, contexte).await?;
    retenir_les_mots(conn).await
}

/// A structure whose closing is announced for after the date of the data is open until then: the file
/// of that day will close it.
///
/// # Errors
/// The database's.
pub async fn ecarter_les_fermetures_a_venir(conn: &mut PgConnection, contexte: Contexte) -> Result<(), sqlx::Error> {
    for instruction in [
        "update import_et set ferme = false, ferme_le = null where ferme_le > $1",
        "update import_ej set ferme = false, ferme_le = null where ferme_le > $1",
    ] {
        sqlx::query(instruction).bind(contexte.date).execute(&mut *conn).await?;
    }
    Ok(())
}

/// What the file does not carry is kept.
const MISE_A_JOUR_EJ: &str = "with voulu as (
        select s.finess, s.raison_sociale, s.raison_longue, s.siren, s.statut_juridique,
               coalesce(s.statut_libelle,
                        case when o.statut_juridique = s.statut_juridique then o.statut_libelle end)
                   as statut_libelle,
               coalesce(s.adresse, o.adresse) as adresse,
               coalesce(s.code_postal, o.code_postal) as code_postal,
               coalesce(s.commune, o.commune) as commune,
               coalesce(s.departement, o.departement) as departement,
               coalesce(s.date_creation, o.date_creation) as date_creation,
               case when s.ferme then 'ferme' else 'ouvert' end as etat,
               case when s.ferme then coalesce(s.ferme_le, o.ferme_le, $1) end as ferme_le, s.mots
        from import_ej s join organisme o on o.finess = s.finess
    )
    update organisme o
    set raison_sociale = v.raison_sociale, raison_longue = v.raison_longue, siren = v.siren,
        statut_juridique = v.statut_juridique, statut_libelle = v.statut_libelle, adresse = v.adresse,
        code_postal = v.code_postal, commune = v.commune, departement = v.departement,
        date_creation = v.date_creation, etat = v.etat, ferme_le = v.ferme_le, mots = v.mots,
        fictif = $2, date_donnees = $1
    from voulu v
    where o.finess = v.finess
      and (o.raison_sociale, o.raison_longue, o.siren, o.statut_juridique, o.statut_libelle, o.adresse,
           o.code_postal, o.commune, o.departement, o.date_creation, o.etat, o.ferme_le, o.mots, o.fictif)
          is distinct from
          (v.raison_sociale, v.raison_longue, v.siren, v.statut_juridique, v.statut_libelle, v.adresse,
           v.code_postal, v.commune, v.departement, v.date_creation, v.etat, v.ferme_le, v.mots, $2)";

/// Numbers that the registry does not hold yet.
const CREATION_EJ: &str =
    "insert into organisme (finess, raison_sociale, raison_longue, siren, statut_juridique, statut_libelle,
                           adresse, code_postal, commune, departement, date_creation, etat, ferme_le, mots,
                           fictif, date_donnees)
    select s.finess, s.raison_sociale, s.raison_longue, s.siren, s.statut_juridique, s.statut_libelle,
           s.adresse, s.code_postal, s.commune, s.departement, s.date_creation,
           case when s.ferme then 'ferme' else 'ouvert' end,
           case when s.ferme then coalesce(s.ferme_le, $1) end, s.mots, $2, $1
    from import_ej s
    where not exists (select 1 from organisme o where o.finess = s.finess)";

/// Merges the establishments. An OG that no file named yet gets a row without a name.
///
/// # Errors
/// The database's.
pub async fn fusionner_et(conn: &mut PgConnection, contexte: Contexte, bilan: &mut Bilan) -> Result<(), sqlx::Error> {
    bilan.rejetes += ecarter(
        conn,
        &["with reel as (
                 delete from import_et s using essms e
                 where $1 and e.finess = s.finess and not e.fictif returning s.ligne, s.finess
             )
             insert into import_rejet_lu
             select ligne, 'une donnée fictive ne remplace pas une donnée réelle', finess from reel"],
        contexte,
    )
    .await?;
    executer(
        conn,
        "insert into organisme (finess, date_donnees, fictif)
         select distinct s.organisme, $1, $2 from import_et s
         where not exists (select 1 from organisme o where o.finess = s.organisme)",
        contexte,
    )
    .await?;
    if !contexte.ancien {
        bilan.modifies += executer(conn, MISE_A_JOUR_ET, contexte).await?;
    }
    bilan.nouveaux += executer(conn, CREATION_ET, contexte).await?;
    retenir_les_mots(conn).await
}

/// What the file leaves empty for a closed establishment, and places it does not carry, are kept. An
/// establishment that was closed and is back is open again.
const MISE_A_JOUR_ET: &str = "
    with change as materialized (
        select v.*
        from import_et s
        join essms e on e.finess = s.finess
        join organisme o on o.finess = s.organisme
        cross join lateral (select
            s.finess, s.organisme, s.nom, s.nom_long, coalesce(s.adresse, e.adresse) as adresse,
            coalesce(s.code_postal, e.code_postal) as code_postal,
            coalesce(nullif(s.commune_insee, ''), e.commune_insee) as commune_insee,
            coalesce(nullif(s.commune, ''), e.commune) as commune,
            coalesce(nullif(s.departement, ''), e.departement) as departement,
            coalesce(nullif(s.categorie, ''), e.categorie) as categorie,
            coalesce(s.categorie_libelle,
                     case when e.categorie = s.categorie then e.categorie_libelle end) as categorie_libelle,
            s.siret, coalesce(s.date_ouverture, e.date_ouverture) as date_ouverture,
            coalesce(s.date_autorisation, e.date_autorisation) as date_autorisation,
            case when s.ferme then 'ferme' else 'ouvert' end as etat,
            case when s.ferme then coalesce(s.ferme_le, e.ferme_le, $1) end as ferme_le,
            coalesce(s.longitude, e.longitude) as longitude, coalesce(s.latitude, e.latitude) as latitude,
            coalesce(s.maj, e.maj) as maj, s.mots, o.mots as mots_og) v
        where (e.organisme, e.nom, e.nom_long, e.adresse, e.code_postal, e.commune_insee, e.commune,
               e.departement, e.categorie, e.categorie_libelle, e.siret, e.date_ouverture,
               e.date_autorisation, e.etat, e.ferme_le, e.longitude, e.latitude, e.maj, e.mots, e.fictif)
              is distinct from
              (v.organisme, v.nom, v.nom_long, v.adresse, v.code_postal, v.commune_insee, v.commune,
               v.departement, v.categorie, v.categorie_libelle, v.siret, v.date_ouverture,
               v.date_autorisation, v.etat, v.ferme_le, v.longitude, v.latitude, v.maj, v.mots, $2)
    )
    update essms e
    set organisme = v.organisme, nom = v.nom, nom_long = v.nom_long, adresse = v.adresse,
        code_postal = v.code_postal, commune_insee = v.commune_insee, commune = v.commune,
        departement = v.departement, categorie = v.categorie, categorie_libelle = v.categorie_libelle,
        siret = v.siret, date_ouverture = v.date_ouverture, date_autorisation = v.date_autorisation,
        etat = v.etat, ferme_le = v.ferme_le, longitude = v.longitude, latitude = v.latitude, maj = v.maj,
        mots = v.mots,
        recherche = array_to_tsvector(string_to_array(concat_ws(' ', v.mots, nullif(v.mots_og, '')), ' ')),
        fictif = $2, date_donnees = $1
    from change v
    where e.finess = v.finess";

/// Numbers that the registry does not hold yet.
const CREATION_ET: &str =
    "insert into essms (finess, organisme, nom, nom_long, adresse, code_postal, commune_insee, commune,
                       departement, categorie, categorie_libelle, siret, date_ouverture,
                       date_autorisation, etat, ferme_le, longitude, latitude, maj, mots, recherche,
                       fictif, date_donnees)
    select s.finess, s.organisme, s.nom, s.nom_long, s.adresse, s.code_postal, s.commune_insee, s.commune,
           s.departement, s.categorie, s.categorie_libelle, s.siret, s.date_ouverture,
           s.date_autorisation, case when s.ferme then 'ferme' else 'ouvert' end,
           case when s.ferme then coalesce(s.ferme_le, $1) end, s.longitude, s.latitude, s.maj, s.mots,
           array_to_tsvector(string_to_array(concat_ws(' ', s.mots, nullif(o.mots, '')), ' ')), $2, $1
    from import_et s join organisme o on o.finess = s.organisme
    where not exists (select 1 from essms e where e.finess = s.finess)";

/// Gives the establishments their place.
///
/// # Errors
/// The database's.
pub async fn fusionner_lieux(
    conn: &mut PgConnection,
    contexte: Contexte,
    bilan: &mut Bilan,
) -> Result<(), sqlx::Error> {
    bilan.rejetes += ecarter(
        conn,
        &[
            "with inconnu as (
                 delete from import_lieu s
                 where not exists (select 1 from essms e where e.finess = s.finess)
                 returning s.ligne, s.finess
             )
             insert into import_rejet_lu
             select ligne, 'établissement inconnu du répertoire', finess from inconnu",
            // A mainland place for an overseas establishment, or the reverse: overseas INSEE codes
            // have three characters.
            "with ailleurs as (
                 delete from import_lieu s using essms e
                 where e.finess = s.finess and e.departement <> ''
                   and (length(e.departement) = 2)
                       is distinct from (s.longitude between -6 and 10 and s.latitude between 41 and 52)
                 returning s.ligne, s.finess
             )
             insert into import_rejet_lu
             select ligne, 'coordonnées hors du territoire de l’établissement', finess from ailleurs",
        ],
        contexte,
    )
    .await?;
    bilan.modifies += executer(
        conn,
        "update essms e set longitude = s.longitude, latitude = s.latitude, date_donnees = greatest(e.date_donnees, $1)
         from (select distinct on (finess) finess, longitude, latitude from import_lieu order by finess, ligne desc) s
         where e.finess = s.finess and e.fictif = $2
           and (e.longitude, e.latitude) is distinct from (s.longitude, s.latitude)",
        contexte,
    )
    .await?;
    Ok(())
}

/// Runs a statement whose parameters are the date and whether the data are fictitious.
pub(super) async fn executer(
    conn: &mut PgConnection,
    instruction: &'static str,
    contexte: Contexte,
) -> Result<i64, sqlx::Error> {
    let fait = sqlx::query(instruction)
        .bind(contexte.date)
        .bind(contexte.fictif)
        .execute(conn)
        .await?;
    Ok(i64::try_from(fait.rows_affected()).unwrap_or(i64::MAX))
}

/// Runs statements that move rows from a staging table to the rejected lines.
async fn ecarter(
    conn: &mut PgConnection,
    instructions: &[&'static str],
    contexte: Contexte,
) -> Result<i64, sqlx::Error> {
    let mut ecartes = 0;
    for instruction in instructions {
        let requete = sqlx::query(*instruction);
        let requete = if instruction.contains("$1") {
            requete.bind(contexte.fictif)
        } else {
            requete
        };
        ecartes += requete.execute(&mut *conn).await?.rows_affected();
    }
    Ok(i64::try_from(ecartes).unwrap_or(i64::MAX))
}

/// Adds the words of the file that are new.
///
/// # Errors
/// The database's.
pub(super) async fn retenir_les_mots(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into mot (mot)
         select distinct s.mot from import_mot s where not exists (select 1 from mot m where m.mot = s.mot)",
    )
    .execute(conn)
    .await
    .map(drop)
}
