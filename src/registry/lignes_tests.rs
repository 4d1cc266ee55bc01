use super::*;

fn tous(octets: &[u8]) -> (Vec<Enregistrement>, Encodage) {
    let mut lignes = Lignes::new(octets);
    let mut lus = Vec::new();
    while let Some(lu) = lignes.suivant().unwrap() {
        lus.push(lu);
    }
    (lus, lignes.encodage())
}

#[test]
fn quotes_are_doubled_inside_quotes() {
    assert_eq!(
        couper(r#"a;"LIEU ""MAVOUNA""; 1";;c"d"#).unwrap(),
        ["a", r#"LIEU "MAVOUNA"; 1"#, "", "c\"d"]
    );
    assert_eq!(couper(r#"a;"b"#), None);
}

#[test]
fn a_quoted_field_may_span_lines() {
    let (lus, _) = tous(b"a;\"b\nc\";d\ne\n");
    assert_eq!(lus.len(), 2);
    assert_eq!(couper(&lus[0].texte).unwrap(), ["a", "b\nc", "d"]);
    assert_eq!(lus[1].ligne, 3);
}

#[test]
fn an_unclosed_quote_costs_one_line() {
    let (lus, _) = tous(b"structureet;\"b\nstructureet;c\nstructureet;d\n");
    assert_eq!(lus.len(), 3);
    assert_eq!(lus[0].erreur, Some(LigneErreur::Guillemet));
    assert_eq!((lus[1].ligne, lus[1].erreur), (2, None));
    let (lus, _) = tous(b"x;\"b\n1\n2\n3\n4\n5\n6\n");
    assert_eq!(lus.len(), 7);
}

#[test]
fn windows_1252_is_read_when_utf_8_fails() {
    let (lus, encodage) = tous(b"\xc9tang;1\n\x80 uro\r\n");
    assert_eq!((lus[0].texte.as_str(), lus[1].texte.as_str()), ("Étang;1", "€ uro"));
    assert_eq!(encodage, Encodage::Windows1252);
}

#[test]
fn a_broken_line_of_a_utf_8_file_is_refused_alone() {
    let (lus, encodage) = tous("\u{feff}Étang\n".as_bytes());
    assert_eq!((lus[0].texte.as_str(), encodage), ("Étang", Encodage::Utf8));
    let (lus, _) = tous(b"\xc3\x89tang\n\xc9tang\nfin\n");
    assert_eq!(lus[1].erreur, Some(LigneErreur::Octets));
    assert_eq!(lus[2].erreur, None);
}

#[test]
fn a_line_without_end_is_bounded() {
    let mut octets = vec![b'a'; LIGNE_AU_PLUS + 1];
    octets.extend_from_slice(b"\n\nfin");
    let (lus, _) = tous(&octets);
    assert_eq!(lus[0].erreur, Some(LigneErreur::TropLongue));
    assert_eq!(lus[0].texte.len(), LIGNE_AU_PLUS);
    assert_eq!((lus[1].ligne, lus[1].texte.as_str()), (3, "fin"));
}
