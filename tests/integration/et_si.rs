//! « Et si… »: changes tried without writing, then applied all at once; the smallest that mend a grappe.

use portail_grappes::domain::dossier::Etape;
use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{coller, deposer, emprunter, formulaire_essms, ouvrir, pret};
use crate::portail::registre::{AUTRE_SOLUTION, ehpad, ehpads, ferme, ime, og_a};
use crate::portail::{Navigateur, Portail, Qui, Reponse};

const DANS_LA_GRAPPE: &str = "select count(*) from grappe_essms where retire_le is null";
const APPLIQUER: &str = "#essai form[method=post]";

fn essai(dossier: Uuid, requete: &str) -> String {
    format!("{}?{requete}", chemins::et_si(dossier))
}

/// What the form that applies the preview would send.
pub fn a_appliquer(page: &Reponse) -> Vec<(String, String)> {
    let champ = format!("{APPLIQUER} input[type=hidden]");
    let noms = page.attributs(&champ, "name");
    let champs = noms.into_iter().zip(page.attributs(&champ, "value"));
    champs.filter(|(nom, _)| nom != "csrf").collect()
}

async fn numeros(navigateur: &Navigateur, dossier: Uuid) -> Vec<String> {
    let page = navigateur.page(&chemins::grappe(dossier)).await;
    page.attributs("#composition input[name=finess]", "value")
}

/// A draft of these EHPADs of the OG A, every fact answered.
async fn repondu(navigateur: &Navigateur, nom: &str, rangs: std::ops::RangeInclusive<usize>) -> Uuid {
    let dossier = ouvrir(navigateur, nom).await;
    let tous = ehpads(rangs);
    coller(navigateur, dossier, &tous).await;
    let faits = formulaire_essms(&tous, "0");
    navigateur
        .enregistrer(&chemins::essms(dossier), &emprunter(&faits))
        .await;
    dossier
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn trying_shows_both_sides_and_writes_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = repondu(&a, "Essayée", 1..=16).await;
    let avant = (
        portail.nombre("select count(*) from journal").await,
        portail.texte("select max(modifie_le)::text from dossier").await,
    );
    let (e1, e2) = (ehpad(1), ehpad(2));
    let requete = format!("retirer={e1}&retirer={e2}&{}-type_projet=mise_en_conformite", ehpad(3));
    let page = a.page(&essai(id, &requete)).await;
    assert_eq!(
        page.texte("#titre-essai"),
        "Ce que vous essayez : 2 ESSMS retirés, 1 réponse changée"
    );
    let cotes = page.textes(".portail-cote dd");
    assert_eq!(
        (cotes[2].as_str(), cotes[9].as_str()),
        (
            "16 (16 éligibles, 0 en question, 0 exclu)",
            "14 (14 éligibles, 0 en question, 0 exclu)"
        )
    );
    assert!(page.tout().contains("ELI-G01"), "{}", page.resume());
    // The answer tried is in the form still, the boxes too.
    assert_eq!(page.compte(&format!("#retirer-{e1}[checked]")), 1);
    assert_eq!(page.champ(&format!("{}-type_projet", ehpad(3))), ["mise_en_conformite"]);
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 16);
    let apres = (
        portail.nombre("select count(*) from journal").await,
        portail.texte("select max(modifie_le)::text from dossier").await,
    );
    assert_eq!(avant, apres);
    // The dossier's own verdict, around the page, is that of before.
    assert!(
        page.texte(".portail-colonnes__cote .portail-coup-d-oeil")
            .contains("16 éligibles")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn applying_does_everything_at_once_keeps_answers_and_is_undone_by_its_inverse(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = pret(&a, "Appliquée", 1).await;
    let entrees = portail.nombre("select count(*) from journal").await;
    let requete = format!(
        "retirer={}&ajouter={}&tous-hebergement=externe&solution={AUTRE_SOLUTION}&signataire={}",
        ehpad(1),
        ehpad(20),
        ehpad(2)
    );
    let page = a.page(&essai(id, &requete)).await;
    let suite = a
        .enregistrer(&chemins::et_si(id), &emprunter(&a_appliquer(&page)))
        .await;
    let page = a.page(suite.vers()).await;
    assert!(
        page.texte(".govuk-notification-banner__heading")
            .starts_with("Changements essayés puis appliqués : 1 ESSMS retiré, 1 ESSMS ajouté, 18 réponses changées."),
        "{}",
        page.texte(".govuk-notification-banner__heading")
    );
    assert_eq!(portail.nombre("select count(*) from journal").await, entrees + 1);
    let voulus: Vec<String> = ehpads(2..=16).into_iter().chain([ehpad(20)]).collect();
    assert_eq!(numeros(&a, id).await, voulus);
    let faits = a.page(&chemins::essms(id)).await;
    assert_eq!(faits.champ(&format!("{}-hebergement", ehpad(2))), ["externe"]);
    assert_eq!(faits.champ(&format!("{}-personnes_accompagnees", ehpad(2))), ["80"]);
    let solution = a.page(&chemins::etape(id, Etape::Solution)).await;
    assert_eq!(solution.champ("solution"), [AUTRE_SOLUTION.to_string()]);
    assert_eq!(
        solution.champ("echange_amont"),
        ["oui"],
        "the other answers of the step stay"
    );
    // Backwards: tried, then applied, everything is as before.
    let retour = page.attributs(".govuk-notification-banner__link", "href").remove(0);
    let page = a.page(&retour).await;
    a.enregistrer(&chemins::et_si(id), &emprunter(&a_appliquer(&page)))
        .await;
    let mut rendus = numeros(&a, id).await;
    rendus.sort();
    assert_eq!(rendus, ehpads(1..=16));
    let faits = a.page(&chemins::essms(id)).await;
    for numero in ehpads(1..=16) {
        assert_eq!(faits.champ(&format!("{numero}-hebergement")), ["saas"], "{numero}");
        assert_eq!(faits.champ(&format!("{numero}-personnes_accompagnees")), ["80"]);
    }
    let projet = a.page(&chemins::etape(id, Etape::Projet)).await;
    assert_eq!(projet.champ("signataire"), [ehpad(1)]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_mes_essms_knows_comes_with_an_essms_that_is_tried_then_added(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    repondu(&a, "Première", 1..=3).await;
    let id = ouvrir(&a, "Seconde").await;
    let page = a.page(&essai(id, &format!("ajouter={}", ehpad(1)))).await;
    a.enregistrer(&chemins::et_si(id), &emprunter(&a_appliquer(&page)))
        .await;
    let su = "select string_agg(g.reponses->>'deja_finance', ' ') from grappe_essms g
              join dossier d on d.id = g.dossier_id where d.nom = 'Seconde'";
    assert_eq!(portail.texte(su).await, "[\"non\"]");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_smallest_remedy_is_proposed_tried_and_applied(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = repondu(&a, "À réparer", 1..=12).await;
    let grappe = a.page(&chemins::grappe(id)).await;
    assert_eq!(
        grappe.texte("#titre-remede"),
        "Pour rendre la grappe éligible : ajouter 3 ESSMS"
    );
    let essayer = grappe.attributs(".portail-remede a", "href").remove(0);
    let page = a.page(&essayer).await;
    let verdicts = page.textes(".portail-cote dd .govuk-tag");
    assert_eq!(verdicts[0], "Non satisfait");
    assert_eq!(
        verdicts[2], "À compléter",
        "the three that come have answered nothing yet"
    );
    a.enregistrer(&chemins::et_si(id), &emprunter(&a_appliquer(&page)))
        .await;
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 15);
    let grappe = a.page(&chemins::grappe(id)).await;
    assert_eq!(grappe.compte("#titre-remede"), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_is_engaged_elsewhere_is_not_proposed(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    // Deposited: the EHPADs 1 to 16 are engaged.
    let depose = pret(&a, "Déposée", 1).await;
    deposer(&a, depose).await;
    let id = repondu(&a, "Les autres", 17..=28).await;
    let page = a.page(&chemins::et_si(id)).await;
    let essayer = page.attributs(".portail-remede a", "href").remove(0);
    for engage in ehpads(1..=16) {
        assert!(!essayer.contains(&engage), "{engage}");
    }
    assert!(essayer.contains(&ehpad(29)), "{essayer}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn what_cannot_be_read_is_named_and_kept_and_the_rest_is_lenient(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = repondu(&a, "Mal saisie", 1..=3).await;
    let inconnu = "750399990";
    let colle = format!("{}+{}+123456789012+{inconnu}+{}", ehpad(1), ferme(), og_a());
    let page = a.lire(&essai(id, &format!("ajouter={colle}"))).await;
    assert_eq!(page.statut, 422);
    assert!(page.tout().contains("123456789012") && page.tout().contains("numéro FINESS juridique"));
    assert!(page.champ("ajouter")[0].contains("123456789012"));
    assert_eq!(page.compte(APPLIQUER), 0, "nothing is applied until it is mended");
    assert!(page.tout().contains("déjà dans la grappe") && page.tout().contains("est fermé depuis le 31/12/2023"));
    for bizarre in [
        "retirer=rien&solution=x&signataire=%00&tous-type_projet=zut&enregistrement=1&defaire=%26%3D",
        "ajouter=&retirer=&x=%FF%FE&=&&base=%7B",
        &format!("retirer={}&{}-hebergement=nuage", ime(1), ehpad(1)),
    ] {
        let page = a.lire(&essai(id, bizarre)).await;
        assert_eq!((page.statut, page.compte("#essai")), (200, 0), "{bizarre}");
    }
    let refus = a
        .envoyer(&chemins::et_si(id), &[("ajouter", "123456789012"), ("base", "{")])
        .await;
    assert_eq!(refus.statut, 422);
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 3);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_colleagues_answer_stops_what_contradicts_it_and_nothing_else(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = repondu(&a, "À deux", 1..=4).await;
    let requete = format!("{}-hebergement=externe&retirer={}", ehpad(1), ehpad(4));
    let champs = a_appliquer(&a.page(&essai(id, &requete)).await);
    // A colleague answers something else for the same ESSMS, in the same field.
    let version = a.page(&chemins::essms(id)).await.champ("version")[0].clone();
    let mut faits = formulaire_essms(&ehpads(1..=4), &version);
    for (nom, valeur) in &mut faits {
        if *nom == format!("{}-hebergement", ehpad(1)) {
            "on_premise".clone_into(valeur);
        }
    }
    a.enregistrer(&chemins::essms(id), &emprunter(&faits)).await;
    let refus = a.envoyer(&chemins::et_si(id), &emprunter(&champs)).await;
    assert_eq!(refus.statut, 409);
    let lignes = refus.textes(".govuk-error-summary td");
    assert!(
        lignes[0].starts_with("Sur site") && lignes[1] == "Hébergement externe",
        "{lignes:?}"
    );
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 4);
    // Seen and wanted all the same: the page that refused carries what is there now.
    a.enregistrer(&chemins::et_si(id), &emprunter(&a_appliquer(&refus)))
        .await;
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 3);
    // An ESSMS that has left is said too.
    let champs = a_appliquer(&a.page(&essai(id, &format!("{}-hebergement=saas", ehpad(1)))).await);
    a.enregistrer(&chemins::grappe_retirer(id), &[("finess", &ehpad(1))])
        .await;
    let refus = a.envoyer(&chemins::et_si(id), &emprunter(&champs)).await;
    assert_eq!(refus.statut, 409);
    assert!(
        refus
            .texte(".govuk-error-summary")
            .contains("n’est plus dans la grappe")
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn only_who_may_write_the_draft_applies(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::DepotA).await;
    let id = pret(&a, "À garder", 1).await;
    let requete = format!("retirer={}", ehpad(1));
    let champs = a_appliquer(&a.page(&essai(id, &requete)).await);
    let b = portail.connecte(Qui::DepotB).await;
    for reponse in [
        b.lire(&essai(id, &requete)).await,
        b.envoyer(&chemins::et_si(id), &emprunter(&champs)).await,
    ] {
        assert_eq!(reponse.statut, 404);
        assert!(!reponse.tout().contains(&ehpad(1)));
    }
    let lecture = portail.connecte(Qui::LectureA).await;
    let page = lecture.page(&essai(id, &requete)).await;
    assert_eq!((page.compte("#essai"), page.compte(APPLIQUER)), (1, 0));
    let refus = lecture.envoyer(&chemins::et_si(id), &emprunter(&champs)).await;
    assert_eq!(refus.statut, 403);
    deposer(&a, id).await;
    let refus = a.envoyer(&chemins::et_si(id), &emprunter(&champs)).await;
    assert_eq!(
        (refus.statut, refus.texte("h1")),
        (409, "Ce dossier est déposé".to_owned())
    );
    let page = a.page(&essai(id, &requete)).await;
    assert_eq!((page.compte("#essai"), page.compte("#ajouter")), (0, 0));
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 16);
}
