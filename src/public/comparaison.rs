//! What differs between two editions, side by side.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::rules::edition::Edition;
use crate::rules::exposition::{Ecart, Tableau, differences};
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, ErreurChamp, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller_publique;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ton};

const DESCRIPTION: &str = "Deux appels à projets ESMS numérique côte à côte\u{a0}: fenêtres, seuils, montants, pièces et règles qui diffèrent.";
/// The two fields, with their labels.
const CHAMPS: [(&str, &str); 2] = [("a", "Premier appel à projets"), ("b", "Second appel à projets")];

/// The page.
#[derive(Template)]
#[template(path = "public/comparaison.html")]
pub struct Comparaison {
    habillage: Habillage,
    saisie: Saisie,
    choix: Vec<Choix>,
    action: &'static str,
    titres: [String; 2],
    tableaux: Vec<TableauVue>,
}

/// One kind of subjects.
struct TableauVue {
    code: &'static str,
    titre: &'static str,
    lignes: Vec<LigneVue>,
    /// Subjects treated alike that the table leaves out.
    identiques: usize,
}

/// One subject.
struct LigneVue {
    sujet: String,
    etiquette: Etiquette,
    cellules: [Cellule; 2],
}

/// What one edition says of it.
struct Cellule {
    texte: String,
    regle: Option<String>,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    a: Option<String>,
    b: Option<String>,
}

/// The editions offered, the latest first.
pub(super) fn choix(etat: &Etat) -> Vec<Choix> {
    etat.editions
        .iter()
        .rev()
        .map(|e| Choix::nouveau(e.code.clone(), e.titre.clone()))
        .collect()
}

/// The two latest, the older first.
pub(super) fn les_dernieres(etat: &Etat) -> Saisie {
    let depart = etat.editions.len().saturating_sub(CHAMPS.len());
    let codes = etat.editions.iter().skip(depart).map(|e| e.code.as_str());
    Saisie::depuis_paires(CHAMPS.iter().map(|(nom, _)| *nom).zip(codes))
}

/// Shows what differs between the two asked for, by default the two latest.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Page<Comparaison> {
    let mut saisie = les_dernieres(&etat);
    for ((nom, _), code) in CHAMPS.iter().zip([demande.a, demande.b]) {
        if let Some(code) = code.filter(|c| !c.trim().is_empty()) {
            saisie.fixer(*nom, code.trim());
        }
    }
    let comparees = lire(&etat, &mut saisie);
    let statut = if saisie.en_erreur() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let (titres, tableaux) = comparees.map(|[une, autre]| comparer(une, autre)).unwrap_or_default();
    let page = Comparaison {
        habillage: habiller_publique(
            &etat,
            &visiteur,
            "Différences entre deux appels à projets",
            DESCRIPTION,
            chemins::REGLES_DIFFERENCES,
        )
        .rubrique(chemins::REGLES)
        .retour(chemins::REGLES, "Les règles")
        .erreurs(&saisie),
        saisie,
        choix: choix(&etat),
        action: chemins::REGLES_DIFFERENCES,
        titres,
        tableaux,
    };
    Page(statut, page)
}

/// The editions asked for; what is no edition is refused, and so is one compared with itself.
fn lire<'a>(etat: &'a Etat, saisie: &mut Saisie) -> Option<[&'a Edition; 2]> {
    let lues = CHAMPS.map(|(nom, libelle)| {
        let code = saisie.valeur(nom).to_owned();
        let edition = etat.edition(&code);
        if edition.is_none() {
            let motif =
                format!("aucun appel à projets n’a le code «\u{a0}{code}\u{a0}»\u{a0}: choisissez-le dans la liste");
            saisie.refuser(nom, libelle, &ErreurChamp::Motif(motif));
        }
        edition
    });
    let [une, autre] = [lues[0]?, lues[1]?];
    if une.code == autre.code {
        let motif = "choisissez un appel à projets différent du premier".to_owned();
        saisie.refuser(CHAMPS[1].0, CHAMPS[1].1, &ErreurChamp::Motif(motif));
        return None;
    }
    Some([une, autre])
}

fn comparer(une: &Edition, autre: &Edition) -> ([String; 2], Vec<TableauVue>) {
    let tableaux = differences(une, autre);
    let codes = [&une.code, &autre.code];
    (
        [une.titre.clone(), autre.titre.clone()],
        tableaux.iter().map(|tableau| vue(tableau, codes)).collect(),
    )
}

/// Rules are many: those treated alike are counted, not shown.
fn vue(tableau: &Tableau, editions: [&String; 2]) -> TableauVue {
    let des_regles = tableau.ecarts.iter().any(|e| e.code.is_some());
    let identiques = if des_regles { tableau.identiques() } else { 0 };
    let montres = tableau.ecarts.iter().filter(|e| !des_regles || !e.identique());
    TableauVue {
        code: tableau.code,
        titre: tableau.titre,
        lignes: montres.map(|ecart| ligne(ecart, editions)).collect(),
        identiques,
    }
}

fn ligne(ecart: &Ecart, editions: [&String; 2]) -> LigneVue {
    let (mot, ton) = match &ecart.valeurs {
        [Some(_), None] => ("Le premier seulement", Ton::Alerte),
        [None, Some(_)] => ("Le second seulement", Ton::Alerte),
        _ if ecart.identique() => ("Identique", Ton::Neutre),
        _ => ("Différent", Ton::Information),
    };
    let [avant, apres] = &ecart.valeurs;
    let cellule = |valeur: &Option<String>, edition: &str| Cellule {
        texte: valeur.clone().unwrap_or_else(|| "—".to_owned()),
        regle: ecart
            .code
            .filter(|_| valeur.is_some())
            .map(|code| chemins::regle(edition, code)),
    };
    let [une, autre] = editions;
    LigneVue {
        sujet: match ecart.code {
            Some(code) => format!("{code} — {}", ecart.sujet),
            None => ecart.sujet.clone(),
        },
        etiquette: Etiquette::nouvelle(mot, ton),
        cellules: [cellule(avant, une), cellule(apres, autre)],
    }
}
