//! Frequent questions: by theme, or those that hold the words looked for.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::domain::nomenclature::Liste;
use crate::rules::edition::Sujet;
use crate::rules::faq::{Bloc, Faq, Question, blocs};
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller_publique;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// Longest text looked for: what is beyond it is left out.
const CHERCHE_AU_PLUS: usize = 200;

const DESCRIPTION: &str =
    "Les questions fréquentes sur les appels à projets ESMS numérique, et leurs réponses avec leur source.";

/// The page.
#[derive(Template)]
#[template(path = "public/faq.html")]
pub struct PageFaq {
    habillage: Habillage,
    ici: &'static str,
    /// Title of the appel à projets the answers are about.
    edition: String,
    aap: String,
    cherche: String,
    /// Without a search, every question.
    themes: Vec<ThemeVue>,
    trouvees: Vec<QuestionVue>,
    /// Whether they hold every word looked for.
    entieres: bool,
    /// Whom to write to, when nothing answers.
    sujets: Vec<Lien>,
}

/// A theme, as the page shows it.
struct ThemeVue {
    titre: &'static str,
    questions: Vec<QuestionVue>,
}

/// A question, as the page shows it.
struct QuestionVue {
    slug: &'static str,
    href: String,
    question: &'static str,
    blocs: Vec<Bloc>,
    nuance: Option<&'static str>,
    theme: &'static str,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
}

fn vue(theme: &'static str, q: &'static Question) -> QuestionVue {
    QuestionVue {
        slug: &q.slug,
        href: chemins::question(&q.slug),
        question: &q.question,
        blocs: blocs(&q.reponse),
        nuance: q.nuance.as_deref(),
        theme,
    }
}

/// Shows the questions.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Page<PageFaq> {
    let cherche: String = demande.q.unwrap_or_default().chars().take(CHERCHE_AU_PLUS).collect();
    let cherche = cherche.trim().to_owned();
    let livrees = Faq::livrees();
    let edition = livrees.first().and_then(|faq| etat.edition(&faq.edition));
    let (themes, trouvees, entieres) = if cherche.is_empty() {
        let themes = livrees.iter().flat_map(|faq| &faq.themes).map(|t| ThemeVue {
            titre: &t.section,
            questions: t.questions.iter().map(|q| vue(&t.section, q)).collect(),
        });
        (themes.collect(), Vec::new(), true)
    } else {
        let trouvailles: Vec<_> = livrees.iter().map(|faq| faq.chercher(&cherche)).collect();
        let entieres = trouvailles.iter().all(|t| t.entieres);
        let trouvees = trouvailles.into_iter().flat_map(|t| t.questions);
        (
            Vec::new(),
            trouvees.map(|(t, q)| vue(&t.section, q)).collect(),
            entieres,
        )
    };
    let sujet = |s: &Sujet| {
        Lien::nouveau(
            s.libelle(),
            chemins::question_sur(edition.map_or("", |e| &e.code), s.code()),
        )
    };
    let titre = if cherche.is_empty() {
        "Questions fréquentes".to_owned()
    } else {
        format!("«\u{a0}{cherche}\u{a0}» dans les questions fréquentes")
    };
    let page = PageFaq {
        habillage: habiller_publique(&etat, &visiteur, titre, DESCRIPTION, chemins::FAQ)
            .retour(chemins::ACCUEIL, "Accueil"),
        ici: chemins::FAQ,
        edition: edition.map(|e| e.titre.clone()).unwrap_or_default(),
        aap: edition.map(|e| chemins::aap(&e.code)).unwrap_or_default(),
        cherche,
        themes,
        trouvees,
        entieres,
        sujets: Sujet::TOUTES.iter().map(sujet).collect(),
    };
    Page(StatusCode::OK, page)
}
