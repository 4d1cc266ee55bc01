//! Shapes of files: the real sample, encodings, archives.

use std::io::Write as _;

use portail_grappes::domain::nomenclature::{Eligibilite, Etat, categories_livrees};
use portail_grappes::registry::rapport::{Famille, Fermetures, ImportErreur};
use portail_grappes::rules::faits::CategorieLue;
use portail_grappes::store::registre::date_du_repertoire;
use sqlx::PgPool;

use super::{EXTRAIT_REEL, accepter, bilan, charger, et, extrait, importer};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_real_sample_is_read_whole(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let rapport = accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    assert_eq!(bilan(&rapport), (14, 0, 0, 0));
    assert_eq!(
        (rapport.lus, rapport.encodage.as_str(), rapport.famille),
        (14, "UTF-8", Famille::Extrait)
    );
    assert_eq!((rapport.flux.as_str(), rapport.fictif), ("111", false));

    let mavouna = charger(&mut conn, "980501506").await;
    assert_eq!(mavouna.nom, "LIEU DE VIE \"MAVOUNA MEMA 1\"");
    assert_eq!(
        (mavouna.commune_insee.as_str(), mavouna.commune.as_str()),
        ("97606", "CHIRONGUI")
    );
    assert_eq!(mavouna.departement.map(|d| d.code.as_str()), Some("976"));

    for (numero, insee, departement) in [
        ("010000024", "01451", "01"),
        ("970102018", "97123", "971"),
        ("970210126", "97207", "972"),
        ("970300026", "97302", "973"),
        ("970400024", "97411", "974"),
        ("980600027", "98613", "986"),
    ] {
        let essms = charger(&mut conn, numero).await;
        assert_eq!(essms.commune_insee, insee);
        assert_eq!(essms.departement.map(|d| d.code.as_str()), Some(departement));
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_category_table_says_what_is_an_essms_and_how_many_an_og_has(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    let ehpad = charger(&mut conn, "970302287").await;
    let CategorieLue::Connue(categorie) = &ehpad.categorie else {
        panic!()
    };
    assert_eq!(
        (categorie.code.as_str(), categorie.eligibilite),
        ("500", Eligibilite::Oui)
    );
    // Its OG also manages a hospital, which does not count.
    assert_eq!((ehpad.nombre_essms, ehpad.organisme_nom.as_deref()), (1, None));
    assert_eq!(ehpad.etat, Etat::Ouvert);
    let hopital = charger(&mut conn, "970300026").await;
    assert_eq!(hopital.categorie, CategorieLue::HorsTable("355".to_owned()));
    assert_eq!(hopital.categorie_libelle.as_deref(), Some("Centre Hospitalier (C.H.)"));
    // An ET whose number begins like one région, of an OG of another: nothing is read in the prefix.
    let martinique = charger(&mut conn, "970216057").await;
    assert_eq!(martinique.organisme.as_str(), "590799730");
    assert_eq!(martinique.departement.map(|d| d.nom.as_str()), Some("Martinique"));
    assert_eq!(
        date_du_repertoire(&mut conn).await.unwrap().unwrap().jour(),
        "12/05/2026"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_seeded_categories_are_the_shipped_ones(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let lignes: Vec<(String, String, String, Option<String>, String, String)> =
        sqlx::query_as("select code, libelle, sigle, secteur, medicalise, eligibilite from categorie order by code")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
    let mut livrees: Vec<_> = categories_livrees()
        .map(|c| {
            use portail_grappes::domain::nomenclature::Liste as _;
            (
                c.code.clone(),
                c.libelle.clone(),
                c.sigle.clone(),
                c.secteur.map(|s| s.code().to_owned()),
                c.medicalise.code().to_owned(),
                c.eligibilite.code().to_owned(),
            )
        })
        .collect();
    livrees.sort();
    assert_eq!(lignes, livrees);
    let departements: i64 = sqlx::query_scalar("select count(*) from departement")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(departements).unwrap(),
        portail_grappes::domain::territoire::departements().len()
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn windows_1252_is_recognised(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let texte = String::from_utf8(EXTRAIT_REEL.to_vec()).unwrap();
    let (octets, _, fautes) = encoding_rs::WINDOWS_1252.encode(&texte);
    assert!(!fautes);
    let rapport = accepter(&mut conn, octets.into_owned()).await;
    assert_eq!(
        (bilan(&rapport), rapport.encodage.as_str()),
        ((14, 0, 0, 0), "Windows-1252")
    );
    assert_eq!(
        charger(&mut conn, "980502199").await.adresse.as_deref(),
        Some("ZI VALLÉE 3 BP 208")
    );
    // The same rows in the other encoding are the same.
    assert_eq!(bilan(&accepter(&mut conn, EXTRAIT_REEL.to_vec()).await), (0, 0, 0, 0));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn gz_and_zip_are_read_whatever_their_name(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(EXTRAIT_REEL).unwrap();
    let gz = gz.finish().unwrap();
    assert_eq!(bilan(&accepter(&mut conn, gz.clone()).await), (14, 0, 0, 0));

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("dossier/a.csv", options).unwrap();
    zip.write_all(EXTRAIT_REEL).unwrap();
    zip.start_file("b.gz", options).unwrap();
    zip.write_all(&gz).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let rapports = importer(&mut conn, Fermetures::Prudentes, vec![("x.csv", zip)])
        .await
        .unwrap();
    let noms: Vec<&str> = rapports.iter().map(|r| r.fichier.as_str()).collect();
    assert_eq!(noms, ["x.csv/dossier/a.csv", "x.csv/b.gz"]);
    assert!(rapports.iter().all(|r| bilan(r) == (0, 0, 0, 0) && r.lus == 14));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_not_a_registry_file_is_refused(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    for octets in [
        &b""[..],
        b"bonjour",
        b"nofinesset;rs\n010000024;X\n",
        b"{}",
        b"%PDF-1.4",
        b"\xff\xfef\0i\0n\0",
    ] {
        let refus = importer(&mut conn, Fermetures::Prudentes, vec![("f", octets.to_vec())]).await;
        assert!(matches!(refus, Err(ImportErreur::NonReconnu { .. })), "{refus:?}");
    }
    let broken = importer(
        &mut conn,
        Fermetures::Prudentes,
        vec![("f", b"PK\x03\x04rien".to_vec())],
    )
    .await;
    assert!(matches!(broken, Err(ImportErreur::Archive { .. })), "{broken:?}");
    let sans_ligne = importer(
        &mut conn,
        Fermetures::Prudentes,
        vec![("f", b"finess;etalab;1;2026-01-01\nx;y\n".to_vec())],
    )
    .await;
    assert!(
        matches!(sans_ligne, Err(ImportErreur::RienDExploitable { lus: 1, .. })),
        "{sans_ligne:?}"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn any_bytes_are_read_without_a_panic(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let bon = et("75900001", "75900002", "EHPAD\tA\\b\u{0}c", "75001 PARIS", "75", "500");
    let mut octets = extrait("2026-05-12", &[bon]);
    octets.extend_from_slice(b"structureet\n;;;\n\"\nstructureet;\xff\xfe;\"\x00\ngeolocalisation;;;;;\n\n\r\n");
    octets.extend_from_slice(&b"a;".repeat(50_000));
    let rapport = accepter(&mut conn, octets).await;
    assert_eq!((rapport.nouveaux, rapport.lus, rapport.rejetes), (1, 7, 6));
}
