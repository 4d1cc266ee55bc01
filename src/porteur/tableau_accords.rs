//! The board of consents: each OG, each of its ESSMS, where it stands and since when.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::atelier::Atelier;
use crate::domain::compte::Compte;
use crate::domain::finess::Finess;
use crate::domain::nomenclature::Liste;
use crate::domain::participation::{EtatAccord, EtatParticipation};
use crate::store::consentements::Consentement;
use crate::store::participations::Participation;
use crate::store::registre::EssmsRegistre;
use crate::web::chemins;
use crate::web::vue::{Etiquette, Ton, instant};

/// Between two reminders.
const PAUSE: TimeDelta = TimeDelta::days(1);

/// What the board is made of.
pub struct Matiere {
    /// The OGs invited.
    pub participations: Vec<Participation>,
    /// Names of the OGs.
    pub noms: HashMap<Finess, String>,
    /// ESSMS that went out because their OG refused.
    pub partis: Vec<EssmsRegistre>,
    consentements: Vec<Consentement>,
    depuis: HashMap<Finess, DateTime<Utc>>,
    /// OGs that manage ESSMS of the grappe, the porteur left out, in order.
    ogs: Vec<Finess>,
}

/// An OG of the board.
pub struct VueOrganisme {
    /// FINESS EJ.
    pub finess: String,
    /// Name.
    pub nom: String,
    /// Where its participation stands.
    pub etat: Etiquette,
    /// Since when, in words.
    pub details: String,
    /// Anchor of the table of its ESSMS.
    pub id: String,
    /// Caption of that table.
    pub legende: String,
    /// Whether it is the visitor's, whose ESSMS are shown apart.
    pub moi: bool,
    /// Whether an answer of it is waited for.
    pub attend: bool,
    /// Its ESSMS in the grappe.
    pub essms: Vec<LigneAccord>,
    /// Where it is chosen to be invited; none when it is already.
    pub inviter: Option<String>,
    /// Where it is followed; none when there is nothing to follow.
    pub suivre: Option<String>,
    /// Whether something can be asked again now.
    pub relancer: bool,
    /// Wording of what ends it.
    pub retirer: &'static str,
}

/// An ESSMS of the board.
pub struct LigneAccord {
    /// FINESS ET.
    pub finess: String,
    /// Name.
    pub nom: String,
    /// Where the consent stands.
    pub etat: Etiquette,
    /// Since when, by whom.
    pub depuis: String,
    /// Why.
    pub motif: String,
    /// Whether its OG agreed.
    pub donne: bool,
}

impl Matiere {
    /// From what the database holds; names come after.
    pub fn nouvelle(
        atelier: &Atelier<'_>,
        participations: Vec<Participation>,
        consentements: Vec<Consentement>,
        depuis: HashMap<Finess, DateTime<Utc>>,
    ) -> Self {
        let mut ogs: Vec<Finess> = Vec::new();
        let gestionnaires = atelier.dossier.numeros().into_iter();
        let gestionnaires = gestionnaires.filter_map(|n| Some(atelier.contexte.registre.get(&n)?.organisme));
        for og in gestionnaires.chain(participations.iter().map(|p| p.og)) {
            if og != atelier.dossier.porteur && !ogs.contains(&og) {
                ogs.push(og);
            }
        }
        Self {
            participations,
            noms: HashMap::new(),
            partis: Vec::new(),
            consentements,
            depuis,
            ogs,
        }
    }

    /// The OGs to name.
    pub fn numeros(&self) -> Vec<Finess> {
        self.ogs.clone()
    }

    /// Name of an OG.
    pub fn nom(&self, atelier: &Atelier<'_>, og: Finess) -> String {
        if og == atelier.dossier.porteur {
            return atelier.porteur();
        }
        self.noms.get(&og).cloned().unwrap_or_else(|| format!("Organisme {og}"))
    }

    /// The OGs that take part.
    pub fn membres(&self) -> impl Iterator<Item = &Participation> {
        let acceptee = |p: &&Participation| p.etat == EtatParticipation::Acceptee;
        self.participations.iter().filter(acceptee)
    }

    /// The refusals: of ESSMS that left the grappe.
    pub fn refuses(&self) -> impl Iterator<Item = &Consentement> {
        self.consentements.iter().filter(|c| c.etat != EtatAccord::Donne)
    }

    fn participation(&self, og: Finess) -> Option<&Participation> {
        self.participations.iter().find(|p| p.og == og)
    }

    /// The ESSMS of the grappe that this OG manages.
    pub fn lignes_de(&self, atelier: &Atelier<'_>, og: Finess) -> Vec<LigneAccord> {
        let numeros = atelier.essms_de(og).into_iter();
        numeros.map(|n| self.ligne(atelier, og, n)).collect()
    }

    fn ligne(&self, atelier: &Atelier<'_>, og: Finess, finess: Finess) -> LigneAccord {
        let donne = self.consentements.iter().find(|c| {
            c.finess == finess
                && c.og == og
                && c.etat == EtatAccord::Donne
                && atelier.contexte.accords.contains(&finess)
        });
        let participation = self.participation(og);
        let (etat, ton) = match (donne, participation.map(|p| p.etat)) {
            (Some(_), _) => (EtatAccord::Donne.libelle(), Ton::Succes),
            (None, Some(EtatParticipation::Acceptee)) => ("Accord attendu", Ton::EnCours),
            (None, Some(EtatParticipation::Invitee)) => ("Attend sa réponse à l’invitation", Ton::EnCours),
            (None, _) => ("À demander", Ton::Alerte),
        };
        let depuis = match (donne, self.depuis.get(&finess)) {
            (Some(c), _) => format!("le {}, par {}", instant(c.repondu_le), c.repondu_par),
            (None, Some(depuis)) => match participation.and_then(|p| demande_le(p, *depuis)) {
                Some(demande) => format!("demandé le {}", instant(demande)),
                None => format!("dans la grappe depuis le {}", instant(*depuis)),
            },
            (None, None) => String::new(),
        };
        LigneAccord {
            finess: finess.to_string(),
            nom: atelier
                .contexte
                .registre
                .get(&finess)
                .map(|c| c.nom.clone())
                .unwrap_or_default(),
            etat: Etiquette::nouvelle(etat, ton),
            depuis,
            motif: String::new(),
            donne: donne.is_some(),
        }
    }
}

/// When an OG was asked for an ESSMS in the grappe since `depuis`: by its invitation or, of one that came later, by what it saw as
/// it accepted, then by a mail. None while it was not.
fn demande_le(p: &Participation, depuis: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match p.etat {
        EtatParticipation::Invitee | EtatParticipation::Acceptee if depuis <= p.invitee_le => Some(p.invitee_le),
        EtatParticipation::Acceptee => Some(p.repondue_le.map_or(depuis, |repondue| depuis.max(repondue))),
        EtatParticipation::Invitee | EtatParticipation::Refusee | EtatParticipation::Retiree => None,
    }
}

/// When an OG was last asked, and whether it may be asked again.
pub fn relance_possible(p: &Participation, maintenant: DateTime<Utc>) -> bool {
    maintenant >= p.relancee_le + PAUSE
}

/// Each OG of the grappe beside the porteur.
pub fn organismes(atelier: &Atelier<'_>, matiere: &Matiere, compte: &Compte) -> Vec<VueOrganisme> {
    let modifiable = atelier.modifiable(compte);
    let vue = |og: &Finess| {
        let participation = matiere.participation(*og);
        let essms = matiere.lignes_de(atelier, *og);
        let vivante = participation
            .filter(|p| matches!(p.etat, EtatParticipation::Invitee | EtatParticipation::Acceptee))
            .filter(|_| modifiable);
        let attendu = vivante.is_some_and(|p| p.etat == EtatParticipation::Invitee) || essms.iter().any(|l| !l.donne);
        let ici = chemins::accords(atelier.dossier.id);
        let adresse = chemins::avec_parametres(&ici, &[("og", og.as_str())]);
        VueOrganisme {
            finess: og.to_string(),
            id: format!("og-{og}"),
            legende: format!("Accords de {}", matiere.nom(atelier, *og)),
            moi: compte.og() == Some(*og),
            attend: attendu,
            nom: matiere.nom(atelier, *og),
            etat: etat(participation, atelier.instant),
            details: participation
                .map(|p| details(p, confidences(atelier, compte, *og)).join("\u{a0}; "))
                .unwrap_or_default(),
            inviter: (modifiable && vivante.is_none()).then(|| format!("{adresse}#inviter")),
            suivre: vivante.map(|_| chemins::accords_suivre(atelier.dossier.id, *og)),
            relancer: attendu && vivante.is_some_and(|p| relance_possible(p, atelier.instant)),
            retirer: match vivante.map(|p| p.etat) {
                Some(EtatParticipation::Acceptee) => "Retirer de la grappe",
                _ => "Annuler l’invitation",
            },
            essms,
        }
    };
    matiere.ogs.iter().map(vue).collect()
}

fn etat(participation: Option<&Participation>, maintenant: DateTime<Utc>) -> Etiquette {
    let Some(p) = participation else {
        return Etiquette::nouvelle("À inviter", Ton::Alerte);
    };
    let ton = match p.etat {
        EtatParticipation::Invitee if p.expire_le <= maintenant => {
            return Etiquette::nouvelle("Invitation expirée", Ton::Bloquant);
        }
        EtatParticipation::Invitee => Ton::EnCours,
        EtatParticipation::Acceptee => Ton::Succes,
        EtatParticipation::Refusee => Ton::Bloquant,
        EtatParticipation::Retiree => Ton::Neutre,
    };
    Etiquette::nouvelle(p.etat.libelle(), ton)
}

/// Whether the account reads where this OG was written to, and why it left: the porteur, and the OG itself.
fn confidences(atelier: &Atelier<'_>, compte: &Compte, og: Finess) -> bool {
    atelier.porte(compte) || compte.og() == Some(og)
}

fn details(p: &Participation, confidences: bool) -> Vec<String> {
    let mut details = vec![format!("Invité le {}", instant(p.invitee_le))];
    if p.etat == EtatParticipation::Invitee {
        details.push(format!("peut répondre jusqu’au {}", instant(p.expire_le)));
    }
    let envoyee = p
        .courriel
        .as_ref()
        .filter(|_| confidences && p.etat == EtatParticipation::Invitee);
    if let Some(adresse) = envoyee {
        details.push(format!("invitation envoyée aussi à {adresse}"));
    }
    if let Some(quand) = p.repondue_le {
        let verbe = match p.etat {
            EtatParticipation::Refusee => "a refusé",
            EtatParticipation::Retiree => "n’y est plus depuis",
            EtatParticipation::Invitee | EtatParticipation::Acceptee => "a accepté",
        };
        details.push(format!("{verbe} le {}", instant(quand)));
    }
    if confidences && !p.motif.is_empty() {
        details.push(format!("motif\u{a0}: {}", p.motif));
    }
    if p.relancee_le > p.invitee_le {
        details.push(format!("dernière relance le {}", instant(p.relancee_le)));
    }
    details
}

/// The ESSMS that went out because their OG refused, to be replaced.
pub fn partis(atelier: &Atelier<'_>, matiere: &Matiere, compte: &Compte) -> Vec<LigneAccord> {
    let presents = atelier.dossier.numeros();
    let ligne = |c: &Consentement| {
        let connu = matiere.partis.iter().find(|e| e.finess == c.finess);
        LigneAccord {
            finess: c.finess.to_string(),
            nom: connu.map(|e| e.nom.clone()).unwrap_or_default(),
            etat: Etiquette::nouvelle(c.etat.libelle(), Ton::Bloquant),
            depuis: format!("le {}, par {}", instant(c.repondu_le), c.repondu_par),
            motif: if confidences(atelier, compte, c.og) {
                c.motif.clone()
            } else {
                String::new()
            },
            donne: false,
        }
    };
    let refuses = matiere.refuses().filter(|c| !presents.contains(&c.finess));
    refuses.map(ligne).collect()
}
