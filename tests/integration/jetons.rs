//! Forged requests: a form without this session's token, or sent from another site, changes nothing.

use portail_grappes::routes::{self, Acces};
use portail_grappes::web::chemins as c;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, ORIGIN};
use reqwest::multipart::Form;
use sqlx::PgPool;
use uuid::Uuid;

use crate::droits::{INSCRIPTION, VISES, WEBINAIRE, remettre_le_webinaire, remettre_les_comptes};
use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::registre::{ehpad, og_b};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

/// What a forged request would have changed.
const TRACES: &str = "select (select count(*) from journal) + (select count(*) from dossier) * 1000
    + (select count(*) from journal_essms) * 100 + (select count(*) from import_essms) * 100
    + (select count(*) from piece) * 10000 + (select count(*) from session) * 100000";

/// Where a route is, for this dossier of the OG A.
pub fn adresse(chemin: &str, dossier: Uuid) -> String {
    let [demande, membre, invitation, modele] = VISES;
    chemin
        .replace("{demande}", &demande.to_string())
        .replace("{membre}", &membre.to_string())
        .replace("{invitation}", &invitation.to_string())
        .replace("{modele}", &modele.to_string())
        .replace("{webinaire}", &WEBINAIRE.to_string())
        .replace("{inscription}", &INSCRIPTION.to_string())
        .replace("{dossier}", &dossier.to_string())
        .replace("{piece}", &Uuid::nil().to_string())
        .replace("{commentaire}", &Uuid::nil().to_string())
        .replace("{etape}", "motivations")
        .replace("{finess}", &ehpad(1))
        .replace("{og}", og_b().as_str())
}

/// The OG B in this dossier of the OG A: invited, or a membre.
pub async fn placer_b(portail: &Portail, dossier: Uuid, etat: &str) {
    sqlx::query(
        "insert into participation (dossier_id, og, etat, invitee_le, invitee_par, expire_le, relancee_le)
         select $1, $2, $3, '2024-04-01', id, '2024-06-01', '2024-04-01' from compte where og is not null limit 1",
    )
    .bind(dossier)
    .bind(og_b().as_str())
    .bind(etat)
    .execute(&portail.pool)
    .await
    .unwrap();
}

async fn envoyer(navigateur: &Navigateur, chemin: &str, dossier: Uuid, jeton: Option<&str>) -> Reponse {
    let adresse = adresse(chemin, dossier);
    if matches!(chemin, c::PIECES | c::IMPORTS | c::MES_ESSMS_IMPORT | c::GRAPPE) {
        let mut formulaire = Form::new();
        if let Some(jeton) = jeton {
            formulaire = formulaire.text("csrf", jeton.to_owned());
        }
        return navigateur.joindre_nu(&adresse, formulaire.text("fichier", "x")).await;
    }
    let champs: Vec<(&str, &str)> = jeton.map(|j| ("csrf", j)).into_iter().collect();
    navigateur.envoyer_nu(&adresse, &champs).await
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_form_refuses_a_missing_a_wrong_and_a_borrowed_token(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let porteur = portail.connecte(Qui::DepotA).await;
    let collegue = portail.connecte(Qui::EditionA).await;
    let administration = portail.connecte(Qui::Administration).await;
    let accompagnement = portail.connecte(Qui::Accompagnement).await;
    let membre = portail.connecte(Qui::DepotB).await;
    let ars = portail.connecte(Qui::ArsIdf).await;
    let id = ouvrir(&porteur, "Visé").await;
    placer_b(&portail, id, "acceptee").await;
    let propose = ouvrir(&porteur, "Proposé").await;
    placer_b(&portail, propose, "invitee").await;
    let depose = pret(&porteur, "Déposé", 1).await;
    deposer(&porteur, depose).await;
    remettre_les_comptes(&portail.pool).await;
    remettre_le_webinaire(&portail.pool).await;
    let avant = portail.nombre(TRACES).await;
    let mut essayees = 0;
    for route in routes::table().iter().filter(|r| r.methode == Method::POST) {
        // Forms of nobody in particular: a link is its own proof, and there is no session to borrow.
        if route.acces == Acces::Public {
            continue;
        }
        let (navigateur, id) = match route.chemin {
            c::ACCORDS_REPONDRE | c::PORTAGE_REPONDRE => (&membre, id),
            c::GRAPPE_INVITATION => (&membre, propose),
            c::RETRAIT_DEPOT => (&porteur, depose),
            _ if route.acces == Acces::Instructeur => (&ars, depose),
            _ if route.acces == Acces::Administration => (&administration, id),
            _ if route.acces == Acces::Accompagnement => (&accompagnement, id),
            _ => (&porteur, id),
        };
        let mut tronque = navigateur.jeton.clone();
        tronque.pop();
        for jeton in [
            None,
            Some(""),
            Some("AAAA"),
            Some(tronque.as_str()),
            Some(collegue.jeton.as_str()),
        ] {
            let reponse = envoyer(navigateur, route.chemin, id, jeton).await;
            assert_eq!(reponse.statut, 403, "{} {jeton:?}", route.chemin);
            let h1 = reponse.texte("h1");
            assert!(
                ["Ce formulaire a expiré", "Votre session avait pris fin"].contains(&h1.as_str()),
                "{h1}"
            );
            essayees += 1;
        }
    }
    assert!(essayees >= 50, "{essayees}");
    assert_eq!(portail.nombre(TRACES).await, avant);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn another_site_is_refused_whatever_its_token(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = ouvrir(&a, "Visé").await;
    let avant = portail.nombre(TRACES).await;
    let corps = format!("csrf={}&numeros=&nom=x&edition=idf-2024&attestation=oui", a.jeton);
    let sec_fetch_site = HeaderName::from_static("sec-fetch-site");
    for chemin in [
        c::NOUVEAU,
        c::GRAPPE_COLLER,
        c::ETAPE,
        c::DEPOT,
        c::DECONNEXION,
        c::CONNEXION,
    ] {
        for (entete, valeur) in [
            (ORIGIN, "https://mal.example"),
            (ORIGIN, "null"),
            (sec_fetch_site.clone(), "cross-site"),
        ] {
            let requete = a
                .requete(Method::POST, &adresse(chemin, id))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(entete.clone(), valeur)
                .body(corps.clone());
            let reponse = Reponse::de(requete).await;
            assert_eq!(reponse.statut, 403, "{chemin} {entete} {valeur}");
        }
    }
    assert_eq!(portail.nombre(TRACES).await, avant);
    let requete = a
        .requete(Method::POST, c::NOUVEAU)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(sec_fetch_site, "same-origin")
        .body(corps);
    assert_eq!(Reponse::de(requete).await.statut, 303, "our own pages still work");
}
