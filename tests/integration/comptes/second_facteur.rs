//! The second factor: set up, asked, replayed, lost, compulsory for agents.

use chrono::TimeDelta;
use portail_grappes::web::chemins;
use portail_grappes::web::etat::Depart;
use sqlx::PgPool;

use super::{inscrire, objets, og_c};
use crate::portail::{MAINTENANT, MOT_DE_PASSE, Navigateur, Portail, Qui, Reponse, code};

async fn secret(portail: &Portail) -> Vec<u8> {
    sqlx::query_scalar("select secret from second_facteur f join compte c on c.id = compte_id where c.courriel = $1")
        .bind(Qui::DepotA.courriel())
        .fetch_one(&portail.pool)
        .await
        .unwrap()
}

async fn agir(navigateur: &Navigateur, action: &str, code: &str) -> Reponse {
    let champs = [("action", action), ("code", code), ("mot_de_passe", MOT_DE_PASSE)];
    navigateur.envoyer(chemins::SECOND_FACTEUR, &champs).await
}

/// Puts one in use for the signatory of the OG A; the recovery codes.
async fn activer(portail: &Portail) -> (Navigateur, Vec<String>) {
    let mut navigateur = portail.connecte(Qui::DepotA).await;
    agir(&navigateur, "preparer", "").await;
    let bon = code(&secret(portail).await, portail.horloge.maintenant());
    let active = agir(&navigateur, "activer", &bon).await;
    assert_eq!(active.statut, 200, "{}", active.resume());
    navigateur.prendre_le_jeton().await;
    (navigateur, active.textes(".portail-codes code"))
}

/// The page that asks for the code, once the password is given.
async fn mot_de_passe(navigateur: &mut Navigateur) -> Reponse {
    let page = navigateur.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await;
    assert_eq!((page.statut, page.texte("h1").as_str()), (200, "Code de connexion"));
    page
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn it_is_set_up_with_a_first_code_and_recovery_codes_shown_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let autre = portail.connecte(Qui::DepotA).await;
    let navigateur = portail.connecte(Qui::DepotA).await;
    assert_eq!(agir(&navigateur, "preparer", "").await.statut, 303);
    let page = navigateur.page(chemins::SECOND_FACTEUR).await;
    assert_eq!(page.compte("svg.portail-qr path"), 1);
    assert_eq!(page.texte(".portail-cle").split(' ').count(), 8);
    // Not in use before the application has shown that it works.
    assert_eq!(
        portail.connecte(Qui::DepotA).await.lire(chemins::PORTEUR).await.statut,
        200
    );
    for (faux, attendu) in [("", "Code"), ("12345", "ce code"), ("abcde-fghij", "ce code")] {
        let refus = agir(&navigateur, "activer", faux).await;
        assert_eq!(refus.statut, 422, "{faux}");
        assert!(refus.erreurs()[0].contains(attendu), "{:?}", refus.erreurs());
        assert_eq!(refus.compte("svg.portail-qr"), 1);
    }
    let bon = code(&secret(&portail).await, portail.horloge.maintenant());
    // Whoever finds the session open does not know the password.
    for mot_de_passe in ["", "un autre"] {
        let champs = [
            ("action", "activer"),
            ("code", bon.as_str()),
            ("mot_de_passe", mot_de_passe),
        ];
        let refus = navigateur.envoyer(chemins::SECOND_FACTEUR, &champs).await;
        assert_eq!(
            (refus.statut, refus.compte("svg.portail-qr")),
            (422, 1),
            "{mot_de_passe}"
        );
    }
    let active = agir(&navigateur, "activer", &bon).await;
    let codes = active.textes(".portail-codes code");
    assert_eq!((active.statut, codes.len()), (200, 10));
    let page = navigateur.page(chemins::SECOND_FACTEUR).await;
    assert!(page.tout().contains("10 codes de secours"));
    assert!(!page.tout().contains(&codes[0]));
    assert_eq!(autre.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
    assert_eq!(objets(&portail).await, ["second_facteur"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_log_in_asks_for_a_code_that_serves_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    activer(&portail).await;
    portail.avancer(TimeDelta::seconds(60));
    let mut navigateur = portail.anonyme();
    let page = mot_de_passe(&mut navigateur).await;
    assert_eq!(navigateur.lire(chemins::PORTEUR).await.vers_page(), chemins::CONNEXION);
    let refus = navigateur.donner_le_code(&page, "000000").await;
    assert_eq!(refus.statut, 422);
    let bon = code(&secret(&portail).await, portail.horloge.maintenant());
    let entree = navigateur
        .donner_le_code(&refus, &format!(" {} {} ", &bon[..3], &bon[3..]))
        .await;
    assert_eq!(entree.vers(), chemins::PORTEUR);
    assert_eq!(navigateur.lire(chemins::PORTEUR).await.statut, 200);
    // The log-in is over: the same form opens nothing.
    let rejoue = portail.anonyme().donner_le_code(&page, &bon).await;
    assert_eq!((rejoue.statut, rejoue.texte("h1").as_str()), (422, "Se connecter"));
    let mut autre = portail.anonyme();
    let page = mot_de_passe(&mut autre).await;
    assert_eq!(autre.donner_le_code(&page, &bon).await.statut, 422);
    portail.avancer(TimeDelta::seconds(60));
    let suivant = code(&secret(&portail).await, portail.horloge.maintenant());
    assert_eq!(autre.donner_le_code(&page, &suivant).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_recovery_code_opens_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, codes) = activer(&portail).await;
    for (essai, attendu) in [(&codes[0], 303), (&codes[0], 422), (&codes[1], 303)] {
        let mut navigateur = portail.anonyme();
        let page = mot_de_passe(&mut navigateur).await;
        assert_eq!(
            navigateur.donner_le_code(&page, &essai.to_uppercase()).await.statut,
            attendu,
            "{essai}"
        );
    }
    let navigateur = portail.connecte_par(&codes[2]).await;
    assert!(
        navigateur
            .page(chemins::SECOND_FACTEUR)
            .await
            .tout()
            .contains("7 codes de secours")
    );
    let remplaces = agir(&navigateur, "codes", &codes[3]).await;
    assert_eq!(remplaces.textes(".portail-codes code").len(), 10);
    let mut ancien = portail.anonyme();
    let page = mot_de_passe(&mut ancien).await;
    assert_eq!(ancien.donner_le_code(&page, &codes[4]).await.statut, 422);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_code_is_waited_for_ten_minutes_and_guessed_five_times(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    activer(&portail).await;
    let mut navigateur = portail.anonyme();
    let page = mot_de_passe(&mut navigateur).await;
    for essai in 0..5 {
        assert_eq!(navigateur.donner_le_code(&page, "000000").await.statut, 422, "{essai}");
    }
    let bon = || async { code(&secret(&portail).await, portail.horloge.maintenant()) };
    let refus = navigateur.donner_le_code(&page, &bon().await).await;
    assert_eq!((refus.statut, refus.texte("h1").as_str()), (429, "Code de connexion"));
    assert!(
        refus.erreurs()[0].starts_with("5 codes incorrects"),
        "{:?}",
        refus.erreurs()
    );
    assert_eq!(
        refus.valeur("input[name=defi]"),
        page.valeur("input[name=defi]"),
        "the log-in still waits for its code"
    );
    portail.avancer(TimeDelta::minutes(20));
    let tard = navigateur.donner_le_code(&page, &bon().await).await;
    assert_eq!(tard.statut, 422);
    assert!(
        tard.erreurs()[0].contains("e délai pour donner le code est passé"),
        "{:?}",
        tard.erreurs()
    );
    let page = mot_de_passe(&mut navigateur).await;
    portail.avancer(TimeDelta::minutes(9));
    assert_eq!(navigateur.donner_le_code(&page, &bon().await).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_form_kept_through_the_log_in_is_kept_through_the_code(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (navigateur, _) = activer(&portail).await;
    portail.avancer(TimeDelta::hours(9));
    let tard = navigateur.envoyer(chemins::COMPTE, &[("nom", "Un autre nom")]).await;
    let cache = |nom: &str| tard.valeur(&format!("input[type=hidden][name={nom}]"));
    let courriel = Qui::DepotA.courriel();
    let (chemin, corps) = (cache("reprise_chemin"), cache("reprise_corps"));
    let champs = [
        ("courriel", courriel.as_str()),
        ("mot_de_passe", MOT_DE_PASSE),
        ("reprise_chemin", chemin.as_str()),
        ("reprise_corps", corps.as_str()),
    ];
    let mut navigateur = navigateur;
    let page = navigateur.envoyer_nu(chemins::CONNEXION, &champs).await;
    let bon = code(&secret(&portail).await, portail.horloge.maintenant());
    let reprise = navigateur.donner_le_code(&page, &bon).await;
    assert_eq!(reprise.statut, 200);
    assert_eq!(reprise.valeur("input[name=nom]"), "Un autre nom");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn it_is_taken_off_with_a_code_and_told_by_mail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (navigateur, codes) = activer(&portail).await;
    assert_eq!(agir(&navigateur, "retirer", "000000").await.statut, 422);
    assert_eq!(agir(&navigateur, "retirer", &codes[0]).await.statut, 303);
    assert_eq!(objets(&portail).await, ["second_facteur", "second_facteur"]);
    assert_eq!(portail.nombre("select count(*) from code_secours").await, 0);
    let mut sans = portail.anonyme();
    assert_eq!(
        sans.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await.statut,
        303
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_agent_goes_nowhere_without_one_and_keeps_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    sqlx::query("delete from second_facteur")
        .execute(&portail.pool)
        .await
        .unwrap();
    for qui in [Qui::ArsIdf, Qui::Accompagnement, Qui::Administration] {
        let mut navigateur = portail.connecte(qui).await;
        for chemin in [
            chemins::INSTRUCTION,
            chemins::ACCOMPAGNEMENT,
            chemins::ADMINISTRATION,
            chemins::COMPTE,
        ] {
            assert_eq!(
                navigateur.lire(chemin).await.vers(),
                chemins::SECOND_FACTEUR,
                "{qui:?} {chemin}"
            );
        }
        agir(&navigateur, "preparer", "").await;
        let secret: Vec<u8> = sqlx::query_scalar("select secret from second_facteur where active_le is null")
            .fetch_one(&portail.pool)
            .await
            .unwrap();
        let active = agir(&navigateur, "activer", &code(&secret, portail.horloge.maintenant())).await;
        let codes = active.textes(".portail-codes code");
        navigateur.prendre_le_jeton().await;
        assert_eq!(navigateur.lire(chemins::COMPTE).await.statut, 200, "{qui:?}");
        assert_eq!(
            navigateur
                .page(chemins::SECOND_FACTEUR)
                .await
                .compte("button[value=retirer]"),
            0
        );
        agir(&navigateur, "retirer", &codes[0]).await;
        assert!(
            navigateur
                .page(chemins::SECOND_FACTEUR)
                .await
                .tout()
                .contains("10 codes de secours")
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_demonstration_asks_agents_for_none(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let navigateur = portail.connecte(Qui::Administration).await;
    assert_eq!(navigateur.lire(chemins::ADMINISTRATION).await.statut, 200);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_locks_the_others_out_of_an_account_of_a_demonstration(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let navigateur = portail.connecte(Qui::DepotB).await;
    assert_eq!(navigateur.page(chemins::SECOND_FACTEUR).await.compte("main form"), 0);
    assert_eq!(agir(&navigateur, "preparer", "").await.statut, 303);
    assert_eq!(portail.nombre("select count(*) from second_facteur").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_removed_account_lets_its_address_go_with_nothing_that_opened_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    activer(&portail).await;
    sqlx::raw_sql(
        "insert into identite (emetteur, sujet, compte_id, liee_le)
             select 'https://tiers.example', 'x', id, now() from compte where courriel = 'depota@exemple.fr';
         insert into invitation (id, cle, og, courriel, role_og, invite_par, envoyee_le, expire_le)
             select id, 'x', og, 'seconde@exemple.fr', 'depot', id, now(), now() from compte where courriel = 'depota@exemple.fr';
         update compte set etat = 'retire' where courriel = 'depota@exemple.fr'",
    )
    .execute(&portail.pool)
    .await
    .unwrap();
    let restes = "select (select count(*) from identite) + (select count(*) from invitation)
        + (select count(*) from code_secours)
        + (select count(*) from second_facteur f join compte c on c.id = compte_id where c.etat = 'retire')";
    assert_eq!(portail.nombre(restes).await, 0);
    // The next holder of the address opens an account of its own; the old one keeps its number and its name.
    let navigateur = inscrire(&portail, &og_c(), "depota@exemple.fr").await;
    drop(navigateur);
    let deux = "select count(*) from compte where courriel = 'depota@exemple.fr'";
    assert_eq!(portail.nombre(deux).await, 2);
    let mut suivant = portail.anonyme();
    assert_eq!(
        suivant.se_connecter("depota@exemple.fr", MOT_DE_PASSE).await.statut,
        422
    );
}
