//! A small deterministic generator: the same seed gives the same registry on every machine.

/// `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Alea(u64);

impl Alea {
    /// A sequence of its own for each seed.
    pub fn new(graine: u64) -> Self {
        Self(graine)
    }

    fn suivant(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `borne` - 1; 0 when `borne` is 0. The bias of the remainder is far below
    /// what a fictitious registry could show.
    pub fn sous(&mut self, borne: usize) -> usize {
        let borne = u64::try_from(borne.max(1)).unwrap_or(1);
        usize::try_from(self.suivant() % borne).unwrap_or(0)
    }

    /// A number from `min` to `max`, both included.
    pub fn entre(&mut self, min: usize, max: usize) -> usize {
        min + self.sous(max.saturating_sub(min) + 1)
    }

    /// True `pour_cent` times in a hundred.
    pub fn chance(&mut self, pour_cent: usize) -> bool {
        self.sous(100) < pour_cent
    }

    /// One of the slice, which must not be empty.
    pub fn parmi<'a, T>(&mut self, choix: &'a [T]) -> &'a T {
        &choix[self.sous(choix.len())]
    }

    /// One of the slice, as often as its weight.
    pub fn pese<'a, T>(&mut self, choix: &'a [(T, usize)]) -> &'a T {
        let total = choix.iter().map(|c| c.1).sum();
        let mut tirage = self.sous(total);
        for (valeur, poids) in choix {
            if tirage < *poids {
                return valeur;
            }
            tirage -= poids;
        }
        &choix[0].0
    }
}
