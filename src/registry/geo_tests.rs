use super::*;

fn proche(position: Position, longitude: f64, latitude: f64) {
    let (Position::Juste(x, y) | Position::Redressee(x, y)) = position else {
        panic!("hors de France");
    };
    assert!(
        (x - longitude).abs() < 1e-4 && (y - latitude).abs() < 1e-4,
        "{position:?}"
    );
}

#[test]
fn the_mainland_is_lambert_93() {
    let source = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)";
    let projection = Projection::depuis_source(source).unwrap();
    assert_eq!(projection, Projection::Lambert93);
    // The point the IGN gives with its algorithm: 3° E, 46.5° N is the origin of the projection.
    proche(lire_metres(700_000.0, 6_600_000.0, projection), 3.0, 46.5);
    proche(lire_metres(652_469.0, 6_862_035.3, projection), 2.352_2, 48.856_6);
}

#[test]
fn overseas_is_utm_by_code_or_in_words() {
    for source in [
        "2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)",
        "1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,UTM_N20",
        "x,UTM zone 20N",
    ] {
        let projection = Projection::depuis_source(source).unwrap();
        let Position::Juste(longitude, latitude) = lire_metres(657_242.9, 1_795_384.4, projection) else {
            panic!("{source}");
        };
        assert!((-61.6..-61.4).contains(&longitude) && (16.2..16.3).contains(&latitude));
    }
    let reunion = Projection::depuis_source("EPSG:2975").unwrap();
    proche(lire_metres(338_000.0, 7_690_000.0, reunion), 55.442_6, -20.883_1);
}

#[test]
fn a_swapped_pair_is_put_right() {
    let Position::Redressee(longitude, latitude) = lire_metres(6_862_047.0, 652_381.0, Projection::Lambert93) else {
        panic!("not put right");
    };
    assert!((2.3..2.4).contains(&longitude) && (48.8..48.9).contains(&latitude));
    assert_eq!(lire_degres(48.85, 2.35, Some("75")), Position::Redressee(2.35, 48.85));
    assert_eq!(lire_degres(2.35, 48.85, Some("75")), Position::Juste(2.35, 48.85));
}

#[test]
fn a_point_abroad_is_refused() {
    assert_eq!(lire_degres(13.4, 52.5, Some("75")), Position::HorsDeFrance);
    assert_eq!(lire_degres(0.0, 0.0, None), Position::HorsDeFrance);
    assert_eq!(lire_metres(0.0, 0.0, Projection::Lambert93), Position::HorsDeFrance);
    assert_eq!(lire_degres(f64::NAN, 48.0, None), Position::HorsDeFrance);
}

#[test]
fn a_point_must_be_in_the_territory_of_its_departement() {
    assert_eq!(lire_degres(2.35, 48.85, Some("974")), Position::HorsDeFrance);
    assert_eq!(lire_degres(55.45, -20.88, Some("974")), Position::Juste(55.45, -20.88));
    assert_eq!(lire_degres(55.45, -20.88, Some("75")), Position::HorsDeFrance);
}

#[test]
fn an_unknown_projection_is_said() {
    assert_eq!(Projection::depuis_source("EPSG:27572"), None);
    assert_eq!(Projection::depuis_source(""), None);
}
