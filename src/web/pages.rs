//! The chrome of every page: who is logged in, where they may go, what is fictitious.

use super::chemins;
use super::etat::Etat;
use super::page::{Adresses, Demonstration, Habillage, Identite, Lien};
use super::session::Visiteur;
use crate::domain::compte::{Compte, Profil};
use crate::domain::nomenclature::Liste;

/// The chrome of a page of this title for this visitor.
pub fn habiller(etat: &Etat, visiteur: &Visiteur, titre: impl Into<String>) -> Habillage {
    let compte = visiteur.compte();
    let adresses = Adresses {
        mentions: etat.operateur.montre(etat.demonstration).then_some(chemins::MENTIONS),
        ..Adresses::default()
    };
    Habillage::nouveau(etat.ressources.clone(), titre)
        .adresses(adresses)
        .navigation(compte.map_or_else(navigation_publique, navigation))
        .identite(compte.map(|c| Identite {
            nom: c.nom.clone(),
            role: role(c),
        }))
        .csrf(visiteur.jeton_csrf())
        .assistance(etat.assistance.as_deref())
        .fichier_non_recu(visiteur.fichier_non_recu)
        .demonstration(etat.demonstration.then(|| Demonstration {
            dates: dates_decalees(etat),
        }))
}

/// The chrome of a public page, which search engines may show: what they say of it, its one address. Its section of the
/// navigation is marked.
pub fn habiller_publique(
    etat: &Etat,
    visiteur: &Visiteur,
    titre: impl Into<String>,
    description: impl Into<String>,
    chemin: &str,
) -> Habillage {
    habiller(etat, visiteur, titre)
        .decrite(description, adresse_complete(etat, chemin))
        .rubrique(chemin)
}

/// An address with its protocol and its site.
pub fn adresse_complete(etat: &Etat, chemin: &str) -> String {
    format!("{}{chemin}", etat.courrier.adresse_publique)
}

/// Where visitors may go.
fn navigation_publique() -> Vec<Lien> {
    vec![
        Lien::nouveau("Accueil", chemins::ACCUEIL),
        Lien::nouveau("Appels à projets", chemins::AAPS),
        Lien::nouveau("Règles", chemins::REGLES),
        Lien::nouveau("Simulateur", chemins::SIMULATEUR),
        Lien::nouveau("Questions fréquentes", chemins::FAQ),
        Lien::nouveau("Aide", chemins::AIDE),
    ]
}

/// Where an account starts.
pub fn espace(compte: &Compte) -> &'static str {
    match compte.profil {
        Profil::Og { .. } => chemins::PORTEUR,
        Profil::EnAttente { .. } => chemins::ATTENTE,
        Profil::Ars { .. } => chemins::INSTRUCTION,
        Profil::Accompagnement { .. } => chemins::ACCOMPAGNEMENT,
        Profil::Administration => chemins::ADMINISTRATION,
    }
}

fn navigation(compte: &Compte) -> Vec<Lien> {
    match compte.profil {
        Profil::Og { .. } => vec![
            Lien::nouveau("Tableau de bord", chemins::PORTEUR),
            Lien::nouveau("Mes ESSMS", chemins::MES_ESSMS),
            Lien::nouveau("Mon organisme", chemins::ORGANISME),
        ],
        Profil::EnAttente { .. } => Vec::new(),
        Profil::Ars { .. } => vec![Lien::nouveau("Dossiers de ma région", chemins::INSTRUCTION)],
        Profil::Accompagnement { .. } => vec![
            Lien::nouveau("Répertoire des ESSMS", chemins::ACCOMPAGNEMENT),
            Lien::nouveau("Demandes de compte", chemins::DEMANDES),
            Lien::nouveau("Webinaires", chemins::ORGANISATION),
        ],
        Profil::Administration => {
            vec![
                Lien::nouveau("Administration", chemins::ADMINISTRATION),
                Lien::nouveau("Répertoire FINESS", chemins::IMPORTS),
                Lien::nouveau("Courriels", chemins::COURRIELS),
            ]
        }
    }
}

fn role(compte: &Compte) -> String {
    match &compte.profil {
        Profil::Og { role, .. } => format!("Porteur, {}", role.libelle().to_lowercase()),
        Profil::EnAttente { .. } => "Compte en attente".to_owned(),
        Profil::Ars { .. } => "Instruction ARS".to_owned(),
        Profil::Accompagnement { .. } => "Accompagnement".to_owned(),
        Profil::Administration => "Administration".to_owned(),
    }
}

/// Said wherever a date is shown: in a demonstration a past appel à projets is replayed today.
fn dates_decalees(etat: &Etat) -> String {
    let decalees: Vec<&str> = etat
        .editions
        .iter()
        .filter(|e| e.decalage_jours != 0)
        .map(|e| e.titre.as_str())
        .collect();
    if decalees.is_empty() {
        return String::new();
    }
    format!(
        "Pour qu’une fenêtre soit ouverte aujourd’hui, ces dates sont décalées\u{a0}: {}.",
        decalees.join("\u{a0}; ")
    )
}
