//! A model: the texts of a dossier that its ARS offers to others to start from, without what tells whose it was. Its porteur
//! agrees to it first.

use std::collections::BTreeMap;

use super::dossier::champ::{Champ, Genre};
use super::dossier::reponses::Reponses;
use super::dossier::{Dossier, Etape, etapes};
use super::masque::{Identites, masquer};
use super::nomenclature::{Liste, liste};

/// Longest title.
pub const TITRE_AU_PLUS: usize = 120;

/// The texts, by step.
pub type Textes = BTreeMap<Etape, Reponses>;

liste! {
    /// Where a model stands.
    EtatModele {
        /// The porteur has not answered.
        Propose = "propose", "Attend l’accord du porteur";
        /// The porteur agreed: other porteurs read it.
        Accepte = "accepte", "Publié";
        /// The porteur declined.
        Refuse = "refuse", "Refusé par le porteur";
        /// Taken back, by the ARS or by the porteur.
        Retire = "retire", "Retiré";
    }
}

/// Texts that name somebody or something by themselves, whatever is taken out of them.
const NOMINATIFS: [&str; 4] = ["nom_projet", "reference_2021", "contact_nom", "contact_fonction"];

/// Whether the answers to this field may be part of a model: what was written, and neither names, amounts nor choices.
fn publiable(etape: Etape, champ: &Champ) -> bool {
    etape != Etape::Financement
        && matches!(champ.genre, Genre::Texte(_) | Genre::Zone(_))
        && !NOMINATIFS.contains(&champ.nom)
}

/// One text of a model.
#[derive(Debug, Clone)]
pub struct Texte {
    /// Its step.
    pub etape: Etape,
    /// Name of its field within the step.
    pub nom: String,
    /// Its field.
    pub champ: &'static Champ,
    /// What to call it.
    pub libelle: String,
    /// What it says.
    pub valeur: String,
}

impl Texte {
    /// Name of its field in the form of the model.
    pub fn saisie(&self) -> String {
        format!("{}-{}", self.etape.code(), self.nom)
    }
}

/// The texts of a dossier that a model may hold, in the order they are asked.
pub fn textes_du_dossier(dossier: &Dossier) -> Vec<Texte> {
    let etapes = Etape::TOUTES.iter();
    etapes.flat_map(|e| lire(*e, dossier.reponses(*e))).collect()
}

/// The texts of a model, in the order they are asked.
pub fn dans_l_ordre(textes: &Textes) -> Vec<Texte> {
    textes
        .iter()
        .flat_map(|(etape, reponses)| lire(*etape, reponses))
        .collect()
}

fn lire(etape: Etape, reponses: &Reponses) -> Vec<Texte> {
    let noms = etapes::noms_dans_l_ordre(etape, reponses).into_iter();
    noms.filter_map(|nom| {
        let (champ, libelle) = etapes::champ(etape, &nom)?;
        let valeur = reponses.texte(&nom)?.to_owned();
        publiable(etape, champ).then_some(Texte {
            etape,
            nom,
            champ,
            libelle,
            valeur,
        })
    })
    .collect()
}

/// Gathers texts by step; the empty ones are left out.
pub fn rassembler<'a>(textes: impl IntoIterator<Item = &'a Texte>) -> Textes {
    let mut rassembles = Textes::new();
    for texte in textes.into_iter().filter(|t| !t.valeur.is_empty()) {
        let reponses = rassembles.entry(texte.etape).or_default();
        reponses.mettre(&texte.nom, vec![texte.valeur.clone()]);
    }
    rassembles
}

/// The same texts without what tells who is who. Longer than their field allows, they are cut by nobody: whoever reads them
/// again shortens them.
pub fn masques(textes: Vec<Texte>, identites: &Identites) -> Vec<Texte> {
    let masque = |t: Texte| Texte {
        valeur: masquer(&t.valeur, identites),
        ..t
    };
    textes.into_iter().map(masque).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dossier::champ::Bloc;
    use crate::domain::masque::Masque;

    fn textes(paires: &[(Etape, &str, &str)]) -> Vec<Texte> {
        let mut par_etape = Textes::new();
        for (etape, nom, valeur) in paires {
            let reponses = par_etape.entry(*etape).or_default();
            reponses.mettre(nom, vec![(*valeur).to_owned()]);
        }
        dans_l_ordre(&par_etape)
    }

    #[test]
    fn a_model_holds_what_was_written_and_nothing_that_names_or_counts() {
        let lus = textes(&[
            (Etape::Projet, "nom_projet", "Tilleul"),
            (Etape::Projet, "resume", "Un DUI"),
            (Etape::Projet, "contact_nom", "Camille"),
            (Etape::Projet, "contact_courriel", "c@exemple.fr"),
            (Etape::Projet, "nombre_utilisateurs", "640"),
            (Etape::Motivations, "objectifs", "Coordonner"),
            (Etape::Equipe, "membre-0-role", "Cheffe de projet"),
            (Etape::Equipe, "membre-0-etp", "0,50"),
            (Etape::Planning, "jalon-1-libelle", "Déploiement"),
            (Etape::Planning, "jalon-1-debut", "2025-01-01"),
            (Etape::Financement, "poste-0-precision", "Trois ans"),
            (Etape::Solution, "solution", "x"),
        ]);
        let noms: Vec<String> = lus.iter().map(Texte::saisie).collect();
        assert_eq!(
            noms,
            [
                "projet-resume",
                "motivations-objectifs",
                "equipe-membre-0-role",
                "planning-jalon-1-libelle"
            ]
        );
    }

    /// A step that gets a new question is looked at here: what it answers may be read by every porteur.
    #[test]
    fn the_fields_of_a_model_are_these() {
        let mut noms = Vec::new();
        for etape in Etape::TOUTES {
            for bloc in etapes::blocs(*etape) {
                let champs = match bloc {
                    Bloc::Champs(_, champs) => *champs,
                    Bloc::Lignes(_, lignes) => lignes.champs,
                };
                noms.extend(champs.iter().filter(|c| publiable(*etape, c)).map(|c| c.nom));
            }
        }
        assert_eq!(
            noms,
            [
                "resume",
                "soutien_departement",
                "plateforme_regionale",
                "objectifs",
                "organisation",
                "usagers",
                "role",
                "comitologie",
                "libelle"
            ]
        );
    }

    #[test]
    fn masked_texts_are_gathered_and_empty_ones_left_out() {
        let identites = Identites::default().avec("Alpha", Masque::Organisme);
        let mut masques = masques(
            textes(&[
                (Etape::Projet, "resume", "Alpha achète"),
                (Etape::Motivations, "objectifs", "x"),
            ]),
            &identites,
        );
        masques[1].valeur.clear();
        let rassembles = rassembler(&masques);
        assert_eq!(rassembles.len(), 1);
        assert_eq!(rassembles[&Etape::Projet].texte("resume"), Some("[organisme] achète"));
    }
}
