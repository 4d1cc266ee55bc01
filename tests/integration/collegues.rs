//! Colleagues on one dossier: comments, steps given to somebody, the journal of each answer.

use chrono::TimeDelta;
use portail_grappes::domain::dossier::Etape;
use portail_grappes::domain::nomenclature::Liste;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{deposer, ouvrir, pret};
use crate::portail::{Navigateur, Portail, Qui};

const ETAPE: Etape = Etape::Motivations;

async fn compte(portail: &Portail, qui: Qui) -> Uuid {
    sqlx::query_scalar("select id from compte where courriel = $1")
        .bind(qui.courriel())
        .fetch_one(&portail.pool)
        .await
        .unwrap()
}

async fn dernier_commentaire(portail: &Portail) -> Uuid {
    sqlx::query_scalar("select id from commentaire order by ecrit_le desc, id desc limit 1")
        .fetch_one(&portail.pool)
        .await
        .unwrap()
}

async fn commenter(navigateur: &Navigateur, dossier: Uuid, texte: &str) {
    navigateur
        .enregistrer(&chemins::echanges(dossier, ETAPE), &[("texte", texte)])
        .await;
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_reader_comments_and_those_whom_it_concerns_are_told(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (lecture, edition) = (
        portail.connecte(Qui::LectureA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&edition, "Échanges").await;
    let page = chemins::echanges(id, ETAPE);
    let moi = compte(&portail, Qui::EditionA).await.to_string();
    edition
        .enregistrer(&chemins::affectation(id, ETAPE), &[("collegue", &moi)])
        .await;
    commenter(&lecture, id, " À relire :\r\n<b>http://exemple.fr</b> ").await;
    let lue = edition.page(&page).await;
    let texte = lue.texte(".portail-commentaire__texte");
    assert_eq!(texte, "À relire : <b>http://exemple.fr</b>");
    assert_eq!(
        lue.compte(".portail-commentaire__texte :is(a, b)"),
        0,
        "plain text, no link"
    );
    let courriels = "select count(*) from courriel where evenement ->> 'genre' = 'echange'";
    assert_eq!(
        portail.nombre(courriels).await,
        1,
        "who takes care of the step, not the author"
    );
    commenter(&portail.connecte(Qui::DepotA).await, id, "Oui").await;
    assert_eq!(portail.nombre(courriels).await, 3, "and who commented before");

    for adresse in [chemins::dossier(id), chemins::etape(id, ETAPE)] {
        let texte = lecture.page(&adresse).await.tout();
        assert!(texte.contains("2 commentaires à traiter"), "{adresse}");
        assert!(texte.contains("Confiée à OG A édition (essai)"), "{adresse}");
    }
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn one_changes_and_takes_out_ones_own_and_anybody_settles(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (lecture, edition) = (
        portail.connecte(Qui::LectureA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&edition, "Échanges").await;
    let page = chemins::echanges(id, ETAPE);
    commenter(&lecture, id, "Première version").await;
    let commentaire = dernier_commentaire(&portail).await;
    let (adresse, champ) = (chemins::commentaire(id, commentaire), format!("texte-{commentaire}"));

    for action in ["modifier", "retirer", "retablir"] {
        let refus = edition.envoyer(&adresse, &[("action", action), (&champ, "Pris")]).await;
        assert_eq!(refus.statut, 403, "{action}");
    }
    let modifier = [("action", "modifier"), (champ.as_str(), "Seconde version")];
    lecture.enregistrer(&adresse, &modifier).await;
    assert_eq!(
        lecture.page(&page).await.texte(".portail-commentaire__texte"),
        "Seconde version"
    );

    edition.enregistrer(&adresse, &[("action", "resoudre")]).await;
    assert!(
        lecture
            .page(&page)
            .await
            .tout()
            .contains("Traité par OG A édition (essai)")
    );
    assert!(!lecture.page(&chemins::dossier(id)).await.tout().contains("à traiter"));
    lecture.enregistrer(&adresse, &[("action", "rouvrir")]).await;
    assert!(
        lecture
            .page(&chemins::dossier(id))
            .await
            .tout()
            .contains("1 commentaire à traiter")
    );

    lecture.enregistrer(&adresse, &[("action", "retirer")]).await;
    assert!(!edition.page(&page).await.tout().contains("Seconde version"));
    assert_eq!(
        edition.envoyer(&adresse, &[("action", "resoudre")]).await.statut,
        404,
        "absent for the others"
    );
    assert_eq!(lecture.envoyer(&adresse, &modifier).await.statut, 409);
    lecture.enregistrer(&adresse, &[("action", "retablir")]).await;
    assert!(edition.page(&page).await.tout().contains("Seconde version"));
    assert_eq!(lecture.envoyer(&adresse, &[("action", "autre")]).await.statut, 422);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_comment_that_cannot_be_kept_is_refused_with_what_was_typed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Échanges").await;
    let page = chemins::echanges(id, ETAPE);
    let long = "é".repeat(2001);
    for (texte, motif) in [
        ("  ", "renseignez ce champ"),
        (long.as_str(), "2000 au plus"),
        ("a\u{7}b", "caractère de contrôle"),
    ] {
        let refus = a.envoyer(&page, &[("texte", texte)]).await;
        assert_eq!(refus.statut, 422);
        assert!(refus.erreurs().join(" ").contains(motif), "{:?}", refus.erreurs());
    }
    let refus = a.envoyer(&page, &[("texte", &long)]).await;
    assert_eq!(refus.champ("texte")[0].trim(), long);
    commenter(&a, id, "Bien").await;
    let commentaire = dernier_commentaire(&portail).await;
    let champ = format!("texte-{commentaire}");
    let refus = a
        .envoyer(
            &chemins::commentaire(id, commentaire),
            &[("action", "modifier"), (&champ, "")],
        )
        .await;
    assert_eq!(refus.statut, 422);
    assert_eq!(portail.texte("select texte from commentaire").await, "Bien");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn others_find_nothing_and_a_deposited_dossier_is_still_talked_of(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "Échanges", 1).await;
    commenter(&a, id, "Entre nous").await;
    let adresse = chemins::commentaire(id, dernier_commentaire(&portail).await);
    let moi = compte(&portail, Qui::DepotA).await.to_string();
    let affectation = chemins::affectation(id, ETAPE);
    a.enregistrer(&affectation, &[("collegue", &moi)]).await;
    deposer(&a, id).await;
    commenter(&a, id, "Et après le dépôt").await;
    a.enregistrer(&adresse, &[("action", "resoudre")]).await;
    assert_eq!(a.envoyer(&affectation, &[("collegue", "")]).await.statut, 409);

    for qui in [Qui::DepotB, Qui::ArsIdf] {
        let autre = portail.connecte(qui).await;
        let page = chemins::echanges(id, ETAPE);
        assert_eq!(autre.lire(&page).await.statut, 404, "{qui:?}");
        assert_eq!(autre.envoyer(&page, &[("texte", "Pris")]).await.statut, 404, "{qui:?}");
        assert_eq!(
            autre.envoyer(&adresse, &[("action", "rouvrir")]).await.statut,
            404,
            "{qui:?}"
        );
        assert_eq!(
            autre.envoyer(&affectation, &[("collegue", &moi)]).await.statut,
            404,
            "{qui:?}"
        );
        assert_eq!(autre.lire(&chemins::journal_csv(id)).await.statut, 404, "{qui:?}");
    }
    let ars = portail.connecte(Qui::ArsIdf).await;
    let vu = ars.page(&chemins::instruction_dossier(id)).await.tout();
    assert!(!vu.contains("Entre nous"));
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_step_is_given_told_found_again_and_taken_back(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, lecture, edition) = (
        portail.connecte(Qui::DepotA).await,
        portail.connecte(Qui::LectureA).await,
        portail.connecte(Qui::EditionA).await,
    );
    let id = ouvrir(&a, "À répartir").await;
    let affectation = chemins::affectation(id, ETAPE);
    let collegue = compte(&portail, Qui::EditionA).await.to_string();
    assert_eq!(
        lecture.envoyer(&affectation, &[("collegue", &collegue)]).await.statut,
        403
    );
    for inconnu in [compte(&portail, Qui::DepotB).await.to_string(), "x".to_owned()] {
        let refus = a.envoyer(&affectation, &[("collegue", &inconnu)]).await;
        assert_eq!((refus.statut, refus.erreurs().len()), (422, 1), "{inconnu}");
    }
    a.enregistrer(&affectation, &[("collegue", &collegue)]).await;
    a.enregistrer(&affectation, &[("collegue", &collegue)]).await;
    let courriels = "select count(*) from courriel where evenement ->> 'genre' = 'echange'";
    assert_eq!(portail.nombre(courriels).await, 1);
    let journal = a.page(&chemins::journal(id)).await;
    assert_eq!(
        journal.texte(".portail-journal li dd"),
        "rien → Après : OG A édition (essai)"
    );

    let confiees = |page: &crate::portail::Reponse| page.compte("#confiees li");
    assert_eq!(confiees(&edition.page(chemins::PORTEUR).await), 1);
    assert_eq!(confiees(&a.page(chemins::PORTEUR).await), 0);
    assert_eq!(confiees(&a.page(&format!("{}?etapes=tous", chemins::PORTEUR)).await), 1);
    assert_eq!(
        confiees(&a.page(&format!("{}?etapes={collegue}", chemins::PORTEUR)).await),
        1
    );
    assert_eq!(confiees(&a.page(&format!("{}?etapes=rien", chemins::PORTEUR)).await), 0);

    // Who leaves the OG leaves its steps.
    let membre = Uuid::parse_str(&collegue).unwrap();
    a.enregistrer(&chemins::retrait(membre), &[]).await;
    assert_eq!(portail.nombre("select count(*) from affectation").await, 0);
    let journal = a.page(&chemins::journal(id)).await;
    assert_eq!(
        journal
            .textes(".portail-journal h2")
            .iter()
            .filter(|t| t.contains("confiée"))
            .count(),
        1
    );
    assert_eq!(
        portail
            .nombre("select count(*) from journal where champs @> '[{\"champ\": \"collegue\"}]'")
            .await,
        2
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn saves_in_a_row_are_read_as_one_and_every_one_is_exported(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (
        portail.connecte(Qui::EditionA).await,
        portail.connecte(Qui::DepotA).await,
    );
    let id = ouvrir(&a, "Journal").await;
    let etape = chemins::etape(id, ETAPE);
    let long = "Équiper nos établissements d’un même dossier usager informatisé en";
    for (version, fin) in ["deux ans", "deux ans et demi", "trois ans"].into_iter().enumerate() {
        portail.horloge.avancer(TimeDelta::minutes(2));
        let (texte, version) = (format!("{long} {fin}."), version.to_string());
        a.enregistrer(&etape, &[("objectifs", &texte), ("version", &version)])
            .await;
    }
    let page = chemins::journal(id);
    let rafale = a.page(&chemins::historique(id, ETAPE)).await;
    assert_eq!(rafale.compte(".portail-journal > li"), 1);
    assert!(
        rafale
            .texte(".portail-journal .govuk-body-s")
            .contains("en 3 enregistrements, depuis 10 h 02")
    );
    assert_eq!(
        rafale.compte(".portail-journal dd"),
        1,
        "from the first « before » to the last « after »"
    );

    // Somebody else's save, or a pause, begins another entry; a long text is compared word by word.
    portail.horloge.avancer(TimeDelta::minutes(11));
    a.enregistrer(
        &etape,
        &[("objectifs", &format!("{long} quatre ans.")), ("version", "3")],
    )
    .await;
    b.enregistrer(&etape, &[("objectifs", &format!("{long} cinq ans.")), ("version", "4")])
        .await;
    let adresse = format!("{page}?etape=motivations&champ=objectifs");
    let entrees = a.page(&adresse).await;
    assert_eq!(entrees.compte(".portail-journal > li"), 3);
    let premier = &entrees.textes(".portail-journal > li:first-child dd")[0];
    assert!(premier.contains("[retiré : quatre ] [ajouté : cinq ]"), "{premier}");

    let auteur = compte(&portail, Qui::DepotA).await;
    for (adresse, entrees) in [
        (format!("{adresse}&auteur={auteur}"), 1),
        (format!("{page}?au=2024-04-30"), 0),
        (format!("{page}?du=01/05/2024&etape=motivations"), 3),
        (format!("{page}?etape=rien&auteur=x&du=hier&page=99"), 4),
    ] {
        assert_eq!(
            a.page(&adresse).await.compte(".portail-journal > li"),
            entrees,
            "{adresse}"
        );
    }

    let csv = a.lire(&format!("{}?etape=motivations", chemins::journal_csv(id))).await;
    assert_eq!(
        (csv.statut, csv.entete("content-type")),
        (200, "text/csv; charset=utf-8")
    );
    let texte = String::from_utf8(csv.corps).unwrap();
    assert_eq!(texte.matches("OG A").count(), 5, "every save, and who made it: {texte}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_step_leads_to_what_is_said_of_it(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Échanges").await;
    for etape in Etape::TOUTES {
        let echanges = chemins::echanges(id, *etape);
        a.enregistrer(&echanges, &[("texte", "Un mot")]).await;
        let page = a.page(&chemins::etape(id, *etape)).await;
        assert!(page.texte(".portail-collegues").contains("1 commentaire"), "{etape:?}");
        let liens = page.attributs(".portail-collegues a", "href");
        assert_eq!(liens, [echanges, chemins::historique(id, *etape)], "{etape:?}");
    }
}
