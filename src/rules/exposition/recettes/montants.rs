//! Examples of money and of the purchase.

use super::{Recette, entiere, recette, rien};
use crate::domain::nomenclature::TypeProjet;
use crate::rules::edition::{CodeForfait, Edition, RegimeAchat};
use crate::rules::evaluation::Procedure;
use crate::rules::exposition::exemples::Issue;
use crate::rules::exposition::projet::{PORTEUR, Projet, categorie, og};

/// Category of a home service that may sell « confort » services.
pub(super) const SERVICE_A_DOMICILE: &str = "460";
/// Category of a CHRS, of the social sector.
const CHRS: &str = "214";

fn paye(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Montant(true), situation, changer)
}

fn rien_du(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Montant(false), situation, changer)
}

fn en_conformite(projet: &mut Projet) {
    projet.tous(|e| e.type_projet = Some(TypeProjet::MiseEnConformite));
}

fn vers(procedure: Procedure, situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Procedure(procedure), situation, changer)
}

/// The ways of buying that the edition knows.
pub(super) fn achat(edition: &Edition) -> Vec<Recette> {
    if edition.achat.regime == RegimeAchat::MarcheNational {
        return vec![vers(
            Procedure::SadObligatoire,
            "Une grappe d’EHPAD achète un DUI.",
            rien,
        )];
    }
    let prive = if edition.achat.source_commande_publique.is_some() {
        Procedure::AApprecier
    } else {
        Procedure::SadObligatoire
    };
    vec![
        vers(
            Procedure::SansSad,
            "Tous les ESSMS sont en mise en conformité.",
            en_conformite,
        ),
        vers(
            Procedure::MarcheExistant,
            "Le porteur, soumis à la commande publique, a déjà un marché en cours de même objet.",
            |p| p.faits.porteur.marche_public_identique = Some(true),
        ),
        vers(
            Procedure::SadObligatoire,
            "Une grappe d’EHPAD achète un DUI ; le porteur est soumis à la commande publique et n’a pas de marché en cours.",
            rien,
        ),
        vers(
            prive,
            "La même grappe, dont le porteur n’est pas soumis à la commande publique.",
            |p| {
                p.faits.porteur.soumis_ccp = Some(false);
            },
        ),
        vers(
            Procedure::LibreSegurOuSad,
            "Une grappe de CHRS, du secteur social, achète un DUI.",
            |p| {
                p.tous(|e| e.categorie = categorie(CHRS));
            },
        ),
        vers(
            Procedure::Inconnu,
            "Le type de projet de chaque ESSMS reste à dire.",
            |p| {
                p.tous(|e| e.type_projet = None);
            },
        ),
    ]
}

/// What a family of amounts pays, and when it pays nothing.
pub(super) fn forfait(edition: &Edition, code: CodeForfait) -> Vec<Recette> {
    match code {
        CodeForfait::Fin01 => usage(edition),
        CodeForfait::Fin02 => vec![
            paye(
                "Une grappe de taille minimale achète une solution référencée Ségur.",
                entiere,
            ),
            paye(
                "La même grappe achète une solution référencée au SAD seulement.",
                |p| {
                    p.grappe_entiere();
                    p.solution(|s| (s.segur, s.sad) = (Some(false), Some(true)));
                },
            ),
            rien_du("La même grappe est en mise en conformité.", |p| {
                p.grappe_entiere();
                en_conformite(p);
            }),
        ],
        CodeForfait::Fin03 => vec![
            paye(
                "Une grappe de taille minimale réunit les ESSMS d’un petit organisme.",
                petits,
            ),
            paye(
                "La taille de l’organisme n’est pas connue : l’aide ne figure que dans le maximum.",
                |p| {
                    p.grappe_entiere();
                    p.taille_des_og(&[None]);
                },
            ),
            rien_du("La même grappe réunit les ESSMS d’un grand organisme.", entiere),
        ],
        CodeForfait::Fin04 | CodeForfait::Fin05 => vec![
            paye("Tous les organismes de la grappe sont petits.", petits),
            paye(
                "Un organisme est petit, l’autre non : l’ARS apprécie, l’aide ne figure que dans le maximum.",
                |p| {
                    p.grappe_entiere();
                    p.un(|e| e.organisme = og(PORTEUR + 1));
                    let seuil = p.edition.taille.seuil_petit_og;
                    p.taille_des_og(&[Some(seuil + 5), Some(1)]);
                },
            ),
            rien_du("Aucun organisme de la grappe n’est petit.", entiere),
        ],
    }
}

fn petits(projet: &mut Projet) {
    projet.grappe_entiere();
    let sous_le_seuil = projet.edition.taille.seuil_petit_og.saturating_sub(1);
    projet.taille_des_og(&[Some(sous_le_seuil)]);
}

fn usage(edition: &Edition) -> Vec<Recette> {
    let mut recettes = vec![
        paye("Une grappe de taille minimale achète un DUI.", entiere),
        paye("La même grappe met son DUI en conformité.", |p| {
            p.grappe_entiere();
            en_conformite(p);
        }),
        paye(
            "Il manque une réponse sur l’un de ses ESSMS : il ne compte que dans le maximum.",
            |p| {
                p.grappe_entiere();
                p.un(|e| e.engage_ailleurs = None);
            },
        ),
    ];
    let degressif = edition
        .forfaits
        .iter()
        .any(|f| f.code == CodeForfait::Fin01 && f.tranches.len() > 1);
    if degressif {
        recettes.push(paye("Une grappe dépasse le maximum d’un ESSMS.", |p| {
            p.grappe(p.edition.taille.maximum + 1);
        }));
    }
    recettes
}

/// The share of eligible hours.
pub(super) fn prorata() -> Vec<Recette> {
    fn a_domicile(projet: &mut Projet, confort: bool) {
        projet.grappe_entiere();
        projet.un(|e| {
            e.categorie = categorie(SERVICE_A_DOMICILE);
            e.activites_confort = Some(confort);
            e.part_heures_eligibles = confort.then_some(8_000);
        });
    }
    vec![
        paye(
            "Un service à domicile de la grappe vend aussi du confort : 80 % de ses heures sont éligibles.",
            |p| {
                a_domicile(p, true);
            },
        ),
        rien_du(
            "Ce service ne vend pas de confort : ses montants ne sont pas réduits.",
            |p| a_domicile(p, false),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nomenclature::Secteur;

    #[test]
    fn the_categories_named_are_those_meant() {
        assert_eq!(categorie(SERVICE_A_DOMICILE).secteur(), Some(Secteur::Dom));
        assert_eq!(categorie(CHRS).secteur(), Some(Secteur::Ahi));
    }
}
