//! FINESS numbers, of an ESSMS (ET) or of an OG (EJ): nine characters, the last one a Luhn key.

use std::fmt;

/// A well-formed FINESS number whose key is right. ET and EJ numbers obey the same rule, so the
/// number alone does not tell which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finess([u8; 9]);

/// Why a text is not a FINESS number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FinessErreur {
    /// Not nine characters once spaces, dots and dashes are taken out.
    #[error("un numéro FINESS compte 9 caractères, celui-ci en compte {0}")]
    Longueur(usize),
    /// A character other than a digit (A or B may stand second, for Corsica).
    #[error("un numéro FINESS ne contient que des chiffres (A ou B en deuxième position pour la Corse)")]
    Caractere,
    /// Eight digits that a zero before them would make this number: spreadsheets take it for a number, and drop it.
    #[error("un numéro FINESS compte 9 caractères\u{a0}: un tableur a peut-être ôté le zéro du début de {0}")]
    ZeroPerdu(Finess),
    /// The ninth digit is not the key of the first eight.
    #[error("la clé de ce numéro FINESS est fausse\u{a0}: vérifiez les chiffres saisis")]
    Cle,
}

impl Finess {
    /// Reads a number as people type it: spaces (of any kind), dots and dashes between the
    /// characters are ignored, `a` and `b` are read as capitals.
    ///
    /// # Errors
    /// [`FinessErreur`], by the first thing that is wrong.
    pub fn parse(texte: &str) -> Result<Self, FinessErreur> {
        let mut lus = [0u8; 9];
        let mut longueur = 0;
        let mut ascii = true;
        for c in texte.chars() {
            if c.is_whitespace() || matches!(c, '.' | '-' | '\u{2011}' | '\u{feff}' | '\u{200b}') {
                continue;
            }
            if let (Some(case), Ok(octet)) = (lus.get_mut(longueur), u8::try_from(c)) {
                *case = octet.to_ascii_uppercase();
            } else if u8::try_from(c).is_err() {
                ascii = false;
            }
            longueur += 1;
        }
        if longueur != lus.len() {
            return Err(FinessErreur::Longueur(longueur));
        }
        if !ascii {
            return Err(FinessErreur::Caractere);
        }
        let bien_forme = lus
            .iter()
            .enumerate()
            .all(|(rang, c)| c.is_ascii_digit() || (rang == 1 && matches!(c, b'A' | b'B') && lus[0] == b'2'));
        if !bien_forme {
            return Err(FinessErreur::Caractere);
        }
        if !somme_de_luhn(lus).is_multiple_of(10) {
            return Err(FinessErreur::Cle);
        }
        Ok(Self(lus))
    }

    /// The number whose first eight characters are given, completed by its key.
    ///
    /// # Errors
    /// [`FinessErreur`] when the root itself is malformed.
    pub fn depuis_racine(racine: &str) -> Result<Self, FinessErreur> {
        let mut dernier = FinessErreur::Cle;
        for cle in '0'..='9' {
            match Self::parse(&format!("{racine}{cle}")) {
                Ok(numero) => return Ok(numero),
                Err(erreur) => dernier = erreur,
            }
        }
        Err(dernier)
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Luhn's sum over the nine characters; in Corsica A counts as 1 and B as 2.
fn somme_de_luhn(caracteres: [u8; 9]) -> u32 {
    caracteres
        .iter()
        .rev()
        .enumerate()
        .map(|(rang, c)| {
            let chiffre = match c {
                b'A' => 1,
                b'B' => 2,
                chiffre => u32::from(chiffre - b'0'),
            };
            let double = if rang % 2 == 1 { chiffre * 2 } else { chiffre };
            if double > 9 { double - 9 } else { double }
        })
        .sum()
}

impl fmt::Display for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finess({self})")
    }
}

impl std::str::FromStr for Finess {
    type Err = FinessErreur;

    fn from_str(texte: &str) -> Result<Self, FinessErreur> {
        Self::parse(texte)
    }
}

impl utoipa::PartialSchema for Finess {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^([0-9]{9}|2[AB][0-9]{7})$"))
            .description(Some(
                "Numéro FINESS\u{a0}: neuf caractères, dont le dernier est une clé de Luhn",
            ))
            .examples(["750000127"])
            .into()
    }
}

impl utoipa::ToSchema for Finess {}

impl serde::Serialize for Finess {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Finess {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let texte = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&texte).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_numbers_are_read() {
        for numero in [
            "010000024",
            "750719361",
            "2A0000253",
            "2A0000030",
            "970100400",
            "980501506",
            "590799730",
        ] {
            assert_eq!(Finess::parse(numero).map(|n| n.to_string()), Ok(numero.to_owned()));
        }
    }

    #[test]
    fn a_wrong_key_is_said() {
        assert_eq!(Finess::parse("010000025"), Err(FinessErreur::Cle));
    }

    #[test]
    fn eight_and_ten_characters_are_refused() {
        assert_eq!(Finess::parse("01000002"), Err(FinessErreur::Longueur(8)));
        assert_eq!(Finess::parse("0100000240"), Err(FinessErreur::Longueur(10)));
        assert_eq!(Finess::parse(""), Err(FinessErreur::Longueur(0)));
    }

    #[test]
    fn letters_are_for_corsica_only() {
        assert_eq!(Finess::parse("3A0000253"), Err(FinessErreur::Caractere));
        assert_eq!(Finess::parse("20000A253"), Err(FinessErreur::Caractere));
        assert_eq!(Finess::parse("2C0000253"), Err(FinessErreur::Caractere));
        assert_eq!(Finess::parse("01000002é"), Err(FinessErreur::Caractere));
        assert_eq!(Finess::parse("01000002π"), Err(FinessErreur::Caractere));
    }

    #[test]
    fn spaces_dots_dashes_and_lower_case_are_read() {
        assert_eq!(Finess::parse(" 2a 000 02-53 "), Finess::parse("2A0000253"));
        assert_eq!(Finess::parse("01\u{a0}0000.024"), Finess::parse("010000024"));
    }

    proptest! {
        #[test]
        fn a_root_has_one_key(racine in "[0-9]{8}") {
            let numero = Finess::depuis_racine(&racine).unwrap();
            prop_assert!(numero.as_str().starts_with(&racine));
            let valides = ('0'..='9').filter(|c| Finess::parse(&format!("{racine}{c}")).is_ok()).count();
            prop_assert_eq!(valides, 1);
        }

        #[test]
        fn no_text_makes_it_panic(texte in "\\PC*") {
            let _ = Finess::parse(&texte);
        }
    }
}
