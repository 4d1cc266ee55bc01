//! Webinars: registered for without an account, told by mail, taken back by a link, organised by the accompagnement of the région.

use chrono::TimeDelta;
use portail_grappes::web::chemins as c;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::puits::Puits;
use crate::portail::{Navigateur, Portail, Qui, Reponse, instant};

const INSCRITES: &str = "select count(*) from inscription_webinaire where etat = 'inscrit'";
const ATTENTES: &str = "select count(*) from inscription_webinaire where etat = 'attente'";
const COURRIELS: &str = "select count(*) from courriel";
const LIEN: &str = "https://visio.exemple.fr/secret";

/// On 10 May 2024, nine days after the instant of the tests.
const FICHE: [(&str, &str); 10] = [
    ("titre", "Former une grappe"),
    ("description", "Une heure pour comprendre."),
    ("organisateur", "SESAN"),
    ("jour-jour", "10"),
    ("jour-mois", "5"),
    ("jour-annee", "2024"),
    ("debut", "14:00"),
    ("fin", "15h30"),
    ("capacite", ""),
    ("lien", LIEN),
];

fn avec<'a>(champs: &[(&'a str, &'a str)], autres: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let garde = |(nom, _): &&(&str, &str)| !autres.iter().any(|(autre, _)| autre == nom);
    champs.iter().filter(garde).chain(autres).copied().collect()
}

fn numero(adresse: &str) -> Uuid {
    Uuid::parse_str(adresse.split(['/', '?']).nth(3).unwrap()).unwrap()
}

/// An organiser, and a webinar that it announced with so many places.
async fn annonce(portail: &Portail, capacite: &str) -> (Navigateur, Uuid) {
    let organisateur = portail.connecte(Qui::Accompagnement).await;
    let fiche = avec(&FICHE, &[("capacite", capacite)]);
    let id = numero(organisateur.enregistrer(c::WEBINAIRE_NOUVEAU, &fiche).await.vers());
    (organisateur, id)
}

async fn inscrire(portail: &Portail, id: Uuid, courriel: &str) -> Reponse {
    let champs = [
        ("nom", "Camille Martin"),
        ("courriel", courriel),
        ("organisme", "Les Tilleuls"),
        ("question", "=1+1"),
    ];
    portail.anonyme().envoyer_nu(&c::webinaire(id), &champs).await
}

/// The mails that leave now.
async fn relever(portail: &Portail) -> Vec<Value> {
    let puits = Puits::ouvrir().await;
    portail.ouvrier(&puits.url).epuiser().await.unwrap();
    puits.fermer().await
}

fn desinscription(courriel: &Value) -> String {
    let texte = courriel["texte"].as_str().unwrap();
    let debut = texte.find("/webinaires/desinscription/").unwrap();
    texte[debut..].split_whitespace().next().unwrap().to_owned()
}

fn sujets(recus: &[Value]) -> Vec<String> {
    let mut lignes: Vec<String> = recus
        .iter()
        .map(|r| {
            format!(
                "{} {}",
                r["pour"][0].as_str().unwrap(),
                r["sujet"].as_str().unwrap().replace('\u{a0}', " ")
            )
        })
        .collect();
    lignes.sort();
    lignes
}

/// Moves the clock to this instant, as the hourly look falls on it.
async fn passer(portail: &Portail, quand: &str) -> Vec<Value> {
    portail.avancer(instant(quand) - portail.horloge.maintenant());
    let puits = Puits::ouvrir().await;
    let ouvrier = portail.ouvrier(&puits.url);
    ouvrier.planifier().await.unwrap();
    sqlx::query("update travail set pret_le = $1 where cle = 'rappels'")
        .bind(instant(quand))
        .execute(&portail.pool)
        .await
        .unwrap();
    ouvrier.epuiser().await.unwrap();
    puits.fermer().await
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_registers_is_told_the_link_by_mail_only_and_may_take_it_back(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "").await;
    let visiteur = portail.anonyme();
    for page in [c::WEBINAIRES.to_owned(), c::webinaire(id), c::webinaire_ics(id)] {
        let corps = visiteur.page(&page).await.corps;
        assert!(!String::from_utf8_lossy(&corps).contains(LIEN), "{page}");
    }
    let reponse = inscrire(&portail, id, "camille@exemple.fr").await;
    assert_eq!((reponse.statut, reponse.vers_page()), (303, c::webinaire(id).as_str()));
    assert!(
        visiteur
            .page(reponse.vers())
            .await
            .tout()
            .contains("Consultez vos courriels")
    );
    let recus = relever(&portail).await;
    assert_eq!(
        sujets(&recus),
        ["camille@exemple.fr Vous êtes inscrit au webinaire « Former une grappe »"]
    );
    let texte = recus[0]["texte"].as_str().unwrap();
    assert!(texte.contains(LIEN) && !texte.contains("Camille"), "{texte}");
    let agenda = &recus[0]["jointes"][0];
    assert_eq!(
        (agenda["nom"].as_str(), agenda["type"].as_str()),
        (Some("webinaire.ics"), Some("text/calendar"))
    );
    let agenda = agenda["texte"].as_str().unwrap();
    for ligne in [
        format!("UID:{id}@portail.exemple.fr"),
        "DTSTART:20240510T120000Z".into(),
        "SEQUENCE:0".into(),
    ] {
        assert!(agenda.contains(&ligne), "{ligne}\n{agenda}");
    }
    let public = visiteur.page(&c::webinaire_ics(id)).await;
    assert!(String::from_utf8_lossy(&public.corps).contains(&format!("UID:{id}@portail.exemple.fr")));

    // Reading the link changes nothing; its button erases; then it opens nothing more.
    let lien = desinscription(&recus[0]);
    visiteur.page(&lien).await;
    assert_eq!(portail.nombre(INSCRITES).await, 1);
    assert_eq!(visiteur.envoyer_nu(&lien, &[]).await.statut, 200);
    assert_eq!(portail.nombre("select count(*) from inscription_webinaire").await, 0);
    assert_eq!(visiteur.envoyer_nu(&lien, &[]).await.statut, 404);
    assert_eq!(visiteur.lire(&lien).await.statut, 404);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn whoever_is_registered_already_gets_the_same_answer(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "1").await;
    let premiere = inscrire(&portail, id, "camille@exemple.fr").await;
    let premier_lien = desinscription(&relever(&portail).await[0]);
    let encore = [
        ("nom", "Camille Autre"),
        ("courriel", "Camille@Exemple.fr"),
        ("question", "Et le SONS ?"),
    ];
    let seconde = portail.anonyme().envoyer_nu(&c::webinaire(id), &encore).await;
    assert_eq!((premiere.statut, premiere.vers()), (seconde.statut, seconde.vers()));
    assert_eq!(portail.nombre("select count(*) from inscription_webinaire").await, 1);
    // The first is kept, and what is asked now is added to what was.
    assert_eq!(
        portail
            .texte("select nom || ', ' || question from inscription_webinaire")
            .await,
        "Camille Martin, =1+1\nEt le SONS ?"
    );
    let recus = relever(&portail).await;
    assert_eq!(
        sujets(&recus),
        ["camille@exemple.fr Vous étiez déjà inscrit au webinaire « Former une grappe »"]
    );
    let texte = recus[0]["texte"].as_str().unwrap();
    assert!(texte.contains("annulez-la puis recommencez"), "{texte}");
    // Each mail has its own link, and both work.
    let second_lien = desinscription(&recus[0]);
    assert_ne!(premier_lien, second_lien);
    for lien in [premier_lien, second_lien] {
        portail.anonyme().page(&lien).await;
    }
    inscrire(&portail, id, "camille@exemple.fr").await;
    assert_eq!(
        portail.texte("select question from inscription_webinaire").await,
        "=1+1\nEt le SONS ?",
        "the same question is not asked twice"
    );
    let refus = inscrire(&portail, id, "camille@exemple.fr").await;
    assert_eq!((refus.statut, refus.entete("retry-after")), (429, "900"));
    assert_eq!(refus.champ("courriel"), ["camille@exemple.fr"]);
    assert!(
        refus.erreurs()[0].starts_with("3 inscriptions"),
        "{:?}",
        refus.erreurs()
    );
    // Other forms are not closed by that one.
    let oubli = portail
        .anonyme()
        .envoyer_nu(c::OUBLI, &[("courriel", "camille@exemple.fr")])
        .await;
    assert_ne!(oubli.statut, 429);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn one_network_does_not_fill_a_webinar(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "100").await;
    for n in 0..20 {
        let reponse = inscrire(&portail, id, &format!("p{n}@exemple.fr")).await;
        assert_eq!(reponse.statut, 303, "{n}");
    }
    let refus = inscrire(&portail, id, "p20@exemple.fr").await;
    assert_eq!(refus.statut, 429);
    assert!(
        refus.erreurs()[0].contains("depuis votre connexion internet"),
        "{:?}",
        refus.erreurs()
    );
    for quart in 1..=2 {
        portail.avancer(TimeDelta::minutes(16));
        for n in 0..20 {
            inscrire(&portail, id, &format!("p{quart}-{n}@exemple.fr")).await;
        }
    }
    portail.avancer(TimeDelta::minutes(16));
    assert_eq!(inscrire(&portail, id, "encore@exemple.fr").await.statut, 429);
    assert_eq!(portail.nombre(INSCRITES).await, 60);
    portail.avancer(TimeDelta::days(1));
    assert_eq!(inscrire(&portail, id, "encore@exemple.fr").await.statut, 303);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn whoever_cancels_leaves_neither_an_address_nor_a_mail_behind(pool: PgPool) {
    const DE_CAMILLE: &str = "select count(*) from courriel where lower(adresse) = 'camille@exemple.fr'";
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "1").await;
    let (_, autre) = annonce(&portail, "").await;
    inscrire(&portail, id, "camille@exemple.fr").await;
    inscrire(&portail, autre, "camille@exemple.fr").await;
    let recus = relever(&portail).await;
    let le_sien = recus
        .iter()
        .find(|r| r["texte"].as_str().unwrap().contains(&c::webinaire(id)));
    let lien = desinscription(le_sien.unwrap());
    // Of these mails, one has left and another waits to.
    inscrire(&portail, id, "Camille@exemple.fr").await;
    inscrire(&portail, id, "b@exemple.fr").await;
    assert_eq!(portail.nombre(DE_CAMILLE).await, 3);
    assert_eq!(portail.anonyme().envoyer_nu(&lien, &[]).await.statut, 200);
    assert_eq!(
        portail.nombre(DE_CAMILLE).await,
        1,
        "what is about the other webinar stays"
    );
    assert_eq!(
        portail
            .nombre(
                "select count(*) from travail where genre = 'courriel' and id not in (select travail_id from courriel)"
            )
            .await,
        0
    );
    let place = "b@exemple.fr Une place s’est libérée : vous êtes inscrit au webinaire « Former une grappe »";
    assert!(sujets(&relever(&portail).await).contains(&place.to_owned()));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_organiser_takes_somebody_out_and_the_next_one_gets_the_place(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (organisateur, id) = annonce(&portail, "1").await;
    for nom in ["a", "b"] {
        inscrire(&portail, id, &format!("{nom}@exemple.fr")).await;
        portail.avancer(TimeDelta::seconds(1));
    }
    relever(&portail).await;
    let suivi = organisateur.page(&c::webinaire_suivi(id)).await;
    let lien = suivi.attributs("#inscrits a[href$='/retrait']", "href").remove(0);
    let confirmation = organisateur.page(&lien).await;
    assert!(confirmation.tout().contains("a@exemple.fr"), "{}", confirmation.tout());
    assert_eq!(portail.nombre(INSCRITES).await, 1, "reading changes nothing");
    let apres = organisateur.enregistrer(&lien, &[]).await;
    assert_eq!(apres.vers_page(), c::webinaire_suivi(id));
    assert_eq!(
        portail
            .texte("select string_agg(courriel || ' ' || etat, ', ') from inscription_webinaire")
            .await,
        "b@exemple.fr inscrit"
    );
    assert_eq!(
        portail
            .nombre("select count(*) from courriel where adresse = 'a@exemple.fr'")
            .await,
        0
    );
    assert_eq!(
        sujets(&relever(&portail).await),
        ["b@exemple.fr Une place s’est libérée : vous êtes inscrit au webinaire « Former une grappe »"]
    );
    // Out already, or of another webinar: nothing there.
    assert_eq!(organisateur.lire(&lien).await.statut, 404);
    assert_eq!(organisateur.envoyer(&lien, &[]).await.statut, 404);
    let (_, autre) = annonce(&portail, "").await;
    let restante = sqlx::query_scalar("select id from inscription_webinaire")
        .fetch_one(&portail.pool)
        .await
        .unwrap();
    let ailleurs = c::webinaire_retirer(autre, restante);
    assert_eq!(organisateur.envoyer(&ailleurs, &[]).await.statut, 404);
    assert_eq!(portail.nombre(INSCRITES).await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_registration_refused_keeps_what_was_typed_and_a_webinar_that_began_takes_none(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "").await;
    let visiteur = portail.anonyme();
    let champs = [("nom", "Camille"), ("courriel", "sans arobase"), ("question", "Gardée")];
    let refus = visiteur.envoyer_nu(&c::webinaire(id), &champs).await;
    assert_eq!((refus.statut, refus.erreurs().len()), (422, 1));
    assert_eq!(
        (refus.champ("question"), refus.champ("courriel")),
        (vec!["Gardée".into()], vec!["sans arobase".into()])
    );
    assert_eq!(visiteur.lire(&c::webinaire(Uuid::nil())).await.statut, 404);
    assert_eq!(
        visiteur.envoyer_nu(&c::webinaire(Uuid::nil()), &champs).await.statut,
        404
    );
    portail.avancer(instant("2024-05-10T14:00:00+02:00") - portail.horloge.maintenant());
    assert_eq!(inscrire(&portail, id, "camille@exemple.fr").await.statut, 422);
    assert_eq!(
        visiteur
            .page(&c::webinaire(id))
            .await
            .compte("form[action*=webinaires]"),
        0
    );
    let organisateur = portail.connecte(Qui::Accompagnement).await;
    assert_eq!(organisateur.envoyer(&c::webinaire_annuler(id), &[]).await.statut, 409);
    assert_eq!(portail.nombre(INSCRITES).await + portail.nombre(COURRIELS).await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn beyond_the_last_place_people_wait_and_the_first_come_gets_the_next_one(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (organisateur, id) = annonce(&portail, "1").await;
    let tous = ["a", "b", "c", "d"].map(|nom| format!("{nom}@exemple.fr"));
    for courriel in &tous {
        inscrire(&portail, id, courriel).await;
        portail.avancer(TimeDelta::seconds(1));
    }
    assert_eq!(
        (portail.nombre(INSCRITES).await, portail.nombre(ATTENTES).await),
        (1, 3)
    );
    assert!(
        portail
            .anonyme()
            .page(&c::webinaire(id))
            .await
            .tout()
            .contains("Complet, liste d’attente")
    );
    let recus = relever(&portail).await;
    let de = |nom: &str| {
        recus
            .iter()
            .find(|r| r["pour"][0] == format!("{nom}@exemple.fr"))
            .unwrap()
    };
    assert!(!de("b")["texte"].as_str().unwrap().contains(LIEN) && de("b")["jointes"].as_array().unwrap().is_empty());
    portail.anonyme().envoyer_nu(&desinscription(de("a")), &[]).await;
    let place = "Une place s’est libérée : vous êtes inscrit au webinaire « Former une grappe »";
    assert_eq!(sujets(&relever(&portail).await), [format!("b@exemple.fr {place}")]);
    // More places, for those who wait.
    let fiche = avec(&FICHE, &[("capacite", "2"), ("version", "0")]);
    organisateur.enregistrer(&c::webinaire_modifier(id), &fiche).await;
    assert_eq!(sujets(&relever(&portail).await), [format!("c@exemple.fr {place}")]);
    let moins = avec(&FICHE, &[("capacite", "1"), ("version", "1")]);
    assert_eq!(
        organisateur.envoyer(&c::webinaire_modifier(id), &moins).await.statut,
        422
    );
    let sans_limite = avec(&FICHE, &[("version", "1")]);
    organisateur.enregistrer(&c::webinaire_modifier(id), &sans_limite).await;
    assert_eq!(
        (portail.nombre(INSCRITES).await, portail.nombre(ATTENTES).await),
        (3, 0)
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_last_place_is_never_given_twice(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "3").await;
    let tous: Vec<String> = (0..12).map(|n| format!("p{n}@exemple.fr")).collect();
    let reponses = futures_util::future::join_all(tous.iter().map(|courriel| inscrire(&portail, id, courriel))).await;
    assert!(reponses.iter().all(|r| r.statut == 303));
    assert_eq!(
        (portail.nombre(INSCRITES).await, portail.nombre(ATTENTES).await),
        (3, 9)
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn another_date_and_a_cancellation_are_told_to_those_registered(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (organisateur, id) = annonce(&portail, "").await;
    inscrire(&portail, id, "a@exemple.fr").await;
    relever(&portail).await;
    let titre = avec(&FICHE, &[("titre", "Autre titre"), ("version", "0")]);
    organisateur.enregistrer(&c::webinaire_modifier(id), &titre).await;
    assert_eq!(relever(&portail).await.len(), 0, "a title is no news");
    let perime = avec(&FICHE, &[("jour-jour", "17"), ("version", "0")]);
    let conflit = organisateur.envoyer(&c::webinaire_modifier(id), &perime).await;
    assert_eq!(
        (conflit.statut, conflit.champ("titre")),
        (409, vec!["Former une grappe".into()])
    );
    let date = avec(&FICHE, &[("jour-jour", "17"), ("version", "1")]);
    organisateur.enregistrer(&c::webinaire_modifier(id), &date).await;
    let recus = relever(&portail).await;
    assert_eq!(
        sujets(&recus),
        ["a@exemple.fr Le webinaire « Former une grappe » a changé"]
    );
    let agenda = recus[0]["jointes"][0]["texte"].as_str().unwrap();
    assert!(
        agenda.contains("SEQUENCE:2") && agenda.contains("DTSTART:20240517T120000Z"),
        "{agenda}"
    );
    organisateur
        .enregistrer(&c::webinaire_annuler(id), &[("motif", "Salle indisponible")])
        .await;
    let recus = relever(&portail).await;
    assert_eq!(
        sujets(&recus),
        ["a@exemple.fr Le webinaire « Former une grappe » est annulé"]
    );
    let texte = recus[0]["texte"].as_str().unwrap();
    assert!(texte.contains("Salle indisponible") && !texte.contains(LIEN), "{texte}");
    let agenda = recus[0]["jointes"][0]["texte"].as_str().unwrap();
    assert!(
        agenda.contains("METHOD:CANCEL")
            && agenda.contains("SEQUENCE:3")
            && agenda.contains("ORGANIZER;CN=\"SESAN\":mailto:assistance@exemple.fr"),
        "{agenda}"
    );
    assert_eq!(organisateur.envoyer(&c::webinaire_annuler(id), &[]).await.statut, 409);
    assert_eq!(inscrire(&portail, id, "b@exemple.fr").await.statut, 422);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_the_organisers_of_the_region_read_who_is_registered(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (organisateur, id) = annonce(&portail, "").await;
    inscrire(&portail, id, "camille@exemple.fr").await;
    let pages = [
        c::webinaire_suivi(id),
        c::webinaire_csv(id),
        c::webinaire_xlsx(id),
        c::webinaire_modifier(id),
    ];
    for qui in Qui::TOUS.into_iter().filter(|qui| *qui != Qui::Accompagnement) {
        let autre = portail.connecte(qui).await;
        for page in &pages {
            assert_eq!(autre.lire(page).await.statut, 404, "{qui:?} {page}");
        }
    }
    sqlx::query("update webinaire set region = '84'")
        .execute(&portail.pool)
        .await
        .unwrap();
    for page in &pages {
        assert_eq!(organisateur.lire(page).await.statut, 404, "{page}");
    }
    assert_eq!(organisateur.envoyer(&c::webinaire_suivi(id), &[]).await.statut, 404);
    assert!(
        !organisateur
            .page(c::ORGANISATION)
            .await
            .tout()
            .contains("Former une grappe")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn organisers_note_who_came_and_export_the_list(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (organisateur, id) = annonce(&portail, "").await;
    for nom in ["a", "b"] {
        inscrire(&portail, id, &format!("{nom}@exemple.fr")).await;
    }
    let suivi = organisateur.page(&c::webinaire_suivi(id)).await;
    assert_eq!(suivi.compte("input[name=present]"), 0, "nobody has come yet");
    let inscrite = portail
        .texte("select id::text from inscription_webinaire limit 1")
        .await;
    let champs = [("inscription", inscrite.as_str()), ("present", &inscrite)];
    let trop_tot = organisateur.envoyer(&c::webinaire_suivi(id), &champs).await;
    assert_eq!(trop_tot.statut, 409);
    assert!(trop_tot.tout().contains("n’a pas commencé"), "{}", trop_tot.tout());
    assert_eq!(
        portail
            .nombre("select count(*) from inscription_webinaire where present")
            .await,
        0
    );
    portail.avancer(instant("2024-05-10T14:00:00+02:00") - portail.horloge.maintenant());
    let organisateur = portail.connecte(Qui::Accompagnement).await;
    let suivi = organisateur.page(&c::webinaire_suivi(id)).await;
    assert_eq!(suivi.textes("nav a[aria-current=true]"), ["Webinaires"]);
    let numeros = suivi.attributs("input[name=inscription]", "value");
    assert_eq!((numeros.len(), suivi.compte("input[name=present][checked]")), (2, 0));
    let champs = [
        ("inscription", numeros[0].as_str()),
        ("inscription", &numeros[1]),
        ("present", &numeros[1]),
        ("present", "x"),
    ];
    organisateur.enregistrer(&c::webinaire_suivi(id), &champs).await;
    // A list that did not show somebody changes nothing of them.
    organisateur
        .enregistrer(&c::webinaire_suivi(id), &[("inscription", &numeros[0])])
        .await;
    let suivi = organisateur.page(&c::webinaire_suivi(id)).await;
    assert_eq!(
        suivi.attributs("input[name=present][checked]", "value"),
        [numeros[1].clone()]
    );
    let csv = organisateur.page(&c::webinaire_csv(id)).await;
    let texte = String::from_utf8(csv.corps).unwrap();
    assert_eq!(texte.lines().count(), 3);
    assert!(
        texte.contains("Camille Martin;b@exemple.fr;Les Tilleuls;'=1+1;Inscrit;") && texte.contains(";oui"),
        "{texte}"
    );
    let xlsx = organisateur.page(&c::webinaire_xlsx(id)).await;
    assert!(xlsx.corps.starts_with(b"PK") && xlsx.entete("cache-control").contains("no-store"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_an_organiser_writes_wrong_is_kept_and_nothing_is_announced(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let organisateur = portail.connecte(Qui::Accompagnement).await;
    let faux = avec(
        &FICHE,
        &[
            ("jour-annee", "2023"),
            ("lien", "javascript:alert(1)"),
            ("capacite", "0"),
        ],
    );
    let refus = organisateur.envoyer(c::WEBINAIRE_NOUVEAU, &faux).await;
    assert_eq!((refus.statut, refus.erreurs().len()), (422, 3), "{:?}", refus.erreurs());
    assert_eq!(refus.champ("titre"), ["Former une grappe"]);
    assert_eq!(portail.nombre("select count(*) from webinaire").await, 0);
    assert!(
        portail
            .anonyme()
            .page(c::WEBINAIRES)
            .await
            .tout()
            .contains("Aucun webinaire n’est annoncé")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn people_are_reminded_once_the_day_before_and_erased_thirty_days_after(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, id) = annonce(&portail, "1").await;
    for nom in ["a", "b"] {
        inscrire(&portail, id, &format!("{nom}@exemple.fr")).await;
        portail.avancer(TimeDelta::seconds(1));
    }
    let mut lien = String::new();
    for (quand, attendus) in [
        ("2024-05-08T23:00:00+02:00", 2),
        ("2024-05-09T05:00:00+02:00", 0),
        ("2024-05-09T06:00:00+02:00", 1),
        ("2024-05-09T07:00:00+02:00", 0),
        ("2024-05-10T09:00:00+02:00", 0),
    ] {
        let recus = passer(&portail, quand).await;
        assert_eq!(recus.len(), attendus, "{quand} {:?}", sujets(&recus));
        if attendus == 1 {
            assert_eq!(
                sujets(&recus),
                ["a@exemple.fr Rappel : webinaire « Former une grappe », le 10/05/2024 à 14 h 00"]
            );
            lien = desinscription(&recus[0]);
        }
    }
    portail.anonyme().page(&lien).await;
    passer(&portail, "2024-06-09T15:00:00+02:00").await;
    assert_eq!(portail.nombre(INSCRITES).await, 1);
    assert_eq!(portail.nombre(COURRIELS).await, 3);
    passer(&portail, "2024-06-09T16:00:00+02:00").await;
    assert_eq!(portail.nombre("select count(*) from inscription_webinaire").await, 0);
    assert_eq!(portail.nombre(COURRIELS).await, 0, "mails hold addresses too");
    assert_eq!(
        portail
            .nombre("select count(*) from travail where genre = 'courriel'")
            .await,
        0
    );
    let organisateur = portail.connecte(Qui::Accompagnement).await;
    let suivi = organisateur.page(&c::webinaire_suivi(id)).await.tout();
    assert!(
        suivi.contains("ont été effacées") && suivi.contains("1 inscrit"),
        "{suivi}"
    );
}

/// What the database itself lets a transaction about one webinar see.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_transaction_about_one_webinar_sees_the_registrations_of_no_other(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (_, un) = annonce(&portail, "").await;
    let (_, autre) = annonce(&portail, "").await;
    inscrire(&portail, un, "a@exemple.fr").await;
    inscrire(&portail, autre, "b@exemple.fr").await;
    let acces = portail_grappes::store::acces::webinaire::ouvert(&portail.pool, un)
        .await
        .unwrap();
    let mut tx = acces.commencer(&portail.pool).await.unwrap();
    let lues: Vec<String> = sqlx::query_scalar("select courriel from inscription_webinaire")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert_eq!(lues, ["a@exemple.fr"]);
    let ecrits = sqlx::query("update webinaire set titre = 'x'")
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(ecrits.rows_affected(), 1);
    drop(tx);
    let mut tx = portail
        .pool
        .begin_with("begin; set local role portail_app")
        .await
        .unwrap();
    let sans: i64 = sqlx::query_scalar("select count(*) from inscription_webinaire")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(sans, 0);
}
