//! Reminders of deadlines: on their days in Paris, once, to those who write the draft.

use chrono::TimeDelta;
use portail_grappes::domain::courriel::{Rythme, Sorte};
use portail_grappes::store::{comptes, courriels};
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{coller, deposer, ouvrir, pret};
use crate::portail::puits::Puits;
use crate::portail::registre::{ehpad, ime, og_b, og_c};
use crate::portail::{Portail, Qui, instant};

const RAPPELS: &str = "select count(*) from courriel where sorte = 'echeances'";

/// Moves the clock to this instant, then has everything done that is due: the hourly look, then the mails.
pub async fn passer(portail: &Portail, smtp: &str, quand: &str) {
    portail.avancer(instant(quand) - portail.horloge.maintenant());
    let ouvrier = portail.ouvrier(smtp);
    ouvrier.planifier().await.unwrap();
    // Whatever the hour, as if the hourly look fell on this very instant.
    sqlx::query("update travail set pret_le = $1 where cle = 'rappels'")
        .bind(instant(quand))
        .execute(&portail.pool)
        .await
        .unwrap();
    ouvrier.epuiser().await.unwrap();
}

/// Subjects of the mails received, by address.
fn resume(recus: &[serde_json::Value]) -> Vec<String> {
    let mut lignes: Vec<String> = recus
        .iter()
        .map(|c| format!("{} {}", c["pour"][0].as_str().unwrap(), c["sujet"].as_str().unwrap()))
        .collect();
    lignes.sort();
    lignes
}

async fn compte(portail: &Portail, qui: Qui) -> Uuid {
    let mut conn = portail.pool.acquire().await.unwrap();
    let trouve = comptes::load_par_courriel(&mut conn, &qui.courriel()).await.unwrap();
    trouve.unwrap().0.id
}

/// The second window of the edition closes on 1 June 2024, at the end of the day in Paris.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_draft_is_reminded_of_on_four_days_and_once_on_each(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let edition = portail.connecte(Qui::EditionA).await;
    ouvrir(&edition, "Grappe tardive").await;
    let jours = [
        ("2024-05-16T23:59:59+02:00", 0, "J-16"),
        ("2024-05-17T05:59:59+02:00", 0, "la nuit"),
        ("2024-05-17T06:00:00+02:00", 2, "J-15"),
        ("2024-05-17T07:00:00+02:00", 0, "J-15, plus tard"),
        ("2024-05-18T09:00:00+02:00", 0, "J-14"),
        ("2024-05-24T23:00:00+02:00", 0, "J-8"),
        ("2024-05-25T23:59:59+02:00", 2, "J-7"),
        ("2024-05-29T09:00:00+02:00", 0, "J-3"),
        ("2024-05-30T09:00:00+02:00", 2, "J-2"),
        ("2024-05-31T09:00:00+02:00", 2, "J-1"),
        ("2024-06-01T23:59:59+02:00", 0, "J-0"),
        ("2024-06-02T09:00:00+02:00", 0, "la fenêtre suivante"),
        ("2024-08-31T09:00:00+02:00", 2, "J-15 de la fenêtre suivante"),
        ("2024-09-16T09:00:00+02:00", 0, "plus de fenêtre"),
    ];
    let mut total = 0;
    for (quand, nombre, jour) in jours {
        passer(&portail, "smtp://127.0.0.1:1", quand).await;
        total += nombre;
        assert_eq!(portail.nombre(RAPPELS).await, total, "{jour}");
    }
    let destinataires = "select string_agg(distinct c.courriel, ' ' order by c.courriel) from courriel m join compte c on c.id = m.compte_id";
    assert_eq!(
        portail.texte(destinataires).await,
        "depota@exemple.fr editiona@exemple.fr"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_reminder_says_the_hour_in_paris_and_what_is_missing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let vide = ouvrir(&a, "Grappe vide").await;
    pret(&a, "Grappe prête", 1).await;
    let depose = pret(&a, "Grappe déposée", 17).await;
    deposer(&a, depose).await;
    let mut puits = Puits::ouvrir().await;
    passer(&portail, &puits.url, "2024-05-01T10:00:00+02:00").await;
    assert_eq!(puits.courriel().await["pour"][0], "depota@exemple.fr");
    passer(&portail, &puits.url, "2024-05-25T10:00:00+02:00").await;
    let recus = puits.fermer().await;
    assert_eq!(
        resume(&recus),
        [
            "depota@exemple.fr Il reste 7\u{a0}jours pour déposer «\u{a0}Grappe prête\u{a0}»",
            "depota@exemple.fr Il reste 7\u{a0}jours pour déposer «\u{a0}Grappe vide\u{a0}»",
            "editiona@exemple.fr Il reste 7\u{a0}jours pour déposer «\u{a0}Grappe prête\u{a0}»",
            "editiona@exemple.fr Il reste 7\u{a0}jours pour déposer «\u{a0}Grappe vide\u{a0}»",
        ]
    );
    for recu in &recus {
        let texte = recu["texte"].as_str().unwrap();
        assert!(
            texte.contains("le 01/06/2024 à 23\u{a0}h\u{a0}59 (heure de Paris), dans 7\u{a0}jours."),
            "{texte}"
        );
        let prete = recu["sujet"].as_str().unwrap().contains("prête");
        assert_eq!(texte.contains("Rien ne s’oppose à son dépôt"), prete, "{texte}");
        assert_eq!(texte.contains("à compléter"), !prete, "{texte}");
        assert_eq!(texte.contains(&vide.to_string()), !prete, "{texte}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_portal_that_was_down_reminds_late_but_not_of_what_was_opened_since(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    ouvrir(&a, "Ancien").await;
    portail.avancer(instant("2024-05-26T09:00:00+02:00") - portail.horloge.maintenant());
    let a = portail.connecte(Qui::DepotA).await;
    ouvrir(&a, "Nouveau").await;
    let puits = Puits::ouvrir().await;
    passer(&portail, &puits.url, "2024-05-27T09:00:00+02:00").await;
    let recus = puits.fermer().await;
    assert_eq!(
        resume(&recus)[0],
        "depota@exemple.fr Il reste 5\u{a0}jours pour déposer «\u{a0}Ancien\u{a0}»"
    );
    assert_eq!(recus.len(), 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn several_portals_at_once_write_each_reminder_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ouvrir(&portail.connecte(Qui::DepotA).await, "Grappe").await;
    portail.avancer(instant("2024-05-31T09:00:00+02:00") - portail.horloge.maintenant());
    for n in 0..4_i64 {
        // As if the lease of each ended at once: all of them do the same work together.
        sqlx::query("insert into travail (id, genre, pret_le, cree_le) values ($1, 'rappels', $2, $2)")
            .bind(portail.horloge.nouvel_id())
            .bind(portail.horloge.maintenant() - TimeDelta::seconds(n))
            .execute(&portail.pool)
            .await
            .unwrap();
    }
    let [un, deux, trois] = [(); 3].map(|()| portail.ouvrier("smtp://127.0.0.1:1"));
    let (un, deux, trois) = tokio::join!(un.epuiser(), deux.epuiser(), trois.epuiser());
    un.and(deux).and(trois).unwrap();
    assert_eq!(portail.nombre(RAPPELS).await, 2);
    assert_eq!(
        portail
            .nombre("select count(*) from travail where genre = 'courriel'")
            .await,
        2
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_wants_no_reminder_receives_none(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ouvrir(&portail.connecte(Qui::DepotA).await, "Grappe").await;
    let mut conn = portail.pool.acquire().await.unwrap();
    let edition = compte(&portail, Qui::EditionA).await;
    courriels::save_rythme(&mut conn, edition, Sorte::Echeances, Rythme::Jamais)
        .await
        .unwrap();
    passer(&portail, "smtp://127.0.0.1:1", "2024-05-31T09:00:00+02:00").await;
    assert_eq!(portail.nombre(RAPPELS).await, 1);
}

/// An invitation into a grappe is valid for thirty days: it is reminded of seven, then two days before.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_invitation_that_nobody_answers_is_reminded_of_twice(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let dossier = ouvrir(&a, "Grappe à deux").await;
    for (og, courriel) in [(og_b(), ""), (og_c(), "gamma@exemple.fr")] {
        let champs = [("og", og.as_str()), ("courriel", courriel)];
        a.enregistrer(&chemins::accords_inviter(dossier), &champs).await;
    }
    let rappels = "select count(*) from courriel where evenement ->> 'quoi' = 'rappel'";
    // Sent on 1 May at ten o’clock.
    for (quand, total) in [
        ("2024-05-24T09:59:00+02:00", 0),
        ("2024-05-25T05:00:00+02:00", 0),
        ("2024-05-25T06:00:00+02:00", 2),
        ("2024-05-26T10:00:00+02:00", 2),
        ("2024-05-29T10:00:00+02:00", 4),
        ("2024-05-30T10:00:00+02:00", 4),
        ("2024-06-01T10:00:00+02:00", 4),
    ] {
        passer(&portail, "smtp://127.0.0.1:1", quand).await;
        assert_eq!(portail.nombre(rappels).await, total, "{quand}");
    }
    // Then its porteur knows, once.
    let expirees = "select count(*) from courriel where evenement ->> 'quoi' = 'expiree'";
    for quand in ["2024-06-01T11:00:00+02:00", "2024-06-05T10:00:00+02:00"] {
        assert_eq!(portail.nombre(expirees).await, 4, "two OGs, two persons of the porteur");
        passer(&portail, "smtp://127.0.0.1:1", quand).await;
    }
    let a_qui = "select string_agg(distinct coalesce(c.courriel, m.adresse) || ' ' || m.sorte, ',' order by coalesce(c.courriel, m.adresse) || ' ' || m.sorte)
         from courriel m left join compte c on c.id = m.compte_id where m.evenement ->> 'quoi' = 'rappel'";
    assert_eq!(
        portail.texte(a_qui).await,
        "depotb@exemple.fr echeances,gamma@exemple.fr securite"
    );
}

/// On the days its porteur is reminded of the deadline, a membre is reminded of the consents that the draft waits for.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_membre_is_reminded_of_the_consents_a_draft_waits_for(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let dossier = ouvrir(&a, "Grappe à deux").await;
    coller(&a, dossier, &[ehpad(1), ime(1), ime(2)]).await;
    let og = og_b().to_string();
    a.enregistrer(&chemins::accords_inviter(dossier), &[("og", &og)]).await;
    b.enregistrer(&chemins::grappe_invitation(dossier), &[("action", "accepter")])
        .await;
    let accord = [("action", "donner"), ("finess", &ime(1))];
    b.enregistrer(&chemins::accords_repondre(dossier), &accord).await;
    let puits = Puits::ouvrir().await;
    for quand in [
        "2024-05-16T10:00:00+02:00",
        "2024-05-17T10:00:00+02:00",
        "2024-05-17T12:00:00+02:00",
    ] {
        passer(&portail, &puits.url, quand).await;
    }
    let b = portail.connecte(Qui::DepotB).await;
    b.enregistrer(
        &chemins::accords_repondre(dossier),
        &[("action", "donner"), ("finess", &ime(2))],
    )
    .await;
    passer(&portail, &puits.url, "2024-05-25T10:00:00+02:00").await;
    let recus = puits.fermer().await;
    let rappels: Vec<&serde_json::Value> = recus
        .iter()
        .filter(|r| r["sujet"].as_str().unwrap().starts_with("Votre accord est attendu"))
        .collect();
    assert_eq!(rappels.len(), 1, "{recus:?}");
    assert_eq!(rappels[0]["pour"][0], "depotb@exemple.fr");
    let texte = rappels[0]["texte"].as_str().unwrap();
    for attendu in ["pour 1\u{a0}ESSMS", "01/06/2024 à 23:59:59", "Il reste 15\u{a0}jours."] {
        assert!(texte.contains(attendu), "{texte}");
    }
}
