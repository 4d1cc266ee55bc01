//! Bars of amounts: shapes drawn from whole numbers, beside a table that says the same.

use crate::domain::argent::Centimes;
use crate::rules::evaluation::VersementPrevu;

/// Width of the drawing, in its own units: that of the smallest screen.
pub const LARGEUR: i64 = 340;
/// Height of a bar with its label.
const PAS: i64 = 56;

/// One bar: what is certain, over what could be had at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barre {
    /// Label.
    pub libelle: String,
    /// The amounts, in words.
    pub montants: String,
    /// Baseline of the label.
    pub y_libelle: i64,
    /// Top of the bar.
    pub y: i64,
    /// Width of what is certain.
    pub certain: i64,
    /// Width of the maximum.
    pub maximum: i64,
}

/// Bars.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graphique {
    /// From the top.
    pub barres: Vec<Barre>,
    /// Height of the drawing.
    pub hauteur: i64,
    /// The same in a sentence.
    pub resume: String,
}

impl Graphique {
    /// The instalments of a grant.
    pub fn versements(versements: &[VersementPrevu]) -> Self {
        let plafond = versements.iter().map(|v| v.maximum.0).max().unwrap_or_default().max(1);
        let largeur = |Centimes(montant): Centimes| montant.max(0).saturating_mul(LARGEUR) / plafond;
        let barre = |(rang, v): (i64, &VersementPrevu)| Barre {
            libelle: format!("Versement {} ({}\u{a0}%)", v.rang, v.part_pour_cent),
            montants: montants(v),
            y_libelle: rang * PAS + 18,
            y: rang * PAS + 26,
            certain: largeur(v.certain),
            maximum: largeur(v.maximum),
        };
        let barres: Vec<Barre> = (0..).zip(versements).map(barre).collect();
        let phrases: Vec<String> = barres
            .iter()
            .map(|b| format!("{}\u{a0}: {}", b.libelle, b.montants))
            .collect();
        Self {
            hauteur: (0..)
                .zip(&barres)
                .map(|(rang, _)| (rang + 1) * PAS)
                .last()
                .unwrap_or_default(),
            resume: phrases.join("\u{a0}; "),
            barres,
        }
    }
}

fn montants(v: &VersementPrevu) -> String {
    if v.certain == v.maximum {
        v.certain.to_string()
    } else {
        format!("{} à {}", v.certain, v.maximum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::constat::Source;

    fn versement(rang: usize, certain: i64, maximum: i64) -> VersementPrevu {
        VersementPrevu {
            rang,
            part_pour_cent: 50,
            certain: Centimes(certain),
            maximum: Centimes(maximum),
            condition: String::new(),
            source: Source {
                document: String::new(),
                titre: String::new(),
                section: String::new(),
            },
        }
    }

    #[test]
    fn the_largest_bar_fills_the_drawing_and_the_others_are_to_scale() {
        let graphique = Graphique::versements(&[versement(1, 0, 1_000), versement(2, 500, 500)]);
        let largeurs: Vec<(i64, i64)> = graphique.barres.iter().map(|b| (b.certain, b.maximum)).collect();
        assert_eq!(largeurs, [(0, LARGEUR), (LARGEUR / 2, LARGEUR / 2)]);
        assert_eq!(graphique.hauteur, 2 * PAS);
        assert!(graphique.resume.starts_with("Versement 1"), "{}", graphique.resume);
    }

    #[test]
    fn nothing_to_pay_draws_empty_bars() {
        let graphique = Graphique::versements(&[versement(1, 0, 0)]);
        assert_eq!((graphique.barres[0].certain, graphique.barres[0].maximum), (0, 0));
        assert_eq!(Graphique::versements(&[]).hauteur, 0);
    }
}
