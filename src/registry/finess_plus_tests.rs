use serde_json::json;

use super::*;

fn lieu(coordonnees: &Value, code: &str) -> Option<Position> {
    position(coordonnees, departement(code))
}

#[test]
fn elements_are_handed_over_one_at_a_time_whatever_the_order_of_the_keys() {
    let texte =
        br#"{"gcc":[{"a":[1]}],"pmej":[{"n":1},{"n":2}],"generatedAt":"2026-09-11T01:02:03Z","schemaVersion":"v1"}"#;
    let mut recus = Vec::new();
    let document = parcourir(&mut &texte[..], &mut |valeur| {
        recus.push(valeur["n"].as_u64().unwrap());
        Ok(())
    })
    .unwrap();
    assert_eq!(recus, [1, 2]);
    assert_eq!(
        (document.version.as_str(), document.date.as_str()),
        ("v1", "2026-09-11T01:02:03Z")
    );
}

#[test]
fn a_document_of_another_shape_is_an_error() {
    for texte in [&b"[1]"[..], br#"{"pmej": 3}"#, br#"{"pmej": [1,"#, br#"{"pmej": []} x"#] {
        assert!(parcourir(&mut &texte[..], &mut |_| Ok(())).is_err());
    }
    assert!(parcourir(&mut &br#"{"pmej": [1]}"#[..], &mut |_| Err(Arret)).is_err());
}

#[test]
fn codes_are_read_as_text_number_or_object() {
    assert_eq!(texte(&json!({"code": 12, "libelle": "x"})), "12");
    assert_eq!(texte(&json!(" 500 ")), "500");
    assert_eq!(texte(&json!(null)), "");
    assert_eq!(texte(&json!([1])), "");
}

#[test]
fn insee_codes_give_the_departement_as_finess_files_it() {
    for (cog, code) in [
        ("75113", Some("75")),
        ("2A004", Some("2A")),
        ("97411", Some("974")),
        ("98613", Some("986")),
        ("97701", Some("971")),
        ("97801", Some("971")),
        ("99999", None),
        ("7511", None),
        ("é5113", None),
    ] {
        assert_eq!(departement_du_cog(cog).map(|d| d.code.as_str()), code, "{cog}");
    }
}

#[test]
fn metres_are_only_read_on_the_mainland() {
    let metres = json!({"coordonneeX": "6862047.0", "coordonneeY": "652381.0"});
    assert!(matches!(lieu(&metres, "75"), Some(Position::Redressee(..))));
    assert_eq!(lieu(&metres, "974"), Some(Position::HorsDeFrance));
    assert_eq!(lieu(&json!({"coordonneeX": ""}), "75"), None);
    assert_eq!(lieu(&Value::Null, "75"), None);
}
