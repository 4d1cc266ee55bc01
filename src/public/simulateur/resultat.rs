//! The result: the verdict at its three levels, the money, what is missing, what would mend it, and where it goes next.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::essais::{Question, questions};
use crate::domain::dossier::EssmsGrappe;
use crate::domain::dossier::champ::{NON, OUI};
use crate::domain::dossier::esquisse::Esquisse;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Gravite, Portee, Resultat as Issue};
use crate::rules::edition::Edition;
use crate::rules::evaluation::{Achat, Evaluation, Financement};
use crate::rules::evaluer;
use crate::rules::reparation::{Remede, Vivier, reparer};
use crate::store::esquisse::{charger, fait, faits};
use crate::store::evaluation::Contexte;
use crate::store::registre::{EssmsRegistre, lister_candidats};
use crate::store::solution::SolutionDui;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::esquisse::{LIEN, LIEN_AU_PLUS};
use crate::web::etat::Etat;
use crate::web::graphique::Graphique;
use crate::web::remede::{Essai, Proposition, Vue};
use crate::web::vue::{Etiquette, instant};

/// ESSMS of the registry that a repair looks at: a grappe has 49 at most.
const CANDIDATS_AU_PLUS: i64 = 120;
/// Above this many ESSMS no repair is searched: a grappe has 49 at most, and taking most of them out mends nothing.
const REPARABLES: usize = 100;
/// What a link inside the portal may measure: it goes through no mail and no chat, only through proxies.
const LIEN_INTERNE_AU_PLUS: usize = 7_000;

/// A verdict, and what was worked out of it.
pub struct Jugement {
    /// The verdict.
    pub evaluation: Evaluation,
    /// How the grappe could be made eligible.
    pub proposition: Option<Proposition>,
    /// Why that was not searched, when it was not and would be of use.
    pub sans_recherche: Option<String>,
    /// What is missing.
    pub questions: Vec<Question>,
}

/// The result as the page shows it.
pub struct Resultat {
    pub(super) edition: String,
    /// When it was made, in words.
    pub(super) le: String,
    /// How fresh what it knows of the registry is.
    pub(super) repertoire: String,
    pub(super) eligibilite: Etiquette,
    pub(super) recevabilite: Etiquette,
    pub(super) type_projet: &'static str,
    pub(super) total: usize,
    pub(super) eligibles: usize,
    pub(super) en_question: usize,
    pub(super) exclus: usize,
    /// What the money is said under.
    pub(super) reserve: Option<&'static str>,
    pub(super) financement: Financement,
    pub(super) graphique: Graphique,
    pub(super) procedure: &'static str,
    pub(super) achat: Achat,
    /// The rules by what they are about, then what does not apply.
    pub(super) niveaux: Vec<Niveau>,
    pub(super) sans_objet: Vec<String>,
    pub(super) proposition: Option<Proposition>,
    pub(super) sans_recherche: Option<String>,
    pub(super) questions: Vec<Question>,
    /// The whole address that reopens it, when it is short enough to be sent.
    pub(super) partage: Option<String>,
    pub(super) pdf: Option<String>,
    pub(super) continuer: Option<String>,
}

/// The rules of one level.
pub struct Niveau {
    pub(super) titre: &'static str,
    pub(super) id: String,
    /// What is settled.
    pub(super) constats: Vec<VueConstat>,
    /// What a missing fact leaves open.
    pub(super) a_completer: Vec<VueConstat>,
}

/// Judges a sketch; a repair may add the ESSMS `offerts`. The work is done beside the threads that answer: hundreds of
/// ESSMS take a while.
///
/// # Errors
/// A computation that panicked.
pub async fn juger(
    etat: &Etat,
    edition: &Edition,
    esquisse: &Esquisse,
    contexte: &Contexte,
    offerts: Contexte,
) -> Result<Jugement, Echec> {
    let instant = etat.horloge.maintenant();
    let (edition, esquisse) = (edition.clone(), esquisse.clone());
    let contexte = copie(contexte);
    tokio::task::spawn_blocking(move || calculer(&edition, &esquisse, &contexte, &offerts, instant))
        .await
        .map_err(Echec::interne)
}

/// What the rules read of it.
fn copie(contexte: &Contexte) -> Contexte {
    Contexte {
        registre: contexte.registre.clone(),
        solutions: contexte.solutions.clone(),
        fraicheur: contexte.fraicheur,
        ..Contexte::default()
    }
}

/// Open ESSMS of the same OGs, that a repair may add.
///
/// # Errors
/// The database's.
pub async fn candidats(conn: &mut PgConnection, esquisse: &Esquisse, contexte: &Contexte) -> Result<Contexte, Echec> {
    let mut organismes: Vec<Finess> = Vec::new();
    for connu in esquisse.numeros.iter().filter_map(|n| contexte.registre.get(n)) {
        if !organismes.contains(&connu.organisme) {
            organismes.push(connu.organisme);
        }
    }
    let numeros = lister_candidats(&mut *conn, &organismes, &esquisse.numeros, CANDIDATS_AU_PLUS).await?;
    Ok(charger(conn, &numeros).await?)
}

fn calculer(
    edition: &Edition,
    esquisse: &Esquisse,
    contexte: &Contexte,
    offerts: &Contexte,
    instant: DateTime<Utc>,
) -> Jugement {
    let faits = faits(contexte, esquisse, instant);
    let evaluation = evaluer(edition, &faits);
    let sans_recherche = sans_recherche(esquisse, &evaluation);
    let proposition = if esquisse.numeros.len() > REPARABLES {
        None
    } else {
        let mut registre: Vec<&EssmsRegistre> = offerts.registre.values().collect();
        registre.sort_by_key(|e| e.finess);
        let candidat = |e: &EssmsRegistre| {
            let grappe = EssmsGrappe {
                finess: e.finess,
                reponses: esquisse.communs.clone(),
            };
            fait(offerts, &grappe, faits.solution.as_ref())
        };
        let vivier = Vivier {
            essms: registre.into_iter().map(candidat).collect(),
            solutions: contexte.solutions.iter().map(SolutionDui::fait).collect(),
        };
        let issue = reparer(edition, &faits, &vivier);
        let nom = |finess: Finess| {
            let connu = contexte.registre.get(&finess).or_else(|| offerts.registre.get(&finess));
            connu.map(|e| e.nom.clone())
        };
        Proposition::nouvelle(&issue, Vue::RepertoireSeul, nom, |remede| {
            essai(esquisse, contexte, remede)
        })
    };
    Jugement {
        questions: questions(contexte, edition, esquisse, &evaluation, instant),
        evaluation,
        proposition,
        sans_recherche,
    }
}

/// Says that no repair was searched, where one would be of use.
fn sans_recherche(esquisse: &Esquisse, evaluation: &Evaluation) -> Option<String> {
    let trop = esquisse.numeros.len() > REPARABLES && evaluation.eligibilite != Issue::Satisfait;
    trop.then(|| {
        format!(
            "Au-delà de {REPARABLES}\u{a0}ESSMS, le portail ne cherche pas comment rendre la grappe éligible\u{a0}: simulez une \
             grappe à la fois."
        )
    })
}

/// How the changes are tried; none when all of them are still to be found elsewhere.
fn essai(esquisse: &Esquisse, contexte: &Contexte, remede: &Remede) -> Option<Essai> {
    let apres = appliquer(esquisse, contexte, remede);
    if apres == esquisse.clone().factorisee() {
        return None;
    }
    let adresse = chemins::avec_parametres(chemins::SIMULATEUR, &[(LIEN, &apres.lien())]);
    Some(if adresse.len() <= LIEN_INTERNE_AU_PLUS {
        Essai::Lien(adresse)
    } else {
        Essai::Formulaire {
            action: chemins::SIMULATEUR,
            champs: apres.champs(),
        }
    })
}

/// The sketch once the changes are made; those still to be found elsewhere are not among them.
fn appliquer(esquisse: &Esquisse, contexte: &Contexte, remede: &Remede) -> Esquisse {
    let mut apres = esquisse.clone();
    apres.numeros.retain(|n| !remede.retirer.contains(n));
    apres.numeros.extend(&remede.ajouter);
    if let Some(solution) = remede.solution.and_then(|rang| contexte.solutions.get(rang)) {
        apres.projet.mettre("solution", vec![solution.id.to_string()]);
    }
    let types = remede.types.iter().map(|(v, n)| ("type_projet", v.code(), n));
    let hebergements = remede.hebergements.iter().map(|(v, n)| ("hebergement", v.code(), n));
    // Without a DUI of the project, the one that all share is named for each.
    let visee = contexte.solution(&apres.projet).is_some();
    let commune = remede.dui.0.as_deref().filter(|_| !visee);
    let meme = ("meme_solution", commune.map_or(OUI, |_| NON), &remede.aligner);
    let autre = commune.map(|nom| ("autre_solution", nom, &remede.aligner));
    let alignes = std::iter::once(meme).chain(autre);
    for (champ, valeur, concernes) in types.chain(hebergements).chain(alignes) {
        for finess in concernes {
            apres.repondre(*finess, champ, valeur);
        }
    }
    apres.factorisee()
}

impl Resultat {
    /// The result of this sketch.
    pub fn nouveau(etat: &Etat, esquisse: &Esquisse, contexte: &Contexte, jugement: Jugement) -> Self {
        let Jugement {
            evaluation,
            proposition,
            sans_recherche,
            questions,
        } = jugement;
        let courte = esquisse.clone().factorisee();
        let lien = courte.lien();
        let adresse = |page: &str| chemins::avec_parametres(page, &[(LIEN, &lien)]);
        let partage = format!("{}{}", etat.courrier.adresse_publique, adresse(chemins::SIMULATEUR));
        let interne = |page: &str| Some(adresse(page)).filter(|a| a.len() <= LIEN_INTERNE_AU_PLUS);
        let titre = etat.edition(&evaluation.edition).map(|e| e.titre.clone());
        Self {
            edition: titre.unwrap_or_default(),
            le: instant(etat.horloge.maintenant()),
            repertoire: contexte.repertoire(),
            eligibilite: Etiquette::resultat(&evaluation.eligibilite, &Gravite::Bloquant),
            recevabilite: Etiquette::resultat(&evaluation.recevabilite, &Gravite::Bloquant),
            type_projet: evaluation.type_projet.map_or("À compléter", Liste::libelle),
            total: evaluation.decompte.total,
            eligibles: evaluation.decompte.eligibles,
            en_question: evaluation.decompte.en_question,
            exclus: evaluation.decompte.exclus,
            graphique: Graphique::versements(&evaluation.financement.versements),
            procedure: evaluation.achat.procedure.libelle(),
            niveaux: niveaux(&evaluation, &contexte.registre),
            sans_objet: sans_objet(&evaluation),
            reserve: evaluation.reserve(),
            financement: evaluation.financement,
            achat: evaluation.achat,
            proposition,
            sans_recherche,
            questions,
            pdf: interne(chemins::SIMULATEUR_PDF),
            continuer: interne(chemins::SIMULATEUR_CONTINUER),
            partage: (partage.len() <= LIEN_AU_PLUS).then_some(partage),
        }
    }

    /// What the two amounts are, and under what they are said.
    pub(super) fn note(&self) -> String {
        let sens = "Certain\u{a0}: ce qui est établi. Maximum\u{a0}: si chaque question ouverte tourne bien.";
        match self.reserve {
            Some(reserve) => format!("{reserve} {sens}"),
            None => sens.to_owned(),
        }
    }

    /// Whether the money is known to the centime.
    pub(super) fn argent_certain(&self) -> bool {
        self.financement.certain == self.financement.maximum
    }
}

/// Titles of the three levels.
pub(super) const NIVEAUX: [(Portee, &str); 3] = [
    (Portee::Projet, "Sur le projet"),
    (Portee::CertainsEssms, "Sur certains ESSMS"),
    (Portee::TousEssms, "Sur tous les ESSMS"),
];

fn niveaux(evaluation: &Evaluation, registre: &HashMap<Finess, EssmsRegistre>) -> Vec<Niveau> {
    let nom = |finess: &str| {
        let numero = Finess::parse(finess).ok()?;
        registre.get(&numero).map(|e| e.nom.clone())
    };
    let cartes = |portee: Portee, retenu: fn(&Constat) -> bool| {
        let retenus = du_niveau(evaluation, portee).filter(|c| retenu(c));
        retenus.map(|c| VueConstat::from(c).nommer(nom)).collect::<Vec<_>>()
    };
    let niveau = |(portee, titre): (Portee, &'static str)| Niveau {
        titre,
        id: format!("niveau-{}", portee.code()),
        constats: cartes(portee, |c| c.resultat != Issue::Inconnu),
        a_completer: cartes(portee, |c| c.resultat == Issue::Inconnu),
    };
    let tous = NIVEAUX.into_iter().map(niveau);
    tous.filter(|n| !n.constats.is_empty() || !n.a_completer.is_empty())
        .collect()
}

/// The constats of one level that apply.
pub(super) fn du_niveau(evaluation: &Evaluation, portee: Portee) -> impl Iterator<Item = &Constat> {
    let constats = evaluation.constats.iter();
    constats.filter(move |c| c.portee == portee && c.resultat != Issue::SansObjet)
}

fn sans_objet(evaluation: &Evaluation) -> Vec<String> {
    let constats = evaluation.constats.iter().filter(|c| c.resultat == Issue::SansObjet);
    constats.map(|c| format!("{}\u{a0}: {}", c.code, c.message)).collect()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::domain::nomenclature::GrandSecteur;
    use crate::domain::texte::hexadecimal;

    fn et(rang: usize) -> Finess {
        // Scattered: numbers in a row are short once compressed.
        Finess::depuis_racine(&format!("75{:06}", rang * 7_919 % 1_000_000)).unwrap()
    }

    fn esquisse(combien: usize) -> Esquisse {
        Esquisse {
            edition: "idf-2024".to_owned(),
            numeros: (0..combien).map(et).collect(),
            ..Esquisse::default()
        }
    }

    #[test]
    fn changes_that_are_all_to_be_found_elsewhere_are_not_tried() {
        let mut esquisse = esquisse(3);
        for finess in esquisse.numeros.clone() {
            esquisse.repondre(finess, "hebergement", "saas");
        }
        let ailleurs = Remede {
            a_trouver: Some((2, GrandSecteur::Pa)),
            ..Remede::default()
        };
        let contexte = Contexte::default();
        assert_eq!(essai(&esquisse, &contexte, &ailleurs), None);
        let partielle = Remede {
            retirer: vec![et(0)],
            ..ailleurs
        };
        assert!(matches!(essai(&esquisse, &contexte, &partielle), Some(Essai::Lien(_))));
    }

    #[test]
    fn changes_too_long_for_an_address_are_sent_as_a_form() {
        let mut longue = esquisse(100);
        for (rang, finess) in longue.numeros.clone().into_iter().enumerate() {
            for champ in ["autre_solution", "sons_logiciel"] {
                let nom = hexadecimal(&Sha256::digest(format!("{champ}{rang}").as_bytes()));
                longue.repondre(finess, champ, &nom);
            }
        }
        let remede = Remede {
            retirer: vec![et(0)],
            ..Remede::default()
        };
        let Some(Essai::Formulaire { champs, .. }) = essai(&longue, &Contexte::default(), &remede) else {
            panic!("a link was long enough");
        };
        assert_eq!(champs.iter().filter(|(nom, _)| nom == "numeros").count(), 1);
        assert!(champs.iter().all(|(_, valeur)| !valeur.contains(et(0).as_str())));
    }

    #[test]
    fn without_a_dui_of_the_project_the_common_one_is_named_for_each() {
        let mut esquisse = esquisse(3);
        for (finess, nom) in esquisse.numeros.clone().into_iter().zip(["Logis", "Logis", "Autre"]) {
            esquisse.repondre(finess, "meme_solution", NON);
            esquisse.repondre(finess, "autre_solution", nom);
        }
        let remede = Remede {
            aligner: vec![et(2)],
            dui: (Some("Logis".into()), None),
            ..Remede::default()
        };
        let apres = appliquer(&esquisse, &Contexte::default(), &remede);
        assert_eq!(apres.reponses(et(2)).texte("autre_solution"), Some("Logis"));
        assert_eq!(apres.reponses(et(2)).oui_non("meme_solution"), Some(false));
    }
}
