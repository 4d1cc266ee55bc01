//! Accusé de réception: what was deposited, when, by whom, and the hash that proves it; of each deposit, as a page and
//! as PDF.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::atelier::Atelier;
use super::cadre::{Cadre, decompte};
use super::echeance;
use crate::domain::compte::RoleOg;
use crate::domain::dossier::EtatDossier;
use crate::domain::dossier::fige::{Contenu, PieceFigee};
use crate::domain::texte::{hexadecimal, taille};
use crate::jobs::accuse::{nom_du_fichier, rendre};
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::depots::{self, Depot, Resume};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::{Arrivee, Visiteur};
use crate::web::vue::{Colonne, Ligne, instant, instant_exact};

/// The page.
#[derive(Template)]
#[template(path = "porteur/accuse.html")]
pub struct Accuse {
    habillage: Habillage,
    cadre: Cadre,
    reference: String,
    lignes: Vec<Ligne>,
    empreinte: String,
    pieces: Vec<Vec<String>>,
    colonnes: Vec<Colonne>,
    /// What became of this deposit, when it is not the one that counts.
    devenu: Option<String>,
    pdf: String,
    verification: String,
    /// What changed since the deposit before.
    differences: Option<String>,
    /// The other deposits.
    autres: Vec<Lien>,
    /// Where it is taken back, and until when.
    retrait: Option<(String, String)>,
}

/// The query.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// Rank of a deposit; none: the last.
    pub depot: Option<i32>,
}

/// The deposit asked for.
async fn charger(
    conn: &mut sqlx::PgConnection,
    acces: &impl Lecture,
    demande: &Demande,
) -> Result<(Depot, Contenu), Echec> {
    let depot = match demande.depot {
        Some(rang) => depots::load(conn, acces, rang).await?,
        None => depots::load_dernier(conn, acces).await?,
    };
    let depot = depot.ok_or_else(Echec::introuvable)?;
    let contenu = depot.lire().map_err(Echec::interne)?;
    Ok((depot, contenu))
}

/// A deposit in one line: « Dépôt numéro 1, arrivé le…, retiré le… par… »; what is not the last was replaced.
pub fn dit(depot: &Resume, dernier: bool) -> String {
    let debut = format!(
        "Dépôt numéro\u{a0}{}, arrivé le {}, signé par {}",
        depot.rang,
        instant_exact(depot.depose_le),
        depot.depose_par
    );
    let retrait = depot
        .retrait
        .as_ref()
        .map(|(quand, par)| format!(", retiré le {} par {par}", instant(*quand)));
    let remplace = if dernier { "" } else { ", remplacé depuis" };
    format!("{debut}{}{remplace}", retrait.unwrap_or_default())
}

/// What became of a deposit, when it is not the one that counts.
fn devenu(depots: &[Resume], rang: i32) -> Option<String> {
    let depot = depots.iter().find(|d| d.rang == rang)?;
    let suivant = depots.iter().find(|d| d.rang == rang + 1);
    let retire = depot
        .retrait
        .as_ref()
        .map(|(quand, par)| format!("Ce dépôt a été retiré le {} par {par}.", instant(*quand)));
    let remplace = suivant.map(|s| {
        format!(
            "Il est remplacé par le dépôt numéro\u{a0}{}, arrivé le {}.",
            s.rang,
            instant_exact(s.depose_le)
        )
    });
    let phrases: Vec<String> = retire.into_iter().chain(remplace).collect();
    (!phrases.is_empty()).then(|| phrases.join(" "))
}

fn lignes(atelier: &Atelier<'_>, depot: &Depot, contenu: &Contenu) -> Vec<Ligne> {
    let porteur = contenu
        .porteur_nom
        .clone()
        .or_else(|| atelier.contexte.porteur_nom.clone());
    vec![
        Ligne::nouvelle("Référence", contenu.reference.clone()),
        Ligne::nouvelle("Dossier", contenu.nom.clone()),
        Ligne::nouvelle("Appel à projets", atelier.edition.titre.clone()),
        Ligne::nouvelle("Porteur", porteur.unwrap_or_else(|| contenu.porteur.to_string())),
        Ligne::nouvelle("Déposé le", instant_exact(depot.depose_le)),
        Ligne::nouvelle("Déposé par", depot.depose_par.clone()),
        Ligne::nouvelle("Dépôt numéro", depot.rang.to_string()),
        Ligne::nouvelle("ESSMS", decompte(depot.evaluation.decompte)),
        Ligne::nouvelle("Financement certain", depot.evaluation.financement.certain.to_string()),
        Ligne::nouvelle("Financement maximum", depot.evaluation.financement.maximum.to_string()),
        Ligne::nouvelle("Règles appliquées", format!("version {}", depot.edition_version)),
        Ligne::nouvelle("Pièces", contenu.pieces.len().to_string()),
    ]
}

/// Shows the accusé de réception.
///
/// # Errors
/// The database's; [`Echec::introuvable`] as long as nothing was deposited.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Arrivee(arrivee): Arrivee,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Accuse>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let (depot, contenu) = charger(&mut tx, &acces, &demande).await?;
    let tous = depots::list(&mut tx, &acces).await?;
    tx.commit().await?;
    let id = acces.dossier();
    let ici = chemins::accuse(id);
    let piece = |p: &PieceFigee| {
        let demandee = atelier.edition.pieces.iter().find(|d| d.code == p.type_piece);
        let libelle = demandee.map_or_else(|| p.type_piece.clone(), |d| d.libelle.clone());
        vec![libelle, p.nom.clone(), taille(p.taille_octets), p.sha256.clone()]
    };
    let signataire = atelier.porte(acces.compte()) && acces.compte().role_og() == Some(RoleOg::Depot);
    let retirable = atelier.dossier.etat == EtatDossier::Depose
        && signataire
        && depot.retire_le.is_none()
        && echeance::retrait_possible(atelier.edition, depot.depose_le, arrivee).is_some();
    let empreinte = hexadecimal(&depot.sha256);
    let page = Accuse {
        habillage: habiller(&etat, &visiteur, "Accusé de réception").retour(chemins::dossier(id), "Étapes du dossier"),
        cadre: Cadre::nouveau(&atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        reference: contenu.reference.clone(),
        lignes: lignes(&atelier, &depot, &contenu),
        pieces: contenu.pieces.iter().map(piece).collect(),
        colonnes: ["Pièce", "Fichier", "Taille", "Empreinte SHA-256"]
            .map(Colonne::texte)
            .to_vec(),
        devenu: devenu(&tous, depot.rang),
        pdf: chemins::du_depot(&chemins::accuse_pdf(id), depot.rang),
        verification: format!(
            "{}{}",
            etat.courrier.adresse_publique,
            chemins::verification(&empreinte)
        ),
        differences: (depot.rang > 1).then(|| chemins::du_depot(&chemins::differences(id), depot.rang)),
        autres: tous
            .iter()
            .enumerate()
            .filter(|(_, d)| d.rang != depot.rang)
            .map(|(ordre, d)| Lien::nouveau(dit(d, ordre == 0), chemins::du_depot(&ici, d.rang)))
            .collect(),
        retrait: retirable.then(|| {
            let fin = echeance::fin_de_fenetre(atelier.edition, depot.depose_le);
            (chemins::retrait_depot(id), fin)
        }),
        empreinte,
    };
    Ok(Page(StatusCode::OK, page))
}

/// The same as PDF, made from the frozen deposit: the same octets each time.
///
/// # Errors
/// As [`afficher`]; a document that cannot be made is the portal's own fault.
pub async fn telecharger(
    State(etat): State<Etat>,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Response, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let (depot, contenu) = charger(&mut tx, &acces, &demande).await?;
    tx.commit().await?;
    let nom = nom_du_fichier(&contenu.reference, depot.rang);
    let octets = rendre(&etat, &depot, contenu).await.map_err(Echec::interne)?;
    let entetes = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{nom}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((entetes, octets).into_response())
}
