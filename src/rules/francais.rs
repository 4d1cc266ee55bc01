//! Small pieces of French sentences: enumerations, dates, plurals.

use chrono::{Datelike, NaiveDate};

use crate::domain::finess::Finess;

/// Numbers listed in full in a sentence; beyond, the rest is counted.
const NUMEROS_CITES: usize = 6;

const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « a, b et c ».
pub(in crate::rules) fn enumerer<T: AsRef<str>>(elements: &[T]) -> String {
    match elements {
        [] => String::new(),
        [seul] => seul.as_ref().to_owned(),
        [debut @ .., dernier] => {
            let debut: Vec<&str> = debut.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", debut.join(", "), dernier.as_ref())
        }
    }
}

/// The first numbers, and how many others.
pub(in crate::rules) fn numeros(finess: &[Finess]) -> String {
    if finess.len() <= NUMEROS_CITES {
        let textes: Vec<&str> = finess.iter().map(Finess::as_str).collect();
        return enumerer(&textes);
    }
    let cites: Vec<&str> = finess.iter().take(NUMEROS_CITES - 1).map(Finess::as_str).collect();
    format!("{} et {} autres", cites.join(", "), finess.len() + 1 - NUMEROS_CITES)
}

/// « 1er juin 2024 ».
pub(in crate::rules) fn date(jour: NaiveDate) -> String {
    let mois = MOIS.get(jour.month0() as usize).copied().unwrap_or_default();
    match jour.day() {
        1 => format!("1er {mois} {}", jour.year()),
        rang => format!("{rang} {mois} {}", jour.year()),
    }
}

/// The mark of the plural: from two on, in French.
pub(in crate::rules) fn s<N: TryInto<u64>>(nombre: N) -> &'static str {
    // What does not fit is negative, hence singular, or beyond any count.
    match nombre.try_into() {
        Ok(0 | 1) | Err(_) => "",
        Ok(_) => "s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_with_et() {
        assert_eq!(enumerer(&["a"]), "a");
        assert_eq!(enumerer(&["a", "b"]), "a et b");
        assert_eq!(enumerer(&["a", "b", "c"]), "a, b et c");
        assert_eq!(enumerer::<&str>(&[]), "");
    }

    #[test]
    fn long_lists_of_numbers_are_cut() {
        let tous: Vec<Finess> = (0..7)
            .map(|n| Finess::depuis_racine(&format!("7500000{n}")).unwrap())
            .collect();
        let premiers: Vec<&str> = tous.iter().take(5).map(Finess::as_str).collect();
        assert_eq!(numeros(&tous[..6]), format!("{} et {}", premiers.join(", "), tous[5]));
        assert_eq!(numeros(&tous), format!("{} et 2 autres", premiers.join(", ")));
    }

    #[test]
    fn the_first_of_a_month_is_premier() {
        let jour = |j| NaiveDate::from_ymd_opt(2024, 6, j).unwrap();
        assert_eq!(date(jour(1)), "1er juin 2024");
        assert_eq!(date(jour(2)), "2 juin 2024");
        assert_eq!((s(0_u8), s(1_u8), s(2_u8)), ("", "", "s"));
    }
}
