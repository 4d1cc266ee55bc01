//! JSON into values, with the fields that an object gives twice: a reader that keeps the last of them would judge something
//! else than what was meant.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::lecture::{FAUTES_AU_PLUS, sous};

/// Fields told as given twice: as many as other faults.
const DOUBLES_AU_PLUS: usize = FAUTES_AU_PLUS;
/// Characters of a name in a path: no field of a request has a longer one.
const LETTRES_AU_PLUS: usize = 60;

/// Where a value is, from the nearest to the root.
enum Lieu<'p> {
    Racine,
    Champ(&'p Lieu<'p>, &'p str),
    Rang(&'p Lieu<'p>, usize),
}

impl Lieu<'_> {
    fn chemin(&self) -> String {
        match self {
            Self::Racine => String::new(),
            Self::Champ(parent, nom) => {
                let nom: String = nom.chars().take(LETTRES_AU_PLUS).collect();
                sous(&parent.chemin(), &nom)
            }
            Self::Rang(parent, rang) => format!("{}[{rang}]", parent.chemin()),
        }
    }
}

/// The document, and the paths of the fields given more than once.
pub(super) fn analyser(texte: &str) -> Result<(Value, Vec<String>), serde_json::Error> {
    let doubles = RefCell::new(Vec::new());
    let mut source = serde_json::Deserializer::from_str(texte);
    let graine = Graine {
        lieu: &Lieu::Racine,
        doubles: &doubles,
    };
    let document = graine.deserialize(&mut source)?;
    source.end()?;
    Ok((document, doubles.into_inner()))
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Graine<'a> {
    lieu: &'a Lieu<'a>,
    doubles: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Graine<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Graine<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une valeur JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, valeur: bool) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_i64<E>(self, valeur: i64) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_u64<E>(self, valeur: u64) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_f64<E>(self, valeur: f64) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_str<E>(self, valeur: &str) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_string<E>(self, valeur: String) -> Result<Value, E> {
        Ok(valeur.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        loop {
            let graine = Graine {
                lieu: &Lieu::Rang(self.lieu, elements.len()),
                ..self
            };
            match source.next_element_seed(graine)? {
                Some(element) => elements.push(element),
                None => return Ok(Value::Array(elements)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut champs = Map::new();
        while let Some(nom) = source.next_key::<String>()? {
            let lieu = Lieu::Champ(self.lieu, &nom);
            let valeur = source.next_value_seed(Graine { lieu: &lieu, ..self })?;
            let mut doubles = self.doubles.borrow_mut();
            if champs.contains_key(&nom) && doubles.len() < DOUBLES_AU_PLUS {
                doubles.push(lieu.chemin());
            }
            champs.insert(nom, valeur);
        }
        Ok(Value::Object(champs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_given_twice_is_told_by_its_path() {
        let texte = r#"{"a": 1, "b": [{"c": null}, {"c": true, "c": {"d": "x", "d": 2.5}}], "a": -1}"#;
        let (document, doubles) = analyser(texte).unwrap();
        assert_eq!(doubles, ["b[1].c.d", "b[1].c", "a"]);
        assert_eq!(document, serde_json::from_str::<Value>(texte).unwrap());
    }

    #[test]
    fn paths_stay_short_and_few() {
        let longue = "é".repeat(500);
        let texte = format!(
            "{{\"{longue}\": {{{}}}}}",
            vec!["\"a\":1"; DOUBLES_AU_PLUS + 2].join(",")
        );
        let (_, doubles) = analyser(&texte).unwrap();
        assert_eq!(doubles.len(), DOUBLES_AU_PLUS);
        assert_eq!(doubles[0].chars().count(), LETTRES_AU_PLUS + 2);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_as_json_is(texte in "\\PC{0,60}|[\\[\\]{}\",:0-9a-c.eE+ -]{0,40}") {
            let attendu = serde_json::from_str::<Value>(&texte).ok();
            assert_eq!(analyser(&texte).ok().map(|(document, _)| document), attendu);
        }
    }
}
