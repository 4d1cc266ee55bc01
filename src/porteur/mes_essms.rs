//! Mes ESSMS: the ESSMS of the OG as the registry knows them, and how far each is answered for.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::domain::dossier::faits::manquants;
use crate::domain::nomenclature::Etat as EtatEssms;
use crate::domain::texte::cle_de_comparaison;
use crate::store::acces::EspaceOg;
use crate::store::evenements::{self, Evenement};
use crate::store::mes_essms::{self, MonEssms};
use crate::web::acces::Formulaire;
use crate::web::chemins;
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::formulaire::{Choix, Saisie};
use crate::web::page::{Habillage, Page};
use crate::web::pages::habiller;
use crate::web::parametres::Parametres;
use crate::web::repertoire;
use crate::web::session::Visiteur;
use crate::web::vue::{Etiquette, Pagination, Ton};

/// Rows on a page: an OG of sixty ESSMS sees them all at once.
const PAR_PAGE: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "porteur/mes_essms.html")]
pub struct MesEssms {
    habillage: Habillage,
    adresses: Adresses,
    modifiable: bool,
    saisie: Saisie,
    filtres: Vec<Choix>,
    /// « 12 ESSMS sur 60 ».
    compte: String,
    lignes: Vec<Ligne>,
    pagination: Pagination,
    /// Closed, or gone to another OG.
    autres: Vec<Ligne>,
    nouveautes: Vec<Nouveaute>,
    /// What the action that led here did.
    fait: Option<String>,
}

/// Where the links and forms of the page go.
struct Adresses {
    ici: &'static str,
    plusieurs: &'static str,
    changements: &'static str,
    xlsx: &'static str,
    csv: &'static str,
    import: &'static str,
}

/// An ESSMS in the list.
struct Ligne {
    finess: String,
    nom: String,
    href: String,
    lieu: String,
    categorie: String,
    statut: Etiquette,
}

/// What the registry changed, in words.
struct Nouveaute {
    id: Uuid,
    essms: String,
    phrase: String,
}

/// Which ESSMS are shown.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Filtre {
    /// `a_completer`, `complets`; anything else for all.
    #[serde(default)]
    pub etat: String,
    /// Words of the name, the commune or the number.
    #[serde(default)]
    pub q: String,
}

impl Filtre {
    /// Whether this ESSMS is shown.
    pub fn retient(&self, essms: &MonEssms) -> bool {
        let complet = manquants(&essms.reponses) == 0;
        let etat = match self.etat.as_str() {
            "a_completer" => !complet,
            "complets" => complet,
            _ => true,
        };
        let textes = [&essms.nom, &essms.commune, &essms.categorie].map(|t| cle_de_comparaison(t));
        let trouve = |mot: &str| {
            let cle = cle_de_comparaison(mot);
            textes.iter().any(|t| t.contains(&cle)) || essms.finess.as_str().starts_with(mot)
        };
        etat && self.q.split_whitespace().all(trouve)
    }
}

/// The query of the page, beside the filter.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Demande {
    page: Option<usize>,
    /// How many ESSMS the action that led here changed.
    fait: Option<usize>,
}

fn ligne(essms: &MonEssms) -> Ligne {
    let statut = match (&essms.parti_chez, essms.etat, essms.ferme_le) {
        (Some(og), ..) => Etiquette::nouvelle(format!("Passé à {og}"), Ton::Alerte),
        (None, EtatEssms::Ferme, Some(jour)) => {
            Etiquette::nouvelle(format!("Fermé le {}", jour.format("%d/%m/%Y")), Ton::Bloquant)
        }
        (None, EtatEssms::Ferme, None) => Etiquette::nouvelle("Fermé", Ton::Bloquant),
        (None, EtatEssms::Ouvert | EtatEssms::Inconnu, _) => match manquants(&essms.reponses) {
            0 => Etiquette::nouvelle("Complet", Ton::Succes),
            1 => Etiquette::nouvelle("1\u{a0}réponse à donner", Ton::EnCours),
            n => Etiquette::nouvelle(format!("{n}\u{a0}réponses à donner"), Ton::EnCours),
        },
    };
    let dit = essms.nom.to_lowercase().contains("fictif");
    Ligne {
        finess: essms.finess.to_string(),
        nom: if essms.fictif && !dit {
            format!("{} (fictif)", essms.nom)
        } else {
            essms.nom.clone()
        },
        href: chemins::mon_essms(essms.finess),
        lieu: essms.commune.clone(),
        categorie: essms.categorie.clone(),
        statut,
    }
}

impl From<Evenement> for Nouveaute {
    fn from(e: Evenement) -> Self {
        Self {
            id: e.id,
            essms: repertoire::essms(&e),
            phrase: repertoire::phrase(&e),
        }
    }
}

/// Shows the page.
///
/// # Errors
/// The database's.
pub async fn afficher(
    State(etat): State<Etat>,
    visiteur: Visiteur,
    espace: EspaceOg,
    Parametres(filtre): Parametres<Filtre>,
    Parametres(demande): Parametres<Demande>,
) -> Result<Page<MesEssms>, Echec> {
    let mut tx = espace.commencer(&etat.pool).await?;
    let tous = mes_essms::list(&mut tx, &espace, None).await?;
    let evenements = evenements::list(&mut tx, &espace).await?;
    tx.commit().await?;
    let (actifs, autres): (Vec<&MonEssms>, Vec<&MonEssms>) = tous.iter().partition(|e| e.actif());
    let retenus: Vec<&MonEssms> = actifs.iter().copied().filter(|e| filtre.retient(e)).collect();
    let pages = retenus.len().div_ceil(PAR_PAGE).max(1);
    let page = demande.page.unwrap_or(1).clamp(1, pages);
    let mut saisie = Saisie::vide();
    saisie.fixer("etat", &filtre.etat);
    saisie.fixer("q", &filtre.q);
    let adresse = |n: u32| {
        let parametres = [
            ("etat", filtre.etat.as_str()),
            ("q", filtre.q.as_str()),
            ("page", &n.to_string()),
        ];
        chemins::avec_parametres(chemins::MES_ESSMS, &parametres)
    };
    let en_u32 = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let vue = MesEssms {
        habillage: habiller(&etat, &visiteur, "Mes ESSMS"),
        adresses: Adresses {
            ici: chemins::MES_ESSMS,
            plusieurs: chemins::MES_ESSMS_PLUSIEURS,
            changements: chemins::MES_ESSMS_CHANGEMENTS,
            xlsx: chemins::MES_ESSMS_XLSX,
            csv: chemins::MES_ESSMS_CSV,
            import: chemins::MES_ESSMS_IMPORT,
        },
        modifiable: espace.modifiable(),
        saisie,
        filtres: vec![
            Choix::nouveau("a_completer", "À compléter"),
            Choix::nouveau("complets", "Complets"),
        ],
        compte: if retenus.len() == actifs.len() {
            format!("{}\u{a0}ESSMS", actifs.len())
        } else {
            format!("{}\u{a0}ESSMS sur {}", retenus.len(), actifs.len())
        },
        lignes: retenus
            .iter()
            .skip((page - 1) * PAR_PAGE)
            .take(PAR_PAGE)
            .map(|e| ligne(e))
            .collect(),
        pagination: Pagination::nouvelle(en_u32(page), en_u32(pages), adresse),
        autres: autres.iter().map(|e| ligne(e)).collect(),
        nouveautes: evenements.into_iter().map(Nouveaute::from).collect(),
        fait: demande.fait.map(|n| match n {
            0 => "Rien n’a changé\u{a0}: il n’y avait rien de nouveau à enregistrer.".to_owned(),
            1 => "Réponses d’un ESSMS enregistrées.".to_owned(),
            n => format!("Réponses de {n}\u{a0}ESSMS enregistrées."),
        }),
    };
    Ok(Page(StatusCode::OK, vue))
}

/// Notes that the OG knows what the registry changed.
///
/// # Errors
/// The database's.
pub async fn prendre_connaissance(
    State(etat): State<Etat>,
    espace: EspaceOg,
    Formulaire(saisie): Formulaire,
) -> Result<Response, Echec> {
    let ids: Vec<Uuid> = saisie
        .valeurs("vu")
        .iter()
        .filter_map(|id| Uuid::parse_str(id).ok())
        .collect();
    let mut tx = espace.commencer(&etat.pool).await?;
    evenements::save_vus(&mut tx, &espace, &ids, etat.horloge.maintenant()).await?;
    tx.commit().await?;
    Ok(Redirect::to(chemins::MES_ESSMS).into_response())
}
