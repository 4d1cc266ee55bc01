//! Who may import whom, as `src/lib.rs` states it: the source is read as text, and a room that reaches
//! for another one it should not know fails here with the line to look at.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The actors: their spaces never know each other.
const ACTEURS: [&str; 7] = [
    "public",
    "accounts",
    "porteur",
    "instruction",
    "accompagnement",
    "admin",
    "api",
];

/// The rooms that put the others together.
const ASSEMBLAGE: [&str; 6] = ["demonstration", "lib", "main", "portail", "routes", "server"];

/// What a room may know beside itself; `None` for one that sees everything.
fn connaissances(piece: &str) -> Option<&'static [&'static str]> {
    Some(match piece {
        _ if ASSEMBLAGE.contains(&piece) => return None,
        "domain" | "clock" | "postgres" => &[],
        "rules" | "matching" => &["domain"],
        "store" | "simulation" | "documents" => &["domain", "rules"],
        "registry" => &["domain", "store"],
        "web" => &["domain", "rules", "store", "clock"],
        // Mails hold addresses of pages.
        "jobs" => &["domain", "rules", "store", "documents", "clock", "config", "web"],
        "config" => &["clock"],
        "traces" => &["config"],
        "base" => &["config", "postgres", "store"],
        _ if ACTEURS.contains(&piece) => &[
            "domain",
            "rules",
            "matching",
            "store",
            "registry",
            "simulation",
            "documents",
            "jobs",
            "web",
        ],
        inconnue => panic!("« {inconnue} » is in no list of tests/architecture.rs: say whom it may know"),
    })
}

fn racine() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of a folder whose name ends like this, by its path from the root of the project.
fn fichiers(dossier: &str, fin: &str) -> Vec<(String, String)> {
    fn parcourir(dossier: &Path, fin: &str, trouves: &mut Vec<PathBuf>) {
        for entree in fs::read_dir(dossier).unwrap() {
            let chemin = entree.unwrap().path();
            if chemin.is_dir() {
                parcourir(&chemin, fin, trouves);
            } else if chemin.to_str().unwrap().ends_with(fin) {
                trouves.push(chemin);
            }
        }
    }
    let mut trouves = Vec::new();
    parcourir(&racine().join(dossier), fin, &mut trouves);
    trouves.sort();
    let relatif = |chemin: &Path| chemin.strip_prefix(racine()).unwrap().to_str().unwrap().to_owned();
    trouves
        .iter()
        .map(|chemin| (relatif(chemin), fs::read_to_string(chemin).unwrap()))
        .collect()
}

fn sources() -> Vec<(String, String)> {
    fichiers("src", ".rs")
}

/// The room of a file: `src/web/page.rs` and `src/web.rs` are in `web`.
fn piece(chemin: &str) -> &str {
    chemin
        .trim_start_matches("src/")
        .split('/')
        .next()
        .unwrap()
        .trim_end_matches(".rs")
}

/// A line without its comment, whose links may lead anywhere.
fn code(ligne: &str) -> &str {
    ligne.split("//").next().unwrap()
}

/// The first name after each `crate::`, and every one of them in `crate::{a, b::c}`.
fn pieces_citees(texte: &str) -> BTreeSet<String> {
    let nom = |texte: &str| -> String {
        texte
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut citees = BTreeSet::new();
    for suite in texte.split("crate::").skip(1) {
        let Some(groupe) = suite.strip_prefix('{') else {
            citees.insert(nom(suite));
            continue;
        };
        let mut profondeur = 0usize;
        let mut element = String::new();
        for c in groupe.chars() {
            match c {
                '{' => profondeur += 1,
                '}' if profondeur == 0 => break,
                '}' => profondeur -= 1,
                ',' if profondeur == 0 => {
                    citees.insert(nom(&std::mem::take(&mut element)));
                }
                _ if profondeur == 0 => element.push(c),
                _ => {}
            }
        }
        citees.insert(nom(&element));
    }
    citees.remove("");
    citees
}

fn sans_commentaires(texte: &str) -> String {
    texte.lines().map(code).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_room_knows_only_the_rooms_below_it() {
    let pieces: BTreeSet<String> = sources().iter().map(|(chemin, _)| piece(chemin).to_owned()).collect();
    let mut fautes = Vec::new();
    for (chemin, texte) in sources() {
        let ici = piece(&chemin);
        let Some(connues) = connaissances(ici) else { continue };
        for citee in pieces_citees(&sans_commentaires(&texte)) {
            if citee != ici && pieces.contains(&citee) && !connues.contains(&citee.as_str()) {
                fautes.push(format!("{chemin} knows {citee}"));
            }
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

#[test]
fn groups_of_imports_are_read_whole() {
    let texte = "use crate::{\n    config::{self, Config},\n    store,\n};\nlet a = crate::web::page(crate::rules::s);";
    assert_eq!(
        Vec::from_iter(pieces_citees(texte)),
        ["config", "rules", "store", "web"]
    );
}

#[test]
fn the_core_knows_neither_database_nor_network_nor_time() {
    let interdits = [
        "sqlx",
        "axum",
        "tokio",
        "Utc::now",
        "Local::now",
        "std::env",
        "std::fs",
        "SystemTime",
    ];
    let mut fautes = Vec::new();
    for (chemin, texte) in sources() {
        if !["domain", "rules", "matching"].contains(&piece(&chemin)) {
            continue;
        }
        for (rang, ligne) in texte.lines().enumerate() {
            if let Some(mot) = interdits.iter().find(|mot| code(ligne).contains(*mot)) {
                fautes.push(format!("{chemin}:{} mentions {mot}", rang + 1));
            }
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

#[test]
fn only_the_capabilities_file_builds_capabilities() {
    let mut fautes = Vec::new();
    for (chemin, texte) in sources() {
        if chemin != "src/store/acces.rs" && sans_commentaires(&texte).contains("Preuve {") {
            fautes.push(chemin);
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

/// A transaction begun elsewhere may be left in its middle by a browser that goes away, and given to the next request.
/// The imports of referentials begin theirs on their own connection, in work that answers nobody.
#[test]
fn only_one_file_begins_transactions() {
    let permis = [
        "src/store/transaction.rs",
        "src/registry/import.rs",
        "src/registry/solutions.rs",
    ];
    let mut fautes = Vec::new();
    for (chemin, texte) in sources() {
        let debuts = [".begin(", "begin_with(", "Connection::begin", "Acquire::begin"];
        let commence = debuts.iter().any(|debut| sans_commentaires(&texte).contains(debut));
        if commence && !permis.contains(&chemin.as_str()) {
            fautes.push(chemin);
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

#[test]
fn addresses_are_written_in_one_file() {
    let declarees = fs::read_to_string(racine().join("src/web/chemins.rs")).unwrap();
    let prefixes: BTreeSet<&str> = declarees
        .lines()
        .filter_map(|ligne| ligne.split_once(" = \"/")?.1.split(['/', '"']).next())
        .filter(|nom| !nom.is_empty())
        .collect();
    assert!(prefixes.contains("porteur"), "{prefixes:?}");
    let mut fautes = Vec::new();
    for (chemin, texte) in sources().into_iter().chain(fichiers("templates", ".html")) {
        let sans_essais = texte.split("#[cfg(test)]").next().unwrap();
        if chemin == "src/web/chemins.rs" || chemin.ends_with("_tests.rs") {
            continue;
        }
        for (rang, ligne) in sans_essais.lines().enumerate() {
            for prefixe in &prefixes {
                let litteral = format!("\"/{prefixe}");
                let suite = code(ligne).split_once(&litteral).map(|(_, suite)| suite);
                if suite.is_some_and(|suite| suite.starts_with(['/', '"', '?'])) {
                    fautes.push(format!("{chemin}:{}: {}", rang + 1, ligne.trim()));
                }
            }
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

/// Which files declare each template.
fn declarations() -> BTreeMap<String, Vec<String>> {
    let mut declarations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (chemin, texte) in sources() {
        for suite in sans_commentaires(&texte).split("template(path = \"").skip(1) {
            let gabarit = suite.split('"').next().unwrap().to_owned();
            declarations.entry(gabarit).or_default().push(chemin.clone());
        }
    }
    declarations
}

/// Where the templates of a room are.
fn dossier_des_gabarits(piece: &str) -> &str {
    match piece {
        "accounts" => "comptes",
        "admin" => "administration",
        autre => autre,
    }
}

#[test]
fn every_template_is_one_page() {
    let declarations = declarations();
    let mut fautes = Vec::new();
    for (chemin, _) in fichiers("templates", ".html") {
        let gabarit = chemin.trim_start_matches("templates/");
        let commun = gabarit.ends_with("base.html") || gabarit.ends_with("cadre.html");
        let composant = gabarit.starts_with("composants/") && gabarit != "composants/galerie.html";
        let pages = declarations.get(gabarit).map_or(0, Vec::len);
        if pages != usize::from(!commun && !composant) {
            fautes.push(format!("{gabarit} is declared by {pages} files"));
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

#[test]
fn a_page_and_its_template_have_the_same_name() {
    let mut fautes = Vec::new();
    for (gabarit, fichiers) in declarations() {
        for fichier in fichiers {
            if !ACTEURS.contains(&piece(&fichier)) {
                continue;
            }
            let page = fichier.trim_start_matches("src/").trim_end_matches(".rs");
            let (acteur, page) = page.split_once('/').unwrap();
            if gabarit != format!("{}/{page}.html", dossier_des_gabarits(acteur)) {
                fautes.push(format!("{fichier} draws {gabarit}"));
            }
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}

#[test]
fn every_file_with_a_handler_is_one_page() {
    let declarations = declarations();
    let pages: BTreeSet<&String> = declarations.values().flatten().collect();
    let mut fautes = Vec::new();
    for (chemin, texte) in sources() {
        // A handler that answers a page says so in its type.
        let page = sans_commentaires(&texte)
            .split("pub async fn ")
            .skip(1)
            .any(|suite| suite.split('{').next().unwrap().contains("Page<"));
        if ACTEURS.contains(&piece(&chemin)) && page && !pages.contains(&chemin) {
            fautes.push(format!("{chemin} answers a page and declares no template"));
        }
    }
    assert!(fautes.is_empty(), "{fautes:#?}");
}
