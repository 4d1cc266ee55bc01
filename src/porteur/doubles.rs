//! ESSMS that another dossier engages (ELI-E05), when that dossier is the person's own, or one their OG takes part in: it is
//! named, so that the ESSMS is taken out of one of the two. Anybody else's is never said.

use crate::domain::dossier::EtatDossier;
use crate::domain::finess::Finess;
use crate::store::entourage::Double;
use crate::web::chemins;
use crate::web::page::Lien;

/// « votre autre brouillon « … » ».
fn nom(double: &Double) -> String {
    let genre = match (double.porte, double.etat) {
        (false, _) => "une grappe à laquelle vous participez,",
        (true, EtatDossier::Depose) => "votre dossier déposé",
        (true, EtatDossier::Brouillon | EtatDossier::Abandonne) => "votre autre brouillon",
    };
    format!("{genre} «\u{a0}{}\u{a0}»", double.nom)
}

/// Where this ESSMS is too, in words; none when it is elsewhere, or nowhere.
pub fn precision(doubles: &[Double], finess: Finess) -> Option<String> {
    let double = doubles.iter().find(|d| d.finess == finess)?;
    Some(format!(
        "C’est {}\u{a0}: retirez cet ESSMS de l’un des deux.",
        nom(double)
    ))
}

/// The other dossiers, each with how many ESSMS it shares.
pub fn liens(doubles: &[Double]) -> Vec<Lien> {
    let mut liens: Vec<(&Double, usize)> = Vec::new();
    for double in doubles {
        match liens.iter_mut().find(|(d, _)| d.dossier == double.dossier) {
            Some((_, nombre)) => *nombre += 1,
            None => liens.push((double, 1)),
        }
    }
    let lien = |(double, nombre): (&Double, usize)| {
        let libelle = format!("{nombre}\u{a0}ESSMS dans {}", nom(double));
        Lien::nouveau(libelle, chemins::grappe(double.dossier))
    };
    liens.into_iter().map(lien).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_other_dossier_is_named_once_with_how_many_essms_it_shares() {
        let double = |finess: &str, dossier, nom: &str, etat| Double {
            finess: Finess::parse(finess).unwrap(),
            dossier: Uuid::from_u128(dossier),
            nom: nom.to_owned(),
            etat,
            porte: dossier < 3,
        };
        let doubles = [
            double("010000024", 1, "Un", EtatDossier::Brouillon),
            double("590799730", 1, "Un", EtatDossier::Brouillon),
            double("590799730", 2, "Deux", EtatDossier::Depose),
            double("590799730", 3, "Trois", EtatDossier::Brouillon),
        ];
        let libelles: Vec<String> = liens(&doubles).iter().map(|l| l.libelle.clone()).collect();
        assert_eq!(
            libelles,
            [
                "2\u{a0}ESSMS dans votre autre brouillon «\u{a0}Un\u{a0}»",
                "1\u{a0}ESSMS dans votre dossier déposé «\u{a0}Deux\u{a0}»",
                "1\u{a0}ESSMS dans une grappe à laquelle vous participez, «\u{a0}Trois\u{a0}»"
            ]
        );
        assert!(
            precision(&doubles, doubles[0].finess)
                .unwrap()
                .starts_with("C’est votre autre brouillon")
        );
        assert_eq!(precision(&[], doubles[0].finess), None);
    }
}
