use std::io::Write;

use rust_xlsxwriter::Workbook;

use super::*;
use crate::documents::feuille::{Colonne, Feuille};
use crate::documents::{csv as ecriture_csv, xlsx};

fn connu(texte: &str) -> bool {
    texte == "FINESS"
}

fn feuille() -> Feuille {
    Feuille {
        nom: "Mes ESSMS",
        colonnes: vec![
            Colonne::nouvelle("FINESS"),
            Colonne {
                choix: vec!["Oui", "Non"],
                ..Colonne::nouvelle("Réponse")
            },
        ],
        lignes: vec![
            vec!["010000024".into(), "=1+1".into()],
            vec!["750719361".into(), "L’été ; « à » \"côté\"".into()],
        ],
    }
}

fn cellules(tableau: &Tableau) -> Vec<Vec<String>> {
    tableau.lignes.iter().map(|l| l.cellules.clone()).collect()
}

#[test]
fn what_is_written_is_read_back_in_both_formats() {
    let feuille = feuille();
    for octets in [xlsx::ecrire(&feuille).unwrap(), ecriture_csv::ecrire(&feuille)] {
        let lu = lire(&octets, connu).unwrap();
        assert_eq!(lu.entetes, ["FINESS", "Réponse"]);
        assert_eq!(cellules(&lu), feuille.lignes);
        assert_eq!(lu.lignes.iter().map(|l| l.numero).collect::<Vec<_>>(), [2, 3]);
    }
}

#[test]
fn what_looks_like_a_formula_is_a_text() {
    let csv = String::from_utf8(ecriture_csv::ecrire(&feuille())).unwrap();
    assert!(csv.contains(";'=1+1\r\n"), "{csv}");
    let octets = xlsx::ecrire(&feuille()).unwrap();
    let mut classeur: Xlsx<_> = Xlsx::new(Cursor::new(octets.as_slice())).unwrap();
    assert!(classeur.worksheet_formula("Mes ESSMS").unwrap().is_empty());
}

#[test]
fn a_drop_down_list_offers_the_closed_answers() {
    let octets = xlsx::ecrire(&feuille()).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(octets.as_slice())).unwrap();
    let mut page = String::new();
    archive
        .by_name("xl/worksheets/sheet1.xml")
        .unwrap()
        .read_to_string(&mut page)
        .unwrap();
    assert!(page.contains("\"Oui,Non\""), "{page}");
}

#[test]
fn a_csv_is_read_in_its_encoding_and_with_its_separator() {
    let attendu = vec![vec!["750719361".to_owned(), "été, hiver".to_owned()]];
    for separateur in [";", "\t", ","] {
        let texte = format!("FINESS{separateur}Réponse\n750719361{separateur}\"été, hiver\"\n");
        let (octets, ..) = encoding_rs::WINDOWS_1252.encode(&texte);
        assert_eq!(cellules(&lire(&octets, connu).unwrap()), attendu, "{separateur:?}");
        assert_eq!(
            cellules(&lire(texte.as_bytes(), connu).unwrap()),
            attendu,
            "{separateur:?}"
        );
    }
    let utf16: Vec<u8> = "\u{feff}FINESS;A\n750719361;été"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(cellules(&lire(&utf16, connu).unwrap())[0][1], "été");
}

#[test]
fn titles_above_the_headings_and_blank_rows_are_passed_over() {
    let lu = lire("Tableau 2024;\n\n;;\nFINESS;A\n;\n750719361;x\n".as_bytes(), connu).unwrap();
    assert_eq!(lu.entetes[..2], ["FINESS", "A"]);
    assert_eq!((lu.lignes.len(), lu.lignes[0].numero), (1, 6));
}

#[test]
fn numbers_of_a_real_workbook_are_read_as_they_are_shown() {
    let mut classeur = Workbook::new();
    let page = classeur.add_worksheet();
    page.write_string(0, 0, "FINESS").unwrap();
    page.write_string(0, 3, "Part").unwrap();
    page.write_number(1, 0, 750_719_361).unwrap();
    page.write_number(1, 3, 87.5).unwrap();
    page.write_boolean(1, 1, true).unwrap();
    page.write_formula(1, 2, rust_xlsxwriter::Formula::new("=1+1").set_result("2"))
        .unwrap();
    let lu = lire(&classeur.save_to_buffer().unwrap(), connu).unwrap();
    assert_eq!(cellules(&lu)[0], ["750719361", "Oui", "2", "87.5"]);
}

#[test]
fn a_far_cell_is_refused_without_the_memory_of_what_precedes_it() {
    let mut classeur = Workbook::new();
    let page = classeur.add_worksheet();
    page.write_string(0, 0, "FINESS").unwrap();
    page.write_string(1_048_575, 0, "loin").unwrap();
    // One far row is one row.
    assert_eq!(
        lire(&classeur.save_to_buffer().unwrap(), connu).unwrap().lignes[0].numero,
        1_048_576
    );
    let mut classeur = Workbook::new();
    let page = classeur.add_worksheet();
    page.write_string(0, 0, "FINESS").unwrap();
    page.write_string(1, 16_383, "loin").unwrap();
    let refus = lire(&classeur.save_to_buffer().unwrap(), connu);
    assert_eq!(refus, Err(Illisible::TropGrand("100 colonnes")));
}

#[test]
fn a_small_workbook_that_holds_too_much_text_is_refused() {
    let mut classeur = Workbook::new();
    let page = classeur.add_worksheet();
    page.write_string(0, 0, "FINESS").unwrap();
    for ligne in 1..1_200 {
        page.write_string(ligne, 0, "a".repeat(4_900)).unwrap();
    }
    let octets = classeur.save_to_buffer().unwrap();
    assert!(octets.len() < 100_000);
    assert_eq!(lire(&octets, connu), Err(Illisible::TropGrand("5\u{a0}Mo de texte")));
}

#[test]
fn a_text_written_once_and_shared_by_every_cell_counts_in_each() {
    for partage in ["a".repeat(4_900), format!("{}.", " ".repeat(4_900))] {
        let mut classeur = Workbook::new();
        let page = classeur.add_worksheet();
        for ligne in 0..5_000 {
            for colonne in 0..4 {
                page.write_string(ligne, colonne, &partage).unwrap();
            }
        }
        let octets = classeur.save_to_buffer().unwrap();
        assert!(octets.len() < 200_000, "{}", octets.len());
        let refus = Illisible::TropGrand("5\u{a0}Mo de texte");
        assert_eq!(lire(&octets, connu), Err(refus.clone()));
        assert_eq!(lignes(&octets), Err(refus));
    }
}

#[test]
fn the_lines_of_a_text_are_counted_too() {
    assert_eq!(
        lignes("1\n".repeat(LIGNES_AU_PLUS).as_bytes()).map(|l| l.len()),
        Ok(LIGNES_AU_PLUS)
    );
    let refus = lignes("1\n".repeat(LIGNES_AU_PLUS + 1).as_bytes());
    assert_eq!(refus, Err(Illisible::TropGrand("5\u{a0}000 lignes")));
}

#[test]
fn a_cell_is_one_line() {
    let lu = lire(b"FINESS;A\n1;\"deux\nlignes\x07\"\n", connu).unwrap();
    assert_eq!(cellules(&lu)[0][1], "deux lignes ");
}

/// An archive of one part of this many zeros.
fn bombe(nom: &str, octets: usize) -> Vec<u8> {
    let mut sortie = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for nom in ["xl/workbook.xml", nom] {
        sortie.start_file(nom, options).unwrap();
        let zeros = vec![0; 1_000_000];
        for _ in 0..octets / zeros.len() {
            sortie.write_all(&zeros).unwrap();
        }
    }
    sortie.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_is_opened() {
    let bombe = bombe("xl/worksheets/sheet1.xml", 60_000_000);
    assert!(bombe.len() < 200_000);
    assert!(matches!(lire(&bombe, connu), Err(Illisible::TropGrand(_))));
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    for (octets, refus) in [
        (&b""[..], Illisible::Vide),
        (b"FINESS;A\n", Illisible::Vide),
        (b"%PDF-1.7", Illisible::Format),
        (b"\x89PNG\r\n\0\0", Illisible::Format),
        (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1], Illisible::Format),
        (b"PK\x03\x04abc", Illisible::Abime),
    ] {
        assert_eq!(lire(octets, connu), Err(refus), "{octets:?}");
    }
    let ods = {
        let mut sortie = zip::ZipWriter::new(Cursor::new(Vec::new()));
        sortie
            .start_file("content.xml", zip::write::SimpleFileOptions::default())
            .unwrap();
        sortie.finish().unwrap().into_inner()
    };
    assert_eq!(lire(&ods, connu), Err(Illisible::Format));
    let colonnes = format!("FINESS{}\n1\n", ";a".repeat(COLONNES_AU_PLUS));
    assert_eq!(
        lire(colonnes.as_bytes(), connu),
        Err(Illisible::TropGrand("100 colonnes"))
    );
    let lignes = format!("FINESS;a\n{}", "1;2\n".repeat(LIGNES_AU_PLUS + 1));
    assert!(matches!(lire(lignes.as_bytes(), connu), Err(Illisible::TropGrand(_))));
    assert!(matches!(
        lire(&vec![b'a'; OCTETS_AU_PLUS + 1], connu),
        Err(Illisible::TropGrand(_))
    ));
}
