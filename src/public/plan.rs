//! Every public page, for search engines (sitemaps.org).

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::rules::exposition::Regle;
use crate::rules::faq::Faq;
use crate::web::chemins;
use crate::web::etat::Etat;
use crate::web::pages::adresse_complete;

/// Pages without parameter. Those of accounts, of one person and of the portal's own files are left out.
const PAGES: [&str; 16] = [
    chemins::ACCUEIL,
    chemins::AAPS,
    chemins::REGLES,
    chemins::REGLES_DIFFERENCES,
    chemins::SIMULATEUR,
    chemins::FAQ,
    chemins::GLOSSAIRE,
    chemins::CONTACTS,
    chemins::WEBINAIRES,
    chemins::API,
    chemins::AIDE,
    chemins::CONTACT,
    chemins::SOURCES,
    chemins::ACCESSIBILITE,
    chemins::CONFIDENTIALITE,
    chemins::CONDITIONS,
];

/// The public pages, as paths.
fn chemins_publics(etat: &Etat) -> Vec<String> {
    let mut chemins: Vec<String> = PAGES.iter().map(|chemin| (*chemin).to_owned()).collect();
    if etat.operateur.montre(etat.demonstration) {
        chemins.push(chemins::MENTIONS.to_owned());
    }
    let questions = Faq::livrees().iter().flat_map(Faq::questions);
    chemins.extend(questions.map(|(_, question)| chemins::question(&question.slug)));
    for edition in etat.editions.iter().rev() {
        chemins.push(chemins::aap(&edition.code));
        chemins.push(chemins::regles_aap(&edition.code));
        chemins.extend(
            Regle::toutes(edition)
                .iter()
                .map(|regle| chemins::regle(&edition.code, regle.code())),
        );
    }
    chemins
}

/// Answers the file.
pub async fn afficher(State(etat): State<Etat>) -> impl IntoResponse {
    // Addresses hold codes and a site: nothing that XML would read otherwise.
    let adresses: Vec<_> = chemins_publics(&etat)
        .iter()
        .map(|chemin| format!("<url><loc>{}</loc></url>", adresse_complete(&etat, chemin)))
        .collect();
    let adresses = adresses.join("\n");
    let texte = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{adresses}\n</urlset>\n"
    );
    ([(CONTENT_TYPE, "application/xml; charset=utf-8")], texte)
}
