//! Search in the registry: by number, by words of the name, the commune or the OG, mistyped or not.

use sqlx::PgConnection;

use super::registre::{EssmsRegistre, OrganismeRegistre, charger_essms, charger_organismes, numero};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::{Liste, Secteur};
use crate::domain::territoire::departements;
use crate::domain::texte::mots_de_recherche;

/// What a search is narrowed to; everything by default, among open ESSMS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiltresEssms {
    /// INSEE code of a département.
    pub departement: Option<String>,
    /// INSEE code of a région.
    pub region: Option<String>,
    /// Sector of the category.
    pub secteur: Option<Secteur>,
    /// Code of a category.
    pub categorie: Option<String>,
    /// FINESS EJ.
    pub organisme: Option<Finess>,
    /// Closed ones too.
    pub avec_fermes: bool,
    /// Those whose category is not one of L.312-1 too (hospitals, pharmacies…).
    pub hors_essms: bool,
}

/// Words kept of what was typed: more would only be noise, and each costs a look-up.
const MOTS_AU_PLUS: usize = 8;
/// Characters kept of a word: no word of the registry is longer, and PostgreSQL refuses to compare more
/// than 255 octets.
const LETTRES_AU_PLUS: usize = 60;
/// Five digits are a postcode before they begin a FINESS number.
const CHIFFRES_D_UN_CODE_POSTAL: usize = 5;
/// Close words tried for each typed word.
const VOISINS_AU_PLUS: i32 = 6;
/// Rows compared for the rank: a broad word (« ehpad ») has thousands, which nobody would read.
const CANDIDATS_AU_PLUS: usize = 300;

/// One page of what answers a search.
#[derive(Debug, Default)]
pub struct Trouves {
    /// The establishments of the page, the closest first.
    pub essms: Vec<EssmsRegistre>,
    /// How many answer, all pages together.
    pub total: usize,
    /// More answer than `total`: those were not looked at, another word would narrow the search.
    pub davantage: bool,
    /// The page shown, from 1: the one asked for, or the last when it is beyond.
    pub page: u32,
    /// How many pages there are, 1 at least.
    pub pages: u32,
}

/// Establishments that answer `texte`, the closest first. A FINESS number (whole, or its first four
/// characters at least) gives that ET, or the ET of that EJ; a postcode comes before the numbers that begin like it. A whole
/// number finds its ET even closed, or out of L.312-1: who types it must learn what became of it. Otherwise every word must be found in the
/// name, the commune, the postcode, the category's short name or the OG's name, whatever their order,
/// accents and case, as a whole or as a beginning. When nothing answers, close spellings are tried,
/// then all the words but one. An empty `texte` lists what the filters keep, by name. Of all that, the
/// page `page` (from 1) of `par_page` establishments.
///
/// # Errors
/// The database's.
pub async fn chercher_essms(
    conn: &mut PgConnection,
    texte: &str,
    filtres: &FiltresEssms,
    page: u32,
    par_page: u32,
) -> Result<Trouves, sqlx::Error> {
    let mut numeros = numeros(conn, texte, filtres).await?;
    let davantage = numeros.len() > CANDIDATS_AU_PLUS;
    numeros.truncate(CANDIDATS_AU_PLUS);
    let taille = usize::try_from(par_page.max(1)).unwrap_or(usize::MAX);
    let pages = u32::try_from(numeros.len().div_ceil(taille)).unwrap_or(u32::MAX).max(1);
    let page = page.clamp(1, pages);
    let debut = usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(taille);
    let de_la_page: Vec<Finess> = numeros.iter().copied().skip(debut).take(taille).collect();
    Ok(Trouves {
        essms: charger_essms(conn, &de_la_page).await?,
        total: numeros.len(),
        davantage,
        page,
        pages,
    })
}

/// The numbers of what answers, the closest first, one more than are looked at when there are more.
async fn numeros(conn: &mut PgConnection, texte: &str, filtres: &FiltresEssms) -> Result<Vec<Finess>, sqlx::Error> {
    let limite = i64::try_from(CANDIDATS_AU_PLUS + 1).unwrap_or(i64::MAX);
    let compact: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.len() == CHIFFRES_D_UN_CODE_POSTAL && compact.bytes().all(|c| c.is_ascii_digit()) {
        let trouves = executer(conn, Some(&compact), std::slice::from_ref(&compact), filtres, limite).await?;
        if !trouves.is_empty() {
            return Ok(trouves);
        }
    }
    if compact.len() >= 4 && compact.len() <= 9 && ressemble_a_un_numero(&compact) {
        let trouves = par_numero(conn, &compact.to_ascii_uppercase(), filtres, limite).await?;
        if !trouves.is_empty() {
            return Ok(trouves);
        }
    }
    let mots: Vec<String> = mots_de_recherche(texte)
        .iter()
        .take(MOTS_AU_PLUS)
        .map(|mot| mot.chars().take(LETTRES_AU_PLUS).collect())
        .collect();
    if mots.is_empty() {
        return executer(conn, None, &[], filtres, limite).await;
    }
    let exacte = conjonction(&mots.iter().map(|mot| vec![format!("{mot}:*")]).collect::<Vec<_>>());
    let mut trouves = executer(conn, exacte.as_deref(), &mots, filtres, limite).await?;
    if trouves.is_empty() {
        let variantes = variantes(conn, &mots).await?;
        // Ranked by what was meant rather than by what was typed.
        let meilleures = variantes.iter().filter_map(|v| v.get(1).or(v.first()));
        let compris: Vec<String> = meilleures.map(|mot| mot.trim_end_matches(":*").to_owned()).collect();
        trouves = executer(conn, conjonction(&variantes).as_deref(), &compris, filtres, limite).await?;
        if trouves.is_empty() && variantes.len() > 1 {
            let sauf_un = tous_sauf_un(&variantes);
            trouves = executer(conn, sauf_un.as_deref(), &compris, filtres, limite).await?;
        }
    }
    Ok(trouves)
}

/// OGs that answer `texte`: an EJ number, a SIREN or words of the name, mistyped or not.
///
/// # Errors
/// The database's.
pub async fn chercher_organismes(
    conn: &mut PgConnection,
    texte: &str,
    limite: i64,
) -> Result<Vec<OrganismeRegistre>, sqlx::Error> {
    let compact: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
    let numeros = sqlx::query_scalar!(
        // The first two comparisons use their index; the third reads the trigram index.
        r#"select o.finess from organisme o
           where o.finess = upper($1) or o.siren = $1
              or sans_accents($2) <% sans_accents(coalesce(o.raison_sociale, '') || ' ' || coalesce(o.raison_longue, ''))
           order by (o.finess = upper($1) or o.siren = $1) is not true,
                    word_similarity(sans_accents($2), sans_accents(coalesce(o.raison_sociale, '') || ' '
                                    || coalesce(o.raison_longue, ''))) desc,
                    o.raison_sociale, o.finess
           limit $3"#,
        compact,
        texte.trim(),
        limite
    )
    .fetch_all(&mut *conn)
    .await?;
    let numeros: Vec<Finess> = numeros.iter().map(|n| numero(n)).collect::<Result<_, _>>()?;
    charger_organismes(conn, &numeros).await
}

fn ressemble_a_un_numero(compact: &str) -> bool {
    compact
        .bytes()
        .enumerate()
        .all(|(rang, c)| c.is_ascii_digit() || (rang == 1 && matches!(c, b'A' | b'B' | b'a' | b'b')))
}

/// ET whose number, or whose OG's number, begins so, among those that the filters keep. A whole number gives its ET
/// though it is closed, or no ESSMS: who types it must learn that, not that it does not exist.
async fn par_numero(
    conn: &mut PgConnection,
    debut: &str,
    filtres: &FiltresEssms,
    limite: i64,
) -> Result<Vec<Finess>, sqlx::Error> {
    let entier = debut.len() == 9;
    let departements = departements_de(filtres);
    let numeros = sqlx::query_scalar!(
        // Two index ranges; the ET itself comes before the ET of an EJ.
        r#"select finess as "finess!" from (
               select e.finess, 0 as ordre, e.nom, e.etat, e.departement, e.categorie, e.organisme from essms e
               where e.finess like $1 || '%'
               union all
               select e.finess, 1, e.nom, e.etat, e.departement, e.categorie, e.organisme from essms e
               where e.organisme like $1 || '%' and e.finess not like $1 || '%'
           ) e
           where (($2 and ordre = 0) or $3 or e.etat = 'ouvert')
             and ($4::text is null or e.departement = $4)
             and ($5::text[] is null or e.departement = any ($5))
             and ($6::text is null or e.categorie = $6)
             and ($7::text is null or e.organisme = $7)
             and (((($2 and ordre = 0) or $8) and $9::text is null) or exists (
                     select 1 from categorie c
                     where c.code = e.categorie and (($2 and ordre = 0) or $8 or c.eligibilite <> 'non')
                       and ($9::text is null or c.secteur = $9)))
           order by ordre, nom, finess limit $10"#,
        debut,
        entier,
        filtres.avec_fermes,
        filtres.departement.as_deref(),
        departements.as_deref(),
        filtres.categorie.as_deref(),
        filtres.organisme.as_ref().map(Finess::as_str),
        filtres.hors_essms,
        filtres.secteur.map(Secteur::code),
        limite
    )
    .fetch_all(conn)
    .await?;
    numeros.iter().map(|n| numero(n)).collect()
}

/// The départements of the région, when there is one.
fn departements_de(filtres: &FiltresEssms) -> Option<Vec<String>> {
    let region = filtres.region.as_ref()?;
    let de_la_region = departements().iter().filter(|d| d.region.code == *region);
    Some(de_la_region.map(|d| d.code.clone()).collect())
}

/// Each typed word with the words of the registry it may stand for. A word without any is left out:
/// the others may be enough.
async fn variantes(conn: &mut PgConnection, mots: &[String]) -> Result<Vec<Vec<String>>, sqlx::Error> {
    let voisins = sqlx::query!(
        r#"select s.rang as "rang!", v.mot as "mot!"
           from unnest($1::text[]) with ordinality as s (saisi, rang)
           cross join lateral mots_proches(s.saisi, $2) v
           order by s.rang, v.ecart, v.mot"#,
        mots,
        VOISINS_AU_PLUS
    )
    .fetch_all(conn)
    .await?;
    let mut variantes: Vec<Vec<String>> = mots.iter().map(|mot| vec![format!("{mot}:*")]).collect();
    let mut connus = vec![false; mots.len()];
    for voisin in voisins {
        let rang = usize::try_from(voisin.rang - 1).unwrap_or(usize::MAX);
        if let (Some(liste), Some(connu)) = (variantes.get_mut(rang), connus.get_mut(rang)) {
            liste.push(voisin.mot);
            *connu = true;
        }
    }
    if connus.contains(&true) {
        let mut rangs = connus.into_iter();
        variantes.retain(|_| rangs.next().unwrap_or(true));
    }
    Ok(variantes)
}

/// A tsquery: one of each group. Words hold letters and digits only, so nothing needs quoting.
fn conjonction(groupes: &[Vec<String>]) -> Option<String> {
    let termes: Vec<String> = groupes.iter().map(|g| format!("({})", g.join("|"))).collect();
    (!termes.is_empty()).then(|| termes.join("&"))
}

/// A tsquery: one of each group but one, whichever it is.
fn tous_sauf_un(groupes: &[Vec<String>]) -> Option<String> {
    let termes: Vec<String> = (0..groupes.len())
        .filter_map(|omis| {
            let mut reste = groupes.to_vec();
            reste.remove(omis);
            conjonction(&reste).map(|terme| format!("({terme})"))
        })
        .collect();
    (!termes.is_empty()).then(|| termes.join("|"))
}

async fn executer(
    conn: &mut PgConnection,
    requete: Option<&str>,
    mots: &[String],
    filtres: &FiltresEssms,
    limite: i64,
) -> Result<Vec<Finess>, sqlx::Error> {
    let departements = departements_de(filtres);
    let organisme = filtres.organisme.as_ref().map(Finess::as_str);
    let numeros = sqlx::query_scalar!(
        // Candidates come from the word index, then are ranked by their own words, in the order name,
        // commune, category: whole words first, then beginnings, then what was found through the OG's
        // name; among equals, the word that comes first, so the name before the commune.
        r#"with candidat as materialized (
               select e.finess, e.nom, e.mots, e.etat
               from essms e
               where ($1::text is null or e.recherche @@ $1::text::tsquery)
                 and ($2::text is null or e.departement = $2)
                 and ($3::text[] is null or e.departement = any ($3))
                 and ($4::text is null or e.categorie = $4)
                 and ($5::text is null or e.organisme = $5)
                 and ($6 or e.etat = 'ouvert')
                 and (($7 and $8::text is null) or exists (
                         select 1 from categorie c
                         where c.code = e.categorie and ($7 or c.eligibilite <> 'non')
                           and ($8::text is null or c.secteur = $8)))
               limit case when $1::text is null then null else $9::bigint end
           )
           select finess from candidat
           cross join lateral (
               select sum(case when strpos(' ' || mots || ' ', ' ' || q.mot || ' ') > 0 then 0
                               when strpos(' ' || mots, ' ' || q.mot) > 0 then 1
                               else 3 end) as ecart,
                      sum(strpos(' ' || mots, ' ' || q.mot)) as place
               from unnest($10::text[]) as q (mot)
           ) r
           order by r.ecart, r.place, nom, finess
           limit $11"#,
        requete,
        filtres.departement.as_deref(),
        departements.as_deref(),
        filtres.categorie.as_deref(),
        organisme,
        filtres.avec_fermes,
        filtres.hors_essms,
        filtres.secteur.map(Secteur::code),
        limite,
        mots,
        limite
    )
    .fetch_all(conn)
    .await?;
    numeros.iter().map(|n| numero(n)).collect()
}
