//! Money, in whole centimes. No float ever touches it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// An amount in centimes of euro.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct Centimes(pub i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MontantErreur {
    /// Not digits, spaces and one decimal comma or point.
    #[error("un montant s’écrit en chiffres, par exemple 12 500 ou 12 500,50")]
    Illisible,
    /// More than two decimals.
    #[error("un montant a au plus deux décimales")]
    Decimales,
    /// Above [`Centimes::PLAFOND`].
    #[error("ce montant dépasse 1\u{a0}000\u{a0}000\u{a0}000\u{a0}€")]
    TropGrand,
}

impl Centimes {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// A billion euros: above it a typed amount is a typing error, and sums stay far from overflow.
    pub const PLAFOND: Self = Self(100_000_000_000);

    /// Whole euros.
    pub const fn euros(euros: i64) -> Self {
        Self(euros * 100)
    }

    /// Reads an amount as people type it: spaces of any kind, `€`, comma or point.
    ///
    /// # Errors
    /// [`MontantErreur`], by the first thing that is wrong.
    pub fn parse(texte: &str) -> Result<Self, MontantErreur> {
        let nu: String = texte.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
        let (entier, decimales) = nu.split_once([',', '.']).unwrap_or((&nu, ""));
        if entier.is_empty()
            || !nu.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
            || decimales.contains([',', '.'])
        {
            return Err(MontantErreur::Illisible);
        }
        if decimales.len() > 2 {
            return Err(MontantErreur::Decimales);
        }
        let centimes: i64 = format!("{entier}{decimales:0<2}")
            .parse()
            .map_err(|_| MontantErreur::TropGrand)?;
        if centimes > Self::PLAFOND.0 {
            return Err(MontantErreur::TropGrand);
        }
        Ok(Self(centimes))
    }

    /// As it is typed back in a form: `12500,50`, decimals only when there are some.
    pub fn saisie(self) -> String {
        match (self.0 / 100, self.0 % 100) {
            (euros, 0) => euros.to_string(),
            (euros, centimes) => format!("{euros},{:02}", centimes.abs()),
        }
    }

    /// Shares this amount in proportion to `poids` so that the parts sum to it exactly: largest
    /// remainder, the first in order wins a tie. No weight: no part gets anything, whatever the amount.
    pub fn repartir(self, poids: &[u64]) -> Vec<Self> {
        let total: i128 = poids.iter().map(|p| i128::from(*p)).sum();
        if total == 0 {
            return vec![Self::ZERO; poids.len()];
        }
        let produits: Vec<i128> = poids.iter().map(|p| i128::from(self.0) * i128::from(*p)).collect();
        let mut parts: Vec<i128> = produits.iter().map(|p| p.div_euclid(total)).collect();
        let reste = i128::from(self.0) - parts.iter().sum::<i128>();
        let mut ordre: Vec<usize> = (0..poids.len()).collect();
        ordre.sort_by_key(|rang| std::cmp::Reverse(produits[*rang].rem_euclid(total)));
        for rang in ordre.into_iter().take(usize::try_from(reste).unwrap_or_default()) {
            parts[rang] += 1;
        }
        parts
            .into_iter()
            .map(|p| Self(i64::try_from(p).unwrap_or_default()))
            .collect()
    }
}

impl fmt::Display for Centimes {
    /// `1 053 500 €`, with non-breaking spaces; centimes shown only when there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signe = if self.0 < 0 { "−" } else { "" };
        let euros = (self.0.unsigned_abs() / 100).to_string();
        let groupes: Vec<&str> = {
            let tete = euros.len() % 3;
            let (premier, suite) = euros.split_at(tete);
            std::iter::once(premier)
                .filter(|g| !g.is_empty())
                .chain(
                    suite
                        .as_bytes()
                        .chunks(3)
                        .map(|c| std::str::from_utf8(c).unwrap_or_default()),
                )
                .collect()
        };
        write!(f, "{signe}{}", groupes.join("\u{202f}"))?;
        match self.0.unsigned_abs() % 100 {
            0 => f.write_str("\u{a0}€"),
            centimes => write!(f, ",{centimes:02}\u{a0}€"),
        }
    }
}

impl Add for Centimes {
    type Output = Self;
    fn add(self, autre: Self) -> Self {
        Self(self.0 + autre.0)
    }
}
impl AddAssign for Centimes {
    fn add_assign(&mut self, autre: Self) {
        self.0 += autre.0;
    }
}
impl Sub for Centimes {
    type Output = Self;
    fn sub(self, autre: Self) -> Self {
        Self(self.0 - autre.0)
    }
}
impl Neg for Centimes {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Mul<i64> for Centimes {
    type Output = Self;
    fn mul(self, nombre: i64) -> Self {
        Self(self.0 * nombre)
    }
}
impl Sum for Centimes {
    fn sum<I: Iterator<Item = Self>>(montants: I) -> Self {
        montants.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_as_typed() {
        assert_eq!(Centimes::parse("12 500"), Ok(Centimes::euros(12_500)));
        assert_eq!(Centimes::parse("12\u{202f}500,5 €"), Ok(Centimes(1_250_050)));
        assert_eq!(Centimes::parse("0.01"), Ok(Centimes(1)));
        assert_eq!(Centimes::parse("1,234"), Err(MontantErreur::Decimales));
        for illisible in ["", "-5", "douze", "1,2,3", ",5", "1e3"] {
            assert_eq!(Centimes::parse(illisible), Err(MontantErreur::Illisible), "{illisible}");
        }
    }

    #[test]
    fn a_billion_is_the_last_amount() {
        assert_eq!(Centimes::parse("1000000000"), Ok(Centimes::PLAFOND));
        assert_eq!(Centimes::parse("1000000000,01"), Err(MontantErreur::TropGrand));
        assert_eq!(
            Centimes::parse("99999999999999999999999"),
            Err(MontantErreur::TropGrand)
        );
    }

    #[test]
    fn amounts_are_shown_in_french() {
        assert_eq!(Centimes::euros(1_053_500).to_string(), "1\u{202f}053\u{202f}500\u{a0}€");
        assert_eq!(Centimes(-5).to_string(), "−0,05\u{a0}€");
        assert_eq!(Centimes::ZERO.to_string(), "0\u{a0}€");
        assert_eq!(Centimes(1_250_050).saisie(), "12500,50");
    }

    #[test]
    fn the_first_wins_a_tie() {
        assert_eq!(Centimes(1).repartir(&[1, 1]), [Centimes(1), Centimes(0)]);
        assert_eq!(
            Centimes(100).repartir(&[1, 1, 1]),
            [Centimes(34), Centimes(33), Centimes(33)]
        );
        assert_eq!(Centimes(100).repartir(&[0, 0]), [Centimes(0), Centimes(0)]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount(montant in 0i64..10_000_000_000, poids in prop::collection::vec(0u64..600, 1..30)) {
            prop_assume!(poids.iter().sum::<u64>() > 0);
            let parts = Centimes(montant).repartir(&poids);
            prop_assert_eq!(parts.into_iter().sum::<Centimes>(), Centimes(montant));
        }

        #[test]
        fn what_is_typed_back_reads_the_same(montant in 0i64..=100_000_000_000) {
            prop_assert_eq!(Centimes::parse(&Centimes(montant).saisie()), Ok(Centimes(montant)));
        }
    }
}
