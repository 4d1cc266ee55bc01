//! A dossier opened from an earlier one: what it takes, what it leaves, and from whom.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use sqlx::PgPool;

use crate::portail::dossier::{deposer, numero_de, pret};
use crate::portail::{EDITION, Portail, Qui};

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_dossier_starts_from_an_earlier_one_and_says_what_it_took(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let ancien = pret(&a, "Ancien", 1).await;
    deposer(&a, ancien).await;
    let lien = a
        .page(&chemins::dossier(ancien))
        .await
        .attributs("main a[href*='modele=']", "href")
        .remove(0);
    let formulaire = a.page(&lien).await;
    assert_eq!(formulaire.champ("modele"), [ancien.to_string()]);
    let modele = ancien.to_string();
    let champs = [
        ("nom", "Nouveau"),
        ("edition", EDITION),
        ("modele", &modele),
        ("essms", "oui"),
    ];
    let reponse = a.enregistrer(chemins::NOUVEAU, &champs).await;
    let id = numero_de(reponse.vers());
    let arrivee = a.page(reponse.vers()).await;
    let dit = arrivee.tout();
    for phrase in [
        "repris de IDF2024-",
        "ESSMS repris avec leurs réponses : 16",
        "Pièces non reprises : 3",
    ] {
        assert!(dit.contains(phrase), "{phrase} : {dit}");
    }
    let motivations = a.page(&chemins::etape(id, Etape::Motivations)).await;
    assert_eq!(motivations.champ("objectifs"), ["Mieux coordonner les soins"]);
    assert_eq!(motivations.valeur("form input[name=version]"), "1");
    assert_eq!(a.page(&chemins::grappe(id)).await.compte("#composition tbody tr"), 16);
    assert_eq!(
        a.page(&chemins::pieces(id))
            .await
            .compte(".portail-carte a[href*='/pieces/']"),
        0
    );
    let journal = a.page(&chemins::journal(id)).await.texte(".portail-journal h2");
    assert!(journal.starts_with("Dossier ouvert, repris de IDF2024-"), "{journal}");

    // Without its ESSMS: the answers only, and for another appel à projets.
    let champs = [
        ("nom", "Sans ESSMS"),
        ("edition", "ara-2022"),
        ("modele", &modele),
        ("clos", "oui"),
    ];
    let reponse = a.enregistrer(chemins::NOUVEAU, &champs).await;
    let arrivee = a.page(reponse.vers()).await;
    assert!(arrivee.tout().contains("répondait à un autre appel à projets"));
    let id = numero_de(reponse.vers());
    assert_eq!(a.page(&chemins::grappe(id)).await.compte("#composition tbody tr"), 0);
    let projet = a.page(&chemins::etape(id, Etape::Projet)).await;
    assert!(projet.champ("signataire").is_empty());
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn nobody_starts_from_the_dossier_of_another_og(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let secret = pret(&a, "Grappe secrète", 1).await.to_string();
    let b = portail.connecte(Qui::DepotB).await;
    let page = b.page(chemins::NOUVEAU).await;
    assert!(!page.tout().contains("secrète") && page.compte("select[name=modele]") == 0);
    for modele in [secret.as_str(), "rien"] {
        let champs = [("nom", "Copie"), ("edition", EDITION), ("modele", modele)];
        let refus = b.envoyer(chemins::NOUVEAU, &champs).await;
        assert_eq!(
            (refus.statut, refus.champ("nom")),
            (422, vec!["Copie".to_owned()]),
            "{modele}"
        );
    }
    let lecture = portail.connecte(Qui::LectureA).await;
    let champs = [("nom", "Copie"), ("edition", EDITION), ("modele", secret.as_str())];
    assert_eq!(lecture.envoyer(chemins::NOUVEAU, &champs).await.statut, 403);
    assert_eq!(portail.nombre("select count(*) from dossier").await, 1);
}
