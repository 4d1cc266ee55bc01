//! One of Mes ESSMS: what the registry says, the questions, and who answered what.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::faits::{changements, enregistrer as ecrire, libelle, questions, saisie_de};
use super::vues::{ChampVue, Conflit, instant, refuser};
use crate::domain::dossier::champ::Bloc;
use crate::domain::dossier::faits::MES_ESSMS;
use crate::domain::dossier::lecture::{en_clair, lire};
use crate::domain::dossier::reponses::{Reponses, fusionner};
use crate::domain::finess::Finess;
use crate::store::acces::EspaceOg;
use crate::store::mes_essms::{self, MonEssms};
use crate::web::acces::{Formulaire, NumeroEssms};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::Saisie;
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;
use crate::web::vue::{Ligne, majuscule};

/// The page.
#[derive(Template)]
#[template(path = "porteur/mon_essms.html")]
pub struct PageMonEssms {
    habillage: Habillage,
    action: String,
    nom: String,
    details: String,
    /// Why it is only read; empty when it may be written.
    lecture: &'static str,
    version: i32,
    /// The answers the form is filled upon, for it to be brought together with a colleague's.
    base: String,
    saisie: Saisie,
    questions: Vec<ChampVue>,
    lignes: Vec<Ligne>,
    /// What was typed and could not be kept.
    non_enregistrees: Vec<Ligne>,
    conflits: Vec<Conflit>,
    journal: Vec<Entree>,
    fait: Option<&'static str>,
}

/// An entry of the journal, in words.
struct Entree {
    titre: String,
    changements: Vec<String>,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    fait: Option<usize>,
}

/// What is around the fields.
struct Autour {
    saisie: Saisie,
    version: i32,
    base: String,
    conflits: Vec<Conflit>,
}

/// The questions as one group, for them to be read.
fn blocs() -> [Bloc; 1] {
    [Bloc::Champs("", MES_ESSMS)]
}

fn en_json(reponses: &Reponses) -> Result<String, Echec> {
    serde_json::to_string(reponses).map_err(Echec::interne)
}

async fn charger(conn: &mut sqlx::PgConnection, espace: &EspaceOg, finess: Finess) -> Result<MonEssms, Echec> {
    let trouves = mes_essms::list(conn, espace, Some(&[finess])).await?;
    trouves.into_iter().next().ok_or_else(Echec::introuvable)
}

async fn page(
    conn: &mut sqlx::PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    espace: &EspaceOg,
    essms: &MonEssms,
    autour: Autour,
) -> Result<PageMonEssms, Echec> {
    let referent = mes_essms::load_referent(conn, espace).await?;
    let journal = mes_essms::list_journal(conn, espace, essms.finess).await?;
    let Autour {
        saisie,
        version,
        base,
        conflits,
    } = autour;
    let lecture = match (espace.modifiable(), essms.actif()) {
        (true, true) => "",
        (_, false) => {
            "Ces réponses se lisent, mais ne se modifient plus\u{a0}: au répertoire FINESS, cet ESSMS est fermé ou \
             n’est plus géré par votre organisme."
        }
        (false, true) => "Votre rôle permet de lire ces réponses, pas de les modifier.",
    };
    let ligne = |c: &crate::domain::dossier::champ::Champ| {
        Ligne::nouvelle(c.libelle, en_clair(c, essms.reponses.valeurs(c.nom)))
    };
    Ok(PageMonEssms {
        habillage: habiller(etat, visiteur, &essms.nom)
            .retour(chemins::MES_ESSMS, "Mes ESSMS")
            .erreurs(&saisie),
        action: chemins::mon_essms(essms.finess),
        nom: essms.nom.clone(),
        details: format!("{} · {} · FINESS {}", essms.categorie, essms.commune, essms.finess),
        lecture,
        version,
        base,
        saisie,
        questions: questions("", referent),
        lignes: MES_ESSMS
            .iter()
            .filter(|c| c.demande("", &essms.reponses))
            .map(ligne)
            .collect(),
        non_enregistrees: Vec::new(),
        conflits,
        journal: journal.into_iter().map(Entree::from).collect(),
        fait: None,
    })
}

impl From<mes_essms::Ecrit> for Entree {
    fn from(e: mes_essms::Ecrit) -> Self {
        let mot = |texte: &str| {
            if texte.is_empty() {
                "rien".to_owned()
            } else {
                format!("«\u{a0}{texte}\u{a0}»")
            }
        };
        let changement = |c: &crate::store::journal::ChampChange| {
            format!("{}\u{a0}: {} → {}", majuscule(&c.libelle), mot(&c.avant), mot(&c.apres))
        };
        Self {
            titre: format!("{}, par {}, le {}", e.action, e.auteur, instant(e.survenu_le)),
            changements: e.champs.iter().map(changement).collect(),
        }
    }
}

/// Shows the page.
///
/// # Errors
/// [`Echec::introuvable`] for an ESSMS that is not the OG's; the database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    NumeroEssms(finess): NumeroEssms,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<PageMonEssms>, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let essms = charger(&mut tx, &espace, finess).await?;
    let autour = Autour {
        saisie: saisie_de(MES_ESSMS, "", &essms.reponses),
        version: essms.version,
        base: en_json(&essms.reponses)?,
        conflits: Vec::new(),
    };
    let mut page = page(&mut tx, &etat, &visiteur, &espace, &essms, autour).await?;
    tx.commit().await?;
    page.fait = demande.fait.map(|n| match n {
        0 => "Rien n’a changé\u{a0}: il n’y avait rien de nouveau à enregistrer.",
        _ => "Réponses enregistrées. Vos prochains dossiers les reprendront.",
    });
    Ok(Page(StatusCode::OK, page))
}

/// Saves the answers, however incomplete.
///
/// # Errors
/// As [`afficher`].
pub async fn enregistrer(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    NumeroEssms(finess): NumeroEssms,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let attendue: i32 = saisie.valeur("version").parse().unwrap_or_default();
    let mut tx = espace.commencer(&etat.pool).await?;
    mes_essms::lock(&mut tx, *espace.og()).await?;
    let essms = charger(&mut tx, &espace, finess).await?;
    if !essms.actif() {
        let tapees = non_enregistrees(&essms, &saisie);
        let autour = Autour {
            saisie,
            version: essms.version,
            base: String::new(),
            conflits: Vec::new(),
        };
        let mut page = page(&mut tx, &etat, &visiteur, &espace, &essms, autour).await?;
        page.non_enregistrees = tapees;
        return Ok(Page(StatusCode::CONFLICT, page).into_response());
    }
    let lues = match lire(&blocs(), &saisie, &|_, _| false) {
        Ok(lues) => lues,
        Err(fautes) => {
            refuser(&mut saisie, &fautes, libelle);
            let autour = Autour {
                base: saisie.valeur("base").to_owned(),
                saisie,
                version: attendue,
                conflits: Vec::new(),
            };
            let page = page(&mut tx, &etat, &visiteur, &espace, &essms, autour).await?;
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let mut lues = lues;
    if essms.version != attendue {
        let base = serde_json::from_str(saisie.valeur("base")).unwrap_or_default();
        let (fusion, en_conflit) = fusionner(&base, &essms.reponses, &lues);
        if !en_conflit.is_empty() {
            let autour = Autour {
                saisie: saisie_de(MES_ESSMS, "", &fusion),
                version: essms.version,
                base: en_json(&essms.reponses)?,
                conflits: conflits(&essms, &fusion, &en_conflit),
            };
            let page = page(&mut tx, &etat, &visiteur, &espace, &essms, autour).await?;
            return Ok(Page(StatusCode::CONFLICT, page).into_response());
        }
        lues = fusion;
    }
    let champs = changements(&essms.reponses, &lues);
    let fait = if champs.is_empty() { "0" } else { "1" };
    if !champs.is_empty() {
        ecrire(
            &mut tx,
            &etat,
            &espace,
            "Réponses enregistrées",
            vec![(finess, lues, champs)],
        )
        .await?;
    }
    tx.commit().await?;
    let suite = match saisie.valeur("ensuite") {
        "liste" => chemins::MES_ESSMS.to_owned(),
        _ => chemins::mon_essms(finess),
    };
    Ok(Redirect::to(&chemins::avec_parametres(&suite, &[("fait", fait)])).into_response())
}

/// The answers that a colleague and this person both changed.
/// What was typed, as far as it is not what is stored.
fn non_enregistrees(essms: &MonEssms, saisie: &Saisie) -> Vec<Ligne> {
    let tapee = |c: &&crate::domain::dossier::champ::Champ| {
        let valeurs = saisie.valeurs(c.nom);
        valeurs.iter().any(|v| !v.trim().is_empty()) && valeurs != essms.reponses.valeurs(c.nom)
    };
    MES_ESSMS
        .iter()
        .filter(tapee)
        .map(|c| Ligne::nouvelle(c.libelle, en_clair(c, saisie.valeurs(c.nom))))
        .collect()
}

fn conflits(essms: &MonEssms, fusion: &Reponses, en_conflit: &[String]) -> Vec<Conflit> {
    let par = essms.modifie.as_ref();
    let par = par
        .map(|(quand, qui)| format!("{qui}, le {}", instant(*quand)))
        .unwrap_or_default();
    changements(&essms.reponses, fusion)
        .into_iter()
        .filter(|c| en_conflit.contains(&c.champ))
        .map(|c| Conflit {
            libelle: c.libelle,
            enregistre: c.avant,
            saisi: c.apres,
            par: par.clone(),
        })
        .collect()
}
