use std::collections::BTreeMap;

use super::*;
use crate::domain::dossier::champ::Options;

#[derive(Default)]
struct Tape(BTreeMap<String, Vec<String>>);

impl Tape {
    fn de(paires: &[(&str, &str)]) -> Self {
        let mut tape = Self::default();
        for (nom, valeur) in paires {
            tape.0.entry((*nom).to_owned()).or_default().push((*valeur).to_owned());
        }
        tape
    }
}

impl Brut for Tape {
    fn valeurs(&self, nom: &str) -> &[String] {
        self.0.get(nom).map_or(&[], Vec::as_slice)
    }
    fn nombre_de_lignes(&self, nom: &str) -> usize {
        self.0
            .keys()
            .filter_map(|cle| {
                cle.strip_prefix(nom)?
                    .strip_prefix('-')?
                    .split_once('-')?
                    .0
                    .parse::<usize>()
                    .ok()
            })
            .max()
            .map_or(0, |n| n + 1)
    }
}

fn lire_seul(genre: Genre, valeur: &str) -> Result<Option<String>, Faute> {
    let champ = Champ::libre("x", "X", genre);
    let blocs_champs: &'static [Champ] = Box::leak(Box::new([champ]));
    lire(
        &[Bloc::Champs("", blocs_champs)],
        &Tape::de(&[("x", valeur)]),
        &|_, v| v == "permis",
    )
    .map(|r| r.texte("x").map(str::to_owned))
    .map_err(|f| f[0].1)
}

#[test]
fn an_empty_field_is_no_answer_whatever_its_kind() {
    for genre in [
        Genre::Texte(3),
        Genre::Zone(3),
        Genre::Courriel,
        Genre::Telephone,
        Genre::Nombre(1),
        Genre::Decimal(1),
        Genre::Montant,
        Genre::OuiNon,
        Genre::Choix(&[("a", "A")]),
        Genre::Parmi(Options::Solutions),
    ] {
        assert_eq!(lire_seul(genre, "   "), Ok(None), "{genre:?}");
    }
}

#[test]
fn texts_hold_up_to_their_last_character() {
    assert_eq!(lire_seul(Genre::Texte(3), "été"), Ok(Some("été".into())));
    assert_eq!(
        lire_seul(Genre::Texte(3), "étés"),
        Err(Faute::TropLong { nombre: 4, maximum: 3 })
    );
    assert_eq!(lire_seul(Genre::Texte(9), "a\u{0}b"), Err(Faute::Controle));
    assert_eq!(lire_seul(Genre::Zone(9), "a\r\nb"), Ok(Some("a\nb".into())));
}

#[test]
fn numbers_hold_up_to_their_bound() {
    assert_eq!(lire_seul(Genre::Nombre(1200), "1 200"), Ok(Some("1200".into())));
    assert_eq!(lire_seul(Genre::Nombre(1200), "1201"), Err(Faute::TropGrand(1200)));
    assert_eq!(lire_seul(Genre::Nombre(1200), "-1"), Err(Faute::Nombre));
    assert_eq!(
        lire_seul(Genre::Nombre(1200), "99999999999999"),
        Err(Faute::TropGrand(1200))
    );
    assert_eq!(lire_seul(Genre::Decimal(100), "33,33"), Ok(Some("3333".into())));
    assert_eq!(lire_seul(Genre::Decimal(100), "100"), Ok(Some("10000".into())));
    assert_eq!(lire_seul(Genre::Decimal(100), "100,01"), Err(Faute::TropGrand(100)));
    assert_eq!(lire_seul(Genre::Decimal(100), "1,234"), Err(Faute::Decimal));
    assert_eq!(lire_seul(Genre::Montant, "12 500,50 €"), Ok(Some("1250050".into())));
}

#[test]
fn addresses_and_numbers_are_read_as_people_type_them() {
    assert_eq!(
        lire_seul(Genre::Courriel, " a.b@exemple.fr "),
        Ok(Some("a.b@exemple.fr".into()))
    );
    for faux in ["a", "a@", "@b.fr", "a@b", "a b@c.fr", "a@b@c.fr", "a@b..fr"] {
        assert_eq!(lire_seul(Genre::Courriel, faux), Err(Faute::Courriel), "{faux}");
    }
    assert_eq!(
        lire_seul(Genre::Telephone, "01 23.45-67 89"),
        Ok(Some("0123456789".into()))
    );
    assert_eq!(lire_seul(Genre::Telephone, "12"), Err(Faute::Telephone));
}

#[test]
fn only_offered_options_are_read() {
    assert_eq!(lire_seul(Genre::OuiNon, "oui"), Ok(Some("oui".into())));
    assert_eq!(lire_seul(Genre::OuiNon, "peut-être"), Err(Faute::Choix));
    assert_eq!(lire_seul(Genre::Choix(&[("a", "A")]), "b"), Err(Faute::Choix));
    assert_eq!(
        lire_seul(Genre::Parmi(Options::Solutions), "permis"),
        Ok(Some("permis".into()))
    );
    assert_eq!(lire_seul(Genre::Parmi(Options::Solutions), "autre"), Err(Faute::Choix));
}

#[test]
fn a_doubled_field_is_refused() {
    static C: &[Champ] = &[Champ::libre("x", "X", Genre::Texte(9))];
    let lu = lire(&[Bloc::Champs("", C)], &Tape::de(&[("x", "a"), ("x", "b")]), &|_, _| {
        true
    });
    assert_eq!(lu, Err(vec![("x".to_owned(), Faute::Double)]));
}

fn lire_jour(jour: &str, mois: &str, annee: &str) -> Result<Option<String>, Faute> {
    static C: &[Champ] = &[Champ::libre("d", "D", Genre::Date)];
    lire(
        &[Bloc::Champs("", C)],
        &Tape::de(&[("d-jour", jour), ("d-mois", mois), ("d-annee", annee)]),
        &|_, _| true,
    )
    .map(|r| r.texte("d").map(str::to_owned))
    .map_err(|f| f[0].1)
}

#[test]
fn dates_exist_or_are_refused() {
    assert_eq!(lire_jour("29", "2", "2028"), Ok(Some("2028-02-29".into())));
    assert_eq!(lire_jour("29", "2", "2027"), Err(Faute::Date));
    assert_eq!(lire_jour("", "", ""), Ok(None));
    assert_eq!(lire_jour("1", "", "2027"), Err(Faute::Date));
    assert_eq!(lire_jour("1", "1", "1999"), Err(Faute::Annee));
    assert_eq!(lire_jour("1", "1", "2000"), Ok(Some("2000-01-01".into())));
    assert_eq!(lire_jour("1", "1", "2101"), Err(Faute::Annee));
    assert_eq!(lire_jour("+1", "1", "2027"), Err(Faute::Date));
}

static JALONS: &[Bloc] = &[Bloc::Lignes(
    "",
    Lignes {
        nom: "jalon",
        titre: "Jalon",
        champs: &[
            Champ::requis("nom", "Nom", Genre::Texte(20)),
            Champ::requis("debut", "Début", Genre::Date),
            Champ::requis("fin", "Fin", Genre::Date),
        ],
        maximum: 3,
        minimum: 1,
    },
)];

#[test]
fn an_emptied_row_goes_and_the_others_move_up() {
    let tape = Tape::de(&[
        ("jalon-0-nom", ""),
        ("jalon-1-nom", "VA"),
        ("jalon-2-nom", "VSR"),
        ("jalon-9-nom", "trop"),
    ]);
    let lu = lire(JALONS, &tape, &|_, _| true).unwrap();
    assert_eq!(
        (lu.texte("jalon-0-nom"), lu.texte("jalon-1-nom")),
        (Some("VA"), Some("VSR"))
    );
    assert_eq!(lu.nombre_de_lignes("jalon"), 2);
}

#[test]
fn an_end_before_its_beginning_is_on_the_end() {
    let tape = Tape::de(&[
        ("jalon-0-debut-jour", "2"),
        ("jalon-0-debut-mois", "1"),
        ("jalon-0-debut-annee", "2027"),
        ("jalon-0-fin-jour", "1"),
        ("jalon-0-fin-mois", "1"),
        ("jalon-0-fin-annee", "2027"),
    ]);
    assert_eq!(
        lire(JALONS, &tape, &|_, _| true),
        Err(vec![("jalon-0-fin".to_owned(), Faute::FinAvantDebut)])
    );
}

#[test]
fn what_is_shown_again_reads_the_same() {
    static C: &[Champ] = &[
        Champ::libre("d", "D", Genre::Date),
        Champ::libre("m", "M", Genre::Montant),
        Champ::libre("p", "P", Genre::Decimal(100)),
        Champ::libre("c", "C", Genre::Cases(&[("a", "A"), ("b", "B")])),
    ];
    let mut r = Reponses::default();
    r.mettre("d", vec!["2027-03-09".into()]);
    r.mettre("m", vec!["1250050".into()]);
    r.mettre("p", vec!["3333".into()]);
    r.mettre("c", vec!["a".into(), "b".into()]);
    let mut tape = Tape::default();
    ressaisir(C, "", "", &r, |nom, valeurs| {
        tape.0.insert(nom, valeurs);
    });
    assert_eq!(lire(&[Bloc::Champs("", C)], &tape, &|_, _| true), Ok(r));
}
