//! Five hundred porteurs in the last second of the last window.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::{Client, redirect};
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::semis::{self, Porteur, attestation, motivations};
use crate::portail::{Portail, Reponse, instant};

const PORTEURS: usize = 500;
/// Requests sent at once.
const DE_FRONT: usize = 64;
/// Answers to deposits after which the window closes, requests being in flight.
const AVANT_LA_FIN: usize = 400;
/// The last second of the last window of 2024.
const FIN: &str = "2024-09-15T23:59:59+02:00";

/// When a deposit was sent and answered, beside the end of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    ATemps,
    /// Sent before and answered after.
    ACheval,
    TropTard,
}

/// State, words, version of the step, saves and deposits in the journal, instants of the deposits, hashes right.
type Etat = (String, String, i32, i64, i64, Vec<DateTime<Utc>>, Option<bool>);

const ETAT: &str = "select d.etat, m.reponses->'objectifs'->>0, m.version,
    (select count(*) from journal j where j.dossier_id = d.id and j.etape = 'motivations'),
    (select count(*) from journal j where j.dossier_id = d.id and j.action = 'Dossier déposé'),
    array(select p.depose_le from depot p where p.dossier_id = d.id),
    (select bool_and(v.intact) from depot p, depot_verifie(p.sha256) v where p.dossier_id = d.id)
    from dossier d join dossier_etape m on m.dossier_id = d.id and m.etape = 'motivations' where d.id = $1";

async fn envoyer(client: &Client, adresse: &str, porteur: &Porteur, chemin: &str, corps: String) -> Reponse {
    let requete = client
        .post(format!("{adresse}{chemin}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, &porteur.temoin)
        .body(corps);
    Reponse::de(requete).await
}

async fn lire(client: &Client, adresse: &str, porteur: &Porteur, chemin: &str) -> Reponse {
    Reponse::de(client.get(format!("{adresse}{chemin}")).header(COOKIE, &porteur.temoin)).await
}

fn paroles(dossier: Uuid) -> String {
    format!("Écrit à la dernière seconde pour {dossier}")
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn five_hundred_porteurs_in_the_last_second_are_each_answered_what_the_database_holds(pool: PgPool) {
    let portail = Portail::ouvrir_le(pool, FIN).await;
    let porteurs = semis::semer(&portail.pool, &portail.horloge, false, PORTEURS, 1).await;
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(DE_FRONT)
        .build()
        .unwrap();
    let (deposes, clos) = (AtomicUsize::new(0), AtomicBool::new(false));
    let deposer = async |porteur: &Porteur| {
        let dossier = porteur.brouillons[0];
        let corps = motivations(&porteur.jeton, 1, &paroles(dossier));
        let chemin = chemins::etape(dossier, Etape::Motivations);
        let sauve = envoyer(&client, &portail.adresse, porteur, &chemin, corps).await;
        assert_eq!(sauve.statut, 303, "{}", sauve.resume());
        let page = lire(&client, &portail.adresse, porteur, &chemins::depot(dossier)).await;
        let corps = attestation(&porteur.jeton, &String::from_utf8_lossy(&page.corps));
        let deja_clos = clos.load(Ordering::SeqCst);
        let reponse = envoyer(&client, &portail.adresse, porteur, &chemins::depot(dossier), corps).await;
        let moment = match (deja_clos, clos.load(Ordering::SeqCst)) {
            (true, _) => Moment::TropTard,
            (false, true) => Moment::ACheval,
            (false, false) => Moment::ATemps,
        };
        if deposes.fetch_add(1, Ordering::SeqCst) + 1 == AVANT_LA_FIN {
            portail.avancer(TimeDelta::seconds(1));
            clos.store(true, Ordering::SeqCst);
        }
        (dossier, moment, reponse)
    };
    let reponses: Vec<_> = futures_util::stream::iter(&porteurs)
        .map(deposer)
        .buffer_unordered(DE_FRONT)
        .collect()
        .await;
    let mut moments = [0; 3];
    for (dossier, moment, reponse) in &reponses {
        moments[*moment as usize] += 1;
        let attendus: &[u16] = match moment {
            Moment::ATemps => &[303],
            Moment::ACheval => &[303, 422],
            Moment::TropTard => &[422],
        };
        assert!(attendus.contains(&reponse.statut), "{moment:?} : {}", reponse.resume());
        verifier(&portail, *dossier, reponse).await;
    }
    let [a_temps, a_cheval, trop_tard] = moments;
    assert!(a_temps >= AVANT_LA_FIN - 1 && trop_tard > 0, "{moments:?}");
    assert_eq!(a_temps + a_cheval + trop_tard, PORTEURS);
}

/// What the answer says is what the database holds, whole.
async fn verifier(portail: &Portail, dossier: Uuid, reponse: &Reponse) {
    let etat: Etat = sqlx::query_as(ETAT)
        .bind(dossier)
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let paroles = paroles(dossier);
    let attendu = if reponse.statut == 303 {
        assert_eq!(reponse.vers(), chemins::accuse(dossier));
        ("depose".to_owned(), paroles, 2, 1, 1, vec![instant(FIN)], Some(true))
    } else {
        let erreurs = reponse.erreurs();
        assert!(erreurs.len() == 1 && erreurs[0].starts_with("REC-08 : "), "{erreurs:?}");
        assert!(reponse.tout().contains(&paroles), "the page keeps everything");
        ("brouillon".to_owned(), paroles, 2, 1, 0, vec![], None)
    };
    assert_eq!(etat, attendu);
}
