//! Usage targets (USA): what is measured once the DUI is deployed, and what the second payment depends on.

use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Resultat, Source};
use crate::rules::edition::{CodeIndicateur, Edition, Indicateur};

/// Counts of a period, as entered; `None` is not entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Releve {
    /// People who can have a projet d'accueil et d'accompagnement.
    pub personnes_avec_projet_possible: Option<u64>,
    /// People accompanied.
    pub personnes_accompagnees: Option<u64>,
    /// Messages sent by MSSanté.
    pub messages_mssante: Option<u64>,
    /// DMP fed with at least one document.
    pub dmp_alimentes: Option<u64>,
    /// Files updated: the active files.
    pub dossiers_actifs: Option<u64>,
    /// Active files with a projet personnalisé in preparation or active.
    pub dossiers_avec_projet: Option<u64>,
    /// Active files with an agenda event.
    pub dossiers_avec_evenement: Option<u64>,
    /// Documents put in the DMP (2021).
    pub documents_dmp: Option<u64>,
    /// Electronic prescriptions imported (2021).
    pub prescriptions: Option<u64>,
    /// Exchanges with an e-parcours platform (2021).
    pub echanges_eparcours: Option<u64>,
}

impl Releve {
    /// The counts of several ESSMS together; a count one of them lacks is lacking.
    pub fn somme<'a>(releves: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut releves = releves.into_iter();
        let Some(premier) = releves.next() else {
            return Self::default();
        };
        let plus = |a: Option<u64>, b: Option<u64>| a.zip(b).map(|(a, b)| a.saturating_add(b));
        releves.fold(*premier, |somme, autre| Self {
            personnes_avec_projet_possible: plus(
                somme.personnes_avec_projet_possible,
                autre.personnes_avec_projet_possible,
            ),
            personnes_accompagnees: plus(somme.personnes_accompagnees, autre.personnes_accompagnees),
            messages_mssante: plus(somme.messages_mssante, autre.messages_mssante),
            dmp_alimentes: plus(somme.dmp_alimentes, autre.dmp_alimentes),
            dossiers_actifs: plus(somme.dossiers_actifs, autre.dossiers_actifs),
            dossiers_avec_projet: plus(somme.dossiers_avec_projet, autre.dossiers_avec_projet),
            dossiers_avec_evenement: plus(somme.dossiers_avec_evenement, autre.dossiers_avec_evenement),
            documents_dmp: plus(somme.documents_dmp, autre.documents_dmp),
            prescriptions: plus(somme.prescriptions, autre.prescriptions),
            echanges_eparcours: plus(somme.echanges_eparcours, autre.echanges_eparcours),
        })
    }

    fn mesure(&self, code: CodeIndicateur) -> Mesure {
        match code {
            CodeIndicateur::TauxMssante => Mesure::Taux(self.messages_mssante, self.personnes_avec_projet_possible),
            CodeIndicateur::TauxDmp => Mesure::Taux(self.dmp_alimentes, self.personnes_avec_projet_possible),
            CodeIndicateur::DossiersActifs => Mesure::Taux(self.dossiers_actifs, self.personnes_accompagnees),
            CodeIndicateur::ProjetsPersonnalises => Mesure::Taux(self.dossiers_avec_projet, self.dossiers_actifs),
            CodeIndicateur::Evenements => Mesure::Taux(self.dossiers_avec_evenement, self.dossiers_actifs),
            CodeIndicateur::MessagesMssante => Mesure::Compte(self.messages_mssante),
            CodeIndicateur::DocumentsDmp => Mesure::Compte(self.documents_dmp),
            CodeIndicateur::Prescriptions => Mesure::Compte(self.prescriptions),
            CodeIndicateur::EchangesEparcours => Mesure::Compte(self.echanges_eparcours),
        }
    }
}

/// What an indicator counts.
#[derive(Clone, Copy)]
enum Mesure {
    /// A numerator over a denominator.
    Taux(Option<u64>, Option<u64>),
    /// A number.
    Compte(Option<u64>),
}

/// One indicator, measured.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConstatUsage {
    /// Its code.
    pub code: String,
    /// Its name.
    pub libelle: String,
    /// Outcome: the target is reached, or, without a target, the indicator is followed.
    pub resultat: Resultat,
    /// What is counted.
    pub numerateur: Option<u64>,
    /// Over what, for a rate.
    pub denominateur: Option<u64>,
    /// Rate in hundredths of a percent, rounded down: 7 000 is 70 %.
    pub taux_centiemes: Option<u64>,
    /// Target, in percent.
    pub cible_pour_cent: Option<u8>,
    /// The explanation.
    pub message: String,
    /// The text.
    pub source: Source,
}

/// All the indicators of an edition, measured.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BilanUsages {
    /// One per indicator, in the order of the text.
    pub indicateurs: Vec<ConstatUsage>,
    /// Whether what the text asks of them all holds.
    pub resultat: Resultat,
    /// Why.
    pub message: String,
}

/// Measures the usage of a DUI against an edition's targets. A zero denominator says nothing: Inconnu.
pub fn evaluer_usages(edition: &Edition, releve: &Releve) -> BilanUsages {
    let indicateurs: Vec<ConstatUsage> = edition
        .indicateurs
        .iter()
        .map(|indicateur| mesurer(edition, indicateur, releve))
        .collect();
    let (resultat, message) = match edition.indicateurs_socles_minimum {
        Some(minimum) => socles_suivis(edition, releve, minimum),
        None => cibles_atteintes(&indicateurs),
    };
    BilanUsages {
        indicateurs,
        resultat,
        message,
    }
}

/// « au moins deux des critères sont à choisir et à valoriser » (IDF-2021): counts, without a target.
fn socles_suivis(edition: &Edition, releve: &Releve, minimum: usize) -> (Resultat, String) {
    let suivis = edition
        .indicateurs
        .iter()
        .filter(|indicateur| matches!(releve.mesure(indicateur.code), Mesure::Compte(Some(_))))
        .count();
    let resultat = if suivis >= minimum {
        Resultat::Satisfait
    } else {
        Resultat::Inconnu
    };
    (
        resultat,
        format!("Critères socle suivis : {suivis}, pour {minimum} demandés."),
    )
}

fn cibles_atteintes(indicateurs: &[ConstatUsage]) -> (Resultat, String) {
    let compte = |voulu| indicateurs.iter().filter(|i| i.resultat == voulu).count();
    let atteintes = compte(Resultat::Satisfait);
    let resultat = if compte(Resultat::NonSatisfait) > 0 {
        Resultat::NonSatisfait
    } else if compte(Resultat::Inconnu) > 0 {
        Resultat::Inconnu
    } else {
        Resultat::Satisfait
    };
    (
        resultat,
        format!("Cibles atteintes : {atteintes} sur {}.", indicateurs.len()),
    )
}

fn mesurer(edition: &Edition, indicateur: &Indicateur, releve: &Releve) -> ConstatUsage {
    let mesure = releve.mesure(indicateur.code);
    let (numerateur, denominateur) = match mesure {
        Mesure::Taux(haut, bas) => (haut, bas),
        Mesure::Compte(compte) => (compte, None),
    };
    let (resultat, message) = match mesure {
        Mesure::Compte(compte) => suivi(compte),
        Mesure::Taux(_, Some(0)) => (
            Resultat::Inconnu,
            "Dénominateur nul : le taux n’a pas de sens.".to_owned(),
        ),
        Mesure::Taux(Some(haut), Some(bas)) => situer(indicateur, haut, bas),
        Mesure::Taux(_, _) => (Resultat::Inconnu, "À renseigner.".to_owned()),
    };
    let taux = numerateur.zip(denominateur.filter(|bas| *bas > 0));
    ConstatUsage {
        code: indicateur.code.code().to_owned(),
        libelle: indicateur.code.libelle().to_owned(),
        resultat,
        numerateur,
        denominateur,
        taux_centiemes: taux.map(|(haut, bas)| centiemes(haut, bas)),
        cible_pour_cent: indicateur.cible_pour_cent,
        message,
        source: edition.source(&indicateur.source),
    }
}

fn suivi(compte: Option<u64>) -> (Resultat, String) {
    match compte {
        Some(compte) => (Resultat::Satisfait, format!("Suivi : {compte}.")),
        None => (Resultat::Inconnu, "Non suivi.".to_owned()),
    }
}

/// Hundredths of a percent, rounded down.
fn centiemes(haut: u64, bas: u64) -> u64 {
    u64::try_from(u128::from(haut) * 10_000 / u128::from(bas)).unwrap_or(u64::MAX)
}

/// Compares exactly: `haut ÷ bas × 100 ≥ cible` is `haut × 100 ≥ cible × bas`.
fn situer(indicateur: &Indicateur, haut: u64, bas: u64) -> (Resultat, String) {
    if haut > bas && indicateur.code != CodeIndicateur::TauxMssante {
        return (Resultat::Inconnu, format!("Relevé incohérent : {haut} dépasse {bas}."));
    }
    let taux = centiemes(haut, bas);
    let taux = format!("{},{:02} %", taux / 100, taux % 100);
    let Some(cible) = indicateur.cible_pour_cent else {
        return (Resultat::Satisfait, format!("{taux} ({haut} sur {bas})."));
    };
    let atteinte = u128::from(haut) * 100 >= u128::from(cible) * u128::from(bas);
    let resultat = if atteinte {
        Resultat::Satisfait
    } else {
        Resultat::NonSatisfait
    };
    (
        resultat,
        format!("{taux} ({haut} sur {bas}), pour une cible de {cible} %."),
    )
}
