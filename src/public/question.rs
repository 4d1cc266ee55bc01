//! One frequent question: its answer, its rules, its source, its words, whom to write to.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::{Edition, Passage, Sujet};
use crate::rules::exposition::Regle;
use crate::rules::faq::{Bloc, Faq, Question, Theme, blocs};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::mots;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "public/question.html")]
pub struct PageQuestion {
    habillage: Habillage,
    edition: String,
    aap: String,
    blocs: Vec<Bloc>,
    nuance: Option<&'static str>,
    regles: Vec<Lien>,
    source: String,
    /// Word, its address, what it means.
    mots: Vec<(&'static str, String, &'static str)>,
    contacts: Vec<(String, String)>,
    ecrire: Option<Lien>,
    /// The other questions of its theme.
    voisines: Vec<Lien>,
}

/// Shows the question.
///
/// # Errors
/// [`Echec::introuvable`] for an unknown name.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Path(slug): Path<String>,
) -> Result<Page<PageQuestion>, Echec> {
    let trouvee = Faq::livrees().iter().find_map(|faq| {
        let (theme, question) = faq.question(&slug)?;
        Some((etat.edition(&faq.edition)?, faq, theme, question))
    });
    let (edition, faq, theme, question) = trouvee.ok_or_else(Echec::introuvable)?;
    let page = page(&etat, &visiteur, edition, faq, theme, question);
    Ok(Page(StatusCode::OK, page))
}

fn page(
    etat: &Etat,
    visiteur: &Visiteur,
    edition: &Edition,
    faq: &Faq,
    theme: &'static Theme,
    question: &'static Question,
) -> PageQuestion {
    let source = edition.source(&Passage {
        document: faq.document.clone(),
        section: theme.section.clone(),
    });
    let regle = |code: &String| {
        let regle = Regle::depuis(edition, code)?;
        let libelle = format!("{}, {}", regle.code(), regle.libelle());
        Some(Lien::nouveau(libelle, chemins::regle(&edition.code, regle.code())))
    };
    let mot = |mot: &'static String| Some((mot.as_str(), chemins::mot(&mots::ancre(mot)), mots::sens(mot)?));
    let ecrire = |s: Sujet| Lien::nouveau(s.libelle(), chemins::question_sur(&edition.code, s.code()));
    let contacts = question.sujet.into_iter().flat_map(|s| edition.contacts(s));
    let voisines = theme.questions.iter().filter(|q| q.slug != question.slug);
    PageQuestion {
        habillage: habiller_publique(
            etat,
            visiteur,
            &question.question,
            format!("Question fréquente\u{a0}: {}", question.question),
            &chemins::question(&question.slug),
        )
        .rubrique(chemins::FAQ)
        .retour(chemins::FAQ, "Questions fréquentes"),
        edition: edition.titre.clone(),
        aap: chemins::aap(&edition.code),
        blocs: blocs(&question.reponse),
        nuance: question.nuance.as_deref(),
        regles: question.regles.iter().filter_map(regle).collect(),
        source: format!("{}, «\u{a0}{}\u{a0}»", source.titre, source.section),
        mots: question.mots.iter().filter_map(mot).collect(),
        contacts: contacts.map(|c| (c.nom.clone(), c.courriel.clone())).collect(),
        ecrire: question.sujet.map(ecrire),
        voisines: voisines
            .map(|q| Lien::nouveau(&q.question, chemins::question(&q.slug)))
            .collect(),
    }
}
