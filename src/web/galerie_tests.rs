//! Every template of the components, rendered and read by selector.

use scraper::{ElementRef, Html, Selector};

use super::*;
use crate::web::exemples::saisie_refusee;

fn page(saisie: Saisie) -> Html {
    Html::parse_document(
        &Galerie::exemple(Arc::new(Ressources::exemple()), saisie)
            .render()
            .unwrap(),
    )
}

fn tous<'a>(page: &'a Html, selecteur: &str) -> Vec<ElementRef<'a>> {
    let selecteur = Selector::parse(selecteur).unwrap();
    page.select(&selecteur).collect()
}

fn un<'a>(page: &'a Html, selecteur: &str) -> ElementRef<'a> {
    let trouves = tous(page, selecteur);
    assert_eq!(trouves.len(), 1, "{selecteur}");
    trouves[0]
}

fn texte(element: ElementRef<'_>) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn nothing_breaks_the_content_security_policy() {
    let page = page(saisie_refusee());
    for interdit in [
        "[style]",
        "style",
        "script:not([src])",
        "[onclick]",
        "[src^='http']",
        "link[href^='http']",
    ] {
        assert!(tous(&page, interdit).is_empty(), "{interdit}");
    }
    assert_eq!(un(&page, "script").value().attr("type"), Some("module"));
}

#[test]
fn ids_are_unique_and_every_reference_has_its_target() {
    let page = page(saisie_refusee());
    let mut ids: Vec<_> = tous(&page, "[id]")
        .iter()
        .filter_map(|e| e.value().attr("id"))
        .collect();
    ids.sort_unstable();
    let nombre = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), nombre);
    for attribut in ["aria-describedby", "aria-labelledby", "aria-controls", "for"] {
        for element in tous(&page, &format!("[{attribut}]")) {
            for id in element.value().attr(attribut).unwrap().split_whitespace() {
                assert!(ids.binary_search(&id).is_ok(), "{attribut} {id}");
            }
        }
    }
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_links_to_each_field() {
    let page = page(saisie_refusee());
    let champ = un(&page, "#nom_projet");
    assert_eq!(champ.value().attr("value"), Some("Grappe <Seine> & Marne"));
    assert_eq!(champ.value().attr("aria-invalid"), Some("true"));
    assert_eq!(
        champ.value().attr("aria-describedby"),
        Some("nom_projet-aide nom_projet-erreur")
    );
    assert_eq!(
        texte(un(&page, "#nom_projet-erreur")),
        "Erreur : Écrivez au plus 20 caractères"
    );
    let liens = tous(&page, ".govuk-error-summary__list a");
    assert_eq!(liens.len(), 10);
    for lien in &liens {
        let cible = un(&page, lien.value().attr("href").unwrap());
        assert!(["input", "select", "textarea"].contains(&cible.value().name()));
    }
    assert_eq!(texte(liens[0]), "Nom du projet : écrivez au plus 20 caractères");
    assert!(texte(un(&page, "head title")).starts_with("Erreur : Galerie des composants — Portail"));
    assert_eq!(
        un(&page, "input[name=hebergement][checked]").value().attr("value"),
        Some("saas")
    );
    assert_eq!(
        un(&page, "input[name=socles][checked]").value().attr("value"),
        Some("dmp")
    );
    assert_eq!(un(&page, "#solution option[selected]").value().attr("value"), Some("b"));
    assert_eq!(un(&page, "[name=debut-jour]").value().attr("value"), Some("31"));
    assert_eq!(un(&page, "#mot_de_passe").value().attr("value"), None);
}

#[test]
fn a_form_without_error_has_no_summary() {
    let page = page(Saisie::vide());
    assert!(tous(&page, ".govuk-error-summary, .govuk-error-message, [aria-invalid]").is_empty());
    assert!(texte(un(&page, "head title")).starts_with("Galerie"));
}

#[test]
fn every_outcome_has_its_word_and_its_colour() {
    let page = page(Saisie::vide());
    let vus: Vec<_> = tous(&page, ".portail-etat .govuk-tag")
        .into_iter()
        .map(|e| {
            (
                e.value().classes().find(|c| c.contains("--")).unwrap().to_owned(),
                texte(e),
            )
        })
        .collect();
    let vus: Vec<_> = vus
        .iter()
        .map(|(classe, mot)| (classe.trim_start_matches("govuk-tag--"), mot.as_str()))
        .collect();
    assert_eq!(
        vus,
        [
            ("green", "Satisfait"),
            ("red", "Non satisfait"),
            ("orange", "Non satisfait, sans bloquer"),
            ("grey", "Non satisfait, pour information"),
            ("grey", "À compléter"),
            ("blue", "À apprécier par l’ARS"),
            ("grey", "Sans objet"),
        ]
    );
}

#[test]
fn a_constat_says_why_and_how_to_repair() {
    let page = page(Saisie::vide());
    let carte = un(&page, "#constat-ELI-G01");
    let lu = texte(carte);
    for attendu in [
        "12 ESSMS éligibles",
        "Minimum : 15",
        "Pour y remédier : Ajouter 3 ESSMS",
        "2 ESSMS concernés",
        "Source :",
    ] {
        assert!(lu.contains(attendu), "{attendu} — {lu}");
    }
    assert_eq!(tous(&page, "article.portail-constat").len(), 5);
}

#[test]
fn the_planning_has_a_drawing_a_title_and_a_table() {
    let page = page(Saisie::vide());
    assert_eq!(tous(&page, "svg[role=img] rect").len(), 6);
    assert_eq!(texte(un(&page, "#planning-titre")), "Planning du projet");
    assert!(tous(&page, "details td").iter().any(|td| texte(*td) == "30/09/2024"));
}

#[test]
fn the_chrome_knows_who_is_there_and_where() {
    let page = page(Saisie::vide());
    assert_eq!(un(&page, "html").value().attr("lang"), Some("fr"));
    assert_eq!(texte(un(&page, ".portail-navigation [aria-current=true]")), "Grappes");
    assert_eq!(
        un(&page, "header form input[name=csrf]").value().attr("value"),
        Some("jeton-d-exemple")
    );
    assert!(texte(un(&page, ".portail-demonstration")).contains("Les dates sont décalées de deux ans."));
    assert_eq!(un(&page, ".govuk-skip-link").value().attr("href"), Some("#contenu"));
    assert!(texte(un(&page, "footer")).contains(env!("CARGO_PKG_VERSION")));
    assert_eq!(tous(&page, "main").len(), 1);
}
