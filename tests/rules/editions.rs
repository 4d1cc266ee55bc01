//! The shipped editions are complete, and an incoherent one is refused.

use portail_grappes::rules::edition::Edition;

#[test]
fn the_three_shipped_editions_are_read() {
    for texte in [
        include_str!("../../editions/idf-2021-t2.toml"),
        include_str!("../../editions/ara-2022.toml"),
        include_str!("../../editions/idf-2024.toml"),
    ] {
        Edition::lire(texte).unwrap();
    }
    let codes: Vec<&str> = Edition::livrees().iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["idf-2021-t2", "ara-2022", "idf-2024"]);
}
