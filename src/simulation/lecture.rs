//! Reads JSON values one by one and notes each fault with its path, without stopping at the first.

use serde_json::{Map, Value};

use super::reponse::{Erreurs, Faute};
use crate::domain::argent::Centimes;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;

/// Elements of a list.
pub(super) const ELEMENTS_AU_PLUS: usize = 500;
/// Faults told: several in each of the ESSMS that a request may hold; beyond, they are counted.
pub(super) const FAUTES_AU_PLUS: usize = 10_000;

/// Faults found so far.
#[derive(Default)]
pub(super) struct Journal {
    fautes: Vec<Faute>,
    /// How many more there are.
    autres: usize,
}

impl Journal {
    pub fn noter(&mut self, chemin: &str, message: impl Into<String>) {
        if self.fautes.len() == FAUTES_AU_PLUS {
            self.autres += 1;
            return;
        }
        self.fautes.push(Faute {
            chemin: chemin.to_owned(),
            message: message.into(),
        });
    }

    pub fn clore(mut self) -> Result<(), Erreurs> {
        if self.autres > 0 {
            self.fautes.push(Faute {
                chemin: String::new(),
                message: format!("et {} autres fautes", self.autres),
            });
        }
        if self.fautes.is_empty() {
            Ok(())
        } else {
            Err(Erreurs { erreurs: self.fautes })
        }
    }
}

/// A path in the document.
pub(super) fn sous(chemin: &str, champ: &str) -> String {
    if chemin.is_empty() {
        champ.to_owned()
    } else {
        format!("{chemin}.{champ}")
    }
}

/// What a JSON value is, in French.
fn nature(valeur: &Value) -> &'static str {
    match valeur {
        Value::Null => "null",
        Value::Bool(_) => "un booléen",
        Value::Number(_) => "un nombre",
        Value::String(_) => "un texte",
        Value::Array(_) => "une liste",
        Value::Object(_) => "un objet",
    }
}

/// An object being read: its known fields are asked for one by one.
pub(super) struct Objet<'v> {
    champs: &'v Map<String, Value>,
    chemin: String,
}

impl<'v> Objet<'v> {
    /// Reads an object and refuses the fields that are not in the list.
    pub fn lire(valeur: &'v Value, chemin: &str, connus: &[&str], journal: &mut Journal) -> Option<Self> {
        let Value::Object(champs) = valeur else {
            journal.noter(chemin, format!("un objet est attendu, et non {}", nature(valeur)));
            return None;
        };
        for champ in champs.keys().filter(|champ| !connus.contains(&champ.as_str())) {
            journal.noter(&sous(chemin, champ), "champ inconnu");
        }
        Some(Self {
            champs,
            chemin: chemin.to_owned(),
        })
    }

    /// Where a field is.
    pub fn chemin(&self, champ: &str) -> String {
        sous(&self.chemin, champ)
    }

    /// A field; absent or null is unknown.
    pub fn valeur(&self, champ: &str) -> Option<&'v Value> {
        self.champs.get(champ).filter(|valeur| !valeur.is_null())
    }

    fn lu<T>(
        &self,
        champ: &str,
        journal: &mut Journal,
        lire: impl FnOnce(&'v Value) -> Result<T, String>,
    ) -> Option<T> {
        match lire(self.valeur(champ)?) {
            Ok(lu) => Some(lu),
            Err(message) => {
                journal.noter(&self.chemin(champ), message);
                None
            }
        }
    }

    /// A field with its own reader.
    pub fn analyse<T>(
        &self,
        champ: &str,
        journal: &mut Journal,
        analyser: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.lu(champ, journal, |valeur| analyser(en_texte(valeur)?))
    }

    pub fn booleen(&self, champ: &str, journal: &mut Journal) -> Option<bool> {
        self.lu(champ, journal, |valeur| {
            valeur
                .as_bool()
                .ok_or_else(|| format!("true, false ou null est attendu, et non {}", nature(valeur)))
        })
    }

    /// A text that says something.
    pub fn texte(&self, champ: &str, journal: &mut Journal) -> Option<String> {
        self.analyse(champ, journal, |texte| {
            if texte.trim().is_empty() {
                Err("texte vide : omettez ce champ s’il est inconnu".to_owned())
            } else {
                Ok(texte.to_owned())
            }
        })
    }

    pub fn finess(&self, champ: &str, journal: &mut Journal) -> Option<Finess> {
        self.analyse(champ, journal, |texte| {
            Finess::parse(texte).map_err(|erreur| erreur.to_string())
        })
    }

    pub fn choix<L: Liste>(&self, champ: &str, journal: &mut Journal) -> Option<L> {
        self.analyse(champ, journal, en_choix)
    }

    /// A list of values, each different.
    pub fn choix_multiple<L: Liste>(&self, champ: &str, journal: &mut Journal) -> Option<Vec<L>> {
        let elements = self.liste(champ, journal)?;
        let mut lus: Vec<L> = Vec::new();
        for (rang, element) in elements.iter().enumerate() {
            match en_texte(element).and_then(en_choix) {
                Ok(lu) if lus.contains(&lu) => {
                    journal.noter(
                        &format!("{}[{rang}]", self.chemin(champ)),
                        "valeur donnée plusieurs fois",
                    );
                }
                Ok(lu) => lus.push(lu),
                Err(message) => journal.noter(&format!("{}[{rang}]", self.chemin(champ)), message),
            }
        }
        Some(lus)
    }

    /// A list of [`ELEMENTS_AU_PLUS`] at most; a longer one is one fault.
    pub fn liste(&self, champ: &str, journal: &mut Journal) -> Option<&'v [Value]> {
        self.lu(champ, journal, |valeur| match valeur.as_array() {
            Some(liste) if liste.len() > ELEMENTS_AU_PLUS => {
                Err(format!("{} éléments, au plus {ELEMENTS_AU_PLUS}", liste.len()))
            }
            Some(liste) => Ok(liste.as_slice()),
            None => Err(format!("une liste est attendue, et non {}", nature(valeur))),
        })
    }

    /// An amount in whole centimes.
    pub fn montant(&self, champ: &str, journal: &mut Journal) -> Option<Centimes> {
        self.lu(champ, journal, |valeur| {
            let centimes = valeur
                .as_i64()
                .ok_or_else(|| "un nombre entier de centimes est attendu, au plus 100000000000".to_owned())?;
            match Centimes(centimes) {
                montant if montant < Centimes::ZERO => Err("un montant ne peut pas être négatif".to_owned()),
                montant if montant > Centimes::PLAFOND => Err(format!("ce montant dépasse {}", Centimes::PLAFOND)),
                montant => Ok(montant),
            }
        })
    }

    /// A number of things.
    pub fn nombre(&self, champ: &str, journal: &mut Journal) -> Option<u32> {
        self.lu(champ, journal, |valeur| {
            let nombre = valeur.as_u64().and_then(|nombre| u32::try_from(nombre).ok());
            nombre.ok_or_else(|| "un nombre entier positif ou nul est attendu".to_owned())
        })
    }

    /// A share from 0 to 100 with two decimals at most, text or number, in hundredths of a percent. The
    /// number is read from its decimal writing: no float arithmetic.
    pub fn part(&self, champ: &str, journal: &mut Journal) -> Option<u16> {
        self.lu(champ, journal, |valeur| match valeur {
            Value::String(texte) => en_part(texte),
            Value::Number(nombre) => en_part(&nombre.to_string()),
            autre => Err(format!(
                "un nombre de 0 à 100, en chiffres ou en texte, est attendu, et non {}",
                nature(autre)
            )),
        })
    }
}

fn en_texte(valeur: &Value) -> Result<&str, String> {
    valeur
        .as_str()
        .ok_or_else(|| format!("un texte est attendu, et non {}", nature(valeur)))
}

fn en_choix<L: Liste>(texte: &str) -> Result<L, String> {
    L::depuis(texte).ok_or_else(|| {
        let codes: Vec<&str> = L::TOUTES.iter().map(|valeur| valeur.code()).collect();
        format!("valeur inconnue « {texte} », parmi : {}", codes.join(", "))
    })
}

fn en_part(texte: &str) -> Result<u16, String> {
    const ATTENDU: &str = "une part va de 0 à 100, avec au plus deux décimales";
    let texte = texte.trim();
    let (entier, decimales) = texte.split_once(['.', ',']).unwrap_or((texte, ""));
    // A number written 100.000 keeps its value: only decimals that say something count.
    let decimales = decimales.trim_end_matches('0');
    let chiffres = |t: &str| t.bytes().all(|c| c.is_ascii_digit());
    if entier.is_empty() || entier.len() > 3 || decimales.len() > 2 || !chiffres(entier) || !chiffres(decimales) {
        return Err(ATTENDU.to_owned());
    }
    let centiemes = format!("{entier}{decimales:0<2}").parse::<u32>();
    let part = centiemes.ok().and_then(|c| u16::try_from(c).ok());
    part.filter(|part| *part <= 10_000).ok_or_else(|| ATTENDU.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_without_a_float() {
        for (texte, attendu) in [
            ("0", 0),
            ("100", 10_000),
            ("62.5", 6_250),
            ("33,33", 3_333),
            ("0.01", 1),
            ("50.00", 5_000),
        ] {
            assert_eq!(en_part(texte), Ok(attendu), "{texte}");
        }
        for texte in [
            "", "100.01", "101", "-1", "12.345", "1e2", "abc", ".5", "1000", "1.2.3", "5 %",
        ] {
            assert!(en_part(texte).is_err(), "{texte}");
        }
    }
}
