//! A deposit taken back and made again: who, until when, what stays, and what differs.

use chrono::TimeDelta;
use portail_grappes::domain::compte::Perimetre;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::store::acces::commencer;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::concurrence::{liberer, retenir};
use crate::portail::dossier::{attestation, coller, deposer, emprunter, formulaire_essms, ouvrir, pret, reponses};
use crate::portail::registre::{ehpad, ime, og_a, og_b};
use crate::portail::{Navigateur, Portail, Qui};

const RETRAITS: &str = "select count(*) from retrait";
const OUI: [(&str, &str); 1] = [("confirmation", "oui")];

async fn retirer(navigateur: &Navigateur, dossier: Uuid) {
    navigateur.enregistrer(&chemins::retrait_depot(dossier), &OUI).await;
}

/// A dossier deposited by the OG A, in its signatory's browser.
async fn depose(portail: &Portail) -> (Navigateur, Uuid) {
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe Tilleul", 1).await;
    deposer(&a, id).await;
    (a, id)
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_a_signatory_of_the_porteur_takes_a_deposit_back(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = depose(&portail).await;
    for (qui, statut) in [
        (Qui::LectureA, 403),
        (Qui::EditionA, 403),
        (Qui::DepotB, 404),
        (Qui::ArsIdf, 404),
        (Qui::Administration, 404),
    ] {
        let navigateur = portail.connecte(qui).await;
        let refus = navigateur.envoyer(&chemins::retrait_depot(id), &OUI).await;
        assert_eq!(refus.statut, statut, "{qui:?}");
    }
    // Asked, not confirmed; a draft has nothing to take back.
    let refus = a.envoyer(&chemins::retrait_depot(id), &[]).await;
    assert_eq!((refus.statut, refus.texte("h1").as_str()), (422, "Retirer le dépôt"));
    let brouillon = ouvrir(&a, "Brouillon").await;
    let refus = a.envoyer(&chemins::retrait_depot(brouillon), &OUI).await;
    assert_eq!(
        (refus.statut, refus.texte("h1").as_str()),
        (409, "Ce dossier n’est pas déposé")
    );
    assert_eq!(portail.nombre(RETRAITS).await, 0);
    let edition = portail.connecte(Qui::EditionA).await;
    let lien = format!("a[href='{}']", chemins::retrait_depot(id));
    assert_eq!(edition.page(&chemins::accuse(id)).await.compte(&lien), 0);
    assert_eq!(a.page(&chemins::accuse(id)).await.compte(&lien), 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_taken_back_is_a_draft_again_and_stays_as_evidence(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = depose(&portail).await;
    let ars = portail.connecte(Qui::ArsIdf).await;
    assert_eq!(ars.page(chemins::INSTRUCTION).await.compte("#dossiers tbody tr"), 1);
    portail.avancer(TimeDelta::hours(1));
    let page = a.page(&chemins::retrait_depot(id)).await;
    assert!(
        page.tout().contains("01/06/2024 à 23:59:59 (heure de Paris)"),
        "until when is said"
    );
    let courriels = portail.nombre("select count(*) from courriel").await;
    let reponse = a.enregistrer(&chemins::retrait_depot(id), &OUI).await;
    let suite = a.page(reponse.vers()).await;
    assert_eq!(suite.texte(".portail-dossier .govuk-tag"), "Brouillon, non déposé");
    assert!(
        suite
            .texte(".govuk-notification-banner__heading")
            .starts_with("Dépôt numéro 1 retiré")
    );
    assert_eq!(ars.page(chemins::INSTRUCTION).await.compte("#dossiers tbody tr"), 0);
    assert_eq!(ars.lire(&chemins::instruction_dossier(id)).await.statut, 404);
    assert_eq!(
        portail.nombre("select count(*) from courriel").await,
        courriels + 2,
        "the signatory and the editor are told"
    );
    // Its accusé is still there, and says so.
    let accuse = a.page(&chemins::accuse(id)).await;
    assert_eq!(accuse.compte(".govuk-panel--confirmation"), 0);
    assert!(
        accuse
            .texte(".govuk-inset-text")
            .contains("retiré le 01/05/2024 à 11 h 00 par OG A dépôt")
    );
    let tableau = a.page(chemins::PORTEUR).await;
    assert!(
        tableau
            .texte(".portail-carte")
            .contains("Dépôt retiré, à déposer de nouveau")
    );
    assert_eq!(a.envoyer(&chemins::retrait_depot(id), &OUI).await.statut, 409, "once");
    assert_eq!(portail.nombre("select count(*) from depot").await, 1);
    assert_eq!(portail.nombre(RETRAITS).await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_membres_of_the_grappe_are_told_too(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let id = pret(&a, "Grappe Tilleul", 1).await;
    let og = og_b().to_string();
    a.enregistrer(&chemins::accords_inviter(id), &[("og", &og)]).await;
    b.enregistrer(&chemins::grappe_invitation(id), &[("action", "accepter")])
        .await;
    deposer(&a, id).await;
    retirer(&a, id).await;
    let ecrits = "select string_agg(m.evenement ->> 'quoi', ' ' order by m.id) from courriel m join compte c on c.id = m.compte_id
                  where m.evenement ->> 'quoi' like 'depot%' and c.courriel = 'depotb@exemple.fr'";
    assert_eq!(portail.texte(ecrits).await, "depot depot_retire");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_consents_given_still_hold_after_a_withdrawal(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let id = pret(&a, "Grappe Tilleul", 1).await;
    // One in the place of another: the plan de financement stays right.
    a.enregistrer(&chemins::grappe_retirer(id), &[("finess", &ehpad(16))])
        .await;
    coller(&a, id, &[ime(1)]).await;
    let og = og_b().to_string();
    a.enregistrer(&chemins::accords_inviter(id), &[("og", &og)]).await;
    b.enregistrer(&chemins::grappe_invitation(id), &[("action", "accepter")])
        .await;
    let sans_accord = a.envoyer(&chemins::depot(id), &[("attestation", "oui")]).await;
    assert_eq!(sans_accord.statut, 422, "its consent is missing");
    let champs = [("action", "donner"), ("finess", &ime(1))];
    b.enregistrer(&chemins::accords_repondre(id), &champs).await;
    let page = b.page(&chemins::essms(id)).await;
    let mut champs = formulaire_essms(&[ime(1)], &page.valeur("input[name=version]"));
    champs.push(("base".to_owned(), page.valeur("input[name=base]")));
    b.enregistrer(&chemins::essms(id), &emprunter(&champs)).await;
    deposer(&a, id).await;
    retirer(&a, id).await;
    assert_eq!(portail.nombre("select count(*) from consentement").await, 1);
    deposer(&a, id).await;
    assert_eq!(portail.nombre("select count(*) from depot").await, 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_new_deposit_replaces_the_one_taken_back_and_says_what_changed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = depose(&portail).await;
    let comparer = chemins::du_depot(&chemins::differences(id), 1);
    assert_eq!(
        a.lire(&comparer).await.statut,
        404,
        "the first deposit is compared with nothing"
    );
    retirer(&a, id).await;
    let mut champs = reponses(Etape::Motivations, "");
    champs.retain(|(nom, _)| nom != "objectifs");
    champs.extend([("objectifs", "Autre but"), ("version", "1")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    a.enregistrer(&chemins::etape(id, Etape::Motivations), &emprunter(&champs))
        .await;
    coller(&a, id, &[ehpad(17)]).await;
    a.enregistrer(&chemins::grappe_retirer(id), &[("finess", &ehpad(17))])
        .await;
    a.enregistrer(&chemins::grappe_retirer(id), &[("finess", &ehpad(16))])
        .await;

    let depuis = a.page(&chemins::differences(id)).await;
    let lignes = depuis.textes("#differences tbody tr");
    assert!(
        lignes
            .iter()
            .any(|l| l.contains("Objectifs du projet") && l.contains("Autre but")),
        "{lignes:?}"
    );
    assert!(
        lignes.iter().any(|l| l.contains(&ehpad(16)) && l.ends_with("Retiré")),
        "{lignes:?}"
    );
    portail.avancer(TimeDelta::hours(1));
    coller(&a, id, &[ehpad(16)]).await;
    deposer(&a, id).await;
    assert_eq!(portail.nombre("select count(*) from depot").await, 2);
    let accuse = a.page(&chemins::accuse(id)).await;
    assert_eq!(accuse.compte(".govuk-panel--confirmation"), 1);
    let premier = a.page(&chemins::du_depot(&chemins::accuse(id), 1)).await;
    let devenu = premier.texte(".govuk-inset-text");
    assert!(devenu.contains("remplacé par le dépôt numéro 2"), "{devenu}");
    let ars = portail.connecte(Qui::ArsIdf).await;
    let lien = format!("a[href='{}']", chemins::instruction_differences(id));
    assert_eq!(ars.page(&chemins::instruction_dossier(id)).await.compte(&lien), 1);
    for (navigateur, adresse) in [
        (&a, chemins::du_depot(&chemins::differences(id), 2)),
        (&ars, chemins::instruction_differences(id)),
    ] {
        let lignes = navigateur.page(&adresse).await.textes("#differences tbody tr");
        assert!(lignes.iter().any(|l| l.contains("Autre but")), "{lignes:?}");
    }
    let ailleurs = portail.connecte(Qui::ArsAra).await;
    assert_eq!(ailleurs.lire(&chemins::instruction_differences(id)).await.statut, 404);
}

/// The window of 2024 closes on 1 June; the next opens the second after, and changes nothing to it.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_is_taken_back_until_the_last_second_of_its_window(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-06-01T23:59:58+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let (tot, tard) = (pret(&a, "Tôt", 1).await, pret(&a, "Tard", 17).await);
    deposer(&a, tot).await;
    deposer(&a, tard).await;
    portail.avancer(TimeDelta::seconds(1));
    let lien = format!("a[href='{}']", chemins::retrait_depot(tard));
    assert_eq!(a.page(&chemins::depot(tard)).await.compte(&lien), 1);
    retirer(&a, tot).await;
    portail.avancer(TimeDelta::seconds(1));
    let refus = a.envoyer(&chemins::retrait_depot(tard), &OUI).await;
    assert_eq!(refus.statut, 422);
    assert!(
        refus.erreurs()[0].contains("ne se retire plus"),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(a.page(&chemins::retrait_depot(tard)).await.compte("main form"), 0);
    assert_eq!(
        a.page(&chemins::depot(tard)).await.compte(&lien),
        0,
        "no longer offered"
    );
    assert_eq!(portail.nombre(RETRAITS).await, 1);
}

/// The instant at which the request arrives decides, not the one at which the portal gets to it.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_that_arrived_in_time_and_waited_past_the_end_is_accepted(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-09-15T23:59:59+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "À temps", 1).await;
    let verrou = retenir(&portail.pool, id).await;
    let page = chemins::depot(id);
    let attestation = attestation(&a, id).await;
    let attestation = emprunter(&attestation);
    let (reponse, ()) = tokio::join!(a.envoyer(&page, &attestation), async {
        attendre_puis_clore(&portail, verrou).await;
    });
    assert_eq!(reponse.statut, 303, "{}", reponse.resume());
    let depose_le = portail.texte("select depose_le::text from depot").await;
    assert!(depose_le.starts_with("2024-09-15 21:59:59"), "{depose_le}");
}

/// The portal breaks while a deposit is in flight, then the window closes. The form that was sent.
async fn couper(portail: &Portail, a: &Navigateur, id: Uuid) -> Vec<(String, String)> {
    let lue = attestation(a, id).await;
    let verrou = retenir(&portail.pool, id).await;
    let (page, champs) = (chemins::depot(id), emprunter(&lue));
    let (reponse, ()) = tokio::join!(a.envoyer(&page, &champs), async {
        attendre(portail).await;
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'",
        )
        .execute(&portail.pool)
        .await
        .unwrap();
    });
    assert_eq!(reponse.statut, 503, "{}", reponse.resume());
    assert_eq!(reponse.texte("h1"), "Votre dépôt n’a pas pu être confirmé");
    assert_eq!(reponse.compte(&format!("main a[href='{page}']")), 1, "the way back");
    verrou.rollback().await.unwrap();
    portail.avancer(TimeDelta::seconds(60));
    lue
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_that_the_portal_could_not_answer_keeps_its_first_instant(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-09-15T23:59:59+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "À temps", 1).await;
    let lue = couper(&portail, &a, id).await;
    let encore = a.envoyer(&chemins::depot(id), &emprunter(&lue)).await;
    assert_eq!(encore.statut, 303, "{}", encore.resume());
    let depose_le = portail.texte("select depose_le::text from depot").await;
    assert!(depose_le.starts_with("2024-09-15 21:59:59"), "{depose_le}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_was_written_after_the_end_is_not_deposited_as_of_before(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-09-15T23:59:59+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "À temps", 1).await;
    let lue = couper(&portail, &a, id).await;
    let mut champs = reponses(Etape::Motivations, "");
    champs.retain(|(nom, _)| nom != "objectifs");
    champs.extend([("objectifs", "Autre chose"), ("version", "1")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    a.enregistrer(&chemins::etape(id, Etape::Motivations), &emprunter(&champs))
        .await;
    let encore = a.envoyer(&chemins::depot(id), &emprunter(&lue)).await;
    assert_eq!(encore.statut, 422, "{}", encore.resume());
    assert!(encore.erreurs()[0].starts_with("REC-08 : "), "{:?}", encore.erreurs());
}

/// Waits until a request queues behind the lock.
async fn attendre(portail: &Portail) {
    let limite = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let bloquees =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while portail.nombre(bloquees).await < 1 {
        assert!(std::time::Instant::now() < limite, "nothing queues");
        tokio::task::yield_now().await;
    }
}

/// Lets the request that waits go once the window is closed: the clock moves while it queues.
async fn attendre_puis_clore(portail: &Portail, verrou: sqlx::Transaction<'static, sqlx::Postgres>) {
    attendre(portail).await;
    portail.avancer(TimeDelta::seconds(2));
    liberer(&portail.pool, verrou, 1).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_page_says_the_rule_the_hour_of_the_server_and_what_comes_next(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, "2024-09-15T23:59:59+02:00").await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Dernière seconde", 1).await;
    let dit = a.page(&chemins::depot(id)).await.textes("#echeance li");
    assert_eq!(
        dit[0],
        "La fenêtre de dépôt se ferme le 15/09/2024 à 23:59:59 (heure de Paris), cette seconde comprise."
    );
    assert!(
        dit.iter()
            .any(|d| d.ends_with("15/09/2024 à 23:59:59 (heure de Paris).")),
        "{dit:?}"
    );
    portail.avancer(TimeDelta::seconds(1));
    let refus = a.envoyer(&chemins::depot(id), &[("attestation", "oui")]).await;
    assert_eq!(refus.statut, 422);
    let dit = refus.textes("#echeance li");
    assert!(
        dit[0].starts_with("La fenêtre de dépôt s’est fermée le 15/09/2024 à 23:59:59"),
        "{dit:?}"
    );
    let motivations = a.page(&chemins::etape(id, Etape::Motivations)).await;
    assert_eq!(
        motivations.champ("objectifs"),
        ["Mieux coordonner les soins"],
        "nothing is lost"
    );
}

/// A form that comes when its session has ended is kept, and the page promises nothing it does not hold.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_sent_after_the_session_ended_is_kept_and_said_not_done(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Interrompu", 1).await;
    let reprise = portail
        .anonyme()
        .envoyer(&chemins::depot(id), &[("attestation", "oui")])
        .await;
    assert_eq!(reprise.statut, 403);
    assert!(
        reprise.tout().contains("Votre dossier n’est pas déposé."),
        "{}",
        reprise.tout()
    );
    assert_eq!(reprise.compte("input[name=reprise_corps]"), 1);
    let autre = chemins::etape(id, Etape::Motivations);
    let reprise = portail.anonyme().envoyer(&autre, &[("objectifs", "a")]).await;
    assert!(!reprise.tout().contains("n’est pas déposé."));
}

async fn executer(pool: &PgPool, perimetre: &Perimetre, sql: &'static str, dossier: Uuid) -> sqlx::Result<u64> {
    let mut tx = commencer(pool, perimetre).await?;
    let fait = sqlx::query(sql).bind(dossier).execute(&mut *tx).await?;
    tx.rollback().await?;
    Ok(fait.rows_affected())
}

/// The second wall: a deposited dossier opens again by its withdrawal and nothing else, and a withdrawal is not undone.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_database_itself_lets_a_dossier_out_of_its_deposit_by_a_withdrawal_only(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = depose(&portail).await;
    let (alpha, beta) = (Perimetre::de_l_og(og_a()), Perimetre::de_l_og(og_b()));
    let rouvrir = "update dossier set etat = 'brouillon' where id = $1";
    assert!(
        executer(&portail.pool, &alpha, rouvrir, id).await.is_err(),
        "without withdrawal"
    );
    let retrait =
        "insert into retrait select p.id, p.dossier_id, now(), p.depose_par from depot p where p.dossier_id = $1";
    assert_eq!(executer(&portail.pool, &alpha, retrait, id).await.unwrap(), 1);
    assert!(matches!(
        executer(&portail.pool, &beta, retrait, id).await,
        Ok(0) | Err(_)
    ));
    retirer(&a, id).await;
    for sql in [
        "delete from retrait where dossier_id = $1",
        "update retrait set retire_le = now() where dossier_id = $1",
        retrait,
    ] {
        assert!(executer(&portail.pool, &alpha, sql, id).await.is_err(), "{sql}");
    }
    for (perimetre, vus) in [(&alpha, 1), (&beta, 0)] {
        let mut tx = commencer(&portail.pool, perimetre).await.unwrap();
        let n: i64 = sqlx::query_scalar(RETRAITS).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(n, vus);
    }
}
