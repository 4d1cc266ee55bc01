//! What a search of the registry found, in words, with the links to its other pages.

use super::chemins;
use super::vue::Pagination;
use crate::store::recherche::Trouves;

/// Above and below the results of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VueRecherche {
    /// What was searched.
    pub texte: String,
    /// « 312 résultats pour « ehpad » ».
    pub titre: String,
    /// Which of them the page shows, and how to see fewer; empty when they are all there.
    pub precision: String,
    /// The page shown, from 1.
    pub page: u32,
    /// Links to the pages of the results.
    pub pagination: Pagination,
}

impl VueRecherche {
    /// Around the results of `texte`, whose pages are those of the address `ici`.
    pub fn nouvelle(texte: &str, trouves: &Trouves, par_page: u32, ici: &str) -> Self {
        let s = if trouves.total > 1 { "s" } else { "" };
        let plus_de = if trouves.davantage { "Plus de " } else { "" };
        let premier = u64::from(trouves.page - 1) * u64::from(par_page) + 1;
        let dernier = (premier + u64::from(par_page) - 1).min(u64::try_from(trouves.total).unwrap_or(u64::MAX));
        let mut precision = String::new();
        if trouves.pages > 1 {
            precision = format!("Les plus proches d’abord\u{a0}: ceux-ci sont les {premier}ᵉ à {dernier}ᵉ.");
            precision = precision.replace("les 1ᵉ", "les 1ᵉʳ");
        }
        if trouves.davantage {
            precision.push_str(" Ajoutez une commune, un organisme ou un autre mot du nom pour trouver les suivants.");
        }
        Self {
            texte: texte.to_owned(),
            titre: format!("{plus_de}{}\u{a0}résultat{s} pour «\u{a0}{texte}\u{a0}»", trouves.total),
            precision,
            page: trouves.page,
            pagination: Pagination::nouvelle(trouves.page, trouves.pages, |page| {
                chemins::avec_parametres(ici, &[("q", texte), ("page", &page.to_string())])
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vue(total: usize, davantage: bool, page: u32, pages: u32) -> VueRecherche {
        let trouves = Trouves {
            essms: Vec::new(),
            total,
            davantage,
            page,
            pages,
        };
        VueRecherche::nouvelle("val d’or", &trouves, 20, "/ici")
    }

    #[test]
    fn it_says_how_many_answer_and_which_are_shown() {
        let une = vue(18, false, 1, 1);
        assert_eq!(une.titre, "18\u{a0}résultats pour «\u{a0}val d’or\u{a0}»");
        assert_eq!((une.precision.as_str(), une.pagination.pages.len()), ("", 0));
        let deuxieme = vue(35, false, 2, 2);
        assert!(deuxieme.precision.ends_with("les 21ᵉ à 35ᵉ."), "{}", deuxieme.precision);
        let precedente = deuxieme.pagination.precedente.unwrap();
        assert_eq!(precedente, "/ici?q=val+d%E2%80%99or&page=1");
        let beaucoup = vue(300, true, 1, 15);
        assert!(beaucoup.titre.starts_with("Plus de 300"));
        assert!(beaucoup.precision.contains("les 1ᵉʳ à 20ᵉ.") && beaucoup.precision.contains("Ajoutez une commune"));
        assert!(vue(0, false, 1, 1).titre.starts_with("0\u{a0}résultat pour"));
    }
}
