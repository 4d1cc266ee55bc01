//! The result to keep: as PDF, as the document of the API, as a table of its ESSMS.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use super::reception::Recu;
use super::resultat::{self, Jugement, NIVEAUX, candidats, du_niveau};
use super::{Demande, Lecture, lire, preparer, repondre_a, saisie_d_un_lien};
use crate::documents::csv as ecriture_csv;
use crate::documents::feuille::{Colonne, Feuille};
use crate::documents::simulation::{
    self as document, Constat, Essms, Ligne, Manque, Niveau, Proposition, Simulation, Versement,
};
use crate::domain::argent::Centimes;
use crate::domain::dossier::esquisse::Esquisse;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::evaluer;
use crate::rules::faits::Faits;
use crate::simulation::document::DemandeSimulation;
use crate::store::esquisse::faits;
use crate::web::chemins;
use crate::web::constat::citer;
use crate::web::echec::Echec;
use crate::web::esquisse::{LIEN, LIEN_AU_PLUS};
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::parametres::Parametres;
use crate::web::remede;
use crate::web::session::Visiteur;
use crate::web::vue::instant;

/// A sketch that was read, and judged.
struct Juge {
    lecture: Lecture,
    edition: Edition,
    faits: Faits,
    evaluation: Evaluation,
}

/// What may be judged, and the connection that read it, or the page that says why there is nothing.
type Lue = Result<(PoolConnection<Postgres>, Lecture, Edition), Response>;

async fn relire(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Lue, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let lecture = lire(&mut conn, etat, saisie).await?;
    match lecture.edition.clone().filter(|_| lecture.jugeable()) {
        Some(edition) => Ok(Ok((conn, lecture, edition))),
        None => Ok(Err(repondre_a(conn, etat, visiteur, lecture).await?)),
    }
}

/// The judged sketch, or the page that says why there is none.
async fn juger(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Result<Juge, Response>, Echec> {
    let (conn, lecture, edition) = match relire(etat, visiteur, saisie).await? {
        Ok(lue) => lue,
        Err(page) => return Ok(Err(page)),
    };
    drop(conn);
    let faits = faits(&lecture.contexte, &lecture.esquisse, etat.horloge.maintenant());
    let evaluation = evaluer(&edition, &faits);
    Ok(Ok(Juge {
        lecture,
        edition,
        faits,
        evaluation,
    }))
}

fn joint(octets: Vec<u8>, genre: &'static str, nom: &str) -> Response {
    let entetes = [
        (header::CONTENT_TYPE, genre.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{nom}\"")),
        (header::HeaderName::from_static("x-robots-tag"), "noindex".to_owned()),
    ];
    (entetes, octets).into_response()
}

async fn recue(etat: &Etat, recu: Recu) -> Result<Saisie, Echec> {
    let mut conn = etat.pool.acquire().await?;
    let (saisie, _) = preparer(&mut conn, etat, recu).await?;
    Ok(saisie)
}

/// The PDF of what a link says.
///
/// # Errors
/// The database's; a document that cannot be made is the portal's own fault.
pub async fn pdf(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    rendre(&etat, &visiteur, saisie_d_un_lien(&demande.e.unwrap_or_default())).await
}

/// The PDF of what a form says: no length holds it back.
///
/// # Errors
/// As [`pdf`].
pub async fn pdf_du_formulaire(State(etat): State<Etat>, visiteur: Visiteur, recu: Recu) -> Result<Response, Echec> {
    let saisie = recue(&etat, recu).await?;
    rendre(&etat, &visiteur, saisie).await
}

async fn rendre(etat: &Etat, visiteur: &Visiteur, saisie: Saisie) -> Result<Response, Echec> {
    let (mut conn, lecture, edition) = match relire(etat, visiteur, saisie).await? {
        Ok(lue) => lue,
        Err(page) => return Ok(page),
    };
    let offerts = candidats(&mut conn, &lecture.esquisse, &lecture.contexte).await?;
    drop(conn);
    let jugement = resultat::juger(etat, &edition, &lecture.esquisse, &lecture.contexte, offerts).await?;
    let tirage = Tirage {
        site: &etat.courrier.adresse_publique,
        fictif: etat.demonstration,
        le: etat.horloge.maintenant(),
    };
    let simulation = rediger(&tirage, &lecture, &edition, &jugement);
    let octets = tokio::task::spawn_blocking(move || document::ecrire(&simulation)).await;
    let octets = octets.map_err(Echec::interne)?.map_err(Echec::interne)?;
    Ok(joint(octets, "application/pdf", "simulation.pdf"))
}

/// Where and when a document is made.
struct Tirage<'a> {
    site: &'a str,
    fictif: bool,
    le: DateTime<Utc>,
}

fn rediger(tirage: &Tirage<'_>, lecture: &Lecture, edition: &Edition, jugement: &Jugement) -> Simulation {
    let evaluation = &jugement.evaluation;
    let decompte = evaluation.decompte;
    let argent = &evaluation.financement;
    let reserve = evaluation.reserve().unwrap_or_default();
    let resume = [
        ("Appel à projets", edition.titre.clone()),
        ("Éligibilité de la grappe", evaluation.eligibilite.libelle().to_owned()),
        ("Recevabilité du dossier", evaluation.recevabilite.libelle().to_owned()),
        (
            "Type de projet",
            evaluation.type_projet.map_or("À compléter", Liste::libelle).to_owned(),
        ),
        (
            "ESSMS",
            format!(
                "{} dont {} éligibles, {} en question, {} exclus",
                decompte.total, decompte.eligibles, decompte.en_question, decompte.exclus
            ),
        ),
        ("Financement certain", sous_reserve(argent.certain, reserve)),
        ("Financement maximum", sous_reserve(argent.maximum, reserve)),
        (
            "Procédure d’achat",
            format!("{}. {}", evaluation.achat.procedure.libelle(), evaluation.achat.message),
        ),
    ];
    let niveau = |(portee, titre): (crate::rules::constat::Portee, &str)| Niveau {
        titre: titre.to_owned(),
        constats: du_niveau(evaluation, portee)
            .map(|c| Constat {
                code: c.code.clone(),
                resultat: c.resultat.libelle().to_owned(),
                message: c.message.clone(),
                remede: c.reparation.as_ref().map(|r| r.message.clone()),
                source: std::iter::once(&c.source)
                    .chain(&c.autres_sources)
                    .map(citer)
                    .collect::<Vec<_>>()
                    .join("\u{a0}; "),
            })
            .collect(),
    };
    let lien = chemins::avec_parametres(
        chemins::SIMULATEUR,
        &[(LIEN, &lecture.esquisse.clone().factorisee().lien())],
    );
    let lien = format!("{}{lien}", tirage.site);
    Simulation {
        resume: resume.map(|(cle, valeur)| (cle.to_owned(), valeur)).to_vec(),
        lignes: argent
            .lignes
            .iter()
            .map(|l| Ligne {
                libelle: format!("{} {}", l.code, l.libelle),
                taux: l.taux.to_string(),
                nombre: l.nombre.to_string(),
                certain: l.certain.to_string(),
                maximum: l.maximum.to_string(),
            })
            .collect(),
        versements: argent
            .versements
            .iter()
            .map(|v| Versement {
                rang: format!("{} ({}\u{a0}%)", v.rang, v.part_pour_cent),
                condition: v.condition.clone(),
                certain: v.certain.to_string(),
                maximum: v.maximum.to_string(),
            })
            .collect(),
        niveaux: NIVEAUX
            .into_iter()
            .map(niveau)
            .filter(|n| !n.constats.is_empty())
            .collect(),
        essms: lecture
            .esquisse
            .numeros
            .iter()
            .map(|n| essms(lecture, evaluation, *n))
            .collect(),
        reserve: evaluation.reserve(),
        proposition: jugement.proposition.as_ref().map(proposition),
        sans_recherche: jugement.sans_recherche.clone(),
        manques: jugement
            .questions
            .iter()
            .map(|q| Manque {
                libelle: q.libelle.to_owned(),
                effets: q.effets.clone(),
            })
            .collect(),
        lien: (lien.len() <= LIEN_AU_PLUS).then_some(lien),
        simulee_le: instant(tirage.le),
        repertoire: lecture.contexte.repertoire(),
        fictif: tirage.fictif,
        le: tirage.le,
    }
}

/// « 60 000 €. Sous réserve de l’éligibilité du projet. »
fn sous_reserve(montant: Centimes, reserve: &str) -> String {
    match reserve {
        "" => montant.to_string(),
        _ => format!("{montant}. {reserve}"),
    }
}

fn proposition(p: &remede::Proposition) -> Proposition {
    let detail = |(geste, essms): &(String, Vec<String>)| format!("{geste}\u{a0}: {}", essms.join(", "));
    Proposition {
        action: p.action.clone(),
        details: p.details.iter().map(detail).collect(),
        notes: p.notes.clone(),
    }
}

fn essms(lecture: &Lecture, evaluation: &Evaluation, finess: Finess) -> Essms {
    let connu = lecture.contexte.registre.get(&finess);
    let statut = evaluation.statut(finess);
    let pourquoi = evaluation.constats.iter().flat_map(|c| {
        let siens = c.essms.iter().filter(move |e| e.finess == finess);
        siens.map(|e| format!("{}\u{a0}: {}", c.code, e.message))
    });
    Essms {
        finess: finess.to_string(),
        nom: connu.map_or_else(|| "Inconnu du répertoire".to_owned(), |c| c.nom.clone()),
        commune: connu.map(|c| c.commune.clone()).unwrap_or_default(),
        statut: statut.map_or("", Liste::libelle).to_owned(),
        pourquoi: pourquoi.collect::<Vec<_>>().join(" ; "),
    }
}

/// What was answered, as the document that the API and the command line read; the simulateur reads it too.
///
/// # Errors
/// The database's.
pub async fn json(State(etat): State<Etat>, visiteur: Visiteur, recu: Recu) -> Result<Response, Echec> {
    let saisie = recue(&etat, recu).await?;
    let juge = match juger(&etat, &visiteur, saisie).await? {
        Ok(juge) => juge,
        Err(page) => return Ok(page),
    };
    let demande = DemandeSimulation::depuis(&juge.edition.code, &juge.faits).json();
    Ok(joint(demande.into_bytes(), "application/json", "simulation.json"))
}

/// The ESSMS, and where each stands, as a table.
///
/// # Errors
/// The database's.
pub async fn csv(State(etat): State<Etat>, visiteur: Visiteur, recu: Recu) -> Result<Response, Echec> {
    let saisie = recue(&etat, recu).await?;
    let juge = match juger(&etat, &visiteur, saisie).await? {
        Ok(juge) => juge,
        Err(page) => return Ok(page),
    };
    let octets = ecriture_csv::ecrire(&feuille(&juge, &juge.lecture.esquisse));
    Ok(joint(octets, "text/csv; charset=utf-8", "simulation.csv"))
}

fn feuille(juge: &Juge, esquisse: &Esquisse) -> Feuille {
    let ligne = |finess: &Finess| {
        let Essms {
            finess: numero,
            nom,
            commune,
            statut,
            pourquoi,
        } = essms(&juge.lecture, &juge.evaluation, *finess);
        vec![numero, nom, commune, statut, pourquoi]
    };
    Feuille {
        nom: "Simulation",
        colonnes: ["Numéro FINESS", "Nom", "Commune", "Situation", "Pourquoi"]
            .map(Colonne::nouvelle)
            .to_vec(),
        lignes: esquisse.numeros.iter().map(ligne).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::constat::Resultat;
    use crate::store::evaluation::Contexte;
    use crate::store::registre::Fraicheur;
    use crate::web::questions::OptionsVue;

    #[test]
    fn the_grant_of_a_grappe_too_small_is_printed_under_its_reserve_with_the_date_of_what_is_known() {
        let edition = Edition::livree("idf-2024").unwrap();
        let le = DateTime::from_timestamp(1_714_550_400, 0).unwrap();
        let numero = |rang| Finess::depuis_racine(&format!("75{rang:06}")).unwrap();
        let lecture = Lecture {
            saisie: Saisie::vide(),
            lignes: Vec::new(),
            reconnus: Vec::new(),
            esquisse: Esquisse {
                edition: edition.code.clone(),
                numeros: (0..7).map(numero).collect(),
                ..Esquisse::default()
            },
            contexte: Contexte {
                fraicheur: Some(Fraicheur {
                    reelles: Some(le.date_naive()),
                    fictives: None,
                }),
                ..Contexte::default()
            },
            options: OptionsVue::de_listes(Vec::new(), &[]),
            edition: None,
            ecarts: Vec::new(),
        };
        let evaluation = evaluer(edition, &faits(&lecture.contexte, &lecture.esquisse, le));
        assert_eq!(evaluation.eligibilite, Resultat::NonSatisfait);
        let jugement = Jugement {
            evaluation,
            proposition: None,
            sans_recherche: Some("Au-delà de 100.".to_owned()),
            questions: Vec::new(),
        };
        let tirage = Tirage {
            site: "https://portail.exemple.fr",
            fictif: true,
            le,
        };
        let mots = document::mots(&rediger(&tirage, &lecture, edition, &jugement)).unwrap();
        assert_eq!(
            mots.matches("Sous réserve de l’éligibilité du projet.").count(),
            3,
            "beside each amount, and above the lines: {mots}"
        );
        for dit in [
            "Simulation du 01/05/2024",
            "Répertoire FINESS au 01/05/2024",
            "DONNÉES FICTIVES",
            "Au-delà de 100.",
        ] {
            assert!(mots.contains(dit), "{dit}: {mots}");
        }
    }
}
