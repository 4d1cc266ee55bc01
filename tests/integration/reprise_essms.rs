//! Facts are asked once: a dossier comes filled from Mes ESSMS, fills what Mes ESSMS lacks, and takes over the
//! rest when a person says so.

use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::mes_essms::{fiche, repondre};
use crate::portail::dossier::{avec_trois_essms, coller, emprunter, formulaire_essms, numero_de, ouvrir};
use crate::portail::registre::{ehpad, ehpads, ime};
use crate::portail::{EDITION, Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_of_the_og_arrives_with_its_answers(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(
        &a,
        &ehpad(1),
        &[("sons", "oui"), ("sons_logiciel", "Nord"), ("equipement", "Postes")],
    )
    .await;
    let b = portail.connecte(Qui::DepotB).await;
    repondre(&b, &ime(1), &[("sons", "oui")]).await;
    let id = ouvrir(&a, "Premier").await;
    coller(&a, id, &[ehpad(1), ehpad(2), ime(1)]).await;
    let page = a.page(&chemins::essms(id)).await;
    let champ = |numero: String, nom: &str| page.champ(&format!("{numero}-{nom}"));
    assert_eq!(champ(ehpad(1), "sons_logiciel"), ["Nord"]);
    assert!(
        champ(ehpad(1), "type_projet").join("").is_empty(),
        "a dossier chooses its own"
    );
    assert!(champ(ehpad(2), "sons").is_empty());
    assert!(champ(ime(1), "sons").is_empty(), "another OG’s answers are its own");
    assert_eq!(page.compte("#ecarts"), 0);
    assert!(
        a.page(&chemins::journal(id))
            .await
            .tout()
            .contains("avec les réponses de Mes ESSMS")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_dossier_that_starts_from_another_takes_what_that_one_lacked(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let ancien = ouvrir(&a, "Ancien").await;
    coller(&a, ancien, &[ehpad(1), ehpad(2)]).await;
    repondre(&a, &ehpad(1), &[("sons", "oui"), ("sons_logiciel", "Nord")]).await;
    let modele = ancien.to_string();
    let champs = [
        ("nom", "Nouveau"),
        ("edition", EDITION),
        ("modele", &modele),
        ("essms", "oui"),
    ];
    let id = numero_de(a.enregistrer(chemins::NOUVEAU, &champs).await.vers());
    let page = a.page(&chemins::essms(id)).await;
    assert_eq!(page.champ(&format!("{}-sons_logiciel", ehpad(1))), ["Nord"]);
    assert!(page.champ(&format!("{}-sons_logiciel", ehpad(2))).concat().is_empty());
    assert_eq!(page.compte("#ecarts"), 0);
    let journal = a.page(&chemins::journal(id)).await.tout();
    assert!(journal.contains("complété par les réponses de Mes ESSMS"), "{journal}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_a_dossier_answers_fills_what_mes_essms_lacks(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    coller(&a, id, &[ime(1)]).await;
    repondre(&a, &ehpad(1), &[("hebergement", "externe")]).await;
    let numeros = [ehpads(1..=3), vec![ime(1)]].concat();
    let envoi = a
        .enregistrer(&chemins::essms(id), &emprunter(&formulaire_essms(&numeros, "0")))
        .await;
    let bilan = a.page(envoi.vers()).await;
    let texte = bilan.texte(".govuk-notification-banner__heading");
    // Ten shared questions answered for three ESSMS of the OG, one of which was known.
    assert!(texte.contains("dont 29 ajoutées à Mes ESSMS"), "{texte}");
    assert!(bilan.texte("#ecarts").contains("1 réponse diffère de Mes ESSMS"));
    let page = a.page(&fiche(&ehpad(1))).await;
    assert_eq!(
        (page.champ("hebergement"), page.champ("ror_complet")),
        (vec!["externe".into()], vec!["oui".into()])
    );
    assert!(page.tout().contains("Réponse donnée dans un dossier"));
    assert_eq!(
        portail.nombre("select count(*) from fait_essms").await,
        3,
        "not the other OG’s"
    );
    // The next dossier asks only for its own choices.
    let suivant = ouvrir(&a, "Suivant").await;
    coller(&a, suivant, &[ehpad(2)]).await;
    assert_eq!(
        a.page(&chemins::essms(suivant))
            .await
            .champ(&format!("{}-ror_complet", ehpad(2))),
        ["oui"]
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn differences_are_shown_taken_over_and_given_back(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, id) = avec_trois_essms(&portail).await;
    a.enregistrer(&chemins::essms(id), &emprunter(&formulaire_essms(&ehpads(1..=3), "0")))
        .await;
    for rang in [1, 2] {
        let page = a.page(&fiche(&ehpad(rang))).await;
        let (version, base) = (
            page.valeur("main input[name=version]"),
            page.valeur("main input[name=base]"),
        );
        let champs = [
            ("version", version.as_str()),
            ("base", &base),
            ("hebergement", "externe"),
            ("sons", "non"),
        ];
        let envoi = a.envoyer(&fiche(&ehpad(rang)), &champs).await;
        assert_eq!(envoi.statut, 303);
    }
    let adresse = chemins::essms(id);
    let reprendre = chemins::essms_reprendre(id);
    let hebergement = async |rang| {
        a.page(&adresse)
            .await
            .champ(&format!("{}-hebergement", ehpad(rang)))
            .join("")
    };
    let page = a.page(&adresse).await;
    assert!(
        page.texte("#ecarts").contains("2 réponses diffèrent"),
        "{}",
        page.texte("#ecarts")
    );
    assert!(
        page.tout()
            .contains("« Hébergement externe » dans Mes ESSMS, « SaaS » ici")
    );
    // One, then given back; then all.
    let envoi = a.enregistrer(&reprendre, &[("finess", &ehpad(1))]).await;
    assert_eq!(
        (hebergement(1).await, hebergement(2).await),
        ("externe".into(), "saas".into())
    );
    let page = a.page(envoi.vers()).await;
    assert!(
        page.texte(".govuk-notification-banner__heading")
            .contains("reprises de Mes ESSMS")
    );
    let annuler = page.valeur("input[name=annuler]");
    a.enregistrer(&reprendre, &[("annuler", &annuler)]).await;
    assert_eq!(hebergement(1).await, "saas");
    a.enregistrer(&reprendre, &[("tous", "oui")]).await;
    assert_eq!(
        (hebergement(1).await, hebergement(2).await),
        ("externe".into(), "externe".into())
    );
    assert_eq!(a.page(&adresse).await.compte("#ecarts"), 0);
    let rien = a.enregistrer(&reprendre, &[("tous", "oui")]).await;
    assert!(rien.vers().contains("inchange"));
    assert!(a.page(&chemins::journal(id)).await.tout().contains("rétablies"));
    // Who may not write, and who has nothing to see there.
    let lecture = portail.connecte(Qui::LectureA).await;
    assert_eq!(lecture.envoyer(&reprendre, &[("tous", "oui")]).await.statut, 403);
    assert_eq!(lecture.page(&adresse).await.compte("#reprise"), 0);
    let b = portail.connecte(Qui::DepotB).await;
    assert_eq!(b.envoyer(&reprendre, &[("tous", "oui")]).await.statut, 404);
}
