//! What every page on a dossier works with: the dossier, its edition, what the registry knows, the
//! verdict; and the one way a save is judged and journaled.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::aux_membres;
use crate::domain::compte::{Compte, RoleOg};
use crate::domain::dossier::{Dossier, Etape, EtatDossier};
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::rules::constat::{Constat, Gravite, Resultat};
use crate::rules::edition::Edition;
use crate::rules::evaluation::Evaluation;
use crate::rules::faits::Manque;
use crate::store::acces::Lecture;
use crate::store::evaluation::Contexte;
use crate::store::journal::{self, ChampChange, Entree};
use crate::store::{depots, dossiers};
use crate::web::echec::Echec;
use crate::web::etat::Etat;
use crate::web::vue::EtatEtape;

/// A dossier opened on the workbench.
pub struct Atelier<'a> {
    /// The dossier.
    pub dossier: Dossier,
    /// Its edition.
    pub edition: &'a Edition,
    /// What the registry and the referentials know.
    pub contexte: Contexte,
    /// The verdict, now.
    pub evaluation: Evaluation,
    /// What is missing before a deposit.
    pub manques: Vec<Manque>,
    /// When it was opened.
    pub instant: DateTime<Utc>,
    /// Codes of the editions that lasted then.
    pub en_cours: Vec<String>,
}

impl<'a> Atelier<'a> {
    /// Reads the dossier and judges it.
    ///
    /// # Errors
    /// The database's; an edition that the portal no longer holds is its own fault.
    pub async fn ouvrir(conn: &mut PgConnection, etat: &'a Etat, acces: &impl Lecture) -> Result<Self, Echec> {
        let dossier = dossiers::load(conn, acces).await?;
        let mut atelier = Self::avec(conn, etat, dossier).await?;
        if atelier.dossier.etat == EtatDossier::Depose
            && let Some(depot) = depots::load_dernier(conn, acces).await?
        {
            // What was deposited is evidence: its verdict does not move with the registry or the day.
            atelier.evaluation = depot.evaluation;
            atelier.manques.clear();
        }
        Ok(atelier)
    }

    /// Judges a dossier already read.
    ///
    /// # Errors
    /// As [`Atelier::ouvrir`].
    pub async fn avec(conn: &mut PgConnection, etat: &'a Etat, dossier: Dossier) -> Result<Self, Echec> {
        let edition = edition_du_dossier(etat, &dossier)?;
        let en_cours = etat.editions_en_cours();
        let contexte = Contexte::du_dossier(conn, &dossier, &en_cours).await?;
        let instant = etat.horloge.maintenant();
        let (evaluation, manques) = contexte.evaluer(edition, &dossier, instant);
        Ok(Self {
            dossier,
            edition,
            contexte,
            evaluation,
            manques,
            instant,
            en_cours,
        })
    }

    /// Whether this account may write this dossier now.
    pub fn modifiable(&self, compte: &Compte) -> bool {
        self.porte(compte) && self.ecrit(compte)
    }

    /// Whether the account's OG is the porteur; a membre reads, and answers for its own ESSMS.
    pub fn porte(&self, compte: &Compte) -> bool {
        compte.og() == Some(self.dossier.porteur)
    }

    /// Whether this account may answer now for this ESSMS of the grappe.
    pub fn repond_pour(&self, compte: &Compte, finess: Finess) -> bool {
        let og = self.contexte.registre.get(&finess).map(|c| c.organisme);
        self.ecrit(compte) && (self.porte(compte) || (og.is_some() && og == compte.og()))
    }

    /// Whether this ESSMS is another OG's, as the registry says: the porteur completes its answers one by one.
    pub fn est_d_un_autre(&self, compte: &Compte, finess: Finess) -> bool {
        let og = self.contexte.registre.get(&finess).map(|c| c.organisme);
        og.is_some() && og != compte.og()
    }

    fn ecrit(&self, compte: &Compte) -> bool {
        self.dossier.etat == EtatDossier::Brouillon && compte.role_og().is_some_and(|r| r >= RoleOg::Edition)
    }

    /// Name of the porteur, or its number when the registry has none.
    pub fn porteur(&self) -> String {
        let nom = self.contexte.porteur_nom.clone();
        nom.unwrap_or_else(|| self.dossier.porteur.to_string())
    }

    /// Name of an ESSMS, with its number.
    pub fn nom_essms(&self, finess: Finess) -> String {
        let connu = self.contexte.registre.get(&finess);
        connu.map_or_else(|| finess.to_string(), |c| format!("{} ({finess})", c.nom))
    }

    /// The ESSMS of the grappe that this OG manages.
    pub fn essms_de(&self, og: Finess) -> Vec<Finess> {
        let siens = |n: &Finess| self.contexte.registre.get(n).is_some_and(|c| c.organisme == og);
        self.dossier.numeros().into_iter().filter(siens).collect()
    }

    /// The constats a step bears, worst first, satisfied ones last; those without object are left out.
    pub fn constats(&self, etape: Etape) -> Vec<&Constat> {
        let mut constats: Vec<&Constat> = self
            .evaluation
            .constats
            .iter()
            .filter(|c| c.resultat != Resultat::SansObjet && etape_de(&c.code) == etape)
            .collect();
        constats.sort_by_key(|c| ordre(c.resultat));
        constats
    }

    /// What is missing in a step.
    pub fn manques_de(&self, etape: Etape) -> impl Iterator<Item = &Manque> {
        self.manques.iter().filter(move |m| m.etape == etape.code())
    }

    /// Where a step stands in the task list.
    pub fn etat_de(&self, etape: Etape) -> EtatEtape {
        let commence = match etape {
            Etape::Essms => !self.dossier.essms.is_empty(),
            Etape::Pieces => !self.dossier.pieces.is_empty(),
            Etape::Recapitulatif => self.dossier.etat == EtatDossier::Depose,
            Etape::Projet
            | Etape::Solution
            | Etape::Motivations
            | Etape::Equipe
            | Etape::Planning
            | Etape::Financement
            | Etape::Conformite => !self.dossier.reponses(etape).est_vide(),
        };
        if etape == Etape::Recapitulatif {
            return if commence {
                EtatEtape::Complet
            } else {
                EtatEtape::AFaire
            };
        }
        let bloque = self
            .constats(etape)
            .iter()
            .any(|c| c.gravite == Gravite::Bloquant && c.resultat == Resultat::NonSatisfait);
        let manque = self.manques_de(etape).next().is_some();
        match (commence, bloque, manque) {
            (false, _, true) => EtatEtape::AFaire,
            (true, true, _) => EtatEtape::ACorriger,
            (true, false, true) => EtatEtape::EnCours,
            (_, _, false) => EtatEtape::Complet,
        }
    }
}

/// The edition under which a dossier is judged.
///
/// # Errors
/// An edition that the portal no longer holds is its own fault.
pub fn edition_du_dossier<'a>(etat: &'a Etat, dossier: &Dossier) -> Result<&'a Edition, Echec> {
    etat.edition(&dossier.edition)
        .ok_or_else(|| Echec::interne(format!("unknown edition: {}", dossier.edition)))
}

fn ordre(resultat: Resultat) -> u8 {
    match resultat {
        Resultat::NonSatisfait => 0,
        Resultat::Inconnu => 1,
        Resultat::AppreciationArs => 2,
        Resultat::Satisfait => 3,
        Resultat::SansObjet => 4,
    }
}

/// The step beside which a constat is shown: where what it looks at is filled.
pub fn etape_de(code: &str) -> Etape {
    match code {
        "ELI-G06" | "PRI-03" | "E21-01" | "E21-03" => Etape::Projet,
        "ELI-G02" | "REC-02" | "REC-02E" | "REC-03" | "REC-06" | "PRI-09" | "P21-04" | "P21-05" => Etape::Solution,
        "PRI-01" | "PRI-05" => Etape::Motivations,
        "PRI-07" => Etape::Equipe,
        "E21-08" | "E21-09" => Etape::Planning,
        "REC-04" | "PRI-04" => Etape::Financement,
        "REC-07" | "E21-02" | "E21-10" | "E21-11" => Etape::Conformite,
        "REC-01" | "REC-05" | "REC-08" => Etape::Recapitulatif,
        _ => Etape::Essms,
    }
}

/// The verdicts before and after a save, under the same registry and at the same instant.
pub struct Verdicts {
    /// Before.
    pub avant: Evaluation,
    /// After.
    pub apres: Evaluation,
}

/// What a save did, to be journaled.
pub struct Changement<'a> {
    /// What was done, in words people read.
    pub action: &'a str,
    /// The step, when it was one.
    pub etape: Option<Etape>,
    /// The fields that changed.
    pub champs: Vec<ChampChange>,
}

/// Writes the journal of a save, with what it changed in the verdict, in the save's own transaction, and tells the membres
/// whose ESSMS it moved.
/// Returns the entry's number, for the next page to say what changed.
///
/// # Errors
/// The database's.
pub async fn journaliser(
    conn: &mut PgConnection,
    etat: &Etat,
    acces: &impl Lecture,
    verdicts: Verdicts,
    changement: Changement<'_>,
) -> Result<Uuid, Echec> {
    let effets = effets(&verdicts.avant, &verdicts.apres);
    let id = etat.horloge.nouvel_id();
    let entree = Entree {
        id,
        compte: acces.compte().id,
        action: changement.action,
        etape: changement.etape.map(Liste::code),
        champs: &changement.champs,
        effets: &effets,
    };
    journal::create(conn, acces.dossier(), &entree, etat.horloge.maintenant()).await?;
    aux_membres::dire(conn, etat, acces, &changement.champs).await?;
    Ok(id)
}

/// Writes in the journal what changes no answer and no verdict. Returns the entry's number.
///
/// # Errors
/// The database's.
pub async fn noter(conn: &mut PgConnection, etat: &Etat, acces: &impl Lecture, action: &str) -> Result<Uuid, Echec> {
    let id = etat.horloge.nouvel_id();
    let entree = Entree {
        id,
        compte: acces.compte().id,
        action,
        etape: None,
        champs: &[],
        effets: &[],
    };
    journal::create(conn, acces.dossier(), &entree, etat.horloge.maintenant()).await?;
    Ok(id)
}

/// Sentences on the verdicts and the money that changed.
fn effets(avant: &Evaluation, apres: &Evaluation) -> Vec<String> {
    crate::rules::changements(avant, apres)
        .into_iter()
        .map(|c| c.message)
        .collect()
}

/// What the page after a save says: the action and what it changed.
pub struct Bilan {
    /// Title of the banner.
    pub titre: &'static str,
    /// What was done.
    pub action: String,
    /// Sentences on the verdicts and the money that changed.
    pub effets: Vec<String>,
}

/// The query of a page that follows a save.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Suite {
    /// Number of the journal entry.
    pub enregistrement: Option<Uuid>,
    /// Number of the first entry of the page, when it was saved while one typed.
    pub depuis: Option<Uuid>,
    /// Present when there was nothing to save.
    pub inchange: Option<String>,
}

impl Suite {
    /// What the save that led here changed; nothing when the page was opened otherwise.
    ///
    /// # Errors
    /// The database's.
    pub async fn bilan(&self, conn: &mut PgConnection, acces: &impl Lecture) -> Result<Option<Bilan>, Echec> {
        let Some(id) = self.enregistrement else {
            return Ok(self.inchange.as_ref().map(|_| Bilan {
                titre: "Rien n’a changé",
                action: "Il n’y avait rien de nouveau à enregistrer".to_owned(),
                effets: Vec::new(),
            }));
        };
        let effets = journal::load_effets(conn, acces, id, self.depuis).await?;
        Ok(effets.map(|(action, effets)| Bilan {
            titre: "Enregistré",
            action,
            effets,
        }))
    }
}
