//! What an import changes, and what it refuses to change.

use std::io::Write as _;

use portail_grappes::domain::nomenclature::Etat;
use portail_grappes::registry::fictif::{Perimetre, generer};
use portail_grappes::registry::import::importer_finess;
use portail_grappes::registry::rapport::{Fermetures, ImportErreur, Options};
use portail_grappes::store::envoi_import;
use portail_grappes::store::journal_import::lister_rejets;
use portail_grappes::store::registre::{Reconnaissance, date_du_repertoire, reconnaitre};
use sqlx::PgPool;

use super::{EXTRAIT_REEL, accepter, bilan, charger, compter_ouverts, ej, et, extrait, importer, numero, serie};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn importing_twice_changes_nothing(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let etat = "select md5(string_agg(e::text || e.xmin::text, '' order by finess)) from essms e";
    accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    let avant: String = sqlx::query_scalar(etat).fetch_one(&mut *conn).await.unwrap();
    let rapport = accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    assert_eq!((bilan(&rapport), rapport.lus), ((0, 0, 0, 0), 14));
    let apres: String = sqlx::query_scalar(etat).fetch_one(&mut *conn).await.unwrap();
    assert_eq!(avant, apres);
    assert_eq!(envoi_import::lister(&mut conn, 10).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_establishment_that_disappeared_is_closed_on_the_date_of_the_file(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let lignes = serie(10);
    accepter(&mut conn, extrait("2026-01-01", &lignes)).await;
    let rapport = accepter(&mut conn, extrait("2026-02-01", &lignes[1..])).await;
    assert_eq!(bilan(&rapport), (0, 0, 1, 0));
    let ferme = charger(&mut conn, numero("75900001").as_str()).await;
    assert_eq!(
        (ferme.etat, ferme.ferme_le.unwrap().to_string().as_str()),
        (Etat::Ferme, "2026-02-01")
    );
    assert_eq!(ferme.nombre_essms, 9);
    // Closed stays closed on the same date, and opens again when it is back.
    assert_eq!(
        bilan(&accepter(&mut conn, extrait("2026-03-01", &lignes[1..])).await),
        (0, 0, 0, 0)
    );
    assert_eq!(
        charger(&mut conn, numero("75900001").as_str()).await.ferme_le,
        ferme.ferme_le
    );
    assert_eq!(
        bilan(&accepter(&mut conn, extrait("2026-04-01", &lignes)).await),
        (0, 1, 0, 0)
    );
    assert_eq!(charger(&mut conn, numero("75900001").as_str()).await.etat, Etat::Ouvert);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_suspicious_mass_of_closures_is_refused_unless_confirmed(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let lignes = serie(300);
    accepter(&mut conn, extrait("2026-01-01", &lignes)).await;
    let moins = extrait("2026-02-01", &lignes[61..]);
    let refus = importer(&mut conn, Fermetures::Prudentes, vec![("f", moins.clone())]).await;
    assert!(
        matches!(
            refus,
            Err(ImportErreur::FermetureMassive {
                fermetures: 61,
                ouverts: 300,
                ..
            })
        ),
        "{refus:?}"
    );
    assert_eq!(compter_ouverts(&mut conn).await, 300);
    assert_eq!(
        bilan(&accepter(&mut conn, extrait("2026-02-01", &lignes[60..])).await),
        (0, 0, 60, 0)
    );
    let extrait_partiel = importer(
        &mut conn,
        Fermetures::Aucune,
        vec![("f", extrait("2026-02-01", &lignes[290..]))],
    )
    .await;
    assert_eq!(bilan(&extrait_partiel.unwrap()[0]), (0, 0, 0, 0));
    let confirme = importer(
        &mut conn,
        Fermetures::Toutes,
        vec![("f", extrait("2026-02-01", &lignes[290..]))],
    )
    .await;
    assert_eq!(bilan(&confirme.unwrap()[0]), (0, 0, 230, 0));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_extract_of_some_departements_closes_only_theirs(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let paris = serie(100);
    let ain = |rang: usize| et(&format!("019{rang:05}"), "01999999", "IME", "01000 BOURG", "01", "183");
    let tous: Vec<String> = paris.iter().cloned().chain((1..=10).map(ain)).collect();
    accepter(&mut conn, extrait("2026-01-01", &tous)).await;
    let rapport = accepter(&mut conn, extrait("2026-02-01", &(2..=10).map(ain).collect::<Vec<_>>())).await;
    assert_eq!(bilan(&rapport), (0, 0, 1, 0));
    assert!(rapport.remarque.unwrap().contains("départements"));
    assert_eq!(compter_ouverts(&mut conn).await, 109);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn real_and_fictitious_rows_do_not_close_one_another(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    let fictif = generer(Perimetre::IleDeFrance);
    let options = Options {
        par: "test".to_owned(),
        fermetures: Fermetures::Prudentes,
    };
    let mut etapes = Vec::new();
    let rapport = importer_finess(&mut conn, fictif.sources().unwrap(), &options, |etape| {
        etapes.push(etape);
    })
    .await
    .unwrap();
    assert!(rapport.fichiers.iter().all(|f| f.fictif && f.rejetes == 0));
    // The fictitious ones that closed are all that did.
    let fermes: i64 = rapport.fichiers.iter().map(|f| f.fermes).sum();
    assert_eq!(usize::try_from(fermes).unwrap(), fictif.fermes.len());
    assert!(etapes.iter().filter(|e| e.fusion).count() == 4 && etapes.iter().all(|e| e.octets <= e.octets_total));
    assert_eq!(bilan(&accepter(&mut conn, EXTRAIT_REEL.to_vec()).await), (0, 0, 0, 0));
    assert_eq!(
        usize::try_from(compter_ouverts(&mut conn).await).unwrap(),
        fictif.essms.len() + fictif.ecartes.len() + 14
    );
    let numero = fictif.essms[0].finess;
    let essms = charger(&mut conn, numero.as_str()).await;
    assert!(essms.fictif && essms.position.is_some());
    assert!(essms.organisme_nom.as_ref().unwrap().ends_with("(FICTIF)"));
    // Each origin has its date, and lends it to nothing else.
    let fraicheur = date_du_repertoire(&mut conn).await.unwrap().unwrap();
    assert_eq!(
        fraicheur.jour(),
        "12/05/2026 (données réelles), 12/05/2026 (données fictives)"
    );
    assert_eq!(fraicheur.de([&essms]).jour(), "12/05/2026 (données fictives)");
    let reel = charger(&mut conn, "970216057").await;
    assert_eq!(fraicheur.de([&reel]).jour(), "12/05/2026");
    assert_eq!(fraicheur.de([&reel, &essms]), fraicheur);
    let usurpe = String::from_utf8(EXTRAIT_REEL.to_vec())
        .unwrap()
        .replace(";111;", ";fictif;");
    let refus = importer(&mut conn, Fermetures::Aucune, vec![("f", usurpe.into_bytes())])
        .await
        .unwrap();
    assert_eq!(bilan(&refus[0]), (0, 0, 0, 14));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_older_file_only_adds_what_is_unknown(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let lignes = serie(5);
    accepter(&mut conn, extrait("2026-03-01", &lignes[1..4])).await;
    let anciennes: Vec<String> = lignes.iter().map(|l| l.replace("EHPAD 3", "ANCIEN NOM")).collect();
    let rapport = accepter(&mut conn, extrait("2026-01-01", &anciennes[..3])).await;
    assert_eq!(bilan(&rapport), (1, 0, 0, 0));
    assert!(rapport.remarque.is_some());
    assert_eq!(charger(&mut conn, numero("75900003").as_str()).await.nom, "EHPAD 3");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nothing_is_kept_of_an_import_that_fails_in_the_middle(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let complet = extrait("2026-05-12", &serie(20_000));
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&complet).unwrap();
    let mut coupe = gz.finish().unwrap();
    coupe.truncate(coupe.len() / 2);
    let echec = importer(
        &mut conn,
        Fermetures::Prudentes,
        vec![("a", EXTRAIT_REEL.to_vec()), ("b", coupe)],
    )
    .await;
    assert!(matches!(echec, Err(ImportErreur::Lecture { .. })), "{echec:?}");
    let second = importer(
        &mut conn,
        Fermetures::Prudentes,
        vec![("a", EXTRAIT_REEL.to_vec()), ("b", b"rien".to_vec())],
    )
    .await;
    assert!(matches!(second, Err(ImportErreur::NonReconnu { .. })), "{second:?}");
    let reste: i64 = sqlx::query_scalar(
        "select (select count(*) from essms) + (select count(*) from organisme) + (select count(*) from import_finess)
              + (select count(*) from mot)",
    )
    .fetch_one(&mut *conn)
    .await
    .unwrap();
    assert_eq!(reste, 0);
    // The connection still serves.
    assert_eq!(bilan(&accepter(&mut conn, EXTRAIT_REEL.to_vec()).await), (14, 0, 0, 0));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn rejected_lines_are_listed_with_their_number_and_reason(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let bon = serie(3);
    let lignes = vec![
        bon[0].clone(),
        bon[1].replace(numero("75900002").as_str(), "759000020"),
        bon[2].replace(";2026-01-01;", ";;"),
        "equipement;1;2".to_owned(),
        bon[0].clone(),
        format!("{};", bon[1]),
    ];
    accepter(&mut conn, extrait("2026-05-11", &bon)).await;
    let rapport = accepter(&mut conn, extrait("2026-05-12", &lignes)).await;
    // A line rejected whose number is readable is not an establishment that disappeared.
    assert_eq!(bilan(&rapport), (0, 0, 0, 5));
    let rejets = lister_rejets(&mut conn, rapport.envoi, None, 50).await.unwrap();
    let dits: Vec<(i64, &str)> = rejets.iter().map(|r| (r.ligne, r.motif.as_str())).collect();
    assert_eq!(
        dits,
        [
            (
                3,
                "numéro FINESS ET\u{a0}: la clé de ce numéro FINESS est fausse\u{a0}: vérifiez les chiffres saisis"
            ),
            (4, "champ vide\u{a0}: date de mise à jour"),
            (5, "type d’enregistrement inconnu\u{a0}: «\u{a0}equipement\u{a0}»"),
            (6, "numéro déjà lu, ligne 2"),
            (7, "33 champs au lieu de 32"),
        ]
    );
    assert!(rejets[0].extrait.starts_with("structureet;"));
    let suite = lister_rejets(&mut conn, rapport.envoi, Some(&rejets[1]), 2)
        .await
        .unwrap();
    assert_eq!(suite, rejets[2..4]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn places_are_put_right_or_rejected(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    let lambert = "1,X,EPSG:2154 RGF93 / Lambert-93;2026-05-01";
    let lignes = [
        format!("geolocalisation;010000024;6571540.8;870262.2;{lambert}"),
        format!("geolocalisation;970302287;870262.2;6571540.8;{lambert}"),
        format!("geolocalisation;970216057;0;0;{lambert}"),
        format!("geolocalisation;{};870262.2;6571540.8;{lambert}", numero("75900001")),
        "geolocalisation;970400024;338000;7690000;1,X,EPSG:2975;2026-05-01".to_owned(),
    ];
    let rapport = accepter(&mut conn, extrait("2026-05-12", &lignes)).await;
    assert_eq!((bilan(&rapport), rapport.corriges), ((0, 2, 0, 3), 1));
    let (longitude, latitude) = charger(&mut conn, "010000024").await.position.unwrap();
    assert!((5.1..5.3).contains(&longitude) && (46.1..46.3).contains(&latitude));
    assert!(charger(&mut conn, "970302287").await.position.is_none());
    // Places survive the next file of establishments, which does not carry them.
    assert_eq!(bilan(&accepter(&mut conn, EXTRAIT_REEL.to_vec()).await), (0, 0, 0, 0));
    assert!(charger(&mut conn, "970400024").await.position.is_some());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_number_is_recognised_for_what_it_is(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let lignes = serie(3);
    accepter(&mut conn, extrait("2026-01-01", &lignes)).await;
    accepter(&mut conn, extrait("2026-01-02", &[ej("75999999", "OG DES LILAS")])).await;
    accepter(&mut conn, extrait("2026-02-01", &lignes[..2])).await;
    let (a, b, ferme, og, inconnu) = (
        numero("75900001"),
        numero("75900002"),
        numero("75900003"),
        numero("75999999"),
        numero("75900009"),
    );
    let sens = reconnaitre(&mut conn, &[inconnu, og, ferme, a]).await.unwrap();
    assert_eq!(
        sens,
        [
            (inconnu, Reconnaissance::Inconnu),
            (
                og,
                Reconnaissance::Organisme {
                    nom: Some("OG DES LILAS".to_owned()),
                    essms: vec![a, b]
                }
            ),
            (ferme, Reconnaissance::EssmsFerme("2026-02-01".parse().unwrap())),
            (a, Reconnaissance::EssmsOuvert),
        ]
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_first_import_leaves_indexes_and_constraints_as_the_migrations_made_them(pool: PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let schema = "select string_agg(d, E'\\n' order by d) from (
                      select indexdef as d from pg_indexes where tablename = 'essms'
                      union all
                      select conname || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'essms'::regclass
                  ) x";
    let avant: String = sqlx::query_scalar(schema).fetch_one(&mut *conn).await.unwrap();
    accepter(&mut conn, EXTRAIT_REEL.to_vec()).await;
    let apres: String = sqlx::query_scalar(schema).fetch_one(&mut *conn).await.unwrap();
    assert!(avant.contains("essms_recherche") && avant.contains("essms_organisme_fkey"));
    assert_eq!(avant, apres);
}
