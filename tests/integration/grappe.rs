//! A dossier opened, and its grappe composed: added, pasted, taken out, put back.

use portail_grappes::web::chemins;
use sqlx::PgPool;
use uuid::Uuid;

use crate::portail::dossier::{coller, emprunter, formulaire_essms, numero_de, ouvrir};
use crate::portail::registre::{ehpad, ehpads, ferme, hopital, ime, og_a};
use crate::portail::{EDITION, Navigateur, Portail, Qui};

const DANS_LA_GRAPPE: &str = "select count(*) from grappe_essms where retire_le is null";

async fn numeros(navigateur: &Navigateur, dossier: Uuid) -> Vec<String> {
    let page = navigateur.page(&chemins::grappe(dossier)).await;
    page.attributs("#composition input[name=finess]", "value")
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_dossier_needs_a_name_and_an_edition(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let page = a.page(chemins::NOUVEAU).await;
    assert_eq!(page.attributs("input[name=edition]", "value").len(), 3);
    let trop_long = "é".repeat(121);
    for (nom, edition, attendus) in [
        ("", "", vec!["#nom", "#edition"]),
        ("   ", EDITION, vec!["#nom"]),
        (trop_long.as_str(), EDITION, vec!["#nom"]),
        ("a\u{0}b", EDITION, vec!["#nom"]),
        ("Grappe", "idf-1999", vec!["#edition"]),
    ] {
        let refus = a.envoyer(chemins::NOUVEAU, &[("nom", nom), ("edition", edition)]).await;
        assert_eq!(refus.statut, 422, "{nom:?}");
        assert_eq!(refus.attributs(".govuk-error-summary__list a", "href"), attendus);
        assert_eq!(refus.champ("nom"), [nom.replace('\0', "\u{fffd}")]);
    }
    assert_eq!(portail.nombre("select count(*) from dossier").await, 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_closed_appel_a_projets_is_said_closed_and_asks_for_confirmation(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let aides = a.page(chemins::NOUVEAU).await.textes(".govuk-radios__hint");
    assert!(
        aides[0].contains("à 23 h 59") && aides[0].contains("Fenêtres de dépôt"),
        "{aides:?}"
    );
    assert!(
        aides[2].starts_with("Appel à projets clos depuis le 15/10/2021."),
        "{aides:?}"
    );
    let mut champs = vec![("nom", "Trop tard"), ("edition", "idf-2021-t2")];
    let refus = a.envoyer(chemins::NOUVEAU, &champs).await;
    assert_eq!(refus.statut, 422);
    assert_eq!(refus.attributs(".govuk-error-summary__list a", "href"), ["#clos"]);
    assert_eq!(refus.compte("input[name=clos]"), 1);
    assert_eq!(portail.nombre("select count(*) from dossier").await, 0);
    champs.push(("clos", "oui"));
    a.enregistrer(chemins::NOUVEAU, &champs).await;
    assert_eq!(portail.texte("select edition from dossier").await, "idf-2021-t2");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn opening_a_dossier_makes_a_draft_of_ones_own_og(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let nom = "é".repeat(120);
    let id = ouvrir(&a, &format!("  {nom}  ")).await;
    let ligne: (String, String, String, String) =
        sqlx::query_as("select nom, porteur, etat, region from dossier where id = $1")
            .bind(id)
            .fetch_one(&portail.pool)
            .await
            .unwrap();
    assert_eq!(
        ligne,
        (nom.clone(), og_a().to_string(), "brouillon".into(), "11".into())
    );
    assert_eq!(portail.texte("select action from journal").await, "Dossier ouvert");
    let tableau = a.page(chemins::PORTEUR).await;
    assert_eq!(tableau.texte(".portail-carte h3 a"), nom);
    assert_eq!(tableau.texte(".portail-carte .govuk-tag"), "Brouillon, non déposé");
    assert!(
        portail
            .connecte(Qui::DepotB)
            .await
            .page(chemins::PORTEUR)
            .await
            .textes(".portail-carte")
            .is_empty()
    );
    let lecture = portail.connecte(Qui::LectureA).await;
    assert_eq!(
        lecture
            .envoyer(chemins::NOUVEAU, &[("nom", "x"), ("edition", EDITION)])
            .await
            .statut,
        403
    );
    assert_eq!(portail.nombre("select count(*) from dossier").await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn the_search_finds_by_name_and_adds_what_was_ticked(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Cherchée").await;
    let page = a.page(&format!("{}?q=marronnier", chemins::grappe(id))).await;
    assert_eq!(
        page.attributs("#titre-chercher ~ form input[name=finess]", "value")
            .len(),
        18
    );
    let champs = [("finess", ime(3)), ("finess", ehpad(2))].map(|(n, v)| (n.to_owned(), v));
    let suite = a.enregistrer(&chemins::grappe_ajouter(id), &emprunter(&champs)).await;
    let page = a.page(suite.vers()).await;
    assert_eq!(
        page.texte(".govuk-notification-banner__heading"),
        "Ajout à la grappe : 2 ESSMS concernés. Votre dossier reste un brouillon : il n’est pas déposé."
    );
    assert_eq!(numeros(&a, id).await, [ime(3), ehpad(2)]);
    // What is already there is offered no more, and added no more.
    let page = a.page(&format!("{}?q=marronnier", chemins::grappe(id))).await;
    let deja = format!("input[value='{}'][disabled]", ime(3));
    assert_eq!(page.compte(&deja), 1);
    let encore = a
        .enregistrer(&chemins::grappe_ajouter(id), &[("finess", &ime(3))])
        .await;
    assert_eq!(
        encore.vers(),
        chemins::inchange(&chemins::grappe(id)),
        "nothing was saved, and the page says so"
    );
    assert_eq!(
        portail
            .nombre("select count(*) from journal where etape = 'essms'")
            .await,
        1
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_search_of_many_is_paged_and_one_goes_on_adding_from_the_same_page(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Cherchée").await;
    let page = a.page(&format!("{}?q=tilleul", chemins::grappe(id))).await;
    assert_eq!(page.texte("#resultats"), "34 résultats pour « tilleul »");
    assert_eq!(page.compte("input[id^=trouve-]"), 20);
    let adresse = page.attributs("a[rel=next]", "href").remove(0);
    let page = a.page(&adresse).await;
    let trouves = page.attributs("input[id^=trouve-]", "value");
    assert_eq!(trouves.len(), 14);
    let formulaire = format!("form[action='{}']", chemins::grappe_ajouter(id));
    let champ = |nom: &str| page.valeur(&format!("{formulaire} input[name={nom}]"));
    let (q, rang) = (champ("q"), champ("page"));
    assert_eq!((q.as_str(), rang.as_str()), ("tilleul", "2"));
    let champs = [("finess", trouves[0].as_str()), ("q", &q), ("page", &rang)];
    let suite = a.enregistrer(&chemins::grappe_ajouter(id), &champs).await;
    let page = a.page(suite.vers()).await;
    assert_eq!(page.attributs("input[id^=trouve-]", "value"), trouves);
    assert_eq!(page.attributs("input[id^=trouve-][disabled]", "value"), trouves[..1]);
    // An address that was cut or edited shows what it can.
    for (requete, attendus) in [
        ("q=tilleul&page=abc", 20),
        ("q=tilleul&page=99", 14),
        ("enregistrement=7", 0),
    ] {
        let page = a.page(&format!("{}?{requete}", chemins::grappe(id))).await;
        assert_eq!(page.compte("input[id^=trouve-]"), attendus, "{requete}");
    }
}

/// Close spellings are looked up by the same role as the rest of the page.
#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_mistyped_search_finds_all_the_same_and_a_vain_one_says_so(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Cherchée").await;
    let trouves = async |texte: &str| {
        let page = a.page(&format!("{}?q={texte}", chemins::grappe(id))).await;
        (page.texte("#resultats"), page.compte("input[id^=trouve-]"))
    };
    assert_eq!(trouves("maronier").await, ("18 résultats pour « maronier »".into(), 18));
    assert_eq!(trouves("zzzz").await, ("0 résultat pour « zzzz »".into(), 0));
    assert_eq!(trouves(&ehpad(4)).await.1, 1);
    assert_eq!(
        trouves(&"tilleul".repeat(500)).await.1,
        0,
        "longer than PostgreSQL compares"
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn adding_nothing_or_nonsense_changes_nothing(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Vide").await;
    for champs in [
        vec![],
        vec![("finess", "")],
        vec![("finess", "123"), ("finess", "'; drop table essms")],
    ] {
        a.enregistrer(&chemins::grappe_ajouter(id), &champs).await;
        a.enregistrer(&chemins::grappe_retirer(id), &champs).await;
    }
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 0);
    assert_eq!(portail.nombre("select count(*) from journal").await, 1);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_paste_with_faults_is_shown_again_whole_then_its_good_numbers_can_be_added_alone(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Collée").await;
    let mut faux = ehpad(5);
    let cle = faux.pop().unwrap();
    faux.push(if cle == '0' { '1' } else { '0' });
    let colle = format!("EHPAD Tilleul;{}\n{faux}\n{}\n{}", ehpad(1), og_a(), ime(1));
    let refus = a.envoyer(&chemins::grappe_coller(id), &[("numeros", &colle)]).await;
    assert_eq!(refus.statut, 422);
    let erreurs = refus.erreurs();
    assert_eq!(erreurs.len(), 2, "{erreurs:?}");
    assert!(erreurs[0].contains(&faux) && erreurs[0].contains("clé"), "{erreurs:?}");
    assert!(erreurs[1].contains("Association Alpha"), "{erreurs:?}");
    assert_eq!(refus.champ("numeros"), [colle.as_str()]);
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 0);

    let champs = [("numeros", colle.as_str()), ("fautes", "ignorer")];
    let suite = a.enregistrer(&chemins::grappe_coller(id), &champs).await;
    let page = a.page(suite.vers()).await;
    assert_eq!(
        page.champ("numeros"),
        [format!("{faux}\n{}", og_a())],
        "what is left to correct"
    );
    assert_eq!(numeros(&a, id).await, [ehpad(1), ime(1)]);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn every_pasted_number_is_answered_after_the_save(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Collée").await;
    coller(&a, id, &ehpads(1..=1)).await;
    let inconnu = portail_grappes::domain::finess::Finess::depuis_racine("75088888")
        .unwrap()
        .to_string();
    let colle = [
        ehpad(1),
        ehpad(2),
        ehpad(2),
        ferme(),
        inconnu.clone(),
        og_a().to_string(),
        "7507193".into(),
    ]
    .join("\n");
    let refus = a.envoyer(&chemins::grappe_coller(id), &[("numeros", &colle)]).await;
    let choisir = refus.attributs("#organismes-colles a", "href");
    assert_eq!(
        choisir,
        [format!("{}?q={}", chemins::grappe(id), og_a())],
        "the ESSMS of an EJ are proposed"
    );
    let champs = [("numeros", colle.as_str()), ("fautes", "ignorer")];
    let suite = a.enregistrer(&chemins::grappe_coller(id), &champs).await;
    let page = a.page(suite.vers()).await;
    let reponses: Vec<(String, String)> = page
        .textes("#colles tbody th")
        .into_iter()
        .zip(page.textes("#colles tbody .govuk-tag"))
        .collect();
    let attendues = [
        (ehpad(2), "Ajouté"),
        (ferme(), "Ajouté, à vérifier"),
        (inconnu, "Ajouté, à vérifier"),
        (ehpad(1), "Déjà dans la grappe"),
        (ehpad(2), "Donné plusieurs fois, gardé une fois"),
        ("7507193".into(), "Non ajouté"),
        (og_a().to_string(), "Non ajouté"),
    ];
    assert_eq!(
        reponses,
        attendues.map(|(numero, reponse)| (numero, reponse.to_owned()))
    );
    assert_eq!(page.attributs("#organismes-colles a", "href"), choisir);
    // Nothing new: the page still answers, and says nothing that is not so.
    let encore = a
        .enregistrer(&chemins::grappe_coller(id), &[("numeros", &ehpad(1))])
        .await;
    let page = a.page(encore.vers()).await;
    assert_eq!(page.textes("#colles .govuk-tag"), ["Déjà dans la grappe"]);
    let menteuse = format!("{}?ajoutes={}", chemins::grappe(id), ehpad(9));
    assert_eq!(a.page(&menteuse).await.compte("#colles"), 0);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn an_empty_paste_and_one_too_big_are_refused(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Collée").await;
    let vide = a
        .envoyer(&chemins::grappe_coller(id), &[("numeros", "que des mots")])
        .await;
    assert_eq!((vide.statut, vide.erreurs().len()), (422, 1));
    // Too much left to fit in the address of the next page: everything stays in the box.
    let fautes = format!("{}\n{}", ehpad(1), "7507193\n".repeat(1_000));
    let champs = [("numeros", fautes.as_str()), ("fautes", "ignorer")];
    let refus = a.envoyer(&chemins::grappe_coller(id), &champs).await;
    assert_eq!((refus.statut, refus.champ("numeros")), (422, vec![fautes.clone()]));
    let beaucoup: Vec<String> = (1..=501)
        .map(|n| {
            portail_grappes::domain::finess::Finess::depuis_racine(&format!("7509{n:04}"))
                .unwrap()
                .to_string()
        })
        .collect();
    let trop = a
        .envoyer(&chemins::grappe_coller(id), &[("numeros", &beaucoup.join(" "))])
        .await;
    assert_eq!(trop.statut, 422);
    assert_eq!(trop.erreurs(), ["Numéros FINESS : un dossier compte au plus 500 ESSMS"]);
    coller(&a, id, &beaucoup[..500]).await;
    assert_eq!(portail.nombre(DANS_LA_GRAPPE).await, 500);
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn closed_unknown_and_hospital_rows_stay_with_their_verdict(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Mêlée").await;
    let inconnu = portail_grappes::domain::finess::Finess::depuis_racine("75088888")
        .unwrap()
        .to_string();
    coller(&a, id, &[ehpad(1), ferme(), hopital(), inconnu]).await;
    let page = a.page(&chemins::grappe(id)).await;
    let statuts: Vec<String> = page.textes("#composition .govuk-tag");
    assert_eq!(statuts.len(), 4);
    assert_eq!(statuts[1], "Exclu", "closed: {statuts:?}");
    let lignes = page.textes("#composition tbody th");
    assert!(lignes[3].starts_with("ESSMS inconnu du répertoire"), "{lignes:?}");
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn taking_out_then_undoing_keeps_every_answer(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let a = portail.connecte(Qui::EditionA).await;
    let id = ouvrir(&a, "Défaite").await;
    let deux = ehpads(1..=2);
    coller(&a, id, &deux).await;
    a.enregistrer(&chemins::essms(id), &emprunter(&formulaire_essms(&deux, "0")))
        .await;
    let suite = a
        .enregistrer(&chemins::grappe_retirer(id), &[("finess", &deux[0])])
        .await;
    assert_eq!(numeros(&a, id).await, deux[1..]);
    let page = a.page(suite.vers()).await;
    let annuler = format!("form[action='{}']", chemins::grappe_ajouter(id));
    let offert = page.valeur(&format!(".govuk-notification-banner {annuler} input[name=finess]"));
    assert_eq!(offert, deux[0]);
    a.enregistrer(&chemins::grappe_ajouter(id), &[("finess", &offert)])
        .await;
    let faits = a.page(&chemins::essms(id)).await;
    for numero in &deux {
        assert_eq!(faits.champ(&format!("{numero}-personnes_accompagnees")), ["80"]);
        assert_eq!(faits.champ(&format!("{numero}-type_projet")), ["acquisition"]);
    }
    let journal = a.page(&chemins::journal(id)).await;
    assert_eq!(
        journal.textes(".portail-journal h2")[..2],
        [
            "Ajout à la grappe : 1 ESSMS concerné",
            "Retrait de la grappe : 1 ESSMS concerné"
        ]
    );
}

#[sqlx::test(migrator = "portail_grappes::store::MIGRATIONS")]
async fn a_stranger_composes_no_grappe_but_its_own(pool: PgPool) {
    let portail = Portail::ouvrir(pool).await;
    let (a, b) = (portail.connecte(Qui::DepotA).await, portail.connecte(Qui::DepotB).await);
    let id = ouvrir(&a, "De A").await;
    coller(&a, id, &[ehpad(1)]).await;
    for (adresse, champ, valeur) in [
        (chemins::grappe_ajouter(id), "finess", ime(1)),
        (chemins::grappe_coller(id), "numeros", ime(1)),
        (chemins::grappe_retirer(id), "finess", ehpad(1)),
    ] {
        let refus = b.envoyer(&adresse, &[(champ, &valeur)]).await;
        assert_eq!(refus.statut, 404);
        assert!(!refus.tout().contains(&ehpad(1)));
    }
    assert_eq!(numeros(&a, id).await, [ehpad(1)]);
    assert_eq!(numero_de(&chemins::grappe(id)), id);
}
