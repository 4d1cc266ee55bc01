//! A small registry: two OGs of Île-de-France, one of Auvergne-Rhône-Alpes, sixty establishments.

use portail_grappes::domain::finess::Finess;
use sqlx::PgPool;
use uuid::Uuid;

/// The DUI that suits every EHPAD.
pub const SOLUTION: Uuid = Uuid::from_u128(0x5017);
/// Another one, whose choice changes verdicts.
pub const AUTRE_SOLUTION: Uuid = Uuid::from_u128(0x5018);

fn numero(racine: &str) -> Finess {
    Finess::depuis_racine(racine).unwrap()
}

/// The porteur of most tests: 34 open EHPADs in Paris.
pub fn og_a() -> Finess {
    numero("75000001")
}

/// Another tenant: 18 IMEs in Paris.
pub fn og_b() -> Finess {
    numero("75000002")
}

/// An OG without account: 6 EHPADs in Lyon.
pub fn og_c() -> Finess {
    numero("69000003")
}

/// EHPAD of the OG A, from 1 to 34.
pub fn ehpad(rang: usize) -> String {
    numero(&format!("7501{rang:04}")).to_string()
}

/// EHPADs of the OG A, in order.
pub fn ehpads(rangs: std::ops::RangeInclusive<usize>) -> Vec<String> {
    rangs.map(ehpad).collect()
}

/// IME of the OG B, from 1 to 18.
pub fn ime(rang: usize) -> String {
    numero(&format!("7502{rang:04}")).to_string()
}

/// An EHPAD of the OG A closed at the end of 2023.
pub fn ferme() -> String {
    numero("75019001").to_string()
}

/// A hospital of the OG A: its category is not in the table.
pub fn hopital() -> String {
    numero("75019003").to_string()
}

/// Number, OG, name, département, category, state.
type Etablissement = (String, Finess, String, &'static str, &'static str, &'static str);

fn etablissements() -> Vec<Etablissement> {
    let a = (1..=34).map(|n| (ehpad(n), og_a(), format!("EHPAD Tilleul {n}"), "75", "500", "ouvert"));
    let fermes = [("75019001", 1), ("75019002", 2)].map(|(racine, n)| {
        (
            numero(racine).to_string(),
            og_a(),
            format!("EHPAD Clos {n}"),
            "75",
            "500",
            "ferme",
        )
    });
    let hopital = (
        hopital(),
        og_a(),
        "Centre hospitalier".to_owned(),
        "75",
        "355",
        "ouvert",
    );
    let b = (1..=18).map(|n| (ime(n), og_b(), format!("IME Marronnier {n}"), "75", "183", "ouvert"));
    let c = (1..=6).map(|n| {
        let finess = numero(&format!("6903{n:04}")).to_string();
        (finess, og_c(), format!("EHPAD Traboule {n}"), "69", "500", "ouvert")
    });
    a.chain(fermes).chain([hopital]).chain(b).chain(c).collect()
}

pub async fn semer(pool: &PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let organismes = [
        (og_a(), "Association Alpha", "75"),
        (og_b(), "Fondation Bêta", "75"),
        (og_c(), "Mutuelle Gamma", "69"),
    ];
    for (finess, nom, departement) in organismes {
        sqlx::query(
            "insert into organisme (finess, raison_sociale, departement, date_donnees, mots)
             values ($1, $2, $3, '2024-04-01', sans_accents($2))",
        )
        .bind(finess.to_string())
        .bind(nom)
        .bind(departement)
        .execute(&mut *conn)
        .await
        .unwrap();
    }
    for (finess, organisme, nom, departement, categorie, etat) in etablissements() {
        sqlx::query(
            "insert into essms (finess, organisme, nom, commune_insee, commune, code_postal, departement, categorie, etat,
                ferme_le, date_donnees, mots, recherche)
             values ($1, $2, $3, $4 || '001', 'VILLE', $4 || '001', $4, $5, $6,
                case when $6 = 'ferme' then date '2023-12-31' end, '2024-04-01', sans_accents($3),
                to_tsvector('simple', sans_accents($3)))",
        )
        .bind(finess)
        .bind(organisme.to_string())
        .bind(nom)
        .bind(departement)
        .bind(categorie)
        .bind(etat)
        .execute(&mut *conn)
        .await
        .unwrap();
    }
    sqlx::query("insert into mot select distinct unnest(string_to_array(mots, ' ')) from essms")
        .execute(&mut *conn)
        .await
        .unwrap();
    sqlx::query(
        "with envoi as (
             insert into import_envoi (id, par, fichiers, commence_le, termine_le)
             values (gen_random_uuid(), 'essai', '{essai.csv}', '2024-04-02T08:00Z', '2024-04-02T08:00Z') returning id
         )
         insert into import_finess (fichier, famille, flux, date_donnees, lus, nouveaux, modifies, fermes, rejetes,
            corriges, avec_et, avec_ej, encodage, commence_le, termine_le, duree_ms, par, envoi)
         select 'essai.csv', 'extrait', 'structureet', '2024-04-01', 61, 61, 0, 2, 0, 0, true, true, 'UTF-8',
            '2024-04-02T08:00Z', '2024-04-02T08:00Z', 1, 'essai', id from envoi",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    for (id, nom, couloirs) in [(SOLUTION, "Aurore", "{PA,PH}"), (AUTRE_SOLUTION, "Boréal", "{PH}")] {
        sqlx::query(
            "insert into solution_dui (id, nom, editeur, version, couloirs, segur, sad, referentiels, services_socles, importee_le)
             values ($1, $2, 'Éditeur', '1.0', $3::text[], true, true, '{SERAFIN-PH,AGGIR-PATHOS}',
                '{MSSANTE,DMP,INS,ROR}', '2024-04-01')",
        )
        .bind(id)
        .bind(nom)
        .bind(couloirs)
        .execute(&mut *conn)
        .await
        .unwrap();
    }
}
