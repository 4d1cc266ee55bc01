//! What a dossier still lacks before it can be deposited (REC-05): each required field, each fact of
//! each ESSMS, each piece, with the step where it is filled.

use crate::domain::dossier::champ::{Bloc, Champ, Lignes, Requis};
use crate::domain::dossier::etapes::{FAITS_ESSMS, blocs};
use crate::domain::dossier::reponses::Reponses;
use crate::domain::dossier::{Dossier, Etape};
use crate::domain::nomenclature::Liste;
use crate::rules::faits::Manque;

/// A piece the edition asks this dossier for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceDemandee {
    /// Its code in the edition.
    pub code: String,
    /// Its name.
    pub libelle: String,
}

/// Everything that is missing, in the order of the steps.
pub fn manques(dossier: &Dossier, pieces: &[PieceDemandee]) -> Vec<Manque> {
    let mut manques = Vec::new();
    for etape in Etape::TOUTES {
        match etape {
            Etape::Essms => essms(dossier, &mut manques),
            Etape::Pieces => {
                let absentes = pieces
                    .iter()
                    .filter(|p| !dossier.pieces.iter().any(|d| d.type_piece == p.code && !d.infectee()));
                manques.extend(absentes.map(|p| manque(*etape, &p.code, p.libelle.clone())));
            }
            Etape::Projet
            | Etape::Solution
            | Etape::Motivations
            | Etape::Equipe
            | Etape::Planning
            | Etape::Financement
            | Etape::Conformite
            | Etape::Recapitulatif => champs(*etape, dossier.reponses(*etape), &mut manques),
        }
    }
    manques
}

fn manque(etape: Etape, champ: &str, libelle: String) -> Manque {
    Manque {
        etape: etape.code(),
        champ: champ.to_owned(),
        libelle,
    }
}

/// Whether a required field has no answer.
fn absent(champ: &Champ, prefixe: &str, reponses: &Reponses) -> bool {
    champ.requis != Requis::Non
        && champ.demande(prefixe, reponses)
        && reponses.valeurs(&format!("{prefixe}{}", champ.nom)).is_empty()
}

fn champs(etape: Etape, reponses: &Reponses, manques: &mut Vec<Manque>) {
    for bloc in blocs(etape) {
        match bloc {
            Bloc::Champs(titre, liste) => {
                for champ in liste.iter().filter(|champ| absent(champ, "", reponses)) {
                    let libelle = if etape == Etape::Conformite {
                        format!("{titre}\u{a0}: {}", champ.libelle)
                    } else {
                        champ.libelle.to_owned()
                    };
                    manques.push(manque(etape, champ.nom, libelle));
                }
            }
            Bloc::Lignes(titre, lignes) => rangees(etape, titre, lignes, reponses, manques),
        }
    }
}

fn rangees(etape: Etape, titre: &str, lignes: &Lignes, reponses: &Reponses, manques: &mut Vec<Manque>) {
    let nombre = reponses.nombre_de_lignes(lignes.nom);
    if nombre < lignes.minimum {
        let premier = lignes.champs.first().map_or("", |c| c.nom);
        manques.push(manque(etape, &format!("{}-0-{premier}", lignes.nom), titre.to_owned()));
    }
    for rang in 0..nombre {
        let prefixe = format!("{}-{rang}-", lignes.nom);
        for champ in lignes.champs.iter().filter(|champ| absent(champ, &prefixe, reponses)) {
            let libelle = format!("{} {}\u{a0}: {}", lignes.titre, rang + 1, champ.libelle);
            manques.push(manque(etape, &format!("{prefixe}{}", champ.nom), libelle));
        }
    }
}

fn essms(dossier: &Dossier, manques: &mut Vec<Manque>) {
    if dossier.essms.is_empty() {
        manques.push(manque(Etape::Essms, "grappe", "Les ESSMS de la grappe".to_owned()));
    }
    for essms in &dossier.essms {
        for champ in FAITS_ESSMS.iter().filter(|champ| absent(champ, "", &essms.reponses)) {
            let libelle = format!("{}\u{a0}: {}", essms.finess, champ.libelle);
            manques.push(manque(
                Etape::Essms,
                &format!("{}-{}", essms.finess, champ.nom),
                libelle,
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::dossier::{EssmsGrappe, EtapeEnregistree, EtatDossier, Piece};
    use crate::domain::finess::Finess;

    fn dossier() -> Dossier {
        Dossier {
            id: uuid::Uuid::nil(),
            reference: String::new(),
            nom: String::new(),
            edition: String::new(),
            edition_version: 1,
            region: "11".into(),
            porteur: Finess::parse("590799730").unwrap(),
            porteur_depuis: None,
            etat: EtatDossier::Brouillon,
            fictif: true,
            cree_le: DateTime::UNIX_EPOCH,
            modifie_le: DateTime::UNIX_EPOCH,
            etapes: std::collections::BTreeMap::new(),
            essms: Vec::new(),
            pieces: Vec::new(),
        }
    }

    fn repondre(dossier: &mut Dossier, etape: Etape, paires: &[(&str, &str)]) {
        let mut enregistree = EtapeEnregistree::default();
        for (nom, valeur) in paires {
            enregistree.reponses.mettre(nom, vec![(*valeur).to_owned()]);
        }
        dossier.etapes.insert(etape, enregistree);
    }

    fn noms(dossier: &Dossier, etape: Etape) -> Vec<String> {
        manques(dossier, &[])
            .into_iter()
            .filter(|m| m.etape == etape.code())
            .map(|m| m.champ)
            .collect()
    }

    #[test]
    fn an_empty_dossier_lacks_something_in_every_step_but_the_last() {
        let pieces = [PieceDemandee {
            code: "convention".into(),
            libelle: "Convention".into(),
        }];
        let manques = manques(&dossier(), &pieces);
        for etape in Etape::TOUTES.iter().filter(|e| **e != Etape::Recapitulatif) {
            assert!(manques.iter().any(|m| m.etape == etape.code()), "{etape:?}");
        }
    }

    #[test]
    fn a_conditional_field_is_missing_only_when_its_condition_holds() {
        let mut d = dossier();
        repondre(&mut d, Etape::Projet, &[("depot_2021", "non")]);
        assert!(!noms(&d, Etape::Projet).contains(&"reference_2021".to_owned()));
        repondre(&mut d, Etape::Projet, &[("depot_2021", "oui")]);
        assert!(noms(&d, Etape::Projet).contains(&"reference_2021".to_owned()));
        repondre(
            &mut d,
            Etape::Projet,
            &[("depot_2021", "oui"), ("reference_2021", "2021-12")],
        );
        assert!(!noms(&d, Etape::Projet).contains(&"reference_2021".to_owned()));
    }

    #[test]
    fn a_started_row_is_to_be_finished() {
        let mut d = dossier();
        assert_eq!(noms(&d, Etape::Planning), ["jalon-0-libelle"]);
        repondre(
            &mut d,
            Etape::Planning,
            &[("jalon-0-libelle", "VA"), ("jalon-0-debut", "2027-01-01")],
        );
        assert_eq!(noms(&d, Etape::Planning), ["jalon-0-fin"]);
    }

    #[test]
    fn a_piece_is_missing_until_one_of_its_type_is_there() {
        let demandee = |code: &str| PieceDemandee {
            code: code.into(),
            libelle: code.into(),
        };
        let mut d = dossier();
        d.pieces.push(Piece {
            id: uuid::Uuid::nil(),
            type_piece: "convention".into(),
            nom: "convention.pdf".into(),
            type_contenu: "application/pdf".into(),
            taille_octets: 1,
            sha256: Vec::new(),
            chemin: String::new(),
            depose_le: DateTime::UNIX_EPOCH,
            analyse: crate::domain::dossier::Analyse::Absente,
        });
        let absentes: Vec<String> = manques(&d, &[demandee("convention"), demandee("devis")])
            .into_iter()
            .filter(|m| m.etape == Etape::Pieces.code())
            .map(|m| m.champ)
            .collect();
        assert_eq!(absentes, ["devis"]);
        d.pieces[0].analyse = crate::domain::dossier::Analyse::Virus("Eicar".into());
        let absentes = manques(&d, &[demandee("convention")]);
        assert!(
            absentes.iter().any(|m| m.champ == "convention"),
            "a piece that holds a virus counts for nothing"
        );
    }

    #[test]
    fn what_is_missing_of_an_item_names_the_item() {
        let tous = manques(&dossier(), &[]);
        let libelle = |etape: Etape, champ: &str| {
            let manque = tous.iter().find(|m| m.etape == etape.code() && m.champ == champ);
            manque.map(|m| m.libelle.as_str())
        };
        let item = libelle(Etape::Conformite, "regles_acces").unwrap();
        assert!(
            item.starts_with("Règles internes d’accès au système d’information\u{a0}: "),
            "{item}"
        );
        assert!(tous.iter().any(|m| m.etape == Etape::Projet.code()));
        for manque in tous.iter().filter(|m| m.etape == Etape::Projet.code()) {
            assert!(!manque.libelle.contains("\u{a0}: "), "{}", manque.libelle);
        }
    }

    #[test]
    fn facts_are_asked_of_each_essms() {
        let mut d = dossier();
        for numero in ["010000024", "750719361"] {
            d.essms.push(EssmsGrappe {
                finess: Finess::parse(numero).unwrap(),
                reponses: Reponses::default(),
            });
        }
        let requis = FAITS_ESSMS.iter().filter(|c| c.requis == Requis::Oui).count();
        assert_eq!(noms(&d, Etape::Essms).len(), 2 * requis);
    }
}
