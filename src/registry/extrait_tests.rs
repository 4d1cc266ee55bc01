use super::super::lignes::couper;
use super::*;

const VIRIAT: &str = "structureet;010000024;010780054;CH DE FLEYRIAT;CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT;;;900;RTE;\
    DE PARIS;;;451;01;AIN;01440 VIRIAT;0474454647;0474454114;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;\
    26010004500012;8610Z;03;ARS;1;Etablissement public de santé;1979-02-13;1979-02-13;2020-02-04;";

fn avec(rang: usize, valeur: &str) -> Result<Lu, Motif> {
    let mut champs = couper(VIRIAT).unwrap();
    champs[rang] = Cow::Borrowed(valeur);
    lire(&champs)
}

fn et(lu: Result<Lu, Motif>) -> EtLu {
    match lu {
        Ok(Lu::Et(et)) => *et,
        autre => panic!("{autre:?}"),
    }
}

#[test]
fn a_real_row_is_read() {
    let lu = et(lire(&couper(VIRIAT).unwrap()));
    assert_eq!(lu.finess.as_str(), "010000024");
    assert_eq!(lu.organisme.as_str(), "010780054");
    assert_eq!(lu.commune_insee, "01451");
    assert_eq!(
        (lu.code_postal.as_deref(), lu.commune.as_str()),
        (Some("01440"), "VIRIAT")
    );
    assert_eq!(lu.adresse.as_deref(), Some("900 RTE DE PARIS"));
    assert_eq!((lu.departement.as_str(), lu.categorie.as_str()), ("01", "355"));
    assert_eq!(lu.siret.as_deref(), Some("26010004500012"));
    assert_eq!(lu.maj, NaiveDate::from_ymd_opt(2020, 2, 4));
    assert!(!lu.ferme);
}

#[test]
fn overseas_communes_follow_their_rule() {
    for (departement, commune, insee, code) in [
        ("9A", "101", "97101", "971"),
        ("9B", "207", "97207", "972"),
        ("9C", "302", "97302", "973"),
        ("9D", "411", "97411", "974"),
        ("9E", "502", "97502", "975"),
        ("9F", "606", "97606", "976"),
        ("9J", "613", "98613", "986"),
        ("2A", "004", "2A004", "2A"),
    ] {
        let mut champs = couper(VIRIAT).unwrap();
        champs[12] = Cow::Borrowed(commune);
        champs[13] = Cow::Borrowed(departement);
        let lu = et(lire(&champs));
        assert_eq!((lu.commune_insee.as_str(), lu.departement.as_str()), (insee, code));
    }
}

#[test]
fn what_is_always_filled_may_not_be_empty() {
    for rang in [1, 2, 3, 12, 13, 15, 18, 20, 30] {
        assert!(matches!(avec(rang, ""), Err(Motif::Vide(_))), "{rang}");
    }
    for rang in [4, 5, 9, 16, 19, 22, 23, 28, 29, 31] {
        assert!(avec(rang, "").is_ok(), "{rang}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    assert_eq!(
        avec(1, "010000025"),
        Err(Motif::Numero {
            champ: "numéro FINESS ET",
            cause: FinessErreur::Cle
        })
    );
    assert!(matches!(avec(2, "0100000"), Err(Motif::Numero { .. })));
    assert_eq!(avec(13, "9Z"), Err(Motif::Departement("9Z".to_owned())));
    assert_eq!(avec(13, "971"), Err(Motif::Departement("971".to_owned())));
    assert!(matches!(avec(12, "4é1"), Err(Motif::Illisible { .. })));
    assert!(matches!(avec(18, "35"), Err(Motif::Illisible { .. })));
    assert!(matches!(avec(30, "2020-02-30"), Err(Motif::Illisible { .. })));
    assert!(matches!(avec(28, "13/02/1979"), Err(Motif::Illisible { .. })));
    assert_eq!(
        avec(0, "equipementsocial"),
        Err(Motif::Type("equipementsocial".to_owned()))
    );
    let mut champs = couper(VIRIAT).unwrap();
    champs.pop();
    assert_eq!(lire(&champs), Err(Motif::Champs { lus: 31, attendus: 32 }));
}

#[test]
fn an_unusual_delivery_line_is_kept_whole() {
    assert_eq!(
        acheminement("97306 CAYENNE CEDEX 2"),
        (Some("97306".to_owned()), "CAYENNE".to_owned())
    );
    assert_eq!(acheminement("LIFOU"), (None, "LIFOU".to_owned()));
    assert_eq!(acheminement("Échirolles"), (None, "Échirolles".to_owned()));
    assert_eq!(acheminement(""), (None, String::new()));
}

#[test]
fn a_legal_entity_is_read() {
    let ligne = "structureej;750719361;OG FICTIF;ORGANISME FICTIF;;12;R;DES LILAS;;;;113;75013 PARIS;75;PARIS;0100000000;\
        60;Association Loi 1901;620;Entité;123456789;8899B;1972-01-31";
    let Ok(Lu::Ej(lu)) = lire(&couper(ligne).unwrap()) else {
        panic!()
    };
    assert_eq!(lu.raison_sociale, "OG FICTIF");
    assert_eq!(lu.siren.as_deref(), Some("123456789"));
    assert_eq!(lu.statut_libelle.as_deref(), Some("Association Loi 1901"));
    assert_eq!(lu.adresse.as_deref(), Some("12 R DES LILAS"));
    assert_eq!(lu.departement.as_deref(), Some("75"));
}

#[test]
fn a_place_is_read_put_right_or_refused() {
    let lire = |ligne: &str| lire(&couper(ligne).unwrap());
    let source = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93";
    assert!(matches!(
        lire(&format!(
            "geolocalisation;010000024;870262.2;6571540.8;{source};2026-05-04"
        )),
        Ok(Lu::Lieu(_, false))
    ));
    assert!(matches!(
        lire(&format!(
            "geolocalisation;010000024;6571540.8;870262.2;{source};2026-05-04"
        )),
        Ok(Lu::Lieu(_, true))
    ));
    assert_eq!(
        lire(&format!("geolocalisation;010000024;1;2;{source};2026-05-04")),
        Err(Motif::HorsDeFrance)
    );
    assert!(matches!(
        lire("geolocalisation;010000024;870262.2;6571540.8;;2026-05-04"),
        Err(Motif::Projection(_))
    ));
    assert!(matches!(
        lire(&format!("geolocalisation;010000024;inf;6571540.8;{source};")),
        Err(Motif::Illisible { .. })
    ));
}

#[test]
fn the_first_line_says_the_date() {
    let en_tete = lire_en_tete("finess;etalab;111;2026-05-12\r").unwrap();
    assert_eq!(en_tete.flux, "111");
    assert_eq!(Some(en_tete.date), NaiveDate::from_ymd_opt(2026, 5, 12));
    assert_eq!(lire_en_tete("finess;etalab;111;12/05/2026"), None);
    assert_eq!(lire_en_tete("structureet;010000024"), None);
}
