//! What each example changes in an invented project where all is well, and what it is meant to show.

mod criteres;
mod montants;

use super::Regle;
use super::exemples::Issue;
use super::projet::Projet;
use crate::rules::constat::Resultat;
use crate::rules::edition::{CodeIndicateur, Edition};
use crate::rules::usages::Releve;

/// A change to an invented project.
type Changer = Box<dyn Fn(&mut Projet)>;

/// An example to be judged.
pub(super) struct Recette {
    pub situation: &'static str,
    pub annonce: Issue,
    pub changer: Changer,
}

fn recette(annonce: Issue, situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    Recette {
        situation,
        annonce,
        changer: Box::new(changer),
    }
}

fn oui(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Resultat(Resultat::Satisfait), situation, changer)
}

fn non(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Resultat(Resultat::NonSatisfait), situation, changer)
}

fn inconnu(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Resultat(Resultat::Inconnu), situation, changer)
}

fn apprecie(situation: &'static str, changer: impl Fn(&mut Projet) + 'static) -> Recette {
    recette(Issue::Resultat(Resultat::AppreciationArs), situation, changer)
}

/// Nothing differs from the project where all is well.
fn rien(_: &mut Projet) {}

/// The smallest grappe admitted, where all is well.
fn entiere(projet: &mut Projet) {
    projet.grappe_entiere();
}

/// The projects that show a rule, as this edition holds it.
pub(super) fn projets(edition: &Edition, regle: Regle) -> Vec<Recette> {
    match regle {
        Regle::Critere(code) => criteres::recettes(edition, code),
        Regle::Achat => montants::achat(edition),
        Regle::Forfait(code) => montants::forfait(edition, code),
        Regle::Prorata => montants::prorata(),
        Regle::Indicateur(_) => Vec::new(),
    }
}

/// Counts that show an indicator: on its target, just below it, and what says nothing.
pub(super) fn releves(edition: &Edition, code: CodeIndicateur) -> Vec<(String, Resultat, Releve)> {
    let cible = edition
        .indicateurs
        .iter()
        .find(|i| i.code == code)
        .and_then(|i| i.cible_pour_cent);
    let cas = |haut: Option<u64>, bas: u64, resultat| {
        let dit = match (haut, est_un_compte(code)) {
            (Some(haut), true) => format!("La structure en compte {haut} sur la période."),
            (Some(haut), false) => format!("Le relevé donne {haut} pour {bas}."),
            (None, _) => "Le relevé n’est pas rempli.".to_owned(),
        };
        (dit, resultat, releve(code, haut, bas))
    };
    let atteinte = cible.map_or(80, u64::from);
    let mut cas_montres = vec![cas(Some(atteinte), 100, Resultat::Satisfait)];
    if cible.is_some() {
        cas_montres.push(cas(Some(atteinte.saturating_sub(1)), 100, Resultat::NonSatisfait));
    }
    cas_montres.push(cas(None, 100, Resultat::Inconnu));
    if !est_un_compte(code) {
        cas_montres.push(cas(Some(0), 0, Resultat::Inconnu));
    }
    cas_montres
}

fn est_un_compte(code: CodeIndicateur) -> bool {
    match code {
        CodeIndicateur::MessagesMssante
        | CodeIndicateur::DocumentsDmp
        | CodeIndicateur::Prescriptions
        | CodeIndicateur::EchangesEparcours => true,
        CodeIndicateur::TauxMssante
        | CodeIndicateur::TauxDmp
        | CodeIndicateur::DossiersActifs
        | CodeIndicateur::ProjetsPersonnalises
        | CodeIndicateur::Evenements => false,
    }
}

/// Counts where an indicator is this much over that much.
fn releve(code: CodeIndicateur, haut: Option<u64>, bas: u64) -> Releve {
    let mut releve = Releve {
        personnes_avec_projet_possible: Some(bas),
        personnes_accompagnees: Some(bas),
        dossiers_actifs: Some(bas),
        ..Releve::default()
    };
    let place = match code {
        CodeIndicateur::TauxMssante | CodeIndicateur::MessagesMssante => &mut releve.messages_mssante,
        CodeIndicateur::TauxDmp => &mut releve.dmp_alimentes,
        CodeIndicateur::DossiersActifs => &mut releve.dossiers_actifs,
        CodeIndicateur::ProjetsPersonnalises => &mut releve.dossiers_avec_projet,
        CodeIndicateur::Evenements => &mut releve.dossiers_avec_evenement,
        CodeIndicateur::DocumentsDmp => &mut releve.documents_dmp,
        CodeIndicateur::Prescriptions => &mut releve.prescriptions,
        CodeIndicateur::EchangesEparcours => &mut releve.echanges_eparcours,
    };
    *place = haut;
    releve
}
