//! The second wall: what PostgreSQL itself shows and lets change, whatever the portal's code forgets.

use portail_grappes::domain::compte::Perimetre;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::store::acces::commencer;
use portail_grappes::web::chemins;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Postgres, Row, Transaction};
use uuid::Uuid;

use crate::portail::registre::{ehpad, og_a, og_b};
use crate::portail::{EDITION, Portail, Qui, dossier};

/// The tables that belong to a tenant, with the column that names the dossier.
const TABLES: [(&str, &str); 8] = [
    ("dossier", "id"),
    ("dossier_etape", "dossier_id"),
    ("grappe_essms", "dossier_id"),
    ("piece", "dossier_id"),
    ("depot", "dossier_id"),
    ("journal", "dossier_id"),
    ("commentaire", "dossier_id"),
    ("affectation", "dossier_id"),
];

struct Cas {
    portail: Portail,
    brouillon: Uuid,
    depose: Uuid,
}

async fn cas(pool: PgPool) -> Cas {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let brouillon = dossier::pret(&a, "Brouillon de A", 1).await;
    let depose = dossier::pret(&a, "Déposé par A", 17).await;
    for dossier in [brouillon, depose] {
        let etape = Etape::Motivations;
        a.enregistrer(&chemins::echanges(dossier, etape), &[("texte", "Entre nous")])
            .await;
        let moi = portail
            .texte("select id::text from compte where courriel = 'depota@exemple.fr'")
            .await;
        a.enregistrer(&chemins::affectation(dossier, etape), &[("collegue", &moi)])
            .await;
    }
    dossier::deposer(&a, depose).await;
    Cas {
        portail,
        brouillon,
        depose,
    }
}

fn og(og: Option<portail_grappes::domain::finess::Finess>) -> Perimetre {
    Perimetre {
        og,
        regions: Vec::new(),
    }
}

fn ars(region: &str) -> Perimetre {
    Perimetre {
        og: None,
        regions: vec![region.to_owned()],
    }
}

/// Those who have nothing to do with the OG A's drafts.
fn etrangers() -> [(&'static str, Perimetre); 4] {
    [
        ("OG B", og(Some(og_b()))),
        ("sans périmètre", og(None)),
        ("ARS 84", ars("84")),
        ("périmètre vide", ars("")),
    ]
}

async fn compter(tx: &mut Transaction<'static, Postgres>, table: &str, cle: &str, dossier: Uuid) -> i64 {
    let sql = format!("select count(*) from {table} where {cle} = $1");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(dossier)
        .fetch_one(&mut **tx)
        .await
        .unwrap()
}

/// Rows changed by this statement under this scope, rolled back; an error changes none. `AUTEUR` is an account, which the
/// scope might not see.
async fn changer(pool: &PgPool, perimetre: &Perimetre, sql: &str, dossier: Uuid) -> Result<u64, String> {
    let auteur: Uuid = sqlx::query_scalar("select id from compte limit 1")
        .fetch_one(pool)
        .await
        .unwrap();
    let mut tx = commencer(pool, perimetre).await.unwrap();
    let fait = sqlx::query(sqlx::AssertSqlSafe(sql.replace("AUTEUR", &auteur.to_string())))
        .bind(dossier)
        .execute(&mut *tx)
        .await;
    fait.map(|f| f.rows_affected()).map_err(|e| e.to_string())
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn strangers_see_no_row_of_any_table(pool: PgPool) {
    let cas = cas(pool).await;
    for (table, cle) in TABLES {
        let sql = format!("select count(*) from {table} where {cle} = $1");
        let total: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(cas.depose)
            .fetch_one(&cas.portail.pool)
            .await
            .unwrap();
        assert!(total > 0, "{table} holds nothing that could leak");
        for (nom, perimetre) in etrangers() {
            let mut tx = commencer(&cas.portail.pool, &perimetre).await.unwrap();
            for dossier in [cas.brouillon, cas.depose] {
                assert_eq!(compter(&mut tx, table, cle, dossier).await, 0, "{nom} : {table}");
            }
            let sql = format!("select count(*) from {table}");
            let vus: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_one(&mut *tx)
                .await
                .unwrap();
            assert_eq!(vus, 0, "{nom} : {table}");
        }
        let mut tx = commencer(&cas.portail.pool, &og(Some(og_a()))).await.unwrap();
        assert_eq!(
            compter(&mut tx, table, cle, cas.depose).await,
            total,
            "the owner: {table}"
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn strangers_and_instructors_change_no_row_of_any_table(pool: PgPool) {
    let cas = cas(pool).await;
    let ecritures = [
        "update dossier set nom = 'pris' where id = $1",
        "update dossier set porteur = portail_og() where id = $1",
        "update dossier_etape set reponses = '{}' where dossier_id = $1",
        "update grappe_essms set retire_le = now() where dossier_id = $1",
        "update piece set retire_le = now() where dossier_id = $1",
        "update depot set contenu = '' where dossier_id = $1",
        "update journal set action = '' where dossier_id = $1",
        "delete from dossier where id = $1",
        "delete from dossier_etape where dossier_id = $1",
        "delete from grappe_essms where dossier_id = $1",
        "delete from piece where dossier_id = $1",
        "delete from depot where dossier_id = $1",
        "delete from journal where dossier_id = $1",
        "update commentaire set texte = 'pris' where dossier_id = $1",
        "delete from commentaire where dossier_id = $1",
        "update affectation set etape = 'pris' where dossier_id = $1",
        "delete from affectation where dossier_id = $1",
    ];
    let ajouts = [
        "insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         values ($1, 'intrus', 1, '{}', now(), 'AUTEUR')",
        "insert into grappe_essms (dossier_id, finess, rang, ajoute_le) values ($1, '750000001', 99, now())",
        "insert into piece (id, dossier_id, type_piece, nom, type_contenu, taille_octets, sha256, chemin, depose_le, depose_par)
         values ($1, $1, 'x', 'x', 'x', 1, '', 'x', now(), 'AUTEUR')",
        "insert into depot (id, dossier_id, rang, depose_le, depose_par, edition, edition_version, contenu, evaluation, sha256)
         values ($1, $1, 9, now(), 'AUTEUR', 'x', 1, '', '{}', '')",
        "insert into journal (id, dossier_id, survenu_le, compte_id, action) values ($1, $1, now(), 'AUTEUR', 'intrus')",
        "insert into commentaire (id, dossier_id, etape, auteur, texte, ecrit_le)
         values ($1, $1, 'projet', 'AUTEUR', 'intrus', now())",
        "insert into affectation (dossier_id, etape, compte_id, affecte_le) values ($1, 'projet', 'AUTEUR', now())",
    ];
    let mut perimetres = etrangers().to_vec();
    perimetres.push(("ARS 11", ars("11")));
    for (nom, perimetre) in perimetres {
        for dossier in [cas.brouillon, cas.depose] {
            for sql in ecritures {
                let fait = changer(&cas.portail.pool, &perimetre, sql, dossier).await;
                assert!(matches!(fait, Ok(0) | Err(_)), "{nom} : {sql} : {fait:?}");
            }
            for sql in ajouts {
                let fait = changer(&cas.portail.pool, &perimetre, sql, dossier).await;
                let refus = fait.expect_err(sql);
                assert!(refus.contains("row-level security"), "{nom} : {sql} : {refus}");
            }
        }
        let creation = "insert into dossier (id, reference, nom, edition, edition_version, region, porteur, etat, cree_le, modifie_le)
             select $1, 'X', 'x', 'idf-2024', 1, '11', '750000001', 'brouillon', now(), now()";
        let creation = creation.replace("750000001", og_a().as_str());
        let fait = changer(&cas.portail.pool, &perimetre, &creation, Uuid::from_u128(1)).await;
        assert!(fait.is_err_and(|e| e.contains("row-level security")), "{nom}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn evidence_is_rewritten_by_nobody_not_even_its_porteur(pool: PgPool) {
    let cas = cas(pool).await;
    for perimetre in [og(Some(og_a())), ars("11")] {
        for sql in [
            "update depot set contenu = 'faux' where dossier_id = $1",
            "delete from depot where dossier_id = $1",
            "update journal set action = 'faux' where dossier_id = $1",
            "delete from journal where dossier_id = $1",
            "delete from piece where dossier_id = $1",
            "delete from dossier where id = $1",
        ] {
            let refus = changer(&cas.portail.pool, &perimetre, sql, cas.depose).await;
            assert!(
                refus.clone().is_err_and(|e| e.contains("permission denied")),
                "{sql} : {refus:?}"
            );
        }
    }
    let donner = "update dossier set porteur = $2 where id = $1".replace("$2", &format!("'{}'", og_b()));
    let don = changer(&cas.portail.pool, &og(Some(og_a())), &donner, cas.brouillon).await;
    assert!(don.is_err_and(|e| e.contains("row-level security")));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_instructor_sees_what_was_deposited_in_its_region_and_no_draft(pool: PgPool) {
    let cas = cas(pool).await;
    let mut tx = commencer(&cas.portail.pool, &ars("11")).await.unwrap();
    for (table, cle) in TABLES {
        let entre_collegues = ["commentaire", "affectation"].contains(&table);
        let vus = compter(&mut tx, table, cle, cas.depose).await;
        assert_eq!(vus > 0, !entre_collegues, "{table}");
        assert_eq!(compter(&mut tx, table, cle, cas.brouillon).await, 0, "{table}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn passwords_and_sessions_are_out_of_reach_of_a_request(pool: PgPool) {
    let cas = cas(pool).await;
    for sql in [
        "select mot_de_passe from compte where id <> $1",
        "select cle from session where compte_id <> $1",
        "update essms set etat = 'ouvert' where $1::uuid is not null",
    ] {
        let refus = changer(&cas.portail.pool, &og(Some(og_a())), sql, Uuid::nil()).await;
        assert!(
            refus.clone().is_err_and(|e| e.contains("permission denied")),
            "{sql} : {refus:?}"
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_question_across_tenants_answers_with_numbers_only(pool: PgPool) {
    let cas = cas(pool).await;
    let mut tx = commencer(&cas.portail.pool, &og(Some(og_b()))).await.unwrap();
    let numeros = vec![ehpad(1), ehpad(17), ehpad(34)];
    let lignes: Vec<PgRow> = sqlx::query("select * from essms_engages_ailleurs($1, $2, $3) as n order by n")
        .bind(&numeros)
        .bind(Uuid::nil())
        .bind([EDITION])
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert!(lignes.iter().all(|l| l.columns().len() == 1));
    let engages: Vec<String> = lignes.iter().map(|l| l.get(0)).collect();
    assert_eq!(engages, [ehpad(1), ehpad(17)]);
    // Of its own dossier, nothing is elsewhere.
    let ailleurs: Vec<String> = sqlx::query_scalar("select essms_engages_ailleurs($1, $2, $3)")
        .bind(&numeros[..1])
        .bind(cas.brouillon)
        .bind([EDITION])
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert!(ailleurs.is_empty());
}

/// The scope lasts as long as its transaction: the next user of the connection is nobody.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_scope_ends_with_its_transaction(pool: PgPool) {
    let mut tx = commencer(&pool, &og(Some(og_a()))).await.unwrap();
    let pendant: (String, String) = sqlx::query_as("select current_user::text, current_setting('portail.og')")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(pendant, ("portail_app".to_owned(), og_a().to_string()));
    tx.commit().await.unwrap();
    for _ in 0..5 {
        let apres: (String, String) =
            sqlx::query_as("select current_user::text, coalesce(current_setting('portail.og', true), '')")
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_ne!(apres.0, "portail_app");
        assert_eq!(apres.1, "");
    }
}

/// What was deposited is frozen for its own porteur's requests too, even in raw SQL; a draft only ever
/// becomes a deposited dossier.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposited_dossier_is_frozen_for_its_porteur_too(pool: PgPool) {
    let cas = cas(pool).await;
    let a = og(Some(og_a()));
    for sql in [
        "update dossier set etat = 'brouillon' where id = $1",
        "update dossier set nom = 'Autre' where id = $1",
        "update dossier set region = '84' where id = $1",
        "update dossier_etape set reponses = '{}' where dossier_id = $1",
        "update grappe_essms set retire_le = now() where dossier_id = $1",
        "update piece set retire_le = now() where dossier_id = $1",
        "insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         values ($1, 'intrus', 1, '{}', now(), 'AUTEUR')",
        "insert into grappe_essms (dossier_id, finess, rang, ajoute_le) values ($1, '750000001', 99, now())",
        "insert into piece (id, dossier_id, type_piece, nom, type_contenu, taille_octets, sha256, chemin, depose_le, depose_par)
         values ($1, $1, 'x', 'x', 'x', 1, '', 'x', now(), 'AUTEUR')",
        "insert into depot (id, dossier_id, rang, depose_le, depose_par, edition, edition_version, contenu, evaluation, sha256)
         values ($1, $1, 9, now(), 'AUTEUR', 'x', 1, '', '{}', '')",
    ] {
        let sur_depose = changer(&cas.portail.pool, &a, sql, cas.depose).await;
        assert!(matches!(sur_depose, Ok(0) | Err(_)), "{sql} : {sur_depose:?}");
        // The same statement goes through on a draft: it is the deposit that stops it.
        if !sql.contains("etat =") {
            let sur_brouillon = changer(&cas.portail.pool, &a, sql, cas.brouillon).await;
            assert!(sur_brouillon.as_ref().is_ok_and(|n| *n > 0), "{sql} : {sur_brouillon:?}");
        }
    }
    let ne_depose =
        "insert into dossier (id, reference, nom, edition, edition_version, region, porteur, etat, cree_le, modifie_le)
         select $1, 'X', 'x', 'idf-2024', 1, '11', portail_og(), 'depose', now(), now()";
    let refus = changer(&cas.portail.pool, &a, ne_depose, Uuid::from_u128(1)).await;
    assert!(refus.is_err_and(|e| e.contains("commence en brouillon")));
}

/// Mes ESSMS, the spreadsheet that waits, what the registry changed: each OG's own, even in raw SQL.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_an_og_says_of_its_essms_is_its_own(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = og_a();
    for sql in [
        "insert into fait_essms (og, finess, version, reponses, modifie_le, modifie_par)
         select $1, '750000001', 1, '{}', now(), id from compte limit 1",
        "insert into journal_essms (id, og, finess, survenu_le, compte_id, action, champs)
         select gen_random_uuid(), $1, '750000001', now(), id, 'x', '[]' from compte limit 1",
        "insert into import_essms (compte_id, og, id, nom, tableau, colonnes, confirme, expire_le)
         select id, $1, gen_random_uuid(), 'x', '{}', '{}', true, now() from compte limit 1",
        "insert into evenement_essms (og, finess, nature, avant, apres, date_donnees)
         values ($1, '750000001', 'ferme', 'ouvert', 'ferme', now())",
    ] {
        sqlx::query(sql).bind(a.as_str()).execute(&portail.pool).await.unwrap();
    }
    let fois = async |perimetre: &Perimetre, sql: String| -> Result<u64, String> {
        let mut tx = commencer(&portail.pool, perimetre).await.unwrap();
        let fait = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await;
        fait.map(|f| f.rows_affected()).map_err(|e| e.to_string())
    };
    for table in ["fait_essms", "journal_essms", "import_essms", "evenement_essms"] {
        let lire = format!("select * from {table}");
        assert_eq!(fois(&og(Some(a)), lire.clone()).await, Ok(1), "{table}");
        for (nom, perimetre) in etrangers().into_iter().chain([("ARS 11", ars("11"))]) {
            assert_eq!(fois(&perimetre, lire.clone()).await, Ok(0), "{nom} : {table}");
            let prise = fois(&perimetre, format!("update {table} set og = portail_og()")).await;
            assert!(matches!(prise, Ok(0) | Err(_)), "{nom} : {table} : {prise:?}");
            let retrait = fois(&perimetre, format!("delete from {table}")).await;
            assert!(matches!(retrait, Ok(0) | Err(_)), "{nom} : {table} : {retrait:?}");
        }
        let don = fois(&og(Some(a)), format!("update {table} set og = '{}'", og_b())).await;
        assert!(don.is_err(), "{table} : {don:?}");
    }
    for sql in [
        "update journal_essms set action = 'faux'",
        "delete from journal_essms",
        "delete from fait_essms",
        "update evenement_essms set nature = 'rouvert'",
        "insert into evenement_essms (og, finess, nature, avant, apres, date_donnees) values (portail_og(), 'x', 'ferme', '', '', now())",
    ] {
        let refus = fois(&og(Some(a)), sql.to_owned()).await;
        assert!(refus.is_err_and(|e| e.contains("permission denied")), "{sql}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_accounts_of_an_og_are_its_own(pool: PgPool) {
    let cas = cas(pool).await;
    let semis = "insert into inscription (cle, courriel, nom, mot_de_passe, og, cree_le, expire_le)
             select 'a', 'nouveau@exemple.fr', 'Nouveau', '-', og, now(), now() from compte where og is not null limit 1;
         insert into invitation (id, cle, og, courriel, role_og, invite_par, envoyee_le, expire_le)
             select gen_random_uuid(), 'b', og, 'invite@exemple.fr', 'lecture', id, now(), now()
             from compte where og is not null limit 1;
         insert into journal_compte (id, og, survenu_le, auteur, action)
             select gen_random_uuid(), og, now(), 'Nouveau', 'entre' from compte where og is not null limit 1";
    let semis = semis.replace("where og is not null", &format!("where og = '{}'", og_a()));
    sqlx::raw_sql(sqlx::AssertSqlSafe(semis))
        .execute(&cas.portail.pool)
        .await
        .unwrap();
    for (table, filtre) in [
        ("compte", format!("og = '{}'", og_a())),
        ("session", "true".to_owned()),
        ("inscription", "true".to_owned()),
        ("invitation", "true".to_owned()),
        ("journal_compte", "true".to_owned()),
    ] {
        let colonne = if table == "session" { "compte_id" } else { "og" };
        let sql = format!("select count({colonne}) from {table} where {filtre}");
        let compter = async |perimetre: &Perimetre| -> i64 {
            let mut tx = commencer(&cas.portail.pool, perimetre).await.unwrap();
            let requete = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone()));
            requete.fetch_one(&mut *tx).await.unwrap()
        };
        assert!(compter(&og(Some(og_a()))).await > 0, "the owner: {table}");
        for (nom, perimetre) in etrangers() {
            assert_eq!(compter(&perimetre).await, 0, "{nom} : {table}");
        }
    }
}

/// A membre reads the whole dossier, writes the answers of its own ESSMS, takes them out, agrees for them; nothing else, even
/// in raw SQL. An OG that is only invited reads nothing.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_reads_everything_and_writes_its_own_part_only(pool: PgPool) {
    let cas = cas(pool).await;
    let pool = &cas.portail.pool;
    let sien = crate::portail::registre::ime(1);
    let b = og(Some(og_b()));
    let participation =
        "insert into participation (dossier_id, og, etat, invitee_le, invitee_par, expire_le, relancee_le)
         select $1, $2, $3, now(), id, now(), now() from compte limit 1
         on conflict (dossier_id, og) do update set etat = excluded.etat";
    let placer = async |etat: &str| {
        for dossier in [cas.brouillon, cas.depose] {
            let requete = sqlx::query(participation)
                .bind(dossier)
                .bind(og_b().to_string())
                .bind(etat);
            requete.execute(pool).await.unwrap();
        }
    };
    sqlx::query("insert into grappe_essms (dossier_id, finess, rang, ajoute_le) values ($1, $2, 99, now())")
        .bind(cas.brouillon)
        .bind(&sien)
        .execute(pool)
        .await
        .unwrap();

    let sien_sql = |sql: &str| {
        sql.replace("SIEN", &sien)
            .replace("AUTRE", &ehpad(1))
            .replace("OGB", og_b().as_str())
    };
    for etat in ["invitee", "refusee", "retiree"] {
        placer(etat).await;
        let mut tx = commencer(pool, &b).await.unwrap();
        for (table, cle) in TABLES {
            assert_eq!(compter(&mut tx, table, cle, cas.brouillon).await, 0, "{etat} : {table}");
        }
        let sql = sien_sql("update grappe_essms set reponses = '{}' where dossier_id = $1 and finess = 'SIEN'");
        assert_eq!(changer(pool, &b, &sql, cas.brouillon).await, Ok(0), "{etat}");
    }
    // It neither invites itself nor comes back by itself.
    let revenir = "update participation set etat = 'acceptee' where dossier_id = $1 and og = portail_og()";
    assert!(changer(pool, &b, revenir, cas.brouillon).await.is_err());

    placer("acceptee").await;
    let mut tx = commencer(pool, &b).await.unwrap();
    for (table, cle) in TABLES {
        // What colleagues say to each other, and who does what, is the porteur's own.
        let prive = ["commentaire", "affectation"].contains(&table);
        assert_eq!(compter(&mut tx, table, cle, cas.depose).await == 0, prive, "{table}");
    }
    drop(tx);
    let permis = [
        "update grappe_essms set reponses = '{}' where dossier_id = $1 and finess = 'SIEN'",
        "update grappe_essms set retire_le = now() where dossier_id = $1 and finess = 'SIEN'",
        "insert into consentement (dossier_id, finess, og, etat, texte, repondu_le, repondu_par)
         values ($1, 'SIEN', 'OGB', 'donne', '', now(), 'AUTEUR')",
        "update participation set etat = 'retiree' where dossier_id = $1 and og = portail_og()",
        "insert into journal (id, dossier_id, survenu_le, compte_id, action) values ($1, $1, now(), 'AUTEUR', 'membre')",
    ];
    for sql in permis.map(sien_sql) {
        assert_eq!(changer(pool, &b, &sql, cas.brouillon).await, Ok(1), "{sql}");
        // Of what is deposited, nothing; leaving too is for a draft, which the portal sees to.
        if !sql.contains("participation") {
            let fige = changer(pool, &b, &sql, cas.depose).await;
            assert!(matches!(fige, Ok(0) | Err(_)), "{sql} : {fige:?}");
        }
    }
    let interdits = [
        "update grappe_essms set reponses = '{}' where dossier_id = $1 and finess = 'AUTRE'",
        "update grappe_essms set retire_le = now() where dossier_id = $1 and finess = 'AUTRE'",
        "update grappe_essms set rang = 1 where dossier_id = $1 and finess = 'SIEN'",
        "update grappe_essms set ajoute_le = now() + interval '1 day' where dossier_id = $1 and finess = 'SIEN'",
        "update dossier set nom = 'pris' where id = $1",
        "update dossier set porteur = portail_og() where id = $1",
        "update dossier set etat = 'depose' where id = $1",
        "update dossier_etape set reponses = '{}' where dossier_id = $1",
        "update piece set retire_le = now() where dossier_id = $1",
        "update participation set portage_le = now(), portage_par = 'AUTEUR' where dossier_id = $1",
        "update participation set expire_le = now() + interval '1 day' where dossier_id = $1",
        "insert into consentement (dossier_id, finess, og, etat, texte, repondu_le, repondu_par)
         values ($1, 'AUTRE', 'OGB', 'donne', '', now(), 'AUTEUR')",
        "insert into grappe_essms (dossier_id, finess, rang, ajoute_le) values ($1, '750000001', 99, now())",
        "insert into dossier_etape (dossier_id, etape, version, reponses, modifie_le, modifie_par)
         values ($1, 'intrus', 1, '{}', now(), 'AUTEUR')",
        "insert into depot (id, dossier_id, rang, depose_le, depose_par, edition, edition_version, contenu, evaluation, sha256)
         values ($1, $1, 9, now(), 'AUTEUR', 'x', 1, '', '{}', '')",
        "select prendre_le_portage($1, '', now()) where prendre_le_portage($1, '', now())",
    ];
    for sql in interdits.map(sien_sql) {
        let fait = changer(pool, &b, &sql, cas.brouillon).await;
        assert!(matches!(fait, Ok(0) | Err(_)), "{sql} : {fait:?}");
    }
    // The porteur answers for nobody: neither accepts nor agrees in a membre's place.
    placer("invitee").await;
    let a = og(Some(og_a()));
    for sql in [
        "update participation set etat = 'acceptee' where dossier_id = $1",
        "insert into consentement (dossier_id, finess, og, etat, texte, repondu_le, repondu_par)
         values ($1, 'SIEN', 'OGB', 'donne', '', now(), 'AUTEUR')",
    ]
    .map(sien_sql)
    {
        let fait = changer(pool, &a, &sql, cas.brouillon).await;
        assert!(fait.is_err(), "{sql} : {fait:?}");
    }
}
