//! A power cut under load: what was answered is there, once; what was not is whole or absent.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use nix::sys::signal::Signal;
use portail_grappes::clock::Horloge;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use reqwest::header::{CONTENT_TYPE, COOKIE};
use reqwest::{Client, redirect};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::outils::{Dossier, Portail, commande, jusqu_a, signaler, vit};
use crate::semis::{self, Porteur, attestation, motivations};

const PORTEURS: usize = 8;
const BROUILLONS: usize = 6;
/// Saves of each draft before its deposit.
const SAUVEGARDES: usize = 3;
const ECRITURES: usize = PORTEURS * BROUILLONS * (SAUVEGARDES + 1);

/// What a porteur knows of one of its drafts: writes answered, and the one it got no answer to.
#[derive(Debug, Clone, Copy, Default)]
struct Su {
    sauvegardes: usize,
    sauvegarde_coupee: bool,
    depose: bool,
    depot_coupe: bool,
}

/// State, version of the step, its words, saves and deposits in the journal, deposits, mails, hashes right,
/// words frozen.
type Etat = (String, i32, String, i64, i64, i64, i64, Option<bool>, Option<String>);

const ETAT: &str = "select d.etat, m.version, m.reponses->'objectifs'->>0,
    (select count(*) from journal j where j.dossier_id = d.id and j.etape = 'motivations'),
    (select count(*) from journal j where j.dossier_id = d.id and j.action = 'Dossier déposé'),
    (select count(*) from depot p where p.dossier_id = d.id),
    (select count(*) from courriel c where c.evenement->>'genre' = 'dossier_depose' and c.evenement->>'dossier' = d.id::text),
    (select bool_and(v.intact) from depot p, depot_verifie(p.sha256) v where p.dossier_id = d.id),
    (select max(e.value->1->'objectifs'->>0) from depot p, jsonb_array_elements(p.contenu::jsonb->'etapes') e
     where p.dossier_id = d.id and e.value->>0 = 'motivations')
    from dossier d join dossier_etape m on m.dossier_id = d.id and m.etape = 'motivations' where d.id = $1";

fn mots(version: usize) -> String {
    format!("Écrit {version} fois")
}

async fn base(dossier: &Dossier) -> PgPool {
    let options = PgConnectOptions::new_without_pgpass()
        .socket(dossier.0.join("pg/run"))
        .username("portail")
        .database("postgres");
    PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .unwrap()
}

/// Whether this form was accepted; anything else is no answer.
async fn accepte(client: &Client, adresse: &str, porteur: &Porteur, chemin: &str, corps: String) -> bool {
    let requete = client
        .post(format!("http://{adresse}{chemin}"))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, &porteur.temoin)
        .body(corps);
    requete.send().await.is_ok_and(|r| r.status() == 303)
}

/// The form of the deposit of this draft, if its page comes.
async fn formulaire(client: &Client, adresse: &str, porteur: &Porteur, brouillon: Uuid) -> Option<String> {
    let page = client
        .get(format!("http://{adresse}{}", chemins::depot(brouillon)))
        .header(COOKIE, &porteur.temoin);
    let page = page.send().await.ok()?.text().await.ok()?;
    Some(attestation(&porteur.jeton, &page))
}

/// Saves and deposits draft after draft until an answer fails to come; `couper` is told of each answer.
async fn travailler(client: &Client, adresse: &str, porteur: &Porteur, couper: &impl Fn()) -> Vec<Su> {
    let mut sus = vec![Su::default(); porteur.brouillons.len()];
    for (su, brouillon) in sus.iter_mut().zip(&porteur.brouillons) {
        for version in 1..=SAUVEGARDES {
            let corps = motivations(&porteur.jeton, version, &mots(version));
            let chemin = chemins::etape(*brouillon, Etape::Motivations);
            if !accepte(client, adresse, porteur, &chemin, corps).await {
                su.sauvegarde_coupee = true;
                return sus;
            }
            su.sauvegardes += 1;
            couper();
        }
        let Some(corps) = formulaire(client, adresse, porteur, *brouillon).await else {
            return sus;
        };
        if !accepte(client, adresse, porteur, &chemins::depot(*brouillon), corps).await {
            su.depot_coupe = true;
            return sus;
        }
        su.depose = true;
        couper();
    }
    sus
}

async fn verifier(pool: &PgPool, dossier: Uuid, su: Su) {
    let etat: Etat = sqlx::query_as(ETAT).bind(dossier).fetch_one(pool).await.unwrap();
    let (code, version, paroles, sauves, journal, depots, courriels, intact, figees) = etat.clone();
    let sauvegardes = usize::try_from(version).unwrap() - 1;
    let possibles = su.sauvegardes..=su.sauvegardes + usize::from(su.sauvegarde_coupee);
    assert!(possibles.contains(&sauvegardes), "{su:?} : {etat:?}");
    assert_eq!(usize::try_from(sauves).unwrap(), sauvegardes, "{su:?} : {etat:?}");
    if sauvegardes > 0 {
        assert_eq!(paroles, mots(sauvegardes));
    }
    let possibles = i64::from(su.depose)..=i64::from(su.depose || su.depot_coupe);
    assert!(possibles.contains(&depots), "{su:?} : {etat:?}");
    assert_eq!((journal, courriels), (depots, depots), "{su:?} : {etat:?}");
    assert_eq!(code, if depots == 1 { "depose" } else { "brouillon" });
    assert_eq!(
        (intact, figees),
        ((depots == 1).then_some(true), (depots == 1).then_some(paroles))
    );
}

/// Porteurs save and deposit; `couper` is called at a random answer, and `reprendre` gives the portal that serves
/// afterwards on the same data.
fn epreuve(nom: &str, couper: impl Fn(&Portail, &Dossier), reprendre: impl FnOnce(Portail, &Dossier) -> Portail) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let execution = tokio::runtime::Runtime::new().unwrap();
    let dossier = Dossier::neuf(nom);
    let portail = Portail::demarrer(commande(&dossier.0));
    let porteurs = execution.block_on(async {
        let pool = base(&dossier).await;
        let porteurs = semis::semer(&pool, &Horloge::systeme(), true, PORTEURS, BROUILLONS).await;
        pool.close().await;
        porteurs
    });
    let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    // Neither before the first deposits nor once there is nothing left to do.
    let hasard = usize::try_from(getrandom::u32().unwrap()).unwrap();
    let quand = ECRITURES / 6 + hasard % (ECRITURES / 2);
    let ecrites = AtomicUsize::new(0);
    let compter = || {
        if ecrites.fetch_add(1, Ordering::SeqCst) + 1 == quand {
            couper(&portail, &dossier);
        }
    };
    let travaux = porteurs
        .iter()
        .map(|p| travailler(&client, &portail.adresse, p, &compter));
    let sus = execution.block_on(join_all(travaux));
    let coupees = sus
        .iter()
        .flatten()
        .filter(|s| s.sauvegarde_coupee || s.depot_coupe)
        .count();
    // Shown when the test fails.
    println!("coupure à la {quand}e réponse sur {ECRITURES}, {coupees} écritures sans réponse");
    assert!(coupees > 0, "nothing was in flight");
    let portail = reprendre(portail, &dossier);
    jusqu_a("une base qui répond", || (portail.sante() == 200).then_some(()));
    execution.block_on(async {
        let pool = base(&dossier).await;
        for (porteur, sus) in porteurs.iter().zip(&sus) {
            for (brouillon, su) in porteur.brouillons.iter().zip(sus) {
                verifier(&pool, *brouillon, *su).await;
                // Whoever got no answer deposits again: once, whatever became of the first.
                if su.depot_coupe {
                    let corps = formulaire(&client, &portail.adresse, porteur, *brouillon)
                        .await
                        .unwrap();
                    accepte(&client, &portail.adresse, porteur, &chemins::depot(*brouillon), corps).await;
                    let depose = Su { depose: true, ..*su };
                    verifier(&pool, *brouillon, depose).await;
                }
            }
        }
        pool.close().await;
    });
}

#[test]
fn a_portal_killed_among_saves_and_deposits_has_kept_each_answered_one_once() {
    let tuer = |portail: &Portail, _: &Dossier| signaler(portail.pid(), Signal::SIGKILL);
    epreuve("coupure-portail", tuer, |mut mort, dossier| {
        mort.attendre_fin();
        Portail::demarrer(commande(&dossier.0))
    });
}

#[test]
fn a_server_killed_among_saves_and_deposits_has_kept_each_answered_one_once() {
    let tue = std::cell::Cell::new(0);
    let tuer = |_: &Portail, dossier: &Dossier| {
        let pid = dossier.postmaster().unwrap();
        tue.set(pid);
        signaler(pid, Signal::SIGKILL);
    };
    epreuve("coupure-base", tuer, |portail, dossier| {
        jusqu_a("un autre PostgreSQL", || {
            dossier.postmaster().filter(|pid| *pid != tue.get() && vit(*pid))
        });
        portail
    });
}
