//! Log-in by a real identity provider.

use portail_grappes::web::chemins;
use portail_grappes::web::etat::Depart;
use portail_grappes::web::identite::Fournisseur;
use sqlx::PgPool;

use super::objets;
use crate::portail::fournisseur::{Tiers, passer_chez};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

struct Cas {
    portail: Portail,
    _tiers: Tiers,
}

fn fournisseur(emetteur: &str, adresse: &str) -> Fournisseur {
    let secret = "secret du portail".into();
    Fournisseur::nouveau(
        "TiersConnect".into(),
        emetteur.to_owned(),
        "portail".into(),
        secret,
        adresse,
        false,
    )
    .unwrap()
}

async fn cas(pool: PgPool, signe: bool) -> Cas {
    cas_comme(pool, signe, Depart::Smtp).await
}

async fn cas_comme(pool: PgPool, signe: bool, depart: Depart) -> Cas {
    // The provider has to know where the portal is before the portal knows where the provider is.
    let ecoute = Portail::ecoute().await;
    let adresse = format!("http://{}", ecoute.local_addr().unwrap());
    let tiers = Tiers::ouvrir(&adresse, signe).await;
    let portail = Portail::ouvrir_avec(pool, ecoute, fournisseur(&tiers.emetteur, &adresse), depart).await;
    Cas { portail, _tiers: tiers }
}

/// Where the provider sends this person back to.
async fn rendu(navigateur: &Navigateur, nom: &str, amr: &str) -> String {
    let depart = navigateur.lire(chemins::CONNEXION_IDENTITE).await;
    assert_eq!(depart.statut, 303, "{}", depart.resume());
    passer_chez(depart.vers(), nom, amr).await
}

async fn entrer(portail: &Portail, nom: &str, amr: &str) -> (Navigateur, Reponse) {
    let navigateur = portail.anonyme();
    let retour = rendu(&navigateur, nom, amr).await;
    let reponse = navigateur.suivre(&retour).await;
    (navigateur, reponse)
}

async fn the_account_of_the_same_address_opens_and_is_told_once(pool: PgPool, signe: bool) {
    let Cas { portail, _tiers } = cas(pool, signe).await;
    let page = portail.anonyme().page("/connexion?retour=/porteur/essms").await;
    let lien = page.attributs("a[href^='/connexion/identite']", "href");
    let navigateur = portail.anonyme();
    let depart = navigateur.lire(&lien[0]).await;
    let retour = passer_chez(depart.vers(), "depota", "").await;
    assert_eq!(navigateur.suivre(&retour).await.vers(), chemins::MES_ESSMS);
    assert_eq!(navigateur.lire(chemins::MES_ESSMS).await.statut, 200);
    let (_, encore) = entrer(&portail, "depota", "").await;
    assert_eq!(encore.vers(), chemins::PORTEUR);
    assert_eq!(objets(&portail).await, ["identite_liee"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_provider_tells_of_people_in_json(pool: PgPool) {
    the_account_of_the_same_address_opens_and_is_told_once(pool, false).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_provider_tells_of_people_in_a_signed_token(pool: PgPool) {
    the_account_of_the_same_address_opens_and_is_told_once(pool, true).await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_enters_without_account_with_an_unchecked_address_or_by_refusing(pool: PgPool) {
    let Cas { portail, _tiers } = cas(pool, false).await;
    for (qui, courriel) in [
        (Qui::DepotB, "nonverifie.depotb@exemple.fr"),
        (Qui::EditionA, "muet.editiona@exemple.fr"),
    ] {
        sqlx::query("update compte set courriel = $2 where courriel = $1")
            .bind(qui.courriel())
            .bind(courriel)
            .execute(&portail.pool)
            .await
            .unwrap();
    }
    for (nom, attendu) in [
        ("personne", "Aucun compte du portail n’a l’adresse personne@exemple.fr"),
        ("muet.editiona", "TiersConnect n’a pas donné d’adresse vérifiée"),
        ("nonverifie.depotb", "TiersConnect n’a pas donné d’adresse vérifiée"),
        ("refus", "La connexion par TiersConnect n’a pas abouti"),
    ] {
        let (navigateur, reponse) = entrer(&portail, nom, "").await;
        assert_eq!(reponse.statut, 403, "{nom}");
        assert!(reponse.erreurs()[0].starts_with(attendu), "{:?}", reponse.erreurs());
        assert_eq!(navigateur.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
    }
    assert_eq!(portail.nombre("select count(*) from identite").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_link_serves_once_and_in_the_browser_that_left(pool: PgPool) {
    let Cas { portail, _tiers } = cas(pool, false).await;
    let navigateur = portail.anonyme();
    let retour = rendu(&navigateur, "depota", "").await;
    let autre = portail.anonyme();
    assert_eq!(autre.suivre(&retour).await.statut, 403);
    assert_eq!(navigateur.suivre(&retour).await.statut, 303);
    let encore = portail.anonyme();
    rendu(&encore, "depota", "").await;
    assert_eq!(encore.suivre(&retour).await.statut, 403);
    // A code that was not given for this log-in.
    let melange = rendu(&encore, "depota", "").await;
    let etat = melange.split("state=").nth(1).unwrap().split('&').next().unwrap();
    let faux = format!("{}?code=inventé&state={etat}", chemins::CONNEXION_RETOUR);
    assert_eq!(encore.lire(&faux).await.statut, 502);
    assert_eq!(encore.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
    let tard = portail.anonyme();
    let retour = rendu(&tard, "depota", "").await;
    portail.avancer(chrono::TimeDelta::minutes(16));
    assert_eq!(tard.suivre(&retour).await.statut, 403);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_code_is_asked_unless_the_provider_saw_two_factors(pool: PgPool) {
    let Cas { portail, _tiers } = cas(pool, false).await;
    let (_, un_facteur) = entrer(&portail, "arsidf", "pwd").await;
    assert_eq!(
        (un_facteur.statut, un_facteur.texte("h1").as_str()),
        (200, "Code de connexion")
    );
    // Tied just now by its address alone: its own second factor is asked all the same.
    let (_, premiere) = entrer(&portail, "administration", "pwd mfa").await;
    assert_eq!(
        (premiere.statut, premiere.texte("h1").as_str()),
        (200, "Code de connexion")
    );
    let (agent, deux) = entrer(&portail, "arsidf", "pwd mfa").await;
    assert_eq!(deux.vers(), chemins::INSTRUCTION);
    assert_eq!(agent.lire(chemins::INSTRUCTION).await.statut, 200);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_kept_form_waits_for_who_enters_by_the_provider_in_another_tab(pool: PgPool) {
    let Cas { portail, _tiers } = cas(pool, false).await;
    let navigateur = portail.anonyme();
    let perdu = [("csrf", "perdu"), ("nom", "Dominique Roy")];
    let refus = navigateur.envoyer_nu(chemins::COMPTE, &perdu).await;
    assert_eq!(
        (refus.statut, refus.texte("h1").as_str()),
        (403, "Votre session avait pris fin")
    );
    let lien = refus.attributs("#autrement a[target=_blank]", "href").remove(0);
    // The form that goes again holds what was typed, and nothing else.
    let formulaire = format!("form[action='{}'] input", chemins::COMPTE);
    assert_eq!(refus.attributs(&formulaire, "name"), ["nom"]);
    let nom = refus.valeur(&formulaire);
    let renvoi = [("nom", nom.as_str())];
    let trop_tot = navigateur.envoyer_nu(chemins::COMPTE, &renvoi).await;
    assert_eq!((trop_tot.statut, trop_tot.compte("#autrement")), (403, 1));
    // A mistyped password keeps the same ways.
    let cache = |nom: &str| refus.valeur(&format!("input[name={nom}]"));
    let (chemin, corps) = (cache("reprise_chemin"), cache("reprise_corps"));
    let faux = [
        ("courriel", "depota@exemple.fr"),
        ("mot_de_passe", "faux"),
        ("reprise_chemin", &chemin),
        ("reprise_corps", &corps),
    ];
    let encore = navigateur.envoyer_nu(chemins::CONNEXION, &faux).await;
    assert_eq!((encore.statut, encore.compte("#autrement")), (422, 1));
    assert_eq!(encore.valeur(&formulaire), "Dominique Roy");

    let depart = navigateur.lire(&lien).await;
    let retour = passer_chez(depart.vers(), "depota", "").await;
    assert_eq!(navigateur.suivre(&retour).await.statut, 303);
    let repris = navigateur.envoyer_nu(chemins::COMPTE, &renvoi).await;
    assert_eq!((repris.statut, repris.compte("#autrement")), (403, 0));
    let csrf = repris.valeur("main form input[name=csrf]");
    let champs = [
        ("csrf", csrf.as_str()),
        ("nom", &repris.valeur("main form input[name=nom]")),
    ];
    assert_eq!(navigateur.envoyer_nu(chemins::COMPTE, &champs).await.statut, 303);
    let noms = "select nom from compte where courriel = 'depota@exemple.fr'";
    assert_eq!(portail.texte(noms).await, "Dominique Roy");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn logging_out_shows_the_way_out_of_the_provider(pool: PgPool) {
    let Cas { portail, _tiers } = cas(pool, false).await;
    let (mut navigateur, _) = entrer(&portail, "depota", "").await;
    navigateur.prendre_le_jeton().await;
    let sortie = navigateur.envoyer(chemins::DECONNEXION, &[]).await;
    assert_eq!(sortie.texte("h1"), "Vous êtes déconnecté du portail");
    let lien = sortie.attributs("main a.govuk-button", "href").remove(0);
    assert!(
        lien.contains("/session/end?") && lien.contains("id_token_hint="),
        "{lien}"
    );
    let chez = Reponse::de(reqwest::Client::new().get(&lien)).await;
    assert_eq!(chez.statut, 200, "{}", String::from_utf8_lossy(&chez.corps));
    assert_eq!(navigateur.lire(chemins::COMPTE).await.vers_page(), chemins::CONNEXION);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_provider_that_is_away_leaves_the_password(pool: PgPool) {
    let ecoute = Portail::ecoute().await;
    let adresse = format!("http://{}", ecoute.local_addr().unwrap());
    let absent = fournisseur("http://127.0.0.1:9", &adresse);
    let portail = Portail::ouvrir_avec(pool, ecoute, absent, Depart::Smtp).await;
    let mut navigateur = portail.anonyme();
    let panne = navigateur.lire(chemins::CONNEXION_IDENTITE).await;
    assert_eq!(panne.statut, 502);
    assert!(panne.erreurs()[0].contains("connectez-vous avec votre mot de passe"));
    let entree = navigateur
        .se_connecter(&Qui::DepotA.courriel(), crate::portail::MOT_DE_PASSE)
        .await;
    assert_eq!(entree.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn without_provider_its_pages_do_not_exist(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let anonyme = portail.anonyme();
    for chemin in [chemins::CONNEXION_IDENTITE, chemins::CONNEXION_RETOUR] {
        assert_eq!(anonyme.lire(chemin).await.statut, 404, "{chemin}");
    }
    assert_eq!(
        anonyme
            .page(chemins::CONNEXION)
            .await
            .compte("a[href^='/connexion/identite']"),
        0
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_ties_itself_to_an_account_of_a_demonstration(pool: PgPool) {
    let Cas { portail, _tiers } = cas_comme(pool, false, Depart::BoiteLocale).await;
    let (_, refus) = entrer(&portail, "depotb", "").await;
    assert_eq!(refus.statut, 403);
    let (_, entree) = entrer(&portail, "depota", "").await;
    assert_eq!(entree.statut, 303);
    assert_eq!(portail.nombre("select count(*) from identite").await, 1);
}
