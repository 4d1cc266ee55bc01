//! The grappe: composed by search, by pasting numbers or by sending a table ([`super::numeros`]), its verdict and its money always
//! in view.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::collage::{Reponse, Suites, fautes, organismes, repondre};
use super::composition::{Ajout, ESSMS_AU_PLUS, ajouter_numeros, retirer_numeros};
use super::lignes::{LigneEssms, etat_au_registre, ligne, ligne_de_la_grappe};
use super::remede::{Proposition, proposer};
use super::vues::cartes;
use crate::domain::dossier::saisie_finess::lire_colle;
use crate::rules::constat::Resultat;
use crate::store::acces::{DossierLisible, DossierModifiable, Lecture};
use crate::store::recherche::{FiltresEssms, chercher_essms};
use crate::store::reconnaissance::reconnaitre;
use crate::store::registre::{EssmsRegistre, charger_essms};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::constat::VueConstat;
use crate::web::echec::Echec;
use crate::web::etat::Etat as Portail;
use crate::web::formulaire::{ErreurChamp, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::recherche::VueRecherche;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Ton};

/// A search longer than this finds nothing more, and would not fit in an address.
const LETTRES_DE_RECHERCHE: usize = 200;
/// Results on a page: the form to add them stays within two screens.
const RESULTATS: u32 = 20;

/// The page.
#[derive(Template)]
#[template(path = "porteur/grappe.html")]
pub struct Grappe {
    habillage: Habillage,
    cadre: Cadre,
    lignes: Vec<LigneEssms>,
    recherche: Option<Recherche>,
    saisie: Saisie,
    /// Numbers of what was refused that can be added all the same.
    pub(super) reconnus: usize,
    /// What became of each number given last.
    reponses: Vec<Reponse>,
    /// OGs given in place of their ESSMS.
    pub(super) organismes: Vec<Lien>,
    constats: Vec<VueConstat>,
    retires: String,
    /// Whether some of those just taken out are of another OG, whose consent would be asked anew.
    retires_d_autres: bool,
    /// ESSMS whose OG let them into the grappe of another: taken out, they lose it.
    accords_donnes: usize,
    /// How it could be made eligible, when it is not.
    proposition: Option<Proposition>,
    pub(super) actions: Actions,
}

/// Where the forms of the page go.
pub(super) struct Actions {
    pub(super) ici: String,
    ajouter: String,
    coller: String,
    /// Where a table of answers is read.
    import: &'static str,
    retirer: String,
    essms: String,
}

/// What was searched and found.
struct Recherche {
    vue: VueRecherche,
    trouves: Vec<LigneEssms>,
}

impl Recherche {
    /// Whether some of what is shown can still be added.
    fn a_ajouter(&self) -> bool {
        self.trouves.iter().any(|e| !e.present)
    }
}

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    /// Search.
    q: Option<String>,
    /// Page of its results, from 1.
    page: Option<u32>,
    /// Numbers just taken out, so that they can be put back.
    retires: Option<String>,
    enregistrement: Option<Uuid>,
    inchange: Option<String>,
}

/// Shows the grappe.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
    Parametres(collage): Parametres<Suites>,
) -> Result<Page<Grappe>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let recherche = match demande.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        Some(texte) => Some(chercher(&mut tx, &atelier, texte, demande.page.unwrap_or(1)).await?),
        None => None,
    };
    let reste = lire_colle(&collage.reste);
    let fautes = fautes(&reste, &reconnaitre(&mut tx, &reste.numeros).await?);
    let bilan = Suite {
        enregistrement: demande.enregistrement,
        inchange: demande.inchange.clone(),
        ..Suite::default()
    }
    .bilan(&mut tx, &acces)
    .await?;
    let proposition = proposer(&mut tx, &acces, &atelier).await?;
    let retires = lire_colle(demande.retires.as_deref().unwrap_or_default()).numeros;
    let registre = if retires.is_empty() {
        Vec::new()
    } else {
        charger_essms(&mut tx, &retires).await?
    };
    tx.commit().await?;
    let mut saisie = Saisie::vide();
    saisie.fixer("numeros", &collage.reste);
    let mut page = page(&etat, &visiteur, &acces, &atelier, saisie);
    page.cadre.bilan = bilan;
    page.recherche = recherche;
    page.organismes = organismes(&fautes, &page.actions.ici);
    page.reponses = repondre(&atelier, &collage, fautes);
    page.proposition = proposition;
    page.retires_d_autres = registre.iter().any(|e| e.organisme != atelier.dossier.porteur);
    page.retires = retires.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Page(StatusCode::OK, page))
}

/// The page as the dossier is now, with what was typed.
pub(super) fn page(
    etat: &Portail,
    visiteur: &Visiteur,
    acces: &impl Lecture,
    atelier: &Atelier<'_>,
    saisie: Saisie,
) -> Grappe {
    let id = atelier.dossier.id;
    let ici = chemins::grappe(id);
    let presents = atelier.dossier.numeros();
    let constats: Vec<_> = atelier
        .evaluation
        .constats
        .iter()
        .filter(|c| c.code.starts_with("ELI-") && !matches!(c.resultat, Resultat::SansObjet | Resultat::Satisfait))
        .collect();
    Grappe {
        habillage: habiller(etat, visiteur, "Grappe")
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, acces.compte(), &ici, None, visiteur.jeton_csrf()),
        lignes: atelier
            .dossier
            .essms
            .iter()
            .map(|e| ligne_de_la_grappe(atelier, e.finess))
            .collect(),
        recherche: None,
        saisie,
        reconnus: 0,
        reponses: Vec::new(),
        organismes: Vec::new(),
        constats: cartes(atelier, &constats, None),
        retires: String::new(),
        retires_d_autres: false,
        accords_donnes: presents.iter().filter(|n| atelier.contexte.accords.contains(n)).count(),
        proposition: None,
        actions: Actions {
            ajouter: chemins::grappe_ajouter(id),
            coller: chemins::grappe_coller(id),
            import: chemins::MES_ESSMS_IMPORT,
            retirer: chemins::grappe_retirer(id),
            essms: chemins::essms(id),
            ici,
        },
    }
}

async fn chercher(conn: &mut PgConnection, atelier: &Atelier<'_>, texte: &str, page: u32) -> Result<Recherche, Echec> {
    let trouves = chercher_essms(conn, texte, &FiltresEssms::default(), page, RESULTATS).await?;
    let presents = atelier.dossier.numeros();
    let ligne_trouvee = |e: &EssmsRegistre| {
        let present = presents.contains(&e.finess);
        let statut = if present {
            Etiquette::nouvelle("Déjà dans la grappe", Ton::Neutre)
        } else {
            etat_au_registre(e)
        };
        LigneEssms {
            present,
            ..ligne(Some(e), e.finess, statut, Vec::new())
        }
    };
    Ok(Recherche {
        vue: VueRecherche::nouvelle(texte, &trouves, RESULTATS, &chemins::grappe(atelier.dossier.id)),
        trouves: trouves.essms.iter().map(ligne_trouvee).collect(),
    })
}

/// Adds the ESSMS ticked in a search, whose results are shown again, or puts back those just taken out.
///
/// # Errors
/// The database's.
pub async fn ajouter(
    State(etat): State<Portail>,
    visiteur: Visiteur,
    acces: DossierModifiable,
    Formulaire(mut saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let enregistrement = match ajouter_numeros(&etat, &acces, &choisis).await? {
        Ajout::Fait(_, id) => Some(id),
        Ajout::Rien => None,
        Ajout::Trop => {
            refuser_trop(&mut saisie);
            let mut tx = acces.commencer(&etat.pool).await?;
            let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
            tx.commit().await?;
            let page = page(&etat, &visiteur, &acces, &atelier, saisie);
            return Ok(Page(StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let q: String = saisie.valeur("q").chars().take(LETTRES_DE_RECHERCHE).collect();
    let page: u32 = saisie.valeur("page").parse().unwrap_or(1);
    let page = if page > 1 { page.to_string() } else { String::new() };
    let recherche = [("q", q.as_str()), ("page", page.as_str())];
    Ok(Redirect::to(&suite(&acces, enregistrement, &recherche)).into_response())
}

/// Refuses the numbers that would make the grappe too big.
pub(super) fn refuser_trop(saisie: &mut Saisie) {
    let motif = format!("un dossier compte au plus {ESSMS_AU_PLUS} ESSMS");
    saisie.refuser("numeros", "Numéros FINESS", &ErreurChamp::Motif(motif));
}

/// The page of the grappe after a save, if there was something to save.
pub(super) fn suite(acces: &DossierModifiable, enregistrement: Option<Uuid>, parametres: &[(&str, &str)]) -> String {
    let numero = enregistrement.map(|id| id.to_string()).unwrap_or_default();
    let inchange = if enregistrement.is_none() { "1" } else { "" };
    let tous = [
        &[("enregistrement", numero.as_str()), ("inchange", inchange)],
        parametres,
    ]
    .concat();
    chemins::avec_parametres(&chemins::grappe(acces.dossier()), &tous)
}

/// Takes ESSMS out; the page that follows offers to put them back, answers included.
///
/// # Errors
/// The database's.
pub async fn retirer(
    State(etat): State<Portail>,
    acces: DossierModifiable,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let choisis = lire_colle(&saisie.valeurs("finess").join(" ")).numeros;
    let Some((partants, id)) = retirer_numeros(&etat, &acces, &choisis).await? else {
        return Ok(Redirect::to(&chemins::inchange(&chemins::grappe(acces.dossier()))).into_response());
    };
    let retires = partants.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(Redirect::to(&suite(&acces, Some(id), &[("retires", &retires)])).into_response())
}
