//! Sign-up: the OG, the person, the address, and what a stranger may learn of it.

use chrono::TimeDelta;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use super::{CONFIRMER, SOLIDE, dernier_lien, formulaire, inscrire, objets, og_c};
use crate::portail::registre::{ehpad, og_a};
use crate::portail::{Portail, Qui};

const COMPTES: &str = "select count(*) from compte where courriel = 'noe@exemple.fr'";

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_og_is_found_by_its_name_its_number_or_that_of_an_establishment(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let cherche = async |q: &str| {
        anonyme
            .page(&chemins::avec_parametres(chemins::INSCRIPTION, &[("q", q)]))
            .await
    };
    for q in ["alpha", &og_a().to_string(), &ehpad(3)] {
        let page = cherche(q).await;
        assert_eq!(page.textes("#organismes a"), ["Association Alpha"], "{q}");
    }
    assert!(cherche(&ehpad(3)).await.tout().contains("EHPAD Tilleul 3"));
    assert_eq!(cherche("zzzz").await.compte("#organismes"), 0);
    let faux = cherche("750000000").await;
    assert!(faux.tout().contains("clé"), "{}", faux.tout());
    let lien = cherche("alpha").await.attributs("#organismes a", "href").remove(0);
    assert_eq!(anonyme.page(&lien).await.valeur("input[name=og]"), og_a().to_string());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_confirmed_address_becomes_an_account_that_waits_and_sees_nothing_else(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let envoi = anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og_c(), "noe@exemple.fr"))
        .await;
    assert_eq!(envoi.vers_page(), chemins::INSCRIPTION);
    assert_eq!(anonyme.page(envoi.vers()).await.texte("h1"), "Consultez vos courriels");
    assert_eq!(
        portail.nombre(COMPTES).await,
        0,
        "an unconfirmed address holds no account"
    );

    let lien = dernier_lien(&portail).await;
    for _ in 0..2 {
        let page = anonyme.page(&lien).await;
        assert!(page.tout().contains("Noé Traboule") && page.tout().contains("Mutuelle Gamma"));
    }
    assert_eq!(portail.nombre(COMPTES).await, 0, "reading the link changes nothing");
    assert_eq!(
        anonyme.envoyer_nu(&lien, &CONFIRMER).await.texte("h1"),
        "Votre adresse est confirmée"
    );
    let encore = anonyme.envoyer_nu(&lien, &CONFIRMER).await;
    assert_eq!(
        (encore.statut, encore.texte("h1").as_str()),
        (404, "Ce lien n’est plus valable")
    );
    assert_eq!(portail.nombre(COMPTES).await, 1);
    assert_eq!(
        portail
            .nombre("select count(*) from compte where conditions_le is not null")
            .await,
        1
    );

    let mut noe = portail.anonyme();
    let champs = [("courriel", "noe@exemple.fr"), ("mot_de_passe", SOLIDE)];
    assert_eq!(
        noe.envoyer_nu(chemins::CONNEXION, &champs).await.vers(),
        chemins::ATTENTE
    );
    let attente = noe.page(chemins::ATTENTE).await;
    assert!(attente.tout().contains("SESAN"), "{}", attente.tout());
    noe.jeton = attente.valeur("form input[name=csrf]");
    for chemin in [
        chemins::PORTEUR,
        chemins::ORGANISME,
        chemins::COMPTE,
        chemins::COMPTE_SESSIONS,
        chemins::NOUVEAU,
    ] {
        let reponse = noe.lire(chemin).await;
        assert_eq!((reponse.statut, reponse.vers()), (303, chemins::ATTENTE), "{chemin}");
    }
    assert_eq!(
        noe.envoyer(chemins::NOUVEAU, &[("nom", "x")]).await.vers(),
        chemins::ATTENTE
    );
    assert_eq!(noe.envoyer(chemins::DECONNEXION, &[]).await.vers(), chemins::ACCUEIL);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_known_address_is_answered_alike_and_only_its_holder_is_told(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let connu = Qui::DepotA.courriel().to_uppercase();
    let inconnu = anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og_c(), "noe@exemple.fr"))
        .await;
    let connu = anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og_c(), &connu))
        .await;
    assert_eq!((inconnu.statut, inconnu.vers()), (connu.statut, connu.vers()));
    assert_eq!(objets(&portail).await, ["confirmation", "deja_inscrit"]);
    assert_eq!(portail.nombre("select count(*) from inscription").await, 1);
    // Its password is still its own.
    portail.connecte(Qui::DepotA).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_taken_is_said_and_what_was_typed_is_kept(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let og = og_c();
    let champs = [
        ("og", og.as_str()),
        ("nom", "Noé"),
        ("courriel", "noe arobase"),
        ("nouveau_mot_de_passe", "court"),
    ];
    let refus = anonyme.envoyer_nu(chemins::INSCRIPTION, &champs).await;
    assert_eq!(refus.statut, 422);
    let liens = refus.attributs(".govuk-error-summary__list a", "href");
    assert_eq!(liens, ["#courriel", "#conditions", "#nouveau_mot_de_passe"]);
    assert_eq!(refus.champ("nom"), ["Noé"]);
    assert_eq!(refus.champ("courriel"), ["noe arobase"]);
    assert_eq!(
        refus.champ("nouveau_mot_de_passe"),
        [""; 0],
        "a password is never shown again"
    );
    assert_eq!(refus.valeur("input[name=og]"), og);
    let mut faible = formulaire(&og, "noe.traboule@exemple.fr");
    faible[3].1 = "Traboule2024";
    let refus = anonyme.envoyer_nu(chemins::INSCRIPTION, &faible).await;
    assert_eq!(refus.statut, 422);
    assert!(
        refus.erreurs()[0].contains("trop facile à deviner"),
        "{:?}",
        refus.erreurs()
    );
    let mut sans_og = formulaire("750000000", "noe@exemple.fr");
    assert_eq!(
        anonyme.envoyer_nu(chemins::INSCRIPTION, &sans_og).await.vers(),
        chemins::INSCRIPTION
    );
    sans_og.remove(0);
    assert_eq!(anonyme.envoyer_nu(chemins::INSCRIPTION, &sans_og).await.statut, 303);
    assert_eq!(objets(&portail).await, [""; 0]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_address_is_not_flooded_and_a_link_dies_after_a_day(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let og = og_c();
    for _ in 0..3 {
        let envoi = anonyme
            .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, "noe@exemple.fr"))
            .await;
        assert_eq!(envoi.statut, 303);
    }
    let refus = anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, "noe@exemple.fr"))
        .await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "900"));
    assert_eq!(refus.champ("courriel"), ["noe@exemple.fr"]);
    assert_eq!(refus.champ("og"), std::slice::from_ref(&og));
    assert!(
        refus.erreurs()[0].starts_with("3 comptes demandés"),
        "{:?}",
        refus.erreurs()
    );
    let oubli = anonyme
        .envoyer_nu(chemins::OUBLI, &[("courriel", "noe@exemple.fr")])
        .await;
    assert_eq!(
        oubli.statut, 303,
        "nobody closes the way back to a lost password by another form"
    );
    let lien = dernier_lien(&portail).await;
    portail.avancer(TimeDelta::hours(24));
    assert_eq!(anonyme.lire(&lien).await.statut, 404);
    assert_eq!(anonyme.envoyer_nu(&lien, &CONFIRMER).await.statut, 404);
    assert_eq!(portail.nombre(COMPTES).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_confirmed_twice_at_once_makes_one_account(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    let og = og_c();
    // Two sign-ups of the same address: each link opens its own, and the first confirmed holds the address.
    anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, "noe@exemple.fr"))
        .await;
    let premier = dernier_lien(&portail).await;
    anonyme
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, "NOE@exemple.fr"))
        .await;
    let second = dernier_lien(&portail).await;
    let (a, b) = tokio::join!(
        anonyme.envoyer_nu(&premier, &CONFIRMER),
        anonyme.envoyer_nu(&premier, &CONFIRMER)
    );
    let mut statuts = [a.statut, b.statut];
    statuts.sort_unstable();
    assert_eq!(statuts, [200, 404]);
    assert_eq!(anonyme.envoyer_nu(&second, &CONFIRMER).await.statut, 404);
    assert_eq!(
        portail
            .nombre("select count(*) from compte where lower(courriel) = 'noe@exemple.fr'")
            .await,
        1
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn no_token_is_kept_where_a_copy_of_the_base_would_show_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    inscrire(&portail, &og_c(), "noe@exemple.fr").await;
    assert_eq!(
        portail
            .nombre("select count(*) from inscription i join courriel m on position(encode(i.cle, 'base64') in m.secret) > 0")
            .await,
        0
    );
    assert_eq!(
        portail
            .nombre("select count(*) from courriel where evenement::text like '%inscription/%'")
            .await,
        0
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_signs_up_with_the_address_of_another_gets_nothing_from_their_click(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let intrus = portail.anonyme();
    let (og, courriel) = (og_c(), "anne@exemple.fr");
    intrus
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, courriel))
        .await;
    let lien = dernier_lien(&portail).await;
    let anne = portail.anonyme();
    for essai in ["", "un autre mot de passe"] {
        let refus = anne.envoyer_nu(&lien, &[("mot_de_passe", essai)]).await;
        assert_eq!((refus.statut, refus.erreurs().len()), (422, 1), "{essai}");
    }
    assert_eq!(
        portail
            .nombre("select count(*) from compte where etat = 'a_approuver'")
            .await,
        0
    );
    // Her own sign-up makes her account, and the other's link opens nothing any more.
    intrus
        .envoyer_nu(chemins::INSCRIPTION, &formulaire(&og, courriel))
        .await;
    let sien = dernier_lien(&portail).await;
    assert_eq!(anne.envoyer_nu(&sien, &CONFIRMER).await.statut, 200);
    assert_eq!(intrus.envoyer_nu(&lien, &CONFIRMER).await.statut, 404);
}
