//! Search: what is found, in what order, however it is typed.

use portail_grappes::domain::nomenclature::Secteur;
use portail_grappes::store::recherche::{FiltresEssms, chercher_essms, chercher_organismes};
use sqlx::{PgConnection, PgPool};

use super::{accepter, ej, et, extrait, numero};

async fn peupler(conn: &mut PgConnection) {
    let lignes = [
        et(
            "75900001",
            "75999991",
            "EHPAD RESIDENCE LES GLYCINES",
            "75013 PARIS",
            "75",
            "500",
        ),
        et(
            "75900002",
            "75999991",
            "EHPAD LES LILAS BLANCS",
            "75019 PARIS",
            "75",
            "500",
        ),
        et(
            "93900001",
            "75999992",
            "IME L'ÉTANG D'OR",
            "93260 LES LILAS",
            "93",
            "183",
        ),
        et(
            "93900002",
            "75999992",
            "E.S.A.T. STE ODILE",
            "93200 ST DENIS CEDEX",
            "93",
            "246",
        ),
        et(
            "91900001",
            "75999992",
            "SSIAD DU VAL FLEURI",
            "91300 MASSY",
            "91",
            "354",
        ),
        et(
            "91900002",
            "91999991",
            "CENTRE HOSPITALIER DE MASSY",
            "91300 MASSY",
            "91",
            "355",
        ),
        et(
            "91900003",
            "91999991",
            "RESIDENCE AUTONOMIE BELLEVUE",
            "91120 PALAISEAU",
            "91",
            "202",
        ),
    ];
    accepter(conn, extrait("2026-05-12", &lignes)).await;
    let organismes = [
        ej("75999991", "FONDATION ENTRAIDE ET PARTAGE"),
        ej("75999992", "ASSOCIATION CŒUR D'HORIZON"),
    ];
    accepter(conn, extrait("2026-05-12", &organismes)).await;
}

async fn noms(conn: &mut PgConnection, texte: &str, filtres: &FiltresEssms) -> Vec<String> {
    let trouves = chercher_essms(conn, texte, filtres, 1, 20).await.unwrap();
    trouves.essms.into_iter().map(|e| e.nom).collect()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn words_are_found_in_any_order_without_accents_nor_case(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    for (saisie, premier) in [
        ("glycines", "EHPAD RESIDENCE LES GLYCINES"),
        ("Les Glycines résidence", "EHPAD RESIDENCE LES GLYCINES"),
        ("paris glycines", "EHPAD RESIDENCE LES GLYCINES"),
        ("glyc", "EHPAD RESIDENCE LES GLYCINES"),
        ("75013", "EHPAD RESIDENCE LES GLYCINES"),
        ("etang", "IME L'ÉTANG D'OR"),
        ("ÉTANG d’or", "IME L'ÉTANG D'OR"),
        ("esat sainte odile", "E.S.A.T. STE ODILE"),
        ("saint-denis", "E.S.A.T. STE ODILE"),
        ("ssiad massy", "SSIAD DU VAL FLEURI"),
        ("essonne ssiad", "SSIAD DU VAL FLEURI"),
        ("IME coeur d'horizon", "IME L'ÉTANG D'OR"),
    ] {
        let trouves = noms(&mut conn, saisie, &FiltresEssms::default()).await;
        assert_eq!(
            trouves.first().map(String::as_str),
            Some(premier),
            "{saisie} : {trouves:?}"
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn typing_errors_are_forgiven(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    for (saisie, premier) in [
        ("ephad glycines", "EHPAD RESIDENCE LES GLYCINES"),
        ("glicynes", "EHPAD RESIDENCE LES GLYCINES"),
        ("residance glycine", "EHPAD RESIDENCE LES GLYCINES"),
        ("bellvue palaizeau", "RESIDENCE AUTONOMIE BELLEVUE"),
        ("fleury massy", "SSIAD DU VAL FLEURI"),
        ("entraide partge", "EHPAD LES LILAS BLANCS"),
        ("glycines xyzzyx", "EHPAD RESIDENCE LES GLYCINES"),
        ("glycines massy", "SSIAD DU VAL FLEURI"),
    ] {
        let trouves = noms(&mut conn, saisie, &FiltresEssms::default()).await;
        assert!(
            trouves.iter().take(2).any(|nom| nom == premier),
            "{saisie} : {trouves:?}"
        );
    }
    assert!(noms(&mut conn, "xyzzyx", &FiltresEssms::default()).await.is_empty());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_name_ranks_before_a_commune(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    let trouves = noms(&mut conn, "les lilas", &FiltresEssms::default()).await;
    assert_eq!(trouves, ["EHPAD LES LILAS BLANCS", "IME L'ÉTANG D'OR"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_number_gives_its_establishment_or_those_of_its_og(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    let defaut = FiltresEssms::default();
    let ssiad = numero("91900001");
    assert_eq!(noms(&mut conn, ssiad.as_str(), &defaut).await, ["SSIAD DU VAL FLEURI"]);
    let espace = format!(" {} {} ", &ssiad.as_str()[..3], &ssiad.as_str()[3..]);
    assert_eq!(noms(&mut conn, &espace, &defaut).await, ["SSIAD DU VAL FLEURI"]);
    assert_eq!(
        noms(&mut conn, numero("75999991").as_str(), &defaut).await,
        ["EHPAD LES LILAS BLANCS", "EHPAD RESIDENCE LES GLYCINES"]
    );
    assert_eq!(
        noms(&mut conn, "939000", &defaut).await,
        ["E.S.A.T. STE ODILE", "IME L'ÉTANG D'OR"]
    );
    assert!(noms(&mut conn, numero("75900009").as_str(), &defaut).await.is_empty());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn results_come_by_pages_and_one_beyond_is_the_last(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    let tous = noms(&mut conn, "", &FiltresEssms::default()).await;
    for (page, attendue, attendus) in [
        (0, 1, &tous[..4]),
        (1, 1, &tous[..4]),
        (2, 2, &tous[4..]),
        (9, 2, &tous[4..]),
    ] {
        let trouves = chercher_essms(&mut conn, "", &FiltresEssms::default(), page, 4)
            .await
            .unwrap();
        assert_eq!((trouves.total, trouves.page, trouves.pages), (6, attendue, 2));
        assert!(!trouves.davantage);
        assert_eq!(trouves.essms.into_iter().map(|e| e.nom).collect::<Vec<_>>(), attendus);
    }
    let aucun = chercher_essms(&mut conn, "xyzzyx", &FiltresEssms::default(), 3, 4)
        .await
        .unwrap();
    assert_eq!((aucun.total, aucun.page, aucun.pages, aucun.essms.len()), (0, 1, 1, 0));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn filters_narrow_and_hospitals_are_left_out_by_default(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    let defaut = FiltresEssms::default();
    assert_eq!(noms(&mut conn, "", &defaut).await.len(), 6);
    assert_eq!(noms(&mut conn, "massy", &defaut).await, ["SSIAD DU VAL FLEURI"]);
    let avec_hopitaux = FiltresEssms {
        hors_essms: true,
        ..FiltresEssms::default()
    };
    assert_eq!(noms(&mut conn, "massy", &avec_hopitaux).await.len(), 2);
    let ph = FiltresEssms {
        secteur: Some(Secteur::Ph),
        ..FiltresEssms::default()
    };
    assert_eq!(
        noms(&mut conn, "", &ph).await,
        ["E.S.A.T. STE ODILE", "IME L'ÉTANG D'OR"]
    );
    let essonne = FiltresEssms {
        departement: Some("91".to_owned()),
        ..FiltresEssms::default()
    };
    assert_eq!(
        noms(&mut conn, "residence", &essonne).await,
        ["RESIDENCE AUTONOMIE BELLEVUE"]
    );
    let og = FiltresEssms {
        organisme: Some(numero("75999992")),
        region: Some("11".to_owned()),
        categorie: Some("354".to_owned()),
        ..FiltresEssms::default()
    };
    assert_eq!(noms(&mut conn, "", &og).await, ["SSIAD DU VAL FLEURI"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn ogs_are_found_by_name_siren_or_number(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    peupler(&mut conn).await;
    for saisie in [
        "entraide",
        "fondation entrade",
        "Fondation Entraide et Partage",
        numero("75999991").as_str(),
    ] {
        let trouves = chercher_organismes(&mut conn, saisie, 5).await.unwrap();
        assert_eq!(trouves.first().map(|o| o.finess), Some(numero("75999991")), "{saisie}");
        assert_eq!(trouves[0].nombre_essms, 2);
    }
    assert_eq!(chercher_organismes(&mut conn, "123 456 789", 5).await.unwrap().len(), 2);
    assert!(chercher_organismes(&mut conn, "zzzz", 5).await.unwrap().is_empty());
}
