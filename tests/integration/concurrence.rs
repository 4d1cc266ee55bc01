//! Two people at once: nothing lost, nothing deposited twice, nothing written after a deposit.

use std::time::Duration;

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::portail::dossier::{attestation, coller, emprunter, formulaire_essms, ouvrir, pret, reponses};
use crate::portail::navigateur::pdf;
use crate::portail::registre::{ehpad, ehpads};
use crate::portail::{Portail, Qui};

/// Holds the dossier as a save going on would, so that requests queue behind it.
pub async fn retenir(pool: &PgPool, dossier: Uuid) -> Transaction<'static, Postgres> {
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("select id from dossier where id = $1 for update")
        .bind(dossier)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx
}

/// Waits until this many requests queue, then lets them go.
pub async fn liberer(pool: &PgPool, tx: Transaction<'static, Postgres>, attendues: i64) {
    let limite = std::time::Instant::now() + Duration::from_secs(20);
    loop {
        let bloquees: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
        .fetch_one(pool)
        .await
        .unwrap();
        if bloquees >= attendues {
            break;
        }
        assert!(
            std::time::Instant::now() < limite,
            "{bloquees} requests queue out of {attendues}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tx.commit().await.unwrap();
}

fn motivations(objectifs: &str, version: &str) -> Vec<(String, String)> {
    let champs = [
        ("objectifs", objectifs),
        ("organisation", "Un comité"),
        ("version", version),
    ];
    champs.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_second_save_of_a_step_shows_both_values_and_keeps_what_was_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&un, "À deux").await;
    let page = chemins::etape(id, Etape::Motivations);
    let version = un.page(&page).await.valeur("form input[name=version]");
    assert_eq!(version, deux.page(&page).await.valeur("form input[name=version]"));

    un.enregistrer(&page, &emprunter(&motivations("Ce que dit la première", &version)))
        .await;
    let conflit = deux
        .envoyer(&page, &emprunter(&motivations("Ce que dit la seconde", &version)))
        .await;
    assert_eq!(conflit.statut, 409);
    let lignes = conflit.textes(".govuk-error-summary tbody tr");
    assert_eq!(lignes.len(), 1, "only what differs: {lignes:?}");
    assert_eq!(
        conflit.textes(".govuk-error-summary tbody td"),
        [
            "Ce que dit la première OG A dépôt (essai), le 01/05/2024 à 10 h 00",
            "Ce que dit la seconde"
        ]
    );
    assert_eq!(conflit.champ("objectifs"), ["Ce que dit la seconde"]);
    assert_eq!(un.page(&page).await.champ("objectifs"), ["Ce que dit la première"]);

    // Saved again from that page, the second one's answer is kept, knowingly.
    let ensuite = conflit.valeur("form input[name=version]");
    assert_ne!(ensuite, version);
    deux.enregistrer(&page, &emprunter(&motivations("Ce que dit la seconde", &ensuite)))
        .await;
    assert_eq!(un.page(&page).await.champ("objectifs"), ["Ce que dit la seconde"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_same_answer_twice_is_no_conflict_and_other_steps_neither(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&un, "À deux").await;
    let page = chemins::etape(id, Etape::Motivations);
    let formulaire = motivations("La même", "0");
    un.enregistrer(&page, &emprunter(&formulaire)).await;
    deux.enregistrer(&page, &emprunter(&formulaire)).await;
    let equipe = reponses(Etape::Equipe, "");
    deux.enregistrer(&chemins::etape(id, Etape::Equipe), &emprunter(&equipe))
        .await;
    assert_eq!(portail.nombre("select count(*) from dossier_etape").await, 2);
    let enregistrements = "select count(*) from journal where etape is not null";
    assert_eq!(
        portail.nombre(enregistrements).await,
        2,
        "the answer sent twice is journaled once"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_first_saves_at_the_same_instant_keep_one_and_show_the_other(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&un, "À deux").await;
    let page = chemins::etape(id, Etape::Motivations);
    let (a, b) = (motivations("Première", "0"), motivations("Seconde", "0"));
    let (a, b) = (emprunter(&a), emprunter(&b));
    let verrou = retenir(&portail.pool, id).await;
    let (a, b, ()) = tokio::join!(
        un.envoyer(&page, &a),
        deux.envoyer(&page, &b),
        liberer(&portail.pool, verrou, 2)
    );
    let mut statuts = [a.statut, b.statut];
    statuts.sort_unstable();
    assert_eq!(statuts, [303, 409]);
    assert_eq!(
        portail
            .nombre("select count(*) from journal where etape is not null")
            .await,
        1
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_simultaneous_deposits_make_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotA).await);
    let id = pret(&un, "Deux clics", 1).await;
    let page = chemins::depot(id);
    let attestation = attestation(&un, id).await;
    let attestation = emprunter(&attestation);
    let verrou = retenir(&portail.pool, id).await;
    let (a, b, ()) = tokio::join!(
        un.envoyer(&page, &attestation),
        deux.envoyer(&page, &attestation),
        liberer(&portail.pool, verrou, 2)
    );
    for reponse in [a, b] {
        assert_eq!((reponse.statut, reponse.vers()), (303, chemins::accuse(id).as_str()));
    }
    assert_eq!(portail.nombre("select count(*) from depot").await, 1);
    let journal = "select count(*) from journal where action = 'Dossier déposé'";
    assert_eq!(portail.nombre(journal).await, 1);
}

/// Every write begun before a deposit and arriving after it is refused: what is shown as deposited is
/// what was deposited.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nothing_is_written_once_a_colleague_has_deposited(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = pret(&un, "Trop tard", 1).await;
    let etat = "select md5(string_agg(t, '' order by t)) from (
        select e::text from dossier_etape e union all select g::text from grappe_essms g
        union all select p::text from piece p union all select j::text from journal j) as tout (t)";
    let avant = portail.texte(etat).await;
    let motivations = motivations("Après", "1");
    let mut faits = formulaire_essms(&ehpads(1..=16), "1");
    faits.last_mut().unwrap().1 = "81".to_owned();
    let piece: Uuid = sqlx::query_scalar("select id from piece limit 1")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let formulaires = [
        (chemins::etape(id, Etape::Motivations), emprunter(&motivations)),
        (chemins::essms(id), emprunter(&faits)),
    ];
    let (vingt, deuxieme) = (ehpad(20), ehpad(2));
    let formulaires = formulaires.into_iter().chain([
        (chemins::grappe_ajouter(id), vec![("finess", vingt.as_str())]),
        (chemins::grappe_coller(id), vec![("numeros", vingt.as_str())]),
        (chemins::grappe_retirer(id), vec![("finess", deuxieme.as_str())]),
        (chemins::piece_retirer(id, piece), Vec::new()),
    ]);
    for (adresse, champs) in formulaires {
        let verrou = retenir(&portail.pool, id).await;
        let (reponse, ()) = tokio::join!(
            deux.envoyer(&adresse, &champs),
            deposer_pendant(&portail.pool, verrou, id)
        );
        assert_eq!(reponse.statut, 409, "{adresse} : {}", reponse.resume());
        assert_eq!(portail.texte(etat).await, avant, "{adresse}");
        rouvrir(&portail.pool).await;
    }
    let verrou = retenir(&portail.pool, id).await;
    let adresse = chemins::pieces(id);
    let contenus = || {
        std::fs::read_dir(portail.pieces.join(format!("dossiers/{id}")))
            .unwrap()
            .count()
    };
    let contenus_avant = contenus();
    let champs = [("type_piece", "devis-editeur")];
    let (envoi, ()) = tokio::join!(
        deux.joindre(&adresse, &champs, pdf("devis.pdf")),
        deposer_pendant(&portail.pool, verrou, id)
    );
    assert_eq!(envoi.statut, 409);
    assert_eq!(portail.texte(etat).await, avant);
    assert_eq!(contenus(), contenus_avant, "the bytes of a refused piece stay nowhere");
}

/// The deposit of a colleague, seen from a request that waits for the dossier.
async fn deposer_pendant(pool: &PgPool, mut verrou: Transaction<'static, Postgres>, dossier: Uuid) {
    sqlx::query("update dossier set etat = 'depose' where id = $1")
        .bind(dossier)
        .execute(&mut *verrou)
        .await
        .unwrap();
    liberer(pool, verrou, 1).await;
}

async fn rouvrir(pool: &PgPool) {
    sqlx::query("update dossier set etat = 'brouillon'")
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_added_by_a_colleague_keeps_its_answers_when_the_first_saves_the_facts(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&un, "À deux").await;
    coller(&un, id, &[ehpad(1), ehpad(2)]).await;
    let page = chemins::essms(id);
    // The first has the form of two ESSMS before its eyes; the second adds one and answers for it.
    let premier = un.page(&page).await;
    assert_eq!(premier.attributs("input[name=essms]", "value"), [ehpad(1), ehpad(2)]);
    coller(&deux, id, &[ehpad(3)]).await;
    deux.enregistrer(&page, &emprunter(&formulaire_essms(&[ehpad(3)], "0")))
        .await;
    // Nobody answered for the same ESSMS: both saves are brought together.
    un.enregistrer(&page, &emprunter(&formulaire_essms(&[ehpad(1), ehpad(2)], "0")))
        .await;
    let page = un.page(&page).await;
    for n in [1, 2, 3] {
        let champ = format!("{}-personnes_accompagnees", ehpad(n));
        assert_eq!(page.champ(&champ), ["80"], "{n}");
    }
}
