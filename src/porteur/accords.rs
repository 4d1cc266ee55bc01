//! The OGs of a grappe: who is invited, who takes part, and the consent of each for each of its ESSMS. The porteur follows;
//! a membre reads the same page and answers for its own.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accord::{DEPART, MOTIF};
use super::atelier::{Atelier, Suite};
use super::cadre::Cadre;
use super::tableau_accords::{LigneAccord, Matiere, VueOrganisme, organismes, partis};
use crate::domain::compte::RoleOg;
use crate::domain::dossier::EtatDossier;
use crate::domain::finess::Finess;
use crate::domain::participation::{ACCORD, VALIDITE_JOURS};
use crate::store::acces::{DossierLisible, Lecture};
use crate::store::organisme::charger_organismes;
use crate::store::recherche::chercher_organismes;
use crate::store::registre::charger_essms;
use crate::store::{consentements, participations};
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// OGs shown for a search.
const TROUVES_AU_PLUS: i64 = 20;

/// The page.
#[derive(Template)]
#[template(path = "porteur/accords.html")]
pub struct Accords {
    habillage: Habillage,
    cadre: Cadre,
    saisie: Saisie,
    message: &'static str,
    organismes: Vec<VueOrganisme>,
    /// ESSMS that went out because their OG refused.
    partis: Vec<LigneAccord>,
    donnes: usize,
    demandes: usize,
    /// For the porteur.
    recherche: String,
    trouves: Vec<Lien>,
    choisi: Option<Choisi>,
    /// For a membre: its own ESSMS.
    siens: Vec<LigneAccord>,
    texte: &'static str,
    signataire: bool,
    portage: Portage,
    actions: Actions,
}

/// An OG about to be invited.
struct Choisi {
    finess: String,
    nom: String,
    /// Its ESSMS that the grappe holds.
    essms: Vec<String>,
    a_des_comptes: bool,
}

/// Who may carry the project next.
#[derive(Default)]
struct Portage {
    /// The membres, for the porteur to choose.
    membres: Vec<Choix>,
    /// The one proposed.
    propose: Option<(String, String)>,
    /// Whether the visitor's OG is.
    a_moi: bool,
}

/// Where the forms of the page go.
struct Actions {
    ici: String,
    inviter: String,
    repondre: String,
    portage: String,
    portage_repondre: String,
    chercher_essms: String,
    et_si: String,
}

/// The query of the page.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    q: Option<String>,
    og: Option<String>,
    fait: Option<String>,
    enregistrement: Option<Uuid>,
}

fn dit(fait: Option<&str>) -> &'static str {
    match fait {
        Some("trop-tot") => "Cet organisme a été relancé il y a moins d’un jour\u{a0}: attendez avant de le relancer.",
        _ => "",
    }
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    acces: DossierLisible,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Accords>, Echec> {
    let mut tx = acces.commencer(&etat.pool).await?;
    let atelier = Atelier::ouvrir(&mut tx, &etat, &acces).await?;
    let suite = Suite {
        enregistrement: demande.enregistrement,
        ..Suite::default()
    };
    let bilan = suite.bilan(&mut tx, &acces).await?;
    let mut saisie = Saisie::vide();
    if let Some(og) = demande.og {
        saisie.fixer("og", og);
    }
    let mut page = page(&mut tx, &etat, &visiteur, &acces, &atelier, saisie).await?;
    if page.cadre.modifiable && page.choisi.is_none() {
        let texte: String = demande.q.unwrap_or_default();
        let texte: String = texte.trim().chars().filter(|c| !c.is_control()).take(200).collect();
        if !texte.is_empty() {
            page.trouves = chercher(&mut tx, &page.actions.ici, &texte).await?;
        }
        page.recherche = texte;
    }
    tx.commit().await?;
    page.cadre.bilan = bilan;
    page.message = dit(demande.fait.as_deref());
    Ok(Page(StatusCode::OK, page))
}

/// The page as it stands, with what was typed.
///
/// # Errors
/// The database's.
pub async fn page(
    conn: &mut PgConnection,
    etat: &Etat,
    visiteur: &Visiteur,
    acces: &impl Lecture,
    atelier: &Atelier<'_>,
    saisie: Saisie,
) -> Result<Accords, Echec> {
    let id = atelier.dossier.id;
    let compte = acces.compte();
    let matiere = Matiere::charger(conn, acces, atelier).await?;
    let organismes = organismes(atelier, &matiere, compte);
    let lignes = || organismes.iter().flat_map(|o| &o.essms);
    let (donnes, demandes) = (lignes().filter(|l| l.donne).count(), lignes().count());
    let og = compte.og().filter(|_| !atelier.porte(compte));
    let siens = og.map(|og| matiere.lignes_de(atelier, og)).unwrap_or_default();
    let choisi = match Finess::parse(saisie.valeur("og")) {
        Ok(og) if atelier.modifiable(compte) => choisir(conn, atelier, og).await?,
        _ => None,
    };
    let portage = portage(atelier, &matiere, og);
    let ici = chemins::accords(id);
    let brouillon = atelier.dossier.etat == EtatDossier::Brouillon;
    Ok(Accords {
        habillage: habiller(etat, visiteur, "Organismes et accords")
            .retour(chemins::dossier(id), "Étapes du dossier")
            .erreurs(&saisie),
        cadre: Cadre::nouveau(atelier, compte, &ici, None, visiteur.jeton_csrf()),
        saisie,
        message: "",
        partis: partis(atelier, &matiere, compte),
        organismes,
        donnes,
        demandes,
        recherche: String::new(),
        trouves: Vec::new(),
        choisi,
        siens,
        texte: ACCORD,
        signataire: brouillon && compte.role_og() == Some(RoleOg::Depot),
        portage,
        actions: Actions {
            inviter: chemins::accords_inviter(id),
            repondre: chemins::accords_repondre(id),
            portage: chemins::portage(id),
            portage_repondre: chemins::portage_repondre(id),
            chercher_essms: format!("{}#titre-chercher", chemins::grappe(id)),
            et_si: chemins::et_si(id),
            ici,
        },
    })
}

fn portage(atelier: &Atelier<'_>, matiere: &Matiere, og: Option<Finess>) -> Portage {
    let propose = matiere.participations.iter().find(|p| p.portage_le.is_some());
    Portage {
        membres: matiere
            .membres()
            .map(|p| Choix::nouveau(p.og.to_string(), matiere.nom(atelier, p.og)))
            .collect(),
        propose: propose.map(|p| (p.og.to_string(), matiere.nom(atelier, p.og))),
        a_moi: atelier.dossier.etat == EtatDossier::Brouillon && propose.is_some_and(|p| Some(p.og) == og),
    }
}

/// The OG that the porteur is about to invite, when the registry knows it.
async fn choisir(conn: &mut PgConnection, atelier: &Atelier<'_>, og: Finess) -> Result<Option<Choisi>, Echec> {
    let Some(organisme) = charger_organismes(conn, &[og]).await?.into_iter().next() else {
        return Ok(None);
    };
    let comptes = participations::list_comptes(conn, og, RoleOg::Edition).await?;
    let essms = atelier.essms_de(og);
    Ok(Some(Choisi {
        finess: og.to_string(),
        nom: organisme.nom.unwrap_or_else(|| format!("Organisme {og}")),
        essms: essms.into_iter().map(|n| atelier.nom_essms(n)).collect(),
        a_des_comptes: !comptes.is_empty(),
    }))
}

/// OGs that answer a search; the number of an establishment leads to its OG.
async fn chercher(conn: &mut PgConnection, ici: &str, texte: &str) -> Result<Vec<Lien>, Echec> {
    let numero = Finess::parse(texte).ok();
    let essms = match numero {
        Some(numero) => charger_essms(conn, &[numero]).await?.into_iter().next(),
        None => None,
    };
    let trouves = match essms {
        Some(essms) => charger_organismes(conn, &[essms.organisme]).await?,
        None => chercher_organismes(conn, texte, TROUVES_AU_PLUS).await?,
    };
    let lien = |o: crate::store::organisme::OrganismeRegistre| {
        let nom = o.nom.unwrap_or_else(|| "Organisme".to_owned());
        let adresse = chemins::avec_parametres(ici, &[("og", o.finess.as_str())]);
        let lieu = o.commune.map(|c| format!(", {c}")).unwrap_or_default();
        Lien::nouveau(format!("{nom} ({}){lieu}", o.finess), format!("{adresse}#inviter"))
    };
    Ok(trouves.into_iter().map(lien).collect())
}

impl Accords {
    /// Whether what one gives to refuse or leave was refused: it is shown open.
    fn depart_refuse(&self) -> bool {
        [DEPART, MOTIF].iter().any(|champ| self.saisie.erreur(champ).is_some())
    }

    /// Days during which an invitation can be answered.
    #[expect(clippy::unused_self, reason = "templates call it on the page they draw")]
    fn validite(&self) -> i64 {
        VALIDITE_JOURS
    }
}

impl Matiere {
    /// What the board is made of.
    ///
    /// # Errors
    /// The database's.
    async fn charger(conn: &mut PgConnection, acces: &impl Lecture, atelier: &Atelier<'_>) -> Result<Self, Echec> {
        let participations = participations::list(conn, acces).await?;
        let consentements = consentements::list(conn, acces).await?;
        let depuis = consentements::list_depuis(conn, acces).await?;
        let mut matiere = Self::nouvelle(atelier, participations, consentements, depuis);
        let numeros = matiere.numeros();
        matiere.noms = charger_organismes(conn, &numeros)
            .await?
            .into_iter()
            .filter_map(|o| Some((o.finess, o.nom?)))
            .collect();
        let partis: Vec<Finess> = matiere.refuses().map(|c| c.finess).collect();
        matiere.partis = charger_essms(conn, &partis).await?;
        Ok(matiere)
    }
}
