//! One rule, as an appel à projets holds it: what it asks, its values, its sources, examples that the engine judges when the page
//! is drawn.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Gravite, Resultat};
use crate::rules::edition::Edition;
use crate::rules::evaluation::Ligne as LigneFinancement;
use crate::rules::exposition::{Exemple, Famille, Fiche, Regle, Reponse, exemples};
use crate::rules::regle::CodeRegle;
use crate::web::chemins;
use crate::web::constat::{VueConstat, citer};
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::mots::VERDICTS;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;
use crate::web::vue::{Colonne, Etiquette, Ligne, Ton};

/// Words of the verdicts that a rule may give.
const RESULTATS: [&str; 5] = [
    "Satisfait",
    "Non satisfait",
    "À compléter",
    "À apprécier par l’ARS",
    "Sans objet",
];

/// Those that the purchase may come to without saying how to buy.
const RESULTATS_ACHAT: [&str; 2] = ["À compléter", "À apprécier par l’ARS"];

/// Words of what an amount depends on.
const RESULTATS_FINANCEMENT: [&str; 3] = ["Financement certain, maximum", "À compléter", "À apprécier par l’ARS"];

/// The page.
#[derive(Template)]
#[template(path = "public/regle.html")]
pub struct PageRegle {
    habillage: Habillage,
    code: &'static str,
    libelle: &'static str,
    aap: String,
    etiquettes: Vec<Etiquette>,
    disposition: &'static str,
    effet: &'static str,
    parametres: Vec<Ligne>,
    exemples: Vec<VueExemple>,
    colonnes: Vec<Colonne>,
    /// What each outcome means.
    resultats: Vec<Ligne>,
    sources: Vec<String>,
    lectures: Vec<String>,
    /// The same rule in the other editions, and what differs.
    ailleurs: Vec<(Lien, Lien)>,
    decalee: bool,
}

/// An example, worded.
struct VueExemple {
    rang: usize,
    situation: String,
    constat: Option<VueConstat>,
    lignes: Vec<Vec<String>>,
}

/// Shows the rule.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown edition, or a rule that it does not have.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path((edition, code)): Path<(String, String)>,
) -> Result<Page<PageRegle>, Echec> {
    let edition = etat.edition(&edition).ok_or_else(Echec::introuvable)?;
    let regle = Regle::depuis(edition, &code).ok_or_else(Echec::introuvable)?;
    let fiche = Fiche::de(edition, regle);
    let autres = etat
        .editions
        .iter()
        .rev()
        .filter(|e| e.code != edition.code && Regle::depuis(e, &code).is_some());
    let titre = format!("{} — {}", regle.code(), regle.libelle());
    let page = PageRegle {
        habillage: habiller_publique(
            &etat,
            &visiteur,
            format!("{titre} ({})", edition.titre),
            phrase_courte(regle.disposition()),
            &chemins::regle(&edition.code, regle.code()),
        )
        .rubrique(chemins::REGLES)
        .retour(
            chemins::regles_aap(&edition.code),
            "Toutes les règles de cet appel à projets",
        ),
        code: regle.code(),
        libelle: regle.libelle(),
        aap: edition.titre.clone(),
        etiquettes: etiquettes(&fiche, partagee(edition, regle)),
        disposition: regle.disposition(),
        effet: match fiche.gravite {
            Some(_) if partagee(edition, regle) => SELON_LE_CAS,
            gravite => gravite.map_or("", effet),
        },
        parametres: fiche
            .parametres
            .iter()
            .map(|p| Ligne::nouvelle(&p.nom, &p.valeur))
            .collect(),
        exemples: (1..).zip(exemples(edition, regle)).map(vue).collect(),
        colonnes: colonnes(),
        resultats: resultats(&fiche, partagee(edition, regle)),
        sources: fiche.sources.iter().map(citer).collect(),
        lectures: fiche.lectures,
        ailleurs: autres.map(|autre| ailleurs(edition, autre, regle)).collect(),
        decalee: edition.decalage_jours != 0,
    };
    Ok(Page(StatusCode::OK, page))
}

/// The first sentence: what search engines show.
fn phrase_courte(texte: &str) -> String {
    match texte.split_once(". ") {
        Some((premiere, _)) => format!("{premiere}."),
        None => texte.to_owned(),
    }
}

fn ailleurs(ici: &Edition, autre: &Edition, regle: Regle) -> (Lien, Lien) {
    (
        Lien::nouveau(&autre.titre, chemins::regle(&autre.code, regle.code())),
        Lien::nouveau(
            "Comparer les deux appels à projets",
            chemins::regles_differences(&autre.code, &ici.code),
        ),
    )
}

/// What a rule whose two bounds do not weigh the same entails.
const SELON_LE_CAS: &str = "Selon le cas, elle bloque le dépôt ou avertit seulement\u{a0}: voyez ci-dessous ce que fait chacune de ses limites.";

/// Whether a rule has two bounds of which only one blocks: the size of the grappe, in some editions.
fn partagee(edition: &Edition, regle: Regle) -> bool {
    let taille = &edition.taille;
    regle == Regle::Critere(CodeRegle::EliG01) && taille.gravite_minimum != taille.gravite_maximum
}

fn etiquettes(fiche: &Fiche, partagee: bool) -> Vec<Etiquette> {
    let gravite = fiche.gravite.map(|gravite| {
        if partagee {
            return Etiquette::nouvelle("Selon le cas", Ton::Alerte);
        }
        let ton = match gravite {
            Gravite::Bloquant => Ton::Bloquant,
            Gravite::Alerte => Ton::Alerte,
            Gravite::Information => Ton::Neutre,
        };
        Etiquette::nouvelle(gravite.libelle(), ton)
    });
    std::iter::once(Etiquette::nouvelle(fiche.famille.libelle(), Ton::Information))
        .chain(gravite)
        .collect()
}

fn effet(gravite: Gravite) -> &'static str {
    match gravite {
        Gravite::Bloquant => {
            "Si elle n’est pas respectée, le dossier ne peut pas être déposé. Lorsqu’elle porte sur un ESSMS, c’est \
            l’ESSMS qui quitte la grappe, sans bloquer les autres."
        }
        Gravite::Alerte => "Si elle n’est pas respectée, le portail avertit\u{a0}; le dépôt reste possible.",
        Gravite::Information => "Elle compte dans l’examen du dossier\u{a0}; elle n’empêche jamais le dépôt.",
    }
}

fn resultats(fiche: &Fiche, partagee: bool) -> Vec<Ligne> {
    let mots: &[&str] = match fiche.famille {
        Famille::Achat => &RESULTATS_ACHAT,
        Famille::Financement => &RESULTATS_FINANCEMENT,
        Famille::Eligibilite | Famille::Recevabilite | Famille::Priorisation | Famille::Usage => &RESULTATS,
    };
    let sens = VERDICTS.iter().filter(|(mot, _)| mots.contains(mot));
    sens.map(|(mot, sens)| Ligne::nouvelle(*mot, sens_pour(fiche, partagee, mot, sens)))
        .collect()
}

/// What « non satisfait » entails depends on the gravity, which the page says above.
fn sens_pour(fiche: &Fiche, partagee: bool, mot: &str, sens: &str) -> String {
    match (mot, fiche.gravite) {
        ("Non satisfait", _) if partagee => "Le projet ne respecte pas cette règle.".to_owned(),
        ("Non satisfait", Some(Gravite::Alerte | Gravite::Information) | None) => {
            "Le projet ne respecte pas cette règle.".to_owned()
        }
        _ => sens.to_owned(),
    }
}

fn colonnes() -> Vec<Colonne> {
    vec![
        Colonne::texte("Ligne"),
        Colonne::nombre("Taux"),
        Colonne::nombre("Nombre"),
        Colonne::nombre("Certain"),
        Colonne::nombre("Maximum"),
    ]
}

fn vue((rang, exemple): (usize, Exemple)) -> VueExemple {
    let (constat, lignes) = match exemple.reponse {
        Reponse::Constat(constat) => (Some(VueConstat::from(&*constat)), Vec::new()),
        Reponse::Achat(achat) => {
            let sources: Vec<_> = std::iter::once(&achat.source).chain(&achat.autres_sources).collect();
            let etiquette = Etiquette::nouvelle(achat.procedure.libelle(), Ton::Information);
            (
                Some(VueConstat::neutre(
                    Regle::Achat.code(),
                    etiquette,
                    &achat.message,
                    &sources,
                )),
                Vec::new(),
            )
        }
        Reponse::Usage(usage) => {
            let etiquette = match usage.resultat {
                // A target missed costs the second instalment: nothing there to inform of.
                Resultat::NonSatisfait => Etiquette::nouvelle("Non satisfait", Ton::Alerte),
                autre => Etiquette::resultat(&autre, &Gravite::Information),
            };
            (
                Some(VueConstat::neutre(
                    &usage.code,
                    etiquette,
                    &usage.message,
                    &[&usage.source],
                )),
                Vec::new(),
            )
        }
        Reponse::Montant(lignes) => (None, lignes.iter().map(ligne).collect()),
    };
    VueExemple {
        rang,
        situation: exemple.situation,
        constat,
        lignes,
    }
}

fn ligne(ligne: &LigneFinancement) -> Vec<String> {
    let nombre = if ligne.nombre_certain == ligne.nombre {
        ligne.nombre.to_string()
    } else {
        format!("{} à {}", ligne.nombre_certain, ligne.nombre)
    };
    vec![
        ligne.libelle.clone(),
        ligne.taux.to_string(),
        nombre,
        ligne.certain.to_string(),
        ligne.maximum.to_string(),
    ]
}
