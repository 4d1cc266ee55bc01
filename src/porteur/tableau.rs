//! Tableau de bord: the dossiers of my OG, the next deadline, what waits for me.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use super::cadre::echeance_de;
use super::collegues;
use super::vues::instant;
use crate::domain::compte::{Compte, RoleOg};
use crate::domain::dossier::EtatDossier;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::store::acces::EspaceOg;
use crate::store::affectations::{self, Collegue, Confiee};
use crate::store::recues::{self, Attente, Invitation};
use crate::store::{acces, dossiers, evenements, registre};
use crate::web::acces::Connecte;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::page::{Habillage, Lien, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::session::Visiteur;

/// The page.
#[derive(Template)]
#[template(path = "porteur/tableau.html")]
pub struct Tableau {
    habillage: Habillage,
    og: String,
    brouillons: Vec<LigneDossier>,
    deposes: Vec<LigneDossier>,
    abandonnes: Vec<LigneDossier>,
    /// Invitations into grappes of other OGs.
    invitations: Vec<LigneInvitation>,
    /// Grappes of other OGs that mine takes part in.
    partages: Vec<LignePartage>,
    message: &'static str,
    nouveau: Option<&'static str>,
    mes_essms: &'static str,
    /// Changes of the registry that nobody has acknowledged.
    nouveautes: i64,
    /// Steps given to the people chosen: me, unless another is.
    confiees: Vec<LigneEtape>,
    /// Whether any step is given to anybody.
    repartition: bool,
    saisie: Saisie,
    collegues: Vec<Choix>,
}

/// A step given to somebody.
struct LigneEtape {
    href: String,
    libelle: &'static str,
    dossier: String,
    phrases: String,
}

/// The query.
#[derive(Default, serde::Deserialize)]
pub struct Demande {
    /// Number of a colleague, or « tous »; mine otherwise.
    etapes: Option<String>,
    /// What was just done elsewhere.
    fait: Option<String>,
}

/// Everybody's steps.
const TOUS: &str = "tous";

fn ligne_etape(c: &Confiee) -> LigneEtape {
    LigneEtape {
        href: chemins::etape(c.dossier, c.etape),
        libelle: c.etape.libelle(),
        dossier: format!("{} ({})", c.nom, c.reference),
        phrases: collegues::phrases(Some(&c.par.nom), c.commentaires).join(" · "),
    }
}

/// An invitation that waits.
struct LigneInvitation {
    nom: String,
    porteur: String,
    href: String,
    /// Until when, or that it is too late.
    echeance: String,
}

/// A grappe of another OG.
struct LignePartage {
    dossier: LigneDossier,
    porteur: String,
    etat: EtatDossier,
    /// Where what waits for my OG is, and how to call it.
    attente: Option<Lien>,
}

fn dit(fait: Option<&str>) -> &'static str {
    match fait {
        Some("refus") => "L’invitation est refusée. Le porteur en est prévenu.",
        Some("depart") => "Votre organisme a quitté la grappe. Le porteur en est prévenu.",
        _ => "",
    }
}

/// A dossier in the list.
struct LigneDossier {
    reference: String,
    nom: String,
    href: String,
    edition: String,
    essms: i64,
    /// What waits, or what was done.
    suite: String,
    /// Accusé de réception, once there is one.
    accuse: Option<String>,
    /// Where an abandoned draft is taken up again.
    reprise: String,
    modifie_le: String,
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    Connecte(compte): Connecte,
    espace: EspaceOg,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<Tableau>, Echec> {
    let perimetre = compte.perimetre();
    let mut tx = acces::commencer(&etat.pool, &perimetre).await?;
    let resumes = dossiers::list(&mut tx, &compte).await?;
    let og = match perimetre.og {
        Some(og) => registre::charger_organismes(&mut tx, &[og])
            .await?
            .into_iter()
            .next()
            .and_then(|o| o.nom),
        None => None,
    };
    let nouveautes = evenements::count(&mut tx, &espace).await?;
    let invitations = recues::list(&mut tx).await?;
    let porteurs: Vec<Finess> = invitations.iter().map(|i| i.porteur).collect();
    let porteurs = registre::charger_organismes(&mut tx, &porteurs).await?;
    let attentes = recues::list_attentes(&mut tx).await?;
    let confiees = affectations::list_confiees(&mut tx, &espace).await?;
    let collegues = affectations::list_collegues(&mut tx).await?;
    tx.commit().await?;
    let maintenant = etat.horloge.maintenant();
    let ligne = |r: &dossiers::Resume| {
        let edition = etat.edition(&r.edition);
        LigneDossier {
            reference: r.reference.clone(),
            nom: r.nom.clone(),
            href: chemins::dossier(r.id),
            edition: edition.map_or_else(|| r.edition.clone(), |e| e.titre.clone()),
            essms: r.essms,
            accuse: r.depose_le.map(|_| chemins::accuse(r.id)),
            reprise: chemins::reprise(r.id),
            suite: match (r.etat, r.depose_le) {
                (EtatDossier::Depose, Some(quand)) => format!("Déposé le {}", instant(quand)),
                (_, depose) => {
                    let retire = depose.map_or("", |_| "Dépôt retiré, à déposer de nouveau. ");
                    let echeance = edition.map(|e| echeance_de(e, maintenant)).unwrap_or_default();
                    format!("{retire}{echeance}")
                }
            },
            modifie_le: instant(r.modifie_le),
        }
    };
    let a_moi = |r: &&dossiers::Resume| r.porteur_numero == espace.og().as_str();
    let lignes = |etat| {
        resumes
            .iter()
            .filter(a_moi)
            .filter(|r| r.etat == etat)
            .map(ligne)
            .collect()
    };
    let partage = |r: &dossiers::Resume| LignePartage {
        dossier: ligne(r),
        porteur: r.porteur.clone(),
        etat: r.etat,
        attente: attentes.iter().find(|a| a.dossier == r.id).and_then(attente),
    };
    let invitation = |i: &Invitation| LigneInvitation {
        nom: i.nom.clone(),
        porteur: porteurs
            .iter()
            .find(|o| o.finess == i.porteur)
            .and_then(|o| o.nom.clone())
            .unwrap_or_else(|| i.porteur.to_string()),
        href: chemins::grappe_invitation(i.dossier),
        echeance: if i.expire_le > maintenant {
            format!("À répondre avant le {}", instant(i.expire_le))
        } else {
            format!("Expirée depuis le {}", instant(i.expire_le))
        },
    };
    let choix = demande.etapes.unwrap_or_default();
    let de_qui = uuid::Uuid::parse_str(&choix).unwrap_or(compte.id);
    let choisies = confiees.iter().filter(|c| choix == TOUS || c.par.id == de_qui);
    let page = Tableau {
        confiees: choisies.map(ligne_etape).collect(),
        repartition: !confiees.is_empty(),
        collegues: a_qui(&compte, collegues),
        saisie: Saisie::depuis_paires([("etapes", choix)]),
        habillage: habiller(&etat, &visiteur, "Tableau de bord"),
        og: og.unwrap_or_else(|| perimetre.og.map(|og| og.to_string()).unwrap_or_default()),
        brouillons: lignes(EtatDossier::Brouillon),
        deposes: lignes(EtatDossier::Depose),
        abandonnes: lignes(EtatDossier::Abandonne),
        invitations: invitations.iter().map(invitation).collect(),
        partages: resumes.iter().filter(|r| !a_moi(r)).map(partage).collect(),
        message: dit(demande.fait.as_deref()),
        nouveau: compte
            .role_og()
            .is_some_and(|r| r >= RoleOg::Edition)
            .then_some(chemins::NOUVEAU),
        mes_essms: chemins::MES_ESSMS,
        nouveautes,
    };
    Ok(Page(StatusCode::OK, page))
}

/// Whose steps to show: everybody's, or one colleague's.
fn a_qui(moi: &Compte, collegues: Vec<Collegue>) -> Vec<Choix> {
    let autres = collegues.into_iter().filter(|c| c.id != moi.id);
    let choix = autres.map(|c| Choix::nouveau(c.id.to_string(), format!("À {}", c.nom)));
    std::iter::once(Choix::nouveau(TOUS, "À tout le monde"))
        .chain(choix)
        .collect()
}

/// What waits for my OG in the grappe of another.
fn attente(a: &Attente) -> Option<Lien> {
    let libelle = match (a.portage, a.accords) {
        (true, _) => "Le porteur vous propose de porter cette grappe".to_owned(),
        (false, 0) => return None,
        (false, 1) => "1\u{a0}ESSMS attend votre accord".to_owned(),
        (false, n) => format!("{n}\u{a0}ESSMS attendent votre accord"),
    };
    Some(Lien::nouveau(libelle, chemins::accords(a.dossier)))
}

impl Tableau {
    /// Wording of the draft state.
    #[expect(clippy::unused_self, reason = "templates call it on the page they draw")]
    fn brouillon(&self) -> &'static str {
        EtatDossier::Brouillon.libelle()
    }
}
