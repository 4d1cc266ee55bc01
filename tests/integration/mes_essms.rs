//! Mes ESSMS: its table, one ESSMS, several at once; who may, and nobody's answers lost.

use portail_grappes::domain::dossier::faits::MES_ESSMS;
use portail_grappes::domain::finess::Finess;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::registre::{ehpad, ehpads, ferme, hopital, ime};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

pub fn fiche(numero: &str) -> String {
    chemins::mon_essms(Finess::parse(numero).unwrap())
}

/// Saves these answers upon what the page shows, as a person does.
pub async fn repondre(navigateur: &Navigateur, numero: &str, reponses: &[(&str, &str)]) -> Reponse {
    let page = navigateur.page(&fiche(numero)).await;
    navigateur.envoyer(&fiche(numero), &sur(&page, reponses)).await
}

/// The form of a page, with these answers.
fn sur<'a>(page: &Reponse, reponses: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let version: &'static str = page.valeur("main input[name=version]").leak();
    let base: &'static str = page.valeur("main input[name=base]").leak();
    [&[("version", version), ("base", base)], reponses].concat()
}

const COMPLETES: [(&str, &str); 10] = [
    ("hebergement", "saas"),
    ("deja_finance", "non"),
    ("sons", "non"),
    ("entite_nationale", "aucune"),
    ("rattache_ght", "non"),
    ("activites_confort", "non"),
    ("medicalise", "oui"),
    ("ror_complet", "oui"),
    ("autodiagnostic", "si_esms"),
    ("personnes_accompagnees", "80"),
];

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_table_holds_the_essms_of_the_og_and_says_where_each_stands(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    assert_eq!(repondre(&a, &ehpad(2), &COMPLETES).await.statut, 303);
    let page = a.page(chemins::MES_ESSMS).await;
    assert_eq!(page.compte("#mes-essms tbody tr"), 34);
    assert_eq!(page.compte("#autres tbody tr"), 2, "the closed ones are apart");
    let tout = page.tout();
    assert!(tout.contains("Complet") && tout.contains("10 réponses à donner"));
    assert!(!tout.contains(&hopital()) && !tout.contains(&ime(1)));
    for (requete, attendus) in [
        ("etat=complets", 1),
        ("etat=a_completer", 33),
        ("q=tilleul+34", 1),
        (&format!("q={}", ehpad(5)), 1),
        ("q=personne", 0),
        ("etat=autre&page=999", 34),
    ] {
        let page = a.page(&format!("{}?{requete}", chemins::MES_ESSMS)).await;
        assert_eq!(page.compte("#mes-essms tbody tr"), attendus, "{requete}");
        assert!(page.tout().contains("34"), "{requete}");
    }
    // Who only reads is offered nothing to write.
    let lecture = portail.connecte(Qui::LectureA).await.page(chemins::MES_ESSMS).await;
    assert_eq!(
        (
            lecture.compte("#mes-essms tbody tr"),
            lecture.compte("main input[name=finess]")
        ),
        (34, 0)
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn answers_come_back_and_the_journal_says_who_gave_them(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let libres = [
        ("dui_actuel", "oui"),
        ("dui_nom", "Aurore"),
        ("dui_version", "3.2"),
        ("equipement", "12 tablettes"),
        ("activites_confort", "oui"),
        ("part_heures_eligibles", "62,50"),
        ("sons", "oui"),
        ("sons_logiciel", "Aurore"),
    ];
    let mut champs: Vec<_> = COMPLETES.to_vec();
    champs.retain(|(nom, _)| libres.iter().all(|(autre, _)| autre != nom));
    champs.extend(libres);
    assert_eq!(champs.len(), MES_ESSMS.len());
    let envoi = repondre(&a, &ehpad(1), &champs).await;
    let page = a.page(envoi.vers()).await;
    for (nom, valeur) in &champs {
        assert_eq!(page.champ(nom), [valeur.to_string()], "{nom}");
    }
    assert!(
        page.texte(".govuk-notification-banner__heading")
            .contains("Réponses enregistrées")
    );
    let envoi = repondre(
        &a,
        &ehpad(1),
        &[champs.as_slice(), &[("equipement", "20 tablettes")]].concat(),
    )
    .await;
    assert_eq!(envoi.statut, 422, "a field sent twice");
    champs.retain(|(nom, _)| *nom != "equipement");
    champs.push(("equipement", "20 tablettes"));
    repondre(&a, &ehpad(1), &champs).await;
    let tout = a.page(&fiche(&ehpad(1))).await.tout();
    assert!(tout.contains("« 12 tablettes » → « 20 tablettes »"), "{tout}");
    assert!(tout.contains("par OG A édition (essai)"));
    // Saved again as it is: nothing to say, nothing written.
    let envoi = repondre(&a, &ehpad(1), &champs).await;
    assert!(a.page(envoi.vers()).await.tout().contains("Rien n’a changé"));
    assert_eq!(portail.nombre("select count(*) from journal_essms").await, 2);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_read_is_kept_as_typed_and_nothing_is_saved(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let reponses = [
        ("personnes_accompagnees", "beaucoup"),
        ("hebergement", "nuage"),
        ("equipement", "Dix postes"),
    ];
    let refus = repondre(&a, &ehpad(1), &reponses).await;
    assert_eq!((refus.statut, refus.erreurs().len()), (422, 2));
    assert_eq!(refus.champ("personnes_accompagnees"), ["beaucoup"]);
    assert_eq!(refus.champ("equipement"), ["Dix postes"]);
    assert_eq!(portail.nombre("select count(*) from fait_essms").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_else_reads_nor_writes(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(&a, &ehpad(1), &[("equipement", "Secret de A")]).await;
    let b = portail.connecte(Qui::DepotB).await;
    for numero in [ehpad(1), ehpad(2), hopital()] {
        assert_eq!(b.lire(&fiche(&numero)).await.statut, 404);
        assert_eq!(b.envoyer(&fiche(&numero), &[("equipement", "de B")]).await.statut, 404);
    }
    assert!(!b.page(chemins::MES_ESSMS).await.tout().contains("Tilleul"));
    let lecture = portail.connecte(Qui::LectureA).await;
    assert_eq!(
        lecture
            .envoyer(&fiche(&ehpad(1)), &[("equipement", "non")])
            .await
            .statut,
        403
    );
    assert_eq!(lecture.page(&fiche(&ehpad(1))).await.compte("main form"), 0);
    // A closed one is read, not written.
    assert_eq!(a.page(&fiche(&ferme())).await.compte("main form"), 0);
    let tape = a.envoyer(&fiche(&ferme()), &[("equipement", "Deux tablettes")]).await;
    assert_eq!(tape.statut, 409);
    assert_eq!(
        tape.texte("#titre-non-enregistrees"),
        "Ce que vous avez saisi n’est pas enregistré"
    );
    assert!(tape.tout().contains("Deux tablettes"));
    assert_eq!(portail.nombre("select count(*) from fait_essms").await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn two_people_lose_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let un = portail.connecte(Qui::EditionA).await;
    let autre = portail.connecte(Qui::DepotA).await;
    let page = un.page(&fiche(&ehpad(1))).await;
    assert_eq!(
        repondre(&autre, &ehpad(1), &[("sons", "oui"), ("sons_logiciel", "Nord")])
            .await
            .statut,
        303
    );
    // Another question: both are kept.
    let envoi = un
        .envoyer(&fiche(&ehpad(1)), &sur(&page, &[("equipement", "Postes")]))
        .await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let apres = un.page(&fiche(&ehpad(1))).await;
    assert_eq!(
        (apres.champ("sons_logiciel"), apres.champ("equipement")),
        (vec!["Nord".into()], vec!["Postes".into()])
    );
    // The same one: both are shown.
    let conflit = un
        .envoyer(
            &fiche(&ehpad(1)),
            &sur(&page, &[("sons", "oui"), ("sons_logiciel", "Sud")]),
        )
        .await;
    assert_eq!(conflit.statut, 409);
    let resume = conflit.texte(".govuk-error-summary tbody");
    assert!(resume.contains("Nord") && resume.contains("Sud"), "{resume}");
    assert_eq!(conflit.champ("sons_logiciel"), ["Sud"]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn several_are_answered_at_once_and_what_would_be_lost_is_shown_before(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondre(&a, &ehpad(2), &[("hebergement", "externe"), ("equipement", "Postes")]).await;
    let numeros = ehpads(1..=3);
    let coches: Vec<(&str, &str)> = numeros.iter().map(|n| ("finess", n.as_str())).collect();
    let requete = chemins::avec_parametres(chemins::MES_ESSMS_PLUSIEURS, &coches);
    let page = a.page(&requete).await;
    assert_eq!(page.texte("h1"), "Répondre pour 3 ESSMS");
    let tous = a
        .page(&format!("{}?quoi=tous&q=tilleul+3", chemins::MES_ESSMS_PLUSIEURS))
        .await;
    assert_eq!(tous.compte("#essms-choisis li"), 8);
    let envoyer = async |plus: &[(&str, &str)]| {
        a.envoyer(chemins::MES_ESSMS_PLUSIEURS, &[coches.as_slice(), plus].concat())
            .await
    };
    // Nothing answered, unreadable, nobody chosen.
    assert_eq!(envoyer(&[]).await.statut, 422);
    let refus = envoyer(&[("lot-personnes_accompagnees", "x"), ("lot-hebergement", "saas")]).await;
    assert_eq!(
        (refus.statut, refus.champ("lot-personnes_accompagnees")),
        (422, vec!["x".to_owned()])
    );
    let de_b = [("finess", &*ime(1)), ("lot-hebergement", "saas")];
    assert_eq!(a.envoyer(chemins::MES_ESSMS_PLUSIEURS, &de_b).await.statut, 422);
    // One answer would be replaced: shown, nothing written.
    let demande = envoyer(&[("lot-hebergement", "saas")]).await;
    assert_eq!((demande.statut, demande.compte("#ecrasees tbody tr")), (409, 1));
    assert!(demande.texte("#ecrasees tbody").contains("Hébergement externe SaaS"));
    assert_eq!(portail.nombre("select count(*) from fait_essms").await, 1);
    // A colleague changes it meanwhile: what was confirmed is no longer true, it is shown again.
    let empreinte = demande.valeur("input[name=empreinte]");
    repondre(
        &a,
        &ehpad(2),
        &[("hebergement", "on_premise"), ("equipement", "Postes")],
    )
    .await;
    let confirme = [
        ("lot-hebergement", "saas"),
        ("deja", "remplacer"),
        ("empreinte", &empreinte),
    ];
    let encore = envoyer(&confirme).await;
    assert_eq!(encore.statut, 409);
    let gardee = envoyer(&[("lot-hebergement", "saas"), ("deja", "garder")]).await;
    assert_eq!(gardee.statut, 303);
    assert_eq!(a.page(&fiche(&ehpad(2))).await.champ("hebergement"), ["on_premise"]);
    assert_eq!(a.page(&fiche(&ehpad(3))).await.champ("hebergement"), ["saas"]);
    let empreinte = encore.valeur("input[name=empreinte]");
    let envoi = envoyer(&[
        ("lot-hebergement", "saas"),
        ("deja", "remplacer"),
        ("empreinte", &empreinte),
    ])
    .await;
    assert_eq!(envoi.statut, 303, "{}", envoi.resume());
    let page = a.page(&fiche(&ehpad(2))).await;
    assert_eq!(
        (page.champ("hebergement"), page.champ("equipement")),
        (vec!["saas".into()], vec!["Postes".into()])
    );
    // The other OG's was never touched.
    assert_eq!(portail.nombre("select count(*) from fait_essms").await, 3);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_questionnaire_of_the_anap_follows_from_what_the_og_said(pool: PgPool) {
    use crate::portail::dossier::{avec_trois_essms, emprunter, reponses};
    use portail_grappes::domain::dossier::Etape;
    let portail = Portail::ouvrir(pool).await;
    let (a, dossier) = avec_trois_essms(&portail).await;
    let aide = async || a.page(&fiche(&ehpad(1))).await.texte("#autodiagnostic-aide");
    assert!(aide().await.starts_with("SI gestion OG si"));
    for (version, referent, propose) in [("0", "oui", "SI gestion OG"), ("1", "non", "SI ESMS")] {
        let mut champs = reponses(Etape::Equipe, "");
        champs.retain(|(nom, _)| nom != "referent_informatique");
        champs.push(("referent_informatique".into(), referent.into()));
        champs.push(("version".into(), version.into()));
        let envoi = a
            .envoyer(&chemins::etape(dossier, Etape::Equipe), &emprunter(&champs))
            .await;
        assert_eq!(envoi.statut, 303, "{}", envoi.resume());
        assert!(
            aide().await.starts_with(&format!("Questionnaire proposé : {propose}")),
            "{}",
            aide().await
        );
    }
}
