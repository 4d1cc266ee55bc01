//! The seven steps made of declared fields: kept as typed, refused field by field, read by who may only read.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::domain::dossier::champ::{Bloc, Champ, Genre};
use portail_grappes::domain::dossier::etapes::blocs;
use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{ETAPES, avec_trois_essms, emprunter, ouvrir, reponses};
use crate::portail::registre::{AUTRE_SOLUTION, ehpad, ime};
use crate::portail::{Portail, Qui, Reponse};

fn avec_version(mut champs: Vec<(String, String)>, version: &str) -> Vec<(String, String)> {
    champs.push(("version".to_owned(), version.to_owned()));
    champs
}

/// Every input name that the declared fields of a step make.
fn noms(etape: Etape) -> Vec<String> {
    let du_champ = |prefixe: &str, champ: &Champ| match champ.genre {
        Genre::Date => ["jour", "mois", "annee"]
            .map(|partie| format!("{prefixe}{}-{partie}", champ.nom))
            .to_vec(),
        _ => vec![format!("{prefixe}{}", champ.nom)],
    };
    blocs(etape)
        .iter()
        .flat_map(|bloc| match bloc {
            Bloc::Champs(_, champs) => champs.iter().flat_map(|c| du_champ("", c)).collect::<Vec<_>>(),
            Bloc::Lignes(_, lignes) => {
                let prefixe = format!("{}-0-", lignes.nom);
                lignes.champs.iter().flat_map(|c| du_champ(&prefixe, c)).collect()
            }
        })
        .collect()
}

fn valeurs(champs: &[(String, String)], nom: &str) -> Vec<String> {
    champs
        .iter()
        .filter(|(n, _)| n == nom)
        .map(|(_, v)| v.clone())
        .collect()
}

/// An answer as a form shows it again: boxes in their own order, the rest as it was typed.
fn montre(page: &Reponse, nom: &str) -> Vec<String> {
    let mut valeurs: Vec<String> = page.champ(nom).into_iter().filter(|v| !v.is_empty()).collect();
    valeurs.sort();
    valeurs
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_field_of_every_step_comes_back_as_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    for etape in ETAPES {
        let adresse = chemins::etape(id, etape);
        let champs = reponses(etape, &ehpad(2));
        let envoi = a
            .enregistrer(&adresse, &emprunter(&avec_version(champs.clone(), "0")))
            .await;
        let page = a.page(envoi.vers()).await;
        for nom in noms(etape) {
            let mut attendu = valeurs(&champs, &nom);
            attendu.sort();
            assert_eq!(montre(&page, &nom), attendu, "{etape:?} {nom}");
        }
        for (nom, _) in &champs {
            assert!(!montre(&page, nom).is_empty(), "{etape:?} {nom}");
        }
        assert_eq!(page.valeur("form input[name=version]"), "1", "{etape:?}");
        let bilan = page.texte(".govuk-notification-banner__heading");
        assert!(
            bilan.starts_with(&format!("Étape « {} » enregistrée.", etape.libelle())),
            "{bilan}"
        );
        // The same again: nothing to save, nothing to journal.
        let encore = a.enregistrer(&adresse, &emprunter(&avec_version(champs, "1"))).await;
        assert_eq!(encore.vers(), chemins::inchange(&adresse));
    }
    assert_eq!(
        portail
            .nombre("select count(*) from journal where action like 'Étape%'")
            .await,
        7
    );
    assert_eq!(portail.nombre("select sum(version) from dossier_etape").await, 7);
}

/// Each field of each step, with a value that cannot be read, is refused by itself and shown as typed.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_read_is_refused_field_by_field_and_kept(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    for etape in ETAPES {
        let adresse = chemins::etape(id, etape);
        let mut champs = Vec::new();
        for nom in noms(etape) {
            champs.push((nom, "x\u{7}".repeat(2_001)));
        }
        let refus = a
            .envoyer(&adresse, &emprunter(&avec_version(champs.clone(), "0")))
            .await;
        assert_eq!(refus.statut, 422, "{etape:?}");
        let liens = refus.attributs(".govuk-error-summary__list a", "href");
        for (nom, valeur) in &champs {
            let nom_du_champ = nom
                .trim_end_matches("-jour")
                .trim_end_matches("-mois")
                .trim_end_matches("-annee");
            assert!(
                liens.contains(&format!("#{nom_du_champ}")),
                "{etape:?} {nom} : {liens:?}"
            );
            let montre = refus.champ(nom);
            let libre = refus.compte(&format!("input[name='{nom}']:not([type=radio]):not([type=checkbox])")) == 1;
            assert!(!libre || montre == [valeur.clone()], "{etape:?} {nom}");
        }
        assert_eq!(refus.compte(".govuk-error-message"), liens.len(), "{etape:?}");
    }
    assert_eq!(portail.nombre("select count(*) from dossier_etape").await, 0);
    assert_eq!(
        portail
            .nombre("select count(*) from journal where action like 'Étape%'")
            .await,
        0
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_what_the_page_offers_can_be_chosen(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    for (etape, nom, valeur) in [
        (Etape::Projet, "signataire", ime(1)),
        (Etape::Solution, "solution", Uuid::from_u128(9).to_string()),
        (Etape::Motivations, "perimetre_attendu", "tout".to_owned()),
        (Etape::Projet, "soumis_ccp", "peut-être".to_owned()),
    ] {
        let refus = a
            .envoyer(&chemins::etape(id, etape), &[(nom, &valeur), ("version", "0")])
            .await;
        assert_eq!(refus.statut, 422, "{nom}");
        assert_eq!(
            refus.attributs(".govuk-error-summary__list a", "href"),
            [format!("#{nom}")]
        );
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_draft_is_saved_however_incomplete_and_a_line_is_taken_out_by_emptying_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let adresse = chemins::etape(id, Etape::Equipe);
    a.enregistrer(
        &adresse,
        &[("membre-0-role", "Une"), ("membre-1-role", "Deux"), ("version", "0")],
    )
    .await;
    a.enregistrer(
        &adresse,
        &[("membre-0-role", ""), ("membre-1-role", "Deux"), ("version", "1")],
    )
    .await;
    let page = a.page(&adresse).await;
    assert_eq!(page.champ("membre-0-role"), ["Deux"]);
    assert_eq!(page.champ("membre-1-role"), [""], "blank lines are offered");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_three_ways_out_of_a_step_lead_where_they_say(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let adresse = chemins::etape(id, Etape::Projet);
    for (rang, (ensuite, attendu)) in [
        ("ici", adresse.clone()),
        ("suivante", chemins::essms(id)),
        ("liste", chemins::dossier(id)),
        ("https://mal.example", adresse.clone()),
    ]
    .into_iter()
    .enumerate()
    {
        let (nom, version) = (format!("Projet {rang}"), rang.to_string());
        let champs = [
            ("nom_projet", nom.as_str()),
            ("version", &version),
            ("ensuite", ensuite),
        ];
        assert_eq!(a.enregistrer(&adresse, &champs).await.vers_page(), attendu, "{ensuite}");
    }
    let voisine = chemins::etape(id, Etape::Pieces);
    assert_eq!(a.envoyer(&chemins::essms(id), &[]).await.statut, 303, "nothing to save");
    assert_eq!(a.lire(&voisine).await.statut, 200);
    for absente in ["recapitulatif", "essms", "rien", "Projet"] {
        let chemin = chemins::ETAPE
            .replace("{dossier}", &id.to_string())
            .replace("{etape}", absente);
        assert_eq!(a.lire(&chemin).await.statut, 404, "{absente}");
        assert_eq!(a.envoyer(&chemin, &[]).await.statut, 404, "{absente}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_planning_says_how_long_it_lasts_beside_what_the_edition_asks(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Planning").await;
    let adresse = chemins::etape(id, Etape::Planning);
    assert_eq!(a.page(&adresse).await.compte("#duree"), 0);
    let champs = avec_version(reponses(Etape::Planning, ""), "0");
    a.enregistrer(&adresse, &emprunter(&champs)).await;
    assert_eq!(
        a.page(&adresse).await.texte("#duree"),
        "Durée : 13 mois (l’appel à projets prévoit de 12 à 18 mois pour une acquisition, de 6 à 9 mois pour une mise \
         en conformité — MÉMO, Versements des crédits, note 3)."
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn who_may_only_read_sees_the_answers_and_no_form(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let adresse = chemins::etape(id, Etape::Projet);
    let champs = avec_version(reponses(Etape::Projet, &ehpad(1)), "0");
    a.enregistrer(&adresse, &emprunter(&champs)).await;
    let lecture = portail.connecte(Qui::LectureA).await;
    let page = lecture.page(&adresse).await;
    assert_eq!(page.compte("main form"), 0);
    assert!(
        page.textes(".govuk-summary-list__value")
            .contains(&"Projet Tilleul".to_owned())
    );
    let refus = lecture
        .envoyer(&adresse, &[("nom_projet", "Pris"), ("version", "1")])
        .await;
    assert_eq!(refus.statut, 403);
    let intrus = portail.connecte(Qui::DepotB).await;
    let refus = intrus
        .envoyer(&adresse, &[("nom_projet", "Pris"), ("version", "1")])
        .await;
    assert_eq!(refus.statut, 404);
    assert!(!refus.tout().contains("Tilleul"));
    assert_eq!(a.page(&adresse).await.champ("nom_projet"), ["Projet Tilleul"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_save_says_which_verdicts_it_changed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = crate::portail::dossier::pret(&a, "Prêt", 1).await;
    // Sooner, the journal would tell both saves as one.
    portail.avancer(TimeDelta::minutes(11));
    let adresse = chemins::etape(id, Etape::Solution);
    let mut champs = avec_version(reponses(Etape::Solution, ""), "1");
    champs[0].1 = AUTRE_SOLUTION.to_string();
    let envoi = a.enregistrer(&adresse, &emprunter(&champs)).await;
    let page = a.page(envoi.vers()).await;
    let effets = page.textes(".govuk-notification-banner__content li");
    assert!(!effets.is_empty(), "another couloir has to change a verdict");
    let journal = a.page(&chemins::journal(id)).await;
    assert_eq!(journal.textes(".portail-journal > li:first-child > ul li"), effets);
    let ecrits = journal.textes("ins");
    assert!(ecrits.iter().any(|t| t.contains("Boréal")), "{ecrits:?}");
}
