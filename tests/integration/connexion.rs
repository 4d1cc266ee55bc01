//! Logging in and out, and how long a session lives.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use portail_grappes::web::essais::Essais;
use portail_grappes::web::etat::Depart;
use sqlx::PgPool;

use crate::portail::dossier::ouvrir;
use crate::portail::navigateur::Fichier;
use crate::portail::{MAINTENANT, MOT_DE_PASSE, Navigateur, Portail, Qui, Reponse};

const REFUS: &str = "L’adresse ou le mot de passe est incorrect";

async fn essayer(navigateur: &Navigateur, courriel: &str, mot_de_passe: &str) -> Reponse {
    let champs = [("courriel", courriel), ("mot_de_passe", mot_de_passe)];
    navigateur.envoyer_nu(chemins::CONNEXION, &champs).await
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let faux = essayer(&anonyme, &Qui::DepotA.courriel(), "autre chose").await;
    let inconnu = essayer(&anonyme, "personne@exemple.fr", "autre chose").await;
    for (reponse, courriel) in [
        (&faux, Qui::DepotA.courriel()),
        (&inconnu, "personne@exemple.fr".into()),
    ] {
        assert_eq!(reponse.statut, 422);
        assert_eq!(reponse.erreurs(), [REFUS]);
        assert_eq!(reponse.texte(".govuk-error-summary__title"), "Connexion impossible");
        assert_eq!(reponse.champ("courriel"), [courriel]);
        assert_eq!(
            reponse.champ("mot_de_passe"),
            [""; 0],
            "a password is never shown again"
        );
        assert_eq!(reponse.entete("set-cookie"), "");
    }
    assert_eq!(portail.nombre("select count(*) from session").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nothing_typed_is_said_field_by_field(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let vide = portail.anonyme().envoyer_nu(chemins::CONNEXION, &[]).await;
    assert_eq!(vide.statut, 422);
    let liens = vide.attributs(".govuk-error-summary__list a", "href");
    assert_eq!(liens, ["#courriel", "#mot_de_passe"]);
    assert_eq!(portail.nombre("select count(*) from echec_connexion").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn one_lands_in_ones_own_space_with_a_cookie_that_scripts_cannot_read(pool: PgPool) {
    // A demonstration, where agents show one factor.
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    for (qui, espace) in [
        (Qui::LectureA, chemins::PORTEUR),
        (Qui::ArsIdf, chemins::INSTRUCTION),
        (Qui::Accompagnement, chemins::ACCOMPAGNEMENT),
        (Qui::Administration, chemins::ADMINISTRATION),
    ] {
        // An address is the same whatever its case.
        let mut navigateur = portail.anonyme();
        let reponse = navigateur
            .se_connecter(&qui.courriel().to_uppercase(), MOT_DE_PASSE)
            .await;
        assert_eq!((reponse.statut, reponse.vers()), (303, espace));
        let cookie = reponse.entete("set-cookie").to_owned();
        for attribut in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribut), "{cookie}");
        }
        let page = navigateur.page(espace).await;
        assert_eq!(page.texte(".portail-compte a"), format!("{} (essai)", qui.nom()));
        assert_eq!(page.entete("cache-control"), "no-store");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn five_failures_close_an_account_for_fifteen_minutes(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let courriel = Qui::DepotA.courriel();
    for _ in 0..5 {
        assert_eq!(essayer(&anonyme, &courriel, "faux").await.statut, 422);
    }
    for mot_de_passe in ["faux", MOT_DE_PASSE] {
        let refus = essayer(&anonyme, &courriel, mot_de_passe).await;
        assert_eq!(refus.statut, 429, "even the right password waits");
        assert_eq!(refus.entete("retry-after"), "900");
        assert_eq!(refus.champ("courriel"), [courriel.as_str()]);
        let dit = "5 mots de passe incorrects pour cette adresse de courriel en 15 minutes, c’est le maximum : ";
        assert!(refus.erreurs()[0].starts_with(dit), "{:?}", refus.erreurs());
    }
    // Another account, from the same office, is not closed.
    portail.connecte(Qui::EditionA).await;
    portail.avancer(TimeDelta::minutes(14));
    // A form that waits for the log-in waits on, and for as long as it really lasts.
    let champs = [
        ("courriel", courriel.as_str()),
        ("mot_de_passe", MOT_DE_PASSE),
        ("reprise_chemin", "/porteur"),
        ("reprise_corps", "objectifs=Longs"),
    ];
    let refus = anonyme.envoyer_nu(chemins::CONNEXION, &champs).await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "60"));
    assert!(refus.erreurs()[0].ends_with("dans 1 minute"), "{:?}", refus.erreurs());
    assert_eq!(refus.champ("reprise_corps"), ["objectifs=Longs"]);
    portail.avancer(TimeDelta::minutes(1));
    portail.connecte(Qui::DepotA).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_success_forgives_the_failures_before_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let courriel = Qui::DepotA.courriel();
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(essayer(&portail.anonyme(), &courriel, "faux").await.statut, 422);
        }
        portail.connecte(Qui::DepotA).await;
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn unknown_addresses_are_throttled_too_and_an_address_after_fifty(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    for _ in 0..5 {
        assert_eq!(essayer(&anonyme, "personne@exemple.fr", "faux").await.statut, 422);
    }
    assert_eq!(essayer(&anonyme, "personne@exemple.fr", "faux").await.statut, 429);
    sqlx::query("insert into echec_connexion select cle, survenu_le from echec_connexion, generate_series(1, 9)")
        .execute(&portail.pool)
        .await
        .unwrap();
    let refus = essayer(&anonyme, &Qui::DepotA.courriel(), MOT_DE_PASSE).await;
    assert_eq!(refus.statut, 429, "fifty failures from one address");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn one_comes_back_where_one_was_going_and_nowhere_else(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let demande = anonyme.lire(chemins::NOUVEAU).await;
    assert_eq!(demande.statut, 303);
    let formulaire = anonyme.page(demande.vers()).await;
    let retour = formulaire.champ("retour");
    assert_eq!(retour, [chemins::NOUVEAU]);
    let courriel = Qui::DepotA.courriel();
    let avec = async |retour: &str| {
        let champs = [
            ("courriel", courriel.as_str()),
            ("mot_de_passe", MOT_DE_PASSE),
            ("retour", retour),
        ];
        portail.anonyme().envoyer_nu(chemins::CONNEXION, &champs).await
    };
    assert_eq!(avec(&retour[0]).await.vers(), chemins::NOUVEAU);
    for ailleurs in [
        "https://mal.example/",
        "//mal.example",
        "/\\mal.example",
        "javascript:alert(1)",
        "mal.example",
        "/\t/mal.example",
        "/porteur\r\nSet-Cookie: a=b",
        "/porteur\0",
        "/connexion",
        "/deconnexion",
    ] {
        let reponse = avec(ailleurs).await;
        assert_eq!(
            (reponse.statut, reponse.vers()),
            (303, chemins::PORTEUR),
            "{ailleurs:?}"
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_session_is_new_at_each_log_in_and_the_former_one_is_dead(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut a = portail.connecte(Qui::DepotA).await;
    let cles = "select string_agg(encode(cle, 'hex'), ' ') from session";
    let (premiere, premier_jeton) = (portail.texte(cles).await, a.jeton.clone());
    a.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await;
    let seconde = portail.texte(cles).await;
    assert_ne!(premiere, seconde);
    assert_eq!(portail.nombre("select count(*) from session").await, 1);
    let ancien = [("csrf", premier_jeton.as_str()), ("nom", "x")];
    assert_eq!(a.envoyer_nu(chemins::NOUVEAU, &ancien).await.statut, 403);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn logging_out_kills_the_session_and_not_only_the_cookie(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut a = portail.anonyme();
    let connexion = a.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await;
    let cookie = connexion.entete("set-cookie").split(';').next().unwrap().to_owned();
    let sans_jeton = a.envoyer_nu(chemins::DECONNEXION, &[]).await;
    assert_eq!(sans_jeton.statut, 403, "another site cannot log one out");
    let sortie = a.envoyer(chemins::DECONNEXION, &[]).await;
    assert_eq!((sortie.statut, sortie.vers()), (303, chemins::ACCUEIL));
    assert_eq!(portail.nombre("select count(*) from session").await, 0);
    // A copy of the cookie opens nothing.
    let requete = portail
        .anonyme()
        .requete(reqwest::Method::GET, chemins::PORTEUR)
        .header("cookie", cookie);
    let copie = Reponse::de(requete).await;
    assert_eq!((copie.statut, copie.vers_page()), (303, chemins::CONNEXION));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_session_dies_of_eight_idle_hours(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    portail.avancer(TimeDelta::hours(8) - TimeDelta::seconds(1));
    a.page(chemins::PORTEUR).await;
    portail.avancer(TimeDelta::hours(8) - TimeDelta::seconds(1));
    a.page(chemins::PORTEUR).await;
    portail.avancer(TimeDelta::hours(8));
    let idle = a.lire(chemins::PORTEUR).await;
    assert_eq!((idle.statut, idle.vers()), (303, "/connexion?retour=%2Fporteur"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_session_dies_after_a_week_however_busy(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    for _ in 0..(7 * 24 - 1) / 7 {
        portail.avancer(TimeDelta::hours(7));
        a.page(chemins::COMPTE).await;
    }
    portail.avancer(TimeDelta::hours(7));
    assert_eq!(a.lire(chemins::COMPTE).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_account_deleted_or_changed_takes_effect_at_once(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    sqlx::query("update compte set role_og = 'lecture' where courriel = $1")
        .bind(Qui::DepotA.courriel())
        .execute(&portail.pool)
        .await
        .unwrap();
    assert_eq!(a.lire(chemins::NOUVEAU).await.statut, 403);
    sqlx::query("delete from compte where courriel = $1")
        .bind(Qui::DepotA.courriel())
        .execute(&portail.pool)
        .await
        .unwrap();
    assert_eq!(a.lire(chemins::PORTEUR).await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_form_sent_after_its_session_ended_is_kept_through_the_log_in(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Gardé").await;
    portail.avancer(TimeDelta::hours(9));
    let etape = chemins::etape(id, Etape::Motivations);
    let texte = "deux lignes,\r\n« à garder » & <telles quelles>";
    let refus = a.envoyer(&etape, &[("version", "0"), ("objectifs", texte)]).await;
    assert_eq!(
        (refus.statut, refus.texte("h1").as_str()),
        (403, "Votre session avait pris fin")
    );
    // Without identity provider there is one way in; what helps to find it opens beside the page, which keeps the form.
    assert_eq!(refus.compte("#autrement"), 0);
    assert_eq!(refus.attributs("main a[target=_blank]", "href"), [chemins::OUBLI]);
    let garde = |page: &Reponse, champ: &str| page.valeur(&format!("form input[name={champ}]"));
    // A wrong password does not lose it either.
    let mut connexion = vec![
        ("courriel", Qui::DepotA.courriel()),
        ("mot_de_passe", "faux".to_owned()),
        ("reprise_chemin", garde(&refus, "reprise_chemin")),
        ("reprise_corps", garde(&refus, "reprise_corps")),
    ];
    let envoyer = async |champs: &[(&str, String)]| {
        let champs: Vec<(&str, &str)> = champs.iter().map(|(n, v)| (*n, v.as_str())).collect();
        a.envoyer_nu(chemins::CONNEXION, &champs).await
    };
    let faux = envoyer(&connexion).await;
    assert_eq!(
        (faux.statut, garde(&faux, "reprise_corps")),
        (422, connexion[3].1.clone())
    );
    connexion[1].1 = MOT_DE_PASSE.to_owned();
    let reprise = envoyer(&connexion).await;
    assert_eq!(
        (reprise.statut, garde(&reprise, "objectifs").as_str()),
        (200, texte.replace("\r\n", "\n").as_str())
    );
    assert_eq!(reprise.attributs("main form", "action"), [etape.as_str()]);
    a.jeton = garde(&reprise, "csrf");
    a.enregistrer(&etape, &[("version", "0"), ("objectifs", texte)]).await;
    let lu = a.page(&etape).await.texte("textarea[name=objectifs]");
    assert!(lu.contains("telles quelles"), "{lu}");
}

/// Whoever tries from elsewhere does not lock the owner of an account out, unless from many places.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn failures_from_elsewhere_close_an_account_only_in_number(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut conn = portail.pool.acquire().await.unwrap();
    let maintenant = portail.horloge.maintenant();
    let courriel = Qui::DepotA.courriel();
    for place in 0..10_u8 {
        portail.connecte(Qui::DepotA).await;
        let essais = Essais::mot_de_passe(&courriel, [10, 0, 0, place].into());
        for _ in 0..5 {
            essais.verifier(&mut conn, maintenant).await.unwrap().unwrap();
            essais.noter(&mut conn, maintenant).await.unwrap();
        }
        assert!(
            essais.verifier(&mut conn, maintenant).await.unwrap().is_err(),
            "five from one place"
        );
    }
    let refus = essayer(&portail.anonyme(), &courriel, MOT_DE_PASSE).await;
    assert_eq!(refus.statut, 429, "fifty from anywhere");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_file_sent_after_its_session_ended_is_said_not_received_once_logged_in(pool: PgPool) {
    const DIT: &str = "Votre fichier n’a pas été reçu : votre session était terminée. Choisissez-le de nouveau.";
    let portail = Portail::ouvrir(pool).await;
    let mut a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Sans fichier").await;
    portail.avancer(TimeDelta::hours(9));
    let octets = vec![b'a'; 3_000_000];
    let fichier = Fichier {
        champ: "fichier",
        nom: "gros.csv",
        type_annonce: "text/csv",
        octets: &octets,
    };
    for page in [
        chemins::grappe(id),
        chemins::pieces(id),
        chemins::MES_ESSMS_IMPORT.to_owned(),
    ] {
        let anonyme = portail.anonyme();
        let refus = anonyme.joindre(&page, &[], fichier).await;
        assert_eq!((refus.statut, refus.vers_page()), (303, chemins::CONNEXION));
        let connexion = anonyme.page(refus.vers()).await;
        let retour = connexion.valeur("input[name=retour]");
        let courriel = Qui::DepotA.courriel();
        let champs = [
            ("courriel", courriel.as_str()),
            ("mot_de_passe", MOT_DE_PASSE),
            ("retour", &retour),
        ];
        let entree = anonyme.envoyer_nu(chemins::CONNEXION, &champs).await;
        assert_eq!((entree.statut, entree.vers_page()), (303, page.as_str()));
        let arrivee = anonyme.page(entree.vers()).await;
        assert!(
            arrivee.textes(".govuk-notification-banner").concat().contains(DIT),
            "{page}"
        );
        assert!(!anonyme.page(&page).await.tout().contains(DIT), "{page}");
        // The address says that and nothing else.
        let menteuse = format!("{page}?fait=fichier-non-recu-du-tout&fichier=perdu");
        assert!(
            !anonyme.page(&menteuse).await.tout().contains("fichier n’a pas"),
            "{page}"
        );
    }
    // Logged in again, it goes through.
    a.se_connecter(&Qui::DepotA.courriel(), MOT_DE_PASSE).await;
    assert_eq!(a.joindre(&chemins::grappe(id), &[], fichier).await.statut, 422);
}
