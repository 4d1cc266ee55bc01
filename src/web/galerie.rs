//! Every component with invented data: read by eye, checked by the tests of the look.

use std::sync::Arc;

use askama::Template;
use chrono::NaiveDate;

use super::exemples::constats;
use super::formulaire::{Choix, Saisie};
use super::gantt::{Gantt, Nature, Periode};
use super::page::{Demonstration, Habillage, Identite, Lien, Ressources};
use super::vue::{Colonne, EtatEtape, Ligne, Pagination, Tache, VueConstat};
use crate::domain::argent::Centimes;
use crate::domain::nomenclature::Hebergement;
use crate::rules::constat::{Gravite, Resultat};

/// The page of samples.
#[derive(Debug, Template)]
#[template(path = "composants/galerie.html")]
pub struct Galerie {
    habillage: Habillage,
    saisie: Saisie,
    resultats: Vec<(Resultat, Gravite)>,
    vues: Vec<VueConstat>,
    taches: Vec<Tache>,
    lignes: Vec<Ligne>,
    colonnes: Vec<Colonne>,
    cellules: Vec<Vec<String>>,
    pagination: Pagination,
    onglets: Vec<Lien>,
    gantt: Option<Gantt>,
    certain: Centimes,
    maximum: Centimes,
    hebergements: Vec<Choix>,
    oui_non: Vec<Choix>,
    socles: Vec<Choix>,
    solutions: Vec<Choix>,
}

impl Galerie {
    /// The samples, with or without errors in the form.
    pub fn exemple(ressources: Arc<Ressources>, saisie: Saisie) -> Self {
        let habillage = Habillage::nouveau(ressources, "Galerie des composants")
            .navigation(onglets())
            .identite(Some(Identite {
                nom: "Claude Martin".into(),
                role: "Dépôt — Association Les Tilleuls".into(),
            }))
            .csrf("jeton-d-exemple")
            .demonstration(Some(Demonstration {
                dates: "Les dates sont décalées de deux ans.".into(),
            }))
            .fil(vec![
                Lien::nouveau("Accueil", "#contenu"),
                Lien::nouveau("Grappe Seine", "#contenu"),
            ])
            .erreurs(&saisie);
        Self {
            habillage,
            saisie,
            resultats: vec![
                (Resultat::Satisfait, Gravite::Bloquant),
                (Resultat::NonSatisfait, Gravite::Bloquant),
                (Resultat::NonSatisfait, Gravite::Alerte),
                (Resultat::NonSatisfait, Gravite::Information),
                (Resultat::Inconnu, Gravite::Bloquant),
                (Resultat::AppreciationArs, Gravite::Bloquant),
                (Resultat::SansObjet, Gravite::Bloquant),
            ],
            vues: constats(),
            taches: taches(),
            lignes: vec![
                Ligne::nouvelle("Nom du projet", "Grappe Seine").modifiable("#nom_projet", "le nom du projet"),
                Ligne::nouvelle("Solution DUI", "")
                    .action("Choisir", "#solution", "la solution DUI")
                    .action("Comparer", "#solution", "les solutions DUI"),
                Ligne::nouvelle("État", "Brouillon, jamais déposé"),
            ],
            colonnes: vec![
                Colonne::texte("ESSMS"),
                Colonne::texte("FINESS"),
                Colonne::texte("Commune"),
                Colonne::texte("Secteur"),
                Colonne::texte("Hébergement souhaité"),
                Colonne::nombre("Personnes accompagnées"),
                Colonne::nombre("Financement"),
            ],
            cellules: vec![
                cellules([
                    "EHPAD Les Tilleuls",
                    "750000218",
                    "Paris 13e",
                    "Personnes âgées",
                    "SaaS",
                    "84",
                ]),
                cellules([
                    "SESSAD du Parc",
                    "930000312",
                    "Saint-Denis",
                    "Personnes handicapées",
                    "SaaS",
                    "46",
                ]),
            ],
            pagination: Pagination::nouvelle(5, 12, |n| format!("?page={n}")),
            onglets: onglets(),
            gantt: planning(),
            certain: Centimes::euros(258_000),
            maximum: Centimes::euros(322_500),
            hebergements: Choix::liste::<Hebergement>(),
            oui_non: vec![Choix::nouveau("oui", "Oui"), Choix::nouveau("non", "Non")],
            socles: vec![
                Choix::nouveau("mssante", "MSSanté").aide("Messagerie sécurisée de santé."),
                Choix::nouveau("dmp", "DMP").aide("Dossier médical partagé."),
                Choix::nouveau("eprescription", "E-prescription"),
            ],
            solutions: vec![
                Choix::nouveau("a", "Exemple DUI 4.2"),
                Choix::nouveau("b", "Modèle Usager 11"),
            ],
        }
    }
}

fn cellules(textes: [&str; 6]) -> Vec<String> {
    let montant = Centimes::euros(21_500).to_string();
    textes.into_iter().map(str::to_owned).chain([montant]).collect()
}

fn onglets() -> Vec<Lien> {
    ["Tableau de bord", "Mes ESSMS", "Grappes", "Dossiers"]
        .map(|libelle| Lien::nouveau(libelle, "#contenu"))
        .into_iter()
        .zip([false, false, true, false])
        .map(|(lien, ici)| lien.courant_si(|_| ici))
        .collect()
}

fn taches() -> Vec<Tache> {
    [
        ("Projet et porteur", EtatEtape::Complet, ""),
        (
            "ESSMS de la grappe",
            EtatEtape::ACorriger,
            "Corrections demandées par l’ARS, avant le 12 avril.",
        ),
        ("Solution DUI et achat", EtatEtape::EnCours, ""),
        ("Planning", EtatEtape::AFaire, ""),
        (
            "Étude d’écart",
            EtatEtape::SansObjet,
            "La solution est référencée sur le couloir de la grappe.",
        ),
    ]
    .into_iter()
    .map(|(libelle, etat, aide)| Tache {
        libelle: libelle.into(),
        href: (etat != EtatEtape::SansObjet).then(|| "#contenu".into()),
        aide: aide.into(),
        etat,
    })
    .collect()
}

fn planning() -> Option<Gantt> {
    let jour = NaiveDate::from_ymd_opt;
    let periode = |libelle: &str, debut, fin, nature| Periode {
        libelle: libelle.into(),
        debut,
        fin,
        nature,
    };
    let periodes = [
        periode(
            "Convention et marché",
            jour(2024, 6, 3)?,
            jour(2024, 9, 30)?,
            Nature::Etape,
        ),
        periode(
            "Paramétrage de la solution DUI",
            jour(2024, 10, 1)?,
            jour(2025, 2, 28)?,
            Nature::Etape,
        ),
        periode(
            "Congés de fin d’année",
            jour(2024, 12, 21)?,
            jour(2025, 1, 5)?,
            Nature::Autre,
        ),
        periode(
            "Vérification d’aptitude",
            jour(2025, 3, 3)?,
            jour(2025, 3, 21)?,
            Nature::Jalon,
        ),
        periode(
            "Déploiement dans les établissements",
            jour(2025, 3, 24)?,
            jour(2025, 10, 31)?,
            Nature::Etape,
        ),
        periode("VSR", jour(2025, 11, 17)?, jour(2025, 11, 28)?, Nature::Jalon),
    ];
    Gantt::nouveau(
        "planning",
        "Planning du projet",
        &periodes,
        Some((jour(2025, 2, 1)?, "la date du jour")),
    )
}

#[cfg(test)]
#[path = "galerie_tests.rs"]
mod tests;
