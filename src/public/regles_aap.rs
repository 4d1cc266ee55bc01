//! The rules of one appel à projets, by what they serve to decide; searched by a plain form.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::domain::texte::cle_de_comparaison;
use crate::rules::edition::Edition;
use crate::rules::exposition::{Famille, Fiche};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/regles_aap.html")]
pub struct ReglesAap {
    habillage: Habillage,
    titre: String,
    saisie: Saisie,
    action: String,
    familles: Vec<Choix>,
    groupes: Vec<(&'static str, Vec<LigneRegle>)>,
    trouvees: usize,
    total: usize,
    decalee: bool,
    differences: &'static str,
}

/// A rule, in the list.
struct LigneRegle {
    lien: Lien,
    disposition: &'static str,
    gravite: String,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
    famille: Option<String>,
}

/// Shows the rules, or those that match.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown code.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(code): Path<String>,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<ReglesAap>, Echec> {
    let edition = etat.edition(&code).ok_or_else(Echec::introuvable)?;
    let (q, famille) = (demande.q.unwrap_or_default(), demande.famille.unwrap_or_default());
    let fiches = Fiche::toutes(edition);
    let total = fiches.len();
    let trouvees: Vec<Fiche> = fiches
        .into_iter()
        .filter(|f| repond(f, &q, Famille::depuis(&famille)))
        .collect();
    let chemin = chemins::regles_aap(&code);
    let description = format!(
        "Les règles de l’{} expliquées\u{a0}: ce qu’elles demandent, d’où elles viennent, un exemple calculé.",
        minuscule(edition)
    );
    let page = ReglesAap {
        habillage: habiller_publique(
            &etat,
            &visiteur,
            format!("Règles — {}", edition.titre),
            description,
            &chemin,
        )
        .rubrique(chemins::REGLES)
        .fil(vec![
            Lien::nouveau("Accueil", chemins::ACCUEIL),
            Lien::nouveau(&edition.titre, chemins::aap(&code)),
        ]),
        titre: edition.titre.clone(),
        saisie: Saisie::depuis_paires([("q", q), ("famille", famille)]),
        action: chemin,
        familles: Famille::TOUTES
            .iter()
            .map(|f| Choix::nouveau(f.code(), f.libelle()))
            .collect(),
        trouvees: trouvees.len(),
        groupes: grouper(edition, &trouvees),
        total,
        decalee: edition.decalage_jours != 0,
        differences: chemins::REGLES_DIFFERENCES,
    };
    Ok(Page(StatusCode::OK, page))
}

fn minuscule(edition: &Edition) -> String {
    edition.titre.replacen("Appel", "appel", 1)
}

/// Whether a rule is of this family and holds each of these words, accents and case aside.
fn repond(fiche: &Fiche, q: &str, famille: Option<Famille>) -> bool {
    let regle = fiche.regle;
    let texte = cle_de_comparaison(&format!("{} {} {}", regle.code(), regle.libelle(), regle.disposition()));
    famille.is_none_or(|f| f == fiche.famille)
        && q.split_whitespace().all(|mot| texte.contains(&cle_de_comparaison(mot)))
}

fn grouper(edition: &Edition, fiches: &[Fiche]) -> Vec<(&'static str, Vec<LigneRegle>)> {
    let ligne = |fiche: &Fiche| {
        let regle = fiche.regle;
        LigneRegle {
            lien: Lien::nouveau(
                format!("{} — {}", regle.code(), regle.libelle()),
                chemins::regle(&edition.code, regle.code()),
            ),
            disposition: regle.disposition(),
            gravite: fiche.gravite.map(|g| g.libelle().to_owned()).unwrap_or_default(),
        }
    };
    Famille::TOUTES
        .iter()
        .map(|famille| {
            let siennes = fiches.iter().filter(|f| f.famille == *famille);
            (famille.libelle(), siennes.map(ligne).collect::<Vec<_>>())
        })
        .filter(|(_, lignes)| !lignes.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_accents_and_their_order() {
        let edition = Edition::livree("idf-2024").unwrap();
        let trouvees = |q: &str, famille| -> Vec<&str> {
            let fiches = Fiche::toutes(edition).into_iter().filter(|f| repond(f, q, famille));
            fiches.map(|f| f.regle.code()).collect()
        };
        assert_eq!(trouvees("eli-g01", None), ["ELI-G01"]);
        assert_eq!(trouvees("GRAPPE taille", None).first(), Some(&"ELI-G01"));
        assert!(trouvees("hebergement", None).contains(&"ELI-G05"));
        assert!(trouvees("introuvable-xyz", None).is_empty());
        assert!(trouvees("", Some(Famille::Usage)).iter().all(|c| c.starts_with("USA")));
        assert_eq!(trouvees("", None).len(), Fiche::toutes(edition).len());
    }
}
