//! What a new dossier takes from an earlier one: the answers that are still asked and still can be given.

use std::collections::BTreeMap;

use super::champ::{Champ, Genre, Options};
use super::reponses::Reponses;
use super::{Dossier, EssmsGrappe, Etape, etapes};
use crate::domain::modele::Textes;
use crate::domain::nomenclature::Liste;

/// What is copied, and what is told of it.
#[derive(Debug, Default)]
pub struct Reprise {
    /// Answers of each step that has some.
    pub etapes: BTreeMap<Etape, Reponses>,
    /// The grappe, each ESSMS with its facts.
    pub essms: Vec<EssmsGrappe>,
    /// How many answers were left out.
    pub laissees: usize,
}

/// Takes what can be taken from `source`; the grappe if `avec_essms`. `solution` says whether a solution is still in the
/// referential.
pub fn reprendre(source: &Dossier, avec_essms: bool, solution: impl Fn(&str) -> bool) -> Reprise {
    let mut reprise = Reprise::default();
    if avec_essms {
        for essms in &source.essms {
            let champ = |nom: &str| etapes::FAITS_ESSMS.iter().find(|c| c.nom == nom);
            let (reponses, laissees) = garder(&essms.reponses, champ, &|_, _| true);
            reprise.laissees += laissees;
            reprise.essms.push(EssmsGrappe {
                finess: essms.finess,
                reponses,
            });
        }
    }
    let permis = |options: Options, valeur: &str| match options {
        Options::Solutions => solution(valeur),
        Options::EssmsDeLaGrappe => avec_essms && source.essms.iter().any(|e| e.finess.as_str() == valeur),
    };
    for (etape, enregistree) in &source.etapes {
        let champ = |nom: &str| etapes::champ(*etape, nom).map(|(champ, _)| champ);
        // The step of the ESSMS keeps a version only: their answers are the grappe's.
        if *etape == Etape::Essms {
            continue;
        }
        let (reponses, laissees) = garder(&enregistree.reponses, champ, &permis);
        reprise.laissees += laissees;
        if !reponses.est_vide() {
            reprise.etapes.insert(*etape, reponses);
        }
    }
    reprise
}

/// Takes the texts of a model.
pub fn reprendre_textes(textes: &Textes) -> Reprise {
    let mut reprise = Reprise::default();
    for (etape, textes) in textes {
        let (reponses, laissees) = garder(textes, |nom| Some(etapes::champ(*etape, nom)?.0), &|_, _| false);
        reprise.laissees += laissees;
        if !reponses.est_vide() {
            reprise.etapes.insert(*etape, reponses);
        }
    }
    reprise
}

/// The answers that may still be given, and how many may not.
fn garder(
    reponses: &Reponses,
    champ: impl Fn(&str) -> Option<&'static Champ>,
    permis: &dyn Fn(Options, &str) -> bool,
) -> (Reponses, usize) {
    let mut gardees = Reponses::default();
    let mut laissees = 0;
    for (nom, valeurs) in reponses.iter() {
        match champ(nom) {
            Some(champ) if valeurs.iter().all(|v| offerte(champ.genre, v, permis)) => {
                gardees.mettre(nom, valeurs.to_vec());
            }
            _ => laissees += 1,
        }
    }
    (gardees, laissees)
}

/// Whether a stored value is still one of those a field offers.
fn offerte(genre: Genre, valeur: &str, permis: &dyn Fn(Options, &str) -> bool) -> bool {
    match genre {
        Genre::Choix(options) | Genre::Cases(options) => options.iter().any(|(code, _)| *code == valeur),
        Genre::Parmi(options) => permis(options, valeur),
        Genre::Texte(_)
        | Genre::Zone(_)
        | Genre::Courriel
        | Genre::Telephone
        | Genre::Nombre(_)
        | Genre::Decimal(_)
        | Genre::Montant
        | Genre::Date
        | Genre::OuiNon => true,
    }
}

impl Reprise {
    /// The same of a model.
    pub fn dire_modele(&self, meme_edition: bool) -> Vec<String> {
        let noms: Vec<&str> = self.etapes.keys().map(|e| e.libelle()).collect();
        let mut dit = vec![
            format!(
                "Textes repris d’un modèle publié par une ARS\u{a0}: {}",
                noms.join(", ")
            ),
            "Ces textes ne sont pas les vôtres\u{a0}: adaptez-les à votre projet, et remplacez les mots entre crochets"
                .to_owned(),
        ];
        if !meme_edition {
            dit.push("Le modèle répondait à un autre appel à projets\u{a0}: relisez chaque étape".to_owned());
        }
        dit
    }

    /// What the person is told on arrival.
    pub fn dire(&self, source: &Dossier, meme_edition: bool) -> Vec<String> {
        let noms: Vec<&str> = self.etapes.keys().map(|e| e.libelle()).collect();
        let mut dit = vec![if noms.is_empty() {
            "Aucune réponse à reprendre".to_owned()
        } else {
            format!("Réponses reprises\u{a0}: {}", noms.join(", "))
        }];
        dit.push(match (self.essms.len(), source.essms.len()) {
            (0, 0) => "Aucun ESSMS dans le dossier repris".to_owned(),
            (0, n) => format!("ESSMS non repris\u{a0}: {n}, à ajouter dans la grappe"),
            (n, _) => format!("ESSMS repris avec leurs réponses\u{a0}: {n}, à relire (financements reçus, effectifs)"),
        });
        if !source.pieces.is_empty() {
            dit.push(format!(
                "Pièces non reprises\u{a0}: {}, à joindre de nouveau, à jour",
                source.pieces.len()
            ));
        }
        if self.laissees > 0 {
            dit.push(format!(
                "Réponses laissées de côté\u{a0}: {}, qui ne sont plus demandées ou plus possibles",
                self.laissees
            ));
        }
        if self.etapes.contains_key(&Etape::Planning) {
            dit.push("Dates du planning reprises telles quelles\u{a0}: à actualiser".to_owned());
        }
        if !meme_edition {
            dit.push("Le dossier repris répondait à un autre appel à projets\u{a0}: relisez chaque étape".to_owned());
        }
        dit
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::domain::dossier::{EtapeEnregistree, EtatDossier, Piece};
    use crate::domain::finess::Finess;

    fn reponses(paires: &[(&str, &str)]) -> Reponses {
        let mut r = Reponses::default();
        for (nom, valeur) in paires {
            r.mettre(nom, vec![(*valeur).to_owned()]);
        }
        r
    }

    fn source() -> Dossier {
        let etape = |paires: &[(&str, &str)]| EtapeEnregistree {
            version: 3,
            reponses: reponses(paires),
            ..EtapeEnregistree::default()
        };
        let essms = Finess::parse("590799730").unwrap();
        Dossier {
            id: Uuid::nil(),
            reference: "IDF2021-AAAAA".into(),
            nom: "Ancien".into(),
            edition: "idf-2021-t2".into(),
            edition_version: 1,
            region: "11".into(),
            porteur: essms,
            porteur_depuis: None,
            etat: EtatDossier::Depose,
            fictif: false,
            cree_le: DateTime::UNIX_EPOCH,
            modifie_le: DateTime::UNIX_EPOCH,
            etapes: BTreeMap::from([
                (
                    Etape::Projet,
                    etape(&[
                        ("nom_projet", "Tilleul"),
                        ("signataire", "590799730"),
                        ("disparue", "x"),
                    ]),
                ),
                (Etape::Solution, etape(&[("solution", "retirée du référentiel")])),
                (Etape::Planning, etape(&[("jalon-0-libelle", "Marché")])),
            ]),
            essms: vec![EssmsGrappe {
                finess: essms,
                reponses: reponses(&[("hebergement", "saas"), ("type_projet", "code disparu")]),
            }],
            pieces: vec![Piece {
                id: Uuid::nil(),
                type_piece: "devis".into(),
                nom: "devis.pdf".into(),
                type_contenu: String::new(),
                taille_octets: 1,
                sha256: Vec::new(),
                chemin: String::new(),
                depose_le: DateTime::UNIX_EPOCH,
                analyse: crate::domain::dossier::Analyse::Absente,
            }],
        }
    }

    #[test]
    fn only_answers_still_asked_and_still_possible_are_taken() {
        let reprise = reprendre(&source(), false, |_| false);
        let projet = &reprise.etapes[&Etape::Projet];
        assert_eq!(projet.texte("nom_projet"), Some("Tilleul"));
        assert_eq!(projet.texte("signataire"), None, "its ESSMS is not taken");
        assert_eq!(projet.texte("disparue"), None);
        assert!(!reprise.etapes.contains_key(&Etape::Solution));
        assert_eq!((reprise.essms.len(), reprise.laissees), (0, 3));
    }

    #[test]
    fn with_its_essms_come_their_answers_and_the_signatory() {
        let reprise = reprendre(&source(), true, |_| true);
        assert_eq!(reprise.etapes[&Etape::Projet].texte("signataire"), Some("590799730"));
        assert!(reprise.etapes.contains_key(&Etape::Solution));
        assert_eq!(reprise.essms[0].reponses.texte("hebergement"), Some("saas"));
        assert_eq!(reprise.essms[0].reponses.texte("type_projet"), None);
        assert_eq!(reprise.laissees, 2);
    }

    #[test]
    fn what_was_taken_and_what_was_left_is_told() {
        let dit = reprendre(&source(), false, |_| false).dire(&source(), false);
        assert_eq!(
            dit,
            [
                "Réponses reprises\u{a0}: Projet et porteur, Planning",
                "ESSMS non repris\u{a0}: 1, à ajouter dans la grappe",
                "Pièces non reprises\u{a0}: 1, à joindre de nouveau, à jour",
                "Réponses laissées de côté\u{a0}: 3, qui ne sont plus demandées ou plus possibles",
                "Dates du planning reprises telles quelles\u{a0}: à actualiser",
                "Le dossier repris répondait à un autre appel à projets\u{a0}: relisez chaque étape",
            ]
        );
    }
}
