//! Mails: queued with their cause, sent by real SMTP, tried again, given up, asked for again.

use chrono::TimeDelta;
use portail_grappes::domain::compte::Perimetre;
use portail_grappes::domain::courriel::{
    DepotRetire, DossierDepose, Evenement, Question, QuestionRecue, RappelEcheance, RepertoireChange,
};
use portail_grappes::domain::courriel_modele::{Acte, EvenementModele};
use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::domain::webinaire::Objet;
use portail_grappes::jobs::TENTATIVES;
use portail_grappes::jobs::expedition::Expedition;
use portail_grappes::jobs::redaction::rediger;
use portail_grappes::store::acces::commencer;
use portail_grappes::store::courriels::{self, APoster, Courriel, Destinataire};
use portail_grappes::store::travaux::{self, Suite};
use portail_grappes::web::chemins;
use portail_grappes::web::etat::Depart;
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use tokio::sync::watch;
use uuid::Uuid;

use crate::portail::dossier::{deposer, pret};
use crate::portail::puits::Puits;
use crate::portail::registre::og_a;
use crate::portail::{ADRESSE_PUBLIQUE, MAINTENANT, Portail, Qui};

const COURRIELS: &str = "select count(*) from courriel";
/// An address at which nobody listens.
const PERSONNE: &str = "smtp://127.0.0.1:1";

fn rappel(jours: i64, manques: usize, bloquants: usize) -> Evenement {
    Evenement::RappelEcheance(RappelEcheance {
        dossier: Uuid::nil(),
        reference: "IDF24-ABCDE".into(),
        nom: "Grappe <des> Tilleuls".into(),
        edition: "Appel à projets".into(),
        fin: crate::portail::instant("2024-06-01T23:59:59+02:00"),
        jours,
        manques,
        bloquants,
    })
}

fn depot() -> Evenement {
    Evenement::DossierDepose(DossierDepose {
        dossier: Uuid::nil(),
        reference: "IDF24-ABCDE".into(),
        nom: "Grappe <des> Tilleuls".into(),
        edition: "Appel à projets".into(),
        depose_le: crate::portail::instant(MAINTENANT),
        depose_par: "Camille".into(),
        rang: 1,
        empreinte: "00ff".into(),
    })
}

async fn enfiler(portail: &Portail, conn: &mut PgConnection, adresse: &str) {
    let courriel = Courriel {
        id: portail.horloge.nouvel_id(),
        destinataire: Destinataire::Adresse(adresse),
        evenement: &depot(),
        secret: Some("/jeton"),
        cle: None,
    };
    let ecrit = courriels::enfiler(conn, &courriel, portail.horloge.maintenant())
        .await
        .unwrap();
    assert!(ecrit);
}

/// Queues a mail to this address.
async fn ecrire(portail: &Portail, adresse: &str) {
    let mut tx = portail.pool.begin().await.unwrap();
    enfiler(portail, &mut tx, adresse).await;
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_mail_is_queued_if_and_only_if_its_cause_happens(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut tx = portail.pool.begin().await.unwrap();
    enfiler(&portail, &mut tx, "a@exemple.fr").await;
    tx.rollback().await.unwrap();
    assert_eq!(portail.nombre(COURRIELS).await, 0);
    assert_eq!(portail.nombre("select count(*) from travail").await, 0);
    ecrire(&portail, "a@exemple.fr").await;
    assert_eq!(portail.nombre(COURRIELS).await, 1);
    assert_eq!(portail.nombre("select count(*) from travail").await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_transaction_of_a_request_writes_mails_and_reads_none(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ecrire(&portail, "a@exemple.fr").await;
    let perimetre = Perimetre {
        og: Some(og_a()),
        regions: Vec::new(),
    };
    let mut tx = commencer(&portail.pool, &perimetre).await.unwrap();
    enfiler(&portail, &mut tx, "b@exemple.fr").await;
    tx.commit().await.unwrap();
    assert_eq!(portail.nombre(COURRIELS).await, 2);
    for sql in [
        COURRIELS,
        "select count(*) from travail",
        "select count(*) from tentative",
        "delete from courriel",
    ] {
        let mut tx = commencer(&portail.pool, &perimetre).await.unwrap();
        let refus = sqlx::query(sql).execute(&mut *tx).await.unwrap_err().to_string();
        assert!(refus.contains("permission denied"), "{sql} : {refus}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_deposit_is_acknowledged_to_the_signatories_by_a_real_mail(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe des Tilleuls", 1).await;
    assert_eq!(portail.nombre(COURRIELS).await, 0);
    deposer(&a, id).await;

    let mut puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    let courriel = puits.courriel().await;
    assert_eq!(courriel["pour"], serde_json::json!([Qui::DepotA.courriel()]));
    assert_eq!(courriel["de"], "\"Portail\" <portail@exemple.fr>");
    let sujet = courriel["sujet"].as_str().unwrap();
    assert!(
        sujet.starts_with("Accusé de réception\u{a0}: dossier IDF2024-"),
        "{sujet}"
    );
    let accuse = format!("{ADRESSE_PUBLIQUE}{}", chemins::accuse(id));
    for version in ["texte", "html"] {
        let contenu = courriel[version].as_str().unwrap();
        for attendu in [
            "Grappe des Tilleuls",
            "01/05/2024 à 10\u{a0}h\u{a0}00 (heure de Paris)",
            &accuse,
            "PAI numérique",
        ] {
            assert!(contenu.contains(attendu), "{version} : {attendu} : {contenu}");
        }
        assert!(!contenu.contains("Démonstration"), "{contenu}");
    }
    let html = courriel["html"].as_str().unwrap();
    assert!(!html.contains("<img") && !html.contains("<link") && !html.contains("<script"));
    let entetes = &courriel["entetes"];
    let numero = portail.texte("select id::text from courriel").await;
    assert_eq!(entetes["message-id"], format!("<{numero}@exemple.fr>"));
    assert_eq!(entetes["auto-submitted"], "auto-generated");
    assert!(
        entetes["list-unsubscribe"].is_null(),
        "nobody refuses a proof: {entetes}"
    );
    assert!(entetes["content-type"].as_str().unwrap().starts_with("multipart/mixed"));
    let jointe = &courriel["jointes"][0];
    assert_eq!(
        (&jointe["type"], &jointe["debut"]),
        (&"application/pdf".into(), &"%PDF-".into()),
        "{jointe}"
    );
    assert_eq!(puits.fermer().await.len(), 0);

    // The person finds it in its account, the administrator with what the server answered; nobody else does.
    let page = a.page(chemins::COMPTE_COURRIELS).await;
    assert!(
        page.texte("#recus tbody th")
            .starts_with("Accusé de réception : dossier IDF2024-")
    );
    assert_eq!(page.texte("#recus .govuk-tag"), "Envoyé");
    let administration = portail.connecte(Qui::Administration).await;
    let page = administration.page(chemins::COURRIELS).await;
    assert!(
        page.texte("#courriels ol").contains("parti : 250 Message kept"),
        "{}",
        page.tout()
    );
    let voisin = portail
        .connecte(Qui::DepotB)
        .await
        .page(chemins::COMPTE_COURRIELS)
        .await;
    assert_eq!(voisin.compte("#recus"), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_server_that_is_down_is_tried_again_then_given_up_then_asked_again(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ecrire(&portail, "a@exemple.fr").await;
    let ouvrier = portail.ouvrier(PERSONNE);
    for n in 1..=TENTATIVES {
        ouvrier.epuiser().await.unwrap();
        // At once, nothing is due.
        ouvrier.epuiser().await.unwrap();
        assert_eq!(
            portail.nombre("select count(*) from tentative where not reussie").await,
            i64::from(n)
        );
        let etat = portail.texte("select etat from travail").await;
        assert_eq!(etat, if n < TENTATIVES { "attente" } else { "abandonne" }, "{n}");
        portail.avancer(TimeDelta::minutes(4_i64.pow(u32::try_from(n - 1).unwrap())));
    }
    assert_eq!(portail.texte("select secret from courriel").await, "/jeton");

    let administration = portail.connecte(Qui::Administration).await;
    let accueil = administration.page(chemins::ADMINISTRATION).await;
    assert!(accueil.tout().contains("1 courriel abandonné"), "{}", accueil.tout());
    let adresse = format!("{}?etat=abandonne", chemins::COURRIELS);
    let page = administration.page(&adresse).await;
    assert_eq!(page.compte("#courriels tbody tr"), 1);
    assert_eq!(page.compte("#courriels ol li"), 7);
    assert!(
        page.texte("#courriels ol").contains("échec : Connection error"),
        "{}",
        page.tout()
    );
    assert_eq!(
        administration
            .page(&format!("{}?etat=envoye", chemins::COURRIELS))
            .await
            .compte("#courriels"),
        0
    );

    let numero = page.valeur("#courriels input[name=courriel]");
    let anonyme = portail
        .anonyme()
        .envoyer_nu(chemins::COURRIELS, &[("courriel", &numero)])
        .await;
    assert_eq!(anonyme.statut, 403);
    assert_eq!(portail.texte("select etat from travail").await, "abandonne");
    for faux in ["", "rien", &Uuid::nil().to_string()] {
        assert_eq!(
            administration
                .envoyer(chemins::COURRIELS, &[("courriel", faux)])
                .await
                .statut,
            404
        );
    }
    administration
        .enregistrer(chemins::COURRIELS, &[("courriel", &numero)])
        .await;
    let puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    assert_eq!(puits.fermer().await.len(), 1);
    assert_eq!(portail.texte("select etat from travail").await, "fait");
    // A one-time link is forgotten once it has left.
    assert_eq!(
        portail
            .nombre("select count(*) from courriel where secret is not null")
            .await,
        0
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_address_refused_for_ever_is_given_up_at_once_and_a_busy_one_is_not(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let puits = Puits::ouvrir().await;
    ecrire(&portail, "inconnu@exemple.fr").await;
    ecrire(&portail, "occupe@exemple.fr").await;
    ecrire(&portail, "ni une adresse").await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    assert_eq!(puits.fermer().await.len(), 0);
    let etats = "select string_agg(t.etat || ' ' || coalesce(t.erreur, ''), '; ' order by t.id) from travail t";
    let etats = portail.texte(etats).await;
    let [inconnu, occupe, illisible] = etats.split("; ").collect::<Vec<_>>()[..] else {
        panic!("{etats}")
    };
    assert!(
        inconnu.starts_with("abandonne") && inconnu.contains("550") && inconnu.contains("No such user"),
        "{inconnu}"
    );
    assert!(occupe.starts_with("attente") && occupe.contains("451"), "{occupe}");
    assert!(illisible.starts_with("abandonne adresse illisible"), "{illisible}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_work_of_a_killed_portal_is_taken_again_at_the_end_of_its_lease(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ecrire(&portail, "a@exemple.fr").await;
    let mut conn = portail.pool.acquire().await.unwrap();
    let genres = [courriels::GENRE.to_owned()];
    let bail = TimeDelta::minutes(10);
    let prise = travaux::take(&mut conn, &genres, portail.horloge.maintenant(), bail)
        .await
        .unwrap();
    let prise = prise.unwrap();

    let mut puits = Puits::ouvrir().await;
    let ouvrier = portail.ouvrier(&puits.url);
    portail.avancer(bail - TimeDelta::seconds(1));
    ouvrier.epuiser().await.unwrap();
    assert_eq!(portail.nombre("select count(*) from tentative").await, 0);
    portail.avancer(TimeDelta::seconds(1));
    ouvrier.epuiser().await.unwrap();
    let courriel = puits.courriel().await;
    let numero = portail.texte("select id::text from courriel").await;
    assert_eq!(courriel["entetes"]["message-id"], format!("<{numero}@exemple.fr>"));
    // The one that was thought dead comes back: it no longer holds the work.
    let maintenant = portail.horloge.maintenant();
    let tenu = travaux::finish(&mut conn, &prise, Err("trop tard"), &Suite::Abandon, maintenant)
        .await
        .unwrap();
    assert!(!tenu);
    assert_eq!(portail.texte("select etat from travail").await, "fait");
    assert_eq!(puits.fermer().await.len(), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_work_that_kills_each_portal_ends_up_given_up(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    ecrire(&portail, "a@exemple.fr").await;
    let genres = [courriels::GENRE.to_owned()];
    let bail = TimeDelta::minutes(10);
    for _ in 0..TENTATIVES {
        let mut conn = portail.pool.acquire().await.unwrap();
        let prise = travaux::take(&mut conn, &genres, portail.horloge.maintenant(), bail)
            .await
            .unwrap();
        assert!(prise.is_some());
        portail.avancer(bail);
    }
    let puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    assert_eq!(puits.fermer().await.len(), 0);
    assert_eq!(portail.texte("select etat from travail").await, "abandonne");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn several_workers_never_send_a_mail_twice(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    for n in 0..30 {
        ecrire(&portail, &format!("personne-{n}@exemple.fr")).await;
    }
    let puits = Puits::ouvrir().await;
    let [un, deux, trois] = [(); 3].map(|()| portail.ouvrier(&puits.url));
    let (un, deux, trois) = tokio::join!(un.epuiser(), deux.epuiser(), trois.epuiser());
    un.and(deux).and(trois).unwrap();
    let recus = puits.fermer().await;
    let numeros: std::collections::BTreeSet<String> =
        recus.iter().map(|c| c["entetes"]["message-id"].to_string()).collect();
    assert_eq!((recus.len(), numeros.len()), (30, 30));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_running_worker_hears_of_a_mail_at_once_and_stops_when_told(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut puits = Puits::ouvrir().await;
    let (arreter, arrete) = watch::channel(false);
    let travail = tokio::spawn(portail.ouvrier(&puits.url).travailler(arrete));
    ecrire(&portail, "a@exemple.fr").await;
    assert_eq!(puits.courriel().await["pour"], serde_json::json!(["a@exemple.fr"]));
    ecrire(&portail, "b@exemple.fr").await;
    assert_eq!(puits.courriel().await["pour"], serde_json::json!(["b@exemple.fr"]));
    arreter.send_replace(true);
    travail.await.unwrap();
    ecrire(&portail, "c@exemple.fr").await;
    assert_eq!(puits.fermer().await.len(), 0);
    // The recurrent works are there once, whatever the number of starts.
    portail.ouvrier(PERSONNE).planifier().await.unwrap();
    assert_eq!(
        portail
            .nombre("select count(*) from travail where cle is not null")
            .await,
        2
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn without_a_mail_server_mails_wait_and_it_is_said(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::Aucun).await;
    ecrire(&portail, "a@exemple.fr").await;
    portail.ouvrier_par(Expedition::Aucune).epuiser().await.unwrap();
    assert_eq!(portail.texte("select etat from travail").await, "attente");
    assert_eq!(portail.nombre("select tentatives::bigint from travail").await, 0);
    let administration = portail.connecte(Qui::Administration).await;
    for page in [chemins::ADMINISTRATION, chemins::COURRIELS] {
        let page = administration.page(page).await;
        assert!(
            page.tout().contains("Aucun serveur de courriel n’est configuré"),
            "{}",
            page.tout()
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_mails_of_a_demonstration_are_read_in_it_and_are_marked(pool: PgPool) {
    let portail = Portail::ouvrir_comme(pool, MAINTENANT, Depart::BoiteLocale).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Grappe <des> Tilleuls", 1).await;
    deposer(&a, id).await;
    let anonyme = portail.anonyme();
    assert_eq!(anonyme.page(chemins::BOITE).await.compte("#courriels"), 0);
    portail.ouvrier_par(Expedition::BoiteLocale).epuiser().await.unwrap();
    let boite = anonyme.page(chemins::BOITE).await;
    let sujet = boite.texte("#courriels tbody a");
    assert!(sujet.starts_with("Accusé de réception"), "{sujet}");
    let adresse = boite.attributs("#courriels tbody a", "href").remove(0);
    let page = anonyme.page(&adresse).await;
    let texte = page.texte("pre");
    assert!(
        texte.contains("DÉMONSTRATION : DONNÉES FICTIVES") && texte.contains("Grappe <des> Tilleuls"),
        "{texte}"
    );
    let html = anonyme.page(&format!("{adresse}/html")).await;
    assert_eq!(
        html.texte("title"),
        format!("[Démonstration, données fictives] {sujet}")
    );
    assert!(
        html.tout().contains("Démonstration : données fictives."),
        "{}",
        html.tout()
    );
    assert!(html.tout().contains("Grappe <des> Tilleuls"));
    let politique = html.entete("content-security-policy");
    assert!(
        politique.starts_with("default-src 'none'") && politique.contains("sandbox"),
        "{politique}"
    );

    // What was written to a real account is not shown, were there one.
    sqlx::query("update compte set fictif = false")
        .execute(&portail.pool)
        .await
        .unwrap();
    assert_eq!(anonyme.page(chemins::BOITE).await.compte("#courriels"), 0);
    assert_eq!(anonyme.lire(&adresse).await.statut, 404);
    assert_eq!(anonyme.lire(&format!("{adresse}/html")).await.statut, 404);
    assert_eq!(anonyme.lire("/demonstration/courriels/rien").await.statut, 404);
}

/// As the database keeps it.
fn lire(evenement: serde_json::Value) -> Evenement {
    serde_json::from_value(evenement).unwrap()
}

const FIN: &str = "2024-06-01T21:59:59Z";

/// Everything one OG of a grappe tells another.
fn entre_organismes() -> Vec<serde_json::Value> {
    let (essms, motif) = (
        ["EHPAD A (750100018)", "EHPAD B (750100026)"],
        "Nous avons <des> doutes",
    );
    [
        json!({"quoi": "invitation", "edition": "Appel à projets", "essms": essms, "expire_le": FIN, "sans_compte": false}),
        json!({"quoi": "invitation", "edition": "Appel à projets", "essms": [], "expire_le": FIN, "sans_compte": true}),
        json!({"quoi": "rappel", "expire_le": FIN, "sans_compte": false}),
        json!({"quoi": "relance", "essms": essms}),
        json!({"quoi": "acceptation"}),
        json!({"quoi": "refus", "motif": motif}),
        json!({"quoi": "accord", "essms": essms}),
        json!({"quoi": "retrait", "essms": essms, "motif": ""}),
        json!({"quoi": "composition", "entrent": essms, "sortent": []}),
        json!({"quoi": "composition", "entrent": [], "sortent": essms}),
        json!({"quoi": "composition", "entrent": ["IME C (750100034)"], "sortent": essms}),
        json!({"quoi": "reponses", "jour": "2024-05-21", "essms": essms}),
        json!({"quoi": "depart", "motif": motif}),
        json!({"quoi": "fin"}),
        json!({"quoi": "echeance", "fin": FIN, "jours": 15, "accords": 2}),
        json!({"quoi": "echeance", "fin": FIN, "jours": 1, "accords": 1}),
        json!({"quoi": "echeance", "fin": FIN, "jours": 0, "accords": 1}),
        json!({"quoi": "expiree"}),
        json!({"quoi": "depot", "depose_le": FIN, "rang": 1}),
        json!({"quoi": "abandon"}),
        json!({"quoi": "reprise"}),
        json!({"quoi": "depot_retire", "fin": FIN}),
        json!({"quoi": "portage"}),
        json!({"quoi": "portage_annule"}),
        json!({"quoi": "portage_accepte"}),
        json!({"quoi": "portage_refuse"}),
    ]
    .map(|quoi| {
        avec(
            quoi,
            &json!({"genre": "grappe", "dossier": Uuid::nil(), "nom": "Grappe <des> Tilleuls", "organisme": "Association Alpha"}),
        )
    })
    .to_vec()
}

/// Everything that happens to an account.
fn des_comptes() -> Vec<serde_json::Value> {
    let (organisme, par) = ("Association <des> Tilleuls", "Camille Martin");
    [
        json!({"objet": "confirmation", "organisme": organisme}),
        json!({"objet": "deja_inscrit"}),
        json!({"objet": "demande_recue", "nom": "Noé", "courriel": "noe@exemple.fr", "organisme": organisme}),
        json!({"objet": "demande_acceptee", "organisme": organisme, "role": "depot"}),
        json!({"objet": "demande_refusee", "organisme": organisme, "motif": "Inconnu ici"}),
        json!({"objet": "invitation", "organisme": organisme, "role": "edition", "par": par}),
        json!({"objet": "mot_de_passe_oublie"}),
        json!({"objet": "mot_de_passe_change", "quand": FIN}),
        json!({"objet": "second_facteur", "actif": true, "quand": FIN}),
        json!({"objet": "second_facteur", "actif": false, "quand": FIN}),
        json!({"objet": "identite_liee", "fournisseur": "ProConnect", "quand": FIN}),
        json!({"objet": "role_change", "organisme": organisme, "role": "lecture", "par": par}),
        json!({"objet": "retrait", "organisme": organisme, "par": par}),
    ]
    .map(|objet| avec(objet, &json!({"genre": "compte"})))
    .to_vec()
}

/// Everything that happens to a registration for a webinar.
fn des_webinaires() -> Vec<serde_json::Value> {
    let autour = json!({
        "genre": "webinaire", "webinaire": Uuid::nil(), "titre": "Monter <des> grappes", "organisateur": "SESAN",
        "debut": "2024-05-21T08:00:00Z", "fin": "2024-05-21T09:30:00Z", "lien": "https://visio.exemple.fr/salle", "revision": 0,
        "motif": "Salle indisponible",
    });
    Objet::TOUTES
        .iter()
        .map(|objet| avec(json!({"objet": objet.code()}), &autour))
        .collect()
}

fn avec(mut evenement: serde_json::Value, autour: &serde_json::Value) -> serde_json::Value {
    let champs = evenement.as_object_mut().unwrap();
    champs.extend(autour.as_object().unwrap().clone());
    evenement
}

/// The words of every mail, to be read as a diff.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_mail_in_words(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let mut mots = Vec::new();
    let resume = Evenement::Resume {
        evenements: vec![depot(), rappel(2, 1, 0)],
    };
    let retrait = Evenement::DepotRetire(DepotRetire {
        dossier: Uuid::nil(),
        reference: "IDF24-ABCDE".into(),
        nom: "Grappe <des> Tilleuls".into(),
        edition: "Appel à projets".into(),
        rang: 1,
        retire_le: crate::portail::instant(MAINTENANT),
        retire_par: "Camille".into(),
        fin: crate::portail::instant("2024-06-01T23:59:59+02:00"),
    });
    let question = Evenement::Question(Question {
        sujet: "Les financements".into(),
        edition: "Appel à projets".into(),
        dossier: "IDF24-ABCDE".into(),
        page: "Planning".into(),
        nom: "Camille Martin".into(),
        courriel: "camille@exemple.fr".into(),
        message: "Grappe <des> Tilleuls :\nquel taux ?".into(),
    });
    let recue = Evenement::QuestionRecue(QuestionRecue {
        sujet: "Grappe <des> Tilleuls".into(),
        contacts: vec!["ARS".into(), "SESAN".into()],
    });
    let modele = |acte| {
        Evenement::Modele(EvenementModele {
            modele: Uuid::nil(),
            dossier: Uuid::nil(),
            reference: "IDF24-ABCDE".into(),
            titre: "Grappe <des> Tilleuls".into(),
            par: "Camille".into(),
            acte,
        })
    };
    let repertoire = |autres| {
        Evenement::Repertoire(RepertoireChange {
            organisme: "Association Alpha".into(),
            changements: vec![
                "EHPAD <des> Tilleuls (750100018) est fermé au répertoire FINESS (données du 20/04/2024).".into(),
            ],
            autres,
        })
    };
    let mut evenements = vec![
        repertoire(0),
        repertoire(1),
        repertoire(12),
        depot(),
        rappel(15, 12, 3),
        rappel(1, 1, 1),
        rappel(0, 0, 0),
        resume,
        retrait,
        question,
        recue,
        modele(Acte::Propose),
        modele(Acte::Refuse),
        modele(Acte::RetireParLArs),
    ];
    evenements.extend(entre_organismes().into_iter().map(lire));
    evenements.extend(des_comptes().into_iter().map(lire));
    evenements.extend(des_webinaires().into_iter().map(lire));
    for evenement in evenements {
        let nomme = serde_json::to_string(&evenement).unwrap().contains("<des>");
        let courriel = APoster {
            id: Uuid::nil(),
            adresse: "camille@exemple.fr".into(),
            nom: Some("Camille Martin".into()),
            evenement,
            secret: Some("/lien/jeton".into()),
            desabonnement: Uuid::nil(),
            cree_le: portail.horloge.maintenant(),
        };
        let redige = rediger(&portail.etat, &courriel).unwrap();
        assert_eq!(redige.html.contains("&#60;des&#62;"), nomme, "{}", redige.html);
        assert!(!redige.html.contains("<des>"), "{}", redige.html);
        mots.push(format!("=== {}\n{}", redige.sujet, redige.texte));
    }
    insta::assert_snapshot!("courriels", mots.join("\n"));
}
