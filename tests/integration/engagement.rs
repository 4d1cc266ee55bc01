//! An ESSMS in two dossiers (ELI-E05): said on each where it counts, without naming anyone.

use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{coller, emprunter, formulaire_essms, ouvrir};
use crate::portail::registre::{ehpad, ehpads, ime, og_b};
use crate::portail::{Navigateur, Portail, Qui};

/// How many ESSMS of the grappe are said to stand in another dossier.
async fn engages(navigateur: &Navigateur, dossier: Uuid) -> usize {
    let page = navigateur.page(&chemins::grappe(dossier)).await;
    let raisons = page.textes("#composition li");
    raisons.iter().filter(|r| r.starts_with("ELI-E05")).count()
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_in_two_dossiers_of_its_og_is_said_on_both(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (un, deux) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let (premier, second) = (ouvrir(&un, "Premier").await, ouvrir(&deux, "Second").await);
    coller(&un, premier, &[ehpad(1), ehpad(2)]).await;
    assert_eq!(engages(&un, premier).await, 0, "one dossier only");
    coller(&deux, second, &[ehpad(1)]).await;
    assert_eq!((engages(&un, premier).await, engages(&deux, second).await), (1, 1));
    // Taken out of one, it is free again in the other.
    deux.enregistrer(&chemins::grappe_retirer(second), &[("finess", &ehpad(1))])
        .await;
    assert_eq!(engages(&un, premier).await, 0);
}

/// Anybody can paste anybody's numbers: a stranger's draft excludes nothing from the dossier of the
/// ESSMS's own OG. A deposit does, and whose it is is never said.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_in_the_dossiers_of_two_ogs_is_said_without_naming_anyone(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let (chez_a, chez_b) = (ouvrir(&a, "Discrète de A").await, ouvrir(&b, "Discrète de B").await);
    coller(&b, chez_b, &[ehpad(1)]).await;
    assert_eq!(engages(&b, chez_b).await, 0);
    coller(&a, chez_a, &[ehpad(1), ehpad(2)]).await;
    assert_eq!((engages(&a, chez_a).await, engages(&b, chez_b).await), (0, 1));
    sqlx::query("update dossier set etat = 'depose' where id = $1")
        .bind(chez_b)
        .execute(&portail.pool)
        .await
        .unwrap();
    assert_eq!(engages(&a, chez_a).await, 1);

    for (navigateur, id, autre) in [(&a, chez_a, chez_b), (&b, chez_b, chez_a)] {
        let secrets: (String, String) = sqlx::query_as("select nom, reference from dossier where id = $1")
            .bind(autre)
            .fetch_one(&portail.pool)
            .await
            .unwrap();
        for adresse in [chemins::grappe(id), chemins::constats(id), chemins::journal(id)] {
            let tout = navigateur.page(&adresse).await.tout();
            assert!(!tout.contains(&secrets.0) && !tout.contains(&secrets.1), "{adresse}");
        }
    }
    let tout = a.page(&chemins::constats(chez_a)).await.tout();
    assert!(!tout.contains("Fondation Bêta"));
}

/// One's own other draft is named, with a link, and what is proposed is to take the ESSMS out of one of the two.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_in_two_drafts_of_ones_own_names_the_other(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let (premier, second) = (
        ouvrir(&a, "Premier brouillon").await,
        ouvrir(&a, "Second brouillon").await,
    );
    let numeros = ehpads(1..=15);
    for dossier in [premier, second] {
        coller(&a, dossier, &numeros).await;
        let faits = formulaire_essms(&numeros, "0");
        a.enregistrer(&chemins::essms(dossier), &emprunter(&faits)).await;
    }
    for (ici, autre, nom) in [
        (premier, second, "Second brouillon"),
        (second, premier, "Premier brouillon"),
    ] {
        let page = a.page(&chemins::grappe(ici)).await;
        assert!(
            page.texte("#titre-remede")
                .contains("retirer de l’un des deux dossiers"),
            "{}",
            page.texte("#titre-remede")
        );
        assert_eq!(page.attributs("#doubles a", "href"), [chemins::grappe(autre)]);
        assert_eq!(
            page.textes("#doubles a"),
            [format!("15 ESSMS dans votre autre brouillon « {nom} »")]
        );
        assert!(page.textes("#composition li").iter().any(|l| l.contains(nom)));
        let page = a.page(&chemins::constats(ici)).await;
        assert!(page.texte("#constat-ELI-E05").contains(nom));
        assert!(
            page.attributs("#constat-ELI-E05 a", "href")
                .contains(&chemins::grappe(autre))
        );
    }
    // On disjoint perimeters, nothing is said.
    let mut champs = vec![];
    champs.extend(numeros.iter().map(|n| ("finess", n.as_str())));
    a.enregistrer(&chemins::grappe_retirer(second), &champs).await;
    coller(&a, second, &ehpads(16..=30)).await;
    for dossier in [premier, second] {
        assert_eq!(engages(&a, dossier).await, 0);
        assert_eq!(a.page(&chemins::grappe(dossier)).await.compte("#doubles"), 0);
    }
}

/// An OG engages its ESSMS in the dossier of another by its consent, and no sooner.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_essms_is_engaged_by_the_consent_of_its_og(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let (chez_a, chez_b) = (ouvrir(&a, "Chez A").await, ouvrir(&b, "Secret de B").await);
    coller(&a, chez_a, &[ehpad(1), ime(1)]).await;
    let og = og_b().to_string();
    a.enregistrer(&chemins::accords_inviter(chez_a), &[("og", &og)]).await;
    b.enregistrer(&chemins::grappe_invitation(chez_a), &[("action", "accepter")])
        .await;
    coller(&b, chez_b, &[ime(1)]).await;
    assert_eq!((engages(&a, chez_a).await, engages(&b, chez_b).await), (1, 0));
    b.enregistrer(
        &chemins::accords_repondre(chez_a),
        &[("action", "donner"), ("finess", &ime(1))],
    )
    .await;
    assert_eq!((engages(&a, chez_a).await, engages(&b, chez_b).await), (1, 1));
    // The membre, which reads both, is told which; the porteur is not.
    assert!(b.page(&chemins::grappe(chez_b)).await.tout().contains("« Chez A »"));
    for adresse in [
        chemins::grappe(chez_a),
        chemins::constats(chez_a),
        chemins::journal(chez_a),
    ] {
        assert!(!a.page(&adresse).await.tout().contains("Secret de B"), "{adresse}");
    }
}

/// A dossier engages its ESSMS as long as its appel à projets lasts, and within it.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_dossier_of_a_closed_appel_engages_nothing_any_more(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let (ancien, nouveau) = (ouvrir(&a, "Ancien").await, ouvrir(&a, "Nouveau").await);
    coller(&a, ancien, &[ehpad(1)]).await;
    coller(&a, nouveau, &[ehpad(1)]).await;
    for (etat, edition, attendus) in [
        ("depose", "idf-2024", 1),
        ("depose", "ara-2022", 0),
        ("brouillon", "ara-2022", 0),
        ("brouillon", "idf-2024", 1),
    ] {
        sqlx::query("update dossier set etat = $2, edition = $3 where id = $1")
            .bind(ancien)
            .bind(etat)
            .bind(edition)
            .execute(&portail.pool)
            .await
            .unwrap();
        assert_eq!(engages(&a, nouveau).await, attendus, "{etat} {edition}");
    }
}
