//! The command line opens the first accounts, and gives access back to who lost a second factor.

use clap::Parser;
use portail_grappes::accounts::commande::CommandeCompte;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use super::SOLIDE;
use crate::portail::{ADRESSE_PUBLIQUE, MOT_DE_PASSE, Portail, Qui};

#[derive(Parser)]
struct Ligne {
    #[command(subcommand)]
    quoi: CommandeCompte,
}

async fn executer(portail: &Portail, mots: &[&str]) -> Result<String, String> {
    let ligne = Ligne::try_parse_from([&["compte"], mots].concat()).map_err(|e| e.to_string())?;
    let (id, maintenant) = (portail.horloge.nouvel_id(), portail.horloge.maintenant());
    let fait = ligne
        .quoi
        .executer(&portail.pool, ADRESSE_PUBLIQUE, id, maintenant)
        .await;
    fait.map_err(|e| e.to_string())
}

fn ouvrir<'a>(courriel: &'a str, profil: &'a str) -> Vec<&'a str> {
    vec![
        "ouvrir",
        "--courriel",
        courriel,
        "--nom",
        "Zoé Canut",
        "--profil",
        profil,
    ]
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_first_administrator_chooses_a_password_by_the_link_shown(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let lien = executer(&portail, &ouvrir("zoe@exemple.fr", "administration"))
        .await
        .unwrap();
    let chemin = lien.strip_prefix(ADRESSE_PUBLIQUE).unwrap();
    let mut navigateur = portail.anonyme();
    let choisi = navigateur.envoyer_nu(chemin, &[("nouveau_mot_de_passe", SOLIDE)]).await;
    assert_eq!(choisi.statut, 200, "{}", choisi.resume());
    assert_eq!(navigateur.se_connecter("zoe@exemple.fr", SOLIDE).await.statut, 303);
    assert_eq!(
        navigateur.lire(chemins::ADMINISTRATION).await.vers(),
        chemins::SECOND_FACTEUR
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_agent_has_an_address_of_its_own_and_the_regions_it_serves(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ars = [
        ouvrir("ars@exemple.fr", "ars"),
        vec!["--region", "11", "--region", "84"],
    ]
    .concat();
    assert!(executer(&portail, &ars).await.is_ok());
    let pris = Qui::DepotA.courriel();
    for (mots, attendu) in [
        (ars, "un compte a déjà l’adresse"),
        (ouvrir(&pris, "administration"), "un compte a déjà l’adresse"),
        (ouvrir("pas une adresse", "administration"), "n’est pas une adresse"),
        (ouvrir("b@exemple.fr", "ars"), "--region est nécessaire"),
        (
            [ouvrir("b@exemple.fr", "ars"), vec!["--region", "zz"]].concat(),
            "n’est pas le code d’une région",
        ),
        (
            [ouvrir("b@exemple.fr", "administration"), vec!["--region", "11"]].concat(),
            "d’aucune région",
        ),
        (ouvrir("b@exemple.fr", "porteur"), "invalid value"),
    ] {
        let refus = executer(&portail, &mots).await.unwrap_err();
        assert!(refus.contains(attendu), "{refus}");
    }
    let regions: Vec<String> = sqlx::query_scalar("select regions from compte where courriel = 'ars@exemple.fr'")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    assert_eq!(regions, ["11", "84"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_lost_a_device_logs_in_with_the_password_again(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ouverte = portail.connecte(Qui::ArsIdf).await;
    let courriel = Qui::ArsIdf.courriel();
    let dit = executer(&portail, &["sans-second-facteur", &courriel]).await.unwrap();
    assert!(dit.contains("sessions fermées"), "{dit}");
    assert_eq!(ouverte.lire(chemins::INSTRUCTION).await.vers_page(), chemins::CONNEXION);
    let mut navigateur = portail.anonyme();
    assert_eq!(navigateur.se_connecter(&courriel, MOT_DE_PASSE).await.statut, 303);
    let encore = executer(&portail, &["sans-second-facteur", &courriel]).await;
    assert!(encore.unwrap_err().contains("pas de connexion en deux temps"));
    let inconnu = executer(&portail, &["sans-second-facteur", "personne@exemple.fr"]).await;
    assert!(inconnu.unwrap_err().contains("aucun compte"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_account_of_an_agent_who_left_opens_nothing_any_more(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let ouverte = portail.connecte(Qui::ArsIdf).await;
    let courriel = Qui::ArsIdf.courriel();
    executer(&portail, &["retirer", &courriel]).await.unwrap();
    assert_eq!(ouverte.lire(chemins::INSTRUCTION).await.vers_page(), chemins::CONNEXION);
    let mut navigateur = portail.anonyme();
    assert_eq!(navigateur.se_connecter(&courriel, MOT_DE_PASSE).await.statut, 422);
    let encore = executer(&portail, &["retirer", &courriel]).await;
    assert!(encore.unwrap_err().contains("aucun compte"));
    assert_eq!(
        portail
            .nombre("select count(*) from second_facteur s join compte c on c.id = s.compte_id where c.etat = 'retire'")
            .await,
        0
    );
}
