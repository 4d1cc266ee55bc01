//! The facts of each ESSMS: answered one by one or for all at once, with nobody's answers lost.

use portail_grappes::domain::dossier::etapes::FAITS_ESSMS;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::{avec_trois_essms, coller, emprunter, formulaire_essms};
use crate::portail::registre::{ehpad, ehpads, ime};
use crate::portail::{Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn facts_come_back_essms_by_essms(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let adresse = chemins::essms(id);
    let mut champs = formulaire_essms(&ehpads(1..=3), "0");
    let libres = [
        ("meme_solution", "non"),
        ("autre_solution", "Autre DUI"),
        ("sons", "oui"),
        ("sons_logiciel", "Logiciel"),
        ("activites_confort", "oui"),
        ("part_heures_eligibles", "62,50"),
    ];
    for (champ, valeur) in libres {
        let nom = format!("{}-{champ}", ehpad(2));
        champs.retain(|(n, _)| *n != nom);
        champs.push((nom, valeur.to_owned()));
    }
    let envoi = a.enregistrer(&adresse, &emprunter(&champs)).await;
    let page = a.page(envoi.vers()).await;
    for (nom, valeur) in champs.iter().filter(|(n, _)| n.contains('-')) {
        assert_eq!(page.champ(nom), std::slice::from_ref(valeur), "{nom}");
    }
    for champ in FAITS_ESSMS {
        assert!(
            !page.champ(&format!("{}-{}", ehpad(2), champ.nom)).is_empty(),
            "{}",
            champ.nom
        );
    }
    let bilan = page.texte(".govuk-notification-banner__heading");
    assert!(
        bilan.starts_with("Réponses de 3 ESSMS enregistrées, dont 32 ajoutées à Mes ESSMS."),
        "{bilan}"
    );
}

/// A question that another answer leaves without object stays under it, unseen, and comes back with it.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_answer_without_object_is_kept_and_one_that_cannot_be_read_is_shown(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let (confort, part) = (
        format!("{}-activites_confort", ehpad(1)),
        format!("{}-part_heures_eligibles", ehpad(1)),
    );
    let champs = |oui: &'static str, heures: &'static str, version: &'static str| {
        [
            ("essms".to_owned(), ehpad(1)),
            (confort.clone(), oui.to_owned()),
            (part.clone(), heures.to_owned()),
            ("version".to_owned(), version.to_owned()),
        ]
    };
    let envoi = a
        .enregistrer(&chemins::essms(id), &emprunter(&champs("non", "40", "0")))
        .await;
    let page = a.page(envoi.vers()).await;
    assert_eq!(page.champ(&part), ["40"]);
    let sous_la_reponse = format!(".govuk-radios__conditional input[name='{part}']");
    assert_eq!(page.compte(&sous_la_reponse), 1);
    let lecture = portail.connecte(Qui::LectureA).await.page(&chemins::essms(id)).await;
    assert!(!lecture.tout().contains("part d’heures éligibles"));
    let refus = a
        .envoyer(&chemins::essms(id), &emprunter(&champs("non", "beaucoup", "1")))
        .await;
    assert_eq!(refus.statut, 422);
    assert_eq!(refus.champ(&part), ["beaucoup"]);
    assert_eq!(refus.compte(&sous_la_reponse), 0, "hidden, it could not be corrected");
    let envoi = a
        .enregistrer(&chemins::essms(id), &emprunter(&champs("oui", "40", "1")))
        .await;
    assert_eq!(a.page(envoi.vers()).await.compte(&sous_la_reponse), 1);
    let bilan = a.page(envoi.vers()).await.texte(".govuk-notification-banner__heading");
    assert!(bilan.starts_with("Réponses d’un ESSMS enregistrées."), "{bilan}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn common_answers_fill_only_what_is_empty(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let hebergement = format!("{}-hebergement", ehpad(2));
    let numeros = ehpads(1..=3);
    let mut champs: Vec<(&str, &str)> = numeros.iter().map(|n| ("essms", n.as_str())).collect();
    champs.extend([
        (hebergement.as_str(), "on_premise"),
        ("tous-hebergement", "saas"),
        ("tous-sons", "non"),
        ("version", "0"),
        ("action", "appliquer"),
    ]);
    a.enregistrer(&chemins::essms(id), &champs).await;
    let page = a.page(&chemins::essms(id)).await;
    for (n, attendu) in [(1, "saas"), (2, "on_premise"), (3, "saas")] {
        assert_eq!(page.champ(&format!("{}-hebergement", ehpad(n))), [attendu]);
        assert_eq!(page.champ(&format!("{}-sons", ehpad(n))), ["non"]);
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn unreadable_facts_name_their_essms_and_a_stranger_answers_for_none(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let nom = format!("{}-personnes_accompagnees", ehpad(2));
    let deux = ehpad(2);
    let champs = [("essms", deux.as_str()), (nom.as_str(), "beaucoup"), ("version", "0")];
    let refus = a.envoyer(&chemins::essms(id), &champs).await;
    assert_eq!(refus.statut, 422);
    assert_eq!(
        refus.erreurs(),
        [format!(
            "EHPAD Tilleul 2, VILLE ({deux}), Personnes accompagnées : écrivez un nombre entier, en chiffres"
        )]
    );
    assert_eq!(refus.champ(&nom), ["beaucoup"]);
    assert_eq!(
        refus.attributs("details.portail-groupe[open]", "id"),
        [format!("essms-{deux}")]
    );
    assert_eq!(
        portail
            .nombre("select count(*) from grappe_essms where reponses <> '{}'")
            .await,
        0
    );

    let (etranger, lecture) = (
        portail.connecte(Qui::DepotB).await,
        portail.connecte(Qui::LectureA).await,
    );
    let champs = [("essms", deux.as_str()), (nom.as_str(), "3"), ("version", "0")];
    assert_eq!(etranger.envoyer(&chemins::essms(id), &champs).await.statut, 404);
    assert_eq!(lecture.envoyer(&chemins::essms(id), &champs).await.statut, 403);
    // An ESSMS that is not of the grappe receives no answer, whatever the form says.
    let intrus = format!("{}-personnes_accompagnees", ime(1));
    let quatre = ime(1);
    a.envoyer(
        &chemins::essms(id),
        &[("essms", &quatre), (&intrus, "3"), ("version", "0")],
    )
    .await;
    assert_eq!(
        portail
            .nombre("select count(*) from grappe_essms where reponses <> '{}'")
            .await,
        0
    );
}

/// A colleague who adds an ESSMS changes no answer: the form filled before it is saved all the same.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_form_filled_before_an_essms_came_or_went_is_saved(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    let formulaire = formulaire_essms(&ehpads(1..=3), "0");
    let collegue = portail.connecte(Qui::DepotA).await;
    coller(&collegue, id, &[ehpad(4)]).await;
    collegue
        .enregistrer(&chemins::grappe_retirer(id), &[("finess", &ehpad(1))])
        .await;
    a.enregistrer(&chemins::essms(id), &emprunter(&formulaire)).await;
    let page = a.page(&chemins::essms(id)).await;
    assert_eq!(
        page.attributs("input[name=essms]", "value"),
        [ehpad(2), ehpad(3), ehpad(4)]
    );
    for (n, attendu) in [(2, "80"), (3, "80"), (4, "")] {
        assert_eq!(page.champ(&format!("{}-personnes_accompagnees", ehpad(n))), [attendu]);
    }
}
